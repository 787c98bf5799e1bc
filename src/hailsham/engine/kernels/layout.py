"""Which columns a block of people has, and where they lie in the scratch vectors."""

from __future__ import annotations

from hailsham.engine.declared.functions import FunctionText
from hailsham.engine.declared.structure import Arm, Structure, Wait

#: People in a block: so many that the calls of a round cost little beside them, and so few that
#: the scratch vectors lie in the second cache.
BLOCK = 4096


class Layout:
    """Which columns a list has, and where they lie.

    The columns of state 2 are ``S2_...``; what is needed only within a round
    has names of its own.
    """

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.live = [s for s in range(len(structure.states)) if not structure.is_absorbing(s)]
        arms = structure.arms
        asked = {name for arm in arms for name in _asked(arm)}
        clocks = {arm.clock for arm in arms}
        other = "calendar" if structure.clock == "age" else "age"
        self.lasting = [w for w in structure.waits if structure.is_lasting(w)]
        self.floats = ["time"]
        if {"since_entry"} & (clocks | asked):
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
        self.dates = [f"DATE_{k}" for k in range(most)]
        self.scratch = ["BUDGET", "FACTOR", "NEXT", *self.dates]
        self.whole_scratch = ["WHICH", "TO", "NEW"]
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
        if wait in self.lasting:
            self.floats.append(f"date_{wait.code}")
            if structure.can_change(wait):
                self.floats += [f"budget_{wait.code}", f"then_{wait.code}", f"factor_{wait.code}"]
                self.whole.append(f"arm_{wait.code}")

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
        lines, place = [], 0
        for s in self.live:
            for name in self.floats:
                lines.append(f"{self.name(s, name)} = {place * BLOCK}")
                place += 1
        for name in self.scratch:
            lines.append(f"{name} = {place * BLOCK}")
            place += 1
        lines.append(f"FLOATS = {place * BLOCK}")
        place = 0
        for s in self.live:
            for name in self.whole:
                lines.append(f"{self.name(s, name)} = {place * BLOCK}")
                place += 1
        for name in self.whole_scratch:
            lines.append(f"{name} = {place * BLOCK}")
            place += 1
        lines.append(f"WHOLE = {place * BLOCK}")
        return lines

    def name(self, state: int, column: str) -> str:
        """Return the name of a column of a state's list."""
        return f"S{state}_{column.upper()}"

    def at(self, state: int, column: str, place: str = "i") -> str:
        """Return the expression that reads a column."""
        vector = "q" if column in self.whole else "f"
        return f"{vector}[{self.name(state, column)} + {place}]"


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
