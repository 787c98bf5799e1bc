"""Whatever stops a writer, the folder says that it is unfinished, and the next one goes on."""

import errno
import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hailsham.errors import RunFolderError
from hailsham.lives.store import RunWriter, open_run
from tests.unit.lives import small_run

ROOT = Path(__file__).parents[3]
CHUNKS = 3
#: Two for each file that is written, one for the file and one for its folder: two files a kept
#: chunk, then a table, a text and the manifest.
SYNCS = 2 * (2 * CHUNKS + 3)

#: A run in a process of its own. It prints each chunk that it had to make, and is killed, as by
#: kill -9, when it syncs for the n-th time: then a file is written but not yet in its place, or
#: in its place but the writer does not know.
CHILD = """
import os, signal, sys
from pathlib import Path
from tests.unit.lives.test_store_stopped import write_in_chunks

syncs, true_sync = 0, os.fsync

def fsync(file):
    global syncs
    syncs += 1
    if syncs == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    true_sync(file)

os.fsync = fsync
write_in_chunks(Path(sys.argv[1]), made=lambda chunk: print(chunk, flush=True))
"""


def write_in_chunks(folder, made=lambda chunk: None):
    """Write a run whose people are made in chunks, each kept as soon as it is made."""
    born = []
    with RunWriter(folder) as writer:
        for chunk in range(CHUNKS):
            kept = writer.kept(f"alone-{chunk}")
            if kept is None:
                made(chunk)
                kept = {"born": 1950.0 + chunk + np.arange(2) / 4}
                writer.keep(f"alone-{chunk}", kept)
            born.append(kept["born"])
        people = small_run.people().with_columns(born=pl.Series(np.concatenate(born)))
        writer.write_table("people", people.to_dict())
        writer.write_text("scenario.toml", "")
        writer.finish(small_run.manifest())


def killed(folder, at_sync):
    """Run the child until it is killed at a sync; the chunks it made, and how it ended."""
    command = [sys.executable, "-c", CHILD, str(folder), str(at_sync)]
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = {**os.environ, "PYTHONPATH": path}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.stderr == ""
    return [int(chunk) for chunk in answer.stdout.split()], answer.returncode


def refused(call, *arguments):
    """The code, exit code and words with which a call is refused."""
    with pytest.raises(RunFolderError) as refusal:
        call(*arguments)
    (code,) = refusal.value.codes
    return code, refusal.value.exit_code, str(refusal.value)


def seals_in(folder):
    return [name for name in files_in(folder) if name.endswith(".sha256")]


def files_in(folder):
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def whole(tmp_path):
    """The files of the run that nothing stopped."""
    write_in_chunks(tmp_path / "whole")
    return open_run(tmp_path / "whole").manifest.files


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run"


# ---------------------------------------------------------------- killed


# While a chunk is written, in its second file, after it, in the next one, in a table, after it,
# and in the manifest, when what was kept is gone already.
@pytest.mark.parametrize(
    ("at_sync", "n_kept"),
    [(1, 0), (3, 0), (4, 1), (5, 1), (4 * CHUNKS + 1, 3), (4 * CHUNKS + 2, 3), (SYNCS - 1, 0)],
)
def test_a_writer_that_was_killed_leaves_no_manifest_and_the_next_one_goes_on(
    folder, whole, at_sync, n_kept
):
    _, ended = killed(folder, at_sync)
    assert ended == -signal.SIGKILL
    assert not (folder / "manifest.json").exists()
    code, _, words = refused(open_run, folder)
    assert code == "HS202"
    assert ("goes on from what was kept" in words) == bool(seals_in(folder))

    made_again = []
    write_in_chunks(folder, made=made_again.append)
    assert made_again == list(range(n_kept, CHUNKS))
    assert open_run(folder).manifest.files == whole
    assert files_in(folder) == {*whole, "manifest.json"}


def test_a_writer_that_was_killed_after_the_manifest_leaves_a_whole_run(folder, whole):
    _, ended = killed(folder, SYNCS)

    assert ended == -signal.SIGKILL
    assert open_run(folder).manifest.files == whole


def test_an_exception_keeps_what_was_kept_and_gives_the_folder_back(folder):
    def interrupt(chunk):
        if chunk == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_in_chunks(folder, made=interrupt)
    assert refused(open_run, folder)[0] == "HS202"

    made = []
    write_in_chunks(folder, made=made.append)
    assert made == [1, 2]


@pytest.mark.parametrize("name", ["alone-0.npz", "alone-0.sha256"])
@pytest.mark.parametrize("damage", ["flip", "cut", "lose"])
def test_kept_work_that_is_damaged_is_made_again(folder, name, damage):
    arrays = {"born": np.arange(5.0), "name": np.array(["Ruth H.", "Tommy D."])}
    with RunWriter(folder) as writer:
        writer.keep("alone-0", arrays)
        kept = writer.kept("alone-0")
        assert kept is not None
        assert {key: value.tolist() for key, value in kept.items()} == {
            key: value.tolist() for key, value in arrays.items()
        }
        path = folder / "partial" / name
        content = path.read_bytes()
        path.write_bytes(
            bytes([content[0] ^ 1]) + content[1:] if damage == "flip" else content[:-2]
        )
        if damage == "lose":
            path.unlink()

        assert writer.kept("alone-0") is None
        assert files_in(folder / "partial") == set()
        assert writer.kept("never-made") is None


# ---------------------------------------------------------------- two at once


def test_of_two_writers_one_wins(folder):
    with RunWriter(folder) as winner:
        winner.keep("alone-0", {"born": np.zeros(2)})
        code, exit_code, words = refused(RunWriter(folder).__enter__)
        assert (code, exit_code) == ("HS207", 2)
        assert "Nothing was run." in words
        # The loser has touched nothing.
        assert winner.kept("alone-0") is not None
        winner.finish(small_run.manifest())

    assert open_run(folder).manifest.id == small_run.IDENTITY
    with RunWriter(folder):
        pass


def test_another_process_cannot_write_what_we_are_writing(folder):
    with RunWriter(folder):
        command = [sys.executable, "-c", CHILD, str(folder), "0"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
        answer = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )

    assert answer.returncode != 0
    assert "HS207" in answer.stderr
    assert killed(folder, 0) == ([0, 1, 2], 0)


def test_a_lock_that_was_removed_while_we_opened_it_guards_nothing(folder, monkeypatch):
    true_exists, gone = Path.exists, []

    def exists(path, **named):
        # The last holder removes the lock just after we have taken what we opened.
        if path.name == ".lock" and not gone:
            gone.append(path)
            path.unlink()
        return true_exists(path, **named)

    monkeypatch.setattr(Path, "exists", exists)
    with RunWriter(folder):
        assert gone
        assert refused(RunWriter(folder).__enter__)[0] == "HS207"


# ---------------------------------------------------------------- no room, no permission


@contextmanager
def full_disk(monkeypatch, call, after):
    """A disk without room from the n-th sync, or the n-th file opened to be written, on."""
    true_call, count = getattr(*call), 0

    def refusing(*arguments, **named):
        nonlocal count
        count += 1
        if count > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true_call(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(*call, refusing)
        yield


@pytest.mark.parametrize("call", [(os, "fsync"), (Path, "open"), (Path, "replace")])
@pytest.mark.parametrize("after", [0, 1, 6])
def test_a_full_disk_is_told_and_leaves_no_manifest(folder, whole, monkeypatch, call, after):
    with full_disk(monkeypatch, call, after):
        code, exit_code, words = refused(write_in_chunks, folder)

    assert (code, exit_code) == ("HS208", 2)
    assert "No space left on device" in words
    assert "--out" in words
    assert not (folder / "manifest.json").exists()
    assert not [name for name in files_in(folder) if name.endswith(".part")]
    # What is promised is there: after 6 calls a chunk is kept, after none or one nothing is.
    assert ("goes on from what was kept" in words) == (after == 6) == bool(seals_in(folder))

    write_in_chunks(folder)
    assert open_run(folder).manifest.files == whole


def test_a_file_that_the_system_will_not_let_grow_is_told(folder):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with RunWriter(folder) as writer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, limits[1]))
        try:
            with pytest.raises(RunFolderError, match="too large") as refusal:
                writer.write_table("people", small_run.people().to_dict())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert refusal.value.codes == ("HS208",)
    assert files_in(folder) == set()


@contextmanager
def unwritable(folder):
    """A folder that may be read but not written, and a user who has no right to do so anyway."""
    folder.chmod(0o555)
    user = os.geteuid()
    try:
        with suppress(PermissionError):
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


@pytest.fixture
def runs():
    """A folder of runs that everybody may enter."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def test_a_folder_that_may_not_be_written_is_told(runs):
    with unwritable(runs):
        code, exit_code, words = refused(write_in_chunks, runs / "new")

    assert (code, exit_code) == ("HS208", 2)
    assert "Permission denied" in words
    assert list(runs.iterdir()) == []


def test_a_finished_run_can_be_read_where_nothing_can_be_written(runs):
    run = small_run.write(runs)
    with unwritable(run.path):
        assert refused(write_in_chunks, run.path)[0] == "HS208"
        assert open_run(run.path).scan("people").collect().height == 6


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "runs").write_text("a file")

    assert refused(write_in_chunks, tmp_path / "runs" / "new")[0] == "HS208"
