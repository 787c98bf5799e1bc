"""What came of a declared model: events, counts, time spent, and columns of people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.declared.structure import Structure
from hailsham.engine.estimators.spells import Spells, spells_from_events
from hailsham.engine.kernels.log import MoveLog
from hailsham.engine.meeting.parts import Sums, Waiting
from hailsham.units import TICKS_PER_YEAR

if TYPE_CHECKING:
    from hailsham.engine.kernels.watching import Rows, Watch
    from hailsham.engine.model.beginnings import Beginnings


@dataclass(frozen=True)
class Columns:
    """Which columns of people are asked for; states by name or as declared.

    Args:
        ended: When each life was last seen.
        ended_in: In which state it was last seen.
        years: States in which time is added up.
        visits: States whose arrivals are counted, the beginning too.
        state_at: State at each of the run's moments.
    """

    ended: bool = True
    ended_in: bool = False
    years: Sequence[object] = ()
    visits: Sequence[object] = ()
    state_at: bool = False


@dataclass(frozen=True)
class Waits:
    """What came of those who waited for a pool, up to the end of the run.

    Attributes:
        served: How many were granted what they waited for.
        served_years: How long those had waited [years].
        left: How many went elsewhere, unserved.
        left_years: How long those had waited [years].
        given: Items that came.
        expired: Items that nobody took in time.
    """

    served: int
    served_years: float
    left: int
    left_years: float
    given: int
    expired: int

    @classmethod
    def of(cls, sums: Sums) -> Waits:
        """Return what a kernel summed up."""
        served, served_ticks, left, left_ticks, given, expired = (int(one[0]) for one in sums)
        return cls(
            served,
            served_ticks / TICKS_PER_YEAR,
            left,
            left_ticks / TICKS_PER_YEAR,
            given,
            expired,
        )

    @property
    def mean(self) -> float:
        """Mean wait of those who were served [years]; no number if nobody was."""
        return self.served_years / self.served if self.served else math.nan


class Events(NamedTuple):
    """The event log, in order of person, then time; where people meet in pools, of time.

    States and transitions are codes.
    """

    person: NDArray[np.int64]
    time: NDArray[np.float64]
    from_state: NDArray[np.int16]
    to_state: NDArray[np.int16]
    transition: NDArray[np.int16]

    @classmethod
    def of(cls, log: MoveLog) -> Events:
        """Return the rows of a kernel's log."""
        rows = min(int(log.rows[0]), log.person.size)
        return cls(
            log.person[:rows],
            log.time[:rows],
            log.source[:rows],
            log.target[:rows],
            log.arm[:rows],
        )

    def kept(self) -> Events:
        """Return a log of its own, where the kernel will write over this one."""
        return Events(
            self.person.copy(),
            self.time.copy(),
            self.from_state.copy(),
            self.to_state.copy(),
            self.transition.copy(),
        )

    @classmethod
    def joined(cls, parts: Sequence[Events]) -> Events:
        """Return several logs as one."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))


@dataclass
class Lives:
    """A simulated population.

    Attributes:
        states: Names of states; codes are places in it.
        transitions: Names of transitions; codes are places in it.
        n_people: How many lives were lived.
        until: When the last of them were last seen.
        moments: Times at which people were counted.
        first_person: Address of the first of them.
    """

    structure: Structure
    moments: NDArray[np.float64]
    begun: NDArray[np.int64]
    n_people: int
    until: float
    moved: NDArray[np.int64]
    person_ticks: NDArray[np.int64]
    first_person: int = 0
    exposure: NDArray[np.int64] | None = None
    alive: NDArray[np.int64] | None = None
    queues: list[Waiting] = field(default_factory=list)
    _beginnings: Any = None
    _events: list[Events] = field(default_factory=list)
    _columns: dict[str, NDArray[Any]] = field(default_factory=dict)

    @classmethod
    def empty(
        cls,
        structure: Structure,
        moments: NDArray[np.float64],
        beginnings: Beginnings,
        n_people: int,
        until: float,
        first_person: int = 0,
    ) -> Lives:
        """Return a population of which nothing was seen yet."""
        n_states = len(structure.states)
        lives = cls(
            structure=structure,
            moments=moments,
            begun=np.zeros((moments.size, n_states), np.int64),
            n_people=n_people,
            until=until,
            moved=np.zeros((len(structure.moves()), moments.size + 1), np.int64),
            person_ticks=np.zeros(n_states, np.int64),
            first_person=first_person,
            _beginnings=beginnings,
        )
        lives.begun += lives._begun_by(moments)
        return lives

    def _begun_by(self, moments: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return how many had begun in each state by each moment. Shape (m, s)."""
        start, time = self._starts()
        found = np.zeros((moments.size, len(self.structure.states)), np.int64)
        seen = np.broadcast_to(time < self.until, np.broadcast_shapes(start.shape, time.shape))
        weight = self.n_people // seen.size
        for m, moment in enumerate(moments):
            there = seen & (time <= moment)
            np.add.at(found[m], np.broadcast_to(start, there.shape)[there], weight)
        return found

    def _starts(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return state and time at which lives begin; of length 1 where they are all the same."""
        begun = self._beginnings
        time = begun.age if self.structure.clock == "age" else begun.born + begun.age
        return begun.start, time

    def add(self, watch: Watch) -> None:
        """Add the sums of a chunk."""
        self.moved += watch.moved.sum(axis=0).reshape(self.moments.size + 1, -1).T[1:]
        self.person_ticks += watch.person_ticks
        if watch.exposure.size:
            self.exposure = watch.exposure + (0 if self.exposure is None else self.exposure)
            self.alive = watch.alive + (0 if self.alive is None else self.alive)

    def keep_log(self, events: Events) -> None:
        """Keep the log of a chunk."""
        self._events.append(events)

    def keep_columns(self, columns: dict[str, NDArray[Any]]) -> None:
        """Keep the columns of everybody."""
        self._columns |= columns

    def columns_of(self, rows: Rows, asked: Columns | None) -> dict[str, NDArray[Any]]:
        """Return the columns of a chunk by name."""
        if asked is None:
            return {}
        found: dict[str, NDArray[Any]] = {}
        if asked.ended:
            found["ended"] = rows.ended
        if asked.ended_in:
            found["ended_in"] = rows.ended_in
        found |= {f"years_{name}": rows.years[place] for place, name in enumerate(asked.years)}
        found |= {f"visits_{name}": rows.visits[place] for place, name in enumerate(asked.visits)}
        if asked.state_at:
            # A byte a moment, whatever order of bytes the machine has in a word.
            words = rows.words.astype("<u8", copy=False)
            states = words.view(np.int8).reshape(*words.shape, 8)
            found |= {
                f"state_at_{at:g}": states[m // 8, :, m % 8] for m, at in enumerate(self.moments)
            }
        return found

    @property
    def states(self) -> tuple[str, ...]:
        """Names of states."""
        return self.structure.states

    @property
    def transitions(self) -> tuple[str, ...]:
        """Names of transitions; equal ones that were merged bear the first name."""
        return tuple(arm.name for arm in self.structure.arms)

    @property
    def events(self) -> Events:
        """The event log.

        Raises:
            ValueError: If the run kept none.
        """
        if not self._events:
            raise ValueError("this run kept no log; simulate with log=True, and without a sink")
        self._events = [Events.joined(self._events)]
        return self._events[0]

    @property
    def people(self) -> dict[str, NDArray[Any]]:
        """The columns of people, one row a person.

        Raises:
            ValueError: If the run kept none.
        """
        if not self._columns:
            raise ValueError("this run kept no columns; simulate with columns=Columns(...)")
        return self._columns

    def spells(
        self, *, clock: str | None = None, entered: float = -math.inf, left: float = math.inf
    ) -> Spells:
        """Return everybody's stays, as ``engine.estimators`` take them.

        A window makes a study of the lives: nobody is watched before
        ``entered``, and what came before tells only where they were; nor
        after ``left``.

        Args:
            clock: ``age`` or ``calendar``; by default that of the model.
            entered: [years] By that clock.
            left: [years] By that clock.

        Returns:
            Spells by person and time, of those whose lives began before the end.

        Raises:
            ValueError: If the run kept no log, or the clock is neither.
        """
        start, time = self._starts()
        time = np.broadcast_to(time, self.n_people)
        seen = np.flatnonzero(time < self.until)
        began = time[seen]
        zero = np.broadcast_to(self._zero(clock or self.structure.clock), self.n_people)[seen]
        enters = np.maximum(began, entered + zero)
        events = self.events
        return spells_from_events(
            events.person,
            time=events.time,
            from_state=events.from_state,
            to_state=events.to_state,
            entered=enters,
            left=np.maximum(np.minimum(self.until, left + zero), enters),
            first_state=np.broadcast_to(start, self.n_people)[seen],
            people=self.first_person + seen,
            began=began,
            origin=zero,
        )

    def _zero(self, clock: str) -> NDArray[np.float64]:
        """Return the time at which a clock showed 0, one for all or one each."""
        if clock not in ("age", "calendar"):
            raise ValueError(f"clock: {clock!r} is neither 'age' nor 'calendar'")
        if clock == self.structure.clock:
            return np.zeros(1)
        born: NDArray[np.float64] = self._beginnings.born
        return born if clock == "age" else -born

    def start_stop(
        self, *, clock: str | None = None, entered: float = -math.inf, left: float = math.inf
    ) -> dict[str, NDArray[Any]]:
        """Return the stays as a table in the counting-process format, for other programs.

        One row a stay in a state that can be left: person, start, stop, from,
        to, status. States are named; ``to`` is ``censored`` where no end was
        seen, and status is then 0. The arguments are those of ``spells``.

        Raises:
            ValueError: If the run kept no log, or the clock is neither.
        """
        spells = self.spells(clock=clock, entered=entered, left=left)
        codes = range(len(self.states))
        columns = spells.among(*(s for s in codes if not self.structure.is_absorbing(s))).columns()
        names = np.array([*self.states, "censored"])
        return columns | {"from": names[columns["from"]], "to": names[columns["to"]]}

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how often each transition led to each of its states."""
        found = {arm.name: {self.states[t]: 0 for t in arm.targets} for arm in self.structure.arms}
        for (_, arm, target), row in zip(self.structure.moves(), self.moved, strict=True):
            found[self.transitions[arm]][self.states[target]] += int(row.sum())
        return found

    def waits(self) -> dict[str, Waits]:
        """Return what came of those who waited, by pool."""
        return {
            pool.name: Waits.of(queue.sums)
            for pool, queue in zip(self.structure.pools, self.queues, strict=True)
        }

    def person_years(self) -> dict[str, float]:
        """Return the time spent in each state [years]; in a state nobody leaves it is not told."""
        return {
            name: int(self.person_ticks[s]) / TICKS_PER_YEAR
            for s, name in enumerate(self.states)
            if not self.structure.is_absorbing(s)
        }

    def occupancy(self, moments: Sequence[float]) -> NDArray[np.int64]:
        """Return how many people are in each state at moments. Shape (m, s).

        From the run's own counts where it counted at these moments, else from
        its log. Whoever moves at a moment is where they went.

        Args:
            moments: In the model's time, before the end of the run.

        Raises:
            ValueError: If the run neither counted then nor kept a log.
        """
        asked = np.array(moments, np.float64)
        places = np.searchsorted(self.moments, asked)
        is_counted = bool(self.moments.size) and bool(
            np.all(self.moments[np.minimum(places, self.moments.size - 1)] == asked)
        )
        return self._counted()[places] if is_counted else self._from_log(asked)

    def _counted(self) -> NDArray[np.int64]:
        """Return the occupancy at the run's own moments."""
        found = self.begun.copy()
        passed = np.cumsum(self.moved, axis=1)[:, :-1]
        for (source, _, target), row in zip(self.structure.moves(), passed, strict=True):
            found[:, source] -= row
            found[:, target] += row
        return found

    def _from_log(self, moments: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the occupancy at any moments, from the log."""
        events = self.events
        found = self._begun_by(moments)
        for s in range(len(self.states)):
            came = np.sort(events.time[events.to_state == s])
            left = np.sort(events.time[events.from_state == s])
            found[:, s] += np.searchsorted(came, moments, side="right")
            found[:, s] -= np.searchsorted(left, moments, side="right")
        return found
