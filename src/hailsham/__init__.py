"""hailsham: the England of *Never Let Me Go*, one life at a time.

    import hailsham as hs

    run = hs.run("never-let-me-go", scale=500, seed=1)
    run.people                                    # a lazy table
    run.life(where="kind = 'clone'").tell()       # a life, in sentences

Importing this compiles nothing and reads nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hailsham.errors import HailshamError

if TYPE_CHECKING:
    from hailsham.library import Life, Run, open_run, run

__all__ = ["HailshamError", "Life", "Run", "open_run", "run"]


def __getattr__(name: str) -> Any:
    """Load what stands behind a public name when it is first asked for."""
    if name in __all__:
        return getattr(import_module("hailsham.library"), name)
    raise AttributeError(f"module 'hailsham' has no attribute {name!r}")
