"""Where the Programme stands alone, nothing else can be asked, and nothing is implied."""

import tomllib

import pytest

from hailsham.errors import ScenarioError
from hailsham.scenario import DEFAULT, identity, resolve
from hailsham.scenario.resolve import FULL_LOG_UP_TO_LIVES

ALONE = "programme-alone"


def refused(question=ALONE, **asked):
    with pytest.raises(ScenarioError) as caught:
        resolve(question, **asked)
    return caught.value


def test_the_programme_alone_has_an_inner_life_and_no_public():
    said = tomllib.loads(resolve(ALONE).as_toml())

    assert said.keys() == {"title", "reading", "run", "alone", "development"}
    assert said["run"].keys() == {"seed", "replicates", "log"}
    assert {row["key"].partition(".")[0] for row in resolve(ALONE).parameters()} == {
        "alone",
        "development",
    }


def test_an_england_says_nothing_of_an_inner_life():
    said = tomllib.loads(resolve(DEFAULT).as_toml())

    assert not said.keys() & {"alone", "development"}
    assert '"development"' not in resolve(DEFAULT).canonical()


def test_lives_are_the_number_of_children_and_no_scale():
    resolved = resolve(ALONE, lives=123)

    assert resolved.world.alone.lives == 123
    assert resolved.run.scale == 1
    assert resolve(DEFAULT, lives=123_000).run.scale > 1


def test_a_small_run_writes_everything_down_and_a_large_one_the_turning_points():
    assert resolve(ALONE, lives=FULL_LOG_UP_TO_LIVES).run.log == "full"
    assert resolve(ALONE, lives=FULL_LOG_UP_TO_LIVES + 1).run.log == "turning"
    assert resolve(ALONE, lives=FULL_LOG_UP_TO_LIVES + 1, log="full").run.log == "full"


@pytest.mark.parametrize(
    "sets", ["list.age_limit=60", "public.migration=none", "grafts.relisted=false", "run.scale=5"]
)
def test_what_would_change_nothing_alone_is_refused_where_it_was_said(sets):
    error = refused(sets=[sets])

    assert error.codes == ("HS110",)
    assert error.faults[0].where == f"--set {sets}"
    # The twin: the same setting is welcome where it is at work.
    resolve(DEFAULT, sets=[sets])


@pytest.mark.parametrize("sets", ["development.eta=0.5", "alone.lives=80"])
def test_what_would_change_nothing_in_england_is_refused(sets):
    assert refused(DEFAULT, sets=[sets]).codes == ("HS110",)
    resolve(ALONE, sets=[sets])


def test_neither_scale_nor_years_can_be_asked_of_the_programme_alone():
    assert refused(scale=500).codes == ("HS110",)
    assert refused(years="1950:1960").codes == ("HS110",)


def test_the_id_changes_with_whatever_changes_the_numbers_and_with_nothing_else(tmp_path):
    again = tmp_path / "other-words.toml"
    again.write_text(
        'title = "Other words"\nbase = "programme-alone"\n'
        "[development.clock]\ncompressibility = 1\n"
    )
    plain = identity(resolve(ALONE), numbers="1")
    others = [
        identity(resolve(ALONE, sets=[f"{key}={value}"]), numbers="1")
        for key, value in (
            ("development.eta", 0.5), ("alone.hailsham_share", 0.3), ("alone.lives", 800),
            ("alone.first_births", 1954), ("alone.beside", 80), ("run.seed", 2),
        )
    ]  # fmt: skip

    assert identity(resolve(str(again)), numbers="1") == plain
    assert len({plain, *others}) == 1 + len(others)


def test_a_reading_lies_under_whatever_else_is_said():
    plain, read = resolve(ALONE), resolve(ALONE, reading="no_choice")
    half = resolve(ALONE, reading="calendar_only", sets=["development.eta=0.5"])

    assert plain.reading == "article"
    assert plain.world.development.reading.manipulation == 0.0
    assert read.world.development.reading.manipulation == 1.0
    assert half.world.development.clock.compressibility == 0.5
    assert resolve(ALONE, reading="calendar_only").world.development.clock.compressibility == 0.0


def test_a_reading_may_be_named_by_its_alias_and_is_part_of_the_question():
    by_alias, by_claim = (resolve(ALONE, reading=name) for name in ("minow", "no_choice"))

    assert by_alias == by_claim
    assert by_alias.canonical() != resolve(ALONE).canonical()
    # Two readings that share every number are two questions still: the pages name them.
    assert resolve(ALONE, reading="grown_instead").canonical() != resolve(ALONE).canonical()


def test_a_reading_that_nobody_holds_and_one_that_changes_nothing_are_refused():
    assert refused(reading="minnow").codes == ("HS114",)
    assert refused(DEFAULT, reading="no_choice").codes == ("HS110",)
    assert refused("recorded-england", reading="mechanics").codes == ("HS110",)
    assert resolve(DEFAULT, reading="mechanics").world.regimes.programme.schedule == "mechanics"


def test_compressibility_has_a_short_name_at_the_prompt():
    long = resolve(ALONE, sets=["development.clock.compressibility=0.5"])

    assert resolve(ALONE, sets=["development.eta=0.5"]) == long
    assert refused(sets=["development.eta=1.5"]).faults[0].where == "--set development.eta=1.5"


def test_the_title_counts_settings_and_not_how_many_lives_are_looked_at():
    assert "changed" not in resolve(ALONE, lives=80).title
    assert resolve(ALONE, lives=80, sets=["development.eta=0.5"]).title.endswith(
        "(1 setting changed)"
    )
