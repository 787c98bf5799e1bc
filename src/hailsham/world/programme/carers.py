"""Carers: clones who look after donors until they are called up themselves.

A carer's call-up is a hazard of her tenure, lowered by her quality, and turned
up or down once a quarter by how many donors there are to a carer. A donor
without a carer is given the least loaded one after a short delay; ties are
settled by lot. When a carer is called up, all her donors lose her at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.agenda import Agenda, enter
from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.engine.recorder import Log, record
from hailsham.lives.codes import Event
from hailsham.world.parameters import parameter

_BUDGET = purpose("programme.call_up")
_DELAY = purpose("programme.assignment.delay")
_LOT = purpose("programme.assignment.lot")

QUARTER = 0.25
#: How far the call-up may be turned down or up.
LEAST, MOST = 1.0 / 3.0, 3.0
NOBODY = -1
CHILD, CARER, DONOR, GONE = 0, 1, 2, 3

# What the agenda holds of clones.
BEGINNING, QUARTER_DAY, CALLING, ASSIGNING, READYING, TISSUE, APPLYING = 10, 11, 12, 13, 14, 15, 16

BEGAN_CARING, GIVEN_PATIENT = int(Event.BEGAN_CARING), int(Event.GIVEN_PATIENT)
LOST_PATIENT, CALLED_UP = int(Event.LOST_PATIENT), int(Event.CALLED_UP)
GIVEN_CARER, LOST_CARER = int(Event.GIVEN_CARER), int(Event.LOST_CARER)

Integers = NDArray[np.int64]

_TUNED = "tuned with the other lengths to the ages and tenures that the sources state"


@dataclass(frozen=True)
class CarerParameters:
    """Work as a carer and the call-up that ends it."""

    caseload: int = parameter(
        3,
        "donors whom a carer looks after at most",
        unit="donors",
        low=1,
        high=100,
        grade="X",
        source="article: 'assigned donors' is a plural",
    )
    assignment_delay: float = parameter(
        0.08,
        "mean time until a donor is given a carer",
        unit="years",
        low=0.001,
        high=5,
        grade="X",
        source="our assumption",
    )
    without_carer: float = parameter(
        -1.5,
        "quality of care felt by a donor who has no carer",
        unit="standardised",
        low=-5,
        high=5,
        grade="X",
        source="our assumption",
    )
    shape: float = parameter(
        2.5, "shape of the call-up hazard", low=1, high=10, grade="C", source=_TUNED
    )
    scale: float = parameter(
        2.0,
        "scale of the call-up hazard",
        unit="years",
        low=0.1,
        high=30,
        grade="C",
        source=_TUNED,
    )
    free_of_call: float = parameter(
        0.5,
        "time at work before any call-up",
        unit="years",
        low=0,
        high=10,
        grade="C",
        source=_TUNED,
    )
    weight_of_quality: float = parameter(
        1.1, "how much a good carer is kept on", low=0, high=5, grade="C", source=_TUNED
    )
    donors_per_carer: float = parameter(
        2.5,
        "donors per carer at work that the call-up aims at",
        unit="donors",
        low=0.1,
        high=50,
        grade="C",
        source=_TUNED,
    )
    regulation: float = parameter(
        1.0,
        "how strongly the call-up follows the staffing; 0 is not at all",
        low=0,
        high=10,
        grade="C",
        source=_TUNED,
    )


#: One row a clone.
CLONE = np.dtype(
    [
        ("person", np.int64),
        ("born", np.float64),
        ("sex", np.int64),
        ("blood", np.int64),
        ("house", np.int64),
        ("pod", np.int64),
        ("seat", np.int64),
        ("left_house", np.float64),
        ("carer_from", np.float64),
        # Stand-ins for the inner life.
        ("quality", np.float64),
        ("believed", np.int64),
        ("couple", np.int64),
        ("couple_from", np.float64),
        ("applies_at", np.float64),
        ("refused_at", np.float64),
        # Station, and the work of a carer.
        ("state", np.int64),
        ("budget", np.float64),  # hazard of call-up not yet spent
        ("counted_to", np.float64),  # tenure up to which it has been spent
        ("carer_until", np.float64),
        ("load", np.int64),
        ("place", np.int64),  # place among the carers of equal load
        ("load_time", np.float64),  # donor-years looked after
        ("load_since", np.float64),
        ("patients", np.int64),
        ("patients_died", np.int64),
        # The time as a donor.
        ("carer", np.int64),
        ("slot", np.int64),
        ("attended", np.float64),
        ("attended_since", np.float64),
        ("carers", np.int64),
        ("assignments", np.int64),
        ("donations", np.int64),
        ("given", np.int64),  # bit k: kind k was given at an operation
        ("is_ready", np.int64),
        ("before", np.int64),
        ("behind", np.int64),
        ("mobility_lost", np.float64),
        ("ended", np.float64),
    ]
)

# Places in ``Staff.counts``.
N_CARERS, N_DONORS, N_GONE, QUEUE_HEAD, QUEUE_TAIL = 0, 1, 2, 3, 4
# Places in ``Staff.now``.
TURN, NEXT_QUARTER = 0, 1


class Staff(NamedTuple):
    """Carers at work by load, their donors, and the donors who wait for one."""

    caseload: int
    delay: float
    without: float
    shape: float
    scale: float
    free: float
    weight: float
    aim: float
    regulation: float
    patients: Integers  # (clones, caseload): rows of the donors in her care
    by_load: Integers  # (caseload + 1, clones): rows of carers at work
    n_by_load: Integers
    waiting: Integers  # ring of donors who found no place
    counts: Integers
    now: NDArray[np.float64]


def new_staff(parameters: CarerParameters, *, n_clones: int) -> Staff:
    """Return the staff before anybody works."""
    return Staff(
        parameters.caseload,
        parameters.assignment_delay,
        parameters.without_carer,
        parameters.shape,
        parameters.scale,
        parameters.free_of_call,
        parameters.weight_of_quality,
        parameters.donors_per_carer,
        parameters.regulation,
        np.full((n_clones, parameters.caseload), NOBODY, np.int64),
        np.full((parameters.caseload + 1, n_clones), NOBODY, np.int64),
        np.zeros(parameters.caseload + 1, np.int64),
        np.full(n_clones + 1, NOBODY, np.int64),
        np.zeros(5, np.int64),
        np.array([MOST if parameters.regulation > 0.0 else 1.0, 0.0]),
    )


@compiled
def power(base: float, exponent: float) -> float:
    """Return ``base ** exponent`` for a base that is not negative."""
    if exponent == 0.0:
        return 1.0
    if base <= 0.0:
        return 0.0
    return exp(exponent * log(base))


@compiled
def _spent(staff: Staff, tenure: float) -> float:
    """Return the cumulative call-up hazard of a tenure, before quality and staffing."""
    return power(max(tenure - staff.free, 0.0) / staff.scale, staff.shape)


@compiled
def call_up_hazard(staff: Staff, quality: float, tenure: float) -> float:
    """Return the hazard of being called up [per person-year]."""
    if tenure <= staff.free:
        return 0.0
    rise = power((tenure - staff.free) / staff.scale, staff.shape - 1.0)
    ease = exp(-staff.weight * quality)
    return staff.now[TURN] * staff.shape / staff.scale * rise * ease


@compiled
def _next_call(staff: Staff, clone: np.void) -> float:
    """Return the tenure at which the budget is spent if the staffing stays as it is."""
    ease = exp(staff.weight * clone["quality"])
    due = _spent(staff, clone["counted_to"]) + clone["budget"] * ease / staff.now[TURN]
    return staff.free + staff.scale * power(due, 1.0 / staff.shape)


@compiled
def _enter_call(staff: Staff, agenda: Agenda, clones: NDArray[np.void], row: int) -> None:
    """Enter a carer's call-up if it falls before the next quarter day."""
    due = clones[row]["carer_from"] + _next_call(staff, clones[row])
    if due < staff.now[NEXT_QUARTER]:
        enter(agenda, due, CALLING, row, 0)


@compiled
def _put_by_load(staff: Staff, clones: NDArray[np.void], row: int) -> None:
    """Put a carer among those of her load."""
    load = clones[row]["load"]
    at = staff.n_by_load[load]
    staff.by_load[load, at] = row
    clones[row]["place"] = at
    staff.n_by_load[load] += 1


@compiled
def _take_by_load(staff: Staff, clones: NDArray[np.void], row: int) -> None:
    """Take a carer from among those of her load."""
    load, at = clones[row]["load"], clones[row]["place"]
    staff.n_by_load[load] -= 1
    moved = staff.by_load[load, staff.n_by_load[load]]
    staff.by_load[load, at] = moved
    clones[moved]["place"] = at


@compiled
def _change_load(
    staff: Staff, clones: NDArray[np.void], row: int, change: int, time: float
) -> None:
    """Change how many donors a carer looks after."""
    clone = clones[row]
    _take_by_load(staff, clones, row)
    clone["load_time"] += clone["load"] * (time - clone["load_since"])
    clone["load_since"] = time
    clone["load"] += change
    _put_by_load(staff, clones, row)


@compiled
def begin_caring(
    key: np.uint64,
    staff: Staff,
    agenda: Agenda,
    log: Log,
    clones: NDArray[np.void],
    row: int,
    time: float,
) -> None:
    """Let a clone begin work as a carer."""
    clone = clones[row]
    clone["state"], clone["load"], clone["load_since"] = CARER, 0, time
    clone["budget"] = exponential(key, clone["person"], _BUDGET, 0)
    clone["counted_to"] = 0.0
    staff.counts[N_CARERS] += 1
    record(log, clone["person"], time, BEGAN_CARING, NOBODY, NOBODY)
    _put_by_load(staff, clones, row)
    _enter_call(staff, agenda, clones, row)
    for _ in range(staff.caseload):
        call_waiting(key, staff, agenda, clones, time)


@compiled
def keep_quarter(staff: Staff, agenda: Agenda, clones: NDArray[np.void], time: float) -> None:
    """Spend what the past quarter cost every carer, and set the call-up anew."""
    turn = staff.now[TURN]
    for load in range(staff.caseload + 1):
        for at in range(staff.n_by_load[load]):
            clone = clones[staff.by_load[load, at]]
            tenure = time - clone["carer_from"]
            price = _spent(staff, tenure) - _spent(staff, clone["counted_to"])
            clone["budget"] -= turn * price * exp(-staff.weight * clone["quality"])
            clone["counted_to"] = tenure
    ratio = staff.counts[N_DONORS] / max(staff.counts[N_CARERS], 1)
    # While nobody is a donor yet, as many are called as may be.
    short = staff.aim / ratio if ratio > 0.0 else math.inf
    staff.now[TURN] = min(max(power(short, staff.regulation), LEAST), MOST)
    staff.now[NEXT_QUARTER] = time + QUARTER
    for load in range(staff.caseload + 1):
        for at in range(staff.n_by_load[load]):
            _enter_call(staff, agenda, clones, staff.by_load[load, at])
    enter(agenda, time + QUARTER, QUARTER_DAY, 0, 0)


@compiled
def ask_for_carer(
    key: np.uint64, staff: Staff, agenda: Agenda, clones: NDArray[np.void], row: int, time: float
) -> None:
    """Enter when a donor without a carer will be given one."""
    clone = clones[row]
    clone["assignments"] += 1
    count = clone["assignments"]
    wait = staff.delay * exponential(key, clone["person"], _DELAY, count)
    enter(agenda, time + wait, ASSIGNING, row, count)


@compiled
def call_waiting(
    key: np.uint64, staff: Staff, agenda: Agenda, clones: NDArray[np.void], time: float
) -> None:
    """Ask again for the donor who has waited longest: a place has come free."""
    while staff.counts[QUEUE_HEAD] != staff.counts[QUEUE_TAIL]:
        head = staff.counts[QUEUE_HEAD]
        row = staff.waiting[head]
        staff.counts[QUEUE_HEAD] = (head + 1) % staff.waiting.size
        if clones[row]["state"] == DONOR:
            ask_for_carer(key, staff, agenda, clones, row, time)
            return


@compiled
def assign_carer(
    key: np.uint64, staff: Staff, log: Log, clones: NDArray[np.void], row: int, time: float
) -> None:
    """Give a donor the least loaded carer, or a place among those who wait."""
    donor = clones[row]
    load = 0
    while load < staff.caseload and staff.n_by_load[load] == 0:
        load += 1
    if load == staff.caseload:
        tail = staff.counts[QUEUE_TAIL]
        staff.waiting[tail] = row
        staff.counts[QUEUE_TAIL] = (tail + 1) % staff.waiting.size
        return
    luck = uniform(key, donor["person"], _LOT, donor["assignments"])
    chosen = staff.by_load[load, np.int64(luck * staff.n_by_load[load])]
    carer = clones[chosen]
    staff.patients[chosen, load] = row
    donor["carer"], donor["slot"], donor["attended_since"] = chosen, load, time
    donor["carers"] += 1
    carer["patients"] += 1
    _change_load(staff, clones, chosen, 1, time)
    record(log, donor["person"], time, GIVEN_CARER, carer["person"], NOBODY)
    record(log, carer["person"], time, GIVEN_PATIENT, donor["person"], NOBODY)


@compiled
def part_from_carer(staff: Staff, clones: NDArray[np.void], row: int, time: float) -> int:
    """Take a donor out of his carer's care; return her row."""
    donor = clones[row]
    chosen = donor["carer"]
    donor["attended"] += time - donor["attended_since"]
    donor["carer"] = NOBODY
    last = clones[chosen]["load"] - 1
    moved = staff.patients[chosen, last]
    staff.patients[chosen, donor["slot"]] = moved
    clones[moved]["slot"] = donor["slot"]
    _change_load(staff, clones, chosen, -1, time)
    return chosen


@compiled
def lose_patient(
    key: np.uint64,
    staff: Staff,
    agenda: Agenda,
    log: Log,
    clones: NDArray[np.void],
    row: int,
    time: float,
) -> None:
    """Take a donor who has died from his carer, who then has a free place."""
    carer = clones[part_from_carer(staff, clones, row, time)]
    carer["patients_died"] += 1
    record(log, carer["person"], time, LOST_PATIENT, clones[row]["person"], NOBODY)
    call_waiting(key, staff, agenda, clones, time)


@compiled
def call_up(
    key: np.uint64,
    staff: Staff,
    agenda: Agenda,
    log: Log,
    clones: NDArray[np.void],
    row: int,
    time: float,
) -> None:
    """Call a carer up: her donors lose her at once, and she becomes a donor."""
    clone = clones[row]
    record(log, clone["person"], time, CALLED_UP, NOBODY, NOBODY)
    while clone["load"] > 0:
        donor = staff.patients[row, clone["load"] - 1]
        part_from_carer(staff, clones, donor, time)
        record(log, clones[donor]["person"], time, LOST_CARER, clone["person"], NOBODY)
        ask_for_carer(key, staff, agenda, clones, donor, time)
    _take_by_load(staff, clones, row)
    clone["state"], clone["carer_until"] = DONOR, time
    clone["carer"] = NOBODY
    staff.counts[N_CARERS] -= 1
    staff.counts[N_DONORS] += 1
    ask_for_carer(key, staff, agenda, clones, row, time)
