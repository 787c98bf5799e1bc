"""Drawn structures as models, the people they are lived with, and the two readings side by side.

    python -m tests.unit.engine.model.comparison 200

lives every kept structure with 200 sets of numbers and prints where compiled and plain part.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np

from hailsham.engine import Model
from hailsham.engine.declared import families
from hailsham.engine.model import plain
from tests.unit.engine.model import rules
from tests.unit.engine.model.structures import FIRST_YEAR

KEPT = Path(__file__).parents[3] / "cases" / "structures.json"
UNTIL = 40.0
N_PEOPLE = 2
#: By how much each number is multiplied or raised; shares are seen to apart.
TIMES = {
    **dict.fromkeys(("rate", "level", "constant"), (0.3, 1.3)),
    **dict.fromkeys(("shape", "scale", "median", "spread"), (0.8, 1.25)),
    "slope": (-1.0, 1.0),
    "bound": (1.0, 2.0),
    "effect": (-1.0, 1.0),
}
MORE = {"reading": (0.0, 2.0), "low": (0.0, 0.9), "high": (0.0, 5.0), "then": (-0.5, 0.5)}


def built(structure):
    """The model that a drawn structure describes."""
    model = Model("drawn", clock=structure["clock"])
    states = model.states(*(f"s{i}" for i in range(structure["states"])))
    for name, start in structure["attributes"].items():
        model.attribute(name, start=start)
    for one in structure["transitions"]:
        clock = one["clock"]
        if clock is not None and clock.startswith("since "):
            clock = model.since(states[int(clock.removeprefix("since "))])
        model.transition(
            [states[i] for i in one["from"]],
            {states[int(i)]: rule(share) for i, share in one["to"].items()},
            hazard(one["hazard"]),
            clock=clock,
            name=one.get("name"),
            effect=rule(one["effect"]),
            then={name: rule(value) for name, value in one["then"].items()},
        )
    return model


def rule(told):
    """A number, nothing, coefficients, or the function of a name."""
    return rules.NAMED[told] if isinstance(told, str) else told


def hazard(told):
    """The hazard of a kind with its numbers."""
    numbers = {key: rule(value) for key, value in told.items() if key != "kind"}
    make = getattr(families, told["kind"])
    if told["kind"].startswith("piecewise"):
        place = "breaks" if "breaks" in numbers else "knots"
        return make(numbers.pop(place), **numbers)
    return make(**numbers)


def case(structure, model, number, n_people=N_PEOPLE):
    """One set of numbers and of people, always the same for a number."""
    luck = random.Random(f"case {number}")
    is_open = {one.name: None in one.shares for one in model.numbered()}
    parameters = {
        name: other(name, value, luck, is_open)
        for name, value in model.parameters().items()
        if luck.random() < 0.5
    }
    born = [round(FIRST_YEAR + luck.uniform(0.0, 15.0), 2) for _ in range(n_people)]
    # A state that nobody comes to makes a model unsound, so somebody begins in the first.
    first, *others = model.declared_states[:1] * n_people
    starts = [first, *(luck.choice(model.declared_states) for _ in others)]
    given_to = {
        name: [round(luck.uniform(-1.0, 2.0), 2) for _ in range(n_people)]
        for name, start in structure["attributes"].items()
        if start is None or luck.random() < 0.5
    }
    return {
        "n_people": n_people,
        "parameters": parameters,
        "seed": number,
        "replicate": luck.randrange(3),
        "first_person": luck.choice([0, 1000, 2**32 - 2]),
        "until": UNTIL if structure["clock"] == "age" else FIRST_YEAR + UNTIL,
        "age": [round(luck.uniform(0.0, 10.0), 2) for _ in range(n_people)],
        "born": luck.choice([float(FIRST_YEAR), born]),
        "start": luck.choice([None, starts]),
        "attributes": given_to,
    }


def other(name, value, luck, is_open):
    """Another value of a number, with which the model is as sound as before."""
    transition, *keys = name.rsplit(".", 2) if name.count(".") > 1 else name.split(".")
    if "share" in keys:
        return value * luck.random() if is_open[transition] else value
    key = keys[0]
    return value * luck.uniform(*TIMES[key]) if key in TIMES else value + luck.uniform(*MORE[key])


def lived_plainly(model, one):
    """The events of a case by the plain reading, ``None`` if a number stops the run."""
    try:
        return plain.live(model, **one)
    except plain.StoppedError:
        return None


def lived_compiled(model, one):
    """The events of a case by the kernel that is made for the model."""
    # As Python, a loop without branches warns of what it works out and does not choose.
    with np.errstate(all="ignore"):
        events = model.simulate(**one).events
    return list(zip(*(column.tolist() for column in events), strict=True))


def kept():
    """The structures that are kept as data."""
    return json.loads(KEPT.read_text())


def differences(structures, numbers):
    """Where the two readings part, in words; and how many events they were compared on."""
    found, n_events = [], 0
    for place, structure in enumerate(structures):
        model = built(structure)
        for number in numbers:
            one = case(structure, model, number)
            plainly = lived_plainly(model, one)
            n_events += len(plainly)
            if lived_compiled(model, one) != plainly:
                found.append(f"structure {place}, case {number}")
    return found, n_events


def main():
    """Compare; print what differs, then how many events agreed or not."""
    found, n_events = differences(kept(), range(int(sys.argv[1])))
    sys.stdout.write("\n".join([*found, f"{n_events} events\n"]))


if __name__ == "__main__":
    main()
