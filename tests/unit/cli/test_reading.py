"""Commands that read a run hand it to whoever tells it, and write the answer.

Who tells has tests of its own; here it is a stand-in.
"""

import json
from dataclasses import dataclass

import pytest

import hailsham.telling.biography
import hailsham.telling.report
import hailsham.telling.tables


@dataclass
class Told:
    """What a stand-in tells of a run."""

    words: str

    def lines(self):
        return [self.words]

    def as_text(self):
        return self.words

    def as_dict(self):
        return {"words": self.words}


@dataclass
class Table(Told):
    """A table that a stand-in tells."""

    title: str = "A table"
    columns: tuple = (("organ", ""), ("n", "organs"))
    rows: tuple = (("heart", 3), ("liver", 12))


@pytest.fixture(autouse=True)
def telling(monkeypatch):
    tables, biography = hailsham.telling.tables, hailsham.telling.biography
    monkeypatch.setattr(tables, "summarise", lambda run: Told(f"run {run.manifest.id}"))
    monkeypatch.setattr(tables, "tabulate", lambda _run, name: Table(name))
    monkeypatch.setattr(tables, "MAIN_TABLES", ("one", "two"))
    monkeypatch.setattr(
        biography, "tell", lambda _run, person, *, replicate: Told(f"life {person} of {replicate}")
    )
    monkeypatch.setattr(
        biography,
        "choose_one",
        lambda _run, *, seed, where, replicate: (replicate or 0, 1000 * seed + bool(where)),
    )


def test_show_gives_the_summary_and_names_the_tables_beside_it(ask, folder):
    answer = ask("show", "last")

    assert answer.stdout == "run aabbccddeeff\n"
    assert "one, two" in answer.stderr
    assert json.loads(ask("show", "aabb", "--json").stdout) == {"words": "run aabbccddeeff"}


def test_show_gives_one_table_or_all(ask, folder):
    text = "A table [organs]\n\norgan   n\n-----  --\nheart   3\nliver  12\n"

    assert ask("show", "last", "--table", "one").stdout == text
    assert ask("show", "last", "--table", "all").stdout == f"{text}\n{text}"
    assert json.loads(ask("show", "last", "--table", "one", "--json").stdout) == {"words": "one"}
    assert len(json.loads(ask("show", "last", "--table", "all", "--json").stdout)) == 2


def test_units_that_differ_stand_beside_their_columns(ask, folder, monkeypatch):
    columns = (("organ", ""), ("n", "organs"), ("wait", "years"))
    table = Table("", columns=columns, rows=(("heart", 3, 0.5),))
    monkeypatch.setattr(hailsham.telling.tables, "tabulate", lambda _run, _name: table)

    head = ask("show", "last", "--table", "one").stdout.splitlines()[2]

    assert head == "organ  n [organs]  wait [years]"


def test_report_says_where_the_page_is_and_opens_it_only_if_asked(ask, folder, monkeypatch):
    opened = []
    page = folder / "report.html"
    monkeypatch.setattr(hailsham.telling.report, "write_report", lambda _run: page)
    monkeypatch.setattr("webbrowser.open", opened.append)

    assert ask("report", "last").stdout == f"{page}\n"
    assert opened == []
    ask("report", "last", "--open")
    assert opened == [page.as_uri()]


@pytest.mark.parametrize(
    ("words", "life"),
    [
        (["7"], "life 7 of None"),
        (["7", "--replicate", "2"], "life 7 of 2"),
        (["--random"], "life 1000 of 0"),
        ([], "life 1000 of 0"),
        (["--random", "--seed", "3"], "life 3000 of 0"),
        (["--where", "kind = 'clone'", "--seed", "2"], "life 2001 of 0"),
        (["--replicate", "4"], "life 1000 of 4"),
    ],
)
def test_life_tells_the_one_named_or_one_by_the_seed(ask, folder, words, life):
    assert ask("life", "last", *words).stdout == f"{life}\n"
    assert json.loads(ask("life", "last", *words, "--json").stdout) == {"words": life}


@pytest.mark.parametrize("words", [["--random"], ["--where", "true"]])
def test_a_life_is_named_or_chosen_but_not_both(ask, folder, words):
    answer = ask("life", "last", "7", *words)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("HS110")


@pytest.mark.parametrize("where", ["", "  "])
def test_an_empty_condition_is_no_condition(ask, folder, where):
    answer = ask("life", "last", "--where", where)

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS206  life --where")


def test_a_table_that_is_not_made_is_refused_where_it_was_asked_for(ask, folder):
    answer = ask("show", "last", "--table", "nope")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS111  show --table nope\n       There is no table 'nope'.")
    assert "known: one, two, all" in answer.stderr


def test_a_wide_table_is_folded_to_the_screen(ask, folder, monkeypatch):
    columns = tuple((f"a long name of column {n}", "") for n in range(4))
    table = Table("Wide", columns=columns, rows=((1, 2, 3, 4),))
    monkeypatch.setattr(hailsham.telling.tables, "tabulate", lambda _run, _name: table)

    def longest(columns):
        monkeypatch.setenv("COLUMNS", columns)
        shown = ask("show", "last", "--table", "one").stdout
        assert all(name in shown for name, _ in table.columns)
        return max(map(len, shown.splitlines()))

    assert longest("60") <= 60 < longest("200")


@pytest.mark.parametrize("words", [["show"], ["report"], ["life"], ["query"]])
def test_a_run_that_is_not_there_is_the_askers_mistake(ask, words):
    answer = ask(*words, "nowhere", *(["SELECT 1"] if words == ["query"] else []))

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS201")
