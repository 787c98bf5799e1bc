"""Defaults, inheritance and settings made explicit: a question with nothing implied."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from hailsham.errors import Fault, ScenarioError
from hailsham.scenario.document import (
    Document,
    RunTable,
    all_keys,
    domains,
    keys,
    spell,
    validate,
)
from hailsham.scenario.layers import (
    DEFAULT,
    Layer,
    is_path,
    nested,
    read_scenario,
    read_settings,
)
from hailsham.world.development.parameters import InnerLife
from hailsham.world.england import Regimes, World
from hailsham.world.parameters import GRADES
from hailsham.world.sources.readings import DEFAULT as DEFAULT_READING
from hailsham.world.sources.readings import by_name

#: People who live in England and Wales in the window 1947 to 2000, at full size; turns the number
#: of lives that a person asks for into a scale.
LIVES_AT_FULL_SIZE = 93_000_000
#: As many are left at the smallest scale.
FEWEST_LIVES = math.ceil(LIVES_AT_FULL_SIZE / all_keys()["run.scale"].meaning.high)
#: The years that the official tables cover.
FIRST_YEAR, LAST_YEAR = 1947, 2000
#: Every event is written down at 1 in 100 and smaller; larger runs keep the turning points.
FULL_LOG_FROM_SCALE = 100

_WINDOW = re.compile(r"(\d{4}):(\d{4})")
#: A place in a file, as a layer tells it.
_FILE_AND_LINE = re.compile(r"(.+\.toml):(\d+)")
#: What must not lie after what.
_IN_ORDER = (
    ("list.opens", "list.closes"),
    ("regimes.programme.first_births", "regimes.programme.last_births"),
    ("regimes.programme.houses.hailsham_opens", "regimes.programme.houses.hailsham_closes"),
    ("regimes.programme.cottages.shortest", "regimes.programme.cottages.longest"),
    ("alone.first_births", "alone.last_births"),
)
#: What is not asked where the Programme stands alone: it has no country to be a part of, and its
#: children are followed from birth to the end, whenever that is.
_NOT_ALONE = ("run.scale", "run.years")
#: A run of the Programme alone writes down every event of so many lives; a larger one keeps the
#: turning points.
FULL_LOG_UP_TO_LIVES = 5_000


@dataclass(frozen=True)
class RunSettings:
    """How large a run is, which years it reports (half-open), and which luck it has."""

    scale: int
    years: tuple[int, int]
    seed: int
    replicates: int
    log: str


@dataclass(frozen=True)
class Resolved:
    """A question with nothing implied."""

    name: str
    title: str
    run: RunSettings
    world: World
    reading: str = DEFAULT_READING

    def canonical(self) -> str:
        """Return what is asked of the world, as JSON with one form only.

        Seed, scale, replicates and title are not part of it: they say how
        often and how closely the same question is put.
        """
        world = asdict(self.world)
        at_work = {name: world[name] for name in world.keys() - self.world.left_out}
        asked = {"world": at_work, "years": self.run.years, "log": self.run.log}
        if self.reading != DEFAULT_READING:
            asked["reading"] = self.reading
        return json.dumps(asked, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def parameters(self) -> list[dict[str, Any]]:
        """Return every parameter of the world that is at work, with value and meaning."""
        rows = []
        for name, key in keys(World).items():
            value = _at(self.world, name)
            if value is None or name.partition(".")[0] in self.world.left_out:
                continue
            meaning = asdict(key.meaning)
            for end in ("low", "high"):
                if abs(meaning[end]) == float("inf"):
                    meaning[end] = None
            row = {"key": name, "value": value, "default": key.default, **meaning}
            rows.append(row | {"changed": value != key.default})
        return rows

    def memory_or_assumption(self) -> tuple[int, int]:
        """Return how many defaults rest on memory or assumption, and how many there are."""
        grades = [row["grade"] for row in self.parameters() if not row["changed"]]
        return sum(grade in ("M", "X") for grade in grades), len(grades)

    def as_toml(self) -> str:
        """Return a scenario file that says all of this, each key with its meaning."""
        run = asdict(self.run) | {"years": "{}:{}".format(*self.run.years)}
        for name in _NOT_ALONE if self.world.alone else ():
            del run[name.removeprefix("run.")]
        lines = [
            f"# {self.name}, with nothing implied.",
            f"title = {_toml(self.title)}",
            f"reading = {_toml(self.reading)}",
            "",
            "[run]",
        ]
        for name, value in run.items():
            meaning = all_keys()[f"run.{name}"].meaning
            lines += [f"# {meaning.text}", f"{name} = {_toml(value)}"]
        rows = {row["key"]: row for row in self.parameters()}
        for table, _ in domains(World):
            if not table or not _is_at_work(rows, table):
                continue
            lines += ["", f"[{table}]"]
            for key, row in rows.items():
                if key.rpartition(".")[0] == table:
                    lines += _told(row)
        return "\n".join([*lines, ""])


def resolve(  # noqa: PLR0913, one argument an option
    question: str,
    *,
    sets: Sequence[str] = (),
    scale: int | None = None,
    lives: int | None = None,
    seed: int | None = None,
    years: str | None = None,
    replicates: int | None = None,
    log: str | None = None,
    reading: str | None = None,
) -> Resolved:
    """Read a scenario, lay settings over it, and fill in everything that is not said.

    Args:
        question: The name of a shipped scenario, or the path of a TOML file.
        sets: Settings ``KEY=VALUE``, by the dotted names of the file.
        scale: One person in this many is simulated.
        lives: About how many lives; another way to say the scale.
        seed: Which luck.
        years: Window reported, ``FIRST:STOP``, half-open.
        replicates: How often, each time with its own luck.
        log: Which events are written down.
        reading: What the story is taken to be about, by name or alias.

    Raises:
        ScenarioError: HS101 to HS111 and HS114, every fault at once.
    """
    asked = {"scale": scale, "seed": seed, "years": years, "replicates": replicates, "log": log}
    options: dict[str, tuple[str, Any]] = {
        f"--{name} {value}": (f"run.{name}", value)
        for name, value in asked.items()
        if value is not None
    }
    if reading is not None:
        options[f"--reading {reading}"] = ("reading", reading)
    base = read_scenario(question)
    nobody: list[Fault] = []
    if lives is not None:
        option, nobody = _so_many_lives(lives, is_alone="alone" in base.values)
        options[f"--lives {lives}"] = option

    settings = read_settings(sets, options=options)
    strangers = [] if base.faults else _at_no_regime(settings, base, question)
    read_as, below = _reading_below(settings.over(base))
    layer = settings.over(base.over(below))
    document, faults = validate(layer)
    window, window_faults = _window(document, layer)
    faults += [*nobody, *strangers, *window_faults, *_out_of_order(document, layer)]
    if not faults:
        faults += _left_out(document, layer)
    if faults:
        raise ScenarioError(sorted(faults, key=lambda fault: _in_reading_order(fault, question)))

    world = _with_inner_life(document.world)
    name = _name_of(question)
    title = document.title or name
    if "title" not in settings.values:
        title += f", read as {read_as}" if "reading" in settings.values else ""
        title += _changes(world, _with_inner_life(validate(base.over(below))[0].world))
    return Resolved(name, title, _run_settings(document.run, world, window), world, read_as)


def _reading_below(written: Layer) -> tuple[str, Layer]:
    """Return the name of the reading that is asked for, and its values as the lowest layer.

    What a reading says of a part that is not at work changes nothing: the run
    says so, and ``hailsham readings``. It may not put a regime to work.
    """
    name = written.values.get("reading", DEFAULT_READING)
    try:
        reading = by_name(name, where=written.place("reading"))
    except ScenarioError as error:
        return DEFAULT_READING, Layer(faults=error.faults)
    except TypeError:  # not even a word; the model says so
        return DEFAULT_READING, Layer()
    tables = {"development"} if "alone" in written.values else set()
    if "programme" in written.values.get("regimes", ()):
        tables.add("regimes")
    values = reading.values_in(tables)
    if values or name == DEFAULT_READING or "alone" in written.values:
        return reading.name, nested(values)
    what = f"The reading {reading.name!r} changes nothing in this scenario."
    remedy = "It is about the inner life: run programme-alone."
    fault = Fault("HS110", written.place("reading"), what, remedy=remedy)
    return reading.name, Layer(faults=(fault,))


def _so_many_lives(lives: int, *, is_alone: bool) -> tuple[tuple[str, int], list[Fault]]:
    """Return the setting that ``--lives`` stands for, and a fault if nobody would be left."""
    if is_alone:
        return ("alone.lives", lives), []
    enough = max(lives, FEWEST_LIVES)
    scale = max(1, round(LIVES_AT_FULL_SIZE / enough))
    what = f"A run wants at least {FEWEST_LIVES} lives."
    faults = [Fault("HS109", f"--lives {lives}", what)] if lives < FEWEST_LIVES else []
    return ("run.scale", scale), faults


def _with_inner_life(world: World) -> World:
    """Return a world whose children have an inner life, if they stand alone, whatever is said."""
    if world.alone is None or world.development is not None:
        return world
    return replace(world, development=InnerLife())


def _run_settings(run: RunTable, world: World, window: tuple[int, int]) -> RunSettings:
    """Return the settings of a run; the Programme alone is its own country, whole."""
    scale, is_full = run.scale, run.scale >= FULL_LOG_FROM_SCALE
    if world.alone is not None:
        scale, window = 1, (world.alone.first_births, world.alone.last_births + 1)
        is_full = world.alone.lives <= FULL_LOG_UP_TO_LIVES
    log = run.log or ("full" if is_full else "turning")
    return RunSettings(scale, window, run.seed, run.replicates, log)


def _name_of(question: str) -> str:
    """Return the name of a scenario, for folders and lists: of a file what can be printed of it."""
    name = Path(question).stem if is_path(question) else question
    return "".join(sign if sign.isprintable() else "_" for sign in name)


def _at_no_regime(settings: Layer, base: Layer, question: str) -> list[Fault]:
    """Return a fault for each regime that is set although the scenario has it not.

    In a file the table itself puts a regime to work, and is seen by whoever
    reads it. A setting would do so in silence, under the title of another England.
    """
    faults = []
    if "alone" in settings.values and "alone" not in base.values:
        what = f"The scenario {_name_of(question)} has no Programme that stands alone."
        remedy = "Run programme-alone, or write a file with [alone]."
        faults = [Fault("HS110", settings.place("alone"), what, remedy=remedy)]
    at_work, touched = (layer.values.get("regimes") for layer in (base, settings))
    if not isinstance(touched, dict):
        return faults
    for item in fields(Regimes):
        regime, table = item.name, f"regimes.{item.name}"
        if regime in touched and regime not in (at_work or {}):
            what = f"The scenario {_name_of(question)} has no {table}."
            remedy = f"Base {DEFAULT}, or write a file with [{table}]."
            faults.append(Fault("HS110", settings.place(table), what, remedy=remedy))
    return faults


def _left_out(document: Document, layer: Layer) -> list[Fault]:
    """Return a fault for each thing that is said of a world that is not the one asked for.

    It would change nothing, and whoever wrote it believes that it does.
    """
    is_alone = document.world.alone is not None
    tables = sorted(document.world.left_out & layer.values.keys())
    keys_of_run = (key for key in _NOT_ALONE if is_alone and key in layer.places)
    what = "An England with its public has no {!r}: the inner life is simulated alone, so far."
    remedy = "Base programme-alone, or take it out."
    if is_alone:
        what = "Where the Programme stands alone there is no {!r}."
        remedy = "Take it out; [alone] says how many lives there are. Or base " + DEFAULT + "."
    return [
        Fault("HS110", layer.place(key), what.format(key), remedy=remedy)
        for key in (*tables, *keys_of_run)
    ]


def _changes(world: World, base: World) -> str:
    """Return how many settings of a world are not as its scenario has them, for the title."""
    # How many lives are followed is how closely one looks, and not what one looks at.
    asked = keys(World).keys() - {"alone.lives"}
    n_changed = sum(_at(world, name) != _at(base, name) for name in asked)
    return f" ({n_changed} setting{'s' * (n_changed > 1)} changed)" if n_changed else ""


def _in_reading_order(fault: Fault, question: str) -> tuple[bool, bool, str, int]:
    """Return where a fault comes in the telling: the prompt, the file line by line, its bases."""
    match = _FILE_AND_LINE.match(fault.where)
    if match is None:
        return False, False, "", 0
    return True, match[1] != str(Path(question)), match[1], int(match[2])


def identity(resolved: Resolved, *, numbers: str) -> str:
    """Return the id of a run: the same for the same question, and for no other.

    Args:
        resolved: The question.
        numbers: Version of what changes numbers.

    Returns:
        The first 12 hex digits of a SHA-256.
    """
    run = resolved.run
    asked = [resolved.canonical(), run.seed, run.scale, run.replicates, numbers]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]


def _window(document: Document, layer: Layer) -> tuple[tuple[int, int], list[Fault]]:
    """Return the first year reported and the year after the last, or what is wrong with them."""
    match = _WINDOW.fullmatch(document.run.years)
    first, stop = (int(match[1]), int(match[2])) if match else (0, 0)
    if FIRST_YEAR <= first < stop <= LAST_YEAR:
        return (first, stop), []
    what = f"{document.run.years!r} is not a window of years that can be run."
    if match and first >= stop:
        what = f"{document.run.years!r} holds no year: the first must lie before the second."
    elif match:
        what = f"{document.run.years!r} reaches outside the years on record."
    remedy = f"Two years between {FIRST_YEAR} and {LAST_YEAR}, as in {FIRST_YEAR}:{LAST_YEAR}."
    return (first, stop), [Fault("HS108", layer.place("run.years"), what, remedy=remedy)]


def _out_of_order(document: Document, layer: Layer) -> list[Fault]:
    faults = []
    for early, late in _IN_ORDER:
        first, second = _at(document.world, early), _at(document.world, late)
        if first is not None and first > second:
            place = layer.place(late if late in layer.places else early)
            names = [key.rpartition(".")[2] for key in (early, late)]
            what = f"{names[0]!r} is {spell(first)}, and {names[1]!r} is {spell(second)}."
            remedy = "The first must not lie above the second; one may stand at its default."
            faults.append(Fault("HS110", place, what, remedy=remedy))
    return faults


def _at(world: World, dotted: str) -> Any:
    """Return the value of a key; None if it belongs to a regime that is not at work."""
    value: Any = world
    for name in dotted.split("."):
        value = None if value is None else getattr(value, name)
    return value


def _is_at_work(rows: dict[str, Any], table: str) -> bool:
    return any(key.startswith(f"{table}.") for key in rows)


def _told(row: dict[str, Any]) -> list[str]:
    """Return a parameter as lines of TOML: its meaning, unit, grade and source, then itself."""
    unit = f" [{row['unit']}]" if row["unit"] else ""
    return [
        f"# {row['text']}{unit}",
        f"# {row['grade']}, {GRADES[row['grade']]}; {row['source']}",
        f"{row['key'].rpartition('.')[2]} = {_toml(row['value'])}",
    ]


def _toml(value: float | str) -> str:
    """Return a value as TOML writes it: as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007f")
