"""Appointments: what is due at one moment happens once, in the order of declaration."""

from __future__ import annotations

import pytest

from hailsham.engine import At, Exponential, Model
from hailsham.engine.kernels.layout import Layout
from hailsham.engine.model import plain
from hailsham.errors import ModelError

#: [years] Of the two visits that are due at once, and of leaving.
DUE, LEAVES = 10.0, 30.0
ASKED = {"n_people": 2, "seed": 1933, "until": 40.0}


def visits(*, meets: bool) -> Model:
    """Two visits at one moment that lead nowhere; with a pool, one event is lived at a time."""
    model = Model("visits", clock="calendar" if meets else "age")
    home, away, served, gone = model.states("home", "away", "served", "gone")
    for name in ("first visit", "second visit"):
        model.transition(home, home, At(reading=DUE), clock="since_entry", name=name)
    model.transition(home, away, At(reading=LEAVES), clock="since_entry")
    if meets:
        model.transition(away, served, model.pool("staff", places=2))
    else:
        model.transition(away, served, At(reading=0.0), clock="since_entry")
    model.transition(served, gone, Exponential(rate=1.0))
    return model


def first_events(model: Model) -> list[tuple[float, str]]:
    """When the first person does what, until they leave."""
    lives = model.simulate(**ASKED)
    mine = lives.events.person == 0
    names = [lives.transitions[code] for code in lives.events.transition[mine]]
    return list(zip(lives.events.time[mine].tolist(), names, strict=True))[:3]


def test_two_appointments_at_one_moment_are_both_kept_and_neither_twice():
    for meets in (False, True):
        assert first_events(visits(meets=meets)) == [
            (DUE, "first visit"),
            (DUE, "second visit"),
            (LEAVES, "home to away"),
        ]


def test_they_are_kept_as_the_page_says():
    model = visits(meets=False)
    events = model.simulate(**ASKED).events

    found = list(zip(*(column.tolist() for column in events), strict=True))
    assert found == plain.live(model, **ASKED)


def test_appointments_that_are_forgotten_when_another_is_kept_are_caught(monkeypatch):
    # Each is then read anew when the other has been kept: they take turns without an end.
    monkeypatch.setattr(Layout, "_is_kept", lambda *_: False)
    model = visits(meets=False)
    model.name = "visits that are forgotten"

    with pytest.raises(ModelError) as caught:
        first_events(model)
    assert caught.value.faults[0].code == "HS404"
