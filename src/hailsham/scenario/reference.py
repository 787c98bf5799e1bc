"""The reference of the scenario language, written from the declarations.

``docs/reference/scenario-file.md`` is what ``describe`` returns; a test holds
them equal. To write it anew: ``python -m hailsham.scenario.reference FILE``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from hailsham.scenario.document import Key, all_keys, domains, spell
from hailsham.scenario.layers import shipped
from hailsham.world.england import World
from hailsham.world.parameters import GRADES

_OPENING = """\
# The scenario file

*Written from the declarations in the code; a test keeps the two equal.*

A scenario is a text in TOML. What it does not say is taken from its `base`, if it names one, and
otherwise stands at the default below. On the command line, `--set KEY=VALUE` lays one more setting
over it, by the dotted name of the key: `--set list.fit.heart=0.3`, and the title of the run then
says how many settings were changed. `hailsham check FILE.toml` names every fault at once.

```toml
# my-england.toml
title = "Half the carers"
base = "never-let-me-go"

[run]
scale = 1000

[regimes.programme.carers]
donors_per_carer = 5.0
```

Times are years AD, ages and durations years, rates per person-year, proportions 0 to 1. The ends of
a range are accepted.
"""

_RUN = """\
## [run]

How large a run is, which years it reports, and which luck it has; `hailsham run` has options of the
same names. The window is half-open: `1947:2000` reports 1947 to 1999, and no wider one can be run.
Where the Programme stands alone there is neither `scale` nor `years`: `[alone]` says how many lives
there are, and all are followed to the end.
"""

_REGIMES = """\
## [regimes]

The ways of supplying organs. One whose table is there is at work, even if the table is empty;
without any, nobody supplies an organ. Only a file can put one to work: a `--set` inside a regime
that the scenario does not have is refused.
"""


_ALONE = """\
*A scenario with this table, even an empty one, is a world of its own: it has no `[public]`,
`[list]`, `[grafts]` or `[regimes]`, and to set anything in them is refused. `--lives` is its
`lives`.*
"""

_DEVELOPMENT = """\
*At work where the Programme stands alone, said or not; elsewhere to set it is refused. The
equations in which these numbers stand are in [the inner life](inner-life.md). At the prompt
`development.eta` is short for `development.clock.compressibility`.*
"""


_NOTES = {"alone": (_ALONE,), "development": (_DEVELOPMENT,)}


def describe() -> str:
    """Return the reference of a scenario file, as Markdown."""
    parts = [_OPENING, _shipped(), _top(), _RUN, _plain_table(_inside("run"))]
    for table, domain in domains(World):
        if table == "regimes":
            parts.append(_REGIMES)
        elif table:
            about = (domain.__doc__ or "").partition("\n")[0]
            parts += [f"## [{table}]\n\n{about}\n", *_NOTES.get(table, ())]
            parts += [_graded_table(rows)] if (rows := _inside(table)) else []
    grades = "\n".join(f"- **{letter}** {words}" for letter, words in GRADES.items())
    parts.append(f"## Grades\n\nHow well a number is known.\n\n{grades}\n")
    return "\n".join(parts)


def _shipped() -> str:
    lines = "\n".join(f"- `{name}`: {title}" for name, title in shipped().items())
    return f"## Scenarios that ship\n\n{lines}\n"


def _top() -> str:
    return (
        "## At the top\n\n"
        f"- `title`: {all_keys()['title'].meaning.text}; left out, the name of the file\n"
        "- `base`: the scenario that this one is laid over: the name of one that ships, or the "
        "path of a file, from this file's folder\n"
        f"- `reading`: {all_keys()['reading'].meaning.text}; left out, "
        f"`{all_keys()['reading'].default}`\n"
    )


def _inside(table: str) -> list[Key]:
    return [key for name, key in all_keys().items() if name.rpartition(".")[0] == table]


def _plain_table(keys: Iterable[Key]) -> str:
    heads = ("key", "default", "meaning", "accepted")
    return _markdown(heads, [[_name(key), _default(key), key.meaning.text, _accepted(key)]
                             for key in keys])  # fmt: skip


def _graded_table(keys: Iterable[Key]) -> str:
    rows = [
        [_name(key), _default(key), key.meaning.text, key.meaning.unit, _accepted(key),
         key.meaning.grade, key.meaning.source]
        for key in keys
    ]  # fmt: skip
    return _markdown(("key", "default", "meaning", "unit", "accepted", "grade", "source"), rows)


def _markdown(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    table = [list(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    table.insert(1, ["---"] * len(table[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in table) + "\n"


def _name(key: Key) -> str:
    return f"`{key.name.rpartition('.')[2]}`"


def _default(key: Key) -> str:
    return "" if key.default is None else f"`{_spelled(key.default)}`"


def _accepted(key: Key) -> str:
    """Return what a key accepts: words, a range, or both."""
    found = [f"`{choice}`" for choice in key.meaning.choices]
    if key.n_items:
        found = [f"{key.n_items} numbers, {spell(key.meaning.low)} to {spell(key.meaning.high)}"]
    elif key.is_number:
        low, high = spell(key.meaning.low), spell(key.meaning.high)
        whole = "whole, " if int in (key.kind, *get_args(key.kind)) else ""
        found.append(f"{whole}{low} to {high}")
    elif key.kind is bool:
        found = ["`true`", "`false`"]
    return ", ".join(found)


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_spelled, value))}]"
    return spell(value) if isinstance(value, (int, float)) else str(value)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
