"""Every way in which hailsham refuses, and the words it does it in.

    HailshamError
    ├── AskerError            the question cannot be answered as put   (exit 2)
    │   ├── ScenarioError     a scenario, or a --set, is unsound
    │   └── RunFolderError    a run folder is missing, cut off or altered
    └── OurError              something of ours failed                 (exit 1)

A refusal is a list of faults. A fault names its code, the place, what is
wrong, what is known there, and the remedy; each code has a page, shown by
``hailsham explain CODE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

#: Codes and their short titles. Codes are never reused.
CODES: dict[str, str] = {
    "HS101": "unknown key in a scenario",
    "HS102": "a value of the wrong kind",
    "HS103": "a value out of its range",
    "HS104": "not a scenario file",
    "HS105": "no such scenario",
    "HS106": "a base that goes round in a circle",
    "HS107": "a setting that is not KEY=VALUE",
    "HS108": "a window of years that cannot be run",
    "HS109": "a run without anybody in it",
    "HS110": "two settings that exclude each other",
    "HS111": "an unknown choice",
    "HS201": "no such run",
    "HS202": "a run that was not finished",
    "HS203": "a run folder that was altered or cut off",
    "HS204": "a run written by another version",
    "HS205": "no such person in a run",
    "HS206": "a question in SQL that cannot be answered",
    "HS207": "another process is writing this run",
    "HS208": "no room or no permission to write",
    "HS209": "no such fault code",
    "HS301": "a kernel ran out of room",
    "HS302": "a run broke a law of every run",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what, what is known there, and the remedy."""

    code: str
    where: str
    what: str
    known: tuple[str, ...] = ()
    got: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return the fault as a person reads it."""
        lines = [f"{self.code}  {self.where}", f"       {self.what}"]
        if self.known:
            lines.append(f"       known: {', '.join(self.known)}")
        near = get_close_matches(self.got, self.known, n=1) if self.got else []
        if near:
            lines.append(f"       did you mean {near[0]!r}?")
        if self.remedy:
            lines.append(f"       {self.remedy}")
        return "\n".join(lines)


class HailshamError(Exception):
    """Anything that hailsham refuses or fails to do.

    Args:
        faults: What is wrong, every fault at once.
        closing: One line after them: what was and was not done.
    """

    exit_code = 1

    def __init__(self, faults: Sequence[Fault], *, closing: str = "Nothing was run.") -> None:
        self.faults = tuple(faults)
        self.closing = closing
        super().__init__(str(self))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the faults, in order."""
        return tuple(fault.code for fault in self.faults)

    def __str__(self) -> str:
        """Return all faults and the closing line."""
        return "\n\n".join([*(str(fault) for fault in self.faults), self.closing])


class AskerError(HailshamError):
    """The question cannot be answered as it was put."""

    exit_code = 2


class ScenarioError(AskerError):
    """A scenario file or a setting is unsound."""


class RunFolderError(AskerError):
    """A run folder is missing, unfinished, cut off or altered."""


class OurError(HailshamError):
    """Something that the asker could not have done otherwise."""
