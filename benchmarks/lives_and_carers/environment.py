"""What the contestants need: an environment for the peers, and the limits, compiled."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "benchmarks"
PINS = ROOT / "requirements" / "peers.txt"
PEERS = ("numpy", "neworder", "simpy", "cimba")
LIMIT = Path(__file__).parent / "limit"

#: As fast as a compiler may make it, and under the rules that keep the same bits everywhere.
FREE = ("-ffast-math",)
STRICT = ("-ffp-contract=off",)
#: name: (source, flags). The twins are broken on purpose: their answers must be refused.
PROGRAMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "lives": ("lives.c", FREE),
    "lives-strict": ("lives.c", STRICT),
    "lives-broken": ("lives.c", (*FREE, "-DRECOVERY=0.06")),
    "carers": ("carers.c", FREE),
    "carers-broken": ("carers.c", (*FREE, "-DMEAN_SPELL=0.084")),
}


def peers_python() -> Path:
    """Return the Python of the peers' environment, making it if the pins have changed."""
    folder = CACHE / "peers"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "installed"
    wanted = hashlib.sha256((sys.version + PINS.read_text()).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("installing the peers (about two minutes)", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        # neworder has no wheel for every Python, and is then compiled.
        options = ("--require-hashes", "--prefer-binary", "-r", PINS)
        subprocess.run((*pip, *options), check=True)
        stamp.write_text(wanted)
    return python


def compiler() -> str:
    """Return the name of the C compiler: clang if it is there, else gcc."""
    for name in ("clang", "gcc"):
        if shutil.which(name):
            return name
    raise SystemExit("the limits need clang or gcc on the path")


def compile_limits() -> dict[str, Path]:
    """Compile the limits and their broken twins."""
    folder = CACHE / "limit"
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for name, (source, flags) in PROGRAMS.items():
        made[name] = folder / name
        rules = ("-std=gnu11", "-O3", "-march=native", "-mprefer-vector-width=512", *flags)
        subprocess.run((compiler(), *rules, LIMIT / source, "-o", made[name]), check=True)
    return made


def versions(python: Path) -> list[str]:
    """Return names and versions of everything that takes part."""
    code = "from importlib.metadata import version as v; import sys; "
    code += f"print(*(f'{{n}} {{v(n)}}' for n in {PEERS}), sep='\\n')"
    there = subprocess.run((python, "-c", code), check=True, capture_output=True, text=True)
    said = subprocess.run((compiler(), "--version"), check=True, capture_output=True, text=True)
    return [
        f"Python {platform.python_version()}",
        *(f"{name} {metadata.version(name)}" for name in ("hailsham", "numba")),
        *there.stdout.split("\n")[:-1],
        said.stdout.split("\n")[0],
    ]


def machine() -> str:
    """Describe the machine without naming it."""
    model, memory = platform.machine(), ""
    processors, amounts = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if processors.exists() and amounts.exists():
        told: dict[str, str] = {}
        for line in (processors.read_text() + amounts.read_text()).splitlines():
            name, _, value = line.partition(":")
            told[name.strip()] = value.strip()
        family = f"family {told.get('cpu family', '?')} model {told.get('model', '?')}"
        model = f"{told.get('model name', model)} ({family})"
        memory = f", {int(told['MemTotal'].split()[0]) / 2**20:.0f} GiB"
    return f"{model}, {os.cpu_count()} cores{memory}, {platform.system()}"
