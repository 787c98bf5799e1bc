"""A resolved question implies nothing, and its id is that of what it asks."""

import json
import os
import subprocess
import sys
import time
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailsham.errors import ScenarioError
from hailsham.scenario import DEFAULT, identity, resolve, shipped
from tests.unit.scenario.cases import VALID


def codes(question=DEFAULT, **asked):
    with pytest.raises(ScenarioError) as caught:
        resolve(question, **asked)
    return list(caught.value.codes)


def written(tmp_path, text, name="mine.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_resolves_under_its_name_and_title(name):
    resolved = resolve(name)

    assert (resolved.name, resolved.title) == (name, shipped()[name])


def test_the_default_scenario_is_listed_first_and_changes_nothing():
    assert next(iter(shipped())) == DEFAULT
    assert not any(row["changed"] for row in resolve(DEFAULT).parameters())
    assert any(row["changed"] for row in resolve("few-carers").parameters())


def test_the_shipped_scenarios_are_what_their_names_say():
    assert resolve("recorded-england").world.regimes.programme is None
    assert resolve("few-carers").world.regimes.programme.carers.caseload == 2
    assert resolve("few-carers").world.regimes.programme.carers.assignment_delay == 0.2


@pytest.mark.parametrize("question", [*shipped(), *map(str, VALID)])
def test_a_resolved_scenario_is_itself_a_scenario_and_says_the_same(question, tmp_path):
    resolved = resolve(question)
    again = resolve(str(written(tmp_path, resolved.as_toml(), f"{resolved.name}.toml")))

    assert again == resolved
    assert again.canonical() == resolved.canonical()
    assert again.as_toml() == resolved.as_toml()


def test_the_round_trip_notices_a_number_that_moved(tmp_path):
    resolved = resolve(DEFAULT)
    text = resolved.as_toml().replace("age_limit = 75.0", "age_limit = 75.5")
    again = resolve(str(written(tmp_path, text)))

    assert again.canonical() != resolved.canonical()


def test_a_resolved_scenario_tells_unit_grade_and_source_of_each_key():
    resolved = resolve(DEFAULT)
    text = resolved.as_toml()
    said = tomllib.loads(text)

    for row in resolved.parameters():
        value = said
        for name in row["key"].split("."):
            value = value[name]
        assert value == row["value"]
        assert f"# {row['text']}" in text
        assert f"# {row['grade']}, " in text
        assert row["source"] in text


@given(title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(max_examples=50, deadline=None)
def test_any_title_survives_being_written_and_read(title):
    resolved = replace(resolve(DEFAULT), title=title)

    assert tomllib.loads(resolved.as_toml())["title"] == title


def test_the_canonical_form_is_what_is_asked_of_the_world_and_no_more(tmp_path):
    plain = resolve(DEFAULT).canonical()
    titled = 'title = "Other words"\nbase = "never-let-me-go"\n[list]\nage_limit = 75\n'

    assert resolve(DEFAULT, scale=1000, seed=7, replicates=3).canonical() == plain
    assert resolve(str(written(tmp_path, titled))).canonical() == plain
    assert resolve(DEFAULT, sets=["list.age_limit=74"]).canonical() != plain
    assert resolve(DEFAULT, years="1947:1999").canonical() != plain
    assert resolve(DEFAULT, log="none").canonical() != plain
    assert list(json.loads(plain)) == ["log", "world", "years"]


def test_an_id_belongs_to_one_question_alone():
    plain = resolve(DEFAULT)
    ids = [
        identity(plain, numbers="1"),
        identity(plain, numbers="2"),
        identity(resolve(DEFAULT, seed=2), numbers="1"),
        identity(resolve(DEFAULT, scale=501), numbers="1"),
        identity(resolve(DEFAULT, replicates=2), numbers="1"),
        identity(resolve(DEFAULT, years="1950:2000"), numbers="1"),
        identity(resolve("few-carers"), numbers="1"),
    ]

    assert len(set(ids)) == len(ids)
    assert ids[0] == identity(resolve(DEFAULT), numbers="1")
    assert all(len(each) == 12 and int(each, 16) >= 0 for each in ids)


def test_an_id_is_the_same_in_another_process():
    code = (
        "from hailsham.scenario import identity, resolve\n"
        "print(identity(resolve('few-carers'), numbers='1'))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == identity(resolve("few-carers"), numbers="1")


@pytest.mark.parametrize(
    ("lives", "scale"), [(186_000, 500), (93_000_000, 1), (10**12, 1), (93, 1_000_000)]
)
def test_lives_are_another_word_for_the_scale(lives, scale):
    assert resolve(DEFAULT, lives=lives).run.scale == scale


@pytest.mark.parametrize("lives", [0, -5, 1, 80])
def test_a_run_of_nobody_is_refused(lives):
    assert codes(lives=lives) == ["HS109"]


@pytest.mark.parametrize(
    ("scale", "log"), [(1_000, "full"), (100, "full"), (99, "turning"), (1, "turning")]
)
def test_small_runs_write_every_event_down(scale, log):
    assert resolve(DEFAULT, scale=scale).run.log == log
    assert resolve(DEFAULT, scale=scale, log="none").run.log == "none"


def test_what_is_not_said_is_taken_from_the_base_but_not_its_title(tmp_path):
    written(tmp_path, 'title = "Below"\n[run]\nseed = 9\n[list.fit]\nheart = 0.1\n', "below.toml")
    above = 'base = "below.toml"\n[list.fit]\nlung = 0.2\n'
    resolved = resolve(str(written(tmp_path, above, "above.toml")))

    assert resolved.title == "above"
    assert resolved.run.seed == 9
    assert (resolved.world.list.fit.heart, resolved.world.list.fit.lung) == (0.1, 0.2)


def test_a_setting_goes_over_the_file_and_an_option_is_a_setting():
    sets = ["list.fit.heart=0.3", "title=Nobody over sixty", "list.age_limit = 60"]
    resolved = resolve(DEFAULT, sets=sets, seed=5)

    assert resolved.world.list.fit.heart == 0.3
    assert resolved.world.list.age_limit == 60.0
    assert resolved.title == "Nobody over sixty"
    assert resolved.run == resolve(DEFAULT, sets=["run.seed=5"]).run


@pytest.mark.parametrize(
    "text", ["list.age_limit", "=3", "list..age=3", "list age=3", "", "base=few-carers"]
)
def test_what_is_no_setting_is_refused(text):
    assert codes(sets=[text]) == ["HS107"]


@pytest.mark.parametrize(
    "asked",
    [
        {"scale": 500, "lives": 178_000},
        {"scale": 500, "sets": ["run.scale=500"]},
        {"sets": ["list.age_limit=60", "list.age_limit=61"]},
        {"sets": ["list.age_limit=60", "list.age_limit=60"]},
    ],
)
def test_one_thing_is_said_once(asked):
    assert codes(**asked) == ["HS110"]


def test_a_fault_at_the_prompt_names_the_setting_that_made_it():
    with pytest.raises(ScenarioError) as caught:
        resolve(DEFAULT, sets=["list.fit.heart=1.4"], years="1900:1950", log="ful", scale=0)

    places = {fault.code: fault.where for fault in caught.value.faults}
    assert places["HS103"] in ("--set list.fit.heart=1.4", "--scale 0")
    assert places["HS108"] == "--years 1900:1950"
    assert places["HS111"] == "--log ful"
    assert len(caught.value.faults) == 4


def test_a_fault_in_a_file_names_file_line_and_key(tmp_path):
    below = written(tmp_path, "# one\n[list]\nage_limit = 500\n", "below.toml")
    above = written(tmp_path, '\nbase = "below.toml"\n[public]\nmigration = "som"\n', "a.toml")
    with pytest.raises(ScenarioError) as caught:
        resolve(str(above))

    assert sorted(fault.where for fault in caught.value.faults) == sorted(
        [f"{above}:4  public.migration", f"{below}:3  list.age_limit"]
    )


def test_faults_of_prompt_file_and_base_are_told_at_once(tmp_path):
    text = 'base = "nothing"\n[list]\nage_limt = 3\n[regimes.programme.cottages]\nshortest = 9\n'

    assert sorted(codes(str(written(tmp_path, text)), sets=["x"], years="a:b")) == [
        "HS101",
        "HS105",
        "HS107",
        "HS108",
        "HS110",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"x = " + b"9" * 5000, "not TOML"),
        (b"x = " + b"[" * 5000, "nested too deeply"),
        (b"x = " + b"[" * 500 + b"]" * 500, "nested too deeply"),
        (b"a." * 900 + b"a = 1", "nested too deeply"),
        (b"a = 1\na = 2", "'a' is said twice in one table"),
        (b"[list]\n[list]", "the table '[list]' is begun twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, content, reason):
    path = tmp_path / "odd.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        resolve(str(path))

    assert caught.value.codes == ("HS104",)
    assert reason in caught.value.faults[0].what


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "loop"])
def test_what_is_no_plain_file_is_not_read(tmp_path, kind):
    path = tmp_path / "odd.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else path.name)

    assert codes(str(path)) == ["HS104"]
    # The same, where it is only named by another file.
    assert codes(str(written(tmp_path, f"base = '{path}'"))) == ["HS104"]


def test_a_mark_of_byte_order_is_no_part_of_the_first_key(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbftitle = 'Marked'\n")

    assert resolve(str(path)).title == "Marked"


def test_a_path_that_holds_nothing_a_machine_can_read_is_refused(tmp_path):
    assert codes(str(written(tmp_path, 'base = "a\\u0000.toml"'))) == ["HS104"]


@pytest.mark.parametrize("sign", ["\x1b[2J", "\n", "\t", "\x7f", "\u2028", "\udcff"])
def test_a_title_holds_no_sign_that_moves_the_screen(sign):
    assert codes(sets=[f"title=A{sign}B"]) == ["HS102"]


def test_a_title_may_be_in_any_language():
    title = "\u00c9t\u00e9\u00a01952 \u2014 \u0436\u0438\u0437\u043d\u044c \u547d"

    assert resolve(DEFAULT, sets=[f"title={title}"]).title == title


def test_a_name_holds_only_what_can_be_printed(tmp_path):
    path = written(tmp_path, "", "a\nb.toml")

    assert resolve(str(path)).name == "a_b"
    assert tomllib.loads(resolve(str(path)).as_toml())["title"] == "a_b"


def test_what_a_fault_names_does_nothing_to_the_screen(tmp_path):
    path = written(tmp_path, '"a\\u001b[2J" = 1')
    with pytest.raises(ScenarioError) as caught:
        resolve(str(path))

    assert "\x1b" not in str(caught.value)
    assert "has no key 'a\\x1b[2J'" in str(caught.value)


def test_a_setting_puts_no_regime_to_work(tmp_path):
    setting = "regimes.programme.intake_per_year=9000"
    for sets in ([setting], ["regimes.programme={}"], ["regimes={programme={}}"]):
        with pytest.raises(ScenarioError) as caught:
            resolve("recorded-england", sets=sets)
        assert caught.value.codes == ("HS110",)
        assert caught.value.faults[0].where == f"--set {sets[0]}"
    assert "recorded-england has no regimes.programme" in caught.value.faults[0].what
    # Where the regime is at work, by a scenario or by its table in a file, it can be set.
    for question in (DEFAULT, str(written(tmp_path, "[regimes.programme]"))):
        assert resolve(question, sets=[setting]).world.regimes.programme.intake_per_year == 9000


def test_a_title_says_how_many_settings_were_changed(tmp_path):
    plain = shipped()["recorded-england"]
    sets = ["list.age_limit=60", "list.fit.heart=0.3", "public.migration=none"]

    assert resolve("recorded-england", sets=sets).title == f"{plain} (3 settings changed)"
    assert resolve("recorded-england", sets=sets[:1]).title == f"{plain} (1 setting changed)"
    # What is as it was, and how closely one looks, is no change.
    same = resolve("recorded-england", sets=["list.age_limit=75"], scale=1000, seed=2)
    assert same.title == plain
    mine = str(written(tmp_path, 'title = "Mine"\n[list]\nage_limit = 60'))
    assert resolve(mine).title == "Mine"
    assert resolve(mine, sets=sets).title == "Mine (2 settings changed)"
    assert resolve(mine, sets=[*sets, "title=Said"]).title == "Said"


def test_faults_come_in_the_order_in_which_they_were_written(tmp_path):
    written(tmp_path, "[list]\nage_limit = 500\n", "below.toml")
    text = (
        'base = "below.toml"\n[public]\nmigration = "som"\n[run]\nseed = -1\nyears = "a"\nsed = 1\n'
    )
    path = written(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        resolve(str(path), sets=["list.rule=x"])

    places = [fault.where.partition("  ")[0] for fault in caught.value.faults]
    lines = [f"{path}:{line}" for line in (3, 5, 6, 7)]
    assert places == ["--set list.rule=x", *lines, f"{tmp_path}/below.toml:2"]


def test_thousands_of_faults_are_found_soon(tmp_path):
    # Each was once looked for among all the others: this took minutes.
    tables = "".join(f"[table_{n}.inner]\nkey = 1\n" for n in range(10_000))
    began = time.perf_counter()

    assert len(codes(str(written(tmp_path, tables)))) == 10_000
    assert time.perf_counter() - began < 30


def test_a_folder_a_missing_file_and_an_unknown_name_are_told_apart(tmp_path):
    written(tmp_path, "", "mine.toml")

    assert codes(f"{tmp_path}/") == ["HS104"]
    with pytest.raises(ScenarioError, match=r"did you mean 'mine\.toml'") as caught:
        resolve(str(tmp_path / "mime.toml"))
    assert caught.value.codes == ("HS104",)
    with pytest.raises(ScenarioError, match="did you mean 'few-carers'") as caught:
        resolve("few-carer")
    assert caught.value.codes == ("HS105",)
    assert codes("") == ["HS105"]


def test_defaults_that_rest_on_memory_or_assumption_are_counted():
    loose, n_defaults = resolve(DEFAULT).memory_or_assumption()
    grades = [row["grade"] for row in resolve(DEFAULT).parameters()]

    assert n_defaults == len(grades)
    assert loose == grades.count("M") + grades.count("X")
    # What a person set herself is no default of ours.
    assert resolve(DEFAULT, sets=["list.fit.heart=0.3"]).memory_or_assumption() == (
        loose - 1,
        n_defaults - 1,
    )
    assert resolve("recorded-england").memory_or_assumption()[1] < n_defaults


def test_parameters_are_plain_values_with_their_meaning():
    rows = resolve("few-carers").parameters()
    row = next(row for row in rows if row["key"] == "regimes.programme.carers.caseload")

    assert json.loads(json.dumps(rows)) == [
        {**row, "choices": list(row["choices"])} for row in rows
    ]
    assert (row["value"], row["default"], row["changed"]) == (2, 3, True)
    assert (row["unit"], row["low"], row["high"], row["grade"]) == ("donors", 1, 100, "X")
