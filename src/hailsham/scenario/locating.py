"""Where each key of a TOML text stands.

A TOML parser gives values and forgets lines. Here the text is cut into its
statements, and each is parsed by itself: a statement ends with its line, unless
a string or a bracket is open there. So quoted names and tables in a line need
no rules of their own, and every sign is looked at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

#: What can hide the end of a statement (strings, comments, brackets), and what can be one.
_SIGNS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


def locate(text: str) -> dict[str, int]:
    """Return the line, from 1, on which each dotted key or table is written.

    Args:
        text: A whole document that is known to be TOML.
    """
    found: dict[str, int] = {}
    table = ""
    for line, statement in _statements(text.replace("\r\n", "\n")):
        keys = [join(*path) for path in _paths(tomllib.loads(statement))]
        if statement.lstrip().startswith("["):
            table = keys[0]
            found.setdefault(table, line)
        else:
            found |= {join(table, key): line for key in keys}
    return found


def join(*names: str) -> str:
    """Return the dotted name of a key inside a table; the outermost table has no name."""
    return ".".join(name for name in names if name)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the line on which it begins."""
    line, start, depth = 1, 0, 0
    for match in _SIGNS.finditer(f"{text}\n"):
        sign = match[0]
        depth += (sign in ("[", "{")) - (sign in ("]", "}"))
        if sign == "\n" and depth == 0:
            statement = text[start : match.start()]
            yield line, statement
            line, start = line + statement.count("\n") + 1, match.end()


def _paths(values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the path of every innermost key; an empty table counts as one."""
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from ((name, *rest) for rest in _paths(value))
        else:
            yield (name,)
