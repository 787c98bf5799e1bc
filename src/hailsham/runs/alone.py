"""The Programme alone, lived: pods in blocks side by side, and small populations beside them.

Pods share nothing, so blocks may have any size and be lived in any order. Those
of a long run are kept on disk, and an interrupted run goes on from them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hailsham.engine import compiling
from hailsham.engine.draws import draw_key
from hailsham.lives.schema import TABLES
from hailsham.runs.hands import (
    KEPT_FROM,
    WRITING,
    Columns,
    Hands,
    Made,
    side_by_side,
    with_replicate,
)
from hailsham.scenario.resolve import Resolved
from hailsham.world.after import station_columns
from hailsham.world.alone.beside import AGES, look_by_age, measure_population, populations
from hailsham.world.alone.children import AloneParameters, Pods, numbers_of, raise_pods
from hailsham.world.alone.tables import Block, live_block
from hailsham.world.development.parameters import InnerLife
from hailsham.world.england import World

_BLOCK, _LARGE_BLOCK = 64, 1_024  # pods
_PEOPLE, _EVENTS = "people.", "events."


@dataclass(frozen=True)
class _Question:
    """What every replicate shares."""

    alone: AloneParameters
    life: InnerLife
    numbers: NDArray[np.void]
    log: str


def make_alone(resolved: Resolved, *, hands: Hands) -> Made:
    """Live the children of the Programme alone, and write their tables.

    Args:
        resolved: The question.
        hands: What it is made with.
    """
    settings, question = resolved.run, _question(resolved.world, log=resolved.run.log)
    tables: dict[str, list[Columns]] = {name: [] for name in ("people", "ages", "beside", "years")}
    rows = {"events": 0}
    n_parts = 0
    for number in range(settings.replicates):
        key = draw_key(settings.seed, number)
        pods = raise_pods(key, question.alone, question.life)
        tasks = _Tasks(key, question, pods, hands, f"pods-{number:04d}")
        done = side_by_side(
            tasks.do, n_blocks=tasks.count(), workers=hands.workers, observe=hands.observe
        )
        for block in tasks.blocks(done):
            if block.events["person"].size:
                hands.writer.write_table(
                    "events", with_replicate(block.events, number=number), part=n_parts
                )
                rows["events"] += block.events["person"].size
                n_parts += 1
            tables["people"].append(with_replicate(block.people, number=number))
        for name, columns in tasks.looks(done):
            tables[name].append(with_replicate(columns, number=number))
    compiling.mark_warm("alone")
    lived = time.perf_counter()
    people = _together(tables["people"])
    years = (question.alone.first_births, math.floor(people["ended"].max()) + 1)
    tables["years"] = [
        with_replicate(_years(people, number, years), number=number)
        for number in range(settings.replicates)
    ]
    for at, (name, parts) in enumerate(tables.items()):
        hands.observe(WRITING, at / len(tables))
        if parts:
            columns = people if name == "people" else _together(parts)
            hands.writer.write_table(name, columns)
            rows[name] = columns["replicate"].size
    hands.observe(WRITING, 1.0)
    return Made({"public": 0, "clones": rows["people"], **rows}, years, lived)


def live_one_pod() -> None:
    """Live one pod in memory, so that its kernels are compiled."""
    alone, life = AloneParameters(lives=1), InnerLife()
    key = draw_key(0)
    live_block(key, raise_pods(key, alone, life), numbers_of(life), log="full")


def _question(world: World, *, log: str) -> _Question:
    if world.alone is None or world.development is None:
        raise ValueError("the Programme does not stand alone in this world")
    return _Question(world.alone, world.development, numbers_of(world.development), log)


@dataclass(frozen=True)
class _Tasks:
    """All that is lived of one replicate, numbered: blocks of pods, then what is beside them."""

    key: np.uint64
    question: _Question
    pods: Pods
    hands: Hands
    name: str

    @property
    def _bounds(self) -> list[tuple[int, int]]:
        n_pods = self.pods.told.size
        size = _BLOCK if n_pods <= KEPT_FROM * _BLOCK else _LARGE_BLOCK
        return [(start, min(start + size, n_pods)) for start in range(0, n_pods, size)]

    @property
    def _looks(self) -> list[tuple[str, Callable[[], Columns]]]:
        """What is looked at beside: the table, and what makes its rows."""
        key, question, pods = self.key, self.question, self.pods
        if question.alone.beside == 0:
            return []
        beside = [
            ("beside", partial(measure_population, key, pods, one, question.alone))
            for one in populations(question.life)
        ]
        ages = [
            ("ages", partial(look_by_age, key, pods, question.numbers, question.alone, age))
            for age in AGES.tolist()
        ]
        return [*beside, *ages]

    def count(self) -> int:
        """Return how many there are."""
        return len(self._bounds) + len(self._looks)

    def do(self, at: int) -> Block | Columns | None:
        """Live one of them; a block that is kept on disk is returned as None."""
        bounds = self._bounds
        if at >= len(bounds):
            return self._looks[at - len(bounds)][1]()
        start, stop = bounds[at]
        is_kept = len(bounds) > KEPT_FROM
        name = f"{self.name}-{start}-{stop}"
        if is_kept and self.hands.writer.kept(name) is not None:
            return None
        block = live_block(
            self.key, self.pods.block(start, stop), self.question.numbers, log=self.question.log
        )
        if not is_kept:
            return block
        self.hands.writer.keep(name, _flat(block))
        return None

    def blocks(self, done: list[Block | Columns | None]) -> Iterator[Block]:
        """Yield the blocks of pods in their order, those on disk one at a time."""
        for (start, stop), block in zip(self._bounds, done, strict=False):
            if isinstance(block, Block):
                yield block
            else:
                kept = self.hands.writer.kept(f"{self.name}-{start}-{stop}")
                yield _block(kept or {})

    def looks(self, done: list[Block | Columns | None]) -> Iterator[tuple[str, Columns]]:
        """Yield what was looked at beside, with its table."""
        found = done[len(self._bounds) :]
        for (table, _), columns in zip(self._looks, found, strict=True):
            if isinstance(columns, dict):
                yield table, columns


def _flat(block: Block) -> Columns:
    people = {f"{_PEOPLE}{name}": values for name, values in block.people.items()}
    return people | {f"{_EVENTS}{name}": values for name, values in block.events.items()}


def _block(arrays: Columns) -> Block:
    def part(start: str) -> Columns:
        return {
            name.removeprefix(start): values
            for name, values in arrays.items()
            if name.startswith(start)
        }

    return Block(part(_PEOPLE), part(_EVENTS))


def _together(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _years(people: Columns, number: int, years: tuple[int, int]) -> Columns:
    """Return the rows of ``years`` of one replicate; what they do not count is left empty."""
    here = people["replicate"] == number
    names = ("born", "left_house", "carer_from", "carer_until", "ended")
    times = {name: people[name][here] for name in names}
    columns = station_columns(times, years=np.arange(*years))
    n_rows = columns["year"].size
    return {
        column.name: columns.get(column.name, np.full(n_rows, -1))
        for column in TABLES["years"].columns
        if column.name != "replicate"
    }
