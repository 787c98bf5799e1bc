"""Judge the targets over many seeds, and write how often each holds.

    python -m verification.evidence_seeds
    python -m verification.evidence_seeds --seeds 20 --lives 200000 --out FILE.md

Run it in the project's folder, with hailsham installed. Lives come straight
from the kernel, and no run folder is written. Rows whose standing is
tuned, built in part or emerges should hold on at least 19 of 20 seeds. Where
one does not, its figure is reported and no range is widened. Ends with 1 if a
row that can be judged at this size holds on fewer.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hailsham.study.evidence import LIVES
from hailsham.telling.evidence.lives import Lives
from hailsham.telling.evidence.measures import PROTESTER, REMINISCER, REPAIRER
from hailsham.telling.evidence.rows import Row, judge
from hailsham.telling.evidence.targets import TARGETS, Target
from hailsham.world.development.lives import live_alone
from hailsham.world.development.parameters import InnerLife, hailsham, other_school
from hailsham.world.england import NUMBERS
from hailsham.world.programme.houses import POD

#: Of twenty seeds so many must agree; one in twenty may fall outside a 95 % interval.
SHARE = 19 / 20
JUDGED = ("tuned", "built in part", "emerges")
HEADINGS = (
    "target", "standing", "met", "missed", "undecidable", "figure", "mean", "least", "greatest",
    "standard error", "power", "holds",
)  # fmt: skip


def main() -> int:
    """Judge every seed, write the table, and return the exit code."""
    asked = _asked()
    begun = time.monotonic()
    by_seed = [_judge(seed, asked.lives) for seed in range(1, asked.seeds + 1)]
    lines = [*_opening(asked, time.monotonic() - begun), *_table(by_seed)]
    text = "\n".join([*lines, ""])
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    return 0 if all(_holds(target, by_seed) != "no" for target in TARGETS) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds, from 1 on")
    parser.add_argument("--lives", type=int, default=LIVES)
    parser.add_argument("--out", type=Path, help="where to keep the report")
    return parser.parse_args()


def _judge(seed: int, lives: int) -> dict[str, Row]:
    """Return the rows of one seed."""
    begun = time.monotonic()
    people = _live(hailsham(), seed, lives, is_hailsham=True)
    beside = _live(other_school(), seed, lives // 10, is_hailsham=False)
    found = judge(Lives(people, _NOTHING_TAKEN, beside))
    rows = {row.target.name: row for row in found}
    print(f"seed {seed}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return rows


def _live(life: InnerLife, seed: int, lives: int, *, is_hailsham: bool) -> pl.DataFrame:
    """Return lives as a run's table of people has them, as far as the targets look."""
    rows = live_alone(life, n_pods=lives // POD, seed=seed).lives
    return pl.DataFrame({name: _column(rows, name) for name in _COLUMNS}).with_columns(
        pl.col(pl.Float64).fill_nan(None),
        pl.col("couple", "first_couple").replace(-1, None),
        replicate=pl.lit(0, pl.Int32),
        status=pl.lit("died"),
        completed_at_donation=pl.col("donations"),
        style=pl.Series([_STYLES.get(style, "another") for style in rows["style"].tolist()]),
        as_hailsham=pl.lit(is_hailsham),
    )


def _column(rows: NDArray[np.void], name: str) -> NDArray[np.generic]:
    return np.ascontiguousarray(rows[name])


_COLUMNS = (
    "person", "house", "born", "ended", "left_house", "carer_from", "carer_until", "tenure",
    "quality", "donor_from", "first_operation", "donations", "integrity", "knowledge_15",
    "awareness_15", "consolation", "hope_end", "understanding", "truth", "couple", "first_couple",
    "couple_from", "believed_deferral", "applied", "refused", "chances_taken",
)  # fmt: skip
_STYLES = {1: REMINISCER, 2: REPAIRER, 3: PROTESTER}
_NOTHING_TAKEN = pl.DataFrame(
    schema={"replicate": pl.Int32, "donor": pl.Int64, "organ": pl.String, "step": pl.Int32}
)


def _opening(asked: argparse.Namespace, seconds: float) -> list[str]:
    day = datetime.now(UTC).date().isoformat()
    return [
        "# Targets over seeds",
        "",
        f"Written by `python -m verification.evidence_seeds --seeds {asked.seeds} --lives "
        f"{asked.lives}` on {day}, Python {platform.python_version()}, numbers version {NUMBERS}, "
        f"in {seconds:.0f} s.",
        "",
        f"{asked.lives:,} of Hailsham's children a seed, and a tenth as many of other houses for "
        "T24. A row holds if it is met on at least 19 of 20 seeds. Rows given to the model, or "
        "that it cannot fail, are listed for completeness.",
        "",
    ]


def _table(by_seed: list[dict[str, Row]]) -> list[str]:
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    for target in TARGETS:
        rows = [rows[target.name] for rows in by_seed]
        counts: dict[str, int] = defaultdict(int)
        for row in rows:
            counts[row.verdict] += 1
        verdicts = [str(counts[verdict]) for verdict in ("met", "missed", "undecidable")]
        holds = _holds(target, by_seed)
        first = [target.name, target.standing, *verdicts]
        for at, part in enumerate(target.parts):
            lines.append(_line([*first, part.name, *_figures(rows, at), holds]))
            first, holds = [""] * len(first), ""
        if not target.parts:
            lines.append(_line([*first, "not simulated", *[""] * 5, holds]))
    return lines


def _figures(rows: list[Row], at: int) -> list[str]:
    """Return mean, least and greatest of a figure over seeds, its error within one, its power."""
    estimates = [row.findings[at].estimate for row in rows]
    values = [each.value for each in estimates if each.value is not None]
    errors = [each.standard_error for each in estimates if each.standard_error is not None]
    powers = [row.findings[at].power for row in rows]
    known = [power for power in powers if power is not None]
    if not values:
        return [""] * 5
    told = (statistics.mean(values), min(values), max(values), statistics.mean(errors))
    return [*(f"{value:.4g}" for value in told), f"{max(known):,}" if known else ""]


def _holds(target: Target, by_seed: list[dict[str, Row]]) -> str:
    """Return whether a row holds; empty where nothing is asked of it, or nothing could be seen."""
    verdicts = [rows[target.name].verdict for rows in by_seed]
    if target.standing not in JUDGED or set(verdicts) <= {"not simulated"}:
        return ""
    if set(verdicts) == {"undecidable"}:
        return "too few lives"
    return "yes" if verdicts.count("met") >= SHARE * len(verdicts) else "no"


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
