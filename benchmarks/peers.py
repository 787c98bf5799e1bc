"""hailsham, its peers and a limit in C, side by side: W1, lives, and W2, shared carers.

    python -m benchmarks.peers              # about five minutes after the first time
    python -m benchmarks.peers --rounds 3 --seconds 0.3

Makes an environment for the peers in ``.cache/benchmarks``, compiles the
limits, checks that all compute the same thing and that the check can fail,
lets the contestants run in turn, round after round, and writes
``benchmarks/results/DATE.md``. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.lives_and_carers import checking, environment
from benchmarks.lives_and_carers.checking import Run
from benchmarks.lives_and_carers.contestants import (
    CARERS,
    CONTESTANTS,
    LIMITS,
    OURS,
    PATIENTS,
    Contestant,
)

RESULTS = Path(__file__).parent / "results"
REFERENCE_RUNS = 40  # of the limit, to know how much the wait of W2 varies
TWIN_SEED = 77_000
RACES = {
    "W1": "W1, lives: million persons per CPU-second",
    "W2": f"W2, {CARERS['W2']} carers, overloaded: million spells of care per CPU-second",
    "W2s": f"W2s, {CARERS['W2s']} carers: million spells of care per CPU-second",
}


@dataclass
class Row:
    """A contestant, the size that suits it, and its runs, round by round."""

    contestant: Contestant
    size: int
    rounds: list[list[Run]] = field(default_factory=list)

    @property
    def runs(self) -> list[Run]:
        """All runs of all rounds."""
        return [run for runs in self.rounds for run in runs]

    @property
    def speeds(self) -> list[float]:
        """Persons or spells per CPU-second, a round each."""
        return [sum(r["n"] for r in runs) / sum(r["cpu_s"] for r in runs) for runs in self.rounds]


@dataclass(frozen=True)
class Track:
    """What was installed and compiled for the race."""

    made: Mapping[str, Path]
    python: Path

    def run(self, contestant: Contestant, *, size: int, seed: int) -> list[Run]:
        """Run a contestant once."""
        return contestant.run(self.made, self.python, size=size, seed=seed)


def say(words: str) -> None:
    """Tell whoever waits what is going on."""
    print(words, file=sys.stderr, flush=True)


def two_digits(number: float) -> int:
    """Round to two digits, at least 1."""
    digits = len(str(int(number)))
    return max(1, round(int(number), min(0, 2 - digits)))


def sized(contestant: Contestant, track: Track, *, seconds: float) -> Row:
    """Find the size at which one measurement takes about so many CPU-seconds."""
    pilot = track.run(contestant, size=contestant.size, seed=1)
    spent = sum(run["cpu_s"] for run in pilot)
    size = two_digits(contestant.size * seconds / spent)
    say(f"{contestant.race} {contestant.name}: size {size:,}")
    return Row(contestant, size)


def race(rows: Sequence[Row], track: Track, *, rounds: int) -> None:
    """Let all run in turn, round after round, each time with another seed."""
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for row in rows if number % 2 == 0 else reversed(rows):
            row.rounds.append(track.run(row.contestant, size=row.size, seed=1_000 * (number + 1)))


def apart(row: Row, references: Mapping[str, Sequence[Run]]) -> dict[str, float]:
    """Return how many standard errors each mean of a row is from where it belongs."""
    if row.contestant.race == "W1":
        return checking.lives_apart(row.runs, by_year=row.contestant.by_year)
    return checking.carers_apart(row.runs, limit=references[row.contestant.race])


def twin(row: Row, track: Track) -> Row:
    """Return the broken limit, at the size of a row."""
    if row.contestant.race == "W1":
        name, size = "lives-broken", round(sum(run["n"] for run in row.runs))
    else:
        name, size = "carers-broken", len(row.runs)
    broken = Contestant("broken twin", row.contestant.race, size, program=name)
    return Row(broken, size, [track.run(broken, size=size, seed=TWIN_SEED)])


def check(rows: Sequence[Row], track: Track) -> list[str]:
    """Return a line for each row, and one for each broken twin; stop if one is wrong."""
    references = {
        name: track.run(
            Contestant("limit", name, REFERENCE_RUNS, program="carers"),
            size=REFERENCE_RUNS,
            seed=500_000,
        )
        for name in CARERS
    }
    lines = []
    for row in rows:
        name, far = checking.furthest(apart(row, references))
        if abs(far) > checking.APART:
            raise SystemExit(f"{row.contestant} computes something else: {name} is {far:.1f} off")
        lines.append(f"| {row.contestant.race} | {row.contestant.name} | {name} | {far:+.1f} |")
    for name in RACES:
        there = [row for row in rows if row.contestant.race == name]
        broken = twin(min(there, key=lambda row: sum(run["n"] for run in row.runs)), track)
        measure, far = checking.furthest(apart(broken, references))
        if abs(far) <= checking.APART:
            raise SystemExit(f"the check of {name} did not notice a broken model")
        lines.append(f"| {name} | broken twin, refused | {measure} | {far:+.1f} |")
    return lines


def spread(values: Iterable[float], form: str) -> str:
    """Write a median with the least and the most."""
    values = list(values)
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:{form}} ({least:{form}} to {most:{form}})"


def over(row: Row, other: Row) -> str:
    """Write how many times as fast one row is as another, round by round."""
    ratios = [a / b for a, b in zip(row.speeds, other.speeds, strict=True)]
    return spread(ratios, ".3g")


def table(rows: Sequence[Row], name: str) -> list[str]:
    """Return a race as a table in Markdown, the fastest first."""
    there = [row for row in rows if row.contestant.race == name]
    there.sort(key=lambda row: -statistics.median(row.speeds))
    named = {row.contestant.name: row for row in there}
    limits = [named[limit] for limit in LIMITS[name]]
    shares = " | ".join(f"share of {limit.contestant.name}" for limit in limits)
    lines = [
        f"## {RACES[name]}",
        "",
        f"| | size | median (least to most) | {shares} | hailsham over it |",
        f"| --- | --- | --- |{' --- |' * len(limits)} --- |",
    ]
    for row in there:
        ratios = [over(row, limit) for limit in limits] + [over(named[OURS], row)]
        size = f"{row.size:,}" if name == "W1" else f"{row.size} × {PATIENTS:,}"
        speed = spread((speed / 1e6 for speed in row.speeds), ".3g")
        lines.append(f"| {row.contestant.name} | {size} | {speed} | {' | '.join(ratios)} |")
    return [*lines, ""]


def report(rows: Sequence[Row], checks: Sequence[str], told: Sequence[str]) -> str:
    """Return the whole result."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    smallest = min(sum(run["n"] for run in row.runs) for row in rows if row.contestant.race == "W1")
    notice = checking.would_notice(smallest)
    lines = [f"# Side by side, {today:%d %B %Y}", "", *(f"- {line}" for line in told), ""]
    for name in RACES:
        lines += table(rows, name)
    lines += [
        "## All compute the same thing",
        "",
        "The mean of each that is furthest from where it belongs, in standard errors. "
        f"In W1 an error of {100 * notice:.1f} % in years of illness would be noticed even in "
        "the smallest contestant.",
        "",
        "| race | contestant | mean | standard errors |",
        "| --- | --- | --- | --- |",
        *checks,
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Prepare, race, check, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="CPU, for one measurement")
    options = parser.parse_args()
    track = Track(environment.compile_limits(), environment.peers_python())
    rows = [sized(one, track, seconds=options.seconds) for one in CONTESTANTS]
    race(rows, track, rounds=options.rounds)
    checks = check(rows, track)
    told = (
        environment.machine(),
        ", ".join(environment.versions(track.python)),
        f"{options.rounds} rounds, about {options.seconds:g} CPU-seconds a measurement",
    )
    result = report(rows, checks, told)
    RESULTS.mkdir(exist_ok=True)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    (RESULTS / f"{today}.md").write_text(result)
    print(result)


if __name__ == "__main__":
    main()
