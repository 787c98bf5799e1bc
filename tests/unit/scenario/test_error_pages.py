"""The example on the page of a code raises that code."""

import re
from pathlib import Path

import pytest

from hailsham.errors import CODES, ScenarioError
from hailsham.scenario import resolve

PAGES = Path(__file__).parents[3] / "docs" / "errors"
HEADINGS = ["## An example", "## What to do"]


def example(page, language):
    match = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return match[1] if match else None


def read(code):
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def raised(text, folder, code):
    path = folder / f"{code}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        resolve(str(path))
    return set(caught.value.codes)


WITH_TOML = [code for code in CODES if example(read(code), "toml")]


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_what_it_means_shows_it_and_says_what_to_do(code):
    page = read(code)

    assert page.startswith(f"# {code}: {CODES[code]}\n")
    assert [line for line in page.splitlines() if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("code", WITH_TOML)
def test_the_scenario_on_the_page_raises_its_code(code, tmp_path):
    assert raised(example(read(code), "toml"), tmp_path, code) == {code}


def test_every_fault_of_a_scenario_file_has_its_scenario():
    assert set(WITH_TOML) == {code for code in CODES if code.startswith("HS1")} - {"HS107"}


def test_another_fault_than_the_page_says_is_noticed(tmp_path):
    assert raised(example(read("HS103"), "toml"), tmp_path, "HS101") != {"HS101"}
