"""What the house checks look at: the files of the project, and the Python in them."""

import ast
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hailsham"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(root: Path) -> list[Path]:
    """Every file that is committed, or would be: git's answer, or without git a plain walk."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        answer = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True)
        named = (root / name for name in answer.stdout.split("\0") if name)
        return sorted({path for path in named if path.is_file()})
    found = []
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name not in {".venv", ".cache", "__pycache__"}]
        found += [Path(folder, name) for name in names]
    return sorted(found)


def text_of(path: Path) -> str | None:
    """The text of a file, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def modules(package: Path) -> dict[Path, ast.Module]:
    """Every module below a package, parsed."""
    return {path: ast.parse(path.read_text()) for path in sorted(package.rglob("*.py"))}


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function in a tree, the inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of every import in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def plant(root: Path, texts: Mapping[str, str]) -> Path:
    """A made-up tree for a twin: what must be caught is written into it."""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root
