"""Write the kernel that lives people who share nothing, in blocks.

People stand in lists, one a state, each column beside the next in one
scratch vector. A round takes a block of them off the end of the longest list,
or a block of those who begin, to places of its own: all dates of all waits at
once, the race, what follows from it, and then everybody moves to the end of
another list. Its places are constants, so the compiler sees that no two
columns overlap. Nearly everything is a loop without branches over people who
do the same thing, which is what runs in vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hailsham.engine.declared.structure import Arm, Structure, Wait
from hailsham.engine.draws import purpose
from hailsham.engine.kernels import phrases
from hailsham.engine.kernels.dates import DatesText, write_dates
from hailsham.engine.kernels.layout import BLOCK, Layout
from hailsham.engine.kernels.text import Page, StateText
from hailsham.engine.llvm import LANES

_IMPORTS = """from hailsham.engine.kernels.log import record_move
from hailsham.engine.llvm import ALL_LANES, chosen_lanes, count_lanes, pack_lanes
from hailsham.engine.kernels.watching import (
    watch_beginnings,
    watch_exposure,
    watch_moves,
    watch_people,
    watch_stays,
)
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
"""


class _RoundText(StateText):
    """The functions that take those in a state through a round."""

    def race(self) -> None:
        """Write the function that settles who does what, and when."""
        self.page.put(0, "@compiled_bare", f"def race_{self.state}(f, q, n, p, key, until):")
        self.page.put(1, f'"""Find what happens first to the {self.told}."""')
        lines = ["first = until", "move = 0"]
        for place, arm in enumerate(self.arms):
            wait = self.structure.waits[arm.wait]
            column = f"date_{wait.code}"
            date = self.at(column) if column in self.layout.floats else f"f[DUE_{place} + i]"
            lines += [
                f"date = {date}",
                "is_first = date < first",
                f"move = {self.number(arm, arm.targets[0])} if is_first else move",
                "first = date if is_first else first",
            ]
        self.page.each(*lines, "f[NEXT + i] = first", "q[MOVE + i] = move")
        for arm in self.arms:
            if arm.is_branching:
                self._branch(arm)
        self.page.put(1, "return 0, -1, -1, 0.0", "", "")

    def _branch(self, arm: Arm) -> None:
        """Choose among several targets."""
        wait = self.structure.waits[arm.wait]
        told = self.circumstances("f[NEXT + i]", arm)
        place = int(purpose(f"{wait.label}: branch"))
        self.page.put(1, "for i in range(n):")
        self.page.put(2, f"if q[MOVE + i] == {self.number(arm, arm.targets[0])}:")
        given = []
        for k, share in enumerate(arm.shares):
            if share is not None:
                self.page.put(3, f"share_{k} = float({phrases.term(share, told, self.at)})")
                given.append(f"share_{k}")
        total = " + ".join(given)
        unset = f"{total} != {total}"
        self.page.put(3, f"if {unset}:")
        self.page.put(4, f"return UNSET, {self.at('who')}, {arm.code}, math.nan")
        bad = [f"{share} < 0.0 or {share} > 1.0" for share in given]
        bad.append(f"{total} > 1.0 + 1e-9")
        if len(given) == len(arm.shares):
            bad.append(f"{total} < 1.0 - 1e-9")
        self.page.put(3, f"if {' or '.join(bad)}:")
        self.page.put(4, f"return WRONG_SHARES, {self.at('who')}, {arm.code}, {total}")
        for k, share in enumerate(arm.shares):
            if share is None:
                self.page.put(3, f"share_{k} = 1.0 - ({total})")
        who, fired = self.at("who"), self.at(f"fired_{wait.code}")
        self.page.put(3, f"luck = uniform(key, {who}, np.uint64({place}), {fired})")
        sums = ""
        for k, target in enumerate(arm.targets):
            if k < len(arm.targets) - 1:
                sums = f"{sums} + share_{k}" if sums else f"share_{k}"
                self.page.put(3, f"{'if' if k == 0 else 'elif'} luck < {sums}:")
            else:
                self.page.put(3, "else:")
            self.page.put(4, f"q[MOVE + i] = {self.number(arm, target)}")

    def follow(self) -> None:
        """Write the function that does what follows from what happened, but for the move."""
        self.page.put(0, "@compiled_bare", f"def follow_{self.state}(f, q, n, p, tables, key):")
        self.page.put(1, f'"""Do what follows from what happened to the {self.told}."""')
        for wait in self.layout.lasting:
            if self.structure.can_change(wait) and self.state in self.structure.wait_states(wait):
                self._settle(wait)
        for arm in self.arms:
            if arm.then:
                self._then(arm)
        for wait in self.structure.waits:
            here = [arm.code for arm in self.arms if arm.wait == wait.code]
            if here and self.layout.counts_firings(wait):
                is_by = self.is_by("q[MOVE + i]", here[0])
                self.page.each(f"{self.at(f'fired_{wait.code}')} += int({is_by})")
        self.page.put(1, "return 0, -1, -1, 0.0", "", "")

    def _settle(self, wait: Wait) -> None:
        """Take what was spent since a date was found off its budget."""
        arm = next(arm for arm in self.arms if arm.wait == wait.code)
        w = wait.code
        then, left = self.at(f"then_{w}"), self.at(f"budget_{w}")
        told = phrases.spent(self.structure, arm, then, "f[NEXT + i]", self.at)
        spent = f"rest_of_budget({left}, {told}, {self.at(f'factor_{w}')})"
        if arm.clock == "since":
            arrived = self.at(f"arrived_{arm.clock_state}")
            spent = f"{spent} if {arrived} == {arrived} else {left}"
        self.page.each(f"{left} = {spent}", f"{then} = f[NEXT + i]")

    def _then(self, arm: Arm) -> None:
        """Give attributes their new values, all worked out from the old ones."""
        told = self.circumstances("f[NEXT + i]", arm)
        self.page.put(1, "for i in range(n):")
        self.page.put(2, f"if {self.is_by('q[MOVE + i]', arm.code)}:")
        for k, (_, rule) in enumerate(arm.then):
            self.page.put(3, f"new_{k} = float({phrases.term(rule, told, self.at)})")
            self.page.put(3, f"if new_{k} != new_{k}:")
            self.page.put(4, f"return UNSET, {self.at('who')}, {arm.code}, math.nan")
        for k, (name, _) in enumerate(arm.then):
            self.page.put(3, f"{self.at(name)} = new_{k}")

    def move(self) -> None:
        """Write the function that moves everybody to the end of another list."""
        layout = self.layout
        self.page.put(0, "@compiled_bare", f"def move_{self.state}(f, q, n, held):")
        self.page.put(1, f'"""Move the {self.told} to where they go."""')
        if layout.has_instant_loop:
            is_at_once = f"f[NEXT + i] == {self.at('time')}"
            self.page.each(f"{self.at('still')} = {self.at('still')} + 1 if {is_at_once} else 0")
        for arm in self.arms:
            wait = self.structure.waits[arm.wait]
            inside = self.structure.wait_states(wait)
            if f"date_{wait.code}" in layout.floats and inside.intersection(arm.targets):
                date = self.at(f"date_{wait.code}")
                is_by = self.is_by("q[MOVE + i]", arm.code)
                self.page.each(f"{date} = math.nan if {is_by} else {date}")
        for target in sorted(self._targets()):
            self._pack(target)
        self.page.put(1, "", "")

    def _targets(self) -> set[int]:
        """Return the states that can be left again, and to which one may move from here."""
        return {t for arm in self.arms for t in arm.targets} & set(self.layout.live)

    def _pack(self, target: int) -> None:
        """Copy those who go to a state to the end of its list."""
        layout = self.layout
        self.page.put(1, f"j = held[{target}]", f"for i in range(0, n, {LANES}):")
        numbers = [self.number(arm, target) for arm in self.arms if target in arm.targets]
        chosen = " | ".join(f"chosen_lanes(q, MOVE + i, {number}, n - i)" for number in numbers)
        self.page.put(2, f"chosen = {chosen}")
        anew = []
        for column in layout.floats + layout.whole:
            source = self._source(column, target)
            goal = layout.listed(target, column)
            if source == "math.nan":
                anew.append(goal)
            elif source:
                vector = layout.vector(column)
                self.page.put(2, f"pack_lanes({vector}, {source}, {goal} + j, chosen)")
        self.page.put(2, "j += count_lanes(chosen)")
        for goal in anew:
            self.page.put(1, f"for i in range(held[{target}], j):", f"    f[{goal} + i] = math.nan")
        self.page.put(1, f"held[{target}] = j")

    def _source(self, column: str, target: int) -> str:
        """Return where the value lies that a column has after a move; no number, if armed anew."""
        layout = self.layout
        is_arrival = target != self.state and column in {"entered", f"arrived_{target}"}
        if column == "time" or is_arrival:
            return "NEXT + i"
        if column == "came":
            return "MOVE + i"
        if column.startswith("date_"):
            wait = self.structure.waits[int(column[5:])]
            if target not in self.structure.wait_states(wait):
                return ""
            if not layout.goes_on(wait, self.state, target):
                return "math.nan"
        return self.at(column)[2:-1]

    def take(self) -> None:
        """Write the function that takes people off the end of the list into a round."""
        s, layout = self.state, self.layout
        self.page.put(0, "@compiled_bare", f"def take_{s}(f, q, held):")
        self.page.put(1, f'"""Take a block of {self.told} into the round."""')
        self.page.put(1, f"n = min(held[{s}], {BLOCK})", f"low = held[{s}] - n", f"held[{s}] = low")
        self.page.put(1, f"for i in range(0, n, {LANES}):")
        for column in layout.floats + layout.whole:
            vector, start = layout.vector(column), layout.listed(s, column)
            goal = layout.at(column)[2:-1]
            self.page.put(2, f"pack_lanes({vector}, {start} + low + i, {goal}, ALL_LANES)")
        self.page.put(1, "return n", "", "")

    def round(self) -> None:
        """Write the function that takes a block through a round."""
        s, layout = self.state, self.layout
        self.page.put(
            0,
            "@compiled_bare",
            f"def round_{s}(f, q, held, n, p, tables, key, until, first, born, watch, log):",
        )
        self.page.put(1, f'"""Take {self.told} through what happens to them next."""')
        for call in (
            f"dates_{s}(f, q, n, p, tables, key, until)",
            f"race_{s}(f, q, n, p, key, until)",
            f"follow_{s}(f, q, n, p, tables, key)",
        ):
            self.page.put(1, f"status, person, arm, value = {call}")
            self.page.put(1, "if status != 0:")
            self.page.put(2, "return status, person, arm, value")
        is_age = f"np.bool_({self.structure.clock == 'age'})"
        # Numba would compile what is called anew for each plain number that it is called with.
        self.page.put(
            1,
            f"state = np.int64({s})",
            "watch_stays(watch, state, f[R_TIME:], f[NEXT:], n)",
            "watch_moves(watch, f[NEXT:], q[MOVE:], q[NEW:], n)",
            "if watch.exposure.size > 0:",
            f"    watch_exposure("
            f"watch, state, f[R_TIME:], f[NEXT:], q[R_WHO:], first, born, {is_age}, n)",
            "watch_people(watch, state, f[R_TIME:], f[NEXT:], q[R_WHO:], q[MOVE:], q[NEW:], n)",
            "if log.person.size > 0:",
            "    record_move("
            "log, state, q[R_WHO:], f[NEXT:], q[MOVE:], watch.arms, watch.targets, n)",
        )
        if layout.has_instant_loop:
            self.page.put(1, "for i in range(n):")
            self.page.put(2, f"if {self.at('still')} >= MOST_MOVES_AT_ONCE:")
            self.page.put(
                3, f"return ENDLESS, {self.at('who')}, watch.arms[q[MOVE + i]], f[NEXT + i]"
            )
        self.page.put(1, f"move_{s}(f, q, n, held)", "return 0, -1, -1, 0.0", "", "")


def _first(structure: Structure, layout: Layout, column: str, row: str = "") -> str:
    """Return the value of a column when a life begins: in a row, or where all begin alike."""
    if column in structure.attributes:
        place = structure.attributes.index(column)
        one_each = f"attributes[{place}, {row or 'row + i'}] if attributes.shape[1] > 1"
        return f"{one_each} else attributes[{place}, 0]"
    birth = f"(born[{row}] if born.size > 1 else born[0])" if row else "birth"
    time = f"(age[{row}] if age.size > 1 else age[0])" if row else "years"
    time = time if structure.clock == "age" else f"({birth} + {time})"
    if column.startswith("arrived_"):
        return f"{time} if state == {column[8:]} else math.nan"
    known = {"time": time, "entered": time, "born": birth, "came": "-1"}
    known["who"] = f"first + {row or '(row + i)'}"
    return known.get(column, "0" if column in layout.whole else "math.nan")


def _begin(structure: Structure, layout: Layout) -> list[str]:
    """Return the function that brings those who begin to the places of a round."""
    page = Page()
    page.put(
        0,
        "@compiled_bare",
        "def begin(f, q, state, n, row, first, start, age, born, attributes, until):",
    )
    page.put(1, '"""Let those of the next rows begin who begin in a state; return how many."""')
    page.put(1, "if start.size == 1 and start[0] != state:")
    page.put(2, "return 0")
    columns = layout.floats + layout.whole
    # Where lives begin alike, loops run in vectors.
    page.put(1, "if start.size + age.size + born.size == 3:")
    page.put(2, "birth, years = born[0], age[0]")
    page.put(2, f"if not {_first(structure, layout, 'time')} < until:")
    page.put(3, "return 0")
    for column in columns:
        page.each(f"{layout.at(column)} = {_first(structure, layout, column)}", depth=2)
    page.put(2, "return n")
    page.put(1, "i = 0", "for k in range(row, row + n):")
    for name in columns:
        page.put(2, f"{layout.at(name)} = {_first(structure, layout, name, 'k')}")
    page.put(2, "is_here = (start[k] if start.size > 1 else start[0]) == state")
    page.put(2, f"i += int(is_here & ({layout.at('time')} < until))")
    page.put(1, "return i", "", "")
    return page.lines


def _thinning(structure: Structure, arm: Arm) -> list[str]:
    """Return the function that thins the candidates of an arm."""
    if arm.thinned is None:
        return []
    bound = f"p[{arm.numbers[0]}]"
    wait = structure.waits[arm.wait]
    zero = " - zero" if phrases.zero(structure, arm.clock, arm.clock_state, str) else ""
    page = Page()
    page.put(
        0, "@compiled_bare", f"def thin_{arm.code}(key, who, armed, time, until, factor, zero, p):"
    )
    page.put(1, f'"""Find the date of {arm.name!r} by thinning."""')
    page.put(1, f"rate = {bound} * factor", "if not rate > 0.0 or zero != zero:")
    page.put(2, "return 0, math.inf")
    page.put(1, "for j in range(MOST_CANDIDATES):")
    page.put(
        2, f"u, v = uniform_pair(key, who, np.uint64({wait.purpose}), armed * MOST_CANDIDATES + j)"
    )
    page.put(2, "time = time + -log(u) / rate", "if time >= until:")
    page.put(3, "return 0, math.inf")
    page.put(2, f"value = float({arm.thinned.name}(time{zero}))")
    page.put(2, f"if not (value >= 0.0 and value <= {bound}):")
    page.put(3, "return BEYOND_BOUND, value")
    page.put(2, f"if v * {bound} < value:")
    page.put(3, "return 0, time")
    page.put(1, "return NO_CANDIDATE, math.nan", "", "")
    return page.lines


def _drive(structure: Structure, layout: Layout) -> list[str]:
    """Return the function that lives people, block by block."""
    page = Page()
    page.put(
        0,
        "@compiled",
        "def live(",
        "    f, q, first, n_people, start, age, born, attributes,",
        "    p, tables, key, until, watch, log,",
        "):",
    )
    page.put(1, '"""Live people block by block; return status, person, arm and value."""')
    page.put(1, f"held = np.zeros({len(structure.states)}, np.int64)")
    page.put(1, "row, total = np.int64(0), np.int64(0)")
    page.put(1, "while row < n_people or total > 0:")
    asked = "p, tables, key, until, first, born, watch, log"
    is_age = structure.clock == "age"
    page.put(2, "status, person, arm, value = 0, -1, -1, 0.0")
    # Lists that grow short wait for the people of the next block: short lists cost most.
    page.put(2, f"if total <= {BLOCK} and row < n_people:")
    page.put(3, f"begun = min({BLOCK}, n_people - row)")
    page.put(
        3,
        f"watch_beginnings(watch, start, age, born, np.bool_({is_age}), until, first, row, begun)",
    )
    for s in layout.live:
        page.put(3, f"s = np.int64({s})")
        page.put(3, "n = begin(f, q, s, begun, row, first, start, age, born, attributes, until)")
        page.put(3, "if status == 0 and n > 0:")
        page.put(4, f"status, person, arm, value = round_{s}(f, q, held, n, {asked})")
    page.put(3, "row += begun")
    if layout.live:
        page.put(2, "else:")
        page.put(3, f"longest = max(0, {', '.join(f'held[{s}]' for s in layout.live)})")
    for place, s in enumerate(layout.live):
        page.put(3, f"{'elif' if place else 'if'} held[{s}] == longest:")
        page.put(4, f"n = take_{s}(f, q, held)")
        page.put(4, f"status, person, arm, value = round_{s}(f, q, held, n, {asked})")
    page.put(2, "if status != 0:")
    page.put(3, "return status, person, arm, value")
    page.put(2, f"total = {' + '.join(f'held[{s}]' for s in layout.live) or '0'}")
    page.put(1, "return 0, -1, -1, 0.0")
    return page.lines


@cache
def write_source(structure: Structure) -> str:
    """Return the kernel of a model without pools as module-level source.

    Args:
        structure: From ``structure.resolve``.
    """
    layout = Layout(structure)
    parts: list[Sequence[str]] = [
        [phrases.HEADING.format(title=f"The lives of the model {structure.name!r}, in blocks.")],
        [_IMPORTS, *layout.constants(), "", ""],
        *([*text.split("\n"), "", ""] for text in phrases.functions(structure)),
        *(_thinning(structure, arm) for arm in structure.arms),
    ]
    parts.append(write_dates([DatesText(structure, layout, state) for state in layout.live]))
    for state in layout.live:
        one = _RoundText(structure, layout, state)
        one.race()
        one.follow()
        one.move()
        one.take()
        one.round()
        parts.append(one.page.lines)
    parts += [_begin(structure, layout), _drive(structure, layout)]
    return "\n".join(line for part in parts for line in part) + "\n"
