"""What of a model is compiled: everything but its numbers.

Two rules make a declaration into waits.

*A wait has a name.* Transitions that lead to the same place by the same clock
are one wait, whatever state one waits in, unless the modeller names them
apart; where several leave one state they are numbered. Draws hang on the
name, so a new transition shifts nobody else's luck.

*A wait goes on.* Moving from one state to another ends the waits that do not
act in the new one, and begins those that act only there. A wait that acts in
both goes on: what it has spent stays spent, and if its hazard is now another,
what is left is spent under that. A clock since entry begins anew in a new
state, and so does its wait.

Equal transitions of one wait are merged into one arm: their hazard is the
same, so the date that was found holds in all their states.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.declared.declaration import (
    Cause,
    Declaration,
    Effect,
    Lost,
    Pool,
    Rule,
    Transition,
)
from hailsham.engine.declared.families import At, Hazard, Thinned
from hailsham.engine.declared.functions import FunctionText, read_function
from hailsham.engine.declared.tables import LexisRates
from hailsham.engine.draws import purpose
from hailsham.engine.families.tabulated import LinearStaircase

#: What a function may ask for beside attributes.
CIRCUMSTANCES = ("time", "age", "since_entry", "luck")
#: How functions name the attributes of the item that came to one, or of who serves one.
ITS = "its_"
#: A rule as compiled: where its number lies, or its function; ``None`` is what others leave.
Term = int | FunctionText | None


@dataclass(frozen=True)
class Arm:
    """A transition as compiled: its wait, its hazard, and what follows.

    Numbers are places in the array of parameters; ``table`` is a place among
    the tables, -1 for none.
    """

    code: int
    name: str
    wait: int
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    kind: str
    clock: str
    clock_state: int
    numbers: tuple[int, ...]
    table: int
    thinned: FunctionText | None
    factor: FunctionText | None
    betas: tuple[tuple[str, int], ...]
    shares: tuple[Term, ...]
    then: tuple[tuple[str, Term], ...]
    pool: int
    gives: int

    @property
    def has_effect(self) -> bool:
        """Whether attributes multiply the hazard."""
        return self.factor is not None or bool(self.betas)

    @property
    def is_branching(self) -> bool:
        """Whether it leads to one of several states."""
        return len(self.targets) > 1

    @property
    def effect_reads(self) -> tuple[str, ...]:
        """What the effect asks for."""
        return self.factor.arguments if self.factor else tuple(name for name, _ in self.betas)


@dataclass(frozen=True)
class Wait:
    """Arms that share a budget: the name that draws hang on, and where they act."""

    code: int
    label: str
    purpose: int
    arms: tuple[int, ...]
    clock: str
    clock_state: int
    #: Whether a budget is drawn; appointments and pools have none.
    is_drawn: bool
    #: Whether it can go on through a move. Thinning needs no memory, and appointments are re-read.
    can_go_on: bool


@dataclass(frozen=True)
class Queue:
    """A pool as compiled: places in the array of parameters, -1 for none, and functions."""

    code: int
    name: str
    places: int
    shelf_life: int
    served_by: int
    priority: FunctionText | None
    fits: FunctionText | None
    load: str

    @property
    def has_items(self) -> bool:
        """Whether what is waited for is used once, and kept on a shelf until then."""
        return self.places < 0


@dataclass(frozen=True)
class Structure:
    """A model without its numbers."""

    name: str
    clock: str
    states: tuple[str, ...]
    attributes: tuple[str, ...]
    arms: tuple[Arm, ...]
    waits: tuple[Wait, ...]
    pools: tuple[Queue, ...]

    @property
    def key(self) -> str:
        """What differs where anything that is compiled differs."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def arms_from(self, state: int) -> list[Arm]:
        """Return the arms that leave a state, in the order of declaration."""
        return [arm for arm in self.arms if state in arm.sources]

    def is_absorbing(self, state: int) -> bool:
        """Tell whether nobody leaves a state."""
        return not self.arms_from(state)

    def wait_states(self, wait: Wait) -> set[int]:
        """Return the states in which a wait acts."""
        return {state for code in wait.arms for state in self.arms[code].sources}

    def moves(self) -> list[tuple[int, int, int]]:
        """Return every move there can be: from, arm, to."""
        return [
            (state, arm.code, target)
            for arm in self.arms
            for state in arm.sources
            for target in arm.targets
        ]

    def goes_on(self, wait: Wait, source: int, target: int) -> bool:
        """Tell whether a wait that did not fire goes on through a move."""
        states = self.wait_states(wait)
        if not wait.can_go_on or source not in states or target not in states:
            return False
        return source == target or wait.clock != "since_entry"

    def is_lasting(self, wait: Wait) -> bool:
        """Tell whether there is a move through which a wait can go on."""
        return any(
            self.goes_on(wait, source, target) and self.arms[code].wait != wait.code
            for source, code, target in self.moves()
        )

    def changing(self) -> set[str]:
        """Return the attributes that some transition, or the load of who serves, changes."""
        loads = {pool.load for pool in self.pools if pool.served_by >= 0}
        return loads | {name for arm in self.arms for name, _ in arm.then}

    def can_change(self, wait: Wait) -> bool:
        """Tell whether the hazard of a wait can become another while it goes on."""
        if len(wait.arms) > 1 or wait.clock == "since":
            return True
        reads = {name for code in wait.arms for name in self.arms[code].effect_reads}
        return bool(reads & (self.changing() | set(CIRCUMSTANCES))) or any(
            name.startswith(ITS) for name in reads
        )


@dataclass(frozen=True)
class Resolved:
    """A model ready to be lived: its structure, its numbers, and how lives begin."""

    structure: Structure
    numbers: NDArray[np.float64]
    tables: tuple[LinearStaircase | LexisRates, ...]
    starts: tuple[float, ...]


class _Numbers:
    """The array of parameters, as it is filled."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def put(self, value: float) -> int:
        """Add a number, and return its place."""
        self.values.append(float(value))
        return len(self.values) - 1

    def term(self, rule: Rule | None) -> Term:
        """Return a rule as compiled."""
        if rule is None:
            return None
        return read_function(rule) if callable(rule) else self.put(rule)


def _same(one: Transition, other: Transition) -> bool:
    """Tell whether two transitions of a wait differ in nothing but where they begin."""
    if not isinstance(one.hazard, Hazard) or not isinstance(other.hazard, Hazard):
        return False
    blank = {"name": "", "sources": ()}
    return replace(one, **blank) == replace(other, **blank)  # type: ignore[arg-type]


def _nature(hazard: Cause) -> type:
    """Return what must be the same in all arms of a wait."""
    kinds = (At, Thinned, Pool, Lost)
    return next((kind for kind in kinds if isinstance(hazard, kind)), Hazard)


def _can_join(arms: list[list[Transition]], one: Transition) -> bool:
    """Tell whether a transition can be part of a wait, which no state has twice."""
    taken = {state for merged in arms for each in merged for state in each.sources}
    return not taken & set(one.sources) and all(
        _nature(merged[0].hazard) is _nature(one.hazard) for merged in arms
    )


def _waits(model: Declaration) -> list[tuple[str, list[list[Transition]]]]:
    """Return the waits: their names, and the merged transitions of each."""
    grouped: dict[tuple[str, int], list[list[Transition]]] = {}
    for one in model.numbered():
        rank = 0
        while not _can_join(grouped.get((one.label, rank), []), one):
            rank += 1
        arms = grouped.setdefault((one.label, rank), [])
        for merged in arms:
            if _same(merged[0], one):
                merged.append(one)
                break
        else:
            arms.append([one])
    return [
        (label if not rank else f"{label} #{rank + 1}", arms)
        for (label, rank), arms in grouped.items()
    ]


def _effect(
    effect: Effect | None, numbers: _Numbers
) -> tuple[FunctionText | None, tuple[tuple[str, int], ...]]:
    """Return an effect as compiled: a function, or places of coefficients."""
    if effect is None:
        return None, ()
    if isinstance(effect, Mapping):
        return None, tuple((name, numbers.put(beta)) for name, beta in effect.items())
    return read_function(effect), ()


def _arm(
    model: Declaration,
    code: int,
    wait: int,
    merged: list[Transition],
    numbers: _Numbers,
    tables: list[LinearStaircase | LexisRates],
) -> Arm:
    """Return equal transitions as one arm."""
    one = merged[0]
    codes = {state: place for place, state in enumerate(model.declared_states)}
    hazard = one.hazard
    table, kind, thinned = -1, "lost" if isinstance(hazard, Lost) else "pool", None
    places: tuple[int, ...] = ()
    if isinstance(hazard, Hazard):
        kind = hazard.kind
        places = tuple(numbers.put(value) for value in hazard.numbers().values())
        if (found := hazard.table()) is not None:
            table = len(tables)
            tables.append(found)
        if isinstance(hazard, Thinned):
            thinned = read_function(hazard.function)
    pool = hazard.pool if isinstance(hazard, Lost) else hazard
    factor, betas = _effect(one.effect, numbers)
    return Arm(
        code=code,
        name=one.name,
        wait=wait,
        sources=tuple(sorted(codes[state] for each in merged for state in each.sources)),
        targets=tuple(codes[state] for state in one.targets),
        kind=kind,
        clock=one.clock.kind,
        clock_state=codes[one.clock.state] if one.clock.state else -1,
        numbers=places,
        table=table,
        thinned=thinned,
        factor=factor,
        betas=betas,
        shares=tuple(numbers.term(share) for share in one.shares),
        then=tuple((name, numbers.term(rule)) for name, rule in one.then),
        pool=model.pools.index(pool) if isinstance(pool, Pool) else -1,
        gives=model.pools.index(one.gives) if one.gives else -1,
    )


def _queue(model: Declaration, code: int, pool: Pool, numbers: _Numbers) -> Queue:
    """Return a pool as compiled."""
    return Queue(
        code=code,
        name=pool.name,
        places=-1 if pool.places is None else numbers.put(pool.places),
        shelf_life=-1 if pool.shelf_life is None else numbers.put(pool.shelf_life),
        served_by=-1 if pool.served_by is None else model.declared_states.index(pool.served_by),
        priority=read_function(pool.priority) if pool.priority else None,
        fits=read_function(pool.fits) if pool.fits else None,
        load=pool.load,
    )


def resolve(model: Declaration) -> Resolved:
    """Return what is compiled of a sound model, and its numbers apart.

    Args:
        model: One in which ``soundness.find_faults`` finds nothing.
    """
    numbers = _Numbers()
    tables: list[LinearStaircase | LexisRates] = []
    arms: list[Arm] = []
    waits: list[Wait] = []
    for label, merged_arms in _waits(model):
        codes = []
        for merged in merged_arms:
            codes.append(len(arms))
            arms.append(_arm(model, len(arms), len(waits), merged, numbers, tables))
        first = merged_arms[0][0]
        is_drawn = isinstance(first.hazard, Hazard) and not first.hazard.is_appointment
        waits.append(
            Wait(
                code=len(waits),
                label=label,
                purpose=int(purpose(label)),
                arms=tuple(codes),
                clock=first.clock.kind,
                clock_state=arms[codes[0]].clock_state,
                is_drawn=is_drawn,
                can_go_on=is_drawn and not isinstance(first.hazard, Thinned),
            )
        )
    return Resolved(
        structure=Structure(
            name=model.name,
            clock=model.clock,
            states=tuple(state.name for state in model.declared_states),
            attributes=tuple(one.name for one in model.attributes),
            arms=tuple(arms),
            waits=tuple(waits),
            pools=tuple(
                _queue(model, code, pool, numbers) for code, pool in enumerate(model.pools)
            ),
        ),
        numbers=np.array(numbers.values, np.float64),
        tables=tuple(tables),
        starts=tuple(np.nan if one.start is None else float(one.start) for one in model.attributes),
    )
