"""What a reader wants first of a run whose children have an inner life, on one screen.

Of several repetitions everybody is taken together: a mean or a share means the
same however often a run was repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

import polars as pl

from hailsham.lives.codes import STYLES
from hailsham.lives.store import StoredRun
from hailsham.telling.inner.classes import CLASSES

WIDTH = 78
_LABEL = 40
#: The number that is called compressibility.
COMPRESSIBILITY = "development.clock.compressibility"


@dataclass(frozen=True)
class InnerSummary:
    """What happened in a run of the Programme alone: means, medians and shares of its lives.

    Ages and durations in years, shares from 0 to 1. What nobody had is None.
    """

    scenario: str
    title: str
    seed: int
    replicates: int
    reading: str
    compressibility: float
    lives: int
    born: tuple[int, int]
    years_at_work: float
    years_as_donor: float
    age_at_the_end: float
    died_at: dict[int, int]
    knowledge_15: float
    awareness_15: float
    awareness_end: float
    crisis_age: float | None
    never_crossed: float
    integrity: float
    despair: float
    classes: dict[str, float]
    lost: float
    let_go: float
    memories_own: float
    memories_borrowed: float
    memories_invented: float
    ways: dict[str, float]
    applied: float
    granted: int
    weak: str

    def as_dict(self) -> dict[str, Any]:
        """Return the summary ready for JSON."""
        return {**asdict(self), "born": list(self.born)}

    def lines(self) -> list[str]:
        """Return one screen of plain words: at most 24 lines of at most 78 characters."""
        return [*self._opening(), *self._stations(), *self._inside(), *wrap(self.weak, WIDTH)]

    def _opening(self) -> Iterator[str]:
        yield self.title[:WIDTH]
        repeated = f", {self.replicates} repetitions" if self.replicates > 1 else ""
        read = f"Read as {self.reading}, at compressibility {self.compressibility:g}"
        yield f"{read}, seed {self.seed}{repeated}"
        first, last = self.born
        yield _row("Lives, from birth to the end", f"{self.lives:,}", f"born {first} to {last}")

    def _stations(self) -> Iterator[str]:
        yield _row("Years at work as a “carer”, mean", f"{self.years_at_work:.2f}")
        yield _row("Years as a “donor”, mean", f"{self.years_as_donor:.2f}")
        yield _row("Age at the end, mean", f"{self.age_at_the_end:.2f}")
        counts = ", ".join(f"{n:,}" for n in self.died_at.values())
        yield f"  died at operation {', '.join(map(str, self.died_at))}: {counts}"

    def _inside(self) -> Iterator[str]:
        yield _row("Known at 15 of what was to come, 0 to 1", f"{self.knowledge_15:.2f}")
        yield _row("  felt of it at 15, and at the end", f"{self.awareness_15:.3f}",
                   f"{self.awareness_end:.2f}")  # fmt: skip
        age = "nobody" if self.crisis_age is None else f"{self.crisis_age:.1f}"
        yield _row("Age at which half of it is felt, median", age,
                   f"never by {_percent(self.never_crossed)}")  # fmt: skip
        yield _row("Losses met, mean", f"{self.lost:.1f}", f"{self.let_go:.1f} let go")
        memories = f"{self.memories_borrowed:.1f} borrowed, {self.memories_invented:.1f} invented"
        yield _row("Memories of their own, mean", f"{self.memories_own:.0f}", memories)
        yield _row("Integrity at the end, mean, 0 to 1", f"{self.integrity:.3f}")
        yield _row("Despair at the end, mean, 0 to 1", f"{self.despair:.3f}")
        shares = (f"{name} {_percent(share)}" for name, share in self.classes.items())
        yield from wrap(f"  {', '.join(shares)}", WIDTH, subsequent_indent="  ")
        ways = (f"{name} {_percent(share)}" for name, share in self.ways.items())
        yield from wrap(f"Ways of preparing: {', '.join(ways)}", WIDTH, subsequent_indent="  ")
        yield _row("Applied for a deferral", _percent(self.applied), f"{self.granted} granted")


def _row(label: str, value: str, note: str = "") -> str:
    return f"{label:<{_LABEL}}{value:>9}{'   ' if note else ''}{note}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def summarise_inner(run: StoredRun) -> InnerSummary:
    """Return what a reader wants to know first of a run of the Programme alone.

    Args:
        run: A finished run that holds the inner life.
    """
    manifest, people = run.manifest, run.scan("people")
    step = pl.col("completed_at_donation")
    means = ("knowledge_15", "awareness_15", "awareness_end", "integrity", "despair", "lost",
             "let_go", "memories_own", "memories_borrowed", "memories_invented")  # fmt: skip
    found, died_at = pl.collect_all(
        [
            people.select(
                *(pl.col(name).mean() for name in means),
                *(of_class.mean().alias(f"class {name}") for name, of_class in CLASSES.items()),
                *((pl.col("style") == name).mean().alias(f"way {name}") for name in STYLES),
                lives=pl.len(),
                first=pl.col("born").min().floor().cast(pl.Int64),
                last=pl.col("born").max().floor().cast(pl.Int64),
                years_at_work=pl.col("tenure").mean(),
                years_as_donor=(pl.col("ended") - pl.col("donor_from")).mean(),
                age_at_the_end=(pl.col("ended") - pl.col("born")).mean(),
                crisis_age=pl.col("crisis_age").median(),
                never_crossed=pl.col("crisis_age").is_null().mean(),
                applied=pl.col("applied").is_not_null().mean(),
                granted=(pl.col("applied").is_not_null() & pl.col("refused").is_null()).sum(),
            ),
            people.filter(step.is_not_null()).group_by(step).len().sort(step),
        ]
    )
    row = found.row(0, named=True)
    parameters = {each["key"]: each["value"] for each in run.dictionary["parameters"]}
    return InnerSummary(
        scenario=manifest.scenario,
        title=manifest.title,
        seed=manifest.seed,
        replicates=manifest.replicates,
        reading=run.dictionary["reading"],
        compressibility=parameters[COMPRESSIBILITY],
        born=(row.pop("first"), row.pop("last")),
        classes={name: row.pop(f"class {name}") for name in CLASSES},
        ways={name: row.pop(f"way {name}") for name in STYLES},
        died_at=dict(died_at.iter_rows()),
        weak=run.dictionary["weak"][0],
        **row,
    )
