"""Every dotted name that a scenario or an inner life knows, with its default and its meaning."""

from typing import Any

from hailsham.scenario.document import all_keys
from hailsham.world.development.parameters import meaning_of, names
from hailsham.world.parameters import Meaning


def parameters() -> dict[str, tuple[Any, Meaning]]:
    """Return the default and the meaning of every parameter, by its name in a scenario."""
    of_scenarios = {name: (key.default, key.meaning) for name, key in all_keys().items()}
    return of_scenarios | {f"development.{name}": meaning_of(name) for name in names()}
