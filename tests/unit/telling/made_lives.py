"""Lives written down by a rule of ours, so that a test knows what is true of them."""

from dataclasses import replace

import numpy as np
import polars as pl

from hailsham.telling.evidence.lives import Lives

SEED = 20261122
STYLES = np.array(["none", "reminiscer", "repairer", "protester", "bargainer", "dutiful"])
SHARES = [0.1, 0.45, 0.12, 0.07, 0.1, 0.16]


def make_lives(n=40_000, *, seed=SEED) -> Lives:
    """Return lives in which every target is true that lives alone can show."""
    luck = np.random.default_rng(seed)
    born = 1960 + luck.random(n)
    carer_from = born + 16 + luck.uniform(2.5, 3.5, n)
    quality = luck.normal(size=n)
    # One in two thousand works twelve years; the others about two and a half.
    tenure = np.where(
        luck.random(n) < 5e-4, 12.5, 1 + luck.gamma(3, 0.5, n) + 0.3 * np.tanh(quality)
    )
    until = carer_from + tenure
    donor_years = luck.gamma(9, 0.62, n)
    step = luck.choice([1, 2, 3, 4], p=[0.005, 0.075, 0.4, 0.52], size=n).astype(np.int32)
    style = luck.choice(STYLES, p=SHARES, size=n)
    hopes = luck.random(n) < 0.25
    as_hailsham = np.arange(n) // 8 % 3 == 0
    integrity = 0.6 + 0.1 * (style == "reminiscer") - 0.1 * hopes + 0.04 * as_hailsham
    integrity = np.clip(integrity + 0.05 * luck.normal(size=n) + 0.2 * (tenure > 12), 0, 1)
    people = pl.DataFrame(
        {
            "replicate": np.zeros(n, np.int32),
            "person": np.arange(n) // 8 * 10 + np.arange(n) % 8,
            "status": ["died"] * n,
            "born": born,
            "ended": until + 0.75 + donor_years,
            "name": ["Jenny K."] * n,
            "house": (np.arange(n) // 8 % 3).astype(np.int32),
            "left_house": born + 16.0,
            "carer_from": carer_from,
            "carer_until": until,
            "tenure": tenure,
            "quality": quality,
            "donor_from": until,
            "first_operation": until + 0.75,
            "donations": step,
            "completed_at_donation": step,
            "mobility_lost": 0.1 * step,
            "integrity": integrity,
            "despair": luck.beta(2, 5, n),
            "peaceful": luck.random(n) < 0.17,
            "knowledge_15": luck.beta(5, 5, n),
            "awareness_15": luck.beta(1, 200, n),
            "awareness_end": luck.beta(4, 2, n),
            "letting_go": luck.beta(4, 2, n),
            "crisis_age": np.where(luck.random(n) < 0.9, 20 + luck.random(n), np.nan),
            "consolation": 0.5 + 0.03 * as_hailsham + 0.1 * luck.normal(size=n),
            "stage_5": 1 + 4 * luck.beta(4, 3, n),
            "style": style,
            "hope_end": hopes,
            "understanding": 0.95 - 0.4 * hopes + 0.02 * luck.normal(size=n),
            "as_hailsham": as_hailsham,
            "truth": np.full(n, np.nan),
            "couple": np.full(n, -1),
            "first_couple": np.full(n, -1),
            "couple_from": np.full(n, np.nan),
            "believed_deferral": luck.random(n) < 0.4,
            "applied": np.where(luck.random(n) < 0.12, until + 0.1, np.nan),
            "chances_taken": np.zeros(n, np.int32),
        }
    ).with_columns(refused=pl.col("applied") + 0.1)
    empty = {"couple": -1, "first_couple": -1}
    nulled = people.with_columns(
        pl.col("crisis_age", "truth", "couple_from", "applied", "refused").fill_nan(None),
        *(pl.col(name).replace(value, None) for name, value in empty.items()),
    )
    died = nulled.filter(pl.col("completed_at_donation") == 4)
    hearts = died.select("replicate", donor="person", organ=pl.lit("heart"), step="donations")
    return Lives(nulled, hearts)


def with_columns(lives: Lives, **columns) -> Lives:
    """Return the same lives with some columns changed."""
    return replace(lives, people=lives.people.with_columns(**columns))
