"""The command on the page of a code raises that code."""

import json
import re
import shlex
from pathlib import Path

import pytest

from hailsham.errors import CODES
from tests.unit.cli.stored import store_run

PAGES = Path(__file__).parents[3] / "docs" / "errors"
#: These can only be raised by writing a run, and their pages say so.
WITHOUT_COMMAND = {"HS207", "HS208", "HS301", "HS302"}


def command_of(code):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    match = re.search(r"^\$ hailsham (.*)$", page, re.MULTILINE)
    return match and shlex.split(match[1])


def spoil(folder):
    """Leave beside a sound run one of each kind that cannot be read."""
    runs = folder.parent
    unfinished = store_run(runs, run_id="00").rename(runs / "unfinished")
    (unfinished / "manifest.json").unlink()
    altered = store_run(runs, run_id="01").rename(runs / "altered")
    (altered / "people.parquet").write_bytes(b"")
    other = store_run(runs, run_id="02").rename(runs / "of-another-version")
    written = json.loads((other / "manifest.json").read_text())
    (other / "manifest.json").write_text(json.dumps(written | {"format": 0}))


WITH_COMMAND = [code for code in CODES if command_of(code)]


@pytest.mark.parametrize("code", WITH_COMMAND)
def test_the_command_on_the_page_raises_its_code(ask, folder, code):
    spoil(folder)
    answer = ask(*command_of(code))

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert re.findall(r"^HS\d{3}", answer.stderr, re.MULTILINE) == [code]


def with_example(language):
    return {code for code in CODES if f"```{language}" in (PAGES / f"{code}.md").read_text()}


def test_every_code_has_a_scenario_a_model_a_command_or_a_reason_why_not():
    shown = with_example("toml") | with_example("python") | set(WITH_COMMAND)

    assert set(CODES) == shown | WITHOUT_COMMAND
    assert WITHOUT_COMMAND.isdisjoint(WITH_COMMAND)


def test_a_sound_run_raises_nothing(ask, folder):
    # The twin: what the pages do to a run is what makes it fail.
    spoil(folder)

    assert ask("query", "last", "SELECT person FROM people").exit_code == 0
