"""From a resolved scenario to a finished run folder: the only parallel code.

The public is lived in blocks, side by side; blocks of a long run are kept on
disk, so that an interrupted run goes on from them. Results do not depend on
how many blocks or workers there are.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from hailsham.engine import compiling
from hailsham.engine.draws import draw_key
from hailsham.lives.codes import event_codes, risk_codes
from hailsham.lives.manifest import FINISHED, Manifest
from hailsham.lives.schema import describe_tables
from hailsham.lives.store import RunWriter, folder_name
from hailsham.scenario.resolve import Resolved, identity
from hailsham.world.account import account_columns
from hailsham.world.after import (
    event_columns,
    organ_columns,
    people_columns,
    see_changed_lives,
    turn_columns,
    year_columns,
)
from hailsham.world.england import (
    NOTES,
    NUMBERS,
    WEAK,
    Regimes,
    World,
    provenance_rows,
)
from hailsham.world.expectancy import expectancy_columns
from hailsham.world.parameters import GRADES
from hailsham.world.passes import (
    Alone,
    Meeting,
    Rows,
    last_year,
    live_block,
    meet_everybody,
    raise_children,
)
from hailsham.world.population import Population, populate
from hailsham.world.programme.donors import OPERATED
from hailsham.world.programme.houses import HouseParameters
from hailsham.world.public import Hazards, Need, Seen, public_hazards
from hailsham.world.recorded import FIRST_YEAR, Recorded, read_recorded
from hailsham.world.regimes.programme import ProgrammeParameters
from hailsham.world.waiting_list import need_of

#: ``observe(stage, share done)`` is told how far a run has come.
Observe = Callable[[str, float], None]
Columns = dict[str, Any]
Block = TypeVar("Block")

_BLOCK, _LARGE_BLOCK = 50_000, 500_000
#: From so many blocks on, finished blocks are kept on disk until the run is done.
_KEPT_FROM = 8
_SAMPLE = 20_000  # members of the public in the table of people where not all are
_PUBLIC_TURNS = 2_000
_PART_ROWS = 4_000_000
_TINY = 100_000  # the scale of the run that compiles every kernel

ALONE, MEETING, WRITING = "living alone", "meeting", "writing"


def is_warm() -> bool:
    """Tell whether the kernels have been compiled before on this machine."""
    return compiling.is_warm()


@dataclass(frozen=True)
class _Setting:
    """What every replicate of a run shares."""

    world: World
    recorded: Recorded
    hazards: Hazards
    need: Need
    population: Population
    keep_every: int


def _set(world: World, *, scale: int, log: str) -> _Setting:
    recorded = read_recorded()
    population = populate(recorded, scale=scale, migration=world.public.migration == "residual")
    keep_every = 1 if log != "none" else max(1, population.n_people // _SAMPLE)
    hazards = public_hazards(recorded, world.public)
    return _Setting(world, recorded, hazards, need_of(world.list), population, keep_every)


def _blocks(n_people: int) -> list[tuple[int, int]]:
    size = _BLOCK if n_people <= _KEPT_FROM * _BLOCK else _LARGE_BLOCK
    return [(start, min(start + size, n_people)) for start in range(0, n_people, size)]


def _kept(writer: RunWriter | None, name: str) -> Alone | None:
    found = writer.kept(name) if writer else None
    if found is None:
        return None
    seen = Seen(*(found[field] for field in Seen._fields))
    return Alone(seen, found["people"], found["patients"])


def _keep(writer: RunWriter | None, name: str, block: Alone) -> None:
    if writer:
        writer.keep(
            name, {**block.seen._asdict(), "people": block.people, "patients": block.patients}
        )


def _live_alone(
    key: np.uint64,
    setting: _Setting,
    *,
    workers: int,
    observe: Observe,
    writer: RunWriter | None,
    name: str,
) -> Alone:
    """Live the public in blocks, side by side, and put the blocks together."""
    blocks = _blocks(setting.population.n_people)
    keeper = writer if len(blocks) > _KEPT_FROM else None

    def live(at: int) -> Alone:
        start, stop = blocks[at]
        kept = _kept(keeper, f"{name}-{start}-{stop}")
        if kept is not None:
            return kept
        block = live_block(
            key, setting.population, setting.hazards, setting.need, start=start, stop=stop,
            keep_every=setting.keep_every,
        )  # fmt: skip
        _keep(keeper, f"{name}-{start}-{stop}", block)
        return block

    done = _side_by_side(live, len(blocks), workers=workers, observe=observe)
    seen = Seen(*(np.sum(fields, axis=0) for fields in zip(*(b.seen for b in done), strict=True)))
    return Alone(
        seen,
        np.concatenate([block.people for block in done]),
        np.concatenate([block.patients for block in done]),
    )


def _side_by_side(
    live: Callable[[int], Block], n_blocks: int, *, workers: int, observe: Observe
) -> list[Block]:
    """Live blocks side by side, and return them in their order."""
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(live, at) for at in range(n_blocks)]
        try:
            waiting = set(futures)
            while waiting:
                _, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                observe(ALONE, 1.0 - len(waiting) / len(futures))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]


def _copied(seen: Seen) -> Seen:
    return Seen(*(values.copy() for values in seen))


def _replicate(
    key: np.uint64,
    setting: _Setting,
    *,
    years: tuple[int, int],
    log: str,
    workers: int,
    observe: Observe,
    writer: RunWriter | None = None,
    name: str = "block",
) -> dict[str, Columns]:
    """Run one replicate and return the columns of every table."""
    world, hazards = setting.world, setting.hazards
    alone = _live_alone(key, setting, workers=workers, observe=observe, writer=writer, name=name)
    observe(MEETING, 0.0)
    children = raise_children(key, world, setting.recorded, hazards, scale=setting.population.scale)
    meeting = _meet(key, setting, alone.patients, children.clones)
    observe(MEETING, 1.0)
    simulated = _copied(alone.seen)
    see_changed_lives(simulated, meeting.patients)
    longer = (FIRST_YEAR, last_year(meeting, at_least=max(years[1], math.ceil(world.list.closes))))
    places = np.arange(0, setting.population.n_people, setting.keep_every)
    step = max(1, alone.people.size // _PUBLIC_TURNS)
    programme = world.regimes.programme
    houses = programme.houses if programme else HouseParameters()
    patients, clones = meeting.patients, meeting.clones
    return {
        "people": people_columns(
            alone.people, places, patients, clones, children.names, children.citizen_end
        ),
        "events": event_columns(
            alone.people, patients, clones, meeting.log, houses=houses, keep=log
        ),
        "organs": organ_columns(meeting.organs, patients, clones),
        "turns": turn_columns(
            key, alone.people[::step], meeting.clinic, patients, meeting.turns, hazards
        ),
        "years": year_columns(
            simulated, alone.seen, patients, meeting.stays, clones, years=years, longer=longer
        ),
        "account": account_columns(
            "programme" if programme else "none", meeting.stays, patients, meeting.organs, clones,
            citizen_end=children.citizen_end, operations=_operations(meeting),
            years=longer,
        ),
        "expectancy": expectancy_columns(
            simulated, alone.seen, setting.recorded, years=years
        ),
    }  # fmt: skip


def _operations(meeting: Meeting) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return when each operation was."""
    n = int(meeting.log.rows[0])
    return np.asarray(meeting.log.time[:n][meeting.log.event[:n] == OPERATED])


def _meet(key: np.uint64, setting: _Setting, patients: Rows, clones: Rows) -> Meeting:
    """Let everybody meet in a thread of its own, so that Ctrl-C finds Python awake."""
    stopped = np.zeros(1, np.int64)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(
            meet_everybody, key, setting.world, setting.hazards, setting.need, patients, clones,
            stopped,
        )  # fmt: skip
        try:
            return future.result()
        except BaseException:
            stopped[0] = 1
            raise


def _dictionary(resolved: Resolved) -> dict[str, Any]:
    return {
        "tables": describe_tables(),
        "codes": {"event": event_codes(), "risk": risk_codes()},
        "parameters": resolved.parameters(),
        "grades": GRADES,
        "provenance": provenance_rows(),
        "notes": list(NOTES),
        "weak": list(WEAK),
    }


def _versions() -> dict[str, str]:
    names = ("hailsham", "numpy", "numba", "polars")
    return {
        "numbers": NUMBERS,
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def _write(
    writer: RunWriter, replicates: list[dict[str, Columns]], observe: Observe
) -> dict[str, int]:
    """Write every table, and return how many rows each has."""
    counts: dict[str, int] = {}
    for at, name in enumerate(replicates[0]):
        observe(WRITING, at / len(replicates[0]))
        parts = [_with_replicate(tables[name], number) for number, tables in enumerate(replicates)]
        counts[name] = sum(part["replicate"].size for part in parts)
        if name == "events":
            for number, columns in enumerate(_split(parts)):
                writer.write_table(name, columns, part=number)
        else:
            whole = {column: np.concatenate([p[column] for p in parts]) for column in parts[0]}
            writer.write_table(name, whole)
    observe(WRITING, 1.0)
    return counts


def _with_replicate(columns: Columns, number: int) -> Columns:
    size = len(next(iter(columns.values())))
    return {"replicate": np.full(size, number, np.int32), **columns}


def _split(parts: list[Columns]) -> Iterator[Columns]:
    """Yield parts of bounded size, cut only between people."""
    for columns in parts:
        person = columns["person"]
        start = 0
        while start < person.size or start == 0:
            stop = min(start + _PART_ROWS, person.size)
            while 0 < stop < person.size and person[stop] == person[stop - 1]:
                stop += 1
            yield {name: values[start:stop] for name, values in columns.items()}
            start = max(stop, 1)


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
    tell: Observe = observe or (lambda _stage, _share: None)
    settings = resolved.run
    run_id = identity(resolved, numbers=NUMBERS)
    folder = runs / folder_name(resolved.name, run_id)
    scenario = resolved.as_toml()
    setting = _set(resolved.world, scale=settings.scale, log=settings.log)
    with RunWriter(folder) as writer:
        replicates = [
            _replicate(
                draw_key(settings.seed, number),
                setting,
                years=settings.years,
                log=settings.log,
                workers=workers or os.cpu_count() or 1,
                observe=tell,
                writer=writer,
                name=f"block-{number:04d}",
            )
            for number in range(settings.replicates)
        ]
        compiling.mark_warm()
        lived = time.perf_counter()
        rows = _write(writer, replicates, tell)
        writer.write_text("scenario.toml", scenario)
        writer.write_text("dictionary.json", json.dumps(_dictionary(resolved), indent=1))
        n_clones = sum(int((r["people"]["kind"] == 1).sum()) for r in replicates)
        counts = {"public": setting.population.n_people * settings.replicates, "clones": n_clones}
        seconds = {"living": lived - began, "writing": time.perf_counter() - lived}
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
                years=settings.years,
                log=settings.log,
                versions=_versions(),
                counts=counts | rows,
                seconds={name: round(value, 3) for name, value in seconds.items()},
            )
        )
    return folder


def warm(observe: Observe | None = None) -> None:
    """Compile every kernel, by running a very small England in memory."""
    tell: Observe = observe or (lambda _stage, _share: None)
    world = World(regimes=Regimes(ProgrammeParameters()))
    setting = _set(world, scale=_TINY, log="full")
    _replicate(draw_key(0), setting, years=(1947, 2000), log="full", workers=1, observe=tell)
    compiling.mark_warm()
