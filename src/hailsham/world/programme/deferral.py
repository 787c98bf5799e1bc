"""Deferral: couples may apply, and every application is refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.recorder import Log, record
from hailsham.lives.codes import Event
from hailsham.world.parameters import parameter
from hailsham.world.programme.carers import GONE

APPLIED, REFUSED = int(Event.APPLIED), int(Event.REFUSED)


@dataclass(frozen=True)
class DeferralParameters:
    """The hope of a deferral. Drawn by stand-ins until the inner life is modelled."""

    couples: float = parameter(
        0.5,
        "probability that two neighbours in a pod become a couple",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="stand-in",
    )
    believed: float = parameter(
        0.5,
        "probability of believing that couples may be deferred",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="stand-in",
    )
    applying: float = parameter(
        0.25,
        "rate at which a believing couple applies while one of them is a carer or donor",
        unit="per person-year",
        low=0,
        high=50,
        grade="X",
        source="stand-in",
    )


@compiled
def apply_for_deferral(log: Log, clones: NDArray[np.void], row: int, time: float) -> None:
    """Let a couple apply, if both are alive, and refuse them on the same day.

    Source:
        article: there are no deferrals and never were.
    """
    first = clones[row]
    other = first["couple"]
    second = clones[other]
    if first["state"] == GONE or second["state"] == GONE:
        return
    for one, two in ((first, second), (second, first)):
        record(log, one["person"], time, APPLIED, two["person"], -1)
        record(log, one["person"], time, REFUSED, two["person"], -1)
        one["refused_at"] = time
