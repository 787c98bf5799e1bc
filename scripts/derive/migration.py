"""Find the least migration with which the projected people become the recorded ones.

Recorded population less births, deaths and ageing leaves a residual. Taken
year by year it is mostly noise: a cohort crosses into the next band a little
early, one year's leavers are the next year's entrants. So we ask for the
smallest flows, in squares, with which the projection stays close to the
record, and closest of all in sums over a decade.
"""

import numpy as np

from hailsham.world.recorded import (
    AGE_STARTS,
    BANDS,
    FIRST_YEAR,
    RATE_UNIT,
    SEXES,
    YEARS,
    FloatArray,
    IntArray,
)
from scripts.derive.projection import WIDTHS, Flows, Official, project, survive

N_YEARS, N_BANDS = len(YEARS), len(BANDS)
SHAPE = (N_YEARS, len(SEXES), N_BANDS)

# Weights of the fit, as standard deviations [proportion]. Chosen so that the limits which
# tests/unit/world/test_derive_tables.py states are met with the least coming and going.
FLOW_SPREAD = 0.01
CELL_SPREAD = 0.004
DECADE_SPREAD = 0.0003
# Small cells are noisier. The two years after the start feel that mid-1947 was read as 1 January.
SMALL_CELL = 100_000
LOOSER = 3.0
START_YEARS = 2
# Years of each sum that is to be met closely [years AD], half-open.
DECADES = ((1947, 1950), (1950, 1960), (1960, 1970), (1970, 1980), (1980, 1990), (1990, 2000))

# A cell that misses by more than this gains weight in the next round; the others slowly lose some.
CELL_LIMIT = 0.007
GAIN, LOSS = 1.3, 1 / 1.1
LEAST_WEIGHT, MOST_WEIGHT = 0.3, 30.0
WEIGHING_ROUNDS = 10
# Rounds with fixed weights come to rest well inside the rounding of the table.
RESTING_ROUNDS = 60
REST = 1e-13
# Rates of leaving are rounded to this many units of the table: a fifth of a person a year in a
# band of two million. Coarse enough that no machine's last bits show.
GRAIN = 100


def measure_response(rates: FloatArray, population: FloatArray) -> FloatArray:
    """Return how the person-years of every cell answer to a flow in every cell.

    A cell is a year and a band. Whole years of age and time are fine enough:
    the response only steers, the monthly projection judges.

    Args:
        rates: [per person-year] Death rates of one sex. Shape (54, 19).
        population: [persons] Of that sex. Shape (54, 19).

    Returns:
        [proportion per proportion] Relative change of person-years (row) for
        net entrants as a share of the cell's people (column).
        Shape (1026, 1026).
    """
    band_of_age = np.append(np.repeat(np.arange(WIDTHS.size), WIDTHS.astype(np.int64)), WIDTHS.size)
    first_ages = np.asarray(AGE_STARTS, dtype=np.int64)
    arriving = np.zeros((N_BANDS, band_of_age.size))
    arriving[band_of_age, np.arange(band_of_age.size)] = 1 / np.append(WIDTHS, 1)[band_of_age]
    aged = arriving / 2
    aged[:, 1:] += arriving[:, :-1] / 2
    aged[:, -1] += arriving[:, -1] / 2
    people = np.zeros((N_YEARS * N_BANDS, band_of_age.size))
    response = np.zeros((N_YEARS, N_BANDS, N_YEARS * N_BANDS))
    for at in range(N_YEARS):
        hazard = rates[at, band_of_age]
        later = np.zeros_like(people)
        later[:, 1:] = people[:, :-1] * survive((hazard[:-1] + hazard[1:]) / 2)
        later[:, -1] += people[:, -1] * survive(hazard[-1])
        newcomers = aged * survive(hazard / 2) * population[at, :, np.newaxis]
        later[at * N_BANDS : (at + 1) * N_BANDS] += newcomers
        lived = np.add.reduceat(people + later, first_ages, axis=1) / 2
        response[at] = (lived / population[at]).T
        people = later
    return response.reshape(N_YEARS * N_BANDS, N_YEARS * N_BANDS)


def weigh_decades(population: FloatArray) -> FloatArray:
    """Return the matrix that turns misses of cells into misses of decades.

    Args:
        population: [persons] Of one sex. Shape (54, 19).

    Returns:
        [proportion] Each cell's share in its decade. Shape (6 * 19, 1026).
    """
    shares = np.zeros((len(DECADES), N_BANDS, N_YEARS, N_BANDS))
    for decade, (start, stop) in enumerate(DECADES):
        years = slice(start - FIRST_YEAR, stop - FIRST_YEAR)
        within = population[years] / population[years].sum(axis=0)
        for band in range(N_BANDS):
            shares[decade, band, years, band] = within[:, band]
    return shares.reshape(len(DECADES) * N_BANDS, N_YEARS * N_BANDS)


class Fit:
    """The flows of one sex on their way to the least that will do."""

    def __init__(self, rates: FloatArray, population: FloatArray) -> None:
        """Measure what a flow does, and how much each miss shall count."""
        self.response = measure_response(rates, population)
        self.decades = weigh_decades(population)
        self.decade_response = self.decades @ self.response
        self.share = np.zeros(N_YEARS * N_BANDS)
        self.weight = np.ones((N_YEARS, N_BANDS))
        self.may_gain = population > SMALL_CELL
        self.may_gain[:START_YEARS] = False
        self.spread = np.where(population > SMALL_CELL, CELL_SPREAD, LOOSER * CELL_SPREAD)
        self.spread[:START_YEARS] *= LOOSER
        self.factor_normal()

    def factor_normal(self) -> None:
        """Invert the normal matrix of the present weights."""
        self.precision = (self.weight / self.spread**2).ravel()
        normal = (self.response.T * self.precision) @ self.response
        normal += self.decade_response.T @ self.decade_response / DECADE_SPREAD**2
        normal[np.diag_indices_from(normal)] += 1 / FLOW_SPREAD**2
        self.inverse = np.linalg.inv(normal)

    def reweigh(self, miss: FloatArray) -> None:
        """Give more weight to cells that miss by too much, and less to the others."""
        gained = self.weight * np.where(np.abs(miss) > CELL_LIMIT, GAIN, LOSS)
        self.weight = np.where(self.may_gain, np.clip(gained, LEAST_WEIGHT, MOST_WEIGHT), 1.0)
        self.factor_normal()

    def step(self, miss: FloatArray) -> float:
        """Move to where the misses and the flows weigh least, and return how far that was.

        Args:
            miss: [proportion] Projected over recorded person-years, less one.
                Shape (54, 19).

        Returns:
            [proportion] The largest change of a flow.
        """
        slope = self.response.T @ (self.precision * miss.ravel()) + self.share / FLOW_SPREAD**2
        slope += self.decade_response.T @ (self.decades @ miss.ravel()) / DECADE_SPREAD**2
        change = self.inverse @ slope
        self.share -= change
        return float(np.abs(change).max())


def part_flows(net: FloatArray, population: FloatArray) -> Flows:
    """Turn net flows into a hazard where people leave and a number where they come.

    Args:
        net: [proportion a year] Net entrants over recorded people. Shape (54, 2, 19).
        population: [persons] Shape (54, 2, 19).

    Returns:
        The flows; in each cell one of the two is zero.
    """
    return Flows(leaving=np.maximum(-net, 0), entrants=np.maximum(net, 0) * population)


def settle_migration(official: Official) -> Flows:
    """Find the least flows that keep the projection at the record.

    Each round projects with the flows so far and corrects them by what is
    still missing, so errors of the response do not stay.

    Args:
        official: Births, population and deaths.

    Returns:
        The flows, not yet rounded.

    Raises:
        ArithmeticError: The flows do not come to rest.
    """
    fits = [Fit(official.rates[:, sex], official.population[:, sex]) for sex in range(len(SEXES))]
    net = np.zeros(SHAPE)
    for at in range(WEIGHING_ROUNDS + RESTING_ROUNDS):
        lived = project(official, part_flows(net, official.population)).person_years
        miss = lived / official.population - 1
        moved = 0.0
        for sex, fit in enumerate(fits):
            if 0 < at < WEIGHING_ROUNDS:
                fit.reweigh(miss[:, sex])
            moved = max(moved, fit.step(miss[:, sex]))
            net[:, sex] = fit.share.reshape(N_YEARS, N_BANDS)
        if at >= WEIGHING_ROUNDS and moved < REST:
            return part_flows(net, official.population)
    raise ArithmeticError(f"migration did not come to rest: it still moves by {moved:.1e}")


def round_flows(flows: Flows) -> IntArray:
    """Round flows to what the table holds.

    Args:
        flows: Who leaves and who comes.

    Returns:
        Leaving [per 10^9 person-years] and entrants [persons a year] on the
        third axis. Shape (54, 2, 2, 19).
    """
    leaving = GRAIN * np.rint(flows.leaving * (RATE_UNIT / GRAIN))
    return np.stack([leaving, np.rint(flows.entrants)], axis=2).astype(np.int64)


def read_flows(table: IntArray) -> Flows:
    """Return the flows that a rounded table stands for."""
    return Flows(leaving=table[:, :, 0] / RATE_UNIT, entrants=table[:, :, 1].astype(np.float64))
