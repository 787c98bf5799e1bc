"""Commands that read a finished run: `show`, `report`, `life`, `query`."""

from __future__ import annotations

import csv
import sys
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from hailsham.cli.asking import AsJson
from hailsham.cli.finding import LAST, locate_run
from hailsham.cli.screen import answer, answer_json, note, screen_width, table_lines, wrapped
from hailsham.errors import AskerError, Fault

if TYPE_CHECKING:
    from hailsham.cli.querying import Rows
    from hailsham.lives.store import StoredRun
    from hailsham.telling.tables import Table

#: Rows of an answer that are shown on the screen if nobody says otherwise.
_ROWS_ON_SCREEN = 40
#: Seconds after which a question is stopped if nobody says otherwise.
_PATIENCE = 60.0
_NOTHING_TOLD = "No life was told."


def complete_run(begun: str) -> list[str]:
    """Return the runs whose names begin so, for the shell."""
    from hailsham.cli.finding import RUNS
    from hailsham.lives.store import list_runs

    names = [LAST, *(run.path.name for run in list_runs(RUNS))]
    return [name for name in names if name.startswith(begun)]


Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run's folder, its name, the beginning of its id, its scenario, or 'last'.",
        autocompletion=complete_run,
    ),
]
Limit = Annotated[int | None, typer.Option(min=0, help="Most rows to show.")]


def show(
    run: Run,
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="Show this table; 'all' shows every one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what happened in a run, or its main tables."""
    from hailsham.telling.tables import MAIN_TABLES, summarise, tabulate

    stored = _open(run)
    if table is None:
        summary = summarise(stored)
        if as_json:
            answer_json(summary.as_dict())
        else:
            answer(summary.lines())
            note("\n" + wrapped(f"Tables, for --table: {', '.join(MAIN_TABLES)}; or all."))
        return
    if table not in (*MAIN_TABLES, "all"):
        what, known = f"There is no table {table!r}.", (*MAIN_TABLES, "all")
        fault = Fault("HS111", f"show --table {table}", what, known, table)
        raise AskerError([fault], closing="Nothing was shown.")
    tables = [tabulate(stored, name) for name in (MAIN_TABLES if table == "all" else (table,))]
    if as_json:
        shown = [each.as_dict() for each in tables]
        answer_json(shown if table == "all" else shown[0])
    else:
        answer("\n\n".join(_table_text(each) for each in tables))


def report(
    run: Run,
    is_opened: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the page that tells a run, and say where it is."""
    from hailsham.telling.report import write_report

    page = write_report(_open(run))
    answer(str(page))
    if is_opened:
        webbrowser.open(page.resolve().as_uri())


def life(
    run: Run,
    person: Annotated[
        int | None, typer.Argument(metavar="ID", help="Address of the person.")
    ] = None,
    is_random: Annotated[bool, typer.Option("--random", help="Any life, by the seed.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Which one, of those that fit.")] = 1,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Which lives fit, over the table people.")
    ] = None,
    replicate: Annotated[
        int | None, typer.Option(min=0, help="Which repetition of the run, from 0.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell one life in plain sentences."""
    from hailsham.telling.biography import choose_one, tell

    if person is not None and (is_random or where is not None):
        chosen = "--random" if is_random else "--where"
        what = "A life is named by its ID, or chosen; both at once it cannot be."
        raise AskerError([Fault("HS110", f"life {person} {chosen}", what)], closing=_NOTHING_TOLD)
    if where is not None and not where.strip():
        what, remedy = "The condition is empty.", "For any life, leave it out."
        raise AskerError(
            [Fault("HS206", "life --where", what, remedy=remedy)], closing=_NOTHING_TOLD
        )
    stored = _open(run)
    if person is None:
        replicate, person = choose_one(stored, seed=seed, where=where, replicate=replicate)
    told = tell(stored, person, replicate=replicate)
    if as_json:
        answer_json(told.as_dict())
    else:
        answer(told.as_text())


def query(
    run: Run,
    sql: Annotated[str, typer.Argument(metavar="SELECT...", help="One question in SQL.")],
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer as comma-separated text.")] = False,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="Stop a question that takes longer.")
    ] = _PATIENCE,
) -> None:
    """Ask the tables of a run in SQL.

    Its tables are people, events, organs, turns, years, account and expectancy,
    and of the Programme alone ages and beside;
    event_names and risk_names say what the codes mean.
    """
    from hailsham.cli.querying import query

    if as_json and as_csv:
        fault = Fault("HS110", "query --json --csv", "The answer has one form.", remedy="Say one.")
        raise AskerError([fault], closing="Nothing was answered.")
    most = limit if as_json or as_csv or limit is not None else _ROWS_ON_SCREEN
    rows = query(_open(run), sql=sql, limit=most, seconds=seconds)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([rows.columns, *rows.rows])
    else:
        _answer_rows(rows, as_json=as_json)


def _table_text(table: Table) -> str:
    """Return a table under its title; a unit that all columns share is said there, once."""
    units = {unit for _, unit in table.columns if unit}
    if len(units) == 1:
        heads, title = [name for name, _ in table.columns], f"{table.title} [{units.pop()}]"
    else:
        heads = [f"{name} [{unit}]" if unit else name for name, unit in table.columns]
        title = table.title
    lines = table_lines(heads, rows=table.rows, width=screen_width())
    return "\n".join([wrapped(title), "", *lines])


def _open(run: str) -> StoredRun:
    from hailsham.lives.store import open_run

    return open_run(locate_run(run))


def _answer_rows(rows: Rows, *, as_json: bool) -> None:
    if as_json:
        answer_json(rows.as_dicts())
    else:
        answer(table_lines(rows.columns, rows=rows.rows, width=screen_width()))
    if rows.is_cut:
        note(f"The first {len(rows.rows)} rows; --limit shows more.")
