"""What a figure is, and how a chart becomes one: no browser, no network, no script.

A figure's title states what was found, in numbers taken from the table behind
it; its text says what the axes leave out. Charts are drawn 340 pixels wide, so
that their letters stay legible where the whole page is 360 pixels wide; wider
screens enlarge them. A run with replicates shows its first one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import altair as alt
import polars as pl
import vl_convert
from polars import selectors

from hailsham.lives.store import StoredRun

Chart = alt.Chart | alt.LayerChart | alt.FacetChart

WIDTH = 340
HEIGHT = 250

#: Ink, lines and series, each named by its meaning; the style sheet of the
#: page finds them by value and turns them round in the dark.
INK = "#1f2933"
RULE = "#8a94a0"
GRID = "#e3e7eb"
PAPER = "#ffffff"
BLUE = "#2f6690"
SKY = "#8fb8d4"
AMBER = "#d99a2b"
BRICK = "#9c3d2f"
GREY = "#a9b1b9"
HATCH = "url(#hatch)"

NOTHING = "There is nothing to show here:"
NO_BREAK = "\u00a0"
NO_VALUE = "\u2013"

_FONT = "Arial, Helvetica, sans-serif"
_CONFIG: dict[str, Any] = {
    "font": _FONT,
    "background": None,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": GRID,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": 12,
        "labelColor": INK,
        "labelLimit": 0,
        "symbolType": "square",
        "symbolSize": 120,
        "columnPadding": 14,
        "rowPadding": 3,
        "columns": 2,
    },
    "text": {"fontSize": 12, "fill": INK},
    "line": {"strokeWidth": 2.2},
}


@dataclass(frozen=True)
class Figure:
    """A finding, its drawing, and the table that stands behind both.

    Args:
        name: Word that is unique in a page; ids are made from it.
        title: The finding, a sentence with its numbers.
        text: What a reader must know to read it.
        svg: The drawing, to stand inside a page; empty if there is nothing to show.
        table: What is drawn, and more; its first column names the rows.
        units: Unit of each column that has one.
    """

    name: str
    title: str
    text: str = ""
    svg: str = ""
    table: pl.DataFrame = field(default_factory=pl.DataFrame)
    units: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[list[str]]:
        """Return the table as words, each number with its places and a sign for none."""
        written = [
            [_written(value, unit=self.units.get(name, "")) for value in self.table[name]]
            for name in self.table.columns
        ]
        return [list(row) for row in zip(*written, strict=True)]


def nothing(name: str, *, title: str, why: str) -> Figure:
    """Return a figure that says why it is empty."""
    return Figure(name, title, f"{NOTHING} {why}.")


def first_replicate(run: StoredRun, *, table: str) -> pl.LazyFrame:
    """Return a table of the run, less all replicates but the first; its words are plain words."""
    words = selectors.enum().cast(pl.String)
    return run.scan(table).filter(pl.col("replicate") == 0).with_columns(words)


def place_in(names: Sequence[str], *, column: str = "series") -> pl.Expr:
    """Return the place of a column's words in a list of names, to sort and stack by."""
    places = {name: place for place, name in enumerate(names)}
    return pl.col(column).replace_strict(places, return_dtype=pl.Int64)


def spread(table: pl.DataFrame, *, index: str, values: str, names: Sequence[str]) -> pl.DataFrame:
    """Return a table with one column a series, noughts where there is nothing.

    Args:
        table: Rows of ``index``, ``series`` and ``values``.
        index: Column that names the rows.
        values: Column of counts.
        names: The series, in the order of the columns; each has one, met or not.
    """
    counts = (pl.col(values).filter(pl.col("series") == name).sum().alias(name) for name in names)
    return table.group_by(index, maintain_order=True).agg(counts)


def draw(chart: Chart, *, name: str, title: str, height: int = HEIGHT) -> str:
    """Return a chart as SVG to stand inside a page, with a title that a reader hears."""
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    sized = chart.properties(width=WIDTH, height=height, autosize=fit)
    svg: str = vl_convert.vegalite_to_svg(sized.to_dict() | {"config": _CONFIG})
    return _embedded(svg, name=name, title=title)


def total(column: pl.Series) -> int:
    """Return the sum of a column of counts."""
    return int(column.sum())


def count(number: float) -> str:
    """Return a count as it is written in a sentence."""
    return f"{number:,.0f}"


def share(part: float, *, of: float) -> str:
    """Return a part of a whole in per cent, for a sentence; of nothing it is nought."""
    percent = 100.0 * part / of if of else 0.0
    places = 1 if 0.0 < percent < 2.0 else 0
    return f"{percent:.{places}f}{NO_BREAK}%"


def palette(colours: Mapping[str, str], *, columns: int = 2, symbol: str = "square") -> alt.Color:
    """Return the colour of each series; the legend keeps their order."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    legend = alt.Legend(columns=columns, symbolType=symbol, symbolStrokeWidth=3)
    return alt.Color("series:N", scale=scale, sort=list(colours), legend=legend)


def year_axis(column: str = "year") -> alt.X:
    """Return the axis of calendar years."""
    axis = alt.Axis(format="d", grid=False, tickCount=6)
    return alt.X(f"{column}:Q", title="year", axis=axis, scale=alt.Scale(zero=False, nice=False))


def years_between(start: str, stop: str) -> pl.Expr:
    """Return two columns of years, the second the first year after, as words: 1965–1969."""
    return pl.concat_str(pl.col(start), pl.lit(NO_VALUE), pl.col(stop) - 1)


def _written(value: object, *, unit: str) -> str:
    if value is None:
        return NO_VALUE
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, int) and unit != "year AD":
        return f"{value:,}"
    return str(value)


#: What Vega writes for its own use, or for a reader of single marks; the title
#: of the figure and its table serve that reader better.
_NOISE: Sequence[tuple[str, str]] = (
    (r' (class|role|aria-[a-z]+|pointer-events)="[^"]*"', ""),
    (r'<path [^>]*display="none"/>', ""),
    (r'<path d="M0,0h0v0h0Z"/>', ""),
    (r' opacity="1"', ""),
    # Places beyond a hundredth of a pixel, but not in what the axes say.
    (r"(\.\d\d)\d+(?=[^<>]*>)", r"\1"),
)


def _embedded(svg: str, *, name: str, title: str) -> str:
    """Turn a file of SVG into an element: no address in it, and ids of its own."""
    opening, _, body = svg.partition(">")
    box = re.search(r'viewBox="[^"]*"', opening)
    size = box.group() if box else ""
    for noise, instead in _NOISE:
        body = re.sub(noise, instead, body)
    body = re.sub(r'\bid="|url\(#', lambda found: f"{found.group()}{name}-", body)
    named = f'<title id="{name}-name">{escape(title)}</title>'
    if HATCH in svg:
        named += _hatching(f"{name}-hatch")
    return f'<svg {size} role="img" aria-labelledby="{name}-name">{named}{body}'


def _hatching(name: str) -> str:
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0,0v6" stroke="{BLUE}" stroke-width="4"/>'
        "</pattern></defs>"
    )
