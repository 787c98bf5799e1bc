"""Who takes part in which race, and how each is started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.lives_and_carers.checking import Run
from benchmarks.lives_and_carers.environment import ROOT

HERE = "benchmarks.lives_and_carers"
PATIENTS = 100_000
CARERS = {"W2": 200, "W2s": 360}
#: What a row is a share of, race by race.
LIMITS = {
    "W1": ("C, free", "C, strict"),
    "W2": ("C, array heap",),
    "W2s": ("C, array heap",),
}
OURS = "hailsham"


@dataclass(frozen=True)
class Contestant:
    """One row of a race.

    ``program`` is a compiled one, ``module`` one that has ``lives`` and
    ``carers``. ``size`` is where the search for a good one begins. ``by_year``
    tells that hazards are those of life tables, which have answers of their own.
    """

    name: str
    race: str
    size: int
    program: str | None = None
    module: str | None = None
    function: str = "lives"
    by_year: bool = False

    def run(self, made: Mapping[str, Path], python: Path, *, size: int, seed: int) -> list[Run]:
        """Run once in a process of its own and return what it said of each of its runs."""
        command = self._command(made, python, size=size, seed=seed)
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(
            command, check=False, env=environment, cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise SystemExit(f"{self.name} failed on {self.race}:\n{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def _command(
        self, made: Mapping[str, Path], python: Path, *, size: int, seed: int
    ) -> tuple[str, ...]:
        # W2 has a size of its own; what varies is how often it is run.
        runs, n = ("1", (str(size),)) if self.race == "W1" else (str(size), self._ward())
        if self.program:
            numbers = (*n, str(seed)) if self.race == "W1" else (*n, str(seed), runs)
            return (str(made[self.program]), *numbers)
        # Our own engine is that of the environment that asks; the peers have their own.
        interpreter = sys.executable if self.name.startswith(OURS) else str(python)
        timed = (f"{HERE}.timing", f"{HERE}.{self.module}", self.function, str(seed), runs)
        return (interpreter, "-m", *timed, *n)

    def _ward(self) -> tuple[str, str]:
        return (str(PATIENTS), str(CARERS[self.race]))


def _lives(name: str, module: str, size: int, function: str = "lives") -> Contestant:
    return Contestant(name, "W1", size, module=module, function=function)


def _carers(name: str, module: str, *races: str) -> list[Contestant]:
    return [Contestant(name, race, 1, module=module, function="carers") for race in races]


CONTESTANTS: tuple[Contestant, ...] = (
    Contestant("C, free", "W1", 20_000_000, program="lives"),
    Contestant("C, strict", "W1", 20_000_000, program="lives-strict"),
    _lives("hailsham", "with_hailsham", 5_000_000),
    _lives("hailsham, columns of people", "with_hailsham", 5_000_000, "lives_in_columns"),
    Contestant(
        "hailsham, life tables",
        "W1",
        1_000_000,
        module="with_hailsham",
        function="lives_by_life_table",
        by_year=True,
    ),
    _lives("NumPy, by event rank", "with_numpy", 2_000_000),
    _lives("NumPy, every trick", "with_tuned_numpy", 4_000_000),
    _lives("neworder", "with_neworder", 100_000),
    _lives("cimba, in cohorts", "with_cimba", 200_000),
    _lives("SimPy", "with_simpy", 20_000),
    _lives("SimPy, in cohorts", "with_simpy", 20_000, "lives_in_cohorts"),
    *(Contestant("C, array heap", race, 20, program="carers") for race in CARERS),
    *_carers(OURS, "with_hailsham", "W2", "W2s"),
    *_carers("cimba", "with_cimba", "W2s"),
    *_carers("SimPy", "with_simpy", "W2", "W2s"),
)
