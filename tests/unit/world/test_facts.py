"""Nothing that the texts say is dropped in silence, and nothing is named that is not there."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from importlib.util import find_spec

from hailsham.telling.evidence.targets import TARGETS
from hailsham.world.sources.facts import DOCUMENTS, KINDS, Fact, read_facts, read_gaps
from hailsham.world.sources.readings import READINGS
from hailsham.world.sources.reference import describe
from tests.house.tree import ROOT
from tests.unit.world.parameter_names import parameters

#: The texts were gone through once, and as many things were found in them.
N_FACTS, N_GAPS = 128, 7
N_TARGETS = 26
SENTENCE = re.compile(r"\w.*[.?!]")


def is_module(name: str) -> bool:
    """Whether hailsham has such a module; it is looked for, not run."""
    try:
        return find_spec(f"hailsham.{name}") is not None
    except ModuleNotFoundError:
        return False


def unaccounted(facts: Iterable[Fact]) -> list[str]:
    """Facts that nothing stands for."""
    return [fact.id for fact in facts if not fact.is_accounted_for]


def strangers(
    facts: Iterable[Fact],
    *,
    keys: Collection[str],
    targets: Collection[str],
    readings: Collection[str],
) -> list[str]:
    """Modules, parameters, targets and readings that are named and do not exist."""
    found = []
    for fact in facts:
        found += [f"{fact.id} {name}" for name in fact.mechanism if not is_module(name)]
        known = {"parameter": keys, "target": targets, "reading": readings}
        for kind, there in known.items():
            found += [f"{fact.id} {name}" for name in getattr(fact, kind) if name not in there]
    return found


def test_every_fact_is_there_once_and_in_order():
    assert [fact.id for fact in read_facts()] == [f"F{n}" for n in range(1, N_FACTS + 1)]
    assert [gap.id for gap in read_gaps()] == [f"G{n}" for n in range(1, N_GAPS + 1)]


def test_every_fact_is_accounted_for():
    assert unaccounted(read_facts()) == []


def test_what_a_fact_names_exists():
    targets = {target.name for target in TARGETS}
    assert strangers(read_facts(), keys=parameters(), targets=targets, readings=set(READINGS)) == []


def test_every_target_and_every_reading_rests_on_a_fact():
    assert {name for fact in read_facts() for name in fact.target} == {
        f"T{n}" for n in range(1, N_TARGETS + 1)
    }
    named = {name for fact in read_facts() for name in fact.reading}
    ours = {name for name, reading in READINGS.items() if not reading.facts}
    assert named | ours == set(READINGS)


def test_targets_and_facts_name_each_other():
    by_facts = {(fact.id, name) for fact in read_facts() for name in fact.target}
    by_targets = {(fact, target.name) for target in TARGETS for fact in target.facts}
    assert by_facts == by_targets


def test_readings_and_facts_name_each_other():
    accounts = [fact for fact in read_facts() if fact.kind == "reading"]
    by_facts = {(fact.id, name) for fact in accounts for name in fact.reading}
    by_readings = {(fact, name) for name, reading in READINGS.items() for fact in reading.facts}
    assert by_facts == by_readings


def test_every_fact_has_a_document_a_place_a_kind_and_a_sentence():
    for fact in read_facts():
        assert fact.document in DOCUMENTS
        assert fact.kind in KINDS
        assert fact.at
        assert SENTENCE.fullmatch(fact.says)
    for gap in read_gaps():
        assert SENTENCE.fullmatch(gap.says)
        assert SENTENCE.fullmatch(gap.taken)
        assert set(gap.between) <= {fact.id for fact in read_facts()}


def test_a_fact_that_nothing_stands_for_is_caught():
    first, second = read_facts()[:2]
    bare = replace(second, mechanism=(), pages="")

    assert unaccounted([first, bare]) == ["F2"]


def test_what_does_not_exist_is_caught():
    fact = replace(
        read_facts()[0],
        mechanism=("world.recorded", "world.dreams", "nowhere.at_all"),
        parameter=("list.opens", "list.opened"),
        target=("T1", "T27"),
        reading=("article", "articles"),
    )

    found = strangers([fact], keys={"list.opens"}, targets={"T1"}, readings={"article"})
    assert found == [
        "F1 world.dreams", "F1 nowhere.at_all", "F1 list.opened", "F1 T27", "F1 articles",
    ]  # fmt: skip


def test_the_page_of_facts_is_written_from_the_catalogue():
    assert (ROOT / "docs" / "reference" / "facts.md").read_text(encoding="utf-8") == describe()
