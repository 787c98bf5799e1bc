"""A life table in a file is a hazard with the same survival."""

import math

import pytest

from hailsham.engine import from_life_table, piecewise_constant
from hailsham.engine.families.plain import linear_staircase_cumulative

RISKS = {0: 0.004, 1: 0.002, 5: 0.01, 65: 0.4, 90: 0.8, 110: 1.0}


def written(folder, heading, rows):
    path = folder / "table.csv"
    path.write_text("\n".join([heading, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return path


def survival(hazard, age):
    return math.exp(-linear_staircase_cumulative(0.0, age, hazard.table()))


def is_survived(hazard):
    """Tell whether everybody comes to the beginning of each band as the risks say."""
    alive = 1.0
    for age, risk in RISKS.items():
        if abs(survival(hazard, float(age)) - alive) > 1e-12:
            return False
        alive *= 1.0 - risk
    return True


def test_risks_and_the_rates_made_of_them_are_survived_alike(tmp_path):
    assert is_survived(from_life_table(written(tmp_path, "age,qx", RISKS.items())))


def test_another_risk_is_not_survived_alike(tmp_path):
    rows = (RISKS | {5: 0.0101}).items()
    assert not is_survived(from_life_table(written(tmp_path, "age,qx", rows)))


def test_the_rate_before_a_last_band_of_certain_death_goes_on(tmp_path):
    hazard = from_life_table(written(tmp_path, "age,qx", RISKS.items()))

    assert hazard.table().starts[-1] == hazard.table().starts[-2] == -math.log1p(-0.8) / 20


def test_rates_are_taken_as_they_are_and_bands_begin_where_they_say(tmp_path):
    rows = [("0", 0.5, 0.1), ("1-4", 0.5, 0.2), ("110+", 1, 0.3)]
    hazard = from_life_table(written(tmp_path, "Age, qx, mx", rows), age="Age")

    assert hazard == piecewise_constant([0, 1, 110], rates=[0.1, 0.2, 0.3])
    assert hazard != piecewise_constant([0, 4, 110], rates=[0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    ("heading", "rows", "words"),
    [
        ("year,mx", [(0, 0.1)], "needs the columns 'age' and 'mx' or 'qx'"),
        ("age,mx", [(0, 0.1), (1, "")], "line 3: mx is '', no number"),
        ("age,mx", [(0, 0.1), (1, "-0.1")], r"the rate from 1.0 on is -0.1"),
        ("age,mx", [(1, 0.1), (0, 0.1)], "breaks must rise"),
        ("age,qx", [(0, 0.1), (1, 1.0), (2, 1.0)], "dying from 1 on is 1.0"),
        ("age,qx", [(0, 0.1), (1, 1.2)], "dying from 1 on is 1.2"),
        ("age,qx", [(0, 1.0)], "but for the last of several bands"),
    ],
)
def test_what_is_no_life_table_is_refused(tmp_path, heading, rows, words):
    with pytest.raises(ValueError, match=words):
        from_life_table(written(tmp_path, heading, rows))
