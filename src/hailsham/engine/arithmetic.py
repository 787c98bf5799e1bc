"""Logarithms and exponentials in plain IEEE operations: the same bits everywhere.

``math.log`` differs in its last bits from one C library to the next, and with
it every time that is drawn from it. These use only additions,
multiplications, divisions and the bit patterns of numbers, which IEEE 754 fixes
completely. Errors stay within 2 units in the last place (measured in
``tests/unit/engine/test_arithmetic.py``, tabulated in the guide).

Source:
    muller2016, chapters 4 and 11: range reduction and polynomial evaluation.
    The coefficients are our own Chebyshev fits.
"""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.compiling import compiled

LN2_HIGH = 0.6931471526622772  # the first 24 bits of ln 2: small multiples of it are exact
LN2_LOW = 2.7897668087737545e-08  # the rest of ln 2
LOG2_E = 1.4426950408889634
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding and removing it rounds to an integer
SQRT_HALF = 0.7071067811865476
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
MANTISSA = np.uint64(0x000FFFFFFFFFFFFF)
ONE_BITS = np.uint64(0x3FF0000000000000)
BIAS = 1023
EXP_HIGH = 710.0  # exp is infinite from here on
EXP_LOW = -746.0  # exp is zero from here down

# 2 atanh(s) = 2 s + s z R(z) with z = s * s; relative error below 5e-18.
R0, R1, R2, R3 = 0.666666666666667, 0.3999999999989889, 0.28571428626253836, 0.22222211089379496
R4, R5, R6 = 0.1818289243253687, 0.15331611722055008, 0.14617807153417325
# exp(r) = 1 + r + r * r Q(r) for |r| <= ln(2) / 2; error below 2e-17.
Q0, Q1, Q2 = 0.5000000000000001, 0.16666666666666669, 0.04166666666662413
Q3, Q4, Q5 = 0.008333333333330062, 0.0013888888917213717, 0.00019841269863053618
Q6, Q7, Q8 = 2.4801521295954376e-05, 2.7557268459997064e-06, 2.7620088445409746e-07
Q9 = 2.510038549551032e-08


@compiled
def log(x: float) -> float:
    """Return the natural logarithm; ``-inf`` at 0, ``nan`` below.

    ``x`` is split as ``2**k * m`` with ``m`` near 1; the logarithm of ``m``
    is an odd series in ``(m - 1) / (m + 1)``, arranged so that the exact
    ``m - 1`` carries most of the result.
    """
    shift = 0.0
    if x < SMALLEST_NORMAL:
        if x == 0.0:
            return -math.inf
        if x < 0.0:
            return math.nan
        x = x * TWO_54
        shift = -54.0
    if x == math.inf or x != x:
        return x
    bits = np.float64(x).view(np.uint64)
    k = float(np.int64(bits >> np.uint64(52)) - BIAS) + shift
    m = np.uint64((bits & MANTISSA) | ONE_BITS).view(np.float64)
    if m * 0.5 > SQRT_HALF:
        m = m * 0.5
        k = k + 1.0
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = z * (R0 + z * (R1 + z * (R2 + z * (R3 + z * (R4 + z * (R5 + z * R6))))))
    return float(k * LN2_HIGH - ((s * (f - r) - k * LN2_LOW) - f))


@compiled
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


@compiled
def _power_of_two(n: int) -> float:
    """Return ``2.0**n`` for a normal result, by writing its exponent."""
    return float(np.uint64(np.uint64(n + BIAS) << np.uint64(52)).view(np.float64))


@compiled
def exp(x: float) -> float:
    """Return the exponential, 0 and ``inf`` beyond the range of doubles."""
    if x != x:
        return x
    if x > EXP_HIGH:
        return math.inf
    if x < EXP_LOW:
        return 0.0
    n, less_one = _reduced(float(x))
    # Two steps, because 2**n itself may lie outside the range of doubles.
    whole = int(n)
    half = whole >> 1
    return ((1.0 + less_one) * _power_of_two(half)) * _power_of_two(whole - half)


@compiled
def expm1(x: float) -> float:
    """Return ``exp(x) - 1`` without losing digits near 0."""
    if x != x or x == 0.0:
        return x
    if x > 700.0 or x < -40.0:
        return exp(x) - 1.0
    n, less_one = _reduced(float(x))
    if n == 0.0:
        return less_one
    power = _power_of_two(int(n))
    return power * less_one + (power - 1.0)


@compiled
def log1p(x: float) -> float:
    """Return ``log(1 + x)`` without losing digits near 0; ``-inf`` at -1."""
    u = 1.0 + x
    if u == math.inf or not u > 0.0:
        return log(u)
    # What rounding took from 1 + x, put back to first order.
    lost = x - (u - 1.0) if x < 1.0 else 1.0 - (u - x)
    return log(u) + lost / u
