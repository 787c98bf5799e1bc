"""Every way in which hailsham refuses, and the words it does it in.

    HailshamError
    ├── AskerError            the question cannot be answered as put   (exit 2)
    │   ├── ScenarioError     a scenario, or a --set, is unsound
    │   ├── RunFolderError    a run folder is missing, cut off or altered
    │   └── ModelError        a declared model is unsound, or stopped its own run
    └── OurError              something of ours failed                 (exit 1)

A refusal is a list of faults. A fault names its code, the place, what is
wrong, what is known there, and the remedy; each code has a page, shown by
``hailsham explain CODE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import fill

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
    "HS112": "an unknown command or option",
    "HS113": "a value at the prompt that is missing or cannot be read",
    "HS114": "an unknown reading",
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
    "HS401": "a number that no hazard can have",
    "HS402": "a state that nobody can come to",
    "HS403": "shares that do not make a whole",
    "HS404": "an endless loop of instant transitions",
    "HS405": "an attribute read before it is set",
    "HS406": "an unknown attribute or circumstance",
    "HS407": "a function that cannot be compiled",
    "HS408": "a name that is taken, or is none",
    "HS409": "a state or a pool of another model",
    "HS410": "a clock that is none",
    "HS411": "a clock that never starts",
    "HS412": "an effect on what has no hazard",
    "HS413": "a pool that cannot serve",
    "HS414": "a hazard above its bound",
    "HS415": "two draws with one address",
    "HS416": "a model in which nothing can happen",
    "HS417": "an unknown parameter",
    "HS418": "a run that cannot be",
}

#: No line of a message is longer, but for places and for words that cannot be broken.
WIDTH = 78
_INDENT = 7 * " "
#: As many faults are told; a file with thousands has one cause, and it is among these.
_MOST_TOLD = 20
#: Nobody misspells a longer word so that the right one can be guessed.
_LONGEST_GUESSED = 100


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
        lines = [_visible(f"{self.code}  {self.where}"), _indented(self.what)]
        if self.known:
            lines.append(_indented(f"known: {', '.join(self.known)}"))
        is_guessable = 0 < len(self.got) <= _LONGEST_GUESSED
        near = get_close_matches(self.got, self.known, n=1) if is_guessable else []
        if near:
            lines.append(_indented(f"did you mean {near[0]!r}?"))
        if self.remedy:
            lines.append(_indented(self.remedy))
        return "\n".join(lines)


def _indented(text: str) -> str:
    """Return one sentence or more as lines under a place; names are never broken."""
    return fill(
        _visible(" ".join(text.split())),
        WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _visible(text: str) -> str:
    """Return a text that does nothing to a terminal: what cannot be printed is spelt."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


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
        """Return the faults, if they are not too many, and the closing line."""
        told = [str(fault) for fault in self.faults[:_MOST_TOLD]]
        n_untold = len(self.faults) - len(told)
        if n_untold:
            told.append(f"... and {n_untold:,} more fault{'s' * (n_untold > 1)}.")
        return "\n\n".join([*told, self.closing])


class AskerError(HailshamError):
    """The question cannot be answered as it was put."""

    exit_code = 2


class ScenarioError(AskerError):
    """A scenario file or a setting is unsound."""


class RunFolderError(AskerError):
    """A run folder is missing, unfinished, cut off or altered."""


class ModelError(AskerError):
    """A declared model is unsound, or stopped its own run."""


class OurError(HailshamError):
    """Something that the asker could not have done otherwise."""
