"""Ways through the graph of states: who can come where, with what set, and without end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

from hailsham.engine.declared.declaration import Declaration, Pool, State, Transition
from hailsham.engine.declared.families import At
from hailsham.engine.declared.functions import read_function
from hailsham.engine.declared.soundness.words import place
from hailsham.engine.declared.structure import ITS, resolve
from hailsham.engine.draws import purpose
from hailsham.errors import Fault

#: What a branch and a function draw for, after the label of their wait.
OWN_DRAWS = ("", ": branch", ": luck")


def way_faults(
    model: Declaration, *, start: Sequence[State], given: Collection[str]
) -> list[Fault]:
    """Find states that nobody can come to, clocks that never start, loops, and unset attributes.

    Args:
        model: One whose names all hold.
        start: States in which lives begin.
        given: Attributes that are given for each person when lives begin.
    """
    return [
        *_unreachable(model, start),
        *_stopped_clocks(model),
        *_loops(model),
        *_unset(model, start, given),
    ]


def address_faults(model: Declaration) -> list[Fault]:
    """Find two draws of a model, or of the program, whose names have one address.

    Args:
        model: One in which nothing else is wrong.
    """
    found = []
    try:
        for wait in resolve(model).structure.waits:
            for own in OWN_DRAWS:
                purpose(wait.label + own)
    except ValueError as error:
        found.append(
            Fault("HS415", place(model), str(error), remedy="Give one of the transitions a name=.")
        )
    return found


def _reached(
    model: Declaration, start: Sequence[State], through: Callable[[Transition], bool]
) -> dict[State, State | None]:
    """Return the states that certain transitions lead to, each with the one before it."""
    before: dict[State, State | None] = dict.fromkeys(start)
    ahead = list(start)
    while ahead:
        here = ahead.pop(0)
        for one in model.transitions:
            if here in one.sources and through(one):
                for target in one.targets:
                    if target not in before:
                        before[target] = here
                        ahead.append(target)
    return before


def _any(_: Transition) -> bool:
    return True


def _unreachable(model: Declaration, start: Sequence[State]) -> Iterator[Fault]:
    """Find states that nobody can come to."""
    reached = _reached(model, start, _any)
    begin = " or ".join(repr(str(state)) for state in start)
    for state in model.declared_states:
        if state in reached:
            continue
        is_target = any(state in one.targets for one in model.transitions)
        why = (
            "the transitions to it leave states that nobody comes to"
            if is_target
            else ("no transition leads to it")
        )
        yield Fault(
            "HS402",
            place(model, state),
            f"nobody can come to it: lives begin in {begin}, and {why}",
            remedy="Lead to it, say that lives begin there, or leave it out.",
        )


def _stopped_clocks(model: Declaration) -> Iterator[Fault]:
    """Find clocks since a state from which nobody comes to where they are read."""
    for one in model.numbered():
        if one.clock.state is None:
            continue
        if not set(one.sources) & set(_reached(model, [one.clock.state], _any)):
            yield Fault(
                "HS411",
                place(model, one.name),
                f"nobody in {' or '.join(map(str, one.sources))!r} has ever been in "
                f"{str(one.clock.state)!r}, so its clock never starts and the hazard is nought",
                remedy="Read another clock, or lead from that state to where it is read.",
            )


def _loops(model: Declaration) -> Iterator[Fault]:
    """Find states among which people would move for ever without time passing.

    An appointment is instant where another of the same reading on the same
    clock was just kept, or where its clock was just set to 0 and the reading
    is 0. None is kept twice at one time. Only loops that no instant
    appointment can leave are told: what a branch may leave ends some time,
    and what else there is a run will meet.
    """
    met: set[State] = set()
    for one in model.numbered():
        loop = _without_end(model, one) if isinstance(one.hazard, At) else set()
        if set(one.sources) & loop - met:
            met |= loop
            names = ", ".join(str(state) for state in model.declared_states if state in loop)
            yield Fault(
                "HS404",
                place(model, one.name),
                f"appointments that are due at one time lead round and round, through {names}",
                remedy="Let one of them take time, or lead out of the loop.",
            )


def _without_end(model: Declaration, first: Transition) -> set[State]:
    """Return the states that nobody leaves for good at the moment at which ``first`` is kept."""
    instant = [
        (state, _possible_targets(one), one.label)
        for one in model.transitions
        for state in one.sources
        if _is_instant(one, first)
    ]
    labels = {(state, label) for state, _, label in instant}
    loop = {state for state, _, _ in instant}
    while out := {
        state
        for state, targets, label in instant
        if state in loop
        and not (targets <= loop and labels.isdisjoint((target, label) for target in targets))
    }:
        loop -= out
    return loop


def _is_instant(one: Transition, first: Transition) -> bool:
    """Tell whether an appointment is due at the moment at which another was kept."""
    if not isinstance(one.hazard, At) or not isinstance(first.hazard, At):
        return False
    if one.clock.kind == "since_entry":
        return one.hazard.reading == 0.0
    is_same = one.clock == first.clock and one.hazard.reading == first.hazard.reading
    # To arrive sets back a clock that counts from an arrival.
    return is_same and one.clock.state is None


def _possible_targets(one: Transition) -> set[State]:
    """Return where a transition may lead."""
    return {target for target, share in zip(one.targets, one.shares, strict=True) if share != 0.0}


def _unset(model: Declaration, start: Sequence[State], given: Collection[str]) -> Iterator[Fault]:
    """Find attributes that can be read on a way on which nothing has set them."""
    for attribute in model.attributes:
        name = attribute.name
        if attribute.start is not None or name in given:
            continue
        unset = _reached(model, start, partial(_leaves_unset, name))
        for one in model.numbered():
            first = next((state for state in one.sources if state in unset), None)
            if first is not None and name in _reads(one):
                yield Fault(
                    "HS405",
                    place(model, one.name),
                    f"it reads {name!r}, which nothing has set on the way {_way(unset, first)}",
                    remedy=f"Give it a start, model.attribute({name!r}, start=0.0), "
                    "or set it on the way.",
                )


def _leaves_unset(name: str, one: Transition) -> bool:
    """Tell whether a transition leaves an attribute as it is."""
    return name not in dict(one.then)


def _way(before: dict[State, State | None], last: State) -> str:
    """Return the way to a state in words."""
    states = [last]
    while (earlier := before[states[0]]) is not None:
        states.insert(0, earlier)
    return ", ".join(map(str, states))


def _reads(one: Transition) -> set[str]:
    """Return the attributes that a transition asks of the one who moves, or waits to."""
    rules = [one.effect, *one.shares, *(rule for _, rule in one.then)]
    if isinstance(one.hazard, Pool):
        rules += [one.hazard.priority, one.hazard.fits]
    asked = {
        name
        for rule in rules
        if callable(rule)
        for name in read_function(rule).arguments
        if not name.startswith(ITS)
    }
    return asked | set(one.effect if isinstance(one.effect, Mapping) else ())
