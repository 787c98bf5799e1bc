"""A run of six lives, made by hand, that obeys every law.

Ruth H. (1) and Tommy D. (2) are raised for their organs; four of the public
live beside them. Two are given an organ, one dies young, one leaves England.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from hailsham.lives.codes import AGE_GROUPS, CAUSES, ORGANS, OUTCOMES, Event, Risk
from hailsham.lives.manifest import Manifest
from hailsham.lives.schema import TABLES
from hailsham.lives.store import RunWriter, StoredRun, folder_name, frame_schema, open_run

IDENTITY = "0123456789ab"
KIDNEY, HEART = ORGANS.index("kidney"), ORGANS.index("heart")

Tables = Mapping[str, pl.DataFrame]


def manifest(**changes: Any) -> Manifest:
    plain = {
        "id": IDENTITY,
        "status": "finished",
        "scenario": "six-lives",
        "title": "Six lives",
        "scenario_sha256": "00",
        "seed": 1,
        "scale": 500,
        "replicates": 1,
        "years": (1960, 2000),
        "log": "full",
        "versions": {"hailsham": "0.1.0"},
        "counts": {"persons": 6, "clones": 2},
        "seconds": {"all": 0.25},
    }
    return Manifest(**{**plain, **changes})


def table(name: str, *rows: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of a table; what a row does not say is null, or 0 where there must be something."""
    columns = TABLES[name].columns
    plain = {column.name: None if column.null else 0 for column in columns}
    return pl.DataFrame([{**plain, **row} for row in rows], schema=frame_schema(TABLES[name]))


def clone(person: int, name: str, blood: str, born: float, **rest: Any) -> dict[str, Any]:
    row = {"person": person, "kind": "clone", "status": "died", "sex": "female", "name": name}
    return {
        **row,
        "blood_group": blood,
        "born": born,
        "entered": born,
        "cause": "operation",
        **rest,
    }


def public(person: int, blood: str, born: float, ended: float, **rest: Any) -> dict[str, Any]:
    row = {"person": person, "kind": "public", "status": "died", "sex": "male", "cause": "other"}
    row |= {"blood_group": blood, "born": born, "entered": max(born, 1947.0), "ended": ended}
    return {**row, "untreated_end": ended, **rest}


def people() -> pl.DataFrame:
    ruth = {"ended": 1984.5, "donations": 2, "untreated_end": 2030.0, "attended": 0.9}
    tommy = {"ended": 1990.25, "donations": 2, "untreated_end": 2035.0, "attended": 0.0}
    return table(
        "people",
        clone(1, "Ruth H.", "O", 1960.5, **ruth),
        clone(2, "Tommy D.", "A", 1962.0, **tommy),
        public(101, "A", 1950.0, 1995.5, listed=1982.5, transplants=1),
        public(102, "AB", 1951.0, 1999.75, listed=1984.4, transplants=1),
        public(103, "B", 1940.0, 1970.5),
        public(104, "O", 1940.0, 1975.5, status="left", cause=None),
    )


def event(person: int, time: float, what: Event, **rest: int) -> dict[str, Any]:
    return {"person": person, "time": time, "event": int(what), **rest}


def events() -> tuple[pl.DataFrame, pl.DataFrame]:
    at_operation = CAUSES.index("operation")
    clones = table(
        "events",
        event(1, 1960.5, Event.BORN),
        event(1, 1982.0, Event.CALLED_UP),
        event(1, 1982.1, Event.GIVEN_CARER, other=2),
        event(1, 1983.0, Event.OPERATED, other=101, detail=1),
        event(1, 1984.5, Event.OPERATED, other=102, detail=2),
        event(1, 1984.5, Event.DIED, detail=at_operation),
        event(2, 1962.0, Event.BORN),
        event(2, 1981.0, Event.BEGAN_CARING),
        event(2, 1982.1, Event.GIVEN_PATIENT, other=1),
        event(2, 1984.5, Event.LOST_PATIENT, other=1),
        event(2, 1986.0, Event.CALLED_UP),
        event(2, 1987.0, Event.OPERATED, detail=1),
        event(2, 1990.25, Event.OPERATED, detail=2),
        event(2, 1990.25, Event.DIED, detail=at_operation),
    )
    others = table(
        "events",
        event(101, 1982.5, Event.LISTED, detail=KIDNEY),
        event(101, 1983.0, Event.TRANSPLANTED, other=1, detail=KIDNEY),
        event(102, 1984.4, Event.LISTED, detail=HEART),
        event(102, 1984.5, Event.TRANSPLANTED, other=1, detail=HEART),
    )
    return clones, others


def organs() -> pl.DataFrame:
    ruth = {"donor": 1, "blood_donor": "O", "regime": "programme", "outcome": "used"}
    tommy = {"donor": 2, "blood_donor": "A", "regime": "programme"}
    kidney = {"organ_id": 11, "organ": "kidney", "step": 1, "taken": 1983.0, "used": 1983.0}
    heart = {"organ_id": 12, "organ": "heart", "step": 2, "taken": 1984.5, "used": 1984.5}
    tissue = {"organ_id": 21, "organ": "tissue", "step": 1, "taken": 1987.0}
    liver = {"organ_id": 22, "organ": "liver", "step": 2, "taken": 1990.25}
    return table(
        "organs",
        {**ruth, **kidney, "recipient": 101, "blood_recipient": "A", "waited": 0.5},
        {**ruth, **heart, "recipient": 102, "blood_recipient": "AB", "waited": 0.1},
        {**tommy, **tissue, "outcome": "outside_need"},
        {**tommy, **liver, "outcome": "no_need"},
    )


def account() -> pl.DataFrame:
    counted = dict.fromkeys(OUTCOMES, 0)
    plain = {"regime": "programme", "supplied": 1, **counted}
    return table(
        "account",
        {**plain, "year": 1983, "organ": "kidney", "used": 1},
        {**plain, "year": 1984, "organ": "heart", "used": 1},
        {**plain, "year": 1987, "organ": "tissue", "outside_need": 1},
        {**plain, "year": 1990, "organ": "liver", "no_need": 1},
        {**plain, "year": 1990, "used": 0, "no_need": 1},
    )


def years() -> pl.DataFrame:
    deaths = [
        ("clone", 1984, "female", 24),
        ("clone", 1990, "female", 28),
        ("public", 1970, "male", 30),
        ("public", 1995, "male", 45),
        ("public", 1999, "male", 48),
    ]
    rows = []
    for kind, year, sex, age in deaths:
        group = {"kind": kind, "year": year, "world": "simulated", "died": 1}
        rows += [{**group, "sex": sex, "age_group": AGE_GROUPS[1 + age // 5]}, group]
    return table("years", *rows)


def turns() -> pl.DataFrame:
    turn = {"person": 1, "time": 1983.0, "event": int(Event.OPERATED)}
    return table(
        "turns",
        {**turn, "risk": int(Risk.DEATH_AT_OPERATION), "probability": 0.005, "chosen": False},
        {**turn, "risk": int(Risk.SURVIVING_OPERATION), "probability": 0.995, "chosen": True},
    )


def tables() -> dict[str, pl.DataFrame]:
    """Every table of the run; the events of both parts are one table here."""
    return {
        "people": people(),
        "events": pl.concat(events()),
        "organs": organs(),
        "turns": turns(),
        "years": years(),
        "account": account(),
    }


def dictionary() -> str:
    return json.dumps({"parameters": [{"key": "regimes.programme.carers.caseload", "value": 3}]})


def write(runs: Path, given: Tables | None = None, **changes: Any) -> StoredRun:
    """Write the run, or tables in its place; events of the public are a second part."""
    made = manifest(**changes)
    with RunWriter(runs / folder_name(made.scenario, made.id)) as writer:
        for name, frame in (tables() if given is None else given).items():
            if name == "events":
                is_clone = frame["person"] < 100
                for part, rows in enumerate((frame.filter(is_clone), frame.filter(~is_clone))):
                    writer.write_table(name, rows.to_dict(), part=part)
            else:
                writer.write_table(name, frame.to_dict())
        writer.write_text("dictionary.json", dictionary())
        writer.write_text("scenario.toml", 'title = "Six lives"\n')
        writer.finish(made)
    return open_run(writer.folder)
