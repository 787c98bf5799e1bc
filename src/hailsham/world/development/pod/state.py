"""What is known of a person and of a pod while they live."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled, whole_number, whole_numbers

SEATS = 8
#: Losses that may be open at once in one life; more are a fault of the run, never cut off.
OPEN_LOSSES = 96
STYLES = 7

# The clocks of a person. At one instant they act in this order, and then by seat.
STATION, OPERATION, TRUTH, CLOSING, DREAM, FANTASY, SALE, PARENT, CROSSING = whole_numbers(0, 9)
OBJECT, WRONG, MEND, SUBSTITUTE, GALLERY, COUPLE, HEAR, STOP, APPLY, LAPSE = whole_numbers(9, 19)
BORROW, INVENT, PATIENT, ACQUAINTANCE, ILLNESS, CHANCE, LETTING_GO = whole_numbers(19, 26)
MILESTONE, TICK = whole_numbers(26, 28)
CLOCKS = 28
#: The first and the last of those that are thinned from Poisson streams of their own.
FIRST_STREAM, LAST_STREAM = OBJECT, CHANCE
NOBODY = whole_number(-1)

PERSON = np.dtype(
    [
        ("person", np.int64),
        ("born", np.float64),
        ("station", np.int64),
        ("left", np.int64),  # written as of an age, and lives on unseen for the others' sake
        # Traits and what else is fixed at birth.
        ("general", np.float64),
        ("anger", np.float64),
        ("judgement", np.float64),
        ("talent", np.float64),
        ("crisis", np.float64),  # developmental age about which awareness comes
        ("ostracised", np.int64),
        ("base", np.float64, (8,)),  # the part of each target that does not change
        # The clock.
        ("entered", np.float64),
        ("tau_entry", np.float64),
        ("pace", np.float64),
        ("cap", np.float64),
        ("reach", np.float64),  # when the clock stands at its cap
        ("rate", np.float64),  # pace to the power of compressibility
        ("quick", np.float64),  # rate over pace: development per developmental year
        ("waiting", np.float64),  # the same while the clock stands
        ("since", np.float64),  # up to when everything below is brought
        ("tau", np.float64),
        ("soft", np.float64),  # integral of the crisis up to tau
        # Knowledge and awareness.
        ("knowledge", np.float64),
        ("understood", np.float64),
        ("denial", np.float64),
        ("denial_logit", np.float64),
        ("awareness", np.float64),
        ("crossed", np.int64),
        # Foreseen for the stretch up to the next tick.
        ("horizon", np.float64),
        ("knowledge_held", np.float64),  # knowledge that awareness grows with
        ("knowledge_next", np.float64),
        ("understood_next", np.float64),
        ("top", np.float64),  # awareness that denial leaves room for
        ("soft_next", np.float64),
        ("awareness_next", np.float64),
        # Stages, memory, losses, grief, despair.
        ("x", np.float64, (8,)),
        ("aim", np.float64, (8,)),
        ("extra", np.float64, (8,)),  # the part of each target that events and awareness change
        ("opens", np.float64, (8,)),
        ("shuts", np.float64, (8,)),
        ("inner", np.float64, (8,)),  # pace within the window
        ("fall", np.float64, (8,)),  # what a stretch leaves of the distance to the target
        ("good", np.float64),
        ("good_at", np.float64),
        ("bad", np.float64),
        ("bad_at", np.float64),
        ("borrowed", np.float64),
        ("invented", np.float64),
        ("consolation", np.float64),
        ("n_own", np.int64),
        ("n_borrowed", np.int64),
        ("n_invented", np.int64),
        ("memory_due", np.float64),
        ("memory_draw", np.float64),
        ("memory_count", np.int64),
        ("lost", np.int64),
        ("let", np.int64),
        ("share", np.float64),  # let go of what was lost; 1 if nothing was
        ("open", np.int64),
        ("loss_due", np.float64, (OPEN_LOSSES,)),
        ("loss_draw", np.float64, (OPEN_LOSSES,)),
        ("loss_id", np.int64, (OPEN_LOSSES,)),
        ("loss_try", np.int64, (OPEN_LOSSES,)),
        ("loss_kind", np.int64, (OPEN_LOSSES,)),
        ("loss_bound", np.float64),
        ("loss_trust", np.float64),  # trust at which the bound was set
        ("grief", np.float64),
        ("despair", np.float64),
        ("aim_despair", np.float64),
        # Hopes, style.
        ("dream", np.int64),
        ("hope", np.int64),
        ("rumour", np.int64),
        ("style", np.int64),
        ("choices", np.int64),
        ("guilt", np.int64),
        ("substitutes", np.int64),
        ("picked", np.int64),
        # Ties.
        ("partner", np.int64),
        # Work and operations.
        ("budget", np.float64),
        ("spent", np.float64),
        ("ease", np.float64),
        ("operations", np.int64),
        ("care_sum", np.float64),
        ("recovery_sum", np.float64),
        ("reviewing", np.int64),  # under the intervention do(LR)
        # House.
        ("earned", np.float64),
        ("held", np.float64),
        ("earned_at", np.float64),
        # Clocks.
        ("due", np.float64, (CLOCKS,)),
        ("bound", np.float64, (CLOCKS,)),
        ("draw", np.float64, (CLOCKS,)),
        ("count", np.int64, (CLOCKS,)),
        ("ticks", np.int64),
        ("next", np.float64),
        ("clock", np.int64),
    ]
)

#: What a pod is told: its people, which numbers it lives by, and the dates of its house.
POD = np.dtype(
    [
        ("person", np.int64, (SEATS,)),
        ("born", np.float64, (SEATS,)),
        ("life", np.int64),
        ("house", np.int64),
        ("truth", np.float64),
        ("closes", np.float64),
    ]
)

#: What the eight have in common: what the pod was told, the ties above the
#: diagonal, and what is counted.
FRAME = np.dtype(
    [
        *POD.descr,
        ("tie", np.float64, (SEATS, SEATS)),  # strength
        ("tie_at", np.float64, (SEATS, SEATS)),  # when it had that strength
        ("tie_rate", np.float64, (SEATS, SEATS)),  # how fast it decays since
        ("tie_ends", np.float64, (SEATS, SEATS)),
        ("first_end", np.float64),  # when the first tie ends
        ("level", np.int64),  # what the log keeps
        ("here", np.int64),  # who is alive and not left
        ("rows", np.int64),  # rows that the log was asked for
        ("events", np.int64),
        ("too_many_losses", np.int64),
    ]
)

#: A row of the log.
EVENT = np.dtype(
    [
        ("person", np.int64),
        ("time", np.float64),
        ("event", np.int64),
        ("other", np.int64),
        ("detail", np.int64),
    ]
)

# What the log keeps.
SILENT, TURNING, FULL = 0, 1, 2


class Pod(NamedTuple):
    """Eight people, what they have in common, and where their events go.

    A compiled call passes every array with its shape; so the ties and counts
    are fields of one record, and the log is one array.
    """

    key: np.uint64
    numbers: np.void  # the numbers lived by
    people: NDArray[np.void]
    frame: np.void
    lives: NDArray[np.void]  # eight rows of what comes out
    log: NDArray[np.void]


@compiled
def record(pod: Pod, person: int, time: float, event: int, other: int, detail: int) -> None:
    """Record an event; what finds no room is counted, and the pods are lived again."""
    at = pod.frame["rows"]
    pod.frame["rows"] += 1
    if at < pod.log.size:
        row = pod.log[at]
        row["person"], row["time"], row["event"] = person, time, event
        row["other"], row["detail"] = other, detail
