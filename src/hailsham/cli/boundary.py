"""The one place where a failure becomes a message and an exit code."""

from __future__ import annotations

import errno
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from hailsham.cli.screen import note
from hailsham.errors import AskerError, Fault, HailshamError
from hailsham.units import cache_folder

#: What a shell expects of a program that was stopped from the keyboard: 128 and the signal's 2.
_STOPPED = 130
_OURS = 1
#: What a machine answers when it will not let us write.
_NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}


class Boundary(TyperGroup):
    """The family of commands; nothing that fails below it reaches a person as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and turn whatever it raises into a message and an exit code."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except KeyboardInterrupt:
            goes_on = ctx.invoked_subcommand == "run"
            rest = "What was done is kept: the same command goes on from there."
            note(f"\nStopped. {rest}" if goes_on else "\nStopped.")
            raise typer.Exit(_STOPPED) from None
        except HailshamError as error:
            note(str(error))
            raise typer.Exit(error.exit_code) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                # Whoever read our answer has enough of it; Typer ends quietly.
                raise
            if error.errno in _NOT_WRITABLE:
                note(str(_not_writable(error)))
                raise typer.Exit(AskerError.exit_code) from None
            raise _ours(error) from None
        except Exception as error:  # noqa: BLE001, the last net: it keeps the traceback
            raise _ours(error) from None


def _not_writable(error: OSError) -> AskerError:
    where = str(error.filename or "the disk")
    remedy = "Make room or give leave to write there, or choose another folder with --out."
    what = f"The machine refuses: {error.strerror}."
    return AskerError([Fault("HS208", where, what, remedy=remedy)], closing="The run is not done.")


def _ours(error: Exception) -> typer.Exit:
    """Keep the traceback in a file, name it and the failure in one line, and fail."""
    kept = _keep("".join(traceback.format_exception(error)))
    said = " ".join(f"{type(error).__name__}: {error}".split())
    note(f"This is a fault of hailsham's own: {said}. To report it, send the file {kept}")
    return typer.Exit(_OURS)


def _keep(text: str) -> Path:
    name = f"hailsham-fault-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder = cache_folder() / "faults"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    except OSError:
        folder = Path(tempfile.gettempdir())
        (folder / name).write_text(text, encoding="utf-8")
    return folder / name
