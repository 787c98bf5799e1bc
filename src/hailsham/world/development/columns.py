"""What comes out of an inner life: one row a person, column by column.

Times are on the clock of the births that went in, years AD in every run. A
time or an age that never came is NaN; a person that never was is -1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

N_STAGES = 8

#: Statuses after Hearn and others (2012), with cuts of our own at .6 and .5.
STATUSES = ("integrated", "pseudo-integrated", "despairing", "non-exploring")


@dataclass(frozen=True)
class LifeColumn:
    """A column: its type, meaning, unit, and when it holds no value."""

    name: str
    type: type
    meaning: str
    unit: str = ""
    null: str = ""


_I, _F = np.int64, np.float64
_T = "years on the clock of the births"

COLUMNS: tuple[LifeColumn, ...] = (
    LifeColumn("person", _I, "address of the person"),
    LifeColumn("pod", _I, "address of the pod: that of its first person"),
    LifeColumn("seat", _I, "place in the pod, 0 to 7"),
    LifeColumn("life", _I, "which set of numbers was lived by: a row of those given"),
    LifeColumn("house", _I, "number of the house"),
    LifeColumn("born", _F, "time of birth", _T),
    LifeColumn("left_house", _F, "left school", _T, "not lived to see it"),
    LifeColumn("carer_from", _F, "began work", _T, "not lived to see it"),
    LifeColumn("carer_until", _F, "was called up, or retired", _T, "not lived to see it"),
    LifeColumn("tenure", _F, "time at work", "years", "never left work"),
    LifeColumn("quality", _F, "quality as a carer at the call-up", "standardised", "never left work"),
    LifeColumn("donor_from", _F, "was called up, or retired", _T, "not lived to see it"),
    LifeColumn("died_before_call", _I, "others of the pod who had died by the call-up", "people"),
    LifeColumn("first_operation", _F, "first operation", _T, "had none"),
    LifeColumn("donations", _I, "operations undergone", "operations"),
    *(LifeColumn(f"gift_{n}", _I, f"what operation {n} took, as a place in the list of gifts", "", "-1: no such operation") for n in range(1, 5)),
    LifeColumn("mobility_lost", _F, "mobility lost to operations", "0 to 1"),
    LifeColumn("care_mean", _F, "quality of care met, mean over operations", "standardised", "had none"),
    LifeColumn("recovery_mean", _F, "recovery after operations survived, mean", "years", "had none"),
    LifeColumn("ended", _F, "time of death", _T, "alive where the run stopped"),
    *(LifeColumn(f"x_{k}", _F, f"resolution of stage {k}", "logit") for k in range(1, 9)),
    *(LifeColumn(f"stage_{k}", _F, f"resolution of stage {k}", "1 to 5") for k in range(1, 9)),
    LifeColumn("integrity", _F, "integrity at the end", "0 to 1"),
    LifeColumn("despair", _F, "despair at the end", "0 to 1"),
    LifeColumn("integrity_status", _I, "status, as a place in the list of statuses"),
    LifeColumn("peaceful", _I, "peacefully aware at the end", "0 or 1"),
    LifeColumn("knowledge_15", _F, "knowledge of one's fate at 15", "0 to 1", "not lived to see it"),
    LifeColumn("awareness_15", _F, "felt awareness at 15", "0 to 1", "not lived to see it"),
    LifeColumn("knowledge_19", _F, "knowledge at 19", "0 to 1", "not lived to see it"),
    LifeColumn("awareness_19", _F, "felt awareness at 19", "0 to 1", "not lived to see it"),
    LifeColumn("knowledge_call", _F, "knowledge at the call-up", "0 to 1", "never left work"),
    LifeColumn("awareness_call", _F, "felt awareness at the call-up", "0 to 1", "never left work"),
    LifeColumn("knowledge_end", _F, "knowledge at the end", "0 to 1"),
    LifeColumn("awareness_end", _F, "felt awareness at the end", "0 to 1"),
    LifeColumn("denial_end", _F, "denial at the end", "0 to 1"),
    LifeColumn("crisis_age", _F, "age at which awareness first passed one half", "years", "never"),
    LifeColumn("consolation", _F, "consolation available from memory at the end", "0 to 1"),
    LifeColumn("memories_own", _I, "memories of one's own", "memories"),
    LifeColumn("memories_borrowed", _I, "memories borrowed", "memories"),
    LifeColumn("memories_invented", _I, "memories invented", "memories"),
    LifeColumn("good_feeling", _F, "good feeling left in one's own memories"),
    LifeColumn("bad_feeling", _F, "bad feeling left in them"),
    LifeColumn("lost", _I, "losses met, existence among them", "losses"),
    LifeColumn("let_go", _I, "losses let go", "losses"),
    LifeColumn("letting_go", _F, "share let go of the losses before the last", "0 to 1"),
    LifeColumn("grief", _F, "grief at the end"),
    LifeColumn("ties_16", _I, "ties on leaving school", "ties"),
    LifeColumn("ties_end", _I, "ties at the end", "ties"),
    LifeColumn("couples", _I, "couples that the person was one of", "couples"),
    LifeColumn("first_couple", _I, "the first partner", "", "-1: none"),
    LifeColumn("couple", _I, "the last partner", "", "-1: none"),
    LifeColumn("couple_from", _F, "since when they were a couple", _T, "no partner"),
    LifeColumn("couple_end", _I, "whether still one of a couple at the end", "0 or 1"),
    LifeColumn("dreamed", _I, "dreamt of a career", "0 or 1"),
    LifeColumn("heard", _F, "heard the rumour of deferral", _T, "never"),
    LifeColumn("believed_deferral", _I, "ever believed it", "0 or 1"),
    LifeColumn("hope_end", _I, "believed it at the end", "0 or 1"),
    LifeColumn("applied", _F, "applied for a deferral, in both names", _T, "never"),
    LifeColumn("refused", _F, "was refused", _T, "never"),
    LifeColumn("style_first", _I, "style of preparing for death first chosen, as a place", "", "0: none"),
    LifeColumn("style", _I, "style at the end, as a place", "", "0: none"),
    LifeColumn("understanding", _F, "mean of knowing, feeling and holding no false hope", "0 to 1"),
    LifeColumn("wrongs", _I, "wrongs done", "wrongs"),
    LifeColumn("guilt", _I, "wrongs not mended", "wrongs"),
    LifeColumn("patients_died", _I, "donors looked after who died", "donors"),
    LifeColumn("tau_call", _F, "developmental age at the call-up", "developmental years", "never left work"),
    LifeColumn("tau_end", _F, "developmental age at the end; below the last, unfinished", "developmental years"),
    LifeColumn("truth", _F, "was told the truth", _T, "never"),
    LifeColumn("substitutes", _I, "substitutes for a mother", "people"),
    LifeColumn("gallery", _I, "works chosen for the Gallery", "works"),
    LifeColumn("checks", _I, "touches of the wrist panel", "touches"),
    LifeColumn("tokens_earned", _F, "tokens earned up to the last sale", "tokens"),
    LifeColumn("tokens_held", _F, "tokens not spent", "tokens"),
    LifeColumn("things", _I, "things bought at sales", "things"),
    LifeColumn("ostracised", _I, "left out by the others", "0 or 1"),
    LifeColumn("chances_taken", _I, "chances to leave that were taken, in an intervention", "chances"),
    LifeColumn("general", _F, "general factor, a trait", "standardised"),
    LifeColumn("anger", _F, "anger, a trait", "standardised"),
    LifeColumn("judgement", _F, "independence of judgement, a trait", "standardised"),
    LifeColumn("talent", _F, "talent as a carer, a trait", "standardised"),
    LifeColumn("events", _I, "events of this life, ticks apart", "events"),
    LifeColumn("ticks", _I, "ticks of this life", "ticks"),
)  # fmt: skip

#: One row a person.
LIFE = np.dtype([(column.name, column.type) for column in COLUMNS])
