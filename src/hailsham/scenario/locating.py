"""Where each key of a TOML text stands.

A TOML parser gives values and forgets lines. Here the text is cut into its
statements, and each is parsed by itself: a statement is the fewest lines, from
where the last one ended, that parse. So strings and arrays over several lines,
quoted names and tables in a line need no rules of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any


def locate(text: str) -> dict[str, int]:
    """Return the line, from 1, on which each dotted key or table is written.

    Args:
        text: A whole document that is known to be TOML.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found: dict[str, int] = {}
    table = ""
    start = 0
    while start < len(lines):
        stop, statement = _statement(lines, start)
        keys = [join(*path) for path in _paths(statement)]
        if lines[start].lstrip().startswith("["):
            table = keys[0]
            found.setdefault(table, start + 1)
        else:
            found |= {join(table, key): start + 1 for key in keys}
        start = stop
    return found


def join(*names: str) -> str:
    """Return the dotted name of a key inside a table; the outermost table has no name."""
    return ".".join(name for name in names if name)


def _statement(lines: list[str], start: int) -> tuple[int, dict[str, Any]]:
    """Return the line after the statement that begins here, and what it says."""
    for stop in range(start + 1, len(lines)):
        try:
            return stop, tomllib.loads("\n".join(lines[start:stop]))
        except tomllib.TOMLDecodeError:
            continue
    return len(lines), tomllib.loads("\n".join(lines[start:]))


def _paths(values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the path of every innermost key; an empty table counts as one."""
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from ((name, *rest) for rest in _paths(value))
        else:
            yield (name,)
