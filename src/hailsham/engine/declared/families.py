"""Hazards as a modeller writes them: a family, and its numbers.

A hazard belongs to no clock until a transition gives it one. Its numbers are
data: another number is another argument of the same compiled model. Each
family names three functions of ``hailsham.engine`` (``..._hazard``,
``..._cumulative``, ``..._wait``), so that nothing is said twice.

Source:
    kleinmoeschberger2003, chapter 2, for the families.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.declared.tables import LexisRates, level_stairs
from hailsham.engine.families.tabulated import LinearStaircase, linear_hazard, tabulate_hazard

Number = float


@dataclass(frozen=True, kw_only=True)
class Hazard:
    """A family of hazards with its numbers."""

    kind: ClassVar[str] = ""
    #: Whether it is a date that is kept, which nothing can make more or less likely.
    is_appointment: ClassVar[bool] = False

    def numbers(self) -> dict[str, float]:
        """Return the numbers by name, in the order in which kernels take them."""
        return {
            one.name: float(getattr(self, one.name)) for one in fields(self) if one.metadata == {}
        }

    def table(self) -> LinearStaircase | LexisRates | None:
        """Return the table that kernels take instead of numbers."""
        return None

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return [
            f"{name} is {value!r}; it must be finite"
            for name, value in self.numbers().items()
            if not math.isfinite(value)
        ]

    def _positive(self, *names: str) -> list[str]:
        return [
            f"{name} is {getattr(self, name)!r}; it must be above 0"
            for name in names
            if not getattr(self, name) > 0.0
        ]

    def _not_negative(self, *names: str) -> list[str]:
        return [
            f"{name} is {getattr(self, name)!r}: a negative hazard"
            for name in names
            if getattr(self, name) < 0.0
        ]


@dataclass(frozen=True, kw_only=True)
class Exponential(Hazard):
    """A constant hazard.

    Args:
        rate: [per person-year] Not negative.
    """

    kind: ClassVar[str] = "exponential"
    rate: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._not_negative("rate")


@dataclass(frozen=True, kw_only=True)
class Gompertz(Hazard):
    """A hazard ``level * exp(slope * reading)``, of either sign of slope.

    Args:
        level: [per person-year] Hazard at reading 0, not negative.
        slope: [per year] Relative rise.
    """

    kind: ClassVar[str] = "gompertz"
    level: Number
    slope: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._not_negative("level")


@dataclass(frozen=True, kw_only=True)
class GompertzMakeham(Hazard):
    """A Gompertz hazard and a constant one together.

    Args:
        level: [per person-year] Gompertz hazard at reading 0, not negative.
        slope: [per year] Relative rise.
        constant: [per person-year] What does not depend on the clock, not negative.
    """

    kind: ClassVar[str] = "gompertz_makeham"
    level: Number
    slope: Number
    constant: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._not_negative("level", "constant")


@dataclass(frozen=True, kw_only=True)
class Weibull(Hazard):
    """A hazard ``shape / scale * (reading / scale)**(shape - 1)``.

    Args:
        shape: Positive; above 1 the hazard rises.
        scale: [years] Positive.
    """

    kind: ClassVar[str] = "weibull"
    shape: Number
    scale: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._positive("shape", "scale")


@dataclass(frozen=True, kw_only=True)
class LogLogistic(Hazard):
    """The hazard of a log-logistic wait.

    Args:
        shape: Positive; above 1 the hazard rises before it falls.
        scale: [years] Median wait, positive.
    """

    kind: ClassVar[str] = "log_logistic"
    shape: Number
    scale: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._positive("shape", "scale")


@dataclass(frozen=True, kw_only=True)
class LogNormal(Hazard):
    """The hazard of a log-normal wait.

    Args:
        median: [years] Median wait, positive.
        spread: Standard deviation of the logarithm of the wait, positive.
    """

    kind: ClassVar[str] = "log_normal"
    median: Number
    spread: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._positive("median", "spread")


@dataclass(frozen=True, kw_only=True)
class Gamma(Hazard):
    """The hazard of a gamma wait.

    Args:
        shape: Positive; a whole number counts exponential waits in a row.
        scale: [years] Mean wait over ``shape``, positive.
    """

    kind: ClassVar[str] = "gamma"
    shape: Number
    scale: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._positive("shape", "scale")


@dataclass(frozen=True, kw_only=True)
class At(Hazard):
    """An appointment: the transition happens when its clock shows a reading.

    One that lies behind when it is made is not kept.

    Args:
        reading: [years] When.
    """

    kind: ClassVar[str] = "appointment"
    is_appointment: ClassVar[bool] = True
    reading: Number


@dataclass(frozen=True, kw_only=True)
class Uniform(Hazard):
    """A drawn appointment: any reading between two is as likely as any other.

    Args:
        low: [years] Earliest reading.
        high: [years] Latest reading, above ``low``.
    """

    kind: ClassVar[str] = "uniform"
    low: Number
    high: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        wrong = super().faults()
        if not self.low < self.high:
            wrong.append(f"low is {self.low!r} and high is {self.high!r}; low must be below high")
        return wrong


@dataclass(frozen=True, kw_only=True, eq=False)
class Stairs(Hazard):
    """A hazard from a table: constant, or a straight line, between readings of its clock.

    Made by ``piecewise_constant``, ``piecewise_linear``, ``tabulated`` or
    ``from_life_table``.
    """

    kind: ClassVar[str] = "linear_staircase"
    stairs: LinearStaircase = field(metadata={"table": True})

    def table(self) -> LinearStaircase:
        """Return the table that kernels take."""
        return self.stairs

    def faults(self) -> list[str]:
        """Say what is wrong with the table."""
        wrong = []
        if np.any(np.diff(self.stairs.knots) <= 0.0) or not np.all(np.isfinite(self.stairs.knots)):
            wrong.append("the readings at which the stairs begin must rise")
        values = np.concatenate([self.stairs.starts, self.stairs.ends])
        if not np.all((values >= 0.0) & np.isfinite(values)):
            worst = values[~((values >= 0.0) & np.isfinite(values))][0]
            wrong.append(f"a rate is {float(worst)!r}; a hazard is finite and not negative")
        return wrong

    def __eq__(self, other: object) -> bool:
        """Tell whether another hazard is the same function of its clock."""
        return isinstance(other, Stairs) and np.array_equal(self.stairs.ramps, other.stairs.ramps)

    def __hash__(self) -> int:
        """Return a hash of the table."""
        return hash(self.stairs.ramps.tobytes())


@dataclass(frozen=True, kw_only=True, eq=False)
class Lexis(Hazard):
    """A hazard that is constant in each cell of calendar year by age band.

    It reads both clocks at once and so takes none of its own.

    Args:
        breaks: [years] Age at which each band begins, from 0, rising. Shape (a,).
        first_year: [years AD] First calendar year. It holds before, too.
        rates: [per person-year] Shape (years, a). The last year holds for
            ever after, the last band has no end.
    """

    kind: ClassVar[str] = "lexis"
    breaks: Sequence[float] = field(metadata={"table": True})
    first_year: int = field(metadata={"table": True})
    rates: Sequence[Sequence[float]] | NDArray[np.float64] = field(metadata={"table": True})

    def table(self) -> LexisRates:
        """Return the table that kernels take."""
        return LexisRates(
            np.ascontiguousarray(self.breaks, np.float64),
            np.array([self.first_year], np.int64),
            np.ascontiguousarray(self.rates, np.float64),
        )

    def faults(self) -> list[str]:
        """Say what is wrong with the table."""
        table = self.table()
        wrong = []
        if table.rates.ndim != 2 or table.rates.shape[1] != table.breaks.size:
            wrong.append(
                f"rates have the shape {table.rates.shape}, "
                f"but there are {table.breaks.size} age bands"
            )
        if table.breaks.size == 0 or table.breaks[0] != 0.0 or np.any(np.diff(table.breaks) <= 0.0):
            wrong.append("the age bands must begin at 0 and rise")
        if not np.all((table.rates >= 0.0) & np.isfinite(table.rates)):
            worst = table.rates[~((table.rates >= 0.0) & np.isfinite(table.rates))][0]
            wrong.append(f"a rate is {float(worst)!r}; a hazard is finite and not negative")
        return wrong

    def __eq__(self, other: object) -> bool:
        """Tell whether another hazard is the same table."""
        return isinstance(other, Lexis) and all(
            np.array_equal(mine, theirs)
            for mine, theirs in zip(self.table(), other.table(), strict=True)
        )

    def __hash__(self) -> int:
        """Return a hash of the table."""
        return hash(self.table().rates.tobytes())


@dataclass(frozen=True, kw_only=True)
class Thinned(Hazard):
    """Any function of the clock, drawn exactly by thinning under a bound.

    Candidates come at the rate of the bound; each is kept with the
    probability ``function(reading) / bound``, by a draw of its own.

    Args:
        function: Hazard [per person-year] at a reading of the clock; a plain
            ``def`` of one argument, compiled with the model.
        bound: [per person-year] At least the hazard, everywhere. A reading at
            which it is not stops the run.
    """

    kind: ClassVar[str] = "thinned"
    function: Callable[[float], float] = field(metadata={"function": True})
    bound: Number

    def faults(self) -> list[str]:
        """Say what is wrong with the numbers."""
        return super().faults() + self._positive("bound")


def piecewise_constant(breaks: Sequence[float], *, rates: Sequence[float]) -> Stairs:
    """Return a hazard that is constant between breaks of its clock.

    Args:
        breaks: [years] Reading at which each stair begins, rising. Shape (n,).
            Before the first one the first rate holds.
        rates: [per person-year] Rate on each stair, none below zero. Shape
            (n,). The last stair has no end.

    Raises:
        ValueError: If the breaks do not rise, or a rate is no hazard.
    """
    return Stairs(stairs=level_stairs(breaks, rates))


def piecewise_linear(
    knots: Sequence[float], *, values: Sequence[float], after: float | None = None
) -> Stairs:
    """Return a hazard that joins values at knots by straight lines.

    Args:
        knots: [years] Readings of the clock, rising.
        values: [per person-year] Hazard at each knot.
        after: [per person-year] Hazard after the last knot; by default its
            value there.

    Raises:
        ValueError: If the knots do not rise, or a value is no hazard.
    """
    return Stairs(stairs=linear_hazard(knots, values=values, after=after))


def tabulated(
    function: Callable[[float], float],
    *,
    start: float,
    stop: float,
    tolerance: float = 1e-8,
    breaks: Sequence[float] = (),
    after: float | None = None,
) -> Stairs:
    """Return any Python function of the clock as a hazard, tabulated once.

    Args:
        function: Hazard [per person-year] at a reading; called in Python only.
        start: [years] First reading of the table.
        stop: [years] Last reading.
        tolerance: [cumulative hazard] What the table may be off, anywhere.
        breaks: [years] Readings at which the hazard jumps or bends.
        after: [per person-year] Hazard after ``stop``; by default its last value.

    Raises:
        ValueError: If a value is no hazard, or the tolerance cannot be met.
    """
    return Stairs(
        stairs=tabulate_hazard(
            function, start=start, stop=stop, tolerance=tolerance, breaks=breaks, after=after
        )
    )


def from_life_table(
    path: str | Path, *, age: str = "age", rate: str = "mx", risk: str = "qx"
) -> Stairs:
    """Return the hazard of a life table in a CSV file, in one line.

    A column of central death rates is taken as it is; where there is none, a
    column of probabilities of death is turned into rates that give the same
    survival. Bands are as wide as the ages in the file say; the last has no
    end. Ages may be written as bands: ``1-4`` begins at 1, ``110+`` at 110.

    Args:
        path: A CSV file with a heading.
        age: Column of the age at which each band begins.
        rate: Column of rates [per person-year], if there is one.
        risk: Column of probabilities of dying in the band, else. In the last
            band, 1 is what must come, and the rate before it goes on.

    Raises:
        ValueError: If neither column is there, or a value is none; the
            message names the line.
    """
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    known = list(rows[0]) if rows else []
    if age not in known or (rate not in known and risk not in known):
        raise ValueError(
            f"{path} needs the columns {age!r} and {rate!r} or {risk!r}; it has {known}"
        )
    ages = _column(path, rows, age)
    if rate in known:
        return piecewise_constant(ages, rates=_column(path, rows, rate))
    return piecewise_constant(ages, rates=_rates_of_risks(ages, _column(path, rows, risk)))


def _column(path: str | Path, rows: Sequence[Mapping[str, str]], name: str) -> list[float]:
    """Return the numbers of a column; of a band of ages, where it begins."""
    found = []
    for line, row in enumerate(rows, start=2):
        told = row[name] or ""
        number = re.match(r"\s*(\d+)\s*(\+|-\s*\d+)\s*$", told)
        try:
            found.append(float(number[1] if number else told))
        except ValueError:
            raise ValueError(f"{path}, line {line}: {name} is {told!r}, no number") from None
    return found


def _rates_of_risks(ages: Sequence[float], risks: Sequence[float]) -> list[float]:
    """Return constant rates under which bands are survived with the same probabilities."""
    certain = next((place for place, q in enumerate(risks) if not 0.0 <= q < 1.0), None)
    is_last = certain == len(risks) - 1 and risks[-1] == 1.0 and certain > 0
    if (certain is not None and not is_last) or len(risks) < 2:
        at = 0 if certain is None else certain
        raise ValueError(
            f"the probability of dying from {ages[at]:g} on is {risks[at]!r}; it must be "
            "at least 0 and below 1, but for the last of several bands"
        )
    widths = [stop - start for start, stop in pairwise(ages)]
    widths.append(widths[-1])
    rates = [-math.log1p(-q) / width for q, width in zip(risks, widths, strict=True) if q < 1.0]
    return rates + rates[-1:] * is_last
