"""From one station to the next, and to the end."""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.compiling import compiled, whole_number
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.lives.codes import CAUSES, Event
from hailsham.world.development.clock import (
    COTTAGES,
    DONOR,
    END,
    SCHOOL,
    WORK,
    power,
    station_clock,
    waiting_rate,
)
from hailsham.world.development.hopes import IGNORANT, hearing_rate
from hailsham.world.development.pod.bonds import (
    count_ties,
    felt_now,
    mourn,
    remind,
    renew_ties,
)
from hailsham.world.development.pod.course import (
    advance,
    settle,
)
from hailsham.world.development.pod.remembering import consoled
from hailsham.world.development.pod.state import (
    BORROW,
    CHANCE,
    CLOCKS,
    COUPLE,
    GALLERY,
    HEAR,
    ILLNESS,
    INVENT,
    MEND,
    NOBODY,
    OPERATION,
    PATIENT,
    SALE,
    SEATS,
    STATION,
    Pod,
)
from hailsham.world.development.pod.stations import (
    LAST_OPERATION,
    care_at,
    dies_at_operation,
    first_operation_wait,
    gift_at,
    gompertz_wait,
    mobility_taken,
    quality_of,
    recovery_after,
    wait_for_need,
)
from hailsham.world.development.pod.streams import (
    A_COTTAGE,
    A_DREAM,
    A_HEALTH,
    A_SCHOOL,
    open_loss,
    restart_losses,
    start_clock,
    tell,
)
from hailsham.world.development.style import REPAIRER

_COTTAGES = purpose("inner.cottages.length")
_DROPPED = purpose("inner.dream.dropped")
_BUDGET = purpose("inner.call_up")
_REMAINING = purpose("inner.remaining_life")

#: Developmental years below which a difference is one of rounding.
ROUNDING = 1e-9

_LEFT, _BEGAN = whole_number(Event.LEFT_HOUSE), whole_number(Event.BEGAN_CARING)
_CALLED, _RETIRED = whole_number(Event.CALLED_UP), whole_number(Event.RETIRED)
_OPERATED, _DIED = whole_number(Event.OPERATED), whole_number(Event.DIED)
_COMPLETED = whole_number(CAUSES.index("completed"))
_OF_AGE = whole_number(CAUSES.index("other"))


@compiled
def _most_trust(numbers: np.void, row: np.void) -> float:
    """Return the largest trust that is possible in a station, from here on."""
    found = row["substitutes"]
    more = 0.0
    if row["station"] == SCHOOL:
        found = max(found, np.int64(numbers["house_substitutes_most"]))
        more = numbers["house_fantasy"]
    target = row["base"][0] + numbers["stages_substitute"] * found
    return max(row["x"][0], target) + more


@compiled
def start_consoling(pod: Pod, row: np.void, time: float) -> None:
    """Start to borrow and invent memories, which nobody does before awareness."""
    numbers = pod.numbers
    rate = numbers["memory_borrowing"] * row["rate"]
    start_clock(pod, row, BORROW, numbers["memory_borrow"] * rate, time)
    start_clock(pod, row, INVENT, numbers["memory_invent"] * rate, time)


@compiled
def _start_streams(pod: Pod, seat: int, time: float) -> None:
    """Start afresh the streams whose bounds belong to a station."""
    numbers, row = pod.numbers, pod.people[seat]
    station = row["station"]
    couple_from = row["born"] + numbers["ties_couple_from"]
    coupling = numbers["ties_couple_rate"] * count_ties(pod, seat) if station < DONOR else 0.0
    start_clock(pod, row, COUPLE, coupling, max(time, couple_from))
    if station >= COTTAGES and row["rumour"] == IGNORANT:
        start_clock(pod, row, HEAR, hearing_rate(numbers, station, SEATS - 1), time)
    if row["style"] == REPAIRER:
        start_clock(pod, row, MEND, numbers["style_mending"] * row["rate"], time)
    if row["crossed"] == 1:
        start_consoling(pod, row, time)
    is_at_work = 1.0 if station == WORK else 0.0
    start_clock(pod, row, PATIENT, is_at_work * numbers["stations_patients"], time)
    taken = numbers["escape_chances"] * numbers["escape_conceived"]
    taken *= numbers["escape_feasible"] * numbers["escape_taken"]
    start_clock(pod, row, CHANCE, is_at_work * taken, time)
    ill = numbers["letting_go_illnesses"] if station == DONOR else 0.0
    start_clock(pod, row, ILLNESS, ill, time)


@compiled
def enter_station(pod: Pod, seat: int, station: int, time: float) -> None:
    """Let a person, brought to this time, enter a station."""
    numbers, row = pod.numbers, pod.people[seat]
    # A station that lasts as long as expected ends at its anchor, whatever rounding says: an
    # ordinary pace is then exactly one.
    if station > SCHOOL and abs(row["cap"] - row["tau"]) < ROUNDING:
        row["tau"] = row["cap"]
    row["station"], row["entered"], row["tau_entry"] = station, time, row["tau"]
    pace, cap = station_clock(numbers, station, row["tau"])
    row["pace"], row["cap"] = pace, cap
    row["rate"] = power(pace, numbers["clock_compressibility"])
    row["quick"] = row["rate"] / pace
    row["waiting"] = waiting_rate(numbers, pace, row["rate"])
    row["reach"] = time + (cap - row["tau"]) / pace
    _start_streams(pod, seat, time)
    renew_ties(pod, seat, time)
    restart_losses(pod, row, _most_trust(numbers, row), time)
    settle(pod, seat)


@compiled
def leave_school(pod: Pod, seat: int, time: float) -> None:
    """Let a child leave school for the Cottages."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    advance(pod, seat, time)
    life["left_house"], life["ties_16"] = time, count_ties(pod, seat)
    tell(pod, row, time, _LEFT, NOBODY, pod.frame["house"])
    row["due"][GALLERY], row["due"][SALE] = math.inf, math.inf
    open_loss(pod, row, A_SCHOOL, NOBODY, time)
    least, most = numbers["stations_cottages_least"], numbers["stations_cottages_most"]
    part = uniform(pod.key, row["person"], _COTTAGES, 0)
    row["due"][STATION] = time + (least + part * (most - least))
    enter_station(pod, seat, COTTAGES, time)


@compiled
def begin_work(pod: Pod, seat: int, time: float) -> None:
    """Let somebody leave the Cottages and begin work."""
    numbers, row = pod.numbers, pod.people[seat]
    advance(pod, seat, time)
    pod.lives[seat]["carer_from"] = time
    tell(pod, row, time, _BEGAN, NOBODY, NOBODY)
    open_loss(pod, row, A_COTTAGE, NOBODY, time)
    if row["dream"] == 1:
        if uniform(pod.key, row["person"], _DROPPED, 0) < numbers["hopes_dream_dropped"]:
            row["dream"] = 0
            open_loss(pod, row, A_DREAM, NOBODY, time)
    row["budget"], row["spent"] = exponential(pod.key, row["person"], _BUDGET, 0), 0.0
    row["due"][STATION] = row["born"] + numbers["stations_retire_at"]
    enter_station(pod, seat, WORK, time)


@compiled
def leave_work(pod: Pod, seat: int, time: float) -> None:
    """Let somebody be called up, or retire."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    advance(pod, seat, time)
    x = row["x"]
    life["carer_until"], life["donor_from"] = time, time
    life["tenure"] = time - row["entered"]
    life["quality"] = quality_of(numbers, x[0], x[3], x[6], row["talent"])
    life["tau_call"], life["knowledge_call"] = row["tau"], row["knowledge"]
    life["awareness_call"] = row["awareness"]
    for other in range(SEATS):
        life["died_before_call"] += 1 if pod.people[other]["station"] == END else 0
    row["due"][STATION] = math.inf
    if numbers["interventions_life_review"] > 0.0:
        row["reviewing"] = 1
        row["consolation"] = consoled(numbers, row)
    if numbers["stations_calls_up"] != 0.0:
        tell(pod, row, time, _CALLED, NOBODY, NOBODY)
        row["due"][OPERATION] = time + first_operation_wait(pod.key, numbers, row["person"])
    else:
        tell(pod, row, time, _RETIRED, NOBODY, NOBODY)
        budget = exponential(pod.key, row["person"], _REMAINING, 0)
        level, slope = numbers["stations_mortality"], numbers["stations_mortality_slope"]
        row["due"][STATION] = time + gompertz_wait(budget, level, slope)
    enter_station(pod, seat, DONOR, time)


@compiled
def _note_gift(life: np.void, gift: int, step: int) -> None:
    """Note what was taken, and the mobility that went with it."""
    if step == 1:
        life["gift_1"] = gift
    elif step == 2:
        life["gift_2"] = gift
    elif step == 3:
        life["gift_3"] = gift
    else:
        life["gift_4"] = gift
    if step < LAST_OPERATION:
        life["mobility_lost"] = min(1.0, life["mobility_lost"] + mobility_taken(gift, step))


@compiled
def operate(pod: Pod, seat: int, time: float) -> None:
    """Operate on a donor, who dies of it or waits for the next."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    key, person = pod.key, row["person"]
    advance(pod, seat, time)
    row["operations"] += 1
    step = row["operations"]
    if step == 1:
        life["first_operation"] = time
    care = care_at(key, numbers, person, step)
    row["care_sum"] += care
    _note_gift(life, gift_at(key, numbers, person, step), step)
    tell(pod, row, time, _OPERATED, NOBODY, step)
    open_loss(pod, row, A_HEALTH, NOBODY, time)
    if dies_at_operation(key, numbers, person, step, care):
        end_life(pod, seat, time, _COMPLETED)
        return
    remind(row, numbers["reminders_donation"], felt_now(numbers, row))
    recovery = recovery_after(key, numbers, person, step, care)
    row["recovery_sum"] += recovery
    row["due"][OPERATION] = time + (recovery + wait_for_need(key, numbers, person, step))
    settle(pod, seat)


@compiled
def end_life(pod: Pod, seat: int, time: float, cause: int) -> None:
    """Let a person, brought to this time, die; friends lose a friend."""
    row, life = pod.people[seat], pod.lives[seat]
    life["ended"], life["ties_end"] = time, count_ties(pod, seat)
    life["couple_end"] = 0 if row["partner"] == NOBODY else 1
    row["lost"] += 1
    row["station"] = END
    pod.frame["here"] -= 1 - row["left"]
    for clock in range(CLOCKS):
        row["due"][clock] = math.inf
    row["next"] = math.inf
    tell(pod, row, time, _DIED, NOBODY, cause)
    mourn(pod, seat, time)


@compiled
def turn(pod: Pod, seat: int, time: float) -> None:
    """Let a person go on to the next station."""
    station = pod.people[seat]["station"]
    if station == SCHOOL:
        leave_school(pod, seat, time)
    elif station == COTTAGES:
        begin_work(pod, seat, time)
    elif station == WORK:
        leave_work(pod, seat, time)
    else:
        advance(pod, seat, time)
        end_life(pod, seat, time, _OF_AGE)
