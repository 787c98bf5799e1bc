"""The reference page of the run folder says of every column what the schema says."""

import pytest

from hailsham.lives.schema import TABLES, Column, Table
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "run-folder.md"
#: The standing of a column in an England, and where the Programme stands alone.
STANDINGS = {
    ("simulated", "simulated"): "",
    ("simulated", "left out"): "alone: left out",
    ("stand-in", "simulated"): "stand-in; alone: simulated",
    ("later", "simulated"): "later; alone: simulated",
}


def row(column: Column) -> str:
    meaning = column.meaning
    if 0 < len(column.words) < 10:
        meaning += f" ({', '.join(column.words)})"
    cells = (f"`{column.name}`", column.type, column.unit, meaning, column.null)
    return f"| {' | '.join((*cells, STANDINGS[column.standing, column.alone]))} |"


def section(table: Table) -> str:
    """The section of a table as the page must have it."""
    lines = [
        f"### `{table.name}`",
        "",
        f"One row: {table.row}.",
        "",
        "| column | type | unit | meaning | null | standing |",
        "|---|---|---|---|---|---|",
        *map(row, table.columns),
        "",
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_each_table_as_the_schema_has_it(name):
    expected = section(TABLES[name])

    assert expected in PAGE.read_text(), f"the page must have:\n\n{expected}"


def test_the_page_shows_no_table_that_is_not_there():
    headings = [line for line in PAGE.read_text().splitlines() if line.startswith("### ")]

    assert headings == [f"### `{name}`" for name in TABLES]


def test_a_column_told_otherwise_would_be_caught():
    told = section(TABLES["events"]).replace("whose life", "whose death")

    assert told not in PAGE.read_text()
