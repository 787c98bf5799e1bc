"""A life is told whole, in sentences that stand, and the same life each time."""

import re
from pathlib import Path

import polars as pl
import pytest

from hailsham.errors import AskerError, RunFolderError
from hailsham.lives.codes import Event
from hailsham.lives.store import StoredRun
from hailsham.telling.biography import (
    Biography,
    choose_life,
    choose_lives,
    choose_one,
    tell,
    tell_lives,
)
from hailsham.telling.life.clone import TOLD_OF_CLONES
from hailsham.telling.life.inner import TOLD_OF_INNER_LIVES
from hailsham.telling.life.prose import (
    age,
    chance,
    counted,
    day,
    joined,
    ordinal,
    span,
    the_gifts,
)
from hailsham.telling.life.public import TOLD_OF_THE_PUBLIC
from hailsham.telling.life.strata import STRATA, kinds_of_life
from hailsham.telling.words import FLAT_RATE, OPENING
from tests.unit.telling import lives_of_few as few
from tests.unit.telling.conftest import Recipe, write_run

GOLDEN = Path(__file__).parents[2] / "golden" / "lives"
GOLDEN_LIVES = {few.TOMMY: "raised.txt", few.GIVEN: "public.txt"}
#: What no sentence of ours may hold; the Programme's words only in quotation marks.
FLAW = re.compile(
    r"\bNone\b|\bnan\b|\binf\b|  | [,.;:]|\.\.|,,|\b[Aa] [aeio]\w+|-0\.0"
    r"|(?<!“)\b(?:donors?|donat\w+|carers?|complet\w+)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return few.write_lives_of_few(tmp_path_factory.mktemp("runs") / "few")


@pytest.fixture(scope="module")
def public_only(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return few.write_lives_of_few(tmp_path_factory.mktemp("runs") / "p", with_programme=False)


@pytest.fixture(scope="module")
def lives(run: StoredRun) -> list[Biography]:
    return tell_lives(run, [row["person"] for row in few.PEOPLE])


def words_of(life: Biography) -> str:
    return " ".join((life.heading, life.one_line, *life.paragraphs))


def flaws(text: str) -> list[str]:
    return FLAW.findall(text)


def moved_by_a_week(person: int, kind: Event) -> list[tuple[object, ...]]:
    """The events of the run, the first of a kind in one life a week later."""
    at = next(i for i, row in enumerate(few.EVENTS) if row[0] == person and row[2] == kind)
    who, time, *rest = few.EVENTS[at]
    return [*few.EVENTS[:at], (who, time + 7 / 365, *rest), *few.EVENTS[at + 1 :]]


@pytest.mark.parametrize("person", GOLDEN_LIVES)
def test_a_life_is_told_word_for_word_as_before(run, person):
    assert tell(run, person).as_text() == (GOLDEN / GOLDEN_LIVES[person]).read_text("utf-8")


@pytest.mark.parametrize(
    ("person", "kind"), [(few.TOMMY, Event.OPERATED), (few.GIVEN, Event.TRANSPLANTED)]
)
def test_a_week_in_one_event_changes_the_words(tmp_path, person, kind):
    other = few.write_lives_of_few(tmp_path / "run", events=moved_by_a_week(person, kind))

    assert tell(other, person).as_text() != (GOLDEN / GOLDEN_LIVES[person]).read_text("utf-8")


def test_the_day_of_every_event_is_told(lives):
    told = {life.person: words_of(life) for life in lives}
    for person, time, event, *_ in few.EVENTS:
        assert day(time) in told[person], (person, event)


def test_every_kind_of_event_is_told_of_somebody():
    assert set(Event) == TOLD_OF_CLONES | TOLD_OF_THE_PUBLIC | TOLD_OF_INNER_LIVES


def test_an_event_that_no_station_tells_is_told_from_the_log(tmp_path):
    strange = [*few.EVENTS, (few.KATHY, 1984.5, Event.LISTED, None, few.HEART)]
    run = few.write_lives_of_few(tmp_path / "run", events=strange)

    told = words_of(tell(run, few.KATHY))
    assert f"On {day(1984.5)} the log of this life says: was put on the waiting list." in told


@pytest.mark.parametrize(
    ("house", "told"),
    [
        (0, "Hailsham had not opened yet, and on 1 October 1957, in the first year of life, she"),
        (12, "Hailsham closed, and on 1 October 1957, in the first year of life, she was moved to"),
    ],
)
def test_a_move_to_hailsham_and_one_away_from_it_are_told_apart(tmp_path, house, told):
    moved = [*few.EVENTS, (few.KATHY, 1957.75, Event.MOVED_HOUSE, None, house)]
    run = few.write_lives_of_few(tmp_path / "run", events=moved)

    assert told in words_of(tell(run, few.KATHY))


def test_every_sentence_stands(lives):
    assert {life.person: flaws(words_of(life)) for life in lives if flaws(words_of(life))} == {}


def test_every_sentence_stands_in_a_run_with_a_sparse_log(small_run):
    everybody = small_run.scan("people").select("person").collect()["person"].to_list()
    told = tell_lives(small_run, everybody)

    assert len(told) > 300
    assert {life.person: flaws(words_of(life)) for life in told if flaws(words_of(life))} == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "Her name was None.",
        "The risk was nan.",
        "She  lived.",
        "She lived .",
        "He was a donor.",
        "She completed at 28.",
        "She was called a “carer”, and was no carer.",
        "It was given to a old man.",
    ],
)
def test_a_flawed_sentence_is_caught(sentence):
    assert flaws(sentence)


def test_every_page_opens_with_the_four_lines_and_is_narrow(lives):
    for life in lives:
        text = life.as_text()
        opening = " ".join(text.split(life.heading)[0].split())
        assert opening == " ".join(OPENING)
        assert max(map(len, text.splitlines())) <= 78


def test_what_a_stand_in_drew_is_never_told_without_saying_so(lives):
    about = [
        paragraph
        for life in lives
        for paragraph in life.paragraphs
        if "deferr" in paragraph or "couple" in paragraph or "quality" in paragraph
    ]

    assert len(about) == 6
    for paragraph in about:
        *statements, remark = re.split(r"(?<=\.) (?=A stand-in: |Stand-ins )", paragraph)
        assert all(said.startswith("A stand-in: ") for said in statements)
        assert remark.startswith("Stand-ins are drawn by lot")


def test_the_two_lives_of_an_organ_are_linked(run):
    raised, given = words_of(tell(run, few.TOMMY)), words_of(tell(run, few.GIVEN))

    assert "Tommy D., 21, who was raised at Hailsham, at his first operation" in given
    assert "given to a 45-year-old man who had waited 3 months; he lived until 1995" in raised


def test_a_graft_that_fails_as_it_is_replaced_is_counted_from_the_one_before(tmp_path):
    replaced = (few.LOST_IT, 1984.4, Event.TRANSPLANTED, few.KATHY, few.HEART)
    at = [row[:3] for row in few.EVENTS].index((few.LOST_IT, 1984.4, Event.GRAFT_FAILED))
    for place, told in (
        (at + 1, "On 26 May 1984, 55 days later, the organ that she had been given failed."),
        (at, "The organ that she had been given failed on the day on which it was given."),
    ):
        events = [*few.EVENTS[:place], replaced, *few.EVENTS[place:]]
        run = few.write_lives_of_few(tmp_path / str(place), events=events)
        assert told in words_of(tell(run, few.LOST_IT))


def test_years_gained_by_several_organs_are_not_credited_to_each(tmp_path, run):
    several = {few.GIVEN: {"transplants": 3}}
    others = few.write_lives_of_few(tmp_path / "run", changes=several)
    one = "he lived until 1995, 18.2 years longer than without it."
    three = (
        "he lived until 1995; with the three organs given him, 18.2 years longer than with none."
    )

    for told, said, unsaid in ((run, one, three), (others, three, one)):
        assert said in words_of(tell(told, few.TOMMY))
        assert unsaid not in words_of(tell(told, few.TOMMY))


def test_a_kidney_that_adds_no_years_says_why(tmp_path, run):
    kept = {few.GIVEN: {"years_gained": 0.0, "untreated_end": 1995.75}}
    at_operation = {few.GIVEN: kept[few.GIVEN] | {"cause": "operation"}}
    on_dialysis = few.write_lives_of_few(tmp_path / "kept", changes=kept)
    died = few.write_lives_of_few(tmp_path / "died", changes=at_operation)

    for person in (few.GIVEN, few.TOMMY):
        assert "dialysis had kept him alive" in words_of(tell(on_dialysis, person))
        assert "dialysis" not in words_of(tell(died, person))
        assert "dialysis" not in words_of(tell(run, person))
    assert "Kept alive by dialysis, with no transplant, he would have lived for another 19.0" in (
        words_of(tell(on_dialysis, few.GIVEN))
    )


def test_a_life_longer_than_any_says_that_the_model_made_it_so(tmp_path, lives):
    old = {few.OLD: {"ended": 1983.0}, few.RUTH: {"untreated_end": 2080.0}}
    run = few.write_lives_of_few(tmp_path / "run", changes=old)

    assert not any(FLAT_RATE in words_of(life) for life in lives)
    assert all(FLAT_RATE in words_of(tell(run, person)) for person in old)


def test_whoever_was_called_up_is_named(run):
    assert "from 2 July 1978 until Kathy H. was called up, on" in words_of(tell(run, few.KATHY))


def test_the_day_of_an_operation_says_since_when_it_might_have_been(run):
    told = words_of(tell(run, few.TOMMY))

    assert "on 1 January 1977, at 21, 3 months after he was ready for it." in told
    assert "on 1 January 1981, at 25, the day on which he was ready for it." in told


def test_a_house_is_named_by_a_number_that_is_explained_once(run):
    told = tell(run, few.FIRST)

    assert words_of(told).count("known here by its number") == 1
    assert "raised in a house known here by its number, 12, one of the houses" in words_of(told)
    assert "raised in house 12," in told.one_line
    assert "known here" not in words_of(tell(run, few.TOMMY))


def test_what_competed_is_told_where_it_is_known(run):
    assert "the hazard of being called up was 1.80 a year" in words_of(tell(run, few.TOMMY))
    assert "then death by any other cause in 2008" in words_of(tell(run, few.GIVEN))


def test_how_common_a_life_is_names_whom_it_is_counted_among(run):
    assert "Of the six children raised for their organs whose lives this run keeps, he alone" in (
        words_of(tell(run, few.TOMMY))
    )


def test_a_long_time_at_work_is_measured_in_years_and_not_by_itself(small_run):
    tenure = pl.col("tenure").filter(pl.col("kind") == "clone")
    people = small_run.scan("people").filter(pl.col("kind") == "clone").collect()
    bounds = [people.select(tenure.quantile(at, "nearest")).item() for at in (0.95, 0.05)]
    long, short = (people.filter(pl.col("tenure") == at)["person"][0] for at in bounds)

    assert f"worked as “carers” for {span(bounds[0])} or longer, " in words_of(
        tell(small_run, long)
    )
    assert f"called up after {span(bounds[1])} as “carers”, or sooner, " in (
        words_of(tell(small_run, short))
    )


def test_every_life_is_of_some_kind(small_run):
    kinds = kinds_of_life(small_run, replicate=0)

    assert kinds.select(pl.any_horizontal(stratum.name for stratum in STRATA).all()).item()


def test_a_life_is_ready_for_json(run):
    told = tell(run, few.KATHY).as_dict()

    assert told["opening"] == list(OPENING)
    assert {"label": "Operations", "value": "2"} in told["figures"]


def test_a_run_without_a_log_still_tells_what_was_taken_and_given(tmp_path):
    run = few.write_lives_of_few(tmp_path / "run", events=[])
    raised, given = words_of(tell(run, few.TOMMY)), words_of(tell(run, few.GIVEN))

    assert "The fourth operation was on 1 April 1984, at 28. The heart was taken and" in raised
    assert "Nobody was looking after" not in raised
    assert "he was given a kidney. It was taken from Tommy D., 21," in given
    assert flaws(raised + given) == []


def test_each_repetition_is_told_on_its_own(tmp_path):
    run = few.write_lives_of_few(tmp_path / "run", replicates=2)

    assert tell(run, few.TOMMY, replicate=1) == tell(run, few.TOMMY, replicate=0)


def test_an_address_of_nobody_is_refused(run):
    with pytest.raises(RunFolderError) as refused:
        tell(run, 4)

    assert refused.value.codes == ("HS205",)


# ---------------------------------------------------------------- which lives


def test_the_same_seed_chooses_the_same_life(run):
    chosen = [choose_life(run, seed=seed) for seed in range(40)]

    assert chosen == [choose_life(run, seed=seed) for seed in range(40)]
    assert len(set(chosen)) > len(few.PEOPLE) / 2


def test_a_condition_is_kept(run):
    where = "kind = 'clone' AND donations = 3"

    assert {choose_life(run, seed=seed, where=where) for seed in range(10)} == {few.RUTH}


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("tenure > 90", "HS205"),
        ("tenures > 3", "HS206"),
        ("tenure >", "HS206"),
        ("kind = 'clone'; DROP TABLE people", "HS206"),
        ("", "HS206"),
        ("  ", "HS206"),
        ("tenure", "HS206"),
        ("name > 3", "HS206"),
        ("person IN (VALUES (1))", "HS206"),
    ],
)
def test_a_condition_that_cannot_be_met_is_refused(run, where, code):
    with pytest.raises(AskerError) as refused:
        choose_life(run, seed=1, where=where)

    assert refused.value.codes == (code,)


def test_a_refused_condition_is_shown_as_it_was_written(run):
    with pytest.raises(AskerError) as refused:
        choose_life(run, seed=1, where="tenures > 3")
    said = str(refused.value)

    assert "--where 'tenures > 3'" in said
    assert "did you mean 'tenure'?" in said
    assert "SELECT" not in said
    assert said.count("donations,") == said.count("untreated_end") == 1


@pytest.mark.parametrize(
    "where",
    [
        "name IN (SELECT word FROM read_csv('{file}'))",
        "name IN (FROM read_csv('{file}'))",
        "name = \"'\" OR name IN (select word from read_csv('{file}')) OR name = \"'\"",
        "read_csv('{file}') = 1",
        "kind = 'clone') UNION (SELECT person FROM people",
    ],
)
def test_a_condition_reads_no_other_file(run, tmp_path, where):
    file = tmp_path / "words.csv"
    for text in ("word\nRuth C.\n", None):
        if text is None:
            file.unlink()
        else:
            file.write_text(text)
        with pytest.raises(AskerError) as refused:
            choose_life(run, seed=1, where=where.format(file=file))
        assert refused.value.codes == ("HS206",)
        assert "Ruth" not in str(refused.value)


def test_a_life_of_a_later_repetition_is_found_and_told(tmp_path):
    run = write_run(tmp_path / "run", Recipe(n_clones=0, replicates=2))
    people = run.scan("people").select("replicate", "person").collect()
    first, second = (set(people.filter(pl.col("replicate") == at)["person"]) for at in (0, 1))
    later = min(second - first)

    assert choose_one(run, seed=1, where=f"person = {later}") == (1, later)
    assert choose_life(run, seed=1, where=f"person = {later}") == later
    assert tell(run, later) == tell(run, later, replicate=1)
    for refused in (
        lambda: tell(run, later, replicate=0),
        lambda: tell(run, later, replicate=2),
        lambda: choose_one(run, seed=1, where=f"person = {later}", replicate=0),
    ):
        with pytest.raises(AskerError) as refusal:
            refused()
        assert refusal.value.codes == ("HS205",)


def test_a_life_is_chosen_in_the_repetition_that_is_asked_for(tmp_path):
    run = few.write_lives_of_few(tmp_path / "run", replicates=3)
    chosen = [choose_one(run, seed=seed) for seed in range(40)]

    assert {replicate for replicate, _ in chosen} == {0, 1, 2}
    assert {choose_one(run, seed=seed, replicate=2)[0] for seed in range(20)} == {2}


def test_chosen_lives_are_of_many_kinds_and_never_twice_the_same(small_run):
    chosen = choose_lives(small_run, n=12, seed=1)
    kinds = kinds_of_life(small_run, replicate=0).filter(pl.col("person").is_in(chosen))

    assert len(set(chosen)) == 12
    assert chosen == choose_lives(small_run, n=12, seed=1)
    assert chosen != choose_lives(small_run, n=12, seed=2)
    assert sum(kinds[stratum.name].any() for stratum in STRATA) >= 8


def test_where_there_are_fewer_lives_all_are_chosen(run, public_only):
    assert sorted(choose_lives(run, n=100, seed=1)) == sorted(row["person"] for row in few.PEOPLE)
    assert len(choose_lives(public_only, seed=1)) == 8


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (day(1957.0), "1 January 1957"),
        (day(1866.5), "2 July 1866"),
        (str(age(1957.3, at=1957.3 + 16.0)), "16"),
        (span(0.0001), "less than a day"),
        (span(-1 / 365), "1 day"),
        (span(0.5), "6 months"),
        (span(1.99), "2.0 years"),
        (counted(0, one="organ", many="organs"), "no organs"),
        (counted(1, one="organ", many="organs"), "one organ"),
        (counted(1200, one="organ", many="organs"), "1,200 organs"),
        (chance(0.005), "1 in 200"),
        (chance(0.999), "99 in 100"),
        (chance(0.0), "none"),
        (ordinal(4), "fourth"),
        (joined(["a", "b", "c"]), "a, b and c"),
        (joined(["a", "b"], mark=";"), "a; and b"),
        (the_gifts("lung", n=2, alive=False), "two lungs"),
        (the_gifts("lung", n=1, alive=True), "part of a lung"),
        (the_gifts("liver", n=1, alive=False), "the liver"),
        (the_gifts("marrow", n=1, alive=True), "bone marrow"),
    ],
)
def test_a_number_is_said_as_people_say_it(said, words):
    assert said == words
