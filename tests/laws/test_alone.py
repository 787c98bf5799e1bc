"""The Programme alone obeys the laws, and depends on its question alone.

Not on how many workers lived it, how its pods were split, how many others
there are, or whether it was stopped on the way.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from hailsham.lives.codes import Event
from hailsham.lives.laws import check_laws
from hailsham.lives.store import KEPT_FOLDER, open_run
from hailsham.runs import alone as running
from hailsham.runs import run_scenario
from hailsham.runs.hands import ALONE as LIVING
from hailsham.runs.hands import WRITING
from hailsham.scenario.resolve import resolve
from hailsham.world.alone.children import is_as_hailsham
from tests.laws.small_runs import contents, made, stored

ALONE = "programme-alone"
FEW = {"lives": 160, "sets": ("alone.beside=40",)}
BARE = {"lives": 160, "sets": ("alone.beside=0",)}

ASKED = {
    "as shipped": FEW,
    "no choice": {**BARE, "reading": "no_choice"},
    "willing": {**BARE, "reading": "willing"},
    "other houses": {"lives": 352, "sets": ("alone.beside=0", "alone.hailsham_share=0.3")},
    "only the calendar": {**BARE, "reading": "calendar_only"},
    "turning points only": {**BARE, "log": "turning"},
    "no log": {**BARE, "log": "none"},
    "twice": {"lives": 80, "replicates": 2, "sets": ("alone.beside=40",)},
    "everybody told at twelve": {
        "lives": 160,
        "sets": ("alone.beside=0", "development.interventions.truth_at=12"),
    },
}


@cache
def people(**asked):
    return stored(ALONE, **asked).scan("people").collect()


@pytest.fixture
def in_small_blocks(monkeypatch):
    """Blocks so small that the run keeps them on disk while it goes on."""
    monkeypatch.setattr(running, "_BLOCK", 1)
    monkeypatch.setattr(running, "_LARGE_BLOCK", 1)


@pytest.mark.parametrize("name", ASKED)
def test_every_run_of_the_programme_alone_obeys_the_laws(name):
    run = stored(ALONE, **ASKED[name])

    assert run.is_alone
    n_people = run.scan("people").select(pl.len()).collect().item()
    assert n_people == ASKED[name]["lives"] * ASKED[name].get("replicates", 1)
    assert check_laws(run) == []


def test_workers_and_blocks_change_no_bit(in_small_blocks, tmp_path):
    plain = contents(stored(ALONE, **FEW))

    assert contents(made(tmp_path / "one", ALONE, workers=1, **FEW)) == plain
    assert contents(made(tmp_path / "two", ALONE, workers=2, **FEW)) == plain


def test_another_seed_gives_other_lives():
    assert contents(stored(ALONE, **BARE, seed=2)) != contents(stored(ALONE, **BARE))


def test_a_small_run_is_a_part_of_a_large_one():
    small, large = people(**{**BARE, "lives": 80}), people(**BARE)
    same = large.join(small.select("person"), on="person", how="semi")

    assert small.height == 80
    assert same.sort("person").equals(small.sort("person"))
    # The twin: another seed has the same addresses, and not the same lives.
    assert not people(**{**BARE, "lives": 80}, seed=2).sort("person").equals(small.sort("person"))


def test_a_stopped_run_goes_on_to_the_same_lives(in_small_blocks, tmp_path):
    lived = []

    def stop(stage, done):
        lived.append(done)
        if stage == LIVING and done >= 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(tmp_path, ALONE, observe=stop, **BARE)
    (folder,) = tmp_path.iterdir()
    assert lived
    assert list((folder / KEPT_FOLDER).glob("*.npz"))

    again = open_run(run_scenario(resolve(ALONE, **BARE), runs=tmp_path, workers=1))
    assert contents(again) == contents(stored(ALONE, **BARE))
    assert not (folder / KEPT_FOLDER).exists()


def test_what_is_kept_is_not_lived_again(in_small_blocks, tmp_path, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path, ALONE, observe=_stop_at_the_end, **BARE)
    lived = []
    live_block = running.live_block
    monkeypatch.setattr(
        running, "live_block", lambda *given, **more: lived.append(1) or live_block(*given, **more)
    )
    made(tmp_path, ALONE, **BARE)
    assert lived == []

    # The twin: a run from nothing lives each of its twenty pods.
    made(tmp_path / "anew", ALONE, **BARE)
    assert len(lived) == 20


def _stop_at_the_end(stage, done):
    if stage == WRITING:
        raise KeyboardInterrupt


def test_houses_are_run_as_hailsham_in_the_share_that_is_asked_for():
    houses = np.arange(1000)

    for share in (0.0, 0.3, 0.5, 1.0):
        assert abs(is_as_hailsham(houses, share).mean() - share) <= 0.001
    assert is_as_hailsham(houses, 0.01)[0]


def test_only_children_of_houses_run_as_hailsham_lose_it_when_it_closes():
    run = stored(ALONE, **ASKED["other houses"])
    closed = run.scan("events").filter(pl.col("event") == Event.SCHOOL_CLOSED)
    who = closed.join(run.scan("people"), on="person").collect()

    assert who.height > 10
    assert who["as_hailsham"].all()
    assert who["time"].unique().to_list() == [1991.67]
    assert people(**ASKED["other houses"])["as_hailsham"].n_unique() == 2


def test_the_log_keeps_what_it_is_asked_to_keep():
    kinds = {
        log: set(stored(ALONE, **BARE, log=log).scan("events").collect()["event"].unique())
        for log in ("none", "turning", "full")
    }

    assert kinds["none"] == set()
    assert Event.REMEMBERED in kinds["full"] - kinds["turning"]
    assert {Event.BECAME_AWARE, Event.LET_GO, Event.OPERATED} <= kinds["turning"]
    assert people(**BARE, log="none").drop("replicate").equals(people(**BARE).drop("replicate"))


def test_means_by_age_are_those_of_the_living_and_begin_with_everybody():
    ages = stored(ALONE, **FEW).scan("ages").collect()
    alive, known, felt = (ages[name].to_list() for name in ("alive", "known", "felt"))

    assert ages["age"].to_list()[:2] == [1.0, 2.0]
    assert all(later <= sooner for sooner, later in pairwise(alive))
    assert known[0] < known[14] < known[18]
    assert felt[14] < 0.1 < felt[22]


def test_populations_beside_have_the_same_luck_and_another_pace():
    beside = stored(ALONE, **FEW).scan("beside").collect()
    whole = beside.filter(pl.col("developmental_age").is_null())
    integrity = whole.filter(pl.col("quantity") == "integrity").sort("compressibility")
    crossing = whole.filter(pl.col("quantity") == "crisis_age")
    people_of = crossing["people"].cast(pl.String).to_list()
    ages = dict(zip(people_of, crossing["mean"].to_list(), strict=True))

    assert integrity.height == 6
    assert integrity["lives"].unique().to_list() == [40]
    assert ages["ordinary"] > 30 > ages["clones"]
    # What is known at 15 does not depend on how fast a life runs after 16.
    known = whole.filter(pl.col("quantity") == "knowledge_15", pl.col("people") == "clones")
    assert known["mean"].n_unique() == 1
    assert integrity["mean"].n_unique() == 6


def test_the_dictionary_says_of_each_column_how_far_it_may_be_trusted_here():
    def standing(run, name):
        columns = run.dictionary["tables"]["people"]["columns"]
        return next(column["standing"] for column in columns if column["name"] == name)

    here, england = stored(ALONE, **BARE), stored(scale=20_000, seed=1)

    assert [standing(here, name) for name in ("integrity", "quality", "caseload_mean")] == [
        "simulated", "simulated", "left out",
    ]  # fmt: skip
    assert [standing(england, name) for name in ("integrity", "quality", "caseload_mean")] == [
        "later", "stand-in", "simulated",
    ]  # fmt: skip


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_column_is_empty_just_where_its_standing_says_so(is_alone):
    run = stored(ALONE, **BARE) if is_alone else stored(scale=20_000, seed=1)
    columns = run.dictionary["tables"]["people"]["columns"]
    empty = {"later", "left out"}
    clones = run.scan("people").filter(pl.col("kind") == "clone").collect()
    for column in columns:
        is_empty = clones[column["name"]].null_count() == clones.height
        if column["standing"] in empty:
            assert is_empty, column["name"]
        elif column.get("is_inner") and column["name"] not in {"truth", "applied", "refused"}:
            assert not is_empty, column["name"]


def test_a_run_names_its_reading_and_what_of_it_is_not_simulated():
    article, mechanics = (stored(ALONE, **BARE, reading=name) for name in ("article", "mechanics"))

    assert article.dictionary["reading"] == "article"
    assert mechanics.dictionary["reading"] == "mechanics"
    assert any("mechanics" in note for note in mechanics.dictionary["notes"])
    assert not any("mechanics" in note for note in article.dictionary["notes"])
