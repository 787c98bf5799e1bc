"""Source as nested lists: a string is a line, and a list is a block one step further in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hailsham.engine.declared.structure import Arm

#: Lines, and blocks of lines.
Body = Sequence["str | Body"]

#: How many statuses there may be: what stops a run is ``-(status + STATUSES * arm)``.
STATUSES = 16


def rendered(body: Body, *, depth: int = 0) -> str:
    """Return source as text."""
    return "\n".join(
        "    " * depth + part if isinstance(part, str) else rendered(part, depth=depth + 1)
        for part in body
        if part
    )


#: Functions of no more lines are written into their callers.
_SHORT = 32


def kernel(head: str, body: Body, *, is_inline: bool | None = None) -> str:
    """Return the source of a compiled function.

    Args:
        head: Its name and what it takes.
        body: What it does.
        is_inline: Whether it is written into its callers; by default a short
            one is. A call costs more than most of what an event does, and a
            long function that is written out everywhere costs the compiler more.
    """
    short = rendered(body).count("\n") < _SHORT
    mark = (
        "@compiled_bare_inline" if (short if is_inline is None else is_inline) else "@compiled_bare"
    )
    return rendered([mark, f"def {head}:", body])


def stop(status: int, arm: Arm, value: str, *, beside: str = "") -> Body:
    """Return what ends a run. Nobody reads the date of a stopped life: it carries the value."""
    return [f"who.date = {value}", f"return {-(status + STATUSES * arm.code)}{beside}"]


def any_of(name: str, values: Iterable[int], among: Iterable[int]) -> str:
    """Return the condition that a number is one of several; nothing if it always is."""
    wanted = sorted(set(values))
    if set(among) <= set(wanted):
        return ""
    return "(" + (" or ".join(f"{name} == {value}" for value in wanted) or "False") + ")"


def all_of(*conditions: str) -> str:
    """Return the condition that several hold at once; an empty one always does."""
    return " and ".join(one for one in conditions if one) or "True"


def choice(name: str, call: str, values: Iterable[int], otherwise: str) -> list[str | Body]:
    """Return a choice among calls by a number; ``{}`` in the call stands for it."""
    body: list[str | Body] = []
    for value in values:
        body += [f"{'elif' if body else 'if'} {name} == {value}:", [call.format(value)]]
    return [*body, "else:", [otherwise]] if body else [otherwise]
