"""What dieharder is given are the engine's own words, in the order that is said."""

import subprocess
import sys

import numpy as np
import pytest

from hailsham.engine.draws import block, draw_key
from verification.dieharder import N_COUNTS, ORDERS, PURPOSES, report

KEY, FIRST, N = draw_key(5), 2_990, 3_000
#: Person, place of the purpose, and count of the i-th block of each order.
ADDRESSES = {
    "people": lambda i: (i, 0, 0),
    "purposes": lambda i: (i // PURPOSES.size, i % PURPOSES.size, 0),
    "counts": lambda i: (i // N_COUNTS, 0, i % N_COUNTS),
}
ROWS = """
        diehard_opso|   0|   2097152|     100|0.13880053|  PASSED
          sts_serial|   3|    100000|     100|0.00033168|   WEAK
"""


def words_at(order):
    addresses = [ADDRESSES[order](i) for i in range(FIRST, FIRST + N)]
    return [tuple(map(int, block(KEY, who, PURPOSES[at], k))) for who, at, k in addresses]


def filled(order):
    words = np.empty((N, 4), np.uint32)
    ORDERS[order](KEY, FIRST, words)
    return [tuple(map(int, row)) for row in words]


@pytest.mark.parametrize("order", ORDERS)
def test_each_order_is_of_the_blocks_at_its_addresses(order):
    told = filled(order)

    assert told == words_at(order)
    assert all(told != words_at(other) for other in ORDERS if other != order)
    assert len(set(told)) == N


def test_the_stream_begins_with_the_first_block_and_ends_with_its_reader():
    command = [sys.executable, "-W", "error", "-m", "verification.dieharder", "counts", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        read = program.stdout.read(32)
        program.stdout.close()
        said = program.stderr.read()

    expected = [word for count in (0, 1) for word in block(KEY, 0, PURPOSES[0], count)]
    assert np.frombuffer(read, "<u4").tolist() == [int(word) for word in expected]
    assert (program.returncode, said) == (0, b"")


def test_the_report_lays_the_orders_side_by_side_and_marks_what_is_weak():
    lines = report({"people": ROWS, "counts": ROWS.replace("WEAK", "FAILED")})

    assert lines[2:4] == ["| people | 2 | 1 | 1 | 0 |", "| counts | 2 | 1 | 0 | 1 |"]
    assert lines[-2] == "| diehard_opso | 0 | 2097152 | 0.1388 | 0.1388 |"
    assert lines[-1].endswith("| **0.000332** WEAK | **0.000332** FAILED |")


def test_runs_of_different_batteries_are_refused():
    with pytest.raises(ValueError, match="not of the same battery"):
        report({"people": ROWS, "counts": ROWS.replace("opso", "oqso")})
