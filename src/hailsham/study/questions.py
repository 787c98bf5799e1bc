"""One question put to the Programme alone: found if it was answered before, else run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hailsham.lives.store import StoredRun, find_run, open_run
from hailsham.runs import Observe, run_scenario
from hailsham.scenario.resolve import identity, resolve
from hailsham.world.england import NUMBERS
from hailsham.world.sources.readings import DEFAULT as DEFAULT_READING

#: The scenario in which everybody has an inner life, and nobody else is there.
ALONE = "programme-alone"
#: Leaves out the small populations that are lived beside a run for its page.
NOBODY_BESIDE: Mapping[str, float] = {"alone.beside": 0}


def ask(
    settings: Mapping[str, float | str],
    *,
    reading: str = DEFAULT_READING,
    lives: int,
    seed: int,
    runs: Path,
    observe: Observe | None = None,
) -> StoredRun:
    """Return the run of the Programme alone under some settings.

    Args:
        settings: Values by the dotted names of a scenario file.
        reading: What they are laid over, by name or alias.
        lives: How many children.
        seed: Which luck.
        runs: The folder of runs.
        observe: Is told how far the run has come.

    Raises:
        ScenarioError: HS101 to HS114, every fault at once.
        RunFolderError: HS207 and HS208, if the run cannot be written.
    """
    sets = [f"{key}={value}" for key, value in settings.items()]
    resolved = resolve(ALONE, sets=sets, reading=reading, lives=lives, seed=seed)
    found = find_run(runs, identity=identity(resolved, numbers=NUMBERS))
    return open_run(found or run_scenario(resolved, runs=runs, observe=observe))
