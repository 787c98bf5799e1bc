"""Life expectancy: of a period, of a cohort, and how surely the two worlds differ."""

import numpy as np
import pytest

from hailsham.units import TICKS_PER_YEAR
from hailsham.world.expectancy import expectancy_columns, recorded_cohorts, spans
from hailsham.world.public import N_BANDS, N_GROUPS, PublicParameters, Seen, new_seen
from hailsham.world.recorded import AGE_STARTS, FIRST_YEAR, life_expectancy
from tests.unit.world.small_england import PROGRAMME, RECORDED, SEED, World, alone

YEARS = (1990, 1995)
AT = slice(YEARS[0] - FIRST_YEAR, YEARS[1] - FIRST_YEAR)
#: Mean deaths a group and year would be some 7 of 700 person-years in each band.
LIVED = 700.0
HAZARD = np.geomspace(0.001, 0.2, N_BANDS)
SPARED = 0.9


def table(simulated, untreated, years=YEARS):
    return expectancy_columns(simulated, untreated, RECORDED, years=years)


def pick(columns, name, *, basis=0, sex=-1):
    here = (columns["basis"] == basis) & (columns["sex"] == sex)
    return columns[name][here]


def drawn_world(luck):
    """Counts of a made-up public, and of the same one with one death in ten avoided."""
    treated, untreated = new_seen(54), new_seen(54)
    shape = treated.deaths[:, :, AT].shape
    deaths = luck.poisson(LIVED * HAZARD, shape)
    spared = luck.binomial(deaths, 1.0 - SPARED)
    for seen, found in ((untreated, deaths), (treated, deaths - spared)):
        for name in ("exposure", "cohort_exposure"):
            getattr(seen, name)[:, :, AT] = int(LIVED * TICKS_PER_YEAR)
        for name in ("deaths", "cohort_deaths"):
            getattr(seen, name)[:, :, AT] = found
    return treated, untreated


@pytest.fixture(scope="module")
def intervals():
    """(low, high) of many made-up worlds whose true difference is known."""
    luck = np.random.default_rng(SEED)
    columns = [table(*drawn_world(luck)) for _ in range(200)]
    return np.array([[pick(c, name)[0] for name in ("low", "high")] for c in columns])


def true_difference():
    lived = np.ones(N_BANDS)
    return float(life_expectancy(SPARED * HAZARD, lived) - life_expectancy(HAZARD, lived))


def coverage(intervals, narrowed=1.0):
    middle = intervals.mean(axis=1, keepdims=True)
    low, high = (middle + narrowed * (intervals - middle)).T
    return np.mean((low <= true_difference()) & (true_difference() <= high))


def test_the_interval_covers_what_it_says(intervals):
    # Of 200 intervals of 95 %, between 181 and 199 should hold the truth (three standard errors).
    assert 0.905 <= coverage(intervals) <= 0.995


def test_an_interval_half_as_wide_would_be_noticed(intervals):
    assert coverage(intervals, narrowed=0.5) < 0.905


def test_the_difference_is_paired():
    # Beside the spread of the two expectancies themselves, that of their difference is small.
    luck = np.random.default_rng(SEED)
    columns = [table(*drawn_world(luck)) for _ in range(40)]
    gap = np.array([pick(c, "difference")[0] for c in columns])
    level = np.array([pick(c, "simulated")[0] for c in columns])

    assert gap.mean() == pytest.approx(true_difference(), rel=0.05)
    assert gap.std() < 0.5 * level.std()


def test_two_worlds_that_are_one_do_not_differ():
    seen = alone(PROGRAMME).seen
    columns = table(seen, seen)

    assert columns["difference"].tolist() == [0.0] * 6
    assert columns["low"].tolist() == columns["high"].tolist() == [0.0] * 6
    assert np.isfinite(columns["simulated"]).all()


def test_a_period_is_that_of_its_own_deaths_and_years():
    seen = alone(PROGRAMME).seen
    deaths = seen.deaths[:, 1, AT].sum(axis=(0, 1))
    lived = seen.exposure[:, 1, AT].sum(axis=(0, 1)) / TICKS_PER_YEAR

    assert pick(table(seen, seen), "simulated", sex=1) == pytest.approx(
        float(life_expectancy(deaths, lived))
    )


def test_simulated_periods_lie_where_the_recorded_do():
    """At 1 in 200 a five-year life expectancy of one sex is known to about 0.1 years."""
    seen = alone(PROGRAMME).seen
    columns = table(seen, seen, (1950, 2000))
    gaps = columns["simulated"] - columns["recorded"]
    women, men = (pick(columns, "recorded", sex=sex) for sex in (0, 1))

    period = columns["basis"] == 0
    assert np.abs(gaps[period & (columns["sex"] >= 0)]).max() < 0.5
    # The twin: taken for the other sex, they would lie years away.
    assert (women - men).min() > 3


def test_a_cohort_without_migration_lives_as_its_recorded_rates_say():
    """Births of five years at 1 in 200 know their life expectancy to some 0.17 years."""
    closed = alone(World(public=PublicParameters(migration="none"))).seen
    columns = table(closed, closed, (1950, 2000))
    for sex in (0, 1):
        gaps = pick(columns, "simulated", basis=1, sex=sex) - pick(
            columns, "recorded", basis=1, sex=sex
        )
        assert gaps.size == 10
        assert np.abs(gaps).max() < 5 * 0.17
        assert abs(gaps.mean()) < 5 * 0.17 / np.sqrt(10)


def test_everybody_born_in_a_recorded_cohort_dies_at_some_age():
    deaths, exposure = recorded_cohorts(RECORDED)
    for sex in (0, 1):
        died = deaths[sex].sum(axis=-1) / RECORDED.births
        assert died == pytest.approx(died[0])
        assert (exposure[sex] > 0).all()


def test_the_newborn_of_a_recorded_cohort_die_at_the_rate_of_their_year():
    deaths, exposure = recorded_cohorts(RECORDED)
    rate = RECORDED.deaths[:, :, 0] / RECORDED.population[:, :, 0]
    # A cohort passes its first year in two calendar years, whose rates differ a little.
    between = np.sort(np.stack([rate[:-1], rate[1:]]), axis=0).swapaxes(1, 2)
    found = (deaths / exposure)[:, :-1, 0]

    assert (found >= between[0] * (1 - 1e-9)).all()
    assert (found <= between[1] * (1 + 1e-9)).all()


def test_a_cohort_says_how_much_of_it_is_projected():
    seen = alone(PROGRAMME).seen
    projected = pick(table(seen, seen, (1950, 2000)), "projected", basis=1)

    assert (projected > 0.8).all()
    assert projected[-1] > projected[0]
    assert not pick(table(seen, seen), "projected", basis=0).any()


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((1947, 1956), [(1947, 1950), (1950, 1955), (1955, 1956)]),
        ((1950, 1955), [(1950, 1955)]),
        ((1951, 1953), [(1951, 1953)]),
    ],
)
def test_spans_are_five_years_cut_short_at_the_ends(years, expected):
    assert spans(years) == expected


def test_there_is_a_group_for_every_part_of_the_jackknife():
    seen = alone(PROGRAMME).seen

    assert isinstance(seen, Seen)
    assert seen.deaths.shape[0] == N_GROUPS
    by_group = seen.deaths.sum(axis=(1, 2, 3))
    assert by_group.min() > 0.9 * by_group.mean()
    assert len(AGE_STARTS) == N_BANDS
