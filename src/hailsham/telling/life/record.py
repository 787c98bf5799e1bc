"""What a run holds of one life, and of the lives that it met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from hailsham.errors import Fault, RunFolderError
from hailsham.lives.codes import ORGANS, Event, Risk
from hailsham.lives.store import StoredRun
from hailsham.telling.life.prose import PRONOUNS, Pronouns, day

Row = dict[str, Any]

#: Two things happen at once if nothing but rounding lies between them. [years]
_AT_ONCE = 1e-6
#: So many repetitions are named to somebody who asks for one that is not there.
_MOST_NAMED = 20


@dataclass(frozen=True)
class Record:
    """One life as the run holds it; each row is a row of a table, as a dictionary.

    Whom a carer looked after is read from the lives of those others: a log of
    turning points holds it there, and not in the carer's own.
    """

    person: Row
    events: tuple[Row, ...]
    patients: tuple[Row, ...]
    given: tuple[Row, ...]
    received: tuple[Row, ...]
    turns: tuple[Row, ...]
    others: dict[int, Row]
    risk_labels: dict[int, str]
    event_labels: dict[int, str]
    first_year: int
    has_log: bool
    weak: tuple[str, ...] = ()

    @property
    def has_inner_life(self) -> bool:
        """Whether the run simulated what this life was like from inside."""
        return self.person["integrity"] is not None

    @property
    def pronouns(self) -> Pronouns:
        """How the person is spoken of."""
        return PRONOUNS[self.person["sex"]]

    def of_kind(self, *kinds: Event) -> list[Row]:
        """Return the events of these kinds, in order of time."""
        return [row for row in self.events if row["event"] in kinds]

    def when(self, event: Event, *, column: str) -> float | None:
        """Return when something happened: from the log, or where it is silent from the person."""
        logged = self.of_kind(event)
        time: float | None = logged[0]["time"] if logged else self.person[column]
        return time

    def name_of(self, person: int | None, *, unknown: str) -> str:
        """Return the name of somebody this life met, or other words where there is none."""
        row = self.others.get(person) if person is not None else None
        return row["name"] if row and row["name"] else unknown

    def competing(self, time: float) -> dict[int, Row]:
        """Return the risks that competed at a moment, by code."""
        return {row["risk"]: row for row in self.turns if abs(row["time"] - time) < _AT_ONCE}

    def risk_label(self, risk: int) -> str:
        """Return a risk in the words of the run's own dictionary."""
        return self.risk_labels.get(risk, "something that this version does not know")

    def probability(self, risk: Risk, *, time: float) -> float | None:
        """Return the probability with which a risk acted at an instant, where it is known."""
        row = self.competing(time).get(risk)
        return None if row is None else row["probability"]


def gather(run: StoredRun, *, person: int, replicate: int) -> Record:
    """Read one life out of a run.

    Args:
        run: A finished run.
        person: Address of the person.
        replicate: Which repetition.

    Raises:
        RunFolderError: HS205, where nobody in the run has this address.
    """

    def rows(table: str, condition: pl.Expr, *order: str) -> tuple[Row, ...]:
        here = run.scan(table).filter(pl.col("replicate") == replicate, condition)
        return tuple(here.sort(*order, maintain_order=True).collect().to_dicts())

    own = pl.col("person") == person
    found = rows("people", own, "person")
    if not found:
        raise RunFolderError([_nobody(run, person, replicate)], closing="Nothing was told.")
    events = rows("events", own, "time")
    patients = rows(
        "events", (pl.col("other") == person) & (pl.col("event") == int(Event.GIVEN_CARER)), "time"
    )
    organs = rows("organs", (pl.col("donor") == person) | (pl.col("recipient") == person), "taken")
    has_log = run.manifest.log != "none"
    if not has_log:
        events = _events_of_organs(organs, person)
    met = _met(found[0], events, patients, organs)
    others = rows("people", pl.col("person").is_in(met), "person")
    return Record(
        person=found[0],
        events=events,
        patients=patients,
        given=tuple(row for row in organs if row["donor"] == person),
        received=tuple(row for row in organs if row["recipient"] == person),
        turns=rows("turns", own, "time"),
        others={row["person"]: row for row in others},
        risk_labels=_labels(run, "risk"),
        event_labels=_labels(run, "event"),
        first_year=run.manifest.years[0],
        has_log=has_log,
        weak=tuple(run.dictionary["weak"]) if run.is_alone else (),
    )


def unforeseen(record: Record, *, told: frozenset[Event]) -> list[str]:
    """Return sentences for events that no station of this life tells, in the run's own words."""
    return [
        f"On {day(row['time'])} the log of this life says: "
        f"{record.event_labels.get(row['event'], 'something that this version does not know')}."
        for row in record.events
        if row["event"] not in told
    ]


def _events_of_organs(organs: Iterable[Row], person: int) -> tuple[Row, ...]:
    """Return the operations of a life whose run kept no log: its organs still tell of them."""
    events: dict[tuple[Event, int], Row] = {}
    for organ in organs:
        is_donor = organ["donor"] == person
        event = Event.OPERATED if is_donor else Event.TRANSPLANTED
        key = (event, organ["step"] if is_donor else organ["organ_id"])
        other = organ["recipient"] if is_donor else organ["donor"]
        detail = organ["step"] if is_donor else ORGANS.index(organ["organ"])
        row = {"time": organ["taken"], "event": int(event), "other": other, "detail": detail}
        known = events.setdefault(key, row)
        known["other"] = other if known["other"] is None else known["other"]
    return tuple(sorted(events.values(), key=lambda row: float(row["time"])))


def _met(
    row: Row, events: Iterable[Row], patients: Iterable[Row], organs: Iterable[Row]
) -> list[int]:
    """Return the addresses of everybody whom a life names."""
    met = {row["couple"], row["first_couple"], *(event["other"] for event in events)}
    met |= {patient["person"] for patient in patients}
    for organ in organs:
        met |= {organ["donor"], organ["recipient"]}
    return sorted(met - {None, row["person"]})


def _labels(run: StoredRun, kind: str) -> dict[int, str]:
    codes = run.dictionary["codes"][kind]
    return {int(code): str(meaning["label"]) for code, meaning in codes.items()}


def _nobody(run: StoredRun, person: int, replicate: int) -> Fault:
    n = run.manifest.replicates
    here = "this run" if n == 1 else f"repetition {replicate} of this run"
    if not 0 <= replicate < n:
        return Fault(
            "HS205",
            str(run.path),
            f"there is no repetition {replicate} of this run.",
            known=tuple(str(number) for number in range(min(n, _MOST_NAMED))),
        )
    return Fault(
        "HS205",
        str(run.path),
        f"nobody in {here} has the address {person}.",
        remedy="Leave the address out for a life drawn by the seed, or choose one with --where.",
    )
