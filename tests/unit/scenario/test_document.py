"""The model of a scenario says no more and no less than the world's declarations."""

from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from hailsham.scenario.document import (
    Document,
    all_keys,
    domains,
    keys,
    spell,
    validate,
)
from hailsham.scenario.layers import Layer
from hailsham.world.alone.children import AloneParameters
from hailsham.world.development.parameters import InnerLife
from hailsham.world.england import Regimes, World
from hailsham.world.parameters import GRADES, parameter
from hailsham.world.regimes.programme import ProgrammeParameters

WITH_PROGRAMME = World(regimes=Regimes(programme=ProgrammeParameters()))
WHOLE_WORLD = replace(WITH_PROGRAMME, alone=AloneParameters(), development=InnerLife())


def nested(dotted: str, value: Any) -> dict[str, Any]:
    for name in reversed(dotted.split(".")):
        value = {name: value}
    return value


def faults(dotted: str, value: Any) -> list[str]:
    return [fault.code for fault in validate(Layer(nested(dotted, value)))[1]]


def numbers(keys):
    return [key for key in keys.values() if key.is_number]


def test_nothing_written_is_the_world_at_its_defaults():
    document, found = validate(Layer())

    assert found == []
    assert document == Document()
    assert document.world == World()


def test_an_empty_table_puts_a_regime_to_work():
    document, found = validate(Layer({"regimes": {"programme": {}}}))

    assert found == []
    assert document.world == WITH_PROGRAMME


@pytest.mark.parametrize("key", numbers(all_keys()), ids=lambda key: key.name)
def test_a_number_is_accepted_at_both_ends_and_refused_beyond(key):
    low, high = key.meaning.low, key.meaning.high
    kind = int if key.kind is int else float
    beyond = 1 if kind is int else 1e-9 * max(abs(low), abs(high), 1.0)
    too_high = "HS109" if key.name == "run.scale" else "HS103"

    assert faults(key.name, kind(low)) == []
    assert faults(key.name, kind(high)) == []
    assert faults(key.name, kind(low) - beyond) == ["HS103"]
    assert faults(key.name, kind(high) + beyond) == [too_high]
    assert faults(key.name, float("nan")) == ["HS102" if kind is int else "HS103"]


@pytest.mark.parametrize("key", all_keys().values(), ids=lambda key: key.name)
def test_no_key_takes_a_value_of_another_kind(key):
    is_word = key.kind in (str, str | None)
    wrong = 3 if is_word or key.kind is bool else True

    assert faults(key.name, wrong) == ["HS102"]
    assert faults(key.name, {"x": 1}) == ["HS102"]
    assert faults(key.name, [1]) == ["HS102"]
    assert faults(f"{key.name}_too", wrong) == ["HS101"]


@pytest.mark.parametrize(
    "key", [key for key in all_keys().values() if key.n_items], ids=lambda key: key.name
)
def test_a_list_has_its_length_and_every_number_in_it_its_range(key):
    low, high = key.meaning.low, key.meaning.high
    ends = [low, *[high] * (key.n_items - 1)]

    assert faults(key.name, ends) == []
    assert faults(key.name, [*ends[1:], high + 1]) == ["HS103"]
    assert faults(key.name, [low - 1, *ends[1:]]) == ["HS103"]
    assert faults(key.name, [*ends[1:], "high"]) == ["HS102"]
    assert faults(key.name, ends[1:]) == ["HS102"]
    assert faults(key.name, [*ends, high]) == ["HS102"]


def test_every_default_lies_in_its_own_range_and_says_where_it_comes_from():
    written: dict[str, Any] = {}
    for name, key in keys(World).items():
        table = written
        *outer, last = name.split(".")
        for part in outer:
            table = table.setdefault(part, {})
        table[last] = key.default
        assert key.meaning.grade in GRADES
        assert key.meaning.source
        assert key.meaning.text

    document, found = validate(Layer(written))

    assert found == []
    assert document.world == WHOLE_WORLD


def test_numbers_come_out_as_they_are_declared():
    values = {"list": {"opens": 1960}, "regimes": {"programme": {"intake_per_year": 9000}}}
    world = validate(Layer(values))[0].world

    assert type(world.list.opens) is float
    assert type(world.regimes.programme.intake_per_year) is float
    # Declared 1953 where any number will do: a default has one form too.
    assert type(world.regimes.programme.first_births) is float
    assert type(world.regimes.programme.carers.caseload) is int


def test_all_faults_are_told_at_once():
    values = {
        "list": {"rule": "by_lot", "age_limit": -1, "fit": {"hart": 1}},
        "public": 3,
        "weather": {},
    }
    found = validate(Layer(values))[1]

    assert sorted(fault.code for fault in found) == ["HS101", "HS101", "HS102", "HS103", "HS111"]


def test_a_fault_out_of_range_names_range_unit_and_meaning():
    (fault,) = validate(Layer({"list": {"age_limit": 150}}))[1]

    assert "from 0 to 120 (years)" in fault.what
    assert "nobody is listed from this age on" in str(fault)


def test_an_unknown_key_brings_the_known_ones_and_the_nearest():
    (fault,) = validate(Layer({"list": {"fit": {"hart": 0.3}}}))[1]

    assert fault.known == ("heart", "lung", "kidney", "liver", "pancreas", "marrow")
    assert "did you mean 'heart'?" in str(fault)


def test_every_table_of_the_world_has_a_place_and_a_docstring():
    tables = dict(domains(World))

    assert {"public", "list.fit", "regimes.programme.carers"} <= set(tables)
    assert all(domain.__doc__ for domain in tables.values())
    assert {field.name for field in fields(World)} <= set(tables)


def test_a_parameter_of_a_kind_without_a_rule_is_our_mistake():
    @dataclass(frozen=True)
    class Odd:
        """A domain with a kind that scenarios cannot say."""

        sizes: bytes = parameter(b"", "sizes", grade="X", source="none")

    from hailsham.scenario import document

    with pytest.raises(TypeError, match="a parameter cannot be"):
        document._annotation(bytes, keys(Odd)["sizes"].meaning)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1947.0, "1947"), (0.5, "0.5"), (1_000_000, "1_000_000"), (-1.5, "-1.5"), (0, "0")],
)
def test_numbers_are_spelt_as_a_reader_writes_them(number, text):
    assert spell(number) == text
