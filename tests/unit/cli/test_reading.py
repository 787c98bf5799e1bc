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
    monkeypatch.setattr(biography, "tell", lambda _run, person: Told(f"life {person}"))
    monkeypatch.setattr(
        biography,
        "choose_life",
        lambda _run, *, seed, where: 1000 * seed + (1 if where else 0),
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
        (["7"], "life 7"),
        (["--random"], "life 1000"),
        ([], "life 1000"),
        (["--random", "--seed", "3"], "life 3000"),
        (["--where", "kind = 'clone'", "--seed", "2"], "life 2001"),
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


@pytest.mark.parametrize("words", [["show"], ["report"], ["life"], ["query"]])
def test_a_run_that_is_not_there_is_the_askers_mistake(ask, words):
    answer = ask(*words, "nowhere", *(["SELECT 1"] if words == ["query"] else []))

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS201")
