"""Queues with several counters: Erlang's two, and one with two classes of people.

People in one queue share their luck, so a sample is one of runs. Each begins
in balance, with a number of people drawn from the law of the birth-death
chain, and those who arrive in time are followed to the end of their wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from hailsham.engine.agenda import Agenda, enter, has_overflowed, new_agenda, take_next
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.engine.hazards import exponential_wait
from hailsham.verification.estimates import Estimates, mean_of, ratio_of
from hailsham.verification.problems import Inputs
from hailsham.verification.waits import Counts, Floats

N_RUNS = 1_000
#: Two classes. How many there are is in balance from the start, who stands in line is not: counting
#: begins after nearly seven times the slowest relaxation, 1 / (sqrt(8) - sqrt(7))**2 = 30, and
#: people go on arriving until all who count have had their turn.
CLASSES = {"warm": 200.0, "until": 600.0, "after": 100.0}
#: In what order people are called: in turn, the earlier class first; in the contrary order; or in
#: turn without regard to classes.
IN_TURN, LAST_FIRST, NO_CLASSES = range(3)

_START, _CLASS, _ARRIVAL, _SERVICE, _PATIENCE = (
    purpose(f"verification.queues.{name}")
    for name in ("start", "class", "arrival", "service", "patience")
)
#: People of one run have addresses of their own below the first, and are no more than the second.
_ROOM, _MOST = 2**20, 2**14
_LONGEST_LINE = 400
_ARRIVES, _IS_SERVED, _LEAVES = range(3)
_ARRIVED, _WAITED, _WAITED_LONG, _WAIT, _LEFT = range(5)


class Hall(NamedTuple):
    """A hall with several counters. The earlier a class, the sooner its turn."""

    arrivals: Floats  # [per unit of time] by class
    service: float  # [per unit of time] at each counter
    patience: float  # [per unit of time] rate at which each who waits leaves
    counters: int
    law: Floats  # of how many are there at the start
    rule: int = IN_TURN
    warm: float = 0.0  # when counting begins
    until: float = 200.0  # when counting ends
    after: float = 0.0  # how long people go on arriving after that


def hall_of(lam: Any, *, mu: float, c: float, theta: float = 0.0, **options: Any) -> Hall:
    """Return a hall in balance, with one class or, where ``lam`` is a list, with several."""
    arrivals = np.array(lam, np.float64, ndmin=1)
    law = law_of_a_line(
        lambda _: float(arrivals.sum()),
        down=lambda i: mu * min(i, c) + theta * max(i - c, 0),
        longest=_LONGEST_LINE,
    )
    return Hall(arrivals, float(mu), float(theta), int(c), law, **options)


def law_of_a_line(
    up: Callable[[int], float], *, down: Callable[[int], float], longest: int
) -> Floats:
    """Return the law of a birth-death chain in balance: its cumulative shares at 0, 1, ...

    Args:
        up: Rate from a length to the next.
        down: Rate from a length to the one before.
        longest: Length beyond which hardly any line ever is.
    """
    steps = [up(i) / down(i + 1) for i in range(longest)]
    weights = np.concatenate([[1.0], np.cumprod(steps)])
    shares: Floats = np.cumsum(weights) / weights.sum()
    return shares


@compiled
def start_of(key: np.uint64, run: int, law: Floats) -> int:
    """Return how many there are at the start of a run, drawn from their law."""
    return int(np.searchsorted(law, uniform(key, run, _START, 0)))


def erlang_c(inputs: Inputs, *, key: np.uint64, n: int = N_RUNS) -> Estimates:
    """Simulate P17: everybody waits for a counter."""
    hall = hall_of(**inputs)
    told, area = _told_of_one_class(hall, key, n)
    return {
        "P_wait": ratio_of(told[_WAITED], told[_ARRIVED]),
        "Wq": ratio_of(told[_WAIT], told[_ARRIVED]),
        "Lq": mean_of(area / hall.until),
        "P_wait_gt_1": ratio_of(told[_WAITED_LONG], told[_ARRIVED]),
    }


def erlang_a(inputs: Inputs, *, key: np.uint64, n: int = N_RUNS) -> Estimates:
    """Simulate P18: more come than can be served, and some leave the line."""
    hall = hall_of(**inputs)
    told, area = _told_of_one_class(hall, key, n)
    return {
        "P_wait": ratio_of(told[_WAITED], told[_ARRIVED]),
        "P_abandon": ratio_of(told[_LEFT], told[_ARRIVED]),
        "Lq": mean_of(area / hall.until),
        "W_mean_all": ratio_of(told[_WAIT], told[_ARRIVED]),
    }


def two_classes(inputs: Inputs, *, key: np.uint64, n: int = N_RUNS) -> Estimates:
    """Simulate P19: the first class is called before the second, and nobody is sent away."""
    lam = [inputs["lam_high"], inputs["lam_low"]]
    told, _ = queues(hall_of(lam, mu=inputs["mu"], c=inputs["c"], **CLASSES), key=key, n=n)
    waits, heads = told[_WAIT], told[_ARRIVED]
    return {
        "Wq_high": ratio_of(waits[0], heads[0]),
        "Wq_low": ratio_of(waits[1], heads[1]),
        "Wq_all": ratio_of(waits.sum(axis=0), heads.sum(axis=0)),
    }


def _told_of_one_class(hall: Hall, key: np.uint64, n: int) -> tuple[Floats, Floats]:
    told, area = queues(hall, key=key, n=n)
    return told[:, 0], area


def queues(hall: Hall, *, key: np.uint64, n: int) -> tuple[Floats, Floats]:
    """Return of each run counts by class of those who arrived in time, and time spent in line.

    Raises:
        OverflowError: If a run had more people than there is room for.
    """
    told, area, is_whole = _queues(key, n, hall, new_agenda(8192), new_agenda(8192))
    if not is_whole:
        raise OverflowError("A queue has outgrown its agenda.")
    return told, area


@compiled
def _place_of(served: Counts, person: int) -> int:
    """Return the last counter at which a person is served, or that is free (-1); else -1."""
    found = -1
    for counter in range(served.size):
        if served[counter] == person:
            found = counter
    return found


@compiled
def _queues(
    key: np.uint64, n_runs: int, hall: Hall, plans: Agenda, line: Agenda
) -> tuple[Floats, Floats, bool]:
    n_classes = hall.arrivals.size
    told, area = np.zeros((5, n_classes, n_runs)), np.zeros(n_runs)
    joined, stamps = np.zeros(_MOST), np.zeros(_MOST, np.int64)
    kinds, served = np.zeros(_MOST, np.int64), np.zeros(hall.counters, np.int64)
    close = hall.until + hall.after
    for run in range(n_runs):
        plans.held[:], line.held[:], stamps[:], served[:] = 0, 0, 0, -1
        n_waiting, n_people, now = 0, start_of(key, run, hall.law), 0.0
        before = n_people
        counts = np.zeros(n_classes, np.int64)
        for kind in range(n_classes):
            wait = exponential_wait(exponential(key, run, _ARRIVAL, kind), hall.arrivals[kind])
            enter(plans, wait, _ARRIVES, kind, 0)
        for person in range(before):
            mark = uniform(key, run * _ROOM + person, _CLASS, 0) * hall.arrivals.sum()
            joined[person], kinds[person] = -1.0, int(mark >= hall.arrivals[0])
            # Served at once, or put into the line below, as if it arrived now.
            enter(plans, 0.0, _ARRIVES, n_classes + person, 0)
        while True:
            when, what, who, stamp = take_next(plans)
            if what < 0 or n_people >= _MOST:
                break
            area[run] += n_waiting * max(0.0, min(when, hall.until) - max(now, hall.warm))
            now = when
            calls, joins, freed = -1, -1, -1
            if what == _ARRIVES:
                person = who - n_classes
                if who < n_classes:
                    kind, person = who, n_people
                    n_people += 1
                    joined[person], kinds[person] = now, kind
                    counts[kind] += 1
                    budget = exponential(key, run, _ARRIVAL, n_classes * counts[kind] + kind)
                    then = now + exponential_wait(budget, hall.arrivals[kind])
                    if then < close:
                        enter(plans, then, _ARRIVES, kind, 0)
                freed = _place_of(served, -1)
                is_counted = hall.warm <= joined[person] < hall.until
                told[_ARRIVED, kinds[person], run] += is_counted
                if freed >= 0:
                    calls = person
                else:
                    joins = person
                    told[_WAITED, kinds[person], run] += is_counted
            elif stamps[who] != stamp:
                continue
            elif what == _IS_SERVED:
                freed = _place_of(served, who)
                served[freed] = -1
                while n_waiting > 0:
                    _, _, other, noted = take_next(line)
                    if stamps[abs(other)] == noted:
                        calls = abs(other)
                        n_waiting -= 1
                        break
            else:
                stamps[who] += 1
                n_waiting -= 1
                if hall.warm <= joined[who] < hall.until:
                    told[_LEFT, kinds[who], run] += 1
                    told[_WAIT, kinds[who], run] += now - joined[who]
            if joins >= 0:
                stamps[joins] += 1
                rank = 0.0 if hall.rule == NO_CLASSES else float(kinds[joins])
                enter(line, rank, 0, -joins if hall.rule == LAST_FIRST else joins, stamps[joins])
                n_waiting += 1
                budget = exponential(key, run * _ROOM + joins, _PATIENCE, 0)
                then = now + exponential_wait(budget, hall.patience)
                enter(plans, then, _LEAVES, joins, stamps[joins])
            if calls >= 0:
                stamps[calls] += 1
                served[freed] = calls
                budget = exponential(key, run * _ROOM + calls, _SERVICE, 0)
                then = now + exponential_wait(budget, hall.service)
                enter(plans, then, _IS_SERVED, calls, stamps[calls])
                if hall.warm <= joined[calls] < hall.until:
                    told[_WAIT, kinds[calls], run] += now - joined[calls]
                    told[_WAITED_LONG, kinds[calls], run] += now - joined[calls] > 1.0
        if has_overflowed(plans) or has_overflowed(line) or n_people >= _MOST:
            return told, area, False
    return told, area, True
