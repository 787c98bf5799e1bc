"""From station to station: the turns of a life, operations, and the end."""

from __future__ import annotations

import math

from hailsham.engine.plain import exp, log
from hailsham.lives.codes import CAUSES, GIFTS, Event
from hailsham.world.development.plain.bonds import mourn, remind, renew_ties
from hailsham.world.development.plain.clocks import (
    A_COTTAGE,
    A_DREAM,
    A_HEALTH,
    A_SCHOOL,
    lose,
    restart_losses,
    start_station,
)
from hailsham.world.development.plain.course import (
    advance,
    consoled,
    quality,
    settle,
)
from hailsham.world.development.plain.person import (
    AFTER,
    COTTAGES,
    END,
    NOBODY,
    SCHOOL,
    WORK,
    Person,
    Pod,
    logistic,
    power,
)

_LIMB, _TISSUE, _LUNG = GIFTS.index("limb"), GIFTS.index("tissue"), GIFTS.index("lung")
_LAST = 4


def _set_clock(pod: Pod, one: Person, time: float) -> None:
    """Set the clock of development for the station just entered."""
    clock = pod.life.clock
    cap, years = (
        (clock.school_to, clock.school_years),
        (clock.cottages_to, clock.cottages_years),
        (clock.work_to, clock.work_years),
        (clock.last, clock.donor_years),
    )[one.station]
    one.pace, one.cap = (cap - one.tau) / years, cap
    if clock.form == "uniform":
        one.pace, one.cap = clock.last / clock.nominal_years, clock.last
    elif clock.form == "late_linear" and one.station != SCHOOL:
        one.pace = (clock.last - clock.school_to) / (clock.nominal_years - clock.school_years)
        one.cap = clock.last
    one.rate = power(one.pace, clock.compressibility)
    one.quick = one.rate / one.pace
    one.waiting = 1.0 if clock.cap == "calendar" and one.pace > 1.0 else one.rate
    one.reach = time + (one.cap - one.tau) / one.pace
    one.entered, one.tau_entry = time, one.tau


def enter_station(pod: Pod, one: Person, station: int, time: float) -> None:
    """Let a person, brought to this time, enter a station."""
    if station > SCHOOL and abs(one.cap - one.tau) < 1e-9:
        one.tau = one.cap
    one.station = station
    _set_clock(pod, one, time)
    start_station(pod, one, time)
    renew_ties(pod, one, time)
    restart_losses(pod, one, time)
    settle(pod, one)


def turn(pod: Pod, one: Person, time: float) -> None:
    """Let a person go on to the next station."""
    advance(pod, one, time)
    if one.station == SCHOOL:
        _leave_school(pod, one, time)
    elif one.station == COTTAGES:
        _begin_work(pod, one, time)
    elif one.station == WORK:
        _leave_work(pod, one, time)
    else:
        _die(pod, one, time, CAUSES.index("other"))


def _leave_school(pod: Pod, one: Person, time: float) -> None:
    """Let a child leave school for the Cottages."""
    notes, stations = pod.notes[one.seat], pod.life.stations
    notes["left_house"], notes["ties_16"] = time, pod.count_ties(one)
    pod.tell(one, time, Event.LEFT_HOUSE, detail=pod.house)
    one.streams["gallery"].due = one.due["sale"] = math.inf
    lose(pod, one, A_SCHOOL, time)
    least, most = stations.cottages_least, stations.cottages_most
    part = pod.uniform(one.address, "cottages.length")
    one.due["station"] = time + (least + part * (most - least))
    enter_station(pod, one, COTTAGES, time)


def _begin_work(pod: Pod, one: Person, time: float) -> None:
    """Let somebody leave the Cottages and begin work."""
    pod.notes[one.seat]["carer_from"] = time
    pod.tell(one, time, Event.BEGAN_CARING)
    lose(pod, one, A_COTTAGE, time)
    if one.dream and pod.uniform(one.address, "dream.dropped") < pod.life.hopes.dream_dropped:
        one.dream = 0
        lose(pod, one, A_DREAM, time)
    one.budget = pod.exponential(one.address, "call_up")
    one.due["station"] = one.born + pod.life.stations.retire_at
    enter_station(pod, one, WORK, time)


def _leave_work(pod: Pod, one: Person, time: float) -> None:
    """Let somebody be called up, or retire."""
    notes, life, x = pod.notes[one.seat], pod.life, one.x
    notes["carer_until"] = notes["donor_from"] = time
    notes["tenure"] = time - one.entered
    notes["quality"] = quality(life, one, x[0], x[3], x[6])
    notes["tau_call"], notes["knowledge_call"] = one.tau, one.knowledge
    notes["awareness_call"] = one.awareness
    notes["died_before_call"] = sum(other.station == END for other in pod.others(one))
    one.due["station"] = math.inf
    if life.interventions.life_review > 0.0:
        one.reviewing = True
        one.consolation = consoled(life, one)
    if life.stations.calls_up:
        pod.tell(one, time, Event.CALLED_UP)
        preparing = pod.gamma_two(one.address, "operation.preparation")
        fit = life.operations.preparation * 0.5 * preparing
        one.due["operation"] = time + (fit + _wait_for_need(pod, one))
    else:
        pod.tell(one, time, Event.RETIRED)
        budget, slope = (
            pod.exponential(one.address, "remaining_life"),
            life.stations.mortality_slope,
        )
        wait = log(1.0 + slope / life.stations.mortality * budget) / slope
        one.due["station"] = time + wait
    enter_station(pod, one, AFTER, time)


def _wait_for_need(pod: Pod, one: Person) -> float:
    """Answer a donor who asks how long until something is needed."""
    wait = pod.exponential(one.address, "operation.wait_for_need", one.operations)
    return pod.life.operations.wait * wait


def _gift(pod: Pod, one: Person) -> int:
    """Answer a donor who asks what is taken: a place in the list of gifts."""
    operations, step = pod.life.operations, one.operations
    if step < _LAST:
        found, part = pod.pair(one.address, "operation.gift", step)
        if found < operations.outside_need:
            return _LIMB if part < operations.limb else _TISSUE
    return int(operations.gifts[step - 1])


def _note_gift(pod: Pod, one: Person) -> None:
    """Note what is taken, and the mobility that goes with it."""
    notes, step, gift = pod.notes[one.seat], one.operations, _gift(pod, one)
    notes[f"gift_{step}"] = gift
    if step < _LAST:
        taken = 0.3 if gift == _LUNG and step > 1 else 0.1
        taken = 1.0 if gift == _LIMB else taken
        notes["mobility_lost"] = min(1.0, notes["mobility_lost"] + taken)


def operate(pod: Pod, one: Person, time: float) -> None:
    """Operate on a donor, who dies of it or waits for the next."""
    operations = pod.life.operations
    advance(pod, one, time)
    one.operations += 1
    step = one.operations
    if step == 1:
        pod.notes[one.seat]["first_operation"] = time
    care = operations.care_mean + operations.care_spread * pod.normal(
        one.address, "operation.care", step
    )
    one.care_sum += care
    _note_gift(pod, one)
    pod.tell(one, time, Event.OPERATED, detail=step)
    lose(pod, one, A_HEALTH, time)
    helped = operations.benefit * (1.0 - operations.empathy_limit)
    if _dies(pod, one, helped * care):
        _die(pod, one, time, CAUSES.index("completed"))
        return
    remind(pod, one, pod.life.reminders.donation)
    recovery = operations.recovery * exp(-helped * care) * 0.5
    recovery *= pod.gamma_two(one.address, "operation.recovery", step)
    one.recovery_sum += recovery
    one.due["operation"] = time + (recovery + _wait_for_need(pod, one))
    settle(pod, one)


def _dies(pod: Pod, one: Person, helped: float) -> bool:
    """Tell whether a donor dies at an operation."""
    p = pod.life.operations.deadly[one.operations - 1]
    if p <= 0.0 or p >= 1.0:
        return p >= 1.0
    odds = log(p / (1.0 - p)) - helped
    return pod.uniform(one.address, "operation.death", one.operations) < logistic(odds)


def _die(pod: Pod, one: Person, time: float, cause: int) -> None:
    """Let a person die; existence is lost, and friends lose a friend."""
    notes = pod.notes[one.seat]
    notes["ended"], notes["ties_end"] = time, pod.count_ties(one)
    notes["couple_end"] = int(one.partner != NOBODY)
    one.lost += 1
    one.station = END
    pod.tell(one, time, Event.DIED, detail=cause)
    mourn(pod, one, time)
