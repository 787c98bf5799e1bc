"""The reference problems: what is given, and what is known of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("reference_problems.json")

#: What is given in a problem, by the names that the file uses.
Inputs = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A reference problem; an answer is a number, or the words of a block in hexadecimal."""

    id: str
    title: str
    inputs: Inputs
    answers: dict[str, Any]


@cache
def read_problems() -> dict[str, Problem]:
    """Read the problems by their names, ``P01`` to ``P29``.

    The answers stand in the file as decimals of 16 figures, each found by two
    methods that share nothing; the file names both, and how far they differ.
    """
    written = json.loads(_FILE.read_text(encoding="utf-8"))["problems"]
    return {
        problem["id"]: Problem(
            problem["id"],
            problem["title"],
            problem["inputs"],
            {name: _number(answer) for name, answer in problem["answers"].items()},
        )
        for problem in written
    }


def _number(answer: Any) -> Any:
    return float(answer) if isinstance(answer, str) else answer
