"""What the Programme does to one life: stations, the call-up, operations.

Here the Programme stands alone. A donor asks who cares for him (``care_at``),
what is needed (``wait_for_need``, ``gift_at``), a carer how the staffing stands
(``turn_at``): three small functions with a drawn or a plain answer, which the
coupled Programme answers with its real carers and lists instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled, whole_number
from hailsham.engine.draws import exponential, gamma_two, normal, purpose, uniform, uniform_pair
from hailsham.lives.codes import GIFTS
from hailsham.world.development.awareness import logistic
from hailsham.world.development.clock import power
from hailsham.world.parameters import parameter

LAST_OPERATION = 4

_PREPARATION = purpose("inner.operation.preparation")
_RECOVERY = purpose("inner.operation.recovery")
_WAIT = purpose("inner.operation.wait_for_need")
_CARE = purpose("inner.operation.care")
_DEATH = purpose("inner.operation.death")
_GIFT = purpose("inner.operation.gift")
A_LUNG, A_TISSUE, A_LIMB = (whole_number(GIFTS.index(name)) for name in ("lung", "tissue", "limb"))

_OURS = "our assumption"
_TUNED = "tuned with the other lengths to the ages and tenures that the sources state"
_COUPLED = "what real carers gave in a run of the whole Programme"


@dataclass(frozen=True)
class StationParameters:
    """Stations, a carer's quality, and the call-up."""

    leave_at: float = parameter(
        16.0, "age at leaving school", unit="years", low=10, high=30, grade="S",
        source="article: at 16 they move to the Cottages",
    )  # fmt: skip
    cottages_least: float = parameter(
        2.5, "shortest time at the Cottages and in training", unit="years", low=0, high=20,
        grade="S", source="article: 31 less 12 less 16, give or take a half",
    )  # fmt: skip
    cottages_most: float = parameter(
        3.5, "longest", unit="years", low=0, high=20, grade="S",
        source="article: 31 less 12 less 16, give or take a half",
    )  # fmt: skip
    calls_up: int = parameter(
        1, "whether work ends by a call-up and life by operations (1), or by age (0)", low=0,
        high=1, grade="S", source="article; an ordinary life has neither",
    )  # fmt: skip
    retire_at: float = parameter(
        65.0, "age at retirement, without a call-up", unit="years", low=40, high=80, grade="X",
        source=_OURS,
    )  # fmt: skip
    mortality: float = parameter(
        0.012, "hazard of death at retirement, without operations", unit="per person-year",
        low=0.001, high=0.1, grade="X", source=_OURS,
    )  # fmt: skip
    mortality_slope: float = parameter(
        0.095, "its growth with age", unit="per year", low=0.02, high=0.2, grade="X", source=_OURS
    )
    shape: float = parameter(
        2.5, "shape of the call-up hazard", low=2, high=3, grade="C", source=_TUNED
    )
    scale: float = parameter(
        2.0, "scale of the call-up hazard", unit="years", low=1.7, high=2.4, grade="C",
        source=_TUNED,
    )  # fmt: skip
    free_of_call: float = parameter(
        0.5, "time at work before any call-up", unit="years", low=0.25, high=1, grade="C",
        source=_TUNED,
    )  # fmt: skip
    weight_of_quality: float = parameter(
        1.1, "how much a good carer is kept on", low=0, high=1.4, grade="C", source=_TUNED
    )
    quality_trust: float = parameter(
        0.4, "quality as a carer: with trust", low=0, high=1, grade="X", source=_OURS
    )
    quality_industry: float = parameter(
        0.25, "with industry", low=0, high=1, grade="X", source=_OURS
    )
    quality_generativity: float = parameter(
        0.35, "with generativity", low=0, high=1, grade="X", source=_OURS
    )
    quality_talent: float = parameter(0.6, "with talent", low=0, high=1.2, grade="X", source=_OURS)
    quality_mean: float = parameter(
        -0.78, "constant that makes its mean zero at the call-up", low=-2, high=1, grade="C",
        source=_COUPLED,
    )  # fmt: skip
    turn: float = parameter(
        1.0, "how the staffing turns the call-up; 1 where the inner life is run alone", low=0.01,
        high=100, grade="X", source=_OURS,
    )  # fmt: skip
    patients: float = parameter(
        0.4, "deaths of donors looked after", unit="per person-year", low=0, high=5, grade="C",
        source=_COUPLED,
    )  # fmt: skip


@dataclass(frozen=True)
class OperationParameters:
    """Operations, and what lies between them."""

    deadly: tuple[float, ...] = parameter(
        (0.005, 0.08, 0.45, 1.0), "probability of dying at the operation of each step, under care "
        "of quality 0", unit="proportion", low=0, high=1, grade="C", source=_TUNED,
    )  # fmt: skip
    preparation: float = parameter(
        0.5, "mean time from the call-up until fit for the first", unit="years", low=0.25, high=1,
        grade="X", source=_OURS,
    )  # fmt: skip
    recovery: float = parameter(
        1.5, "mean recovery under care of quality 0", unit="years", low=1.2, high=1.8, grade="C",
        source=_TUNED,
    )  # fmt: skip
    wait: float = parameter(
        0.5, "mean time until a date and a fitting patient are found", unit="years", low=0.1,
        high=1, grade="C", source=_COUPLED,
    )  # fmt: skip
    gifts: tuple[float, ...] = parameter(
        (2.0, 3.0, 4.0, 0.0),
        "what is taken at each step where it is needed, as places in the list of gifts",
        low=0,
        high=8,
        grade="X",
        source="our assumption: kidney, part of the liver, pancreas and gut, the heart last",
    )
    outside_need: float = parameter(
        0.328, "share of operations before the last that find no patient and take tissue",
        unit="proportion", low=0, high=1, grade="C", source=_COUPLED,
    )  # fmt: skip
    limb: float = parameter(
        0.1, "share of these that take a limb", unit="proportion", low=0, high=1, grade="X",
        source="review: one on crutches, missing a leg; the share is ours",
    )  # fmt: skip
    care_mean: float = parameter(
        0.15, "quality of the care met at an operation, mean", low=-1.5, high=1, grade="C",
        source=_COUPLED,
    )  # fmt: skip
    care_spread: float = parameter(
        1.18, "its standard deviation", low=0, high=2, grade="C", source=_COUPLED
    )
    benefit: float = parameter(
        0.15, "what a good carer does for survival and recovery", low=0, high=0.4, grade="X",
        source="literature finds both an effect and none",
    )  # fmt: skip
    empathy_limit: float = parameter(
        0.2, "share of it lost because a carer has never been ill", unit="proportion", low=0,
        high=0.5, grade="X", source="article: unable to empathise beyond experience",
    )  # fmt: skip


@compiled
def care_at(key: np.uint64, numbers: np.void, person: int, step: int) -> float:
    """Answer a donor who asks who cares for him: the quality of that care, standardised."""
    z = normal(key, person, _CARE, step)
    return numbers["operations_care_mean"] + numbers["operations_care_spread"] * z


@compiled
def wait_for_need(key: np.uint64, numbers: np.void, person: int, step: int) -> float:
    """Answer a donor who asks what is needed: how long until something is [years]."""
    return numbers["operations_wait"] * exponential(key, person, _WAIT, step)


@compiled
def gift_at(key: np.uint64, numbers: np.void, person: int, step: int) -> int:
    """Answer a donor who asks what is taken: a place in the list of gifts."""
    if step < LAST_OPERATION:
        found, part = uniform_pair(key, person, _GIFT, step)
        if found < numbers["operations_outside_need"]:
            return A_LIMB if part < numbers["operations_limb"] else A_TISSUE
    return int(numbers["operations_gifts"][step - 1])


@compiled
def mobility_taken(gift: int, step: int) -> float:
    """Return the mobility that an operation takes, between 0 and 1."""
    if gift == A_LIMB:
        return 1.0
    return 0.3 if gift == A_LUNG and step > 1 else 0.1


@compiled
def turn_at(numbers: np.void, time: float) -> float:
    """Answer a carer who asks how the staffing turns her call-up at a time."""
    return numbers["stations_turn"]


@compiled
def quality_of(
    numbers: np.void, trust: float, industry: float, generativity: float, talent: float
) -> float:
    """Return the quality of a carer, standardised."""
    value = numbers["stations_quality_trust"] * trust
    value += numbers["stations_quality_industry"] * industry
    value += numbers["stations_quality_generativity"] * generativity
    value += numbers["stations_quality_talent"] * talent
    return value + numbers["stations_quality_mean"]


@compiled
def call_up_spent(numbers: np.void, tenure: float) -> float:
    """Return the cumulative call-up hazard of a tenure, before quality and staffing."""
    after = (tenure - numbers["stations_free_of_call"]) / numbers["stations_scale"]
    if after <= 0.0:
        return 0.0
    return power(after, numbers["stations_shape"])


@compiled
def call_up_tenure(numbers: np.void, spent: float, budget: float, ease: float) -> float:
    """Return the tenure at which a budget is spent, quality and staffing frozen.

    Args:
        numbers: The parameters.
        spent: ``call_up_spent`` of the tenure so far.
        budget: Unit hazard that is left.
        ease: What multiplies the hazard: staffing, and quality.
    """
    due = spent + budget / ease
    scale, shape = numbers["stations_scale"], numbers["stations_shape"]
    if due <= 0.0:
        return numbers["stations_free_of_call"]
    return numbers["stations_free_of_call"] + scale * power(due, 1.0 / shape)


@compiled
def gompertz_wait(budget: float, level: float, slope: float) -> float:
    """Return the remaining life that a unit exponential buys under a Gompertz hazard."""
    return log(1.0 + slope / level * budget) / slope


@compiled
def benefit_of(numbers: np.void) -> float:
    """Return what care of one standard deviation does, less what empathy cannot reach."""
    return numbers["operations_benefit"] * (1.0 - numbers["operations_empathy_limit"])


@compiled
def first_operation_wait(key: np.uint64, numbers: np.void, person: int) -> float:
    """Return how long after the call-up the first operation comes [years]."""
    fit = numbers["operations_preparation"] * 0.5 * gamma_two(key, person, _PREPARATION, 0)
    return fit + wait_for_need(key, numbers, person, 0)


@compiled
def recovery_after(key: np.uint64, numbers: np.void, person: int, step: int, care: float) -> float:
    """Return how long the recovery from an operation takes under some care [years]."""
    mean = numbers["operations_recovery"] * exp(-benefit_of(numbers) * care)
    return mean * 0.5 * gamma_two(key, person, _RECOVERY, step)


@compiled
def dies_at_operation(
    key: np.uint64, numbers: np.void, person: int, step: int, care: float
) -> bool:
    """Tell whether somebody dies at the operation of a step, from 1, under some care."""
    p = numbers["operations_deadly"][step - 1]
    if p >= 1.0:
        return True
    if p <= 0.0:
        return False
    odds = log(p / (1.0 - p)) - benefit_of(numbers) * care
    return uniform(key, person, _DEATH, step) < logistic(odds)
