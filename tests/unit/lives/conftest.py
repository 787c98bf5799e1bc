"""Each test remembers what it has verified in a cache of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path_factory.mktemp("cache")))
