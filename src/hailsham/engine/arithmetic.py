"""Logarithms, exponentials and log-gamma in plain IEEE operations: the same bits everywhere.

``math.log`` differs in its last bits from one C library to the next, and with
it every time that is drawn from it. These use only additions,
multiplications, divisions and the bit patterns of numbers, which IEEE 754 fixes
completely. Errors stay within 2 units in the last place (measured in
``tests/unit/engine/test_arithmetic.py``, tabulated in the guide).

Source:
    muller2016, chapters 4 and 11: range reduction and polynomial evaluation.
    dlmf2010, section 5.11: the expansion of log-gamma at large arguments.
    The coefficients are our own Chebyshev fits.
"""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.compiling import compiled, compiled_inline

LN2_HIGH = 0.6931471526622772  # the first 24 bits of ln 2: small multiples of it are exact
LN2_LOW = 2.7897668087737545e-08  # the rest of ln 2
LOG2_E = 1.4426950408889634
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding and removing it rounds to an integer
SQRT_HALF = 0.7071067811865476
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
ROOT_BITS = np.int64(0x3FE6A09E667F3BCD)  # of SQRT_HALF
BIAS = 1023
TWO_1022 = 4.49423283715579e307  # the reciprocal of SMALLEST_NORMAL
EXP_HIGH = 710.0  # exp is infinite from here on
EXP_LOW = -746.0  # exp is zero from here down
EXP_WITHIN = 700.0  # so far from 0 exp is a normal number

# 2 atanh(s) = 2 s + s z R(z) with z = s * s; relative error below 5e-18.
R0, R1, R2, R3 = 0.666666666666667, 0.3999999999989889, 0.28571428626253836, 0.22222211089379496
R4, R5, R6 = 0.1818289243253687, 0.15331611722055008, 0.14617807153417325
# exp(r) = 1 + r + r * r Q(r) for |r| <= ln(2) / 2; error below 2e-17.
Q0, Q1, Q2 = 0.5000000000000001, 0.16666666666666669, 0.04166666666662413
Q3, Q4, Q5 = 0.008333333333330062, 0.0013888888917213717, 0.00019841269863053618
Q6, Q7, Q8 = 2.4801521295954376e-05, 2.7557268459997064e-06, 2.7620088445409746e-07
Q9 = 2.510038549551032e-08

# Log-gamma has zeros at 1 and 2, and a trough between them. Highest order first.
TROUGH = 0.46163214496836236  # the trough lies at 1 + this,
BOTTOM = -0.12148629053584961  # and is this deep.
# lgamma(1 + y) = y * polynomial, |y| <= 1/4; error below 2.1e-17.
NEAR_ONE = (
    *(0.0668720785318785, -0.07029484756388002, 0.05319051602021362, -0.056348328950397764),
    *(0.06267952792218533, -0.06685559490235758, 0.0714248883747205, -0.07692408371902587),
    *(0.08335406432754498, -0.09095425132658988, 0.10009945374190689, -0.11133426192355116),
    *(0.1255096695611593, -0.1440498968069531, 0.16955717699722989, -0.2073855510284874),
    *(0.27058080842778487, -0.40068563438653176, 0.8224670334241132, -0.5772156649015329),
)
# lgamma(1 + TROUGH + u) = BOTTOM + u * u * polynomial, -0.22 <= u <= 0.29; error below 1e-17.
NEAR_TROUGH = (
    *(-6.93323849923726e-05, 0.0001503211660511704, -0.00022923418217560485),
    *(0.0003518901697351938, -0.0005538726082030451, 0.0008782128070501013),
    *(-0.001402262812119414, 0.002259765789714033, -0.0036845693926115084),
    *(0.006100536001491308, -0.010314223038775638, 0.017970675115374493),
    *(-0.03278854108847167, 0.06462494023891224, -0.1475877229945307, 0.4838361227238106),
)
# lgamma(2 + v) = v * polynomial, -1/4 <= v <= 1/2; error below 1.9e-17.
NEAR_TWO = (
    *(-1.9137481138931194e-07, 8.146857411328497e-07, -2.033222002556283e-06),
    *(4.401747176774683e-06, -9.448239980847604e-06, 2.050603909075447e-05),
    *(-4.4925295495177624e-05, 9.945747595707572e-05, -0.00022315480179108306),
    *(0.000509669529008515, -0.0011927539107169025, 0.0028905103306234585),
    *(-0.0073855510286848, 0.020580808427785754, -0.06735230105319805),
    *(0.3224670334241132, 0.42278433509846713),
)
# What Stirling's formula leaves: polynomial(1 / x**2) / x, x >= 8; error below 1e-18.
STIRLING = (
    *(-0.020855820837463117, 0.0062081367662297935, -0.001914965912162907),
    *(0.0008417325268022405, -0.0005952380234291254, 0.0007936507935117282),
    *(-0.0027777777777776747, 0.08333333333333333),
)
HALF_LOG_TAU = 0.9189385332046728  # log(2 pi) / 2
HALF_LOG_TAU_LESS_HALF = 0.4189385332046727
LGAMMA_HIGH = 2.5e305  # log-gamma is infinite from a little above here on


@compiled_inline
def log(x: float) -> float:
    """Return the natural logarithm; ``-inf`` at 0, ``nan`` below.

    ``x`` is split as ``2**k * m`` with ``m`` near 1; the logarithm of ``m``
    is an odd series in ``(m - 1) / (m + 1)``, arranged so that the exact
    ``m - 1`` carries most of the result.
    """
    # Every case is worked out and one is chosen: a loop without branches runs in vectors.
    is_tiny = x < SMALLEST_NORMAL
    value = log_normal_number(x * TWO_54 if is_tiny else x, -54.0 if is_tiny else 0.0)
    value = value if x < math.inf else x
    value = -math.inf if x == 0.0 else value
    return math.nan if x < 0.0 else value


@compiled_inline
def log_normal_number(x: float, shift: float = 0.0) -> float:
    """Return ``log(2**shift * x)`` of a positive, finite ``x`` that is not subnormal.

    The same bits as ``log``, without its special cases; for loops in which
    there are none.
    """
    k, f = _parts(x)
    return log_of_parts(float(k) + shift, f, f / (2.0 + f))


@compiled_inline
def log_of_parts(k: float, f: float, s: float) -> float:
    """Return ``log(2**k * (1 + f))``, given ``s = f / (2 + f)``; an infinite ``k`` is returned."""
    return float(k * LN2_HIGH - ((_bend(f, s) - k * LN2_LOW) - f))


@compiled_inline
def _parts(x: float) -> tuple[int, float]:
    """Return ``(k, f)`` with ``x = 2**k * (1 + f)`` exactly, ``1 + f`` near 1; ``x`` is normal.

    Counted from the bits of the root of 1/2, exponents and fractions come out so at once.
    """
    bits = np.int64(np.float64(x).view(np.int64) - ROOT_BITS)
    m = np.int64((bits & MANTISSA) + ROOT_BITS).view(np.float64)
    return int(bits >> 52), m - 1.0


@compiled_inline
def bend(f: float) -> float:
    """Return ``f - log(1 + f)`` with all its digits, for ``1 + f`` in [0.7, 1.42]."""
    return _bend(f, f / (2.0 + f))


@compiled_inline
def _bend(f: float, s: float) -> float:
    """Return ``f - log(1 + f)``, given ``s = f / (2 + f)``."""
    z = s * s
    r = z * (R0 + z * (R1 + z * (R2 + z * (R3 + z * (R4 + z * (R5 + z * R6))))))
    return s * (f - r)


@compiled_inline
def _reduced(x: float) -> tuple[float, float]:
    """Return ``(n, exp(x - n ln 2) - 1)`` for moderate ``x``, with ``n`` whole."""
    n = (x * LOG2_E + ROUNDER) - ROUNDER
    exact = x - n * LN2_HIGH
    r = exact - n * LN2_LOW
    # What rounding took from r, put back to first order.
    lost = (exact - r) - n * LN2_LOW
    high = Q4 + r * (Q5 + r * (Q6 + r * (Q7 + r * (Q8 + r * Q9))))
    q = Q0 + r * (Q1 + r * (Q2 + r * (Q3 + r * high)))
    return n, r + (r * r * q + lost)


@compiled_inline
def _power_of_two(n: int) -> float:
    """Return ``2.0**n`` for a normal result, by writing its exponent."""
    return float(np.uint64(np.uint64(n + BIAS) << np.uint64(52)).view(np.float64))


@compiled_inline
def exp(x: float) -> float:
    """Return the exponential, 0 and ``inf`` beyond the range of doubles."""
    is_within = (x >= EXP_LOW) & (x <= EXP_HIGH)
    n, less_one = _reduced(x if is_within else 0.0)
    # Two steps, because 2**n itself may lie outside the range of doubles.
    whole = int(n)
    half = whole >> 1
    value = ((1.0 + less_one) * _power_of_two(half)) * _power_of_two(whole - half)
    value = math.inf if x > EXP_HIGH else value
    value = 0.0 if x < EXP_LOW else value
    return value if x == x else x


@compiled_inline
def exp_within(x: float) -> float:
    """Return the exponential of a number between -700 and 700: the same bits as ``exp``."""
    n, less_one = _reduced(x)
    return (1.0 + less_one) * _power_of_two(int(n))


@compiled_inline
def expm1(x: float) -> float:
    """Return ``exp(x) - 1`` without losing digits near 0."""
    is_far = (x > 700.0) | (x < -40.0)
    is_near = (x == x) & (not is_far)
    n, less_one = _reduced(x if is_near else 0.0)
    power = _power_of_two(int(n))
    value = less_one if n == 0.0 else power * less_one + (power - 1.0)
    value = exp(x) - 1.0 if is_far else value
    return value if (x == x) & (x != 0.0) else x


@compiled_inline
def log1p(x: float) -> float:
    """Return ``log(1 + x)`` without losing digits near 0; ``-inf`` at -1."""
    u = 1.0 + x
    is_within = (u < TWO_1022) & (u > 0.0)
    value = log1p_within(x if is_within else 0.0)
    return value if is_within else log(u)


@compiled_inline
def log1p_within(x: float) -> float:
    """Return ``log(1 + x)`` of an ``x`` above -1 and below ``2**1022``: the same bits as ``log1p``.

    What lies above a power of two is found from ``x`` itself, so the rounding
    of ``1 + x`` costs no digit.
    """
    k, f, s = log1p_parts(x)
    return log_of_parts(k, f, s)


@compiled_inline
def log1p_parts(x: float) -> tuple[float, float, float]:
    """Return ``(k, f, s)`` with ``1 + x = 2**k * (1 + f)`` and ``s = f / (2 + f)``, as above.

    It is the first half of a logarithm, up to its division; the second is
    ``log_of_parts``. Loops over people that do one half each are quicker than
    one that does both: less of what waits for the division stands in line.
    """
    k = np.int64(np.float64(1.0 + x).view(np.int64) - ROOT_BITS) >> 52
    scale = _power_of_two(-int(k))
    f = x * scale + (scale - 1.0)
    return float(k), f, f / (2.0 + f)


@compiled
def polynomial(x: float, coefficients: tuple[float, ...]) -> float:
    """Return the polynomial with these coefficients, highest order first."""
    value = 0.0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


@compiled
def stirling_rest(x: float) -> float:
    """Return what Stirling's formula leaves of log-gamma, for ``x`` from 8 on."""
    return polynomial(1.0 / (x * x), STIRLING) / x


@compiled
def _log_plus(x: float, more: float) -> float:
    """Return ``log(x) + more`` for a normal ``x``, rounded about once."""
    exponent, f = _parts(x)
    k = float(exponent)
    whole = k * LN2_HIGH + f
    # What rounding took from the sum, and what the logarithm itself lies below it.
    lost = f - (whole - k * LN2_HIGH)
    return whole + (more + (lost - (bend(f) - k * LN2_LOW)))


@compiled
def _lgamma_after_one(y: float) -> float:
    """Return ``lgamma(1 + y)`` for ``y`` in [-1/4, 3/2]."""
    if y < 0.25:
        return y * polynomial(y, NEAR_ONE)
    if y < 0.75:
        u = y - TROUGH
        return BOTTOM + u * u * polynomial(u, NEAR_TROUGH)
    return (y - 1.0) * polynomial(y - 1.0, NEAR_TWO)


@compiled
def lgamma(x: float) -> float:
    """Return the logarithm of the gamma function of a positive number.

    ``inf`` at 0, ``nan`` below. At its zeros, 1 and 2, the error is relative,
    too: no digit is lost there.
    """
    if not x > 0.0:
        return math.inf if x == 0.0 else math.nan
    if x > LGAMMA_HIGH:
        return math.inf
    if x < SMALLEST_NORMAL:
        return -log(x)
    if x < 0.75:
        return -_log_plus(x, -_lgamma_after_one(x))
    if x < 2.5:
        return _lgamma_after_one(x - 1.0)
    if x < 8.0:
        product = 1.0
        while x >= 2.5:
            x = x - 1.0
            product = product * x
        return _log_plus(product, _lgamma_after_one(x - 1.0))
    exponent, f = _parts(x)
    k = float(exponent)
    whole = k * LN2_HIGH + f
    rest = (f - (whole - k * LN2_HIGH)) - (bend(f) - k * LN2_LOW)
    small = (x - 0.5) * rest + (HALF_LOG_TAU_LESS_HALF + stirling_rest(x))
    return (x - 0.5) * (whole - 1.0) + small
