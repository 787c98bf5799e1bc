"""How far a sample lies from an answer, and what examples to try."""

import numpy as np
from hypothesis import settings

#: The same examples on every run.
STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=200)
#: Where a sample and an answer part: on a fresh seed, once in 1.7 million for each quantity.
LIMIT = 5.0
#: Fewer events than this tell nothing, and that is a failure, too.
ENOUGH = 100


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
