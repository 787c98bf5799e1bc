"""What happens to one person, clock by clock."""

from __future__ import annotations

import math

from hailsham.lives.codes import Event
from hailsham.world.development.plain.bonds import (
    apply_for_deferral,
    become_couple,
    coupling,
    lose_belief,
    remind,
    renew_ties,
    take_style,
)
from hailsham.world.development.plain.clocks import (
    A_CLOSING,
    A_PARENT,
    A_THING,
    AN_ILLNESS,
    REPAIRER,
    hearing,
    is_let_go,
    let_go,
    lose,
    next_parent,
    next_sale,
    start,
    start_consoling,
    stop,
    stopping,
)
from hailsham.world.development.plain.course import (
    advance,
    awareness_at,
    consoled,
    foresee,
    good_at,
    keep,
    knowledge_at,
    remember_until,
    settle,
    share_of_rate,
    stage_at,
    tie_at,
    understanding,
)
from hailsham.world.development.plain.person import (
    END,
    NOBODY,
    STREAMS,
    Person,
    Pod,
    logistic,
    saturation,
)
from hailsham.world.development.plain.turns import operate, turn


def happen(pod: Pod, one: Person, clock: str, time: float) -> None:
    """Let happen to a person what is due."""
    if clock not in STREAMS:
        _APPOINTED[clock](pod, one, time)
        return
    stream = one.streams[clock]
    count, bound = stream.count, stream.bound
    _STREAMED[clock](pod, one, time, stream.draw)
    # Whoever started or stopped this stream in between has drawn its next candidate.
    if stream.count == count and stream.bound > 0.0 and one.station < END:
        start(pod, one, clock, bound, time)


def _tick(pod: Pod, one: Person, time: float) -> None:
    """Look at the targets: nothing else happens."""
    advance(pod, one, time)
    one.ticks += 1
    one.due["tick"] = one.born + pod.life.clock.tick * (one.ticks + 1)
    if pod.life.ties.selectivity > 0.0:
        renew_ties(pod, one, time)
    foresee(pod, one)


def _milestone(pod: Pod, one: Person, time: float) -> None:
    """Note knowledge and awareness at 15, then at 19."""
    age = 15 if time == one.born + 15.0 else 19
    pod.notes[one.seat][f"knowledge_{age}"] = knowledge_at(pod.life, one, time)
    pod.notes[one.seat][f"awareness_{age}"] = awareness_at(pod.life, one, time)
    one.due["milestone"] = one.born + 19.0 if age == 15 else math.inf


def _sale(pod: Pod, one: Person, time: float) -> None:
    """Let a child spend at a sale the tokens that good conduct has earned."""
    house = pod.life.house
    conduct = 1.0 - 0.5 * logistic(one.anger - stage_at(pod.life, one, 0, time))
    earned = house.tokens * conduct * (time - one.earned_at)
    one.earned += earned
    one.tokens += earned
    one.earned_at = time
    things = math.floor(one.tokens / house.sale_price)
    one.tokens -= things * house.sale_price
    pod.notes[one.seat]["things"] += things
    remember_until(pod, one, time)
    one.good, one.good_at = good_at(pod.life, one, time) + house.sale_pleasure * things, time
    pod.tell(one, time, Event.WENT_TO_SALE, detail=things)
    one.due["sale"] = next_sale(pod, time)


def _crossing(pod: Pod, one: Person, time: float) -> None:
    """Let awareness pass its pivot: a style is chosen, and memories are sought."""
    advance(pod, one, time)
    one.awareness = max(one.awareness, pod.life.awareness.pivot)
    one.crossed = True
    pod.notes[one.seat]["crisis_age"] = time - one.born
    pod.tell(one, time, Event.BECAME_AWARE)
    take_style(pod, one, time)
    start_consoling(pod, one, time)
    settle(pod, one)


def _truth(pod: Pod, one: Person, time: float) -> None:
    """Let a pupil be told the truth."""
    knowledge = pod.life.knowledge
    advance(pod, one, time)
    one.due["truth"] = math.inf
    share = knowledge.truth_jump * understanding(pod.life, time - one.born)
    one.knowledge += share * (1.0 - one.knowledge)
    remind(pod, one, 1.0 - knowledge.truth_denial, in_full=True)
    pod.notes[one.seat]["truth"] = time
    pod.tell(one, time, Event.TOLD_THE_TRUTH)
    settle(pod, one)


def _closing(pod: Pod, one: Person, time: float) -> None:
    """Let the school close."""
    advance(pod, one, time)
    one.due["closing"] = math.inf
    pod.tell(one, time, Event.SCHOOL_CLOSED)
    lose(pod, one, A_CLOSING, time)
    one.x[6] -= pod.life.house.closing_blow
    settle(pod, one)


def _dream(pod: Pod, one: Person, time: float) -> None:
    """Let a child begin to dream of a career, or not."""
    one.due["dream"] = math.inf
    if pod.uniform(one.address, "dream") < pod.life.hopes.dream:
        advance(pod, one, time)
        one.dream = pod.notes[one.seat]["dreamed"] = 1
        pod.tell(one, time, Event.DREAMED)
        settle(pod, one)


def _fantasy(pod: Pod, one: Person, time: float) -> None:
    """Let an imagined child give trust."""
    advance(pod, one, time)
    one.due["fantasy"] = math.inf
    one.x[0] += pod.life.house.fantasy
    settle(pod, one)


def _parent(pod: Pod, one: Person, time: float) -> None:
    """Let a parent die."""
    advance(pod, one, time)
    one.due["parent"] = next_parent(pod, one, time)
    remind(pod, one, pod.life.reminders.parent)
    pod.tell(one, time, Event.PARENT_DIED)
    lose(pod, one, A_PARENT, time)
    settle(pod, one)


def _letting_go(pod: Pod, one: Person, time: float) -> None:
    """Let the open loss that is due go, or leave it open."""
    loss = min(one.losses, key=lambda loss: loss.due)
    trust, awareness = stage_at(pod.life, one, 0, time), awareness_at(pod.life, one, time)
    if is_let_go(pod, one, loss, trust, awareness):
        advance(pod, one, time)
        let_go(pod, one, loss, time)
        settle(pod, one)


_APPOINTED = {
    "station": turn,
    "operation": operate,
    "truth": _truth,
    "closing": _closing,
    "dream": _dream,
    "fantasy": _fantasy,
    "sale": _sale,
    "parent": _parent,
    "crossing": _crossing,
    "letting_go": _letting_go,
    "milestone": _milestone,
    "tick": _tick,
}


def _object(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a thing be lost."""
    advance(pod, one, time)
    lose(pod, one, A_THING, time)
    settle(pod, one)


def _wrong(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a wrong be done."""
    if draw < logistic(one.anger - stage_at(pod.life, one, 0, time)):
        one.guilt += 1
        pod.notes[one.seat]["wrongs"] += 1
        pod.tell(one, time, Event.WRONGED)


def _mend(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a repairer mend a wrong."""
    if one.style == REPAIRER and one.guilt > 0 and draw < share_of_rate(one, time):
        one.guilt -= 1
        pod.tell(one, time, Event.MENDED)


def _substitute(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a child find a substitute for a mother."""
    house = pod.life.house
    if time > one.born + house.substitutes_until:
        stop(one, "substitute")
    elif one.substitutes < house.substitutes_most:
        advance(pod, one, time)
        one.substitutes += 1
        pod.tell(one, time, Event.FOUND_SUBSTITUTE)
        settle(pod, one)


def _gallery(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a work be chosen for the Gallery."""
    advance(pod, one, time)
    one.works += 1
    pod.tell(one, time, Event.CHOSEN_FOR_GALLERY)
    settle(pod, one)


def _couple(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a person become one of a couple with a friend, or with nobody this time."""
    left = draw * one.streams["couple"].bound
    for other in pod.others(one):
        left -= coupling(pod, one, other, time)
        if left < 0.0:
            become_couple(pod, (one.seat, other.seat), time)
            return


def _hear(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a person hear the rumour, if it is told, and perhaps believe it."""
    life, notes = pod.life, pod.notes[one.seat]
    tellers = sum(other.tells and other.station < END for other in pod.others(one))
    if draw * one.streams["hear"].bound >= hearing(pod, one.station, tellers):
        return
    stop(one, "hear")
    one.has_heard, notes["heard"] = True, time
    couple = int(one.partner != NOBODY)
    z = life.hopes.believe
    z += life.hopes.believe_dream * one.dream + life.hopes.believe_couple * couple
    z += life.hopes.believe_judgement * one.judgement
    if pod.uniform(one.address, "belief") >= logistic(z):
        pod.tell(one, time, Event.HEARD_RUMOUR, detail=0)
        return
    advance(pod, one, time)
    one.tells, one.hope, notes["believed_deferral"] = True, 1, 1
    pod.tell(one, time, Event.HEARD_RUMOUR, detail=1)
    start(pod, one, "stop", stopping(pod, one.station, len(pod.people) - 1), time)
    start(pod, one, "apply", life.hopes.apply, time)
    start(pod, one, "lapse", life.hopes.lapse, time)
    settle(pod, one)


def _stop(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a person tell the rumour no more."""
    informed = sum(other.has_heard and other.station < END for other in pod.others(one))
    if draw * one.streams["stop"].bound < stopping(pod, one.station, informed):
        stop(one, "stop")
        one.tells = False
        pod.tell(one, time, Event.STOPPED_TELLING)


def _apply(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a couple apply for a deferral."""
    if one.partner != NOBODY and one.crossed:
        if draw < tie_at(pod, one, pod.people[one.partner], time):
            apply_for_deferral(pod, (one.seat, one.partner), time)


def _lapse(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a belief be lost."""
    if draw < awareness_at(pod.life, one, time):
        advance(pod, one, time)
        lose_belief(pod, one, time)
        settle(pod, one)


def _is_wanted(pod: Pod, one: Person, time: float, draw: float, more: float) -> bool:
    """Tell whether memories are so few that one is borrowed or invented."""
    remember_until(pod, one, time)
    good = good_at(pod.life, one, time) + more
    want = 1.0 - saturation(good / pod.life.memory.scale_good)
    return draw < awareness_at(pod.life, one, time) * want * share_of_rate(one, time)


def _borrow(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a memory be borrowed."""
    if _is_wanted(pod, one, time, draw, 0.0):
        advance(pod, one, time)
        one.n_borrowed += 1
        one.borrowed += pod.life.memory.gain
        pod.tell(one, time, Event.BORROWED_MEMORY)
        one.consolation = consoled(pod.life, one)
        settle(pod, one)


def _invent(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a memory be invented."""
    if _is_wanted(pod, one, time, draw, one.borrowed):
        advance(pod, one, time)
        one.n_invented += 1
        one.invented += pod.life.memory.gain
        pod.tell(one, time, Event.INVENTED_MEMORY)
        one.consolation = consoled(pod.life, one)
        settle(pod, one)


def _patient(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let somebody looked after die."""
    life = pod.life
    advance(pod, one, time)
    pod.notes[one.seat]["patients_died"] += 1
    keep(life, one, life.memory.patient, time)
    one.consolation = consoled(life, one)
    one.grief += life.grief.patient
    remind(pod, one, life.reminders.patient)
    pod.tell(one, time, Event.LOST_PATIENT)
    settle(pod, one)


def _acquaintance(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let somebody known die."""
    advance(pod, one, time)
    remind(pod, one, pod.life.reminders.acquaintance)
    pod.tell(one, time, Event.ACQUAINTANCE_DIED)
    settle(pod, one)


def _illness(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Let a person fall ill: a loss."""
    advance(pod, one, time)
    pod.tell(one, time, Event.FELL_ILL)
    lose(pod, one, AN_ILLNESS, time)
    settle(pod, one)


def _chance(pod: Pod, one: Person, time: float, draw: float) -> None:
    """Count a chance to leave that was taken; the life goes on."""
    pod.notes[one.seat]["chances_taken"] += 1
    pod.tell(one, time, Event.TOOK_CHANCE)


_STREAMED = dict(
    zip(
        STREAMS,
        (
            *(_object, _wrong, _mend, _substitute, _gallery, _couple, _hear, _stop, _apply),
            *(_lapse, _borrow, _invent, _patient, _acquaintance, _illness, _chance),
        ),
        strict=True,
    )
)
