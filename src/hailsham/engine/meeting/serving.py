"""Source of pools: who is next, what is granted, who joins, who leaves, who is left."""

from __future__ import annotations

from hailsham.engine.declared.functions import FunctionText
from hailsham.engine.declared.soundness.stops import UNSET
from hailsham.engine.declared.structure import ITS, Queue, Structure
from hailsham.engine.kernels import phrases
from hailsham.engine.meeting.events import REST, Lines, unset
from hailsham.engine.meeting.rows import (
    ROW,
    columns,
    pool_arms,
    remembered,
    served_states,
    waiting_states,
)
from hailsham.engine.meeting.writing import any_of, kernel, stop


def is_ranked(pool: Queue) -> bool:
    """Tell whether those who wait can be kept in the order in which they are served."""
    return (
        pool.priority is not None and pool.fits is None and "waited" not in pool.priority.arguments
    )


def is_searched(pool: Queue) -> bool:
    """Tell whether those who wait have to be looked at one by one."""
    return pool.fits is not None or (pool.priority is not None and not is_ranked(pool))


def _ask(structure: Structure, pool: Queue, function: FunctionText, *, beside: str = "") -> Lines:
    """Return what works out a function of one who waits, as ``value``; it may stop the run.

    Args:
        structure: Of the model.
        pool: What they wait for.
        function: Its priority, or whether it fits.
        beside: What the function that is written returns beside a status.
    """
    arm = pool_arms(structure, pool)[0]
    own = columns(structure, arm.sources[0])

    def at(name: str) -> str:
        if not name.startswith(ITS) or name in structure.attributes:
            return own(name)
        place = remembered(structure, pool).index(name.removeprefix(ITS)) if pool.has_items else 0
        kept = f"supply.kept[what, {place}]"
        return kept if pool.has_items else f"people[what].own_{name.removeprefix(ITS)}"

    known = {"waited": "(t - waiting.lines.stands[i].joined)"}
    told = phrases.call(function, known, at)
    asked = unset(function.arguments, arm, known, at, beside=beside)
    if function is pool.fits:
        return [*asked, f"value = {told}"]
    is_none = ["if value != value:", stop(UNSET, arm, "value", beside=beside)]
    return [*asked, f"value = 1.0 * {told}", *is_none]


# ---------------------------------------------------------------- who is next


def ready(structure: Structure, pool: Queue) -> list[str]:
    """Return the source of who can be granted what; who is -1 if nobody can."""
    head = f"ready_{pool.code}(people, t, p, waiting, supply)"
    if not is_searched(pool):
        first = "leader(waiting.ranking)" if is_ranked(pool) else "first_in(waiting.lines, 0)"
        body = [_offer(pool), "return (" + first + " if what >= 0 else -1), what"]
        return [kernel(head, body, is_inline=True)]
    fits = [] if pool.fits is None else [_fitting(structure, pool, pool.fits)]
    return [*fits, _search(structure, pool, head)]


def _offer(pool: Queue) -> str:
    """Return what is offered first, as ``what``: -1 if there is nothing."""
    if pool.has_items:
        return "what = oldest_item(supply)"
    if pool.served_by >= 0:
        return "what = leader(supply.ranking)"
    return "what = 0 if supply[0] > 0 else -1"


def _search(structure: Structure, pool: Queue, head: str) -> str:
    """Return the source of a search among all who wait, in line."""
    body: Lines = [_offer(pool), "found, best, its = -1, -math.inf, -1"]
    body += ["if what < 0 or waiting.is_open[0] == 0:", ["return -1, -1"]]
    look: Lines = [f"who = {ROW}"]
    take: Lines = ["found, best, its = i, value, what"]
    if pool.priority is None:
        look.append("value = 0.0")
        take.append("break")
    else:
        look += _ask(structure, pool, pool.priority, beside=", -1")
    look.append("if found < 0 or value > best:")
    if pool.fits is None:
        look.append(take)
    else:
        offered = f"what = fitting_{pool.code}(people, i, t, p, waiting, supply)"
        look.append([offered, "if what < -1:", ["return what, -1"], "if what >= 0:", take])
    look.append("i = behind_of(waiting.lines, i)")
    body += ["i = first_in(waiting.lines, 0)", "while i >= 0:", look]
    if pool.fits is not None and not _reads_loads(structure, pool.fits):
        body += ["if found < 0:", ["waiting.is_open[0] = 0"]]
    return kernel(head, [*body, "return found, its"])


def _reads_loads(structure: Structure, function: FunctionText) -> bool:
    """Tell whether a function asks for what changes without an event of whom it is about."""
    loads = {pool.load for pool in structure.pools}
    return any(name.removeprefix(ITS) in loads for name in function.arguments)


def _fitting(structure: Structure, pool: Queue, fits: FunctionText) -> str:
    """Return the source of the first of what there is that fits one who waits."""
    test = _ask(structure, pool, fits)
    if pool.has_items:
        body: Lines = [
            "what = oldest_item(supply)",
            "while what >= 0:",
            [*test, "if value:", ["return what"], "what = behind_of(supply.lines, what)"],
            "return -1",
        ]
    elif pool.served_by >= 0:
        body = [
            "ranking = supply.ranking",
            "found, least = -1, math.inf",
            "for number in range(ranking.held[0]):",
            [
                "load, what = ranked(ranking, number)",
                "if found < 0 or is_ahead(ranking, load, what, least, found):",
                [*test, "if value:", ["found, least = what, load"]],
            ],
            "return found",
        ]
    else:
        body = [*test, "return 0 if value else -1"]
    head = f"fitting_{pool.code}(people, i, t, p, waiting, supply)"
    return kernel(head, [f"who = {ROW}", *body])


# ---------------------------------------------------------------- what is granted


def grant(structure: Structure, pool: Queue) -> str:
    """Return the source of a grant, up to the move; it gives 0, or what stops the run."""
    body: Lines = ["be_served(waiting, i, t)", *_unranked(pool), *_fetched()]
    if pool.has_items:
        names = remembered(structure, pool)
        body += [f"{ROW}.its_{pool.code}_{x} = supply.kept[what, {n}]" for n, x in enumerate(names)]
        body += ["take_item(supply, what)"]
    elif pool.served_by >= 0:
        body += [f"{ROW}.held_{pool.code} = what + 1", "append(supply.loads, what, i, t)"]
        body += _write_load(structure, pool, "what")
    else:
        body += [f"{ROW}.held_{pool.code} = 1", "supply[0] -= 1"]
    head = f"grant_{pool.code}(key, people, i, what, t, {REST}, agenda, waiting, supply)"
    return kernel(head, [*body, "return 0"], is_inline=True)


def _fetched() -> Lines:
    """Return what asks for the rows of those who will be served next, who came long ago."""
    return [
        "following = first_in(waiting.lines, 0)",
        "if following >= 0:",
        [
            "fetch(people, np.uint64(following))",
            "fetch(ahead, np.uint64(following))",
            "following = behind_of(waiting.lines, following)",
            "if following >= 0:",
            ["fetch(waiting.lines.stands, np.uint64(following))"],
        ],
    ]


def _unranked(pool: Queue) -> Lines:
    """Return what takes somebody who leaves a queue out of its ranking, if it has one."""
    return ["drop(waiting.ranking, i)"] if is_ranked(pool) else []


def _write_load(structure: Structure, pool: Queue, who: str) -> Lines:
    """Return what follows for who serves when they serve one more or one fewer."""
    body: Lines = [f"load = load_up(supply, {who}, p[{pool.places}])"]
    if pool.load in structure.attributes:
        body += [
            f"settle(people, {who}, t, {REST})",
            f"people[{who}].own_{pool.load} = load",
            f"status = resume(key, people, {who}, t, {REST})",
            "if status < 0:",
            ["return status"],
            f"plan(agenda, {who}, people[{who}].date, until)",
        ]
    return body


def arm_of(structure: Structure, pool: Queue, *, kind: str = "pool") -> str:
    """Return the source of by which arm a person in a state is served, or lost; -1 for none."""
    name = f"{'arm' if kind == 'pool' else 'loss'}_{pool.code}"
    arms = {s: arm.code for arm in pool_arms(structure, pool, kind=kind) for s in arm.sources}
    body: Lines = []
    for state, code in sorted(arms.items()):
        body += [f"if state == {state}:", [f"return {code}"]]
    return kernel(f"{name}(state)", [*body, "return -1"], is_inline=True)


# ---------------------------------------------------------------- after an event


def attend(structure: Structure, pool: Queue) -> str:
    """Return the source of how an event makes somebody leave a queue, or join it."""
    states = range(len(structure.states))
    waits = waiting_states(structure, pool)
    was, is_here = any_of("source", waits, states), any_of("target", waits, states)
    ranked: Lines = []
    if is_ranked(pool) and pool.priority is not None:
        ranked = [
            f"who = {ROW}",
            *_ask(structure, pool, pool.priority),
            "waiting.ranking.ties[i] = waiting.lines.stands[i].joined",
            "rank(waiting.ranking, i, -value)",
        ]
    body: Lines = [
        f"if {was or 'True'} and is_in_line(waiting.lines, i):",
        [f"if not {is_here or 'True'}:", ["give_up(waiting, i, t)", *_unranked(pool), "return 0"]],
        f"elif {is_here or 'True'}:",
        ["join(waiting.lines, 0, i, t)"],
        "else:",
        ["return 0"],
        "waiting.is_open[0] = 1",
        *ranked,
        "return 0",
    ]
    head = f"attend_{pool.code}(people, i, source, target, t, p, waiting)"
    return kernel(head, body, is_inline=True)


def release(structure: Structure, pool: Queue) -> str:
    """Return the source of how an event frees a place, begins or ends a service, or gives."""
    states = range(len(structure.states))
    told = f"key, people, i, source, target, arm, t, {REST}, agenda, waiting, supply"
    head = f"release_{pool.code}({told})"
    if pool.has_items:
        return kernel(head, _give(structure, pool), is_inline=True)
    served = served_states(structure, pool)
    was, stays = any_of("source", served, states), any_of("target", served, states)
    goes = f"{was or 'True'} and not {stays or 'True'}"
    held = f"{ROW}.held_{pool.code}"
    free: Lines
    if pool.served_by >= 0:
        free = [f"server = {held} - 1", f"{held} = 0", "leave(supply.loads, i)"]
        free += _write_load(structure, pool, "server")
    else:
        free = [f"{held} = 0", "supply[0] += 1"]
    body: Lines = [f"if {goes} and {held} > 0:", [*free, "waiting.is_open[0] = 1"]]
    if pool.served_by >= 0:
        body += _serve(structure, pool)
    return kernel(head, [*body, "return 0"], is_inline=True)


def _serve(structure: Structure, pool: Queue) -> Lines:
    """Return what follows where somebody begins or ceases to serve, or changes while they do."""
    s, left = pool.served_by, "supply.loads.ends.size - 1"
    lose: Lines = [
        "lost = lowest(supply.loads, i)",
        "while lost >= 0:",
        [
            "leave(supply.loads, lost)",
            f"people[lost].held_{pool.code} = 0",
            f"append(supply.loads, {left}, lost, t)",
            "lost = lowest(supply.loads, i)",
        ],
    ]
    return [
        f"if target == {s}:",
        [f"if source != {s}:", ["rank(supply.ranking, i, 0.0)"], "waiting.is_open[0] = 1"],
        f"elif source == {s}:",
        ["drop(supply.ranking, i)", *lose],
    ]


def _give(structure: Structure, pool: Queue) -> Lines:
    """Return how an event gives an item."""
    arms = [arm.code for arm in structure.arms if arm.gives == pool.code]
    if not arms:
        return ["return 0"]
    kept = [
        f"supply.kept[item, {n}] = {ROW}.own_{name}"
        for n, name in enumerate(remembered(structure, pool))
    ]
    return [
        f"if {' or '.join(f'arm == {code}' for code in arms)}:",
        [
            "item = put_item(supply, i, t)",
            *kept,
            "waiting.sums.given[0] += 1",
            "waiting.is_open[0] = 1",
        ],
        "return 0",
    ]


def left(structure: Structure, pool: Queue) -> str:
    """Return the source of who was left by who served them, and moves by it; -1 for nobody."""
    line = "loads.ends.size - 1"
    body: Lines = [
        "loads = supply.loads",
        f"i = first_in(loads, {line})",
        "while i >= 0:",
        [
            "leave(loads, i)",
            f"if loss_{pool.code}({ROW}.state) >= 0:",
            ["return i"],
            f"i = first_in(loads, {line})",
        ],
        "return -1",
    ]
    return kernel(f"left_{pool.code}(people, supply)", body, is_inline=True)


def sources(structure: Structure) -> list[str]:
    """Return the source of all pools."""
    found: list[str] = []
    for pool in structure.pools:
        found += [
            *ready(structure, pool),
            grant(structure, pool),
            arm_of(structure, pool),
            attend(structure, pool),
            release(structure, pool),
        ]
        if pool.served_by >= 0:
            found += [arm_of(structure, pool, kind="lost"), left(structure, pool)]
    return found
