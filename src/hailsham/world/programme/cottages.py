"""The Cottages: the years between the house and the work of a carer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import purpose, uniform
from hailsham.world.parameters import parameter

_STAY = purpose("programme.cottages.stay")


@dataclass(frozen=True)
class CottageParameters:
    """The Cottages and the training as a carer."""

    shortest: float = parameter(
        2.5,
        "shortest stay, training included",
        unit="years",
        low=0,
        high=20,
        grade="S",
        source="article: 31 less 12 less 16 is 3, both ages whole years",
    )
    longest: float = parameter(
        3.5,
        "longest stay, training included",
        unit="years",
        low=0,
        high=20,
        grade="S",
        source="article: 31 less 12 less 16 is 3, both ages whole years",
    )


@compiled
def draw_stays(
    key: np.uint64, clones: NDArray[np.void], leave_at: float, shortest: float, longest: float
) -> None:
    """Draw when each child leaves the house, and begins work as a carer."""
    for row in range(clones.size):
        clone = clones[row]
        stay = shortest + (longest - shortest) * uniform(key, clone["person"], _STAY, 0)
        clone["left_house"] = clone["born"] + leave_at
        clone["carer_from"] = clone["left_house"] + stay
