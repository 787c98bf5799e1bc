"""The engine again, in slow and readable Python: its specification.

Nothing here is compiled and nothing is shared with the compiled parts but the
coefficients of the arithmetic. Tests hold the two to the last bit. The
families of hazards have a page of their own, ``families.plain``.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hailsham.engine import arithmetic as fitted

_WORD = 0xFFFFFFFF


def horner(x: float, coefficients: Sequence[float]) -> float:
    """Return the polynomial with these coefficients, lowest order first."""
    value = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = coefficient + x * value
    return value


_R = (fitted.R0, fitted.R1, fitted.R2, fitted.R3, fitted.R4, fitted.R5, fitted.R6)
_Q_LOW = (fitted.Q0, fitted.Q1, fitted.Q2, fitted.Q3, fitted.Q4)
_Q_HIGH = (fitted.Q5, fitted.Q6, fitted.Q7, fitted.Q8, fitted.Q9)
_Q = _Q_LOW + _Q_HIGH


def _parts(x: float) -> tuple[int, float]:
    """Return ``(k, f)`` with ``x = 2**k * (1 + f)``, ``1 + f`` between the roots of 1/2 and 2."""
    mantissa, exponent = math.frexp(x)  # mantissa in [1/2, 1), exactly
    if mantissa < fitted.SQRT_HALF:
        mantissa *= 2.0
        exponent -= 1
    return exponent, mantissa - 1.0


def _log_of_parts(k: int, f: float) -> float:
    """Return ``log(2**k * (1 + f))``."""
    s = f / (2.0 + f)
    z = s * s
    r = z * horner(z, _R)
    return k * fitted.LN2_HIGH - ((s * (f - r) - k * fitted.LN2_LOW) - f)


def log(x: float) -> float:
    """Return the natural logarithm."""
    if x == 0.0:
        return -math.inf
    if x < 0.0:
        return math.nan
    if math.isinf(x) or math.isnan(x):
        return x
    return _log_of_parts(*_parts(x))


def _reduced(x: float) -> tuple[int, float]:
    """Return ``(n, exp(x - n ln 2) - 1)`` with ``n`` whole."""
    n = (x * fitted.LOG2_E + fitted.ROUNDER) - fitted.ROUNDER
    exact = x - n * fitted.LN2_HIGH
    r = exact - n * fitted.LN2_LOW
    lost = (exact - r) - n * fitted.LN2_LOW
    return int(n), r + (r * r * horner(r, _Q) + lost)


def exp(x: float) -> float:
    """Return the exponential."""
    if math.isnan(x):
        return x
    if x > fitted.EXP_HIGH:
        return math.inf
    if x < fitted.EXP_LOW:
        return 0.0
    n, less_one = _reduced(x)
    half = n >> 1
    return ((1.0 + less_one) * 2.0**half) * 2.0 ** (n - half)


def expm1(x: float) -> float:
    """Return ``exp(x) - 1``."""
    if math.isnan(x) or x == 0.0:
        return x
    if x > 700.0 or x < -40.0:
        return exp(x) - 1.0
    n, less_one = _reduced(x)
    if n == 0:
        return less_one
    return 2.0**n * less_one + (2.0**n - 1.0)


def log1p(x: float) -> float:
    """Return ``log(1 + x)``."""
    u = 1.0 + x
    if not 0.0 < u < fitted.TWO_1022:
        return log(u)
    k, _ = _parts(u)
    return _log_of_parts(k, x * 2.0**-k + (2.0**-k - 1.0))


def bend(f: float) -> float:
    """Return ``f - log(1 + f)`` for ``1 + f`` near 1."""
    s = f / (2.0 + f)
    return s * (f - s * s * horner(s * s, _R))


def _log_parts(x: float) -> tuple[float, float]:
    """Return two numbers whose exact sum is very nearly ``log(x)``, the greater one first."""
    exponent, f = _parts(x)
    whole = exponent * fitted.LN2_HIGH + f
    lost = f - (whole - exponent * fitted.LN2_HIGH)
    return whole, lost - (bend(f) - exponent * fitted.LN2_LOW)


def _log_plus(x: float, more: float) -> float:
    """Return ``log(x) + more``, rounded about once."""
    whole, rest = _log_parts(x)
    return whole + (more + rest)


def _lgamma_after_one(y: float) -> float:
    """Return ``lgamma(1 + y)`` for ``y`` in [-1/4, 3/2]."""
    if y < 0.25:
        return y * horner(y, fitted.NEAR_ONE[::-1])
    if y < 0.75:
        u = y - fitted.TROUGH
        return fitted.BOTTOM + u * u * horner(u, fitted.NEAR_TROUGH[::-1])
    return (y - 1.0) * horner(y - 1.0, fitted.NEAR_TWO[::-1])


def stirling_rest(x: float) -> float:
    """Return what Stirling's formula leaves of log-gamma."""
    return horner(1.0 / (x * x), fitted.STIRLING[::-1]) / x


def lgamma(x: float) -> float:
    """Return the logarithm of the gamma function of a positive number."""
    if not x > 0.0:
        return math.inf if x == 0.0 else math.nan
    if x > fitted.LGAMMA_HIGH:
        return math.inf
    if x < fitted.SMALLEST_NORMAL:
        return -log(x)
    if x < 0.75:
        return -_log_plus(x, -_lgamma_after_one(x))
    if x < 8.0:
        steps = max(math.floor(x - 1.5), 0)
        product = math.prod((x - step for step in range(1, steps + 1)), start=1.0)
        beyond = _lgamma_after_one(x - steps - 1.0)
        return _log_plus(product, beyond) if steps else beyond
    whole, rest = _log_parts(x)
    small = (x - 0.5) * rest + (fitted.HALF_LOG_TAU_LESS_HALF + stirling_rest(x))
    return (x - 0.5) * (whole - 1.0) + small


def philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the Philox4x32-10 block of a counter (4 words) and a key (2 words)."""
    a, b, c, d = counter
    left, right = key
    for _ in range(10):
        first, second = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (
            (second >> 32) ^ b ^ left,
            second & _WORD,
            (first >> 32) ^ d ^ right,
            first & _WORD,
        )
        left, right = (left + 0x9E3779B9) & _WORD, (right + 0xBB67AE85) & _WORD
    return a, b, c, d


def uniform_pair(key: int, person: int, purpose: int, count: int) -> tuple[float, float]:
    """Draw two uniforms on (0, 1) from one address."""
    counter = (person & _WORD, person >> 32, purpose, count & _WORD)
    a, b, c, d = philox(counter, (key & _WORD, key >> 32))
    cells = ((a << 20) | (b >> 12), (c << 20) | (d >> 12))
    return (cells[0] * 2.0**-52 + 2.0**-53, cells[1] * 2.0**-52 + 2.0**-53)


def exponential(key: int, person: int, purpose: int, count: int) -> float:
    """Draw a unit exponential."""
    return -log(uniform_pair(key, person, purpose, count)[0])


def gompertz_wait(budget: float, age: float, level: float, slope: float) -> float:
    """Return the wait from an age under a Gompertz hazard."""
    if level <= 0.0:
        return math.inf
    if slope == 0.0:
        return budget * (1.0 / level)
    exponent = min(max(-slope * age, -fitted.EXP_WITHIN), fitted.EXP_WITHIN)
    share = (budget * (slope / level)) * exp(exponent)
    return log1p(share) * (1.0 / slope) if -1.0 < share < fitted.TWO_1022 else math.inf


def weibull_wait(budget: float, since: float, shape: float, scale: float) -> float:
    """Return the wait under a Weibull hazard whose clock already shows ``since``."""
    spent = exp(shape * log(since / scale)) if since > 0.0 else 0.0
    return max(scale * exp(log(spent + budget) / shape) - since, 0.0)


def staircase_wait(
    budget: float, age: float, breaks: Sequence[float], rates: Sequence[float]
) -> float:
    """Return the wait under a hazard that is constant between breaks in age."""
    here = age
    for stair in range(bisect_right(breaks, age) - 1, len(breaks)):
        end = breaks[stair + 1] if stair + 1 < len(breaks) else math.inf
        price = rates[stair] * (end - here) if rates[stair] > 0.0 else 0.0
        if price > budget:
            return here - age + budget / rates[stair]
        budget -= price
        here = end
    return math.inf


def lexis_cells(
    born: float, start: float, breaks: Sequence[float], first_year: int, n_years: int
) -> Iterator[tuple[int, int, float, float]]:
    """Walk the Lexis plane: (year, age band, from, to), for ever."""
    year = max(min(math.floor(start) - first_year, n_years - 1), 0)
    band = max(i for i, age in enumerate(breaks) if born + age <= start or i == 0)
    here = start
    while here < math.inf:
        new_year = float(first_year + year + 1) if year + 1 < n_years else math.inf
        birthday = born + breaks[band + 1] if band + 1 < len(breaks) else math.inf
        stop = min(new_year, birthday)
        yield year, band, here, stop
        here = stop
        year += stop == new_year
        band += stop == birthday


def lexis_race(
    budgets: Sequence[float],
    born: float,
    start: float,
    breaks: Sequence[float],
    first_year: int,
    rates: Sequence[Sequence[Sequence[float]]],
    terminal: int,
) -> tuple[int, list[float]]:
    """Return the clock that ends the race and every latent time seen until then."""
    left = list(budgets)
    latent = [math.inf] * len(left)
    for year, band, here, stop in lexis_cells(born, start, breaks, first_year, len(rates)):
        fired = []
        for clock, rate in enumerate(rates[year][band]):
            if rate == 0.0 or left[clock] == math.inf:
                continue
            price = rate * (stop - here)
            if left[clock] < price:
                latent[clock] = min(here + left[clock] / rate, stop)
                left[clock] = math.inf
                fired.append((latent[clock], clock))
            else:
                left[clock] -= price
        ended = [entry for entry in fired if entry[1] < terminal]
        if ended:
            return min(ended)[1], latent
    return -1, latent


@dataclass
class Agenda:
    """A list that is sorted whenever it is read."""

    entries: list[tuple[float, int, int, int]] = field(default_factory=list)

    def enter(self, time: float, kind: int, person: int, stamp: int) -> None:
        """Enter what is due."""
        if time < math.inf:
            self.entries.append((time, kind, person, stamp))

    def take_next(self) -> tuple[float, int, int, int]:
        """Take the first entry, ``inf`` and -1 if none is left."""
        if not self.entries:
            return math.inf, -1, -1, -1
        self.entries.sort(key=lambda entry: entry[:3])
        return self.entries.pop(0)


def exposure(
    lives: Sequence[tuple[float, float, float]],
    breaks: Sequence[float],
    first_year: int,
    n_years: int,
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Return ticks of person-time, and people alive on 1 January, by (year, band).

    Args:
        lives: (born, start, stop) of each person.
        breaks: [years] Age at which each band begins.
        first_year: First calendar year counted.
        n_years: How many calendar years are counted.
    """
    ticks: dict[tuple[int, int], int] = {}
    alive: dict[tuple[int, int], int] = {}
    for born, start, stop in lives:
        begin, end = max(start, float(first_year)), min(stop, float(first_year + n_years))
        if not begin < end:
            continue
        for year, band, here, there in lexis_cells(born, begin, breaks, first_year, n_years + 1):
            if here >= end:
                break
            if here == math.floor(here) and here == first_year + year:
                alive[year, band] = alive.get((year, band), 0) + 1
            spent = math.floor(min(there, end) * 2.0**30) - math.floor(here * 2.0**30)
            ticks[year, band] = ticks.get((year, band), 0) + spent
    return ticks, alive
