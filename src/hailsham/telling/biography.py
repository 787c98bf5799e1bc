"""A life, told in plain sentences; and which lives to tell.

A life is told from what the run holds of it and from nothing else. What was
drawn by a stand-in is said to be one; what is not modelled yet is not told.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from textwrap import fill
from typing import Any

import polars as pl

from hailsham.errors import AskerError, Fault
from hailsham.lives.store import StoredRun
from hailsham.telling.life.alone import alone_paragraphs
from hailsham.telling.life.clone import clone_figures, clone_in_a_line, clone_paragraphs
from hailsham.telling.life.inner import WEAK_TITLE, inner_figures
from hailsham.telling.life.prose import opened
from hailsham.telling.life.public import (
    public_figures,
    public_heading,
    public_in_a_line,
    public_paragraphs,
)
from hailsham.telling.life.record import Record, gather
from hailsham.telling.life.strata import STRATA, how_common, kinds_of_life
from hailsham.telling.words import A_NUMBER, NOT_CONNECTED, OPENING

WIDTH = 78
_NOTHING_TOLD = "No life was told."
#: A condition that holds one of these words asks for another table, or for a file.
_TABLE_WORDS = re.compile(r"\b(select|from|values)\b", re.IGNORECASE)
_UNKNOWN_COLUMN = re.compile(r'unable to find column "([^"]*)"')


@dataclass(frozen=True)
class Biography:
    """One life in words, and its figures."""

    person: int
    heading: str
    one_line: str
    paragraphs: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    weak: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return the life as a page of text, opening with the four lines of every page."""
        width = max(len(label) for label, _ in self.figures)
        figures = [f"  {label:<{width}}  {value:>15}" for label, value in self.figures]
        blocks = [
            *(_wrapped(line) for line in OPENING),
            f"{self.heading}\n{'-' * len(self.heading)}\n{_wrapped(self.one_line)}",
            *(_wrapped(paragraph) for paragraph in self.paragraphs),
            "\n".join([f"{opened(A_NUMBER)}:", *figures]),
            *(["\n".join([WEAK_TITLE, *map(_listed, self.weak)])] if self.weak else []),
            NOT_CONNECTED,
        ]
        return "\n\n".join(blocks) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """Return the life ready for JSON."""
        figures = [{"label": label, "value": value} for label, value in self.figures]
        return {
            "opening": list(OPENING),
            **asdict(self),
            "paragraphs": list(self.paragraphs),
            "figures": figures,
            "weak": list(self.weak),
        }


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_on_hyphens=False)


def _listed(text: str) -> str:
    return fill(text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def tell(run: StoredRun, person: int, *, replicate: int | None = None) -> Biography:
    """Tell one life.

    Args:
        run: A finished run.
        person: Address of the person.
        replicate: Which repetition of the run; left out, the first in which
            somebody has this address.

    Raises:
        RunFolderError: HS205, where nobody in the run has this address.
    """
    if replicate is None:
        here = run.scan("people").filter(pl.col("person") == person)
        replicate = here.select(pl.col("replicate").min()).collect().item()
    return tell_lives(run, [person], replicate=replicate or 0)[0]


def tell_lives(run: StoredRun, persons: Iterable[int], *, replicate: int = 0) -> list[Biography]:
    """Tell several lives of one run, counting the kinds of its lives only once.

    Args:
        run: A finished run.
        persons: Addresses, in the order in which the lives are told.
        replicate: Which repetition of the run.

    Raises:
        RunFolderError: HS205, where nobody in the run has one of these addresses.
    """
    records = [gather(run, person=person, replicate=replicate) for person in persons]
    kinds = kinds_of_life(run, replicate=replicate)
    return [_biography(record, kinds) for record in records]


def _biography(record: Record, kinds: pl.DataFrame) -> Biography:
    row = record.person
    paragraphs, one_line, figures = _told(record)
    common = " ".join(how_common(kinds, person=row["person"]))
    return Biography(
        person=row["person"],
        heading=row["name"] or public_heading(record),
        one_line=one_line,
        paragraphs=tuple(part for part in (*paragraphs, common, _unspoken(record)) if part),
        figures=(*figures, ("Address of this person", str(row["person"]))),
        weak=record.weak,
    )


def _told(record: Record) -> tuple[list[str], str, list[tuple[str, str]]]:
    """Return the paragraphs, the one line and the figures of a life, by whose it is."""
    if record.person["kind"] == "public":
        return public_paragraphs(record), public_in_a_line(record), public_figures(record)
    one_line = clone_in_a_line(record)
    if record.has_inner_life:
        return alone_paragraphs(record), one_line, inner_figures(record)
    return clone_paragraphs(record), one_line, clone_figures(record)


def _unspoken(record: Record) -> str:
    if record.person["kind"] == "public":
        return (
            "No inner life is modelled yet in this version, and the sources never show those to "
            "whom the organs went."
        )
    if record.has_inner_life:
        return ""
    return (
        f"What {record.pronouns.they} knew, felt and hoped is not told: the inner life is not "
        "modelled yet in this version."
    )


# ---------------------------------------------------------------- which lives


def choose_life(
    run: StoredRun, *, seed: int, where: str | None = None, replicate: int | None = None
) -> int:
    """Return the address of one life, drawn by the seed.

    Args:
        run: A finished run.
        seed: The same seed chooses the same life of the same run.
        where: A condition, as for ``choose_one``.
        replicate: Which repetition of the run; left out, any.

    Raises:
        AskerError: HS206 if the condition cannot be understood, HS205 if it
            is true of nobody.
    """
    return choose_one(run, seed=seed, where=where, replicate=replicate)[1]


def choose_one(
    run: StoredRun, *, seed: int, where: str | None = None, replicate: int | None = None
) -> tuple[int, int]:
    """Return the repetition and the address of one life, drawn by the seed.

    Args:
        run: A finished run.
        seed: The same seed chooses the same life of the same run.
        where: A condition in SQL on the columns of the table of people, like
            ``kind = 'clone' AND tenure > 5``; it may name no other table and
            no file. Left out, everybody may be chosen.
        replicate: Which repetition of the run; left out, any.

    Raises:
        AskerError: HS206 if the condition cannot be understood, HS205 if it
            is true of nobody.
    """
    people = run.scan("people")
    if replicate is not None:
        people = people.filter(pl.col("replicate") == replicate)
    if where is not None:
        people = people.filter(_condition(run, where))
    try:
        chosen = people.select("replicate", "person").collect().sort("replicate", "person")
    except pl.exceptions.PolarsError as error:
        raise _not_understood(run, where or "", str(error).splitlines()[0]) from error
    if chosen.is_empty():
        raise _true_of_nobody(run, where=where, replicate=replicate)
    row: tuple[int, int] = random.Random(f"{seed} life").choice(chosen.rows())
    return row


def _condition(run: StoredRun, where: str) -> pl.Expr:
    """Return a condition as an expression on one row of the table of people.

    A word that could name a table is refused before anything is parsed: while
    it parses, Polars opens whatever file a condition asks it to read.
    """
    if not where.strip():
        raise _not_understood(run, where, "there is no condition in it")
    if _TABLE_WORDS.search(where):
        what = "a condition looks at the columns of the table people, and at nothing else"
        raise _not_understood(run, where, what)
    try:
        condition = pl.sql_expr(where)
        kind = run.scan("people").select(condition.alias("condition")).collect_schema()
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        if "unable to parse" in reason:
            reason = "it cannot be read as a condition"
        raise _not_understood(run, where, reason) from error
    if kind["condition"] != pl.Boolean:
        raise _not_understood(run, where, "it is neither true nor false of a person")
    return condition


def _not_understood(run: StoredRun, where: str, reason: str) -> AskerError:
    unknown = _UNKNOWN_COLUMN.search(reason)
    got = unknown[1] if unknown else ""
    fault = Fault(
        "HS206",
        f"--where {where!r}",
        f"the table people has no column {got!r}." if unknown else f"{reason}.",
        known=tuple(run.scan("people").collect_schema().names()),
        got=got,
        remedy="Words stand in single quotation marks: kind = 'clone' AND donations = 3.",
    )
    return AskerError([fault], closing=_NOTHING_TOLD)


def _true_of_nobody(run: StoredRun, *, where: str | None, replicate: int | None) -> AskerError:
    here = "in this run" if replicate is None else f"in repetition {replicate} of this run"
    what = f"of nobody {here} is it true that {where}." if where else f"nobody is {here}."
    fault = Fault("HS205", str(run.path), what, remedy="Ask for something wider.")
    return AskerError([fault], closing=_NOTHING_TOLD)


def choose_lives(run: StoredRun, *, n: int = 12, seed: int, replicate: int = 0) -> list[int]:
    """Return the addresses of lives of different kinds, drawn by the seed.

    Of each kind of life in turn one is taken, and then again, until there are
    enough; a kind without anybody in it is passed over, and nobody comes twice.

    Args:
        run: A finished run.
        n: How many at most.
        seed: The same seed chooses the same lives of the same run.
        replicate: Which repetition of the run.
    """
    kinds = kinds_of_life(run, replicate=replicate)
    rows = []
    for stratum in STRATA:
        members = kinds.filter(pl.col(stratum.name))["person"].to_list()
        rows.append(random.Random(f"{seed} {stratum.name}").sample(members, min(n, len(members))))
    return _one_of_each_in_turn(rows, n=n)


def _one_of_each_in_turn(rows: Sequence[Sequence[int]], *, n: int) -> list[int]:
    chosen: list[int] = []
    waiting = [list(row) for row in rows]
    while len(chosen) < n and any(waiting):
        for row in waiting:
            while row and row[0] in chosen:
                row.pop(0)
            if row and len(chosen) < n:
                chosen.append(row.pop(0))
    return chosen
