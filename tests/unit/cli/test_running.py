"""`run` resolves, finds or runs, tells, and says where everything is.

What makes and tells a run has tests of its own; here it is a stand-in, so that
only what the command itself does is looked at.
"""

import json

import pytest

import hailsham.runs
import hailsham.telling.report
import hailsham.telling.tables
from hailsham.cli.asking import complete_reading
from hailsham.scenario import identity, resolve
from hailsham.world.england import NUMBERS
from tests.unit.cli.stored import store_run


class Summary:
    """What happened, in a word."""

    def __init__(self, run):
        self.run_id = run.manifest.id

    def lines(self):
        return [f"What happened in {self.run_id}."]

    def as_dict(self):
        return {"happened": self.run_id}


@pytest.fixture
def ran(monkeypatch):
    """Stand-ins for what runs and tells; returns the questions that were run."""
    questions = []

    def run_scenario(resolved, *, runs, workers, observe):
        questions.append((resolved, workers))
        if observe:
            observe("living", 0.5)
            observe("living", 1.0)
        run_id = identity(resolved, numbers=NUMBERS)
        return store_run(runs, run_id=run_id, scenario=resolved.name)

    def write_report(run):
        page = run.path / "report.html"
        page.write_text("a page")
        return page

    monkeypatch.setattr(hailsham.runs, "run_scenario", run_scenario)
    monkeypatch.setattr(hailsham.runs, "is_warm", lambda *_: True)
    monkeypatch.setattr(hailsham.telling.tables, "summarise", Summary)
    monkeypatch.setattr(hailsham.telling.report, "write_report", write_report)
    return questions


def test_run_alone_runs_the_default_and_says_where_everything_is(ask, ran, tmp_path):
    answer = ask("run")
    (folder,) = (tmp_path / "runs").iterdir()

    assert answer.exit_code == 0
    assert [resolved for resolved, _ in ran] == [resolve("never-let-me-go")]
    assert answer.stdout.startswith("What happened in ")
    assert f"runs/{folder.name}\n" in answer.stdout
    assert f"runs/{folder.name}/report.html\n" in answer.stdout
    assert "living ..." in answer.stderr


def test_the_same_question_finds_the_run_and_runs_nothing(ask, ran):
    ask("run", "few-carers", "--seed", "7")
    again = ask("run", "few-carers", "--seed", "7")

    assert len(ran) == 1
    assert "This question was answered before" in again.stdout
    assert "What happened in " in again.stdout
    assert "report.html" in again.stdout


def test_another_question_is_run(ask, ran):
    for words in (["--seed", "7"], ["--seed", "8"], ["--set", "list.age_limit=60"]):
        assert "answered before" not in ask("run", *words).stdout

    assert len(ran) == 3


def test_a_reading_is_part_of_the_question(ask, ran):
    for words in ([], ["--reading", "no_choice"], ["--reading", "minow"]):
        ask("run", "programme-alone", "--lives", "80", *words)

    assert [resolved.reading for resolved, _ in ran] == ["article", "no_choice"]
    refused = ask("run", "programme-alone", "--reading", "minnow")
    assert refused.exit_code == 2
    assert "HS114" in refused.stderr


def test_readings_are_completed_by_the_shell():
    assert complete_reading("no_ch") == ["no_choice", "no_choice_place"]


def test_an_altered_run_is_not_found_again(ask, ran, tmp_path):
    ask("run", "--no-report")
    (folder,) = (tmp_path / "runs").iterdir()
    (folder / "people.parquet").write_bytes(b"cut off")

    assert "answered before" not in ask("run", "--no-report").stdout
    assert len(ran) == 2


def test_every_option_reaches_the_question(ask, ran, tmp_path):
    words = (
        "run few-carers --scale 1000 --seed 3 --years 1950:1960 --replicates 2 --log none "
        "--set list.fit.heart=0.3 --out elsewhere --workers 2"
    )
    assert ask(*words.split()).exit_code == 0
    ((resolved, workers),) = ran

    assert resolved == resolve(
        "few-carers",
        scale=1000,
        seed=3,
        years="1950:1960",
        replicates=2,
        log="none",
        sets=["list.fit.heart=0.3"],
    )
    assert workers == 2
    assert (tmp_path / "elsewhere").is_dir()


def test_a_program_gets_one_object_and_nothing_beside_it(ask, ran):
    first, second = ask("run", "--json"), ask("run", "--json")
    told = json.loads(first.stdout)

    assert first.stderr == ""
    known = {"id", "folder", "found", "seed", "scale", "reading", "summary", "report"}
    assert set(told) == known
    assert told["summary"] == {"happened": told["id"]}
    assert json.loads(second.stdout) == told | {"found": True}
    assert told["found"] is False


def test_a_report_is_written_only_where_it_is_wanted(ask, ran):
    without = json.loads(ask("run", "--no-report", "--json").stdout)
    wanted = json.loads(ask("run", "--json").stdout)

    assert without["report"] is None
    assert wanted["report"].endswith("report.html")
    assert wanted["found"] is True


def test_a_faulty_question_runs_nothing_and_leaves_nothing(ask, ran, tmp_path):
    answer = ask("run", "--scale", "500", "--lives", "9", "--set", "list.rule=by_lot")

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert "HS110" in answer.stderr
    assert "HS111" in answer.stderr
    assert ran == []
    assert not (tmp_path / "runs").exists()


def test_compiling_is_announced_where_it_is_to_come(ask, ran, monkeypatch):
    monkeypatch.setattr(hailsham.runs, "is_warm", lambda *_: False)

    assert "Compiling the kernels, once" in ask("run").stderr
    assert "Compiling" not in ask("run").stderr
    assert ask("run", "--seed", "2", "--json").stderr == ""


def test_warm_compiles_once(ask, monkeypatch):
    warmed = []
    monkeypatch.setattr(hailsham.runs, "is_warm", lambda *_: bool(warmed))
    monkeypatch.setattr(hailsham.runs, "warm", lambda: warmed.append(1))

    assert ask("warm").stdout == "Warm: the next run starts at once.\n"
    assert ask("warm").stdout == "Warm already: nothing had to be compiled.\n"
    assert warmed == [1]


@pytest.fixture
def no_cache(ask, tmp_path, monkeypatch):
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path / "a-file" / "cache"))


def test_without_a_cache_a_run_is_made_all_the_same_and_told_once(ask, ran, no_cache):
    answer = ask("run", "--json")

    assert answer.exit_code == 0
    assert len(ran) == 1
    assert answer.stderr.count("cannot be used") == 1
    assert "HAILSHAM_CACHE" in answer.stderr
    assert json.loads(answer.stdout)["found"] is False


def test_without_a_cache_nothing_is_warm_and_that_is_said(ask, no_cache, monkeypatch):
    monkeypatch.setattr(hailsham.runs, "is_warm", lambda *_: False)
    monkeypatch.setattr(hailsham.runs, "warm", lambda: None)
    answer = ask("warm")

    assert answer.exit_code == 0
    assert "cannot be used" in answer.stderr
    assert answer.stdout == "Compiled, but not kept: the next run compiles again.\n"


def test_a_setting_starts_no_programme_in_the_england_on_record(ask, ran):
    answer = ask("run", "recorded-england", "--set", "regimes.programme.intake_per_year=9000")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS110  --set regimes.programme.intake_per_year=9000")
    assert "[regimes.programme]" in answer.stderr
    assert ran == []


def test_a_stopped_run_says_how_it_goes_on(ask, ran, monkeypatch):
    def stopped(*_args, **_words):
        raise KeyboardInterrupt

    monkeypatch.setattr(hailsham.runs, "run_scenario", stopped)
    answer = ask("run")

    assert answer.exit_code == 130
    assert "the same command goes on from there" in answer.stderr
