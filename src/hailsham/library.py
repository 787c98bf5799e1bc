"""hailsham from Python: ask a question, get a run, read its tables and lives.

The same question asked twice is run once: a finished run is found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import polars as pl

from hailsham.lives.store import StoredRun, find_run
from hailsham.lives.store import open_run as open_stored
from hailsham.runs import run_scenario
from hailsham.scenario.resolve import identity, resolve
from hailsham.telling.biography import Biography, choose_one, tell
from hailsham.telling.inner.summary import InnerSummary
from hailsham.telling.report import write_report
from hailsham.telling.tables import Summary, summarise
from hailsham.world.england import NUMBERS

RUNS = Path("runs")


@dataclass(frozen=True)
class Life:
    """One life of a run."""

    stored: StoredRun
    person: int
    replicate: int | None = None

    def tell(self) -> str:
        """Return the life in plain sentences."""
        return self._told().as_text()

    def _told(self) -> Biography:
        return tell(self.stored, self.person, replicate=self.replicate)

    def __repr__(self) -> str:
        """Return the life's one line."""
        return self._told().one_line

    def _repr_html_(self) -> str:
        told = self._told()
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in told.paragraphs)
        return f"<details><summary>{escape(told.one_line)}</summary>{paragraphs}</details>"


@dataclass(frozen=True)
class Run:
    """A finished run: its tables, to be read as far as they are asked for, and its lives."""

    stored: StoredRun

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.stored.path

    @property
    def people(self) -> pl.LazyFrame:
        """One row a person."""
        return self.stored.scan("people")

    @property
    def events(self) -> pl.LazyFrame:
        """One row an event."""
        return self.stored.scan("events")

    @property
    def organs(self) -> pl.LazyFrame:
        """One row an organ taken."""
        return self.stored.scan("organs")

    @property
    def turns(self) -> pl.LazyFrame:
        """One row a risk at a turning point."""
        return self.stored.scan("turns")

    @property
    def years(self) -> pl.LazyFrame:
        """One row a year and group."""
        return self.stored.scan("years")

    @property
    def account(self) -> pl.LazyFrame:
        """One row a year, organ and blood group of patients."""
        return self.stored.scan("account")

    @property
    def expectancy(self) -> pl.LazyFrame:
        """One row a life expectancy."""
        return self.stored.scan("expectancy")

    @property
    def ages(self) -> pl.LazyFrame:
        """One row an age, of the Programme alone."""
        return self.stored.scan("ages")

    @property
    def beside(self) -> pl.LazyFrame:
        """One row a quantity of a population lived beside, of the Programme alone."""
        return self.stored.scan("beside")

    @property
    def summary(self) -> Summary | InnerSummary:
        """What a reader wants first."""
        return summarise(self.stored)

    def life(self, person: int | None = None, *, seed: int = 1, where: str | None = None) -> Life:
        """Choose a life.

        Args:
            person: Address of the person; left out, one is chosen by lot.
            seed: Which lot.
            where: A condition in SQL on the columns of ``people``.

        Raises:
            RunFolderError: HS205 if there is no such person, HS206 if the
                condition cannot be read.
        """
        if person is None:
            replicate, person = choose_one(self.stored, seed=seed, where=where)
            return Life(self.stored, person, replicate)
        tell(self.stored, person)  # refuses an address that nobody has
        return Life(self.stored, person)

    def report(self) -> Path:
        """Write the page that tells the run, and return where it is."""
        return write_report(self.stored)

    def __repr__(self) -> str:
        """Return the screen that a run prints."""
        return "\n".join(self.summary.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def open_run(path: str | Path) -> Run:
    """Open a finished run.

    Args:
        path: The run folder.

    Raises:
        RunFolderError: HS201 to HS204 if it is missing, unfinished or altered.
    """
    return Run(open_stored(Path(path)))


def run(
    question: str = "never-let-me-go",
    *,
    runs: str | Path = RUNS,
    settings: dict[str, Any] | None = None,
    workers: int | None = None,
    **options: Any,
) -> Run:
    """Run a scenario, or find the run that answers the same question.

    Args:
        question: The name of a shipped scenario, or the path of a TOML file.
        runs: The folder of runs.
        settings: Values by the dotted names of a scenario file, such as
            ``{"regimes.programme.intake_per_year": 9000}``.
        workers: How many blocks are lived side by side; left out, one a core.
        **options: ``scale``, ``lives``, ``seed``, ``years``, ``replicates``,
            ``log`` and ``reading``, as on the command line.

    Raises:
        ScenarioError: HS101 to HS111 and HS114, every fault at once.
        RunFolderError: HS207 and HS208, if the run cannot be written.
    """
    sets = [f"{key}={value}" for key, value in (settings or {}).items()]
    resolved = resolve(question, sets=sets, **options)
    found = find_run(Path(runs), identity=identity(resolved, numbers=NUMBERS))
    return open_run(found or run_scenario(resolved, runs=Path(runs), workers=workers))
