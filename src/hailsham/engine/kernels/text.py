"""The text of one state of a model: its columns, its moves, and what functions may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from hailsham.engine.declared.structure import Arm, Structure
from hailsham.engine.draws import purpose
from hailsham.engine.kernels import phrases
from hailsham.engine.kernels.layout import Layout


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


class StateText:
    """What is written about those who are in one state."""

    def __init__(self, structure: Structure, layout: Layout, state: int) -> None:
        self.structure, self.layout, self.state = structure, layout, state
        self.arms = structure.arms_from(state)
        self.page = Page()

    def at(self, column: str) -> str:
        """Return the expression that reads a column of those in the round."""
        return self.layout.at(column, self.state)

    def circumstances(self, time: str, arm: Arm) -> dict[str, str]:
        """Return expressions for what functions may ask for."""
        wait = self.structure.waits[arm.wait]
        luck = int(purpose(f"{wait.label}: luck"))
        count = self.at(f"fired_{wait.code}") if self.layout.counts_firings(wait) else "0"
        since = phrases.reading(self.structure, "since_entry", -1, time, self.at)
        return {
            "time": time,
            "age": phrases.reading(self.structure, "age", -1, time, self.at),
            "since_entry": since,
            "luck": f"uniform(key, {self.at('who')}, np.uint64({luck}), {count})",
        }

    @property
    def told(self) -> str:
        """The state in words."""
        return f"people in state {self.structure.states[self.state]!r}"

    def number(self, arm: Arm, target: int) -> int:
        """Return the number of a move from here; move 0 is to be last seen."""
        return self.layout.moves.index((self.state, arm.code, target)) + 1

    def is_by(self, move: str, code: int) -> str:
        """Return the expression that tells whether a move, from wherever, was by an arm."""
        numbers = [k for k, (_, arm, _) in enumerate(self.layout.moves, start=1) if arm == code]
        return f"({move} >= {numbers[0]}) & ({move} <= {numbers[-1]})"
