"""hailsham from Python: one question, one run, its tables and lives."""

import subprocess
import sys

import pytest

import hailsham as hs
from hailsham.lives.store import list_runs

TINY = {"scale": 20_000, "seed": 3}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def run(runs):
    return hs.run(runs=runs, **TINY)


def test_importing_it_compiles_and_reads_nothing():
    heavy = "'numba', 'polars', 'numpy', 'pydantic'"
    code = f"import sys, hailsham; print([m for m in ({heavy}) if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert told.strip() == "[]"


def test_the_same_question_is_run_once(run, runs):
    again = hs.run(runs=runs, **TINY)

    assert again.path == run.path
    assert len(list_runs(runs)) == 1


def test_another_question_is_another_run(run, tmp_path):
    setting = {"regimes.programme.carers.caseload": 2}
    other = hs.run(runs=tmp_path, settings=setting, **TINY)

    assert other.path.name != run.path.name


def test_every_table_can_be_asked(run):
    tables = (run.people, run.events, run.organs, run.turns, run.years, run.account)

    assert all(table.collect().height > 0 for table in (*tables, run.expectancy))


def test_a_life_is_told(run):
    life = run.life(where="kind = 'clone'")

    assert repr(life) in " ".join(life.tell().split())
    assert "<summary>" in life._repr_html_()


def test_nobody_has_an_address_that_was_not_given(run):
    with pytest.raises(hs.HailshamError) as refused:
        run.life(12)

    assert refused.value.codes == ("HS205",)


def test_the_run_shows_its_screen(run):
    assert "seed 3" in repr(run)
    assert repr(run).splitlines()[0] in run._repr_html_()


def test_a_run_is_opened_by_its_folder(run):
    assert hs.open_run(run.path).people.collect().equals(run.people.collect())


def test_what_is_not_there_is_said_so():
    with pytest.raises(AttributeError, match="compare"):
        hs.compare  # noqa: B018
