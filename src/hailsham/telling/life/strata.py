"""Kinds of life: by which lives are chosen for a page, and told how common they are.

A stratum is a condition on the people of a run. A life may stand in several.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hailsham.lives.codes import Event
from hailsham.lives.store import StoredRun
from hailsham.telling.life.prose import PRONOUNS, number, span

#: Lives of this length past the untreated end count as long. [years]
_LONG_AFTER = 5.0
#: The age from which an untouched life is a long one. [years]
_OLD = 65.0
#: The share of carers who count as called up early, or late.
_TAIL = 0.05
CALLED_UP_EARLY = "called up early"

_PEOPLE = {"clone": "children raised for their organs", "public": "members of the public"}

_age = pl.col("ended") - pl.col("born")
_died = pl.col("status") == "died"
_clone = pl.col("kind") == "clone"
_public = pl.col("kind") == "public"
_tenure_of_clones = pl.col("tenure").filter(_clone)


@dataclass(frozen=True)
class Stratum:
    """A kind of life: its name, the words for what those people did, and the condition.

    ``{tenure}`` in the words stands for the time at work of whoever of them is
    nearest to everybody else. A kind that rests on a stand-in has no words: such
    a life may be chosen for a page, but how common it is would say nothing.
    """

    name: str
    what_they_did: str
    where: pl.Expr


def _died_at(operation: int, word: str) -> Stratum:
    return Stratum(
        f"died at the {word} operation",
        f"died at the {word} operation",
        _clone & (pl.col("completed_at_donation") == operation),
    )


#: In the order in which a page of lives takes one of each.
STRATA: tuple[Stratum, ...] = (
    Stratum(
        "worked longest",
        "worked as “carers” for {tenure} or longer",
        _clone & (pl.col("tenure") >= _tenure_of_clones.quantile(1 - _TAIL, "nearest")),
    ),
    _died_at(4, "fourth"),
    Stratum(
        "given an organ, lived long",
        "were given an organ and lived five years or more beyond the untreated end",
        _public & (pl.col("transplants") > 0) & (pl.col("years_gained") >= _LONG_AFTER),
    ),
    Stratum(
        "died waiting",
        "died on the waiting list and had never been given an organ",
        _public & _died & pl.col("listed").is_not_null() & (pl.col("transplants") == 0)
        & ~pl.col("removed"),
    ),
    _died_at(3, "third"),
    Stratum(
        CALLED_UP_EARLY,
        "were called up after {tenure} as “carers”, or sooner",
        _clone & (pl.col("tenure") <= _tenure_of_clones.quantile(_TAIL, "nearest")),
    ),
    Stratum(
        "lost the organ",
        "were given an organ and lost it again",
        _public & pl.col("graft_failed"),
    ),
    Stratum(
        "applied for a deferral",
        "",
        _clone & pl.col("applied").is_not_null(),
    ),
    Stratum(
        "died old, never on the list",
        "died at 65 or older and never came near the list",
        _public & _died & (_age >= _OLD) & pl.col("listed").is_null() & ~pl.col("organ_failed"),
    ),
    _died_at(1, "first"),
    Stratum(
        "moved from one house to another",
        "were moved to another house",
        _clone & pl.col("moved"),
    ),
    _died_at(2, "second"),
    Stratum(
        "died as an infant",
        "died before the first birthday",
        _public & _died & (_age < 1),
    ),
    Stratum(
        "taken off the list",
        "were taken off the waiting list alive",
        _public & pl.col("removed"),
    ),
    Stratum(
        "an organ failed, never listed",
        "had an organ fail and were never put on the list",
        _public & pl.col("organ_failed") & pl.col("listed").is_null(),
    ),
    Stratum(
        "died before old age",
        "died between 1 and 64 without coming near the list",
        _public & _died & _age.is_between(1, _OLD, closed="left")
        & pl.col("listed").is_null() & ~pl.col("organ_failed"),
    ),
    Stratum(
        "left England",
        "left England",
        _public & (pl.col("status") == "left"),
    ),
    Stratum(
        "died at no operation",
        "died otherwise than at an operation",
        _clone & _died & pl.col("completed_at_donation").is_null(),
    ),
    Stratum(
        "at peace, aware of the end",
        "were aware of the end, and at peace",
        _clone & pl.col("peaceful"),
    ),
    Stratum(
        "never felt it",
        "never came to feel more than half of what was to come",
        _clone & pl.col("integrity").is_not_null() & pl.col("crisis_age").is_null(),
    ),
    Stratum(
        "in despair",
        "ended in despair, and without integrity",
        _clone & (pl.col("integrity_status") == "despairing"),
    ),
    Stratum(
        "hoped to the end",
        "hoped for a deferral to the end",
        _clone & pl.col("hope_end"),
    ),
    Stratum("alive", "were alive when the run ends", pl.col("status") == "alive"),
    Stratum(
        "given an organ",
        "were given an organ",
        _public & (pl.col("transplants") > 0),
    ),
)  # fmt: skip

_FLAGS = {
    "removed": Event.REMOVED,
    "graft_failed": Event.GRAFT_FAILED,
    "organ_failed": Event.ORGAN_FAILED,
    "moved": Event.MOVED_HOUSE,
}


def kinds_of_life(run: StoredRun, *, replicate: int) -> pl.DataFrame:
    """Return who belongs to which stratum.

    Returns:
        One row a person in order of address, with the columns ``person``,
        ``kind``, ``sex``, ``tenure`` and one true-or-false column for each
        stratum, named by it.
    """
    of_replicate = pl.col("replicate") == replicate
    flags = (
        run.scan("events")
        .filter(of_replicate, pl.col("event").is_in([int(event) for event in _FLAGS.values()]))
        .group_by("person")
        .agg((pl.col("event") == int(event)).any().alias(name) for name, event in _FLAGS.items())
    )
    return (
        run.scan("people")
        .filter(of_replicate)
        .join(flags, on="person", how="left")
        .with_columns(pl.col(name).fill_null(value=False) for name in _FLAGS)
        .select(
            "person",
            "kind",
            "sex",
            "tenure",
            *(stratum.where.fill_null(value=False).alias(stratum.name) for stratum in STRATA),
        )
        .sort("person")
        .collect()
    )


def how_common(kinds: pl.DataFrame, *, person: int) -> list[str]:
    """Return sentences that say how many lives of the run were of this one's kinds.

    Args:
        kinds: As made by ``kinds_of_life``.
        person: Whose life; must be in it.
    """
    own = kinds.row(by_predicate=pl.col("person") == person, named=True)
    alike = kinds.filter(pl.col("kind") == own["kind"])
    if alike.height == 1:
        return [f"This run holds no other of the {_PEOPLE[own['kind']]}."]
    they = PRONOUNS[own["sex"]].they
    ours = [stratum for stratum in STRATA if own[stratum.name] and stratum.what_they_did]
    starts = (
        f"Of the {number(alike.height)} {_PEOPLE[own['kind']]} whose lives this run keeps,",
        f"Of the same {number(alike.height)},",
    )
    return [
        f"{start} {_shared(stratum, of=alike.filter(stratum.name), they=they)}."
        for start, stratum in zip(starts, ours, strict=False)
    ]


def _shared(stratum: Stratum, *, of: pl.DataFrame, they: str) -> str:
    """Return how many did the same as this person did."""
    tenures = of["tenure"].drop_nulls().to_list()
    nearest = (max if stratum.name == CALLED_UP_EARLY else min)(tenures, default=0.0)
    did = stratum.what_they_did.format(tenure=span(nearest))
    if of.height == 1:
        return f"{they} alone {did.replace('were ', 'was ', 1).replace('“carers”', 'a “carer”')}"
    return f"{number(of.height)} {did}, {they} among them"
