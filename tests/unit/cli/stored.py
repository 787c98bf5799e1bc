"""A tiny run on disk, written as every run is; its rows say nothing of any world."""

import json
from pathlib import Path

import numpy as np

from hailsham.lives.codes import event_codes, risk_codes
from hailsham.lives.manifest import Manifest
from hailsham.lives.schema import TABLES, Column
from hailsham.lives.store import RunWriter, folder_name

N_ROWS = 3
NUMBERS = {"int16": 1, "int32": 0, "int64": 0, "float32": 0.5, "float64": 1950.5, "bool": 0}


def store_run(runs: Path, *, run_id: str, scenario: str = "few-carers") -> Path:
    """Write a finished run of three people, numbered 0 to 2, and return its folder."""
    folder = runs / folder_name(scenario, run_id)
    with RunWriter(folder) as writer:
        for table in TABLES.values():
            columns = {column.name: _values(column) for column in table.columns}
            writer.write_table(table.name, columns)
        words = {"codes": {"event": event_codes(), "risk": risk_codes()}}
        writer.write_text("dictionary.json", json.dumps(words))
        writer.write_text("scenario.toml", "")
        writer.finish(_manifest(run_id, scenario))
    return folder


def _values(column: Column) -> np.ndarray:
    if column.name == "person":
        return np.arange(N_ROWS)
    if column.type == "word" and not column.words:
        return np.array(["Anna W."] * N_ROWS)
    if column.type == "word":
        return np.arange(N_ROWS) % len(column.words)
    return np.full(N_ROWS, NUMBERS[column.type])


def _manifest(run_id: str, scenario: str) -> Manifest:
    return Manifest(
        id=run_id,
        status="",
        scenario=scenario,
        title="A tiny run",
        scenario_sha256="",
        seed=1,
        scale=500,
        replicates=1,
        years=(1947, 2000),
        log="full",
        versions={},
        counts={},
        seconds={},
    )
