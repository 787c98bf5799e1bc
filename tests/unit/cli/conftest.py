"""What the tests of the command line start from."""

import pytest
from typer.testing import CliRunner

from hailsham.cli.main import app
from tests.unit.cli.stored import store_run


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Type a command in an empty folder, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path / "cache"))

    def type_in(*words):
        return CliRunner().invoke(app, list(words))

    return type_in


@pytest.fixture
def folder(ask, tmp_path):
    """The folder of a tiny run, kept where runs are kept."""
    return store_run(tmp_path / "runs", run_id="aabbccddeeff")
