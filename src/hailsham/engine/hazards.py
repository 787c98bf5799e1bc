"""Waits drawn from cumulative hazards: exactly, with no time step.

A draw buys ``-log(u)`` of cumulative hazard, its *budget*; the event comes
when the budget is spent. Every family has three functions: ``..._hazard`` at
a reading of its clock, ``..._cumulative`` between two readings, and
``..._wait``, which spends a budget given that the clock already shows
``since``. A wait is ``inf`` where the event never comes. The families below
are inverted in closed form; ``families.inverted`` and ``families.tabulated``
hold the others.

An effect multiplies a hazard. To spend a budget under ``factor`` times a
hazard is to spend ``budget / factor`` under the hazard itself, so no family
needs a factor of its own. When a factor, a state or an attribute changes on
the way, ``rest_of_budget`` says what is left to be spent under the new one.

Source:
    devroye1986, chapter VI.2, inversion of the cumulative hazard.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.arithmetic import (
    EXP_WITHIN,
    TWO_1022,
    exp,
    exp_within,
    expm1,
    log,
    log1p_parts,
    log_of_parts,
)
from hailsham.engine.compiling import compiled, compiled_inline

Floats = NDArray[np.float64]


@compiled_inline
def rest_of_budget(budget: float, spent: float, factor: float) -> float:
    """Return what is left of a budget after part of a wait has been lived.

    In units of cumulative hazard every wait is memoryless: given that the
    event has not come, the rest of the budget is again a unit exponential. A
    change on the way therefore redraws only what is left, without a new draw.

    Args:
        budget: [cumulative hazard] What the draw bought.
        spent: [cumulative hazard] What the family's ``..._cumulative`` tells
            between the start of the wait and now.
        factor: What the hazard was multiplied by meanwhile.
    """
    # Rounding must not leave a debt.
    return max(budget - factor * spent, 0.0)


@compiled_inline
def exponential_hazard(reading: float, rate: float) -> float:
    """Return ``rate`` [per person-year], whatever the clock shows."""
    return rate


@compiled_inline
def exponential_cumulative(start: float, stop: float, rate: float) -> float:
    """Return the cumulative hazard of a constant rate between two readings."""
    return rate * (stop - start)


@compiled_inline
def exponential_wait(budget: float, rate: float) -> float:
    """Return the wait under a constant hazard.

    Args:
        budget: [cumulative hazard] Positive.
        rate: [per person-year] Not negative.
    """
    return budget / rate if rate > 0.0 else math.inf


@compiled_inline
def gompertz_hazard(age: float, level: float, slope: float) -> float:
    """Return ``level * exp(slope * age)`` [per person-year]."""
    return level * exp(slope * age)


@compiled_inline
def gompertz_cumulative(start: float, stop: float, level: float, slope: float) -> float:
    """Return the cumulative hazard of a Gompertz law between two ages."""
    level_part = level * (stop - start)
    divisor = slope if slope != 0.0 else 1.0
    curved_part = level * exp(slope * start) * expm1(slope * (stop - start)) / divisor
    return level_part if slope == 0.0 else curved_part


@compiled_inline
def gompertz_worth(age: float, slope: float) -> float:
    """Return what a budget is worth at an age, beside what it is worth at age 0.

    It is ``exp(-slope * age)``; beyond ``exp(700)``, and below that part, it is held.
    """
    return exp_within(min(max(-slope * age, -EXP_WITHIN), EXP_WITHIN))


@compiled_inline
def gompertz_wait(budget: float, age: float, level: float, slope: float) -> float:
    """Return the wait from an age under a Gompertz hazard of either slope.

    With a negative slope the whole life's hazard is finite, and a budget
    above it is never spent. Beyond ``exp(700)`` times its level, or below that
    part of it, a hazard is held.

    Args:
        budget: [cumulative hazard] Positive.
        age: [years] Age at which the wait begins.
        level: [per person-year] Hazard at age 0, not negative.
        slope: [per year] Relative rise of the hazard.
    """
    k, f, s = gompertz_parts(budget, gompertz_worth(age, slope), level, slope)
    return gompertz_wait_of(k, f, s, budget, level, slope)


@compiled_inline
def gompertz_parts(
    budget: float, worth: float, level: float, slope: float
) -> tuple[float, float, float]:
    """Return the parts of the logarithm that a wait under a Gompertz hazard is made of.

    Args:
        budget: [cumulative hazard] Positive.
        worth: What a budget is worth at the age at which the wait begins.
        level: [per person-year] Hazard at age 0, not negative.
        slope: [per year] Relative rise of the hazard.

    Returns:
        As ``arithmetic.log1p_parts``; of an infinite logarithm where the
        budget is never spent, and of 0 where the hazard does not rise.
    """
    # Every case is worked out and one is chosen: a loop without branches runs in vectors.
    # Divisions are by numbers of the law alone, and so are made once for a loop.
    is_risk = level > 0.0
    share = (budget * (slope / (level if is_risk else 1.0))) * worth
    is_spent = is_risk & (share > -1.0) & (share < TWO_1022)
    k, f, s = log1p_parts(share if is_spent else 0.0)
    return k if is_spent else math.copysign(math.inf, slope), f, s


@compiled_inline
def gompertz_wait_of(
    k: float, f: float, s: float, budget: float, level: float, slope: float
) -> float:
    """Return the wait under a Gompertz hazard from the parts of its logarithm."""
    is_level = slope == 0.0
    curved = log_of_parts(k, f, s) * (1.0 / (1.0 if is_level else slope))
    straight = budget * (1.0 / level if level > 0.0 else math.inf)
    return straight if is_level else curved


@compiled
def weibull_hazard(reading: float, shape: float, scale: float) -> float:
    """Return ``shape / scale * (reading / scale)**(shape - 1)`` [per person-year].

    At 0 it is 0 for a shape above 1, and ``inf`` for one below.
    """
    if reading > 0.0:
        return shape / scale * exp((shape - 1.0) * log(reading / scale))
    if shape == 1.0:
        return 1.0 / scale
    return math.inf if shape < 1.0 else 0.0


@compiled_inline
def weibull_cumulative(start: float, stop: float, shape: float, scale: float) -> float:
    """Return ``(stop/scale)**shape - (start/scale)**shape``."""
    return exp(shape * log(stop / scale)) - exp(shape * log(start / scale))


@compiled_inline
def weibull_wait(budget: float, since: float, shape: float, scale: float) -> float:
    """Return the wait under a Weibull hazard whose clock already shows ``since``.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock, not negative.
        shape: Positive; above 1 the hazard rises.
        scale: [years] Positive.
    """
    spent = exp(shape * log(since / scale))
    # Rounding must not carry an event to before the wait began.
    return max(scale * exp(log(spent + budget) / shape) - since, 0.0)


@compiled_inline
def uniform_cumulative(start: float, stop: float, low: float, high: float) -> float:
    """Return the cumulative hazard between two readings of a wait that is uniform to ``high``."""
    before, after = max(start, low), min(max(stop, low), high)
    return log((high - before) / (high - after)) if before < high else 0.0


@compiled_inline
def uniform_wait(budget: float, since: float, low: float, high: float) -> float:
    """Return the wait for a reading that is equally likely anywhere between two.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock.
        low: [years] Earliest reading.
        high: [years] Latest reading; from there on the event never comes.
    """
    here = max(since, low)
    # Rounding must not carry an event to before the wait began.
    wait = max((high - (high - here) * exp(-budget)) - since, 0.0)
    return wait if here < high else math.inf


@compiled
def staircase_hazard(age: float, breaks: Floats, rates: Floats) -> float:
    """Return the rate of the stair on which an age lies; from a break on it is the new one."""
    return rates[np.searchsorted(breaks, age, side="right") - 1]


@compiled
def staircase_cumulative(start: float, stop: float, breaks: Floats, rates: Floats) -> float:
    """Return the cumulative hazard of a staircase between two ages."""
    stair = np.searchsorted(breaks, start, side="right") - 1
    here = start
    total = 0.0
    while stair + 1 < breaks.size and breaks[stair + 1] < stop:
        total += rates[stair] * (breaks[stair + 1] - here)
        here = breaks[stair + 1]
        stair += 1
    # A last stair that costs nothing may be endless.
    return total if rates[stair] == 0.0 else total + rates[stair] * (stop - here)


@compiled
def staircase_wait(budget: float, age: float, breaks: Floats, rates: Floats) -> float:
    """Return the wait under a hazard that is constant between breaks in age.

    The clock need not be age: with years AD for both, it is the calendar.

    Args:
        budget: [cumulative hazard] Positive.
        age: [years] Age at which the wait begins; at least ``breaks[0]``.
        breaks: [years] Age at which each stair begins. Shape (n,), rising.
        rates: [per person-year] Rate on each stair, none below zero. Shape
            (n,). The last stair has no end.
    """
    stair = np.searchsorted(breaks, age, side="right") - 1
    here = age
    while stair + 1 < breaks.size:
        price = rates[stair] * (breaks[stair + 1] - here)
        if price > budget:
            break
        budget -= price
        here = breaks[stair + 1]
        stair += 1
    # We stopped on a stair that costs something, or on the last one.
    if rates[stair] == 0.0:
        return math.inf
    return here - age + budget / rates[stair]


@compiled
def first_cell(
    start: float, born: float, breaks: Floats, first_year: int, n_years: int
) -> tuple[int, int]:
    """Return the year and the age band of the cell in which a walk over the Lexis plane begins."""
    # The first year holds before it, too.
    year = max(min(math.floor(start) - first_year, n_years - 1), 0)
    band = int(np.searchsorted(breaks, start - born, side="right")) - 1
    # Ages are rounded: the dates of birthdays decide, as they do on the way.
    while band + 1 < breaks.size and born + breaks[band + 1] <= start:
        band += 1
    while band > 0 and born + breaks[band] > start:
        band -= 1
    return year, band


@compiled
def cell_end(
    year: int, band: int, born: float, breaks: Floats, first_year: int, n_years: int
) -> tuple[float, int, int]:
    """Return where a walk leaves a cell, and the year and the age band of the next one.

    The last year and the last band have no end.
    """
    new_year = np.inf if year + 1 >= n_years else float(first_year + year + 1)
    birthday = np.inf if band + 1 >= breaks.size else born + breaks[band + 1]
    stop = min(new_year, birthday)
    return stop, year + (stop == new_year), band + (stop == birthday)


@compiled
def lexis_hazard(
    when: float, born: float, breaks: Floats, first_year: int, rates: NDArray[np.float64]
) -> float:
    """Return the rate of the cell of calendar year by age band in which a date lies."""
    year, band = first_cell(when, born, breaks, first_year, rates.shape[0])
    return rates[year, band]


@compiled
def lexis_cumulative(
    start: float,
    stop: float,
    born: float,
    breaks: Floats,
    first_year: int,
    rates: NDArray[np.float64],
) -> float:
    """Return the cumulative hazard between two dates, by calendar year and age band."""
    n_years = rates.shape[0]
    year, band = first_cell(start, born, breaks, first_year, n_years)
    here = start
    total = 0.0
    while here < stop:
        end, next_year, next_band = cell_end(year, band, born, breaks, first_year, n_years)
        if rates[year, band] > 0.0:
            total += rates[year, band] * (min(end, stop) - here)
        here, year, band = end, next_year, next_band
    return total


@compiled
def lexis_wait(
    budget: float,
    since: float,
    born: float,
    breaks: Floats,
    first_year: int,
    rates: NDArray[np.float64],
) -> float:
    """Return the wait under rates by calendar year and age band: a race of one clock.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years AD] Date from which one waits, at or after ``born`` and
            ``first_year``.
        born: [years AD] Time of birth.
        breaks: [years] Age at which each band begins, from 0. Shape (a,).
        first_year: [years AD] First calendar year of ``rates``.
        rates: [per person-year] None below zero. Shape (years, a). The last
            year holds for ever after, the last band has no end.
    """
    n_years = rates.shape[0]
    year, band = first_cell(since, born, breaks, first_year, n_years)
    here = since
    while here < np.inf:
        stop, next_year, next_band = cell_end(year, band, born, breaks, first_year, n_years)
        rate = rates[year, band]
        if rate > 0.0:
            price = rate * (stop - here)
            if budget < price:
                # Rounding must not carry an event over the edge of its cell.
                return min(here + budget / rate, stop) - since
            budget -= price
        here, year, band = stop, next_year, next_band
    return math.inf


@compiled
def lexis_race(
    budgets: Floats,
    born: float,
    start: float,
    breaks: Floats,
    first_year: int,
    rates: NDArray[np.float64],
    latent: Floats,
    terminal: int,
) -> int:
    """Let several clocks run over the Lexis plane until one that ends a life fires.

    Rates are constant in each cell of calendar year by age band. Every clock
    spends its own budget, so each latent time is what it would be alone; we
    only stop looking once the race is decided.

    Args:
        budgets: [cumulative hazard] One a clock; spent in place, to the end
            of the cell in which the race ends. ``inf`` silences a clock.
            Shape (k,).
        born: [years AD] Time of birth.
        start: [years AD] When the clocks start, at or after ``born`` and
            ``first_year``.
        breaks: [years] Age at which each band begins, from 0. Shape (a,).
        first_year: [years AD] First calendar year of ``rates``.
        rates: [per person-year] Shape (years, a, k). The last year holds for
            ever after, the last band has no end.
        latent: [years AD] Filled with the time at which each clock fired,
            ``inf`` for those that had not in the cell in which the race ended;
            a time may lie after the end. Shape (k,).
        terminal: The first ``terminal`` clocks end the race; later ones fire
            at most once and are only noted.

    Returns:
        The clock that fired first, or -1 if none of them ever fires.
    """
    n_years, _, n_clocks = rates.shape
    latent[:] = math.inf
    year, band = first_cell(start, born, breaks, first_year, n_years)
    here = start
    while True:
        stop, next_year, next_band = cell_end(year, band, born, breaks, first_year, n_years)
        winner = -1
        first = np.inf
        for clock in range(n_clocks):
            rate = rates[year, band, clock]
            if rate == 0.0 or budgets[clock] == np.inf:
                continue
            price = rate * (stop - here)
            if budgets[clock] >= price:
                budgets[clock] -= price
                continue
            # Rounding must not carry an event over the edge of its cell.
            when = min(here + budgets[clock] / rate, stop)
            latent[clock] = when
            budgets[clock] = np.inf
            if clock < terminal and (winner < 0 or when < first):
                first = when
                winner = clock
        if winner >= 0:
            return winner
        if stop == np.inf:
            return -1
        here, year, band = stop, next_year, next_band
