"""Write the kernel that lives people who share nothing, in blocks.

The people of a block stand in lists, one a state, each column beside the
next in one scratch vector. A round takes every list in turn: all dates of
all waits at once, the race, what follows from it, and then everybody moves
to the end of another list. Nearly everything is a loop without branches over
people who do the same thing, which is what runs in vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from hailsham.engine.declared.structure import Arm, Structure, Wait
from hailsham.engine.draws import purpose
from hailsham.engine.kernels import phrases
from hailsham.engine.kernels.layout import BLOCK, Layout

_IMPORTS = """from hailsham.engine.kernels.log import record_move, sort_log
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


@dataclass
class Page:
    """Lines of source, with their indentation."""

    lines: list[str] = field(default_factory=list)

    def put(self, depth: int, *lines: str) -> None:
        """Add lines at a depth."""
        self.lines.extend(f"{4 * depth * ' '}{line}" if line else "" for line in lines)

    def each(self, *lines: str, count: str = "n", depth: int = 1) -> None:
        """Add a loop over the people of a list."""
        self.put(depth, f"for i in range({count}):")
        self.put(depth + 1, *lines)


class _State:
    """The functions that take the list of one state through a round."""

    def __init__(self, structure: Structure, layout: Layout, state: int) -> None:
        self.structure, self.layout, self.state = structure, layout, state
        self.arms = structure.arms_from(state)
        self.page = Page()

    def at(self, column: str) -> str:
        return self.layout.at(self.state, column)

    def circumstances(self, time: str, arm: Arm) -> dict[str, str]:
        """Return expressions for what functions may ask for."""
        entered = self.at("entered") if "entered" in self.layout.floats else "0.0"
        wait = self.structure.waits[arm.wait]
        luck = int(purpose(f"{wait.label}: luck"))
        count = self.at(f"fired_{wait.code}") if self.layout.counts_firings(wait) else "0"
        since = f"({time} - {entered})"
        return {
            "time": time,
            "age": phrases.reading(self.structure, "age", -1, time, self.at),
            "since_entry": since,
            "luck": f"uniform(key, {self.at('who')}, np.uint64({luck}), {count})",
        }

    def armed(self, wait: Wait) -> str:
        """Return how often a wait was armed before."""
        column = self.layout.counter(wait)
        return self.at(column) if column else "0"

    def date_of(self, arm: Arm, budget: str) -> str:
        """Return the date of an arm for a budget under its own hazard.

        Where waits are read from a table, everybody's are read before, at one go.
        """
        time = self.at("time")
        if arm.kind == "linear_staircase":
            shown = phrases.reading(self.structure, arm.clock, arm.clock_state, time, self.at)
            self.page.each(f"f[READING + i] = {shown}", f"f[WAIT + i] = {budget}")
            call = f"f[WAIT:], f[READING:], q[PLACE:], n, tables[{arm.table}]"
            self.page.put(1, f"linear_staircase_waits({call})")
            told = f"{time} + f[WAIT + i]"
        else:
            told = f"{time} + {phrases.wait(self.structure, arm, budget, time, self.at)}"
        if arm.clock == "since":
            arrived = self.at(f"arrived_{arm.clock_state}")
            return f"{told} if {arrived} == {arrived} else math.inf"
        return told

    def budget(self, wait: Wait) -> str:
        """Return the expression that draws a budget."""
        who, place = self.at("who"), f"np.uint64({wait.purpose})"
        return f"exponential(key, {who}, {place}, {self.armed(wait)})"

    def factors(self, arm: Arm) -> None:
        """Work out what multiplies the hazard for everybody."""
        if not arm.has_effect:
            return
        told = phrases.factor(arm, self.circumstances(self.at("time"), arm), self.at)
        self.page.put(1, "wrong = 0")
        self.page.each(f"f[FACTOR + i] = {told}", "wrong += int(not f[FACTOR + i] >= 0.0)")
        self._refuse_factors(arm)

    def _refuse_factors(self, arm: Arm) -> None:
        """Stop the run at the first person whose factor is none."""
        met = "f[FACTOR + i]"
        self.page.put(1, "if wrong > 0:")
        self.page.put(2, "for i in range(n):")
        self.page.put(3, f"if not {met} >= 0.0:")
        self.page.put(
            4,
            f"status = UNSET if {met} != {met} else WRONG_FACTOR",
            f"return status, {self.at('who')}, {arm.code}, {met}",
        )

    def dates(self) -> None:
        """Write the function that finds the date of every arm."""
        name = f"dates_{self.state}"
        self.page.put(0, "@compiled", f"def {name}(f, q, n, p, tables, key, until):")
        self.page.put(1, f'"""Find the dates of everything that can happen to the {self.told}."""')
        for place, arm in enumerate(self.arms):
            wait = self.structure.waits[arm.wait]
            date = f"f[DATE_{place} + i]"
            if arm.kind == "appointment":
                self._appointment(arm, date)
            elif arm.kind == "thinned":
                self._thinned(arm, wait, date)
            elif wait not in self.layout.lasting:
                self._passing(arm, wait, date)
            elif self.structure.can_change(wait):
                self._changing(arm, wait)
            else:
                self._lasting(arm, wait)
        if f"visits_{self.state}" in self.layout.whole:
            self.page.each(f"{self.at(f'visits_{self.state}')} += 1")
        self.page.put(1, "return 0, -1, -1, 0.0", "", "")

    def _count(self, wait: Wait, when: str = "1") -> list[str]:
        column = self.layout.counter(wait)
        return [f"{self.at(column)} += {when}"] if column.startswith("armed") else []

    def _share(self, arm: Arm, wait: Wait) -> tuple[str, str]:
        """Return a new budget under the arm's own hazard, and what keeps a factor of 0 away."""
        if not arm.has_effect:
            return self.budget(wait), ""
        return f"{self.budget(wait)} / f[FACTOR + i]", " if f[FACTOR + i] > 0.0 else math.inf"

    def _appointment(self, arm: Arm, date: str) -> None:
        start = phrases.zero(self.structure, arm.clock, arm.clock_state, self.at)
        told = f"p[{arm.numbers[0]}]"
        told = f"({start} + {told})" if start else told
        kept = f"{told} >= {self.at('time')}"
        if self.layout.can_come_again(arm):
            codes = self.structure.waits[arm.wait].arms
            fired = " | ".join(f"({self.at('came')} == {code})" for code in codes)
            kept = f"({kept}) & (({told} > {self.at('time')}) | (not ({fired})))"
        self.page.each(f"{date} = {told} if {kept} else math.inf")

    def _thinned(self, arm: Arm, wait: Wait, date: str) -> None:
        self.factors(arm)
        start = phrases.zero(self.structure, arm.clock, arm.clock_state, self.at) or "0.0"
        times = "f[FACTOR + i]" if arm.has_effect else "1.0"
        self.page.each(
            f"status, {date} = thin_{arm.code}(key, {self.at('who')}, {self.armed(wait)}, "
            f"{self.at('time')}, until, {times}, {start}, p)",
            f"if status != 0:\n                return status, {self.at('who')}, {arm.code}, {date}",
            *self._count(wait),
        )

    def _passing(self, arm: Arm, wait: Wait, date: str) -> None:
        """Find the date of a wait that everybody who comes arms, and that ends with the stay."""
        self.factors(arm)
        share, guard = self._share(arm, wait)
        self.page.each(f"{date} = ({self.date_of(arm, share)}){guard}", *self._count(wait))

    def _lasting(self, arm: Arm, wait: Wait) -> None:
        """Find the date of a wait that goes on through moves, and cannot change meanwhile."""
        date = self.at(f"date_{wait.code}")
        self.page.put(1, "fresh = 0")
        self.page.each(f"fresh += int({date} != {date})")
        self.page.put(1, "if fresh > 0:")
        inner, self.page = self.page, Page()
        self.factors(arm)
        share, guard = self._share(arm, wait)
        self.page.each(
            f"found = ({self.date_of(arm, share)}){guard}",
            f"is_new = {date} != {date}",
            f"{date} = found if is_new else {date}",
            *self._count(wait, "int(is_new)"),
        )
        inner.put(1, *self.page.lines)
        self.page = inner

    def _changing(self, arm: Arm, wait: Wait) -> None:
        """Find the date of a wait that goes on, and whose hazard may be another by now."""
        w = wait.code
        date, left = self.at(f"date_{w}"), self.at(f"budget_{w}")
        self.factors(arm)
        factor = "f[FACTOR + i]" if arm.has_effect else "1.0"
        other = [
            f"({self.at(f'factor_{w}')} != {factor})",
            f"({self.at(f'arm_{w}')} != {arm.code})",
        ]
        if arm.clock == "since" and arm.clock_state == self.state:
            # Whoever came here just now reads this clock from 0 again.
            other.append(f"({self.at(f'arrived_{self.state}')} == {self.at('time')})")
        is_new = f"({date} != {date})"
        self.page.put(1, "fresh = 0")
        self.page.each(
            f"q[NEW + i] = int({is_new} | {' | '.join(other)})",
            "fresh += q[NEW + i]",
        )
        self.page.put(1, "if fresh > 0:")
        inner, self.page = self.page, Page()
        self.page.each(f"f[BUDGET + i] = {self.budget(wait)}")
        guard = " if f[FACTOR + i] > 0.0 else math.inf" if arm.has_effect else ""
        self.page.each(f"{left} = f[BUDGET + i] if {is_new} else {left}")
        share = f"{left} / {factor}" if arm.has_effect else left
        date_of = self.date_of(arm, share)
        self.page.each(
            f"is_new = {is_new}",
            f"found = ({date_of}){guard}",
            "is_due = q[NEW + i] == 1",
            f"{self.at(f'then_{w}')} = {self.at('time')} if is_due else {self.at(f'then_{w}')}",
            f"{date} = found if is_due else {date}",
            f"{self.at(f'factor_{w}')} = {factor}",
            f"{self.at(f'arm_{w}')} = {arm.code}",
            *self._count(wait, "int(is_new)"),
        )
        inner.put(1, *self.page.lines)
        self.page = inner

    @property
    def told(self) -> str:
        """The state in words."""
        return f"people in state {self.structure.states[self.state]!r}"

    def race(self) -> None:
        """Write the function that settles who does what, and when."""
        self.page.put(0, "@compiled", f"def race_{self.state}(f, q, n, p, key, until):")
        self.page.put(1, f'"""Find what happens first to the {self.told}."""')
        lines = ["first = until", "which = -1", "to = -1"]
        for place, arm in enumerate(self.arms):
            wait = self.structure.waits[arm.wait]
            is_lasting = wait in self.layout.lasting
            date = self.at(f"date_{wait.code}") if is_lasting else f"f[DATE_{place} + i]"
            lines += [
                f"date = {date}",
                "is_first = date < first",
                f"which = {arm.code} if is_first else which",
                f"to = {arm.targets[0]} if is_first else to",
                "first = date if is_first else first",
            ]
        lines += ["f[NEXT + i] = first", "q[WHICH + i] = which", "q[TO + i] = to"]
        self.page.each(*lines)
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
        self.page.put(2, f"if q[WHICH + i] == {arm.code}:")
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
        for k, target in enumerate(arm.targets[:-1]):
            sums = f"{sums} + share_{k}" if sums else f"share_{k}"
            self.page.put(3, f"{'if' if k == 0 else 'elif'} luck < {sums}:")
            self.page.put(4, f"q[TO + i] = {target}")
        self.page.put(3, "else:")
        self.page.put(4, f"q[TO + i] = {arm.targets[-1]}")

    def follow(self) -> None:
        """Write the function that does what follows from what happened, but for the move."""
        self.page.put(0, "@compiled", f"def follow_{self.state}(f, q, n, p, tables, key):")
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
                self.page.each(f"{self.at(f'fired_{wait.code}')} += int(q[WHICH + i] == {here[0]})")
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
        self.page.put(2, f"if q[WHICH + i] == {arm.code}:")
        for k, (_, rule) in enumerate(arm.then):
            self.page.put(3, f"new_{k} = float({phrases.term(rule, told, self.at)})")
            self.page.put(3, f"if new_{k} != new_{k}:")
            self.page.put(4, f"return UNSET, {self.at('who')}, {arm.code}, math.nan")
        for k, (name, _) in enumerate(arm.then):
            self.page.put(3, f"{self.at(name)} = new_{k}")

    def move(self) -> None:
        """Write the function that moves everybody to the end of another list."""
        self.page.put(0, "@compiled", f"def move_{self.state}(f, q, n, held):")
        self.page.put(1, f'"""Move the {self.told} to where they go."""')
        targets = sorted({t for arm in self.arms for t in arm.targets if t in self.layout.live})
        # The list is written over by those who stay, so they come last.
        for target in sorted(targets, key=lambda t: (t == self.state, t)):
            self.page.put(1, f"j = held[{target}]")
            lines = self._pushed(target)
            self.page.each(*lines, f"j += int(q[TO + i] == {target})")
            self.page.put(1, f"held[{target}] = j")
        if self.layout.has_instant_loop:
            self.page.put(1, "return 0, -1, -1, 0.0", "", "")
        else:
            self.page.put(1, "", "")

    def _pushed(self, target: int) -> list[str]:
        """Return what copies a person to the list of another state."""
        lines = []
        layout, structure = self.layout, self.structure

        def to(column: str) -> str:
            return layout.at(target, column, "j")

        # Whether the time has moved is seen before the time is written over.
        for column in sorted(layout.floats + layout.whole, key=lambda name: name != "still"):
            value = self.at(column)
            is_arrival = target != self.state and column in {"entered", f"arrived_{target}"}
            if column == "time" or is_arrival:
                value = "f[NEXT + i]"
            elif column == "still":
                value = f"{value} + 1 if f[NEXT + i] == {self.at('time')} else 0"
            elif column == "came":
                value = "q[WHICH + i]"
            elif column.startswith("date_"):
                value = self._date_after(structure.waits[int(column[5:])], target, value)
            if value:
                lines.append(f"{to(column)} = {value}")
        return lines

    def _date_after(self, wait: Wait, target: int, value: str) -> str:
        """Return the date of a lasting wait after a move; no number if it must be armed anew."""
        if target not in self.structure.wait_states(wait):
            return ""
        if not self.structure.goes_on(wait, self.state, target):
            return "math.nan"
        own = [arm.code for arm in self.arms if arm.wait == wait.code and target in arm.targets]
        return f"math.nan if q[WHICH + i] == {own[0]} else {value}" if own else value

    def round(self) -> None:
        """Write the function that takes the list through a round."""
        s, layout = self.state, self.layout
        self.page.put(
            0,
            "@compiled",
            f"def round_{s}(f, q, held, p, tables, key, until, first, born, watch, log):",
        )
        self.page.put(1, f'"""Take the {self.told} through what happens to them next."""')
        self.page.put(1, f"n = held[{s}]", f"held[{s}] = 0")
        for call in (
            f"dates_{s}(f, q, n, p, tables, key, until)",
            f"race_{s}(f, q, n, p, key, until)",
            f"follow_{s}(f, q, n, p, tables, key)",
        ):
            self.page.put(1, f"status, person, arm, value = {call}")
            self.page.put(1, "if status != 0:")
            self.page.put(2, "return status, person, arm, value")
        start, who = self._slice("time"), self._slice("who")
        is_age = self.structure.clock == "age"
        self.page.put(1, f"watch_stays(watch, {s}, {start}, f[NEXT:], n)")
        self.page.put(1, f"watch_moves(watch, {s}, f[NEXT:], q[WHICH:], q[TO:], q[NEW:], n)")
        self.page.put(1, "if watch.exposure.size > 0:")
        self.page.put(
            2,
            f"watch_exposure(watch, {s}, {start}, f[NEXT:], {who}, first, born, {is_age}, n)",
        )
        self.page.put(
            1,
            f"watch_people(watch, {s}, {start}, f[NEXT:], {who}, first, q[TO:], q[NEW:], n)",
        )
        self.page.put(1, "if log.person.size > 0:")
        self.page.put(2, f"record_move(log, {s}, {who}, f[NEXT:], q[WHICH:], q[TO:], n)")
        if layout.has_instant_loop:
            self.page.put(1, "for i in range(n):")
            self.page.put(2, f"if {self.at('still')} >= MOST_MOVES_AT_ONCE:")
            self.page.put(3, f"return ENDLESS, {self.at('who')}, q[WHICH + i], f[NEXT + i]")
        self.page.put(1, f"move_{s}(f, q, n, held)", "return 0, -1, -1, 0.0", "", "")

    def _slice(self, column: str) -> str:
        vector = "q" if column in self.layout.whole else "f"
        return f"{vector}[{self.layout.name(self.state, column)} :]"

    def begin(self) -> None:
        """Write the function that fills the list at the beginning of a block."""
        s, layout = self.state, self.layout
        self.page.put(
            0,
            "@compiled",
            f"def begin_{s}(f, q, held, start, n, row, first, age, born, attributes, until):",
        )
        self.page.put(1, f'"""Let those begin who begin as {self.told}."""')
        self.page.put(1, f"m, j = 0, held[{s}]")
        self.page.put(1, "if start.size == 1 and age.size == 1 and born.size == 1:")
        self.page.put(2, "k = row")
        self.page.put(2, f"m = n if start[0] == {s} and {self._first('time')} < until else 0")
        self.page.each("q[NEW + i] = row + i", count="m", depth=2)
        self.page.put(1, "else:")
        self.page.put(2, "for k in range(row, row + n):")
        self.page.put(
            3,
            f"is_here = (start[k] if start.size > 1 else start[0]) == {s}",
            f"is_time = {self._first('time')} < until",
            "q[NEW + m] = k",
            "m += int(is_here & is_time)",
        )
        columns = layout.floats + layout.whole
        lines = [f"{layout.at(s, column, 'j + i')} = {self._first(column)}" for column in columns]
        self.page.each("k = q[NEW + i]", *lines, count="m")
        self.page.put(1, f"held[{s}] = j + m", "", "")

    def _first(self, column: str) -> str:
        """Return the value of a column at the beginning of a life."""
        if column in self.structure.attributes:
            place = self.structure.attributes.index(column)
            return f"attributes[{place}, k] if attributes.shape[1] > 1 else attributes[{place}, 0]"
        birth = "(born[k] if born.size > 1 else born[0])"
        time = "(age[k] if age.size > 1 else age[0])"
        time = time if self.structure.clock == "age" else f"({birth} + {time})"
        known = {"time": time, "entered": time, "born": birth, "who": "first + k"}
        known[f"arrived_{self.state}"] = time
        if column in known:
            return known[column]
        if column == "came":
            return "-1"
        return "0" if column in self.layout.whole else "math.nan"


def _thinning(structure: Structure, arm: Arm) -> list[str]:
    """Return the function that thins the candidates of an arm."""
    if arm.thinned is None:
        return []
    bound = f"p[{arm.numbers[0]}]"
    wait = structure.waits[arm.wait]
    zero = " - zero" if phrases.zero(structure, arm.clock, arm.clock_state, str) else ""
    page = Page()
    page.put(0, "@compiled", f"def thin_{arm.code}(key, who, armed, time, until, factor, zero, p):")
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
        "    first, n_people, start, age, born, attributes, p, tables, key, until, watch, log",
        "):",
    )
    page.put(1, '"""Live people block by block; return status, person, arm and value."""')
    page.put(1, "f, q = np.empty(FLOATS, np.float64), np.empty(WHOLE, np.int64)")
    page.put(1, f"held = np.zeros({len(structure.states)}, np.int64)")
    page.put(1, "row, total = 0, 0")
    page.put(1, "while row < n_people or total > 0:")
    # The lists are filled up again before few are left: short lists cost most.
    page.put(2, f"if total <= {BLOCK // 8} and row < n_people:")
    page.put(3, f"n = min({BLOCK} - total, n_people - row)")
    is_age = structure.clock == "age"
    page.put(3, f"watch_beginnings(watch, start, age, born, {is_age}, row, n)")
    for s in layout.live:
        page.put(3, f"begin_{s}(f, q, held, start, n, row, first, age, born, attributes, until)")
    page.put(3, "row += n")
    for s in layout.live:
        page.put(2, f"if held[{s}] > 0:")
        page.put(
            3,
            f"status, person, arm, value = round_{s}("
            "f, q, held, p, tables, key, until, first, born, watch, log)",
            "if status != 0:",
        )
        page.put(4, "return status, person, arm, value")
    page.put(2, f"total = {' + '.join(f'held[{s}]' for s in layout.live) or '0'}")
    page.put(1, "sort_log(log, first, n_people)")
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
    for state in layout.live:
        one = _State(structure, layout, state)
        one.begin()
        one.dates()
        one.race()
        one.follow()
        one.move()
        one.round()
        parts.append(one.page.lines)
    parts.append(_drive(structure, layout))
    return "\n".join(line for part in parts for line in part) + "\n"
