"""What happens to one person, clock by clock."""

from __future__ import annotations

import math

from hailsham.engine.arithmetic import log
from hailsham.engine.compiling import compiled, whole_number
from hailsham.engine.draws import purpose, uniform
from hailsham.lives.codes import Event
from hailsham.world.development.awareness import logistic, understanding
from hailsham.world.development.clock import END
from hailsham.world.development.hopes import (
    IGNORANT,
    SPREADER,
    STIFLER,
    chance_of_believing,
    hearing_rate,
    stopping_rate,
)
from hailsham.world.development.letting_go import letting_go_share
from hailsham.world.development.memory import saturation
from hailsham.world.development.pod.birth import MILESTONES, next_parent
from hailsham.world.development.pod.bonds import (
    apply_for_deferral,
    become_couple,
    felt_now,
    lose_belief,
    may_couple,
    remind,
    renew_ties,
    take_style,
)
from hailsham.world.development.pod.childhood import next_sale
from hailsham.world.development.pod.course import (
    advance,
    awareness_at,
    foresee,
    knowledge_at,
    rate_at,
    settle,
    tie_at,
    trust_at,
)
from hailsham.world.development.pod.remembering import (
    consoled,
    good_at,
    keep,
    remember_until,
)
from hailsham.world.development.pod.state import (
    ACQUAINTANCE,
    APPLY,
    BORROW,
    CHANCE,
    CLOSING,
    COUPLE,
    CROSSING,
    DREAM,
    FANTASY,
    FIRST_STREAM,
    FULL,
    GALLERY,
    HEAR,
    ILLNESS,
    INVENT,
    LAPSE,
    LAST_STREAM,
    LETTING_GO,
    MEND,
    MILESTONE,
    NOBODY,
    OBJECT,
    OPERATION,
    PARENT,
    PATIENT,
    SALE,
    SEATS,
    STATION,
    STOP,
    SUBSTITUTE,
    TICK,
    TRUTH,
    WRONG,
    Pod,
    record,
)
from hailsham.world.development.pod.streams import (
    A_CLOSING,
    A_PARENT,
    A_THING,
    AN_ILLNESS,
    close_loss,
    due_loss,
    keep_loss,
    look_ahead,
    open_loss,
    start_clock,
    stop_clock,
    tell,
)
from hailsham.world.development.pod.turns import operate, start_consoling, turn
from hailsham.world.development.stages import INDUSTRY
from hailsham.world.development.style import REPAIRER

_DREAM = purpose("inner.dream")
_BELIEF = purpose("inner.belief")

_AWARE, _DREAMED = whole_number(Event.BECAME_AWARE), whole_number(Event.DREAMED)
_TOLD, _CLOSED = whole_number(Event.TOLD_THE_TRUTH), whole_number(Event.SCHOOL_CLOSED)
_SALE, _SUBSTITUTE = whole_number(Event.WENT_TO_SALE), whole_number(Event.FOUND_SUBSTITUTE)
_PICKED, _HEARD = whole_number(Event.CHOSEN_FOR_GALLERY), whole_number(Event.HEARD_RUMOUR)
_STOPPED, _WRONGED = whole_number(Event.STOPPED_TELLING), whole_number(Event.WRONGED)
_MENDED, _PARENT_DIED = whole_number(Event.MENDED), whole_number(Event.PARENT_DIED)
_BORROWED, _INVENTED = whole_number(Event.BORROWED_MEMORY), whole_number(Event.INVENTED_MEMORY)
_PATIENT_DIED, _KNOWN_DIED = whole_number(Event.LOST_PATIENT), whole_number(Event.ACQUAINTANCE_DIED)
_ILL, _CHANCE = whole_number(Event.FELL_ILL), whole_number(Event.TOOK_CHANCE)


@compiled
def _tick(pod: Pod, seat: int, time: float) -> None:
    """Look at the targets: nothing else happens."""
    numbers, row = pod.numbers, pod.people[seat]
    advance(pod, seat, time)
    row["ticks"] += 1
    row["due"][TICK] = row["born"] + numbers["clock_tick"] * (row["ticks"] + 1)
    if numbers["ties_selectivity"] > 0.0:
        renew_ties(pod, seat, time)
    foresee(pod, seat)


@compiled
def _note_milestone(pod: Pod, seat: int, time: float) -> None:
    """Note knowledge and awareness at an age."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    knowledge, awareness = knowledge_at(numbers, row, time), awareness_at(numbers, row, time)
    if time == row["born"] + MILESTONES[0]:
        life["knowledge_15"], life["awareness_15"] = knowledge, awareness
        row["due"][MILESTONE] = row["born"] + MILESTONES[1]
    else:
        life["knowledge_19"], life["awareness_19"] = knowledge, awareness
        row["due"][MILESTONE] = math.inf


@compiled
def _go_to_sale(pod: Pod, seat: int, time: float) -> None:
    """Let a child spend at a sale the tokens that good conduct has earned."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    conduct = 1.0 - 0.5 * logistic(row["anger"] - trust_at(numbers, row, time))
    earned = numbers["house_tokens"] * conduct * (time - row["earned_at"])
    row["earned"] += earned
    row["held"] += earned
    row["earned_at"] = time
    things = math.floor(row["held"] / numbers["house_sale_price"])
    row["held"] -= things * numbers["house_sale_price"]
    life["things"] += things
    remember_until(pod, row, time)
    pleasure = numbers["house_sale_pleasure"] * things
    row["good"] = good_at(numbers, row, time) + pleasure
    row["good_at"] = time
    pod.frame["events"] += 1
    if pod.frame["level"] >= FULL and row["left"] == 0:
        record(pod, row["person"], time, _SALE, NOBODY, things)
    every = numbers["house_sale_every"]
    row["due"][SALE] = next_sale(pod.key, pod.frame["house"], every, time)


@compiled
def _become_aware(pod: Pod, seat: int, time: float) -> None:
    """Let awareness pass its pivot: a style is chosen, and memories are sought."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    advance(pod, seat, time)
    row["awareness"] = max(row["awareness"], numbers["awareness_pivot"])
    row["crossed"] = 1
    life["crisis_age"] = time - row["born"]
    tell(pod, row, time, _AWARE, NOBODY, NOBODY)
    take_style(pod, row, life, time)
    start_consoling(pod, row, time)
    settle(pod, seat)


@compiled
def _hear_truth(pod: Pod, seat: int, time: float) -> None:
    """Let a pupil be told the truth."""
    numbers, row = pod.numbers, pod.people[seat]
    advance(pod, seat, time)
    row["due"][TRUTH] = math.inf
    share = numbers["knowledge_truth_jump"] * understanding(numbers, time - row["born"])
    row["knowledge"] += share * (1.0 - row["knowledge"])
    remind(row, 1.0 - numbers["knowledge_truth_denial"], 1.0)
    pod.lives[seat]["truth"] = time
    tell(pod, row, time, _TOLD, NOBODY, NOBODY)
    settle(pod, seat)


@compiled
def _appointment(pod: Pod, seat: int, clock: int, time: float) -> None:
    """Let happen what comes at a given age or date."""
    numbers, row = pod.numbers, pod.people[seat]
    if clock == STATION:
        turn(pod, seat, time)
    elif clock == OPERATION:
        operate(pod, seat, time)
    elif clock == CROSSING:
        _become_aware(pod, seat, time)
    elif clock == TRUTH:
        _hear_truth(pod, seat, time)
    elif clock == SALE:
        _go_to_sale(pod, seat, time)
    elif clock == CLOSING:
        advance(pod, seat, time)
        row["due"][CLOSING] = math.inf
        tell(pod, row, time, _CLOSED, NOBODY, NOBODY)
        open_loss(pod, row, A_CLOSING, NOBODY, time)
        row["x"][6] -= numbers["house_closing_blow"]
        settle(pod, seat)
    elif clock == DREAM:
        row["due"][DREAM] = math.inf
        if uniform(pod.key, row["person"], _DREAM, 0) < numbers["hopes_dream"]:
            advance(pod, seat, time)
            row["dream"], pod.lives[seat]["dreamed"] = 1, 1
            tell(pod, row, time, _DREAMED, NOBODY, NOBODY)
            settle(pod, seat)
    elif clock == FANTASY:
        advance(pod, seat, time)
        row["due"][FANTASY] = math.inf
        row["x"][0] += numbers["house_fantasy"]
        settle(pod, seat)
    elif clock == PARENT:
        advance(pod, seat, time)
        row["due"][PARENT] = next_parent(pod, row, time)
        remind(row, numbers["reminders_parent"], felt_now(numbers, row))
        tell(pod, row, time, _PARENT_DIED, NOBODY, NOBODY)
        open_loss(pod, row, A_PARENT, NOBODY, time)
        settle(pod, seat)


@compiled
def _seek_partner(pod: Pod, seat: int, time: float, draw: float) -> None:
    """Let a person become one of a couple with a friend, or with nobody this time."""
    numbers, bound = pod.numbers, pod.people[seat]["bound"][COUPLE]
    left = draw * bound
    for other in range(SEATS):
        if other == seat:
            continue
        left -= numbers["ties_couple_rate"] * may_couple(pod, seat, other, time)
        if left < 0.0:
            become_couple(pod, seat, other, time)
            return


@compiled
def _hear(pod: Pod, seat: int, time: float, draw: float) -> None:
    """Let a person hear the rumour, if it is told, and perhaps believe it."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    tellers = 0
    for other in range(SEATS):
        mate = pod.people[other]
        if other != seat and mate["rumour"] == SPREADER and mate["station"] < END:
            tellers += 1
    if draw * row["bound"][HEAR] >= hearing_rate(numbers, row["station"], tellers):
        return
    stop_clock(row, HEAR)
    life["heard"] = time
    couple = 0 if row["partner"] == NOBODY else 1
    chance = chance_of_believing(numbers, row["dream"], couple, row["judgement"])
    if uniform(pod.key, row["person"], _BELIEF, 0) >= chance:
        row["rumour"] = STIFLER
        tell(pod, row, time, _HEARD, NOBODY, 0)
        return
    advance(pod, seat, time)
    row["rumour"], row["hope"], life["believed_deferral"] = SPREADER, 1, 1
    tell(pod, row, time, _HEARD, NOBODY, 1)
    start_clock(pod, row, STOP, stopping_rate(numbers, row["station"], SEATS - 1), time)
    start_clock(pod, row, APPLY, numbers["hopes_apply"], time)
    start_clock(pod, row, LAPSE, numbers["hopes_lapse"], time)
    settle(pod, seat)


@compiled
def _informed(pod: Pod, seat: int) -> int:
    """Return how many living others have heard the rumour."""
    informed = 0
    for other in range(SEATS):
        mate = pod.people[other]
        if other != seat and mate["rumour"] != IGNORANT and mate["station"] < END:
            informed += 1
    return informed


@compiled
def _console(pod: Pod, seat: int, clock: int, time: float, draw: float) -> None:
    """Let a person borrow or invent a memory, for want of good ones."""
    numbers, row = pod.numbers, pod.people[seat]
    remember_until(pod, row, time)
    good = good_at(numbers, row, time)
    if clock == INVENT:
        good += row["borrowed"]
    want = 1.0 - saturation(good / numbers["memory_scale_good"])
    share = awareness_at(numbers, row, time) * want * (rate_at(row, time) / row["rate"])
    if draw >= share:
        return
    advance(pod, seat, time)
    if clock == BORROW:
        row["n_borrowed"] += 1
        row["borrowed"] += numbers["memory_gain"]
        tell(pod, row, time, _BORROWED, NOBODY, NOBODY)
    else:
        row["n_invented"] += 1
        row["invented"] += numbers["memory_gain"]
        tell(pod, row, time, _INVENTED, NOBODY, NOBODY)
    row["consolation"] = consoled(numbers, row)
    settle(pod, seat)


@compiled
def _lose_patient(pod: Pod, seat: int, time: float) -> None:
    """Let somebody looked after die."""
    numbers, row = pod.numbers, pod.people[seat]
    advance(pod, seat, time)
    pod.lives[seat]["patients_died"] += 1
    keep(numbers, row, numbers["memory_patient"], time)
    row["consolation"] = consoled(numbers, row)
    row["grief"] += numbers["grief_patient"]
    remind(row, numbers["reminders_patient"], felt_now(numbers, row))
    tell(pod, row, time, _PATIENT_DIED, NOBODY, NOBODY)
    settle(pod, seat)


@compiled
def _childhood_candidate(pod: Pod, seat: int, clock: int, time: float) -> None:
    """Let a child find a substitute for a mother, or a work be chosen."""
    numbers, row = pod.numbers, pod.people[seat]
    if clock == SUBSTITUTE:
        if time > row["born"] + numbers["house_substitutes_until"]:
            stop_clock(row, SUBSTITUTE)
            return
        if row["substitutes"] >= numbers["house_substitutes_most"]:
            return
        advance(pod, seat, time)
        row["substitutes"] += 1
        tell(pod, row, time, _SUBSTITUTE, NOBODY, NOBODY)
    else:
        advance(pod, seat, time)
        row["picked"] += 1
        row["extra"][INDUSTRY] = numbers["stages_picked"] * log(1.0 + row["picked"])
        tell(pod, row, time, _PICKED, NOBODY, NOBODY)
    settle(pod, seat)


@compiled
def _candidate(pod: Pod, seat: int, clock: int, time: float) -> None:
    """Accept or pass over a candidate of a stream."""
    numbers, row, life = pod.numbers, pod.people[seat], pod.lives[seat]
    draw = row["draw"][clock]
    if clock == OBJECT:
        advance(pod, seat, time)
        open_loss(pod, row, A_THING, NOBODY, time)
        settle(pod, seat)
    elif clock == WRONG:
        if draw < logistic(row["anger"] - trust_at(numbers, row, time)):
            row["guilt"] += 1
            life["wrongs"] += 1
            tell(pod, row, time, _WRONGED, NOBODY, NOBODY)
    elif clock == MEND:
        share = rate_at(row, time) / row["rate"]
        if row["style"] == REPAIRER and row["guilt"] > 0 and draw < share:
            row["guilt"] -= 1
            tell(pod, row, time, _MENDED, NOBODY, NOBODY)
    elif clock in (SUBSTITUTE, GALLERY):
        _childhood_candidate(pod, seat, clock, time)
    elif clock == COUPLE:
        _seek_partner(pod, seat, time, draw)
    elif clock == HEAR:
        _hear(pod, seat, time, draw)
    elif clock == STOP:
        if draw * row["bound"][STOP] >= stopping_rate(
            numbers, row["station"], _informed(pod, seat)
        ):
            return
        stop_clock(row, STOP)
        row["rumour"] = STIFLER
        tell(pod, row, time, _STOPPED, NOBODY, NOBODY)
    elif clock == APPLY:
        if row["partner"] != NOBODY and row["crossed"] == 1:
            if draw < tie_at(pod, seat, row["partner"], time):
                apply_for_deferral(pod, seat, time)
    elif clock == LAPSE:
        if draw < awareness_at(numbers, row, time):
            advance(pod, seat, time)
            lose_belief(pod, row, time)
            settle(pod, seat)
    elif clock in (BORROW, INVENT):
        _console(pod, seat, clock, time, draw)
    elif clock == PATIENT:
        _lose_patient(pod, seat, time)
    elif clock == ACQUAINTANCE:
        advance(pod, seat, time)
        remind(row, numbers["reminders_acquaintance"], felt_now(numbers, row))
        tell(pod, row, time, _KNOWN_DIED, NOBODY, NOBODY)
        settle(pod, seat)
    elif clock == ILLNESS:
        advance(pod, seat, time)
        tell(pod, row, time, _ILL, NOBODY, NOBODY)
        open_loss(pod, row, AN_ILLNESS, NOBODY, time)
        settle(pod, seat)
    elif clock == CHANCE:
        life["chances_taken"] += 1
        tell(pod, row, time, _CHANCE, NOBODY, NOBODY)


@compiled
def _let_go(pod: Pod, seat: int, time: float) -> None:
    """Let the open loss that is due go, or leave it open."""
    numbers, row = pod.numbers, pod.people[seat]
    at, draw = due_loss(row)
    share = letting_go_share(
        numbers,
        trust_at(numbers, row, time),
        row["loss_trust"],
        awareness_at(numbers, row, time),
        numbers["style_letting_go"][row["style"]],
    )
    if draw >= share * (rate_at(row, time) / row["rate"]):
        keep_loss(pod, row, at, time)
        return
    advance(pod, seat, time)
    close_loss(pod, row, at, time)
    settle(pod, seat)


@compiled
def happen(pod: Pod, seat: int) -> None:
    """Let happen to a person what is due next, and look ahead."""
    row = pod.people[seat]
    clock, time = row["clock"], row["next"]
    if clock == TICK:
        _tick(pod, seat, time)
    elif clock == LETTING_GO:
        _let_go(pod, seat, time)
    elif clock == MILESTONE:
        _note_milestone(pod, seat, time)
    elif FIRST_STREAM <= clock <= LAST_STREAM:
        bound, count = row["bound"][clock], row["count"][clock]
        _candidate(pod, seat, clock, time)
        # Whoever started or stopped this stream in between has drawn its next candidate.
        if row["count"][clock] == count and row["bound"][clock] > 0.0 and row["station"] < END:
            start_clock(pod, row, clock, bound, time)
    else:
        _appointment(pod, seat, clock, time)
    look_ahead(row)
