"""The pages that the house promises are there, complete, and on their lists."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from hailsham.errors import CODES
from tests.house.tree import ROOT, plant

DECISIONS = ROOT / "docs" / "decisions"
ERRORS = ROOT / "docs" / "errors"
NEWS = ROOT / "news"
HEADINGS = (
    "## What we faced",
    "## What we chose",
    "## What it costs",
    "## What would change our mind",
)
KINDS = ("added", "changed", "fixed", "removed", "numbers")


def pages(folder: Path) -> list[Path]:
    """The pages of a folder, less the one that lists them."""
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def unfinished(folder: Path) -> list[str]:
    """Decision pages without a numbered name, or without the four headings in their order."""
    found = []
    for path in pages(folder):
        headings = tuple(line for line in path.read_text().splitlines() if line.startswith("## "))
        if headings != HEADINGS or not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name):
            found.append(path.name)
    numbers = [path.name[:4] for path in pages(folder)]
    return found + sorted({number for number in numbers if numbers.count(number) > 1})


def unlisted(folder: Path) -> set[str]:
    """Decision pages that are not on the list, and names on the list without a page."""
    page = (folder / "README.md").read_text()
    listed = re.findall(r"^- \[\d{4}\]\(([^)]+)\)", page, re.MULTILINE)
    twice = {name for name in listed if listed.count(name) > 1}
    return twice | set(listed) ^ {path.name for path in pages(folder)}


def unexplained(codes: Mapping[str, str], folder: Path) -> set[str]:
    """Fault codes without a page, and pages without a code."""
    return set(codes) ^ {path.stem for path in pages(folder)}


def misnamed(folder: Path) -> list[str]:
    """News fragments whose name does not say their number, their matter and their kind."""
    form = re.compile(rf"\d{{4}}-[a-z0-9-]+\.({'|'.join(KINDS)})\.md")
    return [path.name for path in pages(folder) if not form.fullmatch(path.name)]


def test_every_decision_says_its_four_things():
    assert unfinished(DECISIONS) == []


def test_every_decision_is_on_the_list():
    assert unlisted(DECISIONS) == set()


def test_every_fault_code_has_a_page_and_every_page_a_code():
    assert unexplained(CODES, ERRORS) == set()


def test_every_fault_code_has_one_form_and_says_something():
    assert [code for code in CODES if not re.fullmatch(r"HS\d{3}", code)] == []
    assert [code for code, words in CODES.items() if not words.strip()] == []


def test_every_news_fragment_says_its_kind():
    assert misnamed(NEWS) == []


def test_an_unfinished_decision_is_caught(tmp_path):
    whole = "# A\n\n" + "\n\nWords.\n\n".join(HEADINGS)
    plant(
        tmp_path,
        {
            "0001-sound.md": whole,
            "0002-half.md": whole.replace("## What it costs", ""),
            "0003-turned.md": "\n".join(reversed(HEADINGS)),
            "unnumbered.md": whole,
            "0001-twice.md": whole,
            "README.md": "# Decisions",
        },
    )

    assert unfinished(tmp_path) == ["0002-half.md", "0003-turned.md", "unnumbered.md", "0001"]


def test_a_decision_off_the_list_is_caught(tmp_path):
    plant(tmp_path, {"0001-a.md": "", "0002-b.md": ""})
    plant(tmp_path, {"README.md": "- [0001](0001-a.md) A.\n- [0003](0003-c.md) C.\n"})

    assert unlisted(tmp_path) == {"0002-b.md", "0003-c.md"}


def test_a_code_without_a_page_is_caught(tmp_path):
    plant(tmp_path, {"HS101.md": "", "HS999.md": "", "README.md": ""})

    assert unexplained({"HS101": "a", "HS102": "b"}, tmp_path) == {"HS102", "HS999"}


def test_a_misnamed_fragment_is_caught(tmp_path):
    plant(tmp_path, {"0001-a.added.md": "", "0002-b.md": "", "c.fixed.md": "", "README.md": ""})

    assert misnamed(tmp_path) == ["0002-b.md", "c.fixed.md"]


def unsourced(folders: Iterable[Path], *, bibliography: str) -> set[str]:
    """Keys that the code names as sources and the bibliography has not, and the other way round."""
    key = re.compile(r"\b[a-z]+(?:-[a-z]+)*(?:19|20)\d{2}[a-z]?\b")
    named: set[str] = set()
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for after in path.read_text().split("Source:")[1:]:
            named |= set(key.findall(after.split('"""')[0]))
    return named ^ set(re.findall(r"^@\w+\{([^,]+),", bibliography, re.MULTILINE))


def test_every_source_named_in_the_code_stands_in_the_bibliography():
    bibliography = (ROOT / "docs" / "sources.bib").read_text()
    assert unsourced((ROOT / "src", ROOT / "scripts"), bibliography=bibliography) == set()


def test_a_source_without_an_entry_is_noticed(tmp_path):
    plant(tmp_path, {"a.py": '"""Do.\n\nSource:\n    nobody1999, page 3.\n"""\n'})
    assert unsourced([tmp_path], bibliography="@book{somebody2000,\n}") == {
        "nobody1999",
        "somebody2000",
    }
