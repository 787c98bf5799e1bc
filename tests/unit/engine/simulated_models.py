"""Small models from the engine's parts: lives that change state, queues, a list, a family tree.

Every draw has an address of person, purpose and count. Each run of a queue or
of a list is a replicate of its own and starts from the law that the caller
hands over, so that figures of different runs are independent.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from hailsham.engine.agenda import enter, has_overflowed, new_agenda, take_next
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.engine.hazards import exponential_wait, gompertz_wait, weibull_wait

FATE, BIRTH, DEATH = (purpose(f"test.models.{name}") for name in ("fate", "birth", "death"))
START, CLASS, ARRIVAL, ORGAN, SERVICE, PATIENCE = (
    purpose(f"test.models.{name}")
    for name in ("start", "class", "arrival", "organ", "service", "patience")
)
CLOCKS = np.array([purpose(f"test.models.clock{i}") for i in range(6)])
#: People of one run have addresses of their own below this many.
ROOM = 2**20


# ---------------------------------------------------------------- lives that change state


class Clocks(NamedTuple):
    """Clocks from one state to another; those with a shape are Weibull clocks since entry."""

    origin: NDArray[np.int64]
    target: NDArray[np.int64]
    level: NDArray[np.float64]
    slope: NDArray[np.float64]
    shape: NDArray[np.float64]
    scale: NDArray[np.float64]
    #: Probability that the event ends the life instead, in the last state.
    fatal: NDArray[np.float64]


class Walks(NamedTuple):
    """What became of everyone, and where each was at the readings."""

    state: NDArray[np.int64]  # shape (readings, people)
    moves: NDArray[np.int64]  # shape (readings, people)
    end: NDArray[np.float64]
    last: NDArray[np.int64]
    arrivals: NDArray[np.int64]  # shape (states, people)
    spent: NDArray[np.float64]  # shape (states, people)


def clock(origin, target, level=0.0, slope=0.0, shape=0.0, scale=1.0, fatal=0.0):
    """One clock: an exponential, Gompertz (by age) or Weibull (since entry) one."""
    return origin, target, level, slope, shape, scale, fatal


def clocks_of(*rows):
    """The columns of these clocks."""
    origin, target, *rest = zip(*rows, strict=True)
    return Clocks(np.array(origin, np.int64), np.array(target, np.int64), *map(np.float64, rest))


def walks(key, n, clocks, n_states, readings=(), keeps_clocks=False):
    """Let ``n`` people walk from state 0 until no clock runs or the readings are over.

    With readings nothing after the last of them is simulated if no state is
    absorbing; ``keeps_clocks`` is the fault of clocks that are never reset.
    """
    marks = np.array(readings, np.float64)
    absorbs = len(set(clocks.origin.tolist())) < n_states
    until = np.inf if absorbs else marks.max() + 1.0
    return Walks(*_walks(key, n, clocks, n_states, marks, until, keeps_clocks, CLOCKS))


@numba.njit
def _walks(key, n, clocks, n_states, readings, until, keeps_clocks, addresses):
    seen = np.zeros((readings.size, n), np.int64)
    moves = np.zeros((readings.size, n), np.int64)
    end, last = np.zeros(n), np.zeros(n, np.int64)
    arrivals, spent = np.zeros((n_states, n), np.int64), np.zeros((n_states, n))
    for person in range(n):
        state, move, now, reading = 0, 0, 0.0, 0
        while True:
            first, winner = np.inf, -1
            for i in range(clocks.origin.size):
                if clocks.origin[i] != state:
                    continue
                budget = exponential(key, person, addresses[i], move)
                if clocks.shape[i] > 0.0:
                    since = now if keeps_clocks else 0.0
                    wait = weibull_wait(budget, since, clocks.shape[i], clocks.scale[i])
                elif clocks.slope[i] == 0.0:
                    wait = exponential_wait(budget, clocks.level[i])
                else:
                    wait = gompertz_wait(budget, now, clocks.level[i], clocks.slope[i])
                if wait < first:
                    first, winner = wait, i
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
            if fatal > 0.0 and uniform(key, person, FATE, move) < fatal:
                state = n_states - 1
            arrivals[state, person] += 1
            move += 1
        end[person], last[person] = now, state
    return seen, moves, end, last, arrivals, spent


# ---------------------------------------------------------------- queues


def law_of_a_line(up, down, size):
    """Law of a birth-death chain in balance: its cumulative shares at 0, 1, ... ``size``."""
    steps = [up(i) / down(i + 1) for i in range(size)]
    weights = np.concatenate([[1.0], np.cumprod(steps)])
    return np.cumsum(weights) / weights.sum()


@numba.njit
def start_of(key, run, law):
    """How many there are at the start of a run, from their law."""
    return np.searchsorted(law, uniform(key, run, START, 0))


ARRIVES, IS_SERVED, LEAVES = range(3)
ARRIVED, WAITED, WAITED_LONG, WAIT, LEFT = range(5)
IN_TURN, LAST_FIRST, PRE_EMPTIVE, NO_CLASSES = range(4)


class Hall(NamedTuple):
    """A hall with several counters. The earlier a class, the sooner its turn."""

    arrivals: NDArray[np.float64]  # [per unit of time] by class
    service: float
    patience: float  # [per unit of time] rate at which each who waits leaves
    counters: int
    law: NDArray[np.float64]  # of how many are there at the start
    rule: int = IN_TURN
    warm: float = 0.0  # when counting begins
    until: float = 200.0  # when counting ends
    after: float = 0.0  # how long people go on arriving after that


def queues(key, n_runs, hall):
    """Of each run: counts by class of those who arrived in time, and time spent in line."""
    told, area, is_whole = _queues(key, n_runs, hall, new_agenda(8192), new_agenda(8192))
    assert is_whole
    return told, area


@numba.njit
def _queues(key, n_runs, hall, plans, line):
    n_classes, most = hall.arrivals.size, ROOM // 64
    told, area = np.zeros((5, n_classes, n_runs)), np.zeros(n_runs)
    joined, stamps = np.zeros(most), np.zeros(most, np.int64)
    kinds, served = np.zeros(most, np.int64), np.zeros(hall.counters, np.int64)
    close = hall.until + hall.after
    for run in range(n_runs):
        plans.held[:], line.held[:], stamps[:], served[:] = 0, 0, 0, -1
        n_waiting, n_people, now = 0, start_of(key, run, hall.law), 0.0
        before = n_people
        counts = np.zeros(n_classes, np.int64)
        for kind in range(n_classes):
            wait = exponential_wait(exponential(key, run, ARRIVAL, kind), hall.arrivals[kind])
            enter(plans, wait, ARRIVES, kind, 0)
        for person in range(before):
            mark = uniform(key, run * ROOM + person, CLASS, 0) * hall.arrivals.sum()
            joined[person], kinds[person] = -1.0, int(mark >= hall.arrivals[0])
            # Served at once, or put into the line below, as if it arrived now.
            enter(plans, 0.0, ARRIVES, n_classes + person, 0)
        while True:
            when, what, who, stamp = take_next(plans)
            if what < 0 or n_people >= most:
                break
            area[run] += n_waiting * max(0.0, min(when, hall.until) - max(now, hall.warm))
            now = when
            calls, goes_back, freed = -1, -1, -1
            if what == ARRIVES:
                if who < n_classes:
                    kind, person = who, n_people
                    n_people += 1
                    joined[person], kinds[person] = now, kind
                    counts[kind] += 1
                    budget = exponential(key, run, ARRIVAL, n_classes * counts[kind] + kind)
                    then = now + exponential_wait(budget, hall.arrivals[kind])
                    if then < close:
                        enter(plans, then, ARRIVES, kind, 0)
                else:
                    person = who - n_classes
                for counter in range(hall.counters):
                    if served[counter] < 0:
                        freed = counter
                if freed < 0 and hall.rule == PRE_EMPTIVE and kinds[person] == 0:
                    for counter in range(hall.counters):
                        if kinds[served[counter]] > 0:
                            freed = counter
                    if freed >= 0:
                        goes_back = served[freed]
                        joined[goes_back] = now if joined[goes_back] >= hall.warm else -1.0
                is_counted = hall.warm <= joined[person] < hall.until
                told[ARRIVED, kinds[person], run] += is_counted
                if freed >= 0:
                    calls = person
                else:
                    goes_back = person
                    told[WAITED, kinds[person], run] += is_counted
            elif stamps[who] != stamp:
                continue
            elif what == IS_SERVED:
                for counter in range(hall.counters):
                    if served[counter] == who:
                        freed = counter
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
                    told[LEFT, kinds[who], run] += 1
                    told[WAIT, kinds[who], run] += now - joined[who]
            if goes_back >= 0:
                stamps[goes_back] += 1
                rank = 0.0 if hall.rule == NO_CLASSES else float(kinds[goes_back])
                place = -goes_back if hall.rule == LAST_FIRST else goes_back
                enter(line, rank, 0, place, stamps[goes_back])
                n_waiting += 1
                budget = exponential(key, run * ROOM + goes_back, PATIENCE, stamps[goes_back])
                then = now + exponential_wait(budget, hall.patience)
                enter(plans, then, LEAVES, goes_back, stamps[goes_back])
            if calls >= 0:
                stamps[calls] += 1
                served[freed] = calls
                budget = exponential(key, run * ROOM + calls, SERVICE, stamps[calls])
                then = now + exponential_wait(budget, hall.service)
                enter(plans, then, IS_SERVED, calls, stamps[calls])
                if hall.warm <= joined[calls] < hall.until:
                    told[WAIT, kinds[calls], run] += now - joined[calls]
                    told[WAITED_LONG, kinds[calls], run] += now - joined[calls] > 1.0
        if has_overflowed(plans) or has_overflowed(line) or n_people >= most:
            return told, area, False
    return told, area, True


# ---------------------------------------------------------------- a list for organs

ADDED, EMPTY_TIME, PATIENT_TIME, TRANSPLANTED, DIED, WASTED = range(6)
LISTED, ORGAN_COMES, DIES = range(3)


def organ_lists(key, n_runs, until, rates, law, keeps_organs=False):
    """Of each run of a waiting list: how many came, waited, were treated, died; organs lost.

    ``rates`` are those of patients, of organs, and of death for each who waits.
    """
    told, is_whole = _organ_lists(
        key, n_runs, until, np.array(rates), law, keeps_organs, new_agenda(512), new_agenda(4096)
    )
    assert is_whole
    return told


@numba.njit
def _organ_lists(key, n_runs, until, rates, law, keeps_organs, plans, line):
    told = np.zeros((6, n_runs))
    treated = np.zeros(ROOM // 16, np.bool_)
    for run in range(n_runs):
        plans.held[:], line.held[:], treated[:] = 0, 0, False
        n_patients, n_organs, n_waiting, in_store, now = 0, 0, 0, 0, 0.0
        for _ in range(start_of(key, run, law)):
            enter(plans, 0.0, LISTED, n_patients, 1)
            n_patients += 1
        enter(plans, exponential_wait(exponential(key, run, ARRIVAL, 0), rates[0]), LISTED, -1, 0)
        wait = exponential_wait(exponential(key, run, ORGAN, 0), rates[1])
        enter(plans, wait, ORGAN_COMES, 0, 0)
        while n_patients < treated.size:
            when, what, who, _ = take_next(plans)
            told[PATIENT_TIME, run] += n_waiting * (min(when, until) - now)
            told[EMPTY_TIME, run] += (min(when, until) - now) if n_waiting == 0 else 0.0
            if when >= until:
                break
            now = when
            if what == LISTED:
                if who < 0:
                    who = n_patients
                    n_patients += 1
                    told[ADDED, run] += 1
                    wait = exponential_wait(exponential(key, run, ARRIVAL, n_patients), rates[0])
                    enter(plans, now + wait, LISTED, -1, 0)
                if in_store > 0:
                    in_store -= 1
                    told[TRANSPLANTED, run] += 1
                    treated[who] = True
                else:
                    n_waiting += 1
                    enter(line, now, 0, who, 0)
                    budget = exponential(key, run * ROOM + who, DEATH, 0)
                    enter(plans, now + exponential_wait(budget, rates[2]), DIES, who, 0)
            elif what == ORGAN_COMES:
                n_organs += 1
                wait = exponential_wait(exponential(key, run, ORGAN, n_organs), rates[1])
                enter(plans, now + wait, ORGAN_COMES, 0, 0)
                if n_waiting == 0:
                    told[WASTED, run] += 1
                    in_store += keeps_organs
                    continue
                _, _, who, _ = take_next(line)
                while treated[who]:
                    _, _, who, _ = take_next(line)
                treated[who] = True
                n_waiting -= 1
                told[TRANSPLANTED, run] += 1
            elif not treated[who]:
                # The dead stay in the line until they are met there, as the treated do.
                treated[who] = True
                n_waiting -= 1
                told[DIED, run] += 1
        if has_overflowed(plans) or has_overflowed(line) or n_patients >= treated.size:
            return told, False
    return told, True


# ---------------------------------------------------------------- a family tree

IS_BORN, HAS_DIED = range(2)


def families(key, n_runs, birth, death, until, barren=False):
    """Alive at a time, and births until then, in families from one ancestor each.

    ``barren`` is the fault of children who have none of their own.
    """
    alive, births, is_whole = _families(key, n_runs, birth, death, until, barren, new_agenda(2048))
    assert is_whole
    return alive, births


@numba.njit
def _families(key, n_runs, birth, death, until, barren, plans):
    alive, births = np.ones(n_runs, np.int64), np.zeros(n_runs, np.int64)
    children, has_died = np.zeros(4096, np.int64), np.zeros(4096, np.bool_)
    for run in range(n_runs):
        plans.held[0] = 0
        now, newcomer = 0.0, 0
        while now < until:
            if newcomer >= 0:
                children[newcomer], has_died[newcomer] = 0, False
                address = run * ROOM + newcomer
                wait = exponential_wait(exponential(key, address, DEATH, 0), death)
                enter(plans, now + wait, HAS_DIED, newcomer, 0)
                if newcomer == 0 or not barren:
                    wait = exponential_wait(exponential(key, address, BIRTH, 0), birth)
                    enter(plans, now + wait, IS_BORN, newcomer, 0)
                newcomer = -1
            now, what, who, _ = take_next(plans)
            if now >= until:
                break
            if what == HAS_DIED:
                has_died[who] = True
                alive[run] -= 1
            elif not has_died[who]:
                alive[run] += 1
                births[run] += 1
                newcomer = births[run]
                children[who] += 1
                budget = exponential(key, run * ROOM + who, BIRTH, children[who])
                enter(plans, now + exponential_wait(budget, birth), IS_BORN, who, 0)
                if newcomer >= children.size:
                    return alive, births, False
    return alive, births, not has_overflowed(plans)
