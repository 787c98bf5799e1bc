"""What stops a run: the numbers that kernels return, and what they mean."""

from __future__ import annotations

from hailsham.engine.model.structure import Structure

#: A factor is negative.
FACTOR = 1
#: Shares of a branch are no probabilities, or do not sum to one.
SHARES = 2
#: A thinned hazard is above its bound, below 0 or no number, or never kept a candidate.
THINNED = 3
#: An attribute was read before it was set.
UNSET = 4
#: Moves without end at one time.
ENDLESS = 5
#: A buffer was too small; the run is done again with a larger one.
FULL = 6

_WORDS = {
    FACTOR: "an effect is negative",
    SHARES: "the shares of a branch are no probabilities that sum to one",
    THINNED: "a thinned hazard leaves its bound, or never happens",
    UNSET: "an attribute is read before it is set",
    ENDLESS: "somebody moves without end at one time",
}


def raise_if_stopped(structure: Structure, found: tuple[int, int, int]) -> None:
    """Raise what a kernel returned, if it stopped.

    Args:
        structure: Of the model.
        found: Status, person and arm.

    Raises:
        ArithmeticError: If the status is not 0.
    """
    status, person, arm = found
    if status:
        raise ArithmeticError(
            f"model {structure.name!r}, transition {structure.arms[arm].name!r}, person {person}: "
            f"{_WORDS[status]}"
        )
