"""A life raised for its organs, told station by station.

The Programme's words, “carer” and “donor”, are its own and stand in quotation
marks. Whatever was drawn by a stand-in is kept apart and said to be one.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

from hailsham.lives.codes import Event, Risk
from hailsham.telling.life.operation import NO_DIFFERENCE, is_used, tell_operation
from hailsham.telling.life.prose import (
    HAILSHAM,
    PRONOUNS,
    age,
    at_age,
    chance,
    day,
    joined,
    number,
    opened,
    ordinal,
    raised_in,
    span,
    year,
)
from hailsham.telling.life.record import Record, Row, unforeseen
from hailsham.telling.words import CAUSE_NAMES, FLAT_RATE, TOO_OLD

A_MONTH = 1 / 12

#: What is told of a clone, besides birth and death, which the row of the person tells.
TOLD_OF_CLONES = frozenset(
    {
        Event.BORN,
        Event.DIED,
        Event.MOVED_HOUSE,
        Event.LEFT_HOUSE,
        Event.BEGAN_CARING,
        Event.GIVEN_PATIENT,
        Event.LOST_PATIENT,
        Event.CALLED_UP,
        Event.GIVEN_CARER,
        Event.LOST_CARER,
        Event.READY,
        Event.OPERATED,
        Event.BECAME_COUPLE,
        Event.APPLIED,
        Event.REFUSED,
    }
)
_STEPS_OF_A_DONOR = (
    Event.GIVEN_CARER,
    Event.LOST_CARER,
    Event.READY,
    Event.OPERATED,
)


def clone_in_a_line(record: Record) -> str:
    """Return the line behind which a clone's life is folded."""
    row = record.person
    told = f"{row['name']}, born in {year(row['born'])} and raised {raised_in(row['house'])},"
    did = []
    if row["tenure"] is not None:
        did.append(f"was a “carer” for {span(row['tenure'])}")
    if row["status"] == "died":
        step = row["completed_at_donation"]
        where = f", at the {ordinal(step)} operation" if step else ""
        did.append(f"died at {age(row['born'], at=row['ended'])}{where}")
    else:
        did.append("was alive when the run ends")
    return f"{told} {joined(did)}."


def clone_paragraphs(record: Record) -> list[str]:
    """Return a clone's life in paragraphs, one a station and one an operation."""
    stations = [
        childhood(record),
        _at_work(record),
        *_as_a_donor(record),
        death(record),
        unforeseen(record, told=TOLD_OF_CLONES),
        _stand_ins(record),
    ]
    return [" ".join(sentences) for sentences in stations if sentences]


def childhood(record: Record) -> list[str]:
    """Tell of birth, the house, and leaving it."""
    row, they = record.person, record.pronouns
    told = [
        f"{row['name']} was born on {day(row['born'])} and raised "
        f"{raised_in(row['house'], is_first=True)}, one of the houses of the Programme, in a pod "
        "of eight children of one age.",
        f"{opened(they.their)} blood group was {row['blood_group']}.",
    ]
    told += [_moved(record, event) for event in record.of_kind(Event.MOVED_HOUSE)]
    left = record.when(Event.LEFT_HOUSE, column="left_house")
    if left is not None:
        told.append(
            f"On {day(left)}, at {age(row['born'], at=left)}, {they.they} left for the Cottages."
        )
    return told


def _moved(record: Record, event: Row) -> str:
    row, they = record.person, record.pronouns.they
    when = f"on {day(event['time'])}, {at_age(row['born'], at=event['time'])}"
    if event["detail"] == HAILSHAM:
        return f"Hailsham had not opened yet, and {when}, {they} was moved there."
    is_first = row["house"] == HAILSHAM
    where = raised_in(event["detail"], is_first=is_first).removeprefix("in ")
    moved = f"{they} was moved to {where}."
    return f"Hailsham closed, and {when}, {moved}" if is_first else f"{opened(when)}, {moved}"


def _at_work(record: Record) -> list[str]:
    row, they = record.person, record.pronouns
    began = record.when(Event.BEGAN_CARING, column="carer_from")
    told = []
    if began is not None:
        left = record.when(Event.LEFT_HOUSE, column="left_house")
        stay = "" if left is None else f", after {span(began - left)} at the Cottages"
        told.append(
            f"On {day(began)}, at {age(row['born'], at=began)}{stay}, {they.they} began work as a "
            f"“carer”, looking after others who had been called up before {they.them}."
        )
        told += _patients(record)
    called = record.when(Event.CALLED_UP, column="carer_until")
    return told if called is None else [*told, *call_up(record, called)]


def _patients(record: Record) -> list[str]:
    row, they = record.person, record.pronouns
    told = [_time_with(record, patient) for patient in record.patients]
    if not told and row["patients"]:
        return [f"{opened(they.they)} looked after {number(row['patients'])} of them in all."]
    if not told:
        return [f"{opened(they.they)} was never given anybody to look after."]
    if len(told) == 1:
        return [f"{opened(they.they)} looked after one “donor”: {told[0]}."]
    sentence = (
        f"{opened(they.they)} looked after {number(len(told))} “donors”: {joined(told, mark=';')}."
    )
    if row["caseload_mean"] is None:
        return [sentence]
    mean = f"{row['caseload_mean']:.1f}"
    return [sentence, f"On average {they.they} had {mean} of them to look after at a time."]


def _time_with(record: Record, given: Row) -> str:
    """Return from when until when somebody was looked after."""
    other = record.others.get(given["person"])
    name = record.name_of(given["person"], unknown="somebody without a name in this run")
    since = f"{name}{_of_one_pod(record.person, other)} from {day(given['time'])}"
    called = record.when(Event.CALLED_UP, column="carer_until")
    at_work_until = record.person["ended"] if called is None else called
    if other is not None and other["status"] == "died" and other["ended"] <= at_work_until:
        return f"{since} until {PRONOUNS[other['sex']].they} died, on {day(other['ended'])}"
    if called is None:
        return f"{since} on"
    return f"{since} until {record.person['name']} was called up, on {day(called)}"


def _of_one_pod(row: Row, other: Row | None) -> str:
    """Return words for somebody who grew up beside this person; none for anybody else."""
    if other is None or other["pod"] is None or row["pod"] is None:
        return ""
    here, there = ((one["house"], year(one["born"]), one["pod"]) for one in (row, other))
    return ", of the same pod," if here == there else ""


def call_up(record: Record, time: float) -> Iterator[str]:
    """Tell of being called up."""
    row, they = record.person, record.pronouns
    work = f", after {span(row['tenure'])} at work" if row["tenure"] is not None else ""
    yield (
        f"On {day(time)}, at {age(row['born'], at=time)}{work}, {they.they} was called up to be "
        f"operated on {they.themself}."
    )
    turn = record.competing(time).get(Risk.CALL_UP)
    if turn is not None and turn["hazard"] is not None:
        within = chance(1 - exp(-turn["hazard"] * A_MONTH))
        yield (
            f"That day the hazard of being called up was {turn['hazard']:.2f} a year: at such a "
            f"hazard, the chance of being called up within a month is {within}."
        )


def _as_a_donor(record: Record) -> list[list[str]]:
    """Return the time as a donor: a paragraph up to the first operation, and one from each."""
    since = record.person["donor_from"]
    paragraphs: list[list[str]] = [[]]
    if since is not None:
        paragraphs[0].append(f"{opened(record.pronouns.they)} was now a “donor”.")
    carer, ready = None, None
    for event in record.of_kind(*_STEPS_OF_A_DONOR):
        match event["event"]:
            case Event.GIVEN_CARER:
                carer = event["other"]
                paragraphs[-1].append(_given_carer(record, event))
            case Event.LOST_CARER:
                carer = None
                paragraphs[-1].append(_lost_carer(record, event))
            case Event.READY:
                ready = event["time"]
                paragraphs[-1].append(_ready(record, event, since=since))
            case Event.OPERATED:
                paragraphs.append(
                    tell_operation(
                        record, event, ready=ready, is_alone=record.has_log and carer is None
                    )
                )
                since, ready = event["time"], None
    return paragraphs


def _given_carer(record: Record, event: Row) -> str:
    name = record.name_of(event["other"], unknown="a “carer” without a name in this run")
    other = record.others.get(event["other"])
    pod = _of_one_pod(record.person, other)
    aged = f", then {age(other['born'], at=event['time'])}{pod or ','}" if other else ""
    return f"From {day(event['time'])} on, {name}{aged} looked after {record.pronouns.them}."


def _lost_carer(record: Record, event: Row) -> str:
    name = record.name_of(event["other"], unknown="the “carer”")
    other = record.others.get(event["other"])
    themself = PRONOUNS[other["sex"]].themself if other else "in turn"
    left = f"had to leave {record.pronouns.them}"
    return f"On {day(event['time'])} {name} was called up {themself}, and {left}."


def _ready(record: Record, event: Row, *, since: float | None) -> str:
    step = event["detail"]
    after = ""
    if since is not None:
        before = "being called up" if step == 1 else "the one before"
        after = f", {span(event['time'] - since)} after {before}"
    return (
        f"On {day(event['time'])} {record.pronouns.they} was ready for the {ordinal(step)} "
        f"operation{after}."
    )


def death(record: Record) -> Iterator[str]:
    """Tell how the life ended, and how long an ordinary one would have been."""
    row, they = record.person, record.pronouns
    if row["status"] != "died":
        yield f"When the run ends, {they.they} was alive, at {age(row['born'], at=row['ended'])}."
        return
    parts = []
    if row["tenure"] is not None:
        parts.append(f"{span(row['tenure'])} of that time as a “carer”")
    if row["donor_from"] is not None:
        parts.append(f"{span(row['ended'] - row['donor_from'])} as a “donor”")
    as_what = f", {joined(parts)}" if parts else ""
    cause = (
        ""
        if row["completed_at_donation"]
        else f" of {CAUSE_NAMES.get(row['cause'], 'a cause unknown')}"
    )
    yield (
        f"{row['name']} died{cause} on {day(row['ended'])}, having lived "
        f"{span(row['ended'] - row['born'])}{as_what}."
    )
    if row["attended"] is not None:
        yield _attended(record)
    if row["untreated_end"] is not None:
        yield _ordinary_end(row)


def _attended(record: Record) -> str:
    they, percent = record.pronouns, round(100 * record.person["attended"])
    if percent == 0:
        return f"As a “donor” {they.they} had nobody to look after {they.them}."
    if percent == 100:
        return f"As a “donor” {they.they} always had somebody to look after {they.them}."
    return (
        f"On {percent} of every 100 days as a “donor” somebody was there to look after {they.them}."
    )


def _ordinary_end(row: Row) -> str:
    end, lost = row["untreated_end"], row["untreated_end"] - row["ended"]
    ordinary = (
        "Raised as an ordinary citizen, with the same luck and the death rates of everybody else, "
        "the same child would have"
    )
    if abs(lost) < NO_DIFFERENCE:
        return f"{ordinary} lived as long."
    if lost > 0:
        too_old = f" {FLAT_RATE}" if end - row["born"] > TOO_OLD else ""
        return f"{ordinary} lived until {year(end)}, {span(lost)} longer.{too_old}"
    return f"{ordinary} died in {year(end)}, at {age(row['born'], at=end)}: {span(lost)} sooner."


def _stand_ins(record: Record) -> list[str]:
    """Return what was drawn so that the rest can run; each statement says that it was."""
    row, they = record.person, record.pronouns
    drawn = []
    for event in record.of_kind(Event.BECAME_COUPLE):
        name = record.name_of(event["other"], unknown="somebody")
        drawn.append(f"{they.they} and {name} became a couple on {day(event['time'])}")
    if row["believed_deferral"] is not None:
        believed = "believed" if row["believed_deferral"] else "did not believe"
        drawn.append(f"{they.they} {believed} that couples may be deferred")
    drawn += [
        f"they applied for a deferral on {day(event['time'])}"
        for event in record.of_kind(Event.APPLIED)
    ]
    drawn += [
        f"they were refused on {day(event['time'])}, as everybody is"
        for event in record.of_kind(Event.REFUSED)
    ]
    if row["quality"] is not None and row["carer_from"] is not None:
        # Adding zero turns a rounded -0.0 into 0.0.
        quality = round(row["quality"], 1) + 0.0
        drawn.append(
            f"{they.their} quality as a “carer” was {quality:+.1f}, where 0 is the mean and more "
            "keeps somebody at work for longer"
        )
    if not drawn:
        return []
    return [
        *(f"A stand-in: {statement}." for statement in drawn),
        "Stand-ins are drawn by lot so that the rest can run; nothing can be read out of them.",
    ]


def clone_figures(record: Record) -> list[tuple[str, str]]:
    """Return the figures of a clone's life, each with its label; none that does not apply."""
    row = record.person
    figures = [("Years lived", f"{row['ended'] - row['born']:.1f}")]
    if row["carer_from"] is not None:
        figures += [
            ("Years as a “carer”", _decimal(row["tenure"])),
            ("“Donors” looked after", _whole(row["patients"])),
            ("Of them, died in that time", _whole(row["patients_died"])),
        ]
    if row["donor_from"] is not None:
        figures += [
            ("Operations", _whole(row["donations"])),
            ("Organs and tissue taken", _whole(len(record.given))),
            ("Of them, given to somebody", _whole(sum(map(is_used, record.given)))),
            ("Mobility lost, from 0 to 1", _decimal(row["mobility_lost"])),
        ]
    figures.append(("Years lost", _decimal(row["years_lost"])))
    return [(label, value) for label, value in figures if value]


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _whole(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
