"""The same question gives the same lives, to the last bit, on every machine and in every version.

If this fails and the change was meant: raise ``NUMBERS`` in
``world/england.py``, run `just golden`, look at what changed, and say why in a
news fragment of kind `numbers`.
"""

import difflib

import pytest

from tests.golden.courses import FOLDER, QUESTIONS, courses
from tests.laws.small_runs import stored

MOST_BYTES = 60_000


def golden(name):
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")


def changes(name):
    """Lines by which a run now differs from the golden one."""
    question, asked = QUESTIONS[name]
    lines = difflib.unified_diff(
        golden(name).splitlines(), courses(stored(question, **asked)).splitlines(), lineterm="", n=0
    )
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))][:20]


@pytest.mark.parametrize("name", QUESTIONS)
def test_lives_are_as_they_were(name):
    assert changes(name) == []


def test_another_life_would_be_noticed():
    question, asked = QUESTIONS["plain"]
    ours = courses(stored(question, **{**asked, "seed": 3}))

    assert ours != golden("plain")
    assert golden("other-luck") != golden("plain")


def test_a_change_in_the_last_bit_would_be_noticed(monkeypatch, tmp_path):
    text = golden("plain")
    row = next(line for line in text.splitlines() if ",called_up," in line)
    time = row.split(",")[2]
    last = str((int(time[-1]) + 1) % 10)
    (tmp_path / "plain.csv").write_text(text.replace(time, time[:-1] + last), encoding="utf-8")
    monkeypatch.setattr("tests.golden.test_golden.FOLDER", tmp_path)

    assert len(changes("plain")) >= 2


def test_every_golden_file_belongs_to_a_question_and_can_be_read_at_one_sitting():
    files = {path.stem: path.stat().st_size for path in FOLDER.glob("*.csv")}

    assert files.keys() == QUESTIONS.keys()
    assert max(files.values()) < MOST_BYTES
    assert min(files.values()) > 5_000


def test_golden_lives_tell_of_everything_that_can_happen():
    events = {line.split(",")[3] for name in QUESTIONS for line in golden(name).splitlines()[1:]}

    assert {"born", "left", "listed", "transplanted", "graft_failed", "removed"} <= events
    assert {"called_up", "given_carer", "lost_carer", "operated", "refused"} <= events
