"""Random sound models, drawn as plain data over all that a declaration can say."""

from hypothesis import strategies as st

from tests.unit.engine.model import rules

FIRST_YEAR = 1980
ATTRIBUTES = ("x", "y", "z")


def numbers(low, high):
    """Numbers of three digits, so that a kept structure can be read."""
    return st.floats(low, high).map(lambda x: round(x, 3) + 0.0)


def rising(count):
    return st.lists(numbers(0.5, 12.0), min_size=count, max_size=count).map(
        lambda steps: [round(sum(steps[:i]), 3) for i in range(len(steps))]
    )


RATES = st.just(0.0) | numbers(0.01, 0.3)

HAZARDS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("Exponential"), "rate": RATES}),
    st.fixed_dictionaries(
        {"kind": st.just("Gompertz"), "level": RATES, "slope": numbers(-0.2, 0.1)}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("GompertzMakeham"),
            "level": RATES,
            "slope": numbers(-0.2, 0.1),
            "constant": RATES,
        }
    ),
    *(
        st.fixed_dictionaries(
            {"kind": st.just(kind), "shape": numbers(0.6, 4.0), "scale": numbers(5.0, 60.0)}
        )
        for kind in ("Weibull", "LogLogistic", "Gamma")
    ),
    st.fixed_dictionaries(
        {"kind": st.just("LogNormal"), "median": numbers(2.0, 40.0), "spread": numbers(0.2, 2.0)}
    ),
    st.fixed_dictionaries({"kind": st.just("At"), "reading": numbers(0.5, 45.0)}),
    st.fixed_dictionaries(
        {"kind": st.just("Uniform"), "low": numbers(0.0, 20.0), "high": numbers(21.0, 50.0)}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("Thinned"),
            "function": st.sampled_from([one.__name__ for one in rules.HAZARDS]),
            "bound": numbers(0.25, 0.5),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("piecewise_constant"),
            "breaks": rising(4),
            "rates": st.lists(RATES, min_size=4, max_size=4),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("piecewise_linear"),
            "knots": rising(3),
            "values": st.lists(RATES, min_size=3, max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("Lexis"),
            "breaks": rising(3),
            "first_year": st.integers(FIRST_YEAR, FIRST_YEAR + 30),
            "rates": st.lists(st.lists(RATES, min_size=3, max_size=3), min_size=4, max_size=4),
        }
    ),
)


def askable(functions, attributes, circumstances):
    """Names of the functions that ask for nothing else."""
    known = {*attributes, *circumstances}
    return [
        one.__name__
        for one in functions
        if set(one.__code__.co_varnames[: one.__code__.co_argcount]) <= known
    ]


@st.composite
def effects(draw, attributes):
    """Nothing, coefficients, or a function."""
    functions = askable(rules.EFFECTS, attributes, ("time", "age", "since_entry"))
    ways = [st.none(), st.sampled_from(functions)]
    if attributes:
        ways += [st.dictionaries(st.sampled_from(attributes), numbers(-0.3, 0.3), min_size=1)] * 2
    return draw(st.one_of(ways))


@st.composite
def consequences(draw, attributes):
    """New values of some attributes."""
    functions = askable(rules.VALUES, attributes, ("time", "age", "since_entry", "luck"))
    rule = numbers(-1.0, 2.0) | st.sampled_from(functions)
    if not attributes or draw(st.booleans()):
        return {}
    return draw(st.dictionaries(st.sampled_from(attributes), rule, min_size=1))


@st.composite
def targets(draw, n_states, attributes, first):
    """One place, or two or three with shares; one is left open, or they sum to 1."""
    others = draw(st.lists(st.integers(0, n_states - 1), max_size=2, unique=True))
    places = [first, *(place for place in others if place != first)]
    if len(places) == 1:
        return {str(first): None}
    if len(places) == 2 and draw(st.booleans()):
        shares = draw(st.sampled_from([[0.25, 0.75], [1.0, 0.0]]))
        return dict(zip(map(str, places), shares, strict=True))
    functions = askable(rules.SHARES, attributes, ())
    rule = numbers(0.0, 0.45) | (st.sampled_from(functions) if functions else st.nothing())
    shares = [draw(rule) for _ in places]
    shares[draw(st.integers(0, len(places) - 1))] = None
    return dict(zip(map(str, places), shares, strict=True))


@st.composite
def transitions(draw, n_states, attributes, source, first):
    """A transition from a state, and perhaps others, to another, and perhaps elsewhere."""
    others = draw(st.lists(st.integers(0, max(n_states - 2, 0)), max_size=2, unique=True))
    hazard = draw(HAZARDS)
    clocks = ["age", "calendar", "since_entry", *(f"since {i}" for i in range(n_states))]
    clock = draw(st.sampled_from(clocks))
    if clock == "calendar":
        hazard = later(hazard)
    hazard = {"kind": hazard["kind"], **dict(sorted(hazard.items()))}
    one = {
        "from": [source, *(other for other in others if other != source)],
        "to": draw(targets(n_states, attributes, first)),
        "hazard": hazard,
        "clock": None if hazard["kind"] == "Lexis" else clock,
        "effect": None if hazard["kind"] == "At" else draw(effects(attributes)),
        "then": draw(consequences(attributes)),
    }
    if draw(st.integers(0, 3)) == 0:
        one["name"] = f"{draw(st.sampled_from(['first', 'second']))} by {one['clock']}"
    return one


def later(hazard):
    """The same hazard for a clock that shows years AD, as far as it can be."""
    moved = {}
    for name in {"reading", "low", "high"} & set(hazard):
        moved[name] = hazard[name] + FIRST_YEAR
    for name in {"breaks", "knots"} & set(hazard):
        moved[name] = [knot + FIRST_YEAR for knot in hazard[name]]
    if "slope" in hazard:
        moved["slope"] = 0.0
    if hazard["kind"] == "Weibull":
        moved["scale"] = hazard["scale"] + FIRST_YEAR
    return hazard if hazard["kind"] == "Lexis" else hazard | moved


@st.composite
def structures(draw):
    """A sound model of one to five states, every one of which can be reached."""
    n_states = draw(st.sampled_from([1, 2, 3, 3, 4, 4, 5]))
    attributes = ATTRIBUTES[: draw(st.integers(0, 3))]
    chain = [draw(transitions(n_states, attributes, i, i + 1)) for i in range(n_states - 1)]
    more = [
        draw(
            transitions(
                n_states,
                attributes,
                draw(st.integers(0, max(n_states - 2, 0))),
                draw(st.integers(0, n_states - 1)),
            )
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    return {
        "clock": draw(st.sampled_from(["age", "calendar"])),
        "states": n_states,
        "attributes": {name: draw(st.none() | numbers(-1.0, 2.0)) for name in attributes},
        "transitions": chain + more,
    }
