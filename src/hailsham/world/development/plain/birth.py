"""A child is born, and all that is fixed at birth is drawn."""

from __future__ import annotations

from itertools import pairwise

from hailsham.world.development.plain.clocks import set_appointments, start_childhood
from hailsham.world.development.plain.course import await_memory, consoled, widths_past
from hailsham.world.development.plain.person import SCHOOL, Person, Pod, logistic, soft
from hailsham.world.development.plain.turns import enter_station


def bear(pod: Pod, one: Person) -> None:
    """Let a child be born."""
    life, born = pod.life, one.born
    one.since = one.good_at = one.bad_at = born
    _draw_traits(pod, one)
    clock = life.clock
    edges = (0.0, 1.5, 3.0, 6.0, 12.0, 20.0, 40.0, clock.work_to, clock.last)
    one.windows = list(pairwise(edges))
    one.base = [_base(pod, one, stage) for stage in range(1, 9)]
    one.x, one.aim = [life.stages.start] * 8, [0.0] * 8
    one.despair = life.despair.start
    one.style = max(life.style.held, 0)
    one.soft = soft(widths_past(life, one, 0.0))
    one.consolation = consoled(life, one)
    set_appointments(pod, one)
    await_memory(pod, one, born)
    start_childhood(pod, one)
    enter_station(pod, one, SCHOOL, born)


def _draw_traits(pod: Pod, one: Person) -> None:
    """Draw the traits of a child, and what follows from them."""
    stages, awareness, who = pod.life.stages, pod.life.awareness, one.address
    one.general, one.anger, one.judgement, one.talent = (
        pod.normal(who, "birth.trait", count) for count in range(4)
    )
    odds = stages.ostracism_base + stages.ostracism_anger * one.anger
    one.ostracised = int(pod.uniform(who, "birth.ostracised") < logistic(odds))
    crisis = awareness.crisis_mean + awareness.crisis_spread * pod.normal(who, "birth.crisis")
    one.crisis = crisis + awareness.crisis_judgement * one.judgement
    z = awareness.denial_mean + awareness.denial_spread * pod.normal(who, "birth.denial")
    z += awareness.denial_judgement * one.judgement
    z += awareness.denial_shelter * pod.life.knowledge.shelter
    one.denial_logit, one.denial = z, logistic(z)


def _base(pod: Pod, one: Person, stage: int) -> float:
    """Return the part of the target of a stage, from 1, that does not change."""
    life, stages, reading = pod.life, pod.life.stages, pod.life.reading
    z = stages.spread * pod.normal(one.address, "birth.stage", stage)
    if stage == 8:
        value = life.review.intercept + life.review.general * one.general
        value += life.review.spread * z
        return value + reading.pride * reading.pride_integrity
    own = {
        1: stages.care * (life.house.care - 0.5),
        2: stages.wrist,
        3: stages.health_rules,
        4: stages.ostracised * one.ostracised,
        5: stages.no_family,
    }
    value = stages.intercept + stages.general * one.general + z + own.get(stage, 0.0)
    if 2 <= stage <= 5:
        value += reading.manipulation * reading.manipulation_stages
    return value
