"""What the meeting changed, written as tables: the third of three passes.

Each function returns the columns of one table as arrays, by the names of
``lives.schema``. Whole numbers of -1 and NaN stand for null; words are places
in their list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.recorder import Log
from hailsham.lives.codes import (
    CAUSES,
    CLONE_STATES,
    KINDS,
    PUBLIC_STATES,
    RECORDED_CAUSES,
    REGIMES,
    STATUSES,
    WORLDS,
    Event,
    Risk,
)
from hailsham.units import TICKS_PER_YEAR
from hailsham.world.organs import BY_GRAFT, BY_OPERATION, Clinic
from hailsham.world.programme.houses import HAILSHAM, HouseParameters
from hailsham.world.public import (
    LEAVING,
    LEFT_END,
    N_BANDS,
    N_CLOCKS,
    N_LANES,
    N_ORGANS,
    Hazards,
    Seen,
    run_all_clocks,
    see_life,
)
from hailsham.world.recorded import CLOCK_OF_CAUSE, CLOCKS, FIRST_YEAR

Columns = dict[str, Any]
Rows = NDArray[np.void]
#: Left out of the log that keeps turning points only.
_SMALL = (Event.READY, Event.GIVEN_PATIENT, Event.LOST_PATIENT)


@compiled
def see_changed_lives(seen: Seen, patients: NDArray[np.void]) -> None:
    """Take back the untreated lives of those given an organ, and count their lives as lived."""
    for row in range(patients.size):
        patient = patients[row]
        if patient["transplants"] == 0:
            continue
        person, sex, born = patient["person"], patient["sex"], patient["born"]
        entered, end = patient["entered"], patient["end"]
        untreated, cause = patient["untreated_end"], patient["untreated_cause"]
        see_life(seen, person, sex, born, entered, untreated, cause, -1)
        see_life(seen, person, sex, born, entered, end, patient["cause"], 1)


def _statuses(causes: NDArray[np.int64]) -> NDArray[np.int64]:
    died, left = STATUSES.index("died"), STATUSES.index("left")
    return np.where(causes == LEFT_END, left, died)


def _public_people(people: Rows, places: NDArray[np.int64], patients: Rows) -> Columns:
    """Return the columns of the public that are not null."""
    cause = people["cause"].astype(np.int64)
    ended = people["ended"].copy()
    listed = np.full(people.size, np.nan)
    transplants = np.zeros(people.size, np.int64)
    at = np.searchsorted(places, patients["place"])
    at[at == places.size] = 0
    here = (places[at] == patients["place"]) if places.size else np.zeros(0, bool)
    at, known = at[here], patients[here]
    ended[at], cause[at] = known["end"], known["cause"]
    listed[at], transplants[at] = known["first_listed"], known["transplants"]
    return {
        "person": people["person"],
        "kind": np.full(people.size, KINDS.index("public")),
        "status": _statuses(cause),
        "sex": people["sex"].astype(np.int64),
        "born": people["born"],
        "entered": people["entered"],
        "ended": ended,
        "cause": np.where(cause == LEFT_END, -1, cause),
        "blood_group": people["blood"].astype(np.int64),
        "listed": listed,
        "transplants": transplants,
        "untreated_end": people["ended"],
        "years_gained": ended - people["ended"],
    }


def _clone_people(
    clones: Rows, names: list[str], pods: NDArray[np.int64], citizen_end: NDArray[np.float64]
) -> Columns:
    """Return the columns of clones that are not null."""
    tenure = clones["carer_until"] - clones["carer_from"]
    as_donor = clones["ended"] - clones["carer_until"]
    partner = np.where(clones["couple"] >= 0, clones["person"][clones["couple"]], -1)
    return {
        "person": clones["person"],
        "kind": np.full(clones.size, KINDS.index("clone")),
        "status": np.full(clones.size, STATUSES.index("died")),
        "sex": clones["sex"],
        "born": clones["born"],
        "entered": clones["born"],
        "ended": clones["ended"],
        "cause": np.full(clones.size, CAUSES.index("completed")),
        "blood_group": clones["blood"],
        "name": np.array(names, dtype=np.str_),
        "house": clones["house"],
        "pod": pods,
        "seat": clones["seat"],
        "left_house": clones["left_house"],
        "carer_from": clones["carer_from"],
        "carer_until": clones["carer_until"],
        "tenure": tenure,
        "quality": clones["quality"],
        "caseload_mean": clones["load_time"] / tenure,
        "patients": clones["patients"],
        "patients_died": clones["patients_died"],
        "donor_from": clones["carer_until"],
        "attended": np.clip(clones["attended"] / as_donor, 0.0, 1.0),
        "carers": clones["carers"],
        "donations": clones["donations"],
        "completed_at_donation": clones["donations"],
        "mobility_lost": clones["mobility_lost"],
        "couple": partner,
        "believed_deferral": clones["believed"],
        "applied": clones["refused_at"],
        "refused": clones["refused_at"],
        "untreated_end": citizen_end,
        "years_lost": citizen_end - clones["ended"],
    }


def _stacked(first: Columns, second: Columns, heights: tuple[int, int]) -> Columns:
    """Put the rows of two sets of columns under each other, null where one has none."""
    stacked: Columns = {}
    for name in {**first, **second}:
        parts = []
        for columns, height in zip((first, second), heights, strict=True):
            kind = (first if name in first else second)[name].dtype.kind
            missing: Any = {"f": np.nan, "U": ""}.get(kind, -1)
            parts.append(columns.get(name, np.full(height, missing)))
        stacked[name] = np.concatenate(parts)
    return stacked


def people_columns(
    people: Rows,
    places: NDArray[np.int64],
    patients: Rows,
    clones: Rows,
    names: list[str],
    citizen_end: NDArray[np.float64],
) -> Columns:
    """Return the columns of ``people``.

    Args:
        people: Members of the public who are in the table, of dtype ``PERSON``.
        places: Their places in the run, rising.
        patients: Whom the list saw, of dtype ``PATIENT``.
        clones: Of dtype ``CLONE``.
        names: One a clone.
        citizen_end: [years AD] When each clone would have died as an
            ordinary citizen.
    """
    public = _public_people(people, places, patients)
    raised = _clone_people(clones, names, clones["pod"], citizen_end)
    return _stacked(public, raised, (people.size, clones.size))


def _event_block(
    person: Any, time: Any, event: Any, other: Any = -1, detail: Any = -1
) -> tuple[Any, ...]:
    size = np.size(person)
    return (
        person,
        time,
        np.broadcast_to(event, size),
        np.broadcast_to(other, size),
        np.broadcast_to(detail, size),
    )


def _public_events(people: Rows, patients: Rows) -> list[tuple[Any, ...]]:
    """Return entries, and what befell those whom the list never saw."""
    born = people["entered"] == people["born"]
    alone = ~np.isin(people["person"], patients["person"])
    ended = people[alone]
    lane = ended["lane"].astype(np.int64)
    left, failing = lane == LEAVING, lane < N_ORGANS
    return [
        _event_block(
            people["person"], people["entered"], np.where(born, Event.BORN, Event.ENTERED)
        ),
        _event_block(
            ended["person"][failing],
            ended["failed"][failing],
            Event.ORGAN_FAILED,
            -1,
            lane[failing],
        ),
        _event_block(
            ended["person"],
            ended["ended"],
            np.where(left, Event.LEFT, Event.DIED),
            -1,
            np.where(left, -1, ended["cause"]),
        ),
    ]


def _childhood_events(clones: Rows, houses: HouseParameters) -> list[tuple[Any, ...]]:
    """Return births, moves, leavings and couples: what needs nobody from outside."""
    person, born, left = clones["person"], clones["born"], clones["left_house"]
    pupils = clones["house"] == HAILSHAM
    early = pupils & (born < houses.hailsham_opens) & (houses.hailsham_opens < left)
    stranded = pupils & (born < houses.hailsham_closes) & (houses.hailsham_closes < left)
    late = pupils & (born >= houses.hailsham_closes)
    others = clones["house"][~pupils]
    elsewhere = int(others.min()) if others.size else 1
    paired = clones["couple"] >= 0
    partner = person[clones["couple"][paired]]
    return [
        _event_block(person, born, Event.BORN),
        _event_block(
            person[early],
            np.full(early.sum(), houses.hailsham_opens),
            Event.MOVED_HOUSE,
            -1,
            HAILSHAM,
        ),
        _event_block(
            person[stranded],
            np.full(stranded.sum(), houses.hailsham_closes),
            Event.MOVED_HOUSE,
            -1,
            elsewhere,
        ),
        _event_block(person[late], born[late], Event.MOVED_HOUSE, -1, elsewhere),
        _event_block(
            person,
            left,
            Event.LEFT_HOUSE,
            -1,
            np.where(stranded | late, elsewhere, clones["house"]),
        ),
        _event_block(person[paired], clones["couple_from"][paired], Event.BECAME_COUPLE, partner),
    ]


def event_columns(
    people: Rows, patients: Rows, clones: Rows, log: Log, *, houses: HouseParameters, keep: str
) -> Columns:
    """Return the columns of ``events``, sorted by person and time.

    Args:
        people: Members of the public who are in the run's table.
        patients: Whom the list saw.
        clones: All clones.
        log: What was recorded while people met.
        houses: When Hailsham opens and closes.
        keep: ``full``, ``turning`` (no small events), or ``none``.
    """
    names = ("person", "time", "event", "other", "detail")
    n = int(log.rows[0])
    blocks = _public_events(people, patients) + _childhood_events(clones, houses)
    blocks.append(tuple(getattr(log, name)[:n] for name in names))
    if keep == "none":
        blocks = [tuple(values[:0] for values in block) for block in blocks]
    columns = {
        name: np.concatenate([np.asarray(block[at]) for block in blocks])
        for at, name in enumerate(names)
    }
    if keep == "turning":
        kept = ~np.isin(columns["event"], [int(event) for event in _SMALL])
        columns = {name: values[kept] for name, values in columns.items()}
    order = np.lexsort((columns["time"], columns["person"]))
    return {name: values[order] for name, values in columns.items()}


def organ_columns(organs: Rows, patients: Rows, clones: Rows) -> Columns:
    """Return the columns of ``organs``."""
    used = organs["patient"] >= 0
    taker = organs["patient"]
    recipient = np.full(organs.size, -1)
    blood = np.full(organs.size, -1)
    if patients.size:
        recipient = np.where(used, patients["person"][taker], -1)
        blood = np.where(used, patients["blood"][taker], -1)
    return {
        "organ_id": organs["organ_id"],
        "donor": clones["person"][organs["donor"]],
        "recipient": recipient,
        "organ": organs["kind"],
        "step": organs["step"],
        "taken": organs["taken"],
        "used": np.where(used, organs["taken"], np.nan),
        "waited": organs["waited"],
        "regime": np.full(organs.size, REGIMES.index("programme")),
        "outcome": organs["outcome"],
        "blood_donor": clones["blood"][organs["donor"]],
        "blood_recipient": blood,
    }


def _public_turns(
    key: np.uint64, people: Rows, clinic: Clinic, patients: Rows, hazards: Hazards
) -> list[tuple[float, ...]]:
    """Return what competed when each of some members of the public died or left."""
    row_of = {int(person): row for row, person in enumerate(patients["person"].tolist())}
    latent, then = np.empty(N_LANES), np.empty(N_LANES)
    rows: list[tuple[float, ...]] = []
    for one in people:
        row = row_of.get(int(one["person"]), -1)
        changed = patients[row] if row >= 0 and patients[row]["transplants"] > 0 else None
        cause = int(one["cause"]) if changed is None else int(changed["cause"])
        if cause == BY_OPERATION:
            continue
        end = float(one["ended"] if changed is None else changed["end"])
        silenced = 0 if changed is None else int(changed["silenced"])
        run_all_clocks(
            key,
            int(one["person"]),
            int(one["sex"]),
            float(one["born"]),
            float(one["entered"]),
            hazards.rates,
            silenced,
            end,
            latent,
            then,
        )
        by_graft = changed is not None and cause == BY_GRAFT
        event = int(Event.LEFT if cause == LEFT_END else Event.DIED)
        chosen = int(one["lane"] if changed is None else changed["lane"])
        for lane in range(N_CLOCKS + 1):
            if (silenced >> lane) & 1 or (then[lane] == 0.0 and latent[lane] == math.inf):
                continue
            when = latent[lane] if latent[lane] < math.inf else math.nan
            is_it = lane == chosen and not by_graft
            rows.append((one["person"], event, lane + 1, is_it, end, then[lane], math.nan, when))
        if changed is not None and silenced:
            kills = float(clinic.grafts.kills[row].min())
            when = kills if kills < math.inf else math.nan
            rows.append(
                (one["person"], event, int(Risk.GRAFT), by_graft, end, math.nan, math.nan, when)
            )
    return rows


def turn_columns(
    key: np.uint64, people: Rows, clinic: Clinic, patients: Rows, turns: Rows, hazards: Hazards
) -> Columns:
    """Return the columns of ``turns``: of every clone, and of some of the public.

    Args:
        key: Key of the draws.
        people: The members of the public whose turning points are kept.
        clinic: The clinic after the meeting, for the grafts.
        patients: Whom the list saw.
        turns: What was noted of clones, of dtype ``TURN``.
        hazards: Rates of every lane.
    """
    public = np.array(_public_turns(key, people, clinic, patients, hazards), dtype=float).reshape(
        -1, 8
    )
    names = ("person", "event", "risk", "chosen", "time", "hazard", "probability", "latent_time")
    columns: Columns = {}
    for at, name in enumerate(names):
        whole = at < 4
        ours = public[:, at].astype(np.int64) if whole else public[:, at]
        columns[name] = np.concatenate([ours, turns[name]])
    order = np.lexsort((columns["time"], columns["person"]))
    return {name: values[order] for name, values in columns.items()}


def _spent(
    start: NDArray[np.float64], stop: NDArray[np.float64], years: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how many stays cover each 1 January, and the time they spend in each year."""
    alive = np.zeros(years.size, np.int64)
    spent = np.zeros(years.size)
    for at, year in enumerate(years.tolist()):
        alive[at] = ((start <= year) & (stop > year)).sum()
        ends = np.minimum(stop, year + 1.0) - np.maximum(start, float(year))
        spent[at] = np.clip(ends, 0.0, None).sum()
    return alive, spent


def _state_rows(
    kind: int,
    state: int,
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
    years: NDArray[np.int64],
) -> Columns:
    alive, spent = _spent(start, stop, years)
    died = np.full(years.size, -1)
    if kind == KINDS.index("clone"):
        died = np.zeros(years.size, np.int64)
        if state == CLONE_STATES.index("donor"):
            edges = np.append(years, years[-1] + 1).astype(float)
            died = np.histogram(stop, bins=edges)[0]
    places = CLONE_STATES + PUBLIC_STATES
    named = (CLONE_STATES if kind == KINDS.index("clone") else PUBLIC_STATES)[state]
    return {
        "year": years,
        "kind": np.full(years.size, kind),
        "world": np.full(years.size, WORLDS.index("simulated")),
        "state": np.full(years.size, places.index(named)),
        "alive": alive,
        "person_years": spent,
        "died": died,
    }


def _summed(block: Columns, years: NDArray[np.int64]) -> Columns:
    """Return one row a year: everybody of a block together."""
    place = block["year"] - years[0]
    first = np.unique(place, return_index=True)[1]
    summed = {name: block[name][first] for name in ("year", "kind", "world")}
    for name, values in block.items():
        if name not in ("year", "kind", "world", "sex", "age_group", "state"):
            totals = np.bincount(place, weights=values, minlength=years.size)
            summed[name] = totals if values.dtype.kind == "f" else totals.astype(np.int64)
    return summed


def _lexis_rows(seen: Seen, world: int, years: NDArray[np.int64]) -> Columns:
    """Return the public by sex, age band and year, in one of the two worlds."""
    cut = slice(int(years[0]) - FIRST_YEAR, int(years[-1]) - FIRST_YEAR + 1)
    shape = (2, years.size, N_BANDS)
    sex, year, band = (values.ravel() for values in np.indices(shape))
    exposure = seen.exposure.sum(axis=0)[:, cut]
    ends = seen.causes[:, cut]
    died = ends[..., :LEFT_END]
    columns: Columns = {
        "year": years[year],
        "kind": np.full(year.size, KINDS.index("public")),
        "world": np.full(year.size, world),
        "sex": sex,
        "age_group": band,
        "alive": seen.alive.sum(axis=0)[:, cut].ravel(),
        "person_years": exposure.ravel() / TICKS_PER_YEAR,
        "entered": seen.entered[:, cut].ravel(),
        "left": ends[..., LEFT_END].ravel(),
        "died": died.sum(axis=-1).ravel(),
    }
    for clock in CLOCKS:
        mine = [at for at, cause in enumerate(RECORDED_CAUSES) if CLOCK_OF_CAUSE[cause] == clock]
        columns[f"died_{clock}"] = died[..., mine].sum(axis=-1).ravel()
    for name in ("graft", "operation"):
        columns[f"died_{name}"] = died[..., CAUSES.index(name)].ravel()
    return columns


def station_columns(
    clones: Mapping[str, NDArray[Any]] | Rows, *, years: NDArray[np.int64]
) -> Columns:
    """Return the rows of ``years`` that tell of clones: by station, and all together if any.

    Args:
        clones: Their times, by column.
        years: [years AD] All years in which one of them lives, in order.
    """
    clone = KINDS.index("clone")
    stations = (
        (clones["born"], clones["left_house"]),
        (clones["left_house"], clones["carer_from"]),
        (clones["carer_from"], clones["carer_until"]),
        (clones["carer_until"], clones["ended"]),
    )
    stations_of = [_state_rows(clone, at, *spell, years) for at, spell in enumerate(stations)]
    by_station = _concatenated(stations_of)
    together = [_summed(by_station, years)] if clones["born"].size else []
    return _concatenated([by_station, *together])


def year_columns(
    simulated: Seen,
    untreated: Seen,
    patients: Rows,
    stays: Rows,
    clones: Rows,
    *,
    years: tuple[int, int],
    longer: tuple[int, int],
) -> Columns:
    """Return the columns of ``years``.

    Args:
        simulated: Counts of the public as it lived.
        untreated: Counts of the same people without transplants.
        patients: Whom the list saw.
        stays: Stays on the list.
        clones: All clones.
        years: Window reported, half-open.
        longer: Years in which clones and patients are counted, half-open:
            from the first of the tables to the last life of the Programme.
    """
    window, span = np.arange(*years), np.arange(*longer)
    given = patients["transplants"] > 0
    public = KINDS.index("public")
    lexis = [_lexis_rows(seen, world, window) for world, seen in enumerate((simulated, untreated))]
    blocks = [*lexis, *(_summed(block, window) for block in lexis)]
    blocks.append(station_columns(clones, years=span))
    blocks.append(_state_rows(public, 0, stays["listed"], stays["ended"], span))
    blocks.append(
        _state_rows(public, 1, patients["first_given"][given], patients["end"][given], span)
    )
    return _concatenated(blocks)


def _concatenated(blocks: list[Columns]) -> Columns:
    """Put blocks of rows under each other, null where one has no such column."""
    names = list(dict.fromkeys(name for block in blocks for name in block))
    heights = [block["year"].size for block in blocks]
    return {
        name: np.concatenate(
            [block.get(name, np.full(h, -1)) for block, h in zip(blocks, heights, strict=True)]
        )
        for name in names
    }
