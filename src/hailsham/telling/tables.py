"""What a reader wants first, on one screen; and the main tables of a run.

Counts are those of the run. Where that helps, they are also given for a whole
England, which is the run's scale times as large. Of several repetitions the
mean is told, so that a count means the same however often a run was repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from hailsham.errors import AskerError, Fault
from hailsham.lives.codes import CLONE_STATES, GIFTS, ORGANS, OUTCOMES, PUBLIC_STATES
from hailsham.lives.manifest import Manifest
from hailsham.lives.store import StoredRun
from hailsham.telling.inner.summary import InnerSummary, summarise_inner
from hailsham.telling.inner.tables import inner_life_by_age, ordinary_lives
from hailsham.telling.life.prose import span

WIDTH = 78
#: Life expectancy is told of the years in which the sources place their claim, and of the last.
CLAIMED_YEARS = (1965, 1970)
_MILLION = 1_000_000
_SPAN = 5
_LABEL = 37
_TOO_FEW = "too few lives"


@dataclass(frozen=True)
class Expectancy:
    """Life expectancy at birth of one period, in years, and what organs add to it.

    What too few lives cannot tell is None.
    """

    from_year: int
    to_year: int
    recorded: float
    simulated: float | None
    untreated: float | None
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Summary:
    """What happened in a run: counts of the run, ages and waits in years.

    ``years`` were asked for: they bound who is alive, and life expectancy.
    Whatever else is counted, is counted in all ``years_counted``.
    """

    scenario: str
    title: str
    seed: int
    scale: int
    years: tuple[int, int]
    years_counted: tuple[int, int]
    replicates: int
    public: int
    clones: int
    alive_start: int
    alive_end: int
    organs_taken: int
    organs_used: int
    organs_unneeded: int
    organs_left_over: int
    organs_taken_instead: int
    listed: int
    transplanted: int
    people_given: int
    died_on_list: int
    removed: int
    wait_median: float | None
    died_of_it: int
    died_at: dict[int, int]
    mean_age_at_death: float | None
    mean_donations: float | None
    expectancy_claimed: Expectancy | None
    expectancy_last: Expectancy | None
    years_gained: float
    years_lost: float

    @property
    def lives(self) -> int:
        """How many lives the run holds."""
        return self.public + self.clones

    @property
    def raised(self) -> int:
        """How many children were raised for their organs: every clone."""
        return self.clones

    @property
    def list_left(self) -> int:
        """How many times a stay on the list had not ended by the last year counted."""
        return self.listed - self.transplanted - self.died_on_list - self.removed

    @property
    def used_share(self) -> float | None:
        """What share of the organs and tissue taken was given to somebody."""
        return self.organs_used / self.organs_taken if self.organs_taken else None

    def as_dict(self) -> dict[str, Any]:
        """Return the summary ready for JSON."""
        derived = {"lives": self.lives, "raised": self.raised, "used_share": self.used_share}
        years = {"years": list(self.years), "years_counted": list(self.years_counted)}
        return {**asdict(self), **derived, **years, "list_left": self.list_left}

    def lines(self) -> list[str]:
        """Return one screen of plain words: at most 24 lines of at most 78 characters."""
        return [*_opening(self), *_programme(self), *_list(self), *_expectancies(self)]


# ---------------------------------------------------------------- one screen


def full_size(count: float, *, scale: int) -> str:
    """Return what a count of the run means at full size, in three figures.

    Args:
        count: How many in the run.
        scale: For how many each of them stands.
    """
    whole = count * scale
    if whole >= _MILLION:
        return f"{whole / _MILLION:,.1f} million"
    return f"{float(f'{whole:.3g}'):,.0f}"


def _row(label: str, count: float, *notes: str) -> str:
    note = "".join(f"   {note}" for note in notes if note)
    return f"{label:<{_LABEL}}{round(count):>11,}{note}"


def _at_full_size(summary: Summary, count: float) -> str:
    if summary.scale == 1:
        return ""
    return f"{full_size(count, scale=summary.scale)} at full size"


def _opening(summary: Summary) -> Iterator[str]:
    first, last = summary.years[0], summary.years[1] - 1
    yield summary.title[:WIDTH]
    repeated = f", mean of {summary.replicates} repetitions" if summary.replicates > 1 else ""
    asked = between(*summary.years)
    yield f"{asked}, at 1 in {summary.scale:,}, seed {summary.seed}{repeated}"
    yield f"Alive, and life expectancy: {asked}. All else: {between(*summary.years_counted)}."
    yield _row("Lives, to death or leaving England", summary.lives)
    for year, alive in {first: summary.alive_start, last: summary.alive_end}.items():
        yield _row(f"  alive on 1 January {year}", alive, _at_full_size(summary, alive))


def between(first: int, stop: int) -> str:
    """Return a span of years as words: ``1947 to 1999``, or ``1947`` alone.

    Args:
        first: First year.
        stop: First year after the last.
    """
    return str(first) if stop - first <= 1 else f"{first} to {stop - 1}"


def _programme(summary: Summary) -> Iterator[str]:
    if not summary.raised:
        yield "Nobody was raised for their organs in this run."
        return
    at_full_size = _at_full_size(summary, summary.raised)
    yield _row("Children raised for their organs", summary.raised, at_full_size)
    mean_age = summary.mean_age_at_death
    aged = "" if mean_age is None else f"at {mean_age:.1f} years on average"
    yield _row("  died of it", summary.died_of_it, aged)
    if summary.died_at:
        steps = ", ".join(str(step) for step in summary.died_at)
        counts = ", ".join(f"{n:,}" for n in summary.died_at.values())
        yield f"    at operation {steps}: {counts}"
    share = summary.used_share
    used = "" if share is None else f"{100 * share:.0f} in 100"
    yield _row("Organs and tissue taken, in all", summary.organs_taken)
    yield _row("  given to somebody", summary.organs_used, used)
    yield _row("  left over: fitted nobody that day", summary.organs_left_over)
    yield _row("  taken instead, as nobody had fitted", summary.organs_taken_instead)


def _list(summary: Summary) -> Iterator[str]:
    if not summary.listed:
        return
    small = "" if summary.scale == 1 else f"on a list of 1 in {summary.scale:,}"
    yield _row("Times put on the waiting list, in all", summary.listed, small)
    given = f"to {summary.people_given:,} people" if summary.transplanted else ""
    yield _row("  given an organ", summary.transplanted, given)
    yield _row("  died waiting", summary.died_on_list)
    yield _row("  taken off it alive", summary.removed)
    yield _row("  still waiting, or gone", summary.list_left)
    if summary.raised:
        wait = summary.wait_median
        waited = "" if wait is None else f"half waited {span(wait)}"
        if wait is not None and span(wait)[0].isdigit():
            waited = f"half waited up to {span(wait)}"
        yield _row("Years gained by those given organs", summary.years_gained, waited)
        yield _row("Years lost by those raised for it", summary.years_lost)


def _expectancies(summary: Summary) -> Iterator[str]:
    found = (summary.expectancy_claimed, summary.expectancy_last)
    periods = list(dict.fromkeys(period for period in found if period is not None))
    if not periods:
        return
    heads = ["Life expectancy, years", "recorded", "simulated"]
    heads += ["no organs", "organs add"] if summary.raised else []
    yield "  ".join(heads)
    for period in periods:
        cells = [f"  at birth, {period.from_year}-{period.to_year - 1}".ljust(len(heads[0]))]
        values = (period.recorded, period.simulated, period.untreated)
        cells += [
            _years(value).rjust(len(head)) for head, value in zip(heads[1:4], values, strict=False)
        ]
        yield "  ".join([*cells, _added(period)] if summary.raised else cells)
    if summary.raised and periods[0].from_year == CLAIMED_YEARS[0] and periods[0].difference == 0:
        yield "  (children born after 1952 cannot be operated on before about 1972)"


def _years(value: float | None) -> str:
    return "too few" if value is None else f"{value:.1f}"


def _added(period: Expectancy) -> str:
    if period.difference is None:
        return _TOO_FEW
    if period.difference == 0:
        return "exactly none"
    if period.low is None or period.high is None:
        return f"{period.difference:.2f} ({_TOO_FEW})"
    return f"{period.difference:.2f} ({period.low:.2f} to {period.high:.2f})"


def summarise(run: StoredRun) -> Summary | InnerSummary:
    """Return what a reader wants to know first of a run.

    Args:
        run: A finished run, of any world, repeated or not.
    """
    return summarise_inner(run) if run.is_alone else summarise_england(run)


def summarise_england(run: StoredRun) -> Summary:
    """Return what a reader wants to know first of a run that has a public.

    Args:
        run: A finished run, with or without the Programme, repeated or not.
    """
    manifest = run.manifest
    return Summary(
        scenario=manifest.scenario,
        title=manifest.title,
        seed=manifest.seed,
        scale=manifest.scale,
        years=manifest.years,
        years_counted=_years_counted(run),
        replicates=manifest.replicates,
        **_of_people(run, manifest),
        **_of_organs(run, manifest),
        **_of_the_account(run, manifest),
        expectancy_claimed=_expectancy(run, *CLAIMED_YEARS),
        expectancy_last=_last_expectancy(run),
    )


def _years_counted(run: StoredRun) -> tuple[int, int]:
    """Return the years of the account, which do not depend on the years asked for."""
    year = pl.col("year")
    first, last = run.scan("account").select(year.min(), year.max().alias("last")).collect().row(0)
    return run.manifest.years if first is None else (first, last + 1)


def _mean(total: float, manifest: Manifest) -> int:
    return round(total / manifest.replicates)


def _of_people(run: StoredRun, manifest: Manifest) -> dict[str, Any]:
    is_clone, died_of_it = pl.col("kind") == "clone", pl.col("cause") == "completed"
    people = run.scan("people")
    step = pl.col("completed_at_donation")
    found, died_at, alive = pl.collect_all(
        [
            people.select(
                public=(~is_clone).sum(),
                clones=is_clone.sum(),
                died_of_it=died_of_it.sum(),
                mean_age_at_death=(pl.col("ended") - pl.col("born")).filter(died_of_it).mean(),
                mean_donations=pl.col("donations").filter(died_of_it).mean(),
            ),
            people.filter(step.is_not_null()).group_by(step).len().sort(step),
            _everybody(run).group_by("year").agg(pl.col("alive").sum()),
        ]
    )
    row = found.row(0, named=True)
    counts = ("public", "clones", "died_of_it")
    # A run without a log keeps only a sample of the public, and its manifest the number.
    row["public"] = manifest.counts.get("public", row["public"])
    of_year = dict(alive.iter_rows())
    first, stop = manifest.years
    return row | {
        **{name: _mean(row[name], manifest) for name in counts},
        "died_at": {at: _mean(n, manifest) for at, n in died_at.iter_rows()},
        "alive_start": _mean(of_year.get(first, 0), manifest),
        "alive_end": _mean(of_year.get(stop - 1, 0), manifest),
    }


def _everybody(run: StoredRun) -> pl.LazyFrame:
    """Return the rows of the years, as simulated, in which everybody is counted once.

    The public is counted by sex and age, clones by where they stand.
    """
    is_public, by_state = pl.col("kind") == "public", pl.col("state").is_not_null()
    by_age = pl.col("sex").is_not_null() & pl.col("age_group").is_not_null()
    once = pl.when(is_public).then(by_age & ~by_state).otherwise(by_state)
    return run.scan("years").filter(pl.col("world") == "simulated", once)


def _of_organs(run: StoredRun, manifest: Manifest) -> dict[str, Any]:
    outcome = pl.col("outcome")
    row = (
        run.scan("organs")
        .select(
            organs_taken=pl.len(),
            organs_used=(outcome == "used").sum(),
            organs_unneeded=outcome.is_in(["no_need", "outside_need"]).sum(),
            organs_left_over=(outcome == "no_need").sum(),
            organs_taken_instead=(outcome == "outside_need").sum(),
            # The table of people may hold only a sample of the public; this one is whole.
            people_given=pl.struct("replicate", "recipient")
            .filter(pl.col("recipient").is_not_null())
            .n_unique(),
            wait_median=pl.col("waited").median(),
        )
        .collect()
        .row(0, named=True)
    )
    wait = row.pop("wait_median")
    return {name: _mean(n, manifest) for name, n in row.items()} | {"wait_median": wait}


def _of_the_account(run: StoredRun, manifest: Manifest) -> dict[str, Any]:
    row = (
        run.scan("account")
        .filter(pl.col("organ").is_null(), pl.col("blood_group").is_null())
        .select(
            listed=pl.col("listed").sum(),
            transplanted=pl.col("transplanted").sum(),
            died_on_list=pl.col("died_waiting").sum(),
            removed=pl.col("removed").sum(),
            years_gained=pl.col("years_gained").sum(),
            years_lost=pl.col("years_lost").sum(),
        )
        .collect()
        .row(0, named=True)
    )
    years = {name: row.pop(name) / manifest.replicates for name in ("years_gained", "years_lost")}
    return {name: _mean(n, manifest) for name, n in row.items()} | years


def _periods(run: StoredRun) -> pl.LazyFrame:
    names = list(Expectancy.__dataclass_fields__)
    return (
        run.scan("expectancy")
        .filter(pl.col("basis") == "period", pl.col("sex").is_null())
        .group_by("from_year", "to_year")
        .agg(pl.col(names[2:]).mean())
        .select(names)
        .sort("from_year")
    )


def _expectancy(run: StoredRun, from_year: int, to_year: int) -> Expectancy | None:
    found = _periods(run).filter(pl.col("from_year") == from_year, pl.col("to_year") == to_year)
    rows = found.collect().rows(named=True)
    return Expectancy(**rows[0]) if rows else None


def _last_expectancy(run: StoredRun) -> Expectancy | None:
    whole = pl.col("to_year") - pl.col("from_year") == _SPAN
    rows = _periods(run).filter(whole).collect().rows(named=True)
    return Expectancy(**rows[-1]) if rows else None


# ---------------------------------------------------------------- the main tables


@dataclass(frozen=True)
class Table:
    """A table for a reader: a title, columns with their units, and rows."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the table ready for JSON."""
        columns = [{"name": name, "unit": unit} for name, unit in self.columns]
        rows = [list(row) for row in self.rows]
        return {"name": self.name, "title": self.title, "columns": columns, "rows": rows}


def tabulate(run: StoredRun, name: str) -> Table:
    """Return one of the main tables of a run.

    Args:
        run: A finished run.
        name: One of ``MAIN_TABLES``.

    Raises:
        AskerError: HS111 if there is no such table.
    """
    if name not in _MAKERS:
        fault = Fault("HS111", "show", f"there is no table {name!r}.", MAIN_TABLES, name)
        raise AskerError([fault], closing="Nothing was shown.")
    title, units, make = _MAKERS[name]
    frame = make(run).collect()
    columns = tuple((column, units.get(column, "")) for column in frame.columns)
    return Table(name, title, columns, tuple(frame.rows()))


def _per_repetition(run: StoredRun, count: pl.Expr) -> pl.Expr:
    """Return a count as the mean over repetitions; it stays whole where there is only one."""
    return count if run.manifest.replicates == 1 else count / run.manifest.replicates


def _is_told(manifest: Manifest) -> pl.Expr:
    """Return which years are told: every fifth, the first and the last."""
    first, stop = manifest.years
    is_told = (pl.col("year") % _SPAN == 0) | pl.col("year").is_in([first, stop - 1])
    return is_told & (pl.col("year") < stop)


def _people_by_state(run: StoredRun) -> pl.LazyFrame:
    states = run.scan("years").filter(pl.col("state").is_in(PUBLIC_STATES))
    place = pl.coalesce(pl.col("state").cast(pl.String), pl.col("kind").cast(pl.String))
    return (
        pl.concat([_everybody(run), states])
        .filter(_is_told(run.manifest))
        .with_columns(place=place)
        .group_by("year")
        .agg(
            _per_repetition(run, pl.col("alive").filter(pl.col("place") == name).sum()).alias(said)
            for name, said in _PLACES.items()
        )
        .sort("year")
    )


def _organs(run: StoredRun) -> pl.LazyFrame:
    outcome = pl.col("outcome")
    return (
        run.scan("organs")
        .group_by(pl.col("organ").cast(pl.Enum(GIFTS)))
        .agg(
            _per_repetition(run, pl.len()).alias("taken"),
            *(_per_repetition(run, (outcome == name).sum()).alias(name) for name in OUTCOMES),
            (outcome == "used").mean().alias("share used"),
        )
        .sort("organ")
    )


def _waiting(run: StoredRun) -> pl.LazyFrame:
    counts = ("listed", "transplanted", "died_waiting", "removed")
    organ = pl.col("organ").cast(pl.Enum(GIFTS))
    waits = run.scan("organs").group_by(organ).agg(pl.col("waited").median().alias("median wait"))
    return (
        run.scan("account")
        .filter(pl.col("organ").is_in(ORGANS), pl.col("blood_group").is_null())
        .group_by(organ)
        .agg(_per_repetition(run, pl.col(name).sum()) for name in counts)
        .with_columns((2 * pl.col("listed") - pl.sum_horizontal(counts)).alias(_LEFT))
        .join(waits, on="organ", how="left")
        .sort("organ")
    )


def _raised(run: StoredRun) -> pl.LazyFrame:
    step = pl.col("completed_at_donation")
    lived = pl.col("ended") - pl.col("born")
    cohort = (pl.col("born").floor() // _SPAN * _SPAN).cast(pl.Int32)
    return (
        run.scan("people")
        .filter(pl.col("kind") == "clone")
        .group_by(cohort.alias("born from"))
        .agg(
            _per_repetition(run, pl.len()).alias("raised"),
            pl.col("tenure").mean().alias("years at work"),
            pl.col("donations").mean().alias("operations"),
            *(
                _per_repetition(run, (step == at).sum()).alias(f"died at {at}")
                for at in range(1, 5)
            ),
            lived.mean().alias("age at the end"),
        )
        .sort("born from")
    )


def _expectancy_table(run: StoredRun) -> pl.LazyFrame:
    return _periods(run).rename({"from_year": "from", "to_year": "to"})


def _account(run: StoredRun) -> pl.LazyFrame:
    sums = ("supplied", "used", "years_gained", "years_lost", *_AGREED)
    return (
        run.scan("account")
        .filter(pl.col("organ").is_null(), pl.col("blood_group").is_null())
        .group_by((pl.col("year") // _SPAN * _SPAN).alias("from"))
        .agg(_per_repetition(run, pl.col(name).sum()) for name in sums)
        .sort("from")
    )


_YEARS = "years"
_LEFT = "still waiting or gone"
_AGREED = ("born_to_supply", "suppliers_died", "consented", "not_asked", "could_not_refuse")
_AGREED_UNITS = dict(zip(_AGREED, ("children", "people", *["operations"] * 3), strict=True))
#: What the table of places calls them, in our words.
_PLACES = {name: name for name in ("public", *PUBLIC_STATES)} | dict(
    zip(CLONE_STATES, ("in a house", "at the Cottages", "at work", "called up"), strict=True)
)
_MAKERS: dict[str, tuple[str, dict[str, str], Callable[[StoredRun], pl.LazyFrame]]] = {
    "people_by_state": (
        "People alive on 1 January, by where they stand",
        dict.fromkeys(_PLACES.values(), "people"),
        _people_by_state,
    ),
    "organs": (
        "What was taken, and what became of it",
        dict.fromkeys(("taken", *OUTCOMES), "organs") | {"share used": "proportion"},
        _organs,
    ),
    "list": (
        "The waiting list, by organ: how often somebody came on it, and what it came to",
        dict.fromkeys(("listed", "transplanted", "died_waiting", "removed", _LEFT), "times")
        | {"median wait": _YEARS},
        _waiting,
    ),
    "programme": (
        "Children raised for their organs, by five years of birth",
        {"raised": "children", "years at work": _YEARS, "age at the end": _YEARS}
        | {f"died at {at}": "people" for at in range(1, 5)},
        _raised,
    ),
    "expectancy": (
        "Life expectancy at birth, both sexes together, by period",
        dict.fromkeys(list(Expectancy.__dataclass_fields__)[2:], _YEARS),
        _expectancy_table,
    ),
    "account": (
        "The account, by five years, to the last life of the Programme: nothing here is added up "
        "against anything else",
        {"years_gained": _YEARS, "years_lost": _YEARS, "supplied": "organs", "used": "organs"}
        | _AGREED_UNITS,
        _account,
    ),
    "inner_life": (
        "The inner life by age, of the Programme alone: means of those alive",
        {"age": _YEARS, "alive": "people", "lost": "losses", "let_go": "losses"},
        inner_life_by_age,
    ),
    "ordinary_lives": (
        "Whole lives beside each other: ordinary people, and clones of whose pace more or less "
        "counts; means",
        {},
        ordinary_lives,
    ),
}
MAIN_TABLES: tuple[str, ...] = tuple(_MAKERS)
