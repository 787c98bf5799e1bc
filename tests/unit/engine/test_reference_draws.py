"""Philox is one scheme in two widths: the reference answers, NumPy and the engine agree.

P28 gives blocks of Philox4x64-10, which is NumPy's. The engine draws from
Philox4x32-10, whose published answers stand in ``test_draws``. A dozen lines
here do both and so hold the engine to answers from outside at either width.
"""

import numpy as np
import pytest

from hailsham.engine import draws
from hailsham.verification.fixed import KNOWN
from hailsham.verification.problems import read_problems

WIDE = 2**256
#: By width: multipliers and Weyl constants, salmon2011.
CONSTANTS = {
    32: ((0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)),
    64: ((0xD2E7470EE14C6C93, 0xCA5A826395121157), (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)),
}


def philox(counter, key, width, rounds=10):
    """A block of four words of 32 or 64 bits, in whole numbers of any size."""
    (first, second), steps = CONSTANTS[width]
    low = 2**width - 1
    for _ in range(rounds):
        a, b = first * counter[0], second * counter[2]
        counter = (
            (b >> width) ^ counter[1] ^ key[0],
            b & low,
            (a >> width) ^ counter[3] ^ key[1],
            a & low,
        )
        key = tuple((word + step) & low for word, step in zip(key, steps, strict=True))
    return counter


def of_numpy(counter, key, too_early=1):
    """NumPy's block: it counts on before it draws, so that it is set one too early."""
    whole = sum(word << (64 * place) for place, word in enumerate(counter))
    start = (whole - too_early) % WIDE
    words = [(start >> (64 * place)) & (2**64 - 1) for place in range(4)]
    generator = np.random.Philox(counter=np.array(words, np.uint64), key=np.array(key, np.uint64))
    return tuple(int(word) for word in generator.random_raw(4))


def engine(counter, key):
    """The engine's own block."""
    return tuple(map(int, draws.philox(*map(np.uint64, (*counter, *key)))))


def words(texts):
    return tuple(int(text, 16) for text in texts)


def cases():
    """Counter, key and block of each case of P28, whose answers are no decimal numbers."""
    problem = read_problems()["P28"]
    return [
        (words(case["counter"]), words(case["key"]), words(problem.answers[name]))
        for name, case in problem.inputs.items()
    ]


def test_there_are_three_cases():
    assert len(cases()) == 3


@pytest.mark.parametrize(("counter", "key", "block"), cases())
def test_the_scheme_and_numpy_meet_the_reference_answers(counter, key, block):
    assert philox(counter, key, 64) == block
    assert of_numpy(counter, key) == block


@pytest.mark.parametrize(("counter", "key", "block"), cases())
def test_nine_rounds_or_a_counter_that_is_one_off_do_not(counter, key, block):
    assert philox(counter, key, 64, rounds=9) != block
    assert of_numpy(counter, key, too_early=0) != block


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN.values())
def test_the_same_scheme_at_half_the_width_is_the_engine(counter, key, block):
    assert philox(counter, key, 32) == block == engine(counter, key)
    assert philox(counter, key, 32, rounds=9) != block


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engine_and_the_scheme_agree_on_blocks_that_nobody_published(seed):
    for start in range(200):
        # NumPy's own generator supplies counters and keys of all bits.
        *counter, first, second = np.random.Philox(key=seed, counter=start).random_raw(
            6
        ) >> np.uint64(32)
        drawn = tuple(map(int, counter)), (int(first), int(second))
        assert philox(*drawn, 32) == engine(*drawn)
