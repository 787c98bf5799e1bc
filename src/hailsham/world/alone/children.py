"""The children of the Programme that stands alone, before they live."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailsham.world.development.parameters import (
    OTHER_SCHOOL,
    InnerLife,
    as_numbers,
    with_values,
)
from hailsham.world.development.pod.childhood import truth_told_at
from hailsham.world.development.pod.state import POD as POD_TOLD
from hailsham.world.parameters import parameter
from hailsham.world.programme.carers import CLONE
from hailsham.world.programme.houses import POD, Places, addresses, draw_births, draw_names

_ASKER = "whoever asks: the sources give no number of children"
AS_HAILSHAM, OTHER = 0, 1


@dataclass(frozen=True)
class AloneParameters:
    """The Programme alone: how many children are followed, when they are born, where raised."""

    lives: int = parameter(
        20_000,
        "children whose lives are followed, to the end; rounded up to whole pods of eight",
        unit="children",
        low=POD,
        high=10_000_000,
        grade="X",
        source=_ASKER,
    )
    first_births: int = parameter(
        1953,
        "first year of birth",
        unit="years AD",
        low=1900,
        high=2100,
        grade="X",
        source="film caption: a discovery in 1952; the first births are ours",
    )
    last_births: int = parameter(
        1974,
        "last year of birth; every year has as many births as any other, but for one pod",
        unit="years AD",
        low=1900,
        high=2100,
        grade="X",
        source="the last to leave Hailsham before it closes; the dates are ours",
    )
    hailsham_share: float = parameter(
        1.0,
        "share of the houses that are run as Hailsham is; the others know less care",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="the sources tell of Hailsham's pupils, and that there were other houses",
    )
    hailsham_closes: float | str = parameter(
        1991.67,
        "when houses that are run as Hailsham is close, a loss to all who were pupils there, or "
        "'never'",
        unit="years AD",
        low=1900,
        high=2300,
        choices=("never",),
        grade="X",
        source="closes while its former pupils are donors (article); the date is ours",
    )
    beside: int = parameter(
        4_000,
        "children in each of the small populations that are lived beside the run: one of "
        "ordinary people, and one for each step of compressibility; 0 leaves them out",
        unit="lives",
        low=0,
        high=1_000_000,
        grade="X",
        source=_ASKER,
    )


@dataclass(frozen=True)
class Pods:
    """The children of a run before they live: who they are, and what their pods are told."""

    clones: NDArray[np.void]
    names: list[str]
    told: NDArray[np.void]

    def block(self, start: int, stop: int) -> Pods:
        """Return the pods from one place to another."""
        people = slice(POD * start, POD * stop)
        return Pods(self.clones[people], self.names[people], self.told[start:stop])


def raise_pods(key: np.uint64, alone: AloneParameters, life: InnerLife) -> Pods:
    """Return all children of a run, in the order of their addresses.

    Pod by pod the years of birth take turns, and each house takes one pod a
    year. So a pod's address depends on its number alone, and a small run is a
    part of a large one.

    Args:
        key: Key of the draws.
        alone: How many, when and where.
        life: For what a house does: when it lets its pupils go, and whether it tells the truth.
    """
    n_years = alone.last_births - alone.first_births + 1
    n_pods = math.ceil(alone.lives / POD)
    years = np.arange(n_years, dtype=np.int64)
    counts = (n_pods - years + n_years - 1) // n_years
    year = np.repeat(alone.first_births + years, counts)
    house = np.concatenate([np.arange(count) for count in counts])
    seat = np.tile(np.arange(POD, dtype=np.int64), n_pods)
    pupil_of = np.repeat(house, POD)
    places = Places(np.repeat(year, POD), pupil_of, np.zeros_like(seat), seat)
    clones = np.zeros(seat.size, CLONE)
    clones["person"], clones["house"], clones["seat"] = addresses(places), pupil_of, seat
    draw_births(key, places.year, clones)

    told = np.zeros(n_pods, POD_TOLD)
    told["person"], told["born"] = (clones[name].reshape(-1, POD) for name in ("person", "born"))
    told["house"] = house
    told["life"] = np.where(is_as_hailsham(house, alone.hailsham_share), AS_HAILSHAM, OTHER)
    closes = math.inf if isinstance(alone.hailsham_closes, str) else alone.hailsham_closes
    told["closes"] = np.where(told["life"] == AS_HAILSHAM, closes, math.inf)
    last = alone.last_births + 1 + life.stations.leave_at
    truths = [
        truth_told_at(key, one, life.knowledge.truth_probability, alone.first_births, last)
        for one in range(int(house.max()) + 1)
    ]
    told["truth"] = np.array(truths)[house]
    return Pods(clones, draw_names(key, clones), told)


def is_as_hailsham(houses: NDArray[np.int64], share: float) -> NDArray[np.bool_]:
    """Tell which houses are run as Hailsham is: evenly spread, and house 0 among them if any."""
    return np.ceil((houses + 1) * share) > np.ceil(houses * share)


def numbers_of(life: InnerLife) -> NDArray[np.void]:
    """Return the two sets of numbers that pods live by: as at Hailsham, and in another house.

    Args:
        life: The numbers of a child of Hailsham. What another school does
            otherwise holds whatever they are.
    """
    return as_numbers([life, with_values(life, values=OTHER_SCHOOL)])
