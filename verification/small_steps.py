"""Live the inner life in small steps, and compare its means with those of the event-driven kernel.

    python -m verification.small_steps
    python -m verification.small_steps --kinds ordinary --pods 500 --out FILE.md

Run it in the project's folder, with hailsham installed. This is a program of
its own: the equations of development once more, vectorised, with every number
written out here, the generator of NumPy, and nothing of the kernel. In a step
every rate stands still; what falls due at a date keeps its exact date. Neither
program has Gallery or sales here. Ends with 1 if a mean lies more than two
standard errors of the difference away; pods are the units of these errors.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hailsham.world.development.lives import live_alone
from hailsham.world.development.parameters import InnerLife, hailsham, ordinary, with_values

Array = NDArray[np.float64]
Mean = tuple[float, float]

SEATS, STEPS = 8, 64
SCHOOL, COTTAGES, WORK, DONOR, END = range(5)
LIMIT = 2.0
#: So many lives are lived by events for each in small steps: they cost less.
EVENTS_TO_ONE = 10
#: Style by style: letting go, review, integrity, despair.
LETTING_GO = np.array([0.8, 1.5, 1.1, 0.7, 0.4, 0.7, 0.6])
REVIEW = np.array([0.6, 1.4, 1.0, 0.8, 0.5, 0.6, 0.8])
INTEGRITY = np.array([0.0, 0.3, 0.1, 0.0, -0.2, -0.2, -0.1])
DESPAIR = np.array([0.0, -0.2, -0.1, 0.3, -0.1, -0.2, -0.2])
WINDOWS = ((0, 1.5), (1.5, 3), (3, 6), (6, 12), (12, 20), (20, 40), (40, 65), (65, 80))
CAPS = np.array([16.0, 25.0, 65.0, 80.0])
DEADLY = (0.005, 0.08, 0.45, 1.0)
#: What both programs leave out.
WITHOUT = {"house.gallery": 0.0, "house.tokens": 0.0}


@dataclass(frozen=True)
class Kind:
    """What differs between kinds of lives."""

    years: tuple[float, float, float, float] = (16.0, 3.0, 2.4, 5.85)
    cottages: tuple[float, float] = (2.5, 3.5)
    is_clone: bool = True
    care: float = 0.70
    substitutes: float = 0.1
    shelter: float = 0.6
    knowing: tuple[float, float, float] = (0.25, 9.0, 1.5)
    truth: float = 0.3
    tones: tuple[float, float, float, float] = (0.20, 0.10, 0.05, -0.10)
    institution: tuple[float, float, float] = (-0.2, -0.1, -0.2)
    decay: tuple[float, float, float] = (0.05, 0.03, 0.15)
    dropped: float = 0.8
    objects: float = 0.1


CLONE = Kind()
ORDINARY = Kind(
    years=(16.0, 9.0, 40.0, 15.0), cottages=(9.0, 9.0), is_clone=False, care=0.65, shelter=0.0,
    knowing=(1.0, 8.0, 1.0), truth=0.0, tones=(0.15, 0.10, 0.05, 0.0), institution=(0.0, 0.0, 0.0),
    decay=(0.02, 0.02, 0.02), dropped=0.4, objects=0.05,
)  # fmt: skip


def with_a_mother() -> InnerLife:
    """Return the numbers of an ordinary child who needs no substitute for a mother."""
    return with_values(ordinary(), values={"house.substitutes": 0.0})


KINDS: dict[str, tuple[Kind, Callable[[], InnerLife]]] = {
    "hailsham": (CLONE, hailsham),
    "ordinary": (ORDINARY, ordinary),
    "ordinary, and no substitute for a mother": (replace(ORDINARY, substitutes=0.0), with_a_mother),
}


def logistic(z: Array | float) -> Array:
    """Return ``1 / (1 + e**-z)``."""
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def saturation(z: Array) -> Array:
    """Return ``1 - e**-z``."""
    return np.asarray(1.0 - np.exp(-z))


class World:
    """Pods of eight who are born together, and live in steps until all have died."""

    def __init__(self, kind: Kind, n_pods: int, seed: int, *, steps: int = STEPS) -> None:
        """Let everybody be born."""
        self.kind, self.rng, self.shape = kind, np.random.default_rng(seed), (n_pods, SEATS)
        self.step, self.age = 1.0 / steps, 0.0
        rng, z = self.rng, self._normal
        self.general, self.anger, self.judgement, self.talent = z(), z(), z(), z()
        self.crisis = 32.0 + 3.0 * z() - 2.5 * self.judgement
        self.denial = logistic(-0.35 + 0.8 * z() - 0.4 * self.judgement + 0.6 * kind.shelter)
        self.ostracised = rng.random(self.shape) < logistic(-3.0 + 0.9 * self.anger)
        self.base = 0.35 + 0.45 * self.general + 0.75 * rng.standard_normal((8, *self.shape))
        self.base[0] += 2.0 * (kind.care - 0.5)
        self.base[1] += kind.institution[0]
        self.base[2] += kind.institution[1]
        self.base[3] -= 0.5 * self.ostracised
        self.base[4] += kind.institution[2]
        self.base[7] = 0.15 + 0.225 * self.general + 0.8 * 0.75 * z()
        self.x = np.full((8, *self.shape), -1.0)
        zero = np.zeros(self.shape)
        self.tau, self.knowledge, self.awareness = zero.copy(), zero.copy(), zero.copy()
        self.despair, self.grief = zero - 0.7, zero.copy()
        self.good, self.bad, self.borrowed, self.invented = (zero.copy() for _ in range(4))
        self.own, self.n_others = zero.copy(), zero.copy()
        self.lost, self.let = zero.astype(int), zero.astype(int)
        self.station, self.style = zero.astype(int), zero.astype(int)
        self.found, self.guilt = zero.astype(int), zero.astype(int)
        self.operations = zero.astype(int)
        self.pace, self.entered = zero + 16.0 / kind.years[0], zero.copy()
        self.leaves = zero + 16.0
        self.dream, self.hope, self.tells = (zero.astype(bool) for _ in range(3))
        self.heard, self.crossed = zero.astype(bool), zero.astype(bool)
        self.partner = np.full(self.shape, -1)
        self.crisis_age, self.first_age, self.end_age = zero + np.nan, zero + np.nan, zero + np.nan
        self.tenure, self.budget = zero + np.nan, rng.exponential(size=self.shape)
        told = rng.random((n_pods, 1)) < kind.truth
        date, born = rng.uniform(0, 38, (n_pods, 1)), rng.uniform(0, 38, (n_pods, 1))
        self.truth = np.where(told & (date - born >= 10) & (date - born < 16), date - born, np.inf)
        self.parents = rng.uniform(35, 65, (2, *self.shape))
        if kind.is_clone:
            self.parents[:] = np.inf
        upper = np.triu(rng.random((n_pods, SEATS, SEATS)) < 0.75, 1)
        tie = np.where(upper, rng.uniform(0.3, 0.9, upper.shape), 0.0)
        self.tie = tie + tie.transpose(0, 2, 1)

    def _normal(self) -> Array:
        return self.rng.standard_normal(self.shape)

    def _chance(self, hazard: Array | float) -> NDArray[np.bool_]:
        """Tell to whom a hazard comes in this step, among the living."""
        comes = self.rng.random(self.shape) < -np.expm1(-np.asarray(hazard) * self.step)
        return np.asarray(comes & (self.station < END))

    def _lose(self, whom: NDArray[np.bool_]) -> None:
        self.lost[whom] += 1

    def _remind(self, whom: NDArray[np.bool_], share: Array | float, *, full: bool = False) -> None:
        felt = 1.0 if full else 0.1 + 0.9 * logistic((self.tau - self.crisis) / 4.0)
        self.denial = np.where(whom, self.denial * (1.0 - share * felt), self.denial)

    def share(self) -> Array:
        """Return the share let go of what was lost."""
        return np.where(self.lost > 0, self.let / np.maximum(self.lost, 1), 1.0)

    def consolation(self) -> Array:
        """Return the consolation from memory."""
        sweet = self.good + 0.6 * self.borrowed + 0.4 * self.invented
        value = 0.25 + 0.6 * saturation(sweet / 12.0) + 0.3 * saturation(self.own / 120.0)
        return np.clip(value - 0.3 * saturation(self.bad / 8.0), 0.0, 1.0)

    def live(self) -> None:
        """Live all to their end."""
        while (self.station < END).any():
            self._grow()
            self._remember()
            self._meet()
            self._hope()
            self._let_go()
            self.age += self.step
            self._turn()

    def _grow(self) -> None:
        """Let what has a rate move for a step."""
        dt, alive, kind = self.step, self.station < END, self.kind
        moved = np.minimum(self.tau + self.pace * dt, CAPS[np.minimum(self.station, DONOR)])
        middle = 0.5 * (self.tau + moved)
        onset, spread = kind.knowing[1], kind.knowing[2]
        understanding = logistic((self.age + 0.5 * dt - onset) / spread)
        pace = kind.knowing[0] * np.where(self.station == SCHOOL, 1.0 - kind.shelter, 1.0)
        self.knowledge = 1.0 - (1.0 - self.knowledge) * np.exp(-pace * understanding * dt)
        odds = np.log(self.denial / (1.0 - self.denial))
        top = 1.0 - logistic(odds - 0.1 * self.x[0] + 0.5 * self.hope)
        growth = self.pace * self.knowledge * logistic((middle - self.crisis) / 4.0) / 4.0
        self.awareness += np.maximum(top - self.awareness, 0.0) * -np.expm1(-growth * dt) * alive
        self._settle_stages(middle, alive)
        mem, share = self.consolation(), self.share()
        target = -0.7 + 0.3 * self.anger - 0.25 * self.x[0] - 0.6 * (2.0 * mem - 1.0)
        target += 0.5 * self.grief + 2.0 * self.awareness * (1.0 - share) + DESPAIR[self.style]
        self.despair += (target - self.despair) * -math.expm1(-dt) * alive
        self.grief = np.where(alive, self.grief * math.exp(-dt), self.grief)
        self.tau = np.where(alive, moved, self.tau)

    def _settle_stages(self, middle: Array, alive: NDArray[np.bool_]) -> None:
        """Let every stage move towards its target for a step."""
        x, extra = self.x, np.zeros((8, *self.shape))
        extra[0] = 0.2 * self.found
        extra[4] = 0.3 * self.dream - 0.4 * self.awareness
        mate = np.maximum(self.partner, 0)
        bond = np.take_along_axis(self.tie, mate[:, :, None], 2)[:, :, 0]
        extra[5] = np.where(self.partner >= 0, 0.8 * bond, -0.3)
        extra[6] = 0.5 * (self.station == WORK)
        extra[7] = 0.9 * (2.0 * self.consolation() - 1.0) + 0.5 * (2.0 * self.share() - 1.0)
        extra[7] += INTEGRITY[self.style] - 0.5 * self.hope
        for stage, (opens, shuts) in enumerate(WINDOWS):
            target = self.base[stage] + extra[stage]
            if 0 < stage < 7:
                target = target + 0.12 * x[0] + 0.30 * x[stage - 1]
            if stage == 7:
                target = target + 0.12 * x[0] + 0.35 * (x[4] + x[5] + x[6]) / 3.0
            inside = (middle >= opens) & ((middle < shuts) | (stage == 7))
            rate = self.pace * 3.0 / (shuts - opens) * np.where(inside, 1.0, 0.05)
            if stage == 7:
                rate = rate * (0.15 + 0.85 * self.awareness) * REVIEW[self.style]
            x[stage] += (target - x[stage]) * -np.expm1(-rate * self.step) * alive

    def _keep(self, whom: NDArray[np.bool_], feeling: Array) -> None:
        """Let those keep a memory."""
        self.own += whom
        self.good += np.where(whom, np.maximum(feeling, 0.0), 0.0)
        self.bad += np.where(whom, np.maximum(-feeling, 0.0), 0.0)

    def _remember(self) -> None:
        """Let memories fade, be made, be borrowed and be invented."""
        alive = self.station < END
        self.good = np.where(alive, self.good * math.exp(-0.08 * self.step), self.good)
        self.bad = np.where(alive, self.bad * math.exp(-0.16 * self.step), self.bad)
        made = self.rng.poisson(6.0 * self.step, self.shape) * alive
        tone = np.array((*self.kind.tones, 0.0))[self.station] + 0.1 * self.general
        for nth in range(int(made.max())):
            self._keep(made > nth, np.clip(tone + 0.5 * self._normal(), -1.0, 1.0))
        want = self.pace * self.awareness * self.crossed
        borrows = self._chance(0.4 * want * np.exp(-self.good / 12.0))
        invents = self._chance(0.3 * want * np.exp(-(self.good + self.borrowed) / 12.0))
        self.borrowed += 0.8 * borrows
        self.invented += 0.8 * invents
        self.n_others += borrows.astype(int) + invents
        if self.kind.is_clone:
            dies = self._chance(0.4 * (self.station == WORK))
            self._keep(dies, np.full(self.shape, -0.5))
            self._remind(dies, 0.02)

    def _meet(self) -> None:
        """Let ties weaken and end, and friends become couples."""
        couple, cottages, later = self.kind.decay
        at = self.station
        both = np.maximum(at[:, :, None], at[:, None, :])
        rate = np.where(both == COTTAGES, cottages, later)
        rate = np.where(self.partner[:, :, None] == np.arange(SEATS), couple, rate)
        rate = np.where(np.minimum(at[:, :, None], at[:, None, :]) == SCHOOL, 0.0, rate)
        self.tie *= np.exp(-rate * self.step)
        ended = (self.tie > 0.0) & (self.tie < 0.15)
        for pod, a, b in np.argwhere(ended):
            self._cut(pod, a, b)
            self.lost[pod, a] += 1
        if self.age <= 12.0:
            return
        single = (self.partner < 0) & (at < END)
        may = single[:, :, None] & single[:, None, :] & (self.tie > 0.3) & (at < DONOR)[:, :, None]
        pull = np.where(may, self.tie, 0.0)
        for pod, a in np.argwhere(self._chance(0.05 * pull.sum(axis=2))):
            b = self.rng.choice(SEATS, p=pull[pod, a] / pull[pod, a].sum())
            if self.partner[pod, a] < 0 and self.partner[pod, b] < 0:
                self.partner[pod, a], self.partner[pod, b] = b, a

    def _cut(self, pod: int, a: int, b: int) -> None:
        """Cut a tie, from both sides."""
        self.tie[pod, a, b] = self.tie[pod, b, a] = 0.0
        if self.partner[pod, a] == b:
            self.partner[pod, a] = self.partner[pod, b] = -1

    def _hope(self) -> None:
        """Let children find substitutes and dreams, and the rumour be heard, told and tried."""
        if self.age < 12.0:
            self.found += self._chance(self.kind.substitutes) & (self.found < 2)
        if self.age < 14.0 <= self.age + self.step:
            self.dream = self.rng.random(self.shape) < 0.6
        if self.age > 10.0:
            self.guilt += self._chance(0.15 * logistic(self.anger - self.x[0]))
            self.guilt -= self._chance(0.09 * self.pace * (self.style == 2)) & (self.guilt > 0)
        if not self.kind.is_clone:
            return
        telling = (self.tells & (self.station < END)).astype(float)
        contact = 3.0 / 8.0 * (telling.sum(axis=1, keepdims=True) - telling)
        hazard = np.where(self.station == COTTAGES, 0.25 + contact, 0.2 * contact)
        hears = self._chance(hazard * (self.station >= COTTAGES) * ~self.heard)
        odds = -0.2 + 0.4 * self.dream + 0.5 * (self.partner >= 0) - 0.3 * self.judgement
        believes = hears & (self.rng.random(self.shape) < logistic(odds))
        self.heard |= hears
        self.tells = (self.tells & ~self._chance(1.0)) | believes
        self.hope |= believes
        mate = np.maximum(self.partner, 0)
        bond = np.take_along_axis(self.tie, mate[:, :, None], 2)[:, :, 0]
        tries = self.hope & (self.partner >= 0) & self.crossed
        for pod, a in np.argwhere(self._chance(0.25 * bond * tries)):
            both = np.zeros(self.shape, bool)
            both[pod, [a, self.partner[pod, a]]] = True
            self._refuse(both)
        lapsed = self._chance(0.08 * self.awareness * self.hope)
        self.hope &= ~lapsed
        self._lose(lapsed)

    def _refuse(self, both: NDArray[np.bool_]) -> None:
        """Refuse a couple."""
        self.knowledge[both] = 1.0
        self._remind(both, 0.5, full=True)
        self._remind(both, 0.2, full=True)
        self.grief[both] += 0.8
        self._lose(both & self.hope)
        self.hope &= ~both
        self.tells &= ~both
        self.heard |= both
        self._choose(both)

    def _choose(self, whom: NDArray[np.bool_]) -> None:
        """Let those choose a style."""
        trust, j = self.x[0], self.judgement
        pulls = np.stack([
            0.6 * trust + self.consolation() + 0.4 * j,
            -0.3 + 0.5 * self.guilt,
            -0.4 + 0.8 * self.anger - 0.3 * trust,
            np.where(self.hope, 1.0, -9.0),
            0.2 - 0.5 * j,
            -0.6 - 0.5 * j + 0.5 * (self.tau > 60.0),
        ])  # fmt: skip
        gumbel = self.rng.gumbel(size=pulls.shape)
        self.style = np.where(whom, 1 + np.argmax(pulls + gumbel, axis=0), self.style)

    def _let_go(self) -> None:
        """Let things be lost and let go, people known die, and awareness pass one half."""
        self._lose(self._chance(self.kind.objects))
        if not self.kind.is_clone:
            self._lose(self._chance(0.2 * (self.station == DONOR)))
            self._remind(self._chance(0.05 * (self.age > 30.0)), 0.1)
            for dates in self.parents:
                dies = (dates > self.age) & (dates <= self.age + self.step) & (self.station < END)
                self._remind(dies, 0.2)
                self._lose(dies)
        hears = (self.truth > self.age) & (self.truth <= self.age + self.step)
        if hears.any():
            understood = logistic((self.age - self.kind.knowing[1]) / self.kind.knowing[2])
            told = np.broadcast_to(hears, self.shape)
            self.knowledge += np.where(told, 0.6 * understood * (1.0 - self.knowledge), 0.0)
            self.denial = np.where(told, 0.9 * self.denial, self.denial)
        ease = np.exp(0.4 * self.x[0] - 0.2 * self.anger) * (0.3 + 0.7 * self.awareness)
        rate = 0.10 * self.pace * ease * LETTING_GO[self.style] * (self.station < END)
        share = -np.expm1(-rate * self.step)
        self.let += self.rng.binomial(self.lost - self.let, share)
        now = (self.awareness >= 0.5) & ~self.crossed & (self.station < END)
        if now.any():
            self.crossed |= now
            self.crisis_age[now] = self.age + 0.5 * self.step
            self._choose(now)

    def _enter(self, whom: NDArray[np.bool_], station: int, date: Array) -> None:
        """Let those enter a station."""
        self.station[whom] = station
        self.entered = np.where(whom, date, self.entered)
        pace = (CAPS[station] - self.tau) / self.kind.years[station]
        self.pace = np.where(whom, pace, self.pace)

    def _turn(self) -> None:
        """Let people go on to the next station, be operated on, and die."""
        rng, due = self.rng, self.leaves <= self.age
        leaves, begins = due & (self.station == SCHOOL), due & (self.station == COTTAGES)
        ends = due & (self.station == DONOR)
        self._lose(leaves | begins)
        if leaves.any():
            self._enter(leaves, COTTAGES, self.leaves)
            self.leaves = np.where(
                leaves, self.leaves + rng.uniform(*self.kind.cottages, self.shape), self.leaves
            )
        if begins.any():
            drops = begins & self.dream & (rng.random(self.shape) < self.kind.dropped)
            self._lose(drops)
            self.dream &= ~drops
            self._enter(begins, WORK, self.leaves)
            self.leaves = np.where(begins, np.inf if self.kind.is_clone else 65.0, self.leaves)
        self._call_up()
        for pod, seat in np.argwhere(ends):
            if self.kind.is_clone:
                self._operate(pod, seat)
            else:
                self._die(pod, seat)

    def _call_up(self) -> None:
        """Let carers be called up, or people retire."""
        at_work = self.station == WORK
        if not at_work.any():
            return
        if self.kind.is_clone:
            x = self.x
            quality = 0.4 * x[0] + 0.25 * x[3] + 0.35 * x[6] + 0.6 * self.talent - 0.78
            then, now = ((np.maximum(self.age - back - self.entered - 0.5, 0.0) / 2.0) ** 2.5
                         for back in (self.step, 0.0))  # fmt: skip
            spent = np.where(at_work, np.exp(-1.1 * quality) * (now - then), 0.0)
            called = at_work & (self.budget <= spent)
            part = np.where(called, self.budget / np.maximum(spent, 1e-300), 0.0)
            self.budget -= spent
            date = self.age - self.step * (1.0 - part)
        else:
            called, date = at_work & (self.leaves <= self.age), self.leaves
        if not called.any():
            return
        self.tenure = np.where(called, date - self.entered, self.tenure)
        self._enter(called, DONOR, date)
        if self.kind.is_clone:
            wait = self.rng.gamma(2.0, 0.25, self.shape) + self.rng.exponential(0.5, self.shape)
        else:
            budget = self.rng.exponential(size=self.shape)
            wait = np.log1p(0.095 / 0.012 * budget) / 0.095
        self.leaves = np.where(called, date + wait, self.leaves)

    def _operate(self, pod: int, seat: int) -> None:
        """Operate on a donor."""
        at = pod, seat
        self.operations[at] += 1
        if self.operations[at] == 1:
            self.first_age[at] = self.leaves[at]
        self.lost[at] += 1
        helped = 0.12 * self.rng.normal(0.15, 1.18)
        p = DEADLY[self.operations[at] - 1]
        if p == 1.0 or self.rng.random() < logistic(math.log(p / (1.0 - p)) - helped):
            self._die(pod, seat)
            return
        self._remind(self._only(pod, seat), 0.20)
        recovery = self.rng.gamma(2.0, 0.75 * math.exp(-helped))
        self.leaves[at] += recovery + self.rng.exponential(0.5)

    def _only(self, pod: int, seat: int) -> NDArray[np.bool_]:
        only = np.zeros(self.shape, bool)
        only[pod, seat] = True
        return only

    def _die(self, pod: int, seat: int) -> None:
        """Let somebody die, and friends grieve."""
        self.end_age[pod, seat] = self.leaves[pod, seat]
        self.station[pod, seat] = END
        for mate in np.flatnonzero(self.tie[pod, seat]):
            weight = self.tie[pod, seat, mate]
            grief = weight * (1.0 - 0.5 * self.awareness[pod, mate])
            self.grief[pod, mate] += grief * (1.5 if self.partner[pod, mate] == seat else 1.0)
            self._remind(self._only(pod, int(mate)), 0.15 * weight)
            self.lost[pod, mate] += 1
            self._cut(pod, seat, int(mate))


def stepped(world: World) -> dict[str, Array]:
    """Return what the small steps give, person by person, pods along the first axis."""
    despair, share = logistic(world.despair), world.share()
    calm = (despair <= 0.20) & (share >= 0.75) & (world.awareness >= 0.6)
    found = {
        "work, years": world.tenure,
        "after the call-up, years": world.end_age - world.entered,
        "integrity": logistic(world.x[7]),
        "despair": despair,
        "share let go": share,
        "crossing, age": world.crisis_age,
        "share that cross": world.crossed.astype(float),
        "losses": world.lost + 1.0,
        "let go": world.let.astype(float),
        "peacefully aware": calm.astype(float),
        "borrowed and invented": world.n_others,
        "consolation": world.consolation(),
    }
    if world.kind.is_clone:
        found["T1: third or fourth operation"] = (world.operations >= 3).astype(float)
        found["T2: dead before 30"] = (world.end_age < 30.0).astype(float)
        first = world.first_age
        found["T3: first operation at 20 to 29"] = ((first >= 20.0) & (first < 30.0)).astype(float)
    return found


def lived(people: NDArray[np.void], names: dict[str, Array]) -> dict[str, Array]:
    """Return the same of the kernel's rows."""
    first, end = people["first_operation"] - people["born"], people["ended"] - people["born"]
    found = {
        "work, years": people["tenure"],
        "after the call-up, years": people["ended"] - people["donor_from"],
        "integrity": people["integrity"],
        "despair": people["despair"],
        "share let go": people["letting_go"],
        "crossing, age": people["crisis_age"],
        "share that cross": np.isfinite(people["crisis_age"]),
        "losses": people["lost"],
        "let go": people["let_go"],
        "peacefully aware": people["peaceful"],
        "borrowed and invented": people["memories_borrowed"] + people["memories_invented"],
        "consolation": people["consolation"],
        "T1: third or fourth operation": people["donations"] >= 3,
        "T2: dead before 30": end < 30.0,
        "T3: first operation at 20 to 29": (first >= 20.0) & (first < 30.0),
    }
    return {name: found[name].astype(float).reshape(-1, SEATS) for name in names}


def mean_and_error(values: Array) -> Mean:
    """Return the mean over people and its standard error, with pods as the units."""
    has = np.isfinite(values)
    mean = float(values[has].mean())
    pods = np.where(has, values - mean, 0.0).sum(axis=1)
    return mean, float(np.sqrt((pods**2).sum()) / has.sum())


def compare(
    kind: Kind, life: InnerLife, *, pods: int, seed: int, steps: int
) -> dict[str, tuple[Mean, Mean]]:
    """Return each mean twice, with its standard error: by events, and in small steps."""
    world = World(kind, pods, seed, steps=steps)
    world.live()
    small = stepped(world)
    changed, n_pods = with_values(life, values=WITHOUT), EVENTS_TO_ONE * pods
    events = lived(live_alone(changed, n_pods=n_pods, seed=seed).lives, small)
    return {
        name: (mean_and_error(events[name]), mean_and_error(values))
        for name, values in small.items()
    }


def apart(pair: tuple[Mean, Mean]) -> float:
    """Return how many standard errors of the difference two means lie apart."""
    (one, one_error), (other, other_error) = pair
    error = math.hypot(one_error, other_error)
    # What does not vary, a stay of a fixed length, must be the same but for rounding.
    return (other - one) / max(error, 1e-9)


def table(name: str, *, pods: int, seed: int, steps: int) -> tuple[str, list[str]]:
    """Return the table of a kind of lives, and which of its means lie too far apart."""
    kind, make = KINDS[name]
    found = compare(kind, make(), pods=pods, seed=seed, steps=steps)
    off = [what for what, pair in found.items() if abs(apart(pair)) > LIMIT]
    lines = ["| mean of | events | error | small steps | error | apart |", "| --- " * 6 + "|"]
    for what, pair in found.items():
        (one, one_error), (other, other_error) = pair
        sizes = f"{one:.4f} | {one_error:.4f} | {other:.4f} | {other_error:.4f}"
        lines.append(f"| {what} | {sizes} | {apart(pair):+.2f} |")
    last = f"More than {LIMIT:g} standard errors apart: {', '.join(off) or 'none'}."
    return "\n".join((f"## {name.capitalize()}", "", *lines, "", last, "")), off


def main() -> None:
    """Compare, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--pods", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS, help="steps a year")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    began = time.perf_counter()
    sizes = {"pods": options.pods, "seed": options.seed, "steps": options.steps}
    found = [table(name, **sizes) for name in options.kinds]
    command = " ".join(f"--{name} {size}" for name, size in sizes.items())
    text = (
        f"# Small steps against events\n\n"
        f"Written by `python -m verification.small_steps {command}` "
        f"on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, in "
        f"{time.perf_counter() - began:.0f} s:\n{SEATS * options.pods:,} lives of each kind in "
        f"steps of 1/{options.steps} y, {EVENTS_TO_ONE * SEATS * options.pods:,} by events. "
        "Neither has Gallery or sales. Errors are standard errors with pods as\nunits, and "
        "*apart* is the difference over its own. Of fifty such means about two lie more than two "
        "apart by chance.\n\n" + "\n".join(text for text, _ in found)
    )
    sys.stdout.write(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    raise SystemExit(1 if any(off for _, off in found) else 0)


if __name__ == "__main__":
    main()
