"""The tables of the terminal that tell of an inner life; empty where none was simulated."""

from __future__ import annotations

import polars as pl

from hailsham.lives.store import StoredRun

_EVERY = 5
_BY_AGE = ("developmental_age", "known", "felt", "despair", "consolation", "lost", "let_go", "ties")


def inner_life_by_age(run: StoredRun) -> pl.LazyFrame:
    """Return means of those alive at every fifth age, over all repetitions."""
    some = run.scan("ages").filter(pl.col("age") % _EVERY == 0, pl.col("alive") > 0)
    return some.group_by("age").agg(pl.col("alive").sum(), pl.col(_BY_AGE).mean()).sort("age")


def ordinary_lives(run: StoredRun) -> pl.LazyFrame:
    """Return means of whole lives: ordinary people, and clones at each compressibility."""
    whole = run.scan("beside").filter(pl.col("developmental_age").is_null())
    steps = (0.0, 0.25, 0.5, 0.75, 1.0)
    is_ordinary = pl.col("people") == "ordinary"
    return (
        whole.group_by("quantity", maintain_order=True)
        .agg(
            pl.col("mean").filter(is_ordinary).mean().alias("ordinary people"),
            *(
                pl.col("mean")
                .filter(pl.col("compressibility") == step)
                .mean()
                .alias(f"at {step:g}")
                for step in steps
            ),
        )
        .sort("quantity")
    )
