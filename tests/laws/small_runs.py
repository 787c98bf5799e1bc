"""Small runs on disk, each made once in a session, and what their tables hold."""

import hashlib
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from hailsham.lives.schema import TABLES
from hailsham.lives.store import RunWriter, StoredRun, open_run
from hailsham.runs import run_scenario
from hailsham.scenario.resolve import resolve

_FOLDER = TemporaryDirectory(prefix="hailsham-runs-")


def made(runs: Path, question: str = "never-let-me-go", *, workers=1, observe=None, **asked):
    """A finished run in a folder of runs, made now."""
    resolved = resolve(question, **asked)
    return open_run(run_scenario(resolved, runs=runs, workers=workers, observe=observe))


@cache
def stored(question: str = "never-let-me-go", **asked) -> StoredRun:
    """A finished run, made when it is first asked for."""
    return made(Path(_FOLDER.name), question, **asked)


def rewritten(run: StoredRun, folder: Path, **tables: pl.DataFrame) -> StoredRun:
    """The same run in another folder, with other tables where some are given."""
    with RunWriter(folder) as writer:
        for name in TABLES:
            rows = tables.get(name, run.scan(name).collect())
            columns = dict(zip(rows.columns, rows.get_columns(), strict=True))
            writer.write_table(name, columns, part=0 if name == "events" else None)
        writer.write_text("dictionary.json", json.dumps(run.dictionary))
        writer.finish(run.manifest)
    return open_run(folder)


def contents(run: StoredRun) -> dict[str, str]:
    """A hash of every table's rows, to the bit, whatever the parts they stand in."""
    return {name: _hashed(run.scan(name).collect()) for name in TABLES}


def _hashed(rows: pl.DataFrame) -> str:
    digest = hashlib.sha256()
    for column in rows.iter_columns():
        digest.update(column.name.encode())
        digest.update("\n".join(map(repr, column.to_list())).encode())
    return digest.hexdigest()
