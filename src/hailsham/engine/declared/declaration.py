"""A model as a modeller declares it: states, transitions, clocks, attributes, pools.

    model = Model("illness-death")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition([well, ill], dead, Gompertz(level=5e-5, slope=0.09))

Declaring computes nothing. ``structure.resolve`` makes of it what is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from hailsham.engine.declared.families import Hazard
from hailsham.errors import Fault, ModelError

#: A share of a branch, or the new value of an attribute: a number or a function of attributes.
Rule = float | Callable[..., float]
#: What an effect is: a coefficient for each attribute, or a function that returns a factor.
Effect = Mapping[str, float] | Callable[..., float]


@dataclass(frozen=True)
class State:
    """Where a person can be. Nobody leaves a state that no transition leaves."""

    name: str

    def __str__(self) -> str:
        """Return the name."""
        return self.name


@dataclass(frozen=True)
class Clock:
    """What a hazard reads.

    Args:
        kind: ``age``, ``calendar``, ``since_entry``, or ``since`` for the time
            since the latest arrival in a state.
        state: The state of a ``since`` clock.
    """

    kind: str
    state: State | None = None

    def __str__(self) -> str:
        """Return the clock in words."""
        return f"time since {self.state}" if self.state else self.kind


CLOCKS = ("age", "calendar", "since_entry")


@dataclass(frozen=True)
class Pool:
    """Scarce places, scarce items or scarce people whom others wait for.

    Args:
        name: Unique in the model.
        places: At most so many are served at once; ``None`` for items.
        shelf_life: [years] How long an item keeps; ``None`` for places.
        served_by: State in which people serve, ``places`` each; ``None`` if
            the places belong to nobody.
        priority: Function of the attributes of the one who waits (and
            ``waited`` [years]); whoever has the largest value is served
            first, then whoever came first. ``None``: first come, first served.
        fits: Function of the attributes of the one who waits and, with the
            prefix ``its_``, of the item or the person who serves. ``None``:
            everybody fits.
    """

    name: str
    places: int | None = None
    shelf_life: float | None = None
    served_by: State | None = None
    priority: Callable[..., float] | None = None
    fits: Callable[..., bool] | None = None

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def load(self) -> str:
        """Name of the attribute that tells how many somebody serves, if it is declared."""
        return f"{self.name}_load"

    def numbers(self) -> dict[str, float]:
        """Return the numbers that a run may change."""
        found = {"places": self.places, "shelf_life": self.shelf_life}
        return {name: float(value) for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Lost:
    """What moves those whose server ceases to serve; made by ``lost``."""

    pool: Pool

    def __str__(self) -> str:
        """Return the pool that was lost."""
        return f"loss of {self.pool}"


def lost(pool: Pool) -> Lost:
    """Return the hazard of being left by who served one.

    Args:
        pool: One whose places belong to people.
    """
    return Lost(pool)


#: What can make somebody move: a hazard, a grant from a pool, or the loss of who serves them.
Cause = Hazard | Pool | Lost


@dataclass(frozen=True)
class Transition:
    """A move that can happen, from one state or several, to one or to one of several.

    Everything a modeller may say of it; see ``Model.transition``.
    """

    name: str
    label: str
    sources: tuple[State, ...]
    targets: tuple[State, ...]
    shares: tuple[Rule | None, ...]
    hazard: Cause
    clock: Clock
    effect: Effect | None = None
    then: tuple[tuple[str, Rule], ...] = ()
    gives: Pool | None = None

    def __str__(self) -> str:
        """Return the name."""
        return self.name


@dataclass(frozen=True)
class Attribute:
    """A number that belongs to each person. Without a start it is unset until it is written."""

    name: str
    start: float | None = 0.0


@dataclass
class Declaration:
    """States, transitions, clocks, attributes and pools of a life course.

    Args:
        name: For messages; it is no part of any draw.
        clock: What times are told in: ``age`` for lives that share nothing,
            ``calendar`` where people meet in pools.
    """

    name: str
    clock: str = "age"
    declared_states: list[State] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)

    def state(self, name: str) -> State:
        """Declare a state.

        Args:
            name: Unique in the model.
        """
        one = State(name)
        self.declared_states.append(one)
        return one

    def states(self, *names: str) -> tuple[State, ...]:
        """Declare several states.

        Args:
            names: Unique in the model.
        """
        return tuple(self.state(name) for name in names)

    def attribute(self, name: str, *, start: float | None = 0.0) -> str:
        """Declare an attribute, and return its name.

        Args:
            name: A Python name, unique in the model.
            start: Its value when a life begins; ``None`` leaves it unset.
        """
        self.attributes.append(Attribute(name, start))
        return name

    def since(self, state: State) -> Clock:
        """Return the clock that shows the time since the latest arrival in a state.

        Args:
            state: Before somebody has arrived there, a hazard on this clock
                is nought.
        """
        return Clock("since", state)

    def pool(
        self,
        name: str,
        *,
        places: int | None = None,
        shelf_life: float | None = None,
        served_by: State | None = None,
        priority: Callable[..., float] | None = None,
        fits: Callable[..., bool] | None = None,
    ) -> Pool:
        """Declare a pool; see ``Pool`` for what the arguments mean.

        Args:
            name: Unique in the model.
            places: Most who are served at once, or by each who serves.
            shelf_life: [years] How long an item keeps.
            served_by: State in which people serve.
            priority: Who is served first.
            fits: Who may be served by what.
        """
        one = Pool(name, places, shelf_life, served_by, priority, fits)
        self.pools.append(one)
        return one

    def transition(
        self,
        source: State | Sequence[State],
        target: State | Mapping[State, Rule | None],
        hazard: Cause,
        *,
        clock: str | Clock | None = None,
        name: str | None = None,
        effect: Effect | None = None,
        then: Mapping[str, Rule] | None = None,
        gives: Pool | None = None,
    ) -> Transition:
        """Declare that people can move.

        A transition from a state to itself is something that happens while
        one stays: it restarts no clock but its own wait.

        Args:
            source: From where; several states share one wait.
            target: Where to; or several places with the probability of each,
                of which one may be ``None``: what the others leave.
            hazard: How likely; or the pool that one waits for; or ``lost(pool)``,
                for those whom somebody served who ceased to serve.
            clock: What the hazard reads: ``age``, ``calendar``,
                ``since_entry`` or ``model.since(state)``. By default that of
                the model.
            name: What the wait is called. Its draws hang on this name; by
                default it is made of the target and the clock.
            effect: Multiplies the hazard: ``exp`` of the sum of coefficients
                times attributes, or what a function of attributes returns.
            then: New values of attributes: numbers, or functions of
                attributes, all worked out from the values before. A function
                may also ask for ``time``, ``age``, ``since_entry`` and
                ``luck``, a uniform draw of its own.
            gives: Pool that gets an item by it.
        """
        sources = tuple(source) if isinstance(source, list | tuple) else (source,)
        shares = dict(target) if isinstance(target, Mapping) else {target: None}
        told = clock if isinstance(clock, Clock) else Clock(clock or self.clock)
        shown = " or ".join(map(str, shares))
        one = Transition(
            name=name or f"{' or '.join(map(str, sources))} to {shown}",
            label=name or f"to {shown} on {told}",
            sources=sources,
            targets=tuple(shares),
            shares=tuple(shares.values()),
            hazard=hazard,
            clock=told,
            effect=dict(effect) if isinstance(effect, Mapping) else effect,
            then=tuple((then or {}).items()),
            gives=gives,
        )
        self.transitions.append(one)
        return one

    def parameters(self) -> dict[str, float]:
        """Return every number of the model by its dotted name.

        Names that would be the same are numbered in the order of declaration.
        """
        found = {name: value for one in self.numbered() for name, value in numbers_of(one).items()}
        return found | {
            f"{one.name}.{key}": value for one in self.pools for key, value in one.numbers().items()
        }

    def numbered(self) -> list[Transition]:
        """Return the transitions, those of one name told apart by a number."""
        met: dict[str, int] = {}
        named = []
        for one in self.transitions:
            met[one.name] = met.get(one.name, 0) + 1
            number = "" if met[one.name] == 1 else f" ({met[one.name]})"
            named.append(replace(one, name=one.name + number))
        return named

    def with_parameters(self, changed: Mapping[str, float]) -> Self:
        """Return the same model with other numbers: nothing is compiled again.

        Args:
            changed: Dotted names, as ``parameters`` gives them, and values.

        Raises:
            ModelError: HS417 for each name that is no parameter.
        """
        known = tuple(self.parameters())
        if unknown := sorted(set(changed) - set(known)):
            raise ModelError(
                [
                    Fault("HS417", f"model {self.name!r}", f"no parameter {name!r}", known, name)
                    for name in unknown
                ]
            )
        pools = {one: _renewed_pool(one, changed) for one in self.pools}
        renewed = [
            _renewed(one, named.name, changed, pools)
            for one, named in zip(self.transitions, self.numbered(), strict=True)
        ]
        return replace(self, transitions=renewed, pools=list(pools.values()))


def numbers_of(one: Transition) -> dict[str, float]:
    """Return the numbers of a transition by dotted name."""
    found: dict[str, float] = {}
    if isinstance(one.hazard, Hazard):
        found |= {f"{one.name}.{key}": value for key, value in one.hazard.numbers().items()}
    if isinstance(one.effect, Mapping):
        found |= {f"{one.name}.effect.{key}": float(beta) for key, beta in one.effect.items()}
    for target, share in zip(one.targets, one.shares, strict=True):
        if isinstance(share, float | int):
            found[f"{one.name}.share.{target}"] = float(share)
    for key, rule in one.then:
        if isinstance(rule, float | int):
            found[f"{one.name}.then.{key}"] = float(rule)
    return found


def _renewed_pool(one: Pool, changed: Mapping[str, float]) -> Pool:
    """Return a pool with other numbers."""
    places = changed.get(f"{one.name}.places", one.places)
    return replace(
        one,
        places=None if places is None else int(places),
        shelf_life=changed.get(f"{one.name}.shelf_life", one.shelf_life),
    )


def _renewed(
    one: Transition, name: str, changed: Mapping[str, float], pools: Mapping[Pool, Pool]
) -> Transition:
    """Return a transition with other numbers."""

    def new(key: str, old: Any) -> Any:
        return changed.get(f"{name}.{key}", old)

    hazard = one.hazard
    if isinstance(hazard, Hazard):
        hazard = replace(hazard, **{key: new(key, old) for key, old in hazard.numbers().items()})
    elif isinstance(hazard, Pool):
        hazard = pools[hazard]
    else:
        hazard = Lost(pools[hazard.pool])
    effect = one.effect
    if isinstance(effect, Mapping):
        effect = {key: new(f"effect.{key}", beta) for key, beta in effect.items()}
    return replace(
        one,
        hazard=hazard,
        effect=effect,
        gives=pools[one.gives] if one.gives else None,
        shares=tuple(
            new(f"share.{target}", share)
            for target, share in zip(one.targets, one.shares, strict=True)
        ),
        then=tuple((key, new(f"then.{key}", rule)) for key, rule in one.then),
    )
