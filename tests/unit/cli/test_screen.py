"""The answer goes to standard output, everything else beside it."""

import json

import pytest

from hailsham.cli.screen import answer_json, note, table_lines, watching


def test_a_table_puts_numbers_to_the_right_and_words_to_the_left():
    rows = [("heart", 12, None), ("bone", 3, 0.25)]

    assert table_lines(("organ", "n", "share"), rows=rows) == [
        "organ   n  share",
        "-----  --  -----",
        "heart  12",
        "bone    3   0.25",
    ]


def test_a_table_wider_than_wanted_is_folded_under_its_first_column():
    rows = [("heart", 12, 0.5), ("bone", 3, 0.25)]

    assert table_lines(("organ", "n", "share"), rows=rows, width=10) == [
        "organ   n",
        "-----  --",
        "heart  12",
        "bone    3",
        "",
        "organ  share",
        "-----  -----",
        "heart    0.5",
        "bone    0.25",
    ]
    assert len(table_lines(("organ", "n", "share"), rows=rows, width=16)) == 4


def test_a_table_without_rows_is_its_head():
    assert table_lines(("a", "bc"), rows=[]) == ["a  bc", "-  --"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1967.25, "1967.25"), (0.0, "0"), (1e-7, "1e-07"), (True, "true"), (float("nan"), "nan")],
)
def test_numbers_are_short_and_never_rounded_to_nothing(value, text):
    assert table_lines(("x",), rows=[(value,)])[2].strip() == text


def test_json_has_null_for_what_is_no_number(capsys):
    answer_json({"a": [float("inf"), 1.5], "b": (float("nan"),)})

    assert json.loads(capsys.readouterr().out) == {"a": [None, 1.5], "b": [None]}


def test_a_note_is_not_an_answer(capsys):
    note("by the way")

    assert capsys.readouterr() == ("", "by the way\n")


def test_progress_without_a_terminal_is_one_line_a_stage(capsys):
    with watching(is_quiet=False) as observe:
        for share in (0.0, 0.5, 1.0):
            observe("alone", share)
        observe("together", 0.0)

    assert capsys.readouterr() == ("", "alone ...\ntogether ...\n")


def test_progress_on_a_terminal_leaves_no_trace_on_the_answer(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with watching(is_quiet=False) as observe:
        observe("alone", 0.5)
        observe("alone", 1.0)

    assert capsys.readouterr().out == ""


def test_quiet_means_nothing_is_watched():
    with watching(is_quiet=True) as observe:
        assert observe is None
