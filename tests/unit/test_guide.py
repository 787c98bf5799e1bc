"""The examples of the guide run, and print what the guide says they print."""

import contextlib
import io
import linecache
import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
# An example, and right below it what it prints.
EXAMPLE = re.compile(
    r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL
)


def examples(page):
    """Each example of a page with what it prints, or None where the page does not say."""
    return [match.groups() for match in EXAMPLE.finditer(page)]


def run_examples(page, name):
    """Run the examples of a page one after the other, as a reader would."""
    names = {"__name__": name}
    for number, (code, printed) in enumerate(examples(page), start=1):
        said, place = io.StringIO(), f"{name}, example {number}"
        # Functions of a model are read from their source, as a notebook keeps it.
        linecache.cache[place] = (len(code), None, code.splitlines(keepends=True), place)
        with contextlib.redirect_stdout(said):
            exec(compile(code, place, "exec"), names)  # noqa: S102
        if printed is not None:
            assert said.getvalue() == printed, place


PAGES = [path for path in sorted(GUIDE.rglob("*.md")) if examples(path.read_text())]
ENGINE = sorted((GUIDE / "engine").glob("*.md"))


def test_some_pages_have_examples():
    assert "estimators.md" in [path.name for path in PAGES]


def begins_with_an_example(page):
    """Whether code comes before any words, but for a heading."""
    return bool(re.match(r"# .*\n\n```python\n", page))


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.name)
def test_a_page_of_the_engine_begins_with_an_example_and_is_listed(path):
    # Who comes from elsewhere is first shown what they know.
    page = path.read_text()

    assert path.name.startswith("from-") or begins_with_an_example(page)
    assert path.name == "README.md" or f"({path.name})" in (path.parent / "README.md").read_text()
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (path.parent / link).exists(), link


def test_a_page_that_begins_with_words_is_caught():
    assert begins_with_an_example("# A\n\n```python\nx = 1\n```\n\nWords.\n")
    assert not begins_with_an_example("# A\n\nWords.\n\n```python\nx = 1\n```\n")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_examples_of_a_page_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_examples(path.read_text(), path.name)


def test_an_example_that_fails_or_prints_something_else_is_caught():
    page = "```python\nx = 2\n```\n\n```python\nprint(x)\n```\n\n```text\n2\n```\n"

    assert len(examples(page)) == 2
    run_examples(page, "sound")
    with pytest.raises(AssertionError, match="changed, example 2"):
        run_examples(page.replace("x = 2", "x = 3"), "changed")
    with pytest.raises(NameError):
        run_examples(page.replace("x = 2", "y = 2"), "broken")
