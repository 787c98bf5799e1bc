"""Every problem simulated, every answer compared: what ``hailsham verify`` says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hailsham.engine.draws import draw_key
from hailsham.verification import births, fixed, lives, queues, states, waiting_list
from hailsham.verification.estimates import Estimate, Estimates
from hailsham.verification.problems import Inputs, read_problems

#: Standard errors beyond which an estimate and an answer differ.
LIMIT = 5.0
AGREES, DIFFERS = "agrees", "differs"


class Simulate(Protocol):
    """A function that simulates a problem from what is given in it, and nothing else."""

    def __call__(self, inputs: Inputs, *, key: np.uint64) -> Estimates:
        """Return an estimate of each answer, by its name."""


#: What simulates each problem.
SIMULATED: dict[str, Simulate] = {
    "P01": lives.constant_hazard,
    "P02": lives.gompertz_life,
    "P03": lives.gompertz_makeham_life,
    "P04": lives.siler_life,
    "P05": fixed.waits_from_uniforms,
    "P06": lives.risks_of_one_slope,
    "P07": lives.risks_of_several_slopes,
    "P08": lives.life_table,
    "P09": states.illness,
    "P10": states.illness_and_recovery,
    "P11": states.illness_by_age,
    "P12": states.illness_by_duration,
    "P13": states.illness_and_recovery_by_duration,
    "P14": states.organ_renewed,
    "P15": states.organ_renewed_or_fatal,
    "P16": states.donations,
    "P17": queues.erlang_c,
    "P18": queues.erlang_a,
    "P19": queues.two_classes,
    "P20": waiting_list.organ_list,
    "P21": births.family_of_one,
    "P22": births.births_of_one,
    "P23": lives.frailty,
    "P24": lives.change_at_a_date,
    "P25": fixed.ten_records,
    "P26": lives.common_luck,
    "P27": births.births_at_a_changing_rate,
    "P28": fixed.known_blocks,
    "P29": births.stationary_population,
}
#: Problems whose figures are the same whatever the seed.
WITHOUT_LUCK = {"P05", "P25", "P28"}


@dataclass(frozen=True)
class Comparison:
    """One answer, what the engine made of it, and how far apart the two are."""

    problem: str
    quantity: str
    exact: float
    simulated: float
    standard_error: float
    z: float
    verdict: str


def luck(problem: str, *, seed: int) -> np.uint64:
    """Return the key of a problem: its number is the replicate, so that no two share their luck."""
    return draw_key(seed, int(problem[1:]))


def compare(estimates: Estimates, *, answers: dict[str, float], problem: str) -> list[Comparison]:
    """Compare estimates with answers of the same names.

    Raises:
        KeyError: If an answer has no estimate, or an estimate no answer.
    """
    if estimates.keys() != answers.keys():
        raise KeyError(f"{problem}: {sorted(estimates.keys() ^ answers.keys())}")
    return [
        _compared(problem, quantity, exact, estimates[quantity])
        for quantity, exact in answers.items()
    ]


def _compared(problem: str, quantity: str, exact: float, found: Estimate) -> Comparison:
    apart, error = found.value - exact, found.standard_error
    # No error at all is a sample in which everybody is alike: it is right or wrong.
    z = apart / error if error else math.copysign(math.inf, apart) if apart else 0.0
    # What is no number is not within the limit.
    verdict = AGREES if abs(z) <= LIMIT else DIFFERS
    return Comparison(problem, quantity, exact, found.value, error, z, verdict)


def answers_of(name: str) -> dict[str, float]:
    """Return the exact answers of a problem; for P28, all four words of each block."""
    if name == "P28":
        return {block: float(len(known)) for block, (_, _, known) in fixed.KNOWN.items()}
    return read_problems()[name].answers


def simulate_problem(name: str, *, seed: int) -> list[Comparison]:
    """Simulate one problem and compare every answer of it.

    Args:
        name: ``P01`` to ``P29``.
        seed: Whole number in [0, 2**32).
    """
    simulate, inputs = SIMULATED[name], read_problems()[name].inputs
    estimates = simulate(inputs, key=luck(name, seed=seed))
    return compare(estimates, answers=answers_of(name), problem=name)


def verify_engine(
    seed: int = 1,
    *,
    names: Iterable[str] = tuple(SIMULATED),
    observe: Callable[[str, float], None] | None = None,
) -> list[Comparison]:
    """Simulate the reference problems and compare every answer.

    Args:
        seed: Whole number in [0, 2**32): which luck.
        names: Problems, all by default.
        observe: Is told before each problem what it is, and the share done.
    """
    wanted, found = list(names), []
    for done, name in enumerate(wanted):
        if observe is not None:
            observe(f"{name} {read_problems()[name].title}", done / len(wanted))
        found += simulate_problem(name, seed=seed)
    return found


def false_alarm_rate(comparisons: Sequence[Comparison]) -> float:
    """Return the most that a right engine differs somewhere, were every estimate normal.

    It is the sum over all answers that luck moves, which no dependence between
    them can exceed.
    """
    n_by_luck = sum(row.problem not in WITHOUT_LUCK for row in comparisons)
    return n_by_luck * math.erfc(LIMIT / math.sqrt(2.0))
