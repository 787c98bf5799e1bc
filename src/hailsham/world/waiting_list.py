"""The waiting list: who is put on it, and who is offered an organ.

A queue for each organ and blood group, first come first served. An organ goes
to the longest waiting of its own blood group, and only if there is none to the
longest waiting of another that it fits. An offer to somebody who is
sensitised may fail; whether it does is addressed by patient and organ.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import purpose, uniform
from hailsham.world.parameters import parameter
from hailsham.world.population import is_compatible
from hailsham.world.public import N_ORGANS, Need

_CROSSMATCH = purpose("list.crossmatch")
_SENSITISED = purpose("list.sensitised")
_WORD = 0xFFFFFFFF
NOBODY = -1
TRANSPLANTED, DIED, REMOVED, WENT_AWAY = 0, 1, 2, 3

Integers = NDArray[np.int64]

_SHARES = "our assumption; shares of deaths under 75 that an organ might have helped"
_UNTREATED = "our assumption; heart after candidates of about 1970, most dead in a month"


@dataclass(frozen=True)
class FitShares:
    """Share of those failing by an organ who are fit for a transplant."""

    heart: float = parameter(
        0.4, "fit for a heart", unit="proportion", low=0, high=1, grade="X", source=_SHARES
    )
    lung: float = parameter(
        0.5, "fit for a lung", unit="proportion", low=0, high=1, grade="X", source=_SHARES
    )
    kidney: float = parameter(
        0.8, "fit for a kidney", unit="proportion", low=0, high=1, grade="X", source=_SHARES
    )
    liver: float = parameter(
        0.6, "fit for a liver", unit="proportion", low=0, high=1, grade="X", source=_SHARES
    )
    pancreas: float = parameter(
        0.6, "fit for a pancreas", unit="proportion", low=0, high=1, grade="X", source=_SHARES
    )
    marrow: float = parameter(
        0.6, "fit for marrow", unit="proportion", low=0, high=1, grade="X", source=_SHARES
    )


@dataclass(frozen=True)
class UntreatedWaits:
    """Mean time from an organ's failure to the death it leads to."""

    heart: float = parameter(
        0.3,
        "mean untreated wait, heart",
        unit="years",
        low=0.01,
        high=20,
        grade="X",
        source=_UNTREATED,
    )
    lung: float = parameter(
        1.0,
        "mean untreated wait, lung",
        unit="years",
        low=0.01,
        high=20,
        grade="X",
        source=_UNTREATED,
    )
    kidney: float = parameter(
        1.0,
        "mean untreated wait, kidney",
        unit="years",
        low=0.01,
        high=20,
        grade="X",
        source=_UNTREATED,
    )
    liver: float = parameter(
        1.0,
        "mean untreated wait, liver",
        unit="years",
        low=0.01,
        high=20,
        grade="X",
        source=_UNTREATED,
    )
    pancreas: float = parameter(
        3.0,
        "mean untreated wait, pancreas",
        unit="years",
        low=0.01,
        high=20,
        grade="X",
        source=_UNTREATED,
    )
    marrow: float = parameter(
        0.7,
        "mean untreated wait, marrow",
        unit="years",
        low=0.01,
        high=20,
        grade="X",
        source=_UNTREATED,
    )


@dataclass(frozen=True)
class ListParameters:
    """The national waiting list."""

    opens: float = parameter(
        1972.0,
        "when the list opens",
        unit="years AD",
        low=1947,
        high=2100,
        grade="X",
        source="children born after 1952 cannot give in their twenties before 1972",
    )
    closes: float = parameter(
        2020.0,
        "nobody is listed from then on",
        unit="years AD",
        low=1947,
        high=2300,
        grade="X",
        source="by then the last children of the default plan have died",
    )
    rule: str = parameter(
        "longest_wait",
        "who is offered an organ first, among those whom it fits",
        choices=("longest_wait",),
        grade="X",
        source="first come, first served",
    )
    age_limit: float = parameter(
        75.0,
        "nobody is listed from this age on",
        unit="years",
        low=0,
        high=120,
        grade="X",
        source="shares of need are given under 75",
    )
    tumours: bool = parameter(
        True,
        "whether tumours of an organ count as need for it",
        grade="X",
        source="a judgement: most such tumours are not treated by transplant today",
    )
    kidneys_kept_alive: bool = parameter(
        True,
        "whether those kept alive by dialysis need kidneys, beyond recorded deaths; all are fit",
        grade="L",
        source="treated starts: 0 in 1960, 45 per million under 65 in 1970, "
        "78 per million under 80 in 1988, 108 in 2008, linear between",
    )
    sensitised: float = parameter(
        0.15,
        "share of patients who are sensitised",
        unit="proportion",
        low=0,
        high=1,
        grade="M",
        source="order of size on kidney lists, from memory",
    )
    crossmatch_positive: float = parameter(
        0.6,
        "probability that an offer to a sensitised patient cannot be used",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="our assumption",
    )
    fit: FitShares = field(default_factory=FitShares)
    untreated_wait: UntreatedWaits = field(default_factory=UntreatedWaits)


def need_of(parameters: ListParameters) -> Need:
    """Return the list's rules as plain numbers."""
    return Need(
        parameters.opens,
        parameters.closes,
        parameters.age_limit,
        parameters.tumours,
        parameters.kidneys_kept_alive,
        np.array(astuple(parameters.fit)),
        np.array(astuple(parameters.untreated_wait)),
    )


#: One row a stay on the list.
STAY = np.dtype(
    [
        ("row", np.int64),
        ("organ", np.int64),
        ("listed", np.float64),
        ("ended", np.float64),
        ("outcome", np.int64),
    ]
)


class Queues(NamedTuple):
    """First and last patient of each queue (organ, blood group), and the stays that ended."""

    first: Integers
    last: Integers
    stays: NDArray[np.void]
    n_stays: Integers
    sensitised: float
    crossmatch_positive: float


def new_queues(parameters: ListParameters, *, capacity: int) -> Queues:
    """Return empty queues with room for ``capacity`` stays on the list."""
    return Queues(
        np.full((N_ORGANS, 4), NOBODY, np.int64),
        np.full((N_ORGANS, 4), NOBODY, np.int64),
        np.zeros(capacity, STAY),
        np.zeros(1, np.int64),
        parameters.sensitised,
        parameters.crossmatch_positive,
    )


@compiled
def is_sensitised(key: np.uint64, person: int, share: float) -> bool:
    """Draw whether a patient is sensitised."""
    return uniform(key, person, _SENSITISED, 0) < share


@compiled
def join_queue(
    queues: Queues, patients: NDArray[np.void], row: int, organ: int, time: float
) -> None:
    """Put a patient at the end of the queue for an organ and his blood group."""
    patient = patients[row]
    blood = patient["blood"]
    last = queues.last[organ, blood]
    patient["waits_for"], patient["listed_at"] = organ, time
    patient["before"], patient["behind"] = last, NOBODY
    if last == NOBODY:
        queues.first[organ, blood] = row
    else:
        patients[last]["behind"] = row
    queues.last[organ, blood] = row


@compiled
def leave_queue(
    queues: Queues, patients: NDArray[np.void], row: int, time: float, outcome: int
) -> None:
    """Take a patient off the list, and note the stay."""
    patient = patients[row]
    organ, blood = patient["waits_for"], patient["blood"]
    before, behind = patient["before"], patient["behind"]
    if before == NOBODY:
        queues.first[organ, blood] = behind
    else:
        patients[before]["behind"] = behind
    if behind == NOBODY:
        queues.last[organ, blood] = before
    else:
        patients[behind]["before"] = before
    patient["waits_for"] = NOBODY
    at = queues.n_stays[0]
    queues.n_stays[0] += 1
    if at < queues.stays.size:
        stay = queues.stays[at]
        stay["row"], stay["organ"], stay["outcome"] = row, organ, outcome
        stay["listed"], stay["ended"] = patient["listed_at"], time


@compiled
def accepts(
    key: np.uint64, queues: Queues, patients: NDArray[np.void], row: int, organ_id: int
) -> bool:
    """Draw whether an organ can be used for a patient, by the addresses of both."""
    if patients[row]["sensitised"] == 0:
        return True
    other = (organ_id ^ (organ_id >> 32)) & _WORD
    luck = uniform(key, patients[row]["person"], _CROSSMATCH, other)
    return luck >= queues.crossmatch_positive


@compiled
def find_patient(
    key: np.uint64,
    queues: Queues,
    patients: NDArray[np.void],
    organ: int,
    blood: int,
    organ_id: int,
) -> int:
    """Return the row of the patient to whom an organ goes, or -1.

    Args:
        key: Key of the draws.
        queues: The list.
        patients: All patients.
        organ: Which organ.
        blood: Blood group of the donor.
        organ_id: Address of the organ.
    """
    best = NOBODY
    for shift in range(4):
        group = (blood + shift) % 4  # the donor's own group comes first
        if shift == 1 and best != NOBODY:
            return best
        if not is_compatible(blood, group):
            continue
        row = queues.first[organ, group]
        while row != NOBODY and not accepts(key, queues, patients, row, organ_id):
            row = patients[row]["behind"]
        if row != NOBODY and (
            best == NOBODY or patients[row]["listed_at"] < patients[best]["listed_at"]
        ):
            best = row
    return best
