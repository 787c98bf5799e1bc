"""The Programme as a way of supplying organs: how many children are raised for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hailsham.world.parameters import parameter
from hailsham.world.programme.carers import CarerParameters
from hailsham.world.programme.cottages import CottageParameters
from hailsham.world.programme.deferral import DeferralParameters
from hailsham.world.programme.donors import DonorParameters
from hailsham.world.programme.houses import HouseParameters
from hailsham.world.recorded import AGE_STARTS, CAUSES, FIRST_YEAR, LAST_YEAR, Recorded

_OLDEST_HEART = 75.0


@dataclass(frozen=True)
class ProgrammeParameters:
    """Intake, schedule and stations of the Programme."""

    intake_per_year: float | str = parameter(
        "plan",
        "children a year at full size, or 'plan': a share of the fit hearts foreseen "
        "when the children will have died of it",
        unit="children a year",
        low=0,
        high=700000,
        choices=("plan",),
        grade="X",
        source="our assumption: one donor has one heart, and the heart is what binds",
    )
    first_births: float = parameter(
        1953,
        "first year of birth",
        unit="years AD",
        low=1947,
        high=2000,
        grade="X",
        source="film caption: a discovery in 1952; the first births are ours",
    )
    last_births: float = parameter(
        1984,
        "last year of birth",
        unit="years AD",
        low=1947,
        high=2000,
        grade="X",
        source="later children would hardly work before 2000",
    )
    ramp: float = parameter(
        5.0,
        "years over which the intake rises to the plan",
        unit="years",
        low=0,
        high=40,
        grade="X",
        source="our assumption",
    )
    hearts_share: float = parameter(
        0.5,
        "share of the fit hearts that the plan is made for",
        unit="proportion",
        low=0,
        high=2,
        grade="X",
        source="our assumption",
    )
    hearts_fit: float = parameter(
        0.4,
        "share of heart deaths under 75 that the plan counts as fit",
        unit="proportion",
        low=0,
        high=1,
        grade="X",
        source="our assumption",
    )
    hearts_per_child: float = parameter(
        0.7525,
        "hearts that a child will come to give, as the plan has it",
        unit="hearts",
        low=0.01,
        high=1,
        grade="C",
        source="what the donors' risks produce",
    )
    years_ahead: float = parameter(
        27.0,
        "how far ahead the plan looks: the mean age at death",
        unit="years",
        low=0,
        high=60,
        grade="C",
        source="what the lengths of the stations produce",
    )
    schedule: str = parameter(
        "survivable",
        "what is taken at which operation: 'survivable', or 'mechanics' as a reader guesses",
        choices=("survivable", "mechanics"),
        grade="X",
        source="survivable: ordered by the risk to living donors; mechanics: a reader's comment",
    )
    houses: HouseParameters = field(default_factory=HouseParameters)
    cottages: CottageParameters = field(default_factory=CottageParameters)
    carers: CarerParameters = field(default_factory=CarerParameters)
    donors: DonorParameters = field(default_factory=DonorParameters)
    deferral: DeferralParameters = field(default_factory=DeferralParameters)


def heart_deaths(recorded: Recorded) -> NDArray[np.float64]:
    """Return recorded deaths by disease of the heart under 75, by year. Shape (years,)."""
    young = np.array(AGE_STARTS) < _OLDEST_HEART
    rates = recorded.cause_rates[..., CAUSES.index("heart")]
    deaths: NDArray[np.float64] = (rates * recorded.population)[:, :, young].sum(axis=(1, 2))
    return deaths


def planned_intake(parameters: ProgrammeParameters, recorded: Recorded) -> NDArray[np.float64]:
    """Return how many children are born for the Programme, by year from the first on.

    The plan looks at the hearts that will be needed when the children of a
    year will have died of it; where that lies past the tables, their last year holds.

    Args:
        parameters: Intake and the years of it.
        recorded: For the deaths that the plan foresees.

    Returns:
        [children a year] At full size. Shape (years of birth,).
    """
    years = np.arange(int(parameters.first_births), int(parameters.last_births) + 1)
    if not isinstance(parameters.intake_per_year, str):
        return np.full(years.size, float(parameters.intake_per_year))
    foreseen = np.minimum(years + parameters.years_ahead, LAST_YEAR)
    hearts = np.interp(foreseen, np.arange(FIRST_YEAR, LAST_YEAR + 1), heart_deaths(recorded))
    wanted = parameters.hearts_share * parameters.hearts_fit * hearts
    rise = (years - years[0] + 1) / max(parameters.ramp, 1.0)
    return np.asarray(np.minimum(rise, 1.0) * wanted / parameters.hearts_per_child)
