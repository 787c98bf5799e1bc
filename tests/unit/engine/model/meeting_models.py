"""Small models in which people meet, each with something that the others have not.

Many moves happen at the same time on purpose: who is first then has to be told by the rules.
"""

from dataclasses import dataclass, field

import numpy as np

from hailsham.engine import At, Exponential, Gompertz, Model, Thinned, Uniform, Weibull, lost


@dataclass
class Case:
    """A model, how its people begin, and until when they live."""

    model: Model
    until: float = 30.0
    people: dict = field(default_factory=dict)
    n_people: int = 60


def grid(n, *, step=0.5, width=8):
    """Dates of birth of which several are the same."""
    return step * (np.arange(n) // 3 % (2 * width))


def one_more(x):
    return x + 1.0


def halved(x):
    return 0.5 * x


def by_x(x):
    return x


def by_x_and_wait(x, waited):
    return x + 2.0 * waited


def only_some(x):
    return x > 0.5


def same_group(group, its_group):
    return group == its_group


def near(x, its_x):
    return abs(x - its_x) < 1.5


def worn(helpers_load, x):
    return 0.2 + 0.3 * helpers_load + 0.1 * x


def by_server(its_helpers_load, its_x):
    return 1.0 / (0.5 + its_helpers_load) + 0.2 * its_x


def by_giver(its_x):
    return 0.2 + 0.5 * its_x


def from_giver(its_x, x):
    return 0.5 * (its_x + x)


def lucky(luck):
    return 2.0 * luck


def share_of(x):
    return 0.3 if x > 1.0 else 0.6


def seasonal(time):
    return 0.5 if time - int(time) < 0.5 else 0.1


def plain_queue():
    """First come, first served; some leave; services of one length, so that ends coincide."""
    model = Model("plain queue", clock="calendar")
    waiting, served, again, gone = model.states("waiting", "served", "again", "gone")
    model.attribute("x")
    counters = model.pool("counters", places=3)
    model.transition(waiting, served, counters, then={"x": one_more})
    model.transition(served, {again: 0.5, gone: None}, At(reading=1.0), clock="since_entry")
    model.transition(again, waiting, At(reading=0.5), clock="since_entry")
    model.transition(waiting, gone, Exponential(rate=0.2))
    return Case(model, people={"born": grid(60)})


def ranked_queue(priority=by_x, name="ranked queue"):
    """By priority, which changes while one waits; death goes on through every state."""
    model = Model(name, clock="calendar")
    mild, severe, treated, dead = model.states("mild", "severe", "treated", "dead")
    model.attribute("x")
    beds = model.pool("beds", places=2, priority=priority)
    model.transition([mild, severe], treated, beds)
    model.transition(mild, severe, Exponential(rate=0.3), then={"x": one_more})
    model.transition(severe, severe, Weibull(shape=1.5, scale=1.0), then={"x": halved})
    model.transition(treated, mild, At(reading=0.75), clock="since_entry", then={"x": lucky})
    model.transition(
        [mild, severe, treated],
        dead,
        Gompertz(level=0.02, slope=0.1),
        clock="age",
        effect={"x": 0.5},
        name="death",
    )
    return Case(model, people={"born": grid(60), "attributes": {"x": np.arange(60) % 4.0}})


def waited_queue():
    """By a priority that grows with the wait."""
    return ranked_queue(by_x_and_wait, "waited queue")


def two_pools():
    """Two pools for which the same people wait; one has room for some alone; chained services."""
    model = Model("two pools", clock="calendar")
    waiting, ward, home, gone = model.states("waiting", "ward", "home", "gone")
    model.attribute("x")
    wards = model.pool("wards", places=2, fits=only_some)
    homes = model.pool("homes", places=3)
    model.transition(waiting, ward, wards)
    model.transition(
        waiting,
        waiting,
        Exponential(rate=0.8),
        name="ill",
        then={"x": lucky},
    )
    model.transition(ward, home, homes)
    model.transition(ward, gone, Exponential(rate=0.4))
    model.transition(home, {gone: share_of, waiting: None}, Exponential(rate=0.7))
    return Case(model, people={"born": grid(60), "attributes": {"x": np.arange(60) % 3 * 0.4}})


def items():
    """Items that fit some, keep for a while, and remember their givers."""
    model = Model("items", clock="calendar")
    waiting, treated, failed, dead, donor, given = model.states(
        "waiting", "treated", "failed", "dead", "donor", "given"
    )
    model.attribute("group")
    model.attribute("x", start=1.0)
    organs = model.pool("organs", shelf_life=0.5, fits=same_group)
    model.transition(waiting, treated, organs, then={"x": from_giver})
    model.transition(waiting, dead, Exponential(rate=0.2), effect={"x": 0.3})
    model.transition(treated, {waiting: 0.5, failed: None}, Exponential(rate=0.5), effect=by_giver)
    model.transition(failed, waiting, At(reading=1.0), clock="since_entry")
    model.transition(donor, donor, Exponential(rate=0.6), then={"x": lucky}, gives=organs)
    model.transition(donor, given, At(reading=4.0), clock="since_entry", gives=organs)
    states = [donor if i % 3 == 0 else waiting for i in range(60)]
    groups = np.arange(60) // 3 % 2.0
    return Case(model, people={"born": grid(60), "start": states, "attributes": {"group": groups}})


def ranked_items():
    """Items without rules, for those with the largest priority."""
    model = Model("ranked items", clock="calendar")
    waiting, treated, donor, given = model.states("waiting", "treated", "donor", "given")
    model.attribute("x")
    organs = model.pool("organs", shelf_life=0.75, priority=by_x)
    model.transition(waiting, treated, organs)
    model.transition(treated, waiting, Exponential(rate=0.5), then={"x": one_more})
    model.transition(donor, given, At(reading=0.5), clock="since_entry", gives=organs)
    model.transition(given, donor, At(reading=0.5), clock="since_entry")
    states = [donor if i % 4 == 0 else waiting for i in range(60)]
    return Case(
        model,
        until=20.0,
        people={"born": grid(60), "start": states, "attributes": {"x": np.arange(60) % 3.0}},
    )


def helpers(fits=None, name="helpers"):
    """People who serve, are worn by their load, cease, and leave those whom they serve."""
    model = Model(name, clock="calendar")
    ready, worn_out, waiting, helped, alone, gone = model.states(
        "ready", "worn out", "waiting", "helped", "alone", "gone"
    )
    model.attribute("x", start=0.5)
    model.attribute("helpers_load")
    pool = model.pool("helpers", places=3, served_by=ready, fits=fits)
    model.transition(ready, worn_out, Exponential(rate=0.3), effect=worn)
    model.transition(
        ready, ready, Uniform(low=10.0, high=14.0), clock="age", then={"x": one_more}, name="grows"
    )
    model.transition(worn_out, ready, At(reading=1.0), clock="since_entry")
    model.transition(waiting, helped, pool)
    model.transition(waiting, gone, Exponential(rate=0.05))
    model.transition(helped, alone, lost(pool), then={"x": one_more})
    model.transition(helped, waiting, Exponential(rate=0.4), effect=by_server, name="well")
    model.transition(helped, helped, Exponential(rate=0.3), name="visit", then={"x": halved})
    model.transition(alone, waiting, At(reading=0.25), clock="since_entry")
    states = [ready if i % 5 == 0 else waiting for i in range(60)]
    return Case(model, until=15.0, people={"born": grid(60), "start": states})


def fitting_helpers():
    """People who serve those who are like them."""
    return helpers(near, "fitting helpers")


def clocks():
    """Clocks of every kind go on while one waits, is served, and waits again."""
    model = Model("clocks", clock="calendar")
    waiting, served, gone = model.states("waiting", "served", "gone")
    model.attribute("x")
    places = model.pool("places", places=4)
    model.transition(waiting, served, places, then={"x": one_more})
    model.transition(served, waiting, Weibull(shape=2.0, scale=0.7), clock="since_entry")
    model.transition(
        [waiting, served],
        gone,
        Weibull(shape=1.5, scale=6.0),
        clock=model.since(served),
        name="late",
    )
    model.transition(
        [waiting, served],
        gone,
        Thinned(function=seasonal, bound=0.5),
        name="season",
        effect={"x": -0.3},
    )
    model.transition(served, served, At(reading=6.25), name="check", then={"x": halved})
    model.transition(waiting, gone, Uniform(low=5.0, high=9.0), clock="age")
    return Case(model, until=18.0, people={"born": grid(60), "age": 1.5})


CASES = (
    plain_queue,
    ranked_queue,
    waited_queue,
    two_pools,
    items,
    ranked_items,
    helpers,
    fitting_helpers,
    clocks,
)
