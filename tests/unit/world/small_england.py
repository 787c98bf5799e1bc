"""Small Englands in memory, each made once; and how far a sample lies from an answer."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from hailsham.engine.draws import draw_key
from hailsham.world.england import Regimes, World
from hailsham.world.passes import Meeting, live_block, meet_everybody, raise_children
from hailsham.world.population import populate
from hailsham.world.public import public_hazards
from hailsham.world.recorded import read_recorded
from hailsham.world.regimes.programme import ProgrammeParameters
from hailsham.world.waiting_list import need_of
from tests.unit.engine.simulated import LIMIT, z_mean, z_share

__all__ = ["LIMIT", "z_mean", "z_share"]

SEED = 20261122
RECORDED = read_recorded()
PROGRAMME = World(regimes=Regimes(ProgrammeParameters()))
#: One in how many people, where a test says nothing: some 470,000 of the public, 2,450 clones.
SCALE = 200


@dataclass(frozen=True)
class Met:
    """A small England after everybody has met, and what it was made of."""

    meeting: Meeting
    citizen_end: np.ndarray
    names: list


def programme(world=PROGRAMME, **changes):
    """The same world with other parameters of the Programme."""
    return replace(world, regimes=Regimes(replace(world.regimes.programme, **changes)))


@cache
def hazards_of(public):
    return public_hazards(RECORDED, public)


@cache
def alone(world=PROGRAMME, *, scale=SCALE, seed=SEED):
    """The public after the first pass, in one block."""
    migration = world.public.migration == "residual"
    there = populate(RECORDED, scale=scale, migration=migration)
    return live_block(
        draw_key(seed),
        there,
        hazards_of(world.public),
        need_of(world.list),
        start=0,
        stop=there.n_people,
        keep_every=1,
    )


@cache
def met(world=PROGRAMME, *, scale=SCALE, seed=SEED):
    """Everybody after the second pass."""
    key, hazards = draw_key(seed), hazards_of(world.public)
    raised = raise_children(key, world, RECORDED, hazards, scale=scale)
    patients = alone(world, scale=scale, seed=seed).patients
    meeting = meet_everybody(key, world, hazards, need_of(world.list), patients, raised.clones)
    return Met(meeting, raised.citizen_end, raised.names)


def logged(meeting, *events):
    """Rows of the log of these events, in the order in which they came about."""
    log, n = meeting.log, int(meeting.log.rows[0])
    here = np.isin(log.event[:n], [int(event) for event in events])
    names = ("person", "time", "event", "other", "detail")
    return {name: getattr(log, name)[:n][here] for name in names}


def are_alike(one, other):
    """Whether two tables of rows are the same to the bit, nothing being like nothing."""
    return one.dtype == other.dtype and one.tobytes() == other.tobytes()
