"""Letting go: each open loss waits to be mourned, on its own clock.

Trust and awareness hasten it, anger slows it, and the style of preparing for
death does either. Losses are school and Cottages left, dreams and beliefs
given up, ties ended, friends dead, operations, objects, at the last existence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp
from hailsham.engine.compiling import compiled
from hailsham.world.parameters import parameter

_OURS = "our assumption"
_UNCEASING = "article: letting go becomes unceasing; the size is ours"
#: The largest factor that a style may put on letting go.
FASTEST_STYLE = 1.5


@dataclass(frozen=True)
class LettingGoParameters:
    """Losses, and how they are let go."""

    rate: float = parameter(
        0.10, "letting go of one loss", unit="per developmental year", low=0.05, high=0.2,
        grade="X", source=_UNCEASING,
    )  # fmt: skip
    trust: float = parameter(
        0.4, "its logarithm's change with trust", low=0.2, high=0.8, grade="X", source=_OURS
    )
    anger: float = parameter(
        -0.2, "its logarithm's change with anger", low=-0.4, high=-0.1, grade="X", source=_OURS
    )
    unaware: float = parameter(
        0.3, "share of it without awareness", unit="proportion", low=0.1, high=0.6, grade="X",
        source=_OURS,
    )  # fmt: skip
    aware: float = parameter(
        0.7, "what full awareness adds", unit="proportion", low=0.35, high=0.9, grade="X",
        source=_OURS,
    )  # fmt: skip
    objects: float = parameter(
        0.1, "loss of a cherished thing", unit="per person-year", low=0.05, high=0.2, grade="X",
        source="article: everything lost since childhood; the rate is ours",
    )  # fmt: skip
    illnesses: float = parameter(
        0.0, "illnesses in retirement, each a loss", unit="per person-year", low=0, high=1,
        grade="X", source="our assumption; .2 in an ordinary life",
    )  # fmt: skip


@compiled
def letting_go_bound(numbers: np.void, rate: float, trust: float, anger: float) -> float:
    """Return the largest rate at which one loss may be let go in a station.

    Args:
        numbers: The parameters.
        rate: Rate of development, the pace to the power of the compressibility.
        trust: The larger of trust now and where it tends.
        anger: The trait.
    """
    z = numbers["letting_go_trust"] * trust + numbers["letting_go_anger"] * anger
    return numbers["letting_go_rate"] * FASTEST_STYLE * rate * exp(z)


@compiled
def letting_go_share(
    numbers: np.void, trust: float, most_trust: float, awareness: float, factor: float
) -> float:
    """Return the hazard of letting go over its bound, at equal rates of development."""
    eased = exp(numbers["letting_go_trust"] * (trust - most_trust))
    felt = numbers["letting_go_unaware"] + numbers["letting_go_aware"] * awareness
    return eased * felt * (factor / FASTEST_STYLE)
