"""Readings are found by claim or author, say what is ours, and set what exists."""

from collections.abc import Iterable

import pytest

from hailsham.errors import ScenarioError
from hailsham.world.sources.readings import (
    CONCEIVED,
    FEASIBLE,
    INTERVENTIONS,
    READINGS,
    TAKEN,
    Reading,
    Settings,
    by_name,
)
from tests.unit.world.parameter_names import parameters

PARAMETERS = parameters()


def settings_of(reading: Reading) -> list[Settings]:
    return [reading.values, *(variant.values for variant in reading.variants)]


def unknown(settings: Iterable[Settings]) -> set[str]:
    """Keys that no scenario has, and values outside their range."""
    found = set()
    for key, value in (item for each in settings for item in each.items()):
        if key not in PARAMETERS:
            found.add(key)
            continue
        _, meaning = PARAMETERS[key]
        is_sound = value in meaning.choices if isinstance(value, str) else (
            meaning.low <= value <= meaning.high
        )  # fmt: skip
        if not is_sound:
            found.add(f"{key}={value}")
    return found


def escapes(settings: Settings) -> float:
    """Probability that a chance to leave is taken, by the defaults of a reading."""
    product = 1.0
    for key in (CONCEIVED, FEASIBLE, TAKEN):
        default, _ = PARAMETERS[key]
        product *= float(settings.get(key, default))
    return product


def test_every_reading_sets_parameters_that_exist_to_values_in_range():
    assert unknown(each for reading in READINGS.values() for each in settings_of(reading)) == set()
    assert unknown(each.values for each in INTERVENTIONS.values()) == set()


def test_every_assumption_names_parameters_that_exist():
    keys = {key for r in READINGS.values() for each in r.ours for key in each.keys}
    assert keys <= PARAMETERS.keys()


def test_whatever_a_reading_sets_is_said_to_be_ours():
    # The texts hold no numbers of this kind, so no value is anybody's but ours.
    accounts = (reading for reading in READINGS.values() if reading.facts)
    for reading in accounts:
        said = {key for each in reading.ours for key in each.keys}
        escape = {CONCEIVED, FEASIBLE, TAKEN}
        assert set(reading.values) - escape <= said


def test_nobody_leaves_in_any_reading():
    assert {name: escapes(r.values) for name, r in READINGS.items()} == dict.fromkeys(READINGS, 0.0)


def test_the_two_interventions_tell_apart_what_the_facts_do_not():
    thought, way = INTERVENTIONS.values()
    found = {
        name: tuple(escapes({**r.values, **each.values}) > 0 for each in (thought, way))
        for name, r in READINGS.items()
    }
    by_thought = {"no_choice", "no_choice_place", "made_for_use"}
    assert found == {name: (name in by_thought, name != "willing") for name in READINGS}


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


def test_a_key_that_is_not_there_and_a_value_out_of_range_are_caught():
    assert unknown([{"development.clock.compression": 1.0}]) == {"development.clock.compression"}
    assert unknown([{"list.fit.heart": 1.5}, {"list.fit.heart": 0.5}]) == {"list.fit.heart=1.5"}
