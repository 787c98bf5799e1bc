"""The first screen says what happened, in few and plain words; the tables add up."""

import json
import re
from dataclasses import replace

import polars as pl
import pytest

from hailsham.errors import AskerError
from hailsham.lives.codes import event_codes, risk_codes
from hailsham.lives.store import StoredRun
from hailsham.telling.tables import MAIN_TABLES, Expectancy, full_size, summarise, tabulate
from tests.unit.telling import lives_of_few as few
from tests.unit.telling.conftest import Recipe, write_run

EUPHEMISM = re.compile(r"\b(donor|donat|carer|complet)", re.IGNORECASE)


def texts(meanings: dict[str, dict[str, str]]) -> list[str]:
    """What the dictionary of a run says of each code; its short name is a name."""
    return [text for code in meanings.values() for name, text in code.items() if name != "name"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return few.write_lives_of_few(tmp_path_factory.mktemp("runs") / "few")


@pytest.fixture(scope="module")
def public_only(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return few.write_lives_of_few(tmp_path_factory.mktemp("runs") / "p", with_programme=False)


def test_the_summary_counts_the_run(run):
    summary = summarise(run)

    assert (summary.public, summary.clones, summary.lives) == (8, 6, 14)
    assert (summary.alive_start, summary.alive_end) == (9, 1)
    assert (summary.organs_taken, summary.organs_used, summary.organs_unneeded) == (9, 2, 6)
    assert (summary.organs_left_over, summary.organs_taken_instead) == (3, 3)
    assert (summary.listed, summary.transplanted, summary.people_given) == (5, 2, 2)
    assert (summary.died_on_list, summary.removed, summary.list_left) == (1, 1, 1)
    assert summary.died_at == {1: 1, 2: 1, 3: 1, 4: 1}
    assert summary.died_of_it == 4
    assert summary.wait_median == 0.25
    assert summary.mean_donations == 2.5
    assert summary.expectancy_claimed.difference == 0.0
    assert summary.expectancy_last.from_year == 1995


def test_the_list_adds_up(run, small_run):
    for each in (run, small_run):
        summary = summarise(each)
        ends = (summary.transplanted, summary.died_on_list, summary.removed, summary.list_left)
        assert sum(ends) == summary.listed
    for row in tabulate(small_run, "list").rows:
        assert sum(row[2:6]) == row[1]


def test_organs_are_counted_apart_from_the_people_given_them(run, tmp_path):
    organs = [*few.ORGANS, (few.KATHY, few.GIVEN, "lung", 2, 1985.5, 0.1, "used")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(few, "ORGANS", organs)
        twice = summarise(few.write_lives_of_few(tmp_path / "run"))

    assert (twice.organs_used, twice.people_given) == (3, 2)
    assert (summarise(run).organs_used, summarise(run).people_given) == (2, 2)


def test_years_asked_for_do_not_bound_the_programme_nor_the_list(small_run, tmp_path):
    cut = summarise(write_run(tmp_path / "cut", Recipe(years=(1980, 1985))))
    whole = summarise(small_run)

    assert cut.years_counted == whole.years_counted == (1947, 2020)
    assert cut.raised == whole.raised
    assert cut.listed == pytest.approx(whole.listed, rel=0.1)
    assert "Alive, and life expectancy: 1980 to 1984. All else: 1947 to 2019." in cut.lines()
    assert "  alive on 1 January 1984" in "\n".join(cut.lines())


def test_a_single_year_is_named_once(tmp_path):
    lines = summarise(write_run(tmp_path / "one", Recipe(years=(1947, 1948)))).lines()

    assert lines[1].startswith("1947, at 1 in 500")
    assert sum("alive on 1 January 1947" in line for line in lines) == 1


def test_too_few_lives_for_a_life_expectancy_are_said_to_be(run):
    unknown = Expectancy(1995, 2000, 77.3, None, None, None, None, None)
    vague = Expectancy(1995, 2000, 77.3, 78.0, 77.5, 0.5, None, None)
    known = Expectancy(1995, 2000, 77.3, 78.0, 77.5, -0.11, -0.25, -0.01)
    last = [
        " ".join(replace(summarise(run), expectancy_last=period).lines()[-2].split())
        for period in (unknown, vague, known)
    ]

    assert last == [
        "at birth, 1995-1999 77.3 too few too few too few lives",
        "at birth, 1995-1999 77.3 78.0 77.5 0.50 (too few lives)",
        "at birth, 1995-1999 77.3 78.0 77.5 -0.11 (-0.25 to -0.01)",
    ]
    assert max(map(len, replace(summarise(run), expectancy_last=known).lines())) <= 78


def test_a_count_means_the_same_however_often_a_run_is_repeated(run, tmp_path):
    once = summarise(run).lines()
    thrice = summarise(few.write_lives_of_few(tmp_path / "run", replicates=3)).lines()

    assert thrice[1] == f"{once[1]}, mean of 3 repetitions"
    assert thrice[2:] == once[2:]


def test_a_public_of_which_only_a_sample_is_kept_is_counted_whole(run, tmp_path):
    sampled = few.write_lives_of_few(tmp_path / "run", counts={"public": 9000})

    assert summarise(sampled).public == 9000
    assert summarise(run).public == 8


def test_another_run_has_another_summary(run, public_only):
    # The twin of the counts above: nothing in them is true of every run.
    ours, theirs = summarise(run).as_dict(), summarise(public_only).as_dict()
    same = {name for name, value in ours.items() if theirs[name] == value}

    assert same <= {"scenario", "title", "seed", "scale", "years", "replicates", "public"} | {
        "alive_start",
        "years_gained",
        "years_lost",
    }


@pytest.mark.parametrize(
    "name", ["small_run", "run_without_programme", "tiny_run", "empty_run", "run", "public_only"]
)
def test_every_run_fits_one_screen_and_says_its_seed_and_scale(name, request):
    summary = summarise(request.getfixturevalue(name))
    lines = summary.lines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 78
    assert f"seed {summary.seed}" in lines[1]
    assert f"1 in {summary.scale:,}" in lines[1]
    assert "nan" not in "\n".join(lines).lower().split()
    assert "None" not in "\n".join(lines)


def test_the_screen_does_not_speak_the_words_of_the_programme(run):
    said = summarise(run).lines()
    for table in (tabulate(run, name) for name in MAIN_TABLES):
        said += [table.title, *(word for column in table.columns for word in column)]
    said += [word for meanings in (event_codes(), risk_codes()) for word in texts(meanings)]

    assert not EUPHEMISM.search("\n".join(said))
    assert EUPHEMISM.search("two Donors completed")


def test_it_is_said_why_nothing_could_help_by_1967(run, public_only):
    why = "children born after 1952 cannot be operated on before about 1972"

    assert why in "\n".join(summarise(run).lines())
    assert why not in "\n".join(summarise(public_only).lines())


def test_the_summary_is_ready_for_json(run):
    assert json.loads(json.dumps(summarise(run).as_dict()))["died_at"] == {
        str(step): 1 for step in range(1, 5)
    }


@pytest.mark.parametrize(
    ("count", "scale", "said"),
    [(0, 500, "0"), (1034, 500, "517,000"), (104_300, 500, "52.1 million"), (8123, 1, "8,120")],
)
def test_a_count_at_full_size_is_rounded(count, scale, said):
    assert full_size(count, scale=scale) == said


# ---------------------------------------------------------------- the main tables


@pytest.mark.parametrize("name", MAIN_TABLES)
@pytest.mark.parametrize("which", ["run", "public_only", "empty_run"])
def test_every_table_is_whole(which, name, request):
    table = tabulate(request.getfixturevalue(which), name)

    assert table.title
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert json.loads(json.dumps(table.as_dict()))["name"] == name


def test_the_tables_add_up_to_the_summary(small_run):
    summary = summarise(small_run)
    taken, raised = tabulate(small_run, "organs"), tabulate(small_run, "programme")

    assert sum(row[1] for row in taken.rows) == summary.organs_taken
    assert sum(row[2] for row in taken.rows) == summary.organs_used
    assert sum(row[1] for row in raised.rows) == summary.raised
    assert summary.organs_used < summary.organs_taken


def test_a_person_with_a_graft_is_not_counted_twice_among_the_public(run):
    names, *rows = (
        [name for name, _ in tabulate(run, "people_by_state").columns],
        *tabulate(run, "people_by_state").rows,
    )
    last = dict(zip(names, rows[-1], strict=True))

    assert (last["year"], last["public"], last["with graft"], last["at work"]) == (1999, 0, 1, 1)


def test_the_list_is_told_by_organ(small_run):
    table = tabulate(small_run, "list")
    listed = (
        small_run.scan("account")
        .filter(pl.col("organ") == "kidney", pl.col("blood_group").is_null())
        .select(pl.col("listed").sum())
        .collect()
        .item()
    )

    assert {row[0]: row[1] for row in table.rows}["kidney"] == listed


def test_a_table_that_is_not_there_is_refused(run):
    with pytest.raises(AskerError) as refused:
        tabulate(run, "organ")

    assert refused.value.codes == ("HS111",)
    assert "did you mean 'organs'?" in str(refused.value)
