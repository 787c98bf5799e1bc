"""One operation, told: what was taken, to whom it went, and what became of both."""

from __future__ import annotations

from collections.abc import Iterator

from hailsham.lives.codes import Risk
from hailsham.telling.life.prose import (
    PRONOUNS,
    age,
    chance,
    day,
    joined,
    number,
    opened,
    ordinal,
    span,
    the_gifts,
    year,
)
from hailsham.telling.life.record import Record, Row

#: Differences smaller than this are not told as longer or shorter. [years]
NO_DIFFERENCE = 1 / 365
_ADULT = 18


def tell_operation(record: Record, event: Row, *, ready: float | None, is_alone: bool) -> list[str]:
    """Return an operation in sentences: the day, what was taken, to whom it went, the end.

    Args:
        record: The life of the one operated on.
        event: The operation, as the log has it.
        ready: [years AD] Since when it might have been, where the log says so.
        is_alone: Whether nobody was looking after the person at the time.
    """
    row, they = record.person, record.pronouns
    step, time = event["detail"], event["time"]
    died_of_it = row["completed_at_donation"] == step
    at = age(row["born"], at=time)
    told = [
        f"The {ordinal(step)} operation was on {day(time)}, at {at}{_since(record, time, ready)}."
    ]
    if is_alone:
        told.append(f"Nobody was looking after {they.them} at the time.")
    if event["other"] is None:
        told.append("No patient on the list had fitted for as long as the Programme waits.")
    gifts = [organ for organ in record.given if organ["step"] == step]
    risk = record.probability(Risk.DEATH_AT_OPERATION, time=time)
    is_last = risk is not None and risk >= 1
    # What is left is taken only after a death, but for the operation that nobody survives.
    meant = [organ for organ in gifts if is_last or not died_of_it or _was_meant(event, organ)]
    told += _taken(record, meant, alive=not died_of_it)
    if is_last:
        told.append("Nobody survives an operation that takes all that is left.")
    elif risk is not None:
        told.append(f"The risk of dying at it was {chance(risk)}.")
    told.append(f"{row['name']} {'did not survive it' if died_of_it else 'lived'}.")
    rest = [organ for organ in gifts if organ not in meant]
    return [*told, *_taken(record, rest, alive=False)]


def _was_meant(event: Row, organ: Row) -> bool:
    """Whether an operation was made for this organ or tissue, and not for what was left."""
    if event["other"] is None:
        return bool(organ["outcome"] == "outside_need")
    return bool(organ["recipient"] == event["other"])


def _taken(record: Record, gifts: list[Row], *, alive: bool) -> list[str]:
    used = [_used(record, organ, alive=alive) for organ in gifts if is_used(organ)]
    return [*used, *_unused(gifts, alive=alive)]


def _since(record: Record, time: float, ready: float | None) -> str:
    """Return how long an operation came after the person was ready for it."""
    if ready is None:
        return ""
    they = record.pronouns.they
    if day(time) == day(ready):
        return f", the day on which {they} was ready for it"
    return f", {span(time - ready)} after {they} was ready for it"


def is_used(organ: Row) -> bool:
    """Whether an organ was given to somebody."""
    return bool(organ["outcome"] == "used")


def _used(record: Record, organ: Row, *, alive: bool) -> str:
    """Return to whom an organ went, and what became of that person."""
    gift = opened(the_gifts(organ["organ"], n=1, alive=alive))
    other = record.others.get(organ["recipient"])
    if other is None:
        return f"{gift} was taken and given to somebody whose life this run does not hold."
    they = PRONOUNS[other["sex"]]
    at = age(other["born"], at=organ["used"])
    who = they.adult if at >= _ADULT else they.child
    article = "an" if at in (8, 11, 18) or 80 <= at < 90 else "a"
    waited = "" if organ["waited"] is None else f" who had waited {span(organ['waited'])}"
    return (
        f"{gift} was taken and given to {article} {at}-year-old {who}{waited}; "
        f"{they.they} {_afterwards(organ, other)}."
    )


def _afterwards(organ: Row, other: Row) -> str:
    """Return what became of somebody who had been given an organ.

    The years gained are those of a whole life: they are this organ's only if
    it was the only one.
    """
    if other["status"] == "left":
        return f"left England in {year(other['ended'])}"
    if other["status"] != "died":
        return "was alive when the run ends"
    lived = f"lived until {year(other['ended'])}"
    gained = other["years_gained"]
    if gained is None:
        return lived
    more = (
        "no longer"
        if abs(gained) < NO_DIFFERENCE
        else f"{span(gained)} {'longer' if gained > 0 else 'less'}"
    )
    if other["transplants"] > 1:
        given = f"the {number(other['transplants'])} organs given {PRONOUNS[other['sex']].them}"
        return f"{lived}; with {given}, {more} than with none"
    why = why_no_years(other) if organ["organ"] == "kidney" else ""
    return f"{lived}, {more} than without it{why}"


def why_no_years(row: Row) -> str:
    """Return why somebody who was given kidneys gained no years by them; "" where that is not so.

    Nobody dies of the kidney who is kept alive by dialysis, so that the end is
    the same with a graft and without; whoever would have died gains or loses.

    Args:
        row: Somebody who was given kidneys and nothing else.
    """
    gained = row["years_gained"]
    if gained is None or abs(gained) >= NO_DIFFERENCE or row["cause"] == "operation":
        return ""
    them = PRONOUNS[row["sex"]].them
    return (
        f": dialysis had kept {them} alive and would have gone on doing so, and the years of this "
        f"model do not count what the kidney spared {them}"
    )


def _unused(gifts: list[Row], *, alive: bool) -> Iterator[str]:
    """Return what was taken and given to nobody, one sentence for each reason."""
    reasons = {
        "no_need": ", and fitted nobody who was waiting that day",
        "outside_need": ", for nobody on the list",
        "discarded": " and found unfit for use",
        "expired": " and kept for too long to be used",
    }
    for outcome, reason in reasons.items():
        organs = [gift["organ"] for gift in gifts if gift["outcome"] == outcome]
        if organs:
            counts = {organ: organs.count(organ) for organ in dict.fromkeys(organs)}
            names = [the_gifts(organ, n=n, alive=alive) for organ, n in counts.items()]
            several = len(organs) > 1 or organs[0] == "reproductive"
            yield f"{opened(joined(names))} {'were' if several else 'was'} taken{reason}."
