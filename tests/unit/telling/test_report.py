"""The report opens anywhere, hides nothing, and keeps to our words."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from hailsham.errors import RunFolderError
from hailsham.lives.store import StoredRun
from hailsham.telling.report import REPORT_NAME, _happened, compose_report, write_report
from hailsham.telling.tables import Expectancy, summarise
from hailsham.telling.words import OPENING, RECIPIENTS_EMPTY, UNASKED
from tests.unit.telling.conftest import PARAMETERS, Recipe, write_run

LARGEST = 1_500_000
VOID = {"meta", "br", "wbr", "link", "img", "hr", "input"}
#: The Programme's words. Ours are "died" and "taken".
EUPHEMISM = re.compile(r"\b(donat\w*|donors?|carers?|complet\w*)\b", re.IGNORECASE)
QUOTED = re.compile("\u201c[^\u201d]*\u201d")
#: Parts in which others speak: the opening, lives, and what the run's dictionary says.
OTHERS = {"opening", "lives", "domains", "given"}


@dataclass
class Element:
    """An element of a page, with what is inside it."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    def all(self, tag: str = "") -> list["Element"]:
        found = []
        for part in self.inside:
            if isinstance(part, Element):
                found += [part] * (part.tag == tag or not tag) + part.all(tag)
        return found

    def text(self, *, without: frozenset[str] = frozenset()) -> str:
        parts = [
            part if isinstance(part, str) else part.text(without=without)
            for part in self.inside
            if isinstance(part, str) or not without & set(part.attributes.get("class", "").split())
        ]
        return " ".join(" ".join(parts).split())


class Reader(HTMLParser):
    """Reads a page into elements; whatever is not closed in order is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.path = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.path[-1].tag == tag, f"</{tag}> inside <{self.path[-1].tag}>"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].inside.append(data)


def read(page: str) -> Element:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.path) == 1
    return reader.path[0]


def strangers(page: str) -> list[str]:
    """Whatever a browser would have to fetch, or to run."""
    found = re.findall(r"https?:|<script|<link|<img|<iframe|@import|@font-face|\son\w+=", page)
    found += [at for at in re.findall(r'(?:src|href)="([^"]*)"', page) if not at.startswith("#")]
    return found + [at for at in re.findall(r"url\(([^)]*)\)", page) if not at.startswith("#")]


def euphemisms(text: str) -> list[str]:
    """The Programme's words, where they stand outside quotation marks."""
    return EUPHEMISM.findall(QUOTED.sub("", text))


def bare_tables(page: Element) -> list[str]:
    """Tables without a caption, or with a heading that heads nothing."""
    found = []
    for table in page.all("table"):
        heads = table.all("th")
        if not table.all("caption") or not all("scope" in head.attributes for head in heads):
            found.append(table.text()[:40])
    return found


@pytest.fixture(scope="module")
def page(small_run: StoredRun) -> str:
    return compose_report(small_run)


def test_the_page_needs_nothing_but_itself(page):
    assert strangers(page) == []
    assert len(page.encode()) < LARGEST


@pytest.mark.parametrize(
    "line",
    [
        "<script>1</script>",
        '<a href="report.css">',
        '<img src="a.png">',
        "a { background: url(a.png) }",
        '<svg xmlns="http' + '://example.net">',
        '<p onclick="a()">',
    ],
)
def test_what_the_page_would_have_to_fetch_is_caught(page, line):
    assert strangers(page + line) != []


def test_the_page_opens_with_the_four_lines(page):
    first = [paragraph.text() for paragraph in read(page).all("p")[: len(OPENING)]]

    assert first == list(OPENING)


def test_the_page_is_in_british_english_with_one_title_and_headings_in_order(page):
    whole = read(page)
    levels = [int(part.tag[1]) for part in whole.all() if re.fullmatch(r"h\d", part.tag)]

    assert whole.all("html")[0].attributes["lang"] == "en-GB"
    assert "A small run" in whole.all("title")[0].text()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_id_is_unique_and_every_reference_arrives(page):
    parts = read(page).all()
    ids = [part.attributes["id"] for part in parts if "id" in part.attributes]
    named = [part.attributes.get("aria-labelledby", "") for part in parts]
    reached = [part.attributes.get("href", "")[1:] for part in parts]

    assert len(ids) == len(set(ids))
    assert {name for name in named + reached if name} <= set(ids)


def test_every_figure_has_a_finding_a_drawing_and_its_table(page):
    figures = read(page).all("figure")

    assert len(figures) == 11
    for figure in figures:
        assert re.search(r"\d", figure.all("h3")[0].text())
        assert figure.all("svg")[0].attributes["role"] == "img"
        assert len(figure.all("details")) == 1
        assert len(figure.all("tr")) > 1


def test_every_table_has_a_caption_and_heads_and_can_be_reached_by_key(page):
    whole = read(page)

    assert bare_tables(whole) == []
    scrolled = [part for part in whole.all("div") if part.attributes.get("class") == "scroll"]
    assert len(scrolled) == len(whole.all("table"))
    assert all(part.attributes["tabindex"] == "0" for part in scrolled)


def test_a_bare_table_is_caught():
    assert bare_tables(read("<table><tr><th>year</th></tr></table>")) == ["year"]


def test_our_own_sentences_do_not_speak_as_the_programme_does(page):
    ours = read(page).text(without=frozenset(OTHERS))

    assert "died at the" in ours
    assert euphemisms(ours) == []


def test_a_euphemism_outside_quotation_marks_is_caught():
    assert euphemisms("He was a \u201cdonor\u201d and died.") == []
    assert euphemisms("He was a donor, and completed at his fourth donation.") == [
        "donor",
        "completed",
        "donation",
    ]


def test_twelve_lives_stand_folded_behind_a_line(page):
    lives = next(part for part in read(page).all("div") if part.attributes.get("class") == "lives")

    assert len(lives.all("details")) == 12
    assert all(part.inside[1].tag == "summary" for part in lives.all("details"))
    assert all("open" not in part.attributes for part in lives.all("details"))


def test_the_account_asks_who_agreed_and_divides_nothing(page):
    text = read(page).text()

    assert "operations that they had agreed to 0" in text
    assert "operations that they were not asked about" in text
    assert "of these, operations that they could not have refused" in text
    assert "people given an organ, or several" in text
    assert RECIPIENTS_EMPTY in text
    assert not re.search(r"\bratios?\b", text)


def test_parameters_stand_with_unit_source_and_grade(page):
    text = read(page).text()

    assert "2 of them rest on memory or on our assumption" in text
    assert "18,000 children a year" in text
    assert "half of the fit hearts" in text
    assert "1800 to 2200" not in text


def test_what_was_left_over_is_not_called_unneeded(page):
    text = read(page).text()

    assert "fitted nobody who was waiting that day" in text
    assert not re.search(r"needed by nobody|nobody needed (it|them)", text)


def test_the_years_asked_for_and_the_years_counted_are_told_apart(tmp_path):
    asked = compose_report(write_run(tmp_path / "cut", Recipe(years=(1980, 1985))))
    text = read(asked).text()

    assert "The years asked for, 1980 to 1984, bound two things" in text
    assert "are counted from 1947 to 2019" in text
    assert "The first children are alive on 1 January 1954." in text


def test_lives_that_came_late_or_left_are_not_said_to_be_whole(page):
    text = read(page).text()

    assert "is followed from then on, and everybody else from birth" in text
    assert "from birth to end" not in text


def test_life_expectancy_names_the_same_people_without_organs(page, run_without_programme):
    same = r"recorded, \d+\.\d simulated, \d+\.\d had nobody been given an organ; organs add 0.20"

    assert re.search(same, read(page).text())
    assert "had nobody been given" not in read(compose_report(run_without_programme)).text()


def test_too_few_lives_for_a_life_expectancy_are_said_to_be(small_run):
    unknown = Expectancy(1995, 2000, 77.3, None, None, None, None, None)
    vague = Expectancy(1995, 2000, 77.3, 78.0, 77.5, 0.5, None, None)
    said = [
        " ".join(_happened(replace(summarise(small_run), expectancy_last=period)))
        for period in (unknown, vague)
    ]

    assert "77.3 years recorded, and too few lives to say what was simulated." in said[0]
    assert "organs add 0.50 (too few lives for an interval)." in said[1]


def test_a_long_name_of_a_parameter_breaks_after_its_dots_only(page):
    keys = [code for code in read(page).all("code") if code.all("wbr")]

    assert [key.inside[0] for key in keys] == ["regimes.", "list."]
    assert ".domains table { overflow-wrap: normal; }" in page


def test_what_others_wrote_is_escaped(tmp_path):
    wild = [{**PARAMETERS[0], "text": "<script>alert(1)</script>"}]

    page = compose_report(write_run(tmp_path / "wild", Recipe(parameters=wild)))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_run_without_a_programme_has_a_shorter_report(run_without_programme):
    text = read(compose_report(run_without_programme)).text()

    assert "Nobody in this run is raised for their organs" in text
    assert "At which operation" not in text
    assert "Who agreed" not in text
    assert "nothing to show" not in text
    assert "Life expectancy" in text


def test_a_run_of_nobody_has_a_report(empty_run, tiny_run):
    assert "There is nothing to show here" in read(compose_report(empty_run)).text()
    assert "1 in 20,000" in read(compose_report(tiny_run)).text()


def test_repetitions_are_named(tmp_path, page):
    twice = compose_report(write_run(tmp_path / "twice", Recipe(replicates=2)))

    assert "The run was repeated 2 times" in read(twice).text()
    assert "repeated" not in read(page).text()


def test_the_report_is_written_into_the_run_and_whole(tmp_path):
    run = write_run(tmp_path / "small", Recipe(n_public=30, n_clones=16))

    path = write_report(run)

    assert path == run.path / REPORT_NAME
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [left.name for left in run.path.glob(".*")] == []


def test_a_report_that_cannot_be_written_is_refused(tmp_path):
    run = write_run(tmp_path / "small", Recipe(n_public=30, n_clones=16))
    (run.path / REPORT_NAME / "in the way").mkdir(parents=True)

    with pytest.raises(RunFolderError) as refusal:
        write_report(run)

    assert refusal.value.codes == ("HS208",)
    assert [left.name for left in run.path.glob(".*.part")] == []


def last_words(page: str) -> list[str]:
    return [each.text().strip() for each in read(page).all("footer")[0].all("p")]


def test_the_page_ends_with_a_question_that_nobody_asked(page):
    assert last_words(page)[0] == UNASKED


def test_a_page_without_the_question_is_noticed(page):
    assert last_words(page.replace(UNASKED, ""))[0] != UNASKED
