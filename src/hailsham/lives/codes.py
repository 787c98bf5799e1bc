"""Codes: the numbers and words that stand in the tables of a run.

A code is never reused. Words stand in the tables as they are; numbers are
explained in the run's own ``dictionary.json``, written from here.
"""

from __future__ import annotations

from enum import IntEnum

SEXES = ("female", "male")
KINDS = ("public", "clone")
STATUSES = ("alive", "died", "left")
BLOOD_GROUPS = ("O", "A", "B", "AB")
#: Age bands of the official tables.
AGE_GROUPS = ("<1", "1-4", *(f"{a}-{a + 4}" for a in range(5, 85, 5)), "85+")
#: The six organs that somebody may be listed for, in the order of the clocks.
ORGANS = ("heart", "lung", "kidney", "liver", "pancreas", "marrow")
#: What else may be taken; nobody is listed for these.
OTHER_GIFTS = ("tissue", "limb", "reproductive")
GIFTS = ORGANS + OTHER_GIFTS
#: Causes of death of the official tables, in their order; "other" is what is left.
RECORDED_CAUSES = (
    "heart", "stroke", "vascular_other", "lung", "pneumonia_influenza", "kidney", "liver",
    "pancreas_diabetes", "cancer_lung", "cancer_liver", "cancer_pancreas", "cancer_kidney",
    "cancer_digestive", "cancer_blood", "cancer_brain", "cancer_other", "infectious",
    "brain_nervous_mental", "digestive_other", "perinatal_congenital", "external",
    "senility_ill_defined", "other",
)  # fmt: skip
#: Why somebody died: a recorded cause, a given organ that failed, the operation
#: that gave it, or an operation of the Programme.
CAUSES = (*RECORDED_CAUSES, "graft", "operation", "completed")
OUTCOMES = ("used", "no_need", "outside_need", "discarded", "expired")
REGIMES = ("none", "programme")
WORLDS = ("simulated", "untreated")
CLONE_STATES = ("house", "cottages", "carer", "donor")
PUBLIC_STATES = ("waiting", "with graft")
#: How somebody prepares for the end.
STYLES = ("none", "reminiscer", "repairer", "protester", "bargainer", "dutiful", "glosser")
#: Integrity and despair at the end, each high or low.
ENDINGS = ("integrated", "pseudo-integrated", "despairing", "non-exploring")
#: Whose lives are lived beside those of a run.
BESIDE = ("clones", "ordinary")


#: What somebody may lose, in an inner life.
LOSSES = (
    "nothing", "school", "the Cottages", "a dream", "a belief", "a tie", "a friend",
    "the school's being there", "health at an operation", "a thing", "health", "existence",
    "a parent",
)  # fmt: skip


class Event(IntEnum):
    """What can stand in the event log."""

    BORN = 1
    ENTERED = 2
    LEFT = 3
    DIED = 4
    ORGAN_FAILED = 5
    LISTED = 6
    TRANSPLANTED = 7
    GRAFT_FAILED = 8
    REMOVED = 9
    MOVED_HOUSE = 20
    LEFT_HOUSE = 21
    BEGAN_CARING = 22
    GIVEN_PATIENT = 23
    LOST_PATIENT = 24
    CALLED_UP = 25
    GIVEN_CARER = 26
    LOST_CARER = 27
    READY = 28
    OPERATED = 29
    BECAME_COUPLE = 30
    APPLIED = 31
    REFUSED = 32
    REMEMBERED = 40
    BORROWED_MEMORY = 41
    INVENTED_MEMORY = 42
    BECAME_AWARE = 43
    CHOSE_STYLE = 44
    LOST_SOMETHING = 45
    LET_GO = 46
    HEARD_RUMOUR = 47
    STOPPED_TELLING = 48
    LOST_BELIEF = 49
    TIE_ENDED = 50
    FRIEND_DIED = 51
    TOLD_THE_TRUTH = 52
    SCHOOL_CLOSED = 53
    DREAMED = 54
    FOUND_SUBSTITUTE = 55
    CHOSEN_FOR_GALLERY = 56
    WENT_TO_SALE = 57
    WRONGED = 58
    MENDED = 59
    PARENT_DIED = 60
    ACQUAINTANCE_DIED = 61
    FELL_ILL = 62
    TOOK_CHANCE = 63
    RETIRED = 64


#: (label in plain words, what ``other`` holds, what ``detail`` holds)
EVENT_MEANINGS: dict[Event, tuple[str, str, str]] = {
    Event.BORN: ("was born", "", ""),
    Event.ENTERED: ("was in England at the start, or came to live there", "", ""),
    Event.LEFT: ("left England", "", ""),
    Event.DIED: ("died", "", "cause, as a place in the list of causes"),
    Event.ORGAN_FAILED: ("an organ failed", "", "organ, as a place in the list of organs"),
    Event.LISTED: ("was put on the waiting list", "", "organ"),
    Event.TRANSPLANTED: ("was given an organ", "from whom it was taken", "organ"),
    Event.GRAFT_FAILED: ("the given organ failed", "", "organ"),
    Event.REMOVED: ("was taken off the waiting list", "", "organ"),
    Event.MOVED_HOUSE: ("was moved to another house", "", "the new house"),
    Event.LEFT_HOUSE: ("left the house for the Cottages", "", "the house left"),
    Event.BEGAN_CARING: ("began work, looking after others who had been called up", "", ""),
    Event.GIVEN_PATIENT: ("was given somebody to look after", "whom", ""),
    Event.LOST_PATIENT: ("somebody who was looked after died", "who", ""),
    Event.CALLED_UP: ("was called up to be operated on", "", ""),
    Event.GIVEN_CARER: ("was given somebody who looked after this person", "who", ""),
    Event.LOST_CARER: ("whoever looked after this person was called up", "who", ""),
    Event.READY: ("was ready for the next operation", "", "step"),
    Event.OPERATED: (
        "was operated on, and something was taken",
        "the first recipient, if any",
        "step",
    ),
    Event.BECAME_COUPLE: ("became one of a couple", "the other", ""),
    Event.APPLIED: ("applied for a deferral", "the other of the couple", ""),
    Event.REFUSED: ("the application was refused", "the other of the couple", ""),
    Event.REMEMBERED: ("something happened that stayed in memory", "", "feeling, in hundredths"),
    Event.BORROWED_MEMORY: ("borrowed a memory from somebody", "", ""),
    Event.INVENTED_MEMORY: ("invented a memory", "", ""),
    Event.BECAME_AWARE: ("felt for the first time that life would end", "", ""),
    Event.CHOSE_STYLE: ("came to a style of preparing for death", "", "style, as a place"),
    Event.LOST_SOMETHING: ("lost something", "who, if somebody", "loss, as a place"),
    Event.LET_GO: ("let a loss go", "", "loss, as a place in the list of losses"),
    Event.HEARD_RUMOUR: ("heard that couples may be deferred", "", "1 if it was believed"),
    Event.STOPPED_TELLING: ("stopped telling others so", "", ""),
    Event.LOST_BELIEF: ("no longer believed it", "", ""),
    Event.TIE_ENDED: ("lost touch with a friend", "the friend", ""),
    Event.FRIEND_DIED: ("a friend died", "the friend", "1 if they were a couple"),
    Event.TOLD_THE_TRUTH: ("was told the truth by a teacher", "", ""),
    Event.SCHOOL_CLOSED: ("the school closed", "", ""),
    Event.DREAMED: ("began to dream of a career", "", ""),
    Event.FOUND_SUBSTITUTE: ("found somebody to take a mother's place", "", ""),
    Event.CHOSEN_FOR_GALLERY: ("a work was chosen for the Gallery", "", ""),
    Event.WENT_TO_SALE: ("went to a sale", "", "things bought"),
    Event.WRONGED: ("did a wrong", "", ""),
    Event.MENDED: ("mended a wrong", "", ""),
    Event.PARENT_DIED: ("a parent died", "", ""),
    Event.ACQUAINTANCE_DIED: ("somebody known died", "", ""),
    Event.FELL_ILL: ("fell ill", "", ""),
    Event.TOOK_CHANCE: ("took a chance to leave, in an intervention", "", ""),
    Event.RETIRED: ("retired", "", ""),
}


class Risk(IntEnum):
    """What competed at a turning point."""

    HEART = 1
    LUNG = 2
    KIDNEY = 3
    LIVER = 4
    PANCREAS = 5
    MARROW = 6
    OTHER_CAUSE = 7
    LEAVING = 8
    GRAFT = 9
    CALL_UP = 20
    DEATH_AT_OPERATION = 21
    SURVIVING_OPERATION = 22


RISK_LABELS: dict[Risk, str] = {
    Risk.HEART: "death by disease of the heart",
    Risk.LUNG: "death by disease or tumour of the lung",
    Risk.KIDNEY: "death by disease or tumour of the kidney",
    Risk.LIVER: "death by disease or tumour of the liver",
    Risk.PANCREAS: "death by diabetes or tumour of the pancreas",
    Risk.MARROW: "death by cancer of the blood",
    Risk.OTHER_CAUSE: "death by any other cause",
    Risk.LEAVING: "leaving England",
    Risk.GRAFT: "death by the failure of a given organ",
    Risk.CALL_UP: "being called up",
    Risk.DEATH_AT_OPERATION: "dying at the operation",
    Risk.SURVIVING_OPERATION: "surviving the operation",
}


def event_codes() -> dict[str, dict[str, str]]:
    """Return each event's code with its name, label and what its columns hold."""
    return {
        str(int(event)): {"name": event.name.lower(), "label": label, "other": other, "detail": det}
        for event, (label, other, det) in EVENT_MEANINGS.items()
    }


def risk_codes() -> dict[str, dict[str, str]]:
    """Return each risk's code with its name and label."""
    return {
        str(int(risk)): {"name": risk.name.lower(), "label": label}
        for risk, label in RISK_LABELS.items()
    }
