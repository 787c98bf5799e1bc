"""Scenarios as data: which there are, and how a resolved one is written down.

When a default is changed on purpose, the resolved cases are written anew with
``python -m tests.unit.scenario.cases``; read the difference before you keep it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hailsham.scenario import Resolved, resolve

CASES = Path(__file__).parents[2] / "cases"
VALID = sorted((CASES / "valid").glob("*.toml"))
INVALID = sorted((CASES / "invalid").glob("*.toml"))


def told(resolved: Resolved) -> dict[str, Any]:
    """All of a resolved question as plain values."""
    parts = {
        "name": resolved.name,
        "title": resolved.title,
        "run": asdict(resolved.run),
        "world": asdict(resolved.world),
    }
    plain: dict[str, Any] = json.loads(json.dumps(parts))
    return plain


def kept(case: Path) -> Any:
    """What a valid case is known to resolve to."""
    return json.loads(case.with_suffix(".resolved.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    for path in VALID:
        text = json.dumps(told(resolve(str(path))), indent=2, ensure_ascii=False) + "\n"
        path.with_suffix(".resolved.json").write_text(text, encoding="utf-8")
