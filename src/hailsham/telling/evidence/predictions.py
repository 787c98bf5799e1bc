"""What one reading predicts, and which facts its lives fit, one by one.

There is no sum of the scores and no order of the readings: what a sum would
say depends on which facts happen to be told twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hailsham.telling.evidence import measures
from hailsham.telling.evidence.estimates import Estimate, mean_of
from hailsham.telling.evidence.lives import Lives
from hailsham.telling.evidence.rows import Finding, find
from hailsham.telling.evidence.targets import TARGETS, Part

Fit = Literal["fits", "does not fit", "cannot tell"]

#: An account of accepting asks for so much awareness, and for so much let go. [0 to 1]
ACCEPTING = 0.5
#: Integrity below and despair above this are the despairing of the four classes. [0 to 1]
DESPAIRING = 0.5
#: A fact that no life shows is given this chance, so that its score is a number.
_LEAST_CHANCE = 1e-6
_FIFTH_STAGE = (pl.col("stage_5") - 1) / 4


@dataclass(frozen=True)
class Quantity:
    """A column of the table of predictions: its name, its unit, and what the texts say of it."""

    name: str
    unit: str
    texts_say: str
    measure: Callable[[Lives], Estimate]


@dataclass(frozen=True)
class Shown:
    """A fact that a reading can fail: how often lives show it, or a figure in a range."""

    fact: str
    says: str
    part: Part


@dataclass(frozen=True)
class Fitted:
    """One fact under one reading: whether it fits, and its score by itself."""

    fact: str
    says: str
    finding: Finding
    fit: Fit
    score: float


def _mean(column: str) -> Callable[[Lives], Estimate]:
    return lambda lives: mean_of(lives.died, pl.col(column))


def despairing(lives: Lives) -> Estimate:
    """Return the share who end with little integrity and much despair."""
    is_it = (pl.col("integrity") < DESPAIRING) & (pl.col("despair") >= DESPAIRING)
    return mean_of(lives.died, is_it)


def applying(lives: Lives) -> Estimate:
    """Return the share who ever applied, both of a couple counted."""
    return mean_of(lives.died, pl.col("applied").is_not_null())


def identity(lives: Lives) -> Estimate:
    """Return the mean resolution of the fifth stage, on a scale from 0 to 1."""
    return mean_of(lives.died, _FIFTH_STAGE)


def crossing(lives: Lives) -> Estimate:
    """Return the share in whom awareness ever passes one half."""
    return mean_of(lives.died, pl.col("crisis_age").is_not_null())


def crisis_age(lives: Lives) -> Estimate:
    """Return the median age at which it does; its error is that of a median, by order."""
    ages = lives.died["crisis_age"].drop_nulls().sort()
    n = ages.len()
    if not n:
        return Estimate(None, None, 0)
    reach = 0.98 * math.sqrt(n)
    low, high = max(0, math.floor(n / 2 - reach)), min(n - 1, math.ceil(n / 2 + reach))
    error = (float(ages[high]) - float(ages[low])) / 3.92
    return Estimate(float(ages.median()), error, n)  # type: ignore[arg-type]


def accepting(lives: Lives) -> Estimate:
    """Return the share who feel the end and have let go of half of what they lost."""
    has_let_go = pl.col("letting_go") >= ACCEPTING
    return mean_of(lives.died, has_let_go & (pl.col("awareness_end") >= ACCEPTING))


def raging_when_refused(lives: Lives) -> Estimate:
    """Return the share who protest after a refusal."""
    is_refused = pl.col("refused").is_not_null()
    return mean_of(lives.died, is_refused & (pl.col("style") == measures.PROTESTER))


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("integrity", "0 to 1", "Kathy's is high; of others nothing", _mean("integrity")),
    Quantity("despair", "0 to 1", "sadness throughout, one rage", _mean("despair")),
    Quantity("despairing", "share", "", despairing),
    Quantity("peacefully aware", "share", "an ideal, seldom reached", _mean("peaceful")),
    Quantity("apply for a deferral", "share", "a couple does", applying),
    Quantity("die with the hope", "share", "Ruth does", _mean("hope_end")),
    Quantity("identity", "0 to 1", "“less than human”", identity),
    Quantity("feel the end", "share", "", crossing),
    Quantity("age at that", "years", "after the Cottages", crisis_age),
    Quantity("12 years at work", "share", "unprecedented", measures.long_serving),
    Quantity("got away", "share", "nobody", measures.escaped),
)

_BY_TARGET = {target.name: target for target in TARGETS}


def _of_target(name: str, fact: str, says: str, at: int = 0) -> Shown:
    return Shown(fact, says, _BY_TARGET[name].parts[at])


#: Tuned rows are left out: that they come out was arranged.
SHOWN: tuple[Shown, ...] = (
    _of_target("T9", "F38", "before the crisis at 15"),
    _of_target("T10", "F82", "known at 15"),
    _of_target("T10", "F82", "not felt at 15", at=1),
    Shown(
        "F56",
        "a couple applies for a deferral",
        Part("apply", "some", applying, 1e-3),
    ),
    _of_target("T11", "F59", "no deferral is granted"),
    Shown(
        "F61",
        "somebody refused protests",
        Part("protest when refused", "some", raging_when_refused, 1e-3),
    ),
    _of_target("T12", "F63", "nobody leaves"),
    _of_target("T21", "F64", "few protest"),
    Shown("F66", "somebody dies with the hope", Part("hope", "some", _mean("hope_end"), 1e-3)),
    _of_target("T20", "F66", "the hope costs integrity"),
    _of_target("T19", "F90", "to reminisce gives more than to repair"),
    _of_target("T13", "F81", "time lifts the long-serving"),
    _of_target("T14", "F51", "the long-serving outlive their friends"),
    Shown(
        "F97",
        "the ideal is reached by some, by less than half",
        Part("peacefully aware", "share", _mean("peaceful"), 0.6, low=1e-3, high=0.5),
    ),
)


def predict(lives: Lives) -> dict[str, Estimate]:
    """Return each quantity as the lives of a reading have it."""
    return {quantity.name: quantity.measure(lives) for quantity in QUANTITIES}


def fit(lives: Lives) -> tuple[Fitted, ...]:
    """Return which facts the lives of a reading fit, each with its own score.

    A score is the logarithm of the chance of a fact, or minus half the square
    of how many tolerances a figure lies outside its range: 0 is a perfect fit.
    """
    found = []
    for shown in SHOWN:
        finding = find(shown.part, lives)
        fits: dict[str, Fit] = {"met": "fits", "missed": "does not fit"}
        found.append(
            Fitted(
                shown.fact,
                shown.says,
                finding,
                fits.get(finding.verdict, "cannot tell"),
                _score(shown.part, finding.estimate),
            )
        )
    return tuple(found)


def _score(part: Part, estimate: Estimate) -> float:
    if estimate.value is None:
        return math.nan
    if part.kind == "some":
        return math.log(max(estimate.value, _LEAST_CHANCE))
    if part.kind == "none":
        return math.log(max(1.0 - float(estimate.breaches > 0), _LEAST_CHANCE))
    beyond = max(part.low - estimate.value, estimate.value - part.high, 0.0)
    edge = part.low if part.miss < part.low else part.high
    return 0.0 - (beyond / (edge - part.miss)) ** 2 / 2
