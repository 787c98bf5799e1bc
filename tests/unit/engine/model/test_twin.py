"""The kernel that is made for a model, held to the plain reading of the model's page.

Both follow docs/reference/declared-model.md and share no rule of it. Twenty-five structures are
kept as data (tests/cases/structures.json); `verification/fresh_structures.py` draws others.
"""

import os
import subprocess
import sys

import pytest

from hailsham.engine.model import plain
from tests.unit.engine.model.alterations import ALTERED
from tests.unit.engine.model.comparison import (
    KEPT,
    built,
    case,
    differences,
    kept,
    lived_plainly,
)

#: Sets of numbers, each with people of its own.
N_SETS = 200
#: Compiling one takes seconds; the verification compiles all.
N_COMPILED = 2
ROOT = KEPT.parents[2]


def test_there_are_25_kept_structures_over_all_families_and_clocks():
    transitions = [one for structure in kept() for one in structure["transitions"]]

    assert len(kept()) == 25
    assert {one["hazard"]["kind"] for one in transitions} == {
        *("Exponential", "Gompertz", "GompertzMakeham", "Weibull", "LogLogistic", "LogNormal"),
        *("Gamma", "At", "Uniform", "Thinned", "piecewise_constant", "piecewise_linear", "Lexis"),
    }
    clocks = {one["clock"].split()[0] for one in transitions if one["clock"]}
    assert clocks == {"age", "calendar", "since_entry", "since"}
    assert {structure["clock"] for structure in kept()} == {"age", "calendar"}


def test_every_kept_structure_is_lived_as_its_page_says_to_the_last_bit():
    # The generated kernels as they are, but not compiled: compiling 25 takes minutes, and that the
    # engine has the same bits either way is a test of its own.
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.unit.engine.model.comparison", str(N_SETS)],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
    *found, last = answer.stdout.splitlines()
    assert found == []
    assert int(last.removesuffix(" events")) > 20_000


def test_compiled_kernels_live_as_the_page_says_to_the_last_bit():
    small = sorted(kept(), key=lambda structure: len(structure["transitions"]))[:N_COMPILED]
    found, n_events = differences(small, range(N_SETS))

    assert found == []
    assert n_events > 500


@pytest.mark.parametrize("altered", ALTERED, ids=lambda one: one.__name__)
def test_the_comparison_sees_a_rule_that_is_nearly_right(altered, monkeypatch):
    cases = []
    for structure in kept():
        model = built(structure)
        for number in range(6):
            one = case(structure, model, number)
            cases.append((model, one, lived_plainly(model, one)))
    monkeypatch.setattr(plain, "Rules", altered)

    assert any(lived_plainly(model, one) != right for model, one, right in cases)
