"""Spells: who was in which state, from when to when, and how it ended.

The one form that every estimator takes. A log of events says when a state was
left; a spell says also who was watched meanwhile, and that is what an
estimator must know: without it there are counts and no risks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Codes = NDArray[np.int64]
Times = NDArray[np.float64]
Truths = NDArray[np.bool_]
#: One state, several, or whichever there are.
States = int | Iterable[int] | None

Number = TypeVar("Number", np.int64, np.float64)

#: ``to_state`` of a spell of which no end was seen.
CENSORED = -1


@dataclass(frozen=True, eq=False)
class Spells:
    """Stretches of people's time under observation, one state each.

    A person is at risk on ``(start, stop]``. One stay in a state may be cut
    into several spells; all but the last are then censored, and no estimator
    can tell the difference. Times are on whatever scale the maker chose: age,
    calendar time or time since entry.

    Args:
        person: Whole numbers. Shape (n,), like all that follow.
        start: [years] Where being at risk begins.
        stop: [years] Where it ends; above ``start``, for nobody is at risk
            for no time at all.
        from_state: State in which the spell is spent, 0 or above.
        to_state: State entered at ``stop``, or ``CENSORED``. The same state
            again is an event that changes nothing but begins a new stay.
        since: [years] When the stay in ``from_state`` began, at or before
            ``start``; left out, at ``start``.

    Raises:
        ValueError: If columns differ in length, or a value is out of place;
            the message names column, row and value.
    """

    person: Codes
    start: Times
    stop: Times
    from_state: Codes
    to_state: Codes
    since: Times | None = None

    def __post_init__(self) -> None:
        if self.since is None:
            object.__setattr__(self, "since", self.start)
        for name in ("person", "from_state", "to_state"):
            object.__setattr__(self, name, whole_numbers(name, getattr(self, name)))
        for name in ("start", "stop", "since"):
            object.__setattr__(self, name, finite_numbers(name, getattr(self, name)))
        _require_one_length({name: getattr(self, name) for name in self.__dataclass_fields__})
        _refuse(~(self.stop > self.start), "stop", self.stop, "is not after its start")
        _refuse(self.from_state < 0, "from_state", self.from_state, "is below 0")
        _refuse(self.to_state < CENSORED, "to_state", self.to_state, "is below -1 (censored)")
        _refuse(self.stay_began > self.start, "since", self.stay_began, "is after its start")

    def __len__(self) -> int:
        return int(self.person.size)

    @property
    def status(self) -> Truths:
        """Whether the spell ended in a transition that was seen. Shape (n,)."""
        return self.to_state != CENSORED

    @property
    def stay_began(self) -> Times:
        """When the stay began of which each spell is a part. [years] Shape (n,)."""
        return self.start if self.since is None else self.since

    def among(self, *states: int) -> Spells:
        """Return the spells that were spent in these states."""
        return self.where(np.isin(self.from_state, states))

    def where(self, kept: Truths) -> Spells:
        """Return the spells of which this is true.

        Args:
            kept: Truths or places, as NumPy takes them. Shape (n,) if truths.
        """
        return Spells(
            self.person[kept],
            self.start[kept],
            self.stop[kept],
            self.from_state[kept],
            self.to_state[kept],
            self.stay_began[kept],
        )

    def since_entry(self) -> Spells:
        """Return the same spells by the clock that is set to 0 on entering a state.

        A stay that was already under way when observation began is at risk
        from the duration that it had then reached: it is truncated, not new.
        """
        began = self.stay_began
        return Spells(
            self.person,
            self.start - began,
            self.stop - began,
            self.from_state,
            self.to_state,
            np.zeros(len(self)),
        )

    def columns(
        self, *, transitions: Iterable[tuple[int, int]] | None = None
    ) -> dict[str, NDArray[Any]]:
        """Return the spells as columns: person, start, stop, from, to, status.

        Without ``transitions`` a spell is one row, as R's ``survival`` wants
        it, and ``to`` is -1 where ``status`` is 0. With them it is one row for
        each transition that could have ended it, as R's ``mstate`` wants it,
        and ``status`` is 1 in the row of the one that did.

        Args:
            transitions: Pairs of (from, to) that can happen; those that can
                end no spell here are of no effect.

        Raises:
            ValueError: If a transition was seen that is not among them.
        """
        if transitions is None:
            at, to, status = np.arange(len(self)), self.to_state, self.status
        else:
            at, to = self._risks(transitions)
            status = self.to_state[at] == to
        return {
            "person": self.person[at],
            "start": self.start[at],
            "stop": self.stop[at],
            "from": self.from_state[at],
            "to": to,
            "status": status.astype(np.int64),
        }

    def _risks(self, transitions: Iterable[tuple[int, int]]) -> tuple[Codes, Codes]:
        """Return a row for each spell and transition: place of the spell, state led to."""
        pairs = sorted(set(transitions))
        seen = set(zip(self.from_state[self.status], self.to_state[self.status], strict=True))
        if strange := sorted((int(a), int(b)) for a, b in seen - set(pairs)):
            raise ValueError(f"transitions: {strange[0]} was seen and is not among {pairs}")
        places = [np.flatnonzero(self.from_state == a) for a, _ in pairs]
        at = np.concatenate([np.empty(0, np.int64), *places])
        to = np.repeat(np.array([b for _, b in pairs], np.int64), [rows.size for rows in places])
        order = np.lexsort((to, at))
        return at[order], to[order]


class _Watched(NamedTuple):
    """Those under observation, one row a person, by rising id."""

    person: Codes
    entered: Times
    left: Times
    state: Codes
    began: Times
    origin: Times


def spells_from_events(
    person: ArrayLike,
    *,
    time: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    entered: ArrayLike,
    left: ArrayLike,
    first_state: ArrayLike,
    people: ArrayLike | None = None,
    began: ArrayLike | None = None,
    origin: ArrayLike = 0.0,
) -> Spells:
    """Return the spells of people of whom a log of events is known.

    Observation is a window ``(entered, left]`` over each person's history. An
    event before the window tells in which state the person entered it, and
    since when, and is counted nowhere; one after it is not seen. So one log
    gives complete, censored and left-truncated samples alike.

    A state that is left at the very moment at which it was entered was never
    occupied: a to b to c at one time is written as a to c.

    Args:
        person: Who; one row an event. Shape (events,), rows in any order, but
            those of one person at one time in the order in which they came.
        time: [years] When, on any scale. Shape (events,).
        from_state: State left. Shape (events,).
        to_state: State entered. Shape (events,).
        entered: [years] When observation begins, on the scale of ``time``.
            Shape (people,), or one number for all, like all that follow.
        left: [years] When it ends, at the latest; at or after ``entered``.
        first_state: State before a person's first event.
        people: Ids of all who were watched, with or without events, each
            once; left out, they are 0, 1, 2, ...
        began: [years] When the stay in ``first_state`` began, at or before
            ``entered``; left out, at ``entered``.
        origin: [years] What is taken from every time: 0 leaves the scale as it
            is, dates of birth turn calendar time into age.

    Returns:
        Spells by person and time. Who was watched for no time has none.

    Raises:
        ValueError: If a column is out of shape, an event is of somebody who
            was not watched, or a history does not hang together: the message
            names the column, the person, the time and the states.
    """
    ids, when = whole_numbers("person", person), finite_numbers("time", time)
    source, target = whole_numbers("from_state", from_state), whole_numbers("to_state", to_state)
    _require_one_length({"person": ids, "time": when, "from_state": source, "to_state": target})
    watched = _watched(people, entered, left, first_state, began, origin)
    at = _places(ids, watched.person)

    # Everybody's first state comes before any event, and each event opens another.
    n_people = watched.person.size
    who = np.concatenate([np.arange(n_people), at])
    since = np.concatenate([np.full(n_people, -np.inf), when - watched.origin[at]])
    left_state = np.concatenate([watched.state, source])
    state = np.concatenate([watched.state, target])
    order = np.lexsort((since, who))
    who, since, left_state, state = who[order], since[order], left_state[order], state[order]
    _require_histories(watched, who, since, left_state, state)

    until = _next(since, who, np.inf)
    was_occupied = until > since
    who, since, until, state = (column[was_occupied] for column in (who, since, until, state))
    onward = _next(state, who, CENSORED)

    start = np.maximum(since, watched.entered[who])
    stop = np.minimum(until, watched.left[who])
    since = np.where(np.isneginf(since), watched.began[who], since)
    onward = np.where(until <= watched.left[who], onward, CENSORED)
    kept = start < stop
    return Spells(
        watched.person[who[kept]], start[kept], stop[kept], state[kept], onward[kept], since[kept]
    )


def spells_at_risk(spells: Spells, to: States) -> tuple[Truths, Truths]:
    """Return which spells are at risk of certain transitions, and which of those ended so.

    Args:
        spells: Any.
        to: States whose entry counts; ``None`` for every event.

    Returns:
        Truths of shape (n,), and of shape (number at risk,).
    """
    if to is None:
        return np.ones(len(spells), np.bool_), spells.status
    states = different_states(to)
    at_risk = ~np.isin(spells.from_state, states)
    return at_risk, np.isin(spells.to_state[at_risk], states)


def different_states(given: int | Iterable[int]) -> tuple[int, ...]:
    """Return one state or several as different states in rising order."""
    states = given if isinstance(given, Iterable) else (given,)
    return tuple(sorted({int(state) for state in states}))


def whole_numbers(name: str, values: ArrayLike) -> Codes:
    """Return a column of whole numbers, or say which value is none."""
    given = np.atleast_1d(np.asarray(values))
    if given.size == 0:
        return np.empty(0, np.int64)
    if not np.issubdtype(given.dtype, np.integer):
        raise ValueError(f"{name}: whole numbers are wanted, not {given.dtype} like {given[0]}")
    return given.astype(np.int64)


def finite_numbers(name: str, values: ArrayLike) -> Times:
    """Return a column of finite numbers, or say which value is none."""
    given = np.atleast_1d(np.asarray(values, np.float64))
    _refuse(~np.isfinite(given), name, given, "is not finite")
    return given


def _refuse(wrong: Truths, name: str, values: NDArray[Any], what: str) -> None:
    """Refuse the first value of a column of which something wrong is true."""
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"{name}: {values[row]} in row {row} {what}")


def _require_one_length(columns: Mapping[str, NDArray[Any]]) -> None:
    """Refuse columns that are not of one length."""
    if len({column.shape for column in columns.values()}) > 1:
        shapes = ", ".join(f"{name} {column.shape}" for name, column in columns.items())
        raise ValueError(f"columns differ in length: {shapes}")


def _watched(
    people: ArrayLike | None,
    entered: ArrayLike,
    left: ArrayLike,
    state: ArrayLike,
    began: ArrayLike | None,
    origin: ArrayLike,
) -> _Watched:
    """Return who was watched, by rising id, on the scale that begins at their origins."""
    times = [entered, left, entered if began is None else began, origin]
    if people is None:
        shape = np.broadcast_shapes(*(np.shape(column) for column in [*times, state]))
        if len(shape) != 1:
            raise ValueError("people: say who was watched, or give one of the others for each")
        people = np.arange(shape[0])
    ids = whole_numbers("people", people)
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    _refuse(np.append(False, ids[1:] == ids[:-1]), "people", ids, "stands there twice")
    names = ("entered", "left", "began", "origin")
    entry, exit_, first, zero = (
        np.broadcast_to(finite_numbers(name, column), ids.shape)[order]
        for name, column in zip(names, times, strict=True)
    )
    states = np.broadcast_to(whole_numbers("first_state", state), ids.shape)[order]
    _refuse(exit_ < entry, "left", exit_, "is before that person entered")
    _refuse(first > entry, "began", first, "is after that person entered")
    return _Watched(ids, entry - zero, exit_ - zero, states, first - zero, zero)


def _places(person: Codes, people: Codes) -> Codes:
    """Return where each person of a log stands among those watched."""
    at = np.searchsorted(people, person)
    is_known = at < people.size
    is_known[is_known] = people[at[is_known]] == person[is_known]
    _refuse(~is_known, "person", person, "has events, and is not among the people watched")
    return at


def _require_histories(
    watched: _Watched, who: Codes, since: Times, left_state: Codes, state: Codes
) -> None:
    """Refuse a log in which somebody leaves a state in which they are not."""
    broken = (who[1:] == who[:-1]) & (left_state[1:] != state[:-1])
    if broken.any():
        row = int(np.argmax(broken)) + 1
        raise ValueError(
            f"from_state: person {watched.person[who[row]]} leaves state {left_state[row]} at "
            f"{since[row] + watched.origin[who[row]]}, and is in state {state[row - 1]} then"
        )


def _next(column: NDArray[Number], who: Codes, otherwise: float) -> NDArray[Number]:
    """Return what stands in the same person's next row."""
    following = np.roll(column, -1)
    following[np.append(who[1:] != who[:-1], True)[: column.size]] = otherwise
    return following
