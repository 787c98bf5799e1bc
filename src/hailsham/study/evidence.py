"""The evidence from a run made for it, or from runs that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hailsham.errors import Fault, RunFolderError
from hailsham.lives.store import StoredRun
from hailsham.runs import Observe
from hailsham.study.questions import NOBODY_BESIDE, ask
from hailsham.telling.evidence.lives import read_lives
from hailsham.telling.evidence.rows import Row, judge
from hailsham.world.programme.houses import POD
from hailsham.world.sources.readings import DEFAULT

#: Enough that every row can be told that lives alone can tell, but the course of the story.
LIVES = 200_000
#: Of every ten children of the main run, one is raised in another house beside it, for T24.
_ELSEWHERE = 10


@dataclass(frozen=True)
class Evidence:
    """The rows, the runs they rest on, and what is weak in the model that made them."""

    rows: tuple[Row, ...]
    runs: tuple[StoredRun, ...]
    weak: tuple[str, ...]


def gather(
    *,
    lives: int = LIVES,
    reading: str = DEFAULT,
    seed: int = 1,
    runs: Path,
    observe: Observe | None = None,
) -> Evidence:
    """Run the Programme alone, Hailsham's children and others apart, and judge the lives.

    Args:
        lives: How many of Hailsham's children.
        reading: Under which reading, by name or alias.
        seed: Which luck.
        runs: The folder of runs.
        observe: Is told how far the runs have come.

    Raises:
        ScenarioError: HS114 if there is no such reading.
    """
    run = ask({}, reading=reading, lives=lives, seed=seed, runs=runs, observe=observe)
    beside = ask(
        {**NOBODY_BESIDE, "alone.hailsham_share": 0.0},
        reading=reading,
        lives=max(POD, lives // _ELSEWHERE),
        seed=seed,
        runs=runs,
        observe=observe,
    )
    rows = judge(read_lives(run, elsewhere=beside))
    return Evidence(rows, (run, beside), tuple(run.dictionary["weak"]))


def gather_from(stored: Sequence[StoredRun]) -> Evidence:
    """Judge the lives of runs that are there, put together.

    Args:
        stored: Runs of one question, with one luck or several.

    Raises:
        RunFolderError: HS205 if nobody in them was raised for the Programme,
            HS110 if they do not answer the same question.
    """
    asked = {run.manifest.scenario_sha256 for run in stored}
    if len(asked) > 1:
        names = ", ".join(run.path.name for run in stored)
        what = "These runs answer different questions, so their lives are not of one kind."
        raise RunFolderError(
            [Fault("HS110", f"evidence {names}", what, remedy="Judge each by itself.")],
            closing="Nothing was judged.",
        )
    lives = read_lives(*stored)
    if not lives.n_lives:
        names = ", ".join(run.path.name for run in stored)
        what = "Nobody in it was raised for the Programme, so there is nothing to judge."
        raise RunFolderError([Fault("HS205", names, what)], closing="Nothing was judged.")
    return Evidence(judge(lives), tuple(stored), tuple(stored[0].dictionary["weak"]))
