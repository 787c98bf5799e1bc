"""Eight stages of psychosocial development, and the review of life that is the last.

Each stage has a window of developmental age in which it moves at full pace
towards its target; outside it moves a twentieth as fast. Targets lean on a
general factor, on trust, and on the stage before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailsham.engine.compiling import compiled, whole_numbers
from hailsham.world.parameters import parameter

_TUNED = "tuned to one general factor and the correlation of trust with integrity"
_OURS = "our assumption"
_ORDER = "article: what weighs, and which way; the size is ours"

N_STAGES = 8
TRUST, AUTONOMY, INITIATIVE, INDUSTRY, IDENTITY, INTIMACY, GENERATIVITY, INTEGRITY = whole_numbers(
    0, 8
)
#: Developmental ages at which the first six windows begin and end; textbooks differ by 2 or 3.
_OPENS = (0.0, 1.5, 3.0, 6.0, 12.0, 20.0, 40.0)
_SHUTS = (1.5, 3.0, 6.0, 12.0, 20.0, 40.0)


@dataclass(frozen=True)
class StageParameters:
    """Stages one to seven: where they tend, and how fast."""

    start: float = parameter(
        -1.0, "every stage at birth", unit="logit", low=-3, high=1, grade="X", source=_OURS
    )
    intercept: float = parameter(
        0.35, "target of a stage, constant", unit="logit", low=0.175, high=0.7, grade="C",
        source=_TUNED,
    )  # fmt: skip
    general: float = parameter(
        0.45, "its change with the general factor", unit="logit", low=0.225, high=0.9, grade="C",
        source=_TUNED,
    )  # fmt: skip
    trust: float = parameter(
        0.12, "its change with trust", low=0.06, high=0.24, grade="C", source=_TUNED
    )
    previous: float = parameter(
        0.30, "its change with the stage before", low=0.15, high=0.6, grade="C", source=_TUNED
    )
    spread: float = parameter(
        0.75, "what else differs between people, standard deviation", unit="logit",
        low=0.375, high=1.5, grade="C", source=_TUNED,
    )  # fmt: skip
    pace: float = parameter(
        3.0, "pace within the window, over its width", unit="per person-year", low=2, high=4,
        grade="X", source=_OURS,
    )  # fmt: skip
    outside: float = parameter(
        0.05, "share of that pace outside the window", unit="proportion", low=0, high=0.2,
        grade="M", source="adults still change in the scores of early stages",
    )  # fmt: skip
    care: float = parameter(
        2.0, "weight of care in childhood on trust", unit="logit", low=1, high=4, grade="X",
        source=_ORDER,
    )  # fmt: skip
    substitute: float = parameter(
        0.2, "weight of each maternal substitute on trust", unit="logit", low=0, high=0.4,
        grade="X", source=_ORDER,
    )  # fmt: skip
    wrist: float = parameter(
        -0.2, "effect of the wrist check-in on autonomy", unit="logit", low=-0.4, high=0,
        grade="X", source="review: a panel beeps as each child comes in; the effect is ours",
    )  # fmt: skip
    health_rules: float = parameter(
        -0.1, "effect of the health rules on initiative", unit="logit", low=-0.2, high=0,
        grade="X", source="review: their health is paramount; the effect is ours",
    )  # fmt: skip
    ostracised: float = parameter(
        -0.5, "effect of being left out on industry", unit="logit", low=-1, high=-0.25,
        grade="X", source=_ORDER,
    )  # fmt: skip
    ostracism_base: float = parameter(
        -3.0, "odds of being left out, constant", unit="logit", low=-4, high=-2, grade="X",
        source=_OURS,
    )  # fmt: skip
    ostracism_anger: float = parameter(
        0.9, "their change with anger", unit="logit", low=0.45, high=1.8, grade="X", source=_ORDER
    )
    picked: float = parameter(
        0.1, "effect of works chosen for the Gallery on industry", unit="logit", low=0.05,
        high=0.2, grade="X", source=_ORDER,
    )  # fmt: skip
    no_family: float = parameter(
        -0.2, "effect of having no family and no surname on identity", unit="logit", low=-0.4,
        high=0, grade="X", source=_ORDER,
    )  # fmt: skip
    dream: float = parameter(
        0.3, "effect of a dreamt-of career on identity", unit="logit", low=0.15, high=0.6,
        grade="X", source=_OURS,
    )  # fmt: skip
    awareness: float = parameter(
        -0.4, "effect of felt awareness on identity", unit="logit", low=-0.8, high=-0.2,
        grade="X", source=_OURS,
    )  # fmt: skip
    couple: float = parameter(
        0.8, "effect of a partner on intimacy, for a tie of full strength", unit="logit",
        low=0.4, high=1.6, grade="X", source=_OURS,
    )  # fmt: skip
    single: float = parameter(
        -0.3, "effect of having none", unit="logit", low=-0.6, high=-0.15, grade="X", source=_OURS
    )
    work: float = parameter(
        0.5, "effect of being at work on generativity", unit="logit", low=0.25, high=1,
        grade="X", source=_OURS,
    )  # fmt: skip


@dataclass(frozen=True)
class ReviewParameters:
    """The last stage: a review of life, only as fast as awareness allows."""

    unaware: float = parameter(
        0.15, "pace of the review without awareness", unit="proportion", low=0.05, high=0.3,
        grade="X", source=_OURS,
    )  # fmt: skip
    aware: float = parameter(
        0.85, "what full awareness adds to it", unit="proportion", low=0.4, high=0.95, grade="X",
        source=_OURS,
    )  # fmt: skip
    intercept: float = parameter(
        0.15, "target of integrity, constant", unit="logit", low=0.075, high=0.3, grade="X",
        source=_OURS,
    )  # fmt: skip
    general: float = parameter(
        0.225, "its change with the general factor", unit="logit", low=0.1125, high=0.45,
        grade="X", source=_OURS,
    )  # fmt: skip
    trust: float = parameter(0.12, "with trust", low=0.06, high=0.24, grade="X", source=_ORDER)
    earlier: float = parameter(
        0.35, "with the mean of the three stages before", low=0.175, high=0.7, grade="X",
        source=_ORDER,
    )  # fmt: skip
    memory: float = parameter(
        0.9, "with consolation from memory, per half of its range", unit="logit", low=0.45,
        high=1.8, grade="X", source=_ORDER,
    )  # fmt: skip
    letting_go: float = parameter(
        0.5, "with the share let go, per half of its range", unit="logit", low=0.15, high=1,
        grade="X", source=_ORDER,
    )  # fmt: skip
    hope: float = parameter(
        -0.5, "with a hope still held", unit="logit", low=-1, high=-0.25, grade="X",
        source=_ORDER,
    )  # fmt: skip
    spread: float = parameter(
        0.8,
        "with what else differs between people, times its spread above",
        low=0.4,
        high=1.6,
        grade="X",
        source=_OURS,
    )


@compiled
def window(numbers: np.void, stage: int) -> tuple[float, float]:
    """Return the developmental ages at which a stage's window opens and shuts."""
    if stage == INTEGRITY:
        return numbers["clock_work_to"], numbers["clock_last"]
    if stage == GENERATIVITY:
        return _OPENS[stage], numbers["clock_work_to"]
    return _OPENS[stage], _SHUTS[stage]


@compiled
def spent_by_clock(
    opens: float, shuts: float, pace: float, outside: float, start: float, stop: float
) -> float:
    """Return the pace of a stage integrated over developmental age.

    Args:
        opens: [developmental years] Where its window opens.
        shuts: [developmental years] Where it shuts.
        pace: [per developmental year] Pace within.
        outside: [proportion] Share of it outside.
        start: [developmental years] Where the stretch begins.
        stop: [developmental years] Where it ends.
    """
    inside = max(0.0, min(stop, shuts) - max(start, opens))
    return pace * (outside * (stop - start) + (1.0 - outside) * inside)


@compiled
def is_open(stage: int, opens: float, shuts: float, tau: float, is_held: bool) -> bool:
    """Tell whether a window is open while the clock stands at ``tau``.

    Args:
        stage: From 0.
        opens: [developmental years] Where its window opens, itself within.
        shuts: [developmental years] Where it shuts; itself within for the last.
        tau: [developmental years] Where the clock stands.
        is_held: Whether the last window stays shut whatever the clock says.
    """
    if stage == INTEGRITY:
        return opens <= tau <= shuts and not is_held
    return opens <= tau < shuts
