"""What the page on development claims of whole lives, each beside a world in which it fails."""

import numpy as np
import pytest

from hailsham.lives.codes import GIFTS
from tests.unit.world.development.lived import (
    PODS,
    correlation,
    lives,
    mean,
    percentile_of_median,
    same,
)

#: What makes trust count for nothing.
NO_TRUST = {
    "stages__trust": 0.0,
    "review__trust": 0.0,
    "stages__previous": 0.0,
    "letting_go__trust": 0.0,
    "style__reminiscer_trust": 0.0,
    "stages__general": 0.0,
    "review__general": 0.0,
    "despair__trust": 0.0,
    "awareness__denial_trust": 0.0,
}
UNIFORM = {
    "clock__form": "uniform",
    "knowledge__rate": 1.0,
    "knowledge__shelter": 0.0,
    "awareness__denial_mean": -1.386,
    "awareness__denial_spread": 0.0,
    "awareness__denial_judgement": 0.0,
}


def unaware_at_15(people):
    return float((people["awareness_15"] < 0.5).mean())


def test_compressibility_has_no_effect_on_an_ordinary_life():
    assert same(lives("ordinary"), lives("ordinary", clock__compressibility=0.3))


def test_compressibility_has_an_effect_on_a_clone():
    assert not same(lives(), lives(clock__compressibility=0.3))


def test_nobody_is_aware_at_fifteen_by_the_clock_of_stations():
    people = lives()
    assert unaware_at_15(people) >= 0.99
    assert mean(people, "knowledge_15") >= 0.3
    assert mean(people, "awareness_15") <= 0.15


def test_most_would_be_aware_at_fifteen_by_a_uniform_clock():
    people = lives(**UNIFORM)
    assert mean(people, "knowledge_15") >= 0.9
    assert unaware_at_15(people) < 0.2


def test_a_late_linear_clock_keeps_fifteen_unaware_and_is_a_clock_of_its_own():
    people = lives(clock__form="late_linear")
    assert unaware_at_15(people) >= 0.99
    assert not same(people, lives())


@pytest.mark.parametrize(
    ("eta", "integrity", "let_go"), [(1.0, 0.651, 0.699), (0.5, 0.514, 0.527), (0.0, 0.367, 0.305)]
)
def test_integrity_falls_with_compressibility(eta, integrity, let_go):
    people = lives(clock__compressibility=eta)
    assert mean(people, "integrity") == pytest.approx(integrity, abs=0.03)
    assert mean(people, "letting_go") == pytest.approx(let_go, abs=0.04)


def test_integrity_does_not_fall_with_compressibility_in_ordinary_lives():
    ordinary = lives("ordinary", clock__compressibility=0.0)
    assert mean(ordinary, "integrity") > 0.514 + 0.03


def closeness(clone):
    """How far clones lie below ordinary lives, and when each first feel their end."""
    ordinary = lives("ordinary")
    return (
        mean(ordinary, "integrity") - mean(clone, "integrity"),
        float(np.nanmedian(ordinary["crisis_age"])),
        float(np.nanmedian(clone["crisis_age"])),
    )


def test_a_condensed_life_comes_close_to_an_ordinary_one():
    gap, ordinary_crisis, clone_crisis = closeness(lives())
    assert 0.03 <= gap <= 0.13
    assert 36.0 <= ordinary_crisis <= 43.0
    assert 19.8 <= clone_crisis <= 21.8


def test_a_life_that_cannot_be_condensed_stays_far_from_it():
    gap, _, crisis = closeness(lives(clock__compressibility=0.0))
    assert gap > 0.13
    assert crisis > 21.8


def telling(**values):
    """What being told at twelve changes, against never: knowledge, crossing, integrity."""
    never = lives(knowledge__truth_probability=0.0)
    told = lives(knowledge__truth_probability=0.0, interventions__truth_at=12.0, **values)
    later = np.nanmedian(never["crisis_age"]) - np.nanmedian(told["crisis_age"])
    changes = [mean(told, c) - mean(never, c) for c in ("knowledge_15", "integrity")]
    return changes[0], float(later), changes[1], mean(told, "awareness_15")


def test_the_truth_told_at_twelve_is_known_at_once_and_felt_a_little_earlier():
    known, earlier, integrity, felt = telling()
    assert known >= 0.15
    assert 0.2 <= earlier <= 1.5
    assert abs(integrity) <= 0.03
    assert felt < 0.15


def test_a_truth_that_is_not_taken_in_changes_nothing():
    known, earlier, _, _ = telling(knowledge__truth_jump=0.0, knowledge__truth_denial=1.0)
    assert known < 0.15
    assert earlier < 0.2


def test_trust_carries_over_into_integrity():
    assert 0.30 <= correlation(lives(), "x_1", "integrity") <= 0.65


def test_where_nothing_leans_on_trust_it_does_not_carry_over():
    assert correlation(lives(**NO_TRUST), "x_1", "integrity") < 0.30


def first_factor(people):
    """Share of the first eigenvalue of the correlations of the eight stages."""
    stages = np.stack([people[f"x_{k}"] for k in range(1, 9)])
    return float(np.linalg.eigvalsh(np.corrcoef(stages))[-1] / 8.0)


def test_the_stages_share_one_general_factor():
    assert 0.40 <= first_factor(lives()) <= 0.70


def test_stages_without_a_common_cause_share_none():
    assert first_factor(lives(**NO_TRUST)) < 0.40


def test_integrity_and_despair_are_two_dimensions():
    assert -0.65 <= correlation(lives(), "integrity", "despair") <= -0.25


def test_despair_driven_by_anger_alone_is_hardly_tied_to_integrity():
    apart = {
        "despair__memory": 0.0,
        "despair__trust": 0.0,
        "despair__awareness": 0.0,
        "despair__anger": 2.0,
    }
    assert correlation(lives(**apart), "integrity", "despair") > -0.25


def held_constant(people):
    """Correlation of awareness and despair, letting go, memory, trust and anger held constant."""
    held = [people[c] for c in ("letting_go", "consolation", "x_1", "anger")]
    others = np.column_stack([np.ones(people.size), *held])

    def rest(column):
        return column - others @ np.linalg.lstsq(others, column, rcond=None)[0]

    return float(np.corrcoef(rest(people["awareness_end"]), rest(people["despair"]))[0, 1])


def test_awareness_hurts_where_nothing_else_differs():
    assert 0.15 <= held_constant(lives()) <= 0.55


def test_awareness_would_not_hurt_without_its_term():
    assert held_constant(lives(despair__awareness=0.0)) < 0.15


def review_effect(kind, **values):
    """What a guided review changes of integrity and despair, in standard deviations."""
    before = lives(kind)
    after = lives(kind, interventions__life_review=1.0, **values)
    return [
        (mean(after, c) - mean(before, c)) / float(before[c].std())
        for c in ("integrity", "despair")
    ]


@pytest.mark.parametrize("kind", ["hailsham", "ordinary"])
def test_a_guided_review_of_life_helps_as_much_as_in_trials(kind):
    integrity, despair = review_effect(kind)
    assert 0.40 <= integrity <= 0.90
    assert -0.80 <= despair <= -0.30


def test_half_a_review_helps_too_little():
    half = {"interventions__review_integrity": 0.1, "interventions__review_despair": 0.0}
    integrity, despair = review_effect("hailsham", **half, interventions__review_memory=0.0)
    assert integrity < 0.40
    assert despair > -0.30


def change(column, **values):
    """What some values change of the mean of a column, the luck being the same."""
    return mean(lives(**values), column) - mean(lives(), column)


def test_memories_console_because_they_are_ones_own():
    assert -0.10 <= change("integrity", memory__unique=0.0) <= -0.04
    assert -0.30 <= change("consolation", memory__unique=0.0) <= -0.15


def test_borrowed_memories_console_a_little():
    assert -0.06 <= change("consolation", memory__borrowing=0.0) <= -0.01
    assert -0.010 <= change("integrity", memory__borrowing=0.0) <= -0.001


def test_a_memory_without_weight_changes_too_little():
    assert change("integrity", memory__unique=0.9) > -0.04
    assert change("consolation", memory__borrowing=0.9) > -0.01


def sought(people):
    return mean(people, "memories_borrowed") + mean(people, "memories_invented")


def test_poor_early_memories_are_made_up_for():
    assert sought(lives("other")) > sought(lives()) + 0.5


def test_with_equal_memories_and_crises_the_schools_differ_less():
    alike = {"memory__tone_school": 0.20, "house__care": 0.70, "knowledge__shelter": 0.6}
    assert sought(lives("other", **alike)) < sought(lives()) + 0.5


def programme(people):
    """Shares: third or fourth operation, before thirty, first in the twenties, twelve years."""
    age, first = people["ended"] - people["born"], people["first_operation"] - people["born"]
    return (
        float((people["donations"] >= 3).mean()),
        float((age < 30.0).mean()),
        float(((first >= 20.0) & (first < 30.0)).mean()),
        float((people["tenure"] >= 12.0).mean()),
    )


def test_the_programme_alone_meets_the_ages_and_tenures_of_the_sources():
    late, before_thirty, in_twenties, twelve = programme(lives(n_pods=PODS))
    assert late >= 0.85
    assert 0.75 <= before_thirty <= 0.97
    assert in_twenties >= 0.95
    assert 1e-4 <= twelve <= 2e-3


def test_nobody_goes_beyond_the_fourth_operation_and_schooling_ends_at_sixteen():
    people = lives(n_pods=PODS)
    assert people["donations"].max() == 4
    assert np.abs(people["left_house"] - people["born"] - 16.0).max() < 1e-9
    cottages = people["carer_from"] - people["left_house"]
    assert cottages.min() >= 2.5
    assert cottages.max() <= 3.5


def test_a_programme_in_a_hurry_misses_them():
    hurried = {"operations__recovery": 0.5, "stations__scale": 0.8, "operations__preparation": 0.1}
    _, before_thirty, in_twenties, twelve = programme(lives(**hurried))
    assert before_thirty > 0.97
    assert in_twenties < 0.95
    assert twelve < 1e-4


@pytest.mark.parametrize("cap", ["fast", "calendar", "closed"])
def test_who_works_long_comes_nearest_to_integrity(cap):
    people = lives(n_pods=PODS, clock__cap=cap)
    assert 0.20 <= correlation(people, "tenure", "integrity") <= 0.55
    # About twenty of 20,000 work eleven years: their median is known within a few per cent.
    assert percentile_of_median(people, people["tenure"] >= 11.0) >= 85.0


def test_without_compression_long_service_hardly_counts():
    people = lives(clock__compressibility=0.0, stations__weight_of_quality=0.0)
    assert correlation(people, "tenure", "integrity") < 0.20


def held_hope(people):
    """What holding a hope at the end goes with: integrity and understanding lost."""
    holds = people["hope_end"] == 1
    return [
        mean(people[~holds], c) - mean(people[holds], c) for c in ("integrity", "understanding")
    ]


def test_a_hope_held_to_the_end_costs_integrity_and_understanding():
    integrity, understanding = held_hope(lives())
    assert 0.08 <= integrity <= 0.20
    assert understanding > 0.33


def test_a_hope_that_costs_nothing_goes_with_less():
    free = {
        "review__hope": 0.0,
        "awareness__denial_hope": 0.0,
        "style__bargainer": -9.0,
        "hopes__lapse": 0.0,
    }
    assert held_hope(lives(**free))[0] < 0.08


def escapes(**values):
    """Chances taken in some lives."""
    return int(lives(**values)["chances_taken"].sum())


#: Conceived, feasible, taken: what the readings say of a chance.
ARTICLE = {"escape__conceived": 0.05, "escape__feasible": 0.0, "escape__taken": 0.3}
NO_CHOICE = {"escape__conceived": 0.0, "escape__feasible": 1.0, "escape__taken": 0.3}
WILLING = {"escape__conceived": 1.0, "escape__feasible": 1.0, "escape__taken": 0.0}
CONCEIVED = {"escape__conceived": 1.0}
BOTH = {"escape__conceived": 1.0, "escape__feasible": 1.0}


@pytest.mark.parametrize("reading", [ARTICLE, NO_CHOICE, WILLING])
def test_nobody_escapes_in_any_reading(reading):
    assert escapes(**reading) == 0


def test_two_interventions_tell_the_readings_apart():
    conceived = [
        escapes(**{**reading, **CONCEIVED}) > 0 for reading in (ARTICLE, NO_CHOICE, WILLING)
    ]
    both = [escapes(**{**reading, **BOTH}) > 0 for reading in (ARTICLE, NO_CHOICE, WILLING)]
    assert conceived == [False, True, False]
    assert both == [True, True, False]


def test_a_chance_taken_changes_nothing_else():
    free = lives(**NO_CHOICE, n_pods=100)
    taken = lives(**{**NO_CHOICE, **CONCEIVED}, n_pods=100)
    assert same(free, taken, but=("chances_taken", "events"))


def applicants(**values):
    return float(np.isfinite(lives(**values)["applied"]).mean())


def test_some_apply_for_a_deferral_and_every_one_is_refused():
    people = lives()
    assert 0.05 <= applicants() <= 0.20
    has_applied = np.isfinite(people["applied"])
    assert np.array_equal(people["applied"][has_applied], people["refused"][has_applied])
    assert not np.isfinite(people["refused"][~has_applied]).any()


def test_where_there_is_nothing_to_ask_for_nobody_applies():
    assert applicants(hopes__external=0.0) == 0.0


def test_independence_of_judgement_brings_awareness_earlier():
    assert -0.55 <= correlation(lives(), "judgement", "crisis_age") <= -0.25


def test_without_its_effects_independence_does_not():
    none = {"awareness__crisis_judgement": 0.0, "awareness__denial_judgement": 0.0}
    assert correlation(lives(**none), "judgement", "crisis_age") > -0.25


def by_style(people):
    """Mean integrity of reminiscers and of repairers."""
    return [mean(people[people["style"] == style], "integrity") for style in (1, 2)]


@pytest.mark.parametrize("shift", [(0.0, 0.3, 0.1, 0.0, -0.2, -0.2, -0.1), (0.0,) * 7])
def test_to_remember_is_the_better_way_than_to_repair(shift):
    # The shifts build some of it in: it must hold without them, too.
    reminiscer, repairer = by_style(lives(style__integrity=shift))
    assert reminiscer > repairer + 0.03


def test_the_order_of_styles_can_be_turned():
    turned = {
        "style__integrity": (0.0, -0.6, 0.6, 0.0, 0.0, 0.0, 0.0),
        "style__letting_go": (0.8, 0.7, 1.5, 0.7, 0.4, 0.7, 0.6),
    }
    reminiscer, repairer = by_style(lives(**turned))
    assert reminiscer < repairer


def test_few_protest():
    assert float((lives()["style"] == 3).mean()) <= 0.2
    assert float((lives(reading__protest=3.0)["style"] == 3).mean()) > 0.2


def test_hailsham_gives_more_integrity_and_more_to_remember_than_another_school():
    for column in ("integrity", "consolation"):
        assert mean(lives(), column) > mean(lives("other"), column)


def test_schools_alike_in_care_and_tone_differ_in_neither():
    alike = {"house__care": 0.40, "memory__tone_school": 0.05, "knowledge__shelter": 0.3}
    assert abs(mean(lives(**alike), "consolation") - mean(lives("other"), "consolation")) < 0.01


def test_the_weaker_letting_go_of_the_literature_lowers_integrity_and_raises_despair():
    weak = {"despair__awareness": 0.6, "despair__intercept": -0.4, "review__letting_go": 0.15}
    assert change("integrity", **weak) < -0.015
    assert 0.0 < change("despair", **weak) < 0.03


def hearts(people):
    """Operations before the fourth that took a heart."""
    return sum(int((people[f"gift_{n}"] == GIFTS.index("heart")).sum()) for n in (1, 2, 3))


def test_the_heart_is_taken_last_and_mobility_goes_before():
    people = lives()
    assert hearts(people) == 0
    assert set(people["gift_4"].tolist()) == {-1, GIFTS.index("heart")}
    assert ((people["mobility_lost"] > 0.0) == (people["donations"] > 0)).all()
    assert (people["gift_1"] == GIFTS.index("limb")).any()


def test_an_order_that_takes_the_heart_first_is_noticed():
    assert hearts(lives(operations__gifts=(0.0, 2.0, 3.0, 4.0), n_pods=100)) > 0


def outlived(people):
    """Share of those at work for eight years who have outlived five of their seven."""
    long = people["tenure"] >= 8.0
    return float((people["died_before_call"][long] >= 5).mean())


def test_who_works_long_outlives_the_others():
    # About a hundred of 20,000 work eight years.
    assert outlived(lives(n_pods=PODS)) > 0.5
    assert outlived(lives(operations__recovery=6.0)) < 0.5
