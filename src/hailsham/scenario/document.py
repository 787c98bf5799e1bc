"""A scenario file as pydantic models, built from the declarations of the world.

Nothing is said twice: each domain of the world declares its parameters with
unit, range and choices, and the model of a scenario, its faults and its
reference are read off those declarations.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from hailsham.errors import Fault
from hailsham.scenario.layers import Layer
from hailsham.scenario.locating import join
from hailsham.world.england import World
from hailsham.world.parameters import Meaning, meanings, parameter
from hailsham.world.sources.readings import DEFAULT as DEFAULT_READING

_Domain = TypeVar("_Domain")

_ASKERS = "whoever asks"
#: Whole numbers from here on are written in groups of three digits; years are not.
_LONG = 10_000
#: A title stands on screens and pages: no sign in it moves a cursor or begins a line.
_ONE_LINE = r"^[^\p{Cc}\p{Zl}\p{Zp}]*$"


@dataclass(frozen=True)
class RunTable:
    """How large a run is, which years it reports, and which luck it has."""

    scale: int = parameter(
        500,
        "one person in how many is simulated",
        low=1,
        high=1_000_000,
        grade="X",
        source=_ASKERS,
    )
    years: str = parameter(
        "1947:2000",
        "first year reported, and the first year after those reported",
        unit="years AD",
        grade="X",
        source=_ASKERS,
    )
    seed: int = parameter(1, "which luck", low=0, high=2**32 - 1, grade="X", source=_ASKERS)
    replicates: int = parameter(
        1,
        "how often, each time with its own luck",
        low=1,
        high=10_000,
        grade="X",
        source=_ASKERS,
    )
    log: str | None = parameter(
        None,
        "which events are written down; left out: 'full' at 1 in 100 and smaller, and of up to "
        "5_000 lives of the Programme alone, else 'turning'",
        choices=("none", "turning", "full"),
        grade="X",
        source=_ASKERS,
    )


@dataclass(frozen=True)
class Document:
    """All that a scenario file may say, but for the base that it is laid over."""

    title: str = parameter("", "what is asked, in one line", grade="X", source=_ASKERS)
    reading: str = parameter(
        DEFAULT_READING,
        "what the story is taken to be about: a reading of the sources, by its name or alias, laid "
        "under everything else that is said",
        grade="X",
        source=_ASKERS,
    )
    run: RunTable = dataclasses.field(default_factory=RunTable)
    world: World = dataclasses.field(default_factory=World)


@dataclass(frozen=True)
class Key:
    """A key of a scenario: its dotted name, type, default and meaning."""

    name: str
    kind: Any
    default: Any
    meaning: Meaning

    @property
    def is_number(self) -> bool:
        """Whether a number is accepted, alone or beside words."""
        return not self.n_items and bool({int, float} & {self.kind, *get_args(self.kind)})

    @property
    def n_items(self) -> int:
        """How many numbers the key's list has; 0 if it holds no list."""
        return len(self.default) if get_origin(self.kind) is tuple else 0

    def range(self) -> str:
        """Return the range of a number with its unit, in words."""
        low, high = self.meaning.low, self.meaning.high
        ends = f"from {spell(low)} to {spell(high)}"
        if high == float("inf"):
            ends = "of any size" if low == -high else f"from {spell(low)} on"
        return f"{ends} ({self.meaning.unit})" if self.meaning.unit else ends


def spell(number: float) -> str:
    """Return a number as a reader writes it: 1947, 0.5, 1_000_000."""
    if not float(number).is_integer():
        return repr(number)
    return f"{int(number):_}" if abs(number) >= _LONG else str(int(number))


def domains(domain: type, *, at: str = "") -> Iterator[tuple[str, type]]:
    """Yield each domain inside a domain with its dotted name, the outer before the inner."""
    yield at, domain
    for name, hint in get_type_hints(domain).items():
        inner = _inner(hint)
        if inner is not None:
            yield from domains(inner, at=join(at, name))


@cache
def keys(domain: type, *, at: str = "") -> Mapping[str, Key]:
    """Return every key of a domain and of those inside it, by its dotted name."""
    found = {}
    for table, inner in domains(domain, at=at):
        hints = get_type_hints(inner)
        for name, (default, meaning) in meanings(inner).items():
            dotted = join(table, name)
            found[dotted] = Key(dotted, hints[name], default, meaning)
    return found


@cache
def all_keys() -> Mapping[str, Key]:
    """Return every key of a scenario file, by its dotted name."""
    top = {name: keys(Document)[name] for name in ("title", "reading")}
    return {**top, **keys(RunTable, at="run"), **keys(World)}


def validate(layer: Layer) -> tuple[Document, list[Fault]]:
    """Check what was written, and fill in what was not.

    Where a key is faulty the document has its default, so that rules between
    keys can still be checked and told in the same breath.

    Returns:
        The document, and every fault: those of the layer first.
    """
    faults = list(layer.faults)
    try:
        written = _model().model_validate(layer.values)
    except ValidationError as error:
        paths = list(dict.fromkeys(_path(found["loc"]) for found in error.errors()))
        faults += [_fault(layer, path) for path in paths]
        written = _model().model_validate(_without(layer.values, paths))
    tables = dict(written)
    title, reading, run = (tables.pop(name) for name in ("title", "reading", "run"))
    return Document(title, reading, _filled(RunTable, run), _filled(World, tables)), faults


@cache
def _model() -> type[BaseModel]:
    """Return the model of a whole file: the world's tables stand beside title and run."""
    title: Any = (Annotated[str, Field(strict=True, pattern=_ONE_LINE)], "")
    reading: Any = (Annotated[str, Field(strict=True)], DEFAULT_READING)
    run: Any = (_model_of(RunTable), Field(default_factory=_model_of(RunTable)))
    top = {"title": title, "reading": reading, "run": run}
    return create_model("Scenario", __base__=_model_of(World), **top)


@cache
def _model_of(domain: type) -> type[BaseModel]:
    """Return the pydantic model of a domain and, in it, of those inside."""
    declared = meanings(domain)
    fields: dict[str, Any] = {}
    for name, hint in get_type_hints(domain).items():
        inner = _inner(hint)
        if inner is None:
            default, meaning = declared[name]
            fields[name] = (_annotation(hint, meaning, default), default)
        elif type(None) in get_args(hint):
            fields[name] = (_model_of(inner) | None, None)
        else:
            fields[name] = (_model_of(inner), Field(default_factory=_model_of(inner)))
    # Defaults are validated too: 1953 declared for a float is then 1953.0 everywhere.
    config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
    return create_model(domain.__name__, __config__=config, **fields)


def _annotation(hint: Any, meaning: Meaning, default: Any = None) -> Any:
    if get_origin(hint) in (Union, UnionType):
        parts = tuple(_annotation(part, meaning) for part in get_args(hint))
        return Union[parts]  # noqa: UP007, no bar joins parts that are only known here
    if hint is str and meaning.choices:
        return Literal[meaning.choices]
    if hint in (int, float):
        low = meaning.low if meaning.low != float("-inf") else None
        high = meaning.high if meaning.high != float("inf") else None
        finite = False if hint is float else None
        return Annotated[hint, Field(strict=True, ge=low, le=high, allow_inf_nan=finite)]
    if get_origin(hint) is tuple:
        item: Any = _annotation(get_args(hint)[0], meaning)
        n_items = len(default)
        return Annotated[tuple[item, ...], Field(min_length=n_items, max_length=n_items)]
    if hint in (str, bool):
        return Annotated[hint, Field(strict=True)]
    if hint is type(None):
        return None
    raise TypeError(f"a parameter cannot be {hint}")


def _inner(hint: Any) -> type | None:
    """Return the domain that a field holds, or None where it holds a value."""
    for part in (hint, *get_args(hint)):
        if dataclasses.is_dataclass(part) and isinstance(part, type):
            return part
    return None


def _tables(domain: type) -> list[tuple[str, type]]:
    found = [(name, _inner(hint)) for name, hint in get_type_hints(domain).items()]
    return [(name, inner) for name, inner in found if inner is not None]


def _filled(domain: type[_Domain], written: Any) -> _Domain:
    """Return a domain with the values of its model."""
    values = dict(written)
    for name, inner in _tables(domain):
        if values[name] is not None:
            values[name] = _filled(inner, values[name])
    return domain(**values)


def _path(location: tuple[int | str, ...]) -> tuple[str, ...]:
    """Return the keys in pydantic's place of an error, without its names of alternatives."""
    names: tuple[str, ...] = ()
    for part in location:
        if ".".join(names) in all_keys():
            break
        names = (*names, str(part))
    return names


def _without(values: Mapping[str, Any], paths: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """Return values less those at some paths; a path that ends early ends at a faulty value."""
    gone = set()
    inside: dict[str, list[tuple[str, ...]]] = {}
    for name, *rest in paths:
        if rest and isinstance(values.get(name), dict):
            inside.setdefault(name, []).append(tuple(rest))
        else:
            gone.add(name)
    return {
        name: _without(value, inside[name]) if name in inside else value
        for name, value in values.items()
        if name not in gone
    }


def _children(table: str) -> tuple[str, ...]:
    """Return the keys and tables that stand directly in a table."""
    names = [*all_keys(), *(at for at, _ in domains(World) if at)]
    if not table:
        names = ["title", "base", "reading", "run", *names]
    start = f"{table}." if table else ""
    inside = [name.removeprefix(start) for name in names if name.startswith(start)]
    return tuple(dict.fromkeys(name.partition(".")[0] for name in inside))


def _fault(layer: Layer, path: tuple[str, ...]) -> Fault:
    """Say in our words what is wrong with a key; pydantic only found that something is."""
    dotted = ".".join(path)
    where = layer.place(dotted)
    value: Any = layer.values
    for name in path:
        value = value[name]
    key = all_keys().get(dotted)
    if key is not None:
        return _fault_of_value(where, key, value)
    *outer, name = path
    table = ".".join(outer)
    known = _children(table)
    if name in known:
        what = f"{dotted!r} is a table of settings, and this is {_said(value)}."
        return Fault("HS102", where, what, _children(dotted), remedy=f"Write [{dotted}].")
    inside = f"The table [{table}]" if table else "A scenario"
    return Fault("HS101", where, f"{inside} has no key {name!r}.", known, name)


def _fault_of_value(where: str, key: Key, value: Any) -> Fault:
    choices, meaning = key.meaning.choices, f"It says: {key.meaning.text}."
    if key.n_items and isinstance(value, list) and len(value) == key.n_items:
        strange = [item for item in value if not _is_number(item)]
        if not strange:
            what = f"{value} is out of range; this takes {_wanted(key)}."
            return Fault("HS103", where, what, remedy=meaning)
        value = strange[0]
    if key.name == "title" and isinstance(value, str):
        what = "A title is one line of plain text, and this holds a sign that cannot be printed."
        return Fault("HS102", where, what)
    is_number = _is_number(value)
    if key.name == "run.scale" and is_number and value > key.meaning.high:
        most = spell(key.meaning.high)
        what = f"At 1 in {spell(value)} next to nobody is left; the smallest is 1 in {most}."
        return Fault("HS109", where, what)
    if key.is_number and is_number and (key.kind is not int or isinstance(value, int)):
        what = f"{value} is out of range; this takes a number {key.range()}."
        return Fault("HS103", where, what, remedy=meaning)
    if choices and isinstance(value, str):
        also = f", nor a number {key.range()}" if key.is_number else ""
        return Fault("HS111", where, f"{value!r} is not a choice{also}.", choices, value, meaning)
    what = f"This wants {_wanted(key)}, and got {_said(value)}."
    return Fault("HS102", where, what, remedy=meaning)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wanted(key: Key) -> str:
    if key.n_items:
        return f"a list of {key.n_items} numbers, each {key.range()}"
    numbers = {int: "a whole number", float: "a number"}
    for kind, words in numbers.items():
        if kind in (key.kind, *get_args(key.kind)):
            return f"{words} {key.range()}"
    return "true or false" if key.kind is bool else "words in quotes"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return f"{str(value).lower()}, a truth value"
    if isinstance(value, str):
        return f"the words {value!r}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return f"the number {value}" if _is_number(value) else f"the date {value}"
