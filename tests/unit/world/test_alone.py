"""Children of the Programme alone are placed by number alone, and measured as they are."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives import codes
from hailsham.lives.schema import INNER_LIFE
from hailsham.world.alone.beside import STEPS, _measured, developmental_age, populations
from hailsham.world.alone.children import AloneParameters, is_as_hailsham, numbers_of, raise_pods
from hailsham.world.development import columns, style
from hailsham.world.development.parameters import InnerLife, with_values

KEY = draw_key(1)
LIFE = InnerLife()


def raised(**asked):
    return raise_pods(KEY, AloneParameters(**asked), LIFE)


def test_lives_are_rounded_up_to_whole_pods_and_addresses_are_in_order():
    pods = raised(lives=100)
    address = pods.clones["person"]

    assert pods.told.size == 13
    assert address.size == 104 == len(pods.names)
    assert (np.diff(address) > 0).all()
    assert (pods.told["person"].ravel() == address).all()


def test_every_year_has_as_many_births_as_any_other_but_for_one_pod():
    born = np.floor(raised(lives=8 * 50).told["born"][:, 0]).astype(int)
    counts = np.bincount(born - 1953)

    assert counts.size == 22
    assert counts.max() - counts.min() == 1


def test_who_is_born_does_not_depend_on_how_many_others_are():
    few, many = raised(lives=80).clones, raised(lives=800).clones
    same = many[np.isin(many["person"], few["person"])]

    assert (same == few).all()
    # The twin: another key bears other children at the same addresses.
    other = raise_pods(draw_key(2), AloneParameters(lives=80), LIFE).clones
    assert (other["person"] == few["person"]).all()
    assert not (other["born"] == few["born"]).any()


def test_a_house_tells_all_its_pods_one_truth_or_none():
    told = raised(lives=8 * 22 * 40).told
    by_house = [np.unique(told["truth"][told["house"] == house]) for house in range(40)]
    told_at = np.array([days[0] for days in by_house])

    assert all(days.size == 1 for days in by_house)
    assert 0 < np.isfinite(told_at).sum() < 40
    never = with_values(LIFE, values={"knowledge.truth_probability": 0.0})
    assert np.isinf(raise_pods(KEY, AloneParameters(lives=800), never).told["truth"]).all()


def test_houses_that_are_not_run_as_hailsham_live_by_other_numbers_and_do_not_close():
    told = raised(lives=8 * 22 * 10, hailsham_share=0.3).told
    other = told["life"] == 1

    assert 0.6 < other.mean() < 0.8
    assert np.isinf(told["closes"][other]).all()
    assert (told["closes"][~other] == 1991.67).all()
    assert np.isinf(raised(lives=80, hailsham_closes="never").told["closes"]).all()
    ours, theirs = numbers_of(LIFE)
    assert ours["house_care"] > theirs["house_care"]
    assert is_as_hailsham(np.array([0]), 0.0).sum() == 0


# ---------------------------------------------------------------- beside


def nominal_life(**changed):
    """A life of nominal lengths, born in 1960."""
    life = np.zeros(1, columns.LIFE)
    times = {"born": 1960.0, "left_house": 1976.0, "carer_from": 1979.0, "donor_from": 1981.4}
    for name, value in {**times, "tau_call": 65.0, **changed}.items():
        life[name] = value
    return life


#: Developmental age at an age of a life of nominal lengths, as the specification tabulates it.
NOMINAL = {11: 11.0, 15: 15.0, 16: 16.0, 17: 19.0, 18: 22.0, 19: 25.0, 20: 41.7, 21: 58.3,
           22: 66.5, 23: 69.1, 24.5: 72.9, 26: 76.8, 27.25: 80.0}  # fmt: skip


@pytest.mark.parametrize(("age", "tau"), NOMINAL.items())
def test_developmental_age_is_that_of_the_stations(age, tau):
    (found,) = developmental_age(nominal_life(), np.array([float(age)]), LIFE)

    assert found == pytest.approx(tau, abs=0.06)


def test_a_clock_of_another_pace_would_be_noticed():
    slower = with_values(LIFE, values={"clock.work_years": 3.0})
    (found,) = developmental_age(nominal_life(), np.array([20.0]), slower)

    assert found != pytest.approx(NOMINAL[20], abs=0.06)


def test_whoever_is_called_up_early_goes_on_from_there():
    early = nominal_life(donor_from=1980.4, tau_call=25 + 40 * 1.4 / 2.4)
    at_call, later = (developmental_age(early, np.array([age]), LIFE)[0] for age in (20.4, 21.4))

    assert at_call == pytest.approx(25 + 40 * 1.4 / 2.4)
    assert later == pytest.approx(at_call + (80 - at_call) / 5.85)
    assert np.isnan(developmental_age(early, np.array([math.nan]), LIFE)[0])


def test_a_mean_is_measured_with_the_error_of_pods_and_not_of_people():
    rng = np.random.default_rng(5)
    shared = np.repeat(rng.normal(size=500), 8)
    n, mean, spread, error = _measured(shared)

    assert (n, mean) == (4000, pytest.approx(shared.mean()))
    assert spread == pytest.approx(1, abs=0.1)
    # Eight who are all alike are one: a person's error would be far too small.
    assert error == pytest.approx(1 / math.sqrt(500), rel=0.1)
    assert error > 2 * spread / math.sqrt(4000)
    assert _measured(rng.normal(size=4000))[3] == pytest.approx(1 / math.sqrt(4000), rel=0.1)


def test_what_nobody_has_is_measured_as_nothing():
    n, *rest = _measured(np.full(8, math.nan))

    assert n == 0
    assert np.isnan(rest).all()


def test_populations_differ_in_what_they_are_named_for_and_in_nothing_else():
    life = with_values(LIFE, values={"clock.compressibility": 0.3, "reading.pride": 1.0})
    *clones, ordinary = populations(life)

    assert [one.compressibility for one in clones] == list(STEPS)
    for one in clones:
        same_clock = replace(one.life.clock, compressibility=0.3)
        assert replace(one.life, clock=same_clock) == life
    assert ordinary.life.reading.pride == 1.0
    assert ordinary.life.clock.work_years == 40.0


# ---------------------------------------------------------------- names that two must agree on


def test_words_of_the_tables_are_those_of_the_kernel():
    assert codes.STYLES == style.STYLES
    assert codes.ENDINGS == columns.STATUSES


def test_the_kernel_writes_every_column_of_the_inner_life_but_whose_house_it_was():
    written = {column.name for column in columns.COLUMNS}

    assert {column.name for column in INNER_LIFE} - written == {"as_hailsham"}
