"""One row a person: everything an event touches lies side by side.

An event meets one person and most of what is known about them, and the next
event meets somebody else. So what belongs to a person lies in one row, and not
in one array for each column: an event then waits for memory once or twice.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from hailsham.engine.declared.structure import ITS, Arm, Queue, Structure, Wait
from hailsham.engine.draws import purpose
from hailsham.engine.kernels.phrases import Columns
from hailsham.engine.pools import FETCH

#: The row of the person at hand. A place without a sign is not looked at before it is used.
ROW = "people[np.uint64(i)]"


def is_kept(structure: Structure, wait: Wait) -> bool:
    """Tell whether the date of a wait has to be remembered from one event to the next."""
    states = structure.wait_states(wait)
    serving = {pool.served_by for pool in structure.pools if pool.load in structure.attributes}
    if wait.can_go_on:
        return structure.is_lasting(wait) or bool(states & serving)
    # An appointment stays as it is while one stays where one is.
    is_date = structure.arms[wait.arms[0]].kind == "appointment"
    stays = {source for source, _, target in structure.moves() if source == target}
    return is_date and bool(states & (stays | serving))


def is_spent(structure: Structure, wait: Wait) -> bool:
    """Tell whether the budget of a wait has to be remembered, too."""
    return wait.can_go_on and is_kept(structure, wait) and structure.can_change(wait)


def has_effect(structure: Structure, wait: Wait) -> bool:
    """Tell whether attributes multiply the hazard of a wait, in any of its states."""
    return any(structure.arms[code].has_effect for code in wait.arms)


def is_counted(structure: Structure, wait: Wait) -> bool:
    """Tell whether anything is drawn when a wait fires."""
    return any(
        structure.arms[code].is_branching or "luck" in asked(structure.arms[code])
        for code in wait.arms
    )


def is_thinned(structure: Structure, wait: Wait) -> bool:
    """Tell whether the dates of a wait are found by drawing candidates."""
    return structure.arms[wait.arms[0]].kind == "thinned"


class Draw(NamedTuple):
    """A kind of draw of a person."""

    wait: int
    role: str  # "budget", "branch" or "luck"
    address: int
    counter: str  # the column that counts those that were used
    base: str  # the column that says which of them is the first that was made ahead


@cache
def draws_of(structure: Structure) -> list[Draw]:
    """Return what is drawn for one person from one address each."""
    found = []
    for wait in structure.waits:
        code = wait.code
        if wait.is_drawn and not is_thinned(structure, wait):
            address = int(wait.purpose)
            found.append(Draw(code, "budget", address, f"armed_{code}", f"budget_from_{code}"))
        if not is_counted(structure, wait):
            continue
        arms = [structure.arms[code] for code in wait.arms]
        made = {
            "branch": any(arm.is_branching for arm in arms),
            "luck": any("luck" in asked(arm) for arm in arms),
        }
        for role in (role for role, is_made in made.items() if is_made):
            address = int(purpose(f"{wait.label}: {role}"))
            found.append(Draw(code, role, address, f"fired_{code}", f"{role}_from_{code}"))
    return found


def asked(arm: Arm) -> set[str]:
    """Return what the rules of an arm ask for."""
    rules = [*arm.shares, *(rule for _, rule in arm.then)]
    return {name for rule in rules for name in getattr(rule, "arguments", ())}


def clock_states(structure: Structure) -> set[int]:
    """Return the states whose latest arrival some clock counts from."""
    return {arm.clock_state for arm in structure.arms if arm.clock_state >= 0}


def pool_arms(structure: Structure, pool: Queue, *, kind: str = "pool") -> list[Arm]:
    """Return the arms whose hazard is a pool, or with the kind ``lost`` the loss of it."""
    return [arm for arm in structure.arms if arm.kind == kind and arm.pool == pool.code]


def waiting_states(structure: Structure, pool: Queue) -> set[int]:
    """Return the states in which one waits for a pool."""
    return {state for arm in pool_arms(structure, pool) for state in arm.sources}


def served_states(structure: Structure, pool: Queue) -> set[int]:
    """Return the states that one comes into by being granted something of a pool."""
    return {state for arm in pool_arms(structure, pool) for state in arm.targets}


def remembered(structure: Structure, pool: Queue) -> list[str]:
    """Return the attributes of givers that somebody asks for, in the order of declaration."""
    if not pool.has_items:
        return []
    told = {name for arm in structure.arms for name in asked(arm) | set(arm.effect_reads)}
    told |= set(pool.fits.arguments if pool.fits else ())
    return [name for name in structure.attributes if ITS + name in told]


def asks_for(structure: Structure, circumstance: str, *, clock: str = "") -> bool:
    """Tell whether a hazard reads a clock, or a function asks for what it shows."""
    told = {name for arm in structure.arms for name in asked(arm) | set(arm.effect_reads)}
    clocks = {arm.clock for arm in structure.arms}
    kinds = {arm.kind for arm in structure.arms}
    return circumstance in told or (clock or circumstance) in clocks | kinds


def writes_loads(structure: Structure) -> bool:
    """Tell whether people's waits are settled at times at which they do not move."""
    return any(pool.load in structure.attributes for pool in structure.pools)


@cache
def row(structure: Structure) -> np.dtype[np.void]:
    """Return what is known of a person, as a type of rows: short, so that one load fetches it."""
    # ``moved`` is when waits were last settled, ``seen`` when a move was last noted.
    years = ["moved", "date", *(["seen"] if writes_loads(structure) else [])]
    if asks_for(structure, "age") or asks_for(structure, "lexis"):
        years.append("born")
    if asks_for(structure, "since_entry"):
        years.append("entered")
    years += [f"arrived_{state}" for state in sorted(clock_states(structure))]
    counts = ["moves"]
    for wait in structure.waits:
        if wait.is_drawn:
            counts.append(f"armed_{wait.code}")
        if is_counted(structure, wait):
            counts.append(f"fired_{wait.code}")
        if is_kept(structure, wait):
            years.append(f"date_{wait.code}")
        if is_spent(structure, wait):
            years += [f"budget_{wait.code}", f"factor_{wait.code}"]
    counts += [draw.base for draw in draws_of(structure)]
    for pool in structure.pools:
        if not pool.has_items:
            # Whether a place is held; if people serve, one more than who does.
            counts.append(f"held_{pool.code}")
        years += [f"its_{pool.code}_{name}" for name in remembered(structure, pool)]
    years += [f"own_{name}" for name in structure.attributes]
    fields: list[tuple[Any, ...]] = [
        *((name, np.float64) for name in years),
        *((name, np.int32) for name in counts),
        ("state", np.int16),
        ("arm", np.int16),
    ]
    # No row lies across two stretches of what a processor fetches at once.
    if rest := -np.dtype(fields, align=True).itemsize % FETCH:
        fields.append(("rest", np.uint8, rest))
    return np.dtype(fields, align=True)


def columns(structure: Structure, state: int, *, arm: Arm | None = None) -> Columns:
    """Return where the columns of a person lie, for the phrases of a kernel.

    Args:
        structure: Of the model.
        state: Where the person is: it tells what ``its_...`` belongs to.
        arm: By which they move; one whose hazard is a pool tells it, too.
    """
    pool = _source_of_its(structure, state, arm)

    def at(name: str) -> str:
        if name in structure.attributes:
            return f"who.own_{name}"
        if not name.startswith(ITS):
            return f"who.{name}"
        if pool is None:
            return "math.nan"
        if pool.has_items:
            return f"who.its_{pool.code}_{name.removeprefix(ITS)}"
        held = f"who.held_{pool.code}"
        own = f"people[{held} - 1].own_{name.removeprefix(ITS)}"
        return f"({own} if {held} > 0 else math.nan)"

    return at


def _source_of_its(structure: Structure, state: int, arm: Arm | None) -> Queue | None:
    """Return the pool whose item or server a person in a state asks about."""
    if arm is not None and arm.kind in ("pool", "lost"):
        return structure.pools[arm.pool]
    giving = [pool for pool in structure.pools if pool.has_items or pool.served_by >= 0]
    return next((pool for pool in giving if state in served_states(structure, pool)), None)
