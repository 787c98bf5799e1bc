"""Plain English for dates, ages, counts and chances, the same in every life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from hailsham.telling.words import GIFT_NAMES
from hailsham.units import date_of, days

#: Written out, for the names that a computer gives to months depend on its settings.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SMALL_NUMBERS = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
#: The number of the house that has a name.
HAILSHAM = 0
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")

_MONTHS_PER_YEAR = 12
#: Shorter than this is told in days; shorter than two years in months. [years]
_TOLD_IN_DAYS = 2 / _MONTHS_PER_YEAR
_TOLD_IN_MONTHS = 23.5 / _MONTHS_PER_YEAR
#: A birthday that falls on the very moment counts as reached, whatever the last bit says. [years]
_A_MOMENT = 1e-6


@dataclass(frozen=True)
class Pronouns:
    """How a person is spoken of: *they* did it, it was done to *them*, with *their* own."""

    they: str
    them: str
    their: str
    themself: str
    adult: str
    child: str


PRONOUNS = {
    "female": Pronouns("she", "her", "her", "herself", "woman", "girl"),
    "male": Pronouns("he", "him", "his", "himself", "man", "boy"),
}


def day(time: float) -> str:
    """Return a time as a day, like ``3 March 1957``.

    Args:
        time: [years AD] Any time from year 1 on.
    """
    date = date_of(time)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def year(time: float) -> int:
    """Return the calendar year in which a time falls."""
    return floor(time)


def age(born: float, *, at: float) -> int:
    """Return an age as people say it, in whole years."""
    return max(0, floor(at - born + _A_MOMENT))


def at_age(born: float, *, at: float) -> str:
    """Return an age with its preposition, like ``at 16`` or ``in the first year of life``."""
    whole = age(born, at=at)
    return f"at {whole}" if whole else "in the first year of life"


def span(duration: float) -> str:
    """Return a duration in the unit that suits it, like ``12 days`` or ``8.1 years``.

    Args:
        duration: [years] Its size is told, not its sign.
    """
    length = abs(duration)
    if length < _TOLD_IN_DAYS:
        n_days = round(days(length))
        if n_days == 0:
            return "less than a day"
        return "1 day" if n_days == 1 else f"{n_days} days"
    if length < _TOLD_IN_MONTHS:
        return f"{round(length * _MONTHS_PER_YEAR)} months"
    return f"{length:.1f} years"


def number(n: int) -> str:
    """Return a count, in letters up to ten."""
    return SMALL_NUMBERS[n] if 0 <= n < len(SMALL_NUMBERS) else f"{n:,}"


def counted(n: int, *, one: str, many: str) -> str:
    """Return a count with its noun, like ``one operation`` or ``12 operations``."""
    return f"{'no' if n == 0 else number(n)} {one if n == 1 else many}"


def ordinal(n: int) -> str:
    """Return a place in a row, like ``fourth``."""
    return ORDINALS[n] if 0 < n < len(ORDINALS) else f"{n}th"


def chance(probability: float) -> str:
    """Return a probability as so many in a hundred, or one in so many."""
    if probability < 0.01:
        return f"1 in {round(1 / probability):,}" if probability > 0 else "none"
    return f"{min(99, round(100 * probability))} in 100"


def joined(parts: Sequence[str], *, mark: str = ",") -> str:
    """Return parts in a row, like ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    end = f"{mark} and" if mark == ";" else " and"
    return f"{f'{mark} '.join(parts[:-1])}{end} {parts[-1]}"


def opened(text: str) -> str:
    """Return a text with its first letter large, as a sentence begins."""
    return text[:1].upper() + text[1:]


def raised_in(house: int, *, is_first: bool = False) -> str:
    """Return where a child was raised, like ``at Hailsham`` or ``in house 12``.

    Args:
        house: Number of the house.
        is_first: Whether the life names the house for the first time, and has
            to say that a number is all there is to name it by.
    """
    if house == HAILSHAM:
        return "at Hailsham"
    return f"in a house known here by its number, {house}" if is_first else f"in house {house}"


def a_gift(organ: str) -> str:
    """Return an organ with its article, like ``a heart`` or ``bone marrow``."""
    countable = organ in ("heart", "lung", "kidney", "liver", "pancreas")
    return f"a {organ}" if countable else GIFT_NAMES.get(organ, organ)


def the_gifts(organ: str, *, n: int, alive: bool) -> str:
    """Return what was taken, which from somebody who goes on living is only a part.

    Args:
        organ: What was taken, as the table of organs names it.
        n: How many of it.
        alive: Whether the one from whom it was taken lived on.
    """
    if n > 1:
        return f"{number(n)} {organ}s"
    if alive and organ in ("lung", "liver", "pancreas"):
        return f"part of {'a' if organ == 'lung' else 'the'} {organ}"
    if organ in ("heart", "liver", "pancreas", "reproductive"):
        return f"the {GIFT_NAMES.get(organ, organ)}"
    return a_gift(organ)
