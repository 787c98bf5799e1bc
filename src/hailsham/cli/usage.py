"""What was typed wrong, in the form of every other fault.

Typer finds that a word at the prompt is wrong; the place, the words and the
remedy are ours. What it knows is read from what its errors carry, and not from
their texts.
"""

from __future__ import annotations

import re
from typing import Any

import typer

from hailsham.errors import AskerError, Fault

_NOTHING = "Nothing was done."
_LAST_BRACKETS = re.compile(r"\(([^()]*)\)$")
#: What an option takes, by the beginning of the name that its reader gives to the failure.
_KINDS = {"int": "a whole number", "float": "a number", "path": "a path"}


def refuse_command(word: str, *, known: list[str]) -> AskerError:
    """Return the refusal of a word that is no command.

    Args:
        word: What was typed.
        known: The commands that there are.
    """
    what = f"There is no command {word!r}."
    remedy = "'hailsham --help' says what each one does."
    fault = Fault("HS112", f"hailsham {word}", what, tuple(known), word, remedy)
    return AskerError([fault], closing=_NOTHING)


def refuse_usage(error: typer.TyperException, *, command: str | None) -> AskerError:
    """Return the refusal of what was typed before or after a command.

    Args:
        error: What Typer found.
        command: The command, if one was read.
    """
    context: Any = getattr(error, "ctx", None)
    place = f"hailsham {command}" if command else "hailsham"
    return AskerError([_fault(error, place, context)], closing=_NOTHING)


def _fault(error: Any, place: str, context: Any) -> Fault:
    remedy = f"'{place} --help' says what it takes."
    option = getattr(error, "option_name", "")
    if option and hasattr(error, "possibilities"):
        known = [name for param in context.command.params for name in param.opts]
        options = tuple(name for name in known if name.startswith("--"))
        what = f"'{place}' has no option {option}."
        return Fault("HS112", f"{place} {option}", what, options, option, remedy)
    if option:
        has_one = "not take" in error.format_message()
        what = "This option takes no value." if has_one else "This option stands without its value."
        return Fault("HS113", f"{place} {option}", what, remedy=remedy)
    param = getattr(error, "param", None)
    if param is None:
        words = _LAST_BRACKETS.search(error.format_message())
        what = f"One word too many: {words[1]}." if words else error.format_message()
        return Fault("HS112", place, what, remedy=remedy)
    name = param.metavar if param.param_type_name == "argument" else param.opts[-1]
    if hasattr(error, "param_type"):
        return Fault("HS113", place, f"{name} is missing.", remedy=remedy)
    return Fault("HS113", f"{place} {name}", _unread(error), remedy=remedy)


def _unread(error: Exception) -> str:
    """Say what a value should have been, from the failure of whoever tried to read it."""
    errors: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    if not errors:
        return "This value cannot be read."
    found = errors[0]
    kind = next((words for kind, words in _KINDS.items() if found["type"].startswith(kind)), "")
    limit = found.get("ctx", {})
    if "ge" in limit:
        kind = f"a number from {limit['ge']} on"
    elif "gt" in limit:
        kind = f"a number above {limit['gt']}"
    return f"This wants {kind or 'another value'}, and got {found['input']!r}."
