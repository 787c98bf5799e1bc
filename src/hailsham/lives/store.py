"""Write, open and scan a run folder.

Every file appears whole or not at all: it is written beside its place, flushed
to the disk and renamed. The manifest comes last, so a folder without one is
unfinished, whatever stopped it. Work that was kept on the way is found again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl

from hailsham.errors import Fault, OurError, RunFolderError
from hailsham.lives.manifest import (
    FINISHED,
    MANIFEST_NAME,
    NOTHING_READ,
    FileEntry,
    Manifest,
    altered,
    manifest_text,
    parse_manifest,
    sha256_of,
)
from hailsham.lives.schema import TABLES, Column, Table
from hailsham.units import cache_folder

if sys.platform != "win32":
    import fcntl

LOCK_NAME = ".lock"
KEPT_FOLDER = "partial"
_UNFINISHED = "The run is not finished."
_GOES_ON = "The run is not finished. Ask again: it goes on from what was kept."
_CHOOSE = "Make room or give leave to write there, or choose another folder with --out."
_TYPES: dict[str, type[pl.DataType]] = {
    "int16": pl.Int16,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "float32": pl.Float32,
    "float64": pl.Float64,
    "bool": pl.Boolean,
}

Values = npt.NDArray[Any] | pl.Series


# ---------------------------------------------------------------- columns


def frame_schema(table: Table) -> pl.Schema:
    """Return the Polars types of a table; words that are known in advance are an Enum."""
    return pl.Schema({column.name: _dtype(column) for column in table.columns})


def frame_of(table: Table, *, columns: Mapping[str, Values]) -> pl.DataFrame:
    """Return a table's columns as a frame with the types and the nulls of the schema.

    NumPy has no null, so in a column that may be null these stand for it: NaN,
    a whole number of -1, an empty word. Words may be given as numbers: places
    in the column's list of words. A column whose model comes later may be left out.

    Args:
        table: Which table.
        columns: One array or series a column, all of one length.

    Raises:
        OurError: HS302 if columns are missing or unknown, or do not fit their type.
    """
    needed = {column.name for column in table.columns if column.standing != "later"}
    missing, unknown = needed - set(columns), set(columns) - set(table.names())
    if missing or unknown:
        said = [f"without {sorted(missing)}"] * bool(missing)
        said += [f"with unknown {sorted(unknown)}"] * bool(unknown)
        raise _unlawful(table.name, what=f"The table was given {' and '.join(said)}.")
    height = len(next(iter(columns.values())))
    return pl.DataFrame([_series(column, columns, height, table) for column in table.columns])


def _dtype(column: Column) -> pl.DataType:
    if column.type != "word":
        return _TYPES[column.type]()
    return pl.Enum(column.words) if column.words else pl.String()


def _series(column: Column, columns: Mapping[str, Values], height: int, table: Table) -> pl.Series:
    given = columns.get(column.name)
    if given is None:
        return pl.Series(column.name, [None], dtype=_dtype(column)).new_from_index(0, height)
    try:
        if len(given) != height:
            raise ValueError(f"{len(given)} values, where the first column has {height}")
        return _typed(column, given)
    except (pl.exceptions.PolarsError, ValueError, TypeError, OverflowError) as error:
        place = f"{table.name}, column {column.name!r}"
        raise _unlawful(place, what=f"This is no {column.type}: {error}.") from error


def _typed(column: Column, given: Values) -> pl.Series:
    series = pl.Series(column.name, given)
    if series.dtype.is_float():
        series = series.fill_nan(None)
    elif column.null and isinstance(given, np.ndarray):
        series = _with_nulls(column, series)
    if column.words and series.dtype.is_integer():
        return _spelled(column, series)
    if column.type == "bool" and series.dtype.is_integer():
        return series != 0
    return series.cast(_dtype(column))


def _with_nulls(column: Column, series: pl.Series) -> pl.Series:
    if series.dtype.is_signed_integer() and not column.type.startswith("float"):
        return series.set(series == -1, None)
    return series.set(series == "", None) if series.dtype == pl.String else series


def _spelled(column: Column, places: pl.Series) -> pl.Series:
    # Polars counts a negative place from the end: a sentinel would become a word.
    if (places < 0).any():
        raise ValueError("a negative number is the place of no word")
    return pl.Series(column.name, column.words, dtype=_dtype(column)).gather(places)


def _unlawful(where: str, *, what: str) -> OurError:
    return OurError([Fault("HS302", where, what)], closing="The table was not written.")


# ---------------------------------------------------------------- writing


@contextmanager
def _refusing(place: Path, *, run: Path) -> Iterator[None]:
    """Turn what the machine refuses into a fault that names the place and the remedy."""
    try:
        yield
    except OSError as error:
        fault = Fault(
            "HS208",
            str(error.filename or place),
            f"The machine refuses to write here: {error.strerror or error}.",
            remedy=_CHOOSE,
        )
        closing = _GOES_ON if _is_begun(run) else _UNFINISHED
        raise RunFolderError([fault], closing=closing) from error


def _check_name(folder: Path) -> None:
    """Refuse a folder whose name is no text: tables could be written there, and not read."""
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        what = "The name of this folder is not in the encoding of this machine."
        remedy = "Name another folder, or set the encoding to UTF-8."
        fault = Fault("HS208", str(folder), what, remedy=remedy)
        raise RunFolderError([fault], closing=NOTHING_READ) from None


def _is_begun(run: Path) -> bool:
    """Tell whether something was kept of a run that is not finished."""
    # The seal of a chunk is written last.
    return any((run / KEPT_FOLDER).glob("*.sha256"))


def _sync_folder(folder: Path) -> None:
    # A rename is on the disk only when its folder is. Windows cannot open a folder, nor needs to.
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _write_whole(path: Path, content: bytes | memoryview, *, run: Path) -> None:
    """Put a file of a run in its place whole, or leave that place as it was."""
    beside = path.with_name(f".{path.name}.part")
    with _refusing(path, run=run):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            _sync_folder(path.parent)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _take_lock(path: Path) -> BinaryIO | None:
    """Return the open lock file, ours until it is closed, or None if another has it.

    The lock of the system goes with its process, however that ends, so that
    none is ever left over. On Windows a file that a living process holds open
    cannot be removed, which tells a living lock from a dead one just as well.
    """
    if sys.platform == "win32":
        try:
            path.unlink(missing_ok=True)
            return path.open("xb")
        except (FileExistsError, PermissionError):
            return None
    else:
        while True:
            lock = path.open("ab")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                return None
            # Its last holder may have removed it while we opened it: then it guards nothing.
            if path.exists() and os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                return lock
            lock.close()


def _give_back(lock: BinaryIO, path: Path) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            lock.close()
        path.unlink(missing_ok=True)
    lock.close()


class RunWriter:
    """Writes one run folder, alone; left before ``finish``, it can be gone on with.

    Args:
        folder: The run's folder; made if it is not there. A run that stands
            there already is written anew.

    Raises:
        RunFolderError: HS207 if another process writes this run; HS208, here
            and in every method, if there is no room or no permission.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, FileEntry] = {}
        self._open = ExitStack()

    def __enter__(self) -> RunWriter:
        """Make the folder, take it for this process, and clear what is not kept work."""
        _check_name(self.folder)
        with _refusing(self.folder, run=self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = _take_lock(self.folder / LOCK_NAME)
        if lock is None:
            what = "Another process is writing this run at this moment."
            fault = Fault("HS207", str(self.folder), what, remedy="Wait for it, then ask again.")
            raise RunFolderError([fault])
        self._open.callback(_give_back, lock, self.folder / LOCK_NAME)
        with self._open:
            with _refusing(self.folder, run=self.folder):
                self._clear()
            # Whoever fails before this line gives the lock back; after it, __exit__ does.
            self._open = self._open.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the folder back. What was kept stays."""
        self._open.close()

    def write_table(
        self, name: str, columns: Mapping[str, Values], *, part: int | None = None
    ) -> None:
        """Write a table, or one part of it, as the schema has it.

        Args:
            name: One of ``schema.TABLES``.
            columns: See ``frame_of``.
            part: Number of the part, from 0; left out, the table is one file.
        """
        frame = frame_of(TABLES[name], columns=columns)
        content = BytesIO()
        frame.write_parquet(content, compression="zstd")
        file = f"{name}.parquet" if part is None else f"{name}/part-{part:05d}.parquet"
        self._write(file, content.getbuffer(), rows=frame.height)

    def write_text(self, name: str, text: str) -> None:
        """Write a file of text.

        Args:
            name: Name of the file in the run's folder.
            text: What it says.
        """
        self._write(name, text.encode())

    def keep(self, name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Keep the result of a chunk, so that an interrupted run need not repeat it.

        Args:
            name: Name of the chunk.
            arrays: Its results, of numbers or of words of fixed length.
        """
        content = BytesIO()
        np.savez(content, allow_pickle=False, **dict(arrays))
        place, seal = self._kept_paths(name)
        digest = hashlib.sha256(content.getbuffer()).hexdigest()
        _write_whole(place, content.getbuffer(), run=self.folder)
        _write_whole(seal, f"{digest}  {place.name}\n".encode(), run=self.folder)

    def kept(self, name: str) -> dict[str, npt.NDArray[Any]] | None:
        """Return what was kept of a chunk; None if nothing was, or if it is damaged.

        Args:
            name: Name of the chunk.
        """
        place, seal = self._kept_paths(name)
        with _refusing(place, run=self.folder):
            try:
                content, sealed = place.read_bytes(), seal.read_bytes()
            except FileNotFoundError:
                content, sealed = b"", b""
            if sealed != f"{hashlib.sha256(content).hexdigest()}  {place.name}\n".encode():
                place.unlink(missing_ok=True)
                seal.unlink(missing_ok=True)
                return None
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            return dict(archive)

    def finish(self, manifest_without_files: Manifest) -> Manifest:
        """Close the run: its kept work goes, and its manifest is written.

        Args:
            manifest_without_files: What made the run; the files are filled in.

        Returns:
            The manifest as it was written.
        """
        manifest = replace(manifest_without_files, status=FINISHED, files=dict(self._files))
        with _refusing(self.folder, run=self.folder), suppress(FileNotFoundError):
            shutil.rmtree(self.folder / KEPT_FOLDER)
        text = manifest_text(manifest)
        _write_whole(self.folder / MANIFEST_NAME, text.encode(), run=self.folder)
        return manifest

    def _write(self, name: str, content: bytes | memoryview, rows: int | None = None) -> None:
        _write_whole(self.folder / name, content, run=self.folder)
        self._files[name] = FileEntry(len(content), hashlib.sha256(content).hexdigest(), rows)

    def _kept_paths(self, name: str) -> tuple[Path, Path]:
        folder = self.folder / KEPT_FOLDER
        return folder / f"{name}.npz", folder / f"{name}.sha256"

    def _clear(self) -> None:
        # The manifest goes first: from here on the folder is unfinished.
        (self.folder / MANIFEST_NAME).unlink(missing_ok=True)
        for path in (*_table_files(self.folder), *self.folder.rglob(".*.part")):
            path.unlink()


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class StoredRun:
    """A finished run on disk. A file is verified when it is first read."""

    path: Path
    manifest: Manifest

    @cached_property
    def dictionary(self) -> dict[str, Any]:
        """Every code, label, unit, column and parameter of the run."""
        found: dict[str, Any] = json.loads(self._verified("dictionary.json").read_bytes())
        return found

    @property
    def is_alone(self) -> bool:
        """Whether the Programme stands alone in this run: no public, and an inner life."""
        return bool(self.dictionary.get("world") == "alone")

    @cached_property
    def scenario_text(self) -> str:
        """The scenario as it was resolved, nothing implied."""
        return self._verified("scenario.toml").read_text(encoding="utf-8")

    def files_of(self, table: str) -> list[Path]:
        """Return the files of a table, in the order of its parts; none if it has none.

        Args:
            table: One of ``schema.TABLES``.
        """
        names = sorted(self.manifest.files)
        mine = (name for name in names if name.removesuffix(".parquet").split("/")[0] == table)
        return [self.path / name for name in mine]

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table, to be read as far as it is asked for.

        Args:
            table: One of ``schema.TABLES``. One that this run has not is empty.

        Raises:
            RunFolderError: HS203 if a file is not what was written.
        """
        names = [path.relative_to(self.path).as_posix() for path in self.files_of(table)]
        if not names:
            return pl.LazyFrame(schema=frame_schema(TABLES[table]))
        # A bracket in the name of somebody's folder is a bracket.
        return pl.scan_parquet([self._verified(name) for name in names], glob=False)

    def _verified(self, name: str) -> Path:
        path = self.path / name
        if name not in self.manifest.files:
            raise altered(path, what="The manifest knows no such file.")
        try:
            _verify(path, self.manifest.files[name])
        except OSError as error:
            raise _unreadable(path, error=error) from error
        return path


def _verify(path: Path, entry: FileEntry) -> None:
    """Compare a file with its hash, once for each path, size and times of change."""
    state = path.stat()
    # The time of writing can be set by anybody; that of the last change of all is the system's.
    times = f"{state.st_mtime_ns}\0{state.st_ctime_ns}"
    key = f"{path.resolve()}\0{state.st_size}\0{times}\0{entry.sha256}"
    name = hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()[:32]
    mark = cache_folder() / "checked" / name
    # A cache that cannot be used only means that we hash again.
    with suppress(OSError):
        if mark.exists():
            return
    if sha256_of(path) != entry.sha256:
        raise altered(path, what="Its content is not what was written: its SHA-256 differs.")
    with suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def folder_name(scenario: str, identity: str) -> str:
    """Return the name of a run's folder.

    Args:
        scenario: Name of the scenario.
        identity: The run's id, 12 hexadecimal digits.
    """
    return f"{scenario}-{identity}"


def open_run(path: Path) -> StoredRun:
    """Open a finished run.

    The manifest and the sizes of all files are looked at; each file is hashed
    when it is first read.

    Args:
        path: The run's folder, or its manifest.

    Raises:
        RunFolderError: HS201 if there is no run, HS202 if it is unfinished,
            HS203 if a file is missing, cut off, or not of this run, HS204 if
            its manifest has another format.
    """
    folder = path.parent if path.name == MANIFEST_NAME else path
    _check_name(folder)
    try:
        content = (folder / MANIFEST_NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _no_manifest(folder) from None
    except OSError as error:
        raise _unreadable(folder / MANIFEST_NAME, error=error) from error
    run = StoredRun(folder, parse_manifest(content, where=folder / MANIFEST_NAME))
    if run.manifest.status != FINISHED:
        raise _unfinished(folder)
    faults = [*_wrong_sizes(run), *_strangers(run)]
    if faults:
        raise RunFolderError(faults, closing=NOTHING_READ)
    return run


def find_run(runs: Path, *, identity: str) -> Path | None:
    """Return the folder of the finished run of an id, or None.

    Args:
        runs: The folder of runs.
        identity: The run's id, whatever its scenario is called.
    """
    for folder in sorted(runs.glob(folder_name("*", identity))):
        with suppress(RunFolderError):
            if open_run(folder).manifest.id == identity:
                return folder
    return None


def list_runs(runs: Path) -> list[StoredRun]:
    """Return the finished runs of a folder, newest first.

    Args:
        runs: The folder of runs. What is no sound run in it is passed over.
    """
    found = []
    for path in runs.glob(f"*/{MANIFEST_NAME}"):
        with suppress(RunFolderError):
            found.append((path.stat().st_mtime_ns, open_run(path)))
    return [run for _, run in sorted(found, key=itemgetter(0), reverse=True)]


def _wrong_sizes(run: StoredRun) -> Iterator[Fault]:
    for name, entry in run.manifest.files.items():
        path = run.path / name
        if not path.is_file():
            yield from altered(path, what="The file is missing.").faults
        elif path.stat().st_size != entry.bytes:
            what = f"It has {path.stat().st_size} bytes, where {entry.bytes} were written."
            yield from altered(path, what=what).faults


def _strangers(run: StoredRun) -> Iterator[Fault]:
    # A note or a table of one's own harms nobody; one under our names would be read as ours.
    for path in _table_files(run.path):
        if path.relative_to(run.path).as_posix() not in run.manifest.files:
            what, remedy = "The file is not of this run.", "Take it out of the folder."
            yield from altered(path, what=what, remedy=remedy).faults


def _table_files(folder: Path) -> list[Path]:
    """Return whatever stands in a folder under the name of a table or of a part of one."""
    return sorted(
        path
        for name in TABLES
        for pattern in (f"{name}.parquet", f"{name}/*.parquet")
        for path in folder.glob(pattern)
    )


def _no_manifest(folder: Path) -> RunFolderError:
    begun = (folder / name for name in (LOCK_NAME, KEPT_FOLDER, "scenario.toml"))
    if _table_files(folder) or any(path.exists() for path in begun):
        return _unfinished(folder)
    known = tuple(run.path.name for runs in (folder, folder.parent) for run in list_runs(runs))
    remedy = "" if known else "'hailsham run' makes one."
    what = "There is no run here."
    fault = Fault("HS201", str(folder), what, known=known, got=folder.name, remedy=remedy)
    return RunFolderError([fault], closing=NOTHING_READ)


def _unreadable(path: Path, *, error: OSError) -> RunFolderError:
    what = f"It cannot be read: {error.strerror or error}."
    return altered(path, what=what, remedy="Find out what keeps you from reading it.")


def _unfinished(folder: Path) -> RunFolderError:
    rest = ": it goes on from what was kept" if _is_begun(folder) else ""
    remedy = f"Run the same question again{rest}."
    fault = Fault("HS202", str(folder), "This run was not finished.", remedy=remedy)
    return RunFolderError([fault], closing=NOTHING_READ)
