"""Columns of people say what the log says, however both are kept."""

from __future__ import annotations

import numpy as np
import pytest

from hailsham.engine import Columns, Exponential, Model
from hailsham.engine.model import simulation

N, UNTIL = 700, 30.0
#: More than eight, so that they fill two words.
MOMENTS = [0.5 + 2.5 * k for k in range(11)]
BOTH = ("at work", "at home")
ASKED = Columns(ended_in=True, years=BOTH, visits=BOTH, state_at=True)


def restless() -> Model:
    """People who go to and fro about once a year, far more often than a log has room for."""
    model = Model("to and fro")
    home, work, gone = model.states("at home", "at work", "gone")
    model.transition(home, work, Exponential(rate=1.2))
    model.transition(work, home, Exponential(rate=0.8), name="back")
    model.transition([home, work], gone, Exponential(rate=0.02))
    return model


def lived(**asked):
    options = {"moments": MOMENTS, "columns": ASKED, **asked}
    return restless().simulate(N, seed=1954, until=UNTIL, **options)


def columns_of_log(lives):
    """Every column, worked out from the log, person by person."""
    codes = {name: code for code, name in enumerate(lives.states)}
    names = ("ended", *(f"{what}_{one}" for what in ("years", "visits") for one in BOTH))
    found = {name: np.zeros(N) for name in (*names, "ended_in")}
    found |= {f"state_at_{moment:g}": np.zeros(N) for moment in MOMENTS}
    log = lives.events
    for person in range(N):
        rows = log.person == person
        times = [0.0, *log.time[rows]]
        states = [codes["at home"], *log.to_state[rows]]
        is_over = states[-1] == codes["gone"]
        ends = [*times[1:], times[-1] if is_over else UNTIL]
        found["ended"][person], found["ended_in"][person] = ends[-1], states[-1]
        for name in BOTH:
            here = [k for k, state in enumerate(states) if state == codes[name]]
            found[f"visits_{name}"][person] = len(here)
            for k in here:
                found[f"years_{name}"][person] += ends[k] - times[k]
        for moment in MOMENTS:
            # Whoever moves at a moment has moved.
            k = np.searchsorted(times, moment, side="right") - 1
            found[f"state_at_{moment:g}"][person] = states[k]
    return found


def gathered(**asked):
    """The columns that a sink is handed, joined."""
    parts = []
    lived(sink=lambda _, columns: parts.append({n: c.copy() for n, c in columns.items()}), **asked)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def differing(found, told):
    assert found.keys() == told.keys()
    return {name for name in told if not np.array_equal(found[name], told[name])}


def test_columns_say_what_a_log_says_that_outgrew_its_room():
    lives = lived()

    assert len(lives.events.time) > 4 * simulation.FIRST_ROWS * N
    assert differing(lives.people, columns_of_log(lives)) == set()


@pytest.mark.parametrize(
    "asked",
    [
        {"log": False},
        {"chunk": 1},
        {"chunk": 97},
        {"threads": 2, "chunk": 200},
        {"threads": 2, "log": False},
    ],
    ids=str,
)
def test_columns_are_the_same_however_people_are_lived(asked):
    told = lived().people

    assert differing(lived(**asked).people, told) == set()
    assert differing(gathered(**asked), told) == set()


def test_columns_that_are_not_cleared_before_a_chunk_is_lived_again_are_caught(monkeypatch):
    # As if a chunk that needs more room were added to what it added before.
    told = lived().people
    monkeypatch.setattr(simulation, "slice", lambda *_: slice(0, 0), raising=False)

    # Where all lives begin, the first visit is written and not added.
    assert differing(lived().people, told) == {"visits_at work", "years_at work", "years_at home"}
