"""The derived tables are what the script makes of the official ones, and they fit."""

import numpy as np
import pytest

from hailsham.world.recorded import FIRST_YEAR, LAST_YEAR, TABLES, read_recorded
from scripts.derive import raking
from scripts.derive.fitness import measure_misfit, sum_decades
from scripts.derive.projection import (
    Flows,
    project,
    read_official,
    stay_at_home,
    survive,
)
from scripts.derive.raking import derive_cause_rates, lend_shares, rake, read_cause_counts
from scripts.derive_tables import derive_tables

OFFICIAL = read_official()
RECORDED = read_recorded()
PROJECTION = project(OFFICIAL, Flows(RECORDED.leaving, RECORDED.entrants))
MISFIT = measure_misfit(OFFICIAL, PROJECTION)
CLOSED = project(OFFICIAL, stay_at_home(OFFICIAL))

# Of 1,958 cells above 100,000 people, this many may be off by more than 1 per cent, and none by
# more than 2. They are men whom national service takes away and gives back, people born around
# the leap in births of 1920, and infants of the late 1960s, whose estimates and births part.
FEW_CELLS = 20


def cells_off(misfit, limit):
    """How many cells of the mid-year population miss the record by more than the limit."""
    return int((np.abs(misfit.mid_year) > limit).sum())


def missing_people(projection):
    """People recorded in mid-2000 whom the projection does not have [persons]."""
    last = LAST_YEAR - FIRST_YEAR
    return OFFICIAL.population[last].sum() - projection.mid_year[last].sum()


def test_the_shipped_tables_are_what_the_script_derives(tmp_path):
    derive_tables(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cause_rates.csv", "migration.csv"]
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (TABLES / path.name).read_bytes(), path.name


def test_another_derivation_gives_another_table(monkeypatch):
    as_shipped = derive_cause_rates()
    monkeypatch.setattr(raking, "EVEN_SHARE", 1.1 * raking.EVEN_SHARE)

    assert np.any(derive_cause_rates() != as_shipped)


def test_mid_year_people_are_the_recorded_ones():
    assert cells_off(MISFIT, 0.01) <= FEW_CELLS
    assert cells_off(MISFIT, 0.02) == 0


def test_person_years_of_every_decade_are_the_recorded_ones():
    assert np.abs(MISFIT.person_years).max() < 0.003


def test_deaths_of_every_decade_are_the_recorded_ones():
    assert np.abs(MISFIT.deaths[1:]).max() < 0.003


def test_deaths_of_1947_to_1949_are_nearly_the_recorded_ones():
    # Mid-1947 stands for 1 January, and men of 20 to 24 were still coming home from the forces.
    assert np.abs(MISFIT.deaths[0]).max() < 0.008
    first_and_fifties = sum_decades(PROJECTION.person_years * OFFICIAL.rates)[:2].sum(axis=0)
    recorded = sum_decades(OFFICIAL.deaths)[:2].sum(axis=0)
    assert np.abs(first_and_fifties / recorded - 1).max() < 0.003


def test_without_migration_the_fit_fails():
    closed = measure_misfit(OFFICIAL, CLOSED)

    assert cells_off(closed, 0.01) > 1000
    assert np.abs(closed.person_years).max() > 0.05
    assert np.abs(closed.deaths).max() > 0.05


def test_with_migration_nobody_is_missing_in_2000():
    assert abs(missing_people(PROJECTION)) < 50_000


def test_without_migration_nearly_two_million_are_missing_in_2000():
    assert 1_500_000 < missing_people(CLOSED) < 2_000_000


def test_leavers_three_per_cent_too_many_are_seen():
    # A fit so close must feel a small fault in the flows.
    flows = Flows(1.03 * RECORDED.leaving, RECORDED.entrants)

    assert missing_people(project(OFFICIAL, flows)) > 100_000


def test_a_closed_country_keeps_its_balance():
    # People at the end of a year are those at its start, and births, less deaths.
    rates = np.full_like(OFFICIAL.deaths, 0.01)
    steady = OFFICIAL._replace(deaths=rates * OFFICIAL.population)
    lived = project(steady, stay_at_home(steady)).person_years.sum(axis=(1, 2))
    start = steady.population[0].sum()
    births = steady.births.sum(axis=1)

    # Under one rate the people of a year have a closed form: those there decline, those born
    # arrive evenly.
    for year in range(3):
        decline = np.exp(-0.01)
        exact = (start * (1 - decline) + births[year]) / 0.01
        exact -= births[year] * (1 - decline) / 0.01**2
        assert lived[year] == pytest.approx(exact, rel=1e-6)
        start = start * decline + births[year] * (1 - decline) / 0.01


def test_survival_is_the_exponential():
    hazards = np.linspace(0, 0.05, 101)

    assert survive(hazards) == pytest.approx(np.exp(-hazards), rel=1e-8)


def test_raking_meets_both_margins_and_keeps_the_odds():
    pattern = np.array([[4.0, 1.0], [2.0, 3.0]])
    table = rake(pattern, np.array([30.0, 70.0]), np.array([45.0, 55.0]))

    assert table.sum(axis=1) == pytest.approx([30.0, 70.0])
    assert table.sum(axis=0) == pytest.approx([45.0, 55.0])
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert odds == pytest.approx(6.0)


def test_raking_refuses_margins_that_do_not_agree():
    with pytest.raises(ArithmeticError):
        rake(np.ones((2, 2)), np.array([10.0, 10.0]), np.array([15.0, 10.0]))


def test_between_the_full_tables_the_pattern_moves_evenly():
    five_year = read_cause_counts().five_year
    before, middle, after = (lend_shares(year, five_year) for year in (1970, 1973, 1976))

    assert middle == pytest.approx((before + after) / 2)
