"""What a given organ does: it stops one clock, starts its own, and touches no other."""

from dataclasses import replace

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives.codes import Event
from hailsham.world.organs import BY_GRAFT, BY_OPERATION, EarlyRisk, GraftParameters, LongRunHazard
from hailsham.world.public import KIDNEY, LEAVING, N_LANES, N_TERMINAL, run_all_clocks
from hailsham.world.waiting_list import TRANSPLANTED, ListParameters
from tests.unit.world.small_england import (
    LIMIT,
    PROGRAMME,
    SEED,
    hazards_of,
    logged,
    met,
    z_mean,
    z_share,
)

HEART, LUNG = 0, 1
#: Nobody kept alive by dialysis is listed, so that whose early failure is death is plain.
UNKEPT = replace(PROGRAMME, list=ListParameters(kidneys_kept_alive=False))
#: Nobody is given an organ of one kind twice, so that every first graft can be watched to its end.
ONCE = replace(UNKEPT, grafts=GraftParameters(relisted=False))
SCALE = 100


def recipients(world=UNKEPT):
    """Rows of patients given one organ only, which organ, and the meeting."""
    meeting = met(world, scale=SCALE).meeting
    given = meeting.stays[meeting.stays["outcome"] == TRANSPLANTED]
    once = meeting.patients["transplants"][given["row"]] == 1
    return meeting, given["row"][once], given["organ"][once]


def early_deaths(organ):
    """Of all transplants of an organ, which were survived by nobody."""
    meeting = met(UNKEPT, scale=SCALE).meeting
    given = meeting.stays[(meeting.stays["outcome"] == TRANSPLANTED)]
    given = given[given["organ"] == organ]
    patients = meeting.patients[given["row"]]
    return (patients["cause"] == BY_OPERATION) & (patients["end"] == given["ended"])


def grafts_of(organ, world=ONCE):
    """When each graft of an organ was given, would fail and would kill, but for early deaths."""
    meeting = met(world, scale=SCALE).meeting
    given = meeting.stays[meeting.stays["outcome"] == TRANSPLANTED]
    given = given[given["organ"] == organ]
    fails = meeting.clinic.grafts.fails[given["row"], organ]
    kills = meeting.clinic.grafts.kills[given["row"], organ]
    lives = np.isfinite(fails)
    return given["ended"][lives], fails[lives], kills[lives]


def spent_hazard(organ, factor):
    """Latent lives of grafts times their hazard: unit exponentials, if the hazard is right."""
    given, fails, _ = grafts_of(organ)
    hazard = (LongRunHazard().heart, LongRunHazard().lung)[organ]
    return (fails - given) * hazard * factor


def latent_times(patient, silenced):
    hazards = hazards_of(PROGRAMME.public)
    latent, then = np.empty(N_LANES), np.empty(N_LANES)
    who = [patient[name] for name in ("person", "sex", "born", "entered")]
    run_all_clocks(
        draw_key(SEED), *who, hazards.rates, silenced, float(patient["end"]), latent, then
    )
    return latent[:N_TERMINAL]


def missed_ends(*, silence):
    """Recipients of one organ whose end is not the first of the other clocks and the graft's."""
    meeting, rows, organs = recipients()
    found = []
    for row, organ in zip(rows[:600], organs[:600], strict=True):
        patient = meeting.patients[row]
        if patient["cause"] == BY_OPERATION:
            continue
        others = latent_times(patient, 1 << int(organ) if silence else 0).min()
        found.append(patient["end"] != min(others, meeting.clinic.grafts.kills[row, organ]))
    assert len(found) > 500
    return sum(found)


@pytest.mark.parametrize("organ", range(6))
def test_operations_kill_as_often_as_said(organ):
    risk = list(vars(EarlyRisk()).values())[organ]
    deaths = early_deaths(organ)
    # Rare deaths of rare transplants cannot be told: a few dozen at 1 in 100.
    error = np.sqrt(risk * (1 - risk) / deaths.size)

    assert deaths.size > 400
    assert abs(deaths.mean() - risk) < LIMIT * error
    assert abs(deaths.mean() - (risk + 10 * error)) > LIMIT * error


def test_a_heart_that_killed_a_half_more_would_be_noticed():
    assert abs(z_share(early_deaths(HEART), 0.11)) < LIMIT
    assert abs(z_share(early_deaths(HEART), 0.165)) > LIMIT


@pytest.mark.parametrize("organ", [HEART, LUNG])
def test_grafts_last_as_long_as_said(organ):
    assert abs(z_mean(spent_hazard(organ, 1.0), 1.0)) < LIMIT
    assert abs(z_mean(spent_hazard(organ, 1.2), 1.0)) > LIMIT


def test_under_recorded_medicine_grafts_fail_sooner_by_the_factor_of_their_decade():
    recorded = replace(UNKEPT, grafts=GraftParameters(medicine="recorded", relisted=False))
    given, fails, _ = grafts_of(LUNG, recorded)
    for start, factor in ((1970, 3.5), (1980, 2.0), (1990, 1.3)):
        here = (given >= start) & (given < start + 10)
        lasted = (fails - given)[here] * LongRunHazard().lung
        assert lasted.size > 300
        assert abs(z_mean(lasted * factor, 1.0)) < LIMIT
        assert abs(z_mean(lasted, 1.0)) > LIMIT


def test_a_failed_graft_leads_to_death_after_another_untreated_wait():
    _, fails, kills = grafts_of(LUNG)
    waits = kills - fails

    assert waits.size > 2000
    assert abs(z_mean(waits, PROGRAMME.list.untreated_wait.lung)) < LIMIT
    assert abs(z_mean(waits, 1.25 * PROGRAMME.list.untreated_wait.lung)) > LIMIT


def test_a_transplant_removes_one_clock_and_leaves_the_others_to_the_bit():
    assert missed_ends(silence=True) == 0


def test_a_transplant_that_removed_no_clock_would_be_noticed():
    assert missed_ends(silence=False) > 400


def test_whoever_is_given_nothing_ends_as_without_a_list():
    patients = met(scale=SCALE).meeting.patients
    plain = patients[patients["transplants"] == 0]

    assert plain.size > 10_000
    assert (plain["end"] == plain["untreated_end"]).all()
    assert (plain["cause"] == plain["untreated_cause"]).all()


def test_a_graft_is_the_cause_of_death_where_it_killed_and_nowhere_else():
    meeting, rows, organs = recipients()
    patients, kills = meeting.patients[rows], meeting.clinic.grafts.kills[rows, organs]

    assert (patients["cause"] == BY_GRAFT).sum() > 1000
    assert ((patients["end"] == kills) == (patients["cause"] == BY_GRAFT)).all()


def test_a_kidney_takes_no_years_from_those_kept_alive_and_gives_them_none():
    """Their untreated life holds dialysis already, so a kidney changes its quality only."""
    meeting = met(scale=SCALE).meeting
    patients = meeting.patients
    given = meeting.stays[meeting.stays["outcome"] == TRANSPLANTED]
    once = given[(given["organ"] == KIDNEY) & (patients["transplants"][given["row"]] == 1)]
    kept = patients[once["row"][patients["kept_at"][once["row"]] <= once["listed"]]]
    # Whoever would have died by the kidney loses that clock with it, and does gain.
    kept = kept[kept["untreated_lane"] != KIDNEY]

    assert kept.size > 800
    assert (kept["end"] == kept["untreated_end"]).all()


def test_one_who_is_not_kept_alive_does_gain():
    meeting, rows, organs = recipients()
    patients = meeting.patients[rows[organs == KIDNEY]]

    assert patients.size > 400
    assert (patients["end"] > patients["untreated_end"]).mean() > 0.9


def test_leaving_england_is_no_death():
    patients = met(scale=SCALE).meeting.patients
    left = logged(met(scale=SCALE).meeting, Event.LEFT)

    assert left["person"].size == (patients["lane"] == LEAVING).sum() > 50


def test_nobody_is_listed_again_where_that_is_not_done():
    once = replace(PROGRAMME, grafts=GraftParameters(relisted=False))
    for world, some in ((once, False), (PROGRAMME, True)):
        stays = met(world, scale=SCALE).meeting.stays
        places = np.unique(np.stack([stays["row"], stays["organ"]]), axis=1).shape[1]
        assert (stays.size > places) == some
