"""What each target looks at in the lives: one small function a figure."""

from __future__ import annotations

import math

import polars as pl

from hailsham.telling.evidence.estimates import (
    NOBODY,
    POD,
    Estimate,
    correlation_of,
    count_of,
    difference_of,
    mean_of,
)
from hailsham.telling.evidence.lives import Lives

#: Kathy's twelve years at work, and her age. [years]
LONG_SERVICE, HER_AGE = 12.0, 31.0
#: Of seven friends "most" are at least so many.
MOST_OF_SEVEN = 5
#: The year of the film's caption. [years AD]
DISCOVERY = 1952
REMINISCER, REPAIRER, PROTESTER = "reminiscer", "repairer", "protester"
_AGE = pl.col("ended") - pl.col("born")
_IS_LONG_SERVING = pl.col("tenure") >= LONG_SERVICE
_MEDIAN_REACH = 1.96
#: All of n lie on one side of the median with probability 2**(1 - n): 6 are the first below 5 %.
_FEWEST_WITH_A_MEDIAN = 6
#: Whether a life ended with the hope of a deferral.
HOPES = pl.col("hope_end").cast(pl.Boolean)
#: A lobe of lung is the least that shows: breath is short. Others heal unseen. [0 to 1]
VISIBLE = 0.3


def died_at_three_or_four(lives: Lives) -> Estimate:
    """Return the share who die at the third or fourth operation; later ones are breaches."""
    step = pl.col("completed_at_donation")
    beyond = int(lives.died.select((step > 4).sum()).item() or 0)
    return mean_of(lives.died, step.is_between(3, 4), breaches=beyond)


def died_before_thirty(lives: Lives) -> Estimate:
    """Return the share of lives that end before the thirtieth birthday."""
    return mean_of(lives.died, _AGE < 30)


def first_operated_in_twenties(lives: Lives) -> Estimate:
    """Return the share of those ever operated on whose first time was from 20 to 29."""
    age = pl.col("first_operation") - pl.col("born")
    return mean_of(lives.people, (age >= 20) & (age < 30))


def age_at_leaving(lives: Lives) -> Estimate:
    """Return the mean age at which the house is left."""
    return mean_of(lives.people, pl.col("left_house") - pl.col("born"))


def time_to_work(lives: Lives) -> Estimate:
    """Return the mean time from leaving the house to work."""
    return mean_of(lives.people, pl.col("carer_from") - pl.col("left_house"))


def age_at_work(lives: Lives) -> Estimate:
    """Return the mean age at which work begins."""
    return mean_of(lives.people, pl.col("carer_from") - pl.col("born"))


def long_serving(lives: Lives) -> Estimate:
    """Return the share at work for twelve years or more."""
    return mean_of(lives.people.drop_nulls("tenure"), _IS_LONG_SERVING)


def tenure_by_quality(lives: Lives) -> Estimate:
    """Return the correlation of time at work with quality at it."""
    found = correlation_of(lives.people, "tenure", other="quality")
    n = lives.people.select("tenure", "quality").drop_nulls().height
    # The large-sample error of a correlation, for lives taken as independent.
    return NOBODY if found is None else Estimate(found, (1 - found**2) / math.sqrt(n), n)


def like_kathy(lives: Lives) -> Estimate:
    """Return the share of lives at work for twelve years, and at it still near 31, unoperated."""
    at_call_up = pl.col("carer_until") - pl.col("born")
    people = lives.people.drop_nulls("tenure")
    return mean_of(people, _IS_LONG_SERVING & (at_call_up >= HER_AGE - 1))


def feels_no_end_at_15(lives: Lives) -> Estimate:
    """Return the share whose felt awareness at 15 is below one half."""
    return mean_of(lives.people, pl.col("awareness_15") < 0.5)


def knowledge_at_15(lives: Lives) -> Estimate:
    """Return the mean knowledge at 15."""
    return mean_of(lives.people, pl.col("knowledge_15"))


def awareness_at_15(lives: Lives) -> Estimate:
    """Return the mean felt awareness at 15."""
    return mean_of(lives.people, pl.col("awareness_15"))


def deferred(lives: Lives) -> Estimate:
    """Count those who applied and were not refused."""
    return count_of(lives.people, pl.col("applied").is_not_null() & pl.col("refused").is_null())


def escaped(lives: Lives) -> Estimate:
    """Count those who took a chance to leave."""
    return count_of(lives.people, pl.col("chances_taken").fill_null(0) > 0)


def rank_of_the_long_serving(lives: Lives) -> Estimate:
    """Return where the median integrity of the long-serving lies among everybody's.

    As a share of everybody, from 0 to 1. Its error is half the width of the
    binomial interval of a median, over 1.96; fewer than six have no such
    interval, and tell nothing.
    """
    ranked = lives.died.drop_nulls(["integrity", "tenure"]).with_columns(
        rank=(pl.col("integrity").rank("average") - 0.5) / pl.len()
    )
    found = ranked.filter(_IS_LONG_SERVING)["rank"].sort()
    n = found.len()
    if n < _FEWEST_WITH_A_MEDIAN:
        return NOBODY
    reach = _MEDIAN_REACH * math.sqrt(n) / 2
    low, high = max(0, math.floor(n / 2 - reach)), min(n - 1, math.ceil(n / 2 + reach))
    error = (float(found[high]) - float(found[low])) / (2 * _MEDIAN_REACH)
    return Estimate(float(found.median()), error, n)  # type: ignore[arg-type]


def outlived_most(lives: Lives) -> Estimate:
    """Return the share of the long-serving five of whose seven friends died before the call-up."""
    people = lives.people.with_columns(pod=POD)
    long = people.filter(_IS_LONG_SERVING).select("pod", "person", "carer_until")
    mates = people.select("pod", "ended", mate="person")
    pairs = long.join(mates, on="pod").filter(pl.col("person") != pl.col("mate"))
    gone = pairs.group_by("pod", "person", maintain_order=True).agg(
        gone=(pl.col("ended") < pl.col("carer_until")).sum()
    )
    who = gone.select(
        replicate=pl.col("pod").struct.field("replicate"), person="person", gone="gone"
    )
    return mean_of(who, pl.col("gone") >= MOST_OF_SEVEN)


def spared(lives: Lives) -> Estimate:
    """Count those called up who did not undergo every operation until they died of one.

    Nobody is asked, so a life leaves no other trace of a choice than that.
    """
    called = lives.died.filter(pl.col("donor_from").is_not_null())
    last = pl.col("completed_at_donation").fill_null(0)
    return count_of(called, (last < 1) | (pl.col("donations") != last))


def told_more_than_once(lives: Lives) -> Estimate:
    """Count pupils of houses in which the truth was told at more than one time."""
    times = pl.col("truth").drop_nulls().n_unique().over("replicate", "house")
    return count_of(lives.people, times > 1)


def born_before_the_discovery(lives: Lives) -> Estimate:
    """Count those born before the year in which the sources place the discovery."""
    return count_of(lives.people, pl.col("born") < DISCOVERY)


def misnamed(lives: Lives) -> Estimate:
    """Count those whose name is anything but a given name with one initial."""
    return count_of(
        lives.people, ~pl.col("name").str.contains(r"^\p{L}[\p{L}' -]*\p{L} \p{Lu}\.?$")
    )


def integrity_by_style(lives: Lives) -> Estimate:
    """Return mean integrity of those who reminisce, less that of those who repair."""
    return difference_of(
        lives.died,
        pl.col("integrity"),
        one=pl.col("style") == REMINISCER,
        other=pl.col("style") == REPAIRER,
    )


def integrity_by_hope(lives: Lives) -> Estimate:
    """Return mean integrity of those who die with their hope, less that of the others."""
    return difference_of(lives.died, pl.col("integrity"), one=HOPES, other=~HOPES)


def understanding_by_hope(lives: Lives) -> Estimate:
    """Return mean understanding of those who die with their hope, less that of the others."""
    return difference_of(lives.died, pl.col("understanding"), one=HOPES, other=~HOPES)


def protesting(lives: Lives) -> Estimate:
    """Return the share whose way of preparing is protest."""
    return mean_of(lives.died, pl.col("style") == PROTESTER)


def integrity_by_house(lives: Lives) -> Estimate:
    """Return mean integrity of Hailsham's pupils, less that of other houses'."""
    return _by_house(lives, pl.col("integrity"))


def consolation_by_house(lives: Lives) -> Estimate:
    """Return the mean consolation of memory of Hailsham's pupils, less that of others."""
    return _by_house(lives, pl.col("consolation"))


def less_mobile(lives: Lives) -> Estimate:
    """Return the share who can be seen to have lost mobility before they died."""
    return mean_of(lives.died, pl.col("mobility_lost") >= VISIBLE)


def heart_taken_early(lives: Lives) -> Estimate:
    """Count hearts taken at another operation than the last."""
    last = lives.people.select("replicate", donor="person", last="completed_at_donation")
    hearts = lives.organs.filter(pl.col("organ") == "heart").join(last, on=["replicate", "donor"])
    return count_of(hearts.rename({"donor": "person"}), pl.col("step") != pl.col("last"))


def _by_house(lives: Lives, quantity: pl.Expr) -> Estimate:
    is_hailsham = pl.col("as_hailsham")
    return difference_of(lives.of_both_kinds, quantity, one=is_hailsham, other=~is_hailsham)
