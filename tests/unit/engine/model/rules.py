"""Plain functions of a modeller: everything a structure of the tests may name.

They keep attributes within [-2, 3] and hazards within a few per year, so that no life is endless.
"""

import math

from hailsham.engine.arithmetic import exp, log

STEEP = 0.4


def logistic(number):
    return 1.0 / (1.0 + exp(-number))


# ---------------------------------------------------------------- effects


def doubled_late(age):
    return 2.0 if age > 20.0 else 0.5


def fading(since_entry):
    return 1.0 / (1.0 + since_entry)


def by_season(time):
    return 0.5 + (time - math.floor(time))


def steep(x):
    return exp(STEEP * x)


def none_below_nought(y):
    return max(y, 0.0)


def apart(x, y):
    return abs(x - y)


def by_all(x, y, z, age):
    return logistic(x + y) if z < 1.0 else logistic(0.1 * age)


# ---------------------------------------------------------------- new values


def one_more(x):
    return x + 1.0 if x < 2.0 else -1.0


def crossed(x, y):
    return 0.5 * (y - x)


def drawn(luck):
    return min(-log(luck), 3.0)


def moment(time, since_entry):
    return time - math.floor(time) + min(since_entry, 1.0)


def stage(age, z, luck):
    if luck < 0.5:
        return z
    return 1.0 if age > 15.0 else 0.0


# ---------------------------------------------------------------- shares, at most 1/2


def likely(x):
    return 0.5 * logistic(x)


def never_or_rarely(y, z):
    return 0.0 if y < z else 0.25


# ---------------------------------------------------------------- hazards to thin, at most 1/4


def saw(reading):
    return 0.25 * (reading - math.floor(reading))


def hump(reading):
    return max(0.0, 0.2 - 0.0008 * (reading - 15.0) * (reading - 15.0))


# ---------------------------------------------------------------- a fault


def below_nought(age):
    return -1.0 - age


EFFECTS = (doubled_late, fading, by_season, steep, none_below_nought, apart, by_all)
VALUES = (one_more, crossed, drawn, moment, stage)
SHARES = (likely, never_or_rarely)
HAZARDS = (saw, hump)
NAMED = {one.__name__: one for one in (*EFFECTS, *VALUES, *SHARES, *HAZARDS)}
