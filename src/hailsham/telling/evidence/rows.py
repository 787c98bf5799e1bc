"""From lives to rows: what was found, how surely, and what may be said of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from hailsham.telling.evidence.estimates import NOBODY, Estimate
from hailsham.telling.evidence.lives import Lives
from hailsham.telling.evidence.targets import TARGETS, Part, Target

Verdict = Literal["met", "missed", "undecidable", "not simulated"]

#: Normal deviates: of a two-sided interval of 95 %, and of the 80 % of runs that are to see a miss.
REACH, SEEN = 1.96, 0.84
#: A thing that happens at the rate of a miss is met with in 95 % of runs of -log(0.05)/rate lives.
_ALMOST_SURELY = -math.log(0.05)


@dataclass(frozen=True)
class Finding:
    """One part of a target in one set of lives.

    ``low`` and ``high`` are the ends of the 95 % interval; ``power`` is the
    smallest number of lives at which a miss would be seen in 4 runs of 5.
    """

    part: Part
    estimate: Estimate
    low: float
    high: float
    power: int | None
    verdict: Verdict


@dataclass(frozen=True)
class Row:
    """One target, and what lives say of it."""

    target: Target
    findings: tuple[Finding, ...]
    verdict: Verdict

    @property
    def is_evidence(self) -> bool:
        """Whether the row may count for the model: nothing was set towards it."""
        return self.target.standing == "emerges" and self.verdict in ("met", "missed")

    @property
    def power(self) -> int | None:
        """The smallest number of lives at which a miss of any part would be seen."""
        powers = [finding.power for finding in self.findings if finding.power is not None]
        return max(powers, default=None)

    def as_dict(self) -> dict[str, Any]:
        """Return the row ready for JSON; figures are those of the first part."""
        first = self.findings[0].estimate if self.findings else None
        return {
            "target": self.target.name,
            "facts": list(self.target.facts),
            "expected": self.target.expected,
            "tolerance": self.target.tolerance,
            "simulated": first.value if first else None,
            "standard_error": first.standard_error if first else None,
            "standing": self.target.standing,
            "power": self.power,
            "verdict": self.verdict,
        }


def judge(lives: Lives, *, targets: Iterable[Target] = TARGETS) -> tuple[Row, ...]:
    """Return a row for each target.

    Args:
        lives: Those of one run, or of several put together.
        targets: Which rows.
    """
    return tuple(_row(target, lives) for target in targets)


def find(part: Part, lives: Lives) -> Finding:
    """Return what lives say of a part; nothing, where they do not simulate it."""
    if not lives.has(part.needs):
        return Finding(part, NOBODY, -math.inf, math.inf, None, "not simulated")
    return weigh(part, part.measure(lives), n_lives=lives.n_lives)


def weigh(part: Part, estimate: Estimate, *, n_lives: int) -> Finding:
    """Return what an estimate says of a part: met, missed, or undecidable.

    A figure meets its range if its whole interval lies inside and the lives
    are enough to have seen a miss; it misses if the whole interval lies
    outside. A thing that may not happen is missed by happening once. What is
    neither is undecidable at this size, so that too few lives never pass.

    Args:
        part: The range.
        estimate: What was found.
        n_lives: How many lives were looked at to find it; the power is told
            in them.
    """
    if estimate.value is None or estimate.standard_error is None:
        return Finding(part, estimate, -math.inf, math.inf, None, "undecidable")
    low, high = _interval(part, estimate)
    power = _power(part, estimate, n_lives)
    return Finding(part, estimate, low, high, power, _verdict(part, estimate, low, high, n_lives))


def _row(target: Target, lives: Lives) -> Row:
    if not target.parts:
        return Row(target, (), "not simulated")
    findings = tuple(find(part, lives) for part in target.parts)
    return Row(target, findings, _together([finding.verdict for finding in findings]))


def _together(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict of a whole: one miss is a miss, one doubt a doubt."""
    worst: tuple[Verdict, ...] = ("missed", "not simulated", "undecidable")
    return next((verdict for verdict in worst if verdict in verdicts), "met")


def _verdict(
    part: Part, estimate: Estimate, low: float, high: float, n_lives: int
) -> Verdict:  # fmt: skip
    if estimate.breaches:
        return "missed"
    is_large = n_lives >= _power(part, estimate, n_lives)
    if part.kind == "none":
        return "met" if is_large else "undecidable"
    if part.kind == "some":
        if estimate.value:
            return "met"
        return "missed" if is_large else "undecidable"
    if high < part.low or low > part.high:
        return "missed"
    return "met" if part.low <= low and high <= part.high and is_large else "undecidable"


def _interval(part: Part, estimate: Estimate) -> tuple[float, float]:
    """Return the 95 % interval: Wilson's for a share, with as many lives as its error is worth.

    Source: wilson1927.
    """
    value, error = estimate.value or 0.0, estimate.standard_error or 0.0
    if part.kind == "mean":
        return value - REACH * error, value + REACH * error
    n = value * (1 - value) / error**2 if error else estimate.n
    centre = (value + REACH**2 / (2 * n)) / (1 + REACH**2 / n)
    reach = REACH * math.sqrt(value * (1 - value) / n + REACH**2 / (4 * n**2)) / (1 + REACH**2 / n)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _reach(part: Part, estimate: Estimate, edge: float) -> float:
    """Return how far from the edge one life's worth of luck can carry a figure, unseen.

    Wilson's interval leaves the edge out exactly where the score test refuses
    it, so of a share the spread is that at the edge, and then that at the miss.
    """
    if part.kind == "share":
        return REACH * _spread(edge) + SEEN * _spread(part.miss)
    return (REACH + SEEN) * math.sqrt(estimate.n) * (estimate.standard_error or 0.0)


def _spread(share: float) -> float:
    return math.sqrt(share * (1 - share))


def _power(part: Part, estimate: Estimate, n_lives: int) -> int:
    """Return the smallest number of lives at which a miss would be seen in 4 runs of 5."""
    if part.kind in ("none", "some"):
        needed = _ALMOST_SURELY / part.miss
    else:
        edge = part.low if part.miss < part.low else part.high
        needed = (_reach(part, estimate, edge) / (edge - part.miss)) ** 2
    counted = estimate.n / n_lives if estimate.n else 1.0
    return max(1, math.ceil(needed / counted))
