"""Many runs are asked for with the same luck, each for what it is to show."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hailsham.errors import RunFolderError
from hailsham.study import accounts, evidence
from hailsham.study.accounts import live_by
from hailsham.study.evidence import gather, gather_from
from hailsham.world.sources.readings import INTERVENTIONS, READINGS
from tests.unit.telling.made_lives import make_lives

LIVES = make_lives(800)
NOBODY = make_lives(0)


@dataclass(frozen=True)
class _Manifest:
    scenario_sha256: str = "one"
    replicates: int = 1


@dataclass(frozen=True)
class _Run:
    path: Path = Path("runs/a-run")
    manifest: _Manifest = _Manifest()
    dictionary: dict[str, list[str]] = field(default_factory=lambda: {"weak": ["Much."]})


@pytest.fixture
def asked(monkeypatch):
    """Every question that was put, without an answer to it."""
    questions = []

    def ask(settings, *, reading, lives, seed, runs, observe):
        questions.append((reading, dict(settings), lives, seed))
        if observe is not None:
            observe("living", 0.5)
        return _Run()

    for module in (evidence, accounts):
        monkeypatch.setattr(module, "ask", ask)
        monkeypatch.setattr(module, "read_lives", lambda *runs, elsewhere=None: LIVES)
    return questions


def test_the_evidence_asks_for_hailsham_and_for_a_tenth_of_other_houses(asked, tmp_path):
    found = gather(lives=1_000, reading="shary", seed=4, runs=tmp_path)

    others = {"alone.beside": 0, "alone.hailsham_share": 0.0}
    assert asked == [("shary", {}, 1_000, 4), ("shary", others, 100, 4)]
    assert [row.target.name for row in found.rows] == [f"T{n}" for n in range(1, 27)]
    assert found.weak == ("Much.",)


def test_runs_of_different_questions_are_not_judged_together(asked):
    with pytest.raises(RunFolderError) as caught:
        gather_from([_Run(), _Run(manifest=_Manifest("another"))])

    assert caught.value.codes == ("HS110",)


def test_a_run_without_anybody_raised_for_it_is_refused(asked, monkeypatch):
    monkeypatch.setattr(evidence, "read_lives", lambda *runs: NOBODY)
    with pytest.raises(RunFolderError) as caught:
        gather_from([_Run()])

    assert caught.value.codes == ("HS205",)


def test_every_reading_and_variant_is_lived_and_put_to_both_interventions(asked, tmp_path):
    told = []
    found = list(live_by(lives=100, runs=tmp_path, observe=lambda *said: told.append(said)))

    variants = [variant for reading in READINGS.values() for variant in reading.variants]
    assert len(found) == len(READINGS) + len(variants)
    assert len(asked) == len(found) * (1 + len(INTERVENTIONS))
    assert {seed for *_, seed in asked} == {1}
    assert ("willing", 0.5) in told


def test_what_never_counts_as_acceptance_is_nought_in_the_same_lives(asked, tmp_path):
    by_name = {each.name: each for each in live_by(lives=100, runs=tmp_path)}

    assert by_name["article"].accepted.value > 0
    assert by_name["no_choice"].accepted.value == 0
    assert by_name["no_choice"].predictions == by_name["article"].predictions
