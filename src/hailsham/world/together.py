"""People meet: one agenda, in time order, over the listed, the carers, the donors.

This is the second of three passes. The first lived every life alone; the
third writes down what this one changed. Each entry of the agenda is handed to
the domain that knows what to do; nothing is decided here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.agenda import enter, has_overflowed, take_next
from hailsham.engine.compiling import compiled
from hailsham.lives.codes import Event, Risk
from hailsham.world.organs import (
    END,
    TOO_OLD,
    Clinic,
    admit,
    meet_age_limit,
    meet_end,
    meet_failure,
)
from hailsham.world.programme.carers import (
    APPLYING,
    ASSIGNING,
    BEGINNING,
    CALLING,
    DONOR,
    N_GONE,
    NEXT_QUARTER,
    NOBODY,
    QUARTER,
    QUARTER_DAY,
    READYING,
    Staff,
    assign_carer,
    begin_caring,
    call_up,
    call_up_hazard,
    keep_quarter,
)
from hailsham.world.programme.deferral import apply_for_deferral
from hailsham.world.programme.donors import (
    Theatre,
    become_ready,
    note_turn,
    offer_donors,
    prepare,
    stop_waiting,
)

CALLED_UP, CALL_UP = int(Event.CALLED_UP), int(Risk.CALL_UP)


class Room(NamedTuple):
    """How much room each growing table needs; compared with what it was given."""

    agenda_is_full: bool
    events: int
    stays: int
    organs: int
    turns: int


@compiled
def _open(clinic: Clinic, staff: Staff, clones: NDArray[np.void]) -> None:
    """Enter what is known before anybody meets anybody."""
    for row in range(clinic.patients.size):
        admit(clinic, row)
    first = math.inf
    for row in range(clones.size):
        clone = clones[row]
        clone["carer"] = NOBODY
        clone["refused_at"], clone["ended"], clone["carer_until"] = math.nan, math.nan, math.nan
        first = min(first, clone["carer_from"])
        enter(clinic.agenda, clone["carer_from"], BEGINNING, row, 0)
        enter(clinic.agenda, clone["applies_at"], APPLYING, row, 0)
    if first < math.inf:
        quarter_day = math.floor(first / QUARTER) * QUARTER
        staff.now[NEXT_QUARTER] = quarter_day
        enter(clinic.agenda, quarter_day, QUARTER_DAY, 0, 0)


@compiled
def _meet_patient(
    clinic: Clinic,
    staff: Staff,
    theatre: Theatre,
    clones: NDArray[np.void],
    kind: int,
    row: int,
    time: float,
) -> None:
    """Meet what is due to a patient."""
    if kind == END:
        meet_end(clinic, row, time)
    elif kind == TOO_OLD:
        meet_age_limit(clinic, row, time)
    elif meet_failure(clinic, row, kind, time):
        offer_donors(theatre, staff, clinic, clones, row, time)


@compiled
def _meet_clone(
    clinic: Clinic,
    staff: Staff,
    theatre: Theatre,
    clones: NDArray[np.void],
    kind: int,
    row: int,
    stamp: int,
    time: float,
) -> None:
    """Meet what is due to a clone."""
    clone = clones[row]
    key, agenda, log = clinic.key, clinic.agenda, clinic.log
    if kind == BEGINNING:
        begin_caring(key, staff, agenda, log, clones, row, time)
    elif kind == CALLING:
        hazard = call_up_hazard(staff, clone["quality"], time - clone["carer_from"])
        person = clone["person"]
        note_turn(theatre, person, time, CALLED_UP, CALL_UP, True, hazard, math.nan, time)
        call_up(key, staff, agenda, log, clones, row, time)
        prepare(theatre, clinic, clones, row, time)
    elif kind == APPLYING:
        apply_for_deferral(log, clones, row, time)
    elif clone["state"] != DONOR:
        return
    elif kind == ASSIGNING:
        if stamp == clone["assignments"] and clone["carer"] == NOBODY:
            assign_carer(key, staff, log, clones, row, time)
    elif stamp == clone["donations"]:
        if kind == READYING:
            become_ready(theatre, staff, clinic, clones, row, time)
        elif clone["is_ready"] == 1:
            stop_waiting(theatre, staff, clinic, clones, row, time)


@compiled
def meet(clinic: Clinic, staff: Staff, theatre: Theatre, clones: NDArray[np.void]) -> Room:
    """Let everybody meet until nothing is due any more.

    Args:
        clinic: Patients, their list and their grafts.
        staff: Carers at work.
        theatre: Operations.
        clones: One row a clone, of dtype ``CLONE``; may be empty.

    Returns:
        What room was needed. Where it is more than was given, the pass is to
        be done again from the start with more.
    """
    _open(clinic, staff, clones)
    while not has_overflowed(clinic.agenda) and clinic.stopped[0] == 0:
        time, kind, row, stamp = take_next(clinic.agenda)
        if kind < 0:
            break
        if kind <= TOO_OLD:
            if stamp == clinic.patients[row]["stamp"] and clinic.patients[row]["cause"] == NOBODY:
                _meet_patient(clinic, staff, theatre, clones, kind, row, time)
        elif kind == QUARTER_DAY:
            if staff.counts[N_GONE] < clones.size:
                keep_quarter(staff, clinic.agenda, clones, time)
        else:
            _meet_clone(clinic, staff, theatre, clones, kind, row, stamp, time)
    return Room(
        has_overflowed(clinic.agenda),
        clinic.log.rows[0],
        clinic.queues.n_stays[0],
        theatre.counts[0],
        theatre.counts[1],
    )
