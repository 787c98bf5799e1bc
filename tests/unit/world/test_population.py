"""Who is there: addresses that never move, and as many people as are recorded."""

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.world.population import (
    ARRIVED,
    BLOOD_SHARES,
    COHORT_START,
    PLACES,
    blood_group,
    is_compatible,
    populate,
)
from hailsham.world.recorded import AGE_STARTS, FIRST_YEAR
from tests.unit.world.small_england import LIMIT, PROGRAMME, RECORDED, SEED, alone, z_share

SCALE = 2000
OPEN_BAND = len(AGE_STARTS) - 1
#: Who may be given whose blood, as every textbook has it.
MAY_GIVE = {(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3), (2, 2), (2, 3), (3, 3)}


def parsed(person):
    """Cohort, sex and place in the group of an address."""
    return person // PLACES // 10, person // PLACES % 10 - 1, person % PLACES


def lives(scale, seed=SEED):
    """One row a person, by address."""
    people = alone(PROGRAMME, scale=scale, seed=seed).people
    return {person: row.tobytes() for person, row in zip(people["person"], people, strict=True)}


def worst_band(recorded_at):
    """Largest difference from the recorded people of a year by sex and band [people in the run]."""
    people = alone(PROGRAMME, scale=SCALE).people
    there = people[people["person"] // PLACES // 10 == COHORT_START]
    gaps = []
    for sex in (0, 1):
        ages = FIRST_YEAR - there["born"][there["sex"] == sex]
        found = np.histogram(ages, [*AGE_STARTS, np.inf])[0]
        gaps.append(np.abs(found - RECORDED.population[recorded_at, sex] / SCALE).max())
    return max(gaps)


def mean_years_above_85(sex, hazard):
    """Simulated less exact mean of the years beyond 85 of the open group, relative."""
    people = alone(PROGRAMME, scale=100).people
    start = (people["entered"] == FIRST_YEAR) & (people["sex"] == sex)
    age = FIRST_YEAR - people["born"][start]
    return (age[age >= 85] - 85).mean() * hazard - 1


def test_no_two_people_share_an_address():
    people = alone(PROGRAMME, scale=SCALE).people["person"]

    assert people.size > 40_000
    assert np.unique(people).size == people.size


def test_an_address_says_cohort_sex_and_place():
    people = alone(PROGRAMME, scale=SCALE).people
    there = populate(RECORDED, scale=SCALE, migration=True)
    group = np.repeat(np.arange(there.size.size), np.diff(there.first))
    cohort, sex, index = parsed(people["person"])

    assert (cohort == there.cohort[group]).all()
    assert (sex == people["sex"]).all()
    assert (index % SCALE == 0).all()
    assert (index < there.size[group]).all()


def test_an_address_tells_when_somebody_came():
    people = alone(PROGRAMME, scale=SCALE).people
    cohort = parsed(people["person"])[0]
    came = np.where(cohort < FIRST_YEAR + ARRIVED, cohort, cohort - ARRIVED)
    came[cohort == COHORT_START] = FIRST_YEAR

    assert (np.floor(people["entered"]) == came).all()


def test_a_small_run_is_a_part_of_a_large_one_with_the_same_lives():
    small, large = lives(20 * SCALE), lives(SCALE)

    assert small.keys() <= large.keys()
    assert all(large[person] == life for person, life in small.items())


def test_other_luck_gives_the_same_people_other_lives():
    # The twin of the test above: were lives not drawn at all, it would pass, too.
    ours, others = lives(20 * SCALE), lives(20 * SCALE, seed=SEED + 1)

    assert ours.keys() == others.keys()
    assert np.mean([others[person] == life for person, life in ours.items()]) < 0.01


def test_the_people_of_1947_stand_as_recorded():
    # Evenly spaced, so no band can miss by more than the person at either end.
    assert worst_band(0) <= 2


def test_the_people_of_another_year_would_be_told_apart():
    assert worst_band(1) > 2


@pytest.mark.parametrize("sex", [0, 1])
def test_the_oldest_are_spread_as_a_stationary_population(sex):
    hazard = RECORDED.deaths[0, sex, OPEN_BAND] / RECORDED.population[0, sex, OPEN_BAND]

    assert abs(mean_years_above_85(sex, hazard)) < 0.01
    assert abs(mean_years_above_85(sex, 1.1 * hazard)) > 0.01


def test_births_follow_each_other_evenly():
    people = alone(PROGRAMME, scale=SCALE).people
    for sex in (0, 1):
        born = people["born"][(people["born"] == people["entered"]) & (people["sex"] == sex)]
        for year in (1947, 1970, 2000):
            dates = np.sort(born[np.floor(born) == year])
            assert np.diff(dates).max() / np.diff(dates).min() == pytest.approx(1, abs=1e-6)


def test_nobody_comes_after_the_start_but_by_birth_if_migration_is_off():
    there = populate(RECORDED, scale=SCALE, migration=False)
    arrivals = there.cohort >= FIRST_YEAR + ARRIVED

    assert np.diff(there.first)[arrivals].sum() == 0
    assert np.diff(populate(RECORDED, scale=SCALE, migration=True).first)[arrivals].sum() > 1000


def test_blood_groups_come_as_often_as_among_donors():
    # Of 47,000 people, a share of .384 is known to .0022, one standard error.
    groups = alone(PROGRAMME, scale=SCALE).people["blood"]
    for group, share in enumerate(BLOOD_SHARES):
        assert abs(z_share(groups == group, share)) < LIMIT
    assert abs(z_share(groups == 1, 1.05 * BLOOD_SHARES[1])) > LIMIT


def test_a_blood_group_belongs_to_the_person():
    key = draw_key(SEED)
    people = alone(PROGRAMME, scale=20 * SCALE).people

    assert people["blood"].tolist() == [blood_group(key, person) for person in people["person"]]


def test_blood_goes_where_it_may_and_nowhere_else():
    pairs = {(a, b) for a in range(4) for b in range(4) if is_compatible(a, b)}

    assert pairs == MAY_GIVE
