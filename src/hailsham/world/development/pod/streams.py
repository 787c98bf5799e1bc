"""The clocks of a person: Poisson streams, open losses, and which is due next.

Every process of every person is a Poisson stream of its own, at a bound that
is constant while the person stays in a station. A candidate carries its own
draw of acceptance, from the same address as its time: (person, process,
count). A stream runs only while its process is possible at all.
"""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.arithmetic import log
from hailsham.engine.compiling import compiled, whole_number, whole_numbers
from hailsham.engine.draws import purpose, uniform_pair
from hailsham.lives.codes import Event
from hailsham.world.development.letting_go import letting_go_bound
from hailsham.world.development.pod.state import (
    CLOCKS,
    FULL,
    LETTING_GO,
    NOBODY,
    OPEN_LOSSES,
    TURNING,
    Pod,
    record,
)

#: The names of the streams, in the order of their clocks, from OBJECT to CHANCE.
STREAMS = (
    "object", "wrong", "mend", "substitute", "gallery", "couple", "hear", "stop", "apply",
    "lapse", "borrow", "invent", "patient", "acquaintance", "illness", "chance",
)  # fmt: skip
_PURPOSES = np.array([np.uint64(0)] * 9 + [purpose(f"inner.{name}") for name in STREAMS], np.uint64)
_LETTING_GO = purpose("inner.letting_go")
#: Candidates of one open loss share an address with no other loss below this many.
TRIES = 65_536
#: Losses, as places in ``lives.codes.LOSSES``.
A_SCHOOL, A_COTTAGE, A_DREAM, A_BELIEF, A_TIE, A_FRIEND, A_CLOSING = whole_numbers(1, 8)
A_HEALTH, A_THING, AN_ILLNESS, AN_EXISTENCE, A_PARENT = whole_numbers(8, 13)
#: Losses that only a full log keeps.
SMALL_LOSS = A_THING

_LOST, _LET_GO = whole_number(Event.LOST_SOMETHING), whole_number(Event.LET_GO)


@compiled
def tell(pod: Pod, row: np.void, time: float, event: int, other: int, detail: int) -> None:
    """Count an event, and record it unless the log is silent."""
    pod.frame["events"] += 1
    if pod.frame["level"] >= TURNING and row["left"] == 0:
        record(pod, row["person"], time, event, other, detail)


@compiled
def start_clock(pod: Pod, row: np.void, clock: int, rate: float, time: float) -> None:
    """Start a stream at a time, or stop it if its rate is 0: draw the next candidate."""
    row["bound"][clock] = rate
    if rate <= 0.0:
        row["due"][clock] = math.inf
        return
    wait, draw = uniform_pair(pod.key, row["person"], _PURPOSES[clock], row["count"][clock])
    row["count"][clock] += 1
    row["due"][clock] = time - log(wait) / rate
    row["draw"][clock] = draw


@compiled
def stop_clock(row: np.void, clock: int) -> None:
    """Stop a stream."""
    row["due"][clock] = math.inf
    row["bound"][clock] = 0.0


@compiled
def look_ahead(row: np.void) -> None:
    """Find which clock is due next; of two at one instant, the first in order."""
    first, clock = row["due"][0], 0
    for k in range(1, CLOCKS):
        if row["due"][k] < first:
            first, clock = row["due"][k], k
    row["next"], row["clock"] = first, clock


@compiled
def _await_letting_go(pod: Pod, row: np.void, at: int, time: float) -> None:
    """Draw the next moment at which one open loss may be let go."""
    if row["loss_bound"] <= 0.0:
        row["loss_due"][at] = math.inf
        return
    count = row["loss_id"][at] * TRIES + row["loss_try"][at]
    wait, draw = uniform_pair(pod.key, row["person"], _LETTING_GO, count)
    row["loss_try"][at] += 1
    row["loss_due"][at] = time - log(wait) / row["loss_bound"]
    row["loss_draw"][at] = draw


@compiled
def _first_loss(row: np.void) -> int:
    """Return the place of the open loss that is due first, and set the clock to it."""
    first, place = math.inf, NOBODY
    for at in range(row["open"]):
        due = row["loss_due"][at]
        if due < first:
            first, place = due, at
    row["due"][LETTING_GO] = first
    return place


@compiled
def open_loss(pod: Pod, row: np.void, kind: int, other: int, time: float) -> None:
    """Add a loss, open until it is let go."""
    if kind == SMALL_LOSS and pod.frame["level"] < FULL:
        pod.frame["events"] += 1
    else:
        tell(pod, row, time, _LOST, other, kind)
    number = row["lost"]
    row["lost"] += 1
    row["share"] = row["let"] / row["lost"]
    at = row["open"]
    if at >= OPEN_LOSSES:
        pod.frame["too_many_losses"] = 1
        return
    row["open"] += 1
    row["loss_id"][at], row["loss_try"][at], row["loss_kind"][at] = number, 0, kind
    _await_letting_go(pod, row, at, time)
    row["due"][LETTING_GO] = min(row["due"][LETTING_GO], row["loss_due"][at])


@compiled
def restart_losses(pod: Pod, row: np.void, trust: float, time: float) -> None:
    """Set the bound of letting go for a station, and start every open loss afresh.

    Args:
        pod: The pod.
        row: The person.
        trust: The largest trust that is possible in the station.
        time: When the station is entered.
    """
    row["loss_trust"] = trust
    row["loss_bound"] = letting_go_bound(pod.numbers, row["rate"], trust, row["anger"])
    for at in range(row["open"]):
        _await_letting_go(pod, row, at, time)
    _first_loss(row)


@compiled
def due_loss(row: np.void) -> tuple[int, float]:
    """Return the place of the open loss that is due, and its draw of acceptance."""
    at = _first_loss(row)
    return at, row["loss_draw"][at]


@compiled
def keep_loss(pod: Pod, row: np.void, at: int, time: float) -> None:
    """Leave a loss open, and draw its next moment."""
    _await_letting_go(pod, row, at, time)
    _first_loss(row)


@compiled
def close_loss(pod: Pod, row: np.void, at: int, time: float) -> None:
    """Let a loss go; the last in the row takes its place."""
    kind = row["loss_kind"][at]
    if kind == SMALL_LOSS and pod.frame["level"] < FULL:
        pod.frame["events"] += 1
    else:
        tell(pod, row, time, _LET_GO, NOBODY, kind)
    row["let"] += 1
    row["share"] = row["let"] / row["lost"]
    row["open"] -= 1
    last = row["open"]
    row["loss_due"][at], row["loss_draw"][at] = row["loss_due"][last], row["loss_draw"][last]
    row["loss_id"][at], row["loss_try"][at] = row["loss_id"][last], row["loss_try"][last]
    row["loss_kind"][at] = row["loss_kind"][last]
    _first_loss(row)
