"""Every scenario kept as data resolves, or is refused, as it is known to."""

import copy

import pytest

from hailsham.errors import ScenarioError
from hailsham.scenario import resolve
from tests.unit.scenario.cases import INVALID, VALID, kept, told


def name(path):
    return path.stem


def test_there_are_cases_of_every_code_that_a_file_can_raise():
    # HS107 is a fault of the prompt alone.
    codes = {f"HS{number}" for number in (101, 102, 103, 104, 105, 106, 108, 109, 110, 111, 114)}

    assert {path.name[:5] for path in INVALID} == codes
    assert len(INVALID) >= 15
    assert len(VALID) >= 5


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_an_invalid_scenario_raises_the_code_in_its_name_and_no_other(case):
    with pytest.raises(ScenarioError) as caught:
        resolve(str(case))

    assert set(caught.value.codes) == {case.name[:5]}
    assert ".toml:" in caught.value.faults[0].where


@pytest.mark.parametrize("case", VALID, ids=name)
def test_a_valid_scenario_resolves_to_what_is_kept(case):
    assert told(resolve(str(case))) == kept(case)


def test_a_number_that_moved_is_noticed():
    # Without this the test above might compare nothing.
    case = VALID[0]
    moved = copy.deepcopy(kept(case))
    moved["world"]["list"]["fit"]["heart"] += 1e-12

    assert told(resolve(str(case))) != moved


def test_a_sound_file_is_not_taken_for_a_faulty_one():
    # The twin of the invalid cases: what they assert does not hold of any file.
    with pytest.raises(pytest.fail.Exception), pytest.raises(ScenarioError):
        resolve(str(VALID[0]))
