"""T1 to T26: what the texts state, as figures that lives can meet or miss.

A target has parts. A part is a figure, the range that it must lie in, and a
*miss*: a figure outside the range that ought to be noticed. From the miss
follows how many lives it takes to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

from hailsham.telling.evidence import measures, story
from hailsham.telling.evidence.estimates import Estimate
from hailsham.telling.evidence.lives import Lives

Standing = Literal["input", "by construction", "tuned", "built in part", "emerges"]
Kind = Literal["share", "mean", "none", "some"]

STANDINGS: dict[Standing, str] = {
    "input": "the figure is given to the model; that it comes out says nothing",
    "by construction": "the model cannot do otherwise",
    "tuned": "parameters were set so that it comes out",
    "built in part": "a term of the model leans towards it; its size is the model's",
    "emerges": "nothing was set towards it: only these rows are evidence",
}


@dataclass(frozen=True)
class Part:
    """One figure of a target.

    ``kind`` says how it is judged: a share or a mean in a range; ``none``, a
    thing that may not happen once; ``some``, a thing that must happen at least
    once, at a rate not below ``miss``. ``needs`` is the column of people or of
    organs without which a run does not simulate it.
    """

    name: str
    kind: Kind
    measure: Callable[[Lives], Estimate]
    miss: float
    low: float = -inf
    high: float = inf
    needs: str = "born"


@dataclass(frozen=True)
class Target:
    """One row of the evidence: facts, what they lead one to expect, and how it is judged.

    ``why_not`` says why a row cannot be simulated yet, where it cannot.
    """

    name: str
    facts: tuple[str, ...]
    expected: str
    tolerance: str
    standing: Standing
    parts: tuple[Part, ...] = ()
    why_not: str = ""


#: A thing that may not happen is noticed if it happens in one life in so many.
_RARE = 1 / 1_000
_CARERS = "needs carers and donors who are one another's"

TARGETS: tuple[Target, ...] = (
    Target(
        "T1",
        ("F13",),
        "at least 0.85 die at the third or fourth operation, nobody at a later one",
        "the rule is stated; 0.15 is left for deaths before it, of which the texts name none",
        "tuned",
        (Part("die at 3 or 4", "share", measures.died_at_three_or_four, 0.80, low=0.85),),
    ),
    Target(
        "T2",
        ("F14",),
        "from 0.75 to 0.97 die before 30",
        "“usually”: clearly most, and not all",
        "tuned",
        (Part("die before 30", "share", measures.died_before_thirty, 0.70, 0.75, 0.97),),
    ),
    Target(
        "T3",
        ("F12",),
        "at least 0.95 are first operated on in their twenties",
        "stated flatly; Kathy, at 31, is the exception that is known",
        "tuned",
        (
            Part(
                "in their twenties",
                "share",
                measures.first_operated_in_twenties,
                0.93,
                low=0.95,
                needs="first_operation",
            ),
        ),
    ),
    Target(
        "T4",
        ("F39",),
        "the house is left at 16",
        "half a year: ages are told in whole years",
        "input",
        (Part("age", "mean", measures.age_at_leaving, 17.0, 15.5, 16.5),),
    ),
    Target(
        "T5",
        ("F41", "F49"),
        "3 years at the Cottages and in training",
        "half a year: 31 less 12 less 16, of which two are ages in whole years",
        "input",
        (Part("years", "mean", measures.time_to_work, 4.0, 2.5, 3.5),),
    ),
    Target(
        "T6",
        ("F49", "F50"),
        "from 1 to 20 in 10,000 work for 12 years; the better, the longer",
        "never seen before: less than one earlier case among hundreds or some thousands",
        "tuned",
        (
            Part("12 years or more", "share", measures.long_serving, 1e-5, 1e-4, 2e-3),
            Part(
                "correlation with quality",
                "mean",
                measures.tenure_by_quality,
                -0.1,
                low=0.0,
                needs="quality",
            ),
        ),
    ),
    Target(
        "T7",
        ("F48", "F49"),
        "work begins at 19",
        "one year: the difference of two ages in whole years",
        "input",
        (Part("age", "mean", measures.age_at_work, 20.5, 18.0, 20.0),),
    ),
    Target(
        "T8",
        ("F48", "F52"),
        "somebody is 31 after 12 years at work, and was never operated on",
        "one year; one such life is enough, at the lowest rate of T6",
        "tuned",
        (Part("like Kathy", "some", measures.like_kathy, 1e-4),),
    ),
    Target(
        "T9",
        ("F38",),
        "felt awareness at 15 is below 0.5 in at least 0.99",
        "before the crisis: it is a crossing of one half",
        "emerges",
        (
            Part(
                "below one half",
                "share",
                measures.feels_no_end_at_15,
                0.98,
                low=0.99,
                needs="awareness_15",
            ),
        ),
    ),
    Target(
        "T10",
        ("F38", "F82"),
        "at 15 mean knowledge is 0.3 or more, mean felt awareness 0.15 or less",
        "known, and not felt",
        "emerges",
        (
            Part("knowledge", "mean", measures.knowledge_at_15, 0.2, low=0.3, needs="knowledge_15"),
            Part(
                "felt awareness",
                "mean",
                measures.awareness_at_15,
                0.2,
                high=0.15,
                needs="awareness_15",
            ),
        ),
    ),
    Target(
        "T11",
        ("F59",),
        "nobody is deferred",
        "none",
        "by construction",
        (Part("deferred", "none", measures.deferred, _RARE, needs="believed_deferral"),),
    ),
    Target(
        "T12",
        ("F63",),
        "nobody gets away",
        "none; every reader agrees on it",
        "by construction",
        (Part("got away", "none", measures.escaped, _RARE, needs="integrity"),),
    ),
    Target(
        "T13",
        ("F81",),
        "median integrity of those 12 years at work is above that of 0.85 of all",
        "one person comes closest to the ideal: the top tenth, and room for chance",
        "emerges",
        (
            Part(
                "rank", "mean", measures.rank_of_the_long_serving, 0.70, low=0.85, needs="integrity"
            ),
        ),
    ),
    Target(
        "T14",
        ("F51",),
        "of those 12 years at work, most see 5 of 7 friends dead before they are called up",
        "“most” of her friends; and most of those who served as long",
        "emerges",
        (Part("outlive five of seven", "share", measures.outlived_most, 0.3, low=0.5),),
    ),
    Target(
        "T15",
        ("F10", "F15"),
        "no operation is chosen or refused",
        "none; the reading willing calls it by another name and changes no count",
        "by construction",
        (Part("spared an operation", "none", measures.spared, _RARE),),
    ),
    Target(
        "T16",
        ("F24",),
        "the truth is told in a house at most once, and whoever told it goes",
        "once",
        "by construction",
        (Part("told twice", "none", measures.told_more_than_once, _RARE, needs="integrity"),),
    ),
    Target(
        "T17",
        ("F53", "F54", "F56", "F58", "F65"),
        "Ruth dies, then two become a couple, apply, are refused; he dies at the fourth, and then "
        "she is called up",
        "in this order, which is stated",
        "emerges",
        (Part("in this order", "some", story.in_its_order, 1e-6, needs="integrity"),),
    ),
    Target(
        "T18",
        ("F16",),
        "carers are on average 1 to 6 years younger than their donors",
        "“slightly older”",
        "tuned",
        why_not=_CARERS,
    ),
    Target(
        "T19",
        ("F90",),
        "who reminisces has more integrity than who repairs",
        "an order",
        "built in part",
        (Part("difference", "mean", measures.integrity_by_style, -0.05, low=0.0, needs="style"),),
    ),
    Target(
        "T20",
        ("F66",),
        "who dies with the hope of a deferral has less integrity, and understands less",
        "an order",
        "built in part",
        (
            Part("integrity", "mean", measures.integrity_by_hope, 0.05, high=0.0, needs="hope_end"),
            Part(
                "understanding",
                "mean",
                measures.understanding_by_hope,
                0.05,
                high=0.0,
                needs="hope_end",
            ),
        ),
    ),
    Target(
        "T21",
        ("F64",),
        "at most 0.2 protest",
        "of the three who are named one protests; above that there is no saying",
        "emerges",
        (Part("protest", "share", measures.protesting, 0.25, high=0.2, needs="style"),),
    ),
    Target(
        "T22",
        ("F3", "F4"),
        "nobody is born for it before the discovery of 1952",
        "exact; the hundred years of 1967 are held against the public in the report of a run that "
        "has one",
        "input",
        (Part("born before 1952", "none", measures.born_before_the_discovery, _RARE),),
    ),
    Target(
        "T23",
        ("F17",),
        "everybody is called by a given name, with one initial after it",
        "exact",
        "by construction",
        (Part("named otherwise", "none", measures.misnamed, _RARE, needs="name"),),
    ),
    Target(
        "T24",
        ("F25", "F30"),
        "Hailsham's pupils have more integrity and more consolation of memory than others",
        "a direction",
        "built in part",
        (
            Part(
                "integrity", "mean", measures.integrity_by_house, -0.02, low=0.0, needs="integrity"
            ),
            Part(
                "consolation",
                "mean",
                measures.consolation_by_house,
                -0.02,
                low=0.0,
                needs="consolation",
            ),
        ),
    ),
    Target(
        "T25",
        ("F70",),
        "some can be seen to walk less well; a heart is taken at no operation but the last",
        "that there are some; and an order",
        "by construction",
        (
            Part("less mobile", "some", measures.less_mobile, 1e-2, needs="mobility_lost"),
            Part(
                "heart taken early",
                "none",
                measures.heart_taken_early,
                _RARE,
                needs="organ",
            ),
        ),
    ),
    Target(
        "T26",
        ("F16", "F48"),
        "2 to 4 donors a carer; 0.8 of donors' time attended; 0.75 of carers have two or more",
        "“donors”, “care centres”: more than one; with careers and deaths as stated at most four",
        "tuned",
        why_not=_CARERS,
    ),
)
