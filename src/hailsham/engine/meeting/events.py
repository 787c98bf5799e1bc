"""Source of what an event does to one person: branch, settle, then, move, wait.

Two functions for each state, compiled apart so that none is long: ``leave_s``
does what is done in the state that is left, ``enter_s`` what is done in the
one that is come to. Where a number comes back, one below 0 stops the run.
"""

from __future__ import annotations

from collections.abc import Iterable

from hailsham.engine.declared.soundness.stops import (
    BEYOND_BOUND,
    ENDLESS,
    MOST_CANDIDATES,
    MOST_MOVES_AT_ONCE,
    NO_CANDIDATE,
    UNSET,
    WRONG_FACTOR,
    WRONG_SHARES,
)
from hailsham.engine.declared.structure import Arm, Structure, Wait
from hailsham.engine.kernels import phrases
from hailsham.engine.kernels.phrases import Columns
from hailsham.engine.meeting.ahead import drawn, provided
from hailsham.engine.meeting.rows import (
    ROW,
    asked,
    asks_for,
    clock_states,
    columns,
    has_effect,
    is_counted,
    is_kept,
    is_spent,
)
from hailsham.engine.meeting.writing import STATUSES, Body, all_of, any_of, choice, kernel, stop

Lines = list["str | Body"]
#: What every function of an event takes, after whom it is about and when.
REST = "first, until, p, tables, ahead"


def circumstances(structure: Structure, at: Columns) -> dict[str, str]:
    """Return what functions may ask for beside attributes."""
    return {
        "time": "t",
        "age": phrases.reading(structure, "age", -1, "t", at),
        "since_entry": f"(t - {at('entered')})",
        "luck": "luck",
    }


def unset(
    names: Iterable[str], arm: Arm, known: Iterable[str], at: Columns, *, beside: str = ""
) -> Lines:
    """Return what stops a run where an attribute is read that was never set."""
    read = [at(name) for name in sorted(set(names) - set(known))]
    if not read:
        return []
    is_unset = " or ".join(f"{one} != {one}" for one in read)
    return [f"if {is_unset}:", stop(UNSET, arm, "math.nan", beside=beside)]


def _is_reached(arm: Arm, at: Columns) -> str:
    """Return the condition that the state a clock counts from was ever reached."""
    if arm.clock != "since":
        return ""
    arrived = at(f"arrived_{arm.clock_state}")
    return f"{arrived} == {arrived}"


# ---------------------------------------------------------------- leaving a state


def settle(structure: Structure, state: int) -> str:
    """Return the source of what waits spend that go on from a state; nothing if none can."""
    at = columns(structure, state)
    leads = {target for source, _, target in structure.moves() if source == state} | {state}
    body: Lines = []
    for arm in structure.arms_from(state):
        wait = structure.waits[arm.wait]
        if not is_spent(structure, wait):
            continue
        onward = [target for target in leads if structure.goes_on(wait, state, target)]
        factor = f"who.factor_{wait.code}" if has_effect(structure, wait) else ""
        goes_on = all_of(
            f"fired != {wait.code}",
            any_of("target", onward, leads),
            _is_reached(arm, at),
            factor and f"{factor} > 0.0",
        )
        spent = phrases.spent(structure, arm, "who.moved", "t", at)
        budget = f"who.budget_{wait.code}"
        rest = f"rest_of_budget({budget}, {spent}, {factor or '1.0'})"
        body += [f"if {goes_on}:", [f"{budget} = {rest}"]]
    if not body:
        return ""
    return kernel(f"settle_{state}(people, i, t, target, fired, {REST})", [f"who = {ROW}", *body])


def leave(structure: Structure, state: int) -> str:
    """Return the source of how somebody leaves a state: where to, and what becomes of them."""
    body: Lines = [f"who = {ROW}"]
    for arm in structure.arms_from(state):
        body += [f"if arm == {arm.code}:", _fire(structure, state, arm)]
    return kernel(f"leave_{state}(key, people, i, t, arm, {REST})", [*body, "return -1"])


def _fire(structure: Structure, state: int, arm: Arm) -> Body:
    """Return what an arm does when it fires: branch, settle, then."""
    wait, at = structure.waits[arm.wait], columns(structure, state, arm=arm)
    known = circumstances(structure, at)
    body = [*unset(asked(arm), arm, known, at), *_branch(structure, arm, known, at)]
    if settle(structure, state):
        body.append(f"settle_{state}(people, i, t, target, {wait.code}, {REST})")
    if any("luck" in getattr(rule, "arguments", ()) for _, rule in arm.then):
        body.append(f"luck = {drawn(structure, wait, 'luck')}")
    body += [
        f"new_{n} = 1.0 * {phrases.term(rule, known, at)}" for n, (_, rule) in enumerate(arm.then)
    ]
    body += [f"{at(name)} = new_{n}" for n, (name, _) in enumerate(arm.then)]
    body += _unladen(structure, state, at)
    if is_counted(structure, wait):
        body.append(f"who.fired_{wait.code} += 1")
    return [*body, "return target"]


def _unladen(structure: Structure, state: int, at: Columns) -> Lines:
    """Return what puts the load of somebody who ceases to serve to 0."""
    loads = [pool.load for pool in structure.pools if pool.served_by == state]
    written = [f"{at(load)} = 0.0" for load in loads if load in structure.attributes]
    return [f"if target != {state}:", written] if written else []


def _branch(structure: Structure, arm: Arm, known: dict[str, str], at: Columns) -> Lines:
    """Return how an arm finds its target."""
    if not arm.is_branching:
        return [f"target = {arm.targets[0]}"]
    told = [(n, rule) for n, rule in enumerate(arm.shares) if rule is not None]
    # Comparisons that fail for no number, too.
    sound = [f"0.0 <= share_{n} <= 1.0" for n, _ in told] + ["whole <= 1.0 + 1e-9"]
    if len(told) == len(arm.shares):
        sound.append("whole >= 1.0 - 1e-9")
    body: Lines = [f"share_{n} = 1.0 * {phrases.term(rule, known, at)}" for n, rule in told]
    body += [
        f"whole = {' + '.join(f'share_{n}' for n, _ in told) or '0.0'}",
        f"if not ({' and '.join(sound)}):",
        stop(WRONG_SHARES, arm, "whole"),
        *[f"share_{n} = 1.0 - whole" for n, rule in enumerate(arm.shares) if rule is None],
        f"u = {drawn(structure, structure.waits[arm.wait], 'branch')}",
    ]
    reached = ""
    for n, target in enumerate(arm.targets[:-1]):
        reached += f" + share_{n}" if n else f"share_{n}"
        body += [f"{'elif' if n else 'if'} u < {reached}:", [f"target = {target}"]]
    return [*body, "else:", [f"target = {arm.targets[-1]}"]]


# ---------------------------------------------------------------- entering a state


def enter(structure: Structure, state: int) -> str:
    """Return the source of what begins, and what goes on, in a state."""
    arrival = ["who.entered = t"] if asks_for(structure, "since_entry") else []
    if state in clock_states(structure):
        arrival.append(f"who.arrived_{state} = t")
    body: Lines = [f"who = {ROW}", "who.moved = t"]
    if arrival:
        body += [f"if source != {state}:", arrival]
    body.append("date, next_arm = math.inf, -1")
    for arm in structure.arms_from(state):
        if arm.kind not in ("pool", "lost"):
            body += _wait(structure, state, arm)
            body += ["if when < date:", [f"date, next_arm = when, {arm.code}"]]
    body += ["who.date, who.arm = date, next_arm", *provided(structure, state), "return 0"]
    return kernel(f"enter_{state}(key, people, i, t, source, fired, {REST})", body)


def _wait(structure: Structure, state: int, arm: Arm) -> Lines:
    """Return how the date of an arm is found, as ``when``."""
    wait, at = structure.waits[arm.wait], columns(structure, state)
    if arm.kind == "appointment":
        return _appointment(structure, state, arm, at)
    anew = [*_armed(structure, arm, at), *_solved(structure, arm, "budget", at)]
    if not is_kept(structure, wait):
        return anew
    date = f"who.date_{wait.code}"
    anew.append(f"{date} = when")
    if is_spent(structure, wait):
        anew += [f"who.budget_{wait.code} = budget", *_keep_factor(structure, wait)]
    came = {source for source, _, target in structure.moves() if target == state} | {state, -1}
    onward = {source for source in came - {-1} if structure.goes_on(wait, source, state)}
    return [
        f"if {all_of(f'fired != {wait.code}', any_of('source', onward, came))}:",
        [*_go_on(structure, state, arm, onward), f"when = {date}"],
        "else:",
        anew,
    ]


def _keep_factor(structure: Structure, wait: Wait) -> Lines:
    """Return what remembers the effect under which a date was found."""
    return [f"who.factor_{wait.code} = factor"] if has_effect(structure, wait) else []


def _armed(structure: Structure, arm: Arm, at: Columns) -> Lines:
    """Return how a wait is armed: its factor, and its budget."""
    wait = structure.waits[arm.wait]
    armed = f"who.armed_{wait.code}"
    draw = [] if arm.kind == "thinned" else [f"budget = {drawn(structure, wait, 'budget')}"]
    return [*_factor(structure, arm, at), *draw, f"{armed} += 1"]


def _factor(structure: Structure, arm: Arm, at: Columns) -> Lines:
    """Return what works out the effect on an arm, if its wait has any."""
    if not arm.has_effect:
        return ["factor = 1.0"] if has_effect(structure, structure.waits[arm.wait]) else []
    known = circumstances(structure, at)
    return [
        *unset(arm.effect_reads, arm, known, at),
        f"factor = {phrases.factor(arm, known, at)}",
        "if factor != factor:",
        stop(UNSET, arm, "factor"),
        "if not factor >= 0.0:",
        stop(WRONG_FACTOR, arm, "factor"),
    ]


def _solved(structure: Structure, arm: Arm, budget: str, at: Columns) -> Lines:
    """Return how the date of an arm follows from its budget and its factor, as ``when``."""
    has_factor = has_effect(structure, structure.waits[arm.wait])
    solved: Lines
    if arm.kind == "thinned":
        factor = "factor" if has_factor else "1.0"
        solved = [
            f"when, status = thin_{arm.code}(key, people, i, t, {factor}, {REST})",
            "if status < 0:",
            ["return status"],
        ]
    else:
        share = f"{budget} / factor" if has_factor else budget
        solved = [f"when = t + {phrases.wait(structure, arm, share, 't', at)}"]
    can_come = all_of(_is_reached(arm, at), "factor > 0.0" if has_factor else "")
    if can_come == "True":
        return solved
    return [f"if {can_come}:", solved, "else:", ["when = math.inf"]]


def _go_on(structure: Structure, state: int, arm: Arm, onward: set[int]) -> Lines:
    """Return how a wait that goes on is solved anew where its hazard has become another."""
    wait, at = structure.waits[arm.wait], columns(structure, state)
    if not is_spent(structure, wait):
        return []
    others = onward - set(arm.sources)
    changed = [any_of("source", others, onward) or "True"] if others else []
    if has_effect(structure, wait):
        changed.append(f"factor != who.factor_{wait.code}")
    if arm.clock == "since" and arm.clock_state == state:
        changed.append(f"source != {state}")
    if not changed:
        return []
    anew = [*_solved(structure, arm, f"who.budget_{wait.code}", at), f"who.date_{wait.code} = when"]
    return [
        *_factor(structure, arm, at),
        f"if {' or '.join(changed)}:",
        [*anew, *_keep_factor(structure, wait)],
    ]


def _appointment(structure: Structure, state: int, arm: Arm, at: Columns) -> Lines:
    """Return how the date of an appointment is read: not kept twice, nor when it is past."""
    wait = structure.waits[arm.wait]
    start = phrases.zero(structure, arm.clock, arm.clock_state, at)
    reading = phrases.term(arm.numbers[0], {}, at)
    anew: Lines = [
        f"when = {start} + {reading}" if start else f"when = {reading}",
        # Where the clock never began it shows no number, which is not before anything.
        f"if not when >= t or (when == t and fired == {wait.code}):",
        ["when = math.inf"],
    ]
    if not is_kept(structure, wait):
        return anew
    date = f"who.date_{wait.code}"
    return [
        f"if source != {state} or fired == {wait.code}:",
        [*anew, f"{date} = when"],
        "else:",
        [f"when = {date}"],
    ]


def thin(structure: Structure, arm: Arm) -> str:
    """Return the source of how a thinned hazard finds its date: the date, and a status."""
    if arm.thinned is None:
        return ""
    wait, at = structure.waits[arm.wait], columns(structure, arm.sources[0])
    shown = phrases.reading(structure, arm.clock, arm.clock_state, "t", at)
    bound, address = f"p[{arm.numbers[0]}]", f"np.uint64({wait.purpose})"
    beyond, in_vain = (-(one + STATUSES * arm.code) for one in (BEYOND_BOUND, NO_CANDIDATE))
    return kernel(
        f"thin_{arm.code}(key, people, i, t, factor, {REST})",
        [
            f"who = {ROW}",
            f"before = (who.armed_{wait.code} - 1) * {MOST_CANDIDATES}",
            f"for candidate in range({MOST_CANDIDATES}):",
            [
                f"u, v = uniform_pair(key, first + i, {address}, before + candidate)",
                f"t += -log(u) / ({bound} * factor)",
                "if t >= until:",
                ["return math.inf, 0"],
                f"value = 1.0 * {arm.thinned.name}({shown})",
                f"if not 0.0 <= value <= {bound}:",
                ["who.date = value", f"return math.inf, {beyond}"],
                f"if v * {bound} < value:",
                ["return t, 0"],
            ],
            "who.date = math.nan",
            f"return math.inf, {in_vain}",
        ],
    )


# ---------------------------------------------------------------- anybody, in any state


def happen(structure: Structure) -> str:
    """Return the source of an event of anybody; it gives 0, or what stops the run."""
    states = range(len(structure.states))
    live = [state for state in states if not structure.is_absorbing(state)]
    body = [
        f"who = {ROW}",
        "source = who.state",
        "who.moves = who.moves + 1 if who.moved == t else 1",
        f"if who.moves > {MOST_MOVES_AT_ONCE}:",
        ["who.date = t", f"return -({ENDLESS} + {STATUSES} * arm)"],
        *choice(
            "source",
            f"target = leave_{{}}(key, people, i, t, arm, {REST})",
            live,
            "target = -1",
        ),
        "if target < 0:",
        ["return target"],
        "who.state = target",
        *choice(
            "target",
            f"return enter_{{}}(key, people, i, t, source, WAIT_OF[arm], {REST})",
            states,
            "return 0",
        ),
    ]
    waits = [arm.wait for arm in structure.arms]
    return f"WAIT_OF = np.array({waits})\n\n\n" + kernel(
        f"happen(key, people, i, t, arm, {REST})", body, is_inline=True
    )


def begin(structure: Structure) -> str:
    """Return the source of how a life begins; it gives 0, or what stops the run."""
    call = f"return enter_{{}}(key, people, i, t, -1, -1, {REST})"
    states = range(len(structure.states))
    body = choice(f"{ROW}.state", call, states, "return 0")
    return kernel(f"begin(key, people, i, t, {REST})", body)


def writing_of_loads(structure: Structure) -> list[str]:
    """Return the source of what goes before and after writing a load, which is no event."""
    serving = {pool.served_by for pool in structure.pools if pool.load in structure.attributes}
    settled = [state for state in sorted(serving) if settle(structure, state)]
    spend = f"settle_{{0}}(people, i, t, {{0}}, -1, {REST})"
    resume = f"return enter_{{0}}(key, people, i, t, {{0}}, -1, {REST})"
    parts = [
        (f"settle(people, i, t, {REST})", choice(f"{ROW}.state", spend, settled, "pass")),
        (
            f"resume(key, people, i, t, {REST})",
            choice(f"{ROW}.state", resume, sorted(serving), "return 0"),
        ),
    ]
    return [kernel(head, body) for head, body in parts] if serving else []


def sources(structure: Structure) -> list[str]:
    """Return the source of everything that an event does to one person."""
    states = range(len(structure.states))
    live = [state for state in states if not structure.is_absorbing(state)]
    parts = [
        *(thin(structure, arm) for arm in structure.arms),
        *(settle(structure, state) for state in live),
        *(leave(structure, state) for state in live),
        *(enter(structure, state) for state in states),
        happen(structure),
        begin(structure),
    ]
    return [part for part in parts if part] + writing_of_loads(structure)
