"""Live a declared model: in chunks, in threads, with what is seen added up or handed on.

People share nothing here, so chunks and threads change neither a draw nor a
bit. Sums are whole numbers; logs and columns come in order of person.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hailsham.engine.declared.declaration import Declaration, State
from hailsham.engine.declared.soundness import check
from hailsham.engine.declared.soundness.stops import FINE, stop_fault
from hailsham.engine.declared.structure import Resolved, Structure, resolve
from hailsham.engine.draws import draw_key
from hailsham.engine.kernels.loading import is_loaded_before, load_kernels
from hailsham.engine.kernels.log import MoveLog, new_log, sort_log
from hailsham.engine.kernels.source import write_source
from hailsham.engine.kernels.watching import (
    TOGETHER,
    Rows,
    Watch,
    byte_masks,
    move_bytes,
    watch_beginnings,
)
from hailsham.engine.meeting.running import live_together, new_rows
from hailsham.engine.meeting.source import write_source as write_meeting
from hailsham.engine.model.beginnings import Beginnings, beginnings
from hailsham.engine.model.lives import Columns, Events, Lives
from hailsham.errors import ModelError

#: People whose log and columns leave in one piece, and lie in the second cache meanwhile.
CHUNK = 32_768
#: People that are lived at a stretch where nothing but sums is kept.
STRETCH = 262_144
#: Rows of the log that a person is first given room for.
FIRST_ROWS = 4

#: What takes a chunk of the log and of the columns, in order of person.
Sink = Callable[[Events, dict[str, NDArray[Any]]], None]


@dataclass(frozen=True)
class Question:
    """What is asked of a run, beside whom it is about."""

    until: float
    log: bool
    moments: NDArray[np.float64]
    breaks: NDArray[np.float64]
    years: tuple[int, int]
    columns: Columns | None

    def rows(self, n_people: int, first_person: int) -> Rows:
        """Return columns of a length; those that are not asked for have none."""
        columns = self.columns or Columns()
        n_rows = n_people if self.columns else 0
        n_words = byte_masks(self.moments.size).shape[0] if columns.state_at else 0
        return Rows(
            first=first_person,
            ended=np.empty(n_rows if columns.ended else 0),
            ended_in=np.empty(n_rows if columns.ended_in else 0, np.int8),
            visits=np.zeros((len(columns.visits), n_rows), np.int16),
            years=np.zeros((len(columns.years), n_rows)),
            words=np.empty((n_words, n_rows), np.uint64),
        )

    def watch(self, structure: Structure, rows: Rows) -> Watch:
        """Return empty sums, beside columns."""
        n_states, n_moments = len(structure.states), self.moments.size
        n_years = self.years[1] - self.years[0] if self.breaks.size else 0
        columns = self.columns or Columns()
        visits = [structure.states.index(str(one)) for one in columns.visits]
        years = [structure.states.index(str(one)) for one in columns.years]
        moves = _moves(structure, n_moments)
        arrivals, arrives = _arrivals(structure, visits)
        return Watch(
            moments=np.append(self.moments, np.full(-n_moments % TOGETHER, np.inf)),
            moved=np.zeros((4, (n_moments + 1) * moves["arms"].size), np.int64),
            person_ticks=np.zeros(n_states, np.int64),
            breaks=self.breaks,
            first_year=self.years[0],
            exposure=np.zeros((n_states, n_years, self.breaks.size), np.int64),
            alive=np.zeros((n_states, n_years, self.breaks.size), np.int64),
            rows=rows,
            arrivals=arrivals,
            arrives=arrives,
            visits_row=_rows(visits, n_states),
            years_row=_rows(years, n_states),
            **moves,
        )

    def stretch(self, n_people: int, threads: int) -> int:
        """Return how many people to live at a stretch: as many on each thread."""
        most = CHUNK if self.log or self.columns else STRETCH
        n_stretches = threads * -(-n_people // (most * threads))
        return max(-(-n_people // max(n_stretches, 1)), 1)


@cache
def _moves(structure: Structure, n_moments: int) -> dict[str, NDArray[Any]]:
    """Return what is known of the moves of a model, by name of what is watched.

    The number of each move, from 1 on, hangs on state, and on arm and target
    from -1 on; move 0 is to be last seen.
    """
    n_states, moves = len(structure.states), structure.moves()
    codes = np.zeros((n_states, len(structure.arms) + 1, n_states + 1), np.int64)
    for number, (source, arm, target) in enumerate(moves, start=1):
        codes[source, arm + 1, target + 1] = number
    later = byte_masks(n_moments)
    arms = np.array([-1, *(arm for _, arm, _ in moves)], np.int16)
    targets = np.array([-1, *(target for _, _, target in moves)], np.int16)
    kept, given = move_bytes(later, targets)
    return {
        "codes": codes.reshape(n_states, -1),
        "arms": arms,
        "targets": targets,
        "later": later,
        "kept": kept,
        "given": given,
    }


def _arrivals(
    structure: Structure, asked: list[int]
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Return which moves are arrivals in each state asked for, and from where there are any."""
    moves = structure.moves()
    arrivals = np.zeros((len(asked), len(moves) + 1), np.int16)
    arrives = np.zeros((len(asked), len(structure.states)), np.bool_)
    for row, state in enumerate(asked):
        for number, (source, _, target) in enumerate(moves, start=1):
            if source != target == state:
                arrivals[row, number] = arrives[row, source] = 1
    return arrivals, arrives


def _rows(asked: list[int], n_states: int) -> NDArray[np.int64]:
    """Return the row of each state among those asked for, -1 for the others."""
    rows = np.full(n_states, -1, np.int64)
    rows[asked] = np.arange(len(asked))
    return rows


@dataclass(frozen=True)
class Crowd:
    """People who share nothing, ready to be lived chunk by chunk."""

    resolved: Resolved
    kernels: ModuleType
    question: Question
    begun: Beginnings
    key: np.uint64
    first_person: int
    n_people: int
    chunk: int
    #: Columns of everybody, if they are kept; else every chunk has its own, and they are handed on.
    rows: Rows | None
    #: Vectors in which no chunk is lived just now: fresh memory is dearer than lives.
    idle: list[tuple[NDArray[np.float64], NDArray[np.int64]]] = field(default_factory=list)

    def live(self, first: int) -> tuple[Watch, MoveLog]:
        """Live one chunk; again with more room where its log was too long."""
        size = min(self.chunk, self.n_people - first)
        part = self.begun.part(first, first + size)
        person = self.first_person + first
        rows = self.rows or self.question.rows(size, person)
        room = FIRST_ROWS * size if self.question.log else 0
        try:
            f, q = self.idle.pop()
        except IndexError:
            f, q = self._vectors()
        while True:
            watch, moves = self.question.watch(self.resolved.structure, rows), new_log(room)
            found = self.kernels.live(
                f,
                q,
                person,
                size,
                part.start,
                part.age,
                part.born,
                part.attributes,
                self.resolved.numbers,
                self.resolved.tables,
                self.key,
                self.question.until,
                watch,
                moves,
            )
            status, stopped, arm, value = found
            if status != FINE:
                fault = stop_fault(
                    self.resolved.structure, status=status, person=stopped, arm=arm, value=value
                )
                raise ModelError([fault], closing="The run was stopped.")
            if moves.rows[0] <= room or not room:
                self.idle.append((f, q))
                if room:
                    sort_log(moves, person, size)
                return watch, moves
            room = int(moves.rows[0])
            # The chunk is lived again, and adds to its columns anew.
            there = slice(person - rows.first, person - rows.first + size)
            rows.visits[:, there] = 0
            rows.years[:, there] = 0.0

    def _vectors(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the vectors that hold the columns of people."""
        kernels = self.kernels
        return np.zeros(kernels.FLOATS, np.float64), np.zeros(kernels.WHOLE, np.int64)


def kernels_of(structure: Structure, write: Callable[[Structure], str]) -> ModuleType:
    """Return the compiled model; says so where a person waits for a compiler.

    Args:
        structure: What is compiled.
        write: Writes its source.
    """
    text = write(structure)
    if not is_loaded_before(text) and sys.stderr.isatty():
        sys.stderr.write(f"compiling the model {structure.name!r}, once: a few seconds\n")
    return load_kernels(text)


def simulate(
    model: Declaration,
    n_people: int,
    *,
    seed: int,
    until: float,
    replicate: int = 0,
    start: State | Sequence[State] | None = None,
    age: ArrayLike = 0.0,
    born: ArrayLike = 0.0,
    attributes: Mapping[str, ArrayLike] | None = None,
    first_person: int = 0,
    log: bool = True,
    moments: Sequence[float] = (),
    exposure: tuple[Sequence[float], tuple[int, int]] | None = None,
    columns: Columns | None = None,
    threads: int = 1,
    chunk: int | None = None,
    sink: Sink | None = None,
) -> Lives:
    """Live a model; ``Model.simulate`` says what the arguments mean."""
    begin = [start] if isinstance(start, State) else list(start or ())
    check(model, start=list(dict.fromkeys(begin)), given=tuple(attributes or ()), until=until)
    resolved = resolve(model)
    breaks, years = exposure or ((), (0, 0))
    question = Question(
        until=float(until),
        log=log,
        moments=np.array(sorted(moments), np.float64),
        breaks=np.array(breaks, np.float64),
        years=years,
        columns=columns,
    )
    begun = beginnings(
        model, resolved, n_people, start=start, age=age, born=born, attributes=attributes
    )
    key = draw_key(seed, replicate)
    lives = Lives.empty(
        resolved.structure, question.moments, begun, n_people, question.until, first_person
    )
    if resolved.structure.pools:
        _meet(resolved, question, begun, lives, key=key, sink=sink)
        return lives
    chunk = chunk or question.stretch(n_people, threads)
    rows = question.rows(n_people, first_person) if sink is None and columns else None
    crowd = Crowd(
        resolved,
        kernels_of(resolved.structure, write_source),
        question,
        begun,
        key,
        first_person,
        n_people,
        chunk,
        rows,
    )
    _live_apart(crowd, lives, threads=threads, sink=sink)
    return lives


def _live_apart(crowd: Crowd, lives: Lives, *, threads: int, sink: Sink | None) -> None:
    """Live people who share nothing, and keep or hand on what is seen of them."""
    asked = crowd.question
    for watch, moves in _in_order(crowd.live, range(0, crowd.n_people, crowd.chunk), threads):
        lives.add(watch)
        if sink is not None:
            sink(Events.of(moves), lives.columns_of(watch.rows, asked.columns))
        elif asked.log:
            lives.keep_log(Events.of(moves))
    if crowd.rows:
        lives.keep_columns(lives.columns_of(crowd.rows, asked.columns))


def _meet(
    resolved: Resolved,
    question: Question,
    begun: Beginnings,
    lives: Lives,
    *,
    key: np.uint64,
    sink: Sink | None,
) -> None:
    """Live people who meet in pools: all of them at once, and the log in order of time."""
    n_people, asked = lives.n_people, question.columns
    rows = question.rows(n_people, lives.first_person)
    watch = question.watch(resolved.structure, rows)
    born = np.broadcast_to(begun.born, n_people).copy()
    begins = born + begun.age
    watch_beginnings(
        watch,
        begun.start,
        begun.age,
        begun.born,
        False,
        question.until,
        lives.first_person,
        0,
        n_people,
    )
    blocks = live_together(
        resolved,
        kernels_of(resolved.structure, write_meeting),
        new_rows(
            resolved,
            start=begun.start,
            begins=begins,
            born=born,
            attributes=begun.attributes,
        ),
        watch,
        begins=begins,
        born=born,
        first_person=lives.first_person,
        key=key,
        until=question.until,
        queues=lives.queues,
        log=question.log or sink is not None,
    )
    for moves in blocks:
        if sink is not None:
            sink(Events.of(moves), {})
        elif question.log:
            lives.keep_log(Events.of(moves).kept())
    lives.add(watch)
    columns = lives.columns_of(rows, asked)
    if sink is not None:
        sink(Events.of(new_log(0)), columns)
    else:
        lives.keep_columns(columns)


def _in_order(
    live: Callable[[int], tuple[Watch, MoveLog]], firsts: range, threads: int
) -> Iterator[tuple[Watch, MoveLog]]:
    """Live chunks side by side, and hand them on in order; few are held at a time."""
    if threads == 1:
        yield from map(live, firsts)
        return
    waiting = iter(firsts)
    with ThreadPoolExecutor(threads) as pool:
        due: list[Future[tuple[Watch, MoveLog]]] = [
            pool.submit(live, first) for first in islice(waiting, 2 * threads)
        ]
        while due:
            done = due.pop(0).result()
            due += [pool.submit(live, first) for first in islice(waiting, 1)]
            yield done
