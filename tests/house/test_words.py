"""Nothing is written down that must not be: addresses, machines, notes to ourselves, leftovers."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, plant, text_of

# Letters in brackets keep a pattern from matching the file that it is written in.
REGISTRY = re.compile(
    r"p[y]pi\.o[r]g|python[h]osted|registry\.npm[j]s|conda\.anac[o]nda|deb\.deb[i]an", re.IGNORECASE
)
ADDRESS = re.compile(r"https?:|[f]ile:|git[+]|--(extra-)?index|--find-links|--trusted-host")
MACHINE = re.compile(
    r"/(work|farm)/|(?<![\w.])/(root|home|Users)/\w|C:\\U[s]ers"
    r"|farm-(bench|studio)|\bs[u]bagent|\bC[E]O\b",
    re.IGNORECASE,
)
REMINDER = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")
BUILT = {".pyc", ".pyo", ".so", ".o", ".nbi", ".nbc", ".whl", ".egg"}
BUILT_FOLDERS = {"build", "dist", "runs", ".venv", ".cache"}
BUILT_ANYWHERE = {"__pycache__", "node_modules"}
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def written(paths: Iterable[Path], pattern: re.Pattern[str]) -> list[str]:
    """Each place, as file:line, where a pattern stands in text."""
    found = []
    for path in paths:
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path}:{number}")
    return found


def requirement_addresses(root: Path) -> list[str]:
    """Addresses and hosts in the requirement files."""
    paths = sorted((root / "requirements").iterdir())
    return written(paths, ADDRESS) + written(paths, REGISTRY)


def reminders(root: Path) -> list[str]:
    """Notes to ourselves, outside prose."""
    return written((path for path in files(root) if path.suffix != ".md"), REMINDER)


def machine_names(root: Path) -> list[str]:
    """Registries, and the machines and tools of whoever wrote this."""
    return written(files(root), REGISTRY) + written(files(root), MACHINE)


def built(root: Path) -> list[str]:
    """Committed files that a build, a test or a run makes."""
    found = []
    for path in files(root):
        first, *rest = path.relative_to(root).parts
        if (
            path.suffix in BUILT
            or (rest and first in BUILT_FOLDERS)
            or BUILT_ANYWHERE & {first, *rest}
            or any(part.endswith(".egg-info") for part in (first, *rest))
        ):
            found.append(str(path))
    return found


def pins(path: Path) -> set[tuple[str, str, str]]:
    """Name, version and condition of everything that a requirement file pins."""
    return set(PIN.findall(path.read_text()))


def unpinned(path: Path) -> list[str]:
    """Names in a requirement file without a version and a hash."""
    entries = re.split(r"^(?=\S)", path.read_text(), flags=re.MULTILINE)
    return [
        entry.strip()
        for entry in entries
        if entry.strip() and not (PIN.match(entry) and "--hash=sha256:" in entry)
    ]


def named(text: str) -> set[str]:
    """Requirements as they stand in an `.in` file, less comments and the files it takes in."""
    lines = (line.strip() for line in text.splitlines())
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def test_requirements_name_no_address():
    assert requirement_addresses(ROOT) == []


@pytest.mark.parametrize("name", ["run", "test", "peers"])
def test_every_requirement_is_pinned_and_hashed(name):
    path = ROOT / "requirements" / f"{name}.txt"

    assert len(pins(path)) > 20
    assert unpinned(path) == []


def test_what_runs_is_what_is_tested():
    run, test = (pins(ROOT / "requirements" / f"{name}.txt") for name in ("run", "test"))

    assert run - test == set()


def test_the_package_asks_for_what_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {*project["project"]["dependencies"], *project["build-system"]["requires"]}

    assert asked == named((ROOT / "requirements" / "run.in").read_text())


def test_no_reminders_on_main():
    assert reminders(ROOT) == []


def test_no_machine_and_no_registry_is_named():
    assert machine_names(ROOT) == []


def test_nothing_that_a_build_makes_is_committed():
    assert built(ROOT) == []


@pytest.mark.parametrize(
    "line",
    [
        "a @ https" + "://example.net/a.whl",
        "--index" + "-url somewhere",
        "# see p" + "ypi.org",
        "a @ file" + ":///a.whl",
    ],
)
def test_an_address_in_requirements_is_caught(tmp_path, line):
    plant(tmp_path, {"requirements/run.txt": f"a==1.0\n{line}\n"})

    assert requirement_addresses(tmp_path) == [f"{tmp_path}/requirements/run.txt:2"]


def test_a_requirement_without_hash_or_version_is_caught(tmp_path):
    sound = "a==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    plant(tmp_path, {"run.txt": sound + "b==2.0\n" + "c>=1 \\\n    --hash=sha256:00\n"})

    assert pins(tmp_path / "run.txt") == {("a", "1.0", "sys_platform == 'win32'")}
    assert [entry[0] for entry in unpinned(tmp_path / "run.txt")] == ["b", "c"]


def test_a_reminder_is_caught(tmp_path):
    plant(tmp_path, {"a.py": "# TO" + "DO: later\n", "b.toml": "# FIX" + "ME\n", "c.py": "Todo\n"})

    assert len(reminders(tmp_path)) == 2


@pytest.mark.parametrize(
    "line",
    ["see /" + "work/main/a.py", "/" + "home/ann/a.py", "asked a sub" + "agent", "deb.deb" + "ian"],
)
def test_a_machine_is_caught(tmp_path, line):
    plant(tmp_path, {"a.md": f"Words.\n{line}\n", "b.md": "[home](../home/page.md) at work\n"})

    assert machine_names(tmp_path) == [f"{tmp_path}/a.md:2"]


@pytest.mark.parametrize(
    "name", ["a.nbi", "x/a.pyc", "build/a.txt", "runs/r/manifest.json", "h.egg-info/PKG-INFO"]
)
def test_what_a_build_makes_is_caught(tmp_path, name):
    plant(tmp_path, {name: "", "src/build/a.py": "", "tests/run": ""})

    assert built(tmp_path) == [f"{tmp_path}/{name}"]
