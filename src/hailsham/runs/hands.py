"""What every kind of run is made with: its writer, its workers, and whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from hailsham.lives.store import RunWriter

#: ``observe(stage, share done)`` is told how far a run has come.
Observe = Callable[[str, float], None]
Columns = dict[str, Any]
Block = TypeVar("Block")

#: From so many blocks on, finished blocks are kept on disk until the run is done.
KEPT_FROM = 8
_PART_ROWS = 4_000_000

ALONE, MEETING, WRITING = "living alone", "meeting", "writing"


def tell_nobody(stage: str, share_done: float) -> None:
    """Watch nothing."""
    del stage, share_done


@dataclass(frozen=True)
class Hands:
    """Who writes a run, how many blocks are lived side by side, and who is told how far it is."""

    writer: RunWriter
    workers: int = 1
    observe: Observe = tell_nobody


@dataclass(frozen=True)
class Made:
    """What a run has become: how much is in it, its years (half-open), and when all had lived."""

    counts: dict[str, int]
    years: tuple[int, int]
    lived: float


def side_by_side(
    live: Callable[[int], Block], *, n_blocks: int, workers: int, observe: Observe
) -> list[Block]:
    """Live blocks side by side, and return them in their order.

    Args:
        live: Lives the block of a number.
        n_blocks: How many there are.
        workers: How many are lived at once.
        observe: Told how many are done.
    """
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(live, at) for at in range(n_blocks)]
        try:
            waiting = set(futures)
            while waiting:
                _, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                observe(ALONE, 1.0 - len(waiting) / len(futures))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]


def with_replicate(columns: Columns, *, number: int) -> Columns:
    """Return columns with that of the replicate before them."""
    size = len(next(iter(columns.values())))
    return {"replicate": np.full(size, number, np.int32), **columns}


def split_events(parts: list[Columns]) -> Iterator[Columns]:
    """Yield parts of bounded size, cut only between people."""
    for columns in parts:
        person = columns["person"]
        start = 0
        while start < person.size or start == 0:
            stop = min(start + _PART_ROWS, person.size)
            while 0 < stop < person.size and person[stop] == person[stop - 1]:
                stop += 1
            yield {name: values[start:stop] for name, values in columns.items()}
            start = max(stop, 1)
