"""Project the people of England and Wales month by month, as the simulation would on average.

Ages stand in cells of one month and time goes in steps of one month, so
everybody moves up exactly one cell a step. A person who starts a step
somewhere in a cell spends half of it, on average, in the next; so the hazard
of a step is the mean of the hazards of the two cells.
"""

from typing import NamedTuple

import numpy as np

from hailsham.world.recorded import (
    AGE_STARTS,
    MALE_SHARE,
    YEARS,
    FloatArray,
    read_births,
    read_by_age,
)

STEPS_A_YEAR = 12
WIDTHS = np.diff(AGE_STARTS)
N_CELLS = (WIDTHS * STEPS_A_YEAR).astype(np.int64)
# Band of each month of age; the last cell is everybody of 85 and over.
BAND_OF_CELL = np.append(np.repeat(np.arange(WIDTHS.size), N_CELLS), WIDTHS.size)
BAND_CELLS = np.append(0, np.cumsum(N_CELLS))


class Official(NamedTuple):
    """The official figures that a projection needs."""

    births: FloatArray
    """[births a year] By year and sex. Shape (54, 2)."""
    population: FloatArray
    """[persons] Shape (54, 2, 19)."""
    deaths: FloatArray
    """[deaths a year] Shape (54, 2, 19)."""

    @property
    def rates(self) -> FloatArray:
        """[per person-year] Recorded death rates. Shape (54, 2, 19)."""
        return self.deaths / self.population


class Flows(NamedTuple):
    """Who leaves and who comes."""

    leaving: FloatArray
    """[per person-year] Shape (54, 2, 19)."""
    entrants: FloatArray
    """[persons a year] Shape (54, 2, 19)."""


class Projection(NamedTuple):
    """What a projection gives, by year, sex and age band."""

    person_years: FloatArray
    """[person-years] Lived in the calendar year. Shape (54, 2, 19)."""
    mid_year: FloatArray
    """[persons] On 1 July. Shape (54, 2, 19)."""


def read_official() -> Official:
    """Read the official figures that a projection needs.

    Returns:
        Births by sex, population and deaths.

    Raises:
        ValueError: A table is damaged.
    """
    by_sex = np.array([1 - MALE_SHARE, MALE_SHARE])
    return Official(
        births=read_births()[:, np.newaxis] * by_sex,
        population=read_by_age("population.csv"),
        deaths=read_by_age("deaths.csv"),
    )


def survive(hazard: FloatArray) -> FloatArray:
    """Return ``exp(-hazard)`` for small hazards, from plain arithmetic only.

    Libraries differ in the last bit of ``exp``, and with it the tables could.
    The error of this quotient is ``hazard**5 / 720``: nothing, for a month.

    Args:
        hazard: [dimensionless] Cumulative hazard, 0 to about 0.1.

    Returns:
        [probability] Of getting through it.
    """
    even = 1 + hazard * hazard / 12
    return np.asarray((even - hazard / 2) / (even + hazard / 2), dtype=np.float64)


def gather_bands(cells: FloatArray) -> FloatArray:
    """Sum months of age to age bands, on the last axis."""
    return np.asarray(np.add.reduceat(cells, BAND_CELLS, axis=-1), dtype=np.float64)


def spread_start(population: FloatArray) -> FloatArray:
    """Spread the people of each band evenly over its months of age.

    Args:
        population: [persons] By sex and band. Shape (2, 19).

    Returns:
        [persons] By sex and month of age. Shape (2, 1021).
    """
    people_a_cell = population / np.append(N_CELLS, 1)
    return np.asarray(people_a_cell[:, BAND_OF_CELL], dtype=np.float64)


def project_year(
    people: FloatArray, *, hazards: FloatArray, entrants: FloatArray, births: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Take the people of 1 January to the next one.

    Args:
        people: [persons] By sex and month of age. Shape (2, 1021).
        hazards: [per person-year] Of dying or leaving. Shape (2, 19).
        entrants: [persons a year] Evenly over the year and the ages of the
            band. Shape (2, 19).
        births: [births a year] By sex. Shape (2,).

    Returns:
        People a year later (2, 1021); person-years (2, 19); people at
        mid-year (2, 19).
    """
    step = 1 / STEPS_A_YEAR
    hazard = step * hazards[:, BAND_OF_CELL]
    onward = (hazard[:, :-1] + hazard[:, 1:]) / 2
    arriving = step * entrants[:, BAND_OF_CELL] / np.append(N_CELLS, 1)[BAND_OF_CELL]
    # Who arrives within a step is on average half a cell older at its end, and half a step at risk.
    settled = np.zeros_like(people)
    settled[:, :-1] = arriving[:, :-1] / 2 * survive(hazard[:, :-1] / 2)
    settled[:, 1:] += arriving[:, :-1] / 2 * survive(onward / 2)
    settled[:, -1] += arriving[:, -1] * survive(hazard[:, -1] / 2)
    settled[:, 0] += step * births * survive(hazard[:, 0] / 2)
    lived = np.zeros_like(hazards)
    mid_year = gather_bands(people)
    for month in range(STEPS_A_YEAR):
        if month == STEPS_A_YEAR // 2:
            mid_year = gather_bands(people)
        later = settled.copy()
        later[:, 1:] += people[:, :-1] * survive(onward)
        later[:, -1] += people[:, -1] * survive(hazard[:, -1])
        lived += step * (gather_bands(people) + gather_bands(later)) / 2
        people = later
    return people, lived, mid_year


def project(official: Official, flows: Flows) -> Projection:
    """Project from 1 January 1947 to the end of 2000.

    The start is the recorded mid-year population of 1947, read as 1 January.

    Args:
        official: Births, population and deaths.
        flows: Who leaves and who comes.

    Returns:
        Person-years and mid-year people in every year, sex and band.

    Source:
        preston2001, chapter 6, the cohort-component method.
    """
    people = spread_start(official.population[0])
    rates = official.rates
    lived = np.zeros_like(rates)
    mid_year = np.zeros_like(rates)
    for at in range(len(YEARS)):
        people, lived[at], mid_year[at] = project_year(
            people,
            hazards=rates[at] + flows.leaving[at],
            entrants=flows.entrants[at],
            births=official.births[at],
        )
    return Projection(person_years=lived, mid_year=mid_year)


def stay_at_home(official: Official) -> Flows:
    """Return the flows of a country that nobody leaves or enters."""
    nobody = np.zeros_like(official.population)
    return Flows(leaving=nobody, entrants=nobody)
