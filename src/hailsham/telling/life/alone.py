"""A life of the Programme standing alone, told station by station, with its inner life.

Whom she looked after and who looked after her are nobody of the run, so
nothing is told of them but how many died. Beside each other stand what
happened and what it was like; last comes what of it is whose, and what is weak.
"""

from __future__ import annotations

from collections.abc import Iterator

from hailsham.lives.codes import Event
from hailsham.telling.life import inner
from hailsham.telling.life.clone import call_up, childhood, death
from hailsham.telling.life.prose import age, day, opened, ordinal, span, the_gifts
from hailsham.telling.life.record import Record, Row


def alone_paragraphs(record: Record) -> list[str]:
    """Return a life of the Programme alone in paragraphs, from birth to the end."""
    parts = [
        childhood(record),
        [*inner.growing_up(record), *inner.knowing(record)],
        _at_work(record),
        inner.hopes(record),
        inner.awakening(record),
        _operations(record),
        death(record),
        inner.keeping(record),
        inner.arriving(record),
        [inner.ORIGINS],
    ]
    told = (" ".join(sentences) for sentences in parts)
    return [paragraph for paragraph in told if paragraph]


def _at_work(record: Record) -> Iterator[str]:
    row, they = record.person, record.pronouns
    if row["carer_from"] is None:
        return
    began = row["carer_from"]
    yield (
        f"On {day(began)}, at {age(row['born'], at=began)}, after "
        f"{span(began - row['left_house'])} at the Cottages, {they.they} began work as a “carer”, "
        f"looking after others who had been called up before {they.them}."
    )
    yield from inner.at_work(record)


def _operations(record: Record) -> Iterator[str]:
    row, they = record.person, record.pronouns
    if row["donor_from"] is None:
        return
    yield from call_up(record, row["donor_from"])
    yield f"{opened(they.they)} was now a “donor”."
    since, word = row["donor_from"], "being called up"
    for event in record.of_kind(Event.OPERATED):
        time, step = event["time"], event["detail"]
        lived = "did not survive it" if row["completed_at_donation"] == step else "lived"
        yield (
            f"The {ordinal(step)} operation was on {day(time)}, at {age(row['born'], at=time)}, "
            f"{span(time - since)} after {word}. {_taken(row, step)}{opened(they.they)} {lived}."
        )
        since, word = time, "the one before"


def _taken(row: Row, step: int) -> str:
    """Return what an operation took, where the run holds it."""
    gift = row.get(f"gift_{step}")
    if gift is None:
        return ""
    is_last = row["completed_at_donation"] == step
    return f"{opened(the_gifts(gift, n=1, alive=not is_last))} was taken. "
