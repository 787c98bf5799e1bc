"""A key is found on the line where it is written."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.scenario.locating import locate

TEXT = '''\
# a comment
title = """
over = "several"
[lines]
"""

[a]
x = 1
"quoted.name" = 2
list = [
  1, # x = 3
  2,
]

["b".c]  # of a
y.z = { u = 1, v = { w = 2 } }
[empty]
'''


def test_every_key_and_table_is_found():
    assert locate(TEXT) == {
        "title": 2,
        "a": 7,
        "a.x": 8,
        "a.quoted.name": 9,
        "a.list": 10,
        "b.c": 15,
        "b.c.y.z.u": 16,
        "b.c.y.z.v.w": 16,
        "empty": 17,
    }


def test_a_line_more_above_moves_every_key_by_one():
    moved = {key: line + 1 for key, line in locate(TEXT).items()}

    assert locate(f"\n{TEXT}") == moved
    assert locate(TEXT) != moved


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_ends_of_lines_make_no_difference(end):
    assert locate(TEXT.replace("\n", end)) == locate(TEXT)


@given(st.lists(st.sampled_from(TEXT.splitlines(keepends=True)), max_size=12))
def test_whatever_is_toml_can_be_located(lines):
    text = "".join(lines)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return

    assert all(1 <= line <= len(lines) for line in locate(text).values())
