"""The page of facts, written from the catalogue.

``docs/reference/facts.md`` is what ``describe`` returns; a test holds them
equal. To write it anew: ``python -m hailsham.world.sources.reference FILE``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from hailsham.world.sources.facts import DOCUMENTS, KINDS, Fact, Gap, read_facts, read_gaps

_OPENING = """\
# What the two texts say

*Written from the catalogue in the code; a test keeps the two equal.*

hailsham rests on two texts: a film critic's page with its readers' comments, the *review*, and a
psychiatrist's paper on the novel, the *article*. They are not in this repository. Here is each
thing that they say, in our words, and what stands for it here: a mechanism of the model, a
parameter, a target that `hailsham evidence` judges, a reading, our pages; or the reason why it is
left out. What the texts say, what is known from elsewhere and what we made up is never mixed: the
grade of a parameter says which it is.

Paragraphs are counted from the first of running prose, comments as they are printed.
"""


def describe() -> str:
    """Return the page of facts, as Markdown."""
    parts = [_OPENING]
    for kind, facts in groupby(read_facts(), key=lambda fact: fact.kind):
        heading = KINDS[kind]
        parts.append(f"## {heading[0].upper()}{heading[1:]}\n")
        parts += ["\n".join(_fact_lines(fact)) for fact in facts]
    parts.append("## Where the texts disagree, or say nothing\n")
    parts += ["\n".join(_gap_lines(gap)) for gap in read_gaps()]
    return "\n".join(parts)


def _fact_lines(fact: Fact) -> Iterator[str]:
    yield f"**{fact.id}** {fact.says} *{_from(fact)}.*"
    yield f"{'; '.join(_stands(fact))}."
    yield ""


def _from(fact: Fact) -> str:
    document = DOCUMENTS[fact.document] if fact.document == "neither" else fact.document.title()
    return fact.at[0].upper() + fact.at[1:] if fact.document == "both" else f"{document}, {fact.at}"


def _stands(fact: Fact) -> Iterator[str]:
    """Yield what stands for a fact, kind by kind."""
    named = {
        "Mechanism": fact.mechanism,
        "Parameter": fact.parameter,
        "Target": fact.target,
        "Reading": fact.reading,
    }
    for kind, names in named.items():
        if names:
            yield f"{kind}: {', '.join(f'`{name}`' for name in names)}"
    if fact.pages:
        yield f"Pages: {fact.pages}"
    if fact.not_modelled:
        yield f"Not modelled: {fact.not_modelled}"


def _gap_lines(gap: Gap) -> Iterator[str]:
    yield f"**{gap.id}** {gap.says} *{', '.join(gap.between)}.*"
    yield gap.taken
    yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
