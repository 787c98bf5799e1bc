"""Draw the kept structures anew.

    python -m tests.unit.engine.model.keeping

Of many that Hypothesis draws, it keeps those that together show most of what a declaration can say,
and in which most altered rules are seen.
"""

import json
from collections import Counter
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings

from hailsham.engine.declared.soundness import find_faults
from hailsham.engine.model import plain
from tests.unit.engine.model.alterations import ALTERED
from tests.unit.engine.model.comparison import KEPT, built, case, lived_plainly
from tests.unit.engine.model.structures import structures

N_KEPT = 25
N_DRAWN = 1000
#: Of drawn structures, those with more events a life than this are slow and tell no more.
MOST_EVENTS = 25
FEWEST_EVENTS = 1
MOST_TRANSITIONS = 5
#: Cases in which an altered rule may be seen.
CASES = range(6)
#: Sets of numbers with none of which a kept structure may stop.
N_SETS = 200


def is_sound(structure):
    """Whether a model of these words may be lived from its first state, and from any."""
    model = built(structure)
    unset = [name for name, start in structure["attributes"].items() if start is None]
    until = case(structure, model, 0, 1)["until"]
    return not any(
        find_faults(model, start=start, given=unset, until=until)
        for start in ([], model.declared_states)
    )


def traits(structure):
    """What a structure says that another may not."""
    found = {structure["clock"], f"{structure['states']} states"}
    found |= {f"unset: {start is None}" for start in structure["attributes"].values()}
    for one in structure["transitions"]:
        kind, clock = one["hazard"]["kind"], (one["clock"] or "none").split()[0]
        effect = one["effect"]
        found |= {f"{kind} on {clock}", f"{len(one['to'])} to", f"{len(one['from'])} from"}
        found |= {f"{kind}, {type(effect).__name__}", f"{len(one['then'])} then"}
        found |= {f"{type(value).__name__} then" for value in one["then"].values()}
        found |= {
            f"by {told}"
            for told in (*one["then"].values(), *one["to"].values(), effect)
            if isinstance(told, str)
        }
        found |= {"stays" for target in one["to"] if int(target) in one["from"]}
        found |= {"named" for _ in one.get("name", "")}
    return found


def liveliness(structure):
    """Events a life of some cases; 0 if any stops, or if too much happens."""
    model = built(structure)
    lived = [lived_plainly(model, case(structure, model, number, 3)) for number in range(N_SETS)]
    if None in lived:
        return 0.0
    mean = sum(map(len, lived)) / (3 * N_SETS)
    return mean if mean <= MOST_EVENTS else 0.0


def is_worth_keeping(structure):
    """Whether enough happens in it, and it is no longer than one cares to read."""
    short = len(structure["transitions"]) <= MOST_TRANSITIONS
    return short and is_sound(structure) and liveliness(structure) >= FEWEST_EVENTS


def noticed(structure):
    """The altered rules that are seen in it."""
    model = built(structure)
    cases = [case(structure, model, number) for number in CASES]
    right = [lived_plainly(model, one) for one in cases]
    found = set()
    for altered in ALTERED:
        with patch.object(plain, "Rules", altered):
            if any(
                lived_plainly(model, one) != lived for one, lived in zip(cases, right, strict=True)
            ):
                found.add(altered.__name__)
    return found


def main():
    """Draw, choose, write."""
    drawn = []

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=N_DRAWN,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(structures())
    def draw(structure):
        drawn.append(structure)

    draw()
    lively = [one for one in drawn if is_worth_keeping(one)]
    shown = {json.dumps(one): traits(one) | noticed(one) for one in lively}
    chosen, seen = [], Counter()
    for _ in range(N_KEPT):
        # What was shown once is worth half as much again.
        best = max(shown, key=lambda one: sum(0.5 ** seen[trait] for trait in shown[one]))
        chosen.append(best)
        seen.update(shown.pop(best))
    rows = ",\n".join(chosen)
    KEPT.write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
