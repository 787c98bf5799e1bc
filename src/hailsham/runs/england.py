"""An England, lived: the public in blocks side by side, and then whoever meets somebody.

Blocks of a long run are kept on disk, so that an interrupted run goes on from
them. Results do not depend on how many blocks or workers there are.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from hailsham.engine import compiling
from hailsham.engine.draws import draw_key
from hailsham.lives.store import RunWriter
from hailsham.runs.hands import (
    KEPT_FROM,
    MEETING,
    WRITING,
    Columns,
    Hands,
    Made,
    Observe,
    side_by_side,
    split_events,
    with_replicate,
)
from hailsham.scenario.resolve import Resolved
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
    World,
)
from hailsham.world.expectancy import expectancy_columns
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
from hailsham.world.waiting_list import need_of

_BLOCK, _LARGE_BLOCK = 50_000, 500_000
_SAMPLE = 20_000  # members of the public in the table of people where not all are
_PUBLIC_TURNS = 2_000


@dataclass(frozen=True)
class Setting:
    """What every replicate of a run shares."""

    world: World
    recorded: Recorded
    hazards: Hazards
    need: Need
    population: Population
    keep_every: int


def settle(world: World, *, scale: int, log: str) -> Setting:
    """Return what every replicate shares.

    Args:
        world: Parameters.
        scale: One in how many people is in the run.
        log: Which events are written down.
    """
    recorded = read_recorded()
    population = populate(recorded, scale=scale, migration=world.public.migration == "residual")
    keep_every = 1 if log != "none" else max(1, population.n_people // _SAMPLE)
    hazards = public_hazards(recorded, world.public)
    return Setting(world, recorded, hazards, need_of(world.list), population, keep_every)


def _blocks(n_people: int) -> list[tuple[int, int]]:
    size = _BLOCK if n_people <= KEPT_FROM * _BLOCK else _LARGE_BLOCK
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
    setting: Setting,
    *,
    workers: int,
    observe: Observe,
    writer: RunWriter | None,
    name: str,
) -> Alone:
    """Live the public in blocks, side by side, and put the blocks together."""
    blocks = _blocks(setting.population.n_people)
    keeper = writer if len(blocks) > KEPT_FROM else None

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

    done = side_by_side(live, n_blocks=len(blocks), workers=workers, observe=observe)
    seen = Seen(*(np.sum(fields, axis=0) for fields in zip(*(b.seen for b in done), strict=True)))
    return Alone(
        seen,
        np.concatenate([block.people for block in done]),
        np.concatenate([block.patients for block in done]),
    )


def _copied(seen: Seen) -> Seen:
    return Seen(*(values.copy() for values in seen))


def run_replicate(
    key: np.uint64,
    setting: Setting,
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


def _meet(key: np.uint64, setting: Setting, patients: Rows, clones: Rows) -> Meeting:
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


def _write(
    writer: RunWriter, replicates: list[dict[str, Columns]], observe: Observe
) -> dict[str, int]:
    """Write every table, and return how many rows each has."""
    counts: dict[str, int] = {}
    for at, name in enumerate(replicates[0]):
        observe(WRITING, at / len(replicates[0]))
        parts = [
            with_replicate(tables[name], number=number) for number, tables in enumerate(replicates)
        ]
        counts[name] = sum(part["replicate"].size for part in parts)
        if name == "events":
            for number, columns in enumerate(split_events(parts)):
                writer.write_table(name, columns, part=number)
        else:
            whole = {column: np.concatenate([p[column] for p in parts]) for column in parts[0]}
            writer.write_table(name, whole)
    observe(WRITING, 1.0)
    return counts


def make_england(resolved: Resolved, *, hands: Hands) -> Made:
    """Live an England with its public, and write its tables.

    Args:
        resolved: The question.
        hands: What it is made with.
    """
    settings = resolved.run
    setting = settle(resolved.world, scale=settings.scale, log=settings.log)
    replicates = [
        run_replicate(
            draw_key(settings.seed, number),
            setting,
            years=settings.years,
            log=settings.log,
            workers=hands.workers,
            observe=hands.observe,
            writer=hands.writer,
            name=f"block-{number:04d}",
        )
        for number in range(settings.replicates)
    ]
    compiling.mark_warm("england")
    lived = time.perf_counter()
    rows = _write(hands.writer, replicates, hands.observe)
    n_clones = sum(int((r["people"]["kind"] == 1).sum()) for r in replicates)
    counts = {"public": setting.population.n_people * settings.replicates, "clones": n_clones}
    return Made(counts | rows, settings.years, lived)
