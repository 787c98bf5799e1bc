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
