"""The story's own course, looked for pod by pod.

A woman who worked for twelve years, a man, and another: the man was first the
other's partner; the other dies; the two become a couple, apply and are
refused; he dies at his fourth operation; then she is called up. Nothing here
asks for sexes: the course counts, whoever runs it.
"""

from __future__ import annotations

import polars as pl

from hailsham.telling.evidence.estimates import Estimate, mean_of
from hailsham.telling.evidence.lives import Lives
from hailsham.telling.evidence.measures import LONG_SERVICE

#: Tommy's last operation.
FOURTH = 4

_WHO = ["replicate", "person"]
_IS_HERS = (
    (pl.col("tenure") >= LONG_SERVICE)
    # Each is the other's last partner; his first was somebody else of the pod.
    & (pl.col("his_couple") == pl.col("person"))
    & (pl.col("his_first_couple") != pl.col("person"))
    & (pl.col("completed_at_donation_his") == FOURTH)
    # In its order: her friend's end, the couple, their application, the refusal, his end, her turn.
    & (pl.col("friend_ended") < pl.col("couple_from"))
    & (pl.col("couple_from") <= pl.col("applied"))
    & (pl.col("applied") <= pl.col("refused"))
    & pl.col("his_refused").is_not_null()
    & (pl.col("refused") < pl.col("his_ended"))
    & (pl.col("his_ended") < pl.col("carer_until"))
)


def in_its_order(lives: Lives) -> Estimate:
    """Return the share of lives that take the part of Kathy in the whole course."""
    him = lives.people.select(
        "replicate",
        couple="person",
        his_couple="couple",
        his_first_couple="first_couple",
        completed_at_donation_his="completed_at_donation",
        his_refused="refused",
        his_ended="ended",
    )
    friend = lives.people.select("replicate", his_first_couple="person", friend_ended="ended")
    hers = (
        lives.people.join(him, on=["replicate", "couple"], how="left", maintain_order="left")
        .join(friend, on=["replicate", "his_first_couple"], how="left", maintain_order="left")
        .with_columns(is_hers=_IS_HERS.fill_null(value=False))
    )
    return mean_of(hers, pl.col("is_hers"))
