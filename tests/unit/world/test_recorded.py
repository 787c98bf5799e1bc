"""What the loader gives is what the tables record."""

import numpy as np
import pytest

from hailsham.world import recorded
from hailsham.world.recorded import (
    AGE_STARTS,
    BANDS,
    CAUSES,
    CLOCK_OF_CAUSE,
    CLOCKS,
    FIRST_YEAR,
    LAST_YEAR,
    SEXES,
    TUMOURS,
    life_expectancy,
    read_recorded,
    read_table,
)

RECORDED = read_recorded()
ALL_CAUSES = RECORDED.deaths / RECORDED.population

# Broad ages of the official deaths by cause: half-open ranges of band numbers.
BROAD_AGES = {
    "0": (0, 1),
    "1-4": (1, 2),
    "5-14": (2, 4),
    "15-44": (4, 10),
    "45-64": (10, 14),
    "65+": (14, 19),
}

# Period life expectancy at birth [years], female and male, from the single-year death rates of
# the Human Mortality Database (England and Wales, own life table; docs/reference/data.md).
EXPECTED = {1951: (71.03, 65.91), 1967: (75.26, 69.10), 1999: (79.94, 75.12)}


def broad_misses(cause_rates):
    """Deaths that the rates give in each broad age, less those recorded, 1950 to 2000 [deaths]."""
    years = [str(year) for year in range(1950, 2002)]
    official = read_table("deaths_by_cause_broad.csv", [years, SEXES, list(BROAD_AGES)], CAUSES)
    given = cause_rates[3:] * RECORDED.population[3:, ..., np.newaxis]
    summed = [given[:, :, start:stop].sum(axis=2) for start, stop in BROAD_AGES.values()]
    return np.stack(summed, axis=2) - official[:-1]


def worst_observed(cause_rates):
    """Largest difference from the observed deaths by cause and five-year age [deaths]."""
    years = (*range(1958, 1968), *range(1979, 1985))
    observed = [[str(year) for year in years], SEXES, BANDS]
    at = np.array(years) - FIRST_YEAR
    given = cause_rates[at] * RECORDED.population[at][..., np.newaxis]
    return np.abs(given - read_table("deaths_by_cause_five_year.csv", observed, CAUSES)).max()


def worst_rate(cause_rates):
    """Largest relative difference of summed causes from the recorded rate of all causes."""
    return np.abs(cause_rates.sum(axis=-1) / ALL_CAUSES - 1).max()


def worst_expectancy(deaths):
    """Largest difference from the published life expectancy [years]."""
    gaps = [
        life_expectancy(deaths[year - FIRST_YEAR], RECORDED.population[year - FIRST_YEAR])
        - expected
        for year, expected in EXPECTED.items()
    ]
    return np.abs(gaps).max()


def one_cause_too_high():
    """The rates with deaths of the heart 3 per cent too high."""
    rates = RECORDED.cause_rates.copy()
    rates[..., CAUSES.index("heart")] *= 1.03
    return rates


def test_every_rate_of_all_causes_is_the_recorded_one():
    assert worst_rate(RECORDED.cause_rates) < 1e-14


def test_a_cause_too_high_is_seen_in_the_rate_of_all_causes():
    assert worst_rate(one_cause_too_high()) > 0.005


def test_every_recorded_death_by_cause_is_met_in_the_broad_ages():
    # A rate is rounded to 10^-9 a year, so a band of two million people is off by 0.001 deaths.
    assert np.abs(broad_misses(RECORDED.cause_rates)).max() < 0.02


def test_a_cause_too_high_is_seen_in_the_broad_ages():
    assert np.abs(broad_misses(one_cause_too_high())).max() > 1000


def test_observed_years_are_met_at_every_five_year_age():
    assert worst_observed(RECORDED.cause_rates) < 0.02


def test_a_cause_too_high_is_seen_at_five_year_ages():
    assert worst_observed(one_cause_too_high()) > 100


def test_before_1950_the_shares_are_those_of_1950():
    shares = RECORDED.cause_rates[:4] / ALL_CAUSES[:4, ..., np.newaxis]

    assert shares[:3] == pytest.approx(np.broadcast_to(shares[3], shares[:3].shape), abs=1e-5)


def test_nothing_recorded_is_negative_or_missing():
    for array in vars(RECORDED).values():
        assert np.isfinite(array).all()
        assert (array >= 0).all()


def test_nobody_both_leaves_and_comes_in_one_cell():
    assert not np.any((RECORDED.leaving > 0) & (RECORDED.entrants > 0))


def test_what_is_recorded_cannot_be_written_over():
    with pytest.raises(ValueError, match="read-only"):
        RECORDED.deaths[0, 0, 0] = 1


def test_the_axes_are_what_their_names_say():
    n_years, n_bands = LAST_YEAR - FIRST_YEAR + 1, len(AGE_STARTS)

    assert RECORDED.years.tolist() == list(range(FIRST_YEAR, LAST_YEAR + 1))
    assert RECORDED.cause_rates.shape == (n_years, len(SEXES), n_bands, len(CAUSES))
    assert len(BANDS) == n_bands
    # Women outlive men: were the sexes exchanged, this would fail in every year.
    assert (RECORDED.population[:, 0, -1] > RECORDED.population[:, 1, -1]).all()


def test_every_cause_runs_on_one_clock():
    assert set(CLOCK_OF_CAUSE) == set(CAUSES)
    assert set(CLOCK_OF_CAUSE.values()) == set(CLOCKS)
    assert {cause for cause in CAUSES if CLOCK_OF_CAUSE[cause] == "lung"} == {"lung", "cancer_lung"}
    assert CLOCK_OF_CAUSE["stroke"] == "other"


def test_every_cancer_is_a_tumour_and_nothing_else_is():
    assert len(TUMOURS) == 8
    assert all(cause in CAUSES and cause.startswith("cancer_") for cause in TUMOURS)


def test_life_expectancy_is_the_published_one():
    assert worst_expectancy(RECORDED.deaths) < 0.6


def test_the_life_expectancy_test_has_teeth():
    # Rates a tenth too low add about a year.
    assert worst_expectancy(0.9 * RECORDED.deaths) > 0.6


def test_life_expectancy_under_one_rate_is_its_inverse():
    person_years = np.full((2, 19), 1000.0)

    assert life_expectancy(person_years / 80, person_years) == pytest.approx([80.0, 80.0])


def test_a_band_without_deaths_is_lived_through():
    deaths = np.zeros(19)
    deaths[-1] = 50.0

    assert life_expectancy(deaths, np.full(19, 100.0)) == pytest.approx(87.0)


def test_a_band_in_which_nobody_lived_counts_as_one_in_which_nobody_died():
    lived, deaths = np.full(19, 100.0), np.zeros(19)
    deaths[-1], lived[3] = 50.0, 0.0

    assert life_expectancy(deaths, lived) == pytest.approx(87.0)


def test_life_has_no_end_where_nobody_dies():
    assert life_expectancy(np.zeros(19), np.ones(19)) == np.inf


@pytest.mark.parametrize("damage", ["row", "column"])
def test_a_damaged_table_is_refused(damage, tmp_path, monkeypatch):
    lines = (recorded.TABLES / "deaths.csv").read_text().splitlines()
    if damage == "row":
        lines[10], lines[11] = lines[11], lines[10]
    else:
        lines = [line.replace("85+", "85-89") for line in lines]
    (tmp_path / "deaths.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(recorded, "TABLES", tmp_path)

    with pytest.raises(ValueError, match=r"deaths\.csv"):
        recorded.read_by_age("deaths.csv")
