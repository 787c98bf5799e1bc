"""The estimators find what is there, agree with others, and say how surely."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter, NelsonAalenFitter
from scipy.integrate import quad
from scipy.stats import chi2

from hailsham.engine import recorder
from hailsham.engine.draws import draw_key, purpose
from hailsham.engine.estimators import (
    CENSORED,
    Spells,
    aalen_johansen,
    cumulative_incidence,
    event_rate,
    kaplan_meier,
    lexis_exposure,
    life_table,
    nelson_aalen,
    spells_from_events,
)
from hailsham.units import TICKS_PER_YEAR
from hailsham.verification.problems import read_problems
from hailsham.verification.waits import budgets, gompertz_waits
from tests.unit.engine.simulated import LIMIT

WELL, ILL, DEAD = 0, 1, 2
SEED = 20261121
ONSET, DEATH, LATER, ENTRY, EXIT = (
    purpose(f"test.estimators.{name}") for name in ("onset", "death", "later", "entry", "exit")
)


def lives(key, people, inputs):
    """A log of illness and death from the engine's draws, and when each life ended."""
    onset = budgets(key, ONSET, 0, people) / inputs["h"]
    death = budgets(key, DEATH, 0, people) / inputs["d"]
    fell_ill = onset < death
    end = np.where(fell_ill, onset + budgets(key, LATER, 0, people) / inputs["D"], death)
    n_ill = int(fell_ill.sum())
    log = {
        "person": np.concatenate([people[fell_ill], people]),
        "time": np.concatenate([onset[fell_ill], end]),
        "from_state": np.concatenate([np.full(n_ill, WELL), np.where(fell_ill, ILL, WELL)]),
        "to_state": np.concatenate([np.full(n_ill, ILL), np.full(people.size, DEAD)]),
    }
    return log, end


def competing(durations, causes, entries=None):
    """One spell a person, from entry to a cause, 0 being censored."""
    n = len(durations)
    return Spells(
        person=np.arange(n),
        start=np.zeros(n) if entries is None else entries,
        stop=np.asarray(durations, np.float64),
        from_state=np.zeros(n, np.int64),
        to_state=np.where(np.asarray(causes) == 0, CENSORED, causes),
    )


# ---------------------------------------------------------------- ten records, exactly


def ten_records():
    inputs = read_problems()["P25"].inputs
    times, causes = np.array(inputs["records"]).T
    expected = {
        float(time): [float(Fraction(text)) for text in texts]
        for time, texts in inputs["fractions"].items()
    }
    return times.astype(np.float64), causes, expected


def misses(spells, expected):
    """Largest distance of survival, incidence and occupation from fractions at their times."""
    times, fractions = list(expected), np.array(list(expected.values()))
    found = [
        kaplan_meier(spells).at(times).value - fractions[:, 0],
        cumulative_incidence(spells).at(times).value - fractions[:, 1:],
        aalen_johansen(spells).at(times).value - fractions,
    ]
    return [float(np.abs(distance).max()) for distance in found]


def test_ten_records_give_their_exact_fractions():
    times, causes, expected = ten_records()

    # The last figure of a number below 1 is worth 1.1e-16.
    assert max(misses(competing(times, causes), expected)) <= 1.2e-16


def test_the_answers_of_the_problem_are_met_too():
    times, causes, _ = ten_records()
    answers = read_problems()["P25"].answers
    spells = competing(times, causes)
    for name, exact in answers.items():
        kind, time = name.split("_")
        found = (
            kaplan_meier(spells).at(float(time)).value
            if kind == "KM"
            else cumulative_incidence(spells).at(float(time)).value[int(kind[2:]) - 1]
        )
        assert found == pytest.approx(exact, rel=1e-15)


def test_a_censoring_put_before_an_event_at_its_time_is_caught():
    times, causes, expected = ten_records()
    nudged = np.where((causes == 0) & (times == 2.0), times - 1e-9, times)

    assert min(misses(competing(nudged, causes), expected)) > 0.005


# ---------------------------------------------------------------- lifelines as judge


def sample(seed=7, n=400):
    """Untied durations with two causes, censoring and delayed entry."""
    rng = np.random.default_rng(seed)
    durations = 10.0 * rng.weibull(1.4, n)
    causes = rng.choice([0, 1, 2], n, p=[0.3, 0.5, 0.2])
    entries = np.where(np.arange(n) % 2 == 0, 0.0, durations * rng.uniform(0.05, 0.9, n))
    assert np.unique(durations).size == n
    return durations, causes, entries


def rows_of(curve, frame):
    """A lifelines table at the times of a curve, all but the last."""
    return frame.reindex(curve.times[:-1]).to_numpy()


def distance(found, judged):
    return float(np.abs(found - judged).max())


def survival_distances(spells, durations, causes, entries):
    fitter = KaplanMeierFitter().fit(durations, causes > 0, entry=entries)
    curve = kaplan_meier(spells)
    limits = rows_of(curve, fitter.confidence_interval_)
    return [
        distance(curve.value[:-1], rows_of(curve, fitter.survival_function_)[:, 0]),
        distance(curve.low[:-1], limits[:, 0]),
        distance(curve.high[:-1], limits[:, 1]),
    ]


def hazard_distances(spells, durations, causes, entries):
    fitter = NelsonAalenFitter().fit(durations, causes > 0, entry=entries)
    curve = nelson_aalen(spells)
    limits = rows_of(curve, fitter.confidence_interval_)
    return [
        distance(curve.value[:-1], rows_of(curve, fitter.cumulative_hazard_)[:, 0]),
        distance(curve.low[:-1], limits[:, 0]),
        distance(curve.high[:-1], limits[:, 1]),
    ]


def incidence_distances(spells, durations, causes, entries, estimator=cumulative_incidence):
    found, curve = [], estimator(spells)
    for cause in (1, 2):
        fitter = AalenJohansenFitter().fit(durations, causes, cause, entry=entries)
        column = curve.states.index(cause)
        # Before the first event of its cause, lifelines gives limits of 0, and we give none.
        is_told = np.isfinite(curve.low[:-1, column])
        # Its two columns are named the other way round.
        limits = np.sort(rows_of(curve, fitter.confidence_interval_), axis=1)
        low, high = limits.T
        error = np.sqrt(rows_of(curve, fitter.variance_.to_frame())[:, 0])
        found += [
            distance(curve.value[:-1, column], rows_of(curve, fitter.cumulative_density_)[:, 0]),
            distance(curve.standard_error[:-1, column], error),
            distance(curve.low[:-1, column][is_told], low[is_told]),
            distance(curve.high[:-1, column][is_told], high[is_told]),
        ]
        assert is_told.sum() > 100
    return found


def from_one_state(spells):
    """Occupation of people who enter at different times, but all of them in one state."""
    return aalen_johansen(spells, initial=[1.0, 0.0, 0.0])


JUDGED = {
    "survival": survival_distances,
    "hazard": hazard_distances,
    "incidence": incidence_distances,
    "occupation": lambda *given: incidence_distances(*given, estimator=from_one_state),
}


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize("is_truncated", [False, True])
def test_lifelines_finds_the_same(name, is_truncated):
    durations, causes, entries = sample()
    entries = entries if is_truncated else np.zeros_like(entries)
    spells = competing(durations, causes, entries)
    given = (durations, causes, entries if is_truncated else None)

    assert max(JUDGED[name](spells, *given)) < 1e-12


@pytest.mark.parametrize("name", JUDGED)
def test_truncation_that_is_forgotten_is_caught_by_lifelines(name):
    durations, causes, entries = sample()

    assert min(JUDGED[name](competing(durations, causes), durations, causes, entries)) > 1e-3


def test_ties_are_counted_together_as_lifelines_can_be_told_to():
    durations, causes, _ = sample()
    whole = np.ceil(durations)
    fitter = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(whole, causes > 0)
    survival = KaplanMeierFitter().fit(whole, causes > 0)
    spells = competing(whole, causes)
    hazard, km = nelson_aalen(spells), kaplan_meier(spells)

    assert distance(hazard.value[:-1], rows_of(hazard, fitter.cumulative_hazard_)[:, 0]) < 1e-12
    assert distance(km.value[:-1], rows_of(km, survival.survival_function_)[:, 0]) < 1e-12
    # The other way, one event after the other, is told apart.
    fitter = NelsonAalenFitter(nelson_aalen_smoothing=True).fit(whole, causes > 0)
    assert distance(hazard.value[:-1], rows_of(hazard, fitter.cumulative_hazard_)[:, 0]) > 0.01
    # Limits of 0 and of 1 are none.
    assert np.isnan(km.low[-1]) == (km.value[-1] == 0.0)


# ---------------------------------------------------------------- against exact answers


N_LIVES = 100_000
AGES = np.array([5.0, 10.0, 20.0, 40.0])


def gaps_of_p09(spells, **options):
    """Occupation by age less the exact one, in its own standard errors."""
    answers = read_problems()["P09"].answers
    exact = np.array([[answers[f"{letter}_{age:.0f}"] for letter in "HID"] for age in AGES])
    found = aalen_johansen(spells, **options).at(AGES)
    return np.abs(found.value - exact) / found.standard_error


def watched_lives(inputs, forgets_entry=False):
    """Lives that come under observation late and leave it early, as far as they are seen."""
    key, people = draw_key(SEED, 9), np.arange(N_LIVES, dtype=np.int64)
    log, end = lives(key, people, inputs)
    entered = np.where(people % 3 == 0, 0.0, budgets(key, ENTRY, 0, people) * 8.0)
    left = entered + budgets(key, EXIT, 0, people) * 15.0
    # Who has died before coming under observation is not in the sample.
    seen = entered < end
    if forgets_entry:
        entered = np.where(seen, 0.0, entered)
    rows = seen[log["person"]]
    return spells_from_events(
        **{name: column[rows] for name, column in log.items()},
        people=people[seen],
        entered=entered[seen],
        left=left[seen],
        first_state=WELL,
        began=np.zeros(int(seen.sum())),
    )


def test_occupation_agrees_with_the_exact_answer_within_its_own_error():
    inputs = read_problems()["P09"].inputs
    log, _ = lives(draw_key(SEED, 9), np.arange(N_LIVES), inputs)
    spells = spells_from_events(**log, entered=0.0, left=np.full(N_LIVES, 200.0), first_state=WELL)

    assert gaps_of_p09(spells).max() < LIMIT
    # A sample without censoring knows its shares as well as a coin knows its own.
    found = aalen_johansen(spells).at(AGES)
    assert found.standard_error == pytest.approx(
        np.sqrt(found.value * (1.0 - found.value) / N_LIVES), rel=1e-9
    )


@pytest.mark.parametrize("name", ["h", "d", "D"])
def test_an_input_that_is_a_fifth_too_high_is_caught(name):
    inputs = read_problems()["P09"].inputs
    log, _ = lives(draw_key(SEED, 9), np.arange(N_LIVES), inputs | {name: 1.2 * inputs[name]})
    spells = spells_from_events(**log, entered=0.0, left=np.full(N_LIVES, 200.0), first_state=WELL)

    assert gaps_of_p09(spells).max() > LIMIT


def test_truncated_and_censored_lives_give_the_same_occupation():
    inputs = read_problems()["P09"].inputs
    spells = watched_lives(inputs)

    assert spells.start.max() > 20.0
    assert (~spells.status).sum() > 10_000
    assert gaps_of_p09(spells, initial=[1.0, 0.0, 0.0]).max() < LIMIT


def test_truncation_that_is_forgotten_misses_the_exact_answer():
    inputs = read_problems()["P09"].inputs
    spells = watched_lives(inputs, forgets_entry=True)

    assert gaps_of_p09(spells, initial=[1.0, 0.0, 0.0]).max() > 4 * LIMIT


def test_time_since_entry_finds_the_hazard_of_illness():
    inputs = read_problems()["P09"].inputs
    spells = watched_lives(inputs).among(ILL).since_entry()
    hazard = nelson_aalen(spells, to=DEAD).at([2.0, 5.0, 10.0])

    exact = inputs["D"] * np.array([2.0, 5.0, 10.0])
    assert (np.abs(hazard.value - exact) / hazard.standard_error).max() < LIMIT
    # Some were ill when they came under observation: they are truncated here, too.
    assert (spells.start > 0.0).sum() > 1000


def share_covered(estimate, exact):
    return float(np.mean([(low <= exact) & (exact <= high) for low, high in estimate]))


def test_intervals_hold_the_truth_as_often_as_they_say():
    # 400 samples of 150 lives: a level of 0.95 is met to 0.011 at one standard error.
    inputs, answers = read_problems()["P09"].inputs, read_problems()["P09"].answers
    n_samples, people = 400, np.arange(150)
    limits = {name: [] for name in ("occupation", "survival", "incidence", "hazard", "e0")}
    for replicate in range(n_samples):
        log, end = lives(draw_key(SEED, 1000 + replicate), people, inputs)
        left = np.minimum(end, 2.0 + 25.0 * (people / people.size))
        spells = spells_from_events(**log, entered=0.0, left=left, first_state=WELL)
        found = aalen_johansen(spells).at(10.0)
        limits["occupation"].append((found.low[1], found.high[1]))
        found = kaplan_meier(spells, to=DEAD).at(10.0)
        limits["survival"].append((found.low, found.high))
        found = cumulative_incidence(spells.among(WELL)).at(10.0)
        limits["incidence"].append((found.low[0], found.high[0]))
        found = nelson_aalen(spells.among(WELL)).at(10.0)
        limits["hazard"].append((found.low, found.high))
        counted = lexis_exposure(spells.among(WELL), ages=[0, 5, 10, np.inf])
        table = life_table(
            counted.person_years[:, 0], deaths=counted.events[:, 0], ages=counted.ages
        )
        limits["e0"].append((table.e.low[0], table.e.high[0]))
    rate = inputs["h"] + inputs["d"]
    exact = {
        "occupation": answers["I_10"],
        "survival": 1.0 - answers["D_10"],
        "incidence": inputs["h"] / rate * (1.0 - np.exp(-10.0 * rate)),
        "hazard": 10.0 * rate,
        "e0": 1.0 / rate,
    }
    covered = {name: share_covered(limits[name], truth) for name, truth in exact.items()}

    assert all(0.92 < share < 0.98 for share in covered.values()), covered
    halved = [((3 * low + high) / 4, (low + 3 * high) / 4) for low, high in limits["occupation"]]
    assert share_covered(halved, answers["I_10"]) < 0.8


# ---------------------------------------------------------------- spells from a log


def small_log(**changed):
    """Two people: 7 falls ill at 40, recovers at 42 and dies at 80; 9 has no event."""
    given = {
        "person": [7, 7, 7],
        "time": [40.0, 42.0, 80.0],
        "from_state": [WELL, ILL, WELL],
        "to_state": [ILL, WELL, DEAD],
        "people": [9, 7],
        "entered": 0.0,
        "left": [90.0, 80.0],
        "first_state": WELL,
    } | changed
    return spells_from_events(given.pop("person"), **given)


def told(spells):
    """Spells as rows."""
    return [
        tuple(row)
        for row in zip(
            spells.person.tolist(),
            spells.start.tolist(),
            spells.stop.tolist(),
            spells.from_state.tolist(),
            spells.to_state.tolist(),
            strict=True,
        )
    ]


def test_a_log_becomes_spells_by_person_and_time():
    assert told(small_log()) == [
        (7, 0.0, 40.0, WELL, ILL),
        (7, 40.0, 42.0, ILL, WELL),
        (7, 42.0, 80.0, WELL, DEAD),
        (9, 0.0, 90.0, WELL, CENSORED),
    ]


def test_what_came_before_the_window_tells_the_state_and_is_not_counted():
    spells = small_log(entered=[0.0, 41.0], left=[0.0, 60.0])

    assert told(spells) == [(7, 41.0, 42.0, ILL, WELL), (7, 42.0, 60.0, WELL, CENSORED)]
    assert spells.stay_began.tolist() == [40.0, 42.0]
    assert told(spells.since_entry()) == [
        (7, 1.0, 2.0, ILL, WELL),
        (7, 0.0, 18.0, WELL, CENSORED),
    ]


def test_a_first_stay_may_have_begun_before_the_window():
    spells = small_log(entered=30.0, began=[30.0, 21.0])

    assert spells.stay_began.tolist() == [21.0, 40.0, 42.0, 30.0]
    assert told(spells.since_entry())[0] == (7, 9.0, 19.0, WELL, ILL)


def test_an_event_at_the_edge_of_the_window_is_seen_at_its_end_only():
    assert told(small_log(entered=[90.0, 40.0], left=[90.0, 42.0])) == [(7, 40.0, 42.0, ILL, WELL)]


def test_who_stays_on_after_the_last_event_has_a_spell_there():
    spells = small_log(left=[90.0, 100.0])

    assert told(spells)[3] == (7, 80.0, 100.0, DEAD, CENSORED)
    # It is no time at risk of dying.
    assert kaplan_meier(spells, to=DEAD).at_risk.tolist() == [2]


def test_a_state_left_when_it_was_entered_was_never_occupied():
    spells = small_log(
        time=[40.0, 40.0, 80.0],
        to_state=[ILL, DEAD, WELL],
        from_state=[WELL, ILL, DEAD],
        left=[90.0, 90.0],
    )

    assert told(spells)[:2] == [(7, 0.0, 40.0, WELL, DEAD), (7, 40.0, 80.0, DEAD, WELL)]


def test_dates_of_birth_turn_dates_into_ages():
    spells = small_log(
        time=[1990.0, 1992.0, 2030.0],
        entered=[1960.0, 1950.0],
        left=[2000.0, 2030.0],
        origin=[1960.0, 1950.0],
        began=[1960.0, 1950.0],
    )

    assert told(spells) == told(small_log(left=[40.0, 80.0]))


def test_people_may_be_numbered_and_nobody_named():
    spells = spells_from_events(
        [1], time=[3.0], from_state=[0], to_state=[1], entered=0.0, left=[5.0, 3.0], first_state=0
    )

    assert told(spells) == [(0, 0.0, 5.0, 0, CENSORED), (1, 0.0, 3.0, 0, 1)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"time": [40.0, 42.0]}, r"columns differ in length: .*time \(2,\)"),
        ({"time": [40.0, np.nan, 80.0]}, "time: nan in row 1 is not finite"),
        ({"person": [7.0, 7.0, 7.0]}, "person: whole numbers are wanted, not float64"),
        ({"person": [7, 7, 8]}, "person: 8 in row 2 has events, and is not among"),
        ({"people": [7, 7]}, "people: 7 in row 1 stands there twice"),
        ({"people": None, "left": 90.0}, "people: say who was watched"),
        ({"left": [-1.0, 80.0]}, "left: -1.0 in row 1 is before that person entered"),
        ({"began": 5.0}, "began: 5.0 in row 0 is after that person entered"),
        (
            {"from_state": [WELL, WELL, WELL]},
            "from_state: person 7 leaves state 0 at 42.0, and is in state 1 then",
        ),
        ({"first_state": ILL}, "from_state: person 7 leaves state 0 at 40.0, and is in state 1"),
    ],
)
def test_a_log_that_does_not_hang_together_is_refused_with_its_place(changed, words):
    with pytest.raises(ValueError, match=words):
        small_log(**changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"stop": [1.0, 0.0]}, "stop: 0.0 in row 1 is not after its start"),
        ({"start": [0.0, np.inf]}, "start: inf in row 1 is not finite"),
        ({"from_state": [0, -1]}, "from_state: -1 in row 1 is below 0"),
        ({"to_state": [0, -2]}, "to_state: -2 in row 1 is below -1"),
        ({"since": [0.5, 0.0]}, "since: 0.5 in row 0 is after its start"),
        ({"person": [1]}, r"columns differ in length: person \(1,\)"),
    ],
)
def test_spells_that_cannot_be_are_refused_with_their_place(changed, words):
    sound = {"person": [0, 1], "start": [0.0, 0.0], "stop": [1.0, 2.0]}
    sound |= {"from_state": [0, 0], "to_state": [1, CENSORED]}

    assert len(Spells(**sound)) == 2
    with pytest.raises(ValueError, match=words):
        Spells(**(sound | changed))


def test_spells_go_out_one_row_each():
    columns = {name: column.tolist() for name, column in small_log().columns().items()}

    assert list(columns) == ["person", "start", "stop", "from", "to", "status"]
    assert columns["to"] == [ILL, WELL, DEAD, CENSORED]
    assert columns["status"] == [1, 1, 1, 0]


def test_spells_go_out_one_row_for_each_risk():
    pairs = [(ILL, DEAD), (ILL, WELL), (WELL, ILL), (WELL, DEAD)]
    columns = {
        name: column.tolist() for name, column in small_log().columns(transitions=pairs).items()
    }

    assert columns["from"] == [WELL, WELL, ILL, ILL, WELL, WELL, WELL, WELL]
    assert columns["to"] == [ILL, DEAD, WELL, DEAD, ILL, DEAD, ILL, DEAD]
    assert columns["status"] == [1, 0, 1, 0, 0, 1, 0, 0]
    assert columns["stop"] == [40.0, 40.0, 42.0, 42.0, 80.0, 80.0, 90.0, 90.0]
    with pytest.raises(ValueError, match=r"transitions: \(0, 1\) was seen and is not among"):
        small_log().columns(transitions=pairs[:2])


# ---------------------------------------------------------------- reading a curve


def test_a_curve_is_read_from_where_it_begins_to_where_knowledge_ends():
    curve = kaplan_meier(competing([2.0, 3.0, 5.0], [1, 1, 0]))

    read = curve.at([-1.0, 0.0, 1.9, 2.0, 4.0, 5.0, 5.1])
    assert read.value == pytest.approx([np.nan, 1, 1, 2 / 3, 1 / 3, 1 / 3, np.nan], nan_ok=True)
    assert curve.at(2.0).value.shape == ()
    assert curve.area(5.0) == pytest.approx(2.0 + 2 / 3 + 2 / 3)
    with pytest.raises(ValueError, match=r"stop: 5\.1 is not a time between 0\.0 and 5\.0"):
        curve.area(5.1)


def test_a_curve_that_is_over_is_known_for_good():
    everyone = competing([2.0, 3.0, 5.0], [1, 2, 1])

    assert kaplan_meier(everyone).at(1e6).value == 0.0
    assert aalen_johansen(everyone).at(1e6).value.tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    assert cumulative_incidence(everyone).at(1e6).value.tolist() == pytest.approx([2 / 3, 1 / 3])
    # One who is censored last leaves it open.
    assert np.isnan(kaplan_meier(competing([2.0, 3.0, 5.0], [1, 2, 0])).at(6.0).value)


def test_nothing_that_happened_is_no_error():
    nobody_dies = competing([2.0, 3.0], [0, 0])

    assert kaplan_meier(nobody_dies, to=1).at(2.5).value == 1.0
    assert nelson_aalen(nobody_dies, to=1).at(2.5).value == 0.0
    assert cumulative_incidence(nobody_dies, to=[1, 2]).at(2.5).value.tolist() == [0.0, 0.0]
    assert aalen_johansen(nobody_dies, states=[0, 1]).at(2.5).value.tolist() == [1.0, 0.0]


def test_a_curve_may_begin_later_and_from_other_shares():
    times = [1.0, 2.0, 3.0, 4.0]
    spells = competing(times, [1, 1, 1, 1])

    assert aalen_johansen(spells, since=2.5).at(3.0).value.tolist() == [0.5, 0.5]
    half = aalen_johansen(spells, initial=[0.5, 0.5]).at(2.0).value
    assert half == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"states": [0, 1]}, r"states: 2 occurs and is not among \(0, 1\)"),
        ({"since": 99.0}, "since: nobody is at risk at 99.0"),
        ({"initial": [0.5, 0.5]}, r"initial: one share for each of \(0, 1, 2\)"),
        ({"initial": [0.5, 0.4, 0.0]}, "initial: one share for each"),
        ({"level": 95}, "level: 95 is not between 0 and 1"),
    ],
)
def test_an_occupation_that_cannot_be_asked_for_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        aalen_johansen(competing([1.0, 2.0], [1, 2]), **options)


def test_nobody_at_risk_is_refused():
    spells = competing([1.0, 2.0], [1, 2])

    with pytest.raises(ValueError, match="to: nobody is at risk"):
        kaplan_meier(spells, to=[0, 1])
    with pytest.raises(ValueError, match="spells: there are none"):
        aalen_johansen(spells.among(5))


# ---------------------------------------------------------------- rates and life tables


COUNTS = np.array([0, 1, 2, 3, 7, 20, 100, 1_234, 50_000, 1_000_000])


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_limits_of_a_rate_are_those_of_the_poisson_distribution(level):
    found = event_rate(COUNTS, person_years=np.full(COUNTS.size, 2.0), level=level)
    tail = 0.5 * (1.0 - level)

    low = np.where(COUNTS > 0, chi2.ppf(tail, 2.0 * np.maximum(COUNTS, 1)) / 4.0, 0.0)
    assert found.low == pytest.approx(low, rel=1e-9)
    assert found.high == pytest.approx(chi2.ppf(1.0 - tail, 2.0 * COUNTS + 2.0) / 4.0, rel=1e-9)
    assert found.value == pytest.approx(COUNTS / 2.0)
    # Limits that are symmetric are told apart, even for a thousand events.
    symmetric = found.value[7] + 1.96 * found.standard_error[7]
    assert symmetric != pytest.approx(found.high[7], rel=1e-4)


def test_limits_hold_for_parts_of_an_event_too():
    parts = event_rate([1e-30, 1e-3, 0.5], person_years=1.0, level=0.9)

    assert parts.low == pytest.approx(
        chi2.ppf(0.05, [2e-30, 2e-3, 1.0]) / 2.0, rel=1e-12, abs=1e-150
    )
    assert parts.high == pytest.approx(chi2.ppf(0.95, [2.0, 2.002, 3.0]) / 2.0, rel=1e-12)


def test_rates_that_cannot_be_are_refused():
    assert np.isnan(event_rate(0, person_years=0.0).value)
    for events, years, words in ((1, 0.0, "person_years: 0 where"), (-1, 1.0, "events: -1")):
        with pytest.raises(ValueError, match=words):
            event_rate(events, person_years=years)


def p08_table(**changed):
    """The life table of P08, from as many deaths as its rates ask for."""
    inputs, answers = read_problems()["P08"].inputs, read_problems()["P08"].answers
    rates = np.add(inputs["r1"], inputs["r2"])
    time = np.full(rates.size, 1e7)
    given = {"deaths": rates * time, "ages": [*inputs["cuts"], np.inf]} | changed
    return life_table(time, **given), answers


def test_a_life_table_gives_the_exact_answers_of_constant_rates():
    table, answers = p08_table(radix=1.0)

    for age, l in zip(table.ages[1:-1], table.l[1:], strict=True):
        assert l == pytest.approx(answers[f"S_{age:.0f}"], rel=1e-13)
    assert table.e.value[0] == pytest.approx(answers["e0"], rel=1e-13)
    assert table.d.sum() == pytest.approx(1.0, rel=1e-14)
    assert table.T[0] == pytest.approx(table.L.sum(), rel=1e-14)
    has_deaths = table.m.value > 0.0
    assert table.L[has_deaths] == pytest.approx((table.d / table.m.value)[has_deaths], rel=1e-12)


def test_rates_a_thousandth_too_high_are_caught():
    inputs = read_problems()["P08"].inputs
    table, answers = p08_table(deaths=np.add(inputs["r1"], inputs["r2"]) * 1.001e7)

    assert table.e.value[0] != pytest.approx(answers["e0"], rel=1e-6)


def test_several_tables_are_made_at_once():
    inputs = read_problems()["P08"].inputs
    rates = np.add(inputs["r1"], inputs["r2"])
    ages = [*inputs["cuts"], np.inf]
    time = np.full((rates.size, 3), 1e5)
    many = life_table(time, deaths=rates[:, None] * time * [1.0, 1.1, 1.2], ages=ages)

    for k, factor in enumerate([1.0, 1.1, 1.2]):
        one = life_table(time[:, k], deaths=rates * time[:, k] * factor, ages=ages)
        assert many.e.value[:, k] == pytest.approx(one.e.value, rel=1e-14)
        assert many.e.standard_error[:, k] == pytest.approx(one.e.standard_error, rel=1e-12)
        assert many.q.high[:, k] == pytest.approx(one.q.high, rel=1e-12)


def test_the_error_of_life_expectancy_is_carried_from_every_rate():
    time, deaths = np.array([900.0, 4000.0, 500.0]), np.array([30.0, 40.0, 60.0])

    def e0(died):
        return life_table(time, deaths=died, ages=[0, 1, 30, np.inf]).e.value[0]

    step = 1e-4
    slopes = np.array(
        [(e0(deaths + step * row) - e0(deaths - step * row)) / (2 * step) for row in np.eye(3)]
    )
    found = life_table(time, deaths=deaths, ages=[0, 1, 30, np.inf]).e.standard_error[0]
    assert found == pytest.approx(np.sqrt((slopes**2 * deaths).sum()), rel=1e-6)
    # Chiang's errors are of deaths among those who begin, not of a rate: near, and not the same.
    table = life_table(time, deaths=deaths, ages=[0, 1, 30, np.inf], radix=1.0)
    chiang = np.sum(
        (table.l[:2] * (table.e.value[1:] + table.n[:2] - table.a[:2])) ** 2
        * table.q.value[:2] ** 2
        * (1.0 - table.q.value[:2])
        / deaths[:2]
    ) + table.l[2] ** 2 / (table.m.value[2] ** 2 * deaths[2])
    assert found == pytest.approx(np.sqrt(chiang), rel=0.03)
    assert found != pytest.approx(np.sqrt(chiang), rel=1e-6)


@pytest.mark.parametrize("x", [1e-9, 1e-4, 0.00999, 0.01001, 0.5, 3.0])
def test_those_who_die_in_a_band_live_as_long_in_it_as_a_constant_hazard_says(x):
    time = np.array([1e6, 1e6])
    table = life_table(time, deaths=[x / 5.0 * 1e6, 1e6], ages=[0.0, 5.0, np.inf])
    with mpmath.workdps(40):
        exact = float(5 * (1 / mpmath.mpf(x) - 1 / mpmath.expm1(mpmath.mpf(x))))

    assert table.a[0] == pytest.approx(exact, rel=1e-12)
    assert table.a[1] == pytest.approx(1.0)


def gompertz_table(width):
    """The life table of P02 in bands of some years, from exact time at risk and deaths."""
    inputs, answers = read_problems()["P02"].inputs, read_problems()["P02"].answers

    def alive(age):
        return np.exp(-inputs["a"] / inputs["b"] * np.expm1(inputs["b"] * age))

    edges = np.append(np.arange(0.0, 106.0, width), np.inf)
    ends = np.minimum(edges, 130.0)
    years = [quad(alive, *band, epsabs=0.0, epsrel=1e-12)[0] for band in pairwise(ends)]
    million = 1e6 * np.array([years, -np.diff(alive(ends))])
    return life_table(million[0], deaths=million[1], ages=edges), answers["e0"]


def test_bands_of_years_cost_what_the_page_says():
    for width, cost in ((1.0, 0.004), (5.0, 0.1), (10.0, 0.4)):
        table, exact = gompertz_table(width)
        assert exact - table.e.value[0] == pytest.approx(cost, rel=0.1), width


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ages": [0, 1, 1, np.inf]}, "ages: rising edges are wanted"),
        ({"ages": [0, 1, 5]}, "ages: 3 edges make 2 bands, and person_years has the shape"),
        ({"deaths": [1, 1, 0]}, "deaths: none from age 5 on, so the open band has no end"),
        ({"person_years": [1.0, 0.0, 1.0]}, "nobody is at risk from age 1 to 5; join"),
    ],
)
def test_a_life_table_that_cannot_be_is_refused(changed, words):
    given = {"person_years": [1.0, 1.0, 1.0], "deaths": [1, 1, 1], "ages": [0, 1, 5, np.inf]}
    given |= changed

    with pytest.raises(ValueError, match=words):
        life_table(given.pop("person_years"), **given)


def test_a_table_that_ends_at_an_age_says_what_is_lived_up_to_it():
    table = life_table([10.0, 10.0], deaths=[1, 0], ages=[0.0, 1.0, 3.0], radix=1.0)

    assert table.e.value[0] == pytest.approx(-np.expm1(-0.1) / 0.1 + 2.0 * np.exp(-0.1))
    assert list(table.columns())[:4] == ["age", "n", "m", "q"]
    assert table.columns()["m_low"][1] == 0.0


# ---------------------------------------------------------------- the Lexis plane


def test_a_life_crosses_the_cells_of_a_plane():
    # Born in the middle of 1950, watched from 1951 to a quarter past 1953, when they die.
    spells = Spells([0], [1951.0], [1953.25], [WELL], [DEAD])
    found = lexis_exposure(
        spells, ages=[0, 1, 2, np.inf], years=[1951, 1952, 1953, 1954], born=1950.5
    )

    assert found.person_years.tolist() == [[0.5, 0, 0], [0.5, 0.5, 0], [0, 0.5, 0.25]]
    assert found.events.tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert found.rates().value[2, 2] == 4.0


def test_what_lies_in_no_cell_is_told_apart():
    spells = Spells([0, 1], [1951.0] * 2, [1953.25, 1951.5], [WELL] * 2, [DEAD] * 2)
    found = lexis_exposure(spells, ages=[1, 2], years=[1952, 1953], born=1950.5)

    assert (found.person_years.sum(), found.person_years_outside) == (0.5, 2.25)
    assert (found.events.sum(), found.events_outside) == (0, 2)


def test_an_event_at_an_edge_belongs_to_the_time_before_it():
    found = lexis_exposure(Spells([0], [0.0], [5.0], [0], [1]), ages=[0, 5, 10])

    assert found.events[:, 0].tolist() == [1, 0]
    assert found.person_years[:, 0].tolist() == [5.0, 0.0]


def test_time_and_events_are_counted_for_those_who_are_asked_for():
    spells = small_log(left=[90.0, 100.0])

    assert lexis_exposure(spells, ages=[0, np.inf]).person_years.sum() == 190.0
    of_death = lexis_exposure(spells, ages=[0, np.inf], to=DEAD)
    assert (of_death.person_years.sum(), of_death.events.sum()) == (170.0, 1)
    of_ill = lexis_exposure(spells.among(ILL), ages=[0, 41, np.inf])
    assert of_ill.person_years[:, 0].tolist() == [1.0, 1.0]


def engine_plane(born, start, stop, breaks, first_year, n_years):
    """Person-years by age and year from the engine's own observer."""
    exposure = np.zeros((n_years, breaks.size), np.int64)
    for b, s, e in zip(born, start, stop, strict=True):
        recorder.add_exposure(
            exposure, np.zeros_like(exposure), b, s, e, breaks, first_year, np.int64(1)
        )
    return exposure.T / TICKS_PER_YEAR


def test_a_plane_from_the_log_is_the_one_that_the_engine_kept():
    rng = np.random.default_rng(3)
    n, breaks = 300, np.array([0.0, 1.0, 5.0, 15.0, 45.0, 65.0])
    born = rng.uniform(1900.0, 1960.0, n)
    start = born + rng.uniform(0.0, 20.0, n)
    stop = start + rng.exponential(30.0, n)
    kept = engine_plane(born, start, stop, breaks, 1920, 60)
    spells = Spells(np.arange(n), start, stop, np.zeros(n, int), np.ones(n, int))
    ages, years = [*breaks, np.inf], np.arange(1920, 1981)

    # Birthdays are rounded on the way there, by a tick at the most.
    found = lexis_exposure(spells, ages=ages, years=years, born=born)
    assert found.person_years == pytest.approx(kept, abs=300 / TICKS_PER_YEAR)
    # Births a day off are told apart.
    shifted = lexis_exposure(spells, ages=ages, years=years, born=born + 1 / 365.25)
    assert shifted.person_years != pytest.approx(kept, abs=1e-3)


def test_what_went_in_as_rates_comes_out_as_rates():
    # Check 3 of the engine: events by time at risk, in exact intervals, against the input.
    inputs = read_problems()["P02"].inputs
    people = np.arange(20_000)
    ages = gompertz_waits(
        budgets(draw_key(SEED, 2), DEATH, 0, people), 0.0, inputs["a"], inputs["b"]
    )
    spells = Spells(people, np.zeros(people.size), ages, people * 0, people * 0 + 1)
    edges = np.arange(40.0, 101.0, 2.0)
    counted = lexis_exposure(spells, ages=edges)
    middle = inputs["a"] * np.exp(inputs["b"] * (edges[:-1] + 1.0))

    def share(rates):
        found = counted.rates(level=0.95)
        return np.mean((found.low[:, 0] <= rates) & (rates <= found.high[:, 0]))

    assert share(middle) >= 0.85
    assert share(middle * 1.1) < 0.7


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ages": [5]}, "ages: two or more rising edges are wanted"),
        ({"ages": [0, 5, 5]}, "ages: two or more rising edges"),
        ({"ages": [0, 5], "years": [2000, 1999]}, "years: two or more rising edges"),
        ({"ages": [0, 5], "born": np.nan}, "born: nan in row 0 is not finite"),
        ({"ages": [0, 5], "born": -1e10}, "born: 10000000000.0 is beyond"),
    ],
)
def test_a_plane_that_cannot_be_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        lexis_exposure(competing([1.0], [1]), **options)
