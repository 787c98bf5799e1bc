"""Inner lives made by hand obey every law of them, and each law catches a run that breaks it."""

import json

import polars as pl
import pytest

from hailsham.lives import schema
from hailsham.lives.codes import CAUSES, LOSSES, Event
from hailsham.lives.inner_laws import INNER_LAWS
from hailsham.lives.laws import LAWS, check_laws
from hailsham.lives.schema import INNER_LIFE
from hailsham.lives.store import RunWriter, open_run
from tests.unit.lives import small_run
from tests.unit.lives.small_run import clone, event, manifest, table
from tests.unit.lives.test_laws import changed, events_of

KATHY, TOMMY = pl.col("person") == 1, pl.col("person") == 2
COMPLETED = CAUSES.index("completed")


def inner(**known):
    """Values of every column of the inner life: what is not given is nothing, or no."""
    plain = {column.name: None for column in INNER_LIFE}
    stages = {f"stage_{at}": 3.0 for at in range(1, 9)}
    steps = {
        f"{what}_{when}": level
        for what in ("knowledge", "awareness")
        for when, level in (("15", 0.1), ("19", 0.2), ("call", 0.3), ("end", 0.4))
    }
    counts = {"lost": 3, "let_go": 1, "memories_borrowed": 0, "memories_invented": 0}
    ends = {"integrity": 0.5, "despair": 0.2, "integrity_status": "non-exploring"}
    styles = {"style": "none", "style_first": "none"}
    return {**plain, **stages, **steps, **counts, **ends, **styles, **known}


def people():
    kathy = inner(
        stage_8=4.2, integrity=0.8, integrity_status="integrated", awareness_call=0.6,
        awareness_end=0.9, crisis_age=20.5, style="reminiscer", style_first="reminiscer",
        applied=1988.0, refused=1988.0, truth=1973.0, house=3, couple=2, first_couple=2,
    )  # fmt: skip
    tommy = inner(truth=1973.0, house=3, couple=1, first_couple=1)
    return table(
        "people",
        clone(1, "Kathy H.", "O", 1960.5, ended=1992.5, donations=1, **kathy),
        clone(2, "Tommy D.", "A", 1961.0, ended=1990.0, donations=1, **tommy),
    )


def life(person, other, born, ended, *more):
    school = LOSSES.index("school")
    return [
        event(person, born, Event.BORN),
        event(person, born + 16, Event.LOST_SOMETHING, detail=school),
        event(person, born + 17, Event.LOST_SOMETHING, detail=2),
        event(person, born + 18, Event.LET_GO, detail=school),
        event(person, 1987.0, Event.BECAME_COUPLE, other=other),
        event(person, ended, Event.DIED, detail=COMPLETED),
    ]


def tables():
    events = [*life(1, 2, 1960.5, 1992.5), *life(2, 1, 1961.0, 1990.0)]
    years = [
        {"kind": "clone", "year": year, "world": "simulated", "died": 1} for year in (1990, 1992)
    ]
    return {
        "people": people(),
        "events": table("events", *events),
        "years": table("years", *years),
    }


def write(folder, given, *, log="full", parameters=()):
    with RunWriter(folder) as writer:
        for name, frame in given.items():
            writer.write_table(name, frame.to_dict(), part=0 if name == "events" else None)
        said = {"world": "alone", "parameters": list(parameters)}
        writer.write_text("dictionary.json", json.dumps(said))
        writer.finish(manifest(log=log))
    return open_run(folder)


def broken(run):
    return {violation.law for violation in check_laws(run)}


#: For each law, runs that break it: which table, and how it is changed.
BREAKS = [
    ("nobody_lets_go_of_more_than_was_lost", "people", changed(KATHY, let_go=3)),
    ("nobody_lets_go_of_more_than_was_lost", "people", changed(KATHY, let_go=-1)),
    ("no_deferral_is_granted", "people", changed(KATHY, refused=None)),
    ("no_deferral_is_granted", "people", changed(KATHY, refused=1987.5)),
    ("knowing_and_feeling_never_fall", "people", changed(TOMMY, awareness_19=0.05)),
    ("knowing_and_feeling_never_fall", "people", changed(TOMMY, knowledge_end=0.25)),
    ("who_felt_it_at_the_end_first_felt_it_once", "people", changed(KATHY, crisis_age=None)),
    ("who_felt_it_at_the_end_first_felt_it_once", "people", changed(TOMMY, crisis_age=20.0)),
    ("who_felt_it_at_the_end_first_felt_it_once", "people", changed(KATHY, crisis_age=32.5)),
    ("nobody_prepares_for_what_was_never_felt", "people", changed(TOMMY, style="dutiful")),
    ("stages_lie_between_1_and_5", "people", changed(TOMMY, stage_3=5.1)),
    ("stages_lie_between_1_and_5", "people", changed(TOMMY, stage_8=3.5)),
    (
        "the_ending_is_that_of_integrity_and_despair",
        "people",
        changed(TOMMY, integrity_status="despairing"),
    ),
    ("the_truth_is_told_once_in_a_house", "people", changed(TOMMY, truth=1974.0)),
    ("couples_are_of_two", "events", changed(events_of(1, Event.BECAME_COUPLE), time=1987.5)),
    ("couples_are_of_two", "events", changed(events_of(1, Event.BECAME_COUPLE), other=3)),
    ("the_log_counts_what_was_lost_and_let_go", "people", changed(TOMMY, lost=4)),
    (
        "the_log_counts_what_was_lost_and_let_go",
        "events",
        changed(events_of(2, Event.LET_GO), event=int(Event.REMEMBERED)),
    ),
]


def test_two_inner_lives_obey_every_law(tmp_path):
    assert check_laws(write(tmp_path / "run", tables())) == []


@pytest.mark.parametrize(("law", "where", "change"), BREAKS)
def test_a_run_that_breaks_a_law_is_caught(tmp_path, law, where, change):
    given = tables()
    given[where] = change(given[where])

    assert law in broken(write(tmp_path / "run", given))


def test_every_law_of_inner_lives_has_a_run_that_breaks_it_and_is_asked_of_every_run():
    assert {law for law, _, _ in BREAKS} == {law.__name__ for law in INNER_LAWS}
    assert set(INNER_LAWS) < set(LAWS)


def test_a_log_of_turning_points_is_not_asked_for_small_losses(tmp_path):
    given = tables()
    given["events"] = given["events"].filter(~events_of(2, Event.LET_GO))

    assert broken(write(tmp_path / "full", given)) == {"the_log_counts_what_was_lost_and_let_go"}
    assert broken(write(tmp_path / "turning", given, log="turning")) == set()


def test_an_intervention_may_tell_the_truth_on_many_days(tmp_path):
    given = tables()
    given["people"] = changed(TOMMY, truth=1974.0)(given["people"])
    at_12 = {"key": "development.interventions.truth_at", "value": 12.0}

    assert broken(write(tmp_path / "plain", given)) == {"the_truth_is_told_once_in_a_house"}
    assert broken(write(tmp_path / "told", given, parameters=[at_12])) == set()


def test_patients_who_are_nobody_of_the_run_weigh_on_no_caseload(tmp_path):
    given = tables()
    lost = table("events", event(1, 1985.0, Event.LOST_PATIENT))
    given["events"] = pl.concat([given["events"][:4], lost, given["events"][4:]])

    assert check_laws(write(tmp_path / "run", given)) == []


def test_what_may_be_empty_alone_may_not_be_empty_in_an_england(tmp_path):
    six = small_run.tables()
    six["people"] = changed(pl.col("person") == 101, untreated_end=None)(six["people"])

    assert "nulls_stand_where_the_schema_says" in broken(small_run.write(tmp_path, six))
    column = next(each for each in schema.PEOPLE.columns if each.name == "untreated_end")
    assert schema.may_be_null(column, is_alone=True)
    assert not schema.may_be_null(column, is_alone=False)
