"""One person's memories as they are made, kept and fade.

Memories touch nothing but the feeling left in them, so they are made when that
feeling is asked for, in their own order and at their own times.
"""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled, whole_number
from hailsham.engine.draws import normal_quantile, purpose, uniform_pair
from hailsham.lives.codes import Event
from hailsham.world.development.memory import consolation, fading_bad, feeling, tone
from hailsham.world.development.pod.state import FULL, NOBODY, Pod, record

_MEMORY = purpose("inner.memory")
_REMEMBERED = whole_number(Event.REMEMBERED)


@compiled
def await_memory(pod: Pod, row: np.void, time: float) -> None:
    """Draw when the next memory is made, and what it will feel like."""
    rate = pod.numbers["memory_rate"]
    if rate <= 0.0:
        row["memory_due"] = np.inf
        return
    wait, draw = uniform_pair(pod.key, row["person"], _MEMORY, row["memory_count"])
    row["memory_count"] += 1
    row["memory_due"] = time - log(wait) / rate
    row["memory_draw"] = draw


@compiled
def keep(numbers: np.void, row: np.void, value: float, time: float) -> None:
    """Add a feeling to what is left of one's own memories."""
    row["n_own"] += 1
    if value > 0.0:
        faded = exp(-numbers["memory_fading_good"] * (time - row["good_at"]))
        row["good"] = row["good"] * faded + value
        row["good_at"] = time
    elif value < 0.0:
        faded = exp(-fading_bad(numbers) * (time - row["bad_at"]))
        row["bad"] = row["bad"] * faded - value
        row["bad_at"] = time


@compiled
def remember_until(pod: Pod, row: np.void, time: float) -> None:
    """Make every memory up to a time."""
    numbers = pod.numbers
    while row["memory_due"] <= time:
        due = row["memory_due"]
        mean = tone(numbers, row["station"])
        value = feeling(numbers, mean, row["general"], normal_quantile(row["memory_draw"]))
        keep(numbers, row, value, due)
        pod.frame["events"] += 1
        if pod.frame["level"] >= FULL and row["left"] == 0:
            hundredths = math.floor(value * 100.0)
            record(pod, row["person"], due, _REMEMBERED, NOBODY, hundredths)
        await_memory(pod, row, due)


@compiled
def good_at(numbers: np.void, row: np.void, time: float) -> float:
    """Return the good feeling left at a time, with every memory up to it made."""
    return row["good"] * exp(-numbers["memory_fading_good"] * (time - row["good_at"]))


@compiled
def console(numbers: np.void, row: np.void, time: float) -> float:
    """Bring feelings to a time, and return the consolation that memory then gives."""
    row["good"] = good_at(numbers, row, time)
    row["bad"] = row["bad"] * exp(-fading_bad(numbers) * (time - row["bad_at"]))
    row["good_at"], row["bad_at"] = time, time
    return consoled(numbers, row)


@compiled
def consoled(numbers: np.void, row: np.void) -> float:
    """Return the consolation from feelings as they stand, help included."""
    value = consolation(
        numbers, row["good"], row["bad"], row["borrowed"], row["invented"], row["n_own"]
    )
    if row["reviewing"] == 1:
        value += numbers["interventions_life_review"] * numbers["interventions_review_memory"]
    return min(1.0, max(0.0, value))
