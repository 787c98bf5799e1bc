"""A run of a few lives, written out by hand, so that every sentence can be foreseen."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hailsham.lives import codes, schema
from hailsham.lives.codes import Event, Risk
from hailsham.lives.manifest import Manifest
from hailsham.lives.store import RunWriter, StoredRun, frame_schema, open_run

KATHY, TOMMY, RUTH, MOVED, AT_WORK, FIRST = 91, 92, 93, 94, 95, 96
GIVEN, WAITED, REMOVED, LOST_IT, OLD, INFANT, LEFT, NOT_LISTED = 11, 12, 13, 14, 15, 16, 17, 18
KIDNEY, HEART = codes.ORGANS.index("kidney"), codes.ORGANS.index("heart")


def clone(person: int, name: str, born: float, ended: float, **more: Any) -> dict[str, Any]:
    """A row of the table of people, for a child of the Programme."""
    usual = {
        "person": person, "kind": "clone", "status": "died", "sex": "female", "name": name,
        "born": born, "entered": born, "ended": ended, "cause": "completed", "blood_group": "O",
        "house": 0, "pod": 0, "seat": person % 8, "left_house": born + 16.0,
        "believed_deferral": False, "quality": 0.0, "untreated_end": born + 71.0,
        "years_lost": born + 71.0 - ended, "patients": 0, "patients_died": 0, "donations": 0,
        "mobility_lost": 0.0,
    }  # fmt: skip
    return usual | more


def citizen(person: int, sex: str, born: float, ended: float, **more: Any) -> dict[str, Any]:
    """A row of the table of people, for a member of the public."""
    usual = {
        "person": person, "kind": "public", "status": "died", "sex": sex, "born": born,
        "entered": max(born, 1947.0), "ended": ended, "cause": "other", "blood_group": "A",
        "transplants": 0, "untreated_end": ended, "years_gained": 0.0,
    }  # fmt: skip
    return usual | more


PEOPLE = [
    clone(
        KATHY, "Kathy H.", 1957.25, 1985.5, carer_from=1976.5, carer_until=1981.75, tenure=5.25,
        quality=1.3, caseload_mean=1.4, patients=2, patients_died=1, donor_from=1981.75,
        attended=0.0, donations=2, completed_at_donation=2, mobility_lost=0.1,
    ),
    clone(
        TOMMY, "Tommy D.", 1955.5, 1984.25, sex="male", carer_from=1974.5, carer_until=1976.0,
        tenure=1.5, donor_from=1976.0, attended=0.91, carers=2, donations=4, patients=1,
        patients_died=0, caseload_mean=0.9, completed_at_donation=4, mobility_lost=0.4,
        couple=RUTH, believed_deferral=True, applied=1979.5, refused=1979.75,
    ),
    clone(
        RUTH, "Ruth C.", 1955.75, 1980.0, carer_from=1974.75, carer_until=1976.5, tenure=1.75,
        donor_from=1976.5, attended=0.8, donations=3, completed_at_donation=3, couple=TOMMY,
        believed_deferral=True, applied=1979.5, refused=1979.75,
    ),
    clone(MOVED, "Ann B.", 1981.0, 1990.5, cause="other", left_house=None),
    clone(
        AT_WORK, "Ben M.", 1975.0, 1999.5, sex="male", status="alive", cause=None, house=12,
        carer_from=1994.0, untreated_end=None, years_lost=None,
    ),
    clone(
        FIRST, "Joan P.", 1956.0, 1976.5, house=12, carer_from=1974.9, carer_until=1975.5,
        tenure=0.6, donor_from=1975.5, attended=1.0, donations=1, completed_at_donation=1,
        untreated_end=1958.5, years_lost=-18.0,
    ),
    citizen(
        GIVEN, "male", 1931.25, 1995.75, cause="heart", listed=1976.75, transplants=1,
        untreated_end=1977.5, years_gained=18.25,
    ),
    citizen(WAITED, "female", 1940.5, 1982.25, cause="kidney", listed=1981.5),
    citizen(REMOVED, "female", 1902.5, 1978.0, cause="kidney", listed=1977.0),
    citizen(
        LOST_IT, "female", 1938.0, 1984.5, cause="graft", listed=1984.0, transplants=1,
        untreated_end=1984.75, years_gained=-0.25,
    ),
    citizen(OLD, "female", 1870.5, 1961.25, cause="stroke"),
    citizen(INFANT, "male", 1963.25, 1963.5, cause="perinatal_congenital"),
    citizen(LEFT, "male", 1926.0, 1958.5, status="left", cause=None, entered=1950.25),
    citizen(NOT_LISTED, "male", 1890.0, 1966.0, cause="heart"),
]  # fmt: skip

EVENTS = [
    (KATHY, 1957.25, Event.BORN, None, None),
    (KATHY, 1973.25, Event.LEFT_HOUSE, None, 0),
    (KATHY, 1976.5, Event.BEGAN_CARING, None, None),
    (KATHY, 1976.7, Event.GIVEN_PATIENT, RUTH, None),
    (KATHY, 1980.0, Event.LOST_PATIENT, RUTH, None),
    (KATHY, 1978.5, Event.GIVEN_PATIENT, TOMMY, None),
    (KATHY, 1981.75, Event.CALLED_UP, None, None),
    (KATHY, 1982.5, Event.READY, None, 1),
    (KATHY, 1983.0, Event.OPERATED, None, 1),
    (KATHY, 1985.25, Event.READY, None, 2),
    (KATHY, 1985.5, Event.OPERATED, LOST_IT, 2),
    (KATHY, 1985.5, Event.DIED, None, codes.CAUSES.index("completed")),
    (RUTH, 1976.7, Event.GIVEN_CARER, KATHY, None),
    (FIRST, 1975.6, Event.GIVEN_CARER, TOMMY, None),
    (FIRST, 1976.0, Event.LOST_CARER, TOMMY, None),
    (TOMMY, 1955.5, Event.BORN, None, None),
    (TOMMY, 1971.5, Event.LEFT_HOUSE, None, 0),
    (TOMMY, 1973.0, Event.BECAME_COUPLE, RUTH, None),
    (TOMMY, 1974.5, Event.BEGAN_CARING, None, None),
    (TOMMY, 1975.6, Event.GIVEN_PATIENT, FIRST, None),
    (TOMMY, 1976.0, Event.CALLED_UP, None, None),
    (TOMMY, 1976.25, Event.GIVEN_CARER, RUTH, None),
    (TOMMY, 1976.5, Event.LOST_CARER, RUTH, None),
    (TOMMY, 1976.75, Event.READY, None, 1),
    (TOMMY, 1977.0, Event.OPERATED, GIVEN, 1),
    (TOMMY, 1978.5, Event.GIVEN_CARER, KATHY, None),
    (TOMMY, 1978.75, Event.READY, None, 2),
    (TOMMY, 1979.25, Event.OPERATED, None, 2),
    (TOMMY, 1979.5, Event.APPLIED, RUTH, None),
    (TOMMY, 1979.75, Event.REFUSED, RUTH, None),
    (TOMMY, 1981.0, Event.READY, None, 3),
    (TOMMY, 1981.0, Event.OPERATED, None, 3),
    (TOMMY, 1981.75, Event.LOST_CARER, KATHY, None),
    (TOMMY, 1984.0, Event.READY, None, 4),
    (TOMMY, 1984.25, Event.OPERATED, LOST_IT, 4),
    (TOMMY, 1984.25, Event.DIED, None, codes.CAUSES.index("completed")),
    (MOVED, 1981.0, Event.BORN, None, None),
    (MOVED, 1990.25, Event.MOVED_HOUSE, None, 12),
    (MOVED, 1990.5, Event.DIED, None, codes.CAUSES.index("other")),
    (AT_WORK, 1991.0, Event.LEFT_HOUSE, None, 12),
    (AT_WORK, 1994.0, Event.BEGAN_CARING, None, None),
    (GIVEN, 1947.0, Event.ENTERED, None, None),
    (GIVEN, 1976.7, Event.ORGAN_FAILED, None, KIDNEY),
    (GIVEN, 1976.75, Event.LISTED, None, KIDNEY),
    (GIVEN, 1977.0, Event.TRANSPLANTED, TOMMY, KIDNEY),
    (GIVEN, 1995.75, Event.DIED, None, codes.CAUSES.index("heart")),
    (WAITED, 1981.5, Event.ORGAN_FAILED, None, KIDNEY),
    (WAITED, 1981.5, Event.LISTED, None, KIDNEY),
    (WAITED, 1982.25, Event.DIED, None, codes.CAUSES.index("kidney")),
    (REMOVED, 1977.0, Event.ORGAN_FAILED, None, KIDNEY),
    (REMOVED, 1977.0, Event.LISTED, None, KIDNEY),
    (REMOVED, 1977.5, Event.REMOVED, None, KIDNEY),
    (REMOVED, 1978.0, Event.DIED, None, codes.CAUSES.index("kidney")),
    (LOST_IT, 1983.9, Event.ORGAN_FAILED, None, HEART),
    (LOST_IT, 1984.0, Event.LISTED, None, HEART),
    (LOST_IT, 1984.25, Event.TRANSPLANTED, TOMMY, HEART),
    (LOST_IT, 1984.4, Event.GRAFT_FAILED, None, HEART),
    (LOST_IT, 1984.45, Event.LISTED, None, HEART),
    (LOST_IT, 1984.5, Event.DIED, None, codes.CAUSES.index("graft")),
    (INFANT, 1963.25, Event.BORN, None, None),
    (INFANT, 1963.5, Event.DIED, None, codes.CAUSES.index("perinatal_congenital")),
    (LEFT, 1950.25, Event.ENTERED, None, None),
    (LEFT, 1958.5, Event.LEFT, None, None),
    (NOT_LISTED, 1965.75, Event.ORGAN_FAILED, None, HEART),
    (NOT_LISTED, 1966.0, Event.DIED, None, codes.CAUSES.index("heart")),
]

ORGANS = [
    (TOMMY, GIVEN, "kidney", 1, 1977.0, 0.25, "used"),
    (TOMMY, None, "tissue", 2, 1979.25, None, "outside_need"),
    (TOMMY, None, "limb", 3, 1981.0, None, "outside_need"),
    (TOMMY, LOST_IT, "heart", 4, 1984.25, 0.25, "used"),
    (TOMMY, None, "lung", 4, 1984.25, None, "no_need"),
    (TOMMY, None, "liver", 4, 1984.25, None, "no_need"),
    (TOMMY, None, "pancreas", 4, 1984.25, None, "discarded"),
    (KATHY, None, "tissue", 1, 1983.0, None, "outside_need"),
    (KATHY, None, "liver", 2, 1985.5, None, "no_need"),
]

NEVER = None
TURNS = [
    (TOMMY, 1976.0, Event.CALLED_UP, Risk.CALL_UP, 1.8, None, 1976.0, True),
    (TOMMY, 1977.0, Event.OPERATED, Risk.DEATH_AT_OPERATION, None, 0.005, None, False),
    (TOMMY, 1977.0, Event.OPERATED, Risk.SURVIVING_OPERATION, None, 0.995, None, True),
    (TOMMY, 1979.25, Event.OPERATED, Risk.DEATH_AT_OPERATION, None, 0.08, None, False),
    (TOMMY, 1984.25, Event.DIED, Risk.DEATH_AT_OPERATION, None, 1.0, None, True),
    (GIVEN, 1995.75, Event.DIED, Risk.HEART, 0.021, None, 1995.75, True),
    (GIVEN, 1995.75, Event.DIED, Risk.OTHER_CAUSE, 0.01, None, 2008.5, False),
    (GIVEN, 1995.75, Event.DIED, Risk.LEAVING, 0.01, None, None, False),
    (GIVEN, 1995.75, Event.DIED, Risk.GRAFT, None, None, 2003.5, False),
    (WAITED, 1982.25, Event.DIED, Risk.KIDNEY, 0.00002, None, 1982.25, True),
    (WAITED, 1982.25, Event.DIED, Risk.OTHER_CAUSE, 0.003, None, NEVER, False),
    (LEFT, 1958.5, Event.LEFT, Risk.LEAVING, 0.004, None, 1958.5, True),
    (LEFT, 1958.5, Event.LEFT, Risk.OTHER_CAUSE, 0.002, None, 1990.5, False),
]

ACCOUNT = [(1977, 2, 1, 0, 1), (1982, 1, 0, 1, 0), (1984, 2, 1, 0, 0)]
EXPECTANCY = [
    ("period", 1965, 1970, None, 71.9, 71.8, 71.8, 0.0, 0.0, 0.0),
    ("period", 1965, 1970, "female", 75.0, 75.1, 75.1, 0.0, 0.0, 0.0),
    ("period", 1995, 2000, None, 77.3, 77.9, 77.2, 0.71, 0.4, 1.02),
]
ALIVE = [
    (1947, "public", "female", "40-44", None, 5),
    (1947, "public", "male", "15-19", None, 4),
    (1972, "public", "female", "65-69", None, 7),
    (1972, "clone", None, None, "house", 4),
    (1999, "clone", None, None, "carer", 1),
    (1999, "public", None, None, "with graft", 1),
]


def write_lives_of_few(
    folder: Path,
    *,
    events: list[tuple[Any, ...]] | None = None,
    with_programme: bool = True,
    replicates: int = 1,
    counts: dict[str, int] | None = None,
    changes: dict[int, dict[str, Any]] | None = None,
) -> StoredRun:
    """Write the run and open it; without the Programme only its public is there.

    ``changes`` gives some of the people other values in some columns.
    """
    tables = _tables(EVENTS if events is None else events, changes or {})
    if not with_programme:
        is_public = pl.col("person") < KATHY
        tables["people"] = tables["people"].filter(is_public)
        tables["events"] = tables["events"].filter(is_public)
        tables["years"] = tables["years"].filter(pl.col("kind") == "public")
        for name in ("organs", "turns", "account", "expectancy"):
            tables[name] = tables[name].clear()
    with RunWriter(folder) as writer:
        for name, frame in tables.items():
            one = frame_schema(schema.TABLES[name])
            columns = {
                column: frame[column] if column in frame.columns else _nulls(frame.height, kind)
                for column, kind in one.items()
            }
            rows = pl.DataFrame(columns)
            many = [
                rows.with_columns(pl.lit(number, pl.Int32).alias("replicate"))
                for number in range(replicates)
            ]
            writer.write_table(name, pl.concat(many).to_dict())
        writer.write_text("scenario.toml", 'title = "A few lives"\n')
        writer.write_text("dictionary.json", json.dumps(_dictionary()))
        writer.finish(_manifest(replicates, counts or {}, log="none" if events == [] else "full"))
    return open_run(folder)


def _nulls(height: int, kind: pl.DataType) -> pl.Series:
    return pl.Series([None], dtype=kind).new_from_index(0, height)


def _frame(name: str, rows: list[Any], *columns: str) -> pl.DataFrame:
    kinds = frame_schema(schema.TABLES[name])
    here = {column: kinds[column] for column in columns}
    return pl.DataFrame(rows, schema=here, orient="row", infer_schema_length=None, strict=False)


def _tables(
    events: list[tuple[Any, ...]], changes: dict[int, dict[str, Any]]
) -> dict[str, pl.DataFrame]:
    names = sorted({name for row in PEOPLE for name in row})
    changed = [row | changes.get(row["person"], {}) for row in PEOPLE]
    people = [tuple(row.get(name) for name in names) for row in changed]
    organs = _frame(
        "organs", ORGANS, "donor", "recipient", "organ", "step", "taken", "waited", "outcome"
    ).with_columns(
        pl.when(pl.col("recipient").is_not_null()).then("taken").alias("used"),
        pl.int_range(pl.len()).alias("organ_id"),
        pl.lit("programme", frame_schema(schema.ORGANS)["regime"]).alias("regime"),
        pl.lit("O", frame_schema(schema.ORGANS)["blood_donor"]).alias("blood_donor"),
    )
    return {
        "people": _frame("people", people, *names),
        "events": _frame("events", events, "person", "time", "event", "other", "detail"),
        "organs": organs,
        "turns": _frame("turns", TURNS, *schema.TURNS.names()[1:]),
        "years": _frame(
            "years", ALIVE, "year", "kind", "sex", "age_group", "state", "alive"
        ).with_columns(
            pl.lit("simulated", frame_schema(schema.YEARS)["world"]).alias("world"),
            pl.lit(np.nan).fill_nan(0.0).alias("person_years"),
        ),
        "account": _frame(
            "account", ACCOUNT, "year", "listed", "transplanted", "died_waiting", "removed"
        ).with_columns(pl.lit("programme", frame_schema(schema.ACCOUNT)["regime"]).alias("regime")),
        "expectancy": _frame("expectancy", EXPECTANCY, *schema.EXPECTANCY.names()[1:-1]),
    }


def _dictionary() -> dict[str, Any]:
    return {
        "tables": schema.describe_tables(),
        "codes": {"event": codes.event_codes(), "risk": codes.risk_codes()},
        "parameters": [],
    }


def _manifest(replicates: int, counts: dict[str, int], *, log: str) -> Manifest:
    return Manifest(
        id="0" * 12, status="", scenario="a-few-lives", title="A few lives", scenario_sha256="",
        seed=1, scale=500, replicates=replicates, years=(1947, 2000), log=log,
        versions={"hailsham": "0"}, counts=counts, seconds={},
    )  # fmt: skip
