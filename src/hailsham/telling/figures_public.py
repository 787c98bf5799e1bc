"""Figures of the public: who is alive, who waits for an organ, how long people live."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from hailsham.lives.codes import AGE_GROUPS, ORGANS
from hailsham.lives.store import StoredRun
from hailsham.telling.figures import (
    AMBER,
    BLUE,
    BRICK,
    GREY,
    HATCH,
    INK,
    NO_BREAK,
    PAPER,
    RULE,
    SKY,
    Chart,
    Figure,
    count,
    draw,
    first_replicate,
    nothing,
    palette,
    place_in,
    share,
    spread,
    total,
    year_axis,
    years_between,
)

NO_PUBLIC = "this run has no public"
TOO_FEW = "there are too few people in this run for a life expectancy"
NO_LIST = "nobody in this run was put on a list"
#: Width of a bar that stands alone. [pixels]
_ONE_YEAR = 60

_CHILDREN, _WORKING, _OLD = "under 15", "15 to 64", "65 and over"
_AGE_COLOURS = {_CHILDREN: SKY, _WORKING: BLUE, _OLD: GREY}
_BROAD = dict(zip(AGE_GROUPS, [_CHILDREN] * 4 + [_WORKING] * 10 + [_OLD] * 5, strict=True))
_LISTED, _TAKEN, _GIVEN, _DIED = "put on the list", "organs taken", "given an organ", "died waiting"
_REMOVED, _LEFT = "taken off the list", "still waiting or gone"
_NEED_COLOURS = {_LISTED: GREY, _TAKEN: AMBER, _GIVEN: BLUE, _DIED: BRICK}
_FLOW_COLOURS = {_LISTED: GREY, _GIVEN: BLUE, _DIED: BRICK}
_NEED_COLUMNS = {
    "listed": _LISTED,
    "supplied": _TAKEN,
    "transplanted": _GIVEN,
    "died_waiting": _DIED,
    "removed": _REMOVED,
}


def plot_population(run: StoredRun) -> Figure:
    """Draw the public alive on each 1 January, by broad age."""
    name, title = "population", "Who is alive among the public"
    alive = (
        first_replicate(run, table="years")
        .filter(
            (pl.col("kind") == "public")
            & (pl.col("world") == "simulated")
            & pl.col("sex").is_not_null()
            & pl.col("age_group").is_not_null()
            & pl.col("state").is_null()
        )
        .with_columns(series=pl.col("age_group").replace_strict(_BROAD, return_dtype=pl.String))
        .group_by("year", "series")
        .agg(pl.col("alive").sum())
        .collect()
    )
    if alive["alive"].sum() == 0:
        return nothing(name, title=title, why=NO_PUBLIC)
    names = list(_AGE_COLOURS)
    table = spread(alive, index="year", values="alive", names=names).sort("year")
    table = table.with_columns(pl.sum_horizontal(names).alias("together"))
    first, last = (table.row(place, named=True) for place in (0, -1))
    of = "The public of this small England" if run.manifest.scale > 1 else "The public"
    title = (
        f"{of} are {count(first['together'])} in {first['year']} and "
        f"{count(last['together'])} in {last['year']}; those of 65 and over go from "
        f"{share(first[_OLD], of=first['together'])} to {share(last[_OLD], of=last['together'])}"
    )
    base = alt.Chart(alive.with_columns(place=place_in(names)))
    areas = base.mark_area(stroke=PAPER, strokeWidth=0.6)
    if table.height == 1:
        title = (
            f"{of} are {count(first['together'])} in {first['year']}; "
            f"{share(first[_OLD], of=first['together'])} of them are 65 and over"
        )
        areas = base.mark_bar(size=_ONE_YEAR)
    chart = areas.encode(
        year_axis(),
        alt.Y("alive:Q", title="people alive on 1 January"),
        palette(_AGE_COLOURS, columns=3),
        alt.Order("place:Q"),
    )
    units = dict.fromkeys(table.columns, "people") | {"year": "year AD"}
    text = "In the years asked for. Children raised for the Programme are counted apart."
    return Figure(name, title, text, draw(chart, name=name, title=title), table, units)


def plot_need(run: StoredRun) -> Figure:
    """Draw need, supply and deaths on the list, by organ."""
    name, title = "need", "Need, supply and deaths on the list, by organ"
    table = (
        _account(run)
        .filter(pl.col("organ").is_in(ORGANS))
        .group_by("organ")
        .agg(pl.col(column).sum().alias(label) for column, label in _NEED_COLUMNS.items())
        .with_columns(_left().alias(_LEFT))
        .sort(place_in(ORGANS, column="organ"))
        .collect()
    )
    listed = total(table[_LISTED])
    if listed == 0:
        return nothing(name, title=title, why=NO_LIST)
    title = (
        f"Of {count(listed)} times that somebody was put on the list, "
        f"{share(total(table[_GIVEN]), of=listed)} ended with an organ and "
        f"{share(total(table[_DIED]), of=listed)} with death while waiting"
    )
    long = table.unpivot(
        on=list(_NEED_COLOURS), index="organ", variable_name="series", value_name="number"
    )
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            alt.Y("organ:N", sort=list(ORGANS), title=None, axis=alt.Axis(ticks=False)),
            alt.X("number:Q", title="times, or organs taken", axis=alt.Axis(tickCount=4)),
            palette(_NEED_COLOURS),
            yOffset=alt.YOffset("series:N", sort=list(_NEED_COLOURS)),
        )
    )
    units = dict.fromkeys(table.columns, "times") | {"organ": "", _TAKEN: "organs"}
    drawing = draw(chart, name=name, title=title, height=360)
    return Figure(name, title, _scale_note(run), drawing, table, units)


def plot_list(run: StoredRun) -> Figure:
    """Draw the waiting list from year to year: on it, given an organ, died."""
    name, title = "list", "The waiting list from year to year"
    columns = {**_NEED_COLUMNS, "waiting": "waiting at its end"}
    table = (
        _account(run)
        .filter(pl.col("organ").is_null())
        .group_by("year")
        .agg(pl.col(column).sum().alias(label) for column, label in columns.items())
        .sort("year")
        .collect()
    )
    if total(table[_LISTED]) == 0:
        return nothing(name, title=title, why=NO_LIST)
    given = table.filter(pl.col(_GIVEN) > 0)
    title = "Nobody is given an organ within these years"
    lines = alt.Chart(_lines(table)).mark_line()
    chart: Chart = lines.encode(
        year_axis(),
        alt.Y("number:Q", title="times in a year"),
        palette(_FLOW_COLOURS, symbol="stroke"),
    )
    if not given.is_empty():
        since = int(given["year"][0])
        after = table.filter(pl.col("year") >= since)
        start = int(table["year"][0])
        title = (
            f"{count(total(after[_GIVEN]))} organs were given to people on the list, and "
            f"{count(total(after[_DIED]))} times somebody died waiting"
        )
        # A table that begins with an organ cannot say that it was the first.
        if since > start:
            title = f"No organ is given before {since}; from then on {title}"
            chart = alt.layer(_until(since, start=start), chart)
    units = dict.fromkeys(table.columns, "times") | {
        "year": "year AD",
        _TAKEN: "organs",
        columns["waiting"]: "people",
    }
    text = _opening_of_the_list(table) + _scale_note(run)
    return Figure(name, title, text, draw(chart, name=name, title=title), table, units)


def plot_period(run: StoredRun) -> Figure:
    """Draw life expectancy at the rates of each period, recorded beside simulated."""
    name, title = "period", "Life expectancy at the rates of a period"
    table = _expectancy(run, basis="period")
    both = _of_both(table)
    if both.is_empty():
        return nothing(name, title=title, why=TOO_FEW)
    last = both.row(-1, named=True)
    title = (
        f"At the rates of {last['period']} a newborn of the public would live "
        f"{last['simulated']:.1f} years; recorded, {last['recorded']:.1f}"
    )
    x = alt.X("period:N", sort=None, title="period", axis=alt.Axis(labelAngle=-45))
    scale = alt.Scale(zero=False, nice=True)
    y_title = "life expectancy, years"
    simulated = both.with_columns(series=pl.lit("simulated"))
    recorded = both.with_columns(series=pl.lit("recorded"))
    line = (
        alt.Chart(simulated)
        .mark_line(color=BLUE)
        .encode(x, alt.Y("simulated:Q", title=y_title, scale=scale))
    )
    dots, rings = (
        alt.Chart(values)
        .mark_point(size=size, strokeWidth=1.8, opacity=1)
        .encode(x, alt.Y(f"{which}:Q", title=y_title, scale=scale), *_RINGS_AND_DOTS)
        for values, which, size in ((simulated, "simulated", 45), (recorded, "recorded", 110))
    )
    text = "Women and men together; each apart in the table. The scale does not begin at nought."
    drawing = draw(alt.layer(line, dots, rings), name=name, title=title)
    return Figure(name, title, text, drawing, _shown(table), _EXPECTANCY_UNITS)


def plot_difference(run: StoredRun) -> Figure:
    """Draw what organs add to life expectancy, on the same people, with its interval."""
    name, title = "difference", "What organs add to life expectancy"
    table = _of_both(_expectancy(run, basis="period"))
    if table.is_empty() or not (table["difference"] != 0.0).any():
        return nothing(name, title=title, why="no life in this run was lengthened by an organ")
    widest = table.row(int(table["difference"].arg_max() or 0), named=True)
    most = "" if table.height == 1 else ", the most of the periods shown"
    title = (
        f"In {widest['period']} organs add {widest['difference']:.2f} years to life expectancy"
        f"{most} ({_interval(widest)})"
    )
    x = alt.X("period:N", sort=None, title="period", axis=alt.Axis(labelAngle=-45))
    base = alt.Chart(table).encode(x)
    bars = base.mark_rule(color=BLUE, strokeWidth=2).encode(
        alt.Y("low:Q", title="years of life added"), alt.Y2("high:Q")
    )
    points = base.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(
        alt.Y("difference:Q")
    )
    nought = alt.Chart(pl.DataFrame({"y": [0.0]})).mark_rule(color=RULE).encode(alt.Y("y:Q"))
    drawing = draw(alt.layer(nought, bars, points), name=name, title=title)
    columns = ["period", "simulated", "untreated", "difference", "low", "high"]
    text = "The same people with the same luck, once with organs and once without."
    return Figure(name, title, text, drawing, table.select(columns), _EXPECTANCY_UNITS)


def plot_cohorts(run: StoredRun) -> Figure:
    """Draw life expectancy of those born together, with its projected part hatched."""
    name, title = "cohorts", "Life expectancy of those born together"
    table = _expectancy(run, basis="cohort").rename({"period": "born"})
    both = _of_both(table)
    if both.is_empty():
        return nothing(name, title=title, why=TOO_FEW)
    last = both.row(-1, named=True)
    title = (
        f"Those born {last['born']} live {last['simulated']:.1f} years on average; recorded "
        f"rates give {last['recorded']:.1f}. {share(last['projected'], of=1.0)} of their deaths "
        "are projected"
    )
    y = alt.Y("born:N", sort=None, title="born", axis=alt.Axis(ticks=False))
    solid = both.with_columns(pl.col("simulated") * (1.0 - pl.col("projected").fill_null(0.0)))
    base = alt.Chart(both).encode(y)
    axis = alt.X("simulated:Q", title="life expectancy at birth, years", scale=alt.Scale(zero=True))
    hatched = base.mark_bar(color=HATCH, stroke=BLUE, strokeWidth=1).encode(axis)
    known = alt.Chart(solid).mark_bar(color=BLUE).encode(y, axis)
    ticks = base.mark_tick(color=INK, thickness=3, size=18).encode(alt.X("recorded:Q"))
    drawing = draw(alt.layer(hatched, known, ticks), name=name, title=title, height=300)
    text = (
        "Hatched: the share of the deaths that lie after the official tables end, where the last "
        "rates are held as they were. Upright mark: the same from the recorded rates."
    )
    units = {**_EXPECTANCY_UNITS, "born": "years AD"}
    return Figure(name, title, text, drawing, _shown(table), units)


#: The legend shows what the drawing shows: a ring and a dot.
_RINGS_AND_DOTS = tuple(
    channel(
        "series:N",
        scale=alt.Scale(domain=["recorded", "simulated"], range=colours),
        legend=alt.Legend(symbolType="circle", symbolStrokeWidth=1.8),
    )
    for channel, colours in ((alt.Fill, ["transparent", BLUE]), (alt.Stroke, [INK, BLUE]))
)

_EXPECTANCY_UNITS = {
    "period": "years AD",
    "recorded": "years",
    "simulated": "years",
    "untreated": "years",
    "difference": "years",
    "low": "years",
    "high": "years",
    "projected": "proportion of deaths",
}


def _interval(row: Mapping[str, float | None]) -> str:
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return "too few people for an interval"
    return f"95{NO_BREAK}% interval {low:.2f} to {high:.2f}"


def _account(run: StoredRun) -> pl.LazyFrame:
    """Return the account of all blood groups together."""
    return first_replicate(run, table="account").filter(pl.col("blood_group").is_null())


def _expectancy(run: StoredRun, *, basis: str) -> pl.DataFrame:
    return (
        first_replicate(run, table="expectancy")
        .filter((pl.col("basis") == basis) & pl.col("simulated").is_finite())
        .sort("from_year", "sex", nulls_last=False)
        .with_columns(period=years_between("from_year", "to_year"))
        .collect()
    )


def _of_both(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("sex").is_null())


def _shown(table: pl.DataFrame) -> pl.DataFrame:
    first = "born" if "born" in table.columns else "period"
    sexes = pl.col("sex").fill_null("both").alias("of")
    columns = ["recorded", "simulated", "untreated", "projected"]
    return table.select(first, sexes, *columns)


def _left() -> pl.Expr:
    """Return how many times a stay on the list had not ended when the account does."""
    return pl.col(_LISTED) - pl.col(_GIVEN) - pl.col(_DIED) - pl.col(_REMOVED)


def _lines(table: pl.DataFrame) -> pl.DataFrame:
    return table.unpivot(
        on=list(_FLOW_COLOURS), index="year", variable_name="series", value_name="number"
    )


def _opening_of_the_list(table: pl.DataFrame) -> str:
    opened = int(table.filter(pl.col(_LISTED) > 0)["year"][0])
    if opened == table["year"][0]:
        return ""
    return f"Nobody is put on the list before {opened}: there was nothing to wait for. "


def _until(year: int, *, start: int) -> Chart:
    """Shade the years before anything could be taken."""
    span = pl.DataFrame({"from": [start], "until": [year], "middle": [(start + year) / 2]})
    base = alt.Chart(span)
    box = base.mark_rect(color=GREY, opacity=0.18).encode(year_axis("from"), alt.X2("until:Q"))
    words = base.mark_text(baseline="top", dy=8).encode(
        year_axis("middle"), y=alt.value(0), text=alt.value("no organs yet")
    )
    return alt.layer(box, words)


def _scale_note(run: StoredRun) -> str:
    scale = run.manifest.scale
    if scale == 1:
        return "A list at its full size."
    return (
        f"A list at 1 in {count(scale)}: small lists waste organs and wait longer, so these "
        "numbers are not those of the whole country."
    )
