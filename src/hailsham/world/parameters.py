"""What a parameter is: a number with a unit, a range, a source and a grade.

Each domain of the world declares its own parameters beside the code that uses
them, as a frozen dataclass whose fields are made with ``parameter``. The
scenario language, its error messages, the reference and the report's table
are all read off these declarations.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, dataclass, field
from typing import Any, Literal

#: S stated in a source text, L literature or official figure, M from memory,
#: X our assumption, C tuned so that a target is met.
Grade = Literal["S", "L", "M", "X", "C"]

GRADES: dict[str, str] = {
    "S": "stated in a source text",
    "L": "literature or official figure",
    "M": "from memory, to be checked",
    "X": "our assumption",
    "C": "tuned so that a target of the sources is met",
}


@dataclass(frozen=True)
class Meaning:
    """What stands behind a number: its sense, unit, range, source and grade."""

    text: str
    unit: str
    low: float
    high: float
    source: str
    grade: Grade
    choices: tuple[str, ...] = ()


def parameter(
    default: Any,
    text: str,
    *,
    unit: str = "",
    low: float = float("-inf"),
    high: float = float("inf"),
    grade: Grade,
    source: str,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a parameter of a domain.

    Args:
        default: The value where a scenario says nothing; its type is the
            field's annotation (float, int, bool, str, or a tuple of floats).
        text: What the number means, one line, lower case.
        unit: ``years``, ``per person-year``, ``proportion``, ``children a year`` ...
        low: Smallest value accepted.
        high: Largest value accepted.
        grade: How well it is known (``GRADES``).
        source: Where it comes from: a document and place, or the reasoning.
        choices: For words: every accepted one.
    """
    meaning = Meaning(text, unit, low, high, source, grade, choices)
    return field(default=default, metadata={"meaning": meaning})


def meanings(domain: type) -> dict[str, tuple[Any, Meaning]]:
    """Return the default and the meaning of each parameter of a domain, in order."""
    found: dict[str, tuple[Any, Meaning]] = {}
    for item in dataclasses.fields(domain):
        if "meaning" in item.metadata:
            default = None if item.default is MISSING else item.default
            found[item.name] = (default, item.metadata["meaning"])
    return found
