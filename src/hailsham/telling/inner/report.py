"""The page of a run of the Programme alone: what was known, felt, lost and let go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from hailsham.lives.store import StoredRun
from hailsham.telling.biography import choose_lives, tell_lives
from hailsham.telling.figures import NO_VALUE, count
from hailsham.telling.figures_programme import plot_ages, plot_operations
from hailsham.telling.inner.figures import (
    plot_endings,
    plot_knowing,
    plot_lengths,
    plot_losses,
    plot_stages,
    plot_ways,
)
from hailsham.telling.inner.ordinary import ALIKE, Panel, compare_lives
from hailsham.telling.inner.summary import InnerSummary, summarise_inner
from hailsham.telling.page import ENVIRONMENT, N_LIVES, Chapter, figures_of, put_in, shown

CHAPTERS = (
    Chapter(
        "knowing",
        "Knowing and feeling",
        "A child is told and not told. To know that one will die is one thing; to feel it comes "
        "later, if at all.",
        (plot_knowing, plot_stages),
    ),
    Chapter(
        "losing",
        "Losses, and letting go",
        "What is lost is not yet let go; what is felt and not let go hurts.",
        (plot_losses, plot_ways),
    ),
    Chapter(
        "ending",
        "How lives end",
        "Integrity is to be at one with the life that has been. It justifies nothing that was done "
        "to it.",
        (plot_endings, plot_operations),
    ),
    Chapter(
        "stations",
        "The way through the Programme",
        "Children are raised in houses, leave for the Cottages at sixteen, look after others as "
        "“carers”, are called up, and “donate” until they die.",
        (plot_ages, plot_lengths),
    ),
)
#: The kinds of column that a mean says something of.
_NUMBERS = ("float32", "float64", "int16", "int32")


def compose_inner_report(run: StoredRun) -> str:
    """Return the report of a run of the Programme alone as one page of HTML."""
    summary = summarise_inner(run)
    panels = compare_lives(run)
    steps = [panel.compressibility for panel in panels]
    nearest = min(steps, key=lambda step: abs(step - summary.compressibility), default=None)
    lives = choose_lives(run, n=N_LIVES, seed=run.manifest.seed)
    return ENVIRONMENT.get_template("alone.html.j2").render(
        **put_in(run),
        happened=list(_happened(summary)),
        reading=summary.reading,
        n_lives=summary.lives // run.manifest.replicates,
        chapters=[(chapter, figures_of(chapter, run=run)) for chapter in CHAPTERS],
        panels=[_panel(panel) for panel in panels],
        chosen=nearest,
        n_beside=_n_beside(run),
        alike=f"{ALIKE:g}",
        measured=list(_measured(run)),
        lives=tell_lives(run, lives),
    )


def _happened(summary: InnerSummary) -> Iterator[str]:
    """Say what a reader wants first."""
    first, last = summary.born
    yield (
        f"{count(summary.lives)} children, born {first} to {last}, were raised for their organs "
        "and followed from birth to the end."
    )
    yield (
        f"They worked as “carers” for {summary.years_at_work:.1f} years on average and were "
        f"“donors” for {summary.years_as_donor:.1f}; they died at {summary.age_at_the_end:.1f}."
    )
    yield (
        f"At 15 they knew {summary.knowledge_15:.2f} of what was to come, on average, where 1 is "
        f"everything, and felt {summary.awareness_15:.3f} of it."
    )
    if summary.crisis_age is not None:
        yield (
            f"Half of those who came to feel more than half of it did so by the age of "
            f"{summary.crisis_age:.1f}; {100 * summary.never_crossed:.0f} in 100 never did."
        )
    yield (
        f"They met {summary.lost:.1f} losses on average and let {summary.let_go:.1f} of them go."
    )
    yield (
        f"At the end their integrity was {summary.integrity:.3f} on average, and their despair "
        f"{summary.despair:.3f}, each from 0 to 1."
    )
    yield (
        f"{100 * summary.applied:.0f} in 100 applied for a deferral. {summary.granted} of these "
        "applications were granted."
    )


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "compressibility": panel.compressibility,
        "label": panel.label,
        "finding": panel.finding,
        "rows": panel.rows,
        "figure": shown(panel.figure),
    }


def _n_beside(run: StoredRun) -> int:
    found = run.scan("beside").select(pl.col("lives").max()).collect().item()
    return int(found or 0)


def _measured(run: StoredRun) -> Iterator[dict[str, Any]]:
    """Yield each column of the inner life with its mean and quarters."""
    columns = [
        column
        for column in run.dictionary["tables"]["people"]["columns"]
        if column.get("is_inner") and column["type"] in _NUMBERS
    ]
    people = run.scan("people").select(column["name"] for column in columns).collect()
    for column in columns:
        values = people[column["name"]].drop_nulls()
        yield {
            "column": column["name"],
            "lives": values.len(),
            "mean": values.mean(),
            "lower": values.quantile(0.25),
            "median": values.median(),
            "upper": values.quantile(0.75),
            "meaning": column["meaning"],
            "unit": column.get("unit", ""),
        }


def _measure(value: float | None) -> str:
    return NO_VALUE if value is None else f"{value:,.2f}"


ENVIRONMENT.filters["measure"] = _measure
