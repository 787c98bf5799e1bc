"""Draws made ahead: the next ones of a person, side by side, because eight take as long as one.

A draw depends on its address alone. So whoever needs one makes the next of
every kind for that person, and the one after it if there is room, and finds
them later in a memory of fixed size. Whatever was forgotten is drawn again,
with the same result.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.arithmetic import log_normal_number
from hailsham.engine.compiling import compiled_bare
from hailsham.engine.declared.structure import Structure, Wait
from hailsham.engine.draws import block, purpose, unit
from hailsham.engine.meeting.rows import asked, is_counted, is_thinned
from hailsham.engine.meeting.writing import Body, kernel
from hailsham.engine.pools import aligned

#: Draws that a processor makes at once.
LANES = 8
#: People whose draws are remembered: a power of two, and few enough to stay in the cache.
SLOTS = 2_048

_SLOT = np.dtype(
    {
        "names": ["draws", "counts", "person"],
        "formats": [(np.float64, (LANES,)), (np.int32, (LANES,)), np.int64],
        "itemsize": 128,  # bytes: what is written at once is never fetched in two parts
    }
)


class Draw(NamedTuple):
    """A kind of draw of a person."""

    wait: int
    role: str  # "budget", "branch" or "luck"
    address: int
    counter: str  # the column that counts those that were made


def draws_of(structure: Structure) -> list[Draw]:
    """Return what is drawn for one person from one address each."""
    found = []
    for wait in structure.waits:
        if wait.is_drawn and not is_thinned(structure, wait):
            found.append(Draw(wait.code, "budget", int(wait.purpose), f"armed_{wait.code}"))
        if not is_counted(structure, wait):
            continue
        arms = [structure.arms[code] for code in wait.arms]
        made = {
            "branch": any(arm.is_branching for arm in arms),
            "luck": any("luck" in asked(arm) for arm in arms),
        }
        for role in (role for role, is_made in made.items() if is_made):
            address = int(purpose(f"{wait.label}: {role}"))
            found.append(Draw(wait.code, role, address, f"fired_{wait.code}"))
    return found


def _groups(structure: Structure) -> list[list[Draw]]:
    """Return the draws that are made at once."""
    draws = draws_of(structure)
    return [draws[first : first + LANES] for first in range(0, len(draws), LANES)]


def new_memory(structure: Structure) -> NDArray[Any]:
    """Return a memory of no draws. Shape (groups, slots)."""
    memory = aligned(len(_groups(structure)) * SLOTS, _SLOT)
    memory["person"] = -1
    return memory.reshape(-1, SLOTS)


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
        draws[lane] = -log_normal_number(u) if kinds[1, lane] == 1 else u


def drawn(wait: Wait, role: str) -> str:
    """Return what reads the next draw of a kind."""
    return f"draw_{role}_{wait.code}(who, key, first + i, ahead)"


def sources(structure: Structure) -> list[str]:
    """Return the source of the draws of a model."""
    found = []
    for number, draws in enumerate(_groups(structure)):
        found.append(_draw_ahead(number, draws))
        depth = LANES // len(draws)
        for place, draw in enumerate(draws):
            body: Body = [
                f"slot = ahead[{number}, np.uint64(person) & np.uint64({SLOTS - 1})]",
                f"at = np.int64(who.{draw.counter}) - slot.counts[{place}]",
                f"if slot.person != person or not 0 <= at < {depth}:",
                [f"draw_ahead_{number}(slot, who, key, person)", "at = 0"],
                f"return slot.draws[np.uint64({place * depth} + at)]",
            ]
            head = f"draw_{draw.role}_{draw.wait}(who, key, person, ahead)"
            found.append(kernel(head, body, is_inline=True))
    return found


def _draw_ahead(number: int, draws: list[Draw]) -> str:
    """Return the source that makes the next draws of a group, and remembers them."""
    depth = LANES // len(draws)
    lanes = [(draw, n, later) for n, draw in enumerate(draws) for later in range(depth)]
    lanes += [(draws[0], 0, 0)] * (LANES - len(lanes))
    kinds = [
        [draw.address for draw, _, _ in lanes],
        [int(draw.role == "budget") for draw, _, _ in lanes],
        [n for _, n, _ in lanes],
        [later for _, _, later in lanes],
    ]
    counts = [f"np.int64(who.{draw.counter})" for draw in draws]
    told = ", ".join([f"count_{n}" for n in range(len(draws))] + ["0"] * (LANES - len(draws)))
    body = [
        "slot.person = person",
        *[f"count_{n} = {count}" for n, count in enumerate(counts)],
        *[f"slot.counts[{n}] = count_{n}" for n in range(len(draws))],
        f"draw_side_by_side(slot.draws, KINDS_{number}, ({told}), key, person)",
    ]
    kinds_of = f"KINDS_{number} = np.array({kinds})"
    head = f"draw_ahead_{number}(slot, who, key, person)"
    return kinds_of + "\n\n\n" + kernel(head, body, is_inline=False)
