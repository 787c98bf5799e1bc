"""Modules, functions and packages stay small enough to be read at one sitting."""

import ast
from pathlib import Path

from tests.house.tree import SOURCE, Function, functions, modules, plant

MODULE_LINES = 600
MODULE_LINES_P90 = 400
FUNCTION_LINES = 60
KERNEL_LINES = 120
PACKAGE_MODULES = 12
KERNEL_DECORATORS = {
    *("compiled", "compiled_bare", "compiled_bare_inline", "compiled_inline", "kernel"),
}


def is_kernel(function: Function) -> bool:
    """Whether a function is compiled, by the name of one of its decorators."""
    heads = [mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list]
    names = {ast.unparse(head).rpartition(".")[2] for head in heads}
    return bool(names & KERNEL_DECORATORS)


def lines_of(function: Function) -> int:
    """Lines of a function from `def` on, less its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def long_modules(package: Path) -> list[str]:
    """Modules above the limit, and the whole where too many are long."""
    lines = {path: path.read_text().count("\n") for path in package.rglob("*.py")}
    found = [f"{path}: {n} lines" for path, n in lines.items() if n > MODULE_LINES]
    ranked = sorted(lines.values())
    p90 = ranked[int(0.9 * (len(ranked) - 1))]
    if p90 > MODULE_LINES_P90:
        found.append(f"{package}: one module in ten is above {p90} lines")
    return found


def long_functions(package: Path) -> list[str]:
    """Functions above the limit, which is wider for a kernel."""
    found = []
    for path, tree in modules(package).items():
        for function in functions(tree):
            limit = KERNEL_LINES if is_kernel(function) else FUNCTION_LINES
            if lines_of(function) > limit:
                found.append(f"{path}:{function.lineno} {function.name}: {lines_of(function)}")
    return found


def wide_packages(package: Path) -> list[str]:
    """Packages with more modules than one remembers."""
    found = []
    for folder in [package, *(path for path in package.rglob("*") if path.is_dir())]:
        n_modules = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        if n_modules > PACKAGE_MODULES:
            found.append(f"{folder}: {n_modules} modules")
    return found


def body(n_lines: int) -> str:
    return "    x = 1\n" * n_lines


def test_modules_are_short():
    assert long_modules(SOURCE) == []


def test_functions_are_short():
    assert long_functions(SOURCE) == []


def test_packages_are_narrow():
    assert wide_packages(SOURCE) == []


def test_a_long_module_is_caught(tmp_path):
    plant(tmp_path, {"a.py": "x = 1\n" * 601, "b.py": "", "c.py": ""})

    assert len(long_modules(tmp_path)) == 1


def test_too_many_longish_modules_are_caught(tmp_path):
    plant(tmp_path, {f"m{i}.py": "x = 1\n" * 401 for i in range(5)})

    assert len(long_modules(tmp_path)) == 1


def test_a_long_function_is_caught(tmp_path):
    plant(tmp_path, {"a.py": "def f():\n" + body(60), "b.py": "def f():\n" + body(59)})

    assert [line.rpartition("/")[2] for line in long_functions(tmp_path)] == ["a.py:1 f: 61"]


def test_a_docstring_is_not_counted(tmp_path):
    told = '    """Say.\n\n' + "    More.\n" * 80 + '    """\n'
    plant(tmp_path, {"a.py": "def f():\n" + told + body(59)})

    assert long_functions(tmp_path) == []


def test_a_kernel_may_be_longer_but_not_endless(tmp_path):
    marks = {"a.py": "@compiled", "b.py": "@compiling.kernel(inline=True)"}
    plant(tmp_path, {name: f"{mark}\ndef f():\n{body(119)}" for name, mark in marks.items()})
    assert long_functions(tmp_path) == []

    plant(tmp_path, {"a.py": f"@compiled\ndef f():\n{body(120)}"})
    assert len(long_functions(tmp_path)) == 1


def test_a_wide_package_is_caught(tmp_path):
    plant(tmp_path, {f"inner/m{i}.py": "" for i in range(13)} | {"inner/__init__.py": ""})

    assert len(wide_packages(tmp_path)) == 1
