"""The one place where a failure becomes a message and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from hailsham.cli.screen import note
from hailsham.cli.stopping import STOPPED, Keyboard, keyboard
from hailsham.cli.usage import refuse_command, refuse_usage
from hailsham.errors import AskerError, Fault, HailshamError
from hailsham.units import cache_folder

#: What a shell shows of a program whose reader went away: 128 and the signal's 13.
_UNREAD = 141
_OURS = 1
#: What a machine answers when it will not let us write.
_NOT_WRITABLE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
}
_PACKAGE = str(Path(__file__).parents[1])


class Boundary(TyperGroup):
    """The family of commands; nothing that fails below it reaches a person as a traceback."""

    def make_context(self, info_name: Any, args: list[str], *rest: Any, **extra: Any) -> Any:
        """Read the words before the command, and refuse the wrong ones in our form."""
        for stream in (sys.stdout, sys.stderr):
            # A name that this screen cannot show is spelt, and ends nothing.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        if not args:
            # Typer shows the help by means of an error.
            return super().make_context(info_name, args, *rest, **extra)
        try:
            return super().make_context(info_name, args, *rest, **extra)
        except typer.TyperException as error:
            note(str(refuse_usage(error, command=None)))
            raise typer.Exit(AskerError.exit_code) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is meant."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            raise refuse_command(args[0], known=self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and turn whatever it raises into a message and an exit code."""
        with keyboard(farewell=lambda: _farewell(ctx)) as keys:
            try:
                answered = super().invoke(ctx)
                # Whether somebody reads the answer shows when it leaves us.
                sys.stdout.flush()
            except (typer.Exit, typer.Abort):
                raise
            except BaseException as error:  # noqa: BLE001, the last net: it keeps the traceback
                raise typer.Exit(_tell(error, keys, ctx)) from None
            return answered


def _farewell(ctx: Any) -> str:
    goes_on = ctx.invoked_subcommand == "run"
    rest = " What was done is kept: the same command goes on from there."
    return f"Stopped.{rest}" if goes_on else "Stopped."


def _tell(error: BaseException, keys: Keyboard, ctx: Any) -> int:
    """Say what happened, and return the exit code."""
    if keys.was_pressed or isinstance(error, KeyboardInterrupt):
        keys.say()
        return STOPPED
    if isinstance(error, BrokenPipeError):
        _close_answer()
        return _UNREAD
    if isinstance(error, typer.TyperException):
        error = refuse_usage(error, command=ctx.invoked_subcommand)
    elif isinstance(error, OSError) and _is_refused(error):
        error = _not_writable(error)
    if isinstance(error, HailshamError):
        note(str(error))
        return error.exit_code
    if not isinstance(error, Exception):
        raise error
    kept = _keep("".join(traceback.format_exception(error)))
    said = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    note(f"This is a fault of hailsham's own: {said}. To report it, send the file {kept}")
    return _OURS


def _close_answer() -> None:
    """Let what is left of the answer go nowhere, so that nothing complains at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_refused(error: OSError) -> bool:
    # A file of our own that is not there is no fault of the machine's.
    return error.errno in _NOT_WRITABLE and not str(error.filename).startswith(_PACKAGE)


def _not_writable(error: OSError) -> AskerError:
    where = str(error.filename or "the disk")
    remedy = "Make room or give leave to write there, or choose another folder with --out."
    what = f"The machine refuses: {error.strerror}."
    fault = Fault("HS208", where, what, remedy=remedy)
    return AskerError([fault], closing="Not everything was written.")


def _keep(text: str) -> Path:
    name = f"hailsham-fault-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder = cache_folder() / "faults"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError:
        folder = Path(tempfile.gettempdir())
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    return folder / name
