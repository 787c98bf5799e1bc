"""The generator's words, as dieharder reads them, in three orders in which a model draws.

The scheme itself has passed the batteries of its authors. What a model adds is
the order: people beside each other, the decisions of one person after each
other, one decision met again and again. Each order is a stream of the raw
32-bit words of ``draws.block``, and depends on its seed alone:

    python -m verification.dieharder people 1 | dieharder -g 200 -a > people.txt

A p-value within 0.005 of 0 or 1 is called weak, and one test in a hundred is
so by luck alone; a weak or failed test is run again on another seed. The tests
of all three orders side by side, and 1 if any failed:

    python -m verification.dieharder report people.txt purposes.txt counts.txt
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numba
import numpy as np

from hailsham.engine.draws import block, draw_key, purpose

#: Words in one block, and blocks in one write: 64 MiB.
WORDS, N_BLOCKS = 4, 2**22
#: Addresses as different as those of a program: hashes of that many names.
PURPOSES = np.array([purpose(f"verification.dieharder.{i}") for i in range(1_000)], np.uint64)
#: How often one person meets one decision before the next person comes.
N_COUNTS = 1_000
#: A line of dieharder's table: test, n-tuple, t-samples, p-samples, p-value, assessment.
LINE = re.compile(r"^ *(\w+)\| *(\d+)\| *(\d+)\| *(\d+)\|([\d.]+)\| *(\w+)", re.MULTILINE)


@numba.njit
def fill_by_people(key, first, words):
    """One decision, the first time, of one person after another."""
    for i in range(words.shape[0]):
        a, b, c, d = block(key, first + i, PURPOSES[0], 0)
        words[i, 0], words[i, 1], words[i, 2], words[i, 3] = a, b, c, d


@numba.njit
def fill_by_purposes(key, first, words):
    """All decisions of one person, then those of the next."""
    for i in range(words.shape[0]):
        person, at = divmod(first + i, PURPOSES.size)
        a, b, c, d = block(key, person, PURPOSES[at], 0)
        words[i, 0], words[i, 1], words[i, 2], words[i, 3] = a, b, c, d


@numba.njit
def fill_by_counts(key, first, words):
    """One decision of one person, met again and again; then that of the next person."""
    for i in range(words.shape[0]):
        person, count = divmod(first + i, N_COUNTS)
        a, b, c, d = block(key, person, PURPOSES[0], count)
        words[i, 0], words[i, 1], words[i, 2], words[i, 3] = a, b, c, d


ORDERS = {"people": fill_by_people, "purposes": fill_by_purposes, "counts": fill_by_counts}


def stream(order, seed):
    """Write the words of one order to standard output until nobody reads them."""
    key, fill = draw_key(seed), ORDERS[order]
    words = np.empty((N_BLOCKS, WORDS), np.uint32)
    first = 0
    # Unbuffered: what is left when the reader goes away is not tried again.
    with open(sys.stdout.fileno(), "wb", buffering=0, closefd=False) as out:
        while True:
            fill(key, first, words)
            first += N_BLOCKS
            unwritten = words.reshape(-1).view(np.uint8).data
            try:
                while unwritten:
                    unwritten = unwritten[out.write(unwritten) :]
            except BrokenPipeError:
                return


def results(text):
    """Each row of dieharder's table: test, n-tuple and samples, p-value, assessment."""
    return [(test, int(n), int(t), float(p), mark) for test, n, t, _, p, mark in LINE.findall(text)]


def report(texts):
    """The table of all orders side by side, and how many rows of each passed, were weak, failed."""
    columns = {name: results(text) for name, text in texts.items()}
    lines = ["| order | tests | passed | weak | failed |", "|---|---|---|---|---|"]
    for name, rows in columns.items():
        marks = [mark for *_, mark in rows]
        told = (str(marks.count(mark)) for mark in ("PASSED", "WEAK", "FAILED"))
        lines.append(f"| {name} | {len(rows)} | {' | '.join(told)} |")
    lines += [
        "",
        f"| test | n | t-samples | {' | '.join(columns)} |",
        "|---" * (3 + len(columns)) + "|",
    ]
    for row in zip(*columns.values(), strict=True):
        if len({each[:3] for each in row}) > 1:
            raise ValueError(f"the runs are not of the same battery: {row}")
        told = (f"{p:.4f}" if mark == "PASSED" else f"**{p:.6f}** {mark}" for *_, p, mark in row)
        lines.append(f"| {row[0][0]} | {row[0][1]} | {row[0][2]} | {' | '.join(told)} |")
    return lines


def main(words):
    if words[0] in ORDERS:
        stream(words[0], int(words[1]))
        return 0
    texts = {Path(name).stem: Path(name).read_text() for name in words[1:]}
    print("\n".join(report(texts)))
    return int(any(mark == "FAILED" for text in texts.values() for *_, mark in results(text)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
