"""The program `hailsham`: its commands, its version, its one boundary.

What is heavy is imported in the bodies of the commands, so that ``--help`` and
a wrong word are answered at once.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from hailsham.cli import asking, judging, reading, running, verifying
from hailsham.cli.boundary import Boundary
from hailsham.cli.screen import answer

#: Each command with an example of it.
COMMANDS: dict[Callable[..., None], str] = {
    running.run: "hailsham run few-carers --scale 1000 --set list.age_limit=60",
    asking.scenarios: "hailsham scenarios",
    asking.check: "hailsham check my-england.toml",
    asking.explain: "hailsham explain HS103",
    reading.show: "hailsham show last",
    reading.report: "hailsham report last --open",
    reading.life: "hailsham life last --where \"kind = 'clone'\"",
    reading.query: 'hailsham query last "SELECT cause, count(*) FROM people GROUP BY cause"',
    judging.evidence: "hailsham evidence --lives 20000 --reading no_choice",
    judging.readings: "hailsham readings --lives 20000",
    verifying.verify: "hailsham verify --seed 2",
    running.warm: "hailsham warm",
}

app = typer.Typer(
    name="hailsham",
    cls=Boundary,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: hailsham run",
)
for _command, _example in COMMANDS.items():
    app.command(epilog=f"Example: {_example}")(_command)


def _show_version(is_asked: bool) -> None:
    if not is_asked:
        return
    try:
        answer(f"hailsham {version('hailsham')}")
    except PackageNotFoundError:
        answer("hailsham, from a checkout that is not installed")
    raise typer.Exit


@app.callback()
def hailsham(
    is_version_asked: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Simulate the England of Never Let Me Go, one life at a time."""
    del is_version_asked
