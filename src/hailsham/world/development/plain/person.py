"""What is known of a person and of a pod while they live, and how luck is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hailsham.engine import plain as engine
from hailsham.engine.draws import purpose
from hailsham.engine.families.plain import normal_quantile
from hailsham.lives.codes import Event
from hailsham.world.development.parameters import InnerLife

SCHOOL, COTTAGES, WORK, AFTER, END = range(5)
SEATS = 8
NOBODY = -1
#: At one instant the clocks of a person act in this order.
APPOINTMENTS = (
    "station", "operation", "truth", "closing", "dream", "fantasy", "sale", "parent", "crossing",
)  # fmt: skip
STREAMS = (
    "object", "wrong", "mend", "substitute", "gallery", "couple", "hear", "stop", "apply",
    "lapse", "borrow", "invent", "patient", "acquaintance", "illness", "chance",
)  # fmt: skip
CLOCKS = (*APPOINTMENTS, *STREAMS, "letting_go", "milestone", "tick")


@dataclass(slots=True)
class Stream:
    """A Poisson stream of candidates: when the next is due, its draw, and how many came."""

    due: float = math.inf
    bound: float = 0.0
    draw: float = 0.0
    count: int = 0


@dataclass(slots=True)
class Loss:
    """A loss that is open."""

    number: int
    kind: int
    due: float = math.inf
    draw: float = 0.0
    tries: int = 0


@dataclass(slots=True)
class Tie:
    """A tie: its strength at a time, and how it decays since."""

    weight: float
    at: float
    rate: float = 0.0
    ends: float = math.inf


@dataclass(slots=True)
class Person:
    """Somebody, brought to the time ``since``."""

    address: int
    seat: int
    born: float
    station: int = SCHOOL
    left: bool = False
    # Fixed at birth.
    general: float = 0.0
    anger: float = 0.0
    judgement: float = 0.0
    talent: float = 0.0
    crisis: float = 0.0
    ostracised: int = 0
    base: list[float] = field(default_factory=list)
    windows: list[tuple[float, float]] = field(default_factory=list)
    # The clock of development.
    since: float = 0.0
    entered: float = 0.0
    tau: float = 0.0
    tau_entry: float = 0.0
    pace: float = 0.0
    cap: float = 0.0
    reach: float = 0.0
    rate: float = 0.0
    quick: float = 0.0
    waiting: float = 0.0
    # Knowledge and awareness, and what is foreseen for the stretch.
    knowledge: float = 0.0
    denial: float = 0.0
    denial_logit: float = 0.0
    awareness: float = 0.0
    crossed: bool = False
    soft: float = 0.0
    top: float = 0.0
    held: float = 0.0
    # Stages and despair, and where each tends.
    x: list[float] = field(default_factory=list)
    aim: list[float] = field(default_factory=list)
    despair: float = 0.0
    aim_despair: float = 0.0
    grief: float = 0.0
    # Memory.
    good: float = 0.0
    good_at: float = 0.0
    bad: float = 0.0
    bad_at: float = 0.0
    borrowed: float = 0.0
    invented: float = 0.0
    consolation: float = 0.0
    n_own: int = 0
    n_borrowed: int = 0
    n_invented: int = 0
    memory: Stream = field(default_factory=Stream)
    # Losses.
    lost: int = 0
    let: int = 0
    share: float = 1.0
    losses: list[Loss] = field(default_factory=list)
    loss_bound: float = 0.0
    most_trust: float = 0.0
    # Hopes, style, friends.
    dream: int = 0
    hope: int = 0
    has_heard: bool = False
    tells: bool = False
    style: int = 0
    choices: int = 0
    guilt: int = 0
    substitutes: int = 0
    works: int = 0
    partner: int = NOBODY
    # Work, operations, the house.
    budget: float = 0.0
    ease: float = 0.0
    operations: int = 0
    care_sum: float = 0.0
    recovery_sum: float = 0.0
    reviewing: bool = False
    earned: float = 0.0
    tokens: float = 0.0
    earned_at: float = 0.0
    # Clocks.
    due: dict[str, float] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    ticks: int = 0

    def due_at(self, clock: str) -> float:
        """Return when a clock is due."""
        if clock in self.streams:
            return self.streams[clock].due
        if clock == "letting_go":
            return min((loss.due for loss in self.losses), default=math.inf)
        return self.due.get(clock, math.inf)

    def next_clock(self) -> tuple[float, int]:
        """Return what is due next: when, and which place among the clocks."""
        if self.station == END:
            return math.inf, len(CLOCKS)
        return min((self.due_at(clock), place) for place, clock in enumerate(CLOCKS))


@dataclass(slots=True)
class Pod:
    """Eight people, what they have in common, and what is noted of them."""

    key: int
    life: InnerLife
    house: int
    truth: float
    closes: float
    people: list[Person]
    notes: NDArray[np.void]
    ties: dict[tuple[int, int], Tie] = field(default_factory=dict)
    log: list[tuple[int, float, int, int, int]] = field(default_factory=list)
    counted: int = 0

    def pair(self, person: int, name: str, count: int = 0) -> tuple[float, float]:
        """Draw two uniforms at the address of a decision."""
        return engine.uniform_pair(self.key, person, int(purpose(f"inner.{name}")), count)

    def uniform(self, person: int, name: str, count: int = 0) -> float:
        """Draw a uniform."""
        return self.pair(person, name, count)[0]

    def normal(self, person: int, name: str, count: int = 0) -> float:
        """Draw from the standard normal distribution."""
        return normal_quantile(self.uniform(person, name, count))

    def exponential(self, person: int, name: str, count: int = 0) -> float:
        """Draw a unit exponential."""
        return -engine.log(self.uniform(person, name, count))

    def gamma_two(self, person: int, name: str, count: int = 0) -> float:
        """Draw two unit exponentials in a row."""
        first, second = self.pair(person, name, count)
        return -engine.log(first) - engine.log(second)

    def others(self, one: Person) -> list[Person]:
        """Return the others of the pod, by seat."""
        return [other for other in self.people if other is not one]

    def tie(self, one: Person, other: Person) -> Tie | None:
        """Return the tie of two people, if they are tied."""
        return self.ties.get((min(one.seat, other.seat), max(one.seat, other.seat)))

    def count_ties(self, one: Person) -> int:
        """Return how many ties a person has."""
        return sum(one.seat in pair for pair in self.ties)

    def tell(
        self, one: Person, time: float, event: Event, other: int = NOBODY, detail: int = NOBODY
    ) -> None:
        """Count an event, and record it unless the person has been left."""
        self.counted += 1
        if not one.left:
            self.log.append((one.address, time, int(event), other, detail))


def logistic(z: float) -> float:
    """Return ``1 / (1 + e**-z)``."""
    return 1.0 / (1.0 + engine.exp(-z))


def soft(z: float) -> float:
    """Return ``log(1 + e**z)``."""
    return z if z > 36.0 else engine.log1p(engine.exp(z))


def power(base: float, exponent: float) -> float:
    """Return ``base ** exponent`` for a base above 0."""
    return engine.exp(exponent * engine.log(base))


def saturation(z: float) -> float:
    """Return ``1 - e**-z``."""
    return 1.0 - engine.exp(-z)
