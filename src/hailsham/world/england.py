"""The England that is simulated: all its parameters in one frozen value.

Beside them stands what in a run is official, derived, from the sources or
invented, and what is weak: sentences that are written into every run folder,
so that whoever shows a result can show them with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hailsham.world.alone.children import AloneParameters
from hailsham.world.development.parameters import InnerLife
from hailsham.world.organs import GraftParameters
from hailsham.world.public import PublicParameters
from hailsham.world.regimes.programme import ProgrammeParameters
from hailsham.world.waiting_list import ListParameters


@dataclass(frozen=True)
class Regimes:
    """The ways of supplying organs that are at work; none, if all are absent."""

    programme: ProgrammeParameters | None = None


@dataclass(frozen=True)
class World:
    """Parameters of the whole world, by the names of a scenario's tables.

    A world is one of two. England, with its public, its list and whatever
    regimes are at work; or, where ``alone`` is there, the Programme standing
    alone, whose children have an inner life. ``left_out`` names the tables
    that the other one would have.
    """

    public: PublicParameters = field(default_factory=PublicParameters)
    list: ListParameters = field(default_factory=ListParameters)
    grafts: GraftParameters = field(default_factory=GraftParameters)
    regimes: Regimes = field(default_factory=Regimes)
    alone: AloneParameters | None = None
    development: InnerLife | None = None

    @property
    def left_out(self) -> frozenset[str]:
        """The tables that are not at work in this world."""
        return _OF_THE_ALONE if self.alone is None else _OF_ENGLAND


_OF_ENGLAND = frozenset({"public", "list", "grafts", "regimes"})
_OF_THE_ALONE = frozenset({"alone", "development"})


#: Version of everything that changes numbers. It is part of every run's id, and
#: rises with each change of code or data after which the same question gives
#: other lives; the golden runs notice if it was forgotten.
NUMBERS = "1"
#: (what, standing, how it comes about, where from)
PROVENANCE: tuple[tuple[str, str, str, str], ...] = (
    (
        "births, deaths, population",
        "official",
        "as published, by year, sex and five-year age",
        "Office for National Statistics, Open Government Licence v3.0",
    ),
    (
        "deaths by cause",
        "official",
        "as published in six broad ages; by five-year age for 1958-67 and 1979-84",
        "Office for National Statistics, Open Government Licence v3.0",
    ),
    (
        "causes by five-year age in other years",
        "derived",
        "the nearest full table, raked to the year's recorded causes and to all deaths",
        "own work from the official tables; 1947-49 carry back 1950",
    ),
    (
        "who came and who left",
        "derived",
        "what recorded populations, births and deaths leave over; not a count of travellers",
        "own work from the official tables",
    ),
    (
        "rates after 2000",
        "invented",
        "the mean of 1998-2000 held for ever, so that every life runs to its end",
        "a marked assumption",
    ),
    (
        "stations of a life, their ages, three or four operations, no deferral",
        "sources",
        "stated in the two texts, or tuned so that what they state comes out",
        "a film critic's page with its readers' comments; a psychiatrist's article",
    ),
    (
        "how many children, which organs at which operation, who is fit, who waits how long",
        "invented",
        "assumptions, each with its grade in the table of parameters",
        "hailsham",
    ),
    (
        "quality as a carer, couples, belief in deferral",
        "invented",
        "stand-ins: drawn so that the Programme can run; they say nothing of a life",
        "hailsham, until the inner life is modelled",
    ),
)

NOTES: tuple[str, ...] = (
    "The population of mid-1947 is read as that of 1 January 1947; while men came home from "
    "the forces, 1947 to 1949 fit the record least well.",
    "Children born after 1952 cannot give organs in their twenties before 1972. Whatever "
    "lengthened lives before then, it was not the Programme.",
    "Every figure that comes out of the waiting list carries the scale of the run: a small "
    "list meets fewer fitting donors, so it waits longer and wastes more.",
    "Lives run to their end. Deaths after 2000 follow the mean rates of 1998 to 2000.",
    "The official tables have one rate for everybody of 85 and over, and it is held flat here, so "
    "a few people live past 120. Life expectancy is not moved by it.",
    "The list is kept until 2020, when the last children of the default plan have died; whoever "
    "is on it then is counted as waiting.",
    "The official tables already hold dialysis and the transplants that were done. Somebody "
    "kept alive by dialysis who is given a kidney gains no years here, and loses none, unless the "
    "kidney would have killed them.",
    "Nobody stands on the list for two organs at once; whoever waits for a kidney on dialysis is "
    "not put on it for a heart as well.",
    "Years gained by somebody who left England are counted up to the leaving.",
    "One organ, or part of one, serves one patient; a lobe of lung too, though two are needed.",
    "Nobody raised for the Programme dies of anything else before it: the sources name no such "
    "death. That shortens the account of lives by about one child in fifty.",
    "The years lost by a child raised for it are counted against the same child raised as an "
    "ordinary citizen, with the same clocks.",
)

WEAK: tuple[str, ...] = (
    "Who is fit for a transplant and how long a failing organ leaves are assumptions, and the "
    "years gained rest on them.",
    "Causes of death are taken as independent. People who fail by one organ are often weak in "
    "another, so the years gained are an upper bound.",
    "Lengths of the stations, the call-up and the caseload were tuned together to the few "
    "figures that the sources state. Meeting those figures is no evidence for the model.",
    "The inner life is not modelled yet. Nothing here says what a life was like.",
)
