"""The four kinds of ending: integrity and despair are two things, each high or low."""

from __future__ import annotations

import polars as pl

#: [0 to 1] From here on integrity counts as high, and despair as high.
HIGH_INTEGRITY, HIGH_DESPAIR = 0.6, 0.5

_at_one = pl.col("integrity") >= HIGH_INTEGRITY
_in_despair = pl.col("despair") >= HIGH_DESPAIR
#: Name of each class, and who is in it.
CLASSES: dict[str, pl.Expr] = {
    "integrated": _at_one & ~_in_despair,
    "pseudo-integrated": _at_one & _in_despair,
    "non-exploring": ~_at_one & ~_in_despair,
    "despairing": ~_at_one & _in_despair,
}
#: What the names mean, for a reader.
MEANINGS: dict[str, str] = {
    "integrated": "integrity 0.6 or more, despair below 0.5",
    "pseudo-integrated": "integrity 0.6 or more, despair 0.5 or more",
    "non-exploring": "integrity below 0.6, despair below 0.5",
    "despairing": "integrity below 0.6, despair 0.5 or more",
}
