"""Write generated kernels where Numba can keep them, and load them.

Numba keeps what it compiled of functions that lie in files. So the source of
a model is written into the kernel cache, under a name made of its own text,
and imported from there: the next process finds both.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from hailsham.engine.compiling import kernel_cache


def _place(text: str) -> Path:
    """Return where a text lies."""
    name = f"hailsham_model_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return kernel_cache() / "models" / f"{name}.py"


def is_loaded_before(text: str) -> bool:
    """Tell whether a text was loaded before, by this process or another one.

    Args:
        text: Module-level source.
    """
    return _place(text).exists()


def load_kernels(text: str) -> ModuleType:
    """Return the module that a text says, compiled or ready to be compiled.

    Two processes that write the same text at once write the same file, each
    in one stroke, and only if it is not there: neither harms the other.

    Args:
        text: Module-level source; its functions are ``@compiled``.
    """
    path = _place(text)
    name = path.stem
    if name in sys.modules:
        return sys.modules[name]
    if not path.exists():
        _write(path, text)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _write(path: Path, text: str) -> None:
    """Write a file in one stroke, unless another process did so meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    try:
        # A link, unlike a renaming, leaves a file alone that is there already.
        os.link(file.name, path)
    except FileExistsError:
        pass
    except OSError:
        Path(file.name).replace(path)
        return
    Path(file.name).unlink()
