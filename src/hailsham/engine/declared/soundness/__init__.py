"""Whether a declared model can be lived: every fault of it, at once, before the run.

``words`` looks at names and at what belongs to what, ``numbers`` at values,
``ways`` at the graph of states. What only a run can meet is in ``stops``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hailsham.engine.declared.declaration import Declaration, State
from hailsham.engine.declared.soundness.numbers import number_faults
from hailsham.engine.declared.soundness.ways import address_faults, way_faults
from hailsham.engine.declared.soundness.words import word_faults
from hailsham.errors import Fault, ModelError

__all__ = ["check", "find_faults"]


def find_faults(
    model: Declaration,
    *,
    start: Sequence[State] = (),
    given: Collection[str] = (),
    until: float = 110.0,
) -> list[Fault]:
    """Find everything that is wrong with a model and can be known before it is run.

    Ways through the graph are looked at where all names hold; else one
    misspelt name would be told again as states that nobody can come to.

    Args:
        model: As declared.
        start: States in which lives begin; by default the first declared.
        given: Attributes that are given for each person when lives begin.
        until: [years] Where lives are cut, on the model's clock; thinned
            hazards are looked at up to there.

    Returns:
        Faults in the order of declaration; none if the model is sound.
    """
    begin = tuple(start) or tuple(model.declared_states[:1])
    wrong_words = word_faults(model, start=begin, given=given)
    wrong_numbers = number_faults(model, until=until)
    if wrong_words:
        return wrong_words + wrong_numbers
    found = wrong_numbers + way_faults(model, start=begin, given=given)
    return found or address_faults(model)


def check(
    model: Declaration,
    *,
    start: Sequence[State] = (),
    given: Collection[str] = (),
    until: float = 110.0,
) -> None:
    """Refuse a model that is not sound; the arguments are those of ``find_faults``.

    Raises:
        ModelError: HS401 to HS416, every fault at once.
    """
    if found := find_faults(model, start=start, given=given, until=until):
        raise ModelError(found)
