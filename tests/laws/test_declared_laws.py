"""What must not change a declared life: how the work is shared out, who looks on, what is added."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hailsham.engine
from hailsham.engine import At, Columns, Exponential, Gompertz, Model
from tests.unit.engine.model.rules import drawn, likely

N = 120_000
FEW = 1_500
SEED = 1954
PACKAGE = Path(hailsham.engine.__file__).parents[1]
MOMENTS = (20.0, 40.0, 60.0)
BANDS = ([0.0, 20.0, 60.0], (0, 100))


def model_of():
    """Illness with a branch, an attribute, an effect and an appointment."""
    model = Model("illness with much in it")
    well, ill, dead = model.states("well", "ill", "dead")
    model.attribute("x", start=0.5)
    model.transition(well, ill, Gompertz(level=4e-3, slope=0.05), then={"x": drawn}, name="onset")
    model.transition([well, ill], dead, Gompertz(level=5e-4, slope=0.08), effect={"x": 0.3})
    model.transition(ill, {well: likely, ill: None}, Exponential(rate=0.3), clock="since_entry")
    model.transition(well, well, At(reading=18.0), then={"x": 0.25})
    return model


def lived(n_people=N, model=None, **how):
    return (model or model_of()).simulate(n_people, seed=SEED, until=90.0, **how)


def seen(lives):
    """Everything that a run with every observer tells, as bytes."""
    return [
        *(column.tobytes() for column in lives.events),
        *(column.tobytes() for column in lives.people.values()),
        lives.occupancy(MOMENTS).tobytes(),
        lives.person_ticks.tobytes(),
        lives.exposure.tobytes(),
    ]


ALL = {
    "moments": MOMENTS,
    "exposure": BANDS,
    "columns": Columns(years=["ill"], visits=["ill"], state_at=True),
}


@pytest.mark.parametrize(
    ("n_people", "how"),
    [(N, {"chunk": 1_000}), (N, {"chunk": 100_000, "threads": 2}), (FEW, {"chunk": 1})],
)
def test_no_chunk_and_no_thread_changes_a_bit(n_people, how):
    assert seen(lived(n_people, **ALL, **how)) == seen(lived(n_people, **ALL))


def test_the_law_of_chunks_sees_a_single_bit():
    lives, other = lived(FEW, **ALL), lived(FEW, **ALL)
    other.events.time[-1] = np.nextafter(other.events.time[-1], 0.0)

    assert seen(lives) != seen(other)


def joined(parts):
    """Events of populations that were lived apart."""
    return [np.concatenate([getattr(part.events, name) for part in parts]) for name in COLUMNS]


COLUMNS = ("person", "time", "from_state", "to_state", "transition")


def test_three_parts_joined_are_the_population():
    cuts = [0, 10_000, 70_001, N]
    sizes = np.diff(cuts).tolist()
    parts = [
        lived(size, first_person=cut, threads=2) for size, cut in zip(sizes, cuts[:-1], strict=True)
    ]
    whole = lived()

    for part, column in zip(joined(parts), whole.events, strict=True):
        assert part.tobytes() == column.tobytes()
    assert sum(part.person_ticks for part in parts).tolist() == whole.person_ticks.tolist()


def test_parts_that_share_a_person_are_not_the_population():
    parts = [lived(FEW), lived(FEW, first_person=FEW - 1)]

    assert joined(parts)[1].tobytes() != lived(2 * FEW).events.time.tobytes()


@pytest.mark.parametrize("left_out", ["moments", "exposure", "columns"])
def test_no_observer_changes_a_life(left_out):
    some = lived(FEW, **{name: value for name, value in ALL.items() if name != left_out})

    assert [c.tobytes() for c in some.events] == [c.tobytes() for c in lived(FEW).events]


def test_without_a_log_everything_else_is_the_same():
    silent, whole = lived(FEW, log=False, **ALL), lived(FEW, **ALL)

    assert seen(whole)[len(COLUMNS) :] == [
        *(column.tobytes() for column in silent.people.values()),
        silent.occupancy(MOMENTS).tobytes(),
        silent.person_ticks.tobytes(),
        silent.exposure.tobytes(),
    ]


def simple(*, early=(), late=()):
    """Illness and recovery, and what is added before or after; a state to go to is there anyway."""
    model = Model("simple")
    well, ill, gone = model.states("well", "ill", "gone")
    for add in early:
        add(model, well, ill, gone)
    model.transition(well, ill, Exponential(rate=0.1), name="onset")
    model.transition(ill, well, Exponential(rate=0.3), name="recovery")
    for add in late:
        add(model, well, ill, gone)
    if leaving not in (*early, *late):
        model.transition(ill, gone, At(reading=1e6), name="never")
    return model


def by_person(lives):
    """The events of each, without the codes of transitions, which count those declared."""
    found = {person: [] for person in range(FEW)}
    rows = zip(*(column.tolist() for column in lives.events[:4]), strict=True)
    for person, *event in rows:
        found[person].append(event)
    return found


def until(events, state):
    """The events before one comes to a state."""
    ends = [place for place, (_, _, to) in enumerate(events) if to == state]
    return events[: ends[0]] if ends else events


def is_shifted(before, after, state):
    """Whether anybody's life was another before they came to a state, or without coming to it."""
    lives = [(events, after[person]) for person, events in by_person(before).items()]
    return any(
        events[: len(until(now, state))] != until(now, state)
        or (len(until(now, state)) == len(now) != len(events))
        for events, now in lives
    )


def leaving(model, well, ill, gone):
    model.transition([well, ill], gone, Exponential(rate=0.01), name="leaving")


def same_name(model, well, ill, gone):
    """A way to the same place by the same clock as the onset, and so with its draws."""
    model.transition(well, ill, Exponential(rate=1e-9), name="onset")


@pytest.mark.parametrize("place", ["early", "late"])
def test_a_transition_that_is_added_shifts_nobody_else(place):
    more = lived(FEW, simple(**{place: [leaving]}))

    assert np.count_nonzero(more.events.to_state == 2) > FEW / 10
    assert not is_shifted(lived(FEW, simple()), by_person(more), 2)


def test_the_law_of_additions_sees_a_draw_that_is_taken_away():
    # Two ways of one name from one state are numbered, and the first takes the old one's draws.
    assert is_shifted(lived(FEW, simple()), by_person(lived(FEW, simple(early=[same_name]))), 2)


#: In a process and a cache of its own: other tests compile meanwhile.
NUMBERS = """
from hailsham.engine import Exponential, Model
from hailsham.engine.compiling import kernel_cache

def kept():
    return {path for path in kernel_cache().rglob("*") if path.is_file()}

model = Model("one")
alive, dead, buried = model.states("alive", "dead", "buried")
model.transition(alive, dead, Exponential(rate=2.0))
model.transition(dead, buried, Exponential(rate=9.0))
first = model.simulate(100, seed=1, until=1e9).events
before = kept()
other = model.simulate(100, seed=1, until=1e9, parameters={"alive to dead.rate": 3.0}).events
print(len(before), len(kept() - before), sum(first.time.tolist()) > sum(other.time.tolist()))
model.transition(alive, buried, Exponential(rate=0.1))
model.simulate(100, seed=1, until=1e9)
print(len(kept() - before) > 0)
"""


def test_another_number_compiles_nothing_and_another_structure_does(tmp_path):
    own = {"HAILSHAM_CACHE": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)}
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", NUMBERS],
        env={key: value for key, value in os.environ.items() if "NUMBA" not in key} | own,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert int(told[0]) > 10
    assert told[1:] == ["0", "True", "True"]


PROGRAM = """
import sys
from hailsham.engine import Exponential, Model
print("ready", flush=True)
sys.stdin.readline()
model = Model("one")
alive, dead = model.states("alive", "dead")
model.transition(alive, dead, Exponential(rate=2.0))
print(sum(model.simulate(100, seed=1, until=1e9).events.time.tolist()).hex())
"""


@pytest.fixture
def started(tmp_path):
    """A new Python on a copy of the engine, with a cache of its own."""
    code = tmp_path / "code" / "hailsham"
    shutil.copytree(PACKAGE / "engine", code / "engine", ignore=shutil.ignore_patterns("__pyc*"))
    for name in ("__init__.py", "units.py", "errors.py"):
        shutil.copy(PACKAGE / name, code)
    own = {
        "PYTHONPATH": str(code.parent),
        "HAILSHAM_CACHE": str(tmp_path / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def start():
        child = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM],
            env={key: value for key, value in os.environ.items() if "NUMBA" not in key} | own,
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stdout.readline() == "ready\n"
        return child

    return start


def told(child):
    out, errors = child.communicate("\n", timeout=600)
    assert (child.returncode, errors) == (0, "")
    return float.fromhex(out)


def test_two_that_compile_at_once_do_no_harm_and_an_edited_callee_is_seen(started, tmp_path):
    children = [started(), started()]
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    first, second = map(told, children)
    assert first == second
    assert told(started()) == first

    hazards = tmp_path / "code" / "hailsham" / "engine" / "hazards.py"
    text = hazards.read_text()
    assert text.count("return budget / rate if rate > 0.0") == 1
    hazards.write_text(text.replace("return budget / rate if", "return 2.0 * budget / rate if"))
    assert told(started()) == 2.0 * first
