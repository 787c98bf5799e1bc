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


@pytest.mark.parametrize(
    ("first", "n_lines"),
    [
        ('x = "a \\" # ] [ b"', 1),
        ("x = 'a \\'", 1),
        ('x = """a "" ]\n\\""" b"""', 2),
        ('x = """a\n""\n"""""', 3),
        ("x = '''a ]\n'''''", 2),
        ("x = [ # ]\n[1, '['],\n]  # [", 3),
        ("x = [{a = 1}, {b = '}'},\n]", 2),
    ],
)
def test_what_hides_the_end_of_a_statement_is_seen_through(first, n_lines):
    assert locate(f"{first}\ny = 1")["y"] == n_lines + 1


def test_a_long_text_is_located_in_time_that_grows_with_its_length():
    looked_at = []

    def count(text):
        looked_at.append(len(text))
        return parse(text)

    parse = tomllib.loads
    text = "x = [\n" + "1,\n" * 5_000 + "]\n" + "".join(f"k{n} = {n}\n" for n in range(5_000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", count)
        assert locate(text)["k0"] == 5_003

    assert sum(looked_at) <= len(text)


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
