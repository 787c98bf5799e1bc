"""Small populations beside a run: ordinary people, and clones who lose more or less by haste.

They are some of the run's own children, with the same luck, so that what differs
between two populations is what was changed. Each is also looked at while it
lives: whoever is left at some age stands there as a whole life would, at that
age, since nothing that comes later reaches back.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.lives.codes import BESIDE, ENDINGS
from hailsham.world.alone.children import AS_HAILSHAM, AloneParameters, Pods
from hailsham.world.development.lives import live_pods
from hailsham.world.development.parameters import (
    ORDINARY_LIFE,
    InnerLife,
    as_numbers,
    with_values,
)
from hailsham.world.programme.houses import POD

Columns = dict[str, Any]

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
COMPRESSIBILITY = "clock.compressibility"
CLONES, ORDINARY = BESIDE.index("clones"), BESIDE.index("ordinary")
#: A population is looked at while it lives in one pod of so many; whole lives are counted in all.
_LOOKED_AT, _LOOKED_AT_BY_AGE = 20, 4
#: [developmental years] Width of the bins in which felt awareness is averaged.
_BIN = 5.0
_LAST_BIN = 15
#: [years] Ages at which populations are looked at; a condensed life is looked at more often where
#: it goes fastest.
_CLONES_AT = (*range(2, 16, 3), *np.arange(16.0, 19.0, 0.75), *np.arange(19.0, 23.0, 0.3),
              *range(23, 36, 1))  # fmt: skip
_ORDINARY_AT = tuple(np.arange(2.5, 90.0, 5.0))
_FEWEST = 20
#: [years] Ages of the table of ages.
AGES = np.arange(1.0, 46.0)

_MEANS = (
    "integrity", "despair", "knowledge_15", "awareness_15", "awareness_end", "consolation",
    "letting_go", "lost", "let_go", "memories_own", "memories_borrowed", "memories_invented",
    "ties_end", "understanding", *(f"stage_{stage}" for stage in range(1, 9)),
)  # fmt: skip


class Population(NamedTuple):
    """Who is lived beside a run: which people, their compressibility (NaN: any), their numbers."""

    people: int
    compressibility: float
    life: InnerLife


def populations(life: InnerLife) -> list[Population]:
    """Return the populations that are lived beside a run.

    Args:
        life: The numbers of the run's own children.
    """
    clones = [
        Population(CLONES, step, with_values(life, values={COMPRESSIBILITY: step}))
        for step in STEPS
    ]
    return [*clones, Population(ORDINARY, math.nan, with_values(life, values=ORDINARY_LIFE))]


def measure_population(
    key: np.uint64, pods: Pods, population: Population, alone: AloneParameters
) -> Columns:
    """Live a population, and return its rows of the table ``beside``.

    Args:
        key: Key of the draws.
        pods: The children of the run.
        population: Who is lived.
        alone: How many.
    """
    told = _some(pods, alone.beside, is_ordinary=population.people == ORDINARY)
    numbers = as_numbers([population.life])
    lives = live_pods(key, numbers=numbers, pods=told).lives
    values = _values(lives, population.life)
    rows = [(name, math.nan, *_measured(found)) for name, found in values.items()]
    ages = _ORDINARY_AT if population.people == ORDINARY else _CLONES_AT
    few = told[: max(1, told.size // _LOOKED_AT)]
    rows += [("felt", *row) for row in _felt(key, few, numbers, ages)]
    names = ("quantity", "developmental_age", "lives", "mean", "spread", "standard_error")
    columns: Columns = dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))
    return {
        "people": np.full(len(rows), population.people),
        "compressibility": np.full(len(rows), population.compressibility),
        **columns,
    }


def look_by_age(
    key: np.uint64, pods: Pods, numbers: NDArray[np.void], alone: AloneParameters, age: float
) -> Columns:
    """Return the row of the table of ages for one age.

    Args:
        key: Key of the draws.
        pods: The children of the run.
        numbers: What they live by.
        alone: How many are lived beside the run; one in four of them is looked at.
        age: [years] When.
    """
    n_pods = max(1, -(-alone.beside // POD) // _LOOKED_AT_BY_AGE)
    told = pods.told[:: max(1, pods.told.size // n_pods)]
    here = _alive(live_pods(key, numbers=numbers, pods=told, until=age).lives)
    names = {"developmental_age": "tau_end", "known": "knowledge_end", "felt": "awareness_end"}
    same = (
        *(f"stage_{stage}" for stage in range(1, 9)),
        "despair",
        "consolation",
        "lost",
        "let_go",
    )
    names |= {name: name for name in same} | {"ties": "ties_end"}
    means = {
        name: np.array([here[column].mean() if here.size else math.nan])
        for name, column in names.items()
    }
    return {"age": np.array([age]), "alive": np.array([here.size]), **means}


def _some(pods: Pods, lives: int, *, is_ordinary: bool) -> NDArray[np.void]:
    """Return what some pods are told, spread over the years of birth, all of one kind.

    Ordinary people have no house that could tell them a truth, or close.
    """
    n_pods = min(pods.told.size, -(-lives // POD))
    told = pods.told[:: max(1, pods.told.size // n_pods)][:n_pods].copy()
    told["life"] = AS_HAILSHAM
    if is_ordinary:
        told["truth"] = told["closes"] = math.inf
    return told


def _alive(lives: NDArray[np.void]) -> NDArray[np.void]:
    return lives[np.isnan(lives["ended"])]


def _felt(
    key: np.uint64, told: NDArray[np.void], numbers: NDArray[np.void], ages: tuple[float, ...]
) -> list[tuple[float, int, float, float, float]]:
    """Return felt awareness in bins of developmental age, of those alive in them."""
    seen = np.concatenate(
        [_alive(live_pods(key, numbers=numbers, pods=told, until=age).lives) for age in ages]
    )
    # The clock stops at the end of the last bin, which holds it.
    bins = np.minimum(np.floor(seen["tau_end"] / _BIN), _LAST_BIN)
    found = []
    for place in np.unique(bins):
        here = seen["awareness_end"][bins == place]
        if here.size >= _FEWEST:
            middle = (place + 0.5) * _BIN
            found.append((float(middle), here.size, float(here.mean()), math.nan, math.nan))
    return found


def _values(lives: NDArray[np.void], life: InnerLife) -> dict[str, NDArray[np.float64]]:
    """Return what is measured of whole lives, one number a person."""
    values = {name: lives[name].astype(np.float64) for name in _MEANS}
    values["crisis_age"] = lives["crisis_age"]
    if life.clock.form == "station":
        values["crisis_developmental_age"] = developmental_age(lives, lives["crisis_age"], life)
    values["crossed"] = np.isfinite(lives["crisis_age"]).astype(np.float64)
    values["peaceful"] = lives["peaceful"].astype(np.float64)
    for place, name in enumerate(ENDINGS):
        values[name] = (lives["integrity_status"] == place).astype(np.float64)
    return values


def developmental_age(
    lives: NDArray[np.void], age: NDArray[np.float64], life: InnerLife
) -> NDArray[np.float64]:
    """Return the developmental age at an age of each life, by the clock of the stations.

    Args:
        lives: Whole lives.
        age: [years] One for each; NaN where there is none.
        life: The numbers that they lived by.
    """
    clock = life.clock
    time = lives["born"] + age
    stations = (
        (lives["born"], 0.0, clock.school_to, clock.school_years),
        (lives["left_house"], clock.school_to, clock.cottages_to, clock.cottages_years),
        (lives["carer_from"], clock.cottages_to, clock.work_to, clock.work_years),
        (lives["donor_from"], lives["tau_call"], clock.last, clock.donor_years),
    )
    found = np.full(lives.size, np.nan)
    for entered, start, stop, years in stations:
        here = time >= entered
        tau = np.minimum(start + (stop - start) / years * (time - entered), stop)
        found = np.where(here, tau, found)
    return found


def _measured(values: NDArray[np.float64]) -> tuple[int, float, float, float]:
    """Return how many, their mean, their spread, and the mean's standard error over pods."""
    has = np.isfinite(values)
    n = int(has.sum())
    if n == 0:
        return 0, math.nan, math.nan, math.nan
    mean, spread = float(values[has].mean()), float(values[has].std())
    # Pods are independent, and the eight of one pod are not.
    by_pod = np.where(has, values - mean, 0.0).reshape(-1, POD).sum(axis=1)
    error = math.sqrt(float((by_pod**2).sum())) / n
    return n, mean, spread, error
