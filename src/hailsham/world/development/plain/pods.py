"""Pods are lived one after another, always the next event of the eight."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hailsham.world.development.lives import Lived, blank_lives
from hailsham.world.development.parameters import InnerLife
from hailsham.world.development.plain.birth import bear
from hailsham.world.development.plain.bonds import draw_ties, end_first_tie
from hailsham.world.development.plain.course import advance, remember_until
from hailsham.world.development.plain.happenings import happen
from hailsham.world.development.plain.person import (
    CLOCKS,
    END,
    NOBODY,
    SCHOOL,
    SEATS,
    Person,
    Pod,
    logistic,
)
from hailsham.world.development.pod.state import EVENT

_DAYS_PER_YEAR = 365.25


def live_pods(
    key: np.uint64,
    *,
    lives: Sequence[InnerLife],
    pods: NDArray[np.void],
    until: float = math.inf,
) -> Lived:
    """Live some pods to their end, and keep every event.

    Args:
        key: From ``draw_key``.
        lives: The sets of numbers lived by.
        pods: Who lives: rows of ``POD``. Shape (n,).
        until: [years] Age at which everybody is left; what happens at it is done.
    """
    notes = blank_lives(pods.size * SEATS)
    rows: list[tuple[int, float, int, int, int]] = []
    for place, row in enumerate(pods):
        people = [
            Person(int(row["person"][seat]), seat, float(row["born"][seat]))
            for seat in range(SEATS)
        ]
        own = notes[SEATS * place : SEATS * (place + 1)]
        life, house = lives[int(row["life"])], int(row["house"])
        truth, closes = float(row["truth"]), float(row["closes"])
        pod = Pod(int(key), life, house, truth, closes, people, own)
        own["life"] = row["life"]
        _live_pod(pod, until)
        rows += pod.log
    log = np.array(sorted(rows, key=lambda event: event[:2]), EVENT)
    return Lived(notes, log)


def _live_pod(pod: Pod, until: float) -> None:
    """Live a pod."""
    draw_ties(pod)
    for one in pod.people:
        bear(pod, one)
    left: dict[int, np.void] = {}
    while any(one.station < END and not one.left for one in pod.people):
        (time, clock), one = _next(pod)
        ends = min((tie.ends for tie in pod.ties.values()), default=math.inf)
        stop, leaving = _next_to_leave(pod, until)
        if stop < min(time, ends):
            left[leaving.seat] = _leave(pod, leaving, stop)
        elif ends < time:
            end_first_tie(pod, ends)
        elif time < math.inf:
            counted = pod.counted
            happen(pod, one, CLOCKS[clock], time)
            pod.notes[one.seat]["events"] += pod.counted - counted
        else:
            break
    for one in pod.people:
        _write(pod, one)
        if one.left:
            pod.notes[one.seat] = left[one.seat]


def _next(pod: Pod) -> tuple[tuple[float, int], Person]:
    """Return what is due next in the pod, and to whom."""
    due = [one.next_clock() for one in pod.people]
    first = min(due)
    return first, pod.people[due.index(first)]


def _next_to_leave(pod: Pod, until: float) -> tuple[float, Person]:
    """Return who of the living is left next, and when."""
    here = [one for one in pod.people if not one.left and one.station < END]
    leaving = min(here, key=lambda one: one.born)
    return leaving.born + until, leaving


def _leave(pod: Pod, one: Person, time: float) -> np.void:
    """Write a person as of a time; she lives on unseen, as if nobody had looked."""
    remember_until(pod, one, time)
    seen = copy.deepcopy(one)
    pod.people[one.seat] = seen
    advance(pod, seen, time)
    _write(pod, seen)
    pod.people[one.seat] = one
    one.left = True
    return pod.notes[one.seat].copy()


def _write(pod: Pod, one: Person) -> None:
    """Write where a person stands at the end."""
    notes = pod.notes[one.seat]
    for stage, x in enumerate(one.x, start=1):
        notes[f"x_{stage}"], notes[f"stage_{stage}"] = x, 1.0 + 4.0 * logistic(x)
    _write_ending(notes, one)
    _write_counts(pod, notes, one)
    for name in ("general", "anger", "judgement", "talent", "ostracised", "substitutes"):
        notes[name] = getattr(one, name)
    notes["person"], notes["pod"], notes["seat"] = one.address, pod.people[0].address, one.seat
    notes["house"], notes["born"] = pod.house, one.born
    survived = one.operations - (one.station == END)
    if one.operations > 0:
        notes["care_mean"] = one.care_sum / one.operations
    if survived > 0:
        notes["recovery_mean"] = one.recovery_sum / survived
    if one.station != END:
        notes["ties_end"] = pod.count_ties(one)
        notes["couple_end"] = int(one.partner != NOBODY)


def _write_ending(notes: np.void, one: Person) -> None:
    """Write integrity, despair and what stands behind them."""
    integrity, despair = logistic(one.x[7]), logistic(one.despair)
    notes["integrity"], notes["despair"] = integrity, despair
    hurts = despair >= 0.5
    if integrity >= 0.6:
        notes["integrity_status"] = 1 if hurts else 0
    else:
        notes["integrity_status"] = 2 if hurts else 3
    is_calm = despair <= 0.20 and one.share >= 0.75
    notes["peaceful"] = int(one.awareness >= 0.6 and is_calm)
    known = float(one.knowledge >= 0.9) + float(one.crossed) + float(one.hope == 0)
    notes["understanding"] = known / 3.0
    notes["knowledge_end"], notes["awareness_end"] = one.knowledge, one.awareness
    notes["denial_end"], notes["consolation"] = one.denial, one.consolation
    notes["good_feeling"], notes["bad_feeling"] = one.good, one.bad
    notes["grief"], notes["letting_go"], notes["tau_end"] = one.grief, one.share, one.tau


def _write_counts(pod: Pod, notes: np.void, one: Person) -> None:
    """Write what was counted in a life."""
    notes["lost"], notes["let_go"], notes["guilt"] = one.lost, one.let, one.guilt
    notes["memories_own"], notes["memories_borrowed"] = one.n_own, one.n_borrowed
    notes["memories_invented"], notes["ticks"] = one.n_invented, one.ticks
    notes["hope_end"], notes["style"] = one.hope, one.style
    notes["gallery"], notes["donations"] = one.works, one.operations
    notes["tokens_earned"], notes["tokens_held"] = one.earned, one.tokens
    house = pod.life.house
    until = one.since if one.station == SCHOOL else float(notes["left_house"])
    days = (until - one.born - house.checks_from) * _DAYS_PER_YEAR
    notes["checks"] = math.floor(house.checks * max(0.0, days))
