"""What a demographer reads off an event log, from this engine or from anywhere.

    event log ──spells_from_events──▶ Spells ──┬─ kaplan_meier, nelson_aalen ────────────▶ Curve
                                               ├─ cumulative_incidence, aalen_johansen ──▶ Curve
                                               └─ lexis_exposure ──▶ Lexis ──life_table──▶ LifeTable

A spell is a stretch of one person's time, under observation, in one state.
Everything else follows from spells, so that left truncation, right censoring
and ties are settled once: somebody is at risk at ``t`` where
``start < t <= stop``. An event at ``t`` therefore comes before a censoring
at ``t``, and who enters at ``t`` is not yet at risk of it.

All of it is plain NumPy: nothing is compiled, and nothing is drawn.
"""

from hailsham.engine.estimators.curves import (
    Curve,
    aalen_johansen,
    cumulative_incidence,
    kaplan_meier,
    nelson_aalen,
)
from hailsham.engine.estimators.intervals import Estimate, event_rate
from hailsham.engine.estimators.lexis import Lexis, lexis_exposure
from hailsham.engine.estimators.lifetable import LifeTable, life_table
from hailsham.engine.estimators.spells import CENSORED, Spells, spells_from_events

__all__ = [
    "CENSORED",
    "Curve",
    "Estimate",
    "Lexis",
    "LifeTable",
    "Spells",
    "aalen_johansen",
    "cumulative_incidence",
    "event_rate",
    "kaplan_meier",
    "lexis_exposure",
    "life_table",
    "nelson_aalen",
    "spells_from_events",
]
