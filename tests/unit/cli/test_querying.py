"""SQL reads the tables of a run, and can do nothing else."""

import csv
import io
import json
import time

import pytest

from hailsham.cli.querying import query
from hailsham.errors import RunFolderError
from hailsham.lives.codes import Event, Risk
from hailsham.lives.schema import TABLES
from hailsham.lives.store import open_run


@pytest.fixture
def run(folder):
    return open_run(folder)


def refused(run, sql):
    with pytest.raises(RunFolderError) as caught:
        query(run, sql=sql)
    assert caught.value.codes == ("HS206",)
    return caught.value.faults[0]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_there_under_its_name(run, name):
    rows = query(run, sql=f"FROM {name}")

    assert rows.columns == TABLES[name].names()
    assert len(rows.rows) == 3


def test_codes_have_their_names_beside_them(run):
    sql = "SELECT name FROM {0}_names ORDER BY {0}"
    events = query(run, sql=sql.format("event")).rows
    risks = query(run, sql=sql.format("risk")).rows

    assert [name for (name,) in events] == [event.name.lower() for event in Event]
    assert [name for (name,) in risks] == [risk.name.lower() for risk in Risk]
    joined = "SELECT count(*) FROM events JOIN event_names USING (event) WHERE label LIKE '%born%'"
    assert query(run, sql=joined).rows == ((3,),)


@pytest.mark.parametrize(
    "sql", ["WITH a AS (SELECT 1) FROM a", "DESCRIBE people", "SHOW TABLES", "SUMMARIZE organs"]
)
def test_questions_of_other_forms_are_taken(run, sql):
    assert query(run, sql=sql).rows


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW people",
        "CREATE TABLE x (a INT)",
        "INSERT INTO event_names VALUES (99, 'a', 'b')",
        "SET threads = 1",
        "PRAGMA version",
        "INSTALL httpfs",
        "ATTACH 'other.db'",
        "COPY people TO 'out.csv'",
        "EXPLAIN ANALYZE COPY people TO 'out.csv'",
        "SELECT 1; SELECT 2",
    ],
)
def test_what_is_no_single_question_is_refused(run, sql, tmp_path):
    assert refused(run, sql).what == "Only one question is taken, and nothing else."
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("sql", ["", "  ", ";", "-- nothing"])
def test_an_empty_question_is_said_to_be_none(run, sql):
    assert refused(run, sql).what == "No question was put."


ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b"


def test_a_question_that_takes_too_long_is_stopped(ask, folder):
    began = time.perf_counter()
    answer = ask("query", "last", ENDLESS, "--seconds", "0.5")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS206")
    assert "longer than 0.5 seconds" in answer.stderr
    assert time.perf_counter() - began < 20


def test_a_question_that_is_answered_in_time_is_answered(run):
    # The twin: it is the time that stops a question, not that there is a limit.
    assert query(run, sql="SELECT 1", seconds=60.0).rows == ((1,),)


def test_no_other_file_can_be_read(run, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")

    assert "Cannot access file" in refused(run, "FROM read_text('secret.txt')").what
    assert "Cannot access file" in refused(run, "FROM glob('*')").what


def test_an_unknown_table_gets_the_known_ones(run):
    fault = refused(run, "SELECT * FROM peopel")

    assert set(TABLES) | {"event_names", "risk_names"} == set(fault.known)
    assert "did you mean 'people'?" in str(fault)


def test_an_unknown_column_gets_those_of_the_tables_that_were_asked(run):
    fault = refused(run, "SELECT bron FROM people")

    assert set(fault.known) == set(TABLES["people"].names())
    assert "did you mean 'born'?" in str(fault)


def test_each_known_column_is_named_once(run):
    told = str(refused(run, "SELECT p.bron FROM people p JOIN people q USING (person)"))

    assert told.count("caseload_mean") == 1
    assert "did you mean 'born'?" in told


def test_a_fault_of_grammar_is_told_in_a_line(run):
    assert "\n" not in refused(run, "SELEC 1").what


def test_columns_of_one_name_are_told_apart(run):
    assert query(run, sql="SELECT 1 AS a, 2 AS a, 3 AS a").columns == ("a", "a:1", "a:2")


def test_an_altered_table_is_not_read(folder):
    path = folder / "people.parquet"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)

    with pytest.raises(RunFolderError) as caught:
        query(open_run(folder), sql="SELECT 1")
    assert caught.value.codes == ("HS203",)


def test_more_rows_than_wanted_are_cut_and_said_to_be(run):
    assert query(run, sql="FROM people", limit=2).is_cut
    assert len(query(run, sql="FROM people", limit=2).rows) == 2
    assert not query(run, sql="FROM people", limit=3).is_cut


def test_the_answer_comes_as_a_table_as_json_and_as_csv(ask, folder):
    sql = "SELECT person, sex, born, 0.1::DOUBLE / 0 AS odd FROM people ORDER BY person"
    shown = ask("query", "last", sql)
    as_json = json.loads(ask("query", "last", sql, "--json").stdout)
    as_csv = list(csv.reader(io.StringIO(ask("query", "last", sql, "--csv").stdout)))

    assert shown.stdout.splitlines()[2].split()[:3] == ["0", "female", "1950.5"]
    assert as_json[1] == {"person": 1, "sex": "male", "born": 1950.5, "odd": None}
    assert as_csv[0] == ["person", "sex", "born", "odd"]
    assert as_csv[2][:3] == ["1", "male", "1950.5"]
    assert len(as_json) == len(as_csv) - 1 == 3


def test_the_screen_says_when_it_is_cut_and_a_program_gets_all(ask, folder):
    sql = "SELECT * FROM range(50)"
    shown = ask("query", "aabb", sql)

    assert len(shown.stdout.splitlines()) == 42
    assert "--limit shows more" in shown.stderr
    assert len(json.loads(ask("query", "aabb", sql, "--json").stdout)) == 50
    assert len(ask("query", "aabb", sql, "--limit", "50").stdout.splitlines()) == 52


def test_json_and_csv_at_once_are_refused(ask, folder):
    assert ask("query", "last", "SELECT 1", "--json", "--csv").exit_code == 2
