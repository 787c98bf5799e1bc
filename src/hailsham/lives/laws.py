"""What every run must obey, whatever its scenario, checked on its tables.

A law is one small function: it returns the rows that break it, and none if it
holds. The laws know nothing of how lives come about; they would be as true of
lives that were observed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from hailsham.lives.codes import OUTCOMES, Event
from hailsham.lives.inner_laws import INNER_LAWS
from hailsham.lives.schema import TABLES, Column, may_be_null
from hailsham.lives.store import StoredRun

#: [years] Times that were carried through another epoch may differ by this: 0.03 seconds.
MOMENT = 1e-9
#: How many of each kind a body can give; whatever is not named here, once. Of tissue there is
#: skin, bone, vein and cornea, so it has no limit.
BODY = {"kidney": 2, "lung": 2, "limb": 4, "tissue": 1_000}
#: The dictionary's name for the donors whom a carer looks after at most.
CASELOAD = "regimes.programme.carers.caseload"
GIVES_TO = {"O": ("O", "A", "B", "AB"), "A": ("A", "AB"), "B": ("B", "AB"), "AB": ("AB",)}

_PERSON = ["replicate", "person"]
_AMOUNT = pl.len().cast(pl.Int64).alias("found")


@dataclass(frozen=True)
class Violation:
    """A law that a run breaks: its name, the claim with a first row against it, how many rows."""

    law: str
    what: str
    rows: int


def check_laws(run: StoredRun) -> list[Violation]:
    """Return every law that a run breaks.

    Args:
        run: A finished run.
    """
    found = []
    for law, rows in zip(LAWS, pl.collect_all([law(run) for law in LAWS]), strict=True):
        if rows.height:
            first = ", ".join(f"{name} {value}" for name, value in rows.row(0, named=True).items())
            claim = law.__name__.replace("_", " ")
            found.append(Violation(law.__name__, f"{claim}, but: {first}", rows.height))
    return found


# ---------------------------------------------------------------- columns


def nulls_stand_where_the_schema_says(run: StoredRun) -> pl.LazyFrame:
    """Demand a value in every column that is never null."""
    is_alone = run.is_alone
    return _columns_where(
        run, lambda column: not may_be_null(column, is_alone=is_alone), pl.all().null_count()
    )


def proportions_lie_between_0_and_1(run: StoredRun) -> pl.LazyFrame:
    """Demand that proportions lie in [0, 1]."""
    outside = ~pl.all().is_between(0, 1)
    return _columns_where(
        run, lambda column: column.unit in {"proportion", "0 to 1"}, outside.sum()
    )


# ---------------------------------------------------------------- lives


def people_are_told_apart(run: StoredRun) -> pl.LazyFrame:
    """Demand one row a person."""
    return run.scan("people").group_by(_PERSON).agg(_AMOUNT).filter(pl.col("found") > 1)


def lives_run_forwards(run: StoredRun) -> pl.LazyFrame:
    """Demand that nobody comes before birth or ends before coming."""
    times = run.scan("people").select(*_PERSON, "born", "entered", "ended")
    return times.filter(
        (pl.col("entered") < pl.col("born") - MOMENT)
        | (pl.col("ended") < pl.col("entered") - MOMENT)
    )


def events_happen_to_people_of_the_run(run: StoredRun) -> pl.LazyFrame:
    """Demand that every event belongs to somebody in the table of people."""
    return run.scan("events").join(run.scan("people"), on=_PERSON, how="anti")


def nobody_acts_outside_their_life(run: StoredRun) -> pl.LazyFrame:
    """Demand that no event of a person comes before birth or after the end."""
    lives = run.scan("people").select(*_PERSON, "born", "ended")
    return run.scan("events").join(lives, on=_PERSON).filter(~_within("time", "born", "ended"))


def events_come_in_order(run: StoredRun) -> pl.LazyFrame:
    """Demand that the times of a person's events never decrease in the log."""
    back = pl.col("time").diff().over(_PERSON) < 0
    return run.scan("events").filter(back)


def a_life_stands_in_one_place(run: StoredRun) -> pl.LazyFrame:
    """Demand that the events of a person follow each other, in one part."""
    pieces = run.scan("events").select(*_PERSON, pl.struct(_PERSON).rle_id().alias("piece"))
    found = pieces.group_by(_PERSON).agg(pl.col("piece").n_unique().cast(pl.Int64).alias("pieces"))
    return found.filter(pl.col("pieces") > 1)


def every_clone_dies_once(run: StoredRun) -> pl.LazyFrame:
    """Demand exactly one death in the log of each clone, at the end of the life."""
    deaths = run.scan("events").filter(pl.col("event") == Event.DIED)
    told = deaths.group_by(_PERSON).agg(_AMOUNT, pl.col("time").last().alias("died"))
    clones = run.scan("people").filter(pl.col("kind") == "clone")
    found = clones.select(*_PERSON, "status", "ended").join(told, on=_PERSON, how="left")
    is_dead = (pl.col("status") == "died").and_(
        (pl.col("found") == 1) & ((pl.col("died") - pl.col("ended")).abs() <= MOMENT)
        if _is_logged(run)
        else pl.lit(True)
    )
    return found.filter(~is_dead.fill_null(False))


# ---------------------------------------------------------------- organs


def an_organ_is_given_once(run: StoredRun) -> pl.LazyFrame:
    """Demand one row an organ."""
    once = run.scan("organs").group_by("replicate", "organ_id").agg(_AMOUNT)
    return once.filter(pl.col("found") > 1)


def what_is_used_has_a_recipient(run: StoredRun) -> pl.LazyFrame:
    """Demand a recipient and a time of giving for an organ used, and for no other."""
    is_used = pl.col("outcome") == "used"
    has_one = [pl.col(name).is_not_null() for name in ("recipient", "used", "blood_recipient")]
    return run.scan("organs").filter(pl.any_horizontal(column != is_used for column in has_one))


def nobody_gives_what_they_no_longer_have(run: StoredRun) -> pl.LazyFrame:
    """Demand that nobody gives a kind twice; kidney and lung at most two."""
    given = run.scan("organs").group_by("replicate", "donor", "organ").agg(_AMOUNT)
    kind = pl.col("organ").cast(pl.String)
    most = kind.replace_strict(BODY, default=1, return_dtype=pl.Int64)
    return given.filter(pl.col("found") > most)


def the_heart_is_given_last(run: StoredRun) -> pl.LazyFrame:
    """Demand that a heart is taken at its donor's last operation only."""
    last = pl.col("step").max().over("replicate", "donor").alias("last")
    donors = run.scan("people").select("replicate", donor="person", operations="donations")
    hearts = run.scan("organs").with_columns(last).filter(pl.col("organ") == "heart")
    later = pl.max_horizontal("last", "operations")
    return hearts.join(donors, on=["replicate", "donor"], how="left").filter(pl.col("step") < later)


def nothing_is_taken_after_death(run: StoredRun) -> pl.LazyFrame:
    """Demand that nothing is taken after the donor's time of death."""
    donors = run.scan("people").select("replicate", "born", "ended", donor="person")
    taken = run.scan("organs").join(donors, on=["replicate", "donor"])
    return taken.filter(~_within("taken", "born", "ended"))


def blood_groups_fit(run: StoredRun) -> pl.LazyFrame:
    """Demand that the recipient's blood group can take the donor's."""
    pairs = [f"{giver} to {taker}" for giver, takers in GIVES_TO.items() for taker in takers]
    pair = pl.format("{} to {}", "blood_donor", "blood_recipient")
    given = run.scan("organs").filter(pl.col("outcome") == "used")
    return given.filter(~pair.is_in(pairs))


def recipients_are_alive_and_listed(run: StoredRun) -> pl.LazyFrame:
    """Demand that an organ is given within the recipient's life, after listing."""
    lives = run.scan("people").select("replicate", "ended", "listed", recipient="person")
    given = run.scan("organs").join(lives, on=["replicate", "recipient"])
    return given.filter(~_within("used", "listed", "ended").fill_null(False))


def nobody_is_transplanted_unlisted(run: StoredRun) -> pl.LazyFrame:
    """Demand a place on the list of an organ before being given one or taken off."""
    kinds = {Event.LISTED: 1, Event.TRANSPLANTED: -1, Event.REMOVED: -1}
    return _balances(run, kinds, over=[*_PERSON, "detail"]).filter(pl.col("held") < 0)


# ---------------------------------------------------------------- carers and donors


def no_carer_has_more_than_the_caseload(run: StoredRun) -> pl.LazyFrame:
    """Demand that a carer never looks after more donors at once than the caseload.

    A run whose dictionary does not state the caseload is not asked for it.
    """
    parameters = {row["key"]: row["value"] for row in run.dictionary.get("parameters", [])}
    most = parameters.get(CASELOAD)
    kinds = {Event.GIVEN_PATIENT: 1, Event.LOST_PATIENT: -1}
    is_wrong = pl.col("held") < 0 if most is None else ~pl.col("held").is_between(0, most)
    # Where the Programme stands alone patients are drawn, and are nobody of the run.
    is_somebody = pl.col("other").is_not_null()
    return _balances(run, kinds, over=_PERSON).filter(is_somebody & is_wrong)


def nobody_cares_once_called_up(run: StoredRun) -> pl.LazyFrame:
    """Demand that a carer is given no donor, and loses none, once called up."""
    is_called = pl.col("event") == Event.CALLED_UP
    called = pl.col("time").filter(is_called).min().over(_PERSON)
    is_care = pl.col("event").is_in([Event.GIVEN_PATIENT, Event.LOST_PATIENT])
    return run.scan("events").filter(is_care & (pl.col("time") > called + MOMENT))


def a_donor_has_one_carer_at_a_time(run: StoredRun) -> pl.LazyFrame:
    """Demand that a donor is given a carer only while without one."""
    kinds = {Event.GIVEN_CARER: 1, Event.LOST_CARER: -1}
    return _balances(run, kinds, over=_PERSON).filter(~pl.col("held").is_between(0, 1))


# ---------------------------------------------------------------- turning points and sums


def one_risk_is_chosen_at_each_turn(run: StoredRun) -> pl.LazyFrame:
    """Demand that of the risks at a turning point exactly one happened."""
    turn = run.scan("turns").group_by(*_PERSON, "time", "event")
    chosen = turn.agg(pl.col("chosen").cast(pl.Int64).sum())
    return chosen.filter(pl.col("chosen") != 1)


def deaths_add_up(run: StoredRun) -> pl.LazyFrame:
    """Demand as many deaths in the table of years as in the table of people.

    Where years tell sexes or ages apart, their sum is meant; where they also
    give them together, that row is compared as well. Without a log the table
    of people holds all clones but not all of the public, and only clones count.
    """
    key = ["replicate", "kind", "year"]
    people = run.scan("people").filter(pl.col("status") == "died", _is_counted(run))
    year = pl.col("ended").floor().cast(pl.Int32).alias("year")
    died = people.group_by("replicate", "kind", year).agg(_AMOUNT)
    years = run.scan("years").filter(
        pl.col("world") == "simulated",
        pl.col("state").is_null(),
        pl.col("died").is_not_null(),
        _is_counted(run),
    )
    margin = [
        pl.col("sex").is_null().alias("all_sexes"),
        pl.col("age_group").is_null().alias("all_ages"),
    ]
    told = years.group_by(*key, *margin).agg(pl.col("died").sum())
    both = told.join(died, on=key, how="full", coalesce=True).filter(_in_window(run))
    return both.filter(pl.col("died").fill_null(0) != pl.col("found").fill_null(0))


def the_account_counts_the_organs(run: StoredRun) -> pl.LazyFrame:
    """Demand in the account as many organs of each outcome as in the table of organs.

    An organ belongs to the year in which it was taken.
    """
    key = ["replicate", "regime", "year", "organ", "outcome"]
    outcome = pl.col("outcome").cast(pl.String)
    year = pl.col("taken").floor().cast(pl.Int32).alias("year")
    organs = run.scan("organs").group_by("replicate", "regime", year, "organ", outcome)
    rows = run.scan("account").filter(
        pl.col("blood_group").is_null(), pl.col("organ").is_not_null()
    )
    told = rows.unpivot(list(OUTCOMES), index=key[:-1], variable_name="outcome", value_name="told")
    both = told.join(organs.agg(_AMOUNT), on=key, how="full", coalesce=True).filter(_in_window(run))
    return both.filter(pl.col("told").fill_null(0) != pl.col("found").fill_null(0))


def outcomes_sum_to_what_was_supplied(run: StoredRun) -> pl.LazyFrame:
    """Demand that the outcomes of organs add up to the organs supplied."""
    account = run.scan("account").filter(pl.col("supplied").is_not_null())
    outcomes = pl.sum_horizontal(OUTCOMES).alias("outcomes")
    found = account.select("replicate", "regime", "year", "organ", "supplied", outcomes)
    return found.filter(pl.col("supplied") != pl.col("outcomes"))


Law = Callable[[StoredRun], pl.LazyFrame]
LAWS: tuple[Law, ...] = (
    nulls_stand_where_the_schema_says,
    proportions_lie_between_0_and_1,
    people_are_told_apart,
    lives_run_forwards,
    events_happen_to_people_of_the_run,
    nobody_acts_outside_their_life,
    events_come_in_order,
    a_life_stands_in_one_place,
    every_clone_dies_once,
    an_organ_is_given_once,
    what_is_used_has_a_recipient,
    nobody_gives_what_they_no_longer_have,
    the_heart_is_given_last,
    nothing_is_taken_after_death,
    blood_groups_fit,
    recipients_are_alive_and_listed,
    nobody_is_transplanted_unlisted,
    no_carer_has_more_than_the_caseload,
    nobody_cares_once_called_up,
    a_donor_has_one_carer_at_a_time,
    one_risk_is_chosen_at_each_turn,
    deaths_add_up,
    the_account_counts_the_organs,
    outcomes_sum_to_what_was_supplied,
    *INNER_LAWS,
)


# ---------------------------------------------------------------- what laws share


def _is_logged(run: StoredRun) -> bool:
    return run.manifest.log != "none"


def _is_counted(run: StoredRun) -> pl.Expr:
    return pl.lit(True) if _is_logged(run) else pl.col("kind") == "clone"


def _in_window(run: StoredRun) -> pl.Expr:
    start, stop = run.manifest.years
    return pl.col("year").is_between(start, stop, closed="left")


def _within(time: str, start: str, stop: str) -> pl.Expr:
    return pl.col(time).is_between(pl.col(start) - MOMENT, pl.col(stop) + MOMENT)


def _balances(run: StoredRun, kinds: dict[Event, int], *, over: list[str]) -> pl.LazyFrame:
    """Return the named events with what is held after each, in the order of the log."""
    steps = {int(event): step for event, step in kinds.items()}
    step = pl.col("event").replace_strict(steps, return_dtype=pl.Int64)
    events = run.scan("events").filter(pl.col("event").is_in(list(steps)))
    return events.with_columns(step.cum_sum().over(over).alias("held"))


def _columns_where(
    run: StoredRun, is_meant: Callable[[Column], bool], faults: pl.Expr
) -> pl.LazyFrame:
    """Return the meant columns of all tables in which something is at fault, and how often."""
    found = [pl.LazyFrame(schema={"table": pl.String, "column": pl.String, "found": pl.Int64})]
    for table in TABLES.values():
        names = [column.name for column in table.columns if is_meant(column)]
        counts = run.scan(table.name).select(names).select(faults.cast(pl.Int64))
        told = counts.unpivot(variable_name="column", value_name="found")
        if names:
            found.append(told.select(pl.lit(table.name).alias("table"), "column", "found"))
    return pl.concat(found).filter(pl.col("found") > 0)
