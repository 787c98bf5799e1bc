"""Many lives at once, from the engine's parts; and how far a sample lies from an answer."""

import json
from pathlib import Path

import numba
import numpy as np
from hypothesis import settings

from hailsham.engine.draws import exponential
from hailsham.engine.hazards import exponential_wait, gompertz_wait, lexis_race, staircase_wait

#: The same examples on every run.
STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=200)
#: Where a sample and an answer part: on a fresh seed, once in 1.7 million for each quantity.
LIMIT = 5.0
#: Fewer events than this tell nothing, and that is a failure, too.
ENOUGH = 100

CASES = Path(__file__).parents[2] / "cases"


def reference_problem(name):
    """Inputs and answers of a reference problem, the answers as numbers."""
    problems = json.loads((CASES / "reference_problems.json").read_text())["problems"]
    (problem,) = [problem for problem in problems if problem["id"] == name]
    return problem["inputs"], {key: float(text) for key, text in problem["answers"].items()}


@numba.njit
def budgets(key, purpose, count, people):
    """Unit exponentials of these people: what each has to spend on one clock."""
    drawn = np.empty(people.size)
    for i in range(people.size):
        drawn[i] = exponential(key, people[i], purpose, count)
    return drawn


@numba.njit
def gompertz_waits(spending, age, level, slope):
    """Waits from one age; a clock without a slope is an exponential one."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        if slope == 0.0:
            waits[i] = exponential_wait(spending[i], level)
        else:
            waits[i] = gompertz_wait(spending[i], age, level, slope)
    return waits


@numba.njit
def staircase_waits(spending, age, breaks, rates):
    """Waits from one age under a staircase of rates."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = staircase_wait(spending[i], age, breaks, rates)
    return waits


@numba.njit
def lexis_races(spending, born, start, breaks, first_year, rates, terminal):
    """Winner and latent times of one race a person; what is spent is a copy."""
    n_people, n_clocks = spending.shape
    winners = np.empty(n_people, np.int64)
    latent = np.empty((n_people, n_clocks))
    for i in range(n_people):
        winners[i] = lexis_race(
            spending[i].copy(), born, start, breaks, first_year, rates, latent[i], terminal
        )
    return winners, latent


def z_mean(values, exact):
    """Sample mean less the exact one, in standard errors of the sample."""
    return float((values.mean() - exact) / (values.std() / np.sqrt(values.size)))


def z_share(is_so, exact):
    """Share of a sample less the exact one, in its exact standard errors."""
    enough = is_so.size * min(exact, 1.0 - exact)
    assert enough >= ENOUGH, f"{enough:.0f} expected cases are too few to tell"
    return float((is_so.mean() - exact) / np.sqrt(exact * (1.0 - exact) / is_so.size))


def z_variance(values, exact):
    """Sample variance less the exact one, in standard errors from the fourth moment."""
    return z_mean((values - values.mean()) ** 2, exact)


def z_variance_ratio(above, below, exact):
    """Ratio of two sample variances less the exact one, in its own standard errors."""
    squares = (above - above.mean()) ** 2
    base = (below - below.mean()) ** 2
    ratio = squares.mean() / base.mean()
    # Each person's part in the ratio, to first order; their mean is nought.
    parts = (squares - ratio * base) / base.mean()
    return float((ratio - exact) / (parts.std() / np.sqrt(parts.size)))
