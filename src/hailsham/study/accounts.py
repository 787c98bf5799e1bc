"""The rival readings, each lived by the same people with the same luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hailsham.runs import Observe
from hailsham.study.questions import NOBODY_BESIDE, ask
from hailsham.telling.evidence.estimates import Estimate
from hailsham.telling.evidence.lives import Lives, read_lives
from hailsham.telling.evidence.measures import escaped
from hailsham.telling.evidence.predictions import Fitted, accepting, fit, predict
from hailsham.world.programme.houses import POD
from hailsham.world.sources.readings import DEFAULT, INTERVENTIONS, READINGS, Reading, Settings

#: Enough to tell readings apart that differ by a hundredth; seconds each.
LIVES = 8_000
#: An intervention either moves nearly everybody or nobody, so few are enough. A share of the lives.
_FEW = 10


@dataclass(frozen=True)
class Account:
    """What a reading predicts, which facts its lives fit, and what interventions would do.

    ``name`` is the reading's, with the variant's behind it if it is one.
    ``accepted`` follows the reading's own rule for an acceptance that counts.
    ``leaving`` gives by intervention the share who would leave.
    """

    name: str
    reading: Reading
    variant: str
    predictions: Mapping[str, Estimate]
    accepted: Estimate
    fitted: tuple[Fitted, ...]
    leaving: Mapping[str, Estimate]


def live_by(
    *, lives: int = LIVES, seed: int = 1, runs: Path, observe: Observe | None = None
) -> Iterator[Account]:
    """Yield the account of each reading, and of each variant, as its run is done.

    Args:
        lives: How many children live by each.
        seed: Which luck; the same for all.
        runs: The folder of runs.
        observe: Is told which reading is lived, and how far its run has come.
    """

    def read(reading: str, settings: Settings, name: str, n: int) -> Lives:
        def watch(stage: str, share_done: float) -> None:
            del stage
            if observe is not None:
                observe(name, share_done)

        run = ask(
            {**NOBODY_BESIDE, **settings}, reading=reading, lives=n, seed=seed, runs=runs,
            observe=watch,
        )  # fmt: skip
        return read_lives(run)

    for reading in READINGS.values():
        few = max(POD, lives // _FEW)
        # A variant says all that it sets, so it is laid over the reading that sets nothing.
        variants = [(each.name, DEFAULT, each.values) for each in reading.variants]
        no_change: Settings = {}
        for variant, base, settings in [("", reading.name, no_change), *variants]:
            name = f"{reading.name}, {variant}" if variant else reading.name
            leaving = {
                each.name: escaped(read(base, {**settings, **each.values}, name, few))
                for each in INTERVENTIONS.values()
            }
            found = read(base, settings, name, lives)
            yield Account(
                name, reading, variant, predict(found), _accepted(found, reading), fit(found),
                leaving,
            )  # fmt: skip


def _accepted(lives: Lives, reading: Reading) -> Estimate:
    """Return the share whose acceptance counts, by the reading's own rule."""
    shown = accepting(lives)
    return shown if reading.acceptance == "as lived" else Estimate(0.0, 0.0, shown.n)
