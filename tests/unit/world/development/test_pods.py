"""Pods are lived alone: by their numbers, at their addresses, whatever is watched."""

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives.codes import Event
from hailsham.world.development.lives import live_pods, pods_alone
from hailsham.world.development.parameters import (
    MADAME,
    MISS_EMILY,
    ORDINARY_LIFE,
    as_numbers,
    hailsham,
    ordinary,
    other_school,
    with_values,
)
from hailsham.world.development.pod.state import FULL, SILENT, TURNING
from tests.unit.world.development.lived import PODS, SEED, lives, mean, same

KEY = draw_key(SEED)
#: Columns that hold no mean of anything: who a person is.
NAMES = {"person", "pod", "seat", "life", "house", "couple", "first_couple", "ticks", "events"}


def some(life, *, n_pods=40, first_pod=0, level=SILENT, closes=np.inf):
    """What comes out of some pods that live by some numbers."""
    pods = pods_alone(KEY, life, n_pods=n_pods, first_pod=first_pod, closes=closes)
    return live_pods(KEY, numbers=as_numbers([life]), pods=pods, level=level)


def test_a_block_lived_in_parts_is_the_same_block():
    parts = [some(hailsham(), n_pods=n, first_pod=first).lives for first, n in ((0, 7), (7, 33))]
    assert same(some(hailsham()).lives, np.concatenate(parts))


def test_another_pod_is_another_life():
    assert not same(some(hailsham()).lives, some(hailsham(), first_pod=1).lives)


@pytest.mark.parametrize("level", [TURNING, FULL])
def test_watching_changes_no_life(level):
    assert same(some(hailsham()).lives, some(hailsham(), level=level).lives)


def moved(tick):
    """How far, in standard errors of 20,000 lives, another tick moves the mean of each column."""
    base, other = lives(n_pods=PODS), lives(n_pods=PODS, clock__tick=tick)
    found = {}
    for name in base.dtype.names:
        column = base[name].astype(float)
        n = np.isfinite(column).sum()
        error = float(np.nanstd(column)) / np.sqrt(max(n, 1))
        if name not in NAMES and error > 1e-12:
            found[name] = abs(mean(other, name) - mean(base, name)) / error
    return found


def test_half_the_tick_moves_no_mean_by_half_its_standard_error():
    assert max(moved(0.125).values()) < 0.5


def test_without_ticks_what_is_frozen_shows():
    assert max(moved(0.0).values()) > 0.5


def scattered(until=np.inf, level=SILENT):
    """Pods whose eight are born within a year, left at an age."""
    pods = pods_alone(KEY, hailsham(), n_pods=40)
    pods["born"] += np.random.default_rng(SEED).random(pods["born"].shape)
    return live_pods(KEY, numbers=as_numbers([hailsham()]), pods=pods, level=level, until=until)


def test_a_life_left_at_an_age_is_that_life_at_that_age():
    whole, left = scattered(level=FULL), scattered(22.0, FULL)
    born = dict(zip(whole.lives["person"].tolist(), whole.lives["born"].tolist(), strict=True))
    stop = np.array([born[person] + 22.0 for person in whole.log["person"].tolist()])
    before = whole.log[whole.log["time"] <= stop]
    assert np.array_equal(before, left.log)
    for column in ("left_house", "carer_from", "heard", "crisis_age"):
        seen = np.isfinite(left.lives[column])
        assert np.array_equal(whole.lives[column][seen], left.lives[column][seen])
    assert (left.lives["ended"][np.isfinite(left.lives["ended"])] <= stop.max()).all()


def test_a_life_left_at_another_age_is_another():
    assert scattered(21.0, FULL).log.size < scattered(22.0, FULL).log.size


def test_an_ordinary_life_is_the_same_from_whatever_school_it_is_described():
    pods = pods_alone(KEY, ordinary(), n_pods=40)
    described = [with_values(start(), values=ORDINARY_LIFE) for start in (hailsham, other_school)]
    numbers = as_numbers([hailsham(), *described, ordinary()])
    lived = []
    for life in (1, 2, 3):
        pods["life"] = life
        lived.append(live_pods(KEY, numbers=numbers, pods=pods).lives)
    assert same(lived[0], lived[1], but=("life",))
    assert same(lived[1], lived[2], but=("life",))


@pytest.mark.parametrize("left_out", ["stages.wrist", "clock.work_years", "ties.decay_later"])
def test_a_clone_who_keeps_one_thing_of_the_programme_lives_another_life(left_out):
    kept = {name: value for name, value in ORDINARY_LIFE.items() if name != left_out}
    assert not same(some(with_values(hailsham(), values=kept)).lives, some(ordinary()).lives)


def test_the_log_tells_what_the_columns_say():
    lived = some(hailsham(), level=FULL)
    log, people = lived.log, lived.lives
    counted = {
        Event.REMEMBERED: "memories_own",
        Event.BORROWED_MEMORY: "memories_borrowed",
        Event.LET_GO: "let_go",
        Event.OPERATED: "donations",
        Event.CHOSEN_FOR_GALLERY: "gallery",
        Event.FOUND_SUBSTITUTE: "substitutes",
        Event.WRONGED: "wrongs",
        Event.BECAME_COUPLE: "couples",
    }
    for event, column in counted.items():
        rows = log["person"][log["event"] == event]
        tally = np.array([(rows == person).sum() for person in people["person"]])
        patients = people["patients_died"] if event is Event.REMEMBERED else 0
        assert np.array_equal(tally + patients, people[column]), column


def test_the_log_is_in_order_and_nobody_acts_after_death():
    lived = some(hailsham(), level=FULL)
    log, people = lived.log, lived.lives
    is_same = log["person"][1:] == log["person"][:-1]
    assert (np.diff(log["time"])[is_same] >= 0.0).all()
    ended = people["ended"][np.searchsorted(people["person"], log["person"])]
    assert (log["time"] <= ended).all()


def test_what_must_hold_of_every_life_holds():
    for kind in ("hailsham", "other", "ordinary"):
        people = lives(kind)
        assert (people["let_go"] <= people["lost"] - 1).all()
        assert (people["tokens_held"] >= 0.0).all()
        spent = people["things"] * hailsham().house.sale_price
        assert np.allclose(people["tokens_earned"], spent + people["tokens_held"])
        assert (people["ties_end"] <= people["ties_16"]).all()
        assert ((people["awareness_end"] >= 0.5) == np.isfinite(people["crisis_age"])).all()
        assert (people["style_first"] == 0).sum() >= (people["style"] == 0).sum()
        for column in ("integrity", "despair", "consolation", "knowledge_end", "awareness_end"):
            assert ((people[column] >= 0.0) & (people[column] <= 1.0)).all()


def test_partners_agree_on_who_they_were():
    people = lives()
    row = {person: at for at, person in enumerate(people["person"].tolist())}
    last = people["couple"] >= 0
    for at in np.flatnonzero(last & (people["couple_end"] == 1)):
        mate = people[row[int(people["couple"][at])]]
        assert mate["couple_from"] >= people["couple_from"][at]


def test_the_closing_of_the_school_is_one_loss_to_whoever_lives():
    closed, open_ = (some(hailsham(), closes=closes) for closes in (1975.0, np.inf))
    lives_on = (closed.lives["born"] < 1975.0) & (closed.lives["ended"] > 1975.0)
    log = some(hailsham(), closes=1975.0, level=TURNING).log
    told = set(log["person"][log["event"] == Event.SCHOOL_CLOSED].tolist())
    assert told == set(closed.lives["person"][lives_on].tolist())
    more = closed.lives["lost"].mean() - open_.lives["lost"].mean()
    assert more > 0.5 * lives_on.mean()


def guardians(values, closes):
    """Lives of guardians whose house closes when they are about 66."""
    life = with_values(hailsham(), values=values)
    pods = pods_alone(KEY, life, n_pods=200)
    pods["born"], pods["closes"] = 1925.0, closes
    return live_pods(KEY, numbers=as_numbers([life]), pods=pods).lives


def test_the_end_of_their_work_costs_the_guardians_integrity():
    for values in (MISS_EMILY, MADAME):
        fallen = mean(guardians(values, 1991.0), "integrity")
        assert fallen < mean(guardians(values, np.inf), "integrity") - 0.015


def test_a_closing_that_takes_nothing_costs_them_little():
    unhurt = {**MADAME, "house.closing_blow": 0.0}
    fallen = mean(guardians(unhurt, 1991.0), "integrity")
    assert fallen > mean(guardians(MADAME, np.inf), "integrity") - 0.015


def test_the_truth_is_told_at_most_once_in_a_house_and_to_those_aged_ten_to_sixteen():
    people = lives(n_pods=PODS, knowledge__truth_probability=1.0)
    told = np.isfinite(people["truth"])
    age = (people["truth"] - people["born"])[told]
    assert age.min() >= 10.0
    assert age.max() < 16.0
    houses = people["house"][told]
    dates = {(house, date) for house, date in zip(houses, people["truth"][told], strict=True)}
    assert len(dates) == len({house for house, _ in dates}) > 0


def test_an_unknown_number_is_refused():
    with pytest.raises(KeyError, match="no number of an inner life"):
        with_values(hailsham(), values={"despair.joy": 1.0})
