"""Names: whether each is there once, and what belongs to what."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hailsham.engine.declared.declaration import (
    CLOCKS,
    Clock,
    Declaration,
    Lost,
    Pool,
    State,
    Transition,
)
from hailsham.engine.declared.families import Hazard, Lexis, Thinned
from hailsham.engine.declared.functions import UnreadableError, read_function
from hailsham.engine.declared.soundness.stops import WAITED
from hailsham.engine.declared.structure import CIRCUMSTANCES, ITS
from hailsham.errors import Fault

#: What a function may ask for that is worked out where no event has been drawn for.
PRESENT = tuple(name for name in CIRCUMSTANCES if name != "luck")
OWN_CLOCKS = ("age", "calendar")


def place(model: Declaration, one: object = None) -> str:
    """Return where a fault is: the model, and what of it."""
    return f"model {model.name!r}" + (f", {str(one)!r}" if one is not None else "")


def word_faults(
    model: Declaration, *, start: Sequence[State], given: Collection[str]
) -> list[Fault]:
    """Find names that are taken, unknown or of another model, and functions that cannot be read.

    Args:
        model: As declared.
        start: States in which lives begin.
        given: Attributes that are given for each person.
    """
    return [
        *_emptiness(model),
        *_names(model),
        *_beginning(model, start, given),
        *_own_clock(model),
        *(fault for one in model.numbered() for fault in _of_transition(model, one)),
        *(fault for one in model.pools for fault in _of_pool(model, one)),
    ]


def _emptiness(model: Declaration) -> Iterator[Fault]:
    """Find a model in which nothing can happen."""
    if not model.transitions:
        yield Fault(
            "HS416",
            place(model),
            "it has no transition, so nothing can happen in it",
            tuple(map(str, model.declared_states)),
            remedy="Declare one: model.transition(source, target, hazard).",
        )
    for one in model.numbered():
        for side, states in (("from", one.sources), ("to", one.targets)):
            if not states:
                yield Fault(
                    "HS416",
                    place(model, one.name),
                    f"it leads {side} no state at all",
                    tuple(map(str, model.declared_states)),
                    remedy="Name a state, or leave the transition out.",
                )


def _names(model: Declaration) -> Iterator[Fault]:
    """Find names that are declared twice, or that no function could ask for."""
    kinds: Mapping[str, list[str]] = {
        "state": [one.name for one in model.declared_states],
        "attribute": [one.name for one in model.attributes],
        "pool": [one.name for one in model.pools],
    }
    for kind, names in kinds.items():
        for name in _repeated(names):
            yield Fault(
                "HS408",
                place(model, name),
                f"two things of the kind {kind} have this name",
                remedy="Give one of them another name.",
            )
    for one in model.numbered():
        for state in _repeated(map(str, one.sources)):
            yield Fault(
                "HS408",
                place(model, one.name),
                f"it leaves the state {state!r} twice",
                remedy="Name each state once.",
            )
    for name in kinds["attribute"]:
        if name in (*CIRCUMSTANCES, WAITED) or name.startswith(ITS):
            what = f"functions get something else when they ask for {name!r}"
        elif not name.isidentifier() or keyword.iskeyword(name):
            what = f"no function could ask for {name!r}: it is no Python name"
        else:
            continue
        yield Fault("HS408", place(model, name), what, remedy="Give the attribute another name.")


def _repeated(names: Iterable[str]) -> list[str]:
    """Return names that come more than once, each once, in their order."""
    met: dict[str, int] = {}
    for name in names:
        met[name] = met.get(name, 0) + 1
    return [name for name, times in met.items() if times > 1]


def _beginning(
    model: Declaration, start: Sequence[State], given: Collection[str]
) -> Iterator[Fault]:
    """Find lives that would begin elsewhere, or with attributes that are none."""
    for state in start:
        yield from _stranger(model, place(model, "start"), state)
    for name in given:
        yield from _unknown(model, place(model, "start"), name, [])


def _own_clock(model: Declaration) -> Iterator[Fault]:
    """Find a model that is told by a clock of no kind."""
    if model.clock not in OWN_CLOCKS:
        yield Fault(
            "HS410",
            place(model),
            f"times cannot be told by {model.clock!r}",
            OWN_CLOCKS,
            model.clock,
            "Tell lives that share nothing by age, and people who meet in pools by the calendar.",
        )


def _of_transition(model: Declaration, one: Transition) -> Iterator[Fault]:
    """Find what is wrong with the words of a transition."""
    where = place(model, one.name)
    for state in (*one.sources, *one.targets):
        yield from _stranger(model, where, state)
    cause = one.hazard.pool if isinstance(one.hazard, Lost) else one.hazard
    for pool in (cause, one.gives):
        if isinstance(pool, Pool):
            yield from _stranger(model, where, pool, "pool")
    given: object = one.hazard
    if not isinstance(given, Hazard | Pool | Lost):
        remedy = "A constant hazard is Exponential(rate=...); hailsham.engine has other families."
        yield Fault("HS401", where, f"{given!r} is no hazard", remedy=remedy)
    yield from _clock(model, where, one)
    if isinstance(one.hazard, Thinned):
        yield from _function(where, one.hazard.function)
    yield from _effect(model, where, one)
    for share in one.shares:
        if callable(share):
            yield from _asked(model, where, share, PRESENT)
    for name, rule in one.then:
        yield from _unknown(model, where, name, [])
        if callable(rule):
            yield from _asked(model, where, rule, CIRCUMSTANCES)


def _stranger(model: Declaration, where: str, one: object, kind: str = "state") -> Iterator[Fault]:
    """Find a state or a pool that the model has not declared, or what is neither."""
    own: Sequence[object] = model.declared_states if kind == "state" else model.pools
    if one in own:
        return
    is_one = isinstance(one, State | Pool)
    yield Fault(
        "HS409",
        where,
        f"the {kind} {str(one)!r} is none of this model" if is_one else f"{one!r} is no {kind}",
        tuple(map(str, own)),
        str(one) if is_one else "",
        f"Declare it with model.{kind}({str(one)!r})."
        if is_one
        else f"Give the {kind} itself, as model.{kind} returned it.",
    )


def _clock(model: Declaration, where: str, one: Transition) -> Iterator[Fault]:
    """Find a clock that is none of the four, or that a hazard would not read."""
    clock: Clock = one.clock
    if clock.state is not None:
        yield from _stranger(model, where, clock.state)
    elif clock.kind not in CLOCKS:
        yield Fault(
            "HS410",
            where,
            f"there is no clock {str(clock.kind)!r}",
            (*CLOCKS, "model.since(state)"),
            str(clock.kind),
            "Say one of these, or leave it out for the model's own.",
        )
    elif isinstance(one.hazard, Lexis) and clock.kind == "since_entry":
        yield Fault(
            "HS410",
            where,
            "a hazard by calendar year and age reads these two clocks and no other",
            remedy="Leave the clock out.",
        )


def _effect(model: Declaration, where: str, one: Transition) -> Iterator[Fault]:
    """Find an effect on what cannot be made more likely, or of what is not there."""
    if one.effect is None:
        return
    kept = isinstance(one.hazard, Hazard) and one.hazard.is_appointment
    if kept or not isinstance(one.hazard, Hazard):
        yield Fault(
            "HS412",
            where,
            "an appointment is kept, and a pool serves in its own order: "
            "there is no hazard that an effect could multiply",
            remedy="Leave the effect out; who is served first is said by the pool's priority.",
        )
    if isinstance(one.effect, Mapping):
        for name in one.effect:
            yield from _unknown(model, where, name, [])
    else:
        yield from _asked(model, where, one.effect, PRESENT)


def _of_pool(model: Declaration, one: Pool) -> Iterator[Fault]:
    """Find what is wrong with the words of a pool."""
    where = place(model, one.name)
    if one.served_by is not None:
        yield from _stranger(model, where, one.served_by)
    if one.priority is not None:
        yield from _asked(model, where, one.priority, (WAITED,))
    if one.fits is not None:
        yield from _asked(model, where, one.fits, ())


def _function(where: str, function: Callable[..., Any]) -> Iterator[Fault]:
    """Find a function that cannot be compiled."""
    try:
        read_function(function)
    except UnreadableError as error:
        yield Fault(
            "HS407",
            where,
            str(error),
            remedy="Functions of a model are compiled with it, from their source.",
        )


def _asked(
    model: Declaration, where: str, function: Callable[..., Any], allowed: Sequence[str]
) -> Iterator[Fault]:
    """Find a function that cannot be compiled, or that asks for what is not there."""
    unreadable = list(_function(where, function))
    yield from unreadable
    if not unreadable:
        for name in read_function(function).arguments:
            yield from _unknown(model, where, name, allowed, function.__name__)


def _unknown(
    model: Declaration, where: str, name: str, allowed: Sequence[str], asker: str = ""
) -> Iterator[Fault]:
    """Find a name that is neither an attribute nor what is allowed beside."""
    attributes = [one.name for one in model.attributes]
    its = [f"{ITS}{attribute}" for attribute in attributes] if model.pools and asker else []
    known = (*attributes, *its, *allowed)
    if name not in known:
        asks = f"the function {asker!r} asks for {name!r}" if asker else f"it names {name!r}"
        yield Fault(
            "HS406",
            where,
            f"{asks}, and there is no such attribute",
            known,
            name,
            f"Declare it with model.attribute({name!r}), or ask for what is known.",
        )
