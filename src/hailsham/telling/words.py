"""Words that stand in more than one place: openings, organs, causes, stations.

hailsham does not speak the Programme's euphemisms as its own. It says *died*
and *taken*; "donate", "complete" and "carer" are the Programme's words and
stand in lives and in quotation marks.
"""

from __future__ import annotations

#: The report and every life open with these four lines.
OPENING: tuple[str, ...] = (
    "This is fiction built on real death rates: an England that did not exist, "
    "in which people fall ill as they did in the one that did.",
    "It is about children raised for their organs, about illness and dying. "
    "We suggest 14 with a teacher, 16 alone; this is our suggestion, not an official rating.",
    "Nothing here is how organ donation is done. Real donors have died, "
    "or are adults who volunteered.",
    "If this troubles you, talk to somebody you trust: a teacher, a friend, "
    "a doctor, or a listening service where you live.",
)

NOT_CONNECTED = "Not connected with the author, the publisher or the film of Never Let Me Go."

#: Every page ends with it. The sources say that one can look on for a while without a thought.
UNASKED = "Whose lives did you look at first on this page, and whose did you pass over?"

A_NUMBER = "a model's number, not a judgement"

WEAK_HERE = (
    "Each coefficient behind this life is an assumption, and integrity justifies nothing that was "
    "done to it."
)

#: The sentence above any ratio of years to years; the ratio is shown only on request.
RATIO_WARNING = (
    "This ratio treats one person's years as exchangeable for another's. "
    "That is the question, not an input."
)

RECIPIENTS_EMPTY = "The sources never show the people who were given organs, so this stays empty."

#: Said where a life ends later than anybody has lived.
FLAT_RATE = (
    "The official tables have one rate for everybody above 85, and it is held flat here, so a few "
    "lives run on too long."
)
#: No life that was lived has been known to go far beyond it. [years]
TOO_OLD = 110.0

#: How an organ is named after "a" or "their".
GIFT_NAMES: dict[str, str] = {
    "heart": "heart",
    "lung": "lung",
    "kidney": "kidney",
    "liver": "liver",
    "pancreas": "pancreas",
    "marrow": "bone marrow",
    "tissue": "tissue (cornea, skin, bone or vein)",
    "limb": "a limb",
    "reproductive": "reproductive organs",
}

CAUSE_NAMES: dict[str, str] = {
    "heart": "disease of the heart",
    "stroke": "a stroke",
    "vascular_other": "disease of the blood vessels",
    "lung": "chronic disease of the lung",
    "pneumonia_influenza": "pneumonia or influenza",
    "kidney": "disease of the kidney",
    "liver": "disease of the liver",
    "pancreas_diabetes": "diabetes or disease of the pancreas",
    "cancer_lung": "cancer of the lung",
    "cancer_liver": "cancer of the liver",
    "cancer_pancreas": "cancer of the pancreas",
    "cancer_kidney": "cancer of the kidney",
    "cancer_digestive": "cancer of the digestive organs",
    "cancer_blood": "cancer of the blood",
    "cancer_brain": "a tumour of the brain",
    "cancer_other": "cancer",
    "infectious": "an infectious disease",
    "brain_nervous_mental": "disease of the brain or the nerves",
    "digestive_other": "disease of the digestive organs",
    "perinatal_congenital": "a condition of birth",
    "external": "an accident or violence",
    "senility_ill_defined": "old age or an ill-defined cause",
    "other": "another cause",
    "graft": "the failure of a transplanted organ",
    "operation": "a transplant operation",
    "completed": "an operation of the Programme",
}

STATION_NAMES: dict[str, str] = {
    "house": "in a house",
    "cottages": "at the Cottages",
    "carer": "at work as a \u201ccarer\u201d",
    "donor": "a \u201cdonor\u201d",
}
