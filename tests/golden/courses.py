"""The golden runs: a dozen questions, and the courses of some lives as readable rows.

Some of those raised for the Programme are told of, some patients, and some of
the public whom the list never saw, spread evenly over each run. Times are
written so that reading them gives back every bit.
"""

from pathlib import Path

import polars as pl

from hailsham.lives.codes import CAUSES, ORGANS, Event
from hailsham.lives.store import StoredRun

FOLDER = Path(__file__).parent / "runs"
#: Of each sort of people, so many are told of, spread evenly over the run.
MOST = {"clone": 16, "patient": 30, "public": 20}


def _set(setting: str) -> tuple[str, dict[str, object]]:
    return "never-let-me-go", {"scale": 2000, "sets": (setting,)}


#: Name of the file: the scenario, and what is asked of it.
QUESTIONS: dict[str, tuple[str, dict[str, object]]] = {
    "plain": ("never-let-me-go", {"scale": 2000}),
    "other-luck": ("never-let-me-go", {"scale": 2000, "seed": 2}),
    "two-replicates": ("never-let-me-go", {"scale": 4000, "replicates": 2}),
    "few-carers": ("few-carers", {"scale": 2000}),
    "recorded-england": ("recorded-england", {"scale": 4000}),
    "mechanics": _set("regimes.programme.schedule=mechanics"),
    "recorded-medicine": _set("grafts.medicine=recorded"),
    "no-tumours": _set("list.tumours=false"),
    "no-migration": _set("public.migration=none"),
    "cancers-cured": _set("public.cancers_cured_from=1952"),
    "care-matters-more": _set("regimes.programme.donors.effect_of_care=0.6"),
    "programme-alone": (
        "programme-alone",
        {"lives": 8, "log": "turning", "sets": ("alone.beside=0",)},
    ),
    "small-intake": _set("regimes.programme.intake_per_year=6000"),
}


def courses(run: StoredRun) -> str:
    """The events of some lives of a run, as CSV that a person can read."""
    told = _told(run.scan("people").collect())
    events = run.scan("events").join(
        told.lazy(), on=["replicate", "person"], how="semi", maintain_order="left"
    )
    lines = ["replicate,person,time,event,other,detail"]
    for replicate, person, time, event, other, detail in events.collect().iter_rows():
        words = (replicate, person, repr(time), Event(event).name.lower())
        lines.append(",".join(map(str, (*words, _said(other), _detail(event, detail)))))
    return "\n".join([*lines, ""])


def _told(people: pl.DataFrame) -> pl.DataFrame:
    sort = pl.when(pl.col("kind") == "clone").then(pl.lit("clone"))
    sort = sort.when(pl.col("listed").is_not_null()).then(pl.lit("patient"))
    sorts = people.with_columns(sort.otherwise(pl.lit("public")).alias("sort"))
    parts = []
    for (name,), rows in sorts.group_by("sort", maintain_order=True):
        parts.append(rows.gather_every(max(1, rows.height // MOST[str(name)])))
    return pl.concat(parts).select("replicate", "person")


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def _detail(event: int, detail: int | None) -> str:
    """A detail in words, where the dictionary has words for it."""
    if detail is None:
        return ""
    if event == Event.DIED:
        return CAUSES[detail]
    organs = (
        Event.ORGAN_FAILED,
        Event.LISTED,
        Event.TRANSPLANTED,
        Event.GRAFT_FAILED,
        Event.REMOVED,
    )
    return ORGANS[detail] if event in organs else str(detail)
