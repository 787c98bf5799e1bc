"""A pod is lived: always the next event of the eight, until nothing is due."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.world.development.awareness import logistic
from hailsham.world.development.clock import END, SCHOOL
from hailsham.world.development.pod.birth import bear, draw_ties
from hailsham.world.development.pod.bonds import count_ties, end_first_tie
from hailsham.world.development.pod.childhood import DAYS_PER_YEAR
from hailsham.world.development.pod.course import advance
from hailsham.world.development.pod.events import happen
from hailsham.world.development.pod.remembering import remember_until
from hailsham.world.development.pod.state import NOBODY, PERSON, SEATS, TICK, Pod
from hailsham.world.development.pod.turns import enter_station

#: Peacefully aware at the end: felt, without despair, most of it let go.
PEACE_AWARENESS, PEACE_DESPAIR, PEACE_LET_GO = 0.6, 0.20, 0.75
STATUS_INTEGRITY, STATUS_DESPAIR = 0.6, 0.5
KNOWN = 0.9


@compiled
def _status(integrity: float, despair: float) -> int:
    """Return the integrity status, as a place in the list of statuses."""
    if integrity >= STATUS_INTEGRITY:
        return 0 if despair < STATUS_DESPAIR else 1
    return 3 if despair < STATUS_DESPAIR else 2


@compiled
def _write_state(pod: Pod, seat: int) -> None:
    """Write where a person stands at the end."""
    row, life = pod.people[seat], pod.lives[seat]
    x = row["x"]
    life["x_1"], life["x_2"], life["x_3"], life["x_4"] = x[0], x[1], x[2], x[3]
    life["x_5"], life["x_6"], life["x_7"], life["x_8"] = x[4], x[5], x[6], x[7]
    life["stage_1"], life["stage_2"] = 1.0 + 4.0 * logistic(x[0]), 1.0 + 4.0 * logistic(x[1])
    life["stage_3"], life["stage_4"] = 1.0 + 4.0 * logistic(x[2]), 1.0 + 4.0 * logistic(x[3])
    life["stage_5"], life["stage_6"] = 1.0 + 4.0 * logistic(x[4]), 1.0 + 4.0 * logistic(x[5])
    life["stage_7"], life["stage_8"] = 1.0 + 4.0 * logistic(x[6]), 1.0 + 4.0 * logistic(x[7])
    integrity, despair = logistic(x[7]), logistic(row["despair"])
    life["integrity"], life["despair"] = integrity, despair
    life["integrity_status"] = _status(integrity, despair)
    # Existence, the last loss, is never let go and does not count here.
    share = row["share"]
    life["lost"], life["let_go"], life["letting_go"] = row["lost"], row["let"], share
    awareness = row["awareness"]
    is_calm = despair <= PEACE_DESPAIR and share >= PEACE_LET_GO
    life["peaceful"] = 1 if awareness >= PEACE_AWARENESS and is_calm else 0
    life["knowledge_end"], life["awareness_end"] = row["knowledge"], awareness
    life["denial_end"] = row["denial"]
    understood = 1.0 if row["knowledge"] >= KNOWN else 0.0
    understood += 1.0 if row["crossed"] == 1 else 0.0
    understood += 1.0 if row["hope"] == 0 else 0.0
    life["understanding"] = understood / 3.0
    life["consolation"], life["grief"] = row["consolation"], row["grief"]
    life["memories_own"], life["memories_borrowed"] = row["n_own"], row["n_borrowed"]
    life["memories_invented"] = row["n_invented"]
    life["good_feeling"], life["bad_feeling"] = row["good"], row["bad"]
    life["hope_end"], life["style"], life["guilt"] = row["hope"], row["style"], row["guilt"]
    life["tau_end"], life["ticks"] = row["tau"], row["ticks"]
    if row["station"] != END:
        life["ties_end"] = count_ties(pod, seat)
        life["couple_end"] = 0 if row["partner"] == NOBODY else 1


@compiled
def _write_rest(pod: Pod, seat: int) -> None:
    """Write whose life it was, what was fixed at birth, and what the house counted."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    place = pod.frame
    life["person"], life["pod"], life["seat"] = row["person"], place["person"][0], seat
    life["life"], life["house"], life["born"] = place["life"], place["house"], row["born"]
    life["general"], life["anger"] = row["general"], row["anger"]
    life["judgement"], life["talent"] = row["judgement"], row["talent"]
    life["ostracised"], life["substitutes"] = row["ostracised"], row["substitutes"]
    life["gallery"], life["donations"] = row["picked"], row["operations"]
    life["tokens_earned"], life["tokens_held"] = row["earned"], row["held"]
    if row["operations"] > 0:
        life["care_mean"] = row["care_sum"] / row["operations"]
    survived = row["operations"] - (1 if row["station"] == END else 0)
    if survived > 0:
        life["recovery_mean"] = row["recovery_sum"] / survived
    left = row["since"] if row["station"] == SCHOOL else life["left_house"]
    days = (left - row["born"] - numbers["house_checks_from"]) * DAYS_PER_YEAR
    life["checks"] = np.int64(math.floor(numbers["house_checks"] * max(0.0, days)))


@compiled
def _leave(pod: Pod, seat: int, time: float) -> None:
    """Write a person as of a time; she lives on unseen, for the sake of the younger ones."""
    frame, people = pod.frame, pod.people
    remember_until(pod, people[seat], time)
    here = people[seat : seat + 1].copy()
    advance(pod, seat, time)
    _write_state(pod, seat)
    _write_rest(pod, seat)
    # Looking must not change what follows: she goes on from where she was.
    people[seat] = here[0]
    people[seat]["left"] = 1
    frame["here"] -= 1


@compiled
def _next_to_leave(pod: Pod, until: float) -> tuple[float, int]:
    """Return who of the living is left next, and when."""
    time, seat = math.inf, NOBODY
    for other in range(SEATS):
        row = pod.people[other]
        if row["left"] == 0 and row["station"] < END and row["born"] + until < time:
            time, seat = row["born"] + until, other
    return time, seat


@compiled
def live_pod(pod: Pod, until: float) -> None:
    """Live a pod.

    Args:
        pod: Eight blank rows, told who they are; what comes out is blank, too.
        until: [years] Age at which each is left, with what happens at that age done.
    """
    people, kept = pod.people, pod.lives.copy()
    pod.frame["here"] = SEATS
    draw_ties(pod)
    for seat in range(SEATS):
        bear(pod, seat)
        enter_station(pod, seat, SCHOOL, people[seat]["born"])
    while pod.frame["here"] > 0:
        time, clock, seat = math.inf, TICK, NOBODY
        for other in range(SEATS):
            row = people[other]
            if row["next"] < time or (row["next"] == time and row["clock"] < clock):
                time, clock, seat = row["next"], row["clock"], other
        if time == math.inf:
            break
        first_end = pod.frame["first_end"]
        if until < math.inf:
            stop, leaving = _next_to_leave(pod, until)
            if stop < min(time, first_end):
                _leave(pod, leaving, stop)
                kept[leaving] = pod.lives[leaving]
                continue
        if first_end < time:
            end_first_tie(pod, first_end)
            continue
        events = pod.frame["events"]
        happen(pod, seat)
        pod.lives[seat]["events"] += pod.frame["events"] - events
    for seat in range(SEATS):
        if people[seat]["left"] == 1:
            pod.lives[seat] = kept[seat]
        else:
            _write_state(pod, seat)
            _write_rest(pod, seat)


@compiled
def live_block(
    key: np.uint64,
    numbers: NDArray[np.void],
    places: NDArray[np.void],
    lives: NDArray[np.void],
    log: NDArray[np.void],
    frames: NDArray[np.void],
    until: float,
) -> None:
    """Live a block of pods one after another.

    Args:
        key: Key of the draws.
        numbers: One row for each set of numbers.
        places: One row a pod.
        lives: Eight blank rows a pod; written to.
        log: Where events go.
        frames: One row, used by each pod in turn; its counts are kept.
        until: [years] Age at which each is left.
    """
    frame = frames[0]
    for k in range(places.size):
        place, people = places[k], np.zeros(SEATS, PERSON)
        frame["life"], frame["house"] = place["life"], place["house"]
        frame["truth"], frame["closes"] = place["truth"], place["closes"]
        for seat in range(SEATS):
            frame["person"][seat] = place["person"][seat]
            frame["born"][seat] = place["born"][seat]
        out = lives[SEATS * k : SEATS * (k + 1)]
        live_pod(Pod(key, numbers[place["life"]], people, frame, out, log), until)
