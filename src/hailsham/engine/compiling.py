"""Compile kernels, and keep what was compiled where it cannot go stale.

Numba keys its cache by the file that holds a function, and so returns an old
result when a function *called from* that file was edited. Here the cache
folder itself is named after a hash of every compiled source, so any edit
anywhere opens a fresh folder. It lives in the user's cache, never beside code.
"""

from __future__ import annotations

import atexit
import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

from hailsham.units import cache_folder

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])

#: What marks a file as compiled: its own use of the decorator below.
_MARK = b"@compiled"
#: An import of our own, by its full name.
_IMPORT = re.compile(rb"^(?:from|import) hailsham\.([\w.]+)", re.MULTILINE)
_PACKAGE = Path(__file__).resolve().parents[1]


def compiled_sources(package: Path) -> list[Path]:
    """List the files of a package that compiled code is made of, in a fixed order.

    These are the files that hold kernels and all that they import of ours,
    because a constant is compiled in as its value, wherever it was written.
    """
    found = {path for path in package.rglob("*.py") if _MARK in path.read_bytes()}
    unread = list(found)
    while unread:
        for name in _IMPORT.findall(unread.pop().read_bytes()):
            place = package.joinpath(*name.decode().split("."))
            modules = place.glob("*.py") if place.is_dir() else [place.with_suffix(".py")]
            imported = {path for path in modules if path.is_file()}
            unread += imported - found
            found |= imported
    return sorted(found)


def sources_hash(package: Path) -> str:
    """Return the hash of all compiled sources of a package, with their names.

    The versions of Numba and Python are part of it, because neither may read
    what the other wrote.
    """
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for path in compiled_sources(package):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def kernel_cache() -> Path:
    """Return the folder that holds compiled kernels of exactly these sources.

    Where the user's cache cannot be written, it is a temporary folder: the
    kernels are then compiled for this process alone.
    """
    folder = cache_folder() / "kernels" / sources_hash(_PACKAGE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        passing = tempfile.mkdtemp(prefix="hailsham-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        return Path(passing)


def is_warm(world: str) -> bool:
    """Tell whether the kernels of a world, of exactly these sources, have been compiled before."""
    return (kernel_cache() / f"warm-{world}").exists()


def mark_warm(world: str) -> None:
    """Note that every kernel of a run of a world has been compiled into the cache."""
    (kernel_cache() / f"warm-{world}").touch()


def whole_numbers(start: int, stop: int) -> Any:
    """Return whole numbers that name states or clocks in compiled code, from start on.

    They are NumPy's, because Numba compiles a function anew for each plain
    whole number that it is called with, and once for all of NumPy's.
    """
    return np.arange(start, stop)


def whole_number(number: int) -> Any:
    """Return one such number."""
    return np.int64(number)


def compiled(function: _Kernel) -> _Kernel:
    """Compile a kernel: no fastmath flag of any kind, no lock held, cached.

    Without any such flag LLVM neither reorders nor fuses floating-point
    operations, which is what makes results the same on every IEEE machine.
    """
    return _compiled(function)


def compiled_inline(function: _Kernel) -> _Kernel:
    """Compile a small kernel that is always written into its callers.

    A call inside a loop, however short, keeps the loop from running in vectors.
    """
    return _compiled(function, forceinline=True)


def compiled_bare(function: _Kernel) -> _Kernel:
    """Compile a kernel that makes no array and returns none.

    Nobody counts then who refers to the arrays that it is given. Where an
    event touches a dozen of them, counting takes ten times as long as living.
    """
    return _compiled(function, _nrt=False)


def compiled_bare_inline(function: _Kernel) -> _Kernel:
    """Compile a small kernel that makes no array, and write it into its callers."""
    return _compiled(function, _nrt=False, forceinline=True)


def _compiled(function: _Kernel, **options: bool) -> _Kernel:
    """Compile under our rules, into our cache."""
    # Numba settles where a function is cached when it is decorated. The user's
    # own setting is put back at once: their kernels are no business of ours.
    theirs = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(kernel_cache())
    try:
        kernel = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    finally:
        numba.config.CACHE_DIR = theirs
    return cast("_Kernel", kernel)
