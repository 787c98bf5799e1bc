"""Problems without luck: waits from given uniforms, estimates from given records, known blocks."""

from __future__ import annotations

import numpy as np

from hailsham.engine.arithmetic import log
from hailsham.engine.draws import philox
from hailsham.engine.estimators import CENSORED, Spells, cumulative_incidence, kaplan_meier
from hailsham.engine.hazards import gompertz_wait
from hailsham.verification.estimates import Estimates, exactly
from hailsham.verification.problems import Inputs

_ONES = 2**32 - 1
#: Counter, key and block of Philox4x32-10 as its authors published them, salmon2011: all zeros,
#: all ones, and digits of pi.
KNOWN = {
    "zero": ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    "ones": ((_ONES,) * 4, (_ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    "pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}


def waits_from_uniforms(inputs: Inputs, *, key: np.uint64) -> Estimates:
    """Compute P05: Gompertz waits from the ages and uniforms that name its answers."""
    del key
    return {
        f"T_x{age}_u{unit}": exactly(
            gompertz_wait(-log(unit), float(age), inputs["a"], inputs["b"])
        )
        for age in (0, 40, 85)
        for unit in (0.001, 0.5, 0.999)
    }


def ten_records(inputs: Inputs, *, key: np.uint64) -> Estimates:
    """Compute P25: survival and incidence of ten people, two of a kind, some censored."""
    del key
    times, causes = np.array(inputs["records"]).T
    n = times.size
    spells = Spells(
        person=np.arange(n),
        start=np.zeros(n),
        stop=times.astype(np.float64),
        from_state=np.zeros(n, np.int64),
        to_state=np.where(causes == 0, CENSORED, causes),
    )
    survival, incidence = kaplan_meier(spells), cumulative_incidence(spells)
    found = {}
    for time in (2, 4, 6, 7):
        found[f"KM_{time}"] = exactly(float(survival.at(float(time)).value))
        for cause in (1, 2):
            found[f"AJ{cause}_{time}"] = exactly(incidence.at(float(time)).value[cause - 1])
    return found


def known_blocks(inputs: Inputs, *, key: np.uint64) -> Estimates:
    """Count for P28 how many of the four words of each published block the engine gives.

    The blocks of the file are of the scheme's other width, Philox4x64-10; the
    engine is held to those of its own.
    """
    del inputs, key
    return {name: exactly(_words_met(*case)) for name, case in KNOWN.items()}


def _words_met(counter: tuple[int, ...], key: tuple[int, ...], block: tuple[int, ...]) -> int:
    drawn = philox(*map(np.uint64, (*counter, *key)))
    return sum(int(word) == known for word, known in zip(drawn, block, strict=True))
