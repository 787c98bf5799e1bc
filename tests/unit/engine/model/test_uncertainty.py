"""Sets of parameters: drawn by their names, lived with one luck, told with intervals."""

from statistics import NormalDist

import numpy as np
import pytest

from hailsham.engine import Columns
from hailsham.engine.kernels import loading
from hailsham.engine.model.uncertainty import Varied, draw_parameters, vary
from hailsham.errors import ModelError
from tests.unit.engine.model.illness import illness_death

SCALE = "of the illness.scale"
RUN = {"seed": 3, "until": 110.0, "log": False, "columns": Columns()}


def mean_age(lives):
    return lives.people["ended"].mean()


def spread_of_gain(*, same_luck):
    """The variance over replicates of what a longer illness adds to the mean age at death."""
    runs = vary(
        illness_death(),
        400,
        parameters={SCALE: [8.0, 8.8]},
        read=mean_age,
        replicates=30,
        same_luck=same_luck,
        **RUN,
    )
    return runs.against(0).results["result"][1].var(ddof=1)


def test_the_same_luck_takes_the_noise_out_of_a_difference():
    """30 replicates: two equal variances are 5 apart with a probability below 1e-4."""
    alone = spread_of_gain(same_luck=False)

    assert alone / spread_of_gain(same_luck=True) > 5.0
    # The twin: luck that is not shared takes nothing out.
    assert alone / spread_of_gain(same_luck=False) < 5.0


def test_the_mean_over_replicates_is_covered_by_its_interval():
    runs = vary(
        illness_death(), 400, parameters={SCALE: [8.0]}, read=mean_age, replicates=30, **RUN
    )
    many = mean_age(illness_death().simulate(100_000, seed=4, until=110, columns=Columns()))
    found = runs.means("result")

    assert abs(found.value[0] - many) / found.standard_error[0] <= 5.0
    # The twin: another illness is not covered.
    longer = {SCALE: 16.0}
    other = illness_death().simulate(
        100_000, seed=4, until=110, columns=Columns(), parameters=longer
    )
    assert abs(found.value[0] - mean_age(other)) / found.standard_error[0] > 5.0


def test_one_more_uncertain_parameter_leaves_the_others_as_they_were():
    one = {"a": NormalDist(0.0, 1.0).inv_cdf}
    more = {"b": NormalDist(5.0, 2.0).inv_cdf} | one

    drawn = draw_parameters(more, n_sets=2_000, seed=1)

    assert np.array_equal(draw_parameters(one, n_sets=2_000, seed=1)["a"], drawn["a"])
    assert not np.array_equal(draw_parameters(one, n_sets=2_000, seed=2)["a"], drawn["a"])
    # n = 2,000: the mean of b has an error of 2 / sqrt(2000); that of a is 100 errors off.
    error = 2.0 / np.sqrt(2_000)
    assert abs(drawn["b"].mean() - 5.0) / error <= 5.0
    assert abs(drawn["a"].mean() - 5.0) / error > 5.0
    assert abs(np.corrcoef(drawn["a"], drawn["b"])[0, 1]) <= 5.0 / np.sqrt(2_000)


def test_nothing_is_compiled_again_for_another_set(monkeypatch):
    illness_death().simulate(10, **RUN)
    written = []
    monkeypatch.setattr(loading, "_write", lambda path, text: written.append(path))

    runs = vary(
        illness_death(), 10, parameters={SCALE: np.linspace(2, 9, 50)}, read=mean_age, **RUN
    )

    assert written == []
    assert np.unique(runs.results["result"]).size == 50


def test_the_table_has_one_row_a_run():
    runs = Varied(
        {"a": np.array([1.0, 2.0])},
        {"x": np.array([[1.0, 2.0, 3.0], [4.0, 6.0, 8.0]])},
    )

    assert runs.table()["set"].tolist() == [0, 0, 0, 1, 1, 1]
    assert runs.table()["replicate"].tolist() == [0, 1, 2, 0, 1, 2]
    assert runs.table()["a"].tolist() == [1, 1, 1, 2, 2, 2]
    assert runs.table()["x"].tolist() == [1, 2, 3, 4, 6, 8]
    assert runs.against(0).results["x"].tolist() == [[0, 0, 0], [3, 4, 5]]
    assert runs.means("x").value.tolist() == [2, 6]
    assert runs.means("x").standard_error == pytest.approx([1 / np.sqrt(3), 2 / np.sqrt(3)])
    assert runs.interval("x", level=0.5).low == pytest.approx(3.0)
    assert runs.interval("x").value == pytest.approx(4.0)


def test_one_replicate_says_nothing_of_chance():
    runs = Varied({"a": np.array([1.0])}, {"x": np.array([[4.0]])})

    assert np.isnan(runs.means("x").standard_error).all()
    assert np.isnan(runs.interval("x").standard_error)


def test_several_numbers_are_read_by_name():
    def both(lives):
        return {"deaths": lives.counts()["death"]["dead"], "age": mean_age(lives)}

    runs = vary(illness_death(), 50, parameters={SCALE: [1.0, 2.0]}, read=both, **RUN)

    assert list(runs.results) == ["deaths", "age"]
    assert list(runs.table()) == ["set", "replicate", SCALE, "deaths", "age"]


def test_a_set_under_which_the_model_is_unsound_is_named():
    sets = {SCALE: [8.0, -1.0, 9.0]}
    with pytest.raises(ModelError, match="set 1") as caught:
        vary(illness_death(), 5, parameters=sets, read=mean_age, **RUN)

    assert caught.value.codes == ("HS401",)
    assert "scale is -1.0; it must be above 0" in caught.value.faults[0].what


def test_columns_of_different_lengths_and_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"one value a set each; they have \[1, 2\]"):
        vary(illness_death(), 5, parameters={"a": [1.0], "b": [1.0, 2.0]}, read=mean_age, **RUN)
    with pytest.raises(ModelError, match="HS417"):
        vary(illness_death(), 5, parameters={"a": [1.0]}, read=mean_age, **RUN)
