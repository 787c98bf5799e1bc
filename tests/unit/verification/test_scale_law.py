"""Figures and costs keep their law at every size, and what does not is noticed."""

from types import SimpleNamespace

import pytest

from hailsham.verification import scale_law
from hailsham.verification.comparison import AGREES, DIFFERS, answers_of
from hailsham.verification.scale_law import verify_scale_law


@pytest.fixture
def small(monkeypatch):
    """Smaller samples, and a clock that shows what a size is said to cost."""
    monkeypatch.setattr(scale_law, "SIZES", (12_000, 20_000, 200_000))

    def with_cost(cost):
        pairs = [(0, cost(size)) for size in scale_law.SIZES for _ in range(3)]
        ticks = iter([part for pair in pairs for part in pair])
        monkeypatch.setattr(
            scale_law, "time", SimpleNamespace(process_time=lambda: float(next(ticks)))
        )

    return with_cost


def verdicts(rows):
    return {row.quantity: row.verdict for row in rows}


def test_every_answer_is_met_at_every_size_and_the_cost_is_linear(small):
    small(lambda size: size)
    told = []
    rows = verify_scale_law(observe=lambda *said: told.append(said))

    assert len(rows) == 3 * len(answers_of("P10")) + 1
    assert set(verdicts(rows).values()) == {AGREES}
    assert [share for _, share in told] == [0.0, 1 / 3, 2 / 3]


def test_a_cost_that_grows_as_the_square_is_caught(small):
    small(lambda size: size**2)

    wrong = [name for name, verdict in verdicts(verify_scale_law()).items() if verdict == DIFFERS]
    assert wrong == ["cost of 10 times the lives"]


def test_lives_that_depend_on_how_many_there_are_are_caught(small, monkeypatch):
    small(lambda size: size)
    real = scale_law.illness_and_recovery

    def crowded(inputs, *, key, n):
        return real(inputs | {"IH": inputs["IH"] * (1.0 - 5e-7 * n)}, key=key, n=n)

    monkeypatch.setattr(scale_law, "illness_and_recovery", crowded)
    wrong = [name for name, verdict in verdicts(verify_scale_law()).items() if verdict == DIFFERS]

    assert wrong
    assert all(name.endswith("200,000 lives") for name in wrong)
