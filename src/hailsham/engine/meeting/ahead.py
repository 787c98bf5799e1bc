"""Draws made ahead: the next ones of a person, side by side, because eight take as long as one.

A draw depends on its address alone. So the next draws of every kind are made
for a person at once, and the ones after them if there is room. They are made
when somebody comes to a state, as far as they may be needed when that state is
left: nothing of this event waits for them, and the next finds them made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled_bare
from hailsham.engine.declared.structure import Structure, Wait
from hailsham.engine.draws import block, exponential_of, unit
from hailsham.engine.meeting.rows import ROW, Draw, draws_of, writes_loads
from hailsham.engine.meeting.writing import Body, kernel
from hailsham.engine.pools import aligned

#: Draws that a processor makes at once.
LANES = 8


def _groups(structure: Structure) -> list[list[Draw]]:
    """Return the draws that are made at once."""
    draws = draws_of(structure)
    return [draws[first : first + LANES] for first in range(0, len(draws), LANES)]


def _depths(group: list[Draw]) -> list[int]:
    """Return how many draws of each kind are made at once, so that no lane is idle."""
    each, more = divmod(LANES, len(group))
    return [each + (place < more) for place in range(len(group))]


def new_draws(structure: Structure, people: int) -> NDArray[np.float64]:
    """Return room for what people draw ahead. Shape (people, groups, lanes)."""
    groups = len(_groups(structure))
    room = aligned(people * groups * LANES, np.dtype(np.float64))
    return room.reshape(people, groups, LANES)


@compiled_bare
def draw_side_by_side(
    draws: NDArray[np.float64],
    kinds: NDArray[np.int64],
    counts: tuple[int, ...],
    key: np.uint64,
    person: int,
) -> None:
    """Make draws of one person: budgets to be spent, and numbers between 0 and 1.

    Args:
        draws: Written to.
        kinds: What each is: its address, whether it is a budget, which of the
            counts is its own, and how many lie between that and its own. Shape (4, lanes).
        counts: How often each decision was met before; not in an array,
            because a vector waits long for what was just written in parts.
        key: From ``draw_key``.
        person: Address of the person.
    """
    c0, c1, c2, c3, c4, c5, c6, c7 = counts
    for lane in range(draws.size):
        own = kinds[2, lane]
        low = (c0 if own == 0 else c1) if own < 2 else (c2 if own == 2 else c3)
        high = (c4 if own == 4 else c5) if own < 6 else (c6 if own == 6 else c7)
        count = (low if own < 4 else high) + kinds[3, lane]
        a, b, _, _ = block(key, person, np.uint64(kinds[0, lane]), count)
        u = unit(a, b)
        draws[lane] = exponential_of(u) if kinds[1, lane] == 1 else u


def drawn(structure: Structure, wait: Wait, role: str) -> str:
    """Return what reads the next draw of a kind."""
    for number, group in enumerate(_groups(structure)):
        for place, draw in enumerate(group):
            if (draw.wait, draw.role) == (wait.code, role):
                first = sum(_depths(group)[:place])
                return f"ahead[np.uint64(i), {number}, np.uint64({first} + {_used(draw)})]"
    raise KeyError(role)


def _used(draw: Draw) -> str:
    """Return how many of the draws of a kind that were made ahead are used."""
    return f"who.{draw.counter} - who.{draw.base}"


def provided(structure: Structure, state: int) -> Body:
    """Return what draws ahead for somebody who comes to a state, if they have not enough."""
    targets = {target for source, _, target in structure.moves() if source == state}
    if writes_loads(structure):
        targets.add(state)  # Waits are settled, and may be armed, where nobody moves.
    fired = {arm.wait for arm in structure.arms_from(state)}
    armed = {arm.wait for target in targets for arm in structure.arms_from(target)}
    body: list[str | Body] = []
    for number, group in enumerate(_groups(structure)):
        used_up = [
            f"{_used(draw)} >= {depth}"
            for draw, depth in zip(group, _depths(group), strict=True)
            if draw.wait in (armed if draw.role == "budget" else fired)
        ]
        if used_up:
            ahead = f"draw_ahead_{number}(key, people, i, first, ahead)"
            body += [f"if {' or '.join(used_up)}:", [ahead]]
    return body


def sources(structure: Structure) -> list[str]:
    """Return the source of the draws of a model."""
    groups = _groups(structure)
    body = [f"draw_ahead_{number}(key, people, i, first, ahead)" for number in range(len(groups))]
    found = [_draw_ahead(number, group) for number, group in enumerate(groups)]
    return [*found, kernel("draw_first(key, people, i, first, ahead)", body or ["pass"])]


def _draw_ahead(number: int, group: list[Draw]) -> str:
    """Return the source that makes the next draws of a group."""
    depths = _depths(group)
    lanes = [(draw, n, later) for n, draw in enumerate(group) for later in range(depths[n])]
    kinds = [
        [draw.address for draw, _, _ in lanes],
        [int(draw.role == "budget") for draw, _, _ in lanes],
        [n for _, n, _ in lanes],
        [later for _, _, later in lanes],
    ]
    told = ", ".join([f"count_{n}" for n in range(len(group))] + ["0"] * (LANES - len(group)))
    body = [
        f"who = {ROW}",
        *[f"count_{n} = np.int64(who.{draw.counter})" for n, draw in enumerate(group)],
        *[f"who.{draw.base} = count_{n}" for n, draw in enumerate(group)],
        f"draws = ahead[np.uint64(i), {number}]",
        f"draw_side_by_side(draws, KINDS_{number}, ({told}), key, first + i)",
    ]
    kinds_of = f"KINDS_{number} = np.array({kinds})"
    head = f"draw_ahead_{number}(key, people, i, first, ahead)"
    return kinds_of + "\n\n\n" + kernel(head, body, is_inline=False)
