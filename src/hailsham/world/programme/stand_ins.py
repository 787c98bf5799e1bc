"""Stand-ins for the inner life: drawn so that the Programme can run, and no more.

A stand-in has the spread that the full model is expected to give, and nothing
else: it says nothing of the life in which it stands. Every column that rests
on one is marked so in the run's dictionary.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, normal, purpose, uniform

_QUALITY = purpose("stand_in.carer_quality")
_COUPLE = purpose("stand_in.couple")
_BELIEF = purpose("stand_in.believed_deferral")
_APPLYING = purpose("stand_in.applying")

#: Spread of carer quality at call-up in the full model. Mean 0 by definition.
QUALITY_SPREAD = 1.05
NOBODY = -1


@compiled
def draw_stand_ins(
    key: np.uint64, clones: NDArray[np.void], couples: float, believed: float, applying: float
) -> None:
    """Draw quality as a carer, partner, belief in deferral, and when a couple applies.

    Neighbours of a pod, seats 0 and 1, 2 and 3 and so on, may become a couple.
    Rows stand in order of address, so neighbours are rows apart by one.

    Args:
        key: Key of the draws.
        clones: One row a clone; written to.
        couples: [proportion] Probability that two neighbours become a couple.
        believed: [proportion] Probability of believing in deferral.
        applying: [per person-year] Rate at which a believing couple applies.
    """
    for row in range(clones.size):
        clone = clones[row]
        person = clone["person"]
        clone["quality"] = QUALITY_SPREAD * normal(key, person, _QUALITY, 0)
        clone["believed"] = uniform(key, person, _BELIEF, 0) < believed
        clone["couple"] = NOBODY
        clone["couple_from"], clone["applies_at"] = math.inf, math.inf
    for row in range(0, clones.size - 1, 2):
        first, second = clones[row], clones[row + 1]
        if uniform(key, first["person"], _COUPLE, 0) >= couples:
            continue
        first["couple"], second["couple"] = row + 1, row
        start = max(first["left_house"], second["left_house"])
        part = uniform(key, first["person"], _COUPLE, 1)
        met = start + part * (min(first["carer_from"], second["carer_from"]) - start)
        first["couple_from"], second["couple_from"] = met, met
        if (first["believed"] or second["believed"]) and applying > 0.0:
            wait = exponential(key, first["person"], _APPLYING, 0) / applying
            first["applies_at"] = max(first["carer_from"], second["carer_from"]) + wait
