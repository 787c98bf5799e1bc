"""Rival readings of the two texts, each a set of parameters.

A reading is what somebody holds the story to be about, made into numbers so
that it can be run. What its author says and what we had to add to run it are
kept apart. Readings are named by their claim; the name of whoever wrote it
down is an alias. They are not ranked: a reading fits a fact or does not, fact
by fact, and the facts do not decide between most of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from hailsham.errors import Fault, ScenarioError

Value = float | str
Settings = Mapping[str, Value]
#: Whether an acceptance may count as one: by what a life shows, or never.
Acceptance = Literal["as lived", "never"]

ACCEPTANCE: dict[Acceptance, str] = {
    "as lived": "who feels the end (awareness of 0.5 or more) and has let go of half of what was "
    "lost has accepted it",
    "never": "nobody can accept what nobody could refuse",
}
DEFAULT = "article"


@dataclass(frozen=True)
class Assumption:
    """Something that we added to run a reading, and by which keys."""

    says: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """A reading with one thing changed, shown beside it."""

    name: str
    says: str
    values: Settings


@dataclass(frozen=True)
class Reading:
    """One account of the story, as a set of parameters.

    ``claim`` is its author's, in our words; ``ours`` is what we added.
    ``not_simulated`` says what of it no run shows yet. ``decided_by`` names
    interventions, ``undecided`` says what they would decide and the facts do
    not.
    """

    name: str
    alias: str
    author: str
    facts: tuple[str, ...]
    claim: str
    values: Settings
    ours: tuple[Assumption, ...]
    undecided: str
    acceptance: Acceptance = "as lived"
    decided_by: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    not_simulated: str = ""

    def values_in(self, tables: Collection[str]) -> Settings:
        """Return the values that belong to the tables of a world.

        Args:
            tables: Names of a scenario's top tables, such as ``development``.
        """
        return {key: value for key, value in self.values.items() if key.split(".")[0] in tables}


@dataclass(frozen=True)
class Intervention:
    """What nobody in the story does, and a run can do to everybody."""

    name: str
    says: str
    values: Settings


CONCEIVED = "development.escape.conceived"
FEASIBLE = "development.escape.feasible"
TAKEN = "development.escape.taken"
_KNOWLEDGE = {"development.knowledge.shelter": 0.0, "development.knowledge.rate": 1.0}
_PRIDE = {"development.reading.pride": 1.0}
_WILLING = {
    "development.hopes.external": 0.0,
    CONCEIVED: 1.0,
    FEASIBLE: 1.0,
    TAKEN: 0.0,
    **_KNOWLEDGE,
    **_PRIDE,
}
_NO_CHOICE = {"development.reading.manipulation": 1.0, CONCEIVED: 0.0, FEASIBLE: 1.0}

INTERVENTIONS: dict[str, Intervention] = {
    each.name: each
    for each in (
        Intervention("do(c=1)", "the thought of leaving is given to everybody", {CONCEIVED: 1.0}),
        Intervention(
            "do(c=1, f=1)",
            "the thought of leaving is given to everybody, and a way that looks open",
            {CONCEIVED: 1.0, FEASIBLE: 1.0},
        ),
    )
}
_BOTH = tuple(INTERVENTIONS)
_WHY_NOBODY_LEAVES = (
    "Why nobody leaves. That nobody does, every reading says; whether they could not think of it, "
    "thought it hopeless or did not want it, no fact tells."
)
_AS_THE_ARTICLE = "As in article: in the lives themselves it changes nothing."
_HOW_ESCAPE = (CONCEIVED, FEASIBLE, TAKEN)


_ALL = (
    Reading(
        "article",
        "abrams",
        "Robert C. Abrams",
        ("F102", "F103"),
        "A life's stages, pressed into few years, lose nothing by it; to accept death is something "
        "one grows up to. They do not leave because they think it hopeless, or are used to it.",
        {},
        (
            Assumption(
                "Compression costs nothing at all.", ("development.clock.compressibility",)
            ),
            Assumption(
                "The thought of leaving comes at one chance in twenty, and never looks feasible.",
                _HOW_ESCAPE,
            ),
        ),
        _WHY_NOBODY_LEAVES,
        decided_by=_BOTH,
    ),
    Reading(
        "no_choice",
        "minow",
        "Nell Minow, in the review and in her answer to bboyneko",
        ("F104", "F105"),
        "They were brought up to depend and to obey, and to think less of themselves; a choice was "
        "never theirs, so nothing that looks like acceptance is one.",
        _NO_CHOICE,
        (
            Assumption(
                "Such an upbringing lowers the second to the fifth stage by half a unit each, and "
                "draws towards the dutiful style.",
                ("development.reading.manipulation",),
            ),
            Assumption("The thought of leaving never comes; if it came, it could be done.",
                       _HOW_ESCAPE),
        ),
        "Whether they accept, or could not do otherwise: the lives look alike.",
        acceptance="never",
        decided_by=_BOTH,
        variants=(
            Variant(
                "at half compressibility",
                "She says nothing of it, but whoever doubts that they could accept may doubt that "
                "they could grow up so fast.",
                {**_NO_CHOICE, "development.clock.compressibility": 0.5},
            ),
        ),
    ),
    Reading(
        "no_choice_place",
        "minow_place",
        "Nell Minow, in her answer to Penster",
        ("F106",),
        "They accept, unasking, the small place that was given to them.",
        {"development.reading.manipulation": 0.5, CONCEIVED: 0.0, FEASIBLE: 1.0},
        (
            Assumption(
                "Half the upbringing of no_choice, since acceptance is granted here.",
                ("development.reading.manipulation",),
            ),
            Assumption("The thought of leaving never comes; if it came, it could be done.",
                       _HOW_ESCAPE),
        ),
        "Where it differs from no_choice is the word for what is done, and no fact holds a word.",
        decided_by=_BOTH,
    ),
    Reading(
        "willing",
        "bboyneko",
        "bboyneko, a reader",
        ("F107",),
        "They give gladly and are proud of it. They could leave at any time and never want to; it "
        "is a story of dying in love and at peace.",
        _WILLING,
        (
            Assumption(
                "No truth is withheld at school: no shelter, and knowledge comes as fast as it "
                "can.",
                tuple(_KNOWLEDGE),
            ),
            Assumption("Pride raises integrity and lowers despair.", tuple(_PRIDE)),
            Assumption(
                "Whoever is willing has nothing to ask for: no rumour of a deferral goes round.",
                ("development.hopes.external",),
            ),
        ),
        "Whether they want to stay. That two of them apply for more time is told, and this reading "
        "has no place for it.",
        decided_by=_BOTH,
        variants=(
            Variant(
                "with the truth hidden",
                "Without our assumption that no truth was withheld.",
                {key: value for key, value in _WILLING.items() if key not in _KNOWLEDGE},
            ),
            Variant(
                "without what pride does",
                "Without our assumption that pride raises integrity.",
                {key: value for key, value in _WILLING.items() if key not in _PRIDE},
            ),
        ),
    ),
    Reading(
        "grown_instead",
        "shakira",
        "Shakira, a reader",
        ("F110",),
        "They are persons like anybody, and single organs could be grown: killing for them is a "
        "preference.",
        {},
        (),
        _AS_THE_ARTICLE,
        decided_by=_BOTH,
        not_simulated="growing organs is not built: with a share phi of the need grown, 1 - phi "
        "of the children would be raised",
    ),
    Reading(
        "made_for_use",
        "shary",
        "Shary, a reader",
        ("F108",),
        "Their minds were washed clean; they were made to be used, and there is nothing in it to "
        "console anybody.",
        {
            **_NO_CHOICE,
            "development.memory.unique": 0.0,
            "development.memory.borrowing": 0.0,
        },
        (
            Assumption(
                "The upbringing of no_choice.", ("development.reading.manipulation", *_HOW_ESCAPE)
            ),
            Assumption(
                "Memory consoles neither by being one's own nor by being borrowed.",
                ("development.memory.unique", "development.memory.borrowing"),
            ),
        ),
        "Whether memory consoled them: Kathy says that it does, and only Kathy speaks.",
        acceptance="never",
        decided_by=_BOTH,
    ),
    Reading(
        "mechanics",
        "penster",
        "Penster, a reader",
        ("F111",),
        "Asks how it is done, and guesses an order in which one can last until a fourth operation.",
        {"regimes.programme.schedule": "mechanics"},
        (
            Assumption(
                "A lung, a limb or some of the pancreas come third; how much each costs in "
                "mobility is ours too. The brain is left out: nobody is given one.",
                ("regimes.programme.schedule",),
            ),
        ),
        _AS_THE_ARTICLE,
        decided_by=_BOTH,
        not_simulated="where the Programme stands alone no organ is taken in particular; run it "
        "with the public",
    ),
    Reading(
        "imagined_child",
        "ref5",
        "a reviewer whom the article cites",
        ("F112",),
        "The child she imagines makes up for the mother she had not and the children she will not "
        "have.",
        {"development.house.fantasy": 0.2},
        (
            Assumption(
                "Everybody has such a fantasy at eleven, and it adds a fifth of a unit to trust.",
                ("development.house.fantasy",),
            ),
        ),
        "Whether it was the fantasy that helped, or what she found in others.",
        decided_by=_BOTH,
    ),
    Reading(
        "title_only",
        "ref4",
        "another reader whom the article cites",
        ("F113",),
        "Of serious resistance there is no trace but the title.",
        {"development.reading.protest": 0.3},
        (
            Assumption(
                "The trace is a pull towards protest, which leads nobody away.",
                ("development.reading.protest",),
            ),
        ),
        _WHY_NOBODY_LEAVES,
        decided_by=_BOTH,
    ),
    Reading(
        "weak_letting_go",
        "weak_lg",
        "ours, after studies of people who gave up a goal",
        (),
        "Letting go helps as little as such studies find.",
        {
            "development.despair.awareness": 0.6,
            "development.review.letting_go": 0.15,
            "development.despair.intercept": -0.4,
        },
        (
            Assumption(
                "The constant of despair is moved with it, so that its mean stays comparable.",
                ("development.despair.intercept",),
            ),
        ),
        "How much letting go does. Nobody in the story is seen without it.",
    ),
    Reading(
        "calendar_only",
        "null",
        "ours, to see what compression does",
        (),
        "Only calendar time counts: who has lived 27 years has grown 27 years.",
        {"development.clock.compressibility": 0.0},
        (
            Assumption(
                "Nothing else is changed, so it is the article's reading without its main idea.",
                ("development.clock.compressibility",),
            ),
        ),
        "Whether a life can be pressed together: the texts show one Kathy, and say that she "
        "could.",
        decided_by=_BOTH,
    ),
)  # fmt: skip

READINGS: dict[str, Reading] = {reading.name: reading for reading in _ALL}


def by_name(name: str, *, where: str = "") -> Reading:
    """Return a reading by the name of its claim, or by its alias.

    Args:
        name: As somebody wrote it.
        where: The place in which it stands, for the refusal.

    Raises:
        ScenarioError: HS114 if there is no such reading.
    """
    aliases = {reading.alias: reading for reading in _ALL}
    found = READINGS.get(name) or aliases.get(name)
    if found is None:
        known = (*READINGS, *aliases)
        remedy = "`hailsham readings` says what each of them claims."
        fault = Fault(
            "HS114", where or f"--reading {name}", f"There is no reading {name!r}.", known, name,
            remedy,
        )  # fmt: skip
        raise ScenarioError([fault])
    return found
