"""What the engine costs beside simulating: columns, tables, files, threads, starting, memory.

    python -m benchmarks.engine_run                # about four minutes
    python -m benchmarks.engine_run --rounds 3 --share 0.1

All of W1, see benchmarks/README.md. Every measurement is a process of its own;
what is compared runs in turn. Prints a table with the bar beside each figure,
and writes it to ``benchmarks/results/DATE-engine.md``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.lives_and_carers import environment, with_hailsham, with_numpy
from benchmarks.lives_and_carers.workloads import AGES, LAST_AGE
from benchmarks.peers import RESULTS, say, spread
from hailsham.engine import Columns, Lives
from hailsham.lives.streaming import ParquetColumns

SEED = 1
ASKED = Columns(years=("ill",), visits=("ill",), state_at=True)
#: Import, declare, live a thousand people: run as a whole process.
FIRST_RESULT = """
import time
from benchmarks.lives_and_carers import with_hailsham
with_hailsham.lives(1_000, 1)
print(time.process_time())
"""
MILLION = 1_000_000
#: Processes that want to run: with more, there is no idle core for a second thread.
BUSY = 1.5

# ---------------------------------------------------------------- what is run


def simulate(persons: int, **asked: Any) -> Lives:
    """Live W1."""
    model = with_hailsham.illness_death()
    return model.simulate(persons, seed=SEED, until=LAST_AGE, moments=AGES, **asked)


def sums(persons: int) -> None:
    """Keep totals alone."""
    simulate(persons, log=False)


def sums_on_two_threads(persons: int) -> None:
    """Keep totals alone, on two threads."""
    simulate(persons, log=False, threads=2)


def columns_in_chunks(persons: int) -> None:
    """Look at each chunk of columns, and let it go."""
    simulate(persons, log=False, columns=ASKED, sink=lambda *_: None)


def columns_in_memory(persons: int) -> None:
    """Keep columns of all people, each in one piece."""
    _ = simulate(persons, log=False, columns=ASKED).people


def life_tables(persons: int) -> None:
    """Live by tables by year, totals alone."""
    with_hailsham.lives_by_life_table(persons, SEED)


def numpy_closed_forms(persons: int) -> None:
    """Live in NumPy, by event rank."""
    with_numpy.lives(persons, SEED)


def columns_to_parquet(persons: int) -> dict[str, float]:
    """Write columns of all people; return CPU-seconds of writing over those of simulating."""
    began, writing = time.process_time(), 0.0

    def take(*chunk: Any) -> None:
        nonlocal writing
        came = time.process_time()
        sink(*chunk)
        writing += time.process_time() - came

    with tempfile.TemporaryDirectory() as folder:
        with ParquetColumns(folder) as sink:
            simulate(persons, log=False, columns=ASKED, sink=take)
            closing = time.process_time()
        writing += time.process_time() - closing
    return {"ratio": writing / (time.process_time() - began - writing)}


def log_to_parquet(persons: int) -> None:
    """Write the event log of all people."""
    with tempfile.TemporaryDirectory() as folder, ParquetColumns(folder) as sink:
        simulate(persons, sink=sink)


TASKS: dict[str, Callable[[int], Mapping[str, float] | None]] = {
    task.__name__: task
    for task in (
        sums,
        sums_on_two_threads,
        columns_in_chunks,
        columns_in_memory,
        life_tables,
        numpy_closed_forms,
        columns_to_parquet,
        log_to_parquet,
    )
}


def run_here(name: str, persons: int) -> None:
    """Run a task once small and once as asked; say what it took, as a line of JSON."""
    TASKS[name](max(1, persons // 50))
    wall, cpu = time.perf_counter(), time.process_time()
    extra = TASKS[name](persons) or {}
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    # Linux counts in units of 1,024 bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e9
    print(json.dumps({**spent, "peak_gb": peak, **extra}))


# ---------------------------------------------------------------- how it is measured


@dataclass(frozen=True)
class Course:
    """How often everything is measured, and with which share of the people."""

    rounds: int
    share: float

    def run(self, task: str, persons: int) -> dict[str, float]:
        """Run a task in a process of its own."""
        size = str(round(persons * self.share))
        command = (sys.executable, "-m", "benchmarks.engine_run", "--task", task, "--persons", size)
        done = subprocess.run(
            command, check=True, cwd=environment.ROOT, stdout=subprocess.PIPE, text=True
        )
        found: dict[str, float] = json.loads(done.stdout)
        return found

    def speeds(
        self, task: str, persons: int, *, over: str, others: int, by: str = "cpu_s"
    ) -> list[float]:
        """Return how many times as fast a task is as another, round by round."""
        ratios = []
        for number in range(self.rounds):
            pair = [(task, persons), (over, others)]
            took = {
                name: self.run(name, size)[by] / size
                for name, size in (pair if number % 2 == 0 else reversed(pair))
            }
            ratios.append(took[over] / took[task])
        return ratios

    def figures(self, task: str, persons: int, *, of: str) -> list[float]:
        """Return one figure of a task, round by round."""
        return [self.run(task, persons)[of] for _ in range(self.rounds)]

    def first_results(self, *, is_compiled: bool) -> list[float]:
        """Return CPU-seconds of a process from its start to its first result."""
        with tempfile.TemporaryDirectory() as kept:
            if is_compiled:
                _first_result(kept)
                return [_first_result(kept) for _ in range(self.rounds)]
        found = []
        for _ in range(self.rounds):
            with tempfile.TemporaryDirectory() as fresh:
                found.append(_first_result(fresh))
        return found


def _first_result(cache: str) -> float:
    """Return CPU-seconds of a process that uses a cache of kernels."""
    settings = os.environ | {"HAILSHAM_CACHE": cache}
    done = subprocess.run(
        (sys.executable, "-c", FIRST_RESULT),
        check=True,
        env=settings,
        cwd=environment.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout)


@dataclass(frozen=True)
class Figure:
    """A line of the table: what is measured, and the bar it is held to."""

    what: str
    bar: float
    is_least: bool
    measured: Callable[[Course], Sequence[float]]
    wants_idle_cores: bool = False

    def line(self, course: Course) -> str:
        """Measure, and return a line in Markdown."""
        say(self.what)
        # Of the average itself, the measurements before this one make about 1.
        is_told = not self.wants_idle_cores or os.getloadavg()[0] < BUSY
        values = self.measured(course)
        middle = statistics.median(values)
        is_met = middle >= self.bar if self.is_least else middle <= self.bar
        verdict = ("yes" if is_met else "no") if is_told else "not to be told: no core was idle"
        bar = f"at {'least' if self.is_least else 'most'} {self.bar:g}"
        return f"| {self.what} | {spread(values, '.3g')} | {bar} | {verdict} |"


FIGURES: tuple[Figure, ...] = (
    Figure(
        "columns of people kept in memory, speed over totals alone",
        0.7,
        True,
        lambda c: c.speeds("columns_in_memory", 5 * MILLION, over="sums", others=10 * MILLION),
    ),
    Figure(
        "columns of people handed on in chunks, speed over totals alone",
        0.7,
        True,
        lambda c: c.speeds("columns_in_chunks", 5 * MILLION, over="sums", others=10 * MILLION),
    ),
    Figure(
        "life tables, speed over NumPy with closed forms",
        1.8,
        True,
        lambda c: c.speeds(
            "life_tables", 5 * MILLION, over="numpy_closed_forms", others=5 * MILLION
        ),
    ),
    Figure(
        "10 million people's columns to Parquet, CPU time of writing over simulating",
        1.3,
        False,
        lambda c: c.figures("columns_to_parquet", 10 * MILLION, of="ratio"),
    ),
    Figure(
        "two threads, speed over one, by the wall",
        1.85,
        True,
        lambda c: c.speeds(
            "sums_on_two_threads",
            40 * MILLION,
            over="sums",
            others=40 * MILLION,
            by="wall_s",
        ),
        wants_idle_cores=True,
    ),
    Figure(
        "start to first result, compiled before [CPU-s]",
        0.7,
        False,
        lambda c: c.first_results(is_compiled=True),
    ),
    Figure(
        "start to first result, compiling three states [CPU-s]",
        8.0,
        False,
        lambda c: c.first_results(is_compiled=False),
    ),
    Figure(
        "100 million people, totals alone, peak memory [GB]",
        1.0,
        False,
        lambda c: c.figures("sums", 100 * MILLION, of="peak_gb"),
    ),
    Figure(
        "10 million people's event log to Parquet, peak memory [GB]",
        2.0,
        False,
        lambda c: c.figures("log_to_parquet", 10 * MILLION, of="peak_gb"),
    ),
)


def report(course: Course) -> str:
    """Measure everything and return the table."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    before = os.getloadavg()[0]
    figures = [figure.line(course) for figure in FIGURES]
    share = f", {course.share:g} of the people" if course.share != 1.0 else ""
    lines = [
        f"# The engine, {today:%d %B %Y}",
        "",
        f"- {environment.machine()}",
        f"- {course.rounds} rounds{share}; median (least to most)",
        f"- processes that wanted to run, on average: {before:.1f} before, "
        f"{os.getloadavg()[0]:.1f} after",
        "",
        "| what | measured | bar | met |",
        "| --- | --- | --- | --- |",
        *figures,
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--share", type=float, default=1.0, help="of the people")
    parser.add_argument("--task", choices=TASKS, help="run this alone, here")
    parser.add_argument("--persons", type=int, default=MILLION, help="for --task")
    options = parser.parse_args()
    if options.task:
        run_here(options.task, options.persons)
        return
    told = report(Course(options.rounds, options.share))
    RESULTS.mkdir(exist_ok=True)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    (RESULTS / f"{today}-engine.md").write_text(told)
    print(told)


if __name__ == "__main__":
    main()
