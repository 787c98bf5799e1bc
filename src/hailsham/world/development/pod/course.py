"""The course of one person between events: everything that has a closed form.

``advance`` brings a person to a time. ``foresee`` then freezes what the next
stretch is solved with, and finds the moments that follow from it: the crossing
of awareness and the call-up. ``aim`` looks at the targets anew after an event.
A target over a stretch is the mean of its values at both ends, so that what a
quarter of a year changes is caught to second order.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled, compiled_inline
from hailsham.world.development.awareness import (
    ceiling,
    crossing_point,
    grow_awareness,
    grow_knowledge,
    logistic,
    soft,
    understood,
)
from hailsham.world.development.clock import CLOSED, SCHOOL, WORK
from hailsham.world.development.despair import follow
from hailsham.world.development.pod.remembering import console, remember_until
from hailsham.world.development.pod.state import CROSSING, NOBODY, STATION, TICK, Pod
from hailsham.world.development.pod.stations import (
    call_up_spent,
    call_up_tenure,
    quality_of,
    turn_at,
)
from hailsham.world.development.pod.streams import look_ahead
from hailsham.world.development.stages import (
    AUTONOMY,
    GENERATIVITY,
    IDENTITY,
    INDUSTRY,
    INTEGRITY,
    INTIMACY,
    N_STAGES,
    TRUST,
    is_open,
    spent_by_clock,
)
from hailsham.world.development.ties import strength


@compiled
def tau_at(row: np.void, time: float) -> float:
    """Return the developmental age at a time in the present station."""
    return min(row["tau_entry"] + row["pace"] * (time - row["entered"]), row["cap"])


@compiled
def rate_at(row: np.void, time: float) -> float:
    """Return the rate of development at a time in the present station."""
    return row["waiting"] if time > row["reach"] else row["rate"]


@compiled
def _waited(row: np.void, time: float) -> float:
    """Return how much of the stretch up to a time the clock has stood at its cap."""
    return max(0.0, time - max(row["since"], row["reach"]))


@compiled
def widths_past(numbers: np.void, row: np.void, tau: float) -> float:
    """Return how many widths past the crisis a developmental age lies."""
    return (tau - row["crisis"]) / numbers["awareness_width"]


@compiled
def _aware_after(numbers: np.void, row: np.void, soft_then: float, time: float) -> float:
    """Return awareness at a time, from the integral of the crisis up to it."""
    spent = row["quick"] * (soft_then - row["soft"])
    waited = _waited(row, time)
    if waited > 0.0:
        slope = logistic(widths_past(numbers, row, row["cap"])) / numbers["awareness_width"]
        spent += row["waiting"] * slope * waited
    return grow_awareness(row["awareness"], row["top"], row["knowledge_held"] * spent)


@compiled
def awareness_at(numbers: np.void, row: np.void, time: float) -> float:
    """Return awareness at a time of the present stretch, without going there."""
    if time == row["since"]:
        return row["awareness"]
    if time == row["horizon"]:
        return row["awareness_next"]
    soft_then = soft(widths_past(numbers, row, tau_at(row, time)))
    return _aware_after(numbers, row, soft_then, time)


@compiled
def knowledge_at(numbers: np.void, row: np.void, time: float) -> float:
    """Return knowledge at a time of the present stretch, without going there."""
    gained = understood(numbers, time - row["born"]) - row["understood"]
    return grow_knowledge(row["knowledge"], _learning(numbers, row), gained)


@compiled
def _learning(numbers: np.void, row: np.void) -> float:
    """Return the pace of coming to know in the present station."""
    if row["station"] == SCHOOL:
        return numbers["knowledge_rate"] * (1.0 - numbers["knowledge_shelter"])
    return numbers["knowledge_rate"]


@compiled
def _stage_spent(numbers: np.void, row: np.void, stage: int, time: float) -> float:
    """Return the exponent that a stage spends up to a time of the present stretch."""
    opens, shuts, pace = row["opens"][stage], row["shuts"][stage], row["inner"][stage]
    outside = numbers["stages_outside"]
    spent = spent_by_clock(opens, shuts, pace, outside, row["tau"], tau_at(row, time))
    spent = row["quick"] * spent
    waited = _waited(row, time)
    if waited > 0.0:
        is_held = numbers["clock_cap"] == CLOSED and row["station"] <= WORK
        share = 1.0 if is_open(stage, opens, shuts, row["cap"], is_held) else outside
        spent += row["waiting"] * (pace * share) * waited
    return spent


@compiled
def stage_at(numbers: np.void, row: np.void, stage: int, time: float) -> float:
    """Return one of the first seven stages at a time, its target frozen where it stands."""
    if time == row["since"]:
        return row["x"][stage]
    fall = exp(-_stage_spent(numbers, row, stage, time))
    return row["aim"][stage] + (row["x"][stage] - row["aim"][stage]) * fall


@compiled
def trust_at(numbers: np.void, row: np.void, time: float) -> float:
    """Return trust at a time of the present stretch."""
    return stage_at(numbers, row, TRUST, time)


@compiled
def tie_at(pod: Pod, one: int, other: int, time: float) -> float:
    """Return the strength of the tie between two seats at a time."""
    a, b = min(one, other), max(one, other)
    return strength(
        pod.frame["tie"][a, b], pod.frame["tie_rate"][a, b], time - pod.frame["tie_at"][a, b]
    )


@compiled
def _extras(pod: Pod, seat: int, time: float) -> None:
    """Write the part of each target that events and awareness change."""
    numbers, row = pod.numbers, pod.people[seat]
    extra, partner = row["extra"], row["partner"]
    extra[TRUST] = numbers["stages_substitute"] * row["substitutes"]
    dreaming = numbers["stages_dream"] * row["dream"]
    extra[IDENTITY] = dreaming + numbers["stages_awareness"] * row["awareness"]
    if partner == NOBODY:
        extra[INTIMACY] = numbers["stages_single"]
    else:
        extra[INTIMACY] = numbers["stages_couple"] * tie_at(pod, seat, partner, time)
    extra[GENERATIVITY] = numbers["stages_work"] if row["station"] == WORK else 0.0
    value = numbers["review_memory"] * (2.0 * row["consolation"] - 1.0)
    value += numbers["review_letting_go"] * (2.0 * row["share"] - 1.0)
    value += numbers["review_hope"] * row["hope"]
    value += numbers["style_integrity"][row["style"]]
    if row["reviewing"] == 1:
        value += numbers["interventions_life_review"] * numbers["interventions_review_integrity"]
    extra[INTEGRITY] = value


@compiled_inline
def _leaning(numbers: np.void, x: NDArray[np.float64], stage: int) -> float:
    """Return how a stage from the second to the seventh leans on those before."""
    return numbers["stages_trust"] * x[TRUST] + numbers["stages_previous"] * x[stage - 1]


@compiled_inline
def _reviewed(numbers: np.void, x: NDArray[np.float64]) -> float:
    """Return how the last stage leans on those before."""
    mean = (x[IDENTITY] + x[INTIMACY] + x[GENERATIVITY]) / 3.0
    return numbers["review_trust"] * x[TRUST] + numbers["review_earlier"] * mean


@compiled_inline
def _approach(row: np.void, stage: int, target: float) -> None:
    """Bring a stage to the end of a stretch, towards the mean of its targets at both ends."""
    mean = 0.5 * (row["aim"][stage] + target)
    row["x"][stage] = mean + (row["x"][stage] - mean) * row["fall"][stage]
    row["aim"][stage] = target


@compiled
def _despair_target(numbers: np.void, row: np.void) -> float:
    """Return where despair tends, without grief, as everything stands."""
    value = numbers["despair_intercept"] + numbers["despair_anger"] * row["anger"]
    value += numbers["despair_trust"] * row["x"][TRUST]
    value += numbers["despair_memory"] * (2.0 * row["consolation"] - 1.0)
    value += numbers["despair_awareness"] * row["awareness"] * (1.0 - row["share"])
    value += numbers["style_despair"][row["style"]]
    value += numbers["reading_pride"] * numbers["reading_pride_despair"]
    if row["reviewing"] == 1:
        value += numbers["interventions_life_review"] * numbers["interventions_review_despair"]
    return value


@compiled
def _falls(numbers: np.void, row: np.void, tau: float, review: float, time: float) -> None:
    """Write what a stretch leaves of the distance of each stage to its target."""
    fall = row["fall"]
    quick, outside, start = row["quick"], numbers["stages_outside"], row["tau"]
    for k in range(N_STAGES):
        inside = max(0.0, min(tau, row["shuts"][k]) - max(start, row["opens"][k]))
        spent = row["inner"][k] * (outside * (tau - start) + (1.0 - outside) * inside)
        fall[k] = quick * spent
    waited = _waited(row, time)
    if waited > 0.0:
        is_held = numbers["clock_cap"] == CLOSED and row["station"] <= WORK
        for k in range(N_STAGES):
            opened = is_open(k, row["opens"][k], row["shuts"][k], row["cap"], is_held)
            share = 1.0 if opened else outside
            fall[k] += row["waiting"] * (row["inner"][k] * share) * waited
    fall[INTEGRITY] *= review
    for k in range(N_STAGES):
        fall[k] = exp(-fall[k])


@compiled
def advance(pod: Pod, seat: int, time: float) -> None:
    """Bring a person to a time within the stretch that was foreseen."""
    numbers, row = pod.numbers, pod.people[seat]
    years = time - row["since"]
    if years <= 0.0:
        return
    remember_until(pod, row, time)
    tau = tau_at(row, time)
    before = row["awareness"]
    if time == row["horizon"]:
        row["knowledge"], row["understood"] = row["knowledge_next"], row["understood_next"]
        row["awareness"], soft_then = row["awareness_next"], row["soft_next"]
    else:
        known = understood(numbers, time - row["born"])
        gained = known - row["understood"]
        row["knowledge"] = grow_knowledge(row["knowledge"], _learning(numbers, row), gained)
        row["understood"] = known
        soft_then = soft(widths_past(numbers, row, tau))
        row["awareness"] = _aware_after(numbers, row, soft_then, time)
    felt = 0.5 * (before + row["awareness"])
    review = numbers["review_unaware"] + numbers["review_aware"] * felt
    review *= numbers["style_review"][row["style"]]
    if row["reviewing"] == 1:
        more = numbers["interventions_review_pace"] - 1.0
        review *= 1.0 + numbers["interventions_life_review"] * more
    _falls(numbers, row, tau, review, time)
    row["consolation"] = console(numbers, row, time)
    _extras(pod, seat, time)
    x, base, extra = row["x"], row["base"], row["extra"]
    _approach(row, TRUST, base[TRUST] + extra[TRUST])
    for k in range(AUTONOMY, INTEGRITY):
        _approach(row, k, base[k] + _leaning(numbers, x, k) + extra[k])
    _approach(row, INTEGRITY, base[INTEGRITY] + _reviewed(numbers, x) + extra[INTEGRITY])
    target = _despair_target(numbers, row)
    pace, decay = numbers["despair_pace"], numbers["grief_decay"]
    mean = 0.5 * (row["aim_despair"] + target)
    row["despair"] = follow(
        row["despair"], mean, row["grief"], numbers["despair_grief"], pace, decay, years
    )
    row["aim_despair"] = target
    if row["grief"] != 0.0:
        row["grief"] = row["grief"] * exp(-decay * years)
    if row["station"] == WORK and numbers["stations_calls_up"] != 0.0:
        spent = call_up_spent(numbers, time - row["entered"])
        row["budget"] -= row["ease"] * (spent - row["spent"])
        row["spent"] = spent
    row["since"], row["tau"], row["soft"] = time, tau, soft_then


@compiled
def aim(pod: Pod, seat: int) -> None:
    """Look at every target anew, as the person stands after an event."""
    numbers, row = pod.numbers, pod.people[seat]
    _extras(pod, seat, row["since"])
    x, base, extra, towards = row["x"], row["base"], row["extra"], row["aim"]
    towards[TRUST] = base[TRUST] + extra[TRUST]
    for k in range(AUTONOMY, INTEGRITY):
        towards[k] = base[k] + _leaning(numbers, x, k) + extra[k]
    towards[INTEGRITY] = base[INTEGRITY] + _reviewed(numbers, x) + extra[INTEGRITY]
    row["aim_despair"] = _despair_target(numbers, row)


@compiled
def foresee(pod: Pod, seat: int) -> None:
    """Freeze what the stretch up to the next tick is solved with, and find what follows."""
    numbers, row = pod.numbers, pod.people[seat]
    since, horizon = row["since"], row["due"][TICK]
    row["horizon"] = horizon
    row["top"] = ceiling(numbers, row["denial_logit"], row["x"][TRUST], row["hope"] == 1)
    row["knowledge_held"] = row["knowledge"]
    if horizon < math.inf:
        known = understood(numbers, horizon - row["born"])
        gained = known - row["understood"]
        then = grow_knowledge(row["knowledge"], _learning(numbers, row), gained)
        row["knowledge_next"], row["understood_next"] = then, known
        row["knowledge_held"] = 0.5 * (row["knowledge"] + then)
        row["soft_next"] = soft(widths_past(numbers, row, tau_at(row, horizon)))
        row["awareness_next"] = _aware_after(numbers, row, row["soft_next"], horizon)
    row["due"][CROSSING] = math.inf
    if row["crossed"] == 0 and row["top"] > numbers["awareness_pivot"]:
        if horizon == math.inf or row["awareness_next"] >= numbers["awareness_pivot"]:
            row["due"][CROSSING] = _crossing(numbers, row)
    if row["station"] == WORK and numbers["stations_calls_up"] != 0.0:
        _foresee_call(numbers, row, since, horizon)


@compiled
def _crossing(numbers: np.void, row: np.void) -> float:
    """Return when awareness passes its pivot if everything stays frozen."""
    pivot, width = numbers["awareness_pivot"], numbers["awareness_width"]
    if row["awareness"] >= pivot:
        return row["since"]
    factor = row["knowledge_held"] * row["quick"]
    u = crossing_point(row["awareness"], row["top"], pivot, factor, row["soft"])
    tau = row["crisis"] + width * u
    if tau <= row["cap"]:
        due = row["entered"] + (tau - row["tau_entry"]) / row["pace"]
        return max(due, row["since"])
    at_cap = widths_past(numbers, row, row["cap"])
    left = log((row["top"] - row["awareness"]) / (row["top"] - pivot))
    left -= factor * (soft(at_cap) - row["soft"])
    slope = row["knowledge_held"] * row["waiting"] * logistic(at_cap) / width
    if slope <= 0.0:
        return math.inf
    return max(row["since"], row["reach"]) + max(0.0, left) / slope


@compiled
def quality_at(numbers: np.void, row: np.void, time: float) -> float:
    """Return the quality as a carer at a time of the present stretch."""
    trust = stage_at(numbers, row, TRUST, time)
    industry = stage_at(numbers, row, INDUSTRY, time)
    generativity = stage_at(numbers, row, GENERATIVITY, time)
    return quality_of(numbers, trust, industry, generativity, row["talent"])


@compiled
def _foresee_call(numbers: np.void, row: np.void, since: float, horizon: float) -> None:
    """Find the call-up, with quality as it will be in the middle of the stretch."""
    middle = since if horizon == math.inf else 0.5 * (since + horizon)
    quality = quality_at(numbers, row, middle)
    ease = turn_at(numbers, since) * exp(-numbers["stations_weight_of_quality"] * quality)
    row["ease"] = ease
    tenure = call_up_tenure(numbers, row["spent"], row["budget"], ease)
    row["due"][STATION] = max(row["entered"] + tenure, since)


@compiled
def settle(pod: Pod, seat: int) -> None:
    """Look at targets and at what follows, after anything has happened to a person."""
    aim(pod, seat)
    foresee(pod, seat)
    look_ahead(pod.people[seat])
