"""Questions about questions: what ships, what is sound, what a code means."""

import json
import re
from pathlib import Path

import pytest

from hailsham.cli import asking
from hailsham.errors import CODES
from hailsham.scenario import shipped

PAGES = Path(__file__).parents[3] / "docs" / "errors"
CASES = Path(__file__).parents[2] / "cases"


def test_scenarios_are_listed_one_a_line(ask):
    answer = ask("scenarios")

    assert [line.split()[0] for line in answer.stdout.splitlines()] == list(shipped())
    assert json.loads(ask("scenarios", "--json").stdout) == shipped()


def test_a_sound_scenario_is_called_sound_with_what_it_rests_on(ask):
    answer = ask("check", "few-carers")

    assert answer.exit_code == 0
    assert "sound" in answer.stdout
    assert re.search(r"\d+ numbers stand at their defaults; \d+ of them rest", answer.stdout)
    assert re.search(r"regimes\.programme\.carers\.caseload +2 +3 +donors", answer.stdout)


def test_no_line_on_the_screen_is_too_long(ask, tmp_path):
    (tmp_path / "mine.toml").write_text("[regimes.programme.cariers]\n[list]\nage_limit = 500\n")
    told = [ask("check", "few-carers").stdout, ask("check", "mine.toml").stderr]

    assert all(len(line) <= 78 for text in told for line in text.splitlines())


def test_a_sound_scenario_is_called_sound_for_a_program(ask):
    told = json.loads(ask("check", "few-carers", "--json").stdout)

    assert told["sound"] is True
    assert [row["value"] for row in told["changed"]] == [2, 0.2]
    assert 0 < told["on_memory_or_assumption"] <= told["defaults"]


def test_every_fault_is_told_at_once_and_in_the_order_of_the_file(ask, tmp_path):
    (tmp_path / "mine.toml").write_text('[list]\nage_limt = 3\nrule = "by_lot"\n')
    answer = ask("check", "mine.toml", "--set", "x")

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert re.findall(r"^HS\d{3}", answer.stderr, re.MULTILINE) == ["HS107", "HS101", "HS111"]
    assert "mine.toml:2  list.age_limt" in answer.stderr


def test_of_thousands_of_faults_twenty_are_told_and_the_rest_counted(ask, tmp_path):
    keys = [f"key_{number} = {number}" for number in range(5_000)]
    (tmp_path / "mine.toml").write_text("[list]\n" + "\n".join(keys))
    answer = ask("check", "mine.toml")

    assert re.findall(r"mine\.toml:(\d+)", answer.stderr) == [str(line) for line in range(2, 22)]
    assert "... and 4,980 more faults." in answer.stderr
    (tmp_path / "mine.toml").write_text("[list]\n" + "\n".join(keys[:20]))
    assert "more fault" not in ask("check", "mine.toml").stderr


def test_an_empty_word_is_no_scenario(ask):
    for words in (["check", ""], ["run", ""]):
        answer = ask(*words)
        assert answer.exit_code == 2
        assert answer.stderr.startswith("HS105")
        assert "the word is empty" in answer.stderr


def test_faults_are_told_for_a_program(ask):
    answer = ask("check", "few-carers", "--set", "list.rule=by_lot", "--json")
    told = json.loads(answer.stdout)

    assert answer.exit_code == 2
    assert answer.stderr == ""
    assert told["sound"] is False
    assert [fault["code"] for fault in told["faults"]] == ["HS111"]


@pytest.mark.parametrize("case", sorted((CASES / "invalid").glob("*.toml")), ids=lambda p: p.stem)
def test_no_faulty_file_ends_in_a_traceback(ask, case):
    answer = ask("check", str(case))

    assert answer.exit_code == 2
    assert answer.stderr.startswith(case.name[:5])
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained_by_its_page(ask, code):
    answer = ask("explain", code.lower())

    assert answer.exit_code == 0
    assert answer.stdout == (PAGES / f"{code}.md").read_text(encoding="utf-8")


def test_an_installed_package_has_its_pages_inside(tmp_path, monkeypatch):
    (tmp_path / "HS101.md").write_text("# from the wheel\n")
    monkeypatch.setattr(asking, "_PAGES", (tmp_path, PAGES))

    assert asking.page_of("HS101") == "# from the wheel\n"
    assert asking.page_of("HS102") == (PAGES / "HS102.md").read_text(encoding="utf-8")


def test_without_a_code_all_are_listed(ask):
    assert [line[:5] for line in ask("explain").stdout.splitlines()] == list(CODES)


def test_an_unknown_code_gets_the_known_ones(ask):
    answer = ask("explain", "HS2O3")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS209")
    assert "did you mean 'HS203'?" in answer.stderr


def test_the_shell_is_told_what_may_follow():
    assert asking.complete_scenario("few") == ["few-carers"]
    assert asking.complete_code("hs3") == ["HS301", "HS302"]
