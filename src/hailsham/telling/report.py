"""The report: one page that needs nothing but itself, written into the run's folder.

No script, no font, no address: it opens offline, on a narrow screen and with
JavaScript switched off, and says the same things on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import polars as pl

from hailsham.errors import Fault, RunFolderError
from hailsham.lives.store import StoredRun
from hailsham.telling.biography import choose_lives, tell_lives
from hailsham.telling.figures import NO_BREAK, count
from hailsham.telling.figures_programme import (
    plot_account,
    plot_ages,
    plot_operations,
    plot_outcomes,
    plot_stations,
    whole_account,
)
from hailsham.telling.figures_public import (
    plot_cohorts,
    plot_difference,
    plot_list,
    plot_need,
    plot_period,
    plot_population,
)
from hailsham.telling.inner.report import compose_inner_report
from hailsham.telling.page import ENVIRONMENT, N_LIVES, Chapter, figures_of, put_in, shown, unbroken
from hailsham.telling.tables import Expectancy, Summary, between, full_size, summarise_england

REPORT_NAME = "report.html"

_ADDED_UP = (
    "listed",
    "transplanted",
    "died_waiting",
    "years_gained",
    "years_lost",
    "suppliers_died",
    "born_to_supply",
    "consented",
    "not_asked",
    "could_not_refuse",
)

ALIVE = Chapter(
    "alive",
    "Who is alive",
    "Numbers are those of the run, not of the whole country.",
    (plot_population,),
)
ALIVE_WITH_PROGRAMME = replace(ALIVE, plots=(plot_stations, plot_population))
PROGRAMME = Chapter(
    "programme",
    "The Programme",
    "Children are raised in houses, leave for the Cottages at sixteen, look after others as "
    "\u201ccarers\u201d, are called up, and \u201cdonate\u201d until they die.",
    (plot_ages, plot_operations, plot_outcomes),
)
WAITING = Chapter(
    "waiting",
    "Need, supply and the waiting list",
    "An organ fails; somebody is put on the list, and is given another in time or is not.",
    (plot_need, plot_list),
)
EXPECTANCY = Chapter(
    "expectancy",
    "How long people live",
    "Of the public. Recorded means worked out from the official rates in the same way.",
    (plot_period, plot_cohorts),
)
EXPECTANCY_WITH_ORGANS = replace(EXPECTANCY, plots=(plot_period, plot_difference, plot_cohorts))


def write_report(run: StoredRun) -> Path:
    """Write the report of a run into its folder, whole or not at all.

    Args:
        run: A finished run.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: HS208 if it cannot be written there.
    """
    path = run.path / REPORT_NAME
    page = compose_report(run)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(page, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        what = f"the machine refuses to write here: {error.strerror or error}"
        remedy = "Make room or give leave to write there."
        fault = Fault("HS208", str(path), what, remedy=remedy)
        raise RunFolderError([fault], closing="No report was written.") from error
    return path


def compose_report(run: StoredRun) -> str:
    """Return the report of a run as one page of HTML."""
    if run.is_alone:
        return compose_inner_report(run)
    account, summary = _sum_account(run), summarise_england(run)
    chapters = _chapters(run, account)
    lives = choose_lives(run, n=N_LIVES, seed=run.manifest.seed)
    return ENVIRONMENT.get_template("report.html.j2").render(
        **put_in(run),
        happened=list(_happened(summary)),
        asked=between(*summary.years),
        counted=between(*summary.years_counted),
        has_programme=_has_programme(run),
        chapters=[(chapter, figures_of(chapter, run=run)) for chapter in chapters],
        account=account,
        account_figure=shown(plot_account(run)),
        lives=tell_lives(run, lives),
    )


def _happened(summary: Summary) -> Iterator[str]:
    """Say what a reader wants first, in sentences that wrap as a narrow screen needs."""
    yield (
        f"{count(summary.lives)} lives are in this run. Whoever was alive when it begins, or came "
        "later, is followed from then on, and everybody else from birth; all to their death, or "
        "until they left England."
    )
    if summary.raised:
        whole = full_size(summary.raised, scale=summary.scale)
        yield (
            f"{count(summary.raised)} children were raised for their organs"
            + (f", as many as {whole} at full size." if summary.scale > 1 else ".")
        )
        age = summary.mean_age_at_death
        mean = "" if age is None else f", {age:.1f} years old on average"
        yield f"{count(summary.died_of_it)} of them died of it{mean}."
        yield (
            f"{count(summary.organs_taken)} organs and tissues were taken from them. "
            f"{count(summary.organs_used)} were given to somebody. "
            f"{count(summary.organs_left_over)} were left over at a last operation and fitted "
            f"nobody who was waiting that day; {count(summary.organs_taken_instead)} were taken "
            "instead, when nobody whom an organ fitted had come for half a year."
        )
    if summary.listed:
        yield (
            f"{count(summary.listed)} times somebody of the public was put on the waiting list. "
            f"It ended {count(summary.transplanted)} times with an organ{_people_given(summary)}, "
            f"{count(summary.died_on_list)} times with death and {count(summary.removed)} times "
            f"with being taken off the list alive; {count(summary.list_left)} times the person "
            "was still waiting when the list ends, or had left England."
        )
    periods = (summary.expectancy_claimed, summary.expectancy_last)
    for period in dict.fromkeys(period for period in periods if period is not None):
        yield _lived(period, has_programme=summary.raised > 0)


def _people_given(summary: Summary) -> str:
    """Return how many people were given organs, some of them more than one."""
    return f" (for {count(summary.people_given)} people)" if summary.transplanted else ""


def _lived(period: Expectancy, *, has_programme: bool) -> str:
    years = unbroken(f"{period.from_year}\u2013{period.to_year - 1}")
    said = f"Life expectancy at birth in {years}: {period.recorded:.1f} years recorded, "
    if period.simulated is None:
        return f"{said}and too few lives to say what was simulated."
    said += f"{period.simulated:.1f} simulated"
    if not has_programme:
        return f"{said}."
    if period.difference is None or period.untreated is None:
        return f"{said}; too few lives to say what organs add."
    said += f", {period.untreated:.1f} had nobody been given an organ"
    if period.difference == 0:
        return f"{said}; organs add nothing."
    said += f"; organs add {period.difference:.2f}"
    if period.low is None or period.high is None:
        return f"{said} (too few lives for an interval)."
    return f"{said} (95{NO_BREAK}% interval {period.low:.2f} to {period.high:.2f})."


def _chapters(run: StoredRun, account: Mapping[str, int | float]) -> list[Chapter]:
    chapters = [ALIVE_WITH_PROGRAMME, PROGRAMME] if _has_programme(run) else [ALIVE]
    if account["listed"]:
        chapters.append(WAITING)
    return [*chapters, EXPECTANCY_WITH_ORGANS if account["transplanted"] else EXPECTANCY]


def _has_programme(run: StoredRun) -> bool:
    clones = run.scan("people").filter(pl.col("kind") == "clone")
    return not clones.select("person").head(1).collect().is_empty()


def _sum_account(run: StoredRun) -> dict[str, int | float]:
    """Add up the account over its years, and say who is not in it yet."""
    account = whole_account(run).collect()
    first, last = run.manifest.years[0], run.manifest.years[1] - 1
    years = account["year"].to_list() or [first, last]
    is_first, recipient = pl.col("replicate") == 0, pl.col("recipient")
    raised = run.scan("people").filter(is_first, pl.col("kind") == "clone")
    later = raised.filter(pl.col("ended") >= max(years) + 1).select(pl.len()).collect()
    given = run.scan("organs").filter(is_first).select(recipient.drop_nulls().n_unique()).collect()
    counts = {"still_alive": int(later.item()), "people_given": int(given.item())}
    sums = account.select(pl.col(_ADDED_UP).sum())
    return {**sums.row(0, named=True), **counts, "last_year": max(years)}
