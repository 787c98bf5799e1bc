"""Blocks of pods, lived, and turned into columns of the tables of a run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.lives.codes import CAUSES, EVENT_MEANINGS, KINDS, STATUSES, Event
from hailsham.lives.schema import INNER_LIFE, PEOPLE
from hailsham.world.alone.children import AS_HAILSHAM, Pods
from hailsham.world.development.columns import LIFE
from hailsham.world.development.lives import live_pods
from hailsham.world.development.pod.state import FULL, SILENT, TURNING

Columns = dict[str, Any]

LEVELS = {"none": SILENT, "turning": TURNING, "full": FULL}
#: What the kernel writes of a life.
_WRITTEN = frozenset(LIFE.names or ())
_COMPLETED = CAUSES.index("completed")
#: Columns that the kernel writes under the same name, beside those of the inner life.
_FROM_LIVES = (
    "house", "seat", "left_house", "carer_from", "carer_until", "tenure", "quality",
    "patients_died", "donor_from", "donations", "mobility_lost", "couple", "believed_deferral",
    "applied", "refused",
)  # fmt: skip


class Block(NamedTuple):
    """What some pods leave in the tables of people and of events."""

    people: Columns
    events: Columns


def live_block(key: np.uint64, pods: Pods, numbers: NDArray[np.void], *, log: str) -> Block:
    """Live some pods to the end, and return what they leave in the tables.

    Args:
        key: Key of the draws.
        pods: The children of these pods.
        numbers: From ``numbers_of``.
        log: Which events are written down.
    """
    lived = live_pods(key, numbers=numbers, pods=pods.told, level=LEVELS[log])
    events = {name: lived.log[name] for name in _LOGGED}
    return Block(_people_columns(pods, lived.lives), _event_columns(events))


_LOGGED = ("person", "time", "event", "other", "detail")


def _people_columns(pods: Pods, lives: NDArray[np.void]) -> Columns:
    """Return the columns of the table of people; what nothing here fills is left empty."""
    n, clones = lives.size, pods.clones
    columns: Columns = {
        column.name: _nothing(column.type, n)
        for column in PEOPLE.columns
        if column.alone == "left out"
    }
    columns |= {
        "person": clones["person"],
        "kind": np.full(n, KINDS.index("clone")),
        "status": np.full(n, STATUSES.index("died")),
        "sex": clones["sex"],
        "born": clones["born"],
        "entered": clones["born"],
        "ended": lives["ended"],
        "cause": np.full(n, _COMPLETED),
        "blood_group": clones["blood"],
        "name": np.array(pods.names),
        "pod": clones["pod"],
        "completed_at_donation": lives["donations"],
    }
    columns |= {name: lives[name] for name in _FROM_LIVES}
    columns |= {column.name: lives[column.name] for column in INNER_LIFE if column.name in _WRITTEN}
    columns["as_hailsham"] = (lives["life"] == AS_HAILSHAM).astype(np.int64)
    return columns


def _nothing(kind: str, n: int) -> NDArray[Any]:
    if kind.startswith("float"):
        return np.full(n, np.nan)
    return np.full(n, "") if kind == "word" else np.full(n, -1)


#: Events whose detail says something, so that -1 is a number there, and nothing elsewhere.
_HAS_DETAIL = np.zeros(max(Event) + 1, np.bool_)
_HAS_DETAIL[[int(event) for event, (_, _, detail) in EVENT_MEANINGS.items() if detail]] = True


def _event_columns(events: Columns) -> Columns:
    """Return the columns of the log: each life in one piece, in the order of its times."""
    is_said = _HAS_DETAIL[events["event"]]
    events = {**events, "detail": np.where(is_said, events["detail"], np.nan)}
    order = np.lexsort((events["time"], events["person"]))
    return {name: values[order] for name, values in events.items()}
