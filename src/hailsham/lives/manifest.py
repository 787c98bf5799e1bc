"""What made a run, and what it consists of: the file that is written last.

A run folder is finished when, and only when, its manifest stands. The manifest
names every file with its size and hash, and carries a seal over its own words,
so that a byte changed anywhere in a run is noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from hailsham.errors import Fault, RunFolderError

#: The form of a run folder. It rises when a reader of the old form would misread the new one.
FORMAT = 1
MANIFEST_NAME = "manifest.json"
FINISHED = "finished"

NOTHING_READ = "Nothing was read."
_AGAIN = "Remove the folder and run the same question again: the same lives come back."


@dataclass(frozen=True)
class FileEntry:
    """A file of a run: its size, its hash, and for a table its rows."""

    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What made a run, how much is in it, and the files it consists of."""

    id: str
    status: str
    scenario: str
    title: str
    scenario_sha256: str
    seed: int
    scale: int
    replicates: int
    years: tuple[int, int]
    log: str
    versions: dict[str, str]
    counts: dict[str, int]
    seconds: dict[str, float]
    files: dict[str, FileEntry] = field(default_factory=dict)


def manifest_text(manifest: Manifest) -> str:
    """Return a manifest as it stands on disk, sealed."""
    written = {"format": FORMAT, **asdict(manifest), "years": list(manifest.years)}
    written["files"] = dict(sorted(written["files"].items()))
    return json.dumps({**written, "seal": _seal(written)}, indent=2, ensure_ascii=False) + "\n"


def parse_manifest(content: bytes, *, where: Path) -> Manifest:
    """Read a manifest, or refuse it.

    The format is looked at first, because nothing can be said of the words of
    another one; the seal second, because behind it the words are as we wrote them.

    Args:
        content: The file as it was read.
        where: The file, for the message.

    Raises:
        RunFolderError: HS203 if it was cut off or altered, HS204 if its
            format is not ours.
    """
    try:
        written = json.loads(content)
        found = written["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise altered(where, what="This is not a whole manifest.") from error
    if found != FORMAT:
        raise RunFolderError([_other_format(where, found=found)], closing=NOTHING_READ)
    if written.pop("seal", None) != _seal(written):
        raise altered(where, what="The words of the manifest do not fit its seal.")
    # A later version may say more than we know of; the format tells that we may pass over it.
    known = {item.name: written[item.name] for item in fields(Manifest)}
    known["years"] = tuple(known["years"])
    known["files"] = {name: FileEntry(**entry) for name, entry in known["files"].items()}
    return Manifest(**known)


def altered(place: Path, *, what: str, remedy: str = _AGAIN) -> RunFolderError:
    """Return the refusal of a file that was altered or cut off.

    Args:
        place: The file.
        what: What differs.
        remedy: What the reader can do; where nothing better is known, to run it again.
    """
    return RunFolderError([Fault("HS203", str(place), what, remedy=remedy)], closing=NOTHING_READ)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(written: Mapping[str, Any]) -> str:
    plain = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _other_format(where: Path, *, found: object) -> Fault:
    what = f"The run has format {found!r}; this hailsham reads another one."
    remedy = "Run the same question again, or read it with the version that wrote it."
    return Fault("HS204", str(where), what, known=(f"format {FORMAT}",), remedy=remedy)
