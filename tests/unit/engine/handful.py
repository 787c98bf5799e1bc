"""A handful of every kernel's results, bit for bit; as a program, one result a line."""

import sys

import numpy as np

from hailsham.engine import agenda, arithmetic, draws, hazards, recorder

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


def lines():
    return [float(number).hex() for number in numbers()]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()))
