"""What is weak in the model of the inner life, to be said wherever its results are shown.

One text for all: it is written into the dictionary of every run that holds an
inner life, and whatever shows such a run shows it from there.
"""

from __future__ import annotations

INNER_LIFE: tuple[str, ...] = (
    "Each coefficient of stages, memory, ties, letting go, style and despair is an assumption of "
    "ours. Studies give the sign of many of them and the size of a few.",
    "Of the theory of stages, what is best supported is one general trait and not eight crises in "
    "their order; and there are many who never have a crisis in mid-life. Modelled is no more than "
    "the time from which an end is felt.",
    "Letting go does more here than studies of people who gave up a goal would allow. Read "
    "weak_letting_go beside every other reading.",
    "The article takes grief for a rehearsal. Reviews of grief before a loss found that it does "
    "not help afterwards, so by default it changes nothing here.",
    "Whether a child was sheltered hardly moves integrity at the end, because denial and not "
    "ignorance holds awareness back. Our assumptions make it so. About schools it says "
    "something only where it holds over their whole range.",
    "Time in each station, the call-up, the caseload and the waits were set together so that T1, "
    "T2, T3, T6 and T26 come out. The texts say nothing of staffing; whoever does not press the "
    "plural in “donors” can give up T26 and have other times.",
    "That three should fare as Ruth, Tommy and Kathy do is very rare here: ties of school fade. "
    "How rare measures that assumption, and not the story.",
    "Integrity justifies nothing. The same life has a high integrity in one reading and no valid "
    "acceptance in another.",
)
