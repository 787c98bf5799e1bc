"""One model for several tests, and for the pages of the guide: its kernel is compiled once."""

from hailsham.engine import Gompertz, Model, Weibull

WELL, ILL, DEAD = range(3)


def illness_death():
    model = Model("illness-death")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, Gompertz(level=4e-4, slope=0.075), name="onset")
    model.transition([well, ill], dead, Gompertz(level=5e-5, slope=0.09), name="death")
    duration = Weibull(shape=1.5, scale=8.0)
    model.transition(ill, dead, duration, clock="since_entry", name="of the illness")
    return model
