"""SQL over the tables of a run, in a database that can read them and do nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from hailsham.errors import Fault, RunFolderError
from hailsham.lives.schema import TABLES
from hailsham.lives.store import StoredRun

#: The names of columns, and rows.
_Found = tuple[tuple[str, ...], list[tuple[object, ...]]]

#: No extension is fetched or loaded: a question must not reach the network.
_ALONE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_QUOTED = re.compile(
    r"with name (\S+) does not exist|column(?: named)? \"([^\"]+)\"|table \"([^\"]+)\" not found"
)
_NOTHING_ANSWERED = "Nothing was answered."


@dataclass(frozen=True)
class Rows:
    """The answer to a question in SQL; cut off, if there were more rows than were wanted."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    is_cut: bool

    def as_dicts(self) -> list[dict[str, object]]:
        """Return each row by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def query(
    run: StoredRun, *, sql: str, limit: int | None = None, seconds: float | None = None
) -> Rows:
    """Answer one question in SQL.

    Each table of the run is a view of its name; ``event_names`` and
    ``risk_names`` say what the codes mean. The database lies in memory, may
    open the run's own tables and no other file, and takes questions only, so
    nothing that is asked can change a run.

    Args:
        run: A finished run.
        sql: One statement: SELECT, WITH, FROM, DESCRIBE, SUMMARIZE or SHOW.
        limit: Most rows wanted; all of them if left out.
        seconds: How long it may take; as long as it wants if left out.

    Raises:
        RunFolderError: HS203 if a table was altered, HS206 if the question
            cannot be answered, or not in time.
    """
    with duckdb.connect(":memory:", config=_ALONE) as database:
        _make_views(database, run)
        try:
            statements = duckdb.extract_statements(sql)
            if not statements:
                raise _unasked()
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise _refusal(database, sql, "Only one question is taken, and nothing else.")
            ask = partial(_ask, database, statements[0], limit)
            columns, rows = _in_time(ask, database, seconds)
        except duckdb.Error as error:
            raise _refusal(database, sql, str(error)) from error
    kept = rows if limit is None else rows[:limit]
    return Rows(_distinct(columns), tuple(kept), len(kept) < len(rows))


def _ask(
    database: duckdb.DuckDBPyConnection, statement: duckdb.Statement, limit: int | None
) -> _Found:
    answer = database.execute(statement)
    columns = tuple(str(column[0]) for column in answer.description or ())
    return columns, answer.fetchall() if limit is None else answer.fetchmany(limit + 1)


def _in_time(
    ask: Callable[[], _Found], database: duckdb.DuckDBPyConnection, seconds: float | None
) -> _Found:
    """Ask beside the main thread, which alone hears the clock and the keyboard."""
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(ask)
        try:
            return asked.result(timeout=seconds)
        except TimeoutError:
            database.interrupt()
            what = f"It took longer than {seconds:g} seconds, and was stopped."
            remedy = "Ask for less, or give it longer with --seconds."
            fault = Fault("HS206", "the question", what, remedy=remedy)
            raise RunFolderError([fault], closing=_NOTHING_ANSWERED) from None
        except KeyboardInterrupt:
            database.interrupt()
            raise


def _unasked() -> RunFolderError:
    remedy = 'For example: "SELECT kind, count(*) FROM people GROUP BY kind"'
    fault = Fault("HS206", "the question", "No question was put.", remedy=remedy)
    return RunFolderError([fault], closing=_NOTHING_ANSWERED)


def _make_views(database: duckdb.DuckDBPyConnection, run: StoredRun) -> None:
    allowed = []
    for table in TABLES:
        # To be scanned, the files of a table are verified.
        run.scan(table)
        files = run.files_of(table)
        if files:
            listed = ", ".join(_quoted(path) for path in files)
            database.execute(f'CREATE VIEW "{table}" AS FROM read_parquet([{listed}])')
            allowed += [_quoted(path) for path in files]
    for kind in ("event", "risk"):
        _make_names(database, kind, run.dictionary["codes"][kind])
    database.execute(f"SET allowed_paths = [{', '.join(allowed)}]")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def _make_names(
    database: duckdb.DuckDBPyConnection, kind: str, meanings: Mapping[str, Mapping[str, str]]
) -> None:
    table = f"{kind}_names"
    database.execute(f"CREATE TABLE {table} ({kind} SMALLINT, name VARCHAR, label VARCHAR)")
    for code, meaning in meanings.items():
        row = [int(code), meaning["name"], meaning["label"]]
        database.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", row)


def _quoted(path: Path) -> str:
    """Return a path as a word of SQL."""
    return "'{}'".format(str(path).replace("'", "''"))


def _distinct(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that differ: an answer may name two columns alike, and JSON may not."""
    names: list[str] = []
    for column in columns:
        n_before = sum(name.partition(":")[0] == column for name in names)
        names.append(f"{column}:{n_before}" if n_before else column)
    return tuple(names)


def _refusal(database: duckdb.DuckDBPyConnection, sql: str, why: str) -> RunFolderError:
    """Return what is wrong with a question, with the columns or tables that there are."""
    found = database.execute(
        "SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL"
    ).fetchall()
    tables = tuple(dict.fromkeys(table for table, _ in found))
    known = tables
    if "column" in why:
        asked = {word.lower() for word in re.findall(r"\w+", sql)}
        columns = [column for table, column in found if table in asked]
        known = tuple(dict.fromkeys(columns)) or tables
    match = _QUOTED.search(why)
    got = next((name for name in match.groups() if name), "") if match else ""
    what = why.partition("\n")[0].partition("Error: ")[2] or why.partition("\n")[0]
    fault = Fault("HS206", "the question", what, known, got)
    return RunFolderError([fault], closing=_NOTHING_ANSWERED)
