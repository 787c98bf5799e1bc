"""A manifest says the same after it was written and read, and keeps a seal."""

import json
from pathlib import Path

import pytest

from hailsham.errors import RunFolderError
from hailsham.lives.manifest import FORMAT, FileEntry, manifest_text, parse_manifest
from tests.unit.lives import small_run

WHERE = Path("manifest.json")
FILES = {"years.parquet": FileEntry(10, "ff", 3), "dictionary.json": FileEntry(2, "00")}


def test_a_manifest_is_read_as_it_was_written():
    manifest = small_run.manifest(files=FILES, title="Sechs Leben – sześć żyć")

    assert parse_manifest(manifest_text(manifest).encode(), where=WHERE) == manifest


def test_a_manifest_says_its_form_and_lists_files_by_name():
    written = json.loads(manifest_text(small_run.manifest(files=FILES)))

    assert written["format"] == FORMAT
    assert list(written["files"]) == ["dictionary.json", "years.parquet"]
    assert written["years"] == [1960, 2000]


def test_a_manifest_that_somebody_changed_is_refused():
    text = manifest_text(small_run.manifest())
    assert text.count('"seed": 1') == 1

    with pytest.raises(RunFolderError, match="seal") as refusal:
        parse_manifest(text.replace('"seed": 1', '"seed": 2').encode(), where=WHERE)
    assert refusal.value.codes == ("HS203",)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"3", b"null", b"\xff\xfe", b'{"format": ']
)
def test_what_is_no_whole_manifest_is_refused(content):
    with pytest.raises(RunFolderError) as refusal:
        parse_manifest(content, where=WHERE)
    assert refusal.value.codes == ("HS203",)
