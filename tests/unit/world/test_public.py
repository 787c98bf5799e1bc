"""Each member of the public alone: clocks that do not know of each other."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives.codes import CAUSES
from hailsham.units import TICKS_PER_YEAR
from hailsham.world.passes import live_block
from hailsham.world.population import populate
from hailsham.world.public import (
    KEPT_ALIVE,
    LEAVING,
    LEFT_END,
    N_LANES,
    N_TERMINAL,
    PublicParameters,
    new_seen,
    public_hazards,
    run_all_clocks,
    run_clocks,
    see_life,
)
from hailsham.world.recorded import AGE_STARTS, CLOCK_OF_CAUSE, CLOCKS, FIRST_YEAR, TUMOURS
from hailsham.world.waiting_list import ListParameters, need_of
from tests.unit.world.small_england import (
    PROGRAMME,
    RECORDED,
    SEED,
    World,
    alone,
    are_alike,
    hazards_of,
)

SCALE = 2000
KEY = draw_key(SEED)
HAZARDS = hazards_of(PROGRAMME.public)
NEED = need_of(PROGRAMME.list)
PEOPLE = alone(PROGRAMME, scale=SCALE).people
SOME = PEOPLE[:: PEOPLE.size // 300]


def latent_times(one, silenced=0, key=KEY):
    """When each clock of a person would fire if there were no other."""
    latent, then = np.empty(N_LANES), np.empty(N_LANES)
    run_all_clocks(
        key,
        one["person"],
        one["sex"],
        one["born"],
        one["entered"],
        HAZARDS.rates,
        silenced,
        one["ended"],
        latent,
        then,
    )
    return latent


def moved(silenced_lane, key=KEY):
    """How many latent times of other lanes differ once one lane is silenced."""
    others = np.arange(N_LANES) != silenced_lane
    return sum(
        (latent_times(one)[others] != latent_times(one, 1 << silenced_lane, key)[others]).sum()
        for one in SOME
    )


@pytest.mark.parametrize("lane", range(N_LANES))
def test_silencing_one_clock_leaves_all_others_to_the_bit(lane):
    assert moved(lane) == 0


def test_a_clock_that_moved_would_be_noticed():
    assert moved(0, key=draw_key(SEED + 1)) > 300


@pytest.mark.parametrize("lane", range(N_LANES))
def test_a_silenced_clock_never_fires(lane):
    assert all(latent_times(one, 1 << lane)[lane] == np.inf for one in SOME)


def test_the_first_clock_to_fire_ends_the_life():
    for one in SOME:
        latent = latent_times(one)[:N_TERMINAL]
        assert one["ended"] == latent.min()
        assert one["lane"] == latent.argmin()


def test_a_silenced_clock_hands_the_end_to_the_next():
    budgets, latent = np.empty(N_LANES), np.empty(N_LANES)
    for one in SOME:
        silenced = 1 << int(one["lane"])
        end, lane = run_clocks(
            KEY,
            one["person"],
            one["sex"],
            one["born"],
            one["entered"],
            HAZARDS.rates,
            silenced,
            budgets,
            latent,
        )
        times = latent_times(one, silenced)[:N_TERMINAL]
        assert (end, lane) == (times.min(), times.argmin())
        assert end > one["ended"]


def test_counts_do_not_depend_on_how_people_are_split():
    there = populate(RECORDED, scale=SCALE, migration=True)
    cuts = [0, 1, 17_000, 17_001, there.n_people]
    parts = [
        live_block(KEY, there, HAZARDS, NEED, start=start, stop=stop, keep_every=1)
        for start, stop in pairwise(cuts)
    ]
    whole = alone(PROGRAMME, scale=SCALE)

    assert are_alike(np.concatenate([part.people for part in parts]), whole.people)
    assert are_alike(np.concatenate([part.patients for part in parts]), whole.patients)
    for counted, *pieces in zip(whole.seen, *(part.seen for part in parts), strict=True):
        assert np.array_equal(sum(pieces), counted)


def test_who_is_kept_for_the_table_does_not_depend_on_how_people_are_split():
    there = populate(RECORDED, scale=SCALE, migration=True)
    kept = [
        live_block(KEY, there, HAZARDS, NEED, start=start, stop=stop, keep_every=7).people
        for start, stop in ((0, 10_001), (10_001, there.n_people))
    ]

    assert are_alike(np.concatenate(kept), PEOPLE[::7])


def test_person_years_are_those_that_people_lived():
    seen = alone(PROGRAMME, scale=SCALE).seen
    lived = np.minimum(PEOPLE["ended"], 2001.0) - PEOPLE["entered"]

    assert seen.exposure.sum() / TICKS_PER_YEAR == pytest.approx(lived.sum(), rel=1e-9)


def test_ends_are_counted_once():
    seen = alone(PROGRAMME, scale=SCALE).seen
    within = PEOPLE["ended"] < 2001.0

    assert seen.causes.sum() == within.sum()
    assert seen.deaths.sum() == (within & (PEOPLE["lane"] != LEAVING)).sum()
    assert seen.entered.sum() == PEOPLE.size


def test_a_life_taken_back_leaves_nothing():
    seen = new_seen(54)
    lives = [one.tolist() for one in SOME[["person", "sex", "born", "entered", "ended", "cause"]]]
    for life in lives:
        see_life(seen, *life, 1)
    assert seen.exposure.any()
    assert seen.cohort_deaths.any()

    for life in lives:
        see_life(seen, *life, -1)
    assert not any(counted.any() for counted in seen)


def test_a_cause_belongs_to_the_clock_that_fired():
    for cause, lane in zip(SOME["cause"].tolist(), SOME["lane"].tolist(), strict=True):
        if lane == LEAVING:
            assert cause == LEFT_END
        else:
            assert CLOCK_OF_CAUSE[CAUSES[cause]] == CLOCKS[lane]


def test_causes_come_in_the_shares_of_the_recorded_rates():
    """Deaths of each cause less those that the person-years led one to expect.

    At 1 in 2,000 some 14,000 deaths by disease of the heart fall before 2001:
    a rate three per cent too high would give 3.5 standard errors, ten 12.
    """
    seen = alone(PROGRAMME, scale=SCALE).seen
    lived = seen.exposure.sum(axis=0) / TICKS_PER_YEAR

    def worst(factor):
        expected = (lived[..., None] * HAZARDS.causes[:, :-1]).sum(axis=(0, 1, 2)) * factor
        found = seen.causes.sum(axis=(0, 1, 2))[: expected.size]
        enough = expected > 100
        assert enough.sum() > 12
        return np.abs((found - expected) / np.sqrt(expected))[enough].max()

    assert worst(1.0) < 5
    assert worst(1.1) > 5


def test_treated_kidney_failures_meet_the_recorded_points():
    kept = HAZARDS.rates[0, :, :, KEPT_ALIVE]
    under_65, under_80 = np.array(AGE_STARTS) < 65, np.array(AGE_STARTS) < 80

    assert not kept[1960 - FIRST_YEAR].any()
    assert np.allclose(kept[1970 - FIRST_YEAR], np.where(under_65, 45e-6, 0))
    assert np.allclose(kept[1988 - FIRST_YEAR], np.where(under_80, 78e-6, 0))
    assert np.allclose(kept[2000 - FIRST_YEAR], np.where(under_80, 96e-6, 0))


def test_nobody_leaves_after_the_tables_end_or_without_migration():
    left = PEOPLE[PEOPLE["lane"] == LEAVING]
    closed = alone(World(public=PublicParameters(migration="none")), scale=SCALE).people

    assert left.size > 1000
    assert left["ended"].max() < 2001
    assert (closed["lane"] != LEAVING).all()


def test_cured_cancers_kill_nobody_and_leave_what_came_before():
    cured = alone(World(public=PublicParameters(cancers_cured_from=1960)), scale=SCALE).people
    tumours = [CAUSES.index(cause) for cause in TUMOURS]
    late, before = cured["ended"] >= 1960, PEOPLE["ended"] < 1960

    assert np.isin(PEOPLE["cause"][PEOPLE["ended"] >= 1960], tumours).sum() > 5000
    assert not np.isin(cured["cause"][late], tumours).any()
    assert are_alike(cured[before], PEOPLE[before])


def test_other_causes_are_multiplied_and_organs_are_not():
    bent = PublicParameters(other_causes_from=1970, other_causes_times=0.5)
    rates, plain = public_hazards(RECORDED, bent).causes, HAZARDS.causes
    at = 1970 - FIRST_YEAR
    is_other = [CLOCK_OF_CAUSE[c] == "other" and c not in TUMOURS for c in CAUSES[:-3]]

    assert np.array_equal(rates[:, :at], plain[:, :at])
    assert np.allclose(rates[:, at:], plain[:, at:] * np.where(is_other, 0.5, 1))


def test_the_rules_of_the_list_change_nobodys_untreated_life():
    other_list = replace(ListParameters(), opens=1960.0, age_limit=60.0, tumours=False)
    other = alone(World(list=other_list), scale=SCALE)

    assert are_alike(other.people, PEOPLE)
    assert other.patients.size != alone(PROGRAMME, scale=SCALE).patients.size
