"""Derive two tables of the recorded world from the official ones beside them.

Run from the root of a checkout as ``python -m scripts.derive_tables``. It
reads the official files in ``src/hailsham/world/tables``, writes
``cause_rates.csv`` and ``migration.csv`` there, and prints how well they fit.
The same official files give the same bytes.
"""

import argparse
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

from hailsham.world.recorded import BANDS, CAUSES, SEXES, TABLES, YEARS, IntArray
from scripts.derive.fitness import summarise
from scripts.derive.migration import read_flows, round_flows, settle_migration
from scripts.derive.projection import project, read_official
from scripts.derive.raking import derive_cause_rates

ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0 "
    "(Office for National Statistics)."
)
CAUSE_HEADER = (
    "DERIVED by scripts/derive_tables.py; own work, not official.",
    ATTRIBUTION,
    "Death rates by cause, England and Wales. Unit: deaths per 10^9 person-years.",
    "1958-67 and 1979-84 are observed. Other years: the nearest full table raked to that year's "
    "deaths by cause in six broad ages and deaths of all causes by five-year age.",
    "1947-49 carry back the shares of 1950. Breaks in coding are those of the official tables.",
)
FLOW_HEADER = (
    "DERIVED by scripts/derive_tables.py; own work, not official.",
    ATTRIBUTION,
    "Net migration, England and Wales, as the least that turns recorded births and deaths into "
    "recorded people. Unit: leaving, per 10^9 person-years; entrants, persons a year.",
    "It also holds the return from the forces, revisions of the estimates, and what comes of "
    "spreading the people of 1947 evenly over each band of age. No count of travellers.",
)


def write_table(
    path: Path,
    table: IntArray,
    *,
    header: Sequence[str],
    keys: Sequence[tuple[str, Iterable[object]]],
    columns: Sequence[str],
) -> None:
    """Write one derived table.

    Args:
        path: Where to.
        table: Whole numbers, one axis a key and the last for the columns.
        header: Lines that say what it is.
        keys: Name and values of each leading column.
        columns: Names of the columns of numbers.
    """
    names = [name for name, _ in keys]
    lines = [f"# {line}" for line in header]
    lines.append(",".join([*names, *columns]))
    rows = table.reshape(-1, len(columns)).tolist()
    for key, row in zip(itertools.product(*(values for _, values in keys)), rows, strict=True):
        lines.append(",".join(map(str, [*key, *row])))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def derive_tables(folder: Path) -> list[str]:
    """Derive both tables, and write them.

    Args:
        folder: Where to.

    Returns:
        Lines that tell how well they fit.
    """
    years_and_sexes = [("year", YEARS), ("sex", SEXES)]
    write_table(
        folder / "cause_rates.csv",
        derive_cause_rates(),
        header=CAUSE_HEADER,
        keys=[*years_and_sexes, ("age", BANDS)],
        columns=CAUSES,
    )
    official = read_official()
    rounded = round_flows(settle_migration(official))
    write_table(
        folder / "migration.csv",
        rounded,
        header=FLOW_HEADER,
        keys=[*years_and_sexes, ("flow", ("leaving", "entrants"))],
        columns=BANDS,
    )
    flows = read_flows(rounded)
    return list(summarise(official, flows, project(official, flows)))


def main() -> None:
    """Derive the tables from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=TABLES, help="folder to write to")
    for line in derive_tables(parser.parse_args().into):
        print(line)


if __name__ == "__main__":
    main()
