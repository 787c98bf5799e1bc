"""Waits drawn from cumulative hazards: exactly, with no time step.

A draw buys ``-log(u)`` of cumulative hazard, its *budget*; the event comes
when the budget is spent. Each family below spends it in closed form. A wait
is ``inf`` where the event never comes.

Source:
    devroye1986, chapter VI.2, inversion of the cumulative hazard.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.arithmetic import exp, expm1, log, log1p
from hailsham.engine.compiling import compiled

Floats = NDArray[np.float64]


@compiled
def exponential_wait(budget: float, rate: float) -> float:
    """Return the wait under a constant hazard.

    Args:
        budget: [cumulative hazard] Positive.
        rate: [per person-year] Not negative.
    """
    if rate <= 0.0:
        return math.inf
    return budget / rate


@compiled
def gompertz_hazard(age: float, level: float, slope: float) -> float:
    """Return ``level * exp(slope * age)`` [per person-year]."""
    return level * exp(slope * age)


@compiled
def gompertz_cumulative(start: float, stop: float, level: float, slope: float) -> float:
    """Return the cumulative hazard of a Gompertz law between two ages."""
    if slope == 0.0:
        return level * (stop - start)
    return level * exp(slope * start) * expm1(slope * (stop - start)) / slope


@compiled
def gompertz_wait(budget: float, age: float, level: float, slope: float) -> float:
    """Return the wait from an age under a Gompertz hazard of either slope.

    With a negative slope the whole life's hazard is finite, and a budget
    above it is never spent.

    Args:
        budget: [cumulative hazard] Positive.
        age: [years] Age at which the wait begins.
        level: [per person-year] Hazard at age 0, not negative.
        slope: [per year] Relative rise of the hazard.
    """
    if level <= 0.0:
        return math.inf
    now = level * exp(slope * age)
    if now == 0.0:
        return math.inf
    if slope == 0.0:
        return budget / now
    share = budget * slope / now
    if share <= -1.0:
        return math.inf
    return log1p(share) / slope


@compiled
def weibull_cumulative(start: float, stop: float, shape: float, scale: float) -> float:
    """Return ``(stop/scale)**shape - (start/scale)**shape``."""
    before = exp(shape * log(start / scale)) if start > 0.0 else 0.0
    after = exp(shape * log(stop / scale)) if stop > 0.0 else 0.0
    return after - before


@compiled
def weibull_wait(budget: float, since: float, shape: float, scale: float) -> float:
    """Return the wait under a Weibull hazard whose clock already shows ``since``.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock, not negative.
        shape: Positive; above 1 the hazard rises.
        scale: [years] Positive.
    """
    spent = exp(shape * log(since / scale)) if since > 0.0 else 0.0
    # Rounding must not carry an event to before the wait began.
    return max(scale * exp(log(spent + budget) / shape) - since, 0.0)


@compiled
def staircase_wait(budget: float, age: float, breaks: Floats, rates: Floats) -> float:
    """Return the wait under a hazard that is constant between breaks in age.

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
    n_years, n_bands, n_clocks = rates.shape
    latent[:] = math.inf
    year = min(np.int64(math.floor(start)) - first_year, n_years - 1)
    band = np.searchsorted(breaks, start - born, side="right") - 1
    # Ages are rounded: the dates of birthdays decide, as they do on the way.
    while band + 1 < n_bands and born + breaks[band + 1] <= start:
        band += 1
    while band > 0 and born + breaks[band] > start:
        band -= 1
    here = start
    while True:
        new_year = np.inf if year + 1 >= n_years else float(first_year + year + 1)
        birthday = np.inf if band + 1 >= n_bands else born + breaks[band + 1]
        stop = min(new_year, birthday)
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
        here = stop
        if stop == new_year:
            year += 1
        if stop == birthday:
            band += 1
