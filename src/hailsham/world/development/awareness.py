"""Knowledge of one's fate, told and not told, and the awareness that is felt.

Knowledge grows with understanding and is slowed by shelter. Awareness grows
in developmental time, as far as denial allows; reminders wear denial down.
Both have closed forms between events, and so has the moment at which
awareness passes one half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp, log, log1p
from hailsham.engine.compiling import compiled
from hailsham.world.parameters import parameter

_OURS = "our assumption"
_JAQUES = "tuned so that an ordinary life crosses near 40 (Jaques: about 35, most often 37)"
_DIRECTION = "article: death is known and too remote to feel, until reminded; the size is ours"
#: Beyond this the logarithm of 1 + e**z is z itself, to the last digit.
_FLAT = 36.0


@dataclass(frozen=True)
class KnowledgeParameters:
    """How a child comes to know, and the truth that is told once in a house."""

    rate: float = parameter(
        0.25, "pace of coming to know, unsheltered", unit="per person-year",
        low=0.1, high=1, grade="X", source=_OURS,
    )  # fmt: skip
    shelter: float = parameter(
        0.6, "share of that pace held off by the school", unit="proportion",
        low=0, high=0.95, grade="X", source="article: the curriculum shields; the size is ours",
    )  # fmt: skip
    onset: float = parameter(
        9.0, "age at which half of it can be understood", unit="years",
        low=4, high=14, grade="X", source=_OURS,
    )  # fmt: skip
    spread: float = parameter(
        1.5, "years over which understanding comes", unit="years",
        low=0.5, high=4, grade="X", source=_OURS,
    )  # fmt: skip
    truth_probability: float = parameter(
        0.3, "probability that the truth is told in the life of a house", unit="proportion",
        low=0, high=1, grade="X", source="review: just once, a teacher tells; the odds are ours",
    )  # fmt: skip
    truth_jump: float = parameter(
        0.6, "share of what is not yet known that the telling adds", unit="proportion",
        low=0.3, high=1, grade="X", source=_OURS,
    )  # fmt: skip
    truth_denial: float = parameter(
        0.9, "what the telling leaves of denial", unit="proportion",
        low=0.5, high=1, grade="X", source=_OURS,
    )  # fmt: skip
    truth_from: float = parameter(
        10.0, "age from which a pupil hears it", unit="years",
        low=5, high=16, grade="X", source=_OURS,
    )  # fmt: skip
    truth_to: float = parameter(
        16.0, "age up to which a pupil hears it", unit="years",
        low=10, high=20, grade="X", source=_OURS,
    )  # fmt: skip


@dataclass(frozen=True)
class AwarenessParameters:
    """Felt awareness, and the denial that holds it off."""

    crisis_mean: float = parameter(
        32.0, "developmental age about which awareness comes, mean", unit="developmental years",
        low=26, high=38, grade="C", source=_JAQUES,
    )  # fmt: skip
    crisis_spread: float = parameter(
        3.0, "its standard deviation", unit="developmental years",
        low=1, high=6, grade="C", source=_JAQUES,
    )  # fmt: skip
    crisis_judgement: float = parameter(
        -2.5, "its change with independence of judgement", unit="developmental years",
        low=-5, high=0, grade="C", source=_JAQUES,
    )  # fmt: skip
    width: float = parameter(
        4.0, "developmental years over which it comes", unit="developmental years",
        low=2, high=8, grade="C", source=_JAQUES,
    )  # fmt: skip
    pivot: float = parameter(
        0.5, "awareness whose first crossing is the pivotal moment", unit="proportion",
        low=0.1, high=0.9, grade="X", source=_OURS,
    )  # fmt: skip
    denial_mean: float = parameter(
        -0.35, "denial at birth, mean", unit="logit", low=-1.35, high=0.65, grade="X", source=_OURS
    )
    denial_spread: float = parameter(
        0.8, "its standard deviation", unit="logit", low=0.4, high=1.6, grade="X", source=_OURS
    )
    denial_judgement: float = parameter(
        -0.4, "its change with independence of judgement", unit="logit",
        low=-0.8, high=-0.2, grade="X", source=_OURS,
    )  # fmt: skip
    denial_shelter: float = parameter(
        0.6, "its change with shelter", unit="logit", low=0.3, high=1.2, grade="X", source=_OURS
    )
    denial_trust: float = parameter(
        -0.1, "its change with trust", unit="logit", low=-0.2, high=-0.05, grade="X", source=_OURS
    )
    denial_hope: float = parameter(
        0.5, "its change with belief in a deferral", unit="logit",
        low=0.25, high=1, grade="X", source=_OURS,
    )  # fmt: skip


@dataclass(frozen=True)
class ReminderParameters:
    """What wears denial down: the share of it that each reminder takes."""

    remote: float = parameter(
        0.1, "how much of a reminder is felt before the crisis", unit="proportion",
        low=0, high=1, grade="X", source=_DIRECTION,
    )  # fmt: skip
    friend: float = parameter(
        0.15, "a friend's death, for a tie of full strength", unit="proportion",
        low=0.075, high=0.3, grade="X", source=_DIRECTION,
    )  # fmt: skip
    donation: float = parameter(
        0.20, "an operation of one's own", unit="proportion",
        low=0.1, high=0.4, grade="X", source=_DIRECTION,
    )  # fmt: skip
    patient: float = parameter(
        0.02, "the death of somebody looked after", unit="proportion",
        low=0.01, high=0.04, grade="X", source=_DIRECTION,
    )  # fmt: skip
    refusal: float = parameter(
        0.5, "the refusal of a deferral, felt in full", unit="proportion",
        low=0.25, high=1, grade="X", source=_DIRECTION,
    )  # fmt: skip
    elders: float = parameter(
        0.2, "the sight of the guardians grown old, felt in full", unit="proportion",
        low=0.1, high=0.4, grade="X", source="article: parental figures no longer protect",
    )  # fmt: skip
    parent: float = parameter(
        0.2, "a parent's death", unit="proportion", low=0.1, high=0.4, grade="X", source=_DIRECTION
    )
    parents: int = parameter(
        0, "parents who can die", unit="people", low=0, high=2, grade="S",
        source="article: no family; an ordinary life has two",
    )  # fmt: skip
    parent_from: float = parameter(
        35.0, "least age at a parent's death", unit="years", low=1, high=64, grade="X", source=_OURS
    )
    parent_to: float = parameter(
        65.0, "greatest age at a parent's death", unit="years", low=2, high=90, grade="X",
        source=_OURS,
    )  # fmt: skip
    acquaintance: float = parameter(
        0.1, "the death of somebody known", unit="proportion", low=0.05, high=0.2, grade="X",
        source=_DIRECTION,
    )  # fmt: skip
    acquaintances: float = parameter(
        0.0, "deaths of people known, outside the pod", unit="per person-year",
        low=0, high=1, grade="X", source="our assumption; .05 in an ordinary life",
    )  # fmt: skip
    acquaintances_from: float = parameter(
        30.0, "age from which people known begin to die", unit="years", low=0, high=90, grade="X",
        source=_OURS,
    )  # fmt: skip


@compiled
def soft(z: float) -> float:
    """Return ``log(1 + e**z)``, the integral of the logistic function."""
    if z > _FLAT:
        return z
    return log1p(exp(z))


@compiled
def logistic(z: float) -> float:
    """Return ``1 / (1 + e**-z)``."""
    return 1.0 / (1.0 + exp(-z))


@compiled
def understanding(numbers: np.void, age: float) -> float:
    """Return how much of what is told can be understood at an age, between 0 and 1."""
    return logistic((age - numbers["knowledge_onset"]) / numbers["knowledge_spread"])


@compiled
def understood(numbers: np.void, age: float) -> float:
    """Return the integral of understanding from long before birth to an age [years]."""
    spread = numbers["knowledge_spread"]
    return spread * soft((age - numbers["knowledge_onset"]) / spread)


@compiled
def grow_knowledge(knowledge: float, pace: float, gained: float) -> float:
    """Return knowledge after ``gained`` years of understanding at a pace.

    Args:
        knowledge: At the start.
        pace: [per person-year] Pace of coming to know, less what shelter holds off.
        gained: [years] Difference of ``understood`` between end and start.
    """
    return 1.0 - (1.0 - knowledge) * exp(-pace * gained)


@compiled
def ceiling(numbers: np.void, denial_logit: float, trust: float, hopes: bool) -> float:
    """Return the awareness that denial leaves room for."""
    z = denial_logit + numbers["awareness_denial_trust"] * trust
    if hopes:
        z += numbers["awareness_denial_hope"]
    return 1.0 - logistic(z)


@compiled
def grow_awareness(awareness: float, top: float, spent: float) -> float:
    """Return awareness after an exponent is spent towards its ceiling; it never falls."""
    if top <= awareness:
        return awareness
    return top - (top - awareness) * exp(-spent)


@compiled
def salience(numbers: np.void, u: float) -> float:
    """Return how much of a reminder is felt at ``u`` widths past the crisis."""
    remote = numbers["reminders_remote"]
    return remote + (1.0 - remote) * logistic(u)


@compiled
def crossing_point(awareness: float, top: float, pivot: float, factor: float, low: float) -> float:
    """Return where the exponent to the pivot is spent, in widths past the crisis.

    Args:
        awareness: At the start, below the pivot.
        top: The ceiling, above the pivot.
        pivot: Awareness at the crossing.
        factor: Exponent per unit of ``soft``: rate over pace, times knowledge.
        low: ``soft`` at the start.

    Returns:
        ``u`` with ``soft(u) = low + log(...) / factor``; ``inf`` if factor is 0.
    """
    if factor <= 0.0:
        return math.inf
    high = low + log((top - awareness) / (top - pivot)) / factor
    if high > _FLAT:
        return high
    return log(exp(high) - 1.0)
