"""What goes where: the answer to standard output, everything else to standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

#: What a run calls as it goes on: the stage it is at, and the share of it that is done.
Observe = Callable[[str, float], None]

_DECIMALS = 4


def answer(lines: str | Iterable[str]) -> None:
    """Write the answer."""
    print(lines if isinstance(lines, str) else "\n".join(lines))


def answer_json(value: object) -> None:
    """Write the answer for a program. JSON has no NaN: what is no number is null."""
    print(json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False, default=str))


def note(text: str) -> None:
    """Say something that is not the answer."""
    print(text, file=sys.stderr, flush=True)


def table_lines(heads: Sequence[str], *, rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a table as aligned text, numbers to the right and words to the left.

    Args:
        heads: Names of the columns.
        rows: Their values; None is left empty.
    """
    values = [list(row) for row in rows]
    cells = [list(heads), *([_cell(value) for value in row] for row in values)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    are_numbers = [all(_is_number(row[i]) for row in values) for i in range(len(heads))]
    lines = [
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, are_numbers, strict=True)
        ).rstrip()
        for row in cells
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


@contextmanager
def watching(*, is_quiet: bool) -> Iterator[Observe | None]:
    """Show progress: a bar on a terminal, else one line a stage; nothing if quiet."""
    if is_quiet:
        yield None
    elif sys.stderr.isatty():
        with _bars() as observe:
            yield observe
    else:
        yield _lines()


def _lines() -> Observe:
    told: set[str] = set()

    def observe(stage: str, share_done: float) -> None:
        del share_done
        if stage not in told:
            told.add(stage)
            note(f"{stage} ...")

    return observe


@contextmanager
def _bars() -> Iterator[Observe]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        stages: dict[str, TaskID] = {}

        def observe(stage: str, share_done: float) -> None:
            if stage not in stages:
                stages[stage] = progress.add_task(stage, total=1.0)
            progress.update(stages[stage], completed=share_done)

        yield observe


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and math.isfinite(value):
        text = f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")
        return text if float(text) or not value else f"{value:.{_DECIMALS}g}"
    return str(value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
