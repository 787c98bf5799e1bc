"""What goes where: the answer to standard output, everything else to standard error."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from textwrap import fill
from typing import Any

from hailsham.errors import WIDTH

#: What a run calls as it goes on: the stage it is at, and the share of it that is done.
Observe = Callable[[str, float], None]

_DECIMALS = 4
_GAP = "  "


def answer(lines: str | Iterable[str]) -> None:
    """Write the answer."""
    print(lines if isinstance(lines, str) else "\n".join(lines))


def answer_json(value: object) -> None:
    """Write the answer for a program. JSON has no NaN: what is no number is null."""
    # What a stream cannot say is spelt in its own way, which need not be that of JSON.
    is_plain = not str(sys.stdout.encoding).lower().startswith("utf")
    told = _plain(value)
    print(json.dumps(told, indent=2, ensure_ascii=is_plain, allow_nan=False, default=str))


def note(text: str) -> None:
    """Say something that is not the answer; that nobody listens stops nothing."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def wrapped(text: str) -> str:
    """Return a sentence in lines of bounded length; no name in it is broken."""
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def screen_width() -> int:
    """Return how many signs a line of the answer may have: COLUMNS, the terminal's, or 78."""
    return shutil.get_terminal_size((WIDTH, 0)).columns


def table_lines(
    heads: Sequence[str], *, rows: Iterable[Sequence[object]], width: int | None = None
) -> list[str]:
    """Return a table as aligned text, numbers to the right and words to the left.

    Args:
        heads: Names of the columns.
        rows: Their values; None is left empty.
        width: Longest line wanted. A wider table is folded into blocks, each
            of which begins with the first column.
    """
    values = [list(row) for row in rows]
    cells = [list(heads), *([_cell(value) for value in row] for row in values)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    are_numbers = [all(_is_number(row[i]) for row in values) for i in range(len(heads))]
    lines: list[str] = []
    for block in _blocks(widths, width):
        told = [
            _GAP.join(
                row[at].rjust(widths[at]) if are_numbers[at] else row[at].ljust(widths[at])
                for at in block
            ).rstrip()
            for row in cells
        ]
        rule = _GAP.join("-" * widths[at] for at in block)
        lines += [*([""] if lines else []), told[0], rule, *told[1:]]
    return lines


def _blocks(widths: Sequence[int], width: int | None) -> Iterator[list[int]]:
    """Yield the columns of each block of a table, by their places."""
    block = [0]
    for at in range(1, len(widths)):
        taken = sum(widths[each] + len(_GAP) for each in block) + widths[at]
        if width is not None and taken > width and len(block) > 1:
            yield block
            block = [0]
        block.append(at)
    yield block


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
