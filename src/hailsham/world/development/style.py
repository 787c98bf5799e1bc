"""The style in which somebody prepares for death, chosen when it is first felt.

The choice is a draw among six, weighed by what the person is and has; a
refusal opens it again. A style changes how fast losses are let go, how fast a
life is reviewed, and a little of where integrity and despair tend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp
from hailsham.engine.compiling import compiled, whole_numbers
from hailsham.world.parameters import parameter

NONE, REMINISCER, REPAIRER, PROTESTER, BARGAINER, DUTIFUL, GLOSSER = whole_numbers(0, 7)
STYLES = ("none", "reminiscer", "repairer", "protester", "bargainer", "dutiful", "glosser")

_OURS = "our assumption"
_ARTICLE = "article: the differing styles of preparing for death; the size is ours"


@dataclass(frozen=True)
class StyleParameters:
    """What draws somebody to a style, and what it does."""

    reminiscer_trust: float = parameter(
        0.6, "reminiscer: with trust", low=0.3, high=1.2, grade="X", source=_ARTICLE
    )
    reminiscer_memory: float = parameter(
        1.0, "reminiscer: with consolation", low=0.5, high=2, grade="X", source=_ARTICLE
    )
    reminiscer_judgement: float = parameter(
        0.4, "reminiscer: with independence", low=0.2, high=0.8, grade="X", source=_ARTICLE
    )
    repairer: float = parameter(
        -0.3, "repairer: constant", low=-1, high=0.5, grade="X", source=_ARTICLE
    )
    repairer_guilt: float = parameter(
        0.5, "repairer: with each wrong unrepaired", low=0.25, high=1, grade="X", source=_ARTICLE
    )
    protester: float = parameter(
        -0.4, "protester: constant", low=-1, high=0.5, grade="X", source=_ARTICLE
    )
    protester_anger: float = parameter(
        0.8, "protester: with anger", low=0.4, high=1.6, grade="X", source=_ARTICLE
    )
    protester_trust: float = parameter(
        -0.3, "protester: with trust", low=-0.6, high=-0.15, grade="X", source=_ARTICLE
    )
    bargainer: float = parameter(
        1.0, "bargainer: with a hope held", low=0.5, high=2, grade="X", source=_ARTICLE
    )
    bargainer_never: float = parameter(
        -9.0, "bargainer: without one", low=-20, high=-5, grade="X", source=_OURS
    )
    dutiful: float = parameter(
        0.2, "dutiful: constant", low=-0.5, high=1, grade="X", source=_ARTICLE
    )
    dutiful_judgement: float = parameter(
        -0.5, "dutiful: with independence", low=-1, high=-0.25, grade="X", source=_ARTICLE
    )
    glosser: float = parameter(
        -0.6, "glosser: constant", low=-1.2, high=0, grade="X", source=_ARTICLE
    )
    glosser_judgement: float = parameter(
        -0.5, "glosser: with independence", low=-1, high=-0.25, grade="X", source=_ARTICLE
    )
    glosser_old: float = parameter(
        0.5, "glosser: when old", low=0, high=1, grade="X", source=_ARTICLE
    )
    glosser_old_from: float = parameter(
        60.0, "developmental age that counts as old here", unit="developmental years", low=50,
        high=70, grade="X", source=_OURS,
    )  # fmt: skip
    letting_go: tuple[float, ...] = parameter(
        (0.8, 1.5, 1.1, 0.7, 0.4, 0.7, 0.6), "factor on letting go, by style from none to glosser",
        low=0, high=1.5, grade="X", source=_ARTICLE,
    )  # fmt: skip
    review: tuple[float, ...] = parameter(
        (0.6, 1.4, 1.0, 0.8, 0.5, 0.6, 0.8), "factor on the pace of the review of life, by style",
        low=0, high=3, grade="X", source=_ARTICLE,
    )  # fmt: skip
    integrity: tuple[float, ...] = parameter(
        (0.0, 0.3, 0.1, 0.0, -0.2, -0.2, -0.1), "shift of where integrity tends, by style",
        unit="logit", low=-1, high=1, grade="X", source=_ARTICLE,
    )  # fmt: skip
    despair: tuple[float, ...] = parameter(
        (0.0, -0.2, -0.1, 0.3, -0.1, -0.2, -0.2), "shift of where despair tends, by style",
        unit="logit", low=-1, high=1, grade="X", source=_ARTICLE,
    )  # fmt: skip
    wrongs: float = parameter(
        0.15, "doing a wrong, at most", unit="per person-year", low=0.05, high=0.3, grade="X",
        source=_OURS,
    )  # fmt: skip
    wrongs_from: float = parameter(
        10.0, "age from which wrongs count", unit="years", low=6, high=14, grade="X", source=_OURS
    )
    mending: float = parameter(
        0.09, "a repairer's mending of a wrong", unit="per developmental year", low=0.03,
        high=0.2, grade="X", source=_OURS,
    )  # fmt: skip
    held: int = parameter(
        -1, "style held from the start instead of chosen; -1 is chosen", low=-1, high=6, grade="X",
        source="for the guardians, whose style the sources show",
    )  # fmt: skip


@compiled
def choose_style(
    numbers: np.void, unit: float, trust: float, memory: float, judgement: float, anger: float,
    guilt: int, hopes: bool, tau: float,
) -> int:  # fmt: skip
    """Return the style that a uniform draw picks, with odds as the exponentials of the pulls."""
    pull = np.empty(7, np.float64)
    pull[REMINISCER] = numbers["style_reminiscer_trust"] * trust
    pull[REMINISCER] += numbers["style_reminiscer_memory"] * memory
    pull[REMINISCER] += numbers["style_reminiscer_judgement"] * judgement
    pull[REPAIRER] = numbers["style_repairer"] + numbers["style_repairer_guilt"] * guilt
    pull[PROTESTER] = numbers["style_protester"] + numbers["reading_protest"]
    pull[PROTESTER] += numbers["style_protester_anger"] * anger
    pull[PROTESTER] += numbers["style_protester_trust"] * trust
    pull[BARGAINER] = numbers["style_bargainer"] if hopes else numbers["style_bargainer_never"]
    pull[DUTIFUL] = numbers["style_dutiful"] + numbers["reading_manipulation"]
    pull[DUTIFUL] += numbers["style_dutiful_judgement"] * judgement
    pull[GLOSSER] = numbers["style_glosser"] + numbers["style_glosser_judgement"] * judgement
    if tau > numbers["style_glosser_old_from"]:
        pull[GLOSSER] += numbers["style_glosser_old"]
    total = 0.0
    for style in range(REMINISCER, GLOSSER + 1):
        pull[style] = exp(pull[style])
        total += pull[style]
    left = unit * total
    for style in range(REMINISCER, GLOSSER):
        left -= pull[style]
        if left < 0.0:
            return style
    return GLOSSER
