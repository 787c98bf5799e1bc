"""What passes between the people of a pod; of two who are touched, the lower seat comes first."""

from __future__ import annotations

import math

from hailsham.engine.plain import exp, log
from hailsham.lives.codes import Event
from hailsham.world.development.plain.clocks import (
    A_BELIEF,
    A_FRIEND,
    A_TIE,
    REPAIRER,
    lose,
    start,
    stop,
)
from hailsham.world.development.plain.course import (
    advance,
    settle,
    tau_at,
    tie_at,
    widths_past,
)
from hailsham.world.development.plain.person import (
    COTTAGES,
    END,
    NOBODY,
    SCHOOL,
    SEATS,
    Person,
    Pod,
    Tie,
    logistic,
)

_BARGAINER, _GLOSSER = 4, 6


def draw_ties(pod: Pod) -> None:
    """Draw who of the pod is tied to whom, and how strongly."""
    ties = pod.life.ties
    for a in range(SEATS):
        for b in range(a + 1, SEATS):
            tied, part = pod.pair(pod.people[a].address, "birth.tie", b)
            if tied < ties.chance:
                weight = ties.weakest + part * (ties.strongest - ties.weakest)
                pod.ties[a, b] = Tie(weight, pod.people[a].born)


def renew_ties(pod: Pod, one: Person, time: float) -> None:
    """Set how every tie of a person decays from a time on."""
    ties = pod.life.ties
    for other in pod.others(one):
        tie = pod.tie(one, other)
        if tie is None:
            continue
        weight = tie_at(pod, one, other, time)
        rate = ties.decay_later
        if min(one.station, other.station) == SCHOOL:
            rate = 0.0
        elif one.partner == other.seat:
            rate = ties.decay_couple
        elif one.station == other.station == COTTAGES:
            rate = ties.decay_cottages
        if ties.selectivity > 0.0:
            felt = 0.5 * (one.awareness + other.awareness)
            rate *= 1.0 + ties.selectivity * felt * (1.0 - weight)
        tie.weight, tie.at, tie.rate, tie.ends = weight, time, rate, math.inf
        if rate > 0.0:
            below = weight <= ties.ends_below
            tie.ends = time + (0.0 if below else log(weight / ties.ends_below) / rate)


def _cut(pod: Pod, one: Person, other: Person) -> None:
    """Cut a tie; a couple is one no longer."""
    del pod.ties[min(one.seat, other.seat), max(one.seat, other.seat)]
    if one.partner == other.seat:
        one.partner = other.partner = NOBODY


def end_first_tie(pod: Pod, time: float) -> None:
    """End the tie that has fallen to the threshold: a loss to both."""
    a, b = next(pair for pair, tie in pod.ties.items() if tie.ends == time)
    one, other = pod.people[a], pod.people[b]
    advance(pod, one, time)
    advance(pod, other, time)
    _cut(pod, one, other)
    for who, mate in ((one, other), (other, one)):
        pod.tell(who, time, Event.TIE_ENDED, mate.address)
        lose(pod, who, A_TIE, time, mate.address)
    settle(pod, one)
    settle(pod, other)


def coupling(pod: Pod, one: Person, other: Person, time: float) -> float:
    """Return the hazard of a person's becoming a couple with another."""
    ties, weight = pod.life.ties, tie_at(pod, one, other, time)
    for who in (one, other):
        if who.partner != NOBODY or who.station == END or time <= who.born + ties.couple_from:
            return 0.0
    return ties.couple_rate * (weight if weight > ties.couple_tie else 0.0)


def become_couple(pod: Pod, seats: tuple[int, int], time: float) -> None:
    """Let two friends become a couple."""
    one, other = (pod.people[seat] for seat in sorted(seats))
    advance(pod, one, time)
    advance(pod, other, time)
    one.partner, other.partner = other.seat, one.seat
    renew_ties(pod, one, time)
    for who, mate in ((one, other), (other, one)):
        notes = pod.notes[who.seat]
        notes["couples"] += 1
        if notes["first_couple"] == NOBODY:
            notes["first_couple"] = mate.address
        notes["couple"], notes["couple_from"] = mate.address, time
        pod.tell(who, time, Event.BECAME_COUPLE, mate.address)
    settle(pod, one)
    settle(pod, other)


def remind(pod: Pod, one: Person, share: float, *, in_full: bool = False) -> None:
    """Let a reminder take its share of denial, as far as it is felt."""
    remote = pod.life.reminders.remote
    felt = remote + (1.0 - remote) * logistic(widths_past(pod.life, one, one.tau))
    one.denial *= 1.0 - share * (1.0 if in_full else felt)
    one.denial_logit = log(one.denial / (1.0 - one.denial))


def take_style(pod: Pod, one: Person, time: float) -> None:
    """Let a person choose a style of preparing for death, unless it is held."""
    if pod.life.style.held >= 0:
        return
    unit = pod.uniform(one.address, "style", one.choices)
    one.choices += 1
    pulls = [exp(pull) for pull in _pulls(pod, one, time)]
    total = 0.0
    for pull in pulls:
        total += pull
    left, one.style = unit * total, _GLOSSER
    for style, pull in enumerate(pulls[:-1], start=1):
        left -= pull
        if left < 0.0:
            one.style = style
            break
    if pod.notes[one.seat]["style_first"] == 0:
        pod.notes[one.seat]["style_first"] = one.style
    pod.tell(one, time, Event.CHOSE_STYLE, detail=one.style)
    if one.style == REPAIRER:
        start(pod, one, "mend", pod.life.style.mending * one.rate, time)
    else:
        stop(one, "mend")


def _pulls(pod: Pod, one: Person, time: float) -> list[float]:
    """Return the pull of each style, from the first."""
    style, reading, trust = pod.life.style, pod.life.reading, one.x[0]
    reminiscer = style.reminiscer_trust * trust
    reminiscer += style.reminiscer_memory * one.consolation
    reminiscer += style.reminiscer_judgement * one.judgement
    repairer = style.repairer + style.repairer_guilt * one.guilt
    protester = style.protester + reading.protest
    protester += style.protester_anger * one.anger
    protester += style.protester_trust * trust
    bargainer = style.bargainer if one.hope else style.bargainer_never
    dutiful = style.dutiful + reading.manipulation + style.dutiful_judgement * one.judgement
    glosser = style.glosser + style.glosser_judgement * one.judgement
    if tau_at(one, time) > style.glosser_old_from:
        glosser += style.glosser_old
    return [reminiscer, repairer, protester, bargainer, dutiful, glosser]


def lose_belief(pod: Pod, one: Person, time: float) -> None:
    """Let a person give up the belief in deferrals: a loss."""
    one.hope = 0
    stop(one, "apply")
    stop(one, "lapse")
    pod.tell(one, time, Event.LOST_BELIEF)
    lose(pod, one, A_BELIEF, time)


def apply_for_deferral(pod: Pod, seats: tuple[int, int], time: float) -> None:
    """Let a couple apply, in both names: it is refused, to both."""
    one, other = (pod.people[seat] for seat in sorted(seats))
    advance(pod, one, time)
    advance(pod, other, time)
    for who, mate in ((one, other), (other, one)):
        pod.tell(who, time, Event.APPLIED, mate.address)
        pod.tell(who, time, Event.REFUSED, mate.address)
        pod.notes[who.seat]["applied"] = pod.notes[who.seat]["refused"] = time
        who.knowledge = 1.0
        remind(pod, who, pod.life.reminders.refusal, in_full=True)
        remind(pod, who, pod.life.reminders.elders, in_full=True)
        who.grief += pod.life.grief.refusal
        who.has_heard, who.tells = True, False
        stop(who, "hear")
        stop(who, "stop")
        if who.hope:
            lose_belief(pod, who, time)
        take_style(pod, who, time)
    settle(pod, one)
    settle(pod, other)


def mourn(pod: Pod, dead: Person, time: float) -> None:
    """Let everybody tied to somebody who has just died lose a friend."""
    life = pod.life
    for mate in pod.others(dead):
        if pod.tie(mate, dead) is None:
            continue
        weight = tie_at(pod, mate, dead, time)
        were_couple = mate.partner == dead.seat
        advance(pod, mate, time)
        grief = weight * (1.0 - life.grief.prepared * mate.awareness)
        if were_couple:
            grief *= life.grief.partner
            if pod.notes[dead.seat]["refused"] == pod.notes[mate.seat]["refused"]:
                grief *= 1.0 - life.grief.rehearsal
        mate.grief += grief
        remind(pod, mate, life.reminders.friend * weight)
        _cut(pod, mate, dead)
        pod.tell(mate, time, Event.FRIEND_DIED, dead.address, int(were_couple))
        lose(pod, mate, A_FRIEND, time, dead.address)
        settle(pod, mate)
