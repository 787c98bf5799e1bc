"""A model under many sets of numbers: the same people, the same luck, other parameters.

Nothing is compiled again for another number, and every draw keeps its address.
So two sets are lived by the same people with the same luck, and what differs
between them is the parameters' doing; chance hardly stands in between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hailsham.engine import plain as engine
from hailsham.engine.draws import draw_key, purpose
from hailsham.engine.estimators import Estimate
from hailsham.engine.estimators.intervals import quantile_of_level
from hailsham.engine.model.face import Model
from hailsham.engine.model.lives import Lives
from hailsham.errors import ModelError

Floats = NDArray[np.float64]
#: From a number between 0 and 1 to the value below which so large a share of values lies.
Quantiles = Callable[[float], float]
#: What is read off a run: one number, or several by name.
Reading = Callable[[Lives], float | Mapping[str, float]]


def draw_parameters(
    distributions: Mapping[str, Quantiles], *, n_sets: int, seed: int
) -> dict[str, Floats]:
    """Draw sets of parameters that are uncertain, each by itself.

    Each parameter draws under its own name, so that one more uncertain
    parameter leaves the values of all others as they were. Parameters that
    hang together are drawn elsewhere, and given to ``vary`` as a table.

    Args:
        distributions: Quantile function of each parameter by its dotted name,
            such as ``statistics.NormalDist(0.3, 0.1).inv_cdf``.
        n_sets: How many sets.
        seed: Whole number in [0, 2**32).

    Returns:
        The values of each parameter. Shape (n_sets,).
    """
    key = int(draw_key(seed))
    found = {}
    for name, quantile in distributions.items():
        address = int(purpose(f"parameter: {name}"))
        values = [quantile(engine.uniform_pair(key, one, address, 0)[0]) for one in range(n_sets)]
        found[name] = np.array(values, np.float64)
    return found


@dataclass(frozen=True, eq=False)
class Varied:
    """What was read off the runs of a model under many sets of parameters.

    Attributes:
        parameters: Values of each parameter that was varied. Shape (sets,).
        results: What was read, by name. Shape (sets, replicates).
    """

    parameters: dict[str, Floats]
    results: dict[str, Floats]

    def table(self) -> dict[str, NDArray[Any]]:
        """Return one row a run: set, replicate, parameters, results."""
        sets, replicates = next(iter(self.results.values())).shape
        columns: dict[str, NDArray[Any]] = {
            "set": np.repeat(np.arange(sets), replicates),
            "replicate": np.tile(np.arange(replicates), sets),
        }
        columns |= {name: np.repeat(one, replicates) for name, one in self.parameters.items()}
        return columns | {name: one.ravel() for name, one in self.results.items()}

    def against(self, reference: int) -> Varied:
        """Return every result less that of one set in the same replicate.

        Args:
            reference: Which set.
        """
        return replace(
            self, results={name: one - one[reference] for name, one in self.results.items()}
        )

    def means(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return the mean of each set over its replicates; its error is that of chance.

        Args:
            name: Of what was read.
            level: Share of intervals that are to hold the mean.

        Returns:
            Shape (sets,). With one replicate nothing is known of the error.
        """
        found = self.results[name]
        value = found.mean(axis=1)
        error = _error(found)
        margin = quantile_of_level(level) * error
        return Estimate(value, error, value - margin, value + margin)

    def interval(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return between which values a result lies, as uncertain as the parameters are.

        Limits are quantiles of the sets' means. Where the standard error of a
        set's mean is not small beside them, they are too wide: take more
        people or replicates.

        Args:
            name: Of what was read.
            level: Share of sets between the limits.

        Returns:
            The mean over all sets, the error that chance leaves in it, and limits.
        """
        found = self.results[name]
        low, high = np.quantile(found.mean(axis=1), [0.5 - 0.5 * level, 0.5 + 0.5 * level])
        error = _error(found.mean(axis=0)[np.newaxis])[0]
        return Estimate(np.asarray(found.mean()), np.asarray(error), low, high)


def _error(found: Floats) -> Floats:
    """Return the standard error of means over the last axis; of one value it is not known."""
    n = found.shape[-1]
    if n < 2:
        return np.full(found.shape[:-1], np.nan)
    return np.asarray(found.std(axis=-1, ddof=1) / math.sqrt(n))


def vary(
    model: Model,
    n_people: int,
    *,
    parameters: Mapping[str, ArrayLike],
    read: Reading,
    seed: int,
    until: float,
    replicates: int = 1,
    same_luck: bool = True,
    **asked: Any,
) -> Varied:
    """Live a model under each of many sets of parameters, with the same luck.

    Args:
        model: As declared.
        n_people: How many live in each run.
        parameters: Values of each parameter by its dotted name, one a set;
            from ``draw_parameters``, or any table. Shape (sets,).
        read: What is kept of each run: a number, or several by name.
        seed: Which luck.
        until: [years] End of observation, by the clock of the model.
        replicates: How often each set is lived, each time with other luck.
        same_luck: Whether all sets share the luck of a replicate. Otherwise
            each has luck of its own, which is seldom wanted.
        asked: What else ``Model.simulate`` takes.

    Raises:
        ValueError: If the columns of parameters differ in length.
        ModelError: HS417 for an unknown parameter; HS401 to HS414 for a set
            under which the model is not sound, with its number. Nothing is
            averaged over.
    """
    table = {name: np.atleast_1d(np.asarray(one, float)) for name, one in parameters.items()}
    lengths = {one.size for one in table.values()}
    if len(lengths) != 1:
        raise ValueError(f"parameters need one value a set each; they have {sorted(lengths)}")
    n_sets = lengths.pop()
    results: dict[str, Floats] = {}
    for one in range(n_sets):
        numbers = {name: float(values[one]) for name, values in table.items()}
        for repetition in range(replicates):
            luck = repetition if same_luck else one * replicates + repetition
            with _named(one):
                lives = model.simulate(
                    n_people, seed=seed, until=until, replicate=luck, parameters=numbers, **asked
                )
            told = read(lives)
            for name, value in (told if isinstance(told, Mapping) else {"result": told}).items():
                row = results.setdefault(name, np.full((n_sets, replicates), np.nan))
                row[one, repetition] = value
    return Varied(table, results)


@contextmanager
def _named(one: int) -> Iterator[None]:
    """Add the number of a set to what is refused under it."""
    try:
        yield
    except ModelError as error:
        faults = [replace(fault, where=f"{fault.where}, set {one}") for fault in error.faults]
        raise ModelError(faults, closing=error.closing) from error
