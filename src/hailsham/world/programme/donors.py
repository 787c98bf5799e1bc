"""Donors: operations by a schedule, recovery, death.

When ready, a donor gives the first gift of his step for which a fitting
patient stands on the list. If none has come within the longest wait, tissue is
taken instead, so that need speeds or wastes and never stalls. The last step
takes all that is left. Nobody gives what he no longer has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.agenda import enter
from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, gamma_two, purpose, uniform
from hailsham.engine.recorder import record
from hailsham.lives.codes import CAUSES, GIFTS, OUTCOMES, Event, Risk
from hailsham.world.organs import Clinic, receive_organ
from hailsham.world.parameters import parameter
from hailsham.world.population import is_compatible
from hailsham.world.programme.carers import (
    GONE,
    N_DONORS,
    N_GONE,
    NOBODY,
    READYING,
    TISSUE,
    Staff,
    call_waiting,
    lose_patient,
)
from hailsham.world.public import N_ORGANS
from hailsham.world.waiting_list import accepts, find_patient

_PREPARATION = purpose("programme.donor.preparation")
_RECOVERY = purpose("programme.donor.recovery")
_SCHEDULING = purpose("programme.donor.scheduling")
_DEATH = purpose("programme.donor.death_at_operation")
_REST = purpose("programme.donor.rest_taken")
_LIMB = purpose("programme.donor.limb")

HEART, LUNG, KIDNEY, LIVER, PANCREAS, MARROW = range(6)
A_TISSUE, A_LIMB, REPRODUCTIVE = (GIFTS.index(kind) for kind in ("tissue", "limb", "reproductive"))
USED, NO_NEED, OUTSIDE_NEED = (OUTCOMES.index(o) for o in ("used", "no_need", "outside_need"))
COMPLETED = CAUSES.index("completed")
LAST_STEP = 4
READY, OPERATED, DIED = int(Event.READY), int(Event.OPERATED), int(Event.DIED)
DYING, SURVIVING = int(Risk.DEATH_AT_OPERATION), int(Risk.SURVIVING_OPERATION)
#: How many of each organ a body holds.
WHOLE = np.array([1, 2, 2, 1, 1, 1])
_MOBILITY_ANY, _MOBILITY_LUNG, _MOBILITY_LIMB = 0.1, 0.3, 1.0

#: What is given at each step, in order of preference, and what is taken if
#: nobody on the list fits. ``survivable`` orders the gifts by the risk to a
#: living donor; ``mechanics`` is the order that a reader in the sources guesses.
SCHEDULES: dict[str, tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]] = {
    "survivable": (
        (
            (KIDNEY, MARROW, LUNG, LIVER, PANCREAS),
            (LIVER, LUNG, MARROW, KIDNEY, PANCREAS),
            (PANCREAS, LUNG, LIVER, MARROW, KIDNEY),
            (HEART,),
        ),
        (A_TISSUE, A_TISSUE, A_TISSUE),
    ),
    "mechanics": (
        ((KIDNEY,), (), (LUNG, PANCREAS), (HEART,)),
        (KIDNEY, REPRODUCTIVE, A_LIMB),
    ),
}

_TUNED = "tuned with the other lengths to the ages and counts that the sources state"


@dataclass(frozen=True)
class DonorParameters:
    """Operations, what they risk, and the time between them."""

    preparation: float = parameter(
        0.5,
        "mean time from call-up to being fit for the first operation",
        unit="years",
        low=0.001,
        high=10,
        grade="X",
        source="our assumption",
    )
    recovery: float = parameter(
        1.5,
        "mean time of recovery after an operation, at ordinary care",
        unit="years",
        low=0.001,
        high=20,
        grade="C",
        source=_TUNED,
    )
    scheduling: float = parameter(
        0.25,
        "mean time from being fit to being ready",
        unit="years",
        low=0.001,
        high=10,
        grade="X",
        source="our assumption",
    )
    longest_wait: float = parameter(
        0.5,
        "how long a ready donor waits for a fitting patient before tissue is taken",
        unit="years",
        low=0,
        high=20,
        grade="X",
        source="our assumption",
    )
    risk_first: float = parameter(
        0.005,
        "risk of dying at the first operation",
        unit="proportion",
        low=0,
        high=1,
        grade="C",
        source=_TUNED,
    )
    risk_second: float = parameter(
        0.08,
        "risk of dying at the second operation",
        unit="proportion",
        low=0,
        high=1,
        grade="C",
        source=_TUNED,
    )
    risk_third: float = parameter(
        0.45,
        "risk of dying at the third operation",
        unit="proportion",
        low=0,
        high=1,
        grade="C",
        source=_TUNED,
    )
    effect_of_care: float = parameter(
        0.12,
        "how much a carer's quality lowers risk and shortens recovery",
        low=0,
        high=1,
        grade="X",
        source="stress slows healing in studies; support showed no effect in a review",
    )
    rest_taken: float = parameter(
        0.5,
        "probability that heart and rest are still taken from one who dies earlier",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="our assumption",
    )
    limb: float = parameter(
        0.1,
        "probability that the tissue taken is a limb",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="a donor on crutches without a leg is seen in the film (a reader)",
    )


#: One row an organ or tissue taken.
ORGAN = np.dtype(
    [
        ("organ_id", np.int64),
        ("donor", np.int64),
        ("patient", np.int64),
        ("kind", np.int64),
        ("step", np.int64),
        ("outcome", np.int64),
        ("taken", np.float64),
        ("waited", np.float64),
    ]
)

#: One row a risk at a turning point.
TURN = np.dtype(
    [
        ("person", np.int64),
        ("event", np.int64),
        ("risk", np.int64),
        ("chosen", np.int64),
        ("time", np.float64),
        ("hazard", np.float64),
        ("probability", np.float64),
        ("latent_time", np.float64),
    ]
)


class Theatre(NamedTuple):
    """Rules of the operations, donors who are ready, and what has been taken."""

    preparation: float
    recovery: float
    scheduling: float
    longest_wait: float
    odds: NDArray[np.float64]  # logit of the risk of dying, by step
    effect: float
    rest: float
    limb: float
    gifts: NDArray[np.int64]  # (steps, kinds), -1 where there is none
    instead: NDArray[np.int64]
    first_ready: NDArray[np.int64]  # by step
    last_ready: NDArray[np.int64]
    able: NDArray[np.int64]  # (steps, kinds, blood): ready donors who may give a kind
    left: NDArray[np.int64]  # (clones, organs): what each body still holds
    organs: NDArray[np.void]
    turns: NDArray[np.void]
    counts: NDArray[np.int64]  # organs, turns


def _logit(risk: float) -> float:
    if risk <= 0.0:
        return -math.inf
    return math.inf if risk >= 1.0 else log(risk / (1.0 - risk))


def new_theatre(
    parameters: DonorParameters, *, schedule: str, n_clones: int, capacity: int
) -> Theatre:
    """Return the theatre before the first operation, with room for ``capacity`` organs."""
    gifts, instead = SCHEDULES[schedule]
    table = np.full((LAST_STEP, N_ORGANS), NOBODY, np.int64)
    for step, kinds in enumerate(gifts):
        table[step, : len(kinds)] = kinds
    risks = (parameters.risk_first, parameters.risk_second, parameters.risk_third, 1.0)
    return Theatre(
        parameters.preparation,
        parameters.recovery,
        parameters.scheduling,
        parameters.longest_wait,
        np.array([_logit(risk) for risk in risks]),
        parameters.effect_of_care,
        parameters.rest_taken,
        parameters.limb,
        table,
        np.array(instead, np.int64),
        np.full(LAST_STEP, NOBODY, np.int64),
        np.full(LAST_STEP, NOBODY, np.int64),
        np.zeros((LAST_STEP, N_ORGANS, 4), np.int64),
        np.tile(WHOLE, (n_clones, 1)).astype(np.int64),
        np.zeros(capacity, ORGAN),
        np.zeros(capacity, TURN),
        np.zeros(2, np.int64),
    )


@compiled
def note_turn(
    theatre: Theatre,
    person: int,
    time: float,
    event: int,
    risk: int,
    chosen: bool,
    hazard: float,
    probability: float,
    latent_time: float,
) -> None:
    """Note a risk at a turning point; beyond the room given it is only counted."""
    at = theatre.counts[1]
    theatre.counts[1] += 1
    if at < theatre.turns.size:
        turn = theatre.turns[at]
        turn["person"], turn["event"], turn["risk"], turn["chosen"] = person, event, risk, chosen
        turn["time"], turn["hazard"] = time, hazard
        turn["probability"], turn["latent_time"] = probability, latent_time


@compiled
def address_of_organ(person: int, step: int, kind: int, unit: int) -> int:
    """Return the address of an organ: its donor, step, kind, and which of two."""
    return ((person * 10 + step) * 10 + kind) * 10 + unit


@compiled
def _take(
    theatre: Theatre,
    clinic: Clinic,
    clones: NDArray[np.void],
    row: int,
    kind: int,
    step: int,
    patient: int,
    time: float,
    unused: int,
) -> None:
    """Take one organ or tissue, and give it to the patient found, if any."""
    clone = clones[row]
    unit = theatre.left[row, kind] if kind < N_ORGANS else 0
    organ_id = address_of_organ(clone["person"], step, kind, unit)
    if kind < N_ORGANS:
        theatre.left[row, kind] -= 1
    at = theatre.counts[0]
    theatre.counts[0] += 1
    if at < theatre.organs.size:
        organ = theatre.organs[at]
        organ["organ_id"], organ["donor"], organ["patient"] = organ_id, row, patient
        organ["kind"], organ["step"], organ["taken"] = kind, step, time
        organ["outcome"] = USED if patient != NOBODY else unused
        organ["waited"] = math.nan
        if patient != NOBODY:
            organ["waited"] = time - clinic.patients[patient]["listed_at"]
    if patient != NOBODY:
        receive_organ(clinic, patient, kind, clone["person"], time)


@compiled
def _take_rest(
    theatre: Theatre, clinic: Clinic, clones: NDArray[np.void], row: int, step: int, time: float
) -> None:
    """Take everything that is left, and give what fits somebody on the list."""
    clone = clones[row]
    for kind in range(N_ORGANS):
        while theatre.left[row, kind] > 0:
            organ_id = address_of_organ(clone["person"], step, kind, theatre.left[row, kind])
            patient = find_patient(
                clinic.key, clinic.queues, clinic.patients, kind, clone["blood"], organ_id
            )
            _take(theatre, clinic, clones, row, kind, step, patient, time, NO_NEED)


@compiled
def _risk_of_dying(theatre: Theatre, step: int, quality: float) -> float:
    """Return the risk of dying at an operation under care of a quality."""
    odds = theatre.odds[step - 1]
    if odds == math.inf:
        return 1.0
    return 1.0 / (1.0 + exp(theatre.effect * quality - odds))


@compiled
def operate(
    theatre: Theatre,
    staff: Staff,
    clinic: Clinic,
    clones: NDArray[np.void],
    row: int,
    kind: int,
    patient: int,
    time: float,
) -> None:
    """Operate on a donor: take a gift, and see whether he survives it."""
    clone = clones[row]
    key, person = clinic.key, clone["person"]
    clone["donations"] += 1
    step = clone["donations"]
    recipient = clinic.patients[patient]["person"] if patient != NOBODY else NOBODY
    record(clinic.log, person, time, OPERATED, recipient, step)
    if step < LAST_STEP:
        if kind < N_ORGANS:
            clone["given"] |= 1 << kind
        unused = OUTSIDE_NEED
    else:
        unused = NO_NEED
    loss = _MOBILITY_LIMB if kind == A_LIMB else _MOBILITY_ANY
    if kind == LUNG and step > 1:
        loss = _MOBILITY_LUNG
    if step < LAST_STEP:
        clone["mobility_lost"] = min(1.0, clone["mobility_lost"] + loss)
    _take(theatre, clinic, clones, row, kind, step, patient, time, unused)
    quality = clones[clone["carer"]]["quality"] if clone["carer"] != NOBODY else staff.without
    risk = _risk_of_dying(theatre, step, quality)
    dies = uniform(key, person, _DEATH, step) < risk
    note_turn(theatre, person, time, OPERATED, DYING, dies, math.nan, risk, math.nan)
    note_turn(theatre, person, time, OPERATED, SURVIVING, not dies, math.nan, 1.0 - risk, math.nan)
    if not dies:
        mean = theatre.recovery * exp(-theatre.effect * quality) * 0.5
        recovery = mean * gamma_two(key, person, _RECOVERY, step)
        _enter_ready(theatre, clinic, clones, row, time + recovery)
        return
    if step == LAST_STEP or uniform(key, person, _REST, step) < theatre.rest:
        _take_rest(theatre, clinic, clones, row, step, time)
    clone["state"], clone["ended"] = GONE, time
    staff.counts[N_DONORS] -= 1
    staff.counts[N_GONE] += 1
    record(clinic.log, person, time, DIED, NOBODY, COMPLETED)
    if clone["carer"] != NOBODY:
        lose_patient(key, staff, clinic.agenda, clinic.log, clones, row, time)
    else:
        # A place may have been kept for him: somebody else is asked.
        call_waiting(key, staff, clinic.agenda, clones, time)


@compiled
def _enter_ready(
    theatre: Theatre, clinic: Clinic, clones: NDArray[np.void], row: int, fit: float
) -> None:
    """Enter when a donor who is fit again will be ready."""
    clone = clones[row]
    count = clone["donations"]
    wait = theatre.scheduling * exponential(clinic.key, clone["person"], _SCHEDULING, count)
    enter(clinic.agenda, fit + wait, READYING, row, count)


@compiled
def prepare(
    theatre: Theatre, clinic: Clinic, clones: NDArray[np.void], row: int, time: float
) -> None:
    """Prepare somebody who has just been called up for the first operation."""
    mean = theatre.preparation * 0.5
    wait = mean * gamma_two(clinic.key, clones[row]["person"], _PREPARATION, 0)
    _enter_ready(theatre, clinic, clones, row, time + wait)


@compiled
def _may_give(theatre: Theatre, clone: np.void, row: int, kind: int) -> bool:
    """Tell whether a donor may give a kind at this step: he has it, and gives it once."""
    if kind == NOBODY or theatre.left[row, kind] == 0:
        return False
    return (clone["given"] >> kind) & 1 == 0 or clone["donations"] + 1 == LAST_STEP


@compiled
def _count_able(theatre: Theatre, clone: np.void, row: int, change: int) -> None:
    """Count a ready donor among those who may give each kind of his step, or no longer."""
    step = clone["donations"]
    for at in range(N_ORGANS):
        kind = theatre.gifts[step, at]
        if _may_give(theatre, clone, row, kind):
            theatre.able[step, kind, clone["blood"]] += change


@compiled
def _take_instead(
    theatre: Theatre, staff: Staff, clinic: Clinic, clones: NDArray[np.void], row: int, time: float
) -> None:
    """Take what is taken when nobody on the list fits: at the last step, everything."""
    clone = clones[row]
    step = clone["donations"] + 1
    kind = HEART
    if step < LAST_STEP:
        kind = theatre.instead[step - 1]
        is_limb = uniform(clinic.key, clone["person"], _LIMB, step) < theatre.limb
        if kind == A_TISSUE and is_limb:
            kind = A_LIMB
    operate(theatre, staff, clinic, clones, row, kind, NOBODY, time)


@compiled
def become_ready(
    theatre: Theatre, staff: Staff, clinic: Clinic, clones: NDArray[np.void], row: int, time: float
) -> None:
    """Operate on a ready donor for the first fitting patient, or let him wait for one."""
    clone = clones[row]
    step = clone["donations"] + 1
    record(clinic.log, clone["person"], time, READY, NOBODY, step)
    for at in range(N_ORGANS):
        kind = theatre.gifts[step - 1, at]
        if not _may_give(theatre, clone, row, kind):
            continue
        organ_id = address_of_organ(clone["person"], step, kind, theatre.left[row, kind])
        patient = find_patient(
            clinic.key, clinic.queues, clinic.patients, kind, clone["blood"], organ_id
        )
        if patient != NOBODY:
            operate(theatre, staff, clinic, clones, row, kind, patient, time)
            return
    # A step without gifts has nothing to wait for.
    if theatre.gifts[step - 1, 0] == NOBODY:
        _take_instead(theatre, staff, clinic, clones, row, time)
        return
    clone["is_ready"] = 1
    _count_able(theatre, clone, row, 1)
    last = theatre.last_ready[step - 1]
    clone["before"], clone["behind"] = last, NOBODY
    if last == NOBODY:
        theatre.first_ready[step - 1] = row
    else:
        clones[last]["behind"] = row
    theatre.last_ready[step - 1] = row
    enter(clinic.agenda, time + theatre.longest_wait, TISSUE, row, clone["donations"])


@compiled
def _leave_ready(theatre: Theatre, clones: NDArray[np.void], row: int) -> None:
    """Take a donor out of the row of those who are ready."""
    clone = clones[row]
    step = clone["donations"] + 1
    _count_able(theatre, clone, row, -1)
    before, behind = clone["before"], clone["behind"]
    if before == NOBODY:
        theatre.first_ready[step - 1] = behind
    else:
        clones[before]["behind"] = behind
    if behind == NOBODY:
        theatre.last_ready[step - 1] = before
    else:
        clones[behind]["before"] = before
    clone["is_ready"] = 0


@compiled
def stop_waiting(
    theatre: Theatre, staff: Staff, clinic: Clinic, clones: NDArray[np.void], row: int, time: float
) -> None:
    """Let a donor wait no longer: no fitting patient has come."""
    _leave_ready(theatre, clones, row)
    _take_instead(theatre, staff, clinic, clones, row, time)


@compiled
def offer_donors(
    theatre: Theatre,
    staff: Staff,
    clinic: Clinic,
    clones: NDArray[np.void],
    patient: int,
    time: float,
) -> None:
    """Somebody has been put on the list: operate on the first ready donor who fits.

    Donors are asked in the order of fewest operations, then longest ready.
    """
    kind = clinic.patients[patient]["waits_for"]
    blood = clinic.patients[patient]["blood"]
    for step in range(1, LAST_STEP + 1):
        # Whoever could give what is scarce gave it long ago: mostly nobody need be asked.
        able = 0
        for group in range(4):
            if is_compatible(group, blood):
                able += theatre.able[step - 1, kind, group]
        row = theatre.first_ready[step - 1] if able > 0 else NOBODY
        while row != NOBODY:
            clone = clones[row]
            organ_id = address_of_organ(clone["person"], step, kind, theatre.left[row, kind])
            if (
                is_compatible(clone["blood"], blood)
                and _may_give(theatre, clone, row, kind)
                and accepts(clinic.key, clinic.queues, clinic.patients, patient, organ_id)
            ):
                _leave_ready(theatre, clones, row)
                operate(theatre, staff, clinic, clones, row, kind, patient, time)
                return
            row = clone["behind"]
