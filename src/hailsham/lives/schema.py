"""Each table of a run, column by column: type, unit, meaning, when null.

A column's *standing* says how far its values may be trusted: ``simulated``
comes out of the model; ``stand-in`` is drawn so that the rest can run and says
nothing of this life; ``later`` is null until its model is built. ``alone`` is
its standing where the Programme stands alone; there ``left out`` is null too,
because nothing in such a run could fill it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from hailsham.lives import codes

Type = Literal["int16", "int32", "int64", "float32", "float64", "bool", "word"]
Standing = Literal["simulated", "stand-in", "later", "left out"]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    null: str = ""
    words: tuple[str, ...] = ()
    standing: Standing = "simulated"
    alone: Standing = "simulated"
    is_inner: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a run: what one row is, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(column.name for column in self.columns)


_YEARS_AD = "years AD"
_CLONE = "for the public"
_PUBLIC = "for clones"
_LATER = "no inner life is simulated"
_ALONE = "the Programme stands alone"

REPLICATE = Column("replicate", "int32", "which repetition with its own luck, from 0")


def _inner(name: str, meaning: str, unit: str = "", kind: Type = "float64", null: str = "", words: tuple[str, ...] = ()) -> Column:
    """Return a column of the inner life, which is simulated where the Programme stands alone."""
    why = f"{null}, or {_LATER}" if null else _LATER
    return Column(name, kind, meaning, unit, why, words, standing="later", is_inner=True)


def _stood_in(name: str, kind: Type, meaning: str, unit: str, null: str) -> Column:
    """Return a column of the inner life that the Programme cannot do without anywhere."""
    return Column(name, kind, meaning, unit, null, standing="stand-in", is_inner=True)


def _met(name: str, kind: Type, meaning: str, unit: str, null: str = _CLONE) -> Column:
    """Return a column of what somebody meets in others, whom the Programme alone has not."""
    return Column(name, kind, meaning, unit, f"{null}, or {_ALONE}" if null else _ALONE, alone="left out")


def _stages() -> Iterator[Column]:
    for stage in range(1, 9):
        yield _inner(f"stage_{stage}", f"resolution of life stage {stage}", "1 to 5")


_NONE, _NEVER, _YOUNG, _AT_WORK = "had none", "never", "died before", "never left work"

#: What was felt, known, hoped, lost and let go.
INNER_LIFE: tuple[Column, ...] = (
    *_stages(),
    _inner("integrity", "integrity, the last stage's resolution", "0 to 1"),
    _inner("despair", "despair at the end", "0 to 1"),
    _inner("integrity_status", "integrity and despair, each high or low: from 0.6 and from 0.5", "", "word", "", codes.ENDINGS),
    _inner("peaceful", "aware of the end, at peace, and had let go of most losses", "", "bool"),
    _inner("knowledge_15", "knowledge of one's fate at 15", "0 to 1", null=_YOUNG),
    _inner("awareness_15", "felt awareness of one's end at 15", "0 to 1", null=_YOUNG),
    _inner("knowledge_19", "knowledge of one's fate at 19", "0 to 1", null=_YOUNG),
    _inner("awareness_19", "felt awareness of one's end at 19", "0 to 1", null=_YOUNG),
    _inner("knowledge_call", "knowledge of one's fate at the call-up", "0 to 1", null=_AT_WORK),
    _inner("awareness_call", "felt awareness of one's end at the call-up", "0 to 1", null=_AT_WORK),
    _inner("knowledge_end", "knowledge of one's fate at the end", "0 to 1"),
    _inner("awareness_end", "felt awareness at the end", "0 to 1"),
    _inner("denial_end", "share of awareness held off at the end", "0 to 1"),
    _inner("crisis_age", "age at which more than half is felt for the first time", "years", null=_NEVER),
    _inner("memories_own", "memories of one's own", "memories", "int32"),
    _inner("memories_borrowed", "memories borrowed from others", "memories", "int32"),
    _inner("memories_invented", "memories invented", "memories", "int32"),
    _inner("consolation", "consolation available from memory", "0 to 1"),
    _inner("lost", "losses met, one's life among them", "losses", "int32"),
    _inner("let_go", "losses mourned and let go", "losses", "int32"),
    _inner("letting_go", "share let go of the losses before the last", "0 to 1"),
    _inner("grief", "grief at the end"),
    _inner("ties_16", "ties on leaving school", "ties", "int32", _YOUNG),
    _inner("ties_end", "ties at the end", "ties", "int32"),
    _inner("couples", "couples that the person was one of", "couples", "int32"),
    _inner("first_couple", "the first partner", "", "int64", "no partner"),
    _inner("dreamed", "dreamt of a career", "", "bool"),
    _inner("heard", "heard that couples may be deferred", _YEARS_AD, null=_NEVER),
    _inner("hope_end", "believed it at the end", "", "bool"),
    _inner("style_first", "style of preparing for the end, first chosen", "", "word", "", codes.STYLES),
    _inner("style", "style of preparing for the end, at the end", "", "word", "", codes.STYLES),
    _inner("understanding", "mean of knowing, feeling and holding no false hope, at the end", "0 to 1"),
    _inner("wrongs", "wrongs done", "wrongs", "int32"),
    _inner("guilt", "wrongs not mended", "wrongs", "int32"),
    _inner("tau_call", "developmental age at the call-up", "developmental years", null=_AT_WORK),
    _inner("tau_end", "developmental age at the end; below the last, a life is unfinished", "developmental years"),
    _inner("truth", "was told the truth", _YEARS_AD, null=_NEVER),
    _inner("substitutes", "substitutes found for a mother", "people", "int32"),
    _inner("gallery", "works chosen for the Gallery", "works", "int32"),
    _inner("ostracised", "left out by the others", "", "bool"),
    _inner("general", "general factor of development, a trait", "standardised"),
    _inner("anger", "anger, a trait", "standardised"),
    _inner("judgement", "independence of judgement, a trait", "standardised"),
    _inner("talent", "talent as a “carer”, a trait", "standardised"),
    _inner("care_mean", "quality of the care met, mean over operations", "standardised", null=_NONE),
    _inner("recovery_mean", "recovery after the operations survived, mean", "years", null=_NONE),
    _inner("died_before_call", "others of the pod who had died by the call-up", "people", "int32", _AT_WORK),
    *(_inner(f"gift_{step}", f"what operation {step} took", "", "word", "no such operation", codes.GIFTS) for step in range(1, 5)),
    _inner("as_hailsham", "raised in a house that is run as Hailsham is", "", "bool"),
)

PEOPLE = Table(
    "people",
    "a person, public or clone",
    (
        REPLICATE,
        Column("person", "int64", "address of the person, the same in every scenario"),
        Column("kind", "word", "member of the public, or raised for the Programme", "", "", codes.KINDS),
        Column("status", "word", "how the life ended for this table", "", "", codes.STATUSES),
        Column("sex", "word", "sex", "", "", codes.SEXES),
        Column("born", "float64", "time of birth", _YEARS_AD),
        Column("entered", "float64", "since when the person is in the run", _YEARS_AD),
        Column("ended", "float64", "time of death, or of leaving England", _YEARS_AD),
        Column("cause", "word", "what the person died of", "", "did not die here", codes.CAUSES),
        Column("blood_group", "word", "blood group", "", "", codes.BLOOD_GROUPS),
        Column("name", "word", "given name and one initial", "", _CLONE),
        Column("house", "int32", "number of the house the child was raised in; 0 is Hailsham", "", _CLONE),
        Column("pod", "int32", "pod of eight age-mates, counted in house and year", "", _CLONE),
        Column("seat", "int32", "place in the pod, 0 to 7", "", _CLONE),
        Column("left_house", "float64", "left for the Cottages", _YEARS_AD, _CLONE),
        Column("carer_from", "float64", "began work as a “carer”", _YEARS_AD, _CLONE),
        Column("carer_until", "float64", "was called up", _YEARS_AD, _CLONE),
        Column("tenure", "float64", "time at work as a “carer”", "years", _CLONE),
        _stood_in("quality", "float64", "quality as a “carer”, standardised", "", _CLONE),
        _met("caseload_mean", "float64", "donors looked after at a time, mean over the tenure", "donors"),
        _met("patients", "int32", "donors ever looked after", "donors"),
        Column("patients_died", "int32", "donors who died while in her care", "donors", _CLONE),
        Column("donor_from", "float64", "became a “donor”", _YEARS_AD, _CLONE),
        _met("attended", "float64", "share of the time as a “donor” with a “carer”", "proportion"),
        _met("carers", "int32", "“carers” met as a “donor”", "carers"),
        Column("donations", "int32", "operations undergone", "operations", _CLONE),
        Column("completed_at_donation", "int32", "operation at which the person died", "operation", _CLONE),
        Column("mobility_lost", "float64", "mobility lost to operations", "0 to 1", _CLONE),
        *INNER_LIFE,
        _stood_in("couple", "int64", "the last partner", "", "no partner, or for the public"),
        _stood_in("believed_deferral", "bool", "believed that couples may be deferred", "", _CLONE),
        _stood_in("applied", "float64", "applied for a deferral", _YEARS_AD, "never applied, or for the public"),
        _stood_in("refused", "float64", "was refused", _YEARS_AD, "never applied, or for the public"),
        _met("listed", "float64", "first put on the waiting list", _YEARS_AD, "never listed, or for clones"),
        _met("transplants", "int32", "organs received", "organs", _PUBLIC),
        _met("untreated_end", "float64", "end of the same life without transplants; for a clone, of the same child raised as an ordinary citizen", _YEARS_AD, ""),
        _met("years_gained", "float64", "lived beyond the untreated end", "years", _PUBLIC),
        _met("years_lost", "float64", "untreated end less the end as lived", "years", _CLONE),
    ),
)

EVENTS = Table(
    "events",
    "an event in a life",
    (
        REPLICATE,
        Column("person", "int64", "whose life"),
        Column("time", "float64", "when", _YEARS_AD),
        Column("event", "int16", "what happened: a code of the dictionary"),
        Column("other", "int64", "the other person", "", "nobody else is part of it"),
        Column("detail", "int32", "what the dictionary says of this event", "", "the event has none"),
    ),
)

ORGANS = Table(
    "organs",
    "an organ or tissue taken",
    (
        REPLICATE,
        Column("organ_id", "int64", "address of the organ: donor, step and kind"),
        Column("donor", "int64", "whose it was"),
        Column("recipient", "int64", "who was given it", "", "given to nobody"),
        Column("organ", "word", "what was taken", "", "", codes.GIFTS),
        Column("step", "int32", "the donor's operation at which it was taken", "operation"),
        Column("taken", "float64", "when it was taken", _YEARS_AD),
        Column("used", "float64", "when it was given", _YEARS_AD, "given to nobody"),
        Column("waited", "float64", "how long the recipient had stood on the list", "years", "given to nobody"),
        Column("regime", "word", "the way of supplying organs", "", "", codes.REGIMES),
        Column("outcome", "word", "what became of it", "", "", codes.OUTCOMES),
        Column("blood_donor", "word", "blood group of the donor", "", "", codes.BLOOD_GROUPS),
        Column("blood_recipient", "word", "blood group of the recipient", "", "given to nobody", codes.BLOOD_GROUPS),
    ),
)

TURNS = Table(
    "turns",
    "a risk that competed at a turning point of a life",
    (
        REPLICATE,
        Column("person", "int64", "whose life"),
        Column("time", "float64", "when the turning point came", _YEARS_AD),
        Column("event", "int16", "what happened: a code of the dictionary"),
        Column("risk", "int16", "what competed: a code of the dictionary"),
        Column("hazard", "float64", "hazard at that moment", "per person-year", "the risk acts at an instant"),
        Column("probability", "float64", "probability at that instant", "proportion", "the risk is a hazard"),
        Column("latent_time", "float64", "when this risk alone would have struck", _YEARS_AD, "never, or an instant"),
        Column("chosen", "bool", "whether this is what happened"),
    ),
)

YEARS = Table(
    "years",
    "a calendar year and a group of people",
    (
        REPLICATE,
        Column("year", "int32", "calendar year", _YEARS_AD),
        Column("kind", "word", "public or clone", "", "", codes.KINDS),
        Column("world", "word", "as simulated, or the same people without transplants", "", "", codes.WORLDS),
        Column("sex", "word", "sex", "", "both together", codes.SEXES),
        Column("age_group", "word", "age band", "years", "all ages together", codes.AGE_GROUPS),
        Column("state", "word", "station of a clone, or waiting or with a graft for the public", "", "whatever their state", codes.CLONE_STATES + codes.PUBLIC_STATES),
        Column("alive", "int64", "alive and in this state on 1 January", "people"),
        Column("person_years", "float64", "time lived in the year in this group", "person-years"),
        Column("entered", "int64", "born, or come to England", "people", "not counted for this group"),
        Column("left", "int64", "left England", "people", "not counted for this group"),
        Column("died", "int64", "deaths", "people", "not counted for this group"),
        *(
            Column(f"died_{cause}", "int64", f"deaths by {cause}", "people", "not counted for this group")
            for cause in (*codes.ORGANS, "other", "graft", "operation")
        ),
    ),
)

ACCOUNT = Table(
    "account",
    "a year, an organ and a blood group of patients, under a regime",
    (
        REPLICATE,
        Column("regime", "word", "the way of supplying organs", "", "", codes.REGIMES),
        Column("year", "int32", "calendar year", _YEARS_AD),
        Column("organ", "word", "what was needed or taken", "", "all together", codes.GIFTS),
        Column("blood_group", "word", "blood group of the patients", "", "all together", codes.BLOOD_GROUPS),
        Column("listed", "int64", "times somebody was put on the list", "stays"),
        Column("transplanted", "int64", "times somebody was given an organ", "stays"),
        Column("died_waiting", "int64", "stays that ended with death on the list", "stays"),
        Column("removed", "int64", "stays that ended by being taken off the list alive", "stays"),
        Column("waiting", "int64", "people on the list at the end of the year", "people"),
        Column("wait_median", "float64", "median wait of those given an organ", "years", "nobody was given one"),
        Column("wait_ninth_decile", "float64", "ninth decile of that wait", "years", "nobody was given one"),
        Column("supplied", "int64", "organs taken", "organs", "not counted by blood group"),
        Column("used", "int64", "organs given to somebody", "organs", "not counted by blood group"),
        Column("no_need", "int64", "left over at a last operation: fitted nobody waiting that day", "organs", "not counted by blood group"),
        Column("outside_need", "int64", "taken when no fitting patient had come", "organs", "not counted by blood group"),
        Column("discarded", "int64", "organs taken but not fit for use", "organs", "not counted by blood group"),
        Column("expired", "int64", "organs kept too long", "organs", "not counted by blood group"),
        Column("years_gained", "float64", "years lived beyond the untreated end by those first given an organ in this year", "years", "not counted by organ"),
        Column("years_lost", "float64", "years lost by suppliers who died in this year", "years", "not counted by organ"),
        Column("suppliers_died", "int64", "suppliers who died of supplying in this year", "people", "not counted by organ"),
        Column("born_to_supply", "int64", "children born in this year to be raised for it", "people", "not counted by organ"),
        Column("consented", "int64", "operations in this year to which the supplier had agreed", "operations", "not counted by organ"),
        Column("not_asked", "int64", "operations in this year to which the supplier was not asked", "operations", "not counted by organ"),
        Column("could_not_refuse", "int64", "of those, operations that the supplier could not have refused", "operations", "not counted by organ"),
    ),
)

EXPECTANCY = Table(
    "expectancy",
    "a life expectancy at birth: a period or a cohort, a sex",
    (
        REPLICATE,
        Column("basis", "word", "from the rates of a period, or of a cohort's own lives", "", "", ("period", "cohort")),
        Column("from_year", "int32", "first year of the period, or first year of birth", _YEARS_AD),
        Column("to_year", "int32", "first year after it", _YEARS_AD),
        Column("sex", "word", "sex", "", "both together", codes.SEXES),
        Column("recorded", "float64", "from the official rates", "years"),
        Column("simulated", "float64", "from the simulated lives", "years", "too few lives"),
        Column("untreated", "float64", "from the same lives without transplants", "years", "too few lives"),
        Column("difference", "float64", "simulated less untreated, on the same people", "years", "too few lives"),
        Column("low", "float64", "lower end of its 95 % interval (delete-a-group jackknife)", "years", "too few lives"),
        Column("high", "float64", "upper end of its 95 % interval", "years", "too few lives"),
        Column("projected", "float64", "share of the deaths that lie after the official tables end", "proportion"),
    ),
)

_FEW = "too few are alive"

AGES = Table(
    "ages",
    "an age: means of those of the Programme alone who live to it",
    (
        REPLICATE,
        Column("age", "float64", "age", "years"),
        Column("alive", "int64", "alive at this age", "people"),
        Column("developmental_age", "float64", "developmental age, mean", "developmental years", _FEW),
        Column("known", "float64", "knowledge of one's fate, mean", "0 to 1", _FEW),
        Column("felt", "float64", "felt awareness of one's end, mean", "0 to 1", _FEW),
        *(Column(f"stage_{stage}", "float64", f"resolution of life stage {stage}, mean", "1 to 5", _FEW) for stage in range(1, 9)),
        Column("despair", "float64", "despair, mean", "0 to 1", _FEW),
        Column("consolation", "float64", "consolation available from memory, mean", "0 to 1", _FEW),
        Column("lost", "float64", "losses met so far, mean", "losses", _FEW),
        Column("let_go", "float64", "losses let go so far, mean", "losses", _FEW),
        Column("ties", "float64", "ties, mean", "ties", _FEW),
    ),
)

_WHOLE = "of whole lives"

BESIDE = Table(
    "beside",
    "a quantity of a small population that was lived beside a run of the Programme alone",
    (
        REPLICATE,
        Column("people", "word", "whose lives: the run's own children, or ordinary people with the same luck", "", "", codes.BESIDE),
        Column("compressibility", "float64", "how much of a condensed pace counts as development", "0 to 1", "ordinary people, to whom it makes no difference"),
        Column("quantity", "word", "what is measured"),
        Column("developmental_age", "float64", "at which developmental age, alive", "developmental years", _WHOLE),
        Column("lives", "int64", "lives measured", "people"),
        Column("mean", "float64", "mean over them"),
        Column("spread", "float64", "standard deviation over them", "", "at a developmental age"),
        Column("standard_error", "float64", "of the mean", "", "at a developmental age"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (PEOPLE, EVENTS, ORGANS, TURNS, YEARS, ACCOUNT, EXPECTANCY, AGES, BESIDE)
}


def may_be_null(column: Column, *, is_alone: bool) -> bool:
    """Tell whether a column may hold nothing in a run of the one world or the other."""
    return bool(column.null) and (is_alone or column.null != _ALONE)


def describe_tables(*, is_alone: bool = False) -> dict[str, object]:
    """Return every table and column as plain values, for the run's dictionary.

    Args:
        is_alone: Whether the Programme stands alone in the run; the standing
            told is the one that a column has there. Where the other world
            gives it another one, both are told.
    """
    return {
        table.name: {
            "row": table.row,
            "columns": [_described(column, is_alone=is_alone) for column in table.columns],
        }
        for table in TABLES.values()
    }


def _described(column: Column, *, is_alone: bool) -> dict[str, object]:
    told = asdict(column)
    in_england, alone = told.pop("standing"), told.pop("alone")
    told["standing"] = alone if is_alone else in_england
    if alone != in_england:
        told["standing_by_world"] = {"england": in_england, "alone": alone}
    return {key: value for key, value in told.items() if value not in ("", (), False)}
