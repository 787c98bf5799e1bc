"""Read what a person wrote: a scenario, the scenarios it is based on, and settings.

Each is a layer: nested values, and for each dotted key the place where it was
written. A later layer covers an earlier one key by key. Faults are collected,
never raised, so that a person hears all of them at once.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from typing import Any

from hailsham.errors import Fault
from hailsham.scenario.locating import locate

#: What `hailsham run` runs when it is told nothing.
DEFAULT = "never-let-me-go"

#: What may be said shortly at the prompt.
SHORT = {"development.eta": "development.clock.compressibility"}

_CATALOGUE = Path(__file__).parent / "catalogue"
_KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
#: The place of a question that was asked at the prompt, and not in a file.
_ASKED = "the scenario"
#: As many files are named where one was not found.
_NAMES = 12
_LINE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
#: The deepest table of a scenario is three deep, and Python's own parser ends at about a thousand.
_DEEPEST = 20
#: Of a longer key the beginning is told.
_LONGEST_KEY = 40
_TOO_DEEP = "Tables or lists are nested too deeply in it; no scenario needs that."
#: What the parser says of a statement, in words that need no knowledge of parsers.
_IN_PLAIN_WORDS = {
    "Cannot overwrite a value": "{key} is said twice in one table; say it once",
    "Cannot declare": "the table {key} is begun twice; put both parts together",
    "Cannot mutate immutable namespace": "{key} adds to a table that was closed with its brace",
    "Invalid value": "{key} has no value that can be read",
    "Expected '=' after a key": "{key} is followed by no equals sign",
    "Expected newline": "something more stands after {key} and its value",
    "Expected ']' at the end": "the name of a table ends with ']', and this is {key}",
    "Unclosed array": "a list is not closed: ']' is missing",
    "Illegal character": "the line of {key} is not closed; perhaps a quotation mark is missing",
    "Unterminated string": "words are not closed: a quotation mark is missing",
}


@dataclass(frozen=True)
class Layer:
    """Values as they were written, where each stands, and what is already wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def over(self, base: Layer) -> Layer:
        """Return the base, covered by this layer key by key."""
        values = _merge(base.values, self.values)
        return Layer(values, base.places | self.places, base.faults + self.faults)

    def place(self, key: str) -> str:
        """Return where a key was written; failing that, where what is in or around it was.

        Args:
            key: A dotted key. A place in a file is followed by the key; a
                setting names it already.
        """
        around = [key.rsplit(".", n)[0] for n in range(1, key.count(".") + 1)]
        for name in (key, self._firsts.get(key, ""), *around):
            if name in self.places:
                place = self.places[name]
                return place if place.startswith("--") else f"{place}  {key}"
        return key

    @cached_property
    def _firsts(self) -> dict[str, str]:
        """For each table the first key in it that was written."""
        firsts: dict[str, str] = {}
        for name in self.places:
            table = name.rpartition(".")[0]
            while table and table not in firsts:
                firsts[table] = name
                table = table.rpartition(".")[0]
        return firsts


def shipped() -> dict[str, str]:
    """Return the name and title of each scenario that ships, the default one first."""
    titles = {
        path.stem: str(tomllib.loads(path.read_text(encoding="utf-8"))["title"])
        for path in sorted(_CATALOGUE.glob("*.toml"))
    }
    return {DEFAULT: titles[DEFAULT]} | titles


def read_scenario(question: str) -> Layer:
    """Read a scenario and, below it, those that it is based on.

    Args:
        question: The name of a shipped scenario, or the path of a TOML file.
    """
    return _read(question, folder=Path(), place=_ASKED, above=())


def is_path(question: str) -> bool:
    """Tell a file from the name of a shipped scenario: it ends in .toml or holds a slash."""
    return question.endswith(".toml") or "/" in question or "\\" in question


def read_settings(sets: Iterable[str], *, options: Mapping[str, tuple[str, Any]]) -> Layer:
    """Read settings, each of which must speak of another key.

    Args:
        sets: Each a dotted key, an equals sign and a value as TOML has it; a
            value that is not TOML is taken as a word.
        options: For each option of the command line, as it was typed, the
            dotted key that it stands for and the value.
    """
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    faults = []
    settings = dict(options)
    for text in sets:
        key, equals, value = (part.strip() for part in text.partition("="))
        key, place = SHORT.get(key, key), f"--set {text}"
        if not equals or not _KEY.fullmatch(key):
            faults.append(_not_a_setting(place))
        elif key == "base":
            faults.append(Fault("HS107", place, "A base is said in a scenario file only."))
        elif place in settings:
            faults.append(Fault("HS110", place, f"{key!r} is said twice.", remedy="Say it once."))
        else:
            settings[place] = (key, _value(value))
    for place, (key, value) in settings.items():
        if key in places:
            what = f"This speaks of {key!r}, and so does {places[key]}."
            faults.append(Fault("HS110", place, what, remedy="Say one of them."))
        else:
            places[key] = place
            values = _merge(values, _nest(key, value))
    return Layer(values, places, tuple(faults))


def _read(question: str, *, folder: Path, place: str, above: tuple[Path, ...]) -> Layer:
    path = folder / question if is_path(question) else _CATALOGUE / f"{question}.toml"
    if not is_path(question) and question not in shipped():
        what = f"No scenario of the name {question!r} ships."
        remedy = "For a file of your own, say its name with .toml at the end."
        if not question:
            what, remedy = "No scenario is named: the word is empty.", "Name one, or leave it out."
        fault = Fault("HS105", place, what, tuple(shipped()), question, remedy)
        return Layer(faults=(fault,))

    # Read first: what can be read is no loop of links, and can be resolved.
    layer = _read_file(path, place=place)
    if layer.faults:
        return layer
    if path.resolve() in above:
        chain = " -> ".join(each.name for each in (*above, path))
        what = f"The bases go round in a circle: {chain}."
        return Layer(faults=(Fault("HS106", place, what, remedy="Take one base out."),))
    if "base" not in layer.values:
        return layer
    base, where = layer.values.pop("base"), layer.place("base")
    if not isinstance(base, str):
        fault = Fault("HS102", where, "A base is a name or a path, in quotes.")
        return Layer(layer.values, layer.places, (fault,))
    below = _read(base, folder=path.parent, place=where, above=(*above, path.resolve()))
    # A title says what one file asks; whoever builds on that file asks something else.
    below.values.pop("title", None)
    return layer.over(below)


def _read_file(path: Path, *, place: str) -> Layer:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            # A pipe might never end, and a device may do anything.
            what = "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
            return _no_file(str(path), f"This is {what}, and not a file.")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        where = str(path) if place == _ASKED else place
        beside = tuple(sorted(each.name for each in path.parent.glob("*.toml")))[:_NAMES]
        what = f"There is no file {str(path)!r}."
        return Layer(faults=(Fault("HS104", where, what, beside, path.name),))
    except UnicodeDecodeError:
        return _no_file(str(path), "This is not a text in UTF-8.")
    except OSError as error:
        return _no_file(str(path), f"The file cannot be read: {error.strerror}.")
    except ValueError:
        return _no_file(place, "No path can hold the sign of number zero.")
    return _parse(text, path)


def _parse(text: str, path: Path) -> Layer:
    try:
        values = tomllib.loads(text)
        lines = {} if _is_deep(values) else locate(text)
    except tomllib.TOMLDecodeError as error:
        written = text.split("\n")
        found = _LINE.search(str(error))
        line = int(found[1]) if found and found[1] else len(text.rstrip().split("\n"))
        key = written[line - 1].partition("=")[0]
        what = f"This is not TOML: {_plainly(str(error), key)}."
        remedy = "Words want quotes, and a comment begins with #."
        return _no_file(f"{path}:{line}", what, remedy=remedy)
    except RecursionError:
        return _no_file(str(path), _TOO_DEEP)
    except ValueError:
        # Beside its own errors the parser lets through that of Python's whole numbers.
        return _no_file(str(path), "This is not TOML: a number in it has thousands of digits.")
    if not lines and values:
        return _no_file(str(path), _TOO_DEEP)
    shown = path.name if path.parent == _CATALOGUE else path
    return Layer(values, {key: f"{shown}:{line}" for key, line in lines.items()})


def _no_file(where: str, what: str, *, remedy: str = "") -> Layer:
    return Layer(faults=(Fault("HS104", where, what, remedy=remedy),))


def _plainly(error: str, key: str) -> str:
    """Return in our words what the parser says of the statement of a key."""
    for begun, words in _IN_PLAIN_WORDS.items():
        if error.startswith(begun):
            return words.format(key=repr(shorten(key, _LONGEST_KEY)))
    reason = _LINE.sub("", error).strip()
    return reason[:1].lower() + reason[1:]


def _is_deep(values: dict[str, Any]) -> bool:
    level: list[Any] = [values]
    for _ in range(_DEEPEST):
        insides = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for inside in insides for each in inside if isinstance(each, (dict, list))]
    return bool(level)


def _not_a_setting(place: str) -> Fault:
    what = "A setting is a dotted key, an equals sign and a value."
    return Fault("HS107", place, what, remedy="For example: --set list.age_limit=60")


def _value(text: str) -> Any:
    """Return what a person typed after the equals sign, as TOML reads it, or as a word."""
    try:
        values = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return values["value"] if len(values) == 1 else text


def nested(values: Mapping[str, Any]) -> Layer:
    """Return a layer of values that are given by dotted keys, and were written nowhere.

    Args:
        values: Each by its dotted key.
    """
    merged: dict[str, Any] = {}
    for key, value in values.items():
        merged = _merge(merged, _nest(key, value))
    return Layer(merged)


def _nest(key: str, value: Any) -> dict[str, Any]:
    for name in reversed(key.split(".")):
        value = {name: value}
    nested: dict[str, Any] = value
    return nested


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        below = merged.get(name)
        is_table = isinstance(value, dict) and isinstance(below, dict)
        merged[name] = _merge(below, value) if is_table and below is not None else value
    return merged
