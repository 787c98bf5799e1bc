"""Every number of an inner life, nested by subject, and the record a kernel reads.

Each subject declares its own numbers beside the code that uses them; here they
are brought together, set by dotted name (``despair.awareness``), and written
flat (``despair_awareness``) into one record. A life is of no *kind*: a child of
Hailsham, of another school and an ordinary person differ by the values below
and by nothing else, so whatever is said of one kind is said of these numbers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hailsham.world.development.awareness import (
    AwarenessParameters,
    KnowledgeParameters,
    ReminderParameters,
)
from hailsham.world.development.clock import ClockParameters
from hailsham.world.development.despair import DespairParameters, GriefParameters
from hailsham.world.development.hopes import HopeParameters
from hailsham.world.development.letting_go import LettingGoParameters
from hailsham.world.development.memory import MemoryParameters
from hailsham.world.development.pod.childhood import HouseParameters
from hailsham.world.development.pod.stations import OperationParameters, StationParameters
from hailsham.world.development.stages import ReviewParameters, StageParameters
from hailsham.world.development.style import StyleParameters
from hailsham.world.development.ties import TieParameters
from hailsham.world.parameters import Meaning, meanings, parameter

_READING = "a reading of the sources; off by default"
_DO = "an intervention that nobody in the story makes; off by default"


@dataclass(frozen=True)
class ReadingParameters:
    """What some readings of the sources add."""

    manipulation: float = parameter(
        0.0, "how far the children were made to be dependent", unit="proportion", low=0, high=1,
        grade="X", source=_READING,
    )  # fmt: skip
    manipulation_stages: float = parameter(
        -0.5, "what it does in full to stages two to five", unit="logit", low=-1, high=0,
        grade="X", source=_READING,
    )  # fmt: skip
    pride: float = parameter(
        0.0, "how far they are proud of what they do", unit="proportion", low=0, high=1,
        grade="X", source=_READING,
    )  # fmt: skip
    pride_integrity: float = parameter(
        0.6, "what pride adds to where integrity tends", unit="logit", low=0, high=1.2,
        grade="X", source=_READING,
    )  # fmt: skip
    pride_despair: float = parameter(
        -0.4, "what pride adds to where despair tends", unit="logit", low=-0.8, high=0,
        grade="X", source=_READING,
    )  # fmt: skip
    protest: float = parameter(
        0.0, "added pull to the protester's style", low=0, high=1, grade="X", source=_READING
    )


@dataclass(frozen=True)
class EscapeParameters:
    """Chances to leave: met, thought of, thought possible, taken."""

    chances: float = parameter(
        50.0, "chances met at work", unit="per person-year", low=0, high=365, grade="X",
        source="article: they drive freely; the number is ours",
    )  # fmt: skip
    conceived: float = parameter(
        0.05, "probability that one is thought of (c)", unit="proportion", low=0, high=1,
        grade="X", source=_READING,
    )  # fmt: skip
    feasible: float = parameter(
        0.0, "probability that it is thought possible (f)", unit="proportion", low=0, high=1,
        grade="X", source=_READING,
    )  # fmt: skip
    taken: float = parameter(
        0.3, "probability that it is then taken (r)", unit="proportion", low=0, high=1,
        grade="X", source=_READING,
    )  # fmt: skip


@dataclass(frozen=True)
class InterventionParameters:
    """What nobody in the story does, and the model can."""

    life_review: float = parameter(
        0.0, "a guided review of life from the call-up on, do(LR)", unit="proportion", low=0,
        high=1, grade="X", source=_DO,
    )  # fmt: skip
    review_integrity: float = parameter(
        0.5, "what it adds to where integrity tends", unit="logit", low=0, high=1, grade="C",
        source="tuned to the effects that meta-analyses give",
    )  # fmt: skip
    review_despair: float = parameter(
        -0.25, "what it adds to where despair tends", unit="logit", low=-0.5, high=0, grade="C",
        source="tuned to the effects that meta-analyses give",
    )  # fmt: skip
    review_memory: float = parameter(
        0.10, "what it adds to consolation", low=0, high=0.2, grade="C",
        source="tuned to the effects that meta-analyses give",
    )  # fmt: skip
    review_pace: float = parameter(
        1.5, "its factor on the pace of the review", low=1, high=2, grade="C",
        source="tuned to the effects that meta-analyses give",
    )  # fmt: skip
    truth_at: float = parameter(
        1000.0, "age at which everybody is told the truth; 1000, which nobody reaches, is never",
        unit="years", low=0, high=1000, grade="X", source=_DO,
    )  # fmt: skip


@dataclass(frozen=True)
class InnerLife:
    """Every number of an inner life, with the defaults of a child of Hailsham."""

    clock: ClockParameters = field(default_factory=ClockParameters)
    knowledge: KnowledgeParameters = field(default_factory=KnowledgeParameters)
    awareness: AwarenessParameters = field(default_factory=AwarenessParameters)
    reminders: ReminderParameters = field(default_factory=ReminderParameters)
    stages: StageParameters = field(default_factory=StageParameters)
    review: ReviewParameters = field(default_factory=ReviewParameters)
    memory: MemoryParameters = field(default_factory=MemoryParameters)
    ties: TieParameters = field(default_factory=TieParameters)
    hopes: HopeParameters = field(default_factory=HopeParameters)
    letting_go: LettingGoParameters = field(default_factory=LettingGoParameters)
    grief: GriefParameters = field(default_factory=GriefParameters)
    style: StyleParameters = field(default_factory=StyleParameters)
    despair: DespairParameters = field(default_factory=DespairParameters)
    house: HouseParameters = field(default_factory=HouseParameters)
    stations: StationParameters = field(default_factory=StationParameters)
    operations: OperationParameters = field(default_factory=OperationParameters)
    reading: ReadingParameters = field(default_factory=ReadingParameters)
    escape: EscapeParameters = field(default_factory=EscapeParameters)
    interventions: InterventionParameters = field(default_factory=InterventionParameters)


SUBJECTS: dict[str, type] = {
    item.name: type(getattr(InnerLife(), item.name)) for item in dataclasses.fields(InnerLife)
}

#: What another school for clones does otherwise than Hailsham.
OTHER_SCHOOL: dict[str, Any] = {
    "house.care": 0.40,
    "house.gallery": 0.0,
    "knowledge.shelter": 0.3,
    "memory.tone_school": 0.05,
}

#: What an ordinary life has otherwise: its stations, care, memories, ties; no institution.
ORDINARY_LIFE: dict[str, Any] = {
    "clock.cottages_years": 9.0,
    "clock.work_years": 40.0,
    "clock.donor_years": 15.0,
    "knowledge.rate": 1.0,
    "knowledge.shelter": 0.0,
    "knowledge.onset": 8.0,
    "knowledge.spread": 1.0,
    "knowledge.truth_probability": 0.0,
    "reminders.parents": 2,
    "reminders.acquaintances": 0.05,
    "stages.wrist": 0.0,
    "stages.health_rules": 0.0,
    "stages.no_family": 0.0,
    "memory.tone_school": 0.15,
    "memory.tone_donor": 0.0,
    "ties.decay_couple": 0.02,
    "ties.decay_cottages": 0.02,
    "ties.decay_later": 0.02,
    "hopes.dream_dropped": 0.4,
    "hopes.external": 0.0,
    "letting_go.objects": 0.05,
    "letting_go.illnesses": 0.2,
    "house.care": 0.65,
    "house.gallery": 0.0,
    "house.tokens": 0.0,
    "house.checks": 0.0,
    "stations.cottages_least": 9.0,
    "stations.cottages_most": 9.0,
    "stations.calls_up": 0,
    "stations.patients": 0.0,
    "escape.chances": 0.0,
}

#: A guardian's life is an ordinary one whose work ends with the school.
GUARDIAN: dict[str, Any] = {**ORDINARY_LIFE, "house.closing_blow": 1.5}
MISS_EMILY: dict[str, Any] = {**GUARDIAN, "style.held": 6}
MADAME: dict[str, Any] = {**GUARDIAN, "style.held": 1}

#: The sizes that the literature on letting go would give (``weak_letting_go``).
WEAK_LETTING_GO: dict[str, Any] = {
    "despair.awareness": 0.6,
    "despair.intercept": -0.4,
    "review.letting_go": 0.15,
}


def meaning_of(name: str) -> tuple[Any, Meaning]:
    """Return the default and the meaning of a number by its dotted name.

    Raises:
        KeyError: If there is no such number.
    """
    subject, _, last = name.partition(".")
    if subject not in SUBJECTS or last not in meanings(SUBJECTS[subject]):
        raise KeyError(f"no number of an inner life is called {name!r}")
    return meanings(SUBJECTS[subject])[last]


def names() -> list[str]:
    """Return the dotted name of every number, in order."""
    return [f"{subject}.{name}" for subject, kind in SUBJECTS.items() for name in meanings(kind)]


def with_values(life: InnerLife, *, values: Mapping[str, Any]) -> InnerLife:
    """Return the same numbers with some of them set by dotted name.

    Args:
        life: What is not named is taken from here.
        values: ``{"despair.awareness": 0.6, ...}``.

    Raises:
        KeyError: If there is no such number.
    """
    subjects: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        meaning_of(name)
        subject, _, last = name.partition(".")
        subjects.setdefault(subject, {})[last] = value
    changed = {
        subject: dataclasses.replace(getattr(life, subject), **found)
        for subject, found in subjects.items()
    }
    return dataclasses.replace(life, **changed)


def hailsham() -> InnerLife:
    """Return the numbers of a clone raised at Hailsham: the defaults."""
    return InnerLife()


def other_school() -> InnerLife:
    """Return the numbers of a clone raised at another school."""
    return with_values(InnerLife(), values=OTHER_SCHOOL)


def ordinary() -> InnerLife:
    """Return the numbers of an ordinary life."""
    return with_values(InnerLife(), values=ORDINARY_LIFE)


def _field(name: str) -> tuple[Any, ...]:
    """Return the field of the kernel's record for a number."""
    default, _ = meaning_of(name)
    flat = name.replace(".", "_")
    return (flat, np.float64, (len(default),)) if isinstance(default, tuple) else (flat, np.float64)


#: What a kernel reads: every number by its dotted name, with ``_`` for the dot.
NUMBERS = np.dtype([_field(name) for name in names()])


def as_numbers(lives: Iterable[InnerLife]) -> NDArray[np.void]:
    """Return one record for each set of numbers; words become places among their choices."""
    rows = list(lives)
    numbers = np.zeros(len(rows), NUMBERS)
    for row, life in zip(numbers, rows, strict=True):
        for name in names():
            subject, _, last = name.partition(".")
            value = getattr(getattr(life, subject), last)
            if isinstance(value, str):
                value = meaning_of(name)[1].choices.index(value)
            row[name.replace(".", "_")] = value
    return numbers
