"""From a resolved scenario to a finished run folder."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hailsham.engine import compiling
from hailsham.engine.draws import draw_key
from hailsham.lives.codes import event_codes, risk_codes
from hailsham.lives.manifest import FINISHED, Manifest
from hailsham.lives.schema import describe_tables
from hailsham.lives.store import RunWriter, folder_name
from hailsham.runs.alone import live_one_pod, make_alone
from hailsham.runs.england import make_england, run_replicate, settle
from hailsham.runs.hands import Hands, Observe, tell_nobody
from hailsham.scenario.resolve import Resolved, identity
from hailsham.world import england
from hailsham.world.alone import provenance as alone
from hailsham.world.england import NUMBERS, Regimes, World
from hailsham.world.parameters import GRADES
from hailsham.world.regimes.programme import ProgrammeParameters
from hailsham.world.sources.readings import by_name

#: What a run may be of: an England with its public, or the Programme standing alone.
WORLDS = ("england", "alone")
_TINY = 100_000  # the scale of the run that compiles every kernel


def is_warm(worlds: Iterable[str] = WORLDS) -> bool:
    """Tell whether the kernels of some worlds have been compiled before on this machine."""
    return all(compiling.is_warm(world) for world in worlds)


def run_scenario(
    resolved: Resolved,
    *,
    runs: Path,
    workers: int | None = None,
    observe: Observe | None = None,
) -> Path:
    """Run a scenario and write its run folder.

    Args:
        resolved: The question, with nothing implied.
        runs: Where run folders are kept.
        workers: How many blocks are lived side by side; left out, one a core.
        observe: Told the stage and the share of it that is done.

    Returns:
        The finished run folder.

    Raises:
        RunFolderError: HS207 if another process writes it, HS208 if there is
            no room or no permission.
    """
    began = time.perf_counter()
    settings = resolved.run
    run_id = identity(resolved, numbers=NUMBERS)
    folder = runs / folder_name(resolved.name, run_id)
    scenario = resolved.as_toml()
    make = make_england if resolved.world.alone is None else make_alone
    with RunWriter(folder) as writer:
        hands = Hands(writer, workers or os.cpu_count() or 1, observe or tell_nobody)
        made = make(resolved, hands=hands)
        writer.write_text("scenario.toml", scenario)
        writer.write_text("dictionary.json", json.dumps(_dictionary(resolved), indent=1))
        seconds = {"living": made.lived - began, "writing": time.perf_counter() - made.lived}
        writer.finish(
            Manifest(
                id=run_id,
                status=FINISHED,
                scenario=resolved.name,
                title=resolved.title,
                scenario_sha256=hashlib.sha256(scenario.encode()).hexdigest(),
                seed=settings.seed,
                scale=settings.scale,
                replicates=settings.replicates,
                years=made.years,
                log=settings.log,
                versions=_versions(),
                counts=made.counts,
                seconds={name: round(value, 3) for name, value in seconds.items()},
            )
        )
    return folder


def world_of(resolved: Resolved) -> str:
    """Return the world that a question is about, one of ``WORLDS``."""
    return "england" if resolved.world.alone is None else "alone"


def _dictionary(resolved: Resolved) -> dict[str, Any]:
    is_alone = resolved.world.alone is not None
    said = alone if is_alone else england
    names = ("what", "standing", "text", "source")
    return {
        "world": world_of(resolved),
        "reading": resolved.reading,
        "tables": describe_tables(is_alone=is_alone),
        "codes": {"event": event_codes(), "risk": risk_codes()},
        "parameters": resolved.parameters(),
        "grades": GRADES,
        "provenance": [dict(zip(names, row, strict=True)) for row in said.PROVENANCE],
        "notes": [*said.NOTES, *_not_simulated(resolved.reading)],
        "weak": list(said.WEAK),
    }


def _not_simulated(reading: str) -> list[str]:
    """Return what of a reading no run shows yet."""
    what = by_name(reading).not_simulated
    return [f"Of the reading {reading}: {what}"] if what else []


def _versions() -> dict[str, str]:
    names = ("hailsham", "numpy", "numba", "polars")
    return {
        "numbers": NUMBERS,
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def warm(observe: Observe | None = None) -> None:
    """Compile every kernel: live a very small England in memory, and one pod alone."""
    world = World(regimes=Regimes(ProgrammeParameters()))
    setting = settle(world, scale=_TINY, log="full")
    watch = observe or tell_nobody
    run_replicate(draw_key(0), setting, years=(1947, 2000), log="full", workers=1, observe=watch)
    live_one_pod()
    for name in WORLDS:
        compiling.mark_warm(name)
