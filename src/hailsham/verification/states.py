"""Lives that change state: illness and recovery, organs replaced as new, donations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hailsham.verification.estimates import Estimates, Sample, mean_of, ratio_of, share_of
from hailsham.verification.problems import Inputs
from hailsham.verification.waits import arm
from hailsham.verification.walks import Clock, Walks, walk

N = 250_000
#: Lives where an answer is rare: one in 2,600 has died ill by 50.
N_MORE = 400_000
WELL, ILL, DEAD, OF_ORGAN = range(4)


def illness(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P09: illness without recovery, at constant rates."""
    readings = (5, 10, 20, 40)
    law = (
        Clock(WELL, ILL, inputs["h"]),
        Clock(WELL, DEAD, inputs["d"]),
        Clock(ILL, DEAD, inputs["D"]),
    )
    lived = walk(law, key=key, n=n, n_states=3, readings=readings)
    return {
        **_shares(lived, readings, {"H": WELL, "I": ILL, "D": DEAD}),
        "ever_ill": share_of(lived.arrivals[ILL] > 0),
        "mean_life": mean_of(lived.end),
        "mean_time_ill": mean_of(lived.spent[ILL]),
    }


def illness_and_recovery(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P10: illness, recovery, and two causes of death."""
    readings = (1, 5, 20)
    law = (
        Clock(WELL, ILL, inputs["HI"]),
        Clock(WELL, DEAD, inputs["HD"]),
        Clock(ILL, WELL, inputs["IH"]),
        Clock(ILL, DEAD, inputs["ID"]),
        Clock(ILL, OF_ORGAN, inputs["IO"]),
    )
    lived = walk(law, key=key, n=n, n_states=4, readings=readings)
    return {
        **_shares(lived, readings, {"H": WELL, "I": ILL, "D": DEAD, "O": OF_ORGAN}),
        "die_of_organ": share_of(lived.last == OF_ORGAN),
        "mean_life": mean_of(lived.end),
        "mean_time_I": mean_of(lived.spent[ILL]),
        "mean_visits_I": mean_of(lived.arrivals[ILL]),
    }


def illness_by_age(inputs: Inputs, *, key: np.uint64, n: int = N_MORE) -> Estimates:
    """Simulate P11: onset and death rise with age; once without recovery and once with it."""
    readings, states = (50, 70, 90), {"H": WELL, "I": ILL}
    lived = _by_age(inputs, 0.0, key, n, readings)
    found = {**_shares(lived, readings, states), "e0": mean_of(lived.end)}
    lived = _by_age(inputs, inputs["rho"], arm(key, 1), n, readings)
    states |= {"DH": DEAD, "DI": OF_ORGAN}
    recovering = {**_shares(lived, readings, states), "e0": mean_of(lived.end)}
    return {f"norec_{name}": estimate for name, estimate in found.items()} | {
        f"rec_{name}": estimate for name, estimate in recovering.items()
    }


def _by_age(
    inputs: Inputs, recovery: float, key: np.uint64, n: int, readings: Sequence[int]
) -> Walks:
    worse, constant, level, slope = inputs["r"], inputs["c"], inputs["a2"], inputs["b2"]
    law = (
        Clock(WELL, ILL, inputs["a1"], inputs["b1"]),
        Clock(WELL, DEAD, level, slope),
        Clock(WELL, DEAD, constant),
        # Those who die ill are told apart by where they end.
        Clock(ILL, OF_ORGAN, worse * level, slope),
        Clock(ILL, OF_ORGAN, worse * constant),
        Clock(ILL, WELL, recovery),
    )
    return walk(law, key=key, n=n, n_states=4, readings=readings)


def illness_by_duration(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P12: a Weibull clock that starts at onset, without recovery."""
    readings = (5, 15, 30)
    law = (
        Clock(WELL, ILL, inputs["HI"]),
        Clock(WELL, DEAD, inputs["HD"]),
        Clock(ILL, DEAD, shape=inputs["k"], scale=inputs["lam"]),
    )
    lived = walk(law, key=key, n=n, n_states=3, readings=readings)
    return {
        **_shares(lived, readings, {"H": WELL, "I": ILL}),
        "mean_sojourn_I": ratio_of(lived.spent[ILL], lived.arrivals[ILL]),
        "mean_life": mean_of(lived.end),
    }


def illness_and_recovery_by_duration(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P13: two Weibull clocks that start at each onset, one of them to recovery."""
    readings = (5, 20)
    law = (
        Clock(WELL, ILL, inputs["HI"]),
        Clock(WELL, DEAD, inputs["HD"]),
        Clock(ILL, WELL, shape=inputs["k_rec"], scale=inputs["lam_rec"]),
        Clock(ILL, DEAD, shape=inputs["k_die"], scale=inputs["lam_die"]),
    )
    lived = walk(law, key=key, n=n, n_states=3, readings=readings)
    visits = lived.arrivals[ILL]
    return {
        **_shares(lived, readings, {"H": WELL, "I": ILL}),
        "p_recover": ratio_of(lived.arrivals[WELL], visits),
        "mean_sojourn_I": ratio_of(lived.spent[ILL], visits),
        "mean_visits_I": mean_of(visits),
        "mean_life": mean_of(lived.end),
    }


def organ_renewed(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P14: an organ replaced as new whenever it fails, for ever and in a life."""
    readings = (20, 40, 80, 120)
    organ = Clock(0, 0, shape=inputs["k"], scale=inputs["lam"])
    death = Clock(0, 1, inputs["a"], inputs["b"])
    alone = walk((organ,), key=key, n=n, n_states=1, readings=readings)
    mortal = walk((organ, death), key=arm(key, 1), n=n, n_states=2, readings=())
    return {
        **{f"m_{time}": mean_of(alone.moves[at]) for at, time in enumerate(readings)},
        "mean_replacements_in_gompertz_life": mean_of(mortal.arrivals[0]),
    }


def organ_renewed_or_fatal(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P15: each failure is fatal with a probability; alone, in a life, and always."""
    readings, death = (40, 80), Clock(0, 1, inputs["a"], inputs["b"])

    def lives(number: int, fatal: float, *others: Clock) -> Walks:
        organ = Clock(0, 0, shape=inputs["k"], scale=inputs["lam"], fatal=fatal)
        luck = arm(key, number)
        return walk((organ, *others), key=luck, n=n, n_states=2, readings=readings)

    chain = lives(0, inputs["q"])
    return {
        **_shares(chain, readings, {"G": 0}),
        "mean_organ_life_chain": mean_of(chain.end),
        "e0_with_gompertz": mean_of(lives(1, inputs["q"], death).end),
        "e0_no_replacement": mean_of(lives(2, 1.0, death).end),
    }


def donations(inputs: Inputs, *, key: np.uint64, n: int = N) -> Estimates:
    """Simulate P16: up to four donations, each of them survived with its probability."""
    most = len(inputs["p"])
    dead = most + 1
    law = [
        Clock(k, k + 1, 1.0 / inputs["gap_mean"], fatal=fatal)
        for k, fatal in enumerate(inputs["p"])
    ]
    lived = walk(law, key=key, n=n, n_states=dead + 1, readings=(5,))
    given = lived.arrivals.sum(axis=0)
    completed = {
        f"P_complete_at_{k}": share_of((given == k) & (lived.last == dead))
        for k in range(1, most + 1)
    }
    return {
        **completed,
        "mean_donations": mean_of(given),
        "mean_time": mean_of(lived.end),
        "S_5": share_of(lived.state[0] != dead),
    }


def _shares(lived: Walks, readings: Sequence[int], states: Mapping[str, int]) -> Estimates:
    """Of who is in which state at which reading, by the names of the answers."""
    found: dict[str, Sample] = {
        f"{name}_{time}": lived.state[at] == state
        for at, time in enumerate(readings)
        for name, state in states.items()
    }
    return {name: share_of(is_so) for name, is_so in found.items()}
