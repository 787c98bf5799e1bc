"""The three passes over a world: alone, together, after.

Whoever meets nobody is lived alone, in any split and order; only the listed,
the carers and the donors are put on one agenda. Each pass returns plain
values, so that ``run`` can split, keep and repeat them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.agenda import new_agenda
from hailsham.engine.recorder import Log, new_log
from hailsham.world.england import World
from hailsham.world.organs import Clinic, new_clinic, new_grafts
from hailsham.world.population import Population
from hailsham.world.programme.carers import CLONE, new_staff
from hailsham.world.programme.cottages import draw_stays
from hailsham.world.programme.donors import new_theatre
from hailsham.world.programme.houses import addresses, draw_births, draw_names, fill_houses
from hailsham.world.programme.stand_ins import draw_stand_ins
from hailsham.world.public import (
    LEAVING,
    N_LANES,
    PATIENT,
    PERSON,
    Hazards,
    Need,
    Seen,
    live_alone,
    new_seen,
    run_clocks,
)
from hailsham.world.recorded import Recorded
from hailsham.world.regimes.programme import ProgrammeParameters, planned_intake
from hailsham.world.together import meet
from hailsham.world.waiting_list import new_queues

Rows = NDArray[np.void]


@dataclass(frozen=True)
class Alone:
    """A block of the public after the first pass."""

    seen: Seen
    people: Rows
    patients: Rows


def live_block(
    key: np.uint64,
    population: Population,
    hazards: Hazards,
    need: Need,
    *,
    start: int,
    stop: int,
    keep_every: int,
) -> Alone:
    """Live a block of the public, each alone.

    Args:
        key: Key of the draws.
        population: Who is there.
        hazards: Rates of every lane.
        need: Rules of the list.
        start: Place of the first person of the block.
        stop: Place after its last.
        keep_every: Every how many-th person is kept for the table of people.
    """
    room = (stop - start) // 4 + 64
    people = np.zeros(stop - start, PERSON)
    while True:
        seen = new_seen(hazards.rates.shape[1] - 1)
        patients = np.zeros(room, PATIENT)
        found = live_alone(
            key, start, stop, population.cohort, population.sex, population.size,
            population.limits, population.open_hazard, population.first, population.scale,
            hazards, need, seen, people, patients,
        )  # fmt: skip
        if found <= room:
            first_kept = -start % keep_every
            return Alone(seen, people[first_kept::keep_every].copy(), patients[:found].copy())
        room = found


@dataclass(frozen=True)
class Children:
    """Those raised for the Programme, as they stand when they begin work."""

    clones: Rows
    names: list[str]
    citizen_end: NDArray[np.float64]


def raise_children(
    key: np.uint64, world: World, recorded: Recorded, hazards: Hazards, *, scale: int
) -> Children:
    """Raise the children of the Programme to the end of the Cottages.

    Args:
        key: Key of the draws.
        world: Parameters.
        recorded: For the plan of the intake.
        hazards: For the lives that they would have had as ordinary citizens.
        scale: One in how many houses is in the run.
    """
    programme = world.regimes.programme
    if programme is None:
        return Children(np.zeros(0, CLONE), [], np.zeros(0))
    houses, cottages, hope = programme.houses, programme.cottages, programme.deferral
    places = fill_houses(
        planned_intake(programme, recorded),
        first_year=int(programme.first_births),
        houses=houses.houses,
        scale=scale,
    )
    clones = np.zeros(places.year.size, CLONE)
    clones["person"] = addresses(places)
    clones["house"], clones["pod"], clones["seat"] = places.house, places.pod, places.seat
    draw_births(key, places.year, clones)
    draw_stays(key, clones, houses.leave_at, cottages.shortest, cottages.longest)
    draw_stand_ins(key, clones, hope.couples, hope.believed, hope.applying)
    budgets, latent = np.empty(N_LANES), np.empty(N_LANES)
    citizen_end = np.array(
        [
            run_clocks(
                key, one["person"], one["sex"], one["born"], one["born"], hazards.rates,
                1 << LEAVING, budgets, latent,
            )[0]
            for one in clones
        ]
    )  # fmt: skip
    return Children(clones, draw_names(key, clones), citizen_end)


@dataclass(frozen=True)
class Meeting:
    """Everything after people have met."""

    clinic: Clinic
    log: Log
    patients: Rows
    clones: Rows
    stays: Rows
    organs: Rows
    turns: Rows


def meet_everybody(
    key: np.uint64,
    world: World,
    hazards: Hazards,
    need: Need,
    patients: Rows,
    clones: Rows,
    stopped: NDArray[np.int64] | None = None,
) -> Meeting:
    """Let patients, carers and donors meet, in one order of time.

    The tables that grow are given room by experience. If that was too little
    the meeting says how much it needs and is held again, from the start.

    Args:
        key: Key of the draws.
        world: Parameters.
        hazards: Rates of every lane.
        need: Rules of the list.
        patients: Whom the list may see.
        clones: As they stand when they begin work.
        stopped: Once its only number is set, by another thread, the meeting
            ends at the next event and its result is worth nothing.
    """
    programme = world.regimes.programme or ProgrammeParameters()
    size = patients.size + clones.size
    room = {"agenda": 8 * size + 64, "events": 8 * patients.size + 64 * clones.size + 64}
    room |= {"stays": 2 * patients.size + 64, "organs": 12 * clones.size + 64}
    while True:
        ill, raised = patients.copy(), clones.copy()
        queues = new_queues(world.list, capacity=room["stays"])
        grafts = new_grafts(world.grafts, n_patients=ill.size)
        agenda, log = new_agenda(room["agenda"]), new_log(room["events"])
        clinic = new_clinic(key, hazards, need, queues, grafts, ill, agenda, log, stopped)
        staff = new_staff(programme.carers, n_clones=raised.size)
        theatre = new_theatre(
            programme.donors,
            schedule=programme.schedule,
            n_clones=raised.size,
            capacity=room["organs"],
        )
        used = meet(clinic, staff, theatre, raised)
        needed = {
            "agenda": 2 * room["agenda"] if used.agenda_is_full else 0,
            "events": used.events,
            "stays": used.stays,
            "organs": max(used.organs, used.turns),
        }
        if all(room[name] >= needed[name] for name in needed):
            break
        room |= {name: max(room[name], needed[name]) for name in needed}
    return Meeting(
        clinic,
        log,
        ill,
        raised,
        queues.stays[: used.stays],
        theatre.organs[: used.organs],
        theatre.turns[: used.turns],
    )


def last_year(meeting: Meeting, *, at_least: int) -> int:
    """Return the year after the last in which somebody raised for the Programme lived."""
    if meeting.clones.size == 0:
        return at_least
    return max(at_least, math.floor(float(meeting.clones["ended"].max())) + 1)
