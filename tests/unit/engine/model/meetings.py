"""People who meet in pools, as declared models of the tests, and what their logs say."""

from dataclasses import dataclass

import numpy as np

from hailsham.engine import At, Exponential, Model

#: Runs in parallel worlds: those who stand in one queue share their luck, so a sample is of runs.
RUNS = 60


def arrivals(rate, until, *, seed, width=1):
    """Dates at which people come, in order, by a Poisson process from 0 on."""
    rng = np.random.default_rng(seed)
    n = int(1.2 * rate * until * width) + 50
    found = np.cumsum(rng.exponential(1.0 / rate, n))
    assert found[-1] > until
    return found


@dataclass
class Hall:
    """A queue for places, which some leave, and whose order a priority may settle."""

    model: Model
    waiting: object
    served: object


def hall(*, places, service=1.0, patience=0.0, priority=None):
    """People who wait for one of several places, are served, and go."""
    model = Model("hall", clock="calendar")
    waiting, served, gone = model.states("waiting", "served", "gone")
    model.attribute("rank")
    counters = model.pool("counters", places=places, priority=priority)
    model.transition(waiting, served, counters)
    model.transition(served, gone, Exponential(rate=service), name="service")
    if patience:
        model.transition(waiting, gone, Exponential(rate=patience), name="patience")
    return model


def stays(lives, born, *, begin, end):
    """Of those who came between two dates: how long each waited, and whether they were served."""
    events = lives.events
    first = np.full(born.size, np.nan)
    is_served = np.zeros(born.size, bool)
    rows = np.flatnonzero(events.from_state == 0)
    first[events.person[rows]] = events.time[rows]
    is_served[events.person[rows]] = events.to_state[rows] == 1
    counted = (born >= begin) & (born < end)
    assert not np.isnan(first[counted]).any(), "somebody still waits: let the run go on"
    return first[counted] - born[counted], is_served[counted]


def organ_list(*, waiting_deaths=0.4, shelf_life=1e-9):
    """Patients who wait for organs, which are lost unless somebody waits for them."""
    model = Model("organ list", clock="calendar")
    waiting, treated, dead, donor, given = model.states(
        "waiting", "treated", "dead", "donor", "given"
    )
    organs = model.pool("organs", shelf_life=shelf_life)
    model.transition(waiting, treated, organs)
    model.transition(waiting, dead, Exponential(rate=waiting_deaths))
    model.transition(donor, given, At(reading=0.0), clock="since_entry", gives=organs)
    return model


def most_at_once(events, state, *, begun=()):
    """The largest number of people in a state at any time."""
    times = np.concatenate([events.time, begun])
    steps = np.concatenate(
        [
            (events.to_state == state).astype(int) - (events.from_state == state),
            np.ones(len(begun), int),
        ]
    )
    return int(np.cumsum(steps[np.argsort(times, kind="stable")]).max())
