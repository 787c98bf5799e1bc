"""A draw is a pure function of its address, and the generator is the published one."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from hailsham.engine import draws, plain
from hailsham.verification.fixed import KNOWN
from tests.unit.engine.simulated import LIMIT, STEADY, z_mean, z_share, z_variance

ONES = 0xFFFFFFFF
WORDS = st.integers(0, ONES)
PEOPLE = st.integers(0, 2**63 - 1)

KEY = draws.draw_key(1967, 3)
LUCK = draws.purpose("test.draws.luck")
N_DRAWS = 20_000


def words(*values):
    return tuple(np.uint64(value) for value in values)


def philox(counter, key, of=draws.philox):
    return tuple(int(word) for word in of(*words(*counter), *words(*key)))


def sample(draw, n=N_DRAWS, key=KEY):
    return np.array([draw(key, person, LUCK, 0) for person in range(n)])


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN.values())
def test_the_published_answers_are_met(counter, key, block):
    assert philox(counter, key) == block
    assert plain.philox(counter, key) == block


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN.values())
def test_nine_rounds_do_not_meet_the_published_answers(monkeypatch, counter, key, block):
    interpreted = getattr(draws.philox, "py_func", draws.philox)
    one_round = getattr(draws._philox_round, "py_func", draws._philox_round)
    five_rounds = getattr(draws._five_rounds, "py_func", draws._five_rounds)
    monkeypatch.setattr(draws, "_five_rounds", five_rounds)
    monkeypatch.setattr(draws, "_philox_round", one_round)
    assert philox(counter, key, of=interpreted) == block

    rounds = itertools.count(1)
    monkeypatch.setattr(
        draws, "_philox_round", lambda *state: one_round(*state) if next(rounds) < 10 else state
    )
    assert philox(counter, key, of=interpreted) != block


@STEADY
@given(counter=st.tuples(WORDS, WORDS, WORDS, WORDS), key=st.tuples(WORDS, WORDS))
def test_compiled_and_plain_blocks_agree(counter, key):
    assert philox(counter, key) == plain.philox(counter, key)


@pytest.mark.parametrize("n", [0, 1, draws.TILE - 1, draws.TILE, 2 * draws.TILE + 3])
def test_many_draws_at_one_go_are_the_draws_one_by_one(n):
    chance = np.random.default_rng(n)
    key, purpose = draws.draw_key(1967, 3), draws.purpose("test.many_draws")
    who, counts = chance.integers(0, 2**63, n + 5), chance.integers(0, 2**34, n + 5)
    luck = np.full(n + 5, np.nan)

    draws.draw_uniforms(luck, who, counts, purpose, key, n, np.empty(4 * draws.TILE, np.int64))

    alone = [
        draws.uniform(key, int(one), purpose, int(count))
        for one, count in zip(who[:n], counts[:n], strict=True)
    ]
    assert luck[:n].tolist() == alone
    assert np.all(np.isnan(luck[n:]))


@STEADY
@given(seed=WORDS, replicate=WORDS, person=PEOPLE, purpose=WORDS, count=PEOPLE)
def test_compiled_and_plain_draws_agree(seed, replicate, person, purpose, count):
    key = draws.draw_key(seed, replicate)
    address = (person, np.uint64(purpose), count)

    pair = plain.uniform_pair(int(key), person, purpose, count)
    assert draws.uniform_pair(key, *address) == pair
    assert draws.uniform(key, *address) == pair[0]
    assert draws.exponential(key, *address) == plain.exponential(int(key), person, purpose, count)
    assert draws.gamma_two(key, *address) == -plain.log(pair[0]) - plain.log(pair[1])
    assert draws.normal(key, *address) == draws.normal_quantile(pair[0])


@STEADY
@given(
    home=st.tuples(WORDS, WORDS, PEOPLE, WORDS, WORDS),
    part=st.integers(0, 4),
    bit=st.integers(0, 62),
)
def test_every_part_of_an_address_changes_the_draw(home, part, bit):
    away = list(home)
    # The person has two words, either of which may differ; the others have one.
    away[part] ^= 1 << (bit if part == 2 else bit % 32)

    def block(seed, replicate, person, purpose, count):
        return draws.block(draws.draw_key(seed, replicate), person, np.uint64(purpose), count)

    assert block(*home) == block(*home)
    assert block(*away) != block(*home)


def test_the_parts_of_an_address_lie_in_words_of_their_own():
    key = draws.draw_key(0xA4093822, 0x299F31D0)
    person = 0x05A308D3_243F6A88
    told = draws.block(key, person, np.uint64(0x13198A2E), 0x03707344)

    counter = (0x243F6A88, 0x05A308D3, 0x13198A2E, 0x03707344)
    assert tuple(map(int, told)) == plain.philox(counter, (0xA4093822, 0x299F31D0))


def test_a_unit_lies_strictly_between_0_and_1_and_is_exact():
    assert draws.unit(*words(0, 0)) == 2.0**-53
    assert draws.unit(*words(ONES, ONES)) == 1.0 - 2.0**-53
    # The twelve lowest bits are left out, and the next one counts a whole cell.
    assert draws.unit(*words(0, 0xFFF)) == 2.0**-53
    assert draws.unit(*words(0, 0x1000)) == 2.0**-52 + 2.0**-53
    assert draws.unit(*words(0x80000000, 0)) == 0.5 + 2.0**-53


@STEADY
@given(high=WORDS, low=WORDS)
def test_units_are_symmetric_about_a_half(high, low):
    unit = draws.unit(*words(high, low))

    assert 0.0 < unit < 1.0
    assert draws.unit(*words(high ^ ONES, low ^ ONES)) == 1.0 - unit


def test_the_largest_budget_is_finite_and_the_smallest_is_positive():
    assert 0.0 < -plain.log(draws.unit(*words(ONES, ONES))) < 1.2e-16
    assert -plain.log(draws.unit(*words(0, 0))) == pytest.approx(53 * math.log(2))


def test_a_purpose_is_the_same_whenever_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(draws, "_names", {})

    assert draws.purpose("a.b") == draws.purpose("a.b") != draws.purpose("a.c")
    # The first four bytes of the SHA-256 of the name.
    assert draws.purpose("care.home.offer") == 0x2499DBAF


def test_two_purposes_that_collide_are_refused(monkeypatch):
    # Found by trying: among 2**32 addresses two names in a hundred thousand meet.
    first, second = "collide.12823", "collide.113886"
    monkeypatch.setattr(draws, "_names", {})
    draws.purpose(first)

    with pytest.raises(ValueError, match="have the same address"):
        draws.purpose(second)
    # The refused name is not registered, and the first one stays.
    assert list(draws._names.values()) == [first]


def test_the_normal_quantile_is_right_to_its_last_digits():
    shares = [*np.linspace(0.001, 0.999, 999), 0.075, 0.925, *10.0 ** np.arange(-16.0, -3.0)]
    shares += [2.0**-53, 1.0 - 2.0**-53, 1.0 - 1e-10, 1.4e-11, 1.3e-11]
    ours = np.array([draws.normal_quantile(float(share)) for share in shares])

    assert ours == pytest.approx(ndtri(shares), rel=2e-14, abs=1e-15)
    with mpmath.workdps(40):
        back = [
            float(mpmath.ncdf(mpmath.mpf(x)) / mpmath.mpf(p))
            for x, p in zip(ours, shares, strict=True)
        ]
    # A gap in the quantile of some last digits is a larger one in a small probability.
    assert back == pytest.approx([1.0] * len(shares), rel=2e-14)


def test_the_normal_quantile_is_odd():
    shares = np.arange(1, 512) / 1024.0

    assert [draws.normal_quantile(1.0 - p) for p in shares] == [
        -draws.normal_quantile(p) for p in shares
    ]


# Twenty thousand draws find a mean that is off by 0.04 standard deviations, a share off by 0.02.


def gaps_of_gamma(values):
    # Shape 2 and scale 1; a share 2 / e of it lies above 1.
    return z_mean(values, 2.0), z_variance(values, 2.0), z_share(values < 1.0, 1.0 - 2.0 / math.e)


def test_gamma_two_has_its_mean_its_variance_and_its_shape():
    assert max(map(abs, gaps_of_gamma(sample(draws.gamma_two)))) < LIMIT


def test_the_gamma_test_has_teeth():
    # One wait twice as long has the right mean, and nothing else.
    assert max(map(abs, gaps_of_gamma(2.0 * sample(draws.exponential)))) > LIMIT


def gaps_of_normal(values):
    return (
        z_mean(values, 0.0),
        z_variance(values, 1.0),
        z_share(values > 1.6448536269514722, 0.05),
    )


def test_normal_draws_have_their_mean_their_variance_and_their_tail():
    assert max(map(abs, gaps_of_normal(sample(draws.normal)))) < LIMIT


def test_the_normal_test_has_teeth():
    assert max(map(abs, gaps_of_normal(sample(draws.normal) * 1.05))) > LIMIT


def gaps_between_streams(key, other_key):
    """Correlations that ought to be nought: of neighbours, purposes, counts, pairs, keys."""
    people = range(N_DRAWS)
    other = draws.purpose("test.draws.other")
    centred = np.array([draws.uniform(key, i, LUCK, 0) for i in people]) - 0.5
    rivals = [
        [draws.uniform(key, i + 1, LUCK, 0) for i in people],
        [draws.uniform(key, i, other, 0) for i in people],
        [draws.uniform(key, i, LUCK, 1) for i in people],
        [draws.uniform_pair(key, i, LUCK, 0)[1] for i in people],
        [draws.uniform(other_key, i, LUCK, 0) for i in people],
    ]
    return [z_mean(centred * (np.array(rival) - 0.5), 0.0) for rival in rivals]


def test_streams_of_neighbouring_addresses_are_not_correlated():
    assert max(map(abs, gaps_between_streams(KEY, draws.draw_key(1968, 3)))) < LIMIT


def test_the_correlation_test_has_teeth():
    assert max(map(abs, gaps_between_streams(KEY, KEY))) > LIMIT
