"""Memories that define a life, their fading, and the consolation they give.

Good feeling fades more slowly than bad. Where there is little to lean on once
awareness has come, people borrow memories from others, or invent them. One's
own console, whatever their sign, because they are one's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp
from hailsham.engine.compiling import compiled
from hailsham.world.parameters import parameter

_OURS = "our assumption"
_ORDER = "article: happy memories of school matter when death is near; the size is ours"
_FADING = "literature: bad feeling fades faster; the factor is ours"
_BORROW = "article: who lacks memories must invent or borrow them; the size is ours"


@dataclass(frozen=True)
class MemoryParameters:
    """Memories, their feeling, and what they console."""

    rate: float = parameter(
        6.0, "events that stay", unit="per person-year", low=2, high=12, grade="X", source=_OURS
    )
    tone_school: float = parameter(
        0.20, "mean feeling of a memory from school", unit="-1 to 1", low=-0.1, high=0.3,
        grade="S", source=_ORDER,
    )  # fmt: skip
    tone_cottages: float = parameter(
        0.10, "mean feeling of a memory from the Cottages", unit="-1 to 1", low=0, high=0.2,
        grade="S", source=_ORDER,
    )  # fmt: skip
    tone_work: float = parameter(
        0.05, "mean feeling of a memory from work", unit="-1 to 1", low=-0.05, high=0.15,
        grade="S", source=_ORDER,
    )  # fmt: skip
    tone_donor: float = parameter(
        -0.10, "mean feeling of a memory from after the call-up", unit="-1 to 1", low=-0.2,
        high=0.1, grade="S", source=_ORDER,
    )  # fmt: skip
    tone_general: float = parameter(
        0.1, "its change with the general factor", low=0, high=0.3, grade="X", source=_OURS
    )
    tone_spread: float = parameter(
        0.5, "its standard deviation", unit="-1 to 1", low=0.2, high=0.8, grade="X", source=_OURS
    )
    patient: float = parameter(
        -0.5, "feeling of the memory that a patient's death leaves", unit="-1 to 1", low=-1,
        high=0, grade="X", source=_OURS,
    )  # fmt: skip
    fading_good: float = parameter(
        0.08, "fading of good feeling", unit="per person-year", low=0.02, high=0.2, grade="X",
        source=_FADING,
    )  # fmt: skip
    fading_bad: float = parameter(
        0.16, "fading of bad feeling", unit="per person-year", low=0.04, high=0.6, grade="X",
        source=_FADING,
    )  # fmt: skip
    gloss: float = parameter(
        0.0, "how much faster bad feeling fades when it is glossed over", unit="proportion",
        low=0, high=3, grade="S", source="article: these characters do not gloss over",
    )  # fmt: skip
    base: float = parameter(
        0.25, "consolation without any memory", low=0, high=0.5, grade="X", source=_OURS
    )
    good: float = parameter(0.6, "weight of good feeling", low=0.3, high=1, grade="X", source=_OURS)
    number: float = parameter(
        0.3, "weight of the number of one's own", low=0.15, high=0.6, grade="X", source=_OURS
    )
    bad: float = parameter(
        -0.3, "weight of bad feeling", low=-0.6, high=-0.15, grade="X", source=_OURS
    )
    scale_good: float = parameter(
        12.0, "good feeling that goes most of the way", low=6, high=24, grade="X", source=_OURS
    )
    scale_bad: float = parameter(
        8.0, "bad feeling that goes most of the way", low=4, high=16, grade="X", source=_OURS
    )
    scale_number: float = parameter(
        120.0, "number that goes most of the way", unit="memories", low=60, high=240, grade="X",
        source=_OURS,
    )  # fmt: skip
    unique: float = parameter(
        1.0, "whether one's own console whatever their sign (uniq)", unit="proportion", low=0,
        high=1, grade="S", source="article: painful memories are indisputably one's own",
    )  # fmt: skip
    borrowing: float = parameter(
        1.0, "whether memories are borrowed and invented (borrow)", unit="proportion", low=0,
        high=1, grade="S", source=_BORROW,
    )  # fmt: skip
    borrow: float = parameter(
        0.4, "borrowing, at most", unit="per developmental year", low=0, high=1, grade="X",
        source=_BORROW,
    )  # fmt: skip
    invent: float = parameter(
        0.3, "inventing, at most", unit="per developmental year", low=0, high=1, grade="X",
        source=_BORROW,
    )  # fmt: skip
    gain: float = parameter(
        0.8, "good feeling of a borrowed or invented one", low=0.2, high=1, grade="X", source=_OURS
    )
    discount_borrowed: float = parameter(
        0.6, "weight of borrowed feeling", unit="proportion", low=0, high=1, grade="X", source=_OURS
    )
    discount_invented: float = parameter(
        0.4, "weight of invented feeling", unit="proportion", low=0, high=1, grade="X", source=_OURS
    )


@compiled
def saturation(z: float) -> float:
    """Return ``1 - e**-z``."""
    return 1.0 - exp(-z)


@compiled
def tone(numbers: np.void, station: int) -> float:
    """Return the mean feeling of a memory made in a station."""
    if station == 0:
        return numbers["memory_tone_school"]
    if station == 1:
        return numbers["memory_tone_cottages"]
    if station == 2:
        return numbers["memory_tone_work"]
    return numbers["memory_tone_donor"]


@compiled
def feeling(numbers: np.void, mean: float, general: float, z: float) -> float:
    """Return the feeling of a memory from a standard normal draw, between -1 and 1."""
    value = mean + numbers["memory_tone_general"] * general + numbers["memory_tone_spread"] * z
    return min(1.0, max(-1.0, value))


@compiled
def fading_bad(numbers: np.void) -> float:
    """Return how fast bad feeling fades [per person-year]."""
    return numbers["memory_fading_bad"] * (1.0 + numbers["memory_gloss"])


@compiled
def consolation(
    numbers: np.void, good: float, bad: float, borrowed: float, invented: float, count: int
) -> float:
    """Return the consolation available from memory, before any help, between 0 and 1.

    Args:
        numbers: The parameters.
        good: Good feeling left in one's own memories.
        bad: Bad feeling left in them.
        borrowed: Feeling of borrowed memories.
        invented: Feeling of invented ones.
        count: How many are one's own.
    """
    sweet = good + numbers["memory_discount_borrowed"] * borrowed
    sweet = sweet + numbers["memory_discount_invented"] * invented
    value = numbers["memory_base"]
    value += numbers["memory_good"] * saturation(sweet / numbers["memory_scale_good"])
    own = saturation(count / numbers["memory_scale_number"])
    value += numbers["memory_number"] * numbers["memory_unique"] * own
    value += numbers["memory_bad"] * saturation(bad / numbers["memory_scale_bad"])
    return value
