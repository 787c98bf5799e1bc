"""Figures of the inner life: knowing and feeling, stages, losses, endings, ways of preparing."""

from __future__ import annotations

import altair as alt
import polars as pl

from hailsham.lives.codes import STYLES
from hailsham.lives.store import StoredRun
from hailsham.telling.figures import (
    AMBER,
    BLUE,
    BRICK,
    INK,
    NO_BREAK,
    PAPER,
    SKY,
    Figure,
    count,
    draw,
    first_replicate,
    nothing,
    palette,
    share,
)
from hailsham.telling.inner.classes import CLASSES, HIGH_DESPAIR, HIGH_INTEGRITY, MEANINGS
from hailsham.telling.life.inner import STAGES, WAYS

NOBODY = "nobody is followed in this run"
#: Ages at which fewer are alive than this share of all are left out: their means jump about.
_FEWEST = 0.01
#: Cells of the plane of integrity and despair, along each side.
_CELLS = 20
#: Widest of a histogram of years. [years]
_LONGEST = 15.0
_LET_GO = "let go"


def plot_knowing(run: StoredRun) -> Figure:
    """Draw what was known and what was felt, by age."""
    name, title = "knowing", "What was known, and what was felt of it"
    table = _by_age(run, "known", "felt")
    if table.is_empty():
        return nothing(name, title=title, why=NOBODY)
    at_15 = table.filter(pl.col("age") == 15).row(0, named=True)
    title = (
        f"At 15 they knew {share(at_15['known'], of=1)} of what was to come, on average, "
        f"and felt {share(at_15['felt'], of=1)} of it"
    )
    chart = _lines(table, {"known": BLUE, "felt": BRICK}, y="share of it, mean")
    text = (
        "Means of those alive at each age. To know is to have been told, and not told; to feel is "
        "to know it of oneself. 1 would be everything."
    )
    return Figure(name, title, text, draw(chart, name=name, title=title), _whole_years(table),
                  _units(table, "0 to 1"))  # fmt: skip


def plot_stages(run: StoredRun) -> Figure:
    """Draw how far each of the eight stages of a life has been resolved, by age."""
    name, title = "stages", "The eight stages of a life, by age"
    columns = {f"stage_{at}": stage for at, stage in enumerate(STAGES, start=1)}
    table = _by_age(run, *columns).rename(columns)
    if table.is_empty():
        return nothing(name, title=title, why=NOBODY)
    last = table.row(-1, named=True)
    best = max(STAGES, key=lambda stage: last[stage])
    title = f"Of the eight stages of a life, {best} is resolved best in the end"
    long = table.unpivot(index="age", on=list(STAGES), variable_name="series", value_name="mean")
    chart = (
        alt.Chart(long)
        .mark_rect()
        .encode(
            alt.X("age:O", title="age, years", axis=alt.Axis(values=list(range(0, 60, 4)))),
            alt.Y("series:N", sort=list(STAGES), title=None, axis=alt.Axis(labelLimit=0)),
            alt.Color(
                "mean:Q",
                scale=alt.Scale(domain=[1, 5], range=[PAPER, BLUE], interpolate="rgb"),
                legend=_gradient("mean, 1 to 5"),
            ),
        )
    )
    text = (
        "Means of those alive at each age, on the scale of the questionnaire for the eight stages: "
        "1 is not at all, 5 is wholly. Each has its own years of a life, and counts a little "
        "outside them."
    )
    units = dict.fromkeys(STAGES, "1 to 5") | {"age": "years"}
    return Figure(name, title, text, draw(chart, name=name, title=title, height=230),
                  _whole_years(table), units)  # fmt: skip


def plot_losses(run: StoredRun) -> Figure:
    """Draw how losses mount up, and how many are let go, by age."""
    name, title = "losses", "What was lost, and what was let go"
    table = _by_age(run, "lost", "let_go").rename({"let_go": _LET_GO})
    if table.is_empty():
        return nothing(name, title=title, why=NOBODY)
    people = first_replicate(run, table="people").select("lost", "let_go").mean().collect()
    lost, let_go = people.row(0)
    title = f"By the end they had met {lost:.1f} losses on average, and let {let_go:.1f} of them go"
    chart = _lines(table, {"lost": BRICK, _LET_GO: BLUE}, y="losses so far, mean")
    text = (
        "A loss is a place left, a tie ended, a friend dead, a hope given up, an operation, "
        "something mislaid; and, at the end, one's life, which nobody lets go."
    )
    return Figure(name, title, text, draw(chart, name=name, title=title), _whole_years(table),
                  _units(table, "losses"))  # fmt: skip


def plot_endings(run: StoredRun) -> Figure:
    """Draw where lives end on the plane of integrity and despair."""
    name, title = "endings", "Integrity and despair at the end"
    people = first_replicate(run, table="people").select("integrity", "despair").collect()
    if people.is_empty():
        return nothing(name, title=title, why=NOBODY)
    cells = (
        people.select((pl.all() * _CELLS).floor().clip(0, _CELLS - 1) / _CELLS)
        .group_by("integrity", "despair")
        .len("lives")
        .sort("integrity", "despair")
        .with_columns(to=pl.col("integrity") + 1 / _CELLS, up=pl.col("despair") + 1 / _CELLS)
    )
    plane = alt.Chart(cells).mark_rect().encode(
        alt.X("integrity:Q", title="integrity", scale=alt.Scale(domain=[0, 1])),
        alt.X2("to:Q"),
        alt.Y("despair:Q", title="despair", scale=alt.Scale(domain=[0, 1])),
        alt.Y2("up:Q"),
        alt.Color(
            "lives:Q",
            scale=alt.Scale(range=[SKY, BLUE], interpolate="rgb"),
            legend=_gradient("lives"),
        ),
    )  # fmt: skip
    cuts = [
        alt.Chart(pl.DataFrame({column: [cut]})).mark_rule(strokeDash=[4, 3]).encode(line)
        for column, cut, line in (
            ("integrity", HIGH_INTEGRITY, alt.X("integrity:Q")),
            ("despair", HIGH_DESPAIR, alt.Y("despair:Q")),
        )
    ]
    table = _classes(people)
    shares = dict(table.select("ending", "share").iter_rows())
    title = (
        f"{share(shares['integrated'], of=1)} end with integrity and without despair, "
        f"{share(shares['despairing'], of=1)} the other way round"
    )
    text = (
        "Each square counts the lives that end there; the broken lines part the four kinds of "
        "ending. Integrity and despair are two things here: one is not the lack of the other."
    )
    units = {"lives": "people", "share": "proportion", "integrity, mean": "0 to 1",
             "despair, mean": "0 to 1"}  # fmt: skip
    drawing = draw(alt.layer(plane, *cuts), name=name, title=title, height=300)
    return Figure(name, title, text, drawing, table, units)


def plot_ways(run: StoredRun) -> Figure:
    """Draw how people prepare for the end."""
    name, title = "ways", "Ways of preparing for the end"
    people = first_replicate(run, table="people").select("style", "integrity", "despair").collect()
    if people.is_empty():
        return nothing(name, title=title, why=NOBODY)
    table = (
        people.with_columns(pl.col("style").cast(pl.Enum(STYLES)).alias("way"))
        .group_by("way")
        .agg(
            lives=pl.len(),
            share=pl.len() / people.height,
            **{f"{each}, mean": pl.col(each).mean() for each in ("integrity", "despair")},
        )
        .sort("way")
        .with_columns(pl.col("way").cast(pl.String))
        .with_columns(what=pl.col("way").replace_strict(WAYS))
    )
    most = table.row(int(table["lives"].arg_max() or 0), named=True)
    title = f"The commonest way of preparing, of {share(most['share'], of=1)}: {most['way']}"
    bars = alt.Chart(table).encode(
        alt.Y("way:N", sort=list(STYLES), title=None, axis=alt.Axis(labelLimit=0)),
        alt.X("share:Q", title="share of lives", axis=alt.Axis(format="%")),
    )
    labels = bars.mark_text(align="left", dx=4).encode(alt.Text("integrity, mean:Q", format=".2f"))
    drawing = draw(alt.layer(bars.mark_bar(color=BLUE), labels), name=name, title=title)
    text = (
        f"At the end of each bar the mean integrity{NO_BREAK}of those who took that way. Part of "
        "the differences is put in: some ways were given a bonus, after the article."
    )
    units = {"lives": "people", "share": "proportion", "integrity, mean": "0 to 1",
             "despair, mean": "0 to 1"}  # fmt: skip
    return Figure(name, title, text, drawing, table, units)


def plot_lengths(run: StoredRun) -> Figure:
    """Draw how long people worked, and how long they were operated on."""
    name, title = "lengths", "Years at work, and years as a donor"
    years = {
        "at work": pl.col("tenure"),
        "as a “donor”": pl.col("ended") - pl.col("donor_from"),
    }
    people = first_replicate(run, table="people").select(**years).collect()
    if people.is_empty():
        return nothing(name, title=title, why=NOBODY)
    means = people.mean().row(0)
    title = f"They worked for {means[0]:.1f} years on average, and were “donors” for {means[1]:.1f}"
    long = (
        people.unpivot(variable_name="series", value_name="years")
        .with_columns(pl.col("years").clip(0, _LONGEST).mul(2).floor().truediv(2))
        .group_by("series", "years")
        .len("people")
    )
    table = long.pivot("series", index="years", values="people").fill_null(0).sort("years")
    table = table.select("years", *years)
    chart = (
        alt.Chart(long)
        .mark_line(interpolate="step-after")
        .encode(
            alt.X("years:Q", title="years", axis=alt.Axis(grid=False)),
            alt.Y("people:Q", title="people in each half-year"),
            palette(dict(zip(years, (AMBER, BRICK), strict=True)), symbol="stroke"),
        )
    )
    text = f"Of {count(people.height)} lives; whoever took longer is counted at {_LONGEST:g} years."
    units = dict.fromkeys(years, "people") | {"years": "from"}
    return Figure(name, title, text, draw(chart, name=name, title=title), table, units)


# ---------------------------------------------------------------- what the figures share


def _by_age(run: StoredRun, *columns: str) -> pl.DataFrame:
    """Return means by age, as long as enough are alive for a mean."""
    table = first_replicate(run, table="ages").collect()
    enough = pl.col("alive") >= _FEWEST * pl.col("alive").max()
    return table.filter(enough).select("age", *columns).sort("age")


def _whole_years(table: pl.DataFrame) -> pl.DataFrame:
    whole = table.filter(pl.col("age") % 1 == 0)
    return whole.with_columns(pl.col("age").cast(pl.Int64))


def _units(table: pl.DataFrame, unit: str) -> dict[str, str]:
    return dict.fromkeys(table.columns, unit) | {"age": "years"}


def _gradient(title: str) -> alt.Legend:
    """Return the legend of a colour that says how much."""
    return alt.Legend(
        title=title, orient="top", gradientLength=160, titleColor=INK, titleFontWeight="normal"
    )


def _lines(table: pl.DataFrame, colours: dict[str, str], *, y: str) -> alt.Chart:
    long = table.unpivot(index="age", variable_name="series", value_name="mean")
    axis = alt.Axis(grid=False, tickCount=8)
    chart: alt.Chart = (
        alt.Chart(long)
        .mark_line()
        .encode(
            alt.X("age:Q", title="age, years", axis=axis, scale=alt.Scale(nice=False)),
            alt.Y("mean:Q", title=y),
            palette(colours, symbol="stroke"),
        )
    )
    return chart


def _classes(people: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each kind of ending, met or not."""
    rows = [
        people.filter(of_class).select(
            ending=pl.lit(name),
            lives=pl.len(),
            share=pl.len() / people.height,
            **{f"{each}, mean": pl.col(each).mean() for each in ("integrity", "despair")},
            what=pl.lit(MEANINGS[name]),
        )
        for name, of_class in CLASSES.items()
    ]
    return pl.concat(rows)
