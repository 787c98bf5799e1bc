"""The account: what was supplied, who was helped, who waited and died, who paid.

One row a year and an organ, and for the patients also a blood group. Years
gained stand beside years lost and are never divided by each other here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hailsham.lives.codes import GIFTS, ORGANS, OUTCOMES, REGIMES
from hailsham.world.waiting_list import DIED, REMOVED, TRANSPLANTED

Columns = dict[str, NDArray[np.float64] | NDArray[np.int64]]
ALL = -1
_BLOODS = (ALL, 0, 1, 2, 3)

_PATIENTS = (
    "listed", "transplanted", "died_waiting", "removed", "waiting", "wait_median",
    "wait_ninth_decile",
)  # fmt: skip
_SUPPLY = ("supplied", *OUTCOMES)
_LIVES = (
    "years_gained", "years_lost", "suppliers_died", "born_to_supply", "consented", "not_asked",
    "could_not_refuse",
)  # fmt: skip


def _by_year(times: NDArray[np.float64], years: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of some times fall in each year."""
    edges = np.append(years, years[-1] + 1).astype(float)
    return np.histogram(times[np.isfinite(times)], bins=edges)[0]


def _sum_by_year(
    times: NDArray[np.float64], values: NDArray[np.float64], years: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the sum of the values whose times fall in each year."""
    edges = np.append(years, years[-1] + 1).astype(float)
    inside = np.isfinite(times) & np.isfinite(values)
    return np.histogram(times[inside], bins=edges, weights=values[inside])[0]


def _patients(
    stays: NDArray[np.void], years: NDArray[np.int64]
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """Return what happened on the list, by year."""
    ended = {
        outcome: stays["ended"][stays["outcome"] == outcome]
        for outcome in (TRANSPLANTED, DIED, REMOVED)
    }
    waits = stays["ended"] - stays["listed"]
    given = stays["outcome"] == TRANSPLANTED
    quantiles = np.full((2, years.size), np.nan)
    in_year = np.floor(stays["ended"]).astype(int)
    for at, year in enumerate(years):
        here = waits[given & (in_year == year)]
        if here.size:
            quantiles[:, at] = np.quantile(here, [0.5, 0.9])
    new_years = (years + 1).astype(float)[:, None]
    waiting = (stays["listed"] < new_years) & (stays["ended"] >= new_years)
    return dict(
        zip(
            _PATIENTS,
            (
                _by_year(stays["listed"], years),
                *(_by_year(ended[outcome], years) for outcome in (TRANSPLANTED, DIED, REMOVED)),
                waiting.sum(axis=1),
                *quantiles,
            ),
            strict=True,
        )
    )


def _supply(organs: NDArray[np.void], years: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return what was taken and what became of it, by year."""
    taken = {"supplied": _by_year(organs["taken"], years)}
    for place, outcome in enumerate(OUTCOMES):
        taken[outcome] = _by_year(organs["taken"][organs["outcome"] == place], years)
    return taken


def _lives(
    patients: NDArray[np.void],
    clones: NDArray[np.void],
    citizen_end: NDArray[np.float64],
    operations: NDArray[np.float64],
    years: NDArray[np.int64],
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """Return years gained and lost, and who agreed to it, by year."""
    ended, counts = clones["ended"], _by_year(operations, years)
    return dict(
        zip(
            _LIVES,
            (
                _sum_by_year(
                    patients["first_given"], patients["end"] - patients["untreated_end"], years
                ),
                _sum_by_year(ended, citizen_end - ended, years),
                _by_year(ended, years),
                _by_year(clones["born"], years),
                np.zeros(years.size, np.int64),
                counts,
                counts,
            ),
            strict=True,
        )
    )


def _blocks(
    stays: NDArray[np.void],
    patients: NDArray[np.void],
    organs: NDArray[np.void],
    lives: Columns,
    years: NDArray[np.int64],
) -> Iterator[tuple[int, int, Columns]]:
    """Yield (organ, blood group, columns by year); -1 is all together."""
    blood = patients["blood"][stays["row"]]
    for organ in (ALL, *range(len(ORGANS))):
        mine = stays if organ == ALL else stays[stays["organ"] == organ]
        bloods = blood if organ == ALL else blood[stays["organ"] == organ]
        taken = organs if organ == ALL else organs[organs["kind"] == organ]
        for group in _BLOODS:
            columns: Columns = dict(
                _patients(mine if group == ALL else mine[bloods == group], years)
            )
            if group == ALL:
                columns.update(_supply(taken, years))
                columns |= lives if organ == ALL else {}
            yield organ, group, columns
    for kind in range(len(ORGANS), len(GIFTS)):
        nobody = stays[:0]
        columns = dict(_patients(nobody, years))
        columns.update(_supply(organs[organs["kind"] == kind], years))
        yield kind, ALL, columns


def account_columns(
    regime: str,
    stays: NDArray[np.void],
    patients: NDArray[np.void],
    organs: NDArray[np.void],
    clones: NDArray[np.void],
    *,
    citizen_end: NDArray[np.float64],
    operations: NDArray[np.float64],
    years: tuple[int, int],
) -> Columns:
    """Return the columns of the table ``account`` but for the replicate.

    Args:
        regime: The way of supplying organs that was at work.
        stays: Stays on the list.
        patients: Whom the list saw.
        organs: What was taken.
        clones: Who was raised for it.
        citizen_end: [years AD] When each clone would have died as an
            ordinary citizen. Shape (clones,).
        operations: [years AD] When each operation was. Nobody agreed to it,
            was asked, or could have refused.
        years: Years of the account, half-open.
    """
    span = np.arange(*years)
    lives = _lives(patients, clones, citizen_end, operations, span)
    parts: list[Columns] = []
    for organ, group, columns in _blocks(stays, patients, organs, lives, span):
        block: Columns = {
            "regime": np.full(span.size, REGIMES.index(regime)),
            "year": span,
            "organ": np.full(span.size, organ),
            "blood_group": np.full(span.size, group),
        }
        for name in _PATIENTS:
            block[name] = columns[name]
        for name in (*_SUPPLY, *_LIVES):
            missing = np.nan if name in ("years_gained", "years_lost") else -1
            block[name] = columns.get(name, np.full(span.size, missing))
        parts.append(block)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
