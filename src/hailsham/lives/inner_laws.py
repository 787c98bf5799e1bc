"""What every inner life must obey, checked on the tables of a run.

Like the other laws these know nothing of how a life comes about. Where no
inner life was simulated they have nobody to ask.
"""

from __future__ import annotations

import polars as pl

from hailsham.lives.codes import Event
from hailsham.lives.store import StoredRun

#: [0 to 1] Numbers that were carried through logarithms may differ by this.
NEARLY = 1e-9
#: Felt awareness at which the end counts as felt; integrity and despair that count as high.
FELT, HIGH_INTEGRITY, HIGH_DESPAIR = 0.5, 0.6, 0.5
#: The dictionary's name for the age at which an intervention tells everybody the truth, and an age
#: that nobody reaches: then each house tells its own.
TOLD_TO_ALL, NEVER = "development.interventions.truth_at", 1000.0

_PERSON = ["replicate", "person"]


def nobody_lets_go_of_more_than_was_lost(run: StoredRun) -> pl.LazyFrame:
    """Demand that losses let go are some of those met; one's life is lost and never let go."""
    lives = _inner_lives(run, "lost", "let_go")
    return lives.filter(~pl.col("let_go").is_between(0, pl.col("lost") - 1))


def no_deferral_is_granted(run: StoredRun) -> pl.LazyFrame:
    """Demand that whoever applied for a deferral was refused, and not before."""
    lives = _inner_lives(run, "applied", "refused").filter(pl.col("applied").is_not_null())
    return lives.filter((pl.col("refused") < pl.col("applied")).fill_null(value=True))


def knowing_and_feeling_never_fall(run: StoredRun) -> pl.LazyFrame:
    """Demand that knowledge and felt awareness at 15, 19, the call-up and the end do not fall.

    The call-up may come before 19 or after it, so each is compared with 15 and the end.
    """
    names = [f"{what}_{when}" for what in ("knowledge", "awareness")
             for when in ("15", "19", "call", "end")]  # fmt: skip
    falls = [
        pl.col(f"{what}_{late}") < pl.col(f"{what}_{early}") - NEARLY
        for what in ("knowledge", "awareness")
        for early, late in (("15", "19"), ("15", "call"), ("19", "end"), ("call", "end"))
    ]
    return _inner_lives(run, *names).filter(pl.any_horizontal(falls))


def who_felt_it_at_the_end_first_felt_it_once(run: StoredRun) -> pl.LazyFrame:
    """Demand a first time within the life of whoever felt more than half of it, and of no other."""
    age = pl.col("ended") - pl.col("born")
    lives = _inner_lives(run, "crisis_age", "awareness_end", "born", "ended")
    is_felt, is_dated = pl.col("awareness_end") >= FELT, pl.col("crisis_age").is_not_null()
    is_undated = (pl.col("awareness_end") > FELT + NEARLY) & ~is_dated
    is_unfelt = is_dated & ~is_felt & (pl.col("awareness_end") < FELT - NEARLY)
    return lives.filter(is_undated | is_unfelt | ~pl.col("crisis_age").is_between(0, age + NEARLY))


def nobody_prepares_for_what_was_never_felt(run: StoredRun) -> pl.LazyFrame:
    """Demand a style of preparing only of those who came to feel the end, or were refused."""
    lives = _inner_lives(run, "style", "style_first", "crisis_age", "refused")
    is_reason = pl.col("crisis_age").is_not_null() | pl.col("refused").is_not_null()
    has_style = (pl.col("style") != "none") | (pl.col("style_first") != "none")
    return lives.filter(has_style & ~is_reason)


def stages_lie_between_1_and_5(run: StoredRun) -> pl.LazyFrame:
    """Demand stages on their scale, the last of which is integrity on another."""
    names = [f"stage_{stage}" for stage in range(1, 9)]
    lives = _inner_lives(run, *names, "integrity")
    outside = ~pl.all_horizontal(pl.col(name).is_between(1, 5) for name in names)
    other = (pl.col("stage_8") - 1 - 4 * pl.col("integrity")).abs() > NEARLY
    return lives.filter(outside | other)


def the_ending_is_that_of_integrity_and_despair(run: StoredRun) -> pl.LazyFrame:
    """Demand that the name of an ending follows from integrity and despair."""
    lives = _inner_lives(run, "integrity", "despair", "integrity_status")
    at_one, in_despair = (pl.col("integrity") >= HIGH_INTEGRITY, pl.col("despair") >= HIGH_DESPAIR)
    name = (
        pl.when(at_one & in_despair).then(pl.lit("pseudo-integrated"))
        .when(at_one).then(pl.lit("integrated"))
        .when(in_despair).then(pl.lit("despairing"))
        .otherwise(pl.lit("non-exploring"))
    )  # fmt: skip
    return lives.filter(pl.col("integrity_status").cast(pl.String) != name)


def the_truth_is_told_once_in_a_house(run: StoredRun) -> pl.LazyFrame:
    """Demand one day at most on which a house hears the truth, unless a run tells it to all."""
    parameters = {row["key"]: row["value"] for row in run.dictionary.get("parameters", [])}
    told = run.scan("people").filter(pl.col("truth").is_not_null())
    days = told.group_by("replicate", "house").agg(days=pl.col("truth").n_unique().cast(pl.Int64))
    is_by_house = parameters.get(TOLD_TO_ALL, NEVER) >= NEVER
    return days.filter(pl.lit(is_by_house) & (pl.col("days") > 1))


def couples_are_of_two(run: StoredRun) -> pl.LazyFrame:
    """Demand that of two who become a couple each has the other, at one moment."""
    one = run.scan("events").filter(pl.col("event") == Event.BECAME_COUPLE)
    other = one.select("replicate", "time", person="other", other="person")
    return one.join(other, on=["replicate", "person", "other", "time"], how="anti")


def the_log_counts_what_was_lost_and_let_go(run: StoredRun) -> pl.LazyFrame:
    """Demand as many losses, releases and memories of others in a full log as in the person's row.

    The last loss, of one's life, is the death that the log holds anyway.
    """
    counted = {
        "lost": Event.LOST_SOMETHING,
        "let_go": Event.LET_GO,
        "memories_borrowed": Event.BORROWED_MEMORY,
        "memories_invented": Event.INVENTED_MEMORY,
    }
    events = run.scan("events").group_by(_PERSON)
    found = events.agg(
        (pl.col("event") == int(event)).sum().cast(pl.Int64).alias(f"{name}_logged")
        for name, event in counted.items()
    )
    lives = _inner_lives(run, *counted).with_columns(pl.col("lost") - 1)
    lives = lives.join(found, on=_PERSON, how="left")
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_logged") for name in counted)
    return lives.filter(pl.lit(run.manifest.log == "full") & differs.fill_null(value=True))


def _inner_lives(run: StoredRun, *columns: str) -> pl.LazyFrame:
    """Return columns of those whose inner life was simulated."""
    people = run.scan("people").filter(pl.col("integrity").is_not_null())
    return people.select(*_PERSON, *columns)


INNER_LAWS = (
    nobody_lets_go_of_more_than_was_lost,
    no_deferral_is_granted,
    knowing_and_feeling_never_fall,
    who_felt_it_at_the_end_first_felt_it_once,
    nobody_prepares_for_what_was_never_felt,
    stages_lie_between_1_and_5,
    the_ending_is_that_of_integrity_and_despair,
    the_truth_is_told_once_in_a_house,
    couples_are_of_two,
    the_log_counts_what_was_lost_and_let_go,
)
