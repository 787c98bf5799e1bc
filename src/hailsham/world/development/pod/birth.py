"""Eight children are born, and all that is fixed at birth is drawn."""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import normal, purpose, uniform, uniform_pair
from hailsham.world.development.awareness import logistic, soft, understood
from hailsham.world.development.clock import SCHOOL
from hailsham.world.development.pod.childhood import next_sale
from hailsham.world.development.pod.course import widths_past
from hailsham.world.development.pod.remembering import await_memory, consoled
from hailsham.world.development.pod.state import (
    ACQUAINTANCE,
    CLOCKS,
    CLOSING,
    DREAM,
    FANTASY,
    GALLERY,
    MILESTONE,
    NOBODY,
    OBJECT,
    PARENT,
    SALE,
    SEATS,
    STATION,
    SUBSTITUTE,
    TICK,
    TRUTH,
    WRONG,
    Pod,
)
from hailsham.world.development.pod.streams import start_clock
from hailsham.world.development.stages import (
    AUTONOMY,
    IDENTITY,
    INDUSTRY,
    INITIATIVE,
    INTEGRITY,
    N_STAGES,
    TRUST,
    window,
)

_TRAIT = purpose("inner.birth.trait")
_STAGE = purpose("inner.birth.stage")
_CRISIS = purpose("inner.birth.crisis")
_DENIAL = purpose("inner.birth.denial")
_OSTRACISED = purpose("inner.birth.ostracised")
_TIE = purpose("inner.birth.tie")
_PARENT = purpose("inner.parent")

#: Ages at which knowledge and awareness are noted.
MILESTONES = (15.0, 19.0)


@compiled
def _draw_bases(pod: Pod, row: np.void) -> None:
    """Draw the part of each target that does not change."""
    numbers, person = pod.numbers, row["person"]
    for k in range(N_STAGES):
        z = normal(pod.key, person, _STAGE, k + 1)
        if k == INTEGRITY:
            value = numbers["review_intercept"] + numbers["review_general"] * row["general"]
            value += numbers["review_spread"] * (numbers["stages_spread"] * z)
            value += numbers["reading_pride"] * numbers["reading_pride_integrity"]
        else:
            value = numbers["stages_intercept"] + numbers["stages_general"] * row["general"]
            value += numbers["stages_spread"] * z
        if k == TRUST:
            value += numbers["stages_care"] * (numbers["house_care"] - 0.5)
        elif k == AUTONOMY:
            value += numbers["stages_wrist"]
        elif k == INITIATIVE:
            value += numbers["stages_health_rules"]
        elif k == INDUSTRY:
            value += numbers["stages_ostracised"] * row["ostracised"]
        elif k == IDENTITY:
            value += numbers["stages_no_family"]
        if AUTONOMY <= k <= IDENTITY:
            value += numbers["reading_manipulation"] * numbers["reading_manipulation_stages"]
        row["base"][k] = value
        row["x"][k] = numbers["stages_start"]
        row["opens"][k], row["shuts"][k] = window(numbers, k)
        row["inner"][k] = numbers["stages_pace"] / (row["shuts"][k] - row["opens"][k])


@compiled
def _draw_person(pod: Pod, row: np.void) -> None:
    """Draw the traits of a child, and what follows from them."""
    numbers, key, person = pod.numbers, pod.key, row["person"]
    row["general"] = normal(key, person, _TRAIT, 0)
    row["anger"] = normal(key, person, _TRAIT, 1)
    row["judgement"] = normal(key, person, _TRAIT, 2)
    row["talent"] = normal(key, person, _TRAIT, 3)
    odds = numbers["stages_ostracism_base"] + numbers["stages_ostracism_anger"] * row["anger"]
    left_out = uniform(key, person, _OSTRACISED, 0) < logistic(odds)
    row["ostracised"] = 1 if left_out else 0
    crisis = numbers["awareness_crisis_mean"]
    crisis += numbers["awareness_crisis_spread"] * normal(key, person, _CRISIS, 0)
    row["crisis"] = crisis + numbers["awareness_crisis_judgement"] * row["judgement"]
    z = numbers["awareness_denial_mean"]
    z += numbers["awareness_denial_spread"] * normal(key, person, _DENIAL, 0)
    z += numbers["awareness_denial_judgement"] * row["judgement"]
    z += numbers["awareness_denial_shelter"] * numbers["knowledge_shelter"]
    row["denial_logit"], row["denial"] = z, logistic(z)
    _draw_bases(pod, row)
    row["despair"] = numbers["despair_start"]
    row["partner"], row["share"] = NOBODY, 1.0
    if numbers["style_held"] >= 0.0:
        row["style"] = np.int64(numbers["style_held"])


@compiled
def next_parent(pod: Pod, row: np.void, after: float) -> float:
    """Return when the next parent dies after a time; ``inf`` if none is left."""
    numbers, first = pod.numbers, math.inf
    for parent in range(np.int64(numbers["reminders_parents"])):
        part = uniform(pod.key, row["person"], _PARENT, parent)
        least, most = numbers["reminders_parent_from"], numbers["reminders_parent_to"]
        due = row["born"] + (least + part * (most - least))
        if after < due < first:
            first = due
    return first


@compiled
def _set_appointments(pod: Pod, row: np.void) -> None:
    """Set what comes at a given age or date."""
    numbers, place, born, due = pod.numbers, pod.frame, row["born"], row["due"]
    due[STATION] = born + numbers["stations_leave_at"]
    due[TICK] = math.inf if numbers["clock_tick"] == 0.0 else born + numbers["clock_tick"]
    due[MILESTONE] = born + MILESTONES[0]
    heard_from = born + numbers["knowledge_truth_from"]
    heard_to = born + numbers["knowledge_truth_to"]
    if heard_from <= place["truth"] < heard_to:
        due[TRUTH] = place["truth"]
    due[TRUTH] = min(due[TRUTH], born + numbers["interventions_truth_at"])
    if place["closes"] > born:
        due[CLOSING] = place["closes"]
    due[DREAM] = born + numbers["hopes_dream_at"]
    if numbers["house_fantasy"] > 0.0:
        due[FANTASY] = born + numbers["house_fantasy_at"]
    if numbers["house_tokens"] > 0.0:
        row["earned_at"] = born + numbers["house_gallery_from"]
        every = numbers["house_sale_every"]
        due[SALE] = next_sale(pod.key, place["house"], every, row["earned_at"])
    due[PARENT] = next_parent(pod, row, born)


@compiled
def _start_streams(pod: Pod, row: np.void) -> None:
    """Start the streams that run from childhood on."""
    numbers, born = pod.numbers, row["born"]
    await_memory(pod, row, born)
    start_clock(pod, row, OBJECT, numbers["letting_go_objects"], born)
    start_clock(pod, row, WRONG, numbers["style_wrongs"], born + numbers["style_wrongs_from"])
    start_clock(pod, row, SUBSTITUTE, numbers["house_substitutes"], born)
    gallery_from = born + numbers["house_gallery_from"]
    start_clock(pod, row, GALLERY, numbers["house_gallery"], gallery_from)
    known_from = born + numbers["reminders_acquaintances_from"]
    start_clock(pod, row, ACQUAINTANCE, numbers["reminders_acquaintances"], known_from)


@compiled
def draw_ties(pod: Pod) -> None:
    """Draw who of the pod is tied to whom, and how strongly."""
    numbers, place = pod.numbers, pod.frame
    weakest, strongest = numbers["ties_weakest"], numbers["ties_strongest"]
    for a in range(SEATS):
        for b in range(a + 1, SEATS):
            tied, part = uniform_pair(pod.key, place["person"][a], _TIE, b)
            is_tied = tied < numbers["ties_chance"]
            pod.frame["tie"][a, b] = weakest + part * (strongest - weakest) if is_tied else 0.0
            pod.frame["tie_at"][a, b] = place["born"][a]
            pod.frame["tie_rate"][a, b] = 0.0
            pod.frame["tie_ends"][a, b] = math.inf
    pod.frame["first_end"] = math.inf


@compiled
def bear(pod: Pod, seat: int) -> None:
    """Let a child be born; the ties of the pod are drawn, the station comes next."""
    numbers, row = pod.numbers, pod.people[seat]
    row["person"], row["born"] = pod.frame["person"][seat], pod.frame["born"][seat]
    row["station"] = SCHOOL
    born = row["born"]
    row["since"], row["good_at"], row["bad_at"] = born, born, born
    for clock in range(CLOCKS):
        row["due"][clock] = math.inf
    _draw_person(pod, row)
    row["understood"] = understood(numbers, 0.0)
    row["soft"] = soft(widths_past(numbers, row, 0.0))
    row["consolation"] = consoled(numbers, row)
    _set_appointments(pod, row)
    _start_streams(pod, row)
