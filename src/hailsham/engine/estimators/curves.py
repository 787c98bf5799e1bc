"""Survival, cumulative hazard, cumulative incidence and state occupation.

Four estimators with one idea (aalen1978): at each time at which something
happens, the hazard that was then spent is estimated by the share of those at
risk to whom it happened. Sums of such shares estimate cumulative hazards, and
products of what they leave estimate probabilities.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hailsham.engine.estimators.intervals import Estimate, probability, quantile_of_level
from hailsham.engine.estimators.spells import (
    Codes,
    Spells,
    States,
    different_states,
    spells_at_risk,
)

Floats = NDArray[np.float64]

# Steps of a product that are held in memory at a time, with their matrices.
_STEPS_AT_ONCE = 2**16


@dataclass(frozen=True, eq=False)
class Curve(Estimate):
    """An estimate that changes at the times of events and is level between them.

    Its values hold from each time on, that time included. Columns, if it has
    any, are states or causes.

    Attributes:
        value: At each of the times. Shape (n,) or (n, columns), like
            ``standard_error``, ``low`` and ``high``.
        times: [years] Times at which something happened, rising. Shape (n,).
        at_risk: People at risk just before each time: of the events, shape
            (n,); or in each state, shape (n, columns).
        events: Events at each time; by cause, or by state left, shape (n, columns).
        before: The estimate from ``since`` to the first time, without the first axis.
        since: [years] Where the curve begins.
        until: [years] Where knowledge ends: the last time at which anybody was
            at risk, or ``inf`` if by then nothing was left to happen.
        states: State or cause of each column; empty if there are no columns.
    """

    times: Floats
    at_risk: Codes
    events: Codes
    before: Estimate
    since: float
    until: float
    states: tuple[int, ...] = ()

    def at(self, times: ArrayLike) -> Estimate:
        """Return the curve at some times, ``nan`` where nothing is known of it.

        Args:
            times: [years] Any shape; it is the shape of the answer, before columns.
        """
        asked = np.asarray(times, np.float64)
        row = np.searchsorted(self.times, asked, side="right")
        is_known = (asked >= self.since) & (asked <= self.until)

        def read(before: Floats, after: Floats) -> Floats:
            known = is_known.reshape(asked.shape + (1,) * before.ndim)
            return np.where(known, np.concatenate([before[None], after])[row], np.nan)

        return Estimate(
            read(self.before.value, self.value),
            read(self.before.standard_error, self.standard_error),
            read(self.before.low, self.low),
            read(self.before.high, self.high),
        )

    def area(self, stop: float) -> Floats:
        """Return the area below the curve from ``since`` to a time.

        Below a survival that is the mean number of years lived in between;
        below an occupation, the mean number of years spent in each state.

        Args:
            stop: [years] At or after ``since``, and no later than ``until``.

        Raises:
            ValueError: If nothing is known of the curve at ``stop``.
        """
        if not self.since <= stop <= self.until or math.isinf(stop):
            raise ValueError(
                f"stop: {stop} is not a time between {self.since} and {self.until}, "
                "where the curve is known"
            )
        inner = self.times[self.times < stop]
        widths = np.diff(np.concatenate([[self.since], inner, [stop]]))
        levels = np.concatenate([self.before.value[None], self.value[: inner.size]])
        return np.asarray(np.tensordot(widths, levels, axes=1))


def kaplan_meier(spells: Spells, *, to: States = None, level: float = 0.95) -> Curve:
    """Return the probability that no event has come, by time.

    The product over event times of the share of those at risk who are spared.
    With left-truncated spells it is conditional on the earliest start. If
    everybody of a small early risk set meets the event, the curve is 0 for
    good: begin at a later age, with more people.

    Args:
        spells: Who was at risk; ``spells.among(state)`` narrows it.
        to: Transitions into this state, or one of these, are the event, other
            ends are censorings, and who is there already is not at risk. Left
            out: any transition.
        level: Share of intervals that are to hold the truth.

    Returns:
        Survival, with Greenwood's standard error and intervals symmetric for
        log(-log S). Shape (n,).

    Raises:
        ValueError: If nobody is at risk.

    Source:
        kaplan1958; greenwood1926; kalbfleisch2002, section 1.4.
    """
    tally = _Tally.of(spells, to)
    spared = tally.at_risk - tally.events
    survival = np.cumprod(spared / tally.at_risk, dtype=np.float64)
    spread = tally.events / (tally.at_risk * np.maximum(spared, 1.0))
    # A survival of 0 stays 0, and Greenwood has nothing to say of it.
    error = survival * np.sqrt(np.cumsum(spread))
    estimate = probability(survival, standard_error=error, level=level)
    return tally.curve(estimate, before=_certain(1.0))


def nelson_aalen(spells: Spells, *, to: States = None, level: float = 0.95) -> Curve:
    """Return the cumulative hazard of an event, by time.

    The sum over event times of events by people at risk; ties count together.
    It needs no thought of what else can happen: other ends are censorings.

    Args:
        spells: Who was at risk; ``spells.among(state)`` narrows it.
        to: What counts as the event, as in ``kaplan_meier``.
        level: Share of intervals that are to hold the truth.

    Returns:
        [1] Cumulative hazard, with Aalen's standard error (the sum of events
        by the square of those at risk) and intervals symmetric for log H.
        Shape (n,).

    Raises:
        ValueError: If nobody is at risk.

    Source:
        nelson1972; aalen1978; andersen1993, section IV.1.
    """
    z = quantile_of_level(level)
    tally = _Tally.of(spells, to)
    hazard = np.cumsum(tally.events / tally.at_risk)
    error = np.sqrt(np.cumsum(tally.events / tally.at_risk**2))
    spread = np.exp(z * error / hazard)
    estimate = Estimate(hazard, error, hazard / spread, hazard * spread)
    return tally.curve(estimate, before=_certain(0.0))


def cumulative_incidence(spells: Spells, *, to: States = None, level: float = 0.95) -> Curve:
    """Return the probability that each of several competing events has come, by time.

    Each event needs people whom nothing has met before, so each cause is
    weighted by the survival of all; the incidences and that survival sum to 1.
    (One less a Kaplan-Meier curve in which the other causes are censorings
    answers another question, and is too high for this one.)

    Args:
        spells: Who was at risk; ``spells.among(state)`` narrows it.
        to: The causes: the states that can be entered first. Left out: all
            that were. Who is in one of them is not at risk.
        level: Share of intervals that are to hold the truth.

    Returns:
        Incidence by cause, in the order of ``states``, with standard errors of
        Greenwood's kind and intervals symmetric for log(-log F). Shape
        (n, causes).

    Raises:
        ValueError: If nobody is at risk.

    Source:
        aalen1978b; andersen1993, section IV.4; collett2003, section 12.
    """
    causes = different_states(spells.to_state[spells.status] if to is None else to)
    tally = _Tally.of(spells, causes)
    n_times, n_states = tally.times.size, 1 + len(causes)
    column = np.searchsorted(causes, spells.to_state[tally.rows])
    by_cause = np.zeros((n_times, len(causes)), np.int64)
    np.add.at(by_cause, (np.searchsorted(tally.times, spells.stop[tally.rows]), column), 1)

    at_risk = np.zeros((n_times, n_states), np.int64)
    at_risk[:, 0] = tally.at_risk
    moves = np.zeros((n_times, n_states, n_states), np.int64)
    moves[:, 0, 1:] = by_cause
    share, variance = _occupy(np.eye(n_states)[0], np.zeros((n_states,) * 2), at_risk, moves)
    estimate = probability(share[:, 1:], standard_error=np.sqrt(variance[:, 1:]), level=level)
    before = _certain(np.zeros(len(causes)))
    return tally.curve(estimate, before=before, events=by_cause, states=causes)


def aalen_johansen(
    spells: Spells,
    *,
    states: States = None,
    initial: ArrayLike | None = None,
    since: float | None = None,
    level: float = 0.95,
) -> Curve:
    """Return the probability of being in each state, by time.

    The product over event times of the matrices of shares that moved and
    stayed. Where censoring tells nothing of the future it is right for any
    process, with memory or without (datta2001). With left truncation the
    process must be Markov on the scale of the spells; and the standard errors
    hold for Markov processes: for others, draw people anew and look at the
    spread. Where nobody is at risk in a state, nobody is seen to leave it.

    Args:
        spells: All spells of the people, in all states. Those in a state that
            is never left change the answer only by who begins in it.
        states: The columns, in rising order; left out, all that occur.
        initial: Share of people in each state at ``since``, summing to 1.
            Left out: as among those at risk just after it, and the sampling
            error of these shares is then part of the answer's. If people
            enter at different times, say it.
        since: [years] Where the curve begins; left out, at the earliest start.
        level: Share of intervals that are to hold the truth.

    Returns:
        Occupation by state, with standard errors of Greenwood's kind and
        intervals symmetric for log(-log p). Shape (n, states); ``events`` are
        those who left each state.

    Raises:
        ValueError: If there are no spells, a state is missing among
            ``states``, or the shares are none.

    Source:
        aalenjohansen1978; datta2001; andersen1993, section IV.4.
    """
    if not len(spells):
        raise ValueError("spells: there are none, so nothing can be estimated")
    seen = np.append(spells.from_state, spells.to_state[spells.status])
    known = different_states(seen if states is None else states)
    if strange := set(seen) - set(known):
        raise ValueError(f"states: {min(strange)} occurs and is not among {known}")
    begin = float(spells.start.min()) if since is None else float(since)
    shares, covariance = _beginning(spells, known, initial, begin)

    here, moved = np.searchsorted(known, spells.from_state), spells.to_state != spells.from_state
    rows = np.flatnonzero(spells.status & moved & (spells.stop > begin))
    times, when = np.unique(spells.stop[rows], return_inverse=True)
    moves = np.zeros((times.size, len(known), len(known)), np.int64)
    np.add.at(moves, (when, here[rows], np.searchsorted(known, spells.to_state[rows])), 1)
    at_risk = np.stack(
        [_at_risk(spells, here == column, times) for column in range(len(known))], axis=-1
    )
    value, variance = _occupy(shares, covariance, at_risk, moves)
    estimate = probability(value, standard_error=np.sqrt(variance), level=level)
    is_left = moves.sum(axis=(0, 2)) > 0
    last = value[-1] if times.size else shares
    return Curve(
        estimate.value,
        estimate.standard_error,
        estimate.low,
        estimate.high,
        times=times,
        at_risk=at_risk,
        events=moves.sum(axis=2),
        before=probability(shares, standard_error=np.sqrt(np.diagonal(covariance)), level=level),
        since=begin,
        until=math.inf if not last[is_left].any() else float(spells.stop.max()),
        states=known,
    )


@dataclass(frozen=True, eq=False)
class _Tally:
    """Event times, and how many were at risk and met the event at each."""

    rows: Codes
    times: Floats
    at_risk: Codes
    events: Codes
    since: float
    last: float

    @classmethod
    def of(cls, spells: Spells, to: States) -> _Tally:
        """Return the tally of spells that are at risk of certain transitions."""
        is_at_risk, is_event = spells_at_risk(spells, to)
        if not is_at_risk.any():
            raise ValueError(
                f"to: nobody is at risk, for every spell is in one of {to}; "
                "spells.among(...) chooses where people are to come from"
            )
        rows = np.flatnonzero(is_at_risk)[is_event]
        times, events = np.unique(spells.stop[rows], return_counts=True)
        return cls(
            rows=rows,
            times=times,
            at_risk=_at_risk(spells, is_at_risk, times),
            events=events,
            since=float(spells.start[is_at_risk].min()),
            last=float(spells.stop[is_at_risk].max()),
        )

    def curve(
        self,
        estimate: Estimate,
        *,
        before: Estimate,
        events: Codes | None = None,
        states: tuple[int, ...] = (),
    ) -> Curve:
        """Return an estimate at these times as a curve."""
        is_over = (
            self.times.size > 0
            and self.times[-1] == self.last
            and self.at_risk[-1] == self.events[-1]
        )
        return Curve(
            estimate.value,
            estimate.standard_error,
            estimate.low,
            estimate.high,
            times=self.times,
            at_risk=self.at_risk,
            events=self.events if events is None else events,
            before=before,
            since=self.since,
            until=math.inf if is_over else self.last,
            states=states,
        )


def _certain(value: float | Floats) -> Estimate:
    """Return what holds before anything was seen, without an interval."""
    known = np.asarray(value, np.float64)
    nothing = np.full(known.shape, np.nan)
    return Estimate(known, np.zeros(known.shape), nothing, nothing)


def _at_risk(spells: Spells, which: NDArray[np.bool_], times: Floats) -> Codes:
    """Return how many of some spells hold each time in ``(start, stop]``."""
    begun = np.searchsorted(np.sort(spells.start[which]), times, side="left")
    ended = np.searchsorted(np.sort(spells.stop[which]), times, side="left")
    return np.asarray(begun - ended, np.int64)


def _beginning(
    spells: Spells, known: tuple[int, ...], initial: ArrayLike | None, since: float
) -> tuple[Floats, Floats]:
    """Return shares by state at the beginning, and their covariance."""
    if initial is None:
        present = (spells.start <= since) & (since < spells.stop)
        if not present.any():
            raise ValueError(f"since: nobody is at risk at {since}; say the initial shares")
        column = np.searchsorted(known, spells.from_state[present])
        shares = np.bincount(column, minlength=len(known)) / present.sum()
        return shares, (np.diag(shares) - np.outer(shares, shares)) / present.sum()
    shares = np.asarray(initial, np.float64)
    # A sum of shares that were typed in decimals misses 1 by rounding only.
    if shares.shape != (len(known),) or (shares < 0.0).any() or abs(shares.sum() - 1.0) > 1e-9:
        raise ValueError(f"initial: one share for each of {known}, sum 1, not {shares.tolist()}")
    return shares, np.zeros((len(known), len(known)))


def _occupy(
    shares: Floats, covariance: Floats, at_risk: Codes, moves: Codes
) -> tuple[Floats, Floats]:
    """Return shares by state after each time, and their variances.

    With M the matrix of one step and p the shares before it, the shares after
    it are p M, and the covariance of p becomes M' V M plus what the step
    itself adds: for each state left, p squared times the covariance of a
    multinomial sample of those at risk in it. For two states it is
    Greenwood's formula.

    Args:
        shares: At the beginning. Shape (k,).
        covariance: Of these. Shape (k, k).
        at_risk: People in each state just before each time. Shape (n, k).
        moves: Those who went from row to column at each time; nothing on the
            diagonal. Shape (n, k, k).
    """
    value = np.empty(at_risk.shape)
    variance = np.empty(at_risk.shape)
    for first in range(0, at_risk.shape[0], _STEPS_AT_ONCE):
        part = slice(first, first + _STEPS_AT_ONCE)
        value[part], variance[part], shares, covariance = _stride(
            shares, covariance, at_risk[part], moves[part]
        )
    # What is left of a variance of nothing by rounding may be below it.
    return value, np.maximum(variance, 0.0)


def _stride(
    shares: Floats, covariance: Floats, at_risk: Codes, moves: Codes
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return shares and variances after each of some steps, and both after the last.

    The steps are laid out as blocks of equal length. All blocks multiply up
    at once, each from its own beginning; then the beginnings are filled in
    one after the other. That is twice the products, in the square root of the
    number of calls.
    """
    n, k = at_risk.shape
    length = math.isqrt(n - 1) + 1
    n_blocks = -(-n // length)
    step = np.broadcast_to(np.eye(k), (n_blocks * length, k, k)).copy()
    people = np.ones((n_blocks * length, k))
    people[:n] = np.maximum(at_risk, 1)
    step[:n] = moves / people[:n, :, None]
    step[:n, range(k), range(k)] = 1.0 - moves.sum(axis=2) / people[:n]

    step = step.reshape(n_blocks, length, k, k)
    through = step.copy()
    for i in range(1, length):
        through[:, i] = through[:, i - 1] @ step[:, i]
    heads = np.empty((n_blocks, k))
    for block in range(n_blocks):
        heads[block] = shares
        shares = shares @ through[block, -1]
    value = np.einsum("bh,bihj->bij", heads, through).reshape(-1, k)

    before = np.concatenate([heads[:1], value[:-1]])
    weight = (before**2 / people).reshape(n_blocks, length, k)
    spread = -np.einsum("bih,bihj,bihm->bijm", weight, step, step)
    spread[..., range(k), range(k)] += np.einsum("bih,bihj->bij", weight, step)
    for i in range(1, length):
        spread[:, i] += step[:, i].swapaxes(1, 2) @ spread[:, i - 1] @ step[:, i]
    roots = np.empty((n_blocks, k, k))
    for block in range(n_blocks):
        roots[block] = covariance
        whole = through[block, -1]
        covariance = whole.T @ covariance @ whole + spread[block, -1]
    carried = np.einsum("bihj,bhm,bimj->bij", through, roots, through, optimize=True)
    variance = (carried + np.diagonal(spread, axis1=2, axis2=3)).reshape(-1, k)
    return value[:n], variance[:n], shares, covariance
