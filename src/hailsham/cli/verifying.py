"""The command `verify`: the engine against exact answers, here, now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from hailsham.cli.asking import AsJson
from hailsham.cli.screen import answer, answer_json, screen_width, table_lines, watching, wrapped

if TYPE_CHECKING:
    from hailsham.verification.comparison import Comparison

_DIFFERS = 1
#: The fourth is how many standard errors the simulated figure is above the exact one.
_HEADS = ("problem and quantity", "exact", "simulated", "z", "verdict")
#: What a line of 78 has room for.
_FIGURES = 5
_STAGE = "Simulating the reference problems (the first time some seconds of compiling, too)"


def verify(
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Which luck, a whole number.")
    ] = 1,
    scale_law: Annotated[
        bool,
        typer.Option("--scale-law", help="Instead: one problem at three sizes, and its cost."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Hold the engine against exact answers, here, now.

    Every answer is compared in standard errors (z). Ends with 1 if one differs.
    """
    from hailsham.verification.comparison import DIFFERS, verify_engine
    from hailsham.verification.scale_law import verify_scale_law

    with watching(is_quiet=as_json) as observe:
        # One bar for all: the name of each problem would open another.
        tell = None if observe is None else lambda _, share: observe(_STAGE, share)
        rows = (verify_scale_law if scale_law else verify_engine)(seed, observe=tell)
    if as_json:
        answer_json([asdict(row) for row in rows])
    else:
        _show(rows, seed)
    if any(row.verdict == DIFFERS for row in rows):
        raise typer.Exit(_DIFFERS)


def _show(rows: list[Comparison], seed: int) -> None:
    from hailsham.verification.comparison import DIFFERS, LIMIT, false_alarm_rate

    cells = [
        (
            f"{row.problem} {row.quantity}",
            f"{row.exact:.{_FIGURES}g}",
            f"{row.simulated:.{_FIGURES}g}",
            f"{row.z:+.2f}",
            row.verdict,
        )
        for row in rows
    ]
    answer(table_lines(_HEADS, rows=cells, width=screen_width()))
    wrong = [f"{row.problem} {row.quantity}" for row in rows if row.verdict == DIFFERS]
    told = f"differ: {', '.join(wrong)}" if wrong else "all agree"
    rate = false_alarm_rate(rows)
    answer(
        [
            "",
            wrapped(f"{len(rows)} answers, seed {seed}: {told}."),
            wrapped(
                f"z counts standard errors; an answer differs beyond {LIMIT:g} of them. By luck "
                f"alone a right engine differs somewhere on at most one seed in {1.0 / rate:,.0f}."
            ),
        ]
    )
