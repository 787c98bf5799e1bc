"""How lives begin: where, at what age, born when, and with which attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hailsham.engine.declared.declaration import Declaration, State
from hailsham.engine.declared.structure import Resolved
from hailsham.errors import Fault, ModelError


@dataclass(frozen=True)
class Beginnings:
    """How lives begin: each array holds one value for all, or one for each."""

    start: NDArray[np.int64]
    age: NDArray[np.float64]
    born: NDArray[np.float64]
    attributes: NDArray[np.float64]

    def part(self, first: int, stop: int) -> Beginnings:
        """Return the beginnings of some of them."""
        return Beginnings(
            start=self.start[first:stop] if self.start.size > 1 else self.start,
            age=self.age[first:stop] if self.age.size > 1 else self.age,
            born=self.born[first:stop] if self.born.size > 1 else self.born,
            attributes=np.ascontiguousarray(self.attributes[:, first:stop])
            if self.attributes.shape[1] > 1
            else self.attributes,
        )


def beginnings(
    model: Declaration,
    resolved: Resolved,
    n_people: int,
    *,
    start: State | Sequence[State] | None,
    age: ArrayLike,
    born: ArrayLike,
    attributes: Mapping[str, ArrayLike] | None,
) -> Beginnings:
    """Return how lives begin, as kernels read it.

    Args:
        model: As declared.
        resolved: As compiled.
        n_people: How many there are.
        start: State in which they begin; by default the first declared.
        age: [years] Age at which they begin.
        born: [years AD] When they were born.
        attributes: Values other than those declared.

    Raises:
        ModelError: HS418 where there are neither one value nor one each.
    """
    states = model.declared_states
    chosen = [start] if isinstance(start, State) else list(start or states[:1])
    given = {
        name: np.atleast_1d(np.asarray(value, float)) for name, value in (attributes or {}).items()
    }
    width = max((value.size for value in given.values()), default=1)
    rows = np.empty((len(model.attributes), width))
    for place, (one, first) in enumerate(zip(model.attributes, resolved.starts, strict=True)):
        rows[place] = given.get(one.name, np.array([first]))
    begun = Beginnings(
        np.array([states.index(one) for one in chosen], np.int64),
        np.atleast_1d(np.ascontiguousarray(age, np.float64)),
        np.atleast_1d(np.ascontiguousarray(born, np.float64)),
        rows,
    )
    for name, length in (
        ("start", begun.start.size),
        ("age", begun.age.size),
        ("born", begun.born.size),
        ("attributes", width),
    ):
        if length not in {1, n_people}:
            wrong = f"{name} has {length} values for {n_people} people"
            remedy = "Give one value for all, or one each."
            raise ModelError([Fault("HS418", f"model {model.name!r}", wrong, remedy=remedy)])
    return begun
