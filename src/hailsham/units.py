"""The only place that converts, and the few facts of the machine that are shared.

Inside hailsham a time is years AD, an age or a duration is years, a rate is
per person-year, a proportion lies in [0, 1]. Whatever a person reads or writes
in another unit passes through here.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

#: Years are Julian on average; used only to turn durations into days.
DAYS_PER_YEAR = 365.25

#: Person-years are summed as integers of this part of a year (2**-30 year is
#: about 0.03 seconds), so that a sum does not depend on the order of its terms.
TICKS_PER_YEAR = 2**30


def date_of(time: float) -> date:
    """Return the calendar day in which a time falls.

    Args:
        time: [years AD] Any finite time from year 1 on; 1967.0 is 1 January 1967.
    """
    year = int(time // 1)
    start = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - start).days
    return start + timedelta(days=int((time - year) * length))


def days(duration: float) -> float:
    """Return a duration in days.

    Args:
        duration: [years] Any duration.
    """
    return duration * DAYS_PER_YEAR


def cache_folder() -> Path:
    """Return the user's cache folder for hailsham (``HAILSHAM_CACHE`` overrides)."""
    chosen = os.environ.get("HAILSHAM_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "hailsham"
