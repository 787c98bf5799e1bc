"""The example on the page of a code raises that code."""

import re
from pathlib import Path

import pytest

from hailsham.errors import CODES, WIDTH, ScenarioError
from hailsham.scenario import resolve
from hailsham.scenario.document import all_keys
from hailsham.scenario.resolve import FEWEST_LIVES

PAGES = Path(__file__).parents[3] / "docs" / "errors"
#: These cannot be made in a file.
AT_THE_PROMPT = {"HS107", "HS112", "HS113", "HS114"}
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
    assert set(WITH_TOML) == {code for code in CODES if code.startswith("HS1")} - AT_THE_PROMPT


@pytest.mark.parametrize("code", CODES)
def test_a_page_fits_on_a_screen(code):
    assert [line for line in read(code).splitlines() if len(line) > WIDTH] == []


def test_the_fewest_lives_on_the_page_are_the_fewest_that_are_run():
    told = re.search(r"`--lives` wants at\s+least (\d+)", read("HS109"))

    assert told
    assert int(told[1]) == FEWEST_LIVES
    assert (
        resolve("few-carers", lives=FEWEST_LIVES).run.scale == all_keys()["run.scale"].meaning.high
    )
    with pytest.raises(ScenarioError, match=f"at least {FEWEST_LIVES} lives") as caught:
        resolve("few-carers", lives=FEWEST_LIVES - 1)
    assert caught.value.codes == ("HS109",)


def cited(folder):
    """Every code that a page or a module names."""
    paths = [*folder.glob("*.md"), *folder.glob("docs/**/*.md"), *folder.glob("src/**/*.py")]
    return {code for path in paths for code in re.findall(r"\bHS\d{3}\b", path.read_text("utf-8"))}


def test_no_page_names_a_code_that_is_not_there():
    # HS999 stands for a wrong one on the page of HS209.
    assert cited(PAGES.parents[1]) - {"HS999"} == set(CODES)


def test_a_code_that_is_not_there_would_be_noticed(tmp_path):
    (tmp_path / "README.md").write_text("As HS214 says, and HS101.")

    assert cited(tmp_path) == {"HS214", "HS101"}


def test_another_fault_than_the_page_says_is_noticed(tmp_path):
    assert raised(example(read("HS103"), "toml"), tmp_path, "HS101") != {"HS101"}
