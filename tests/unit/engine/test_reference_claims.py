"""Every reference problem is met somewhere, by a test module that is named here."""

import json
from pathlib import Path

import pytest

from tests.unit.engine.simulated import CASES

HERE = Path(__file__).parent
#: Which problems a module meets, each with a twin that shows that it can fail.
CLAIMED = {
    "test_reference_problems": "P01 P02 P03 P04 P05 P06 P07 P08 P24 P26",
    "test_reference_families": "P12 P22 P23 P27 P29",
    "test_reference_multistate": "P09 P10 P11 P13 P14 P15 P16 P21",
    "test_reference_queues": "P17 P18 P19 P20",
    "test_reference_draws": "P28",
    "test_estimators": "P25",
}


def problems():
    """The names of all reference problems."""
    cases = json.loads((CASES / "reference_problems.json").read_text())["problems"]
    return [problem["id"] for problem in cases]


def unmet(names, claimed):
    """Problems that no module claims, and claims of modules that do not name the problem."""
    everyone = " ".join(claimed.values()).split()
    found = [f"{name}: claimed by none" for name in names if name not in everyone]
    for module, text in claimed.items():
        source = (HERE / f"{module}.py").read_text()
        found += [f"{module}: no {name}" for name in text.split() if f'"{name}"' not in source]
    return found


def test_every_problem_is_claimed_once_and_met_where_it_is_claimed():
    names = problems()

    assert len(names) == len(set(names)) == 29
    assert sorted(" ".join(CLAIMED.values()).split()) == names
    assert unmet(names, CLAIMED) == []


@pytest.mark.parametrize("module", CLAIMED)
def test_a_problem_that_no_module_claims_is_found(module):
    rest = {name: text for name, text in CLAIMED.items() if name != module}

    first, *_ = CLAIMED[module].split()
    assert f"{first}: claimed by none" in unmet(problems(), rest)


def test_a_claim_of_a_module_that_does_not_name_the_problem_is_found():
    assert unmet([], {"test_reference_draws": "P28 P20"}) == ["test_reference_draws: no P20"]
