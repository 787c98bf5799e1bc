"""What is written is read back; what was altered, cut off or not ours is refused."""

import json
import os
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hailsham.errors import OurError, RunFolderError
from hailsham.lives import manifest as manifests
from hailsham.lives import store
from hailsham.lives.schema import TABLES
from hailsham.lives.store import RunWriter, find_run, folder_name, frame_of, list_runs, open_run
from tests.unit.lives import small_run


@pytest.fixture
def run(tmp_path):
    return small_run.write(tmp_path)


def flip(path, place=None):
    """Turn one bit of a file, in the middle if no place is given."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if place is None else place] ^= 1
    path.write_bytes(content)


def refused(call, *arguments, **named):
    """The codes with which a call is refused."""
    with pytest.raises(RunFolderError) as refusal:
        call(*arguments, **named)
    # Every message is a sentence.
    for fault in refusal.value.faults:
        assert fault.what[0].isupper()
        assert fault.what.endswith(".")
    return refusal.value.codes


def account_of(**columns):
    """An account of two rows, with some columns as given."""
    plain = {column.name: np.zeros(2, dtype=np.int64) for column in TABLES["account"].columns}
    return frame_of(TABLES["account"], columns={**plain, **columns})


# ---------------------------------------------------------------- what is written


def test_what_is_written_is_read_back(run):
    for name, frame in small_run.tables().items():
        assert run.scan(name).collect().equals(frame), name
    assert run.scenario_text == 'title = "Six lives"\n'
    assert run.dictionary == json.loads(small_run.dictionary())


def test_the_manifest_is_read_back_and_names_every_file(run):
    files = run.manifest.files

    assert replace(run.manifest, files={}) == small_run.manifest()
    assert set(files) == {
        *(f"{name}.parquet" for name in ("people", "organs", "turns", "years", "account")),
        *(f"events/part-0000{part}.parquet" for part in (0, 1)),
        "dictionary.json",
        "scenario.toml",
    }
    assert (files["people.parquet"].rows, files["dictionary.json"].rows) == (6, None)
    for name, entry in files.items():
        assert entry.sha256 == manifests.sha256_of(run.path / name)


def test_a_finished_run_holds_nothing_but_its_files(run):
    found = {path.relative_to(run.path).as_posix() for path in run.path.rglob("*.*")}

    assert found == {*run.manifest.files, "manifest.json"}


def test_a_table_that_was_not_written_is_empty_and_has_its_columns(run):
    frame = run.scan("expectancy").collect()

    assert frame.shape == (0, len(TABLES["expectancy"].columns))
    assert run.files_of("expectancy") == []


def test_parts_are_read_in_their_order(run):
    assert [path.name for path in run.files_of("events")] == [
        "part-00000.parquet",
        "part-00001.parquet",
    ]


def test_the_same_content_gives_the_same_tables(tmp_path):
    first, second = (small_run.write(tmp_path / name).manifest for name in "ab")

    assert first.files == second.files


def test_other_content_gives_another_table(tmp_path):
    tables = small_run.tables()
    tables["people"] = tables["people"].with_columns(pl.col("ended").add(1e-12))
    first, second = small_run.write(tmp_path / "a"), small_run.write(tmp_path / "b", tables)

    differ = {
        name
        for name in first.manifest.files
        if first.manifest.files[name] != second.manifest.files[name]
    }
    assert differ == {"people.parquet"}


def test_a_run_is_written_anew_without_what_stood_there(run):
    with RunWriter(run.path) as writer:
        assert refused(open_run, run.path) == ("HS202",)
        writer.write_table("people", small_run.people().to_dict())
        writer.finish(small_run.manifest())

    assert list(open_run(run.path).manifest.files) == ["people.parquet"]
    assert not list(run.path.glob("events/*"))


# ---------------------------------------------------------------- columns


def test_what_stands_for_null_in_numpy_becomes_null():
    frame = account_of(
        wait_median=np.array([np.nan, 0.5]),
        supplied=np.array([-1, 3]),
        organ=np.array(["", "kidney"]),
        blood_group=np.array([-1, 1]),
        waiting=np.array([-1, 3]),
    )

    assert frame["wait_median"].to_list() == [None, 0.5]
    assert frame["supplied"].to_list() == [None, 3]
    assert frame["organ"].to_list() == [None, "kidney"]
    assert frame["blood_group"].to_list() == [None, "A"]
    # This one is never null, so -1 is a number here, and a wrong one is left to be seen.
    assert frame["waiting"].to_list() == [-1, 3]


def test_a_truth_may_be_given_as_a_number_or_not_known():
    people = small_run.people().to_dict()
    people["believed_deferral"] = np.array([1, 0, -1, -1, -1, -1], dtype=np.int8)

    truths = frame_of(TABLES["people"], columns=people)["believed_deferral"]
    assert truths.to_list() == [True, False, None, None, None, None]


def test_a_column_of_a_later_model_may_be_left_out():
    later = [column.name for column in TABLES["people"].columns if column.standing == "later"]
    frame = frame_of(TABLES["people"], columns=small_run.people().drop(later).to_dict())

    assert len(later) > 10
    assert frame.columns == list(TABLES["people"].names())
    assert frame.select(later).null_count().row(0) == (6,) * len(later)


def test_a_table_without_rows_keeps_its_types():
    frame = frame_of(TABLES["organs"], columns=small_run.organs().clear().to_dict())

    assert frame.schema == store.frame_schema(TABLES["organs"])


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"organ": np.array(["kidney", "spleen"])}, "spleen"),
        ({"regime": np.array([0, -1])}, "place of no word"),
        ({"regime": np.array([0, 99])}, "regime"),
        ({"year": np.array([0, 2**40])}, "year"),
        ({"year": np.array([1990])}, "1 values"),
        ({"weather": np.zeros(2)}, "weather"),
    ],
)
def test_columns_that_do_not_fit_are_refused_by_name(columns, told):
    with pytest.raises(OurError, match=told) as refusal:
        account_of(**columns)
    assert refusal.value.codes == ("HS302",)


def test_a_missing_column_is_refused_by_name(tmp_path):
    with (
        pytest.raises(OurError, match=r"without.*person.*time"),
        RunWriter(tmp_path / "r") as writer,
    ):
        writer.write_table("events", small_run.events()[0].drop("person", "time").to_dict())

    assert not (tmp_path / "r" / "events.parquet").exists()


# ---------------------------------------------------------------- what is refused


def test_a_sound_run_is_opened_by_folder_or_manifest(run):
    assert open_run(run.path).manifest == open_run(run.path / "manifest.json").manifest


def test_a_file_that_was_cut_off_is_refused_at_once(run):
    people = run.path / "people.parquet"
    people.write_bytes(people.read_bytes()[:-1])

    assert refused(open_run, run.path) == ("HS203",)
    assert find_run(run.path.parent, identity=small_run.IDENTITY) is None


def test_every_missing_file_is_named_at_once(run):
    (run.path / "people.parquet").unlink()
    (run.path / "events" / "part-00001.parquet").unlink()

    with pytest.raises(RunFolderError, match=r"part-00001[\s\S]*people") as refusal:
        open_run(run.path)
    assert refusal.value.codes == ("HS203", "HS203")
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize("name", ["people.parquet", "events/part-00001.parquet"])
def test_a_flipped_bit_in_a_table_is_noticed_when_it_is_read(run, name):
    table = name.partition("/")[0].removesuffix(".parquet")
    run.scan(table)
    flip(run.path / name)

    opened = open_run(run.path)
    assert refused(opened.scan, table) == ("HS203",)
    assert opened.scan("organs").collect().height == 4


def test_a_flipped_bit_in_a_text_is_noticed_when_it_is_read(run):
    flip(run.path / "scenario.toml")
    flip(run.path / "dictionary.json")

    opened = open_run(run.path)
    assert refused(lambda: opened.scenario_text) == ("HS203",)
    assert refused(lambda: opened.dictionary) == ("HS203",)


def test_a_flipped_bit_anywhere_in_the_manifest_is_noticed(run):
    manifest = run.path / "manifest.json"
    sound = manifest.read_bytes()
    for place in range(len(sound)):
        flip(manifest, place)
        assert set(refused(open_run, run.path)) <= {"HS203", "HS204"}
        manifest.write_bytes(sound)
    assert open_run(run.path).manifest == run.manifest


def test_a_file_of_another_run_is_refused(run, tmp_path):
    tables = small_run.tables()
    tables["people"] = tables["people"].with_columns(born=pl.col("born").reverse())
    other = small_run.write(tmp_path / "other", tables)
    (other.path / "people.parquet").replace(run.path / "people.parquet")

    assert refused(lambda: open_run(run.path).scan("people")) == ("HS203",)


@pytest.mark.parametrize("name", ["events/part-00002.parquet", "expectancy.parquet"])
def test_a_table_that_the_manifest_does_not_name_is_refused(run, name):
    (run.path / name).write_bytes((run.path / "events" / "part-00001.parquet").read_bytes())

    assert refused(open_run, run.path) == ("HS203",)


def test_notes_and_reports_beside_the_tables_harm_nobody(run):
    for name in ("report.html", "notes.txt", "my_people.parquet"):
        (run.path / name).write_text("mine")

    assert open_run(run.path).manifest == run.manifest


def test_a_folder_without_a_manifest_is_unfinished(run):
    (run.path / "manifest.json").unlink()

    assert refused(open_run, run.path) == ("HS202",)
    assert find_run(run.path.parent, identity=small_run.IDENTITY) is None


def test_where_there_is_no_run_those_that_are_there_are_named(run):
    (run.path.parent / "empty").mkdir()
    with pytest.raises(RunFolderError, match=f"did you mean '{run.path.name}'") as refusal:
        open_run(run.path.parent / "six-lifes-0123456789ab")
    assert refusal.value.codes == ("HS201",)
    assert refused(open_run, run.path.parent / "empty") == ("HS201",)
    assert refused(open_run, run.path / "people.parquet") == ("HS201",)


@pytest.mark.parametrize("found", [0, 2, "1", None])
def test_a_manifest_of_another_format_is_refused(run, found):
    manifest = run.path / "manifest.json"
    written = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**written, "format": found}))

    assert refused(open_run, run.path) == ("HS204",)


def test_a_word_that_a_later_version_adds_is_passed_over(run, monkeypatch):
    plain = manifests.asdict
    monkeypatch.setattr(
        manifests, "asdict", lambda manifest: {**plain(manifest), "weather": "rain"}
    )
    text = manifests.manifest_text(run.manifest)
    (run.path / "manifest.json").write_text(text)

    assert "rain" in text
    assert open_run(run.path).manifest == run.manifest


# ---------------------------------------------------------------- what is remembered and found


def test_a_file_is_hashed_once_and_again_when_it_changes(run, monkeypatch):
    hashed = []

    def counted(path):
        hashed.append(path.name)
        return manifests.sha256_of(path)

    monkeypatch.setattr(store, "sha256_of", counted)
    for _ in range(3):
        open_run(run.path).scan("people").collect()
    assert hashed == ["people.parquet"]

    os.utime(run.path / "people.parquet", ns=(1, 1))
    run.scan("people")
    assert hashed == ["people.parquet"] * 2


def test_a_file_altered_behind_its_time_is_noticed(run):
    people = run.path / "people.parquet"
    before = people.stat()
    run.scan("people")
    flip(people)
    os.utime(people, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert people.stat().st_mtime_ns == before.st_mtime_ns
    assert refused(open_run(run.path).scan, "people") == ("HS203",)


def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_written(tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xff")

    assert refused(RunWriter(folder).__enter__) == ("HS208",)
    assert refused(open_run, folder) == ("HS208",)
    assert not folder.exists()


def test_without_a_cache_files_are_read_all_the_same(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path / "file"))

    assert run.scan("people").collect().height == 6
    flip(run.path / "people.parquet")
    assert refused(run.scan, "people") == ("HS203",)


def test_a_folder_may_have_any_name(tmp_path):
    run = small_run.write(tmp_path / "[a-z] * 7b = café")

    assert find_run(run.path.parent, identity=small_run.IDENTITY) == run.path
    assert run.scan("events").collect().height == 18


def test_a_run_is_found_by_its_id_whatever_its_scenario_is_called(run):
    renamed = run.path.rename(run.path.with_name(folder_name("another", small_run.IDENTITY)))

    assert find_run(run.path.parent, identity=small_run.IDENTITY) == renamed
    assert find_run(run.path.parent, identity="ffffffffffff") is None
    assert find_run(run.path.parent / "nowhere", identity=small_run.IDENTITY) is None


def test_a_folder_that_only_bears_the_id_is_not_the_run(run):
    run.path.rename(run.path.with_name(folder_name("six-lives", "ffffffffffff")))

    assert find_run(run.path.parent, identity="ffffffffffff") is None


def test_runs_are_listed_newest_first_and_others_passed_over(tmp_path):
    runs = [small_run.write(tmp_path, id=f"{number:012x}") for number in (3, 1, 2)]
    for age, run in enumerate(runs):
        os.utime(run.path / "manifest.json", ns=(10**9 * age, 10**9 * age))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "manifest.json").write_text("{}")
    (tmp_path / "file").write_text("no run")

    assert [run.manifest.id[-1] for run in list_runs(tmp_path)] == ["2", "1", "3"]
    assert list_runs(tmp_path / "nowhere") == []
