"""The kernel and its plain twin live the same lives, to the last bit and event by event."""

import math

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives.codes import Event
from hailsham.world.development import lives as compiled
from hailsham.world.development.parameters import (
    MADAME,
    MISS_EMILY,
    as_numbers,
    hailsham,
    meaning_of,
    names,
    ordinary,
    other_school,
    with_values,
)
from hailsham.world.development.plain import birth, clocks, course, happenings, pods, turns
from hailsham.world.development.plain.person import Pod
from hailsham.world.development.pod.state import FULL
from tests.unit.world.development.lived import SEED, same

KEY = draw_key(SEED)
KINDS = {"hailsham": hailsham, "other": other_school, "ordinary": ordinary}
#: Numbers that switch on, set by set, every rule that is off by default.
ALTERED = {
    "waiting at the calendar's pace": {
        "clock.cap": "calendar", "ties.selectivity": 1.0, "house.fantasy": 0.2, "memory.gloss": 0.5,
    },
    "a closed window and a rumour believed": {
        "clock.cap": "closed", "clock.compressibility": 0.5, "hopes.stop_on_meeting": 1.0,
        "hopes.external": 0.5, "hopes.believe": 2.0, "hopes.apply": 2.0, "grief.rehearsal": 0.3,
    },
    "made for use, and proud": {
        "clock.form": "uniform", "reading.manipulation": 1.0, "reading.pride": 1.0,
        "reading.protest": 0.3, "grief.decay": 2.0, "grief.patient": 0.1,
    },
    "a guided review and chances to leave": {
        "clock.form": "late_linear", "interventions.life_review": 1.0,
        "interventions.truth_at": 12.0, "escape.conceived": 1.0, "escape.feasible": 1.0,
    },
    "no ticks, and gifts that nobody is listed for": {
        "clock.tick": 0.0, "operations.outside_need": 0.8, "operations.limb": 0.5,
        "knowledge.truth_probability": 1.0,
    },
    "a repairer from birth, by the calendar alone": {
        "style.held": 2, "style.wrongs": 2.0, "clock.compressibility": 0.0,
        "knowledge.shelter": 0.0,
    },
    "an early pivot and nothing remembered": {
        "awareness.pivot": 0.3, "memory.rate": 0.0, "hopes.contact": 6.0, "house.sale_every": 0.25,
    },
}  # fmt: skip


def lived_twice(life, *, n_pods=2, closes=math.inf, until=math.inf, apart=False):
    """Some pods as the kernel lives them, and as its twin does."""
    places = compiled.pods_alone(KEY, life, n_pods=n_pods, closes=closes)
    if apart:
        places["born"] += np.random.default_rng(SEED).random(places["born"].shape)
    one = compiled.live_pods(KEY, numbers=as_numbers([life]), pods=places, level=FULL, until=until)
    return one, pods.live_pods(KEY, lives=[life], pods=places, until=until)


def agree(one, other):
    """Whether every column of every person and every event are the same, to the last bit."""
    return same(one.lives, other.lives) and np.array_equal(one.log, other.log)


@pytest.mark.parametrize("kind", KINDS)
def test_kernel_and_twin_agree_on_each_kind_of_life(kind):
    assert agree(*lived_twice(KINDS[kind](), n_pods=3))


@pytest.mark.parametrize("values", ALTERED.values(), ids=ALTERED)
def test_kernel_and_twin_agree_whatever_numbers_are_lived_by(values):
    assert agree(*lived_twice(with_values(hailsham(), values=values)))


def drawn(number, rng):
    """A value within the range of a number, by its dotted name."""
    default, meaning = meaning_of(number)
    if isinstance(default, str):
        return str(rng.choice(meaning.choices))
    value = rng.uniform(meaning.low, meaning.high)
    return round(value) if isinstance(default, int) else float(value)


@pytest.mark.parametrize("at", range(6))
def test_kernel_and_twin_agree_on_numbers_drawn_within_their_ranges(at):
    rng = np.random.default_rng([SEED, at])
    single = [name for name in names() if not isinstance(meaning_of(name)[0], tuple)]
    values = {name: drawn(name, rng) for name in rng.choice(single, 40, replace=False)}
    kind = list(KINDS.values())[at % len(KINDS)]
    assert agree(*lived_twice(with_values(kind(), values=values), n_pods=1))


@pytest.mark.parametrize("values", [MISS_EMILY, MADAME], ids=["Miss Emily", "Madame"])
def test_kernel_and_twin_agree_on_the_guardians(values):
    assert agree(*lived_twice(with_values(hailsham(), values=values), n_pods=1, closes=1991.0))


@pytest.mark.parametrize("until", [10.0, 16.0, 22.0])
def test_kernel_and_twin_agree_on_lives_left_at_an_age(until):
    assert agree(*lived_twice(hailsham(), closes=1975.0, until=until, apart=True))


def test_the_truth_is_told_in_a_house_when_the_twin_says():
    life = with_values(hailsham(), values={"knowledge.truth_probability": 0.5})
    ends = compiled.HOUSE_OPENS, compiled.HOUSE_OPENS + compiled.HOUSE_YEARS
    first = range(0, 20 * compiled.PODS_PER_HOUSE, compiled.PODS_PER_HOUSE)
    told = [compiled.pods_alone(KEY, life, n_pods=1, first_pod=at)["truth"][0] for at in first]
    houses = [Pod(int(KEY), life, house, 0.0, 0.0, [], np.empty(0)) for house in range(20)]
    assert told == [clocks.truth_told_at(house, *ends) for house in houses]
    assert {math.isfinite(date) for date in told} == {True, False}


def test_two_sets_of_numbers_are_lived_side_by_side():
    lives = [hailsham(), other_school()]
    places = compiled.pods_alone(KEY, hailsham(), n_pods=2)
    places["life"] = [1, 0]
    one = compiled.live_pods(KEY, numbers=as_numbers(lives), pods=places, level=FULL)
    assert agree(one, pods.live_pods(KEY, lives=lives, pods=places))


def test_every_kind_of_event_of_an_inner_life_is_compared():
    eventful = {
        **ALTERED["a closed window and a rumour believed"], "reminders.parents": 2,
        "reminders.parent_from": 5.0, "reminders.parent_to": 20.0, "reminders.acquaintances": 0.5,
        "reminders.acquaintances_from": 5.0, "letting_go.illnesses": 0.5, "escape.conceived": 1.0,
        "escape.feasible": 1.0, "style.wrongs": 2.0, "style.repairer": 3.0,
        "interventions.truth_at": 12.0,
    }  # fmt: skip
    clones = lived_twice(with_values(hailsham(), values=eventful), closes=1975.0)
    old = lived_twice(ordinary(), n_pods=1)
    assert agree(*clones)
    assert agree(*old)
    met = set(clones[0].log["event"].tolist()) | set(old[0].log["event"].tolist())
    lived = {*range(Event.REMEMBERED, Event.RETIRED + 1)}
    lived |= {Event.LEFT_HOUSE, Event.BEGAN_CARING, Event.LOST_PATIENT, Event.CALLED_UP}
    lived |= {Event.OPERATED, Event.BECAME_COUPLE, Event.APPLIED, Event.REFUSED, Event.DIED}
    assert met == lived


def changed_base(pod, one, stage):
    """The base of a target, higher by what no eye would see."""
    return birth_base(pod, one, stage) * (1.0 + 2.0**-50)


birth_base = birth._base


@pytest.mark.parametrize(
    ("module", "name", "rule"),
    [
        (course, "logistic", lambda z: 0.5 * (1.0 + math.tanh(0.5 * z))),
        (course, "waited", lambda one, time: 0.0),
        (course, "review_pace", lambda life, one, felt: 1.0),
        (birth, "_base", changed_base),
        (clocks, "_TRIES", 65_537),
        (turns, "_wait_for_need", lambda pod, one: pod.life.operations.wait),
        (happenings, "share_of_rate", lambda one, time: 0.5),
    ],
    ids=["arithmetic", "waiting", "review", "bases", "losses", "need", "streams"],
)
def test_a_twin_with_another_rule_disagrees(monkeypatch, module, name, rule):
    monkeypatch.setattr(module, name, rule)
    assert not agree(*lived_twice(hailsham(), n_pods=1))
