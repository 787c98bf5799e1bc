"""A run made by hand obeys every law, and each law catches a run that breaks it."""

import json

import polars as pl
import pytest

from hailsham.lives.codes import Event
from hailsham.lives.inner_laws import INNER_LAWS
from hailsham.lives.laws import LAWS, check_laws
from hailsham.lives.store import RunWriter, open_run
from tests.unit.lives import small_run


def changed(where, **values):
    """A change of some values in the rows that fit."""

    def change(frame):
        return frame.with_columns(
            pl.when(where).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
            for name, value in values.items()
        )

    return change


def doubled(where):
    """A change that writes the rows that fit twice."""
    return lambda frame: pl.concat([frame, frame.filter(where)])


def events_of(person, *what):
    return (pl.col("person") == person) & pl.col("event").is_in([int(event) for event in what])


def moved_to_end(frame):
    """The events of the first clone torn apart."""
    return pl.concat(
        [frame[1:14], frame[:1].with_columns(pl.lit(1990.25).alias("time")), frame[14:]]
    )


def four_patients(frame):
    """A carer is given three more donors than the one she has."""
    given = frame.filter(events_of(2, Event.GIVEN_PATIENT))
    return pl.concat([frame[:9], given, given, given, frame[9:]])


HEART = pl.col("organ") == "heart"
KIDNEY = pl.col("organ") == "kidney"
RUTH = pl.col("person") == 1
LISTED_LATE = changed(events_of(101, Event.LISTED), event=int(Event.REMOVED))

#: For each law, runs that break it: which table, and how it is changed.
BREAKS = [
    ("nulls_stand_where_the_schema_says", "people", changed(RUTH, ended=None)),
    ("nulls_stand_where_the_schema_says", "organs", changed(HEART, outcome=None)),
    ("proportions_lie_between_0_and_1", "people", changed(RUTH, attended=1.01)),
    ("proportions_lie_between_0_and_1", "turns", changed(RUTH, probability=-0.1)),
    ("people_are_told_apart", "people", doubled(RUTH)),
    ("lives_run_forwards", "people", changed(RUTH, entered=1960.0)),
    ("lives_run_forwards", "people", changed(RUTH, ended=1960.0)),
    ("events_happen_to_people_of_the_run", "people", lambda frame: frame.filter(~RUTH)),
    ("nobody_acts_outside_their_life", "people", changed(RUTH, ended=1984.4)),
    ("nobody_acts_outside_their_life", "people", changed(RUTH, born=1961.0)),
    ("events_come_in_order", "events", changed(events_of(1, Event.CALLED_UP), time=1982.2)),
    ("a_life_stands_in_one_place", "events", moved_to_end),
    ("every_clone_dies_once", "events", doubled(events_of(1, Event.DIED))),
    ("every_clone_dies_once", "events", lambda frame: frame.filter(~events_of(1, Event.DIED))),
    ("every_clone_dies_once", "people", changed(RUTH, ended=1984.6)),
    ("every_clone_dies_once", "people", changed(RUTH, status="alive")),
    ("an_organ_is_given_once", "organs", changed(HEART, organ_id=11)),
    ("what_is_used_has_a_recipient", "organs", changed(HEART, recipient=None)),
    ("what_is_used_has_a_recipient", "organs", changed(HEART, outcome="no_need")),
    ("nobody_gives_what_they_no_longer_have", "organs", doubled(HEART)),
    (
        "nobody_gives_what_they_no_longer_have",
        "organs",
        changed(pl.col("donor") == 2, organ="liver"),
    ),
    (
        "nobody_gives_what_they_no_longer_have",
        "organs",
        lambda f: doubled(KIDNEY)(doubled(KIDNEY)(f)),
    ),
    ("the_heart_is_given_last", "organs", changed(pl.col("organ_id") == 21, organ="heart")),
    ("the_heart_is_given_last", "people", changed(RUTH, donations=3)),
    ("nothing_is_taken_after_death", "organs", changed(HEART, taken=1984.6)),
    ("nothing_is_taken_after_death", "organs", changed(HEART, taken=1960.0)),
    ("blood_groups_fit", "organs", changed(HEART, blood_donor="A", blood_recipient="B")),
    ("blood_groups_fit", "organs", changed(HEART, blood_donor="AB", blood_recipient="O")),
    ("recipients_are_alive_and_listed", "people", changed(pl.col("person") == 102, listed=1984.6)),
    ("recipients_are_alive_and_listed", "people", changed(pl.col("person") == 102, listed=None)),
    ("recipients_are_alive_and_listed", "people", changed(pl.col("person") == 102, ended=1984.45)),
    ("nobody_is_transplanted_unlisted", "events", LISTED_LATE),
    ("nobody_is_transplanted_unlisted", "events", doubled(events_of(102, Event.TRANSPLANTED))),
    ("no_carer_has_more_than_the_caseload", "events", four_patients),
    ("nobody_cares_once_called_up", "events", changed(events_of(2, Event.CALLED_UP), time=1984.0)),
    ("a_donor_has_one_carer_at_a_time", "events", doubled(events_of(1, Event.GIVEN_CARER))),
    ("one_risk_is_chosen_at_each_turn", "turns", changed(RUTH, chosen=True)),
    ("one_risk_is_chosen_at_each_turn", "turns", changed(RUTH, chosen=False)),
    ("deaths_add_up", "years", changed(pl.col("sex").is_null(), died=2)),
    ("deaths_add_up", "years", changed(pl.col("sex").is_not_null(), died=0)),
    ("deaths_add_up", "years", lambda frame: frame.filter(pl.col("year") != 1970)),
    ("deaths_add_up", "people", changed(pl.col("person") == 104, status="died")),
    ("the_account_counts_the_organs", "account", changed(KIDNEY, used=0, no_need=1)),
    ("the_account_counts_the_organs", "account", lambda frame: frame.filter(~KIDNEY)),
    ("the_account_counts_the_organs", "organs", lambda frame: frame.filter(~HEART)),
    ("outcomes_sum_to_what_was_supplied", "account", changed(KIDNEY, supplied=2)),
]


def broken(run):
    return {violation.law for violation in check_laws(run)}


def test_six_lives_obey_every_law(tmp_path):
    assert check_laws(small_run.write(tmp_path)) == []


@pytest.mark.parametrize(("law", "table", "change"), BREAKS)
def test_a_run_that_breaks_a_law_is_caught(tmp_path, law, table, change):
    tables = small_run.tables()
    tables[table] = change(tables[table])

    assert law in broken(small_run.write(tmp_path, tables))


def test_every_law_has_a_run_that_breaks_it():
    assert {law for law, _, _ in BREAKS} == {law.__name__ for law in LAWS} - {
        law.__name__ for law in INNER_LAWS
    }


def test_a_violation_names_the_law_the_place_and_how_often(tmp_path):
    tables = small_run.tables()
    tables["organs"] = changed(HEART, taken=1984.6)(tables["organs"])
    (violation,) = check_laws(small_run.write(tmp_path, tables))

    assert violation.law == "nothing_is_taken_after_death"
    assert violation.what.startswith("nothing is taken after death, but: replicate 0, organ_id 12")
    assert violation.rows == 1


def test_two_kidneys_may_be_given_but_not_three(tmp_path):
    twice = changed(pl.col("organ") == "liver", organ="kidney")
    tables = small_run.tables()
    for name in ("organs", "account"):
        tables[name] = twice(changed(pl.col("organ") == "tissue", organ="kidney")(tables[name]))
    assert check_laws(small_run.write(tmp_path, tables)) == []

    tables["organs"] = doubled(pl.col("organ_id") == 22)(tables["organs"])
    assert "nobody_gives_what_they_no_longer_have" in broken(small_run.write(tmp_path, tables))


def test_people_of_two_replicates_are_not_mixed_up(tmp_path):
    def repeated(frame):
        return pl.concat([frame, frame.with_columns(pl.lit(1, dtype=pl.Int32).alias("replicate"))])

    tables = {name: repeated(frame) for name, frame in small_run.tables().items()}

    assert check_laws(small_run.write(tmp_path, tables, replicates=2)) == []


def test_deaths_outside_the_window_are_not_asked_for(tmp_path):
    tables = small_run.tables()
    tables["years"] = tables["years"].filter(pl.col("year") >= 1980)

    assert broken(small_run.write(tmp_path, tables)) == {"deaths_add_up"}
    assert broken(small_run.write(tmp_path, tables, years=(1980, 2000))) == set()


def test_without_a_log_only_clones_are_counted(tmp_path):
    tables = small_run.tables()
    del tables["events"]
    is_dropped = pl.col("person") == 103
    tables["people"] = tables["people"].filter(~is_dropped)

    assert broken(small_run.write(tmp_path, tables)) == {"every_clone_dies_once", "deaths_add_up"}
    assert broken(small_run.write(tmp_path, tables, log="none")) == set()


@pytest.mark.parametrize("caseload", [4, None])
def test_the_caseload_is_the_one_of_the_run(tmp_path, caseload):
    tables = small_run.tables()
    tables["events"] = four_patients(tables["events"])
    law = "no_carer_has_more_than_the_caseload"
    assert law in broken(small_run.write(tmp_path, tables))

    key = "regimes.programme.carers.caseload"
    parameters = [] if caseload is None else [{"key": key, "value": caseload}]
    folder = small_run.write(tmp_path, tables).path
    with RunWriter(folder) as writer:
        writer.write_table("people", tables["people"].to_dict())
        writer.write_table("events", tables["events"].to_dict())
        writer.write_text("dictionary.json", json.dumps({"parameters": parameters}))
        writer.finish(small_run.manifest())
    assert law not in broken(open_run(folder))
