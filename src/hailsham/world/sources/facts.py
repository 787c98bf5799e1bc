"""What the two texts state, entry by entry, and how each entry stands here.

The catalogue is ``facts.toml``, in our own words. It is kept as data so that
nothing the texts say can be dropped in silence: an entry is a mechanism, a
parameter, a target, a reading or a matter of our pages, or it says why it is
not modelled.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Document = Literal["review", "article", "both", "neither"]
Kind = Literal["fact", "claim", "reading", "page"]

DOCUMENTS: dict[str, str] = {
    "review": "a film critic's page, with its readers' comments",
    "article": "a psychiatrist's article on the novel",
    "both": "both texts",
    "neither": "our inference from them",
}
KINDS: dict[str, str] = {
    "fact": "what happens in the story's world",
    "claim": "how people develop, by the article",
    "reading": "what somebody holds the story to be about",
    "page": "what the two pages are made of",
}


@dataclass(frozen=True)
class Fact:
    """One thing that a text says, and what stands for it here.

    ``mechanism`` names modules below ``hailsham``, ``parameter`` dotted keys of
    a scenario, ``target`` rows of the evidence, ``reading`` readings; ``pages``
    and ``not_modelled`` are sentences, empty where they do not apply.
    """

    id: str
    document: Document
    at: str
    kind: Kind
    says: str
    mechanism: tuple[str, ...] = ()
    parameter: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    pages: str = ""
    not_modelled: str = ""

    @property
    def is_accounted_for(self) -> bool:
        """Whether anything stands for the fact, a reason for leaving it out included."""
        stands_for = (self.mechanism, self.parameter, self.target, self.reading)
        return any((*stands_for, self.pages, self.not_modelled))


@dataclass(frozen=True)
class Gap:
    """Where the texts disagree or say nothing, and what we do there."""

    id: str
    between: tuple[str, ...]
    says: str
    taken: str


@cache
def read_facts() -> tuple[Fact, ...]:
    """Return every entry of the catalogue, F1 first."""
    return tuple(Fact(**_frozen(entry)) for entry in _catalogue()["fact"])


@cache
def read_gaps() -> tuple[Gap, ...]:
    """Return where the texts disagree or say nothing, G1 first."""
    return tuple(Gap(**_frozen(entry)) for entry in _catalogue()["gap"])


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files("hailsham.world.sources").joinpath("facts.toml").read_text("utf-8"))


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
