"""Which run is meant."""

from __future__ import annotations

from pathlib import Path

from hailsham.cli.screen import note
from hailsham.errors import Fault, RunFolderError

#: Where runs are kept if nobody says otherwise.
RUNS = Path("runs")
#: The run that was finished last.
LAST = "last"


def locate_run(named: str, *, runs: Path = RUNS) -> Path:
    """Return the folder of the run that a person means.

    Args:
        named: A path, the name of a folder of ``runs``, the beginning of an
            id, the name of a scenario, whose newest run is meant, or "last".
        runs: The folder of runs.

    Raises:
        RunFolderError: HS201 if there is none, or more than one.
    """
    from hailsham.lives.store import list_runs

    for path in (Path(named), runs / named):
        if named and path.exists():
            return path
    known = list_runs(runs)
    of_scenario = [run for run in known if run.manifest.scenario == named]
    if of_scenario:
        note(f"The newest run of {named}: {of_scenario[0].path}")
        return of_scenario[0].path
    meant = known[:1] if named == LAST else [r for r in known if r.manifest.id.startswith(named)]
    if named and len(meant) == 1:
        return meant[0].path
    names = tuple(run.path.name for run in known)
    remedy = "'last' means the newest."
    if not named:
        what = "No run is named: the word is empty."
    elif meant:
        names = tuple(run.path.name for run in meant)
        what, remedy = f"{len(meant)} runs begin so.", "Write more of the id."
    elif known:
        what = "No run has this path, name, id or scenario."
    elif runs.exists() and not runs.is_dir():
        what, remedy = f"{str(runs)!r} is a file here, and no folder of runs.", "Move it away."
    else:
        what, remedy = f"There is no run in {str(runs)!r} yet.", "'hailsham run' makes one."
    fault = Fault("HS201", f"RUN {named}", what, names, named, remedy)
    raise RunFolderError([fault], closing="Nothing was read.")
