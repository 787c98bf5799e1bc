"""Commands that ask about questions: `scenarios`, `check`, `explain`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hailsham.cli.screen import answer, answer_json, screen_width, table_lines, wrapped
from hailsham.errors import CODES, AskerError, Fault, ScenarioError

_PACKAGE = Path(__file__).parents[1]
#: Where the pages of the codes lie: in an installed package, or else in a checkout.
_PAGES = (_PACKAGE / "error_pages", _PACKAGE.parents[1] / "docs" / "errors")


def complete_scenario(begun: str) -> list[str]:
    """Return the shipped scenarios whose names begin so, for the shell."""
    from hailsham.scenario import shipped

    return [name for name in shipped() if name.startswith(begun)]


def complete_reading(begun: str) -> list[str]:
    """Return the readings whose names begin so, for the shell."""
    from hailsham.world.sources.readings import READINGS

    return [name for name in READINGS if name.startswith(begun)]


def complete_code(begun: str) -> list[str]:
    """Return the codes that begin so, for the shell."""
    return [code for code in CODES if code.startswith(begun.upper())]


Question = Annotated[
    str | None,
    typer.Argument(
        metavar="SCENARIO",
        help="A shipped scenario, or a file NAME.toml. [never-let-me-go]",
        autocompletion=complete_scenario,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="One setting laid over it; may be repeated."),
]
Reading = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A reading of the sources, by name or alias. [article]",
        autocompletion=complete_reading,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]


def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that ship."""
    from hailsham.scenario import shipped

    if as_json:
        answer_json(shipped())
    else:
        width = max(map(len, shipped()))
        answer(f"{name:{width}}  {title}" for name, title in shipped().items())


def check(
    file: Annotated[str, typer.Argument(metavar="FILE.toml", help="A scenario.")],
    sets: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Name every fault of a scenario at once, or call it sound.

    Also says how many of the defaults that it rests on are from memory or assumed.
    """
    from hailsham.scenario import resolve

    try:
        resolved = resolve(file, sets=sets or ())
    except ScenarioError as error:
        if as_json:
            answer_json({"sound": False, "faults": [asdict(fault) for fault in error.faults]})
            raise typer.Exit(error.exit_code) from None
        raise
    loose, n_defaults = resolved.memory_or_assumption()
    changed = [row for row in resolved.parameters() if row["changed"]]
    if as_json:
        counts = {"defaults": n_defaults, "on_memory_or_assumption": loose}
        answer_json({"sound": True, "faults": [], **counts, "changed": changed})
        return
    answer(f"{file}: sound. {resolved.title}")
    if changed:
        rows = [(row["key"], row["value"], row["default"], row["unit"]) for row in changed]
        heads = ("changed", "to", "from", "unit")
        answer(["", *table_lines(heads, rows=rows, width=screen_width()), ""])
    answer(
        wrapped(
            f"{n_defaults} numbers stand at their defaults; "
            f"{loose} of them rest on memory or on an assumption of ours."
        )
    )


def explain(
    code: Annotated[
        str | None,
        typer.Argument(help="As in HS103; all if left out.", autocompletion=complete_code),
    ] = None,
) -> None:
    """Say what a fault code means, with an example."""
    if code is None:
        answer(f"{name}  {title}" for name, title in CODES.items())
        return
    if code.upper() not in CODES:
        what = f"{code!r} is no code of hailsham's."
        known = tuple(CODES)
        raise AskerError(
            [Fault("HS209", f"explain {code}", what, known, code.upper())],
            closing="Nothing was explained.",
        )
    _show_page(page_of(code.upper()))


def page_of(code: str) -> str:
    """Return the page of a code, as Markdown."""
    pages = (folder / f"{code}.md" for folder in _PAGES)
    page = next((page for page in pages if page.exists()), None)
    return f"# {code}: {CODES[code]}\n" if page is None else page.read_text(encoding="utf-8")


def _show_page(text: str) -> None:
    if not sys.stdout.isatty():
        answer(text.rstrip())
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
