"""A table of bad models: every row is one model with one fault, and the code that it must get."""

import math
from types import SimpleNamespace

import numpy as np

from hailsham.engine import Model
from hailsham.engine.declared.declaration import Clock, lost
from hailsham.engine.declared.families import (
    At,
    Exponential,
    Gamma,
    Gompertz,
    GompertzMakeham,
    Lexis,
    LogLogistic,
    LogNormal,
    Stairs,
    Thinned,
    Uniform,
    Weibull,
)
from hailsham.engine.families.tabulated import staircase

#: Rows: code, what the message must say, and the model.
UNSOUND = []
RATE = Exponential(rate=0.1)


def unsound(code, words, **asked):
    """Enter a model in the table; ``asked`` is what ``find_faults`` is told of the run."""

    def enter(declare):
        row = SimpleNamespace(code=code, words=words, asked=asked, name=declare.__name__)
        row.model = two_states(declare)
        UNSOUND.append(row)
        return declare

    return enter


def two_states(declare):
    """Return a sound model of two states, spoilt by a declaration."""
    model = Model("test")
    well, dead = model.states("well", "dead")
    model.transition(well, dead, Gompertz(level=5e-5, slope=0.09), name="death")
    declare(model, well, dead)
    return model


def sound(model, well, dead):
    """Spoil nothing."""


def hazard_of(hazard):
    return lambda model, well, dead: model.transition(well, dead, hazard, name="odd")


def stairs(**wrong):
    """Return a table that nobody has looked over."""
    sound = {"knots": [0.0, 1.0], "starts": [0.1, 0.2], "ends": [0.1, 0.2], "spent": [0.0, 0.1]}
    return Stairs(stairs=staircase(**{key: np.array(one) for key, one in (sound | wrong).items()}))


for words, hazard in {
    "rate is -0.1: a negative hazard": Exponential(rate=-0.1),
    "rate is nan; it must be finite": Exponential(rate=math.nan),
    "holds what is no number": Exponential(rate="often"),
    "slope is inf; it must be finite": Gompertz(level=1e-4, slope=math.inf),
    "level is -0.0001: a negative hazard": Gompertz(level=-1e-4, slope=0.1),
    "constant is -1.0: a negative hazard": GompertzMakeham(level=1e-4, slope=0.1, constant=-1.0),
    "scale is 0.0; it must be above 0": Weibull(shape=1.5, scale=0.0),
    "shape is -2.0; it must be above 0": LogLogistic(shape=-2.0, scale=1.0),
    "spread is 0.0; it must be above 0": LogNormal(median=1.0, spread=0.0),
    "shape is 0.0; it must be above 0": Gamma(shape=0.0, scale=1.0),
    "low is 5.0 and high is 5.0; low must be below high": Uniform(low=5.0, high=5.0),
    "reading is nan; it must be finite": At(reading=math.nan),
    "begin at 0 and rise": Lexis(breaks=[0, 60, 50], first_year=1990, rates=[[0.1, 0.2, 0.3]]),
    "a rate is -0.2": Lexis(breaks=[0, 60], first_year=1990, rates=[[0.1, -0.2]]),
    "stairs begin must rise": stairs(knots=[5.0, 1.0]),
    "a rate is -0.5": stairs(ends=[0.1, -0.5]),
    "there are 3 age bands": Lexis(breaks=[0, 50, 60], first_year=1990, rates=[[0.1, 0.2]]),
}.items():
    unsound("HS401", words)(hazard_of(hazard))


@unsound("HS401", "0.1 is no hazard")
def number_for_a_hazard(model, well, dead):
    model.transition(well, dead, 0.1, name="odd")


@unsound("HS409", "'well' is no state")
def name_for_a_state(model, well, dead):
    model.transition("well", dead, RATE, name="odd")


@unsound("HS410", "there is no clock 'dead'")
def state_for_a_clock(model, well, dead):
    model.transition(well, dead, RATE, clock=dead, name="odd")


@unsound("HS401", "the effect of sex is inf")
def endless_effect(model, well, dead):
    model.attribute("sex")
    model.transition(well, dead, RATE, name="odd", effect={"sex": math.inf})


@unsound("HS401", "falls becomes nan")
def value_that_is_no_number(model, well, dead):
    model.attribute("falls")
    model.transition(well, well, RATE, name="odd", then={"falls": math.nan})


@unsound("HS401", "start is inf")
def endless_start(model, well, dead):
    model.attribute("falls", start=math.inf)


@unsound("HS402", "lives begin in 'well', and no transition leads to it")
def nobody_comes(model, well, dead):
    ill = model.state("ill")
    model.transition(ill, dead, RATE, name="odd")


@unsound("HS402", "leave states that nobody comes to")
def island(model, well, dead):
    ill, worse = model.states("ill", "worse")
    model.transition(ill, worse, RATE)
    model.transition(worse, ill, RATE)


@unsound("HS403", "the shares sum to 0.9")
def too_little(model, well, dead):
    model.transition(well, {well: 0.4, dead: 0.5}, RATE, name="odd")


@unsound("HS403", "the shares sum to 1.2")
def too_much_beside_the_rest(model, well, dead):
    ill = model.state("ill")
    model.transition(well, {well: 0.7, dead: 0.5, ill: None}, RATE, name="odd")


@unsound("HS403", "the share of 'dead' is 1.5")
def share_above_one(model, well, dead):
    def rest(falls):
        return 1.0 - falls

    model.attribute("falls")
    model.transition(well, {dead: 1.5, well: rest}, RATE, name="odd")


@unsound("HS403", "the share of 'dead' is 'often'")
def share_in_words(model, well, dead):
    model.transition(well, {dead: "often", well: None}, RATE, name="odd")


@unsound("HS403", "'well', 'dead' all take what the others leave")
def two_rests(model, well, dead):
    model.transition(well, {well: None, dead: None}, RATE, name="odd")


@unsound("HS404", "through well, ill")
def loop_at_one_age(model, well, dead):
    ill = model.state("ill")
    model.transition(well, ill, At(reading=65.0))
    model.transition(ill, well, At(reading=65.0))


@unsound("HS404", "through well, ill, worse")
def loop_at_entry(model, well, dead):
    ill, worse = model.states("ill", "worse")
    model.transition(well, ill, At(reading=60.0))
    model.transition(ill, worse, At(reading=0.0), clock="since_entry")
    model.transition(worse, {ill: 0.5, well: 0.5}, At(reading=0.0), clock="since_entry")


@unsound("HS405", "reads 'grade', which nothing has set on the way well, ill")
def unset_effect(model, well, dead):
    ill = model.state("ill")
    model.attribute("grade", start=None)
    model.transition(well, ill, RATE)
    model.transition(ill, well, RATE, then={"grade": 1.0})
    model.transition(ill, dead, RATE, name="odd", effect={"grade": 0.2})


@unsound("HS405", "reads 'grade'")
def unset_in_its_own_change(model, well, dead):
    def one_more(grade):
        return grade + 1.0

    model.attribute("grade", start=None)
    model.transition(well, well, RATE, name="odd", then={"grade": one_more})


@unsound("HS405", "reads 'grade'")
def unset_share(model, well, dead):
    def graver(grade):
        return 0.1 * grade

    model.attribute("grade", start=None)
    model.transition(well, {dead: graver, well: None}, RATE, name="odd")


@unsound("HS406", "it names 'sexe', and there is no such attribute")
def misspelt_attribute(model, well, dead):
    model.attribute("sex")
    model.transition(well, dead, RATE, name="odd", effect={"sexe": 0.3})


@unsound("HS406", "it names 'falls'")
def change_of_what_is_not_there(model, well, dead):
    model.transition(well, well, RATE, name="odd", then={"falls": 1.0})


@unsound("HS406", "the function 'frail' asks for 'ages'")
def unknown_circumstance(model, well, dead):
    def frail(ages):
        return 1.0 + ages

    model.transition(well, dead, RATE, name="odd", effect=frail)


@unsound("HS406", "asks for 'luck'")
def luck_before_an_event(model, well, dead):
    def frail(luck):
        return luck

    model.transition(well, dead, RATE, name="odd", effect=frail)


@unsound("HS406", "it names 'height'", given=["height"])
def given_and_not_declared(model, well, dead):
    model.attribute("weight")


@unsound("HS407", "is not a plain function")
def nameless_function(model, well, dead):
    model.attribute("sex")
    model.transition(well, dead, RATE, name="odd", effect=lambda sex: 2.0 * sex)


@unsound("HS407", "whose last bits differ between machines")
def power(model, well, dead):
    def squared(sex):
        return sex**2

    model.attribute("sex")
    model.transition(well, dead, RATE, name="odd", effect=squared)


@unsound("HS407", "uses model of a function around it")
def thinned_by_a_closure(model, well, dead):
    def hazard(age):
        return 0.1 * len(model.transitions)

    model.transition(well, dead, Thinned(function=hazard, bound=1.0), name="odd")


@unsound("HS408", "two things of the kind state")
def state_twice(model, well, dead):
    model.state("well")


@unsound("HS408", "two things of the kind attribute")
def attribute_twice(model, well, dead):
    model.attribute("sex")
    model.attribute("sex", start=1.0)


@unsound("HS408", "get something else when they ask for 'age'")
def attribute_like_a_clock(model, well, dead):
    model.attribute("age")


@unsound("HS408", "it is no Python name")
def attribute_in_two_words(model, well, dead):
    model.attribute("blood group")


@unsound("HS408", "it leaves the state 'well' twice")
def source_twice(model, well, dead):
    model.transition([well, well], dead, RATE, name="odd")


@unsound("HS409", "the state 'ill' is none of this model")
def state_of_another_model(model, well, dead):
    model.transition(Model("other").state("ill"), dead, RATE, name="odd")


@unsound("HS409", "the state 'ill' is none of this model")
def clock_of_another_model(model, well, dead):
    model.transition(well, dead, RATE, clock=model.since(Model("other").state("ill")), name="odd")


@unsound("HS409", "the state 'ill' is none of this model", start=[Model("other").state("ill")])
def start_in_another_model(model, well, dead):
    pass


@unsound("HS409", "the pool 'beds' is none of this model")
def pool_of_another_model(model, well, dead):
    model.transition(well, dead, Model("other").pool("beds", places=2), name="odd")


@unsound("HS410", "there is no clock 'since_birth'")
def clock_that_is_none(model, well, dead):
    model.transition(well, dead, RATE, clock="since_birth", name="odd")


@unsound("HS410", "there is no clock 'since'")
def clock_since_nothing(model, well, dead):
    model.transition(well, dead, RATE, clock=Clock("since"), name="odd")


@unsound("HS410", "times cannot be told by 'years'")
def model_told_by_nothing(model, well, dead):
    model.transitions.clear()
    model.transition(well, dead, RATE, clock="age")
    model.clock = "years"


@unsound("HS410", "reads these two clocks")
def lexis_on_a_third_clock(model, well, dead):
    rates = Lexis(breaks=[0, 60], first_year=1990, rates=[[0.1, 0.2]])
    model.transition(well, dead, rates, clock="since_entry", name="odd")


@unsound("HS411", "has ever been in 'ill'")
def clock_that_never_starts(model, well, dead):
    ill = model.state("ill")
    model.transition(well, ill, RATE)
    model.transition(well, dead, RATE, clock=model.since(ill), name="odd")


@unsound("HS412", "an appointment is kept")
def effect_on_an_appointment(model, well, dead):
    model.attribute("sex")
    model.transition(well, dead, At(reading=65.0), name="odd", effect={"sex": 0.3})


def pooled(model, well, dead, hazard, **asked):
    """Tell the model by the calendar, and let people wait."""
    model.clock = "calendar"
    model.transitions.clear()
    model.transition(well, dead, RATE, name="death")
    return model.transition(well, dead, hazard, name="odd", **asked)


@unsound("HS412", "serves in its own order")
def effect_on_a_pool(model, well, dead):
    model.attribute("sex")
    pooled(model, well, dead, model.pool("beds", places=2), effect={"sex": 0.3})


@unsound("HS413", "this model is told by age")
def pool_by_age(model, well, dead):
    model.transition(well, dead, model.pool("beds", places=2), name="odd")


@unsound("HS413", "nobody waits for it")
def pool_for_nobody(model, well, dead):
    model.pool("beds", places=2)
    pooled(model, well, dead, RATE)


@unsound("HS413", "no transition gives it an item")
def pool_without_items(model, well, dead):
    pooled(model, well, dead, model.pool("hearts", shelf_life=0.01))


@unsound("HS413", "it has both places and a shelf life")
def pool_of_both(model, well, dead):
    hearts = model.pool("hearts", places=2, shelf_life=0.01)
    pooled(model, well, dead, hearts)
    model.transition(well, dead, RATE, name="gift", gives=hearts)


@unsound("HS413", "it has neither places nor items")
def pool_of_neither(model, well, dead):
    pooled(model, well, dead, model.pool("beds"))


@unsound("HS413", "places is 0")
def pool_of_no_places(model, well, dead):
    pooled(model, well, dead, model.pool("beds", places=0))


@unsound("HS413", "shelf_life is -1.0")
def pool_of_rotten_items(model, well, dead):
    hearts = model.pool("hearts", shelf_life=-1.0)
    pooled(model, well, dead, hearts)
    model.transition(well, dead, RATE, name="gift", gives=hearts)


@unsound("HS413", "nobody knows how many each can serve")
def pool_served_without_places(model, well, dead):
    hearts = model.pool("hearts", shelf_life=1.0, served_by=well)
    pooled(model, well, dead, hearts)
    model.transition(well, dead, RATE, name="gift", gives=hearts)


@unsound("HS413", "a transition gives it an item, and it has places")
def pool_of_places_given_items(model, well, dead):
    beds = model.pool("beds", places=1)
    pooled(model, well, dead, beds)
    model.transition(well, dead, RATE, name="gift", gives=beds)


@unsound("HS413", "two transitions from 'well' wait for it")
def pool_twice(model, well, dead):
    beds = model.pool("beds", places=2)
    pooled(model, well, dead, beds)
    model.transition(well, model.state("ward"), beds, name="again")


@unsound("HS413", "it leads to 'ward', where people wait for it again")
def pool_in_a_circle(model, well, dead):
    beds, ward = model.pool("beds", places=2), model.state("ward")
    pooled(model, well, ward, beds)
    model.transition([well, ward], dead, RATE, name="death")
    model.transition(ward, dead, beds, name="again")


@unsound("HS413", "its places belong to nobody")
def loss_of_nobody(model, well, dead):
    beds, ward = model.pool("beds", places=2), model.state("ward")
    pooled(model, well, ward, beds)
    model.transition([well, ward], dead, RATE, name="death")
    model.transition(ward, well, lost(beds), name="left")


@unsound("HS412", "serves in its own order")
def effect_on_a_loss(model, well, dead):
    model.attribute("sex")
    model.clock, ward = "calendar", model.state("ward")
    visits = model.pool("visits", places=2, served_by=well)
    model.transition(well, ward, visits, name="served")
    model.transition(ward, well, lost(visits), name="odd", effect={"sex": 0.3})


@unsound("HS406", "asks for 'age'")
def priority_by_what_is_not_offered(model, well, dead):
    def eldest(age):
        return age

    pooled(model, well, dead, model.pool("beds", places=2, priority=eldest))


@unsound("HS414", "at the reading 50.25 the hazard is 0.2005")
def bound_too_low(model, well, dead):
    def hazard(age):
        return 0.001 * age + 0.15025

    model.transition(well, dead, Thinned(function=hazard, bound=0.2003), name="odd")


@unsound("HS414", "at the reading 20.25 the hazard is -0.0")
def thinned_below_nought(model, well, dead):
    def hazard(age):
        return 0.02 - 0.001 * age

    model.transition(well, dead, Thinned(function=hazard, bound=1.0), name="odd")


@unsound("HS414", "the hazard is nan")
def thinned_without_number(model, well, dead):
    def hazard(age):
        return math.nan

    model.transition(well, dead, Thinned(function=hazard, bound=1.0), name="odd")


@unsound("HS415", "have the same address")
def colliding_names(model, well, dead):
    model.transition(well, dead, RATE, name="visit 63863")
    model.transition(well, dead, RATE, name="visit 84662")


@unsound("HS416", "it has no transition")
def nothing_happens(model, well, dead):
    model.transitions.clear()
    model.declared_states.remove(dead)


@unsound("HS416", "it leads from no state at all")
def from_nowhere(model, well, dead):
    model.transition([], dead, RATE, name="odd")


@unsound("HS416", "it leads to no state at all")
def to_nowhere(model, well, dead):
    model.transition(well, {}, RATE, name="odd")
