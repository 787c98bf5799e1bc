"""The page on hazards runs, and says what the tests found."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.unit.engine.test_arithmetic import WORST
from tests.unit.engine.test_families import FAMILIES

PAGE = Path(__file__).parents[3] / "docs" / "guide" / "hazards.md"
EXAMPLE = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def printed(code, names):
    """What an example prints, with the names of those before it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102  the page is ours
    return out.getvalue()


def wrong_examples(page):
    """Examples that print something else than the page says."""
    names = {}
    told = [(printed(code, names), text) for code, text in EXAMPLE.findall(page)]
    return [(ours, text) for ours, text in told if ours != text]


def rows(page):
    """First and last cell of every row of a table, without what surrounds a name or a number."""
    cells = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    return {row[0].strip(" `"): row[-1].strip(" *") for row in cells}


def test_the_page_begins_with_an_example_and_every_example_has_its_output():
    page = PAGE.read_text()

    assert page.split("\n", 2)[2].startswith("```python\n")
    assert len(EXAMPLE.findall(page)) == page.count("```python") >= 5


def test_every_example_prints_what_the_page_says():
    assert wrong_examples(PAGE.read_text()) == []


def test_an_output_that_is_wrong_is_caught():
    page = PAGE.read_text()
    (_, text), *_ = EXAMPLE.findall(page)

    assert len(wrong_examples(page.replace(text, text.replace("spends", "spent")))) == 1


@pytest.mark.parametrize("name", FAMILIES)
def test_the_error_of_every_family_is_the_one_that_the_tests_found(name):
    told = rows(PAGE.read_text())

    row = "the same, slope below 0" if name.endswith("falling") else name
    assert float(told[row]) == FAMILIES[name].worst


def test_the_errors_of_the_arithmetic_are_those_that_the_tests_found():
    told = rows(PAGE.read_text())

    assert {name: float(told[name]) for name in WORST} == WORST
