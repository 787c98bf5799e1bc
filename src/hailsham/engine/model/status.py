"""What stops a run: the numbers that kernels return, and nothing else."""

from __future__ import annotations

#: A factor is negative.
FACTOR = 1
#: Shares of a branch are no probabilities, or do not sum to one.
SHARES = 2
#: A thinned hazard is above its bound, below 0 or no number, or never kept a candidate.
THINNED = 3
#: An attribute was read before it was set.
UNSET = 4
#: Moves without end at one time.
ENDLESS = 5
#: A buffer was too small; the run is done again with a larger one.
FULL = 6
