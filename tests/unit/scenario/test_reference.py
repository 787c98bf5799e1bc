"""The reference of the scenario file is what the declarations say."""

import tomllib
from pathlib import Path

from hailsham.scenario import resolve
from hailsham.scenario.document import all_keys
from hailsham.scenario.reference import describe

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "scenario-file.md"
WRITE = "python -m hailsham.scenario.reference docs/reference/scenario-file.md"


def test_the_page_is_what_the_declarations_say():
    assert PAGE.read_text(encoding="utf-8") == describe(), f"write it anew: {WRITE}"


def test_a_page_with_another_number_would_be_noticed():
    assert PAGE.read_text(encoding="utf-8").replace("`0.4`", "`0.5`", 1) != describe()


def test_the_page_names_every_key():
    rows = [line for line in describe().splitlines() if line.startswith("| `")]

    # Title, base and reading stand above the tables, in a list.
    assert len(rows) == len(all_keys()) - 2


def test_the_example_on_the_page_is_sound(tmp_path):
    example = describe().partition("```toml\n")[2].partition("```")[0]
    path = tmp_path / "my-england.toml"
    path.write_text(example)

    assert resolve(str(path)).title == tomllib.loads(example)["title"]
