"""Developmental age: how fast a life runs through its stages.

A station is entered at some developmental age and would, at its expected
length, end at the next anchor; what is expected sets the pace, never what
will happen, so the clock knows nothing of the future. An ordinary life has a
pace of one throughout. How much of a faster pace counts as development is one
number, the compressibility.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled, whole_numbers
from hailsham.world.parameters import parameter

SCHOOL, COTTAGES, WORK, DONOR, END = whole_numbers(0, 5)
BY_STATION, UNIFORM, LATE_LINEAR = whole_numbers(0, 3)
FAST, CALENDAR, CLOSED = whole_numbers(0, 3)

_ANCHOR = "ages of the stages, which textbooks give within two or three years"
_TUNED = "the mean length that the Programme of the same page produces"
_OURS = "our assumption"


@dataclass(frozen=True)
class ClockParameters:
    """The clock of development, and the ticks at which targets are looked at again."""

    form: str = parameter(
        "station",
        "what sets the pace: the stations, one pace for all, or one pace after school",
        choices=("station", "uniform", "late_linear"),
        grade="X",
        source=_OURS,
    )
    cap: str = parameter(
        "fast",
        "what a carer kept on past the expected length does with the time",
        choices=("fast", "calendar", "closed"),
        grade="X",
        source=_OURS,
    )
    compressibility: float = parameter(
        1.0,
        "how much of the pace counts as development (eta)",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="article: a condensed preparation for death; a reading",
    )
    tick: float = parameter(
        0.25,
        "longest time between two looks at the targets; 0 is at events only",
        unit="years",
        low=0,
        high=1,
        grade="X",
        source="small enough that halving it moves no result",
    )
    school_to: float = parameter(
        16.0, "developmental age at which school ends", unit="developmental years",
        low=10, high=22, grade="S", source="article: at 16 they move to the Cottages",
    )  # fmt: skip
    cottages_to: float = parameter(
        25.0, "developmental age at which work begins", unit="developmental years",
        low=22, high=28, grade="X", source=_ANCHOR,
    )  # fmt: skip
    work_to: float = parameter(
        65.0, "developmental age at which work ends", unit="developmental years",
        low=60, high=70, grade="X", source=_ANCHOR,
    )  # fmt: skip
    last: float = parameter(
        80.0, "developmental age at which the last stage is over", unit="developmental years",
        low=75, high=85, grade="X", source=_ANCHOR,
    )  # fmt: skip
    school_years: float = parameter(
        16.0, "expected years at school", unit="years",
        low=1, high=30, grade="S", source="article: at 16 they move to the Cottages",
    )  # fmt: skip
    cottages_years: float = parameter(
        3.0, "expected years at the Cottages and in training", unit="years",
        low=2.5, high=20, grade="S", source="article: 31 less 12 less 16",
    )  # fmt: skip
    work_years: float = parameter(
        2.4, "expected years at work", unit="years", low=2, high=60, grade="C", source=_TUNED
    )
    donor_years: float = parameter(
        5.85, "expected years after the call-up", unit="years",
        low=4.5, high=60, grade="C", source=_TUNED,
    )  # fmt: skip
    nominal_years: float = parameter(
        27.25, "nominal length of a life, for the two rival forms of the clock", unit="years",
        low=17, high=120, grade="X", source="the sum of the expected lengths",
    )  # fmt: skip


@compiled
def power(base: float, exponent: float) -> float:
    """Return ``base ** exponent`` for a base above 0; 1 exactly if the base is 1."""
    return exp(exponent * log(base))


@compiled
def station_clock(numbers: np.void, station: int, tau: float) -> tuple[float, float]:
    """Return the pace in a station entered at developmental age ``tau``, and its cap."""
    if station == SCHOOL:
        cap, years = numbers["clock_school_to"], numbers["clock_school_years"]
    elif station == COTTAGES:
        cap, years = numbers["clock_cottages_to"], numbers["clock_cottages_years"]
    elif station == WORK:
        cap, years = numbers["clock_work_to"], numbers["clock_work_years"]
    else:
        cap, years = numbers["clock_last"], numbers["clock_donor_years"]
    if numbers["clock_form"] == UNIFORM:
        return numbers["clock_last"] / numbers["clock_nominal_years"], numbers["clock_last"]
    if numbers["clock_form"] == LATE_LINEAR and station != SCHOOL:
        late = numbers["clock_nominal_years"] - numbers["clock_school_years"]
        pace = (numbers["clock_last"] - numbers["clock_school_to"]) / late
        return pace, numbers["clock_last"]
    return (cap - tau) / years, cap


@compiled
def waiting_rate(numbers: np.void, pace: float, rate: float) -> float:
    """Return the rate of development of somebody whose clock has reached its cap."""
    if numbers["clock_cap"] == CALENDAR and pace > 1.0:
        return 1.0
    return rate
