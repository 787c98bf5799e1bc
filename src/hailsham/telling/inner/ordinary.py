"""Ordinary lives beside the clones': where the one stands for the other, and where not.

The same equations are lived uncompressed, and lived compressed with more or
less of the pace counting as development. The reader moves that assumption by
choosing a panel; nothing is computed when it is moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import altair as alt
import polars as pl

from hailsham.lives.store import StoredRun
from hailsham.telling.figures import BLUE, BRICK, Figure, draw, first_replicate, palette

#: [spreads of ordinary lives] Nearer than this counts as alike: what is called a small effect.
ALIKE = 0.2
ORDINARY, CLONES = "ordinary", "clones"
_NAMES = {ORDINARY: "ordinary people", CLONES: "clones"}
#: What is compared, in the order of the table: quantity of the run, and its words.
_COMPARED = {
    "integrity": "integrity at the end",
    "despair": "despair at the end",
    "awareness_end": "felt of the end, at the end",
    "crisis_developmental_age": "developmental age at which more than half is felt",
    "consolation": "consolation from memory",
    "share_let_go": "share of losses let go",
    **{f"stage_{at}": f"stage {at} of 8, resolved" for at in range(1, 8)},
}
_SHARES = {
    "crossed": "come to feel more than half of it",
    "integrated": "end with integrity, and not in despair",
    "despairing": "end in despair, and without integrity",
    "peaceful": "end at peace, and aware of it",
}


@dataclass(frozen=True)
class Row:
    """A quantity of both: means with standard errors, and how far they are apart."""

    what: str
    clones: str
    ordinary: str
    apart: float | None
    verdict: str


@dataclass(frozen=True)
class Panel:
    """One compressibility: what is found there, its rows and its figure."""

    compressibility: float
    label: str
    finding: str
    rows: tuple[Row, ...]
    figure: Figure


def compare_lives(run: StoredRun) -> list[Panel]:
    """Return a panel for each compressibility that the run holds; none, if it holds no others.

    Args:
        run: A finished run of the Programme alone.
    """
    beside = first_replicate(run, table="beside").collect()
    steps = beside["compressibility"].drop_nulls().unique().sort().to_list()
    ordinary = beside.filter(pl.col("people") == ORDINARY)
    return [
        _panel(step, beside.filter(pl.col("compressibility") == step), ordinary) for step in steps
    ]


def _panel(step: float, clones: pl.DataFrame, ordinary: pl.DataFrame) -> Panel:
    rows = tuple(_rows(clones, ordinary))
    return Panel(step, f"{step:g}", _finding(rows), rows, _figure(step, clones, ordinary))


def _rows(clones: pl.DataFrame, ordinary: pl.DataFrame) -> Iterator[Row]:
    ours, theirs = (_whole_lives(frame) for frame in (clones, ordinary))
    for quantity, words in _COMPARED.items():
        mine, other = ours.get(quantity), theirs.get(quantity)
        if mine is None or other is None:
            continue
        apart = (mine["mean"] - other["mean"]) / other["spread"] if other["spread"] else 0.0
        verdict = "alike" if abs(apart) < ALIKE else "apart"
        yield Row(words, _measured(mine), _measured(other), apart, verdict)
    for quantity, words in _SHARES.items():
        if quantity in ours and quantity in theirs:
            yield Row(words, _measured(ours[quantity]), _measured(theirs[quantity]), None, "")


def _whole_lives(frame: pl.DataFrame) -> dict[str, dict[str, float]]:
    whole = frame.filter(pl.col("developmental_age").is_null())
    return {str(row["quantity"]): row for row in whole.iter_rows(named=True)}


def _measured(row: dict[str, float]) -> str:
    return f"{row['mean']:.3f} ± {row['standard_error']:.3f}"


def _finding(rows: tuple[Row, ...]) -> str:
    """Say where clones stand for ordinary people, and where they do not."""
    named = {verdict: [row.what for row in rows if row.verdict == verdict]
             for verdict in ("alike", "apart")}  # fmt: skip
    integrity = next((row for row in rows if row.what == _COMPARED["integrity"]), None)
    said = []
    if integrity is not None:
        said.append(
            f"Integrity at the end is {integrity.clones} among the clones and "
            f"{integrity.ordinary} among ordinary people."
        )
    total = len(named["alike"]) + len(named["apart"])
    said.append(
        f"In {len(named['alike'])} of the {total} measures below they stand for ordinary people, "
        f"nearer than {ALIKE:g} of the ordinary spread"
        + (f"; not in {', '.join(named['apart'])}." if named["apart"] else ".")
    )
    return " ".join(said)


def _figure(step: float, clones: pl.DataFrame, ordinary: pl.DataFrame) -> Figure:
    """Draw felt awareness over developmental age, of both."""
    name = f"ordinary-{round(100 * step)}"
    title = f"Felt awareness by developmental age, at compressibility {step:g}"
    felt = (pl.col("quantity") == "felt") & pl.col("developmental_age").is_not_null()
    long = pl.concat(
        frame.filter(felt).select("developmental_age", "mean", series=pl.lit(_NAMES[people]))
        for people, frame in ((CLONES, clones), (ORDINARY, ordinary))
    )
    chart = (
        alt.Chart(long)
        .mark_line()
        .encode(
            alt.X("developmental_age:Q", title="developmental age", axis=alt.Axis(grid=False)),
            alt.Y("mean:Q", title="felt, mean", scale=alt.Scale(domain=[0, 1])),
            palette({_NAMES[CLONES]: BRICK, _NAMES[ORDINARY]: BLUE}, symbol="stroke"),
            alt.StrokeDash("series:N", legend=None),
        )
    )
    table = long.pivot("series", index="developmental_age", values="mean").sort("developmental_age")
    table = table.rename({"developmental_age": "developmental age"})
    text = (
        "Developmental age runs from 0 to 80 in both. Where the lines lie on each other, a "
        "condensed life comes to feel its end as an ordinary one does, only sooner."
    )
    units = dict.fromkeys(table.columns, "0 to 1") | {"developmental age": "developmental years"}
    return Figure(name, title, text, draw(chart, name=name, title=title), table, units)
