"""A run of the Programme alone, made without the model: plausible lives, each by the schema."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hailsham.lives import codes, schema
from hailsham.lives.codes import LOSSES, Event
from hailsham.lives.manifest import Manifest
from hailsham.lives.schema import INNER_LIFE, Column
from hailsham.lives.store import RunWriter, StoredRun, frame_schema, open_run

KATHY, TOMMY = 9_000_000, 9_000_001
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
WEAK = ("Each coefficient is an assumption of ours.", "Integrity justifies nothing.")


def column_of(column: Column, rng: np.random.Generator, n: int) -> Any:
    """Any values that a column of the inner life may hold."""
    if column.type == "bool":
        return rng.random(n) < 0.3
    if column.type == "word":
        return rng.choice(column.words, n)
    if column.type in ("int32", "int64"):
        return rng.integers(0, 9, n)
    if column.unit == "0 to 1":
        return rng.random(n)
    return rng.uniform(1, 5, n) if column.unit == "1 to 5" else rng.normal(size=n)


def people(n: int, rng: np.random.Generator) -> pl.DataFrame:
    """Lives with an inner life; the first two are written out by hand."""
    born = np.sort(rng.uniform(1953.5, 1984.0, n))
    carer = born + rng.uniform(18.5, 19.5, n)
    donor = carer + rng.exponential(2.4, n)
    step = rng.integers(1, 5, n)
    inner = {column.name: column_of(column, rng, n) for column in INNER_LIFE}
    lost = rng.integers(6, 20, n)
    frame = pl.DataFrame(
        {
            "person": np.arange(n) + KATHY,
            "kind": "clone",
            "status": "died",
            "sex": rng.choice(codes.SEXES, n),
            "born": born,
            "entered": born,
            "ended": donor + 1.6 * step,
            "cause": "completed",
            "blood_group": rng.choice(codes.BLOOD_GROUPS, n),
            "name": ["Ann B."] * n,
            "house": np.arange(n) // 8 % 3,
            "pod": np.arange(n) // 8,
            "seat": np.arange(n) % 8,
            "left_house": born + 16.0,
            "carer_from": carer,
            "carer_until": donor,
            "donor_from": donor,
            "tenure": donor - carer,
            "quality": rng.normal(size=n),
            "patients_died": rng.integers(0, 3, n),
            "donations": step,
            "completed_at_donation": step,
            **inner,
            "crisis_age": np.where(rng.random(n) < 0.1, np.nan, rng.uniform(19, 27, n)),
            "truth": np.nan,
            "lost": lost,
            "let_go": rng.integers(0, lost),
            "believed_deferral": rng.random(n) < 0.4,
            "applied": np.nan,
            "refused": np.nan,
            "couple": pl.Series([None] * n, dtype=pl.Int64),
        },
        nan_to_null=True,
    )
    hand = pl.DataFrame(
        [
            {
                "person": KATHY, "name": "Kathy H.", "sex": "female", "born": 1954.5,
                "left_house": 1970.5, "carer_from": 1973.5, "carer_until": 1985.75,
                "donor_from": 1985.75, "tenure": 12.25, "ended": 1990.0, "donations": 2,
                "completed_at_donation": 2, "house": 0, "as_hailsham": True, "crisis_age": 20.75,
                "style_first": "reminiscer", "style": "reminiscer", "lost": 15, "let_go": 11,
                "integrity": 0.91, "despair": 0.12, "integrity_status": "integrated",
                "peaceful": True, "knowledge_15": 0.74, "awareness_15": 0.01,
                "awareness_end": 0.93, "believed_deferral": True, "applied": 1984.0,
                "refused": 1984.0, "hope_end": False, "truth": 1967.25, "tau_end": 80.0,
                "memories_own": 164, "memories_borrowed": 0, "memories_invented": 1,
                "consolation": 0.72, "couple": TOMMY, "patients_died": 5, "quality": 3.24,
                "ostracised": False, "gallery": 2, "substitutes": 1, "ties_16": 5, "ties_end": 0,
                "dreamed": False, "gift_1": "liver", "gift_2": "heart",
            },
            {
                "person": TOMMY, "name": "Tommy D.", "sex": "male", "crisis_age": None,
                "awareness_end": 0.31, "style_first": "none", "style": "none", "lost": 9,
                "let_go": 0, "ostracised": True, "hope_end": True, "believed_deferral": True,
                "house": 12, "as_hailsham": False, "integrity": 0.35, "despair": 0.66,
                "integrity_status": "despairing", "peaceful": False, "tau_end": 71.0,
            },
        ]
    )  # fmt: skip
    return frame.update(hand, on="person", include_nulls=False).with_columns(
        crisis_age=pl.when(pl.col("person") == TOMMY).then(None).otherwise("crisis_age")
    )


def events() -> pl.DataFrame:
    """The log of the life that is told word for word."""
    school, friend = LOSSES.index("school"), LOSSES.index("a friend")
    rows = [
        (1954.5, Event.BORN, None, None),
        (1967.25, Event.TOLD_THE_TRUTH, None, None),
        (1970.5, Event.LEFT_HOUSE, None, None),
        (1970.5, Event.LOST_SOMETHING, None, school),
        (1980.0, Event.LOST_SOMETHING, TOMMY, friend),
        (1983.5, Event.BECAME_COUPLE, TOMMY, None),
        (1984.0, Event.APPLIED, TOMMY, None),
        (1984.0, Event.REFUSED, TOMMY, None),
        (1987.0, Event.OPERATED, None, 1),
        (1990.0, Event.OPERATED, None, 2),
        (1990.0, Event.DIED, None, 25),
    ]
    return pl.DataFrame(
        [
            {"person": KATHY, "time": time, "event": int(event), "other": other, "detail": detail}
            for time, event, other, detail in rows
        ],
        schema=frame_schema(schema.TABLES["events"]),
    )


def ages(rng: np.random.Generator) -> pl.DataFrame:
    """Means by age, down to ages at which hardly anybody is alive."""
    age = np.arange(0.0, 40.0, 0.5)
    alive = np.where(age < 20, 100, np.maximum(0, 100 - 8 * (age - 20))).astype(int)
    means = {
        column.name: rng.uniform(1, 5, age.size) if column.unit == "1 to 5" else age / 50
        for column in schema.AGES.columns
        if column.name not in ("replicate", "age", "alive")
    }
    return pl.DataFrame({"age": age, "alive": alive, **means})


def beside() -> pl.DataFrame:
    """Populations beside: clones grow like ordinary people as far as the pace counts."""
    rows = []
    for people, steps in (("clones", STEPS), ("ordinary", (None,))):
        for step in steps:
            level = 0.73 if step is None else 0.35 + 0.30 * step
            plain = {"people": people, "compressibility": step, "lives": 4000}
            rows += [
                {**plain, "quantity": quantity, "mean": level, "spread": 0.15,
                 "standard_error": 0.002}
                for quantity in ("integrity", "despair", "awareness_end", "consolation", "crossed",
                                 "integrated", "peaceful")
            ]  # fmt: skip
            rows += [
                {**plain, "quantity": "felt", "developmental_age": tau, "mean": level * tau / 80}
                for tau in np.arange(0.0, 80.0, 5.0)
            ]
    return pl.DataFrame(rows, infer_schema_length=None)


def write_inner_run(folder: Path, *, n: int = 96, seed: int = 3, replicates: int = 1) -> StoredRun:
    """Write a run of the Programme alone, and open it."""
    tables: dict[str, list[pl.DataFrame]] = {name: [] for name in ("people", "ages", "events")}
    tables["beside"] = []
    for replicate in range(replicates):
        rng = np.random.default_rng(seed + replicate)
        for name, frame in {
            "people": people(n, rng), "events": events(), "ages": ages(rng), "beside": beside(),
        }.items():  # fmt: skip
            tables[name].append(frame.with_columns(replicate=pl.lit(replicate)))
    with RunWriter(folder) as writer:
        for name, parts in tables.items():
            types = frame_schema(schema.TABLES[name])
            frame = pl.concat(parts, how="diagonal_relaxed")
            columns = {
                column: frame[column]
                if column in frame.columns
                else pl.Series(column, [None], dtype=kind).new_from_index(0, frame.height)
                for column, kind in types.items()
            }
            writer.write_table(name, columns, part=0 if name == "events" else None)
        writer.write_text("scenario.toml", 'title = "Inner lives"\n')
        writer.write_text("dictionary.json", json.dumps(dictionary()))
        writer.finish(manifest(replicates))
    return open_run(folder)


def dictionary() -> dict[str, Any]:
    return {
        "world": "alone",
        "reading": "article",
        "tables": schema.describe_tables(is_alone=True),
        "codes": {"event": codes.event_codes(), "risk": codes.risk_codes()},
        "parameters": [
            {
                "key": "development.clock.compressibility", "value": 1.0, "default": 1.0,
                "text": "how much of the pace counts", "unit": "proportion", "low": 0, "high": 1,
                "source": "a reading", "grade": "X", "choices": [], "changed": False,
            }
        ],
        "grades": {"X": "our assumption", "M": "memory", "C": "tuned"},
        "provenance": [
            {"what": "the stations", "standing": "sources", "text": "as told", "source": "article"},
            {"what": "every number", "standing": "invented", "text": "ours", "source": ""},
        ],
        "notes": ["Nobody here waits for an organ."],
        "weak": list(WEAK),
    }  # fmt: skip


def manifest(replicates: int) -> Manifest:
    return Manifest(
        id="aaaabbbbcccc",
        status="finished",
        scenario="programme-alone",
        title="Inner lives",
        scenario_sha256="00",
        seed=3,
        scale=1,
        replicates=replicates,
        years=(1953, 2010),
        log="full",
        versions={"hailsham": "0.1.0"},
        counts={"clones": 96},
        seconds={"all": 0.1},
    )
