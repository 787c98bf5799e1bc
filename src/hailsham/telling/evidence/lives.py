"""The lives of a run, as the evidence reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from hailsham.lives.codes import Event
from hailsham.lives.store import StoredRun


@dataclass(frozen=True)
class Lives:
    """Everybody raised for the Programme in a run, and what was taken from them.

    ``people`` and ``organs`` have the columns of the run's tables of the same
    names; beside them stand ``first_operation`` and ``couple_from`` (with the
    last partner) [years AD], and ``chances_taken``, which are read off the
    events. Replicates are told apart
    by their number, and so are runs that were put together. ``elsewhere`` are
    people of another run, raised in other houses, where this one has none.
    """

    people: pl.DataFrame
    organs: pl.DataFrame
    elsewhere: pl.DataFrame | None = None

    @cached_property
    def died(self) -> pl.DataFrame:
        """Those whose life has ended, so that all of it is known."""
        return self.people.filter(pl.col("status") == "died")

    @cached_property
    def of_both_kinds(self) -> pl.DataFrame:
        """Those who have died, of Hailsham and of other houses."""
        if self.elsewhere is None:
            return self.died
        apart = self.elsewhere.with_columns(pl.col("replicate") + _APART)
        return pl.concat([self.died, apart.filter(pl.col("status") == "died")])

    def has(self, column: str) -> bool:
        """Return whether a run simulates a column of people or organs: not where all are null."""
        table = self.people if column in self.people.columns else self.organs
        return column in table.columns and table[column].count() > 0

    @property
    def n_lives(self) -> int:
        """How many lives there are."""
        return self.people.height


def read_lives(*runs: StoredRun, elsewhere: StoredRun | None = None) -> Lives:
    """Return the clones of one run, or of several put together.

    Args:
        *runs: Runs of one question.
        elsewhere: A run of other houses beside them.
    """
    others = None if elsewhere is None else read_lives(elsewhere).people
    people, organs, n_replicates = [], [], 0
    for run in runs:
        shift = pl.col("replicate") + n_replicates
        clones = run.scan("people").filter(pl.col("kind") == "clone")
        told = clones.join(_from_events(run), on=_WHO, how="left").sort(_WHO)
        people.append(told.with_columns(shift).collect())
        taken = run.scan("organs").select("replicate", "donor", "organ", "step")
        organs.append(taken.with_columns(shift).collect())
        n_replicates += run.manifest.replicates
    return Lives(pl.concat(people), pl.concat(organs), others)


_WHO = ["replicate", "person"]
#: Added to the replicates of other houses, so that no pod of theirs is taken for one of these.
_APART = 1_000_000


def _from_events(run: StoredRun) -> pl.LazyFrame:
    """Return what the targets ask of each life that only the events tell."""
    event = pl.col("event")
    is_first = (event == int(Event.OPERATED)) & (pl.col("detail") == 1)
    is_chance, is_couple = event == int(Event.TOOK_CHANCE), event == int(Event.BECAME_COUPLE)
    return (
        run.scan("events")
        .filter(is_first | is_chance | is_couple)
        .group_by(_WHO)
        .agg(
            first_operation=pl.col("time").filter(is_first).min(),
            couple_from=pl.col("time").filter(is_couple).max(),
            chances_taken=is_chance.sum().cast(pl.Int32),
        )
    )
