"""The course of one person between events: memories and everything that has a closed form."""

from __future__ import annotations

import math

from hailsham.engine.families.plain import normal_quantile
from hailsham.engine.plain import exp, log
from hailsham.lives.codes import Event
from hailsham.world.development.parameters import InnerLife
from hailsham.world.development.plain.person import (
    NOBODY,
    SCHOOL,
    WORK,
    Person,
    Pod,
    logistic,
    power,
    saturation,
    soft,
)

LAST = 7


def tau_at(one: Person, time: float) -> float:
    """Return the developmental age at a time of the stretch."""
    return min(one.tau_entry + one.pace * (time - one.entered), one.cap)


def share_of_rate(one: Person, time: float) -> float:
    """Return the rate of development at a time over that of the station."""
    return (one.waiting if time > one.reach else one.rate) / one.rate


def waited(one: Person, time: float) -> float:
    """Return how much of the stretch up to a time the clock has stood at its cap."""
    return max(0.0, time - max(one.since, one.reach))


def widths_past(life: InnerLife, one: Person, tau: float) -> float:
    """Return how many widths past the crisis a developmental age lies."""
    return (tau - one.crisis) / life.awareness.width


def understanding(life: InnerLife, age: float) -> float:
    """Return how much of what is told can be understood at an age."""
    return logistic((age - life.knowledge.onset) / life.knowledge.spread)


def understood(life: InnerLife, age: float) -> float:
    """Return the integral of understanding up to an age."""
    spread = life.knowledge.spread
    return spread * soft((age - life.knowledge.onset) / spread)


def knowledge_at(life: InnerLife, one: Person, time: float) -> float:
    """Return knowledge at a time of the stretch: rule (2)."""
    pace = life.knowledge.rate
    if one.station == SCHOOL:
        pace = pace * (1.0 - life.knowledge.shelter)
    gained = understood(life, time - one.born) - understood(life, one.since - one.born)
    return 1.0 - (1.0 - one.knowledge) * exp(-pace * gained)


def awareness_at(life: InnerLife, one: Person, time: float) -> float:
    """Return awareness at a time of the stretch: rule (4)."""
    if time == one.since or one.top <= one.awareness:
        return one.awareness
    spent = one.quick * (soft(widths_past(life, one, tau_at(one, time))) - one.soft)
    stood = waited(one, time)
    if stood > 0.0:
        slope = logistic(widths_past(life, one, one.cap)) / life.awareness.width
        spent += one.waiting * slope * stood
    return one.top - (one.top - one.awareness) * exp(-(one.held * spent))


def stage_spent(life: InnerLife, one: Person, stage: int, time: float) -> float:
    """Return the exponent that a stage, from 0, spends up to a time of the stretch."""
    opens, shuts = one.windows[stage]
    inner, outside, tau = life.stages.pace / (shuts - opens), life.stages.outside, tau_at(one, time)
    inside = max(0.0, min(tau, shuts) - max(one.tau, opens))
    spent = one.quick * (inner * (outside * (tau - one.tau) + (1.0 - outside) * inside))
    stood = waited(one, time)
    if stood > 0.0:
        is_open = opens <= one.cap < shuts
        if stage == LAST:
            is_held = life.clock.cap == "closed" and one.station <= WORK
            is_open = opens <= one.cap <= shuts and not is_held
        spent += one.waiting * (inner * (1.0 if is_open else outside)) * stood
    return spent


def stage_at(life: InnerLife, one: Person, stage: int, time: float) -> float:
    """Return one of the first seven stages at a time, its target where it stands."""
    if time == one.since:
        return one.x[stage]
    fall = exp(-stage_spent(life, one, stage, time))
    return one.aim[stage] + (one.x[stage] - one.aim[stage]) * fall


def review_pace(life: InnerLife, one: Person, felt: float) -> float:
    """Return the pace of the last stage over that of any other."""
    pace = (life.review.unaware + life.review.aware * felt) * life.style.review[one.style]
    if one.reviewing:
        guided = life.interventions
        pace *= 1.0 + guided.life_review * (guided.review_pace - 1.0)
    return pace


def tie_at(pod: Pod, one: Person, other: Person, time: float) -> float:
    """Return the strength of the tie of two people; 0 if there is none."""
    tie = pod.tie(one, other)
    if tie is None:
        return 0.0
    return tie.weight if tie.rate == 0.0 else tie.weight * exp(-tie.rate * (time - tie.at))


def target(pod: Pod, one: Person, stage: int, time: float) -> float:
    """Return where a stage, from 0, tends, as everything stands."""
    life, x = pod.life, one.x
    if stage == 0:
        return one.base[0] + life.stages.substitute * one.substitutes
    if stage == LAST:
        mean = (x[4] + x[5] + x[6]) / 3.0
        leaning = life.review.trust * x[0] + life.review.earlier * mean
    else:
        leaning = life.stages.trust * x[0] + life.stages.previous * x[stage - 1]
    return one.base[stage] + leaning + _extra(pod, one, stage, time)


def _extra(pod: Pod, one: Person, stage: int, time: float) -> float:
    """Return the part of a target that events and awareness change."""
    life = pod.life
    if stage == 3:
        return life.stages.picked * log(1.0 + one.works) if one.works else 0.0
    if stage == 4:
        return life.stages.dream * one.dream + life.stages.awareness * one.awareness
    if stage == 5:
        if one.partner == NOBODY:
            return life.stages.single
        return life.stages.couple * tie_at(pod, one, pod.people[one.partner], time)
    if stage == 6:
        return life.stages.work if one.station == WORK else 0.0
    if stage < LAST:
        return 0.0
    value = life.review.memory * (2.0 * one.consolation - 1.0)
    value += life.review.letting_go * (2.0 * one.share - 1.0)
    value += life.review.hope * one.hope
    value += life.style.integrity[one.style]
    if one.reviewing:
        value += life.interventions.life_review * life.interventions.review_integrity
    return value


def despair_target(life: InnerLife, one: Person) -> float:
    """Return where despair tends, without grief, as everything stands."""
    value = life.despair.intercept + life.despair.anger * one.anger
    value += life.despair.trust * one.x[0]
    value += life.despair.memory * (2.0 * one.consolation - 1.0)
    value += life.despair.awareness * one.awareness * (1.0 - one.share)
    value += life.style.despair[one.style]
    value += life.reading.pride * life.reading.pride_despair
    if one.reviewing:
        value += life.interventions.life_review * life.interventions.review_despair
    return value


def _follow(life: InnerLife, one: Person, towards: float, years: float) -> float:
    """Return despair after some years towards a target with decaying grief in it."""
    pace, decay = life.despair.pace, life.grief.decay
    fall = exp(-pace * years)
    value = towards + (one.despair - towards) * fall
    if one.grief == 0.0:
        return value
    if decay == pace:
        carried = pace * years * fall
    else:
        carried = pace / (pace - decay) * (exp(-decay * years) - fall)
    return value + life.despair.grief * one.grief * carried


def await_memory(pod: Pod, one: Person, time: float) -> None:
    """Draw when the next memory is made, and what it will feel like."""
    rate = pod.life.memory.rate
    if rate <= 0.0:
        return
    wait, one.memory.draw = pod.pair(one.address, "memory", one.memory.count)
    one.memory.count += 1
    one.memory.due = time - log(wait) / rate


def keep(life: InnerLife, one: Person, value: float, time: float) -> None:
    """Add a feeling to what is left of one's own memories."""
    one.n_own += 1
    if value > 0.0:
        one.good, one.good_at = good_at(life, one, time) + value, time
    elif value < 0.0:
        one.bad, one.bad_at = bad_at(life, one, time) - value, time


def remember_until(pod: Pod, one: Person, time: float) -> None:
    """Make every memory up to a time."""
    memory = pod.life.memory
    while one.memory.due <= time:
        due = one.memory.due
        tones = memory.tone_school, memory.tone_cottages, memory.tone_work, memory.tone_donor
        value = tones[min(one.station, 3)] + memory.tone_general * one.general
        value += memory.tone_spread * normal_quantile(one.memory.draw)
        value = min(1.0, max(-1.0, value))
        keep(pod.life, one, value, due)
        pod.tell(one, due, Event.REMEMBERED, detail=math.floor(value * 100.0))
        await_memory(pod, one, due)


def good_at(life: InnerLife, one: Person, time: float) -> float:
    """Return the good feeling left at a time."""
    return one.good * exp(-life.memory.fading_good * (time - one.good_at))


def bad_at(life: InnerLife, one: Person, time: float) -> float:
    """Return the bad feeling left at a time."""
    return one.bad * exp(
        -(life.memory.fading_bad * (1.0 + life.memory.gloss)) * (time - one.bad_at)
    )


def consoled(life: InnerLife, one: Person) -> float:
    """Return the consolation from feelings as they stand."""
    memory = life.memory
    sweet = one.good + memory.discount_borrowed * one.borrowed
    sweet += memory.discount_invented * one.invented
    value = memory.base + memory.good * saturation(sweet / memory.scale_good)
    value += memory.number * memory.unique * saturation(one.n_own / memory.scale_number)
    value += memory.bad * saturation(one.bad / memory.scale_bad)
    if one.reviewing:
        value += life.interventions.life_review * life.interventions.review_memory
    return min(1.0, max(0.0, value))


def call_up_spent(life: InnerLife, tenure: float) -> float:
    """Return the cumulative call-up hazard of a tenure, before quality and staffing."""
    after = (tenure - life.stations.free_of_call) / life.stations.scale
    return power(after, life.stations.shape) if after > 0.0 else 0.0


def advance(pod: Pod, one: Person, time: float) -> None:
    """Bring a person to a time within the stretch that was foreseen."""
    life, years = pod.life, time - one.since
    if years <= 0.0:
        return
    remember_until(pod, one, time)
    before, tau = one.awareness, tau_at(one, time)
    knowledge, awareness = knowledge_at(life, one, time), awareness_at(life, one, time)
    spent = [stage_spent(life, one, stage, time) for stage in range(8)]
    spent[LAST] *= review_pace(life, one, 0.5 * (before + awareness))
    one.knowledge, one.awareness = knowledge, awareness
    one.good, one.good_at = good_at(life, one, time), time
    one.bad, one.bad_at = bad_at(life, one, time), time
    one.consolation = consoled(life, one)
    for stage in range(8):
        towards = target(pod, one, stage, time)
        mean = 0.5 * (one.aim[stage] + towards)
        one.x[stage] = mean + (one.x[stage] - mean) * exp(-spent[stage])
        one.aim[stage] = towards
    towards = despair_target(life, one)
    one.despair = _follow(life, one, 0.5 * (one.aim_despair + towards), years)
    one.aim_despair = towards
    one.grief *= exp(-life.grief.decay * years)
    if one.station == WORK and life.stations.calls_up:
        used = call_up_spent(life, time - one.entered)
        one.budget -= one.ease * (used - call_up_spent(life, one.since - one.entered))
    one.since, one.tau, one.soft = time, tau, soft(widths_past(life, one, tau))


def settle(pod: Pod, one: Person) -> None:
    """Look at the targets anew, and at what follows from where the person stands."""
    for stage in range(8):
        one.aim[stage] = target(pod, one, stage, one.since)
    one.aim_despair = despair_target(pod.life, one)
    foresee(pod, one)


def foresee(pod: Pod, one: Person) -> None:
    """Freeze what the stretch up to the next tick is solved with, and find what follows."""
    life, horizon = pod.life, one.due["tick"]
    z = one.denial_logit + life.awareness.denial_trust * one.x[0]
    if one.hope:
        z += life.awareness.denial_hope
    one.top = 1.0 - logistic(z)
    one.held, reached = one.knowledge, math.inf
    if horizon < math.inf:
        one.held = 0.5 * (one.knowledge + knowledge_at(life, one, horizon))
        reached = awareness_at(life, one, horizon)
    pivot = life.awareness.pivot
    one.due["crossing"] = math.inf
    if not one.crossed and one.top > pivot and reached >= pivot:
        one.due["crossing"] = _crossing(life, one)
    if one.station == WORK and life.stations.calls_up:
        middle = one.since if horizon == math.inf else 0.5 * (one.since + horizon)
        one.due["station"] = _call_up(life, one, middle)


def _crossing(life: InnerLife, one: Person) -> float:
    """Return when awareness passes its pivot if everything stays frozen: rule (5)."""
    pivot, width = life.awareness.pivot, life.awareness.width
    if one.awareness >= pivot:
        return one.since
    factor, distance = one.held * one.quick, log((one.top - one.awareness) / (one.top - pivot))
    tau = math.inf
    if factor > 0.0:
        v = one.soft + distance / factor
        tau = one.crisis + width * (v if v > 36.0 else log(exp(v) - 1.0))
    if tau <= one.cap:
        return max(one.entered + (tau - one.tau_entry) / one.pace, one.since)
    at_cap = widths_past(life, one, one.cap)
    left = distance - factor * (soft(at_cap) - one.soft)
    slope = one.held * one.waiting * logistic(at_cap) / width
    if slope <= 0.0:
        return math.inf
    return max(one.since, one.reach) + max(0.0, left) / slope


def quality(life: InnerLife, one: Person, trust: float, industry: float, care: float) -> float:
    """Return the quality as a carer that three stages and talent give."""
    stations = life.stations
    value = stations.quality_trust * trust + stations.quality_industry * industry
    value += stations.quality_generativity * care
    value += stations.quality_talent * one.talent
    return value + stations.quality_mean


def _call_up(life: InnerLife, one: Person, middle: float) -> float:
    """Return when the budget is spent, with quality as in the middle of the stretch: rule (11)."""
    stations = life.stations
    trust, industry, care = (stage_at(life, one, stage, middle) for stage in (0, 3, 6))
    skill = quality(life, one, trust, industry, care)
    one.ease = stations.turn * exp(-stations.weight_of_quality * skill)
    due = call_up_spent(life, one.since - one.entered) + one.budget / one.ease
    tenure = stations.free_of_call
    if due > 0.0:
        tenure += stations.scale * power(due, 1.0 / stations.shape)
    return max(one.entered + tenure, one.since)
