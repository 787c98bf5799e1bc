"""What a life of the Programme was like from inside, as far as a model can say it.

Numbers from 0 to 1 are put into a few plain words and shown beside them, so
that nobody has to believe the words. What the model does not follow, such as
what a memory was of, is not told.
"""

from __future__ import annotations

from collections.abc import Iterator

from hailsham.lives.codes import LOSSES, STYLES, Event
from hailsham.telling.life.prose import age, counted, day, joined, number, opened, span
from hailsham.telling.life.record import Record, Row

#: Told of an inner life by its own sentences, or counted in the row of the person.
TOLD_OF_INNER_LIVES = frozenset(event for event in Event if event >= Event.REMEMBERED)

STAGES = (
    "basic trust",
    "autonomy",
    "initiative",
    "industry",
    "identity",
    "intimacy",
    "care for those who follow",
    "integrity",
)
#: What each style of preparing for the end is, in words.
WAYS = {
    "none": "found no way of preparing for the end",
    "reminiscer": "prepared for the end by going over memories",
    "repairer": "prepared for the end by trying to set right what had gone wrong",
    "protester": "met the coming end with protest",
    "bargainer": "met the coming end by bargaining for time",
    "dutiful": "met the coming end as a duty",
    "glosser": "met the coming end by passing over it",
}
ENDINGS = {
    "integrated": "at one with the life that had been, and not in despair",
    "pseudo-integrated": "at one with the life that had been, and yet in despair",
    "despairing": "in despair, and not at one with the life that had been",
    "non-exploring": "neither at one with the life that had been nor in despair",
}
#: The least of a number from 0 to 1 that each word stands for.
_AMOUNTS = (
    (0.9, "nearly all"), (0.6, "most"), (0.4, "about half"), (0.15, "some"), (0.03, "little"),
    (0.0, "next to nothing"),
)  # fmt: skip
#: [developmental years] Where the last stage is over.
_WHOLE_LIFE = 80.0

WEAK_TITLE = "What is weak in this life, and in every other that this model tells:"
ORIGINS = (
    "Where this life is from. From the sources of the story: the stations and their order, that "
    "knowing comes long before feeling, that no application was ever granted, that letting go does "
    "not end. Invented by us: every number, and how one follows from another. Official: nothing; "
    "no figure of this life is a count of real people."
)


def amount(share: float) -> str:
    """Return a number from 0 to 1 in words, with the number behind them."""
    words = next(words for least, words in _AMOUNTS if share >= least)
    return f"{words} ({share:.2f}, where 1 is all)"


def growing_up(record: Record) -> Iterator[str]:
    """Tell what a house gave and took, beside its walls."""
    row, they = record.person, record.pronouns
    if row["as_hailsham"] is False:
        yield "In that house there was less care than at Hailsham, and less was kept from them."
    elif row["house"]:
        yield "The house was run as Hailsham is."
    if row["substitutes"]:
        found = "somebody" if row["substitutes"] == 1 else f"{number(row['substitutes'])} people"
        yield f"{opened(they.they)} found {found} to take a mother's place."
    if row["gallery"]:
        works = counted(row["gallery"], one="work", many="works")
        yield f"Madame took {works} of {they.their} making for the Gallery."
    if row["ostracised"]:
        yield f"The others left {they.them} out."


def knowing(record: Record) -> Iterator[str]:
    """Tell what was known and what was felt at fifteen, and how it came to be known."""
    row, they = record.person, record.pronouns
    if row["truth"] is not None:
        yield (
            f"On {day(row['truth'])}, at {age(row['born'], at=row['truth'])}, {they.they} was told "
            "the truth by a teacher, who was dismissed within the week."
        )
    if row["knowledge_15"] is not None:
        yield (
            f"At 15 {they.they} knew {amount(row['knowledge_15'])} of what was to come, and felt "
            f"{amount(row['awareness_15'])} of it. To know it is not yet to feel it."
        )


def hopes(record: Record) -> Iterator[str]:
    """Tell of ties, partners, a dream, and the hope that couples may be given time."""
    row, they = record.person, record.pronouns
    if row["ties_16"] is not None:
        others = counted(row["ties_16"], one="other", many="others")
        kept = number(row["ties_end"]) if row["ties_end"] else "none"
        yield (
            f"On leaving school {they.they} was close to {others} of {they.their} pod, and at the "
            f"end to {kept}."
        )
    if row["dreamed"]:
        yield f"{opened(they.they)} dreamt of a career that {they.they} could not have."
    for event in record.of_kind(Event.BECAME_COUPLE):
        name = record.name_of(event["other"], unknown="somebody")
        yield (
            f"On {day(event['time'])}, at {age(row['born'], at=event['time'])}, {they.they} and "
            f"{name} became a couple."
        )
    if row["believed_deferral"]:
        yield (
            f"{opened(they.they)} came to believe that a couple who love each other may be given "
            "some years more."
        )
    if row["applied"] is not None:
        yield f"They applied on {day(row['applied'])}, and were refused, as everybody is."
    if row["hope_end"]:
        yield f"{opened(they.they)} held on to that hope to the end."


def at_work(record: Record) -> Iterator[str]:
    """Tell how well the work was done, and what it cost."""
    row, they = record.person, record.pronouns
    if row["quality"] is not None:
        # Adding zero turns a rounded -0.0 into 0.0.
        quality = round(row["quality"], 1) + 0.0
        yield (
            f"{opened(they.their)} quality in that work was {quality:+.1f}, where 0 is the mean "
            "and more keeps somebody at work for longer."
        )
    if row["patients_died"]:
        died = counted(row["patients_died"], one="of them", many="of them")
        yield f"While {they.they} looked after them, {died} died."


def awakening(record: Record) -> Iterator[str]:
    """Tell when the end was first felt to be real, and what was done with that."""
    row, they = record.person, record.pronouns
    crisis = row["crisis_age"]
    if crisis is None:
        yield (
            f"{opened(they.they)} never came to feel more than half of it: at the end {they.they} "
            f"felt {amount(row['awareness_end'])}."
        )
    else:
        time = row["born"] + crisis
        yield (
            f"On {day(time)}, at {age(row['born'], at=time)}{_station_at(row, time)}, more than "
            f"half of it was felt for the first time: that life would end, and {they.their} own. "
            f"At the end {they.they} felt {amount(row['awareness_end'])}."
        )
    first, last = row["style_first"], row["style"]
    if last is not None and (last != "none" or crisis is not None):
        before = f"first {WAYS[first]}, and then " if first not in ("none", last) else ""
        yield f"{opened(they.they)} {before}{WAYS[last]}."


def _station_at(row: Row, time: float) -> str:
    """Return at which station a moment of a life fell."""
    if row["donor_from"] is not None and time >= row["donor_from"]:
        return ", as a “donor”"
    if row["carer_from"] is not None and time >= row["carer_from"]:
        return ", at work as a “carer”"
    is_away = row["left_house"] is not None and time >= row["left_house"]
    return ", at the Cottages" if is_away else ""


def keeping(record: Record) -> Iterator[str]:
    """Tell what memory held, and what was lost and let go."""
    row, they = record.person, record.pronouns
    own = counted(row["memories_own"], one="memory", many="memories")
    others = [
        f"{number(row[column])} {kind}"
        for column, kind in (
            ("memories_borrowed", "borrowed from others"),
            ("memories_invented", "invented"),
        )
        if row[column]
    ]
    beside = f", and {joined(others)}" if others else ""
    yield (
        f"{opened(they.they)} had {own} of {they.their} own{beside}. The comfort in them was "
        f"{row['consolation']:.2f}, where 1 is the most."
    )
    lost, let_go = row["lost"], row["let_go"]
    gone = {0: "none of them", lost: "every one of them"}.get(let_go, f"{number(let_go)} of them")
    yield (
        f"{opened(they.they)} met {counted(lost, one='loss', many='losses')}, the last of them "
        f"{they.their} own life, and had let go of {gone}{_largest_losses(record)}."
    )


def _largest_losses(record: Record) -> str:
    """Return what was lost in the order in which it came, where the log holds it."""
    places = [event["detail"] for event in record.of_kind(Event.LOST_SOMETHING)]
    losses = list(dict.fromkeys(LOSSES[place] for place in places))
    return f"; among what was lost were {joined(losses)}" if len(losses) > 1 else ""


def arriving(record: Record) -> Iterator[str]:
    """Tell how the life stood at its end, as the model measures it."""
    row, they = record.person, record.pronouns
    stages = [row[f"stage_{at}"] for at in range(1, 9)]
    most, least = (stages.index(pick(stages)) for pick in (max, min))
    yield (
        f"Of the eight stages of a life {they.they} came furthest in {STAGES[most]} "
        f"({stages[most]:.1f}, from 1 to 5) and least far in {STAGES[least]} "
        f"({stages[least]:.1f})."
    )
    yield (
        f"At the end {they.their} integrity was {row['integrity']:.2f} and {they.their} despair "
        f"{row['despair']:.2f}, each from 0 to 1: {ENDINGS[row['integrity_status']]}."
    )
    if row["peaceful"]:
        yield f"{opened(they.they)} was aware of the end, and at peace."
    if row["tau_end"] is not None and row["tau_end"] < _WHOLE_LIFE:
        yield (
            f"Measured by its stages the life was not over: it had come to a developmental age of "
            f"{row['tau_end']:.0f}, of {_WHOLE_LIFE:.0f}."
        )


def inner_figures(record: Record) -> list[tuple[str, str]]:
    """Return the figures of an inner life, each with its label."""
    row = record.person
    crisis = row["crisis_age"]
    stages = [
        (f"Stage {at}, {stage}, 1 to 5", f"{row[f'stage_{at}']:.1f}")
        for at, stage in enumerate(STAGES, start=1)
    ]
    return [
        ("Years lived", f"{row['ended'] - row['born']:.1f}"),
        *([("Years as a “carer”", f"{row['tenure']:.1f}")] if row["tenure"] is not None else []),
        ("Operations", f"{row['donations']}"),
        *stages,
        ("Integrity, 0 to 1", f"{row['integrity']:.2f}"),
        ("Despair, 0 to 1", f"{row['despair']:.2f}"),
        ("Felt more than half at", "never" if crisis is None else span(crisis)),
        ("Felt at the end, 0 to 1", f"{row['awareness_end']:.2f}"),
        ("Memories, own, borrowed, invented", _memories(row)),
        ("Losses met, and let go", f"{row['lost']}, {row['let_go']}"),
        ("Style of preparing", STYLES[0] if row["style"] is None else row["style"]),
    ]


def _memories(row: Row) -> str:
    return f"{row['memories_own']}, {row['memories_borrowed']}, {row['memories_invented']}"
