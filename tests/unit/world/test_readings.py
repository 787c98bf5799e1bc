"""Readings are found by claim or author, say what is ours, and set what exists."""

import pytest

from hailsham.errors import ScenarioError
from hailsham.world.sources.readings import READINGS, by_name


def test_a_reading_is_found_by_its_claim_and_by_its_author():
    for name, reading in READINGS.items():
        assert by_name(name) is by_name(reading.alias) is reading


def test_names_and_aliases_are_all_different():
    names = [*READINGS, *(reading.alias for reading in READINGS.values())]
    assert len(set(names)) == len(names)


def test_an_unknown_reading_is_refused_with_the_nearest():
    with pytest.raises(ScenarioError) as caught:
        by_name("wiling")

    assert caught.value.codes == ("HS114",)
    assert "did you mean 'willing'?" in str(caught.value)


def test_the_two_settings_of_willing_that_are_ours_can_each_be_taken_away():
    whole = by_name("willing")
    for variant, assumption in zip(whole.variants, whole.ours, strict=False):
        assert whole.values.items() - variant.values.items() == {
            (key, whole.values[key]) for key in assumption.keys
        }


def test_values_are_those_of_the_tables_at_work():
    assert by_name("mechanics").values_in({"alone", "development"}) == {}
    assert by_name("mechanics").values_in({"regimes"}) == {
        "regimes.programme.schedule": "mechanics"
    }
