"""A run is found by path, name, id or as the last; a wrong name gets the right ones."""

import os

import pytest

from hailsham.cli.finding import locate_run
from hailsham.errors import RunFolderError
from tests.unit.cli.stored import store_run


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path / "cache"))
    runs = tmp_path / "runs"
    for age, run_id in enumerate(["aa11", "aa22", "bb33"]):
        manifest = store_run(runs, run_id=run_id) / "manifest.json"
        os.utime(manifest, (1_000 - age, 1_000 - age))
    return runs


def refused(named, runs):
    with pytest.raises(RunFolderError) as caught:
        locate_run(named, runs=runs)
    assert caught.value.codes == ("HS201",)
    return caught.value.faults[0]


@pytest.mark.parametrize("named", ["few-carers-bb33", "bb33", "b"])
def test_a_run_is_found_by_name_and_by_the_beginning_of_its_id(runs, named):
    assert locate_run(named, runs=runs) == runs / "few-carers-bb33"


def test_a_run_is_found_by_its_path(runs, tmp_path):
    named = str(runs / "few-carers-aa11")

    assert locate_run(named, runs=tmp_path / "elsewhere") == runs / "few-carers-aa11"


def test_the_name_of_a_scenario_means_its_newest_run_and_that_is_said(runs, capsys):
    store_run(runs, run_id="cc44", scenario="another")

    assert locate_run("few-carers", runs=runs) == runs / "few-carers-aa11"
    assert capsys.readouterr().err == f"The newest run of few-carers: {runs}/few-carers-aa11\n"
    assert locate_run("another", runs=runs) == runs / "another-cc44"


def test_an_empty_word_names_no_run(tmp_path, runs):
    store_run(tmp_path / "single", run_id="aa11")

    assert "the word is empty" in refused("", tmp_path / "single").what


def test_a_file_where_runs_should_be_is_said_to_be_one(tmp_path):
    (tmp_path / "runs").write_text("")

    assert "is a file here" in refused("last", tmp_path / "runs").what


def test_the_last_run_is_the_one_finished_last(runs):
    assert locate_run("last", runs=runs) == runs / "few-carers-aa11"


def test_a_beginning_that_two_ids_share_is_refused_with_both(runs):
    assert set(refused("aa", runs).known) == {"few-carers-aa11", "few-carers-aa22"}


def test_an_unknown_name_gets_the_known_ones_and_the_nearest(runs):
    fault = refused("few-carers-bb34", runs)

    assert len(fault.known) == 3
    assert "did you mean 'few-carers-bb33'?" in str(fault)


def test_without_any_run_the_first_one_is_proposed(tmp_path):
    assert "'hailsham run' makes one" in refused("last", tmp_path / "none").remedy
