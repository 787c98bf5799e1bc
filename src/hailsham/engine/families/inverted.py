"""Waits whose cumulative hazard is inverted by Newton's rule or by special functions.

The same three functions a family as in ``hazards``. Every inverse follows a
fixed rule in plain IEEE operations, so its bits are the same everywhere. A
wait spends its budget to within a few units in the last place of all that is
spent from reading 0 on: what was spent before limits what can be told apart.

Source:
    devroye1986, chapter VI.2, inversion of the cumulative hazard.
    kleinmoeschberger2003, chapter 2, for the families.
"""

from __future__ import annotations

import math

from hailsham.engine.arithmetic import exp, expm1, log, log1p
from hailsham.engine.compiling import compiled
from hailsham.engine.families.special import (
    STEPS,
    STILL,
    gamma_point,
    gamma_spent_and_hazard,
    normal_hazard,
    normal_point,
    normal_spent,
)
from hailsham.engine.hazards import gompertz_cumulative, gompertz_hazard, gompertz_wait

ONE_LESS = 40.0  # exp(40) - 1 and exp(40) are the same double


@compiled
def gompertz_makeham_hazard(age: float, level: float, slope: float, constant: float) -> float:
    """Return ``level * exp(slope * age) + constant`` [per person-year]."""
    return gompertz_hazard(age, level, slope) + constant


@compiled
def gompertz_makeham_cumulative(
    start: float, stop: float, level: float, slope: float, constant: float
) -> float:
    """Return the cumulative hazard of a Gompertz-Makeham law between two ages."""
    return gompertz_cumulative(start, stop, level, slope) + constant * (stop - start)


@compiled
def _gompertz_makeham_start(budget: float, now: float, slope: float, constant: float) -> float:
    """Return a wait from which Newton's rule walks one way only.

    A rising hazard bends the sum upwards, and one starts too late; a falling
    one bends it downwards, and one starts too early.
    """
    if slope > 0.0:
        return min(budget / constant, log1p(budget * slope / now) / slope)
    return max(budget / (now + constant), (budget + now / slope) / constant)


@compiled
def gompertz_makeham_wait(
    budget: float, age: float, level: float, slope: float, constant: float
) -> float:
    """Return the wait from an age under a Gompertz hazard and a constant one together.

    Args:
        budget: [cumulative hazard] Positive.
        age: [years] Age at which the wait begins.
        level: [per person-year] Gompertz hazard at age 0, not negative.
        slope: [per year] Relative rise of the Gompertz hazard, of either sign.
        constant: [per person-year] Hazard that does not depend on age, not
            negative.
    """
    if constant <= 0.0:
        return gompertz_wait(budget, age, level, slope)
    now = level * exp(slope * age) if level > 0.0 else 0.0
    if now == 0.0 or slope == 0.0:
        return budget / (now + constant)
    wait = _gompertz_makeham_start(budget, now, slope, constant)
    rising = slope > 0.0
    for _ in range(STEPS):
        grown = now * expm1(slope * wait)
        gap = grown / slope + constant * wait - budget
        step = gap / (now + grown + constant)
        # Beyond the answer there is nothing left but rounding.
        if not (step > 0.0 if rising else step < 0.0):
            break
        wait -= step
        if abs(step) <= STILL * wait:
            break
    return wait


@compiled
def log_logistic_hazard(reading: float, shape: float, scale: float) -> float:
    """Return the hazard of a log-logistic wait [per person-year].

    That is ``shape / reading`` times ``(reading / scale)**shape`` over itself
    plus one. It rises and falls again where the shape is above 1.
    """
    if reading <= 0.0:
        at_start = math.inf if shape < 1.0 else 0.0
        return 1.0 / scale if shape == 1.0 else at_start
    odds_against = exp(-shape * log(reading / scale))
    return shape / (reading * (1.0 + odds_against))


@compiled
def _log_logistic_spent(reading: float, shape: float, scale: float) -> float:
    """Return ``log(1 + (reading / scale)**shape)``."""
    if reading <= 0.0:
        return 0.0
    power = shape * log(reading / scale)
    return log1p(exp(power)) if power < ONE_LESS else power


@compiled
def log_logistic_cumulative(start: float, stop: float, shape: float, scale: float) -> float:
    """Return the cumulative hazard of a log-logistic wait between two readings."""
    return _log_logistic_spent(stop, shape, scale) - _log_logistic_spent(start, shape, scale)


@compiled
def log_logistic_wait(budget: float, since: float, shape: float, scale: float) -> float:
    """Return the wait under a log-logistic hazard whose clock already shows ``since``.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock, not negative.
        shape: Positive; above 1 the hazard rises before it falls.
        scale: [years] The median wait from 0, positive.
    """
    spent = _log_logistic_spent(since, shape, scale) + budget
    power = log(expm1(spent)) if spent < ONE_LESS else spent
    # Rounding must not carry an event to before the wait began.
    return max(scale * exp(power / shape) - since, 0.0)


@compiled
def log_normal_hazard(reading: float, median: float, spread: float) -> float:
    """Return the hazard of a log-normal wait [per person-year]; it rises and falls again."""
    if reading <= 0.0:
        return 0.0
    return normal_hazard(log(reading / median) / spread) / (spread * reading)


@compiled
def _log_normal_spent(reading: float, median: float, spread: float) -> float:
    """Return minus the logarithm of the share that waits longer."""
    if reading <= 0.0:
        return 0.0
    return normal_spent(log(reading / median) / spread)


@compiled
def log_normal_cumulative(start: float, stop: float, median: float, spread: float) -> float:
    """Return the cumulative hazard of a log-normal wait between two readings."""
    return _log_normal_spent(stop, median, spread) - _log_normal_spent(start, median, spread)


@compiled
def log_normal_wait(budget: float, since: float, median: float, spread: float) -> float:
    """Return the wait under a log-normal hazard whose clock already shows ``since``.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock, not negative.
        median: [years] The median wait from 0, positive.
        spread: Standard deviation of the logarithm of the wait, positive.
    """
    z = normal_point(_log_normal_spent(since, median, spread) + budget)
    # Rounding must not carry an event to before the wait began.
    return max(median * exp(spread * z) - since, 0.0)


@compiled
def gamma_hazard(reading: float, shape: float, scale: float) -> float:
    """Return the hazard of a gamma wait [per person-year]; it tends to ``1 / scale``."""
    _, hazard = gamma_spent_and_hazard(shape, reading / scale)
    return hazard / scale


@compiled
def gamma_cumulative(start: float, stop: float, shape: float, scale: float) -> float:
    """Return the cumulative hazard of a gamma wait between two readings."""
    before, _ = gamma_spent_and_hazard(shape, start / scale)
    after, _ = gamma_spent_and_hazard(shape, stop / scale)
    return after - before


@compiled
def gamma_wait(budget: float, since: float, shape: float, scale: float) -> float:
    """Return the wait under a gamma hazard whose clock already shows ``since``.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock, not negative.
        shape: Positive; a whole number counts exponential waits in a row.
        scale: [years] Mean wait over ``shape``, positive.
    """
    spent, _ = gamma_spent_and_hazard(shape, since / scale)
    # Rounding must not carry an event to before the wait began.
    return max(scale * gamma_point(shape, spent + budget) - since, 0.0)
