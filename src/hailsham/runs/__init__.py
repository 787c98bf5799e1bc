"""From a resolved scenario to a finished run folder: the only parallel code."""

from hailsham.runs.folder import is_warm, run_scenario, warm, world_of
from hailsham.runs.hands import ALONE, MEETING, WRITING, Observe

__all__ = ["ALONE", "MEETING", "WRITING", "Observe", "is_warm", "run_scenario", "warm", "world_of"]
