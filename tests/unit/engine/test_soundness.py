"""Every bad model gets exactly its code, before the run, and a sound one gets none."""

import linecache
import math
import re
from pathlib import Path

import pytest

from hailsham.engine import Columns, Model
from hailsham.engine.declared.families import At, Exponential, Gompertz, Thinned
from hailsham.engine.declared.soundness import check, find_faults, stops
from hailsham.engine.declared.structure import resolve
from hailsham.engine.model import simulation
from hailsham.errors import CODES, WIDTH, ModelError
from tests.unit.engine.unsound_models import UNSOUND, sound, two_states

PAGES = Path(__file__).parents[3] / "docs" / "errors"
CODES_OF_MODELS = [code for code in CODES if code.startswith("HS4")]
RATE = Exponential(rate=0.1)


@pytest.mark.parametrize("row", UNSOUND, ids=lambda row: f"{row.code} {row.words}")
def test_a_bad_model_gets_exactly_its_code(row):
    with pytest.raises(ModelError) as caught:
        check(row.model, **row.asked)

    assert set(caught.value.codes) == {row.code}
    assert row.words in caught.value.faults[0].what
    assert caught.value.faults[0].where.startswith("model 'test'")


def test_the_model_that_the_table_spoils_is_sound():
    # The twin of the table: without what a row declares, nothing is found.
    assert find_faults(two_states(sound)) == []


def test_every_code_that_is_known_before_the_run_is_in_the_table():
    assert {row.code for row in UNSOUND} == set(CODES_OF_MODELS) - {"HS417", "HS418"}


def test_all_faults_are_told_at_once():
    model = Model("both")
    well, dead = model.states("well", "dead")
    model.transition(well, dead, Exponential(rate=-1.0), effect={"sex": 0.2})
    model.transition(well, {well: 0.3, dead: 0.3}, RATE)

    assert {fault.code for fault in find_faults(model)} == {"HS401", "HS403", "HS406"}


def test_a_model_with_everything_is_sound():
    model = Model("everything", clock="calendar")
    well, ill, dead = model.states("well", "ill", "dead")
    model.attribute("sex")
    model.attribute("grade", start=None)
    beds = model.pool("beds", places=3, priority=urgency)
    model.transition(well, {ill: 0.9, dead: None}, RATE, then={"grade": drawn}, name="onset")
    model.transition(ill, dead, RATE, clock="since_entry", effect={"grade": 0.3})
    model.transition(ill, well, beds, name="treated")
    model.transition(well, ill, RATE, clock=model.since(ill), effect=by_age, then={"grade": 1.0})
    model.transition(well, ill, At(reading=65.0), clock="age", then={"grade": 2.0})
    model.transition(ill, dead, At(reading=9.0), clock="since_entry", name="in the end")
    model.transition([well, ill], dead, Thinned(function=bathtub, bound=0.2), clock="age")

    assert find_faults(model) == []


def urgency(sex, waited):
    return sex + waited


def drawn(luck):
    return 1.0 + luck


def by_age(age):
    return 0.01 * age


def bathtub(age):
    return 0.1 / (1.0 + age) + 0.001 * age


def test_lives_that_begin_elsewhere_reach_what_others_do_not():
    model = two_states(lambda model, well, dead: model.transition(model.state("ill"), dead, RATE))

    assert [fault.code for fault in find_faults(model)] == ["HS402"]
    assert find_faults(model, start=model.declared_states) == []


def test_an_attribute_that_is_given_is_set():
    def read_it(model, well, dead):
        model.attribute("grade", start=None)
        model.transition(well, dead, RATE, effect={"grade": 0.1}, name="odd")

    model = two_states(read_it)

    assert [fault.code for fault in find_faults(model)] == ["HS405"]
    assert find_faults(model, given=["grade"]) == []


def test_a_loop_that_a_branch_or_another_appointment_leaves_is_none():
    model = Model("left")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, At(reading=65.0))
    back = {well: 0.9, dead: 0.1}
    model.transition(ill, back, At(reading=0.0), clock="since_entry")

    assert find_faults(model) == []

    certain = model.with_parameters(
        {"ill to well or dead.share.well": 1.0, "ill to well or dead.share.dead": 0.0}
    )

    assert [fault.code for fault in find_faults(certain)] == ["HS404"]


def test_an_appointment_is_not_kept_twice_and_so_makes_no_loop():
    model = Model("once")
    well, ill = model.states("well", "ill")
    model.transition(well, well, At(reading=1.0), clock="since_entry", name="check-up")
    model.transition(well, ill, At(reading=65.0), name="one wait")
    model.transition(ill, well, At(reading=65.0), name="one wait")

    assert find_faults(model) == []


def test_appointments_a_year_apart_go_round_and_take_time():
    model = Model("years")
    work, leave = model.states("work", "leave")
    model.transition(work, leave, At(reading=0.9), clock="since_entry")
    model.transition(leave, work, At(reading=0.1), clock="since_entry")

    assert find_faults(model) == []


def test_a_bound_is_looked_at_only_where_lives_come_to():
    model = two_states(
        lambda model, well, dead: model.transition(
            well, dead, Thinned(function=rising, bound=0.5), name="odd"
        )
    )

    assert [fault.code for fault in find_faults(model)] == ["HS414"]
    assert find_faults(model, until=45.0) == []


def rising(age):
    return 0.01 * age


def test_an_unknown_parameter_is_refused_with_the_nearest_known_one():
    model = two_states(sound)

    with pytest.raises(ModelError, match=re.escape("did you mean 'death.slope'?")) as caught:
        model.with_parameters({"death.slop": 0.1, "level": 1.0})

    assert caught.value.codes == ("HS417", "HS417")
    assert model.with_parameters({"death.slope": 0.1}).parameters()["death.slope"] == 0.1


ASKED = {
    "n_people is -3": {"n_people": -3},
    "n_people is 1000.0": {"n_people": 1e3},
    "seed is -1": {"seed": -1},
    "seed is 4294967296": {"seed": 2**32},
    "seed is 1.5": {"seed": 1.5},
    "replicate is -1": {"replicate": -1},
    "first_person is -5": {"first_person": -5},
    "threads is 0": {"threads": 0},
    "chunk is 0": {"chunk": 0},
    "until is nan; it must be a number": {"until": math.nan},
    "age is inf; it must be finite": {"age": [0.0, math.inf]},
    "age is 'old'; numbers are wanted": {"age": "old"},
    "born is nan": {"born": math.nan},
    "moments is nan": {"moments": [40.0, math.nan]},
    "they must begin at 0 and rise": {"exposure": ([0, 60, 50], (1990, 2000))},
    "exposure has the years 2000 to 1990": {"exposure": ([0, 50], (2000, 1990))},
    "columns of 'sick', which is no state": {"columns": Columns(years=["sick"])},
}


@pytest.mark.parametrize("words", ASKED)
def test_a_run_that_cannot_be_is_refused_before_anything_is_compiled(words, monkeypatch):
    monkeypatch.setattr(simulation, "kernels_of", None)
    asked = {"n_people": 2, "seed": 1, "until": 110.0} | ASKED[words]
    with pytest.raises(ModelError) as caught:
        two_states(sound).simulate(asked.pop("n_people"), **asked)

    assert caught.value.codes == ("HS418",)
    assert words in caught.value.faults[0].what


def test_a_run_that_can_be_is_compiled(monkeypatch):
    # The twin: what is asked of every row beside its fault is not refused.
    monkeypatch.setattr(simulation, "kernels_of", None)
    with pytest.raises(TypeError, match="not callable"):
        two_states(sound).simulate(2, seed=2**32 - 1, until=math.inf)


STOPS = {
    stops.WRONG_FACTOR: ("HS401", "multiplied the hazard by -2.0"),
    stops.WRONG_SHARES: ("HS403", "the shares of 2 targets came to -2.0"),
    stops.UNSET: ("HS405", "one of grade, sex"),
    stops.BEYOND_BOUND: ("HS414", "the thinned hazard was -2.0"),
    stops.NO_CANDIDATE: ("HS414", "65,536 candidates came in vain"),
    stops.ENDLESS: ("HS404", "10,000 moves at one time"),
}


def branching():
    model = Model("test")
    well, dead = model.states("well", "dead")
    model.attribute("sex")
    model.attribute("grade")
    model.transition(
        well,
        {dead: graver, well: None},
        Gompertz(level=5e-5, slope=0.09),
        effect={"sex": 0.2},
        name="death",
    )
    return resolve(model).structure


def graver(grade):
    return 0.5 + grade


@pytest.mark.parametrize("status", STOPS)
def test_what_stops_a_run_names_model_transition_person_and_value(status):
    code, words = STOPS[status]
    fault = stops.stop_fault(branching(), status=status, person=12_345, arm=0, value=-2.0)

    assert fault.code == code
    assert fault.where == "model 'test', 'death', person 12,345"
    assert words in fault.what
    assert fault.remedy


def test_what_a_pool_reads_of_those_who_wait_is_told_too():
    model = Model("test", clock="calendar")
    well, ward = model.states("well", "ward")
    model.attribute("sex")
    model.transition(well, ward, model.pool("beds", places=1, priority=urgency), name="bed")
    fault = stops.stop_fault(resolve(model).structure, status=stops.UNSET, person=0, arm=0)

    assert fault.what.endswith("one of sex")


def test_a_value_that_is_no_number_is_told_in_words():
    fault = stops.stop_fault(branching(), status=stops.WRONG_FACTOR, person=0, arm=0)

    assert "by no number" in fault.what
    assert "nan" not in str(fault)


def example(code):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]


def run_as_typed(text, name):
    """Run a text whose functions can be read again, as those of a notebook can."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec"), {"__name__": name})  # noqa: S102


@pytest.mark.parametrize("code", CODES_OF_MODELS)
def test_the_model_on_the_page_raises_its_code(code):
    with pytest.raises(ModelError) as caught:
        run_as_typed(example(code), f"{code}.md")

    assert set(caught.value.codes) == {code}
    assert max(map(len, example(code).splitlines())) <= WIDTH
