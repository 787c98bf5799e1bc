"""What is asked of a run: numbers that no run could have are refused before it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from hailsham.engine.declared.declaration import Declaration
from hailsham.errors import Fault, ModelError

#: Seeds and replicates are 32 bits each of the key of every draw.
MOST_SEEDS = 2**32
#: Addresses of people are whole numbers below this.
MOST_PEOPLE = 2**63
#: Ages at which bands begin, and calendar years from and up to.
Exposure = tuple[Sequence[float], tuple[int, int]]


def check_run(
    model: Declaration,
    n_people: int,
    *,
    seed: int,
    replicate: int,
    first_person: int,
    until: float,
    age: ArrayLike,
    born: ArrayLike,
    moments: Sequence[float],
    exposure: Exposure | None,
    watched: Sequence[object],
    threads: int,
    chunk: int,
) -> None:
    """Refuse a run that cannot be, whatever the model is.

    A seed of more than 32 bits would be lived as another replicate, and no
    number for an end as lives without end: both without a word.

    Args:
        model: As declared.
        n_people: How many lives.
        seed: Which luck.
        replicate: Which repetition.
        first_person: Address of the first person.
        until: [years] When lives are last seen.
        age: [years] Age at which lives begin.
        born: [years AD] Time of birth.
        moments: [years] When people are counted.
        exposure: Bands of age, and calendar years.
        watched: States of which columns are asked for.
        threads: How many chunks are lived side by side.
        chunk: How many people are lived at a stretch.

    Raises:
        ModelError: HS418, every fault at once.
    """
    where = f"model {model.name!r}, the run"
    told = [
        *_whole("n_people", n_people, 0, MOST_PEOPLE),
        *_whole("seed", seed, 0, MOST_SEEDS),
        *_whole("replicate", replicate, 0, MOST_SEEDS),
        *_whole("first_person", first_person, 0, MOST_PEOPLE),
        *_whole("threads", threads, 1, MOST_SEEDS),
        *_whole("chunk", chunk, 1, MOST_PEOPLE),
        *_numbers("until", until, is_endless=True),
        *_numbers("age", age),
        *_numbers("born", born),
        *_numbers("moments", moments),
        *_bands(exposure),
    ]
    states = tuple(map(str, model.declared_states))
    found = [Fault("HS418", where, what) for what in told]
    found += [
        Fault("HS418", where, f"columns of {str(one)!r}, which is no state", states, str(one))
        for one in watched
        if str(one) not in states
    ]
    if found:
        raise ModelError(found)


def _whole(name: str, value: object, least: int, above: int) -> Iterator[str]:
    """Tell of what is not a whole number within limits."""
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not (is_whole and least <= int(value) < above):  # type: ignore[call-overload]
        yield f"{name} is {value!r}; it must be a whole number from {least} on, below {above}"


def _numbers(name: str, values: ArrayLike, *, is_endless: bool = False) -> Iterator[str]:
    """Tell of the first value that is no number, or is endless."""
    try:
        given = np.atleast_1d(np.asarray(values, np.float64))
    except (TypeError, ValueError):
        yield f"{name} is {values!r}; numbers are wanted"
        return
    wrong = np.isnan(given) if is_endless else ~np.isfinite(given)
    if wrong.any():
        limit = "a number" if is_endless else "finite"
        yield f"{name} is {float(given[wrong][0])!r}; it must be {limit}"


def _bands(exposure: Exposure | None) -> Iterator[str]:
    """Tell of bands that do not rise from 0 on, and of years that end before they begin."""
    if exposure is None:
        return
    breaks, (first, stop) = np.asarray(exposure[0], np.float64), exposure[1]
    if not breaks.size or breaks[0] != 0.0 or not (np.diff(breaks) > 0.0).all():
        yield f"exposure has the age bands {breaks.tolist()}; they must begin at 0 and rise"
    if not first < stop:
        yield f"exposure has the years {first} to {stop}; the second must be later"
