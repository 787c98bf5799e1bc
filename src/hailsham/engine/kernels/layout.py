"""Which columns people have, and where they lie in the scratch vectors."""

from __future__ import annotations

from hailsham.engine.declared.functions import FunctionText
from hailsham.engine.declared.structure import Arm, Structure, Wait

#: People that are taken through a round together: so many that its calls cost little beside them,
#: and so few that what a round needs lies in the nearest caches.
BLOCK = 4096
#: Places of a list: those who are there before a block begins, and the block.
ROOM = 2 * BLOCK
#: Places that a column has to spare. Packing writes beyond the end, and columns that lay whole
#: powers of two apart would share the same few places of a cache.
SPARE = 72


class Layout:
    """Which columns people have, and where they lie.

    ``R_TIME`` is the column of those who are in the round, ``S2_TIME`` that of
    those on the list of state 2.
    """

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.live = [s for s in range(len(structure.states)) if not structure.is_absorbing(s)]
        arms = structure.arms
        self.moves = structure.moves()
        asked = {name for arm in arms for name in _asked(arm)}
        clocks = {arm.clock for arm in arms}
        other = "calendar" if structure.clock == "age" else "age"
        self.lasting = [w for w in structure.waits if structure.is_lasting(w)]
        #: Waits for appointments that keep their date while somebody comes back to where they are.
        self.appointed = [w for w in structure.waits if self._is_kept(w)]
        self.floats = ["time"]
        if "since_entry" in clocks | asked and any(map(self.comes_back, self.live)):
            self.floats.append("entered")
        if other in clocks or "age" in asked or any(arm.kind == "lexis" for arm in arms):
            self.floats.append("born")
        self.floats += [
            f"arrived_{s}" for s in sorted({a.clock_state for a in arms if a.clock == "since"})
        ]
        self.floats += list(structure.attributes)
        self.whole = ["who"]
        for wait in structure.waits:
            self._add_wait(wait)
        self.has_instant_loop = _has_instant_loop(structure)
        if self.has_instant_loop:
            self.whole.append("still")
        if any(self.can_come_again(arm) for arm in arms):
            self.whole.append("came")
        most = max((len(structure.arms_from(s)) for s in self.live), default=1)
        self.scratch = [
            "BUDGET",
            "WORTH",
            "POWER",
            "FRACTION",
            "RATIO",
            "FACTOR",
            "NEXT",
            *(f"DUE_{k}" for k in range(most)),
        ]
        self.whole_scratch = ["MOVE", "NEW", "HALFWAY", "ZERO"]
        if any(arm.kind == "linear_staircase" for arm in arms):
            self.scratch += ["READING", "WAIT"]
            self.whole_scratch.append("PLACE")

    def _add_wait(self, wait: Wait) -> None:
        structure = self.structure
        counter = self.counter(wait)
        if counter and counter not in self.whole:
            self.whole.append(counter)
        if self.counts_firings(wait):
            self.whole.append(f"fired_{wait.code}")
        if wait in self.lasting or wait in self.appointed:
            self.floats.append(f"date_{wait.code}")
            if wait in self.lasting and structure.can_change(wait):
                self.floats += [f"budget_{wait.code}", f"then_{wait.code}", f"factor_{wait.code}"]
                self.whole.append(f"arm_{wait.code}")

    def comes_back(self, state: int) -> bool:
        """Tell whether a move may lead from a state to itself."""
        return any(state in arm.targets for arm in self.structure.arms_from(state))

    def _is_kept(self, wait: Wait) -> bool:
        """Tell whether a wait is for an appointment, in a state to which one may come back."""
        kinds = {self.structure.arms[code].kind for code in wait.arms}
        return kinds == {"appointment"} and any(
            self.comes_back(state) for state in self.structure.wait_states(wait)
        )

    def goes_on(self, wait: Wait, source: int, target: int) -> bool:
        """Tell whether the date of a wait that did not fire stays through a move."""
        if wait in self.appointed:
            return source == target
        return self.structure.goes_on(wait, source, target)

    def can_come_again(self, arm: Arm) -> bool:
        """Tell whether an appointment may be read in a state that its own wait led to."""
        structure = self.structure
        led_to = {
            t for code in structure.waits[arm.wait].arms for t in structure.arms[code].targets
        }
        return arm.kind == "appointment" and bool(led_to & set(arm.sources))

    def counter(self, wait: Wait) -> str:
        """Return the column that counts how often a wait was armed; none if only once.

        Waits that are armed by everybody who comes into a state share its count of visits.
        """
        structure = self.structure
        kinds = {structure.arms[code].kind for code in wait.arms}
        if self.is_armed_once(wait) or not (wait.is_drawn or "thinned" in kinds):
            return ""
        states = structure.wait_states(wait)
        if len(states) == 1 and wait not in self.lasting:
            return f"visits_{states.pop()}"
        return f"armed_{wait.code}"

    def is_armed_once(self, wait: Wait) -> bool:
        """Tell whether nobody can arm a wait twice."""
        structure = self.structure
        inside = structure.wait_states(wait)
        for source, code, target in structure.moves():
            if target in inside and (
                source not in inside or structure.arms[code].wait == wait.code
            ):
                return False
            if target in inside and not structure.goes_on(wait, source, target):
                return False
        return True

    def counts_firings(self, wait: Wait) -> bool:
        """Tell whether something is drawn when a wait fires."""
        arms = [self.structure.arms[code] for code in wait.arms]
        return any(arm.is_branching or "luck" in _asked(arm) for arm in arms)

    def constants(self) -> list[str]:
        """Return where every column lies."""
        return [
            *self._places(self.floats, self.scratch, "FLOATS"),
            *self._places(self.whole, self.whole_scratch, "WHOLE"),
        ]

    def _places(self, columns: list[str], scratch: list[str], total: str) -> list[str]:
        """Return where the columns lie in a vector: of the round, its scratch, and of the lists."""
        lines, place = [], 0
        for name in [*(f"R_{name.upper()}" for name in columns), *scratch]:
            lines.append(f"{name} = {place}")
            place += BLOCK + SPARE
        for s in self.live:
            for name in columns:
                lines.append(f"{self.listed(s, name)} = {place}")
                place += ROOM + SPARE
        return [*lines, f"{total} = {place}"]

    def listed(self, state: int, column: str) -> str:
        """Return the name of a column of a state's list."""
        return f"S{state}_{column.upper()}"

    def vector(self, column: str) -> str:
        """Return the vector in which a column lies."""
        return "q" if column in self.whole else "f"

    def at(self, column: str, state: int = -1) -> str:
        """Return the expression that reads a column of those in the round.

        Whoever cannot move from a state to itself came there when their time began.
        """
        is_time = state >= 0 and not self.comes_back(state)
        if is_time and column in {"entered", f"arrived_{state}"}:
            column = "time"
        return f"{self.vector(column)}[R_{column.upper()} + i]"


def _asked(arm: Arm) -> set[str]:
    """Return what the functions of an arm ask for."""
    rules = [arm.factor, *arm.shares, *(rule for _, rule in arm.then)]
    return {name for rule in rules if isinstance(rule, FunctionText) for name in rule.arguments} | {
        name for name, _ in arm.betas
    }


def _has_instant_loop(structure: Structure) -> bool:
    """Tell whether one may go round in a circle by appointments alone."""
    reach: dict[int, set[int]] = {
        s: {t for a in structure.arms_from(s) if a.kind == "appointment" for t in a.targets}
        for s in range(len(structure.states))
    }
    for _ in structure.states:
        reach = {s: to.union(*(reach[t] for t in to)) if to else to for s, to in reach.items()}
    return any(s in to for s, to in reach.items())
