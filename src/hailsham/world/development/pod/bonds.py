"""What passes between the people of a pod, and what it does to each of them.

Whoever is touched by an event is first brought to its time, then changed, then
settled; of two, the lower seat first.
"""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.arithmetic import log
from hailsham.engine.compiling import compiled, whole_number
from hailsham.engine.draws import purpose, uniform
from hailsham.lives.codes import Event
from hailsham.world.development.awareness import salience
from hailsham.world.development.clock import END
from hailsham.world.development.hopes import STIFLER
from hailsham.world.development.pod.course import (
    advance,
    settle,
    tau_at,
    tie_at,
    widths_past,
)
from hailsham.world.development.pod.state import (
    APPLY,
    HEAR,
    LAPSE,
    MEND,
    NOBODY,
    SEATS,
    STOP,
    Pod,
)
from hailsham.world.development.pod.streams import (
    A_BELIEF,
    A_FRIEND,
    A_TIE,
    open_loss,
    start_clock,
    stop_clock,
    tell,
)
from hailsham.world.development.style import REPAIRER, choose_style
from hailsham.world.development.ties import decay_rate, years_to_end

_STYLE = purpose("inner.style")

_COUPLE, _APPLIED, _REFUSED = (
    whole_number(Event.BECAME_COUPLE),
    whole_number(Event.APPLIED),
    whole_number(Event.REFUSED),
)
_STYLED, _TIE_ENDED = whole_number(Event.CHOSE_STYLE), whole_number(Event.TIE_ENDED)
_FRIEND_DIED, _LOST_BELIEF = whole_number(Event.FRIEND_DIED), whole_number(Event.LOST_BELIEF)


@compiled
def remind(row: np.void, share: float, felt: float) -> None:
    """Let a reminder take its share of denial."""
    row["denial"] *= 1.0 - share * felt
    row["denial_logit"] = log(row["denial"] / (1.0 - row["denial"]))


@compiled
def felt_now(numbers: np.void, row: np.void) -> float:
    """Return how much of a reminder is felt as the person stands."""
    return salience(numbers, widths_past(numbers, row, row["tau"]))


@compiled
def is_tied(pod: Pod, one: int, other: int) -> bool:
    """Tell whether two seats are tied."""
    return pod.frame["tie"][min(one, other), max(one, other)] > 0.0


@compiled
def count_ties(pod: Pod, seat: int) -> int:
    """Return how many living others a seat is tied to."""
    ties = 0
    for other in range(SEATS):
        if other != seat and is_tied(pod, seat, other):
            ties += 1
    return ties


@compiled
def _find_first_end(pod: Pod) -> None:
    """Find when the first tie of the pod ends."""
    first = math.inf
    for a in range(SEATS):
        for b in range(a + 1, SEATS):
            first = min(first, pod.frame["tie_ends"][a, b])
    pod.frame["first_end"] = first


@compiled
def renew_ties(pod: Pod, seat: int, time: float) -> None:
    """Set how every tie of a seat decays from a time on."""
    numbers, row = pod.numbers, pod.people[seat]
    for other in range(SEATS):
        a, b = min(seat, other), max(seat, other)
        if a == b or pod.frame["tie"][a, b] == 0.0:
            continue
        mate = pod.people[other]
        weight = tie_at(pod, a, b, time)
        rate = decay_rate(numbers, row["station"], mate["station"], row["partner"] == other)
        selective = numbers["ties_selectivity"]
        if selective > 0.0:
            felt = 0.5 * (row["awareness"] + mate["awareness"])
            rate *= 1.0 + selective * felt * (1.0 - weight)
        pod.frame["tie"][a, b], pod.frame["tie_at"][a, b], pod.frame["tie_rate"][a, b] = (
            weight,
            time,
            rate,
        )
        pod.frame["tie_ends"][a, b] = time + years_to_end(weight, rate, numbers["ties_ends_below"])
    _find_first_end(pod)


@compiled
def _cut(pod: Pod, one: int, other: int) -> None:
    """Cut the tie of two seats; if they were a couple they are one no longer."""
    a, b = min(one, other), max(one, other)
    pod.frame["tie"][a, b], pod.frame["tie_rate"][a, b], pod.frame["tie_ends"][a, b] = (
        0.0,
        0.0,
        math.inf,
    )
    if pod.people[a]["partner"] == b:
        pod.people[a]["partner"], pod.people[b]["partner"] = NOBODY, NOBODY
    _find_first_end(pod)


@compiled
def end_first_tie(pod: Pod, time: float) -> None:
    """End the tie that has fallen to the threshold: a loss to both."""
    for a in range(SEATS):
        for b in range(a + 1, SEATS):
            if pod.frame["tie_ends"][a, b] == time:
                advance(pod, a, time)
                advance(pod, b, time)
                _cut(pod, a, b)
                one, other = pod.people[a], pod.people[b]
                tell(pod, one, time, _TIE_ENDED, other["person"], NOBODY)
                open_loss(pod, one, A_TIE, other["person"], time)
                tell(pod, other, time, _TIE_ENDED, one["person"], NOBODY)
                open_loss(pod, other, A_TIE, one["person"], time)
                settle(pod, a)
                settle(pod, b)
                return


@compiled
def _note_couple(pod: Pod, seat: int, other: int, time: float) -> None:
    """Note a new partner among what comes out."""
    life, mate = pod.lives[seat], pod.people[other]["person"]
    life["couples"] += 1
    if life["first_couple"] == NOBODY:
        life["first_couple"] = mate
    life["couple"], life["couple_from"] = mate, time
    tell(pod, pod.people[seat], time, _COUPLE, mate, NOBODY)


@compiled
def become_couple(pod: Pod, seat: int, other: int, time: float) -> None:
    """Let two friends become a couple."""
    a, b = min(seat, other), max(seat, other)
    advance(pod, a, time)
    advance(pod, b, time)
    pod.people[a]["partner"], pod.people[b]["partner"] = b, a
    renew_ties(pod, a, time)
    _note_couple(pod, a, b, time)
    _note_couple(pod, b, a, time)
    settle(pod, a)
    settle(pod, b)


@compiled
def take_style(pod: Pod, row: np.void, life: np.void, time: float) -> None:
    """Let a person choose a style of preparing for death, unless it is held."""
    numbers = pod.numbers
    if numbers["style_held"] >= 0.0:
        return
    unit = uniform(pod.key, row["person"], _STYLE, row["choices"])
    row["choices"] += 1
    row["style"] = choose_style(
        numbers, unit, row["x"][0], row["consolation"], row["judgement"], row["anger"],
        row["guilt"], row["hope"] == 1, tau_at(row, time),
    )  # fmt: skip
    if life["style_first"] == 0:
        life["style_first"] = row["style"]
    tell(pod, row, time, _STYLED, NOBODY, row["style"])
    if row["style"] == REPAIRER:
        start_clock(pod, row, MEND, numbers["style_mending"] * row["rate"], time)
    else:
        stop_clock(row, MEND)


@compiled
def lose_belief(pod: Pod, row: np.void, time: float) -> None:
    """Let a person give up the belief in deferrals: a loss."""
    row["hope"] = 0
    stop_clock(row, APPLY)
    stop_clock(row, LAPSE)
    tell(pod, row, time, _LOST_BELIEF, NOBODY, NOBODY)
    open_loss(pod, row, A_BELIEF, NOBODY, time)


@compiled
def _be_refused(pod: Pod, seat: int, time: float) -> None:
    """Refuse a deferral to one of a couple, who now knows, grieves and chooses anew."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    mate = pod.people[row["partner"]]["person"]
    tell(pod, row, time, _APPLIED, mate, NOBODY)
    tell(pod, row, time, _REFUSED, mate, NOBODY)
    life["applied"], life["refused"] = time, time
    row["knowledge"] = 1.0
    remind(row, numbers["reminders_refusal"], 1.0)
    remind(row, numbers["reminders_elders"], 1.0)
    row["grief"] += numbers["grief_refusal"]
    row["rumour"] = STIFLER
    stop_clock(row, HEAR)
    stop_clock(row, STOP)
    if row["hope"] == 1:
        lose_belief(pod, row, time)
    take_style(pod, row, life, time)


@compiled
def apply_for_deferral(pod: Pod, seat: int, time: float) -> None:
    """Let a couple apply, in both names: it is refused, to both."""
    a = min(seat, pod.people[seat]["partner"])
    b = max(seat, pod.people[seat]["partner"])
    advance(pod, a, time)
    advance(pod, b, time)
    _be_refused(pod, a, time)
    _be_refused(pod, b, time)
    settle(pod, a)
    settle(pod, b)


@compiled
def mourn(pod: Pod, seat: int, time: float) -> None:
    """Let everybody tied to a seat, who has just died, lose a friend."""
    numbers, dead = pod.numbers, pod.people[seat]
    for other in range(SEATS):
        mate = pod.people[other]
        if other == seat or not is_tied(pod, seat, other):
            continue
        weight = tie_at(pod, seat, other, time)
        were_couple = mate["partner"] == seat
        advance(pod, other, time)
        grief = weight * (1.0 - numbers["grief_prepared"] * mate["awareness"])
        if were_couple:
            grief *= numbers["grief_partner"]
            both_refused = pod.lives[seat]["refused"] == pod.lives[other]["refused"]
            if both_refused:
                grief *= 1.0 - numbers["grief_rehearsal"]
        mate["grief"] += grief
        felt = felt_now(numbers, mate)
        remind(mate, numbers["reminders_friend"] * weight, felt)
        _cut(pod, seat, other)
        tell(pod, mate, time, _FRIEND_DIED, dead["person"], 1 if were_couple else 0)
        open_loss(pod, mate, A_FRIEND, dead["person"], time)
        settle(pod, other)


@compiled
def is_single(row: np.void) -> bool:
    """Tell whether a person is alive and of no couple."""
    return row["partner"] == NOBODY and row["station"] < END


@compiled
def may_couple(pod: Pod, seat: int, other: int, time: float) -> float:
    """Return the strength of a tie that may become a couple's; 0 if it may not."""
    numbers, row, mate = pod.numbers, pod.people[seat], pod.people[other]
    if not is_tied(pod, seat, other) or not is_single(row) or not is_single(mate):
        return 0.0
    least = numbers["ties_couple_from"]
    if time <= row["born"] + least or time <= mate["born"] + least:
        return 0.0
    weight = tie_at(pod, seat, other, time)
    return weight if weight > numbers["ties_couple_tie"] else 0.0
