"""Histories with every kind of clock, and the log that they leave."""

import numba
import numpy as np

from hailsham.engine.draws import draw_key
from hailsham.engine.estimators import spells_from_events
from hailsham.engine.hazards import (
    exponential_cumulative,
    gompertz_cumulative,
    weibull_cumulative,
)
from hailsham.engine.recorder import new_log, record
from hailsham.verification.walks import Clock, columns_of, next_move

WELL, ILL, DEAD, DEAD_ILL = STATES = range(4)
KEY = draw_key(20261122, 4)
#: Illness and recovery: onset and death by age, accidents, a risk by time since onset.
LAW = (
    Clock(WELL, ILL, 4e-4, 0.06),
    Clock(WELL, DEAD, 5e-5, 0.095),
    Clock(WELL, DEAD, 5e-4),
    Clock(ILL, DEAD_ILL, shape=1.8, scale=9.0),
    Clock(ILL, WELL, 0.15),
    Clock(ILL, DEAD_ILL, 2e-4, 0.095),
)
#: [years] When nobody is followed any more.
UNTIL = 95.0


def people(n):
    return np.arange(n, dtype=np.int64)


def follow(who, *, law=LAW, until=UNTIL, key=KEY):
    """The log of these people from birth on, a row an event, as they are lived."""
    rows = new_log(64 * who.size)
    _follow(key, who, columns_of(law), until, rows)
    n_rows = int(rows.rows[0])
    assert n_rows <= rows.person.size
    names = ("person", "time", "way", "from_state", "to_state")
    return {name: column[:n_rows] for name, column in zip(names, rows[:5], strict=True)}


@numba.njit
def _follow(key, who, clocks, until, rows):
    for person in who:
        state, move, now = 0, 0, 0.0
        while True:
            wait, way = next_move(key, person, clocks, state, move, now)
            if way < 0 or not now + wait < until:
                break
            now += wait
            record(rows, person, now, way, state, clocks.target[way])
            state = clocks.target[way]
            move += 1


def in_order(log):
    """The same rows by person and time."""
    order = np.lexsort((log["time"], log["person"]))
    return {name: column[order] for name, column in log.items()}


def spells_of(log, n, until=UNTIL):
    """The spells of people 0 to n - 1, who are followed from birth."""
    columns = {name: log[name] for name in ("time", "from_state", "to_state")}
    return spells_from_events(
        log["person"], **columns, entered=0.0, left=until, first_state=WELL, people=people(n)
    )


def spent(clock, start, stop, since):
    """[cumulative hazard] What a clock spends between two ages of each of many spells."""
    if clock.shape > 0.0:
        weibull = np.vectorize(weibull_cumulative, otypes=[float])
        return weibull(start - since, stop - since, clock.shape, clock.scale)
    if clock.slope == 0.0:
        return exponential_cumulative(start, stop, clock.level)
    gompertz = np.vectorize(gompertz_cumulative, otypes=[float])
    return gompertz(start, stop, clock.level, clock.slope)
