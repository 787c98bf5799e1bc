"""Imports, names and arguments keep the form that the style asks for."""

import ast
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path

import hailsham
from tests.house.tree import SOURCE, functions, imported, modules, plant

EMPTY_NAMES = {"common", "data", "helper", "helpers", "info", "manager", "misc", "util", "utils"}
PUBLIC_NAMES = 20

# The floor of the house: what each of these may reach, beside the standard library.
FLOOR = {
    "errors": ("hailsham.errors",),
    "units": ("numpy", "hailsham.units", "hailsham.errors"),
    "engine": (
        "numpy",
        "numba",
        "llvmlite",
        "hailsham.engine",
        "hailsham.units",
        "hailsham.errors",
    ),
}


def stray_imports(package: Path, floor: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Imports by the lowest modules of anything that they are not given."""
    found = []
    for path, tree in modules(package).items():
        part = path.relative_to(package).parts[0].removesuffix(".py")
        if part not in floor:
            continue
        for line, name in imported(tree):
            is_given = any(f"{name}.".startswith(f"{root}.") for root in floor[part])
            if not is_given and name.partition(".")[0] not in sys.stdlib_module_names:
                found.append(f"{path}:{line} {name}")
    return found


def hidden_imports(package: Path) -> list[str]:
    """Our own imports inside functions; the cli may, so that `--help` stays quick."""
    found = set()
    for path, tree in modules(package).items():
        if path.relative_to(package).parts[0] == "cli":
            continue
        for function in functions(tree):
            for line, name in imported(function):
                if name.partition(".")[0] == "hailsham":
                    found.add(f"{path}:{line} {name}")
    return sorted(found)


def root_imports(package: Path) -> list[str]:
    """Imports through the package root, of a name that is no module of its own."""
    own = {path.stem for path in package.iterdir()}
    found = []
    for path, tree in modules(package).items():
        for line, name in imported(tree):
            root, _, rest = name.partition(".")
            if root == "hailsham" and rest.partition(".")[0] not in own:
                found.append(f"{path}:{line} {name}")
    return found


def empty_names(package: Path) -> list[str]:
    """Modules and packages whose name says nothing of what is in them."""
    return [str(path) for path in package.rglob("*") if path.stem in EMPTY_NAMES]


def positional(public: Mapping[str, object]) -> list[str]:
    """Public functions that take more than their first argument by position."""
    named = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    found = []
    for name, value in public.items():
        if inspect.isfunction(value):
            rest = list(inspect.signature(value).parameters.values())[1:]
            found += [f"{name}({part.name})" for part in rest if part.kind not in named]
    return found


def test_the_floor_of_the_house_reaches_only_what_it_is_given():
    assert stray_imports(SOURCE, FLOOR) == []


def test_no_own_import_hides_in_a_function():
    assert hidden_imports(SOURCE) == []


def test_nothing_is_imported_through_the_package_root():
    assert root_imports(SOURCE) == []


def test_every_module_has_a_telling_name():
    assert empty_names(SOURCE) == []


def test_the_public_face_is_small_and_stands():
    assert len(set(hailsham.__all__)) == len(hailsham.__all__) <= PUBLIC_NAMES
    assert [name for name in hailsham.__all__ if not hasattr(hailsham, name)] == []


def test_public_arguments_after_the_first_are_named():
    assert positional({name: getattr(hailsham, name) for name in hailsham.__all__}) == []


def test_a_stray_import_is_caught(tmp_path):
    plant(
        tmp_path,
        {
            "engine/a.py": "import math\nimport numpy as np\nfrom numba import njit\n",
            "engine/b.py": "from hailsham.units import YEAR\nimport polars\n",
            "engine/c.py": "from hailsham.lives.schema import EVENTS\n",
            "engine/d.py": "def f():\n    import hailsham.unitsof\n",
            "world/e.py": "import polars\n",
        },
    )

    found = [line.rpartition("/")[2] for line in stray_imports(tmp_path, FLOOR)]
    assert found == [
        "b.py:2 polars",
        "c.py:1 hailsham.lives.schema.EVENTS",
        "d.py:2 hailsham.unitsof",
    ]


def test_a_hidden_import_is_caught(tmp_path):
    lazy = "import hailsham.errors\n\ndef f():\n    import math\n    from hailsham import runs\n"
    plant(tmp_path, {"world/a.py": lazy, "cli/b.py": lazy})

    assert hidden_imports(tmp_path) == [f"{tmp_path}/world/a.py:5 hailsham.runs"]


def test_an_import_through_the_root_is_caught(tmp_path):
    lines = "from hailsham import units\nfrom hailsham.units import YEAR\nimport hailsham.units\n"
    plant(tmp_path, {"units.py": "", "a.py": lines})
    assert root_imports(tmp_path) == []

    plant(tmp_path, {"b.py": "import hailsham\n", "c.py": "from hailsham import read_scenario\n"})
    assert len(root_imports(tmp_path)) == 2


def test_an_empty_name_is_caught(tmp_path):
    plant(tmp_path, {"a/utils.py": "", "common/b.py": "", "commons.py": ""})

    assert len(empty_names(tmp_path)) == 2


def test_a_positional_argument_is_caught():
    def told(scenario, *, seed=1):
        return scenario, seed

    def untold(scenario, seed=1):
        return scenario, seed

    def bare():
        return None

    assert positional({"told": told, "untold": untold, "bare": bare, "type": ast.AST}) == [
        "untold(seed)"
    ]
