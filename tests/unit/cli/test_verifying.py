"""`hailsham verify` says how far the engine is from exact answers, and ends with 1 if too far."""

import json
from functools import partial

import pytest

from hailsham.verification import comparison, scale_law
from hailsham.verification.comparison import AGREES, LIMIT, Comparison, verify_engine

#: Three problems that take no time, one of them with luck.
FEW = ["P05", "P16", "P25"]
KEYS = ["problem", "quantity", "exact", "simulated", "standard_error", "z", "verdict"]


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(comparison, "verify_engine", partial(verify_engine, names=FEW))


def test_every_answer_is_shown_with_its_verdict(ask, few):
    answer = ask("verify")
    first = answer.stdout.splitlines()[2].split()

    assert answer.exit_code == 0
    assert first[:2] == ["P05", "T_x0_u0.001"]
    assert first[-1] == AGREES
    assert "\n\n28 answers, seed 1: all agree.\n" in answer.stdout
    assert max(map(len, answer.stdout.splitlines())) <= 78
    assert "the reference problems" in answer.stderr


def test_false_alarms_are_told(ask, few):
    # Seven answers of P16 have luck, each of which errs once in 1.74 million times.
    told = " ".join(ask("verify").stdout.split())
    assert told.endswith("a right engine differs somewhere on at most one seed in 249,183.")


def test_a_program_gets_what_the_contract_says(ask, few):
    answer = ask("verify", "--json")
    rows = json.loads(answer.stdout)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert [list(row) for row in rows] == [KEYS] * 28
    assert {row["verdict"] for row in rows} == {AGREES}
    assert all(abs(row["z"]) <= LIMIT for row in rows)
    moved = [row for row in rows if row["problem"] == "P16"]
    assert all(
        row["z"] == pytest.approx((row["simulated"] - row["exact"]) / row["standard_error"])
        for row in moved
    )


def test_another_seed_is_another_luck(ask, few):
    first, again, other = (
        ask("verify", "--json", "--seed", seed).stdout for seed in ("1", "1", "2")
    )

    assert first == again != other


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_one_answer_that_differs_is_named_and_ends_with_1(ask, few, monkeypatch, words):
    monkeypatch.setattr(comparison, "LIMIT", 0.5)
    answer = ask("verify", *words)

    assert answer.exit_code == 1
    assert "differs" in answer.stdout
    if not words:
        assert "seed 1: differ: P16 " in answer.stdout
        # What has no luck agrees to the last digits, whatever the limit.
        assert "P05" not in answer.stdout.partition("differ: ")[2]


@pytest.mark.parametrize("seed", ["-1", "4294967296", "one"])
def test_a_seed_that_is_none_is_refused(ask, seed):
    answer = ask("verify", "--seed", seed)

    assert answer.exit_code == 2
    assert answer.stdout == ""


def test_the_scale_law_is_asked_for_by_its_option(ask, monkeypatch):
    row = Comparison("P10", "cost of 10 times the lives", 10.0, 9.5, 0.95, -0.53, AGREES)
    monkeypatch.setattr(scale_law, "verify_scale_law", lambda seed, *, observe: [row])

    assert "P10 cost of 10 times the lives" in ask("verify", "--scale-law").stdout
