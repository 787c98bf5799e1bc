"""Every family of hazards again, in slow and readable Python: their specification.

Nothing here is compiled, and nothing is shared with the compiled parts but
coefficients and limits. Tests hold the two to the last bit.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from hailsham.engine import arithmetic as fitted
from hailsham.engine.families import special
from hailsham.engine.families.tabulated import LinearStaircase
from hailsham.engine.plain import (
    bend,
    exp,
    expm1,
    gompertz_wait,
    horner,
    lexis_cells,
    lgamma,
    log,
    log1p,
    stirling_rest,
)

# Algorithm AS 241, highest order first: above and below the line, by how far out the point lies.
_CENTRE_ABOVE = (
    *(2509.0809287301226727, 33430.575583588128105, 67265.770927008700853),
    *(45921.953931549871457, 13731.693765509461125, 1971.5909503065514427),
    *(133.14166789178437745, 3.387132872796366608),
)
_CENTRE_BELOW = (
    *(5226.495278852545925, 28729.085735721942674, 39307.89580009271061),
    *(21213.794301586595867, 5394.1960214247511077, 687.1870074920579083),
    *(42.313330701600911252, 1.0),
)
_FLANK_ABOVE = (
    *(7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177),
    *(1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055),
    *(4.6303378461565452959, 1.42343711074968357734),
)
_FLANK_BELOW = (
    *(1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966),
    *(0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494),
    *(2.05319162663775882187, 1.0),
)
_TAIL_ABOVE = (
    *(2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386),
    *(0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358),
    *(5.4637849111641143699, 6.6579046435011037772),
)
_TAIL_BELOW = (
    *(2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5),
    *(7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531),
    *(0.59983220655588793769, 1.0),
)


def rest_of_budget(budget: float, spent: float, factor: float) -> float:
    """Return what is left of a budget after part of a wait has been lived."""
    return max(budget - factor * spent, 0.0)


# ---------------------------------------------------------------- closed forms


def exponential_hazard(reading: float, rate: float) -> float:
    """Return ``rate``, whatever the clock shows."""
    return rate


def exponential_cumulative(start: float, stop: float, rate: float) -> float:
    """Return the cumulative hazard of a constant rate."""
    return rate * (stop - start)


def exponential_wait(budget: float, rate: float) -> float:
    """Return the wait under a constant hazard."""
    return math.inf if rate <= 0.0 else budget / rate


def gompertz_hazard(age: float, level: float, slope: float) -> float:
    """Return ``level * exp(slope * age)``."""
    return level * exp(slope * age)


def gompertz_cumulative(start: float, stop: float, level: float, slope: float) -> float:
    """Return the cumulative hazard of a Gompertz law."""
    if slope == 0.0:
        return level * (stop - start)
    return level * exp(slope * start) * expm1(slope * (stop - start)) / slope


def _at_start(shape: float, middle: float) -> float:
    """Return a hazard at reading 0 that is a power of the reading, ``middle`` for shape 1."""
    if shape == 1.0:
        return middle
    return math.inf if shape < 1.0 else 0.0


def weibull_hazard(reading: float, shape: float, scale: float) -> float:
    """Return ``shape / scale * (reading / scale)**(shape - 1)``."""
    if reading <= 0.0:
        return _at_start(shape, 1.0 / scale)
    return shape / scale * exp((shape - 1.0) * log(reading / scale))


def weibull_cumulative(start: float, stop: float, shape: float, scale: float) -> float:
    """Return ``(stop/scale)**shape - (start/scale)**shape``."""
    before, after = (exp(shape * log(x / scale)) if x > 0.0 else 0.0 for x in (start, stop))
    return after - before


def staircase_hazard(age: float, breaks: Sequence[float], rates: Sequence[float]) -> float:
    """Return the rate of the stair on which an age lies."""
    return rates[bisect_right(breaks, age) - 1]


def staircase_cumulative(
    start: float, stop: float, breaks: Sequence[float], rates: Sequence[float]
) -> float:
    """Return the cumulative hazard of a staircase between two ages."""
    here, total = start, 0.0
    for stair in range(bisect_right(breaks, start) - 1, len(breaks)):
        end = min(breaks[stair + 1], stop) if stair + 1 < len(breaks) else stop
        total += rates[stair] * (end - here) if rates[stair] > 0.0 else 0.0
        here = end
        if end == stop:
            break
    return total


Table = Sequence[Sequence[float]]


def lexis_hazard(
    when: float, born: float, breaks: Sequence[float], first_year: int, rates: Table
) -> float:
    """Return the rate of the cell in which a date lies."""
    year, band, _, _ = next(lexis_cells(born, when, breaks, first_year, len(rates)))
    return rates[year][band]


def lexis_cumulative(
    start: float, stop: float, born: float, breaks: Sequence[float], first_year: int, rates: Table
) -> float:
    """Return the cumulative hazard between two dates."""
    total = 0.0
    for year, band, here, end in lexis_cells(born, start, breaks, first_year, len(rates)):
        if here >= stop:
            break
        total += rates[year][band] * (min(end, stop) - here) if rates[year][band] > 0.0 else 0.0
    return total


def lexis_wait(
    budget: float, since: float, born: float, breaks: Sequence[float], first_year: int, rates: Table
) -> float:
    """Return the wait under rates by calendar year and age band."""
    for year, band, here, stop in lexis_cells(born, since, breaks, first_year, len(rates)):
        rate = rates[year][band]
        price = rate * (stop - here) if rate > 0.0 else 0.0
        if budget < price:
            return min(here + budget / rate, stop) - since
        budget -= price
    return math.inf


# ---------------------------------------------------------------- special functions


def _mills(z: float) -> float:
    """Return Mills' ratio of the normal distribution."""
    if z > special.FARTHEST:
        return 1.0 / z
    share = (z - special.MILLS_CENTRE) / (z + special.MILLS_CENTRE)
    return horner(share, special.MILLS[::-1]) / (z + special.MILLS_CENTRE)


def normal_spent(z: float) -> float:
    """Return ``-log(P(Z > z))``."""
    if abs(z) > special.FARTHEST:
        return math.inf if z > 0.0 else 0.0
    if z >= 0.0:
        return 0.5 * (z * z) + (fitted.HALF_LOG_TAU - log(_mills(z)))
    return -log1p(-exp(-0.5 * (z * z) - fitted.HALF_LOG_TAU) * _mills(-z))


def normal_hazard(z: float) -> float:
    """Return the density of a standard normal over its survival."""
    if z >= 0.0:
        return 1.0 / _mills(z)
    if z < -special.FARTHEST:
        return 0.0
    density = exp(-0.5 * (z * z) - fitted.HALF_LOG_TAU)
    return density / (1.0 - density * _mills(-z))


def _ratio(x: float, above: Sequence[float], below: Sequence[float]) -> float:
    """Return a ratio of polynomials, their coefficients highest order first."""
    return horner(x, above[::-1]) / horner(x, below[::-1])


def _normal_flank(root: float) -> float:
    """Return the normal point beyond which ``exp(-root**2)`` lies."""
    if root <= 5.0:
        return _ratio(root - 1.6, _FLANK_ABOVE, _FLANK_BELOW)
    return _ratio(root - 5.0, _TAIL_ABOVE, _TAIL_BELOW)


def normal_quantile(p: float) -> float:
    """Return the standard normal quantile."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, _CENTRE_ABOVE, _CENTRE_BELOW)
    value = _normal_flank(math.sqrt(-log(min(p, 1.0 - p))))
    return math.copysign(value, q)


def normal_point(spent: float) -> float:
    """Return the point at which ``normal_spent`` is this."""
    if not 0.0 < spent < math.inf:
        return math.inf if spent > 0.0 else -math.inf
    if spent < special.FLANK:
        return normal_quantile(-expm1(-spent))
    if spent <= special.FLANK_END:
        return _normal_flank(math.sqrt(spent))
    z = math.sqrt(2.0 * spent)
    for _ in range(4):
        z -= (normal_spent(z) - spent) * _mills(z)
    return z


def _gamma_front(shape: float, x: float) -> float:
    """Return ``log(x**shape * exp(-x) / gamma(shape + 1))``."""
    if shape < special.LARGE_SHAPE:
        return shape * log(x) - x - lgamma(shape + 1.0)
    beyond = (x - shape) / shape
    gap = bend(beyond) if -0.29 < beyond < 0.41 else beyond - log(x / shape)
    return -shape * gap - (fitted.HALF_LOG_TAU + 0.5 * log(shape) + stirling_rest(shape))


def _gamma_series(shape: float, x: float) -> float:
    """Return ``1 + x / (shape + 1) + x**2 / (shape + 1) / (shape + 2) + ...``."""
    term = total = 1.0
    below = shape
    while term > special.ROUNDING * total:
        below += 1.0
        term *= x / below
        total += term
    return total


def _gamma_fraction(shape: float, x: float) -> float:
    """Return the continued fraction of ``survival / density / x``, by Lentz's method."""
    foot = x + 1.0 - shape
    above, below = 1.0 / special.NEVER_ZERO, 1.0 / foot
    value, change, term = below, 0.0, 0.0
    while abs(change - 1.0) > 2.0 * special.ROUNDING:
        term += 1.0
        factor = -term * (term - shape)
        foot += 2.0
        below = 1.0 / ((factor * below + foot) or special.NEVER_ZERO)
        above = (foot + factor / above) or special.NEVER_ZERO
        change = below * above
        value *= change
    return value


def gamma_spent_and_hazard(shape: float, x: float) -> tuple[float, float]:
    """Return ``-log(P(X > x))`` of a gamma variable of scale 1, and its hazard."""
    if x <= 0.0:
        return 0.0, _at_start(shape, 1.0)
    if x == math.inf:
        return math.inf, 1.0
    front = _gamma_front(shape, x)
    if x >= shape + 1.0:
        fraction = _gamma_fraction(shape, x)
        return -(front + log(shape * fraction)), 1.0 / (x * fraction)
    density = exp(front)
    died = density * _gamma_series(shape, x)
    return -log1p(-died), density * (shape / x) / (1.0 - died)


def _gamma_start(shape: float, spent: float, least: float) -> float:
    """Return a first guess at the point of a gamma variable."""
    if shape < 1.0:
        return max(least, spent) if spent > 1.0 else least
    narrow = 1.0 / (9.0 * shape)
    root = 1.0 - narrow + normal_point(spent) * math.sqrt(narrow)
    return max(least, shape * root * root * root) if root > 0.0 else least


def gamma_point(shape: float, spent: float) -> float:
    """Return the point at which ``-log(P(X > x))`` is this."""
    if not 0.0 < spent < math.inf:
        return math.inf if spent > 0.0 else 0.0
    least = exp((log(-expm1(-spent)) + lgamma(shape + 1.0)) / shape)
    if least < special.ROUNDING:
        return least
    low, high = 0.9 * least, math.inf
    x = _gamma_start(shape, spent, least)
    for _ in range(special.STEPS):
        so_far, hazard = gamma_spent_and_hazard(shape, x)
        low, high = (low, x) if so_far > spent else (x, high)
        step = log(so_far / spent) * so_far / (x * hazard)
        x *= exp(-step)
        if abs(step) < special.STILL:
            break
        if not low < x < high:
            x = math.sqrt(low) * math.sqrt(high) if high < math.inf else 2.0 * low
    return x


# ---------------------------------------------------------------- inverted


def gompertz_makeham_hazard(age: float, level: float, slope: float, constant: float) -> float:
    """Return ``level * exp(slope * age) + constant``."""
    return gompertz_hazard(age, level, slope) + constant


def gompertz_makeham_cumulative(
    start: float, stop: float, level: float, slope: float, constant: float
) -> float:
    """Return the cumulative hazard of a Gompertz-Makeham law."""
    return gompertz_cumulative(start, stop, level, slope) + constant * (stop - start)


def gompertz_makeham_wait(
    budget: float, age: float, level: float, slope: float, constant: float
) -> float:
    """Return the wait under a Gompertz hazard and a constant one together."""
    if constant <= 0.0:
        return gompertz_wait(budget, age, level, slope)
    now = level * exp(slope * age) if level > 0.0 else 0.0
    if now == 0.0 or slope == 0.0:
        return budget / (now + constant)
    if slope > 0.0:
        wait = min(budget / constant, log1p(budget * slope / now) / slope)
    else:
        wait = max(budget / (now + constant), (budget + now / slope) / constant)
    for _ in range(special.STEPS):
        grown = now * expm1(slope * wait)
        step = (grown / slope + constant * wait - budget) / (now + grown + constant)
        if not math.copysign(1.0, slope) * step > 0.0:
            break
        wait -= step
        if abs(step) <= special.STILL * wait:
            break
    return wait


def log_logistic_hazard(reading: float, shape: float, scale: float) -> float:
    """Return the hazard of a log-logistic wait."""
    if reading <= 0.0:
        return _at_start(shape, 1.0 / scale)
    return shape / (reading * (1.0 + exp(-shape * log(reading / scale))))


def _log_logistic_spent(reading: float, shape: float, scale: float) -> float:
    """Return ``log(1 + (reading / scale)**shape)``."""
    if reading <= 0.0:
        return 0.0
    power = shape * log(reading / scale)
    return log1p(exp(power)) if power < 40.0 else power


def _log_logistic_reading(spent: float, shape: float, scale: float) -> float:
    """Return the reading at which this much is spent."""
    power = log(expm1(spent)) if spent < 40.0 else spent
    return scale * exp(power / shape)


def _log_normal_spent(reading: float, median: float, spread: float) -> float:
    """Return minus the logarithm of the share that waits longer."""
    return normal_spent(log(reading / median) / spread) if reading > 0.0 else 0.0


def _log_normal_reading(spent: float, median: float, spread: float) -> float:
    """Return the reading at which this much is spent."""
    return median * exp(spread * normal_point(spent))


def log_normal_hazard(reading: float, median: float, spread: float) -> float:
    """Return the hazard of a log-normal wait."""
    if reading <= 0.0:
        return 0.0
    return normal_hazard(log(reading / median) / spread) / (spread * reading)


def _gamma_spent(reading: float, shape: float, scale: float) -> float:
    """Return minus the logarithm of the share that waits longer."""
    return gamma_spent_and_hazard(shape, reading / scale)[0]


def _gamma_reading(spent: float, shape: float, scale: float) -> float:
    """Return the reading at which this much is spent."""
    return scale * gamma_point(shape, spent)


def gamma_hazard(reading: float, shape: float, scale: float) -> float:
    """Return the hazard of a gamma wait."""
    return gamma_spent_and_hazard(shape, reading / scale)[1] / scale


Spent = Callable[[float, float, float], float]


def _difference(spent: Spent) -> Callable[[float, float, float, float], float]:
    """Return the cumulative hazard between two readings, from that since reading 0."""
    return lambda start, stop, a, b: spent(stop, a, b) - spent(start, a, b)


def _inverse(spent: Spent, reading: Spent) -> Callable[[float, float, float, float], float]:
    """Return the wait from a reading: to where all is spent, less what the clock shows."""
    return lambda budget, since, a, b: max(reading(spent(since, a, b) + budget, a, b) - since, 0.0)


log_logistic_cumulative = _difference(_log_logistic_spent)
log_logistic_wait = _inverse(_log_logistic_spent, _log_logistic_reading)
log_normal_cumulative = _difference(_log_normal_spent)
log_normal_wait = _inverse(_log_normal_spent, _log_normal_reading)
gamma_cumulative = _difference(_gamma_spent)
gamma_wait = _inverse(_gamma_spent, _gamma_reading)


# ---------------------------------------------------------------- tabulated


def _line(reading: float, stairs: LinearStaircase) -> tuple[int, float, float, float]:
    """Return the ramp of a reading, the hazard where it begins, its slope, and years on it."""
    knots = stairs.knots.tolist()
    ramp = max(bisect_right(knots, reading) - 1, 0)
    left, right = float(stairs.starts[ramp]), float(stairs.ends[ramp])
    is_last = ramp + 1 == len(knots)
    slope = 0.0 if is_last else (right - left) / (knots[ramp + 1] - knots[ramp])
    return ramp, left, slope, reading - knots[ramp]


def linear_staircase_hazard(reading: float, stairs: LinearStaircase) -> float:
    """Return the hazard at a reading."""
    _, left, slope, years = _line(reading, stairs)
    return left + slope * years


def _linear_spent(reading: float, stairs: LinearStaircase) -> float:
    """Return the cumulative hazard from the first knot to a reading."""
    ramp, left, slope, years = _line(reading, stairs)
    return float(stairs.spent[ramp]) + (left + 0.5 * slope * years) * years


def linear_staircase_cumulative(start: float, stop: float, stairs: LinearStaircase) -> float:
    """Return the cumulative hazard between two readings."""
    return _linear_spent(stop, stairs) - _linear_spent(start, stairs)


def linear_staircase_wait(budget: float, since: float, stairs: LinearStaircase) -> float:
    """Return the wait under a linear staircase whose clock already shows ``since``."""
    total = _linear_spent(since, stairs) + budget
    spent, knots = stairs.spent.tolist(), stairs.knots.tolist()
    # Before its knot, the first ramp holds.
    ramp = max(bisect_right(spent, total) - 1, 0)
    _, left, slope, _ = _line(knots[ramp], stairs)
    rest = total - spent[ramp]
    if ramp + 1 == len(knots):
        return max(knots[ramp] + rest / left - since, 0.0) if left > 0.0 else math.inf
    right = math.sqrt(max(left * left + 2.0 * slope * rest, 0.0)) if slope else left
    root = left + right
    years = 2.0 * rest / root if root > 0.0 else math.inf
    return max(min(knots[ramp] + years, knots[ramp + 1]) - since, 0.0)
