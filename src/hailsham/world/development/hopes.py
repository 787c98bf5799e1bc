"""Hopes: a dreamt-of career, and the rumour that a couple in love may be deferred.

The rumour comes to the Cottages from outside and spreads inside a pod as in
the model of Maki and Thompson; who hears it may believe it. A believing
couple may apply, and every application is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.compiling import compiled, whole_numbers
from hailsham.world.development.awareness import logistic
from hailsham.world.development.clock import COTTAGES
from hailsham.world.parameters import parameter

IGNORANT, SPREADER, STIFLER = whole_numbers(0, 3)

_OURS = "our assumption"
_RUMOUR = "article: couples who prove their love are said to be deferred; the size is ours"
_DREAM = "article: many dream of careers they cannot have; the size is ours"


@dataclass(frozen=True)
class HopeParameters:
    """Dreams, and the rumour of deferral."""

    dream: float = parameter(
        0.6, "probability of dreaming of a career", unit="proportion", low=0, high=1, grade="X",
        source=_DREAM,
    )  # fmt: skip
    dream_at: float = parameter(
        14.0, "age at which it begins", unit="years", low=8, high=16, grade="X", source=_DREAM
    )
    dream_dropped: float = parameter(
        0.8, "probability of giving it up on beginning work", unit="proportion", low=0, high=1,
        grade="X", source=_DREAM,
    )  # fmt: skip
    external: float = parameter(
        0.25, "hearing the rumour from outside, at the Cottages", unit="per person-year", low=0,
        high=0.5, grade="X", source=_RUMOUR,
    )  # fmt: skip
    contact: float = parameter(
        3.0, "hearing it, if everybody in the pod were telling it", unit="per person-year",
        low=1.5, high=6, grade="X", source=_RUMOUR,
    )  # fmt: skip
    contact_later: float = parameter(
        0.2, "what is left of such contacts after the Cottages", unit="proportion", low=0, high=1,
        grade="X", source=_OURS,
    )  # fmt: skip
    stop: float = parameter(
        1.0, "ceasing to tell it", unit="per person-year", low=0.5, high=2, grade="X",
        source=_RUMOUR,
    )  # fmt: skip
    stop_on_meeting: float = parameter(
        0.0, "whether telling somebody who knows it already ends the telling, too",
        unit="proportion", low=0, high=1, grade="X", source="the rule of Maki and Thompson; off",
    )  # fmt: skip
    believe: float = parameter(
        -0.2, "odds of believing it, constant", unit="logit", low=-1, high=1, grade="X",
        source=_OURS,
    )  # fmt: skip
    believe_dream: float = parameter(
        0.4, "with a dream", unit="logit", low=0.2, high=0.8, grade="X", source=_OURS
    )
    believe_couple: float = parameter(
        0.5, "in a couple", unit="logit", low=0.25, high=1, grade="X", source=_OURS
    )
    believe_judgement: float = parameter(
        -0.3, "with independence of judgement", unit="logit", low=-0.6, high=-0.15, grade="X",
        source=_OURS,
    )  # fmt: skip
    apply: float = parameter(
        0.25, "applying, for a tie of full strength", unit="per person-year", low=0.125, high=0.5,
        grade="X", source=_RUMOUR,
    )  # fmt: skip
    lapse: float = parameter(
        0.08, "losing the belief, under full awareness", unit="per person-year", low=0.04,
        high=0.16, grade="X", source=_OURS,
    )  # fmt: skip


@compiled
def hearing_rate(numbers: np.void, station: int, tellers: int) -> float:
    """Return the hazard of hearing the rumour [per person-year]."""
    rate = numbers["hopes_contact"] / 8.0 * tellers
    if station == COTTAGES:
        return numbers["hopes_external"] + rate
    return rate * numbers["hopes_contact_later"]


@compiled
def stopping_rate(numbers: np.void, station: int, informed: int) -> float:
    """Return the hazard of ceasing to tell it [per person-year].

    Args:
        numbers: The parameters.
        station: Of who tells.
        informed: How many others of the pod have heard it already.
    """
    met = numbers["hopes_stop_on_meeting"] * numbers["hopes_contact"] / 8.0 * informed
    if station > COTTAGES:
        met *= numbers["hopes_contact_later"]
    return numbers["hopes_stop"] + met


@compiled
def chance_of_believing(numbers: np.void, dream: int, couple: int, judgement: float) -> float:
    """Return the probability that somebody who hears the rumour believes it."""
    z = numbers["hopes_believe"]
    z += numbers["hopes_believe_dream"] * dream + numbers["hopes_believe_couple"] * couple
    return logistic(z + numbers["hopes_believe_judgement"] * judgement)
