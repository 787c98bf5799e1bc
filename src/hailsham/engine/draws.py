"""Random numbers that have addresses.

Every draw is a pure function of (seed, replicate, person, purpose, count): no
stream, no state, no order of calls. Asking for one draw never moves another,
so the same person in two scenarios has the same luck, and adding a decision
to a model shifts nobody. The generator is Philox4x32-10.

Source:
    salmon2011: the generator and its published known answers.
    wichura1988: the inverse of the normal distribution (algorithm AS 241).
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.arithmetic import log, log_normal_number
from hailsham.engine.compiling import compiled, compiled_bare, compiled_inline

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_20 = np.uint64(20)
_12 = np.uint64(12)
_ONE = np.uint64(0x3FF0000000000000)  # the bits of 1.0
_ONE_LESS = 1.0 - 2.0**-53  # and it less half a cell

_FIVE = np.uint64(5)
#: People whose counters lie in the first cache between two passes.
TILE = 256

_names: dict[int, str] = {}


def purpose(name: str) -> np.uint64:
    """Return the address of a named random decision, such as ``care.home.offer``.

    The address is a hash of the name, so reordering a file changes no life.
    Names are registered, and two that collide are refused at import.

    Args:
        name: Dotted lower-case name, unique in the program.

    Raises:
        ValueError: If another name has the same address.
    """
    address = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    if _names.setdefault(address, name) != name:
        raise ValueError(f"the draws {name!r} and {_names[address]!r} have the same address")
    return np.uint64(address)


def draw_key(seed: int, replicate: int = 0) -> np.uint64:
    """Return the key of a replicate: 32 bits of seed below 32 bits of replicate.

    Args:
        seed: Whole number in [0, 2**32).
        replicate: Whole number in [0, 2**32).
    """
    return np.uint64((replicate << 32) | seed)


@compiled_inline
def _philox_round(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return counter and key after one round; upper halves of the counter mean nothing."""
    first = _M0 * (c0 & _LOW)
    second = _M1 * (c2 & _LOW)
    return (
        (second >> _32) ^ c1 ^ k0,
        second,
        (first >> _32) ^ c3 ^ k1,
        first,
        (k0 + _W0) & _LOW,
        (k1 + _W1) & _LOW,
    )


@compiled_inline
def _five_rounds(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the counter after five rounds, its upper halves cleared."""
    c0, c1, c2, c3, k0, k1 = _philox_round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _philox_round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _philox_round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _philox_round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, _, _ = _philox_round(c0, c1, c2, c3, k0, k1)
    return c0 & _LOW, c1 & _LOW, c2 & _LOW, c3 & _LOW


@compiled_inline
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the Philox4x32-10 block of a counter and a key.

    Every word is 32 bits wide and travels in 64, so that products are exact.
    The rounds stand one by one: a loop inside would keep the loops over
    people outside from running in vectors.
    """
    c0, c1, c2, c3 = _five_rounds(c0, c1, c2, c3, k0, k1)
    return _five_rounds(c0, c1, c2, c3, (k0 + _FIVE * _W0) & _LOW, (k1 + _FIVE * _W1) & _LOW)


@compiled_inline
def block(
    key: np.uint64, person: int, purpose: np.uint64, count: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words at an address.

    Args:
        key: From ``draw_key``.
        person: Address of a person (or house, pod, organ), in [0, 2**63).
        purpose: From ``purpose``.
        count: How often this person met this decision before, or the address
            of the other person, modulo 2**32.
    """
    who = np.uint64(person)
    return philox(who & _LOW, who >> _32, purpose, np.uint64(count) & _LOW, key & _LOW, key >> _32)


@compiled_inline
def unit(high: np.uint64, low: np.uint64) -> float:
    """Return 52 bits as a number strictly between 0 and 1, exact and symmetric."""
    # Written behind the exponent of 1, the bits are a number from 1 on; no conversion is needed.
    return float(np.uint64((high << _20) | (low >> _12) | _ONE).view(np.float64)) - _ONE_LESS


@compiled_inline
def uniform(key: np.uint64, person: int, purpose: np.uint64, count: int) -> float:
    """Draw from the uniform distribution on (0, 1)."""
    a, b, _, _ = block(key, person, purpose, count)
    return unit(a, b)


@compiled_bare
def draw_uniforms(
    luck: NDArray[np.float64],
    who: NDArray[np.int64],
    counts: NDArray[np.int64],
    purpose: np.uint64,
    key: np.uint64,
    n: int,
    halfway: NDArray[np.int64],
) -> None:
    """Draw one uniform for each of many people: the same bits as ``uniform``.

    The ten rounds are done in two passes. Each round waits for the one
    before, and a processor can hold only so many steps that wait: of a chain
    half as long it holds twice as many people.

    Args:
        luck: Filled with the draws. Shape (n,) or more.
        who: Address of each person. Shape (n,) or more.
        counts: How often each met this decision before. Shape (n,) or more.
        purpose: From ``purpose``.
        key: From ``draw_key``.
        n: How many there are.
        halfway: Room for the counters. Shape (4 * TILE,) or more.
    """
    k0, k1 = key & _LOW, key >> _32
    later_k0, later_k1 = (k0 + _FIVE * _W0) & _LOW, (k1 + _FIVE * _W1) & _LOW
    for start in range(0, n, TILE):
        m = min(TILE, n - start)
        people, met, drawn = who[start:], counts[start:], luck[start:]
        for i in range(m):
            one = np.uint64(people[i])
            a, b, c, d = _five_rounds(
                one & _LOW, one >> _32, purpose, np.uint64(met[i]) & _LOW, k0, k1
            )
            halfway[i], halfway[i + TILE] = np.int64(a), np.int64(b)
            halfway[i + 2 * TILE], halfway[i + 3 * TILE] = np.int64(c), np.int64(d)
        for i in range(m):
            a, b = np.uint64(halfway[i]), np.uint64(halfway[i + TILE])
            c, d = np.uint64(halfway[i + 2 * TILE]), np.uint64(halfway[i + 3 * TILE])
            a, b, _, _ = _five_rounds(a, b, c, d, later_k0, later_k1)
            drawn[i] = unit(a, b)


@compiled
def uniform_pair(
    key: np.uint64, person: int, purpose: np.uint64, count: int
) -> tuple[float, float]:
    """Draw two independent uniforms from one address."""
    a, b, c, d = block(key, person, purpose, count)
    return unit(a, b), unit(c, d)


@compiled_inline
def exponential(key: np.uint64, person: int, purpose: np.uint64, count: int) -> float:
    """Draw a unit exponential: a budget of cumulative hazard to be spent."""
    return exponential_of(uniform(key, person, purpose, count))


@compiled_inline
def exponential_of(luck: float) -> float:
    """Return the unit exponential that a uniform on (0, 1) buys."""
    return -log_normal_number(luck)


@compiled
def gamma_two(key: np.uint64, person: int, purpose: np.uint64, count: int) -> float:
    """Draw from the gamma distribution of shape 2 and mean 2: two waits in a row."""
    u, v = uniform_pair(key, person, purpose, count)
    return -log(u) - log(v)


@compiled
def normal(key: np.uint64, person: int, purpose: np.uint64, count: int) -> float:
    """Draw from the standard normal distribution, by inversion."""
    return normal_quantile(uniform(key, person, purpose, count))


@compiled
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of a probability in (0, 1).

    Source:
        wichura1988, algorithm AS 241 (PPND16), accurate to about 1e-16.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio_centre(r)
    r = p if q < 0.0 else 1.0 - p
    value = normal_flank(math.sqrt(-log(r)))
    return -value if q < 0.0 else value


@compiled
def normal_flank(root: float) -> float:
    """Return the point beyond which ``exp(-root**2)`` of the normal distribution lies.

    Args:
        root: Between 1.6 and 27; the probability may be far below any double
            next to 1.

    Source:
        wichura1988, the outer parts of algorithm AS 241.
    """
    return _ratio_flank(root - 1.6) if root <= 5.0 else _ratio_tail(root - 5.0)


@compiled
def _ratio_centre(r: float) -> float:
    above = 2509.0809287301226727
    above = above * r + 33430.575583588128105
    above = above * r + 67265.770927008700853
    above = above * r + 45921.953931549871457
    above = above * r + 13731.693765509461125
    above = above * r + 1971.5909503065514427
    above = above * r + 133.14166789178437745
    above = above * r + 3.387132872796366608
    below = 5226.495278852545925
    below = below * r + 28729.085735721942674
    below = below * r + 39307.89580009271061
    below = below * r + 21213.794301586595867
    below = below * r + 5394.1960214247511077
    below = below * r + 687.1870074920579083
    below = below * r + 42.313330701600911252
    return above / (below * r + 1.0)


@compiled
def _ratio_flank(r: float) -> float:
    above = 7.7454501427834140764e-4
    above = above * r + 0.0227238449892691845833
    above = above * r + 0.24178072517745061177
    above = above * r + 1.27045825245236838258
    above = above * r + 3.64784832476320460504
    above = above * r + 5.7694972214606914055
    above = above * r + 4.6303378461565452959
    above = above * r + 1.42343711074968357734
    below = 1.05075007164441684324e-9
    below = below * r + 5.475938084995344946e-4
    below = below * r + 0.0151986665636164571966
    below = below * r + 0.14810397642748007459
    below = below * r + 0.68976733498510000455
    below = below * r + 1.6763848301838038494
    below = below * r + 2.05319162663775882187
    return above / (below * r + 1.0)


@compiled
def _ratio_tail(r: float) -> float:
    above = 2.01033439929228813265e-7
    above = above * r + 2.71155556874348757815e-5
    above = above * r + 0.0012426609473880784386
    above = above * r + 0.026532189526576123093
    above = above * r + 0.29656057182850489123
    above = above * r + 1.7848265399172913358
    above = above * r + 5.4637849111641143699
    above = above * r + 6.6579046435011037772
    below = 2.04426310338993978564e-15
    below = below * r + 1.4215117583164458887e-7
    below = below * r + 1.8463183175100546818e-5
    below = below * r + 7.868691311456132591e-4
    below = below * r + 0.0148753612908506148525
    below = below * r + 0.13692988092273580531
    below = below * r + 0.59983220655588793769
    return above / (below * r + 1.0)
