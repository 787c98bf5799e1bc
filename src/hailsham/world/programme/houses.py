"""Houses: where the children are raised, in pods of eight age-mates.

The plan says how many children are born in a year. Every house in the run
takes an equal part of it in whole pods, and carries over what is left, so
that no house is ever more than a pod from its due. A run at 1 in n holds
whole houses. House 0 is Hailsham; a third of the houses are run as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import purpose, uniform
from hailsham.world.parameters import parameter
from hailsham.world.population import blood_group

POD = 8
HAILSHAM = 0
MALE_CHILD = 0.5
ADDRESS_CLONE = 9_000_000_000_000

_BIRTH = purpose("programme.birth_date")
_SEX = purpose("programme.sex")
_SHIFT = purpose("programme.house.first_pod")
_NAME = purpose("programme.given_name")
_INITIAL = purpose("programme.initial")

#: Given names common in the England of those years, our choice. The sources'
#: three names stand among them and are drawn like any other.
GIRLS = (
    "Alice", "Anna", "Anne", "Carol", "Catherine", "Clare", "Diane", "Elizabeth", "Frances",
    "Gillian", "Hannah", "Helen", "Jane", "Janet", "Jean", "Jenny", "Joan", "Judith", "Karen",
    "Kathy", "Laura", "Linda", "Lucy", "Margaret", "Mary", "Moira", "Patricia", "Polly", "Rachel",
    "Rose", "Ruth", "Sally", "Sarah", "Sheila", "Susan", "Sylvia", "Teresa", "Valerie", "Wendy",
)  # fmt: skip
BOYS = (
    "Adam", "Alan", "Alexander", "Andrew", "Anthony", "Arthur", "Barry", "Brian", "Christopher",
    "Colin", "David", "Derek", "Edward", "Francis", "Frank", "George", "Graham", "Harry", "Henry",
    "Ian", "James", "John", "Keith", "Kenneth", "Laurence", "Malcolm", "Mark", "Martin", "Michael",
    "Nicholas", "Patrick", "Paul", "Peter", "Philip", "Robert", "Roger", "Stephen", "Tommy",
)  # fmt: skip
INITIALS = "ABCDEFGHIJKLMNOPRSTUVW"


@dataclass(frozen=True)
class HouseParameters:
    """The houses of the Programme."""

    houses: int = parameter(
        1500,
        "houses at full size; a third of them are run as Hailsham is",
        unit="houses",
        low=1000,
        high=90000,
        grade="X",
        source="about 1.5 pods a year each, some two hundred pupils",
    )
    hailsham_opens: float = parameter(
        1953.67,
        "Hailsham takes its first children",
        unit="years AD",
        low=1947,
        high=2000,
        grade="X",
        source="our assumption; the sources name no date",
    )
    hailsham_closes: float = parameter(
        1991.67,
        "Hailsham closes",
        unit="years AD",
        low=1947,
        high=2100,
        grade="X",
        source="closes while its former pupils are donors (article); the date is ours",
    )
    leave_at: float = parameter(
        16.0,
        "age at leaving for the Cottages",
        unit="years",
        low=10,
        high=30,
        grade="S",
        source="article: at 16 they move to the Cottages",
    )


@dataclass(frozen=True)
class Places:
    """Where each child of the run is placed: one entry a child."""

    year: NDArray[np.int64]
    house: NDArray[np.int64]
    pod: NDArray[np.int64]
    seat: NDArray[np.int64]


def fill_houses(intake: NDArray[np.float64], *, first_year: int, houses: int, scale: int) -> Places:
    """Return the places of all children of a run.

    Args:
        intake: [children a year] At full size, by year of birth. Shape (years,).
        first_year: [years AD] Year of birth of its first entry.
        houses: Houses at full size.
        scale: One in how many houses is in the run.
    """
    in_run = range(0, houses, scale)
    due = np.concatenate([[0.0], np.cumsum(intake)]) / (scale * POD * len(in_run))
    rows: list[tuple[int, int, int, int]] = []
    for house in in_run:
        shift = float(uniform(np.uint64(0), house, _SHIFT, 0))
        counts = np.diff(np.floor(due + shift)).astype(int)
        rows += [
            (first_year + at, house, pod, seat)
            for at, pods in enumerate(counts)
            for pod in range(pods)
            for seat in range(POD)
        ]
    rows.sort()
    return Places(*np.array(rows, np.int64).reshape(-1, 4).T)


def addresses(places: Places) -> NDArray[np.int64]:
    """Return the addresses: 9, year of birth, house (5 digits), pod (2), seat (1)."""
    return (
        ADDRESS_CLONE
        + places.year * 100_000_000
        + places.house * 1_000
        + places.pod * 10
        + places.seat
    )


@compiled
def draw_births(key: np.uint64, years: NDArray[np.int64], clones: NDArray[np.void]) -> None:
    """Draw date of birth, sex and blood group of every child."""
    for row in range(clones.size):
        clone = clones[row]
        person = clone["person"]
        clone["born"] = years[row] + uniform(key, person, _BIRTH, 0)
        clone["sex"] = 1 if uniform(key, person, _SEX, 0) < MALE_CHILD else 0
        clone["blood"] = blood_group(key, person)


def draw_names(key: np.uint64, clones: NDArray[np.void]) -> list[str]:
    """Draw names: a given name and one initial, no family name.

    Source:
        article: only initials in lieu of family names.
    """
    names = []
    for person, sex in zip(clones["person"].tolist(), clones["sex"].tolist(), strict=True):
        given = BOYS if sex == 1 else GIRLS
        name = given[math.floor(uniform(key, person, _NAME, 0) * len(given))]
        initial = INITIALS[math.floor(uniform(key, person, _INITIAL, 0) * len(INITIALS))]
        names.append(f"{name} {initial}.")
    return names
