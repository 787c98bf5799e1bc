"""What only a run can meet stops it, with the code, the transition, the person and the value."""

import math

import numpy as np
import pytest

from hailsham.engine import At, Exponential, Model, Thinned
from hailsham.errors import ModelError

#: Faults that one person of a run may be given; everybody else has none.
NEGATIVE, NO_NUMBER, SHARE, LOOP = 1.0, 2.0, 3.0, 4.0


def factor(fault, grade):
    if fault == NEGATIVE:
        return -1.0
    return math.nan if fault == NO_NUMBER else grade


def share(fault):
    if fault == SHARE:
        return 1.5
    return 1.0 if fault == LOOP else 0.0


def spike(age):
    return 3.0 if 0.05 < age < 0.2 else 0.1


def faulty():
    model = Model("faulty")
    well, shaken, ill, dead = model.states("well", "shaken", "ill", "dead")
    model.attribute("fault")
    model.attribute("grade", start=None)
    model.transition(well, shaken, Exponential(rate=0.5), effect=factor, name="shock")
    at_once = At(reading=0.0)
    model.transition(shaken, {ill: share, dead: None}, at_once, clock="since_entry", name="outcome")
    model.transition(ill, shaken, at_once, clock="since_entry", name="back")
    model.transition([well, ill], dead, Thinned(function=spike, bound=2.0), name="peril")
    return model


def stopped_by(fault=0.0, grade=1.0, age=1.0, parameters=None):
    """Live ten people, of whom the eighth is as told, and return what stopped them."""
    everybody = {"fault": np.zeros(10), "grade": np.ones(10)}
    ages = np.ones(10)
    everybody["fault"][7], everybody["grade"][7], ages[7] = fault, grade, age
    with pytest.raises(ModelError) as caught:
        faulty().simulate(
            10, seed=1, until=60, age=ages, attributes=everybody, parameters=parameters
        )
    (found,) = caught.value.faults
    assert caught.value.closing == "The run was stopped."
    return found


@pytest.mark.parametrize(
    ("met", "code", "transition", "words"),
    [
        ({"fault": NEGATIVE}, "HS401", "shock", "multiplied the hazard by -1.0"),
        ({"fault": SHARE}, "HS403", "outcome", "the shares of 2 targets"),
        ({"fault": LOOP}, "HS404", "", "10,000 moves at one time"),
        ({"grade": math.nan}, "HS405", "shock", "read before it was set"),
        ({"age": 0.05}, "HS414", "peril", "the thinned hazard was 3.0"),
    ],
    ids=str,
)
def test_a_fault_of_one_person_stops_the_run(met, code, transition, words):
    found = stopped_by(**met)

    assert found.code == code
    assert transition in found.where
    assert found.where.endswith("person 7")
    assert words in found.what


def test_a_factor_that_is_no_number_stops_the_run():
    assert stopped_by(fault=NO_NUMBER).code in ("HS401", "HS405")


def test_people_without_a_fault_are_lived():
    # The twin: what stops the others is what the eighth person was given.
    grades = {"grade": np.ones(10)}
    lives = faulty().simulate(10, seed=1, until=60, age=1.0, attributes=grades)

    assert lives.occupancy([59.9]).sum() == 10
