"""Commands that hold lives against the texts: `evidence`, `readings`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hailsham.cli.asking import AsJson, Reading
from hailsham.cli.finding import RUNS, locate_run
from hailsham.cli.reading import complete_run
from hailsham.cli.running import announce
from hailsham.cli.screen import answer, answer_json, screen_width, table_lines, watching, wrapped
from hailsham.errors import AskerError, Fault

if TYPE_CHECKING:
    from hailsham.study.accounts import Account
    from hailsham.study.evidence import Evidence
    from hailsham.telling.evidence.estimates import Estimate
    from hailsham.telling.evidence.predictions import Fitted
    from hailsham.telling.evidence.rows import Finding, Row

#: Runs of the readings are kept apart, so that 'last' stays the run that somebody asked for.
READINGS = RUNS / "readings"
_FEWEST = 8
#: Whose kernels are needed.
_WORLD = "alone"
_INDENT = 6
_MARKS = {"fits": "+", "does not fit": "-", "cannot tell": "?"}

Seed = Annotated[int, typer.Option(min=0, help="Which luck.")]


def evidence(
    run: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN]...",
            help="Runs to judge, of one question. [a run made for it]",
            autocompletion=complete_run,
        ),
    ] = None,
    reading: Reading = None,
    lives: Annotated[
        int | None, typer.Option(min=_FEWEST, help="How many children. [200000]")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Which luck. [1]")] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of runs.")] = RUNS,
    as_json: AsJson = False,
) -> None:
    """Hold lives against each fact of the texts: expected, simulated, standing, verdict.

    Without RUN, the Programme alone is run for it, every life to its end.
    """
    from hailsham.lives.store import open_run
    from hailsham.study.evidence import LIVES, gather, gather_from
    from hailsham.world.sources.readings import DEFAULT

    if run:
        given = {"--reading": reading, "--lives": lives, "--seed": seed}
        _refuse_both({option for option, value in given.items() if value is not None})
        found = gather_from([open_run(locate_run(name, runs=out)) for name in run])
    else:
        announce(_WORLD, is_quiet=as_json)
        with watching(is_quiet=as_json) as observe:
            found = gather(
                lives=lives or LIVES, reading=reading or DEFAULT, seed=1 if seed is None else seed,
                runs=out, observe=observe,
            )  # fmt: skip
    if as_json:
        answer_json([row.as_dict() for row in found.rows])
    else:
        answer(_evidence_lines(found))


def readings(
    lives: Annotated[
        int | None, typer.Option(min=_FEWEST, help="How many children by each. [8000]")
    ] = None,
    seed: Seed = 1,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of runs.")] = READINGS,
    as_json: AsJson = False,
) -> None:
    """Set the rival readings side by side: claims, predictions, which facts they fit.

    Each is run, by the same children with the same luck. They are not ranked.
    """
    from hailsham.study.accounts import LIVES, live_by

    n = lives or LIVES
    announce(_WORLD, is_quiet=as_json)
    with watching(is_quiet=as_json) as observe:
        accounts = list(live_by(lives=n, seed=seed, runs=out, observe=observe))
    if as_json:
        answer_json([_account(account) for account in accounts])
    else:
        answer(_readings_lines(accounts, lives=n, seed=seed))


def _refuse_both(options: Iterable[str]) -> None:
    """Refuse an option that would change a run which is there already."""
    what = "A run that is there has its reading, its lives and its seed."
    faults = [Fault("HS110", f"evidence RUN {option}", what) for option in sorted(options)]
    if faults:
        raise AskerError(faults, closing="Nothing was judged.")


# ---------------------------------------------------------------- the evidence


def _evidence_lines(found: Evidence) -> Iterator[str]:
    lives = sum(run.manifest.counts.get("people", 0) for run in found.runs)
    yield f"{lives:,} lives, seed {found.runs[0].manifest.seed}."
    for row in found.rows:
        yield ""
        yield from _row_lines(row)
    yield ""
    yield from _closing(found.rows)
    yield from _weak_lines(found.weak)
    yield ""
    yield from (f"Run     {run.path}" for run in found.runs)


def _row_lines(row: Row) -> Iterator[str]:
    target = row.target
    yield f"{target.name:4}  {row.verdict.upper()}, {target.standing}  ({', '.join(target.facts)})"
    yield from _inset(f"Expected: {target.expected}.")
    yield from _inset(f"Tolerance: {target.tolerance}.")
    for finding in row.findings:
        yield from _inset(f"Simulated: {_finding(finding)}")
    if target.why_not:
        yield from _inset(f"Not simulated: it {target.why_not}.")


def _finding(finding: Finding) -> str:
    estimate = finding.estimate
    if finding.verdict == "not simulated":
        return f"{finding.part.name}: not in such a run."
    if estimate.value is None:
        return f"{finding.part.name}: no life tells, or too few."
    said = f"{finding.part.name} {_figure(estimate)}"
    if finding.power is not None:
        lives = "1 life" if finding.power == 1 else f"{finding.power:,} lives"
        said += f"; a miss would be seen from {lives} on"
    return f"{said}."


def _figure(estimate: Estimate) -> str:
    """Write a figure with its standard error, to the first digit that is uncertain."""
    if estimate.value is None:
        return ""
    error = estimate.standard_error or 0.0
    if not error and estimate.value in (0.0, 1.0):
        return f"{estimate.value:.0f}"
    digits = -math.floor(math.log10(error)) if error else 3
    digits = min(max(digits, 0), 7)
    return f"{estimate.value:.{digits}f} \u00b1 {error:.{digits}f}"


def _closing(rows: Sequence[Row]) -> Iterator[str]:
    emerging = [row for row in rows if row.target.standing == "emerges"]
    told = ", ".join(f"{row.target.name} {row.verdict}" for row in emerging)
    yield wrapped(f"Only rows that emerge are evidence for the model: {told}.")
    yield wrapped(
        "The others were given to it, built into it or tuned: that they come out says nothing."
    )


def _weak_lines(weak: Iterable[str]) -> Iterator[str]:
    yield ""
    yield "What is weak:"
    for line in weak:
        yield from _inset(line, mark="-")


def _inset(text: str, *, mark: str = "") -> list[str]:
    """Return a sentence in lines set in, with a mark before the first."""
    from textwrap import wrap

    from hailsham.errors import WIDTH

    lead = f"{mark:>{_INDENT - 2}}  " if mark else " " * _INDENT
    return wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=" " * _INDENT, break_long_words=False
    )


# ---------------------------------------------------------------- the readings


def _readings_lines(accounts: Sequence[Account], *, lives: int, seed: int) -> Iterator[str]:
    from hailsham.world.sources.weaknesses import INNER_LIFE

    for _, group in groupby(accounts, key=lambda account: account.reading.name):
        yield from _claim_lines(list(group))
        yield ""
    yield wrapped(
        f"What each predicts, of {lives:,} children with seed {seed}, and what the texts say of it:"
    )
    yield ""
    yield from _prediction_lines(accounts)
    yield ""
    yield wrapped(
        "Which facts the lives of each fit: + fits, - does not fit, ? too few lives to tell, with "
        "the score of that fact alone (0 is a perfect fit). Scores are not added up, and "
        "readings are not ranked."
    )
    yield ""
    yield from _fit_lines(accounts)
    yield ""
    yield wrapped(
        "What the facts do not decide: nobody leaves in any reading, and each has another reason. "
        "Two interventions would, and no one in the story tries either. Share of lives in which "
        "somebody would leave:"
    )
    yield ""
    yield from _intervention_lines(accounts)
    yield from _weak_lines(INNER_LIFE)


def _claim_lines(accounts: Sequence[Account]) -> Iterator[str]:
    reading = accounts[0].reading
    facts = f"; {', '.join(reading.facts)}" if reading.facts else ""
    yield wrapped(f"{reading.name} ({reading.alias})  {reading.author}{facts}")
    yield from _inset(reading.claim)
    for assumption in reading.ours:
        yield from _inset(f"Ours: {assumption.says}")
    for variant in reading.variants:
        yield from _inset(f"Also run {variant.name}: {variant.says}")
    yield from _inset(f"Undecided: {reading.undecided}")
    if reading.not_simulated:
        yield from _inset(f"Not simulated: {reading.not_simulated}.")


def _prediction_lines(accounts: Sequence[Account]) -> Iterator[str]:
    from hailsham.telling.evidence.predictions import QUANTITIES

    for each in QUANTITIES:
        yield f"  {each.name} [{each.unit}]" + (f": {each.texts_say}" if each.texts_say else "")
    yield "  acceptance that counts [share]: disputed"
    yield ""
    heads = ["", *(each.name for each in QUANTITIES), "acceptance that counts"]
    yield from _side_by_side(
        heads,
        accounts,
        lambda account: [
            *(_figure(account.predictions[each.name]) for each in QUANTITIES),
            _figure(account.accepted),
        ],
    )


def _fit_lines(accounts: Sequence[Account]) -> Iterator[str]:
    fitted = accounts[0].fitted
    heads = [each.fact for each in fitted]
    # A fact that is told by several figures is told apart by letters.
    for at, head in enumerate(heads):
        if [each.fact for each in fitted].count(head) > 1:
            heads[at] += "abc"[[each.fact for each in fitted][:at].count(head)]
    yield from (f"  {head}: {each.says}" for head, each in zip(heads, fitted, strict=True))
    yield ""
    yield from _side_by_side(
        ["", *heads],
        accounts,
        lambda account: [_mark(each) for each in account.fitted],
    )


def _mark(fitted: Fitted) -> str:
    score = "" if math.isnan(fitted.score) else f" {fitted.score:.1f}"
    return f"{_MARKS[fitted.fit]}{score}"


def _intervention_lines(accounts: Sequence[Account]) -> Iterator[str]:
    from hailsham.telling.evidence.predictions import QUANTITIES
    from hailsham.world.sources.readings import INTERVENTIONS

    last = QUANTITIES[-1].name
    yield from _side_by_side(
        ["", "as it is", *INTERVENTIONS],
        accounts,
        lambda account: [
            account.predictions[last].value,
            *(account.leaving[name].value for name in INTERVENTIONS),
        ],
    )


def _side_by_side(
    heads: Sequence[str],
    accounts: Sequence[Account],
    cells: Callable[[Account], Sequence[object]],
) -> list[str]:
    """Return a table with a line for each reading, and one set in for each variant."""
    rows = [
        [f"  {each.variant}" if each.variant else each.reading.name, *cells(each)]
        for each in accounts
    ]
    return table_lines(heads, rows=rows, width=screen_width())


def _account(account: Account) -> dict[str, Any]:
    """Return an account ready for JSON."""
    reading = account.reading
    return {
        "reading": reading.name,
        "alias": reading.alias,
        "variant": account.variant or None,
        "author": reading.author,
        "facts": list(reading.facts),
        "claim": reading.claim,
        "ours": [{"says": each.says, "keys": list(each.keys)} for each in reading.ours],
        "predictions": _estimates(account.predictions),
        "acceptance": {"rule": reading.acceptance, **_estimate(account.accepted)},
        "fits": [
            {"fact": each.fact, "says": each.says, "fit": each.fit, "score": each.score}
            for each in account.fitted
        ],
        "undecided": reading.undecided,
        "decided_by": list(reading.decided_by),
        "would_leave": _estimates(account.leaving),
        "not_simulated": reading.not_simulated or None,
    }


def _estimates(found: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    return {name: _estimate(estimate) for name, estimate in found.items()}


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {"simulated": estimate.value, "standard_error": estimate.standard_error}
