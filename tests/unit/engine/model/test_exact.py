"""Declared models against exact answers that need no second reading of them.

Fixed seed, 200,000 lives and five standard errors, so that a right answer fails once in 1.7 million
fresh seeds. That tells a probability near a half from one 0.006 off, and a mean wait from one 1.1
per cent off. Each check has a twin with one number wrong, which must fail.
"""

import math
from functools import cache

import numpy as np
import pytest

from hailsham.engine import At, Columns, Exponential, Gompertz, Model, Uniform, Weibull
from tests.unit.engine.simulated import LIMIT, z_mean, z_share

N, SEED = 200_000, 71

# ---------------------------------------------------------------- illness by age and by duration


def illness(worse=0.10):
    """The first example of the guide: death of the ill by age and, besides, by duration."""
    model = Model("illness-death")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, Gompertz(level=4e-4, slope=0.075))
    model.transition([well, ill], dead, Gompertz(level=5e-5, slope=0.09))
    model.transition(
        ill, dead, Gompertz(level=worse, slope=-0.2), clock="since_entry", name="worse"
    )
    model.transition(ill, well, Exponential(rate=0.05))
    return model


def on_grid(step):
    """Mean years alive, years ill and episodes before age 110, by the trapezoid rule.

    The death that threatens everybody alike is taken out: let w be the chance to be well, and f
    the rate of onsets, given that it has not come. Of those who fell ill s years ago the share k(s)
    still is; the convolution of f and k are the ill, and 0.05 of them recover a year.
    """
    ages = np.arange(round(110 / step) + 1) * step
    onset = 4e-4 * np.exp(0.075 * ages)
    spared = np.exp(-5e-5 * np.expm1(0.09 * ages) / 0.09)
    still = np.exp(-0.5 * -np.expm1(-0.2 * ages) - 0.05 * ages)
    well, ill, began = np.ones_like(ages), np.zeros_like(ages), onset.copy()
    for i in range(1, ages.size):
        # What fell ill up to the last point, and half of what falls ill at this one.
        past = step * (began[1:i] @ still[1:i][::-1] + 0.5 * began[0] * still[i])
        # Crank and Nicolson for the well, solved for the new point.
        known = well[i - 1] * (1.0 - 0.5 * step * onset[i - 1])
        known += 0.5 * step * 0.05 * (ill[i - 1] + past)
        well[i] = known / (1.0 + 0.5 * step * onset[i] * (1.0 - 0.025 * step))
        began[i] = onset[i] * well[i]
        ill[i] = past + 0.5 * step * began[i]
    alive = (well + ill) * spared
    return np.array([np.trapezoid(y, dx=step) for y in (alive, ill * spared, began * spared)])


@cache
def exact_illness():
    """The same without the error of the step, which is of the second order."""
    coarse, fine = on_grid(0.1), on_grid(0.05)
    return fine + (fine - coarse) / 3.0


@cache
def seen_illness(**changed):
    lives = illness().simulate(
        N,
        seed=SEED,
        until=110.0,
        log=False,
        parameters=dict(changed),
        columns=Columns(years=["ill"], visits=["ill"]),
    )
    return lives.people


def gaps_of_illness(**changed):
    people = seen_illness(**changed)
    found = (people["ended"], people["years_ill"], people["visits_ill"])
    return [z_mean(np.asarray(x, float), y) for x, y in zip(found, exact_illness(), strict=True)]


def test_the_grid_tells_the_figures_that_are_known():
    # Another grid, over age and duration, gave these for the same hazards, to their last figure.
    assert exact_illness() == pytest.approx([71.276, 8.074, 1.0536], abs=6e-4)


def test_illness_by_age_and_by_duration_meets_its_grid():
    assert max(map(abs, gaps_of_illness())) <= LIMIT


def test_a_duration_that_kills_a_tenth_less_is_caught():
    assert max(map(abs, gaps_of_illness(**{"worse.level": 0.09}))) > LIMIT


# ---------------------------------------------------------------- effects, branches, clocks


def one_for_the_tall(x):
    return 0.5 if x > 0.5 else 0.2


DEATH, FORK, RISK, RAISED = 0.02, 0.05, 0.8, 10.0


def journey():
    """A way that forks, a risk that rises with an attribute, an appointment that raises it."""
    model = Model("journey")
    alive, left, right, back, dead = model.states("alive", "left", "right", "back", "dead")
    model.attribute("x", start=0.0)
    model.transition(alive, dead, Exponential(rate=DEATH), effect={"x": RISK}, name="death")
    model.transition(alive, alive, At(reading=RAISED), then={"x": 1.0}, name="raising")
    shares = {left: 0.3, right: one_for_the_tall, back: None}
    model.transition(alive, shares, Exponential(rate=FORK), name="fork")
    model.transition(left, dead, Weibull(shape=2.0, scale=3.0), clock="since_entry", name="wear")
    model.transition(right, dead, Uniform(low=1.0, high=4.0), clock=model.since(right), name="term")
    model.transition(back, dead, Gompertz(level=0.1, slope=-0.5), clock=model.since(alive))
    return model


def chance_of(rates, start, stop):
    """Chance to leave between two ages by the first of these rates, if there at the first."""
    total = sum(rates)
    return rates[0] / total * -math.expm1(-total * (stop - start))


def gaps_of_journey(**changed):
    """How far each of the answers lies off, by name, in standard errors."""
    lives = journey().simulate(N, seed=SEED, until=200.0, parameters=changed)
    person, time, source, target, _ = lives.events
    alive, left, right, back, dead = range(5)
    early, moved = time < RAISED, source != target

    def share(rows, exact):
        return z_share(np.bincount(person[rows], minlength=N) > 0, exact)

    worse = DEATH * math.exp(RISK)
    here = math.exp(-(DEATH + FORK) * RAISED)
    died, forked = (
        (source == alive) & (target == dead),
        (source == alive) & moved & (target != dead),
    )
    found = {
        "early deaths": share(died & early, chance_of([DEATH, FORK], 0.0, RAISED)),
        "late deaths": share(died & ~early, here * chance_of([worse, FORK], RAISED, 1e9)),
        "left": z_share(target[forked] == left, 0.3),
        "right early": z_share(target[forked & early] == right, 0.2),
        "right late": z_share(target[forked & ~early] == right, 0.5),
    }
    came = np.full(N, np.nan)
    came[person[forked]] = time[forked]
    for name, state, mean in (
        ("wear", left, 3.0 * math.sqrt(math.pi) / 2.0),
        ("term", right, 2.5),
    ):
        rows = source == state
        found[name] = z_mean(time[rows] - came[person[rows]], mean)
    # The beginning is the only arrival among the alive: of that clock's 0.2 of hazard in all, what
    # is left at the fork is spent for ever.
    forks_back = forked & (target == back)
    spared = np.exp(-0.2 * np.exp(-0.5 * time[forks_back]))
    stayed = ~np.isin(person[forks_back], person[source == back])
    found["since the beginning"] = z_mean(stayed - spared, 0.0)
    return found


@cache
def right_journey():
    return gaps_of_journey()


def test_effects_branches_appointments_and_clocks_meet_closed_forms():
    assert {name: z for name, z in right_journey().items() if abs(z) > LIMIT} == {}


@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ({"death.effect.x": 0.7}, {"late deaths"}),
        ({"raising.then.x": 0.9}, {"late deaths"}),
        ({"raising.reading": 11.0}, {"right late"}),
        ({"raising.reading": 9.0}, {"early deaths", "right early"}),
        ({"fork.share.left": 0.31}, {"left"}),
        ({"wear.shape": 2.1, "wear.scale": 3.1}, {"wear"}),
        ({"term.high": 4.1}, {"term"}),
        ({"back to dead.level": 0.12}, {"since the beginning"}),
    ],
)
def test_a_wrong_number_is_caught_where_it_belongs(changed, seen):
    gaps = gaps_of_journey(**changed)

    assert seen <= {name for name, z in gaps.items() if abs(z) > LIMIT}
