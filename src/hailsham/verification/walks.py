"""Walks from state to state: clocks that race in each, and what was seen on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.engine.hazards import exponential_wait, gompertz_wait, weibull_wait
from hailsham.verification.waits import Counts, Floats

_FATE = purpose("verification.walks.fate")
_ADDRESSES = np.array([purpose(f"verification.walks.clock{i}") for i in range(16)])


class Clock(NamedTuple):
    """A way from one state to another, and its hazard.

    With a shape it is a Weibull hazard of the time since entry (or of age, if
    it is not reset); else one of age, Gompertz or, without a slope, constant.
    """

    origin: int
    target: int
    level: float = 0.0  # [per person-year] at age 0
    slope: float = 0.0  # [per year] relative rise
    shape: float = 0.0  # 0 for a hazard of age
    scale: float = 1.0  # [years]
    fatal: float = 0.0  # probability that it leads to the last state instead
    is_reset: bool = True  # whether the Weibull clock starts anew on entry


class Clocks(NamedTuple):
    """The columns of several clocks, each of shape (clocks,)."""

    origin: Counts
    target: Counts
    level: Floats
    slope: Floats
    shape: Floats
    scale: Floats
    fatal: Floats
    is_reset: NDArray[np.bool_]


class Walks(NamedTuple):
    """What became of everyone, and where each was at the readings."""

    state: Counts  # shape (readings, people)
    moves: Counts  # shape (readings, people)
    end: Floats  # [years] time of the last move
    last: Counts  # state after it
    arrivals: Counts  # shape (states, people)
    spent: Floats  # [years] in each state, shape (states, people)


def walk(
    clocks: Sequence[Clock], *, key: np.uint64, n: int, n_states: int, readings: Sequence[float]
) -> Walks:
    """Let people walk from state 0 until no clock runs, or the readings are over.

    Args:
        clocks: The ways; a state without one is the end.
        key: From ``draw_key``.
        n: People.
        n_states: States; the last is where a fatal move ends.
        readings: [years] When it is noted where each is, rising. Where no
            state is an end, nothing after the last of them is simulated.
    """
    columns = columns_of(clocks)
    marks = np.array(readings, np.float64)
    has_end = len(set(columns.origin)) < n_states
    until = np.inf if has_end else marks.max() + 1.0
    return Walks(*_walk(key, n, columns, n_states, marks, until))


def columns_of(clocks: Sequence[Clock]) -> Clocks:
    """Return the columns of these clocks.

    Raises:
        ValueError: If there are more than have addresses.
    """
    if len(clocks) > _ADDRESSES.size:
        raise ValueError(f"{len(clocks)} clocks, and addresses for {_ADDRESSES.size}")
    return Clocks(
        np.array([clock.origin for clock in clocks], np.int64),
        np.array([clock.target for clock in clocks], np.int64),
        np.array([clock.level for clock in clocks], np.float64),
        np.array([clock.slope for clock in clocks], np.float64),
        np.array([clock.shape for clock in clocks], np.float64),
        np.array([clock.scale for clock in clocks], np.float64),
        np.array([clock.fatal for clock in clocks], np.float64),
        np.array([clock.is_reset for clock in clocks], np.bool_),
    )


@compiled
def _walk(
    key: np.uint64, n: int, clocks: Clocks, n_states: int, readings: Floats, until: float
) -> tuple[Counts, Counts, Floats, Counts, Counts, Floats]:
    seen = np.zeros((readings.size, n), np.int64)
    moves = np.zeros((readings.size, n), np.int64)
    end, last = np.zeros(n), np.zeros(n, np.int64)
    arrivals, spent = np.zeros((n_states, n), np.int64), np.zeros((n_states, n))
    for person in range(n):
        state, move, now, reading = 0, 0, 0.0, 0
        while True:
            first, winner = next_move(key, person, clocks, state, move, now)
            while reading < readings.size and readings[reading] < now + first:
                seen[reading, person] = state
                moves[reading, person] = move
                reading += 1
            if winner < 0 or now + first >= until:
                break
            spent[state, person] += first
            now += first
            fatal = clocks.fatal[winner]
            state = clocks.target[winner]
            if fatal > 0.0 and uniform(key, person, _FATE, move) < fatal:
                state = n_states - 1
            arrivals[state, person] += 1
            move += 1
        end[person], last[person] = now, state
    return seen, moves, end, last, arrivals, spent


@compiled
def next_move(
    key: np.uint64, person: int, clocks: Clocks, state: int, move: int, now: float
) -> tuple[float, int]:
    """Return the shortest wait of the clocks that run in a state, and which it is, or -1.

    Each clock draws at the address of person, clock and number of the move.
    """
    first, winner = np.inf, -1
    for i in range(clocks.origin.size):
        if clocks.origin[i] != state:
            continue
        budget = exponential(key, person, _ADDRESSES[i], move)
        if clocks.shape[i] > 0.0:
            since = 0.0 if clocks.is_reset[i] else now
            wait = weibull_wait(budget, since, clocks.shape[i], clocks.scale[i])
        elif clocks.slope[i] == 0.0:
            wait = exponential_wait(budget, clocks.level[i])
        else:
            wait = gompertz_wait(budget, now, clocks.level[i], clocks.slope[i])
        if wait < first:
            first, winner = wait, i
    return first, winner
