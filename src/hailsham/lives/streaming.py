"""Write the log and the columns of a run to Parquet as they come, in bounded memory.

A run of a declared model hands its lives on in chunks. Here they gather in
rooms of fixed size; a full room becomes one file. The tables are written under
hidden names, and take their own when the last file is whole: whoever finds a
table finds all of it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hailsham.errors import Fault, RunFolderError

#: Rows of a file. Some tens of megabytes: few files, and little room.
PART_ROWS = 1_000_000

Compression = Literal["uncompressed", "lz4", "snappy", "zstd"]


class Log(Protocol):
    """A named tuple of columns, such as ``hailsham.engine`` hands on."""

    def _asdict(self) -> dict[str, NDArray[Any]]: ...


@dataclass
class ParquetColumns:
    """A sink that keeps what a run hands on: ``events`` and ``people``, a folder each.

    Both hold files ``part-00000.parquet``, ``part-00001.parquet`` and so on, in
    the order in which rows came; a table of which no row came is not there.
    Tables of an earlier run in the same folder are replaced at the end. When
    the run stops with an error, nothing is replaced.

    Args:
        folder: Where the tables go; made if it is not there.
        compression: As Polars names it. Without any, writing is fastest.
        part_rows: Rows of a file, and of the room that is held.

    Raises:
        RunFolderError: HS208, here and in every method, if there is no room or no
            permission.
        ValueError: If it is used outside its ``with``, or columns of unequal length come.
    """

    folder: Path | str
    compression: Compression = "uncompressed"
    part_rows: int = PART_ROWS
    _tables: dict[str, _Table] = field(default_factory=dict, init=False, repr=False)

    def __enter__(self) -> ParquetColumns:
        """Make the folder, and clear what an earlier writer left unfinished."""
        folder = Path(self.folder)
        with _refusing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("events", "people"):
                self._tables[name] = _Table(folder / name, self.compression, self.part_rows)
                self._tables[name].discard()
                self._tables[name].check_place()
        return self

    def __call__(self, log: Log, columns: Mapping[str, NDArray[Any]]) -> None:
        """Take a chunk; its arrays may be written over afterwards.

        Args:
            log: Columns of events.
            columns: Columns of people.
        """
        if not self._tables:
            raise ValueError("open ParquetColumns in a `with` around the run")
        self._tables["events"].add(log._asdict())
        self._tables["people"].add(columns)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the tables in their places; after an error, leave the places as they were."""
        tables, self._tables = self._tables.values(), {}
        try:
            if kind is None:
                for table in tables:
                    table.write()
                for table in tables:
                    table.publish()
        finally:
            for table in tables:
                table.discard()


@dataclass
class _Table:
    """One table: rows that gather, and the files they became."""

    place: Path
    compression: Compression
    part_rows: int
    room: dict[str, NDArray[Any]] = field(default_factory=dict)
    n_rows: int = 0
    n_parts: int = 0

    @property
    def beside(self) -> Path:
        """Where files wait until they are all there."""
        return self.place.with_name(f".{self.place.name}.part")

    def add(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Gather rows; write whenever the room is full."""
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of one chunk differ in length: {sorted(lengths)}")
        size = max(lengths, default=0)
        if size and not self.room:
            self.room = {n: np.empty(self.part_rows, c.dtype) for n, c in columns.items()}
        taken = 0
        while taken < size:
            step = min(size - taken, self.part_rows - self.n_rows)
            for name, room in self.room.items():
                room[self.n_rows : self.n_rows + step] = columns[name][taken : taken + step]
            taken, self.n_rows = taken + step, self.n_rows + step
            if self.n_rows == self.part_rows:
                self.write()

    def write(self) -> None:
        """Write the rows that have gathered, if any, to a file."""
        if not self.n_rows:
            return
        # Polars looks at the room itself: no second copy is made.
        frame = pl.DataFrame({name: room[: self.n_rows] for name, room in self.room.items()})
        path = self.beside / f"part-{self.n_parts:05d}.parquet"
        with _refusing(path):
            self.beside.mkdir(exist_ok=True)
            with path.open("wb") as file:
                frame.write_parquet(
                    file,
                    compression=self.compression,
                    statistics=False,
                    row_group_size=self.part_rows,
                )
                file.flush()
                os.fsync(file.fileno())
        self.n_rows, self.n_parts = 0, self.n_parts + 1

    def check_place(self) -> None:
        """Refuse a place where something stands that is not ours to replace."""
        if self.place.exists():
            for path in self.place.iterdir():
                if not path.match("part-*.parquet"):
                    raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(path))

    def publish(self) -> None:
        """Let the files take the place of the table."""
        with _refusing(self.place):
            for path in self.place.glob("part-*.parquet"):
                path.unlink()
            if self.place.exists():
                self.place.rmdir()
            if self.n_parts:
                self.beside.rename(self.place)

    def discard(self) -> None:
        """Remove what was not published."""
        with _refusing(self.beside), suppress(FileNotFoundError):
            shutil.rmtree(self.beside)


@contextmanager
def _refusing(place: Path) -> Iterator[None]:
    """Turn what the machine refuses into a fault that names the place and the remedy."""
    try:
        yield
    except OSError as error:
        fault = Fault(
            "HS208",
            str(error.filename or place),
            f"The machine refuses to write here: {error.strerror or error}.",
            remedy="Make room or give leave to write there, or choose another folder.",
        )
        raise RunFolderError([fault], closing="The tables were not written.") from error
