"""What in a run of the Programme alone is from where, what it leaves out, and what is weak."""

from __future__ import annotations

from hailsham.world.sources.weaknesses import INNER_LIFE

#: (what, standing, how it comes about, where from)
PROVENANCE: tuple[tuple[str, str, str, str], ...] = (
    (
        "stations of a life and their order, the ages at which they begin, no deferral, no escape",
        "sources",
        "stated in the two texts",
        "a film critic's page with its readers' comments; a psychiatrist's article",
    ),
    (
        "that knowing comes before feeling, that losses are let go or not, how people prepare",
        "sources",
        "claimed in the article; the form of each claim in numbers is ours",
        "a psychiatrist's article",
    ),
    (
        "lengths of work and of the time as a donor, risks of dying at an operation",
        "invented",
        "tuned together until the few figures that the texts state come out",
        "hailsham",
    ),
    (
        "every coefficient of the inner life",
        "invented",
        "assumptions, each with its grade in the table of parameters; studies give the sign of "
        "many and the size of a few",
        "hailsham",
    ),
    (
        "who cares for a donor, how long a need lets him wait, who dies in a carer's care",
        "invented",
        "drawn by lot, with the means of a whole Programme; nobody of the run stands behind them",
        "hailsham",
    ),
    (
        "ordinary lives",
        "invented",
        "the same equations at the pace of the calendar, without houses, carers and operations",
        "hailsham",
    ),
)

NOTES: tuple[str, ...] = (
    "There is no official figure in this run: no public, no recorded deaths, no waiting list.",
    "Carers and donors do not meet here. Whether carers are younger than their donors, and how "
    "many each has, this run cannot say.",
    "Nobody dies of anything but an operation: the sources name no other death.",
    "Births are spread evenly over their years. How many children there are changes no life.",
    "A memory has a strength and a feeling here, and no content. What was remembered, no model "
    "knows.",
    "Means by age are taken over some of the run's children, and over those who are alive.",
    "Ordinary people and clones of another compressibility are lived beside the run with the luck "
    "of its own children; their standard errors are those of pods of eight.",
)
WEAK = INNER_LIFE
