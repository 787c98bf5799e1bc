"""Declared models meet the same answers as the parts: illness by age, by duration, with recovery.

Two structures say seven problems, for a model's numbers may change and its
structure stays. Fixed seed, 200,000 lives, five standard errors; as elsewhere a
twin with one number too high must be caught.
"""

import numpy as np
import pytest

from hailsham.engine import Columns, Exponential, Gompertz, Model, Weibull
from hailsham.verification.comparison import DIFFERS, answers_of, compare
from hailsham.verification.estimates import mean_of, share_of
from hailsham.verification.problems import read_problems

N, SEED = 200_000, 20261122
#: Hardly ever, where a problem lacks what its structure has.
NEVER = 1e-12


def illness_by_age():
    """Onset and death by age or at constant rates; recovery; a death of its own for the ill."""
    model = Model("illness by age")
    well, ill, dead, of_organ = model.states("well", "ill", "dead", "of organ")
    model.transition(well, ill, Gompertz(level=0.01, slope=0.0), name="onset")
    model.transition(well, dead, Gompertz(level=0.01, slope=0.0), name="death")
    model.transition(well, dead, Exponential(rate=NEVER), name="accident")
    model.transition(ill, well, Exponential(rate=NEVER), name="recovery")
    model.transition(ill, dead, Gompertz(level=0.01, slope=0.0), name="death when ill")
    model.transition(ill, dead, Exponential(rate=NEVER), name="accident when ill")
    model.transition(ill, of_organ, Exponential(rate=NEVER), name="organ")
    return model


def illness_by_duration():
    """Recovery and death by the time since onset."""
    model = Model("illness by duration")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, Exponential(rate=0.01), name="onset")
    model.transition(well, dead, Exponential(rate=0.01), name="death")
    longest = Weibull(shape=1.0, scale=1.0 / NEVER)
    model.transition(ill, well, longest, clock="since_entry", name="recovery")
    model.transition(ill, dead, longest, clock="since_entry", name="death when ill")
    return model


def of_p09(given):
    return {
        "onset.level": given["h"],
        "death.level": given["d"],
        "death when ill.level": given["D"],
    }


def of_p10(given):
    return {
        "onset.level": given["HI"],
        "death.level": given["HD"],
        "death when ill.level": given["ID"],
        "recovery.rate": given["IH"],
        "organ.rate": given["IO"],
    }


def of_p11(given):
    level, slope, constant, worse = (given[name] for name in ("a2", "b2", "c", "r"))
    return {
        "onset.level": given["a1"],
        "onset.slope": given["b1"],
        "death.level": level,
        "death.slope": slope,
        "accident.rate": constant,
        "death when ill.level": worse * level,
        "death when ill.slope": slope,
        "accident when ill.rate": worse * constant,
        "recovery.rate": given["rho"],
    }


def without_recovery(given):
    return of_p11(given | {"rho": NEVER})


def of_p12(given):
    return {
        "onset.rate": given["HI"],
        "death.rate": given["HD"],
        "death when ill.shape": given["k"],
        "death when ill.scale": given["lam"],
    }


def of_p13(given):
    die = {"k": given["k_die"], "lam": given["lam_die"]}
    back = {"recovery.shape": given["k_rec"], "recovery.scale": given["lam_rec"]}
    return of_p12(given | die) | back


STATES = {"H": "well", "I": "ill", "D": "dead", "O": "of organ"}
#: Structure, its numbers, the beginning of the names, the times, and the names that are met here.
CASES = {
    "P09": (illness_by_age, of_p09, "", (5, 10, 20, 40), "H I D"),
    "P10": (illness_by_age, of_p10, "", (1, 5, 20), "H I D O"),
    "P11": (illness_by_age, of_p11, "rec_", (50, 70, 90), "H I"),
    "P11 without recovery": (illness_by_age, without_recovery, "norec_", (50, 70, 90), "H I"),
    "P12": (illness_by_duration, of_p12, "", (5, 15, 30), "H I"),
    "P13": (illness_by_duration, of_p13, "", (5, 20), "H I"),
}


def differing(case, too_high=None):
    """The quantities of a case that differ, with a number five per cent too high if it is named."""
    structure, numbers, begins, times, seen = CASES[case]
    problem, *_ = case.split()
    given = dict(read_problems()[problem].inputs)
    if too_high:
        given[too_high] *= 1.05
    lives = structure().simulate(
        N,
        seed=SEED,
        until=2_000.0,
        parameters=numbers(given),
        moments=times,
        columns=Columns(),
    )
    here = dict(zip(lives.states, lives.occupancy(times).T, strict=True))
    found = {
        f"{begins}{name}_{time}": share_of(np.arange(N) < here[STATES[name]][at])
        for name in seen.split()
        for at, time in enumerate(times)
    }
    ended = lives.people["ended"]
    found["mean_life" if not begins else f"{begins}e0"] = mean_of(ended)
    fell_ill = lives.events.person[lives.events.to_state == lives.states.index("ill")]
    if "mean_visits_I" in answers_of(problem):
        found["mean_visits_I"] = mean_of(np.bincount(fell_ill, minlength=N))
    answers = {name: answers_of(problem)[name] for name in found}
    rows = compare(found, answers=answers, problem=problem)
    return {row.quantity for row in rows if row.verdict == DIFFERS}


@pytest.mark.parametrize("case", CASES)
def test_a_declared_model_meets_the_answers(case):
    assert differing(case) == set()


TOO_HIGH = {
    "P09": "D",
    "P10": "IO",
    "P11": "b2",
    "P11 without recovery": "r",
    "P12": "lam",
    "P13": "lam_rec",
}


@pytest.mark.parametrize("case", CASES)
def test_a_number_that_is_too_high_is_caught(case):
    assert differing(case, too_high=TOO_HIGH[case])
