"""Commands that run: `run`, `warm`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hailsham.cli.asking import AsJson, Question, Reading, Settings
from hailsham.cli.finding import RUNS
from hailsham.cli.screen import answer, answer_json, note, watching, wrapped
from hailsham.units import cache_folder

if TYPE_CHECKING:
    from hailsham.lives.store import StoredRun
    from hailsham.scenario import Resolved

_REPORT = "report.html"
_COMPILING = "Compiling the kernels, once: about half a minute."


def run(  # noqa: PLR0917, one argument an option
    scenario: Question = None,
    scale: Annotated[int | None, typer.Option(help="One person in how many. [500]")] = None,
    lives: Annotated[int | None, typer.Option(help="About how many lives, instead.")] = None,
    seed: Annotated[int | None, typer.Option(help="Which luck. [1]")] = None,
    years: Annotated[
        str | None, typer.Option(metavar="FIRST:STOP", help="Years reported. [1947:2000]")
    ] = None,
    sets: Settings = None,
    reading: Reading = None,
    replicates: Annotated[
        int | None, typer.Option(help="How often, each time with its own luck. [1]")
    ] = None,
    log: Annotated[
        str | None,
        typer.Option(metavar="none|turning|full", help="Which events to write. [by scale]"),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of runs.")] = RUNS,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Workers at once. [one a core]")
    ] = None,
    no_report: Annotated[
        bool, typer.Option("--no-report", help="Do not write the page that tells the run.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario, or find the run that answers the same question.

    A run that was stopped goes on from where it was.
    """
    from hailsham.lives.store import find_run, open_run
    from hailsham.scenario import DEFAULT, identity, resolve
    from hailsham.telling.tables import summarise
    from hailsham.world.england import NUMBERS

    resolved = resolve(
        DEFAULT if scenario is None else scenario, sets=sets or (), scale=scale, lives=lives,
        seed=seed, years=years, replicates=replicates, log=log, reading=reading,
    )  # fmt: skip
    run_id = identity(resolved, numbers=NUMBERS)
    found = find_run(out, identity=run_id)
    folder = found or _run(resolved, out, workers, is_quiet=as_json)
    stored = open_run(folder)
    page = _page(stored, is_wanted=not no_report, is_quiet=as_json)
    summary = summarise(stored)
    if as_json:
        told = _told(resolved, run_id=run_id, folder=folder, is_found=found is not None)
        report = str(page) if page else None
        answer_json({**told, "summary": summary.as_dict(), "report": report})
        return
    if found:
        answer(f"This question was answered before (run {run_id}); nothing was run again.\n")
    answer(summary.lines())
    answer(["", f"Run     {folder}"])
    if page:
        answer(f"Report  {page}")


def _told(resolved: Resolved, *, run_id: str, folder: Path, is_found: bool) -> dict[str, object]:
    """Return which run answers a question, for a program."""
    return {
        "id": run_id,
        "folder": str(folder),
        "found": is_found,
        "seed": resolved.run.seed,
        "scale": resolved.run.scale,
        "reading": resolved.reading,
    }


def warm() -> None:
    """Compile ahead of a lesson, so that the first run need not."""
    import hailsham.runs

    if hailsham.runs.is_warm():
        answer("Warm already: nothing had to be compiled.")
        return
    is_kept = _cache_is_usable()
    note(_COMPILING)
    hailsham.runs.warm()
    if is_kept:
        answer("Warm: the next run starts at once.")
    else:
        answer("Compiled, but not kept: the next run compiles again.")


def announce(world: str, *, is_quiet: bool) -> None:
    """Say that kernels are compiled first, if they are, and if they cannot be kept.

    Args:
        world: One of ``hailsham.runs.folder.WORLDS``.
        is_quiet: Whether a program reads the answer.
    """
    from hailsham.runs import is_warm

    _cache_is_usable()
    if not is_quiet and not is_warm([world]):
        note(_COMPILING)


def _cache_is_usable() -> bool:
    """Tell whether anything can be kept from one run to the next; if not, say so."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        why = f"The cache folder {folder} cannot be used: {error.strerror}."
        rest = "We go on without it and keep nothing; HAILSHAM_CACHE names another one."
        note(wrapped(f"{why} {rest}"))
        return False


def _run(resolved: Resolved, runs: Path, workers: int | None, *, is_quiet: bool) -> Path:
    from hailsham.runs import run_scenario, world_of

    announce(world_of(resolved), is_quiet=is_quiet)
    with watching(is_quiet=is_quiet) as observe:
        return run_scenario(resolved, runs=runs, workers=workers, observe=observe)


def _page(stored: StoredRun, *, is_wanted: bool, is_quiet: bool) -> Path | None:
    """Return the run's page: the one that stands, else a new one where it is wanted."""
    page = stored.path / _REPORT
    if page.exists():
        return page
    if not is_wanted:
        return None
    from hailsham.telling.report import write_report

    if not is_quiet:
        note("Writing the report ...")
    return write_report(stored)
