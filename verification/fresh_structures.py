"""Hold the kernels of fresh random structures to the plain reading of the model's page.

    NUMBA_DISABLE_JIT=1 python -m verification.fresh_structures
    python -m verification.fresh_structures --structures 40 --kept

Run it in the project's folder, with hailsham and the packages of its tests. Hypothesis draws sound
structures that no test knows; each is lived with 20 sets of numbers by both readings. With
NUMBA_DISABLE_JIT the generated kernels run as Python, in a minute or two; without it each is
compiled, which takes seconds. ``--kept`` takes the structures of the tests instead. Adds a dated
row to the report beside this file, and ends with 1 if anything differed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.unit.engine.model.comparison import (
    N_PEOPLE,
    built,
    case,
    differences,
    kept,
    lived_plainly,
)
from tests.unit.engine.model.keeping import MOST_EVENTS, is_sound
from tests.unit.engine.model.structures import structures

REPORT = Path(__file__).with_suffix(".md")
HEADING = """# Fresh structures

Random sound structures, each lived by its generated kernel and by the plain reading of
`docs/reference/declared-model.md`, and compared event by event, to the last bit. Every row is one
run of `python -m verification.fresh_structures`.

| date | kernels | seed | structures | sets each | lives | events | differ | CPU seconds |
|---|---|---|---|---|---|---|---|---|
"""


def is_lively(structure: dict[str, Any], n_sets: int) -> bool:
    """Tell whether something happens in a structure, and no more than can be waited for."""
    model = built(structure)
    lived = [lived_plainly(model, case(structure, model, number)) for number in range(n_sets)]
    if None in lived:
        return False
    return 0 < sum(map(len, lived)) <= MOST_EVENTS * n_sets * N_PEOPLE


def fresh(n_structures: int, n_sets: int, chosen: int) -> list[dict[str, Any]]:
    """Draw sound structures that no number stops, each once."""
    found: dict[str, dict[str, Any]] = {}

    @seed(chosen)
    @settings(
        database=None,
        deadline=None,
        max_examples=20 * n_structures,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(structures())
    def draw(structure: dict[str, Any]) -> None:
        name = repr(structure)
        is_known = len(found) == n_structures or name in found
        if not is_known and is_sound(structure) and is_lively(structure, n_sets):
            found[name] = structure

    draw()
    return list(found.values())


def main() -> int:
    """Compare, print what differs, add a row to the report, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--structures", type=int, default=500)
    parser.add_argument("--sets", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", action="store_true", help="the structures of the tests")
    asked = parser.parse_args()
    began = time.process_time()
    drawn = kept() if asked.kept else fresh(asked.structures, asked.sets, asked.seed)
    found, n_events = differences(drawn, range(asked.sets))
    row = [
        datetime.now(UTC).strftime("%Y-%m-%d"),
        "as Python" if os.environ.get("NUMBA_DISABLE_JIT") == "1" else "compiled",
        "kept" if asked.kept else asked.seed,
        *(len(drawn), asked.sets, len(drawn) * asked.sets * N_PEOPLE, n_events, len(found)),
        round(time.process_time() - began),
    ]
    told = "| " + " | ".join(map(str, row)) + " |\n"
    before = REPORT.read_text() if REPORT.is_file() else HEADING
    REPORT.write_text(before + told)
    print(*found, told, sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
