"""Streams that are started and stopped, losses opened and let go, and when appointments are."""

from __future__ import annotations

import math

from hailsham.engine.plain import exp, log
from hailsham.lives.codes import Event
from hailsham.world.development.plain.course import share_of_rate
from hailsham.world.development.plain.person import (
    AFTER,
    COTTAGES,
    NOBODY,
    SCHOOL,
    SEATS,
    STREAMS,
    WORK,
    Loss,
    Person,
    Pod,
    Stream,
)

A_SCHOOL, A_COTTAGE, A_DREAM, A_BELIEF, A_TIE, A_FRIEND, A_CLOSING = range(1, 8)
A_HEALTH, A_THING, AN_ILLNESS, AN_EXISTENCE, A_PARENT = range(8, 13)
_TRIES = 65_536
_FASTEST_STYLE = 1.5
_HOUSES = 8_000_000_000_000
REPAIRER = 2


def start(pod: Pod, one: Person, name: str, bound: float, time: float) -> None:
    """Start a stream at a time, or stop it if its bound is 0: draw the next candidate."""
    stream = one.streams[name]
    stream.bound, stream.due = bound, math.inf
    if bound > 0.0:
        wait, stream.draw = pod.pair(one.address, name, stream.count)
        stream.count += 1
        stream.due = time - log(wait) / bound


def stop(one: Person, name: str) -> None:
    """Stop a stream."""
    one.streams[name].due, one.streams[name].bound = math.inf, 0.0


def start_childhood(pod: Pod, one: Person) -> None:
    """Start the streams that run from childhood on."""
    life, born = pod.life, one.born
    one.streams = {name: Stream() for name in STREAMS}
    start(pod, one, "object", life.letting_go.objects, born)
    start(pod, one, "wrong", life.style.wrongs, born + life.style.wrongs_from)
    start(pod, one, "substitute", life.house.substitutes, born)
    start(pod, one, "gallery", life.house.gallery, born + life.house.gallery_from)
    known_from = born + life.reminders.acquaintances_from
    start(pod, one, "acquaintance", life.reminders.acquaintances, known_from)


def start_station(pod: Pod, one: Person, time: float) -> None:
    """Start afresh the streams whose bounds belong to a station."""
    life, station = pod.life, one.station
    coupling = life.ties.couple_rate * pod.count_ties(one) if station < AFTER else 0.0
    start(pod, one, "couple", coupling, max(time, one.born + life.ties.couple_from))
    if station >= COTTAGES and not one.has_heard:
        start(pod, one, "hear", hearing(pod, station, SEATS - 1), time)
    if one.style == REPAIRER:
        start(pod, one, "mend", life.style.mending * one.rate, time)
    if one.crossed:
        start_consoling(pod, one, time)
    escape, at_work = life.escape, station == WORK
    taken = escape.chances * escape.conceived * (escape.feasible * escape.taken)
    start(pod, one, "patient", life.stations.patients if at_work else 0.0, time)
    start(pod, one, "chance", taken if at_work else 0.0, time)
    start(pod, one, "illness", life.letting_go.illnesses if station == AFTER else 0.0, time)


def start_consoling(pod: Pod, one: Person, time: float) -> None:
    """Start to borrow and to invent memories."""
    rate = pod.life.memory.borrowing * one.rate
    start(pod, one, "borrow", pod.life.memory.borrow * rate, time)
    start(pod, one, "invent", pod.life.memory.invent * rate, time)


def hearing(pod: Pod, station: int, tellers: int) -> float:
    """Return the hazard of hearing the rumour."""
    hopes = pod.life.hopes
    rate = hopes.contact / 8.0 * tellers
    return hopes.external + rate if station == COTTAGES else rate * hopes.contact_later


def stopping(pod: Pod, station: int, informed: int) -> float:
    """Return the hazard of telling it no more."""
    hopes = pod.life.hopes
    met = hopes.stop_on_meeting * hopes.contact / 8.0 * informed
    return hopes.stop + (met * hopes.contact_later if station > COTTAGES else met)


def _await_letting_go(pod: Pod, one: Person, loss: Loss, time: float) -> None:
    """Draw the next moment at which one open loss may be let go."""
    loss.due = math.inf
    if one.loss_bound > 0.0:
        count = _TRIES * loss.number + loss.tries
        wait, loss.draw = pod.pair(one.address, "letting_go", count)
        loss.tries += 1
        loss.due = time - log(wait) / one.loss_bound


def lose(pod: Pod, one: Person, kind: int, time: float, other: int = NOBODY) -> None:
    """Open a loss."""
    pod.tell(one, time, Event.LOST_SOMETHING, other, kind)
    loss = Loss(one.lost, kind)
    one.lost += 1
    one.share = one.let / one.lost
    one.losses.append(loss)
    _await_letting_go(pod, one, loss, time)


def restart_losses(pod: Pod, one: Person, time: float) -> None:
    """Set the bound of letting go for a station, and draw every open loss's next moment."""
    life, found, more = pod.life, float(one.substitutes), 0.0
    if one.station == SCHOOL:
        found, more = max(found, life.house.substitutes_most), life.house.fantasy
    towards = one.base[0] + life.stages.substitute * found
    one.most_trust = max(one.x[0], towards) + more
    z = life.letting_go.trust * one.most_trust + life.letting_go.anger * one.anger
    one.loss_bound = life.letting_go.rate * _FASTEST_STYLE * one.rate * exp(z)
    for loss in one.losses:
        _await_letting_go(pod, one, loss, time)


def is_let_go(pod: Pod, one: Person, loss: Loss, trust: float, awareness: float) -> bool:
    """Tell whether a loss that is due is let go; if not, its next moment is drawn."""
    life, time = pod.life, loss.due
    share = exp(life.letting_go.trust * (trust - one.most_trust))
    share *= life.letting_go.unaware + life.letting_go.aware * awareness
    share *= life.style.letting_go[one.style] / _FASTEST_STYLE
    if loss.draw < share * share_of_rate(one, time):
        return True
    _await_letting_go(pod, one, loss, time)
    return False


def let_go(pod: Pod, one: Person, loss: Loss, time: float) -> None:
    """Let a loss go."""
    pod.tell(one, time, Event.LET_GO, detail=loss.kind)
    one.losses.remove(loss)
    one.let += 1
    one.share = one.let / one.lost


def truth_told_at(pod: Pod, opens: float, closes: float) -> float:
    """Return when the truth is told in the life of the house; ``inf`` if never."""
    told, part = pod.pair(_HOUSES + pod.house, "house.truth")
    if told >= pod.life.knowledge.truth_probability:
        return math.inf
    return opens + part * (closes - opens)


def next_sale(pod: Pod, after: float) -> float:
    """Return the first sale of the house after a time."""
    every = pod.life.house.sale_every
    first = every * pod.uniform(_HOUSES + pod.house, "house.first_sale")
    passed = math.floor((after - first) / every)
    while first + every * passed <= after:
        passed += 1
    return first + every * passed


def next_parent(pod: Pod, one: Person, after: float) -> float:
    """Return when the next parent dies after a time; ``inf`` if none is left."""
    reminders = pod.life.reminders
    least, most = reminders.parent_from, reminders.parent_to
    parts = (pod.uniform(one.address, "parent", count) for count in range(reminders.parents))
    dates = (one.born + (least + part * (most - least)) for part in parts)
    return min((date for date in dates if date > after), default=math.inf)


def set_appointments(pod: Pod, one: Person) -> None:
    """Set what comes at a given age or date."""
    life, born = pod.life, one.born
    one.due = {
        "station": born + life.stations.leave_at,
        "tick": born + life.clock.tick if life.clock.tick else math.inf,
        "milestone": born + 15.0,
        "dream": born + life.hopes.dream_at,
        "truth": born + life.interventions.truth_at,
        "parent": next_parent(pod, one, born),
    }
    if born + life.knowledge.truth_from <= pod.truth < born + life.knowledge.truth_to:
        one.due["truth"] = min(one.due["truth"], pod.truth)
    if pod.closes > born:
        one.due["closing"] = pod.closes
    if life.house.fantasy > 0.0:
        one.due["fantasy"] = born + life.house.fantasy_at
    if life.house.tokens > 0.0:
        one.earned_at = born + life.house.gallery_from
        one.due["sale"] = next_sale(pod, one.earned_at)
