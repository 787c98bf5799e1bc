"""Organs: what a given organ does for the one who receives it.

A transplant stops one clock and starts another, the graft's. Whatever else
the person would have died of stays where it was drawn. A graft that fails
leads to death after another untreated wait, unless one is given again;
somebody kept alive by dialysis goes back to it instead.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.agenda import Agenda, enter
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.engine.recorder import Log, record
from hailsham.lives.codes import CAUSES, Event
from hailsham.world.parameters import parameter
from hailsham.world.public import (
    KIDNEY,
    LEAVING,
    N_LANES,
    N_ORGANS,
    Hazards,
    Need,
    cause_of,
    counts_as_need,
    is_fit,
    run_clocks,
    untreated_wait,
)
from hailsham.world.waiting_list import (
    DIED,
    NOBODY,
    REMOVED,
    TRANSPLANTED,
    WENT_AWAY,
    Queues,
    is_sensitised,
    join_queue,
    leave_queue,
)

_EARLY = purpose("graft.early_failure")
_LASTING = purpose("graft.lasting")

# What the agenda holds of patients; ``FAILING + k`` is the failure of organ k.
END, FAILING, KEPT_FAILING, KEPT_GRAFT_FAILING, TOO_OLD = 0, 1, 7, 8, 9

BY_GRAFT = CAUSES.index("graft")
BY_OPERATION = CAUSES.index("operation")
BORN, LEFT, DEAD = int(Event.BORN), int(Event.LEFT), int(Event.DIED)
ORGAN_FAILED, LISTED = int(Event.ORGAN_FAILED), int(Event.LISTED)
GIVEN, GRAFT_FAILED = int(Event.TRANSPLANTED), int(Event.GRAFT_FAILED)
TAKEN_OFF = int(Event.REMOVED)
#: Long-run hazards of the recorded medicine, times that of 2000, from 1950 by decades.
_DECADES = np.array([8.0, 5.0, 3.5, 2.0, 1.3, 1.0])

_REGISTRIES = "transplant registries, one- and five-year survival of recipients"
_FROM_MEMORY = "order of size of registry figures, from memory"


@dataclass(frozen=True)
class EarlyRisk:
    """Probability that a transplant fails at once, by organ."""

    heart: float = parameter(
        0.11,
        "early failure of a heart",
        unit="proportion",
        low=0,
        high=1,
        grade="M",
        source=f"{_REGISTRIES}: .85 and .71",
    )
    lung: float = parameter(
        0.06,
        "early failure of a lung",
        unit="proportion",
        low=0,
        high=1,
        grade="L",
        source=f"{_REGISTRIES}: .88 and .54",
    )
    kidney: float = parameter(
        0.03,
        "early failure of a kidney",
        unit="proportion",
        low=0,
        high=1,
        grade="M",
        source=f"{_REGISTRIES}: .95 and .86",
    )
    liver: float = parameter(
        0.03,
        "early failure of a liver",
        unit="proportion",
        low=0,
        high=1,
        grade="M",
        source=f"{_REGISTRIES}: .945 and .84",
    )
    pancreas: float = parameter(
        0.05,
        "early failure of a pancreas",
        unit="proportion",
        low=0,
        high=1,
        grade="L",
        source=f"{_REGISTRIES}: .908 and .77",
    )
    marrow: float = parameter(
        0.15,
        "early failure of marrow",
        unit="proportion",
        low=0,
        high=1,
        grade="M",
        source=_FROM_MEMORY,
    )


@dataclass(frozen=True)
class LongRunHazard:
    """Hazard that a working graft fails, by organ."""

    heart: float = parameter(
        0.045,
        "hazard of a heart's failing",
        unit="per person-year",
        low=0,
        high=2,
        grade="M",
        source=f"{_REGISTRIES}: .85 and .71",
    )
    lung: float = parameter(
        0.12,
        "hazard of a lung's failing",
        unit="per person-year",
        low=0,
        high=2,
        grade="L",
        source=f"{_REGISTRIES}: .88 and .54",
    )
    kidney: float = parameter(
        0.025,
        "hazard of a kidney's failing",
        unit="per person-year",
        low=0,
        high=2,
        grade="M",
        source=f"{_REGISTRIES}: .95 and .86",
    )
    liver: float = parameter(
        0.029,
        "hazard of a liver's failing",
        unit="per person-year",
        low=0,
        high=2,
        grade="M",
        source=f"{_REGISTRIES}: .945 and .84",
    )
    pancreas: float = parameter(
        0.041,
        "hazard of a pancreas's failing",
        unit="per person-year",
        low=0,
        high=2,
        grade="L",
        source=f"{_REGISTRIES}: .908 and .77",
    )
    marrow: float = parameter(
        0.03,
        "hazard of the disease's return",
        unit="per person-year",
        low=0,
        high=2,
        grade="M",
        source=_FROM_MEMORY,
    )


@dataclass(frozen=True)
class GraftParameters:
    """What happens to a given organ."""

    medicine: str = parameter(
        "story",
        "'story': rejection was solved by the discovery of 1952; 'recorded': "
        "long-run hazards times 8, 5, 3.5, 2 and 1.3 in the 1950s to the 1990s",
        choices=("story", "recorded"),
        grade="X",
        source="the order of size follows one-year graft survival, 1960s to 1990s",
    )
    relisted: bool = parameter(
        True,
        "whether somebody whose graft failed may be listed again",
        grade="X",
        source="ordinary practice",
    )
    early: EarlyRisk = field(default_factory=EarlyRisk)
    hazard: LongRunHazard = field(default_factory=LongRunHazard)


class Grafts(NamedTuple):
    """Rules of grafts as plain numbers, and when each patient's grafts fail and kill."""

    early: NDArray[np.float64]
    hazard: NDArray[np.float64]
    is_recorded: bool
    is_relisted: bool
    fails: NDArray[np.float64]
    kills: NDArray[np.float64]


def new_grafts(parameters: GraftParameters, *, n_patients: int) -> Grafts:
    """Return the rules of grafts, with nobody holding one."""
    return Grafts(
        np.array(astuple(parameters.early)),
        np.array(astuple(parameters.hazard)),
        parameters.medicine == "recorded",
        parameters.relisted,
        np.full((n_patients, N_ORGANS), np.inf),
        np.full((n_patients, N_ORGANS), np.inf),
    )


class Clinic(NamedTuple):
    """Everything that is known of patients while people meet."""

    key: np.uint64
    hazards: Hazards
    need: Need
    queues: Queues
    grafts: Grafts
    patients: NDArray[np.void]
    agenda: Agenda
    log: Log
    budgets: NDArray[np.float64]
    latent: NDArray[np.float64]
    stopped: NDArray[np.int64]  # set from outside to end the meeting at the next event


def new_clinic(
    key: np.uint64,
    hazards: Hazards,
    need: Need,
    queues: Queues,
    grafts: Grafts,
    patients: NDArray[np.void],
    agenda: Agenda,
    log: Log,
    stopped: NDArray[np.int64] | None = None,
) -> Clinic:
    """Return the clinic before the first meeting."""
    return Clinic(
        key,
        hazards,
        need,
        queues,
        grafts,
        patients,
        agenda,
        log,
        np.empty(N_LANES),
        np.empty(N_LANES),
        np.zeros(1, np.int64) if stopped is None else stopped,
    )


@compiled
def admit(clinic: Clinic, row: int) -> None:
    """Make a patient known: nothing replaced, the untreated life as planned."""
    patient = clinic.patients[row]
    patient["end"], patient["lane"] = patient["untreated_end"], patient["untreated_lane"]
    patient["cause"], patient["waits_for"], patient["stamp"] = NOBODY, NOBODY, 0
    patient["first_listed"], patient["first_given"] = math.nan, math.nan
    patient["sensitised"] = is_sensitised(clinic.key, patient["person"], clinic.queues.sensitised)
    enter(clinic.agenda, patient["end"], END, row, 0)
    _plan_needs(clinic, row, 0.0)


@compiled
def _plan_needs(clinic: Clinic, row: int, now: float) -> None:
    """Enter the failures that lie ahead of a patient as his life is now planned."""
    patient = clinic.patients[row]
    person, end, lane, stamp = patient["person"], patient["end"], patient["lane"], patient["stamp"]
    opens = max(now, clinic.need.opens)
    if 0 <= lane < N_ORGANS:
        graft_fails = clinic.grafts.fails[row, lane]
        if graft_fails < math.inf:
            failed = graft_fails
        else:
            wait = untreated_wait(clinic.key, person, lane, 0, clinic.need.wait)
            failed = max(patient["entered"], end - wait)
        patient["failed_at"] = failed
        if max(failed, opens) < end:
            enter(clinic.agenda, max(failed, opens), FAILING + lane, row, stamp)
    has_kidney = (patient["silenced"] >> KIDNEY) & 1
    if patient["kept_at"] < end and has_kidney == 0 and clinic.need.kept_alive:
        enter(clinic.agenda, max(patient["kept_at"], opens), KEPT_FAILING, row, stamp)
    if clinic.grafts.kills[row, KIDNEY] == math.inf and clinic.grafts.fails[row, KIDNEY] < end:
        failed = max(clinic.grafts.fails[row, KIDNEY], now)
        enter(clinic.agenda, failed, KEPT_GRAFT_FAILING, row, stamp)


@compiled
def _plan_again(clinic: Clinic, row: int, now: float) -> None:
    """Work out a patient's future with what has been replaced, and enter it."""
    patient = clinic.patients[row]
    end, lane = run_clocks(
        clinic.key,
        patient["person"],
        patient["sex"],
        patient["born"],
        patient["entered"],
        clinic.hazards.rates,
        patient["silenced"],
        clinic.budgets,
        clinic.latent,
    )
    for organ in range(N_ORGANS):
        if clinic.grafts.kills[row, organ] < end:
            end, lane = clinic.grafts.kills[row, organ], organ
    patient["end"], patient["lane"] = end, lane
    patient["stamp"] += 1
    enter(clinic.agenda, end, END, row, patient["stamp"])
    _plan_needs(clinic, row, now)


@compiled
def _planned_cause(clinic: Clinic, row: int) -> int:
    """Return what a patient will die of as his life is now planned."""
    patient = clinic.patients[row]
    lane = patient["lane"]
    if lane < N_ORGANS and clinic.grafts.kills[row, lane] < math.inf:
        return BY_GRAFT
    return cause_of(
        clinic.key,
        patient["person"],
        patient["sex"],
        patient["born"],
        patient["end"],
        lane,
        clinic.hazards.causes,
    )


@compiled
def meet_failure(clinic: Clinic, row: int, kind: int, time: float) -> bool:
    """Meet the failure of an organ; return whether the patient was put on the list."""
    patient = clinic.patients[row]
    person = patient["person"]
    organ = KIDNEY if kind >= KEPT_FAILING else kind - FAILING
    is_graft = clinic.grafts.fails[row, organ] < math.inf
    is_kept = kind >= KEPT_FAILING
    if is_graft and (patient["told"] >> (N_ORGANS + organ)) & 1 == 0:
        patient["told"] |= 1 << (N_ORGANS + organ)
        record(clinic.log, person, clinic.grafts.fails[row, organ], GRAFT_FAILED, NOBODY, organ)
    elif not is_graft and (patient["told"] >> organ) & 1 == 0:
        patient["told"] |= 1 << organ
        failed = patient["kept_at"] if is_kept else patient["failed_at"]
        record(clinic.log, person, failed, ORGAN_FAILED, NOBODY, organ)
    is_too_late = time >= clinic.need.closes or time - patient["born"] >= clinic.need.age_limit
    if is_too_late or patient["waits_for"] != NOBODY:
        return False
    if is_graft and not clinic.grafts.is_relisted:
        return False
    if not is_kept:
        count = patient["transplants"] if is_graft else 0
        if not is_fit(clinic.key, person, organ, count, clinic.need.fit):
            return False
        if not is_graft and not counts_as_need(_planned_cause(clinic, row), clinic.need):
            return False
    patient["is_kept"] = is_kept
    join_queue(clinic.queues, clinic.patients, row, organ, time)
    record(clinic.log, person, time, LISTED, NOBODY, organ)
    if patient["first_listed"] != patient["first_listed"]:
        patient["first_listed"] = time
    limit = patient["born"] + clinic.need.age_limit
    if limit < patient["end"]:
        enter(clinic.agenda, limit, TOO_OLD, row, patient["stamp"])
    return True


@compiled
def meet_age_limit(clinic: Clinic, row: int, time: float) -> None:
    """Take a patient off the list who has become too old for it."""
    patient = clinic.patients[row]
    if patient["waits_for"] != NOBODY:
        record(clinic.log, patient["person"], time, TAKEN_OFF, NOBODY, patient["waits_for"])
        leave_queue(clinic.queues, clinic.patients, row, time, REMOVED)


@compiled
def meet_end(clinic: Clinic, row: int, time: float) -> None:
    """End a patient's life, or his time in England."""
    patient = clinic.patients[row]
    lane = patient["lane"]
    if patient["waits_for"] != NOBODY:
        leave_queue(
            clinic.queues, clinic.patients, row, time, WENT_AWAY if lane == LEAVING else DIED
        )
    patient["cause"] = _planned_cause(clinic, row)
    if lane == LEAVING:
        record(clinic.log, patient["person"], time, LEFT, NOBODY, NOBODY)
    else:
        record(clinic.log, patient["person"], time, DEAD, NOBODY, patient["cause"])


@compiled
def receive_organ(clinic: Clinic, row: int, organ: int, donor: int, time: float) -> None:
    """Give a waiting patient an organ, and work out what follows."""
    patient = clinic.patients[row]
    person = patient["person"]
    leave_queue(clinic.queues, clinic.patients, row, time, TRANSPLANTED)
    patient["transplants"] += 1
    count = patient["transplants"]
    if patient["first_given"] != patient["first_given"]:
        patient["first_given"] = time
    record(clinic.log, person, time, GIVEN, donor, organ)
    is_early = uniform(clinic.key, person, _EARLY, count) < clinic.grafts.early[organ]
    if is_early and patient["is_kept"] == 0:
        patient["end"], patient["cause"] = time, BY_OPERATION
        patient["stamp"] += 1
        record(clinic.log, person, time, DEAD, NOBODY, BY_OPERATION)
        return
    hazard = clinic.grafts.hazard[organ]
    if clinic.grafts.is_recorded:
        decade = int((time - 1950.0) // 10.0)
        hazard = hazard * _DECADES[min(max(decade, 0), _DECADES.size - 1)]
    lasting = (
        exponential(clinic.key, person, _LASTING, count) / hazard if hazard > 0.0 else math.inf
    )
    patient["silenced"] |= 1 << organ
    patient["told"] &= ~(1 << (N_ORGANS + organ))
    clinic.grafts.fails[row, organ] = time if is_early else time + lasting
    clinic.grafts.kills[row, organ] = math.inf
    if patient["is_kept"] == 0:
        wait = untreated_wait(clinic.key, person, organ, count, clinic.need.wait)
        clinic.grafts.kills[row, organ] = time + lasting + wait
    _plan_again(clinic, row, time)
