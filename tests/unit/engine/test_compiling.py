"""What was compiled is kept, never stale, and never beside the code."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hailsham.engine
from hailsham.engine.compiling import compiled_sources, kernel_cache, sources_hash
from tests.unit.engine import handful

SOURCE = Path(hailsham.engine.__file__).parents[1]

CALLEE = """
from hailsham.engine.compiling import compiled
from hailsham.engine.constants import UNIT

@compiled
def doubled(x):
    return 2.0 * x * UNIT
"""
CALLER = """
from hailsham.engine.callee import doubled
from hailsham.engine.compiling import compiled

@compiled
def one_more(x):
    return doubled(x) + 1.0
"""
ASK = """
from hailsham.engine.caller import one_more
print(one_more(10.0), sum(one_more.stats.cache_hits.values()))
"""
# Waits, once everything is imported, until it is told to go on.
ASK_TOGETHER = "import sys, numba\nprint('ready', flush=True)\nsys.stdin.readline()\n" + ASK


@pytest.fixture
def place(tmp_path):
    """A package with the true compiling.py and two small kernels, one calling the other."""
    package = tmp_path / "code" / "hailsham"
    engine = package / "engine"
    engine.mkdir(parents=True)
    shutil.copy(SOURCE / "units.py", package)
    shutil.copy(SOURCE / "errors.py", package)
    shutil.copy(SOURCE / "engine" / "compiling.py", engine)
    for folder in (package, engine):
        (folder / "__init__.py").touch()
    (engine / "constants.py").write_text("UNIT = 1.0\n")
    (engine / "callee.py").write_text(CALLEE)
    (engine / "caller.py").write_text(CALLER)
    return tmp_path


def edit(place, name, old, new):
    path = place / "code" / "hailsham" / "engine" / name
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def started(place, program):
    """A new Python that knows only the copied package, and keeps its kernels in the cache."""
    # A module's own bytecode is told apart by whole seconds, so none is written.
    own = {
        "PYTHONPATH": str(place / "code"),
        "HAILSHAM_CACHE": str(place / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        env={key: value for key, value in os.environ.items() if "NUMBA" not in key} | own,
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(child):
    """The number that a child printed, and how many kernels it found in the cache."""
    out, errors = child.communicate("\n", timeout=60)
    assert (child.returncode, errors) == (0, "")
    number, hits = out.split()
    return float(number), int(hits)


def asked(place):
    return ended(started(place, ASK))


def test_an_edited_callee_is_seen(place):
    assert asked(place) == (21.0, 0)
    assert asked(place) == (21.0, 1)

    edit(place, "callee.py", "2.0 * x", "3.0 * x")
    assert asked(place) == (31.0, 0)


def test_an_edited_constant_is_seen(place):
    assert asked(place) == (21.0, 0)

    edit(place, "constants.py", "1.0", "4.0")
    assert asked(place) == (81.0, 0)


def test_with_one_folder_for_all_sources_an_edited_callee_is_not_seen(place):
    # This is Numba's own cache: what the folder's name is for.
    edit(place, "compiling.py", "return digest.hexdigest()[:16]", 'return "always"')
    assert asked(place) == (21.0, 0)

    edit(place, "callee.py", "2.0 * x", "3.0 * x")
    assert asked(place) == (21.0, 1)


def test_kernels_are_kept_in_the_users_cache_and_never_beside_the_code(place):
    before = sorted(path for path in (place / "code").rglob("*"))
    asked(place)

    assert sorted(path for path in (place / "code").rglob("*")) == before
    kept = [path for path in place.rglob("*") if path.suffix in {".nbi", ".nbc"}]
    assert len(kept) >= 4
    assert all((place / "cache" / "kernels") in path.parents for path in kept)


def test_two_that_compile_at_once_do_no_harm(place):
    children = [started(place, ASK_TOGETHER) for _ in range(2)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()

    # Either may have found what the other had just written.
    assert [ended(child)[0] for child in children] == [21.0, 21.0]
    assert asked(place) == (21.0, 1)


def test_the_hash_knows_every_file_that_compiled_code_is_made_of(place):
    package = place / "code" / "hailsham"

    names = [path.relative_to(package).as_posix() for path in compiled_sources(package)]
    assert names == [
        "engine/callee.py",
        "engine/caller.py",
        "engine/compiling.py",
        "engine/constants.py",
        "units.py",
    ]
    seen = {sources_hash(package)}
    for path in compiled_sources(package):
        path.write_text(path.read_text() + "\n")
        seen.add(sources_hash(package))
    # A kernel that moves to a file of another name is another kernel.
    (package / "engine" / "callee.py").rename(package / "engine" / "called.py")
    seen.add(sources_hash(package))
    assert len(seen) == 1 + len(names) + 1


def test_the_hash_leaves_out_what_is_not_compiled(place):
    package = place / "code" / "hailsham"
    before = sources_hash(package)
    (package / "errors.py").write_text("# Other words.\n")
    (package / "world.py").write_text("def told():\n    return 1\n")

    assert sources_hash(package) == before


def test_the_hash_of_the_engine_covers_every_kernel_and_the_tick():
    names = {path.relative_to(SOURCE).as_posix() for path in compiled_sources(SOURCE)}
    parts = {"agenda", "arithmetic", "draws", "hazards", "recorder"}

    assert {f"engine/{part}.py" for part in parts} | {"units.py"} <= names
    families = {"indexed", "inverted", "special", "tabulated"}
    assert {f"engine/families/{part}.py" for part in families} <= names
    assert kernel_cache().name == sources_hash(SOURCE)


def test_without_compiling_the_engine_gives_the_same_bits_and_no_warning():
    root = str(Path(handful.__file__).parents[3])
    answer = subprocess.run(
        [sys.executable, "-W", "error", handful.__file__],
        env=os.environ
        | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": f"{SOURCE.parent}{os.pathsep}{root}"},
        capture_output=True,
        check=False,
        text=True,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.split("\n") == handful.lines()
    assert len(handful.lines()) > 250


def test_no_kernel_asks_for_fast_arithmetic():
    # Any such flag lets a compiler reorder or fuse operations, and the bits with them.
    flags = re.compile(r"\bfastmath\s*=|\bcontract\b|\breassoc\b")
    texts = {path.name: path.read_text() for path in compiled_sources(SOURCE)}

    assert [name for name, text in texts.items() if flags.search(text)] == []
