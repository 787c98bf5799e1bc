"""What every page of a run has: chapters of figures, parameters by their table, one environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from hailsham.lives.store import StoredRun
from hailsham.telling import words
from hailsham.telling.figures import NO_VALUE, Figure, count

#: How many whole lives a page tells.
N_LIVES = 12

Plot = Callable[[StoredRun], Figure]


@dataclass(frozen=True)
class Chapter:
    """A part of the report: a heading, a line beneath it, and its figures."""

    name: str
    title: str
    text: str
    plots: tuple[Plot, ...]


def figures_of(chapter: Chapter, *, run: StoredRun) -> list[dict[str, Any]]:
    """Return the figures of a chapter, ready for the page."""
    return [shown(plot(run)) for plot in chapter.plots]


def shown(figure: Figure) -> dict[str, Any]:
    """Return a figure ready for the page."""
    columns = [(name, figure.units.get(name, "")) for name in figure.table.columns]
    return {
        "name": figure.name,
        "title": unbroken(figure.title),
        "text": figure.text,
        "svg": figure.svg,
        "columns": columns,
        "rows": figure.rows(),
    }


def unbroken(text: str) -> str:
    """Keep a span of years, 1965–1969, on one line."""
    return text.replace("\u2013", "\u2060\u2013\u2060")


def _by_domain(parameters: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    def domain(parameter: dict[str, Any]) -> str:
        return str(parameter["key"]).rpartition(".")[0]

    return [(key, list(group)) for key, group in groupby(parameters, key=domain)]


def _value(value: object) -> str:
    """Write a parameter's value as a person would."""
    match value:
        case None:
            return NO_VALUE
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(_value(part) for part in value)
        case int() | float():
            is_year = float(value).is_integer() and 1800 <= value <= 2200
            return f"{value:g}" if is_year or abs(value) < 1000 else f"{value:,.10g}"
        case _:
            return str(value)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hailsham.telling", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = count
    environment.filters["value"] = _value
    return environment


ENVIRONMENT = _environment()


def put_in(run: StoredRun) -> dict[str, Any]:
    """Return what the pages of all runs say of parameters, provenance, limits and weaknesses."""
    dictionary = run.dictionary
    parameters = dictionary["parameters"]
    return {
        "manifest": run.manifest,
        "parameters": _by_domain(parameters),
        "grades": dictionary["grades"],
        "n_parameters": len(parameters),
        "by_grade": Counter(parameter["grade"] for parameter in parameters),
        "n_changed": sum(bool(parameter["changed"]) for parameter in parameters),
        "provenance": dictionary["provenance"],
        "notes": dictionary["notes"],
        "weak": dictionary["weak"],
        "words": words,
    }
