"""Life tables from time at risk and deaths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hailsham.engine.estimators.intervals import Estimate, event_rate, quantile_of_level

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LifeTable:
    """A life table: the columns demographers know, by their letters.

    All but ``ages`` have the shape of what the table was made from, bands of
    age first.

    Attributes:
        ages: [years] Edges of the bands; the last may be ``inf``. Shape (a + 1,).
        n: [years] Width of each band. Shape (a,).
        m: [per person-year] Death rate in the band.
        q: Probability of dying in the band, for those who reach it.
        a: [years] Mean time lived in the band by those who die in it.
        l: Survivors to the beginning of the band, out of the radix.
        d: Deaths in the band.
        L: [person-years] Lived in the band.
        T: [person-years] Lived in this band and all after it.
        e: [years] Mean time still to be lived at the beginning of the band:
            life expectancy, or if the last edge is finite, years lived up to it.
    """

    ages: Floats
    n: Floats
    m: Estimate
    q: Estimate
    a: Floats
    l: Floats
    d: Floats
    L: Floats
    T: Floats
    e: Estimate

    def columns(self) -> dict[str, Floats]:
        """Return the table as columns, with ``m_low``, ``m_high`` and so on."""
        limits = {
            f"{name}_{side}": getattr(estimate, side)
            for name, estimate in (("m", self.m), ("q", self.q), ("e", self.e))
            for side in ("low", "high")
        }
        return {
            "age": self.ages[:-1],
            "n": self.n,
            "m": self.m.value,
            "q": self.q.value,
            "a": self.a,
            "l": self.l,
            "d": self.d,
            "L": self.L,
            "T": self.T,
            "e": self.e.value,
            **limits,
        }


def life_table(
    person_years: ArrayLike,
    *,
    deaths: ArrayLike,
    ages: Sequence[float] | Floats,
    radix: float = 100_000.0,
    level: float = 0.95,
) -> LifeTable:
    """Return a life table, complete or abridged, with intervals.

    Within a band the hazard is held to be constant, and that settles q, a and
    L at once, with no rule of thumb. Where the hazard moves within a band it
    costs something: where mortality doubles in seven years, life expectancy
    comes out 0.004 years too low with bands of one year, 0.1 with five and
    0.4 with ten.

    Deaths are taken as Poisson. Limits of m are exact, those of q are the
    same limits transformed, and those of e are normal: its variance follows
    from those of all later rates to the first order. A band without deaths
    adds no variance, so a table of few lives is surer of itself than it
    should be.

    Args:
        person_years: [person-years] Time at risk by band. Shape (a,), or
            (a, ...) for several tables at once.
        deaths: Deaths by band, of the same shape.
        ages: [years] Edges of the bands, rising; ``inf`` last leaves it open.
            Shape (a + 1,).
        radix: How many begin, for l, d, L and T.
        level: Share of intervals that are to hold the truth.

    Raises:
        ValueError: If shapes do not fit, edges do not rise, a band has nobody
            at risk, or an open band has no deaths and so no end.

    Source:
        preston2001, chapter 3; chiang1984, chapter 8, for the way errors are
        carried; garwood1936.
    """
    z = quantile_of_level(level)
    time, died = np.asarray(person_years, np.float64), np.asarray(deaths, np.float64)
    edges = np.asarray(ages, np.float64)
    _require_table(time, died, edges)

    width = np.diff(edges).reshape(-1, *[1] * (time.ndim - 1))
    m = event_rate(died, person_years=time, level=level)
    q, a = _dying(m.value, width)
    survivors = radix * np.cumprod(np.concatenate([np.ones_like(q[:1]), 1.0 - q]), axis=0)
    l, l_next = survivors[:-1], survivors[1:]
    # An open band has no later one: nobody is left, for however long.
    span = np.where(np.isinf(width), 0.0, width)
    lived = span * l_next + a * l * q
    still = np.cumsum(lived[::-1], axis=0)[::-1]
    e = still / l

    # By how many years the time still to be lived falls if this band's rate rises by one.
    e_next = np.concatenate([e[1:], np.zeros_like(e[:1])])
    slope = a * lived + span * l_next * e_next
    later = np.cumsum(((slope * m.standard_error) ** 2)[::-1], axis=0)[::-1]
    error = np.sqrt(later) / l
    return LifeTable(
        ages=edges,
        n=np.diff(edges),
        m=m,
        q=Estimate(
            q,
            span * (1.0 - q) * m.standard_error,
            _dying(m.low, width)[0],
            _dying(m.high, width)[0],
        ),
        a=a,
        l=l,
        d=l * q,
        L=lived,
        T=still,
        e=Estimate(e, error, e - z * error, e + z * error),
    )


def _require_table(time: Floats, died: Floats, edges: Floats) -> None:
    """Refuse what no life table can be made from."""
    if edges.ndim != 1 or not (np.diff(edges) > 0.0).all():
        raise ValueError(f"ages: rising edges are wanted, not {edges.tolist()}")
    if time.shape != died.shape or time.shape[:1] != (edges.size - 1,) or not time.size:
        raise ValueError(
            f"ages: {edges.size} edges make {edges.size - 1} bands, and person_years has the "
            f"shape {time.shape}, deaths {died.shape}"
        )
    if not (time > 0.0).all():
        band = int(np.argwhere(~(time > 0.0))[0][0])
        raise ValueError(
            f"person_years: nobody is at risk from age {edges[band]:g} to {edges[band + 1]:g}; "
            "join the band to its neighbour"
        )
    if np.isinf(edges[-1]) and not (died[-1] > 0.0).all():
        raise ValueError(
            f"deaths: none from age {edges[-2]:g} on, so the open band has no end; "
            "begin it earlier, or end the table at an age"
        )


def _dying(rate: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Return q and a of bands with constant rates.

    Args:
        rate: [per person-year] None below 0.
        width: [years] May be ``inf``.
    """
    is_open = np.broadcast_to(np.isinf(width), rate.shape)
    x = rate * np.where(is_open, 1.0, width)
    q = np.where(is_open, 1.0, -np.expm1(-x))
    # The fraction of the band lived by those who die; near 0 by its series, for the
    # closed form is a small difference of large numbers there. The next term is x**5 / 30240.
    near = np.minimum(x, 1e-2)
    far = np.maximum(x, 1e-2)
    series = 0.5 - near / 12.0 + near**3 / 720.0
    closed = 1.0 / far - np.exp(-far) / -np.expm1(-far)
    fraction = np.where(x > 1e-2, closed, series)
    with np.errstate(divide="ignore"):
        endless = 1.0 / rate
    return q, np.where(is_open, endless, fraction * np.where(is_open, 1.0, width))
