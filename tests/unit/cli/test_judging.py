"""`evidence` and `readings` say all that is asked of them, and refuse what is not."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

from hailsham.study import accounts, evidence
from hailsham.study.accounts import Account
from hailsham.study.evidence import Evidence
from hailsham.telling.evidence.measures import escaped
from hailsham.telling.evidence.predictions import QUANTITIES, accepting, fit, predict
from hailsham.telling.evidence.rows import judge
from hailsham.world.sources.readings import INTERVENTIONS, READINGS
from hailsham.world.sources.weaknesses import INNER_LIFE
from tests.unit.telling.made_lives import make_lives, with_columns

LIVES = make_lives(4_000)
#: What no page may do with readers.
RANKING = ("rank:", "best reading", "worst", "total", "sum of", "winner")


@dataclass(frozen=True)
class _Manifest:
    seed: int = 7
    counts: dict[str, int] = field(default_factory=lambda: {"people": 4_000})


@dataclass(frozen=True)
class _Run:
    path: Path = Path("runs/programme-alone-aabbccddeeff")
    manifest: _Manifest = _Manifest()


def an_account(name, reading, variant=""):
    leaving = with_columns(LIVES, chances_taken=pl.lit(1))
    whose = {"do(c=1)": LIVES, "do(c=1, f=1)": leaving}
    return Account(
        name, reading, variant, predict(LIVES), accepting(LIVES), fit(LIVES),
        {each: escaped(whose[each]) for each in INTERVENTIONS},
    )  # fmt: skip


@pytest.fixture
def judged(monkeypatch):
    """Stand in for the runs; what was asked of them is kept."""
    asked = {}

    def gather(**given):
        asked.update(given)
        return Evidence(judge(LIVES), (_Run(),), INNER_LIFE)

    def live_by(**given):
        asked.update(given)
        for name, reading in READINGS.items():
            yield an_account(name, reading)
            for variant in reading.variants:
                yield an_account(f"{name}, {variant.name}", reading, variant.name)

    monkeypatch.setattr(evidence, "gather", gather)
    monkeypatch.setattr(accounts, "live_by", live_by)
    return asked


def squeezed(text):
    return " ".join(text.split())


def test_evidence_tells_every_row_with_its_reasons(ask, judged):
    told = squeezed(ask("evidence").stdout)

    for row in judge(LIVES):
        target = row.target
        assert f"{target.name} {row.verdict.upper()}, {target.standing}" in told
        assert squeezed(f"Expected: {target.expected}.") in told
        assert squeezed(f"Tolerance: {target.tolerance}.") in told
    assert "± " in told
    assert "a miss would be seen from" in told
    assert "Only rows that emerge are evidence for the model: T9" in told


@pytest.mark.parametrize("command", ["evidence", "readings"])
def test_what_is_weak_stands_below(ask, judged, command):
    told = squeezed(ask(command).stdout)

    assert [line for line in INNER_LIFE if squeezed(line) not in told] == []


def test_evidence_for_a_program_is_the_rows_and_nothing_else(ask, judged):
    rows = json.loads(ask("evidence", "--json").stdout)

    assert [row["target"] for row in rows] == [f"T{n}" for n in range(1, 27)]
    assert {row["verdict"] for row in rows} <= {"met", "missed", "undecidable", "not simulated"}


def test_evidence_runs_what_it_was_asked_for(ask, judged):
    ask("evidence", "--lives", "4000", "--reading", "minow", "--seed", "3")

    assert (judged["lives"], judged["reading"], judged["seed"]) == (4_000, "minow", 3)


def test_evidence_by_itself_is_of_two_hundred_thousand_under_the_article(ask, judged):
    ask("evidence")

    assert (judged["lives"], judged["reading"], judged["seed"]) == (200_000, "article", 1)


def test_a_run_that_is_there_keeps_its_lives(ask, folder):
    answer = ask("evidence", str(folder), "--lives", "4000", "--seed", "3")

    assert answer.exit_code == 2
    assert answer.stderr.count("HS110") == 2


def test_a_run_that_is_not_there_is_refused(ask, folder):
    answer = ask("evidence", "nothing-of-the-kind")

    assert answer.exit_code == 2
    assert "HS201" in answer.stderr


def test_an_unknown_reading_is_refused_before_anything_is_run(ask):
    answer = ask("evidence", "--reading", "articel")

    assert answer.exit_code == 2
    assert "HS114" in answer.stderr
    assert "did you mean 'article'?" in answer.stderr


def test_readings_tell_claim_and_addition_apart(ask, judged):
    told = squeezed(ask("readings").stdout)

    for reading in READINGS.values():
        assert squeezed(f"{reading.name} ({reading.alias}) {reading.author}") in told
        assert squeezed(reading.claim) in told
        assert squeezed(f"Undecided: {reading.undecided}") in told
        assert [
            each.says for each in reading.ours if squeezed(f"Ours: {each.says}") not in told
        ] == []


def test_readings_are_shown_with_every_variant_fact_and_intervention(ask, judged):
    told = squeezed(ask("readings").stdout)

    assert "with the truth hidden 0." in told
    assert "without what pride does 0." in told
    assert [each.name for each in QUANTITIES if each.name not in told] == []
    assert [name for name in INTERVENTIONS if name not in told] == []


def test_readings_are_not_ranked(ask, judged):
    told = ask("readings").stdout.lower()
    program = ask("readings", "--json").stdout.lower()

    assert [word for word in RANKING if word in told] == []
    assert '"total"' not in program


def test_readings_for_a_program_keep_their_parts(ask, judged):
    rows = json.loads(ask("readings", "--json").stdout)

    assert len(rows) == len(READINGS) + sum(len(r.variants) for r in READINGS.values())
    assert set(rows[0]["fits"][0]) == {"fact", "says", "fit", "score"}
    assert set(rows[0]["would_leave"]) == set(INTERVENTIONS)
