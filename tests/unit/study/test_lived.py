"""The evidence and the readings, from lives that were lived."""

import pytest

from hailsham.study.evidence import gather, gather_from
from hailsham.study.questions import NOBODY_BESIDE, ask
from hailsham.telling.evidence.lives import read_lives
from hailsham.telling.evidence.measures import escaped
from hailsham.world.sources.readings import INTERVENTIONS
from hailsham.world.sources.weaknesses import INNER_LIFE

#: A thing that may not happen is told by 2,996 lives or more.
LIVES = 3_200
#: Whether somebody leaves, once the thought is given to everybody, and once a way is, too.
LEAVING = {"article": (False, True), "no_choice": (True, True), "willing": (False, False)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def found(runs):
    return gather(lives=LIVES, seed=2, runs=runs)


def test_so_many_lives_meet_what_they_can_tell_and_nothing_is_missed(found):
    verdicts = {row.target.name: row.verdict for row in found.rows}

    assert {verdicts[name] for name in ("T1", "T2", "T3", "T4", "T9", "T10", "T21")} == {"met"}
    assert {verdicts[name] for name in ("T11", "T12", "T15", "T16", "T22", "T23")} == {"met"}
    assert {verdicts[name] for name in ("T6", "T17")} == {"undecidable"}
    assert {verdicts[name] for name in ("T18", "T25", "T26")} == {"not simulated"}
    assert "missed" not in verdicts.values()


def test_another_world_is_seen_to_miss(runs):
    # Operations come after a third of the time, so nearly everybody is dead by thirty.
    settings = {"development.operations.recovery": 1.2, "development.operations.wait": 0.1}
    run = ask(
        {**NOBODY_BESIDE, **settings, "development.stations.scale": 1.7},
        lives=LIVES, seed=2, runs=runs,
    )  # fmt: skip
    verdicts = {row.target.name: row.verdict for row in gather_from([run]).rows}

    assert verdicts["T2"] == "missed"


def test_the_runs_say_what_is_weak_in_them(found):
    assert found.weak == INNER_LIFE


def test_a_run_that_is_there_is_judged_as_it_was(found):
    again = gather_from(found.runs[:1])

    assert [row.as_dict() for row in again.rows[:23]] == [row.as_dict() for row in found.rows[:23]]


@pytest.mark.parametrize("reading", LEAVING)
def test_interventions_tell_readings_apart(reading, runs):
    def leaves(settings):
        changes = {**NOBODY_BESIDE, **settings}
        run = ask(changes, reading=reading, lives=80, seed=1, runs=runs)
        return escaped(read_lives(run)).breaches > 0

    assert not leaves({})
    assert tuple(leaves(each.values) for each in INTERVENTIONS.values()) == LEAVING[reading]
