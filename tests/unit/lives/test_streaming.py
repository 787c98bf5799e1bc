"""What a run hands on is on disk, all of it and in order, or not there at all."""

import errno
import os
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from hailsham.errors import RunFolderError
from hailsham.lives import streaming
from hailsham.lives.streaming import ParquetColumns


class Log(NamedTuple):
    person: np.ndarray
    time: np.ndarray


NOBODY = Log(np.empty(0, np.int64), np.empty(0))


def chunk(first, n_people, n_events=None):
    """A chunk of people with whole numbers that tell where each row came."""
    people = np.arange(first, first + n_people)
    # Every other column of a wider array, as the engine hands on its states at moments.
    wide = np.empty((n_people, 2), np.int8)
    wide[:, 1] = people % 3
    events = np.arange(2 * first, 2 * first + (2 * n_people if n_events is None else n_events))
    return Log(events // 2, events / 2), {"ended": people / 4, "state": wide[:, 1]}


def write(folder, chunks, **settings):
    with ParquetColumns(folder, **settings) as sink:
        for log, columns in chunks:
            sink(log, columns)


def read(folder, name):
    return pl.read_parquet(folder / name / "*.parquet")


def parts(folder, name):
    return [pl.read_parquet(path).height for path in sorted((folder / name).iterdir())]


def is_whole(folder, n_people):
    """Whether the tables hold so many people, everything of them, in order."""
    log, columns = chunk(0, n_people)
    return read(folder, "people").equals(pl.DataFrame(columns)) and read(folder, "events").equals(
        pl.DataFrame(log._asdict())
    )


@pytest.mark.parametrize("sizes", [(10,), (1, 2, 3, 4), (3, 7), (4, 4, 2), (0, 10, 0)])
@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_what_came_in_any_chunks_is_read_back_in_order(tmp_path, sizes, compression):
    firsts = np.cumsum([0, *sizes])
    chunks = [chunk(first, size) for first, size in zip(firsts, sizes, strict=False)]

    write(tmp_path, chunks, part_rows=4, compression=compression)

    assert is_whole(tmp_path, 10)
    assert parts(tmp_path, "people") == [4, 4, 2]
    assert parts(tmp_path, "events") == [4, 4, 4, 4, 4]


def test_rows_in_another_order_or_a_lost_chunk_are_not_whole(tmp_path):
    write(tmp_path / "turned", [chunk(5, 5), chunk(0, 5)])
    write(tmp_path / "lost", [chunk(0, 5), chunk(6, 4)])

    assert not is_whole(tmp_path / "turned", 10)
    assert not is_whole(tmp_path / "lost", 10)


def test_a_chunk_may_be_written_over_once_it_was_taken(tmp_path):
    # As the log of people who meet is: every block stands in the same arrays.
    log, columns = chunk(0, 6)
    with ParquetColumns(tmp_path) as sink:
        sink(log, columns)
        for array in (*log, *columns.values()):
            array[:] = 0

    assert is_whole(tmp_path, 6)


def test_logs_and_columns_may_come_apart_and_a_table_without_rows_is_not_there(tmp_path):
    log, columns = chunk(0, 6)
    write(tmp_path / "apart", [(log, {}), (NOBODY, columns)])
    write(tmp_path / "people", [(NOBODY, columns)])

    assert is_whole(tmp_path / "apart", 6)
    assert [path.name for path in (tmp_path / "people").iterdir()] == ["people"]


def test_a_later_run_takes_the_place_of_an_earlier_one(tmp_path):
    write(tmp_path, [chunk(0, 10)], part_rows=2)
    write(tmp_path, [chunk(0, 3)], part_rows=2)

    assert is_whole(tmp_path, 3)

    write(tmp_path, [(NOBODY, chunk(0, 4)[1])])

    assert read(tmp_path, "people").height == 4
    assert not (tmp_path / "events").exists()


def test_a_run_that_stops_leaves_what_was_there_and_nothing_of_its_own(tmp_path):
    write(tmp_path, [chunk(0, 3)])
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(KeyboardInterrupt), ParquetColumns(tmp_path, part_rows=2) as sink:  # noqa: PT012
        sink(*chunk(0, 10))
        assert sorted(tmp_path.rglob("*")) != before
        raise KeyboardInterrupt

    assert sorted(tmp_path.rglob("*")) == before
    assert is_whole(tmp_path, 3)


def test_what_a_killed_writer_left_is_cleared_by_the_next(tmp_path):
    killed = ParquetColumns(tmp_path, part_rows=2)
    killed.__enter__()
    killed(*chunk(0, 10))
    assert not (tmp_path / "people").exists()

    write(tmp_path, [chunk(0, 3)])

    assert is_whole(tmp_path, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events", "people"]


def test_where_a_file_of_somebody_else_stands_nothing_is_begun(tmp_path):
    write(tmp_path, [chunk(0, 3)])
    theirs = tmp_path / "people" / "notes.txt"
    theirs.write_text("theirs")

    with pytest.raises(RunFolderError) as refusal:
        ParquetColumns(tmp_path).__enter__()

    assert refusal.value.codes == ("HS208",)
    assert str(theirs) in str(refusal.value)
    assert theirs.read_text() == "theirs"
    theirs.unlink()
    assert is_whole(tmp_path, 3)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(RunFolderError) as refusal:
        write(tmp_path / "file" / "run", [chunk(0, 3)])

    assert refusal.value.codes == ("HS208",)
    assert str(tmp_path / "file" / "run") in str(refusal.value)


def test_a_full_disk_is_refused_and_every_file_is_closed(tmp_path, monkeypatch):
    opened = []

    def full(file):
        opened.append(file)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(streaming.os, "fsync", full)
        with pytest.raises(RunFolderError) as refusal:
            write(tmp_path, [chunk(0, 3)])

    assert refusal.value.codes == ("HS208",)
    assert "No space left on device" in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])


def test_it_is_used_in_a_with_and_takes_columns_of_one_length(tmp_path):
    log, columns = chunk(0, 3)
    with pytest.raises(ValueError, match="with"):
        ParquetColumns(tmp_path)(log, columns)
    uneven = columns | {"ended": columns["ended"][:2]}
    with pytest.raises(ValueError, match="differ in length"), ParquetColumns(tmp_path) as sink:
        sink(log, uneven)


def test_the_room_that_is_held_does_not_grow_with_the_rows(tmp_path):
    held = []
    with ParquetColumns(tmp_path, part_rows=100) as sink:
        for first in range(0, 10_000, 50):
            sink(*chunk(first, 50))
            tables = sink._tables.values()
            held.append(sum(room.nbytes for table in tables for room in table.room.values()))

    assert max(held) == held[0] == 100 * (8 + 8 + 8 + 1)
