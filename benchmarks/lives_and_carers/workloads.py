"""What is simulated: the numbers of W1, lives, and of W2, shared carers.

Every contestant offers ``lives(persons, seed)`` and ``carers(patients, carers,
seed)``, or one of the two, and returns means: of a person for W1, of a patient
and of a spell of care for W2.
"""

from __future__ import annotations

# W1. Hazards are per year, a is age, s the years since the present illness began.
ONSET_LEVEL, ONSET_SLOPE = 0.0004, 0.075  # well to ill: level * exp(slope * a)
DEATH_LEVEL, DEATH_SLOPE = 0.00005, 0.09  # well or ill to dead: level * exp(slope * a)
EXCESS_LEVEL, EXCESS_FALL = 0.10, 0.2  # ill to dead besides: level * exp(-fall * s)
RECOVERY = 0.05  # ill to well
LAST_AGE = 110.0
AGES = (20.0, 40.0, 60.0, 80.0, 100.0)

# W2 and W2s.
YEARS = 50.0  # the time over which patients arrive, at a constant rate
MEAN_SPELL = 0.08  # of care [years]
MEAN_RECOVERY = 1.0  # between two spells of care [years]
DEATH_RISK = 0.3  # at the end of each spell of care
SPELLS = 3  # at most


def measures(
    persons: int,
    *,
    years: float,
    ill_years: float,
    episodes: float,
    ill: list[int],
    dead: list[int],
) -> dict[str, float]:
    """Return the means of W1 from totals over all persons."""
    totals = {"death_age": years, "ill_years": ill_years, "episodes": episodes}
    totals |= {f"ill_at_{age:.0f}": n for age, n in zip(AGES, ill, strict=True)}
    totals |= {f"dead_at_{age:.0f}": n for age, n in zip(AGES, dead, strict=True)}
    return {name: float(total) / persons for name, total in totals.items()}
