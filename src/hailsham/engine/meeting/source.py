"""Source of the agenda kernel: whoever is next, until nobody is.

The kernel stops where its log is full and goes on where it stopped, because
everything it knows lies in its arrays. So a log leaves in blocks of one size,
however long the run.
"""

from __future__ import annotations

from functools import cache
from textwrap import dedent

from hailsham.engine.declared.functions import FunctionText
from hailsham.engine.declared.structure import Structure
from hailsham.engine.kernels import phrases
from hailsham.engine.meeting import ahead, events, serving
from hailsham.engine.meeting.events import Lines
from hailsham.engine.meeting.rows import ROW, writes_loads
from hailsham.engine.meeting.writing import STATUSES, kernel

#: The kernel stopped for want of room, and will go on.
FULL = -1

_PARTS = """
from hailsham.engine.compiling import compiled_bare, compiled_bare_inline
from hailsham.engine.llvm import fetch
from hailsham.engine.meeting.ahead import draw_side_by_side
from hailsham.engine.meeting.parts import (
    be_served,
    expire_items,
    give_up,
    load_up,
    note,
    plan,
)
from hailsham.engine.meeting.watching import add_stay
from hailsham.engine.pools import (
    append,
    behind_of,
    drop,
    fetch_followers,
    first_in,
    first_of,
    is_ahead,
    is_full,
    is_in_line,
    join,
    leader,
    leave,
    lowest,
    oldest_item,
    put_item,
    rank,
    ranked,
    take_item,
)
"""


@cache
def write_source(structure: Structure) -> str:
    """Return the module that lives people who meet.

    Args:
        structure: Of a sound model told by the calendar.
    """
    title = f"The model {structure.name}, as a kernel with one agenda."
    parts = [
        phrases.HEADING.format(title=title.replace('"', "'")) + dedent(_PARTS),
        *phrases.functions(structure),
        *_own_functions(structure),
        *ahead.sources(structure),
        *events.sources(structure),
        *serving.sources(structure),
        _live(structure),
    ]
    return "\n\n\n".join(dict.fromkeys(part.strip("\n") for part in parts)) + "\n"


def _own_functions(structure: Structure) -> list[str]:
    """Return the functions of pools as source."""
    return [
        f"@compiled_inline\n{text}"
        for pool in structure.pools
        for function in (pool.priority, pool.fits)
        if isinstance(function, FunctionText)
        for text in function.text.split("\n\n\n")
    ]


def _live(structure: Structure) -> str:
    """Return the source of the loop."""
    rest = events.REST
    body: Lines = [
        "n, t, begun, passed = order.size, clock[0], course[0], course[1]",
        "is_logged = moves.person.size > 0",
        *_next_beginning(),
        "while True:",
        [
            f"if (is_logged and moves.rows[0] >= moves.person.size){_full_shelves(structure)}:",
            [
                "clock[0], course[0], course[1] = t, begun, passed",
                f"return {FULL}, -1, -1",
            ],
            "i, arm, status = -1, -1, 0",
            *_left(structure),
            *_grants(structure),
            "if i < 0:",
            [
                "due, leading = first_of(agenda)",
                "fetch_followers(agenda, people)",
                "is_event = due < begins",
                "t = due if is_event else begins",
                *_expiries(structure),
                "if not t < until:",
                ["return 0, -1, -1"],
                "while passed < watch.moments.size and watch.moments[passed] < t:",
                ["passed += 1"],
                "i = leading if is_event else order[np.uint64(begun)]",
                f"arm = {ROW}.arm if is_event else -1",
                "if not is_event:",
                ["begun += 1", *_next_beginning()],
            ],
            f"who = {ROW}",
            "source = np.int64(who.state) if arm >= 0 else -1",
            f"seen = {'who.seen' if writes_loads(structure) else 'who.moved'}",
            "if status >= 0:",
            [
                f"status = happen(key, people, i, t, arm, {rest}) if arm >= 0 "
                f"else begin(key, people, i, t, {rest})"
            ],
            "target = np.int64(who.state)",
            "if arm >= 0 and status >= 0:",
            [
                "add_stay(watch, passed, source, arm, target, seen, t)",
                "if is_logged:",
                ["note(moves, since, first + i, t, source, target, arm, seen)"],
            ],
            *(["who.seen = t"] if writes_loads(structure) else []),
            "plan(agenda, i, who.date, until)",
            *_meetings(structure),
            "if status < 0:",
            [f"return -status % {STATUSES}, i, -status // {STATUSES}"],
        ],
    ]
    told = f"key, people, order, beginnings, {rest}, agenda, waiting, supply"
    head = f"live({told}, clock, course, watch, moves, since)"
    return kernel(head, body, is_inline=False)


def _next_beginning() -> Lines:
    """Return when the next life begins, and what draws for it before it does."""
    return [
        "begins = math.inf",
        "if begun < n:",
        [
            "begins = beginnings[np.uint64(begun)]",
            "draw_first(key, people, order[np.uint64(begun)], first, ahead)",
        ],
    ]


def _full_shelves(structure: Structure) -> str:
    """Return the condition that an item might find no room."""
    return "".join(
        f" or is_full(supply[{pool.code}])" for pool in structure.pools if pool.has_items
    )


def _left(structure: Structure) -> Lines:
    """Return who moves because they were left."""
    body: Lines = []
    for pool in structure.pools:
        if pool.served_by >= 0:
            body += [
                "if i < 0:",
                [
                    f"i = left_{pool.code}(people, supply[{pool.code}])",
                    "if i >= 0:",
                    [f"arm = loss_{pool.code}({ROW}.state)"],
                ],
            ]
    return body


def _grants(structure: Structure) -> Lines:
    """Return who moves because they are granted something."""
    body: Lines = []
    for pool in structure.pools:
        k = pool.code
        own = f"waiting[{k}], supply[{k}]"
        granted = f"grant_{k}(key, people, i, what, t, {events.REST}, agenda, {own})"
        body += [
            "if i == -1:",
            [
                f"i, what = ready_{k}(people, t, p, {own})",
                "if i >= 0:",
                [f"arm = arm_{k}({ROW}.state)", f"status = {granted}"],
            ],
        ]
    stopped = [f"return -i % {STATUSES}, -1, -i // {STATUSES}"]
    return [*body, "if i < -1:", stopped] if body else []


def _expiries(structure: Structure) -> Lines:
    """Return what expires before the next event."""
    return [
        f"expire_items(waiting[{pool.code}], supply[{pool.code}], min(t, until), "
        f"p[{pool.shelf_life}], is_event and t < until)"
        for pool in structure.pools
        if pool.has_items
    ]


def _meetings(structure: Structure) -> Lines:
    """Return what an event means to those who meet: queues first, then places, then items."""
    body: Lines = []
    for pool in structure.pools:
        k = pool.code
        body += [
            "if status >= 0:",
            [f"status = attend_{k}(people, i, source, target, t, p, waiting[{k}])"],
        ]
    for pool in sorted(structure.pools, key=lambda pool: pool.has_items):
        k = pool.code
        call = (
            f"release_{k}(key, people, i, source, target, arm, t, {events.REST}, "
            f"agenda, waiting[{k}], supply[{k}])"
        )
        body += ["if status >= 0:", [f"status = {call}"]]
    return body
