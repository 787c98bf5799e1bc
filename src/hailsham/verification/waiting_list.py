"""A list for organs: patients come and die waiting, organs come, and one that nobody needs is lost.

A run begins in balance, as those of ``queues``.
"""

from __future__ import annotations

import numpy as np

from hailsham.engine.agenda import Agenda, enter, has_overflowed, new_agenda, take_next
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose
from hailsham.engine.hazards import exponential_wait
from hailsham.verification.estimates import Estimates, mean_of, ratio_of
from hailsham.verification.problems import Inputs
from hailsham.verification.queues import law_of_a_line, start_of
from hailsham.verification.waits import Floats

#: Long runs, for a list that is empty four hours in a year.
N_LISTS, YEARS = 400, 250.0

_PATIENT, _ORGAN, _DEATH = (
    purpose(f"verification.list.{name}") for name in ("patient", "organ", "death")
)
#: Patients of one run have addresses of their own below the first, and are no more than the second.
_ROOM, _MOST = 2**20, 2**16
_LONGEST_LINE = 400
_ADDED, _EMPTY_TIME, _PATIENT_TIME, _TRANSPLANTED, _DIED, _WASTED = range(6)
_LISTED, _ORGAN_COMES, _DIES = range(3)


def organ_list(inputs: Inputs, *, key: np.uint64, n: int = N_LISTS) -> Estimates:
    """Simulate P20: who waits longest is treated first."""
    lam, mu, theta = (float(inputs[name]) for name in ("lam", "mu", "theta"))
    law = law_of_a_line(lambda _: lam, down=lambda i: mu + theta * i, longest=_LONGEST_LINE)
    told, is_whole = _lists(
        key, n, YEARS, np.array([lam, mu, theta]), law, new_agenda(512), new_agenda(4096)
    )
    if not is_whole:
        raise OverflowError("A list of P20 has outgrown its agenda.")
    return {
        "P_empty": mean_of(told[_EMPTY_TIME] / YEARS),
        "mean_waiting": mean_of(told[_PATIENT_TIME] / YEARS),
        "share_transplanted": ratio_of(told[_TRANSPLANTED], told[_ADDED]),
        "share_died_waiting": ratio_of(told[_DIED], told[_ADDED]),
        "organs_wasted_per_year": mean_of(told[_WASTED] / YEARS),
    }


@compiled
def _lists(
    key: np.uint64,
    n_runs: int,
    until: float,
    rates: Floats,
    law: Floats,
    plans: Agenda,
    line: Agenda,
) -> tuple[Floats, bool]:
    told = np.zeros((6, n_runs))
    is_gone = np.zeros(_MOST, np.bool_)
    for run in range(n_runs):
        plans.held[:], line.held[:], is_gone[:] = 0, 0, False
        n_patients, n_organs, n_waiting, now = 0, 0, 0, 0.0
        for _ in range(start_of(key, run, law)):
            enter(plans, 0.0, _LISTED, n_patients, 1)
            n_patients += 1
        enter(plans, exponential_wait(exponential(key, run, _PATIENT, 0), rates[0]), _LISTED, -1, 0)
        wait = exponential_wait(exponential(key, run, _ORGAN, 0), rates[1])
        enter(plans, wait, _ORGAN_COMES, 0, 0)
        while n_patients < _MOST:
            when, what, who, _ = take_next(plans)
            told[_PATIENT_TIME, run] += n_waiting * (min(when, until) - now)
            told[_EMPTY_TIME, run] += (min(when, until) - now) if n_waiting == 0 else 0.0
            if when >= until:
                break
            now = when
            if what == _LISTED:
                if who < 0:
                    who = n_patients
                    n_patients += 1
                    told[_ADDED, run] += 1
                    wait = exponential_wait(exponential(key, run, _PATIENT, n_patients), rates[0])
                    enter(plans, now + wait, _LISTED, -1, 0)
                n_waiting += 1
                enter(line, now, 0, who, 0)
                budget = exponential(key, run * _ROOM + who, _DEATH, 0)
                enter(plans, now + exponential_wait(budget, rates[2]), _DIES, who, 0)
            elif what == _ORGAN_COMES:
                n_organs += 1
                wait = exponential_wait(exponential(key, run, _ORGAN, n_organs), rates[1])
                enter(plans, now + wait, _ORGAN_COMES, 0, 0)
                if n_waiting == 0:
                    told[_WASTED, run] += 1
                    continue
                _, _, who, _ = take_next(line)
                while is_gone[who]:
                    _, _, who, _ = take_next(line)
                is_gone[who] = True
                n_waiting -= 1
                told[_TRANSPLANTED, run] += 1
            elif not is_gone[who]:
                # The dead stay in the line until they are met there, as the treated do.
                is_gone[who] = True
                n_waiting -= 1
                told[_DIED, run] += 1
        if has_overflowed(plans) or has_overflowed(line) or n_patients >= _MOST:
            return told, False
    return told, True
