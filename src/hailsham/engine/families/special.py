"""Log-survival of the normal and the gamma distribution, and its inverse.

A cumulative hazard is minus the logarithm of a survival, and it must keep its
digits where survival is near 1 and where it is far below the smallest double.
So nothing here goes through a probability that could lose them: every
function takes or gives the logarithm, written below as ``spent``, the
cumulative hazard itself. All of it is plain IEEE operations.

Source:
    dlmf2010, sections 7.8 and 8.9 to 8.11: Mills' ratio, series, continued fraction.
    loader2000: the exponent of a gamma density without cancellation.
    The coefficients of Mills' ratio are our own Chebyshev fit.
"""

from __future__ import annotations

import math

from hailsham.engine.arithmetic import (
    HALF_LOG_TAU,
    bend,
    exp,
    expm1,
    lgamma,
    log,
    log1p,
    polynomial,
    stirling_rest,
)
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import normal_flank, normal_quantile

MILLS_CENTRE = 4.0
# mills(z) * (z + 4) as a polynomial in (z - 4) / (z + 4); error below 6e-17. Highest order first.
MILLS = (
    *(-1.1142304468538598e-10, 2.9318850569829626e-10, 1.5771902324658132e-09),
    *(-2.1331575291950764e-09, -1.1432694669369258e-08, 3.5668177250187526e-09),
    *(5.7194212560144374e-08, 3.671387648794802e-08, -2.215012046413035e-07),
    *(-3.9233410955734085e-07, 6.857014664746279e-07, 2.5632066787271e-06),
    *(-1.5801351591332873e-06, -1.4840722410591608e-05, 1.796865152176993e-06),
    *(8.809494030210194e-05, -4.783371471739998e-06, -0.0005792691447232553),
    *(0.0003342446319918496, 0.00408785566120974, -0.00872229527563828),
    *(-0.018900450860311953, 0.1513917623125061, -0.4675409629983779),
    *(0.9704095548675873, -1.523770910819983, 1.8932190633084853),
)
FARTHEST = 1e150  # beyond it the square of a normal point is no double
FLANK = 2.59  # log survival where the inverse changes its formula: exp(-2.59) = 0.075
FLANK_END = 700.0  # where the fit of the inverse ends and Newton's rule takes over
LARGE_SHAPE = 10.0  # from here on gamma densities are taken from Stirling's formula
STILL = 1e-10  # a relative step of Newton's rule after which the next is below rounding
STEPS = 60  # more steps than any input in the tests has needed
ROUNDING = 2.0**-54
NEVER_ZERO = 1e-300  # what Lentz's method puts in the place of a zero


@compiled
def mills(z: float) -> float:
    """Return Mills' ratio, the survival of the normal over its density, for ``z`` from 0 on."""
    if z > FARTHEST:
        return 1.0 / z
    share = (z - MILLS_CENTRE) / (z + MILLS_CENTRE)
    return polynomial(share, MILLS) / (z + MILLS_CENTRE)


@compiled
def normal_spent(z: float) -> float:
    """Return ``-log(P(Z > z))`` of a standard normal, with all its digits on both sides."""
    if z > FARTHEST:
        return math.inf
    if z >= 0.0:
        return 0.5 * (z * z) + (HALF_LOG_TAU - log(mills(z)))
    if z < -FARTHEST:
        return 0.0
    return -log1p(-exp(-0.5 * (z * z) - HALF_LOG_TAU) * mills(-z))


@compiled
def normal_hazard(z: float) -> float:
    """Return the density of a standard normal over its survival."""
    if z >= 0.0:
        return 1.0 / mills(z)
    if z < -FARTHEST:
        return 0.0
    density = exp(-0.5 * (z * z) - HALF_LOG_TAU)
    return density / (1.0 - density * mills(-z))


@compiled
def normal_point(spent: float) -> float:
    """Return the ``z`` at which ``normal_spent`` is this, ``-inf`` at 0."""
    if not spent > 0.0:
        return -math.inf
    if spent < FLANK:
        return normal_quantile(-expm1(-spent))
    if spent <= FLANK_END:
        return normal_flank(math.sqrt(spent))
    if spent == math.inf:
        return spent
    z = math.sqrt(2.0 * spent)
    # The curve is nearly a parabola here: four steps reach the last digit.
    for _ in range(4):
        z = z - (normal_spent(z) - spent) * mills(z)
    return z


@compiled
def _gamma_front(shape: float, x: float) -> float:
    """Return ``log(x**shape * exp(-x) / gamma(shape + 1))``.

    For large shapes the three terms nearly cancel; Stirling's formula leaves
    only what their difference is made of.
    """
    if shape < LARGE_SHAPE:
        return shape * log(x) - x - lgamma(shape + 1.0)
    beyond = (x - shape) / shape
    gap = bend(beyond) if -0.29 < beyond < 0.41 else beyond - log(x / shape)
    return -shape * gap - (HALF_LOG_TAU + 0.5 * log(shape) + stirling_rest(shape))


@compiled
def _gamma_series(shape: float, x: float) -> float:
    """Return ``1 + x / (shape + 1) + x**2 / (shape + 1) / (shape + 2) + ...``."""
    term = 1.0
    total = 1.0
    below = shape
    while term > ROUNDING * total:
        below += 1.0
        term *= x / below
        total += term
    return total


@compiled
def _gamma_fraction(shape: float, x: float) -> float:
    """Return the continued fraction of ``survival / density / x``, for ``x > shape``.

    Source:
        lentz1976, as modified by Thompson and Barnett.
    """
    foot = x + 1.0 - shape
    above = 1.0 / NEVER_ZERO
    below = 1.0 / foot
    value = below
    change = 0.0
    term = 0.0
    while abs(change - 1.0) > 2.0 * ROUNDING:
        term += 1.0
        factor = -term * (term - shape)
        foot += 2.0
        below = factor * below + foot
        if below == 0.0:
            below = NEVER_ZERO
        above = foot + factor / above
        if above == 0.0:
            above = NEVER_ZERO
        below = 1.0 / below
        change = below * above
        value *= change
    return value


@compiled
def gamma_spent_and_hazard(shape: float, x: float) -> tuple[float, float]:
    """Return ``-log(P(X > x))`` of a gamma variable of scale 1, and its hazard.

    Args:
        shape: Positive.
        x: Not negative.
    """
    if x <= 0.0:
        at_start = math.inf if shape < 1.0 else 0.0
        return 0.0, 1.0 if shape == 1.0 else at_start
    if x == math.inf:
        return math.inf, 1.0
    front = _gamma_front(shape, x)
    if x < shape + 1.0:
        density = exp(front)
        died = density * _gamma_series(shape, x)
        return -log1p(-died), density * (shape / x) / (1.0 - died)
    fraction = _gamma_fraction(shape, x)
    return -(front + log(shape * fraction)), 1.0 / (x * fraction)


@compiled
def gamma_lower(shape: float, x: float) -> float:
    """Return the regularised incomplete gamma function P: the share up to ``x``."""
    spent, _ = gamma_spent_and_hazard(shape, x)
    return -expm1(-spent)


@compiled
def gamma_upper(shape: float, x: float) -> float:
    """Return the regularised incomplete gamma function Q: the share beyond ``x``."""
    spent, _ = gamma_spent_and_hazard(shape, x)
    return exp(-spent)


@compiled
def _gamma_start(shape: float, spent: float, least: float) -> float:
    """Return a first guess at the point of a gamma variable, not below ``least``."""
    if shape < 1.0:
        return max(least, spent) if spent > 1.0 else least
    # The cube root of a gamma variable is nearly normal.
    narrow = 1.0 / (9.0 * shape)
    root = 1.0 - narrow + normal_point(spent) * math.sqrt(narrow)
    return max(least, shape * root * root * root) if root > 0.0 else least


@compiled
def gamma_point(shape: float, spent: float) -> float:
    """Return the ``x`` at which ``-log(P(X > x))`` is this, 0 at 0.

    Newton's rule on the logarithms of both sides, whose curve is nearly
    straight; a step that leaves what is known to hold the answer is replaced
    by halving.

    Source:
        wilson1931 for the first guess.
    """
    if not spent > 0.0:
        return 0.0
    if spent == math.inf:
        return spent
    # The series begins with x**shape / gamma(shape + 1), and its sum is below that.
    least = exp((log(-expm1(-spent)) + lgamma(shape + 1.0)) / shape)
    if least < ROUNDING:
        return least
    low = 0.9 * least
    high = math.inf
    x = _gamma_start(shape, spent, least)
    for _ in range(STEPS):
        so_far, hazard = gamma_spent_and_hazard(shape, x)
        if so_far > spent:
            high = x
        else:
            low = x
        step = log(so_far / spent) * so_far / (x * hazard)
        x = x * exp(-step)
        if abs(step) < STILL:
            break
        if not low < x < high:
            x = math.sqrt(low) * math.sqrt(high) if high < math.inf else 2.0 * low
    return x
