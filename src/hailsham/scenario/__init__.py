"""What a person may ask, and how it is made complete."""

from hailsham.scenario.layers import DEFAULT, shipped
from hailsham.scenario.resolve import Resolved, RunSettings, identity, resolve

__all__ = ["DEFAULT", "Resolved", "RunSettings", "identity", "resolve", "shipped"]
