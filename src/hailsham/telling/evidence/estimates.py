"""Figures from simulated lives, with standard errors that respect the pods.

Age-mates of a pod live with each other, so their lives are not independent;
pods are. Every standard error here is therefore taken over pods: the sum over
pods of the squared sum of residuals in each.

Source: cochran1977, chapter 9A, clusters of unequal sizes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

#: An address ends with the seat in the pod, one digit; what is before it is the pod.
SEATS = 10
POD = pl.struct("replicate", pl.col("person") // SEATS)


@dataclass(frozen=True)
class Estimate:
    """A figure, its standard error, and how many lives it was counted in.

    ``breaches`` counts what must not happen at all; ``value`` is None where no
    life tells.
    """

    value: float | None
    standard_error: float | None
    n: int
    breaches: int = 0


NOBODY = Estimate(None, None, 0)


def mean_of(people: pl.DataFrame, quantity: pl.Expr, *, breaches: int = 0) -> Estimate:
    """Return the mean of a quantity over the lives that have it.

    Args:
        people: One row a life, with ``replicate`` and ``person``.
        quantity: What is averaged; a life where it is null is left out, and
            truth counts as 1.
        breaches: Counted elsewhere, carried with the figure.
    """
    by_pod = _by_pod(people, quantity.cast(pl.Float64))
    n = int(by_pod["n"].sum() or 0)
    if not n:
        return Estimate(None, None, 0, breaches)
    # Exact sums: a column may lie in more pieces today than yesterday, and pieces round apart.
    mean = math.fsum(by_pod["sum"]) / n
    residual = by_pod["sum"] - mean * by_pod["n"]
    return Estimate(mean, math.sqrt(math.fsum(residual**2)) / n, n, breaches)


def difference_of(people: pl.DataFrame, quantity: pl.Expr, *, one: pl.Expr, other: pl.Expr) -> (
    Estimate
):  # fmt: skip
    """Return the mean of a quantity in one group of lives less that in another.

    Lives of both groups may share pods: residuals are added up within a pod
    before they are squared.

    Args:
        people: One row a life, with ``replicate`` and ``person``.
        quantity: What is averaged.
        one: Whether a life is in the first group.
        other: Whether it is in the second.
    """
    means, residuals, n = [], [], 0
    for group in (one, other):
        by_pod = _by_pod(people.filter(group), quantity.cast(pl.Float64))
        size = int(by_pod["n"].sum() or 0)
        if not size:
            return NOBODY
        mean = math.fsum(by_pod["sum"]) / size
        means.append(mean)
        residuals.append(by_pod.select("pod", at=(pl.col("sum") - mean * pl.col("n")) / size))
        n += size
    first, second = residuals
    both = pl.concat([first, second.with_columns(-pl.col("at"))])
    # Pods stay in order: a sum of floats in another order is another sum.
    both = both.group_by("pod", maintain_order=True).agg(pl.sum("at"))
    error = math.sqrt(math.fsum(both["at"] ** 2))
    return Estimate(means[0] - means[1], error, n)


def count_of(people: pl.DataFrame, breach: pl.Expr) -> Estimate:
    """Return how many lives show what none may show, as share and as breaches."""
    return mean_of(people, breach, breaches=int(people.select(breach.sum()).item() or 0))


def correlation_of(people: pl.DataFrame, one: str, *, other: str) -> float | None:
    """Return the correlation of two columns, or None where one of them does not vary."""
    both = people.select(one, other).drop_nulls()
    found = both.select(pl.corr(one, other)).item() if both.height > 1 else None
    return None if found is None or math.isnan(found) else float(found)


def _by_pod(people: pl.DataFrame, quantity: pl.Expr) -> pl.DataFrame:
    """Return the number and the sum of a quantity in each pod, in a fixed order."""
    frame = people.select(pod=POD, at=quantity).drop_nulls("at")
    return frame.group_by("pod", maintain_order=True).agg(n=pl.len(), sum=pl.sum("at"))
