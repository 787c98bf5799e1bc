"""Figures of the Programme: who is alive in it, at what age, how they died, what was taken."""

from __future__ import annotations

import altair as alt
import numpy as np
import polars as pl

from hailsham.lives.codes import CLONE_STATES, GIFTS, OUTCOMES
from hailsham.lives.store import StoredRun
from hailsham.telling.figures import (
    AMBER,
    BLUE,
    BRICK,
    GREY,
    PAPER,
    SKY,
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
from hailsham.telling.words import STATION_NAMES

NO_PROGRAMME = "nobody in this run was raised for their organs"

STATIONS = {state: STATION_NAMES[state] for state in CLONE_STATES}
_STATION_COLOURS = dict(zip(STATIONS.values(), (SKY, BLUE, AMBER, BRICK), strict=True))

#: Places of an operation, in words; nobody is operated on more often.
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
FEWEST_OPERATIONS = 4

_OUTCOME_NAMES = dict(
    zip(
        OUTCOMES,
        (
            "given to somebody",
            "left over",
            "taken instead",
            "not fit for use",
            "kept too long",
        ),
        strict=True,
    )
)
_OUTCOME_COLOURS = dict(zip(_OUTCOME_NAMES.values(), (BLUE, GREY, AMBER, BRICK, SKY), strict=True))
#: Years that the account takes together, in its figure.
SPAN = 5
_GAINED, _LOST = "years gained", "years lost"
_ACCOUNT_COLUMNS = {
    "years_gained": _GAINED,
    "years_lost": _LOST,
    "born_to_supply": "children born for it",
    "consented": "operations agreed to",
    "not_asked": "operations not asked about",
    "could_not_refuse": "of these, not to be refused",
    "suppliers_died": "died of it",
}
_ACCOUNT_UNITS = {
    "years": "years AD",
    _GAINED: "years",
    _LOST: "years",
    "children born for it": "children",
    "operations agreed to": "operations",
    "operations not asked about": "operations",
    "of these, not to be refused": "operations",
    "died of it": "people",
}
_GIFT_NAMES = {gift: "bone marrow" if gift == "marrow" else gift for gift in GIFTS}


def raised(run: StoredRun) -> pl.DataFrame:
    """Return the people of the run who were raised for their organs."""
    return first_replicate(run, table="people").filter(pl.col("kind") == "clone").collect()


def plot_stations(run: StoredRun) -> Figure:
    """Draw who is alive in the Programme on each 1 January, by station."""
    name, title = "stations", "Who is alive in the Programme"
    alive = (
        first_replicate(run, table="years")
        .filter(
            (pl.col("kind") == "clone")
            & (pl.col("world") == "simulated")
            & pl.col("sex").is_null()
            & pl.col("age_group").is_null()
            & pl.col("state").is_in(list(STATIONS))
        )
        .group_by("year", "state")
        .agg(pl.col("alive").sum())
        .with_columns(series=pl.col("state").replace_strict(STATIONS, return_dtype=pl.String))
        .collect()
    )
    names = list(STATIONS.values())
    table = spread(alive, index="year", values="alive", names=names).sort("year")
    table = table.with_columns(pl.sum_horizontal(names).alias("together"))
    if table.is_empty() or total(table["together"]) == 0:
        return nothing(name, title=title, why=NO_PROGRAMME)
    most = table.row(int(table["together"].arg_max() or 0), named=True)
    title = (
        f"{count(most['together'])} people raised for their organs are alive at the height of it, "
        f"in {most['year']}; {share(most[STATIONS['house']], of=most['together'])} of them are "
        "in a house, as children"
    )
    chart = (
        alt.Chart(alive.with_columns(place=place_in(names)))
        .mark_area(stroke=PAPER, strokeWidth=0.6)
        .encode(
            year_axis(),
            alt.Y("alive:Q", title="people alive on 1 January"),
            palette(_STATION_COLOURS),
            alt.Order("place:Q"),
        )
    )
    units = dict.fromkeys(table.columns, "people") | {"year": "year AD"}
    return Figure(
        name, title, _first_adults(table), draw(chart, name=name, title=title), table, units
    )


def plot_ages(run: StoredRun) -> Figure:
    """Draw how those born for it pass through the Programme, by age."""
    name, title = "ages", "The way through the Programme, by age"
    people = raised(run)
    if people.is_empty():
        return nothing(name, title=title, why=NO_PROGRAMME)
    table = _flow(people)
    ages = people.select(
        donor=(pl.col("donor_from") - pl.col("born")).median(),
        died=(pl.col("ended") - pl.col("born")).median(),
    ).row(0, named=True)
    title = f"Half of the {count(people.height)} raised for it have died by the age of "
    title += f"{ages['died']:.1f}"
    if ages["donor"] is not None:
        title += f"; half of its \u201cdonors\u201d were called up by {ages['donor']:.1f}"
    long = table.unpivot(index="age", variable_name="series", value_name="share")
    chart = (
        alt.Chart(long.with_columns(place=place_in(list(_FLOW_COLOURS))))
        .mark_area(stroke=PAPER, strokeWidth=0.6)
        .encode(
            alt.X(
                "age:Q",
                title="age, years",
                axis=alt.Axis(grid=False, tickCount=8),
                scale=alt.Scale(nice=False),
            ),
            alt.Y(
                "share:Q",
                title="share of those born",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            palette(_FLOW_COLOURS),
            alt.Order("place:Q"),
        )
    )
    text = "Everybody is followed to the end of life, past 2000 if need be."
    units = dict.fromkeys(table.columns, "proportion") | {"age": "years"}
    whole = table.filter(pl.col("age") % 1 == 0).with_columns(pl.col("age").cast(pl.Int64))
    return Figure(name, title, text, draw(chart, name=name, title=title), whole, units)


def plot_operations(run: StoredRun) -> Figure:
    """Draw at which operation people died."""
    name, title = "operations", "At which operation people died"
    people = raised(run)
    died = people.filter(pl.col("cause") == "completed")
    if died.is_empty():
        return nothing(name, title=title, why="nobody in this run died at an operation of it")
    table = _deaths_by_operation(people)
    worst = table.row(int(table["died"].arg_max() or 0), named=True)
    title = (
        f"Of {count(died.height)} who died of the Programme, "
        f"{share(worst['died'], of=died.height)} died at the {worst['operation']} operation"
    )
    bars = alt.Chart(table).encode(
        alt.X(
            "operation:N", sort=None, title="operation", axis=alt.Axis(labelAngle=0, ticks=False)
        ),
        alt.Y("died:Q", title="people who died"),
    )
    labels = bars.mark_text(dy=-8).encode(alt.Text("died:Q", format=",d"))
    drawing = draw(alt.layer(bars.mark_bar(color=BRICK), labels), name=name, title=title)
    others = people.height - died.height
    text = f"{count(others)} others raised for it died of something else."
    units = {"operated on": "people", "died": "people", "share of them who died": "proportion"}
    return Figure(name, title, text if others else "", drawing, table, units)


def plot_outcomes(run: StoredRun) -> Figure:
    """Draw what became of the organs and tissues that were taken."""
    name, title = "outcomes", "What became of what was taken"
    taken = (
        first_replicate(run, table="organs")
        .filter(pl.col("regime") == "programme")
        .group_by("organ", "outcome")
        .agg(pl.len().cast(pl.Int64).alias("organs"))
        .with_columns(
            series=pl.col("outcome").replace_strict(_OUTCOME_NAMES, return_dtype=pl.String),
            gift=pl.col("organ").replace_strict(_GIFT_NAMES, return_dtype=pl.String),
        )
        .collect()
    )
    n_taken = total(taken["organs"])
    if n_taken == 0:
        return nothing(name, title=title, why="nothing was taken from anybody in this run")
    gifts = list(_GIFT_NAMES.values())
    met = set(taken["series"])
    colours = {series: colour for series, colour in _OUTCOME_COLOURS.items() if series in met}
    parts = dict(taken.group_by("series").agg(pl.col("organs").sum()).iter_rows())
    title = (
        f"Of {count(n_taken)} organs and tissues taken, "
        f"{share(parts.get('given to somebody', 0), of=n_taken)} were given to somebody"
    )
    chart = (
        alt.Chart(taken.with_columns(place=place_in(list(colours))))
        .mark_bar()
        .encode(
            alt.Y(
                "gift:N", sort=list(_GIFT_NAMES.values()), title=None, axis=alt.Axis(ticks=False)
            ),
            alt.X("organs:Q", title="organs and tissues taken", axis=alt.Axis(tickCount=4)),
            palette(colours),
            alt.Order("place:Q"),
        )
    )
    taken = taken.sort(place_in(gifts, column="gift"))
    table = spread(taken, index="gift", values="organs", names=list(colours))
    table = table.rename({"gift": "what was taken"})
    text = (
        "Left over: taken at a last operation, and fitted nobody who was waiting that day. Taken "
        "instead: at an earlier operation, when nobody whom an organ fitted had come for half a "
        "year. Neither means that nobody needed an organ: people died on the list all the while."
    )
    units = dict.fromkeys(colours, "organs")
    return Figure(name, title, text, draw(chart, name=name, title=title), table, units)


def plot_account(run: StoredRun) -> Figure:
    """Draw years gained and years lost side by side, five years at a time."""
    name, title = "account", "Years gained and years lost"
    table = (
        whole_account(run)
        .group_by((pl.col("year") // SPAN * SPAN).alias("start"))
        .agg(
            pl.col(*_ACCOUNT_COLUMNS).sum(),
            pl.col("year").min().alias("first"),
            (pl.col("year").max() + 1).alias("stop"),
        )
        .sort("start")
        .select(years_between("first", "stop").alias("years"), *_ACCOUNT_COLUMNS)
        .rename(_ACCOUNT_COLUMNS)
        .collect()
    )
    gained, lost = (float(table[column].sum()) for column in (_GAINED, _LOST))
    if gained == 0.0 and lost == 0.0:
        return nothing(name, title=title, why="nobody gained or lost years by an organ")
    title = (
        f"{count(gained)} years of life gained by people given organs; "
        f"{count(lost)} years lost by the people they were taken from"
    )
    long = table.unpivot(
        on=[_GAINED, _LOST], index="years", variable_name="series", value_name="number"
    )
    colours = {_GAINED: BLUE, _LOST: BRICK}
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            alt.X("years:N", sort=None, title="years", axis=alt.Axis(labelAngle=-45)),
            alt.Y("number:Q", title="years of life"),
            palette(colours),
            xOffset=alt.XOffset("series:N", sort=list(colours)),
        )
    )
    text = (
        "Gained: lived beyond the end of the same life without an organ, counted where the organ "
        "was first given. Lost: what the same child, raised as anybody else, would still have "
        "lived; counted where he or she died. They stand side by side and are not divided by "
        "each other."
    )
    drawing = draw(chart, name=name, title=title)
    return Figure(name, title, text, drawing, table, _ACCOUNT_UNITS)


def whole_account(run: StoredRun) -> pl.LazyFrame:
    """Return the account of all organs and blood groups together, year by year."""
    return first_replicate(run, table="account").filter(
        pl.col("organ").is_null() & pl.col("blood_group").is_null()
    )


_FLOW_COLOURS = {**_STATION_COLOURS, "died": GREY}
_OLDEST = 45.0


def _flow(people: pl.DataFrame) -> pl.DataFrame:
    """Share of those born who are at each station at each half year of age."""
    ends = ("left_house", "carer_from", "donor_from", "ended")
    age_at = people.select((pl.col(end) - pl.col("born")).fill_null(np.inf) for end in ends)
    # Who dies before a station ends leaves it by dying.
    left = np.minimum(age_at.to_numpy(), age_at["ended"].to_numpy()[:, None])
    ages = np.arange(0.0, min(_OLDEST, np.ceil(left[:, -1].max())) + 0.5, 0.5)
    still = (left[None, :, :] > ages[:, None, None]).mean(axis=1)
    at = np.diff(still, axis=1, prepend=0.0)
    columns = {station: at[:, place] for place, station in enumerate(STATIONS.values())}
    return pl.DataFrame({"age": ages, **columns, "died": 1.0 - still[:, -1]})


def _deaths_by_operation(people: pl.DataFrame) -> pl.DataFrame:
    steps = max([FEWEST_OPERATIONS, *people["donations"].drop_nulls()])
    rows = [
        (
            ORDINALS[step - 1],
            int((people["donations"] >= step).sum()),
            int((people["completed_at_donation"] == step).sum()),
        )
        for step in range(1, steps + 1)
    ]
    table = pl.DataFrame(rows, schema=["operation", "operated on", "died"], orient="row")
    operated = pl.when(pl.col("operated on") > 0).then(pl.col("operated on"))
    return table.with_columns((pl.col("died") / operated).alias("share of them who died"))


def _first_adults(table: pl.DataFrame) -> str:
    working = table.filter((pl.col(STATIONS["carer"]) > 0) | (pl.col(STATIONS["donor"]) > 0))[
        "year"
    ]
    born = table.filter(pl.col("together") > 0)["year"]
    if working.is_empty():
        return "Nobody raised for it is at work, or operated on, within these years."
    # A table that begins with some of them alive cannot say who was first.
    told = [f"The first children are alive on 1 January {born[0]}."] * (born[0] > table["year"][0])
    if working[0] > table["year"][0]:
        told.append(
            f"Until {working[0]} there are only children and the young: nobody is at work, and "
            "nothing is taken from anybody."
        )
    return " ".join(told)
