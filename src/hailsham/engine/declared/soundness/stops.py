"""What stops a run that had begun: the statuses of kernels, and what is said of each.

Kernels cannot raise. They stop at the first life that cannot go on and return
a status with the person, the arm and the value; it is told once, out here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from hailsham.engine.declared.structure import CIRCUMSTANCES, Arm, Structure
from hailsham.errors import Fault

#: How a pool's priority asks for the time since somebody joined.
WAITED = "waited"

FINE = 0
WRONG_FACTOR = 1
WRONG_SHARES = 2
UNSET = 3
BEYOND_BOUND = 4
NO_CANDIDATE = 5
ENDLESS = 6

#: More moves of one person at one time than this are taken to have no end.
MOST_MOVES_AT_ONCE = 10_000
#: Candidates of one thinned wait after which it is given up.
MOST_CANDIDATES = 65_536


def stop_fault(
    structure: Structure, *, status: int, person: int, arm: int, value: float = math.nan
) -> Fault:
    """Return what stopped a run as a fault that its modeller can mend.

    Args:
        structure: Of the model that was lived.
        status: Any of the statuses above but ``FINE``.
        person: In whose life it was met.
        arm: Code of the arm that was being solved or fired.
        value: What was met there, if it is a number.
    """
    at_hand = structure.arms[arm]
    code, what, remedy = _told(at_hand, _reads(structure, at_hand), status, value)
    return Fault(
        code, f"model {structure.name!r}, {at_hand.name!r}, person {person:,}", what, (), "", remedy
    )


def _told(arm: Arm, reads: Sequence[str], status: int, value: float) -> tuple[str, str, str]:
    """Return the code, the sentence and the remedy of a status."""
    met = "no number" if math.isnan(value) else f"{value!r}"
    if status == WRONG_FACTOR:
        return (
            "HS401",
            f"the effect multiplied the hazard by {met}; a factor is finite and not negative",
            "Let the function return 0 or more for every value of the attributes that it reads.",
        )
    if status == WRONG_SHARES:
        return (
            "HS403",
            f"the shares of {len(arm.targets)} targets came to {met}",
            "Each share lies between 0 and 1, and together they make 1; "
            "give None to one target, and it takes what the others leave.",
        )
    if status == UNSET:
        names = ", ".join(reads)
        return (
            "HS405",
            f"an attribute was read before it was set, or was set to no number: one of {names}",
            "Give it a start, or set it on every way that leads here.",
        )
    if status == BEYOND_BOUND:
        return (
            "HS414",
            f"the thinned hazard was {met}, and its bound does not hold it",
            "Raise the bound, or hold the function between 0 and the bound.",
        )
    if status == NO_CANDIDATE:
        return (
            "HS414",
            f"{MOST_CANDIDATES:,} candidates came in vain: the bound is far above the hazard",
            "Lower the bound, or tabulate the function with `tabulated`.",
        )
    return (
        "HS404",
        f"{MOST_MOVES_AT_ONCE:,} moves at one time",
        "Let one of the transitions on this way take time, or lead out of it.",
    )


def _reads(structure: Structure, arm: Arm) -> list[str]:
    """Return what an arm, or the pool that it waits for, asks of attributes."""
    pool = structure.pools[arm.pool] if arm.pool >= 0 else None
    rules = [*arm.shares, *(rule for _, rule in arm.then)]
    rules += [pool.priority, pool.fits] if pool else []
    asked = {name for rule in rules for name in getattr(rule, "arguments", ())}
    return sorted((asked | set(arm.effect_reads)) - {*CIRCUMSTANCES, WAITED})
