"""Who meets whom: compiled and plain agree to the last bit, and what holds whoever meets."""

import ast
import math

import numpy as np
import pytest

from hailsham.engine import At, Columns, Exponential, Model
from hailsham.engine.declared.structure import resolve
from hailsham.engine.meeting import running
from hailsham.engine.meeting.source import write_source
from hailsham.engine.model import plain_pools as plain
from hailsham.engine.model import simulation
from hailsham.errors import ModelError
from tests.unit.engine.model import meeting_models
from tests.unit.engine.model.meeting_models import CASES, Case

SEEDS = range(12)


def tuples(events):
    """Rows of a log."""
    return [tuple(np.asarray(one).item() for one in row) for row in zip(*events, strict=True)]


def compiled_events(case, seed, **options):
    """The events of the compiled model, as tuples."""
    told = {"seed": seed, "until": case.until} | case.people | options
    return tuples(case.model.simulate(case.n_people, **told).events)


def plain_events(case, seed, **options):
    told = {"seed": seed, "until": case.until} | case.people | options
    return plain.live_together(case.model, case.n_people, **told)


@pytest.mark.parametrize("made", CASES)
def test_compiled_and_plain_agree_to_the_last_bit(made):
    case = made()
    for seed in SEEDS:
        ours, theirs = compiled_events(case, seed), plain_events(case, seed)
        assert len(theirs) > case.n_people
        assert ours == theirs


class Blind(plain.Meeting):
    """Whoever has joined later is served first: what must not be."""

    def offered(self, queue):
        queue.waiting = {i: -since for i, since in queue.waiting.items()}
        return super().offered(queue)


class Greedy(plain.Meeting):
    """Places that are never held."""

    def grant(self, k, i, thing, time):
        event = super().grant(k, i, thing, time)
        self.queues[k].held.clear()
        return event


class Forgetful(plain.Meeting):
    """Loads that are never written."""

    def write_load(self, queue, server, time):
        del queue, server, time


@pytest.mark.parametrize(
    ("broken", "made"),
    [
        (Blind, meeting_models.plain_queue),
        (Greedy, meeting_models.plain_queue),
        (Forgetful, meeting_models.helpers),
    ],
)
def test_the_comparison_has_teeth(broken, made, monkeypatch):
    case = made()
    monkeypatch.setattr(plain, "Meeting", broken)

    assert compiled_events(case, 1) != plain_events(case, 1)


@pytest.mark.parametrize("made", CASES)
def test_seed_replicate_and_address_reach_every_draw(made):
    case = made()
    told = {"replicate": 3, "first_person": 10**10}

    assert compiled_events(case, 5, **told) == plain_events(case, 5, **told)
    assert compiled_events(case, 5, **told) != compiled_events(case, 5)


@pytest.mark.parametrize("made", [meeting_models.items, meeting_models.helpers])
@pytest.mark.parametrize("rows", [1, 7])
def test_how_the_log_leaves_and_how_much_room_there_is_change_no_bit(made, rows, monkeypatch):
    case = made()
    whole = compiled_events(case, 2)
    monkeypatch.setattr(running, "BLOCK", rows)
    monkeypatch.setattr(running, "FIRST_ITEMS", 1)

    assert compiled_events(case, 2) == whole


def rewritten(monkeypatch, *changes):
    """Let kernels be compiled of a source in which some words are others."""

    def write(structure):
        text = write_source(structure)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return text

    monkeypatch.setattr(simulation, "write_meeting", write)


def test_draws_that_are_made_again_before_they_are_used_up_are_the_same(monkeypatch):
    case = meeting_models.plain_queue()
    rewritten(monkeypatch, ("_from_1 >= 4:", "_from_1 >= 1:"), ("_from_3 >= 4:", "_from_3 >= 0:"))

    assert compiled_events(case, 4) == plain_events(case, 4)


def test_making_draws_again_has_teeth(monkeypatch):
    case = meeting_models.plain_queue()
    rewritten(monkeypatch, ("who.branch_from_1 = count_0", "pass"))

    assert compiled_events(case, 4) != plain_events(case, 4)


@pytest.mark.parametrize("made", CASES)
def test_sums_are_the_same_without_a_log(made):
    case = made()
    told = {"seed": 6, "until": case.until, "moments": [2.0, 7.5]} | case.people
    logged = case.model.simulate(case.n_people, **told)
    summed = case.model.simulate(case.n_people, log=False, **told)

    assert summed.counts() == logged.counts()
    assert summed.person_years() == logged.person_years()
    assert summed.waits() == logged.waits()
    assert summed.moved.tolist() == logged.moved.tolist()


@pytest.mark.parametrize("made", CASES)
def test_what_is_watched_is_what_the_log_says(made):
    case = made()
    n_states = len(case.model.declared_states)
    moments = [2.0, 3.3, 7.5, 11.0]
    lives = case.model.simulate(
        case.n_people,
        seed=3,
        until=case.until,
        moments=moments,
        exposure=([0.0, 3.0, 10.0], (-5, 40)),
        columns=Columns(years=case.model.declared_states, ended_in=True),
        **case.people,
    )
    states = [one.name for one in case.model.declared_states]
    begins = np.asarray(case.people["born"]) + case.people.get("age", 0.0)
    start = case.people.get("start", [case.model.declared_states[0]] * case.n_people)
    now = np.array([case.model.declared_states.index(one) for one in start])
    since, spent = begins.copy(), np.zeros((n_states, case.n_people))
    for person, time, source, target, _ in tuples(lives.events):
        assert source == now[person]
        spent[source, person] += time - since[person]
        since[person], now[person] = time, target
    for i, state in enumerate(now):
        if not lives.structure.is_absorbing(state):
            spent[state, i] += case.until - since[i]

    assert np.allclose([lives.people[f"years_{name}"] for name in states], spent, atol=1e-9)
    assert lives.people["ended_in"].tolist() == now.tolist()
    for name, years in lives.person_years().items():
        assert years == pytest.approx(spent[states.index(name)].sum(), abs=1e-6)
    assert (lives.exposure.sum(axis=(1, 2)) == lives.person_ticks).all()
    assert (lives.occupancy(moments) == lives._from_log(np.array(moments))).all()


def standing(case, rows):
    """After every moment of a run: how many wait, and how many are served."""
    steps = np.zeros(len(case.model.declared_states), int)
    begun = np.asarray(case.people["born"])
    for time in sorted({*begun.tolist(), *(row[1] for row in rows)}):
        steps[0] += np.count_nonzero(begun == time)
        for _, _, source, target, _ in [row for row in rows if row[1] == time]:
            steps[source] -= 1
            steps[target] += 1
        yield steps[0], steps[1]


def places_are_kept(case, rows, places):
    """Whether no more are served than there are places, and none is free while somebody waits."""
    return all(
        served == places or (served < places and not waiting)
        for waiting, served in standing(case, rows)
    )


def first_come_first(case, rows):
    """Whether nobody is called while somebody waits who came before, and how often that told."""
    came = {i: (born, i) for i, born in enumerate(case.people["born"])}
    called, is_kept = 0, True
    for person, time, source, target, _ in rows:
        if source == 0:
            place = came.pop(person)
            if target == 1:
                others = [other for other in came.values() if other[0] <= time]
                is_kept &= place <= min(others, default=place)
                called += bool(others)
        if target == 0:
            came[person] = (time, person)
    return is_kept, called


def busy_hall(places):
    case = meeting_models.plain_queue()
    case.model = case.model.with_parameters({"counters.places": places})
    return case


@pytest.mark.parametrize("places", [1, 3, 8])
def test_no_more_are_served_than_there_are_places_and_none_is_free_while_somebody_waits(places):
    case = busy_hall(places)
    for seed in SEEDS:
        rows = compiled_events(case, seed)
        assert places_are_kept(case, rows, places)
        assert any(waiting for waiting, _ in standing(case, rows))
        assert not places_are_kept(case, rows, places + 1)


def test_who_waits_longest_is_first():
    case = meeting_models.plain_queue()
    for seed in SEEDS:
        is_kept, called = first_come_first(case, compiled_events(case, seed))
        assert is_kept
        assert called > 20


def test_the_laws_of_queues_have_teeth(monkeypatch):
    case = meeting_models.plain_queue()
    monkeypatch.setattr(plain, "Meeting", Greedy)
    assert not places_are_kept(case, plain_events(case, 1), 3)

    monkeypatch.setattr(plain, "Meeting", Blind)
    assert not first_come_first(case, plain_events(case, 1))[0]


def test_an_item_is_used_once_and_within_its_life():
    case = meeting_models.items()
    arms = [arm.name for arm in resolve(case.model).structure.arms]
    groups = case.people["attributes"]["group"]
    for seed in SEEDS:
        offered, used = [], 0
        for person, time, _, _, arm in compiled_events(case, seed):
            if arms[arm].startswith("donor"):
                offered.append((groups[person], time))
            if arms[arm] == "waiting to treated":
                fit = [item for item in offered if item[0] == groups[person]]
                kept = [item for item in fit if time <= item[1] + 0.5]
                assert kept, "an item was used that was not there"
                # The oldest that fits is taken: what came before it has expired.
                offered.remove(kept[0])
                used += 1
        lives = case.model.simulate(case.n_people, seed=seed, until=case.until, **case.people)
        sums = lives.waits()["organs"]
        assert sums.served == used
        assert sums.given >= sums.served + sums.expired
        assert used > 5


def heavier(x):
    return x


def unset_priority():
    model = Model("unset", clock="calendar")
    waiting, served, gone = model.states("waiting", "served", "gone")
    model.attribute("x", start=None)
    pool = model.pool("pool", places=1, priority=heavier)
    model.transition(waiting, served, pool)
    model.transition(served, gone, Exponential(rate=1.0))
    return model


def test_a_priority_that_is_not_set_stops_the_run_where_it_is_met():
    given = {"x": [1.0, 2.0, math.nan, 3.0]}
    with pytest.raises(ModelError, match="HS405") as caught:
        unset_priority().simulate(4, seed=1, until=9.0, attributes=given, born=[0, 1, 2, 3])
    assert "person 2" in str(caught.value)

    given["x"][2] = 0.5
    assert unset_priority().simulate(4, seed=1, until=9.0, attributes=given).events.time.size > 0


def test_moves_without_end_stop_the_run():
    model = Model("mill", clock="calendar")
    waiting, served, gone = model.states("waiting", "served", "gone")
    pool = model.pool("pool", places=1)
    model.transition(waiting, served, pool)
    model.transition(served, {waiting: None, gone: 0.0}, At(reading=0.0), clock="since_entry")

    with pytest.raises(ModelError, match="HS404"):
        model.simulate(1, seed=1, until=9.0)
    assert math.isfinite(model.simulate(0, seed=1, until=9.0).until)


def test_nobody_at_all_is_a_population():
    lives = Case(meeting_models.plain_queue().model).model.simulate(0, seed=1, until=5.0)

    assert lives.events.time.size == 0
    assert lives.waits()["counters"].served == 0


@pytest.mark.parametrize("made", CASES)
def test_no_function_of_a_generated_kernel_is_long(made):
    tree = ast.parse(write_source(resolve(made().model).structure))
    lengths = {
        one.name: one.end_lineno - one.lineno + 1
        for one in tree.body
        if isinstance(one, ast.FunctionDef)
    }

    assert {name: lines for name, lines in lengths.items() if lines > 120} == {}
    assert "live" in lengths
