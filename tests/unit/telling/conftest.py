"""A small run, made without the model: plausible tables, each by the schema."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hailsham.lives import codes, schema
from hailsham.lives.manifest import Manifest
from hailsham.lives.store import RunWriter, StoredRun, frame_schema, open_run

YEARS = (1947, 2000)
#: Years of the account and of the stations, whatever years were asked for.
COUNTED = (1947, 2020)
#: Share of those operated on who die at each operation.
FATAL = (0.01, 0.08, 0.45, 1.0)
FIRST_ORGAN = 1973


@dataclass(frozen=True)
class Recipe:
    """What kind of small run a test wants."""

    n_public: int = 300
    n_clones: int = 120
    replicates: int = 1
    scale: int = 500
    seed: int = 7
    years: tuple[int, int] = YEARS
    parameters: list[dict[str, object]] = field(default_factory=list)


def write_run(folder: Path, recipe: Recipe) -> StoredRun:
    """Write a run of a recipe, and open it."""
    rng = np.random.default_rng(recipe.seed)
    frames = {name: [] for name in schema.TABLES}
    for replicate in range(recipe.replicates):
        made = tables_of(recipe, rng) if recipe.n_public + recipe.n_clones else {}
        for name, frame in made.items():
            frames[name].append(frame.with_columns(replicate=pl.lit(replicate)))
    with RunWriter(folder) as writer:
        for name, parts in frames.items():
            frame = pl.concat([pl.DataFrame(), *parts], how="diagonal_relaxed")
            write_table(writer, name=name, frame=frame)
        writer.write_text("scenario.toml", 'title = "A small run"\n')
        writer.write_text("dictionary.json", json.dumps(dictionary(recipe)))
        writer.finish(manifest(recipe))
    return open_run(folder)


def tables_of(recipe: Recipe, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Make one repetition of every table."""
    people = pl.concat([public(recipe, rng), clones(recipe, rng)], how="diagonal_relaxed")
    return {
        "people": people,
        "events": events(people),
        "organs": organs(people, rng),
        "years": years(recipe, people),
        "account": account(recipe, people, rng),
        "expectancy": expectancy(recipe),
    }


def write_table(writer: RunWriter, *, name: str, frame: pl.DataFrame) -> None:
    """Write a frame as a table; columns it lacks are null."""
    types = frame_schema(schema.TABLES[name])
    empty = frame.height == 0 or frame.width == 1
    columns = {
        column: pl.Series(column, [], dtype=kind)
        if empty
        else frame[column]
        if column in frame.columns
        else pl.Series(column, [None], dtype=kind).new_from_index(0, frame.height)
        for column, kind in types.items()
    }
    writer.write_table(name, columns, part=0 if name == "events" else None)


def public(recipe: Recipe, rng: np.random.Generator) -> pl.DataFrame:
    n = recipe.n_public
    born = rng.uniform(1890.0, 2000.0, n)
    ended = born + 100.0 * rng.beta(5.0, 2.0, n)
    keep = ended > recipe.years[0]
    listed = np.where(rng.random(n) < 0.2, ended - 0.7, np.nan)
    treated = np.isfinite(listed) & (ended > 1975.0) & (recipe.n_clones > 0)
    gained = np.where(treated, rng.exponential(6.0, n), 0.0)
    frame = pl.DataFrame(
        {
            "person": np.arange(n) + 1_000,
            "kind": "public",
            "status": np.where(rng.random(n) < 0.05, "left", "died"),
            "sex": rng.choice(codes.SEXES, n),
            "born": born,
            "entered": np.maximum(born, float(recipe.years[0])),
            "ended": ended + gained,
            "cause": rng.choice(codes.RECORDED_CAUSES, n),
            "blood_group": rng.choice(codes.BLOOD_GROUPS, n),
            "listed": listed,
            "transplants": treated.astype(int),
            "untreated_end": ended,
            "years_gained": gained,
        },
        nan_to_null=True,
        strict=False,
    ).filter(keep)
    return frame.with_columns(cause=pl.when(pl.col("status") == "died").then("cause"))


def clones(recipe: Recipe, rng: np.random.Generator) -> pl.DataFrame:
    n = recipe.n_clones
    if n == 0:
        return pl.DataFrame()
    born = np.sort(rng.uniform(1953.5, 1984.0, n))
    carer = born + rng.uniform(18.5, 19.5, n)
    donor = carer + rng.exponential(2.4, n)
    step = 1 + np.argmax(rng.random((n, len(FATAL))) < np.array(FATAL), axis=1)
    ended = donor + 1.5 * step
    early = rng.random(n) < 0.04
    end = np.where(early, born + 9.0, ended)
    alive = {"left_house": born + 16.0, "carer_from": carer, "carer_until": donor}
    alive["donor_from"] = donor
    return pl.DataFrame(
        {
            "person": np.arange(n) + 9_000_000,
            "kind": "clone",
            "status": "died",
            "sex": rng.choice(codes.SEXES, n),
            "born": born,
            "entered": born,
            "ended": end,
            "cause": np.where(early, "other", "completed"),
            "blood_group": rng.choice(codes.BLOOD_GROUPS, n),
            "name": [
                f"{rng.choice(['Ann', 'Martin', 'Joan'])} {rng.choice(list('BDH'))}." for _ in born
            ],
            "house": rng.integers(0, 3, n),
            "pod": np.arange(n) // 8,
            "seat": np.arange(n) % 8,
            **{name: np.where(early, np.nan, time) for name, time in alive.items()},
            "tenure": np.where(early, np.nan, donor - carer),
            "quality": rng.normal(size=n),
            "caseload_mean": 2.5,
            "patients": 4,
            "patients_died": 2,
            "attended": 0.94,
            "carers": 3,
            "donations": np.where(early, 0, step),
            "completed_at_donation": np.where(early, -1, step),
            "mobility_lost": 0.2,
            "believed_deferral": False,
            "untreated_end": born + 75.0,
            "years_lost": born + 75.0 - end,
        },
        nan_to_null=True,
    ).with_columns(pl.col("completed_at_donation").replace(-1, None))


def events(people: pl.DataFrame) -> pl.DataFrame:
    heart, other = codes.ORGANS.index("heart"), codes.CAUSES.index("other")
    happened = (
        (codes.Event.BORN, "born", None),
        (codes.Event.LEFT_HOUSE, "left_house", 0),
        (codes.Event.BEGAN_CARING, "carer_from", None),
        (codes.Event.CALLED_UP, "donor_from", None),
        (codes.Event.LISTED, "listed", heart),
        (codes.Event.LEFT, "ended", None),
        (codes.Event.DIED, "ended", other),
    )
    ends = {codes.Event.LEFT: "left", codes.Event.DIED: "died"}
    parts = [
        people.filter(pl.lit(event not in ends) | (pl.col("status") == ends.get(event, ""))).select(
            "person",
            time=column,
            event=pl.lit(int(event)),
            detail=pl.lit(detail, dtype=pl.Int64),
        )
        for event, column, detail in happened
        if column in people.columns
    ]
    return pl.concat(parts).drop_nulls("time").sort("person", "time")


def organs(people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    if "donations" not in people.columns:
        return pl.DataFrame()
    given = people.filter(pl.col("donations") > 0)
    patients = people.filter(pl.col("transplants") > 0)["person"].to_list()
    rows = []
    for donor, count, start, group in given.select(
        "person", "donations", "donor_from", "blood_group"
    ).iter_rows():
        for step in range(1, count + 1):
            used = bool(patients) and rng.random() < 0.6
            taken = start + 1.5 * step
            rows.append(
                {
                    "organ_id": len(rows),
                    "donor": donor,
                    "recipient": patients.pop() if used else None,
                    "organ": str(rng.choice(codes.ORGANS)) if used else "tissue",
                    "step": step,
                    "taken": taken,
                    "used": taken if used else None,
                    "waited": 0.3 if used else None,
                    "regime": "programme",
                    "outcome": "used" if used else "outside_need",
                    "blood_donor": group,
                    "blood_recipient": group if used else None,
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def years(recipe: Recipe, people: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for year in range(*COUNTED):
        here = people.filter((pl.col("entered") <= year) & (pl.col("ended") > year))
        ages = (year - here["born"]).floor().to_numpy()
        band = np.where(ages < 1, 0, np.where(ages < 5, 1, 1 + ages // 5)).clip(max=18)
        here = here.with_columns(
            group=pl.Series([codes.AGE_GROUPS[int(place)] for place in band], dtype=pl.String)
        )
        of_public = here.filter(pl.col("kind") == "public")
        is_asked_for = recipe.years[0] <= year < recipe.years[1]
        for sex in codes.SEXES if is_asked_for else ():
            for group in codes.AGE_GROUPS:
                alive = of_public.filter((pl.col("sex") == sex) & (pl.col("group") == group)).height
                rows.append((year, "public", sex, group, None, alive))
        if is_asked_for:
            rows.append((year, "public", None, None, None, of_public.height))
        if recipe.n_clones:
            of_clones = here.filter(pl.col("kind") == "clone")
            rows.append((year, "clone", None, None, None, of_clones.height))
            rows += [
                (year, "clone", None, None, state, stations(of_clones, year=year).count(state))
                for state in codes.CLONE_STATES
            ]
    names = ["year", "kind", "sex", "age_group", "state", "alive"]
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return frame.with_columns(
        world=pl.lit("simulated"), person_years=pl.col("alive").cast(pl.Float64)
    )


def stations(here: pl.DataFrame, *, year: int) -> list[str]:
    found = []
    for left, carer, donor in here.select("left_house", "carer_from", "donor_from").iter_rows():
        passed = sum(time is not None and time <= year for time in (left, carer, donor))
        found.append(codes.CLONE_STATES[passed])
    return found


def account(recipe: Recipe, people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    clones = people.filter(pl.col("kind") == "clone")
    works = recipe.n_clones > 0
    rows = []
    for year in range(*COUNTED):
        ended = clones.filter(pl.col("ended").floor() == year)
        born = clones.filter(pl.col("born").floor() == year)
        supplying = works and year >= FIRST_ORGAN
        listed = rng.poisson(2.0, len(codes.ORGANS))
        given = np.where(supplying, rng.binomial(listed, 0.4), 0)
        per_organ = [
            {
                "organ": organ,
                "listed": int(listed[place]),
                "transplanted": int(given[place]),
                "died_waiting": int(listed[place] - given[place]),
                "supplied": int(given[place]),
                "used": int(given[place]),
            }
            for place, organ in enumerate(codes.ORGANS)
        ]
        numbers = [name for name in per_organ[0] if name != "organ"]
        together = {name: sum(int(row[name]) for row in per_organ) for name in numbers}
        operated = ended.filter(pl.col("cause") == "completed").height
        sums = {
            "organ": None,
            **together,
            "years_gained": 6.0 * together["used"],
            "years_lost": float(ended["years_lost"].sum()) if works else 0.0,
            "suppliers_died": operated,
            "born_to_supply": born.height,
            "consented": 0,
            "not_asked": operated,
            "could_not_refuse": operated,
        }
        rows += [{"year": year, "removed": 0, "waiting": 3, **row} for row in (*per_organ, sums)]
    regime = "programme" if works else "none"
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(regime=pl.lit(regime))


def expectancy(recipe: Recipe) -> pl.DataFrame:
    rows = []
    for basis in ("period", "cohort"):
        for place, start in enumerate(range(*recipe.years, 5)):
            for sex, shift in ((None, 0.0), ("female", 2.5), ("male", -2.5)):
                recorded = 66.0 + 1.1 * place + shift
                rows.append(
                    {
                        "basis": basis,
                        "from_year": start,
                        "to_year": start + 5,
                        "sex": sex,
                        "recorded": recorded,
                        "simulated": recorded + (0.25 if recipe.n_clones else 0.05),
                        "untreated": recorded + 0.05,
                        "difference": 0.2 if recipe.n_clones else 0.0,
                        "low": 0.1,
                        "high": 0.3,
                        "projected": 0.5 + 0.04 * place if basis == "cohort" else 0.0,
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def dictionary(recipe: Recipe) -> dict[str, object]:
    return {
        "tables": schema.describe_tables(),
        "codes": {"event": codes.event_codes(), "risk": codes.risk_codes()},
        "parameters": recipe.parameters or PARAMETERS,
        "grades": {
            "S": "stated in a source text",
            "L": "literature or official figure",
            "M": "from memory, to be checked",
            "X": "our assumption",
            "C": "tuned so that a target of the sources is met",
        },
        "provenance": [
            {
                "what": "deaths by age, sex and year",
                "standing": "official",
                "text": "counts of deaths",
                "source": "Office for National Statistics",
            },
            {
                "what": "the Programme",
                "standing": "invented",
                "text": "houses, stations and operations",
                "source": "the novel's world",
            },
        ],
        "notes": ["After 2000 the last rates are held constant."],
        "weak": ["The share of failing organs that an organ could have helped."],
    }


PARAMETERS: list[dict[str, object]] = [
    {
        "key": "regimes.programme.intake_per_year",
        "value": 18_000.0,
        "default": 18_000.0,
        "text": "children born for it",
        "unit": "children a year",
        "low": 0.0,
        "high": None,
        "grade": "X",
        "source": "half of the fit hearts",
        "choices": [],
        "changed": False,
    },
    {
        "key": "list.rule",
        "value": "longest_wait",
        "default": "longest_wait",
        "text": "who is offered an organ first",
        "unit": "",
        "low": None,
        "high": None,
        "grade": "M",
        "source": "common practice",
        "choices": ["longest_wait", "sickest"],
        "changed": True,
    },
]


def manifest(recipe: Recipe) -> Manifest:
    return Manifest(
        id="0123456789ab",
        status="running",
        scenario="small" if recipe.n_clones else "recorded",
        title="A small run",
        scenario_sha256="0" * 64,
        seed=recipe.seed,
        scale=recipe.scale,
        replicates=recipe.replicates,
        years=recipe.years,
        log="full",
        versions={"hailsham": "0.1.0"},
        counts={"people": recipe.n_public + recipe.n_clones},
        seconds={"all": 1.0},
    )


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """A run with a public and a Programme."""
    return write_run(tmp_path_factory.mktemp("runs") / "small", Recipe())


@pytest.fixture(scope="session")
def run_without_programme(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """A run of the recorded England: nobody is raised to give organs."""
    return write_run(tmp_path_factory.mktemp("runs") / "recorded", Recipe(n_clones=0))


@pytest.fixture(scope="session")
def empty_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """A run whose tables have no rows."""
    recipe = Recipe(n_public=0, n_clones=0, scale=20_000)
    return write_run(tmp_path_factory.mktemp("runs") / "empty", recipe)


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """A run of very few lives."""
    recipe = Recipe(n_public=3, n_clones=0, scale=20_000)
    return write_run(tmp_path_factory.mktemp("runs") / "tiny", recipe)
