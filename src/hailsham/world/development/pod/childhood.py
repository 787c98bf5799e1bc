"""A childhood in a house: care, substitutes for a mother, the Gallery, tokens, the wrist panel.

What happens to a whole house on one day, a truth told or a sale, is drawn at
the address of the house, so the pods of a house share it and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import purpose, uniform, uniform_pair
from hailsham.world.parameters import parameter

ADDRESS_HOUSE = 8_000_000_000_000
DAYS_PER_YEAR = 365.25

_TRUTH = purpose("inner.house.truth")
_SALE = purpose("inner.house.first_sale")

_OURS = "our assumption"


@dataclass(frozen=True)
class HouseParameters:
    """What a house gives and does."""

    care: float = parameter(
        0.70, "care in childhood", unit="0 to 1", low=0, high=1, grade="S",
        source="article: Hailsham is the better school; the sizes are ours",
    )  # fmt: skip
    substitutes: float = parameter(
        0.1, "finding a substitute for a mother", unit="per person-year", low=0, high=0.3,
        grade="X", source="article: most sought substitutes; the rate is ours",
    )  # fmt: skip
    substitutes_until: float = parameter(
        12.0, "age up to which one is found", unit="years", low=6, high=16, grade="X", source=_OURS
    )
    substitutes_most: int = parameter(
        2, "substitutes found at most", unit="people", low=0, high=5, grade="X", source=_OURS
    )
    fantasy: float = parameter(
        0.0, "what an imagined child gives to trust at its age", unit="logit", low=0, high=0.4,
        grade="X", source="a reading of the sources; off by default",
    )  # fmt: skip
    fantasy_at: float = parameter(
        11.0, "age at which it comes", unit="years", low=6, high=16, grade="S",
        source="article: at 11, the song",
    )  # fmt: skip
    gallery: float = parameter(
        0.2, "works chosen for the Gallery", unit="per person-year", low=0, high=1, grade="X",
        source="review: Madame takes the best; the rate is ours",
    )  # fmt: skip
    gallery_from: float = parameter(
        6.0, "age from which works are chosen, and tokens given", unit="years", low=3, high=12,
        grade="X", source=_OURS,
    )  # fmt: skip
    tokens: float = parameter(
        12.0, "tokens earned by a child whose conduct is good", unit="per person-year", low=0,
        high=100, grade="X", source="review: tokens for good behaviour; the number is ours",
    )  # fmt: skip
    sale_every: float = parameter(
        1.0, "time between two sales", unit="years", low=0.25, high=5, grade="X",
        source="review: sales are rare; the number is ours",
    )  # fmt: skip
    sale_price: float = parameter(
        5.0, "tokens that a thing costs", unit="tokens", low=1, high=50, grade="X", source=_OURS
    )
    sale_pleasure: float = parameter(
        0.05, "good feeling that a thing leaves", low=0, high=0.5, grade="X",
        source="review: cast-offs, and the children are happy with them; the size is ours",
    )  # fmt: skip
    checks: float = parameter(
        1.0, "touches of the wrist panel", unit="a day", low=0, high=10, grade="S",
        source="review: daily, on coming in",
    )  # fmt: skip
    checks_from: float = parameter(
        1.5, "age from which a child is checked in", unit="years", low=0, high=6, grade="X",
        source=_OURS,
    )  # fmt: skip
    closing_blow: float = parameter(
        0.0, "what the closing takes from generativity", unit="logit", low=0, high=3, grade="X",
        source="article: the ruin of a life's work; for guardians, the size is ours",
    )  # fmt: skip


@compiled
def truth_told_at(
    key: np.uint64, house: int, probability: float, opens: float, closes: float
) -> float:
    """Return when the truth is told in a house, once in its life; ``inf`` if never.

    Args:
        key: Key of the draws.
        house: Number of the house.
        probability: [proportion] That it is told at all.
        opens: [years] When the life of the house begins.
        closes: [years] When it ends.
    """
    told, part = uniform_pair(key, ADDRESS_HOUSE + house, _TRUTH, 0)
    if told >= probability:
        return math.inf
    return opens + part * (closes - opens)


@compiled
def next_sale(key: np.uint64, house: int, every: float, after: float) -> float:
    """Return the first sale of a house strictly after a time."""
    first = every * uniform(key, ADDRESS_HOUSE + house, _SALE, 0)
    passed = math.floor((after - first) / every)
    due = first + every * passed
    while due <= after:
        passed += 1
        due = first + every * passed
    return due
