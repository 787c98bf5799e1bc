"""Any function of the clock as a hazard: a staircase whose stairs may slope.

The function is called once, in Python, before the run; the kernels see only
the ramps that were laid under it. Each ramp has the same cumulative hazard as
the function, so an error cannot grow along the clock.

Source:
    piessens1983, the adaptive halving of the worst interval.
    devroye1986, chapter VI.2, inversion of the cumulative hazard.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled, compiled_inline
from hailsham.engine.families.indexed import Index, index_steps, place_of, places_of

Floats = NDArray[np.float64]

#: Cells in which every function is looked at, however smooth it seems.
FIRST_CELLS = 64
#: A function that asks for more cells than this asks for its breaks to be named.
MOST_CELLS = 100_000

#: A ramp: readings at which it begins and ends [years], the hazard there [per person-year], its
#: rise [per person-year per year], and the cumulative hazard from the first knot to its beginning.
RAMP = np.dtype([(name, np.float64) for name in ("knot", "stop", "start", "end", "slope", "spent")])


class LinearStaircase(NamedTuple):
    """A hazard that is a straight line between knots, and may jump at them.

    The last ramp is level and has no end. What is known of one ramp lies
    together, because it is read together.
    """

    ramps: NDArray[np.void]  # of RAMP, shape (n,)
    by_reading: Index  # of the knots
    by_spent: Index  # of what is spent before each ramp

    @property
    def knots(self) -> Floats:
        """Reading of the clock at which each ramp begins [years], rising."""
        return self.by_reading.steps

    @property
    def spent(self) -> Floats:
        """Cumulative hazard from the first knot to the beginning of each ramp."""
        return self.by_spent.steps

    @property
    def starts(self) -> Floats:
        """Hazard where each ramp begins [per person-year]."""
        return np.asarray(self.ramps["start"])

    @property
    def ends(self) -> Floats:
        """Hazard where each ramp ends [per person-year]."""
        return np.asarray(self.ramps["end"])


def staircase(knots: Floats, *, starts: Floats, ends: Floats, spent: Floats) -> LinearStaircase:
    """Return a staircase of ramps, with their slopes and indices.

    Args:
        knots: [years] Rising. Shape (n,).
        starts: [per person-year] Shape (n,).
        ends: [per person-year] Shape (n,).
        spent: [cumulative hazard] Shape (n,).
    """
    ramps = np.zeros(knots.size, RAMP)
    ramps["knot"], ramps["stop"] = knots, np.append(knots[1:], np.inf)
    ramps["start"], ramps["end"], ramps["spent"] = starts, ends, spent
    ramps["slope"][:-1] = (ends[:-1] - starts[:-1]) / np.diff(knots)
    return LinearStaircase(ramps, index_steps(knots), index_steps(spent))


@compiled_inline
def _ramp(reading: float, stairs: LinearStaircase) -> Any:
    """Return the ramp on which a reading lies; the first one goes on before its knot."""
    return stairs.ramps[np.uint64(place_of(reading, stairs.by_reading))]


@compiled_inline
def _spent(reading: float, ramp: Any) -> float:
    """Return the cumulative hazard from the first knot to a reading on a ramp."""
    years = reading - ramp["knot"]
    mean = ramp["start"] + 0.5 * ramp["slope"] * years
    return float(ramp["spent"] + mean * years)


@compiled_inline
def _wait(total: float, since: float, ramp: Any) -> float:
    """Return the wait from a reading to the moment, on a ramp, when a total is spent."""
    rest = total - ramp["spent"]
    now, slope = ramp["start"], ramp["slope"]
    # A level ramp needs no root, which would be wrong where the square is too small for a double.
    then = math.sqrt(max(now * now + 2.0 * slope * rest, 0.0)) if slope != 0.0 else now
    # The smaller root of a quadratic, without the difference that would lose it.
    both = now + then
    years = 2.0 * rest / (both if both > 0.0 else 1.0)
    years = years if both > 0.0 else math.inf
    # Rounding must not carry an event over a knot, nor to before the wait began.
    return max(min(ramp["knot"] + years, ramp["stop"]) - since, 0.0)


@compiled
def linear_staircase_hazard(reading: float, stairs: LinearStaircase) -> float:
    """Return the hazard at a reading; at a knot it is that of the ramp which begins there."""
    ramp = _ramp(reading, stairs)
    return float(ramp["start"] + ramp["slope"] * (reading - ramp["knot"]))


@compiled
def linear_staircase_cumulative(start: float, stop: float, stairs: LinearStaircase) -> float:
    """Return the cumulative hazard between two readings, neither before the first knot."""
    return _spent(stop, _ramp(stop, stairs)) - _spent(start, _ramp(start, stairs))


@compiled
def linear_staircase_wait(budget: float, since: float, stairs: LinearStaircase) -> float:
    """Return the wait under a linear staircase whose clock already shows ``since``.

    Two looks into an index, whatever lies between: the time does not grow
    with the length of the wait.

    Args:
        budget: [cumulative hazard] Positive.
        since: [years] Reading of the clock, at or after the first knot.
        stairs: From ``tabulate_hazard`` or ``linear_hazard``.
    """
    total = _spent(since, _ramp(since, stairs)) + budget
    return _wait(total, since, stairs.ramps[np.uint64(place_of(total, stairs.by_spent))])


@compiled
def linear_staircase_waits(
    waits: Floats, readings: Floats, places: NDArray[np.int64], n: int, stairs: LinearStaircase
) -> None:
    """Turn the budgets of many people into waits: the same bits as ``linear_staircase_wait``.

    Args:
        waits: Budgets [cumulative hazard], written over by waits [years]. Shape (n,) or more.
        readings: [years] Readings of the clock. Shape (n,) or more.
        places: Room to search in. Shape (n,) or more.
        n: How many there are.
        stairs: As there.
    """
    ramps, first = stairs.ramps, readings[0]
    others = 0
    for i in range(n):
        others += int(readings[i] != first)
    if others == 0:
        # Everybody's clock was set just now: one look is enough.
        spent = _spent(first, _ramp(first, stairs))
        for i in range(n):
            waits[i] = spent + waits[i]
    else:
        places_of(places, readings, n, stairs.by_reading)
        for i in range(n):
            waits[i] = _spent(readings[i], ramps[np.uint64(places[i])]) + waits[i]
    places_of(places, waits, n, stairs.by_spent)
    for i in range(n):
        waits[i] = _wait(waits[i], readings[i], ramps[np.uint64(places[i])])


def _stairs(
    knots: Sequence[float],
    starts: Sequence[float],
    ends: Sequence[float],
    prices: Sequence[float],
    after: float | None,
) -> LinearStaircase:
    """Return a staircase of these ramps, and of a level one after the last knot."""
    last = ends[-1] if after is None else after
    return staircase(
        np.array(knots, np.float64),
        starts=np.array([*starts, last], np.float64),
        ends=np.array([*ends, last], np.float64),
        spent=np.concatenate([[0.0], np.cumsum(np.array(prices, np.float64))]),
    )


def linear_hazard(
    knots: Sequence[float], *, values: Sequence[float], after: float | None = None
) -> LinearStaircase:
    """Return the hazard that joins values at knots by straight lines.

    Args:
        knots: [years] Readings of the clock, rising. At least two.
        values: [per person-year] Hazard at each knot, finite, not negative.
        after: [per person-year] Hazard after the last knot; by default its
            value there holds for ever after.

    Raises:
        ValueError: If the knots do not rise, or a value is no hazard.
    """
    if len(knots) != len(values) or len(knots) < 2:
        raise ValueError(
            f"a linear hazard needs two knots or more and a value for each; "
            f"it got {len(knots)} knots and {len(values)} values"
        )
    for before, knot in pairwise(knots):
        if not before < knot:
            raise ValueError(f"knots must rise, but after {before!r} comes {knot!r}")
    for knot, value in zip(knots, values, strict=True):
        _checked(value, knot)
    if after is not None:
        _checked(after, knots[-1])
    prices = [
        0.5 * (left + right) * (stop - start)
        for (start, left), (stop, right) in pairwise(zip(knots, values, strict=True))
    ]
    return _stairs(knots, values[:-1], values[1:], prices, after)


def _checked(value: float, reading: float) -> float:
    """Return a value that is a hazard; refuse one that is none, and say where."""
    if not 0.0 <= value < math.inf:
        raise ValueError(
            f"the hazard at clock reading {reading!r} is {value!r}; a hazard is finite and not "
            "negative. Begin the table where the function is one, or use a family with that limit"
        )
    return float(value)


@dataclass(frozen=True, order=True)
class _Cell:
    """A stretch of the clock with the ramp laid under it; the worst cell comes first."""

    order: tuple[float, float]
    start: float
    stop: float
    left: float
    right: float
    price: float
    doubt: float

    @property
    def off(self) -> float:
        """Most by which the cumulative hazards part within the cell."""
        return -self.order[0]


def _cell(function: Callable[[float], float], start: float, stop: float) -> _Cell:
    """Lay a ramp under a function, with the cumulative hazard of Boole's rule.

    The far end is read just before it, so that a jump at a knot is a jump.
    """
    width = stop - start
    readings = [start + share * width for share in (0.0, 0.25, 0.5, 0.75)]
    readings.append(max(start, math.nextafter(stop, start)))
    f = [_checked(function(reading), reading) for reading in readings]
    price = width * (7.0 * (f[0] + f[4]) + 32.0 * (f[1] + f[3]) + 12.0 * f[2]) / 90.0
    simpson = width * (f[0] + f[4] + 4.0 * (f[1] + f[3]) + 2.0 * f[2]) / 12.0
    flat = 0.5 * width * (f[0] + f[4])
    left, right = (f[0] * price / flat, f[4] * price / flat) if flat > 0.0 else (price / width,) * 2
    gaps = [abs(f[i] - (left + 0.25 * i * (right - left))) for i in range(5)]
    # The gaps of a cell sum to nought, so no part of them sums to more than half of all.
    off = 0.5 * width * max(gaps)
    return _Cell((-off, start), start, stop, left, right, price, abs(price - simpson))


def _halves(function: Callable[[float], float], cell: _Cell) -> list[_Cell]:
    """Return the two halves of a cell."""
    middle = 0.5 * (cell.start + cell.stop)
    return [_cell(function, cell.start, middle), _cell(function, middle, cell.stop)]


def tabulate_hazard(
    function: Callable[[float], float],
    *,
    start: float,
    stop: float,
    tolerance: float = 1e-8,
    breaks: Sequence[float] = (),
    after: float | None = None,
) -> LinearStaircase:
    """Lay a linear staircase under a hazard that is any Python function of the clock.

    The stretch is cut into cells, and the worst is halved until the
    cumulative hazard from ``start`` to every reading is within the tolerance:
    half of it for what the cells' own sums may be off together, half for what
    one ramp may be off between its ends. Kinks and jumps are found by halving.
    What happens wholly between the readings of one cell cannot be seen: name
    such places in ``breaks``.

    Args:
        function: Hazard [per person-year] at a reading of the clock.
        start: [years] First reading of the table.
        stop: [years] Last reading, above ``start``.
        tolerance: [cumulative hazard] Positive; the share of lives that may
            end otherwise than the function says.
        breaks: [years] Readings between ``start`` and ``stop`` at which the
            hazard jumps or bends; not needed, but quicker and sharper.
        after: [per person-year] Hazard after ``stop``; by default its last
            value holds for ever after.

    Raises:
        ValueError: If a value is negative or not finite, with its reading;
            or if the tolerance cannot be met with 100,000 ramps.
    """
    if not (-math.inf < start < stop < math.inf and tolerance > 0.0):
        raise ValueError(
            f"a table needs start < stop and a tolerance above 0; it got start={start!r}, "
            f"stop={stop!r}, tolerance={tolerance!r}"
        )
    if after is not None:
        _checked(after, stop)
    edges = sorted({start, stop, *(place for place in breaks if start < place < stop)})
    edges = sorted({*edges, *np.linspace(start, stop, FIRST_CELLS + 1)[1:-1].tolist()})
    cells = [_cell(function, left, right) for left, right in pairwise(edges)]
    heapq.heapify(cells)
    doubt = math.fsum(cell.doubt for cell in cells)
    while cells[0].off > 0.5 * tolerance or doubt > 0.5 * tolerance:
        worst = heapq.heappop(cells)
        if len(cells) >= MOST_CELLS:
            raise ValueError(
                f"the hazard near clock reading {worst.start!r} needs more than {MOST_CELLS} ramps "
                f"for a tolerance of {tolerance!r}; name its jumps in breaks, or allow more"
            )
        halves = _halves(function, worst)
        doubt += halves[0].doubt + halves[1].doubt - worst.doubt
        for half in halves:
            heapq.heappush(cells, half)
    ramps = sorted(cells, key=lambda cell: cell.start)
    return _stairs(
        [*(ramp.start for ramp in ramps), stop],
        [ramp.left for ramp in ramps],
        [ramp.right for ramp in ramps],
        [ramp.price for ramp in ramps],
        after,
    )
