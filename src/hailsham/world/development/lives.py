"""The inner life, run alone: blocks of pods in, one row a person and a log of events out.

Pods share nothing random, so any block of them can be lived anywhere, and the
lives are the same for any split into blocks and whatever is watched.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.draws import draw_key
from hailsham.world.development.columns import COLUMNS, LIFE
from hailsham.world.development.parameters import InnerLife, as_numbers
from hailsham.world.development.pod.childhood import truth_told_at
from hailsham.world.development.pod.loop import live_block
from hailsham.world.development.pod.state import (
    EVENT,
    FRAME,
    POD,
    SEATS,
    SILENT,
    TURNING,
)

#: Pods of one house where the inner life is run alone: one and a half a year.
PODS_PER_HOUSE = 57
HOUSE_OPENS, HOUSE_YEARS = 1953.0, 38.0
_ADDRESS_ALONE = 9_500_000_000_000
_LOG_PER_PERSON = {SILENT: 0, TURNING: 60, 2: 320}


class Lived(NamedTuple):
    """What came out: one row a person, and the events kept, by person and time."""

    lives: NDArray[np.void]
    log: NDArray[np.void]


def blank_lives(n: int) -> NDArray[np.void]:
    """Return rows in which nothing has happened yet."""
    row = np.zeros(1, LIFE)
    for column in COLUMNS:
        if column.type is np.float64 and column.null:
            row[column.name] = np.nan
        if column.null.startswith("-1"):
            row[column.name] = -1
    return np.repeat(row, n)


def pods_alone(
    key: np.uint64, life: InnerLife, *, n_pods: int, first_pod: int = 0, closes: float = math.inf
) -> NDArray[np.void]:
    """Return pods in houses of their own, born through the life of each house.

    Args:
        key: From ``draw_key``.
        life: The numbers that they live by, row 0 of those given to ``live_pods``.
        n_pods: How many.
        first_pod: Number of the first; pods have the same address in any block.
        closes: [years AD] When the school closes; ``inf`` is not within these lives.
    """
    pods = np.zeros(n_pods, POD)
    number = first_pod + np.arange(n_pods, dtype=np.int64)
    within = number % PODS_PER_HOUSE
    person = _ADDRESS_ALONE + number[:, None] * SEATS + np.arange(SEATS)
    pods["person"], pods["house"] = person, number // PODS_PER_HOUSE
    pods["born"] = (HOUSE_OPENS + HOUSE_YEARS * (within + 0.5) / PODS_PER_HOUSE)[:, None]
    chance = life.knowledge.truth_probability
    told = {
        house: truth_told_at(key, house, chance, HOUSE_OPENS, HOUSE_OPENS + HOUSE_YEARS)
        for house in np.unique(pods["house"]).tolist()
    }
    pods["truth"] = [told[house] for house in pods["house"].tolist()]
    pods["closes"] = closes
    return pods


def live_pods(
    key: np.uint64,
    *,
    numbers: NDArray[np.void],
    pods: NDArray[np.void],
    level: int = SILENT,
    until: float = math.inf,
) -> Lived:
    """Live a block of pods to their end.

    Args:
        key: From ``draw_key``.
        numbers: From ``as_numbers``: one row for each set of numbers lived by.
        pods: Who lives: rows of ``POD``. Shape (n,).
        level: What the log keeps: ``SILENT``, ``TURNING`` (no memories, no small
            losses) or ``FULL``.
        until: [years] Age at which everybody is left; what happens at it is done.

    Raises:
        RuntimeError: If one life held more open losses than there is room for.
    """
    capacity = pods.size * SEATS * _LOG_PER_PERSON[level] + 1
    while True:
        lives, log = blank_lives(pods.size * SEATS), np.zeros(capacity, EVENT)
        frame = np.zeros(1, FRAME)
        frame["level"] = level
        live_block(key, numbers, pods, lives, log, frame, until)
        if frame["too_many_losses"][0]:
            raise RuntimeError("a life held more open losses than there is room for")
        # A log that was too small says how large it must be, and the lives are lived again.
        rows = int(frame["rows"][0])
        if rows <= capacity:
            kept = log[:rows]
            return Lived(lives, kept[np.lexsort((kept["time"], kept["person"]))])
        capacity = rows


def live_alone(
    life: InnerLife,
    *,
    n_pods: int,
    seed: int = 1,
    first_pod: int = 0,
    level: int = SILENT,
    until: float = math.inf,
) -> Lived:
    """Live pods of one kind with the Programme standing alone.

    Args:
        life: The numbers that they live by.
        n_pods: How many.
        seed: Of the luck.
        first_pod: Number of the first.
        level: What the log keeps.
        until: [years] Age at which everybody is left.
    """
    key = draw_key(seed)
    pods = pods_alone(key, life, n_pods=n_pods, first_pod=first_pod)
    return live_pods(key, numbers=as_numbers([life]), pods=pods, level=level, until=until)
