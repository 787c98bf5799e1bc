"""A life among the public, told in the order in which it was lived.

Most come near no list. Of those who are given an organ, it is said whose it
was: the two lives are linked.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, isfinite

from hailsham.lives.codes import ORGANS, Event
from hailsham.telling.life.operation import NO_DIFFERENCE, why_no_years
from hailsham.telling.life.prose import (
    PRONOUNS,
    a_gift,
    age,
    at_age,
    chance,
    counted,
    day,
    joined,
    opened,
    ordinal,
    raised_in,
    span,
    year,
)
from hailsham.telling.life.record import Record, Row, unforeseen
from hailsham.telling.words import CAUSE_NAMES, FLAT_RATE, TOO_OLD

#: What is told of the public, besides birth and death, which the row of the person tells.
TOLD_OF_THE_PUBLIC = frozenset(
    {
        Event.BORN,
        Event.ENTERED,
        Event.LEFT,
        Event.DIED,
        Event.ORGAN_FAILED,
        Event.LISTED,
        Event.TRANSPLANTED,
        Event.GRAFT_FAILED,
        Event.REMOVED,
    }
)
#: The age from which somebody is told as a woman or a man. [years]
ADULT = 18
_KIDNEY_CAUSES = ("kidney", "cancer_kidney")
#: How many of the risks that competed are told.
_RISKS_TOLD = 2
_OTHER = "a cause that the tables do not name"


def public_heading(record: Record) -> str:
    """Return what stands above a life of the public, whom the run gives no names."""
    row = record.person
    return f"A {_adult(record)} born in {year(row['born'])}"


def public_in_a_line(record: Record) -> str:
    """Return the line behind which a life of the public is folded."""
    row = record.person
    did = []
    given = record.of_kind(Event.TRANSPLANTED)
    if given:
        gifts = [f"{a_gift(_organ(one))} at {age(row['born'], at=one['time'])}" for one in given]
        did.append(f"was given {joined(gifts)}")
    elif row["transplants"]:
        did.append(f"was given {counted(row['transplants'], one='organ', many='organs')}")
    elif record.of_kind(Event.REMOVED):
        did += ["was put on the waiting list", "was taken off it again"]
    elif row["listed"] is not None:
        did += ["was put on the waiting list", "was given nothing"]
    return f"{public_heading(record)}, who {joined([*did, _how_it_ended(record)])}."


def public_paragraphs(record: Record) -> list[str]:
    """Return a life of the public in paragraphs."""
    stations = [
        _arrival(record),
        _illness(record),
        _end(record),
        unforeseen(record, told=TOLD_OF_THE_PUBLIC),
    ]
    return [" ".join(sentences) for sentences in stations if sentences]


def _adult(record: Record) -> str:
    they, row = record.pronouns, record.person
    return they.adult if age(row["born"], at=row["ended"]) >= ADULT else they.child


def _organ(event: Row) -> str:
    return ORGANS[event["detail"]]


def _how_it_ended(record: Record) -> str:
    row = record.person
    at = at_age(row["born"], at=row["ended"])
    if row["status"] == "left":
        return f"left England {at}"
    if row["status"] != "died":
        return "was alive when the run ends"
    return f"died {at}, of {_cause(row)}"


def _cause(row: Row) -> str:
    if row["cause"] == "other":
        return _OTHER
    return CAUSE_NAMES.get(row["cause"], "a cause that this version does not know")


def _arrival(record: Record) -> list[str]:
    row, they = record.person, record.pronouns
    told = [f"This {_adult(record)} was born on {day(row['born'])}."]
    at = at_age(row["born"], at=row["entered"])
    if row["entered"] > row["born"]:
        is_start = row["entered"] <= record.first_year
        was = "was in England as the run begins" if is_start else "came to live in England"
        told.append(f"On {day(row['entered'])}, {at}, {they.they} {was}.")
    return [*told, f"{opened(they.their)} blood group was {row['blood_group']}."]


def _illness(record: Record) -> list[str]:
    told: list[str] = []
    before: Row | None = None
    listed: float | None = None
    for event in record.events:
        match event["event"]:
            case Event.ORGAN_FAILED:
                told += _failed(record, event)
            case Event.LISTED:
                told.append(_listed(record, event, before=before))
                listed = event["time"]
            case Event.TRANSPLANTED:
                told += _transplanted(record, event, listed=listed)
            case Event.GRAFT_FAILED:
                told.append(_graft_failed(record, event))
            case Event.REMOVED:
                they = record.pronouns.they
                told.append(f"On {day(event['time'])} {they} was taken off the list, alive.")
        before = event
    if record.of_kind(Event.ORGAN_FAILED) and not record.of_kind(Event.LISTED):
        told.append(f"{opened(record.pronouns.they)} was never put on the waiting list.")
    return told


def _failed(record: Record, event: Row) -> Iterator[str]:
    row, they = record.person, record.pronouns
    organ = "bone marrow" if _organ(event) == "marrow" else _organ(event)
    at = at_age(row["born"], at=event["time"])
    yield f"On {day(event['time'])}, {at}, {they.their} {organ} failed."
    end = row["untreated_end"]
    is_first = event is record.of_kind(Event.ORGAN_FAILED)[0]
    if is_first and end is not None and end >= event["time"]:
        is_kept = _is_on_dialysis(record, event)
        how = "Kept alive by dialysis, with no transplant," if is_kept else "With no transplant"
        yield (
            f"{how} {they.they} would have lived for another "
            f"{span(end - event['time'])}, until {day(end)}."
        )


def _is_on_dialysis(record: Record, event: Row) -> bool:
    """Tell whether a failed kidney would not have been the end of this life, untreated."""
    row = record.person
    if _organ(event) != "kidney":
        return False
    return bool(why_no_years(row)) if row["transplants"] else row["cause"] not in _KIDNEY_CAUSES


def _listed(record: Record, event: Row, *, before: Row | None) -> str:
    they = record.pronouns.they
    same_day = before is not None and day(before["time"]) == day(event["time"])
    when = "The same day" if same_day else f"On {day(event['time'])}"
    same = [row for row in record.of_kind(Event.LISTED) if row["detail"] == event["detail"]]
    again = " again" if same.index(event) else ""
    return f"{when} {they} was put on the waiting list for {a_gift(_organ(event))}{again}."


def _transplanted(record: Record, event: Row, *, listed: float | None) -> list[str]:
    they, time = record.pronouns, event["time"]
    when = f"On {day(time)}"
    if listed is not None:
        when += f", after {span(time - listed)} on the list,"
    if listed is not None and day(listed) == day(time):
        when = "The same day"
    told = [f"{when} {they.they} was given {a_gift(_organ(event))}."]
    donor = record.others.get(event["other"])
    if donor is None:
        return [*told, "This run does not say whose it was."]
    if donor["kind"] != "clone":
        return [*told, "It came from another member of the public."]
    step = _step_of(record, event)
    is_first = event is record.of_kind(Event.TRANSPLANTED)[0]
    operation = f" at {PRONOUNS[donor['sex']].their} {ordinal(step)} operation" if step else ""
    told.append(
        f"It was taken from {donor['name']}, {age(donor['born'], at=time)}, who was raised "
        f"{raised_in(donor['house'], is_first=is_first)}{',' if operation else ''}{operation}; "
        f"{donor['name']} {_donor_afterwards(donor, step)}."
    )
    return told


def _step_of(record: Record, event: Row) -> int | None:
    """Return at which operation on the other an organ was taken."""
    same = [
        row["step"]
        for row in record.received
        if row["donor"] == event["other"] and row["organ"] == _organ(event)
    ]
    return same[0] if same else None


def _donor_afterwards(donor: Row, step: int | None) -> str:
    """Return what became of somebody from whom an organ had been taken."""
    if donor["status"] != "died":
        return "was alive when the run ends"
    if donor["completed_at_donation"] == step:
        return "did not survive it"
    return (
        f"lived until {year(donor['ended'])}, to the age of {age(donor['born'], at=donor['ended'])}"
    )


def _graft_failed(record: Record, event: Row) -> str:
    # A graft may fail and be replaced in one instant: only the log says which was first.
    before = record.events[: next(i for i, row in enumerate(record.events) if row is event)]
    given = [row["time"] for row in before if row["event"] == Event.TRANSPLANTED]
    they = record.pronouns.they
    if given and day(given[-1]) == day(event["time"]):
        return f"The organ that {they} had been given failed on the day on which it was given."
    later = f", {span(event['time'] - given[-1])} later," if given else ""
    return f"On {day(event['time'])}{later} the organ that {they} had been given failed."


def _end(record: Record) -> list[str]:
    row, they = record.person, record.pronouns
    ended, at = row["ended"], at_age(row["born"], at=row["ended"])
    if row["status"] == "left":
        left = f"On {day(ended)}, {at}, {they.they} left England, and with it this run."
        return [left, *_what_else(record, ended, had=f"Had {they.they} stayed")]
    if row["status"] != "died":
        return [f"When the run ends, {they.they} was alive, {at}."]
    told = [f"{opened(they.they)} died on {day(ended)}, {at}, of {_cause(row)}."]
    if ended - row["born"] > TOO_OLD:
        told.append(FLAT_RATE)
    if _is_waiting(record):
        told.append(f"{opened(they.they)} still stood on the waiting list.")
    if row["transplants"] and row["years_gained"] is not None:
        told.append(_gained(record))
    return [*told, *_what_else(record, ended, had="Had this not come")]


def _is_waiting(record: Record) -> bool:
    steps = record.of_kind(Event.LISTED, Event.TRANSPLANTED, Event.REMOVED)
    return bool(steps) and steps[-1]["event"] == Event.LISTED


def _gained(record: Record) -> str:
    row, they = record.person, record.pronouns
    given = f"With the {counted(row['transplants'], one='organ', many='organs')} given"
    gained = row["years_gained"]
    if abs(gained) < NO_DIFFERENCE:
        organs = {organ["organ"] for organ in record.received}
        why = why_no_years(row) if organs == {"kidney"} else ""
        return f"{given}, {they.they} lived no longer than without{why}."
    direction = "longer" if gained > 0 else "less"
    return f"{given}, {they.they} lived {span(gained)} {direction} than without."


def _what_else(record: Record, time: float, *, had: str) -> Iterator[str]:
    """Yield how likely the end was, and what else would have come later, the nearest first."""
    turns = record.competing(time).values()
    hazards = [row["hazard"] for row in turns if row["chosen"] and row["hazard"]]
    if hazards:
        yield (
            "Of those of the same sex and age in that year, the same happened to "
            f"{chance(1 - exp(-hazards[0]))} within a year."
        )
    later = sorted(
        (row["latent_time"], row["risk"])
        for row in turns
        if not row["chosen"] and row["latent_time"] is not None and isfinite(row["latent_time"])
    )
    span_ends = record.person["born"] + TOO_OLD
    within = [(at, risk) for at, risk in later if time <= at <= span_ends][:_RISKS_TOLD]
    told = [f"{record.risk_label(risk)} in {year(at)}" for at, risk in within]
    if told:
        yield f"{had}, the next would have been {', then '.join(told)}."
    elif turns:
        yield f"Nothing else in the model would have come before the age of {TOO_OLD:.0f}."


def public_figures(record: Record) -> list[tuple[str, str]]:
    """Return the figures of a life of the public, each with its label; none that does not apply."""
    row = record.person
    lived = "Years lived" if row["status"] == "died" else "Age when last seen"
    figures = [(lived, f"{row['ended'] - row['born']:.1f}")]
    if row["listed"] is not None:
        waits = [organ["waited"] for organ in record.received if organ["waited"] is not None]
        figures.append(("Organs given", f"{row['transplants']:,}"))
        if waits:
            figures.append(("Years waited for them", f"{sum(waits):.1f}"))
    if row["transplants"] and row["years_gained"] is not None:
        figures.append(("Years gained", f"{row['years_gained']:.1f}"))
    return figures
