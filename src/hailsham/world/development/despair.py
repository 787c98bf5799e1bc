"""Grief, and the despair that is kept apart from integrity.

Grief decays; despair follows its target at a pace of its own, and the grief in
the target has a closed form. What hurts is awareness without letting go.
"""

from __future__ import annotations

from dataclasses import dataclass

from hailsham.engine.arithmetic import exp
from hailsham.engine.compiling import compiled
from hailsham.world.parameters import parameter

_OURS = "our assumption"
_SIGN = "literature gives the direction, the size is ours"


@dataclass(frozen=True)
class GriefParameters:
    """What a death or a refusal leaves behind."""

    decay: float = parameter(
        1.0, "decay of grief", unit="per person-year", low=0.3, high=3, grade="X", source=_OURS
    )
    prepared: float = parameter(
        0.5, "share of it that full awareness spares", unit="proportion", low=0, high=1,
        grade="L", source="literature: who is prepared grieves less; the size is ours",
    )  # fmt: skip
    partner: float = parameter(
        1.5, "grief for a partner, times that for a friend", low=1, high=3, grade="X", source=_OURS
    )
    refusal: float = parameter(
        0.8, "grief at a refusal", low=0.4, high=1.6, grade="X", source=_OURS
    )
    patient: float = parameter(
        0.0, "grief at the death of somebody looked after", low=0, high=0.2, grade="X",
        source="our assumption: off",
    )  # fmt: skip
    rehearsal: float = parameter(
        0.0, "share spared to a couple that was refused together", unit="proportion", low=0,
        high=0.3, grade="X", source="article: a rehearsal of parting; reviews speak against it",
    )  # fmt: skip


@dataclass(frozen=True)
class DespairParameters:
    """Where despair tends, and how fast."""

    start: float = parameter(
        -0.7, "despair at birth", unit="logit", low=-2, high=0, grade="X", source=_OURS
    )
    pace: float = parameter(
        1.0, "pace towards its target", unit="per person-year", low=0.3, high=3, grade="X",
        source=_OURS,
    )  # fmt: skip
    intercept: float = parameter(
        -0.7, "target, constant", unit="logit", low=-1.4, high=-0.35, grade="X", source=_OURS
    )
    anger: float = parameter(
        0.3, "with anger", unit="logit", low=0.15, high=0.6, grade="X", source=_SIGN
    )
    trust: float = parameter(-0.25, "with trust", low=-0.5, high=-0.125, grade="X", source=_SIGN)
    memory: float = parameter(
        -0.6, "with consolation from memory, per half of its range", unit="logit", low=-1.2,
        high=-0.3, grade="X", source=_SIGN,
    )  # fmt: skip
    grief: float = parameter(
        0.5, "with grief", unit="logit", low=0.25, high=1, grade="X", source=_SIGN
    )
    awareness: float = parameter(
        2.0, "with awareness of what is not let go", unit="logit", low=0.6, high=4, grade="X",
        source=_SIGN,
    )  # fmt: skip


@compiled
def follow(
    despair: float, target: float, grief: float, weight: float, pace: float, decay: float,
    years: float,
) -> float:  # fmt: skip
    """Return despair after some years of following a target with decaying grief in it.

    Args:
        despair: [logit] At the start.
        target: [logit] Its target without grief, frozen.
        grief: Grief at the start.
        weight: Weight of grief in the target.
        pace: [per person-year] Pace towards the target.
        decay: [per person-year] Decay of grief.
        years: [years] Length of the stretch.
    """
    fall = exp(-pace * years)
    if grief == 0.0:
        return target + (despair - target) * fall
    if decay == pace:
        carried = pace * years * fall
    else:
        carried = pace / (pace - decay) * (exp(-decay * years) - fall)
    return target + (despair - target) * fall + weight * grief * carried
