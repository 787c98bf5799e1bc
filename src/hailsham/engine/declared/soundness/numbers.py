"""Numbers: whether hazards, shares and pools are such as can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from hailsham.engine.declared.declaration import Declaration, Lost, Pool, Transition
from hailsham.engine.declared.families import Hazard, Thinned
from hailsham.engine.declared.soundness.words import place
from hailsham.errors import Fault

#: By how much shares may miss 1, so that thirds can be written as 0.333333333333.
SHARES_MISS = 1e-9
#: [years] Readings are looked at so far apart, over so many years at most.
READINGS_APART = 0.25
MOST_YEARS = 110.0


def number_faults(model: Declaration, *, until: float) -> list[Fault]:
    """Find numbers that cannot be: of hazards, effects, shares, attributes and pools.

    Args:
        model: As declared.
        until: [years] Where lives are cut, on the model's clock.
    """
    found = [
        _fault(model, one.name, f"start is {one.start!r}; it must be finite, or None")
        for one in model.attributes
        if one.start is not None and not _is_finite(one.start)
    ]
    for one in model.numbered():
        found += _of_transition(model, one)
        found += _shares(model, one)
        if isinstance(one.hazard, Thinned):
            found += _bound(model, one, one.hazard, until)
    return found + [fault for one in model.pools for fault in _pool(model, one)]


def _fault(model: Declaration, name: str, what: str) -> Fault:
    return Fault(
        "HS401", place(model, name), what, remedy="Hazards are rates per person-year, times years."
    )


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float | np.number) and math.isfinite(value)


def _of_transition(model: Declaration, one: Transition) -> Iterator[Fault]:
    """Find numbers of a hazard, an effect or a new value that cannot be."""
    if isinstance(one.hazard, Hazard):
        for what in _wrong(one.hazard):
            yield _fault(model, one.name, what)
    if isinstance(one.effect, Mapping):
        for name, beta in one.effect.items():
            if not _is_finite(beta):
                yield _fault(
                    model, one.name, f"the effect of {name} is {beta!r}; it must be finite"
                )
    for name, rule in one.then:
        if not callable(rule) and not _is_finite(rule):
            yield _fault(model, one.name, f"{name} becomes {rule!r}; it must be finite")


def _wrong(hazard: Hazard) -> list[str]:
    """Return what a hazard says of itself, or that something in it is no number."""
    try:
        return hazard.faults()
    except (TypeError, ValueError) as error:
        return [f"{hazard!r} holds what is no number ({error})"]


def _shares(model: Declaration, one: Transition) -> Iterator[Fault]:
    """Find shares outside 0 to 1, and shares that do not make a whole."""
    told = list(zip(one.targets, one.shares, strict=True))
    where = place(model, one.name)
    remedy = (
        "Shares are probabilities that sum to 1; "
        "give None to one target, and it takes what the others leave."
    )
    numbers = {target: share for target, share in told if isinstance(share, int | float)}
    for target, share in told:
        is_known = share is not None and not callable(share)
        if is_known and not (target in numbers and 0.0 <= numbers[target] <= 1.0):
            what = f"the share of {str(target)!r} is {share!r}; it must lie between 0 and 1"
            yield Fault("HS403", where, what, remedy=remedy)
    n_open = sum(share is None for _, share in told)
    if n_open > 1:
        names = ", ".join(repr(str(target)) for target, share in told if share is None)
        yield Fault("HS403", where, f"{names} all take what the others leave", remedy=remedy)
    total = sum(numbers.values())
    is_whole = n_open == 0 and len(numbers) == len(told) and bool(told)
    if total > 1.0 + SHARES_MISS or (is_whole and total < 1.0 - SHARES_MISS):
        yield Fault("HS403", where, f"the shares sum to {total!r}", remedy=remedy)


def _bound(model: Declaration, one: Transition, hazard: Thinned, until: float) -> Iterator[Fault]:
    """Find the first reading at which a thinned hazard is none, or is above its bound.

    Readings are those that the clock can come to show before ``until``; of a
    date that is not the model's own nothing is known before the run.
    """
    if one.clock.kind == "calendar" and model.clock != "calendar":
        return
    last = until if one.clock.kind == model.clock else min(until, MOST_YEARS)
    last = last if math.isfinite(last) else MOST_YEARS
    first = max(last - MOST_YEARS, 0.0)
    for reading in np.arange(first, last, READINGS_APART):
        value = _at(hazard.function, float(reading))
        if value is not None and not 0.0 <= value <= hazard.bound:
            yield Fault(
                "HS414",
                place(model, one.name),
                f"at the reading {float(reading):g} the hazard is {value!r}, "
                f"and its bound is {hazard.bound!r}",
                remedy="Raise the bound, or hold the function between 0 and the bound.",
            )
            return


def _at(function: Callable[[float], float], reading: float) -> float | None:
    """Return a function at a reading, or nothing where it has no value."""
    try:
        return float(function(reading))
    except (ArithmeticError, ValueError, TypeError):
        return None


def _pool(model: Declaration, one: Pool) -> Iterator[Fault]:
    """Find a pool that could serve nobody."""
    for what, remedy in _pool_wrongs(model, one):
        yield Fault("HS413", place(model, one.name), what, remedy=remedy)


def _pool_wrongs(model: Declaration, one: Pool) -> Iterator[tuple[str, str]]:
    """Return what is wrong with a pool, and what would mend it."""
    if model.clock != "calendar":
        yield (
            "people of different ages meet in a pool, and this model is told by age",
            f"Declare the model with Model({model.name!r}, clock='calendar').",
        )
    if one.places is not None and one.shelf_life is not None:
        yield (
            "it has both places and a shelf life",
            "Places are held and given back, items are used once: declare two pools.",
        )
    if one.places is None and one.shelf_life is None:
        yield "it has neither places nor items", "Give it places, or a shelf life for its items."
    if one.places is not None and not one.places >= 1:
        yield f"places is {one.places!r}", "A pool has one place or more."
    if one.shelf_life is not None and not one.shelf_life > 0.0:
        yield f"shelf_life is {one.shelf_life!r}", "Items keep for a time above 0, or for inf."
    if one.served_by is not None and one.places is None:
        yield "nobody knows how many each can serve", "Give it places: so many by each who serves."
    yield from _service_wrongs(model, one)


def _service_wrongs(model: Declaration, one: Pool) -> Iterator[tuple[str, str]]:
    """Return what is wrong with who waits for a pool, gives to it, or is left by it."""
    waiting = [transition for transition in model.transitions if transition.hazard == one]
    if not waiting:
        yield (
            "nobody waits for it",
            "Give it to a transition in the place of a hazard, and people wait for it there.",
        )
    sources = [state for transition in waiting for state in transition.sources]
    for state in dict.fromkeys(sources):
        if sources.count(state) > 1:
            yield (
                f"two transitions from {str(state)!r} wait for it",
                "One of them would never come.",
            )
        if any(state in transition.targets for transition in waiting):
            yield (
                f"it leads to {str(state)!r}, where people wait for it again",
                "Those who are served are in a state of their own.",
            )
    is_given = any(transition.gives == one for transition in model.transitions)
    if one.shelf_life is not None and not is_given:
        yield "no transition gives it an item", "Say gives= where an item comes from."
    if one.shelf_life is None and is_given:
        yield "a transition gives it an item, and it has places", "Only items are given."
    if one.served_by is None and any(
        isinstance(transition.hazard, Lost) and transition.hazard.pool == one
        for transition in model.transitions
    ):
        yield (
            "a transition waits for its loss, and its places belong to nobody",
            "Say served_by=, the state of those who serve.",
        )
