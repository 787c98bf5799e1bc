"""A handful of every kernel's results, bit for bit; as a program, one result a line."""

import sys

import numpy as np

from hailsham.engine import agenda, arithmetic, draws, hazards, recorder
from hailsham.engine.families import inverted, special, tabulated

BREAKS = np.array([0.0, 1.0, 15.0, 65.0])


def numbers():
    """Results of each kernel on inputs that reach all its branches but the failing ones."""
    key = draws.draw_key(11, 7)
    name = draws.purpose("test.handful")
    xs = [5e-324, 1e-300, 1e-9, 0.3, 0.71, 1.0, 1.5, 40.0, 650.0, 709.9, 1e300, float("inf")]
    # Doubles of NumPy, too, because arrays hand them over.
    for x in [0.0, *xs, *np.array(xs[:9])]:
        yield from (arithmetic.log(x), arithmetic.log1p(x))
        yield from (f(s * x) for f in (arithmetic.exp, arithmetic.expm1) for s in (1.0, -1.0))
    for person in (0, 1, 2**40 + 5):
        for draw in (draws.uniform, draws.exponential, draws.gamma_two, draws.normal):
            yield draw(key, person, name, 3)
        yield from draws.uniform_pair(key, person, name, 2**32 - 1)
    yield from (draws.normal_quantile(p) for p in (1e-15, 1e-9, 0.01, 0.4, 0.6, 0.99))
    stairs, rates = np.array([0.1, 0.0, 0.02, 0.3]), np.full((3, 4, 2), 0.04)
    for budget in (1e-12, 0.05, 3.0):
        yield hazards.exponential_wait(budget, 0.1)
        yield from (hazards.gompertz_wait(budget, 30.0, 1e-3, b) for b in (-0.1, 0.0, 0.1))
        yield from (hazards.weibull_wait(budget, since, 2.5, 30.0) for since in (0.0, 20.0))
        yield from (hazards.staircase_wait(budget, age, BREAKS, stairs) for age in (0.0, 70.0))
        latent, spending = np.empty(2), np.array([budget, 2.0 * budget])
        for born in (1936.25, 1949.1):
            spent = spending.copy()
            yield hazards.lexis_race(spent, born, 1950.5, BREAKS, 1950, rates, latent, 1)
            yield from (*latent, *spent)
    yield from families()
    yield hazards.gompertz_cumulative(30.0, 40.0, 1e-3, 0.1)
    yield hazards.gompertz_cumulative(30.0, 40.0, 1e-3, 0.0)
    yield hazards.weibull_cumulative(0.0, 40.0, 2.5, 30.0)
    plans, log = agenda.new_agenda(9), recorder.new_log(3)
    for i in range(10):
        agenda.enter(plans, 1950.0 + (7 * i) % 5, i % 2, i, i)
        recorder.record(log, i, 1950.0, 1, 2, 3)
    yield from (agenda.has_overflowed(plans), log.rows[0])
    for _ in range(11):
        yield from agenda.take_next(plans)
    tables = np.zeros((2, 3, 4), np.int64)
    recorder.add_exposure(tables[0], tables[1], 1936.25, 1950.5, np.inf, BREAKS, 1950, 1)
    yield from tables.ravel()


def families():
    """Results of the families of hazards, in every one of their formulas."""
    yield from (arithmetic.lgamma(x) for x in (5e-324, 0.1, 0.9, 1.5, 2.2, 6.5, 40.0, 1e305))
    yield from (special.normal_spent(z) for z in (-1e151, -8.0, 0.0, 40.0, 1e151))
    yield from (special.normal_hazard(z) for z in (-1e151, -8.0, 0.0, 40.0, 1e151))
    yield from (special.normal_point(spent) for spent in (0.0, 1e-9, 2.0, 30.0, 900.0))
    pairs = [(0.05, 1e-12), (0.05, 0.7), (2.5, 1e-9), (2.5, 3.0), (80.0, 1e-12), (80.0, 500.0)]
    yield from (special.gamma_point(*pair) for pair in pairs)
    table = np.full((3, 4), 0.04)
    stairs = tabulated.linear_hazard([0.0, 15.0, 40.0], values=[0.2, 0.0, 0.1])
    for budget in (1e-12, 0.05, 3.0):
        yield from (inverted.gompertz_makeham_wait(budget, 3.0, 0.01, b, 0.1) for b in (-0.5, 0.1))
        waits = inverted.log_logistic_wait, inverted.log_normal_wait, inverted.gamma_wait
        yield from (wait(budget, since, 2.5, 3.0) for wait in waits for since in (0.0, 7.0))
        yield from (tabulated.linear_staircase_wait(budget, x, stairs) for x in (0.0, 14.0, 50.0))
        yield hazards.lexis_wait(budget, 1950.5, 1936.25, BREAKS, 1950, table)
        yield hazards.rest_of_budget(3.0, budget, 1.5)
    yield hazards.lexis_cumulative(1950.5, 1956.0, 1936.25, BREAKS, 1950, table)
    yield hazards.lexis_hazard(1950.5, 1936.25, BREAKS, 1950, table)
    yield hazards.staircase_cumulative(0.5, 70.0, BREAKS, table[0])
    yield tabulated.linear_staircase_cumulative(3.0, 50.0, stairs)
    yield tabulated.linear_staircase_hazard(3.0, stairs)
    hazard = inverted.log_logistic_hazard, inverted.log_normal_hazard, inverted.gamma_hazard
    yield from (rate(x, 2.5, 3.0) for rate in hazard for x in (0.0, 2.0, 30.0))


def lines():
    return [float(number).hex() for number in numbers()]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()))
