"""Inner lives are told as they stand in the tables, with what is weak in them beside them."""

import json
import re
from html.parser import HTMLParser

import polars as pl
import pytest

from hailsham.lives.codes import ENDINGS, STYLES
from hailsham.telling.biography import choose_lives, tell
from hailsham.telling.inner.classes import CLASSES
from hailsham.telling.inner.figures import (
    plot_endings,
    plot_knowing,
    plot_lengths,
    plot_losses,
    plot_stages,
    plot_ways,
)
from hailsham.telling.inner.ordinary import ALIKE, compare_lives
from hailsham.telling.life.inner import ENDINGS as ENDINGS_IN_WORDS
from hailsham.telling.life.inner import STAGES, WAYS, amount
from hailsham.telling.report import compose_report, write_report
from hailsham.telling.tables import MAIN_TABLES, summarise, tabulate
from tests.unit.telling import inner_lives
from tests.unit.telling.inner_lives import KATHY, STEPS, TOMMY, WEAK, write_inner_run

PLOTS = (plot_knowing, plot_stages, plot_losses, plot_endings, plot_ways, plot_lengths)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    return write_inner_run(tmp_path_factory.mktemp("alone"))


@pytest.fixture(scope="module")
def page(alone):
    return compose_report(alone)


def words_of(life):
    return " ".join(" ".join(life.paragraphs).split())


# ---------------------------------------------------------------- one life


@pytest.mark.parametrize(
    "sentence",
    [
        "On 2 April 1967, at 12, she was told the truth by a teacher, who was dismissed within",
        "At 15 she knew most (0.74, where 1 is all) of what was to come, and felt next to nothing",
        "On leaving school she was close to five others of her pod, and at the end to none.",
        "On 2 July 1983, at 29, she and Tommy D. became a couple.",
        "They applied on 1 January 1984, and were refused, as everybody is.",
        "On 2 April 1975, at 20, at work as a “carer”, more than half of it was felt for the first",
        "She prepared for the end by going over memories.",
        "While she looked after them, five of them died.",
        "The first operation was on 1 January 1987, at 32, 15 months after being called up. Part "
        "of the liver was taken. She lived.",
        "The second operation was on 1 January 1990, at 35, 3.0 years after the one before. The "
        "heart was taken. She did not survive it.",
        "She had 164 memories of her own, and one invented.",
        "She met 15 losses, the last of them her own life, and had let go of 11 of them; among "
        "what was lost were school and a friend.",
        "At the end her integrity was 0.91 and her despair 0.12, each from 0 to 1: at one with the",
        "She was aware of the end, and at peace.",
        "Official: nothing;",
    ],
)
def test_a_life_is_told_from_inside(alone, sentence):
    assert sentence in words_of(tell(alone, KATHY))
    # The twin: it is her life that says so, and not any life.
    if "Official" not in sentence:
        assert sentence not in words_of(tell(alone, TOMMY))


def test_what_never_was_is_told_as_never_having_been(alone):
    told = words_of(tell(alone, TOMMY))

    assert "He never came to feel more than half of it" in told
    assert "had let go of none of them" in told
    assert "He held on to that hope to the end." in told
    assert "The others left him out." in told
    assert "it had come to a developmental age of 71, of 80" in told
    assert "In that house there was less care than at Hailsham" in told


def test_a_life_is_told_from_birth_to_the_end(alone):
    paragraphs = tell(alone, KATHY).paragraphs
    starts = (
        "was born on", "told the truth", "began work", "became a couple", "for the first time",
        "was called up to be", "having lived", "memories of her own", "her integrity was",
    )  # fmt: skip
    places = [next(at for at, text in enumerate(paragraphs) if start in text) for start in starts]

    assert places == sorted(places)


def test_nothing_is_said_of_people_who_are_not_in_the_run(alone):
    for person in (KATHY, TOMMY):
        told = words_of(tell(alone, person))
        strange = r"never given anybody|Nobody was looking after|stand-in"
        assert not re.search(strange, told, re.IGNORECASE)
        assert "None" not in told
        assert "nan" not in told


def test_what_is_weak_stands_on_the_page_of_every_life(alone, small_run):
    people = alone.scan("people").select("person").collect()["person"]
    for person in people.gather_every(16):
        text = tell(alone, person).as_text()
        assert all(f"- {line}" in text for line in WEAK)
    assert tell(alone, KATHY).as_dict()["weak"] == list(WEAK)
    # The twin: a life without an inner life claims no weakness of one.
    (england,) = choose_lives(small_run, n=1, seed=1)
    assert "What is weak" not in tell(small_run, england).as_text()


def test_every_style_every_ending_and_every_amount_has_words():
    assert tuple(WAYS) == STYLES
    assert set(ENDINGS_IN_WORDS) == set(ENDINGS) == set(CLASSES)
    assert [amount(share).partition(" (")[0] for share in (1.0, 0.7, 0.5, 0.2, 0.05, 0.0)] == [
        "nearly all", "most", "about half", "some", "little", "next to nothing",
    ]  # fmt: skip


# ---------------------------------------------------------------- one screen


def test_the_screen_is_of_a_size_that_can_be_read_at_once(alone):
    lines = summarise(alone).lines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 78
    assert WEAK[0] in " ".join(lines)


def test_the_summary_is_that_of_the_people(alone, tmp_path):
    people = alone.scan("people").collect()
    told = json.loads(json.dumps(summarise(alone).as_dict()))

    assert told["lives"] == people.height
    assert told["integrity"] == pytest.approx(people["integrity"].mean())
    assert told["never_crossed"] == pytest.approx(people["crisis_age"].null_count() / people.height)
    assert sum(told["classes"].values()) == pytest.approx(1)
    assert sum(told["ways"].values()) == pytest.approx(1)
    assert told["granted"] == 0
    # The twin: other lives have another summary.
    other = summarise(write_inner_run(tmp_path / "run", seed=4))
    assert other.integrity != told["integrity"]


def test_an_application_that_was_not_refused_would_be_counted_as_granted(tmp_path, monkeypatch):
    people = inner_lives.people

    def unrefused(n, rng):
        return people(n, rng).with_columns(refused=pl.lit(None, pl.Float64))

    monkeypatch.setattr(inner_lives, "people", unrefused)

    assert summarise(write_inner_run(tmp_path / "run")).granted == 1


def test_the_tables_of_the_terminal_are_there_or_empty(alone, small_run):
    heights = {name: len(tabulate(alone, name).rows) for name in MAIN_TABLES}
    filled = {name for name, height in heights.items() if height}

    assert filled == {"programme", "inner_life", "ordinary_lives"}
    assert heights["inner_life"] == 7
    assert tabulate(alone, "ordinary_lives").rows[-1][-1] == pytest.approx(0.65)
    assert not tabulate(small_run, "inner_life").rows


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("plot", PLOTS)
def test_a_figure_has_a_finding_a_drawing_and_a_table(alone, plot):
    figure = plot(alone)

    assert figure.svg.startswith("<svg")
    assert figure.table.height > 1
    assert figure.rows()
    assert figure.title in figure.svg.replace("&quot;", '"')


def test_a_finding_follows_its_table(alone):
    knowing = plot_knowing(alone)
    known = knowing.table.filter(pl.col("age") == 15)["known"].item()
    assert f"{100 * known:.0f}\u00a0% of what was to come" in knowing.title

    endings = plot_endings(alone)
    shares = dict(endings.table.select("ending", "share").iter_rows())
    assert sum(shares.values()) == pytest.approx(1)
    assert endings.title.startswith(f"{100 * shares['integrated']:.0f}\u00a0%")


def test_the_eight_stages_are_all_drawn(alone):
    assert plot_stages(alone).table.columns == ["age", *STAGES]


def test_ages_at_which_hardly_anybody_lives_are_left_out(alone):
    ages = plot_knowing(alone).table["age"].to_list()
    all_ages = alone.scan("ages").select("age").collect()["age"].to_list()

    assert max(ages) < max(all_ages)


# ---------------------------------------------------------------- ordinary lives


def test_each_compressibility_has_a_panel_that_says_how_far_apart_both_are(alone):
    panels = compare_lives(alone)

    assert [panel.compressibility for panel in panels] == list(STEPS)
    for panel in panels:
        row = next(row for row in panel.rows if row.what == "integrity at the end")
        level = 0.35 + 0.30 * panel.compressibility
        assert row.apart == pytest.approx((level - 0.73) / 0.15)
        assert row.verdict == ("alike" if abs(row.apart) < ALIKE else "apart")
        assert f"{level:.3f}" in panel.finding
    assert "apart" in {row.verdict for panel in panels for row in panel.rows}


def test_people_who_are_alike_are_called_so(tmp_path, monkeypatch):
    beside = inner_lives.beside
    same = beside().with_columns(mean=pl.lit(0.73))
    monkeypatch.setattr(inner_lives, "beside", lambda: same)
    (*_, last) = compare_lives(write_inner_run(tmp_path / "run"))

    assert {row.verdict for row in last.rows if row.apart is not None} == {"alike"}
    assert "not in" not in last.finding


# ---------------------------------------------------------------- the page


class Controls(HTMLParser):
    """What a page lets a reader press, and what each is called."""

    def __init__(self):
        super().__init__()
        self.radios, self.labels, self.panels = [], [], 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "input":
            self.radios.append(found)
        if tag == "label":
            self.labels.append(found["for"])
        self.panels += found.get("class") == "panel"


def test_compressibility_is_moved_by_buttons_that_have_names_and_no_script(page):
    controls = Controls()
    controls.feed(page)

    assert [radio["type"] for radio in controls.radios] == ["radio"] * len(STEPS)
    assert [radio["id"] for radio in controls.radios] == controls.labels
    assert len({radio["name"] for radio in controls.radios}) == 1
    assert [radio["id"] for radio in controls.radios if "checked" in radio] == ["at-5"]
    assert controls.panels == len(STEPS)
    assert page.count("<fieldset") == page.count("<legend") == 1
    assert "<script" not in page
    assert not re.search(r"https?://|url\((?!#)", page)


def test_every_button_shows_a_panel_of_its_own_and_paper_shows_all(page):
    style = page.partition("<style>")[2].partition("</style>")[0]
    on_screen = style.partition("@media screen {")[2].partition("@media print")[0]

    assert ".panel { display: none; }" in on_screen
    for at in range(1, len(STEPS) + 1):
        assert f"#at-{at}:checked ~ .panel:nth-of-type({at})" in on_screen
    assert ".panel { display: none; }" not in style.replace(on_screen, "")


def test_the_page_says_what_is_weak_before_any_result_and_once(page):
    main = page.partition("<main")[2]

    for line in WEAK:
        assert main.count(line) == 1
        assert main.index(line) < main.index("<figure")
    assert "no official" in main.lower() or "Official" in main


def test_every_address_inside_the_page_leads_somewhere(page):
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(ids)


def test_every_measured_column_of_the_inner_life_stands_in_the_page(page):
    for name in ("integrity", "crisis_age", "memories_borrowed", "tau_end", "quality"):
        assert f"<code>{name}</code>" in page
    assert "<code>caseload_mean</code>" not in page


def test_a_run_without_others_beside_it_has_no_such_section(tmp_path, monkeypatch):
    nobody = inner_lives.beside().clear()
    monkeypatch.setattr(inner_lives, "beside", lambda: nobody)
    run = write_inner_run(tmp_path / "run")

    assert 'id="ordinary"' not in compose_report(run)
    assert write_report(run).exists()


def test_a_repeated_run_says_so(tmp_path):
    assert "repeated 2 times" in compose_report(write_inner_run(tmp_path / "run", replicates=2))
