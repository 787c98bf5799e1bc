"""Rows say met, missed or undecidable, and each for its reason."""

import math

import numpy as np
import polars as pl
import pytest

from hailsham.telling.evidence import measures, story
from hailsham.telling.evidence.estimates import Estimate, difference_of, mean_of
from hailsham.telling.evidence.predictions import QUANTITIES, SHOWN, fit, predict
from hailsham.telling.evidence.rows import judge, weigh
from hailsham.telling.evidence.targets import STANDINGS, TARGETS, Part
from tests.unit.telling.made_lives import SEED, make_lives, with_columns

KEYS = (
    "target", "facts", "expected", "tolerance", "simulated", "standard_error", "standing",
    "power", "verdict",
)  # fmt: skip
LIVES = make_lives(120_000)


def verdicts(lives):
    return {row.target.name: row.verdict for row in judge(lives)}


def target(name):
    return next(each for each in TARGETS if each.name == name)


# ---------------------------------------------------------------- the list


def test_the_targets_are_t1_to_t26_each_with_its_standing():
    assert [each.name for each in TARGETS] == [f"T{n}" for n in range(1, 27)]
    assert {each.standing for each in TARGETS} == set(STANDINGS)


def test_a_target_has_parts_or_says_why_not():
    assert [each.name for each in TARGETS if bool(each.parts) == bool(each.why_not)] == []


def test_the_miss_of_a_part_lies_outside_its_range():
    for part in (part for each in TARGETS for part in each.parts):
        assert part.kind in ("none", "some") or not part.low <= part.miss <= part.high


# ---------------------------------------------------------------- whole rows


def test_lives_as_the_texts_have_them_meet_every_row_that_so_many_can_tell():
    found = verdicts(LIVES)

    assert {name for name, each in found.items() if each == "not simulated"} == {"T18", "T26"}
    assert {name for name, each in found.items() if each == "undecidable"} == {"T17"}
    assert set(found.values()) == {"met", "undecidable", "not simulated"}


def test_a_row_for_json_has_the_agreed_keys_and_plain_values():
    rows = [row.as_dict() for row in judge(LIVES)]

    assert {tuple(row) for row in rows} == {KEYS}
    assert rows[0]["simulated"] == pytest.approx(0.92, abs=0.01)
    assert rows[17]["simulated"] is rows[17]["power"] is None


def test_only_rows_that_emerge_are_evidence():
    assert {row.target.name for row in judge(LIVES) if row.is_evidence} == {
        "T9", "T10", "T13", "T14", "T21",
    }  # fmt: skip


def test_a_run_without_an_inner_life_is_told_so():
    bare = with_columns(LIVES, **{name: pl.lit(None) for name in ("integrity", "style")})

    assert verdicts(bare)["T13"] == verdicts(bare)["T21"] == "not simulated"


#: One broken world for each row that lives can tell: what to change, so that the row is missed.
OLDER = pl.col("ended") + 3
BROKEN = {
    "T1": {"completed_at_donation": pl.lit(5, pl.Int32)},
    "T2": {"ended": OLDER},
    "T3": {"first_operation": pl.col("first_operation") - 2},
    "T4": {"left_house": pl.col("left_house") + 1},
    "T5": {"carer_from": pl.col("carer_from") + 1},
    "T6": {"tenure": pl.col("tenure") * 4},
    "T7": {"carer_from": pl.col("carer_from") + 2},
    "T8": {"tenure": pl.col("tenure").clip(0, 11)},
    "T9": {"awareness_15": pl.col("awareness_15") * 60},
    "T10": {"awareness_15": pl.lit(0.2)},
    "T11": {"refused": pl.lit(None, pl.Float64)},
    "T12": {"chances_taken": pl.lit(1)},
    "T13": {"integrity": pl.when(pl.col("tenure") > 12).then(0.5).otherwise(pl.col("integrity"))},
    "T14": {"ended": OLDER + 20},
    "T15": {"donations": pl.col("donations") - 1},
    "T16": {"truth": pl.col("born") + 11},
    "T19": {"style": pl.col("style").replace({"reminiscer": "repairer", "repairer": "reminiscer"})},
    "T20": {"hope_end": ~pl.col("hope_end")},
    "T21": {"style": pl.when(pl.col("hope_end")).then(pl.lit("protester")).otherwise("style")},
    "T22": {"born": pl.col("born") - 10},
    "T23": {"name": pl.lit("Jenny Karlsson")},
    "T24": {"as_hailsham": ~pl.col("as_hailsham")},
    "T25": {"completed_at_donation": pl.lit(3, pl.Int32)},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_world_that_breaks_a_row_is_seen_to_miss_it(name):
    def verdict(lives):
        return judge(lives, targets=[target(name)])[0].verdict

    assert verdict(LIVES) == "met"
    assert verdict(with_columns(LIVES, **BROKEN[name])) == "missed"


def test_too_few_lives_are_undecidable_and_never_met():
    few = verdicts(make_lives(80))

    assert {few[name] for name in ("T1", "T6", "T8", "T9", "T13", "T14", "T21")} == {"undecidable"}


# ---------------------------------------------------------------- verdicts and power


@pytest.mark.parametrize(
    ("estimate", "verdict"),
    [
        (Estimate(0.90, 0.01, 1_000), "met"),
        (Estimate(0.85, 0.01, 1_000), "undecidable"),
        (Estimate(0.80, 0.01, 1_000), "missed"),
        # Nothing seen of ten is no proof of nothing.
        (Estimate(0.0, 0.0, 10), "missed"),
        (Estimate(1.0, 0.0, 10), "undecidable"),
        (Estimate(0.99, 0.001, 1_000, breaches=1), "missed"),
        (Estimate(None, None, 0), "undecidable"),
    ],
)
def test_a_share_is_judged_by_its_interval_and_by_its_size(estimate, verdict):
    part = Part("share", "share", measures.long_serving, 0.80, low=0.85)

    assert weigh(part, estimate, n_lives=max(estimate.n, 1)).verdict == verdict


def test_what_may_not_happen_is_missed_by_happening_once():
    part = Part("none", "none", measures.deferred, 0.001)

    assert weigh(part, Estimate(0.0, 0.0, 5_000), n_lives=5_000).verdict == "met"
    assert weigh(part, Estimate(0.0, 0.0, 500), n_lives=500).verdict == "undecidable"
    assert weigh(part, Estimate(1e-6, 1e-6, 10**6, 1), n_lives=10**6).verdict == "missed"


def seen(part, *, truth, n, rounds=2_000):
    """How often a world with this share is seen to miss, in samples of n lives."""
    luck = np.random.default_rng(SEED)
    shares = luck.binomial(n, truth, size=rounds) / n
    found = [
        weigh(part, Estimate(p, math.sqrt(p * (1 - p) / n), n), n_lives=n).verdict for p in shares
    ]
    return found.count("missed") / rounds


def test_at_its_power_a_miss_is_seen_in_four_runs_of_five():
    # 2,000 samples: a standard error of 0.009; and one life more or less moves it by 0.035.
    part = target("T1").parts[0]
    n = weigh(part, Estimate(0.9, 0.01, 1_000), n_lives=1_000).power

    assert seen(part, truth=part.miss, n=n) == pytest.approx(0.80, abs=0.04)


def test_at_a_quarter_of_its_power_a_miss_is_not_seen_so_often():
    part = target("T1").parts[0]
    n = weigh(part, Estimate(0.9, 0.01, 1_000), n_lives=1_000).power

    assert seen(part, truth=part.miss, n=n // 4) < 0.5


# ---------------------------------------------------------------- standard errors


def pods(luck, n_pods=200):
    """Lives in pods of eight that share half of their luck."""
    shared = np.repeat(luck.normal(size=n_pods), 8)
    value = shared + luck.normal(size=8 * n_pods)
    place = np.arange(8 * n_pods)
    return pl.DataFrame(
        {
            "replicate": np.zeros(place.size, np.int32),
            "person": place // 8 * 10 + place % 8,
            "value": value,
            "is_one": place % 2 == 0,
        }
    )


def z_spread(estimate_of, rounds=400):
    """Spread of estimates over what they claim as their standard error; 1 if the claim is right."""
    luck = np.random.default_rng(SEED)
    found = [estimate_of(pods(luck)) for _ in range(rounds)]
    return float(np.std([each.value for each in found])) / float(
        np.mean([each.standard_error for each in found])
    )


def as_if_alone(people):
    """Twin: everybody is given a pod of his own."""
    return people.with_columns(person=pl.col("person") * 10)


def difference(people):
    one = pl.col("is_one")
    return difference_of(people, pl.col("value"), one=one, other=~one)


def test_the_error_of_a_mean_is_that_of_pods():
    # 400 rounds: the spread is known to 1/sqrt(800), 3.5 %; 0.15 is four of them.
    assert z_spread(lambda people: mean_of(people, pl.col("value"))) == pytest.approx(1, abs=0.15)


def test_an_error_that_forgets_the_pods_is_caught():
    assert z_spread(lambda people: mean_of(as_if_alone(people), pl.col("value"))) > 1.5


def test_the_error_of_a_difference_within_pods_is_that_of_pods():
    assert z_spread(difference) == pytest.approx(1, abs=0.15)


def test_an_error_of_a_difference_that_forgets_the_pods_is_caught():
    assert z_spread(lambda people: difference(as_if_alone(people))) < 0.85


def test_nobody_tells_nothing():
    nobody = LIVES.people.head(0)

    assert mean_of(nobody, pl.col("tenure")) == Estimate(None, None, 0)
    assert difference(pods(np.random.default_rng(1)).head(1)).value is None


# ---------------------------------------------------------------- the story's own course


def the_three(**changes):
    """One pod of three: hers, his, and the friend's life, as the story has them."""
    columns = {
        "replicate": [0, 0, 0],
        "person": [10, 11, 12],
        "tenure": [12.4, 4.0, 3.0],
        "carer_until": [1991.6, 1983.0, 1982.0],
        "ended": [1994.0, 1991.2, 1988.0],
        "couple": [11, 10, 11],
        "first_couple": [11, 12, 11],
        "couple_from": [1988.5, 1988.5, 1977.0],
        "applied": [1989.0, 1989.0, None],
        "refused": [1989.1, 1989.1, None],
        "completed_at_donation": [2, 4, 2],
    }
    people = pl.DataFrame({**columns, **changes})
    return with_columns(make_lives(8), person=pl.col("person")).__class__(people, LIVES.organs)


def test_the_course_of_the_story_is_found():
    assert story.in_its_order(the_three()).value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "change",
    [
        {"tenure": [11.9, 4.0, 3.0]},
        {"ended": [1994.0, 1991.2, 1988.6]},
        {"ended": [1994.0, 1991.7, 1988.0]},
        {"completed_at_donation": [2, 3, 2]},
        {"first_couple": [11, 10, None]},
        {"refused": [None, None, None]},
        {"applied": [1988.4, 1988.4, None]},
        {"couple": [11, 12, 11]},
    ],
)
def test_another_course_is_not_taken_for_it(change):
    assert story.in_its_order(the_three(**change)).value == 0


# ---------------------------------------------------------------- readings


def test_lives_as_the_texts_have_them_fit_every_fact_that_so_many_can_tell():
    assert {each.fit for each in fit(LIVES)} == {"fits"}
    assert {each.score for each in fit(LIVES) if each.finding.part.kind == "mean"} == {0}


def test_a_world_without_applicants_does_not_fit_the_couple_who_applied():
    without = with_columns(LIVES, applied=pl.lit(None, pl.Float64))
    by_fact = {each.fact: each for each in fit(without)}

    assert by_fact["F56"].fit == "does not fit"
    assert by_fact["F56"].score == pytest.approx(math.log(1e-6))


def test_every_quantity_is_predicted_and_no_score_is_a_sum():
    assert list(predict(LIVES)) == [quantity.name for quantity in QUANTITIES]
    assert len(fit(LIVES)) == len(SHOWN)


def test_five_lives_have_no_median_that_tells_and_six_have():
    def rank(n_long):
        few = with_columns(make_lives(800), tenure=pl.lit(2.0))
        long = pl.when(pl.int_range(pl.len()) < n_long).then(12.5).otherwise("tenure")
        return measures.rank_of_the_long_serving(with_columns(few, tenure=long)).value

    assert rank(5) is None
    assert rank(6) is not None
