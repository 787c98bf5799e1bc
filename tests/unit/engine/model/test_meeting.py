"""Who meets whom: compiled and plain agree to the last bit."""

import numpy as np
import pytest

from hailsham.engine.meeting import plain
from tests.unit.engine.model.meeting_models import CASES

SEEDS = range(12)


def compiled_events(case, seed, **options):
    """The events of the compiled model, as tuples."""
    lives = case.model.simulate(
        case.n_people, seed=seed, until=case.until, **case.people, **options
    )
    return [tuple(np.asarray(one).item() for one in row) for row in zip(*lives.events, strict=True)]


@pytest.mark.parametrize("made", CASES)
def test_compiled_and_plain_agree_to_the_last_bit(made):
    case = made()
    for seed in SEEDS:
        ours = compiled_events(case, seed)
        theirs = plain.live_together(
            case.model, case.n_people, seed=seed, until=case.until, **case.people
        )
        assert len(theirs) > case.n_people
        assert ours == theirs
