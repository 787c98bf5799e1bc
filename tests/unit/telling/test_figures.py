"""A figure states what its table says, and says it to every reader."""

import re
from dataclasses import dataclass, field

import polars as pl
import pytest

from hailsham.lives.store import StoredRun
from hailsham.telling.figures import NOTHING, Figure, count, share
from hailsham.telling.figures_programme import (
    plot_account,
    plot_ages,
    plot_operations,
    plot_outcomes,
    plot_stations,
)
from hailsham.telling.figures_public import (
    plot_cohorts,
    plot_difference,
    plot_list,
    plot_need,
    plot_period,
    plot_population,
)
from tests.unit.telling.conftest import Recipe, write_run

OF_PROGRAMME = (plot_stations, plot_ages, plot_operations, plot_outcomes, plot_account)
OF_PUBLIC = (plot_population, plot_need, plot_list, plot_period, plot_difference, plot_cohorts)
ALL = OF_PROGRAMME + OF_PUBLIC
SMALLEST_LETTERS = 11.0


@dataclass(frozen=True)
class Doctored(StoredRun):
    """A run of which some tables were exchanged."""

    tables: dict[str, pl.LazyFrame] = field(default_factory=dict)

    def scan(self, table: str) -> pl.LazyFrame:
        return self.tables.get(table, super().scan(table))


def doctored(run: StoredRun, table: str, *changes: pl.Expr) -> StoredRun:
    return Doctored(run.path, run.manifest, {table: run.scan(table).with_columns(*changes)})


def cut(run: StoredRun, *tables: str, first: int) -> StoredRun:
    """A run of which some tables begin later."""
    late = pl.col("year") >= first
    return Doctored(run.path, run.manifest, {name: run.scan(name).filter(late) for name in tables})


def without_unit(figure: Figure) -> list[str]:
    """Columns of numbers that do not say what they count."""
    numbers = [name for name in figure.table.columns if figure.table[name].dtype.is_numeric()]
    return [name for name in numbers if not figure.units.get(name)]


@pytest.mark.parametrize("plot", ALL)
def test_every_figure_has_a_finding_a_drawing_and_a_table_with_units(small_run, plot):
    figure = plot(small_run)

    assert re.search(r"\d", figure.title)
    assert figure.svg.startswith("<svg ")
    assert figure.table.height > 0
    assert without_unit(figure) == []
    assert len(figure.rows()) == figure.table.height


def test_a_column_without_a_unit_is_caught():
    table = pl.DataFrame({"year": [1990], "died": [3]})

    assert without_unit(Figure("a", "b", table=table, units={"year": "year AD"})) == ["died"]


@pytest.mark.parametrize("plot", ALL)
def test_every_drawing_is_heard_and_legible_and_needs_nothing(small_run, plot):
    figure = plot(small_run)
    letters = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', figure.svg)]

    assert f'role="img" aria-labelledby="{figure.name}-name"' in figure.svg
    assert f'<title id="{figure.name}-name">' in figure.svg
    assert min(letters) >= SMALLEST_LETTERS
    assert "http" not in figure.svg
    assert all(name.startswith(figure.name) for name in re.findall(r'\bid="([^"]*)"', figure.svg))


@pytest.mark.parametrize("plot", ALL)
def test_every_figure_of_an_empty_run_says_that_it_is_empty(empty_run, plot):
    figure = plot(empty_run)

    assert figure.text.startswith(NOTHING)
    assert figure.svg == ""
    assert figure.rows() == []


@pytest.mark.parametrize("plot", OF_PROGRAMME)
def test_a_run_without_a_programme_has_nothing_to_show_of_it(run_without_programme, plot):
    assert plot(run_without_programme).text.startswith(NOTHING)


@pytest.mark.parametrize("plot", OF_PUBLIC)
def test_very_few_lives_are_no_trouble(tiny_run, plot):
    assert plot(tiny_run).title


def test_the_title_on_operations_is_counted_from_the_people(small_run):
    died = small_run.scan("people").filter(pl.col("cause") == "completed").collect()
    at = died["completed_at_donation"].value_counts(sort=True)["count"][0]

    title = plot_operations(small_run).title

    assert title.startswith(f"Of {count(died.height)} who died of the Programme, ")
    assert share(at, of=died.height) in title


def test_the_title_on_operations_follows_its_table(small_run):
    died = pl.col("completed_at_donation").is_not_null()
    all_at_the_second = pl.when(died).then(2).alias("completed_at_donation")

    changed = plot_operations(doctored(small_run, "people", all_at_the_second))

    assert changed.title.endswith("100\u00a0% died at the second operation")
    assert changed.title != plot_operations(small_run).title


def test_the_title_on_the_list_names_the_year_of_the_first_organ(small_run):
    never = doctored(small_run, "account", pl.lit(0).alias("transplanted"))

    assert "before 1973" in plot_list(small_run).title
    assert plot_list(never).title.startswith("Nobody is given an organ")


def test_a_list_that_opens_late_says_since_when(small_run):
    before = pl.col("year") < 1972
    late = doctored(
        small_run, "account", pl.when(before).then(0).otherwise("listed").alias("listed")
    )

    assert plot_list(late).text.startswith("Nobody is put on the list before 1972")
    assert plot_list(small_run).text.startswith("A list at 1 in 500")


def test_a_difference_without_an_interval_says_why(small_run):
    nothing_known = pl.lit(None, dtype=pl.Float64)
    vague = doctored(small_run, "expectancy", nothing_known.alias("low"))

    assert plot_difference(vague).title.endswith("(too few people for an interval)")
    assert "interval 0.10 to 0.30" in plot_difference(small_run).title


def test_years_without_an_adult_of_the_programme_are_put_into_words(small_run):
    text = plot_stations(small_run).text

    assert "The first children are alive on 1 January 1954." in text
    assert "Until 1973 there are only children" in text


@pytest.mark.parametrize("plot", [plot_stations, plot_list])
def test_a_cut_window_claims_nothing_to_be_the_first(small_run, plot):
    late = cut(small_run, "years", "account", first=1980)
    claim = re.compile(r"\b(first|before|until)\b", re.IGNORECASE)
    said = [f"{figure.title} {figure.text}" for figure in (plot(late), plot(small_run))]

    assert [bool(claim.search(each)) for each in said] == [False, True]
    assert plot(late).table["year"][0] == 1980


def test_what_is_counted_beyond_the_years_asked_for_is_whole(tmp_path, small_run):
    asked = write_run(tmp_path / "cut", Recipe(years=(1980, 1985)))

    assert plot_population(asked).table["year"].to_list() == list(range(1980, 1985))
    assert "In the years asked for" in plot_population(asked).text
    assert "The first children are alive on 1 January 1954" in plot_stations(asked).text
    assert "before 1973" in plot_list(asked).title


def test_a_single_year_is_told_once(tmp_path):
    figure = plot_population(write_run(tmp_path / "one", Recipe(years=(1947, 1948))))

    assert figure.title.count("1947") == 1
    assert "<path" in figure.svg


def test_ends_of_the_list_add_up(small_run):
    ends = pl.sum_horizontal(
        "given an organ", "died waiting", "taken off the list", "still waiting or gone"
    )

    assert plot_need(small_run).table.select((ends == pl.col("put on the list")).all()).item()


def test_what_is_counted_in_operations_and_in_times_says_so(small_run):
    account, need = plot_account(small_run), plot_need(small_run)

    assert account.units["operations not asked about"] == "operations"
    assert {need.units[name] for name in ("put on the list", "given an organ")} == {"times"}


def test_the_years_without_organs_are_named_inside_the_drawing(small_run):
    *_, place = re.findall(
        r"translate\(([\d.-]+),([\d.-]+)\)", plot_list(small_run).svg.partition("no organs yet")[0]
    )

    # Above its upper edge stands the legend.
    assert float(place[1]) > 0


def test_the_legend_shows_a_ring_where_the_drawing_does(small_run):
    svg = plot_period(small_run).svg
    rings = re.findall(r'<path (?![^>]*fill=)[^>]*stroke="#1f2933"[^>]*>', svg)

    # One in the legend, and one for each period; nothing is filled with their colour.
    assert len(rings) == 1 + plot_period(small_run).table["period"].n_unique()
    assert not re.search(r'<path [^>]*fill="#1f2933"', svg)
    assert 'fill="none"' in svg.partition("<path")[0]


def test_everybody_born_is_somewhere_at_every_age(small_run):
    flow = plot_ages(small_run).table

    assert flow.select(pl.sum_horizontal(pl.exclude("age"))).to_series().to_list() == (
        pytest.approx([1.0] * flow.height)
    )
    assert flow["died"][0] == 0.0
    assert flow["died"][-1] == pytest.approx(1.0)


def test_organs_that_add_nothing_are_not_drawn_as_a_difference(run_without_programme):
    assert plot_difference(run_without_programme).text.startswith(NOTHING)


def test_the_projected_part_of_a_cohort_is_hatched(small_run):
    assert "cohorts-hatch" in plot_cohorts(small_run).svg
    assert "hatch" not in plot_period(small_run).svg


def test_only_the_first_repetition_is_drawn(small_run):
    later = doctored(small_run, "people", pl.lit(1, dtype=pl.Int32).alias("replicate"))

    assert plot_operations(later).text.startswith(NOTHING)


def test_a_list_figure_says_its_scale(small_run):
    for plot in (plot_need, plot_list):
        assert "A list at 1 in 500: small lists waste organs" in plot(small_run).text


def test_the_account_stands_side_by_side_without_a_ratio(small_run):
    figure = plot_account(small_run)

    gained, lost = (figure.table[name].sum() for name in ("years gained", "years lost"))
    assert figure.title == (
        f"{count(gained)} years of life gained by people given organs; "
        f"{count(lost)} years lost by the people they were taken from"
    )


def test_cells_are_written_for_people():
    table = pl.DataFrame({"year": [1990], "people": [12_345], "age": [27.318], "wait": [None]})

    figure = Figure("a", "b", table=table, units={"year": "year AD"})

    assert figure.rows() == [["1990", "12,345", "27.32", "\u2013"]]


def test_a_small_share_keeps_a_place():
    assert share(1, of=200) == "0.5\u00a0%"
    assert share(101, of=200) == "50\u00a0%"
    assert share(0, of=0) == "0\u00a0%"
