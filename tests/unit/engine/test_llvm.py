"""Packing: what LLVM is asked for is what the plain form says."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from hailsham.engine.compiling import compiled
from hailsham.engine.llvm import LANES, chosen_lanes, count_lanes, pack_lanes

N = 200
SPARE = LANES


@compiled
def packed(f, q, n, wanted, goal):
    """Copy the first ``n`` of both vectors, where ``q`` shows a number, to behind ``goal``."""
    j = 0
    for i in range(0, n, LANES):
        chosen = chosen_lanes(q, i, wanted, n - i)
        pack_lanes(f, i, goal + j, chosen)
        pack_lanes(q, i, goal + j, chosen)
        j += count_lanes(chosen)
    return j


def vectors(seed):
    draws = np.random.default_rng(seed)
    room = 2 * (N + SPARE)
    return draws.random(room), draws.integers(0, 4, room)


def chosen_of(vector, q, n, wanted):
    return vector[:n][q[:n] == wanted]


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 64, 101, N])
@pytest.mark.parametrize("wanted", [0, 3, 9])
def test_those_who_are_chosen_stand_close_together_in_their_order(n, wanted):
    f, q = vectors(seed=n + 1)
    reals, wholes = chosen_of(f, q, n, wanted).copy(), chosen_of(q, q, n, wanted).copy()
    goal = N + SPARE

    found = packed(f, q, n, wanted, goal)

    assert found == len(reals)
    assert np.array_equal(f[goal : goal + found], reals)
    assert np.array_equal(q[goal : goal + found], wholes)


def test_nothing_before_the_goal_and_nothing_behind_the_last_lanes_is_written_over():
    f, q = vectors(seed=5)
    goal, before = N + SPARE, f.copy()

    found = packed(f, q, 101, 2, goal)

    assert np.array_equal(f[:goal], before[:goal])
    assert np.array_equal(f[goal + found + LANES :], before[goal + found + LANES :])


@pytest.mark.parametrize(
    "other",
    [{"NUMBA_DISABLE_JIT": "1"}, {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}],
    ids=["in plain Python", "on a processor that has no such instruction"],
)
def test_the_same_people_are_packed(other):
    say = (
        "import numpy as np; from tests.unit.engine.test_llvm import *; "
        "f, q = vectors(5); found = packed(f, q, 101, 2, 208); "
        "print(found, f[208:208 + found].tolist())"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", say],
            env=os.environ | {"PYTHONPATH": ":".join(sys.path)} | setting,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for setting in ({}, other)
    ]

    assert answers[0] == answers[1]
    assert len(answers[0]) > LANES
