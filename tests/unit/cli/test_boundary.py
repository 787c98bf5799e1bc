"""Whatever fails becomes one message and the right exit code."""

import errno
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hailsham.cli import boundary
from hailsham.cli.boundary import Boundary
from hailsham.errors import AskerError, Fault, OurError


def end(error, *, command="run"):
    """What a person sees of a command that raises this."""
    app = typer.Typer(cls=Boundary, pretty_exceptions_enable=False)

    @app.command(command)
    def failing():
        raise error

    @app.command()
    def other():
        pass

    return CliRunner().invoke(app, [command])


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(("kind", "code"), [(AskerError, 2), (OurError, 1)])
def test_a_refusal_is_told_and_ends_with_its_code(kind, code):
    answer = end(kind([Fault("HS101", "there", "is wrong.")]))

    assert answer.exit_code == code
    assert answer.stderr == "HS101  there\n       is wrong.\n\nNothing was run.\n"
    assert answer.stdout == ""


def test_a_stopped_run_says_that_it_goes_on():
    answer = end(KeyboardInterrupt())

    assert answer.exit_code == 130
    assert "Stopped." in answer.stderr
    assert "the same command goes on from there" in answer.stderr


def test_another_stopped_command_promises_nothing():
    answer = end(KeyboardInterrupt(), command="show")

    assert answer.exit_code == 130
    assert answer.stderr.strip() == "Stopped."


def test_a_failure_of_ours_is_one_line_and_keeps_its_traceback():
    answer = end(ZeroDivisionError("two\nlines"))
    (line,) = answer.stderr.splitlines()

    assert answer.exit_code == 1
    assert "ZeroDivisionError: two lines" in line
    kept = Path(line.rpartition(" ")[2]).read_text(encoding="utf-8")
    assert kept.startswith("Traceback")
    assert kept.rstrip().endswith("ZeroDivisionError: two\nlines")


def test_a_traceback_is_kept_even_where_the_cache_cannot_be(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HAILSHAM_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    kept = Path(end(ZeroDivisionError()).stderr.split()[-1])

    assert kept.parent == tmp_path
    assert kept.exists()


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENOTDIR]
)
def test_a_machine_that_will_not_write_is_named(number):
    answer = end(OSError(number, "no room", "/full/disk"))

    assert answer.exit_code == 2
    assert answer.stderr.startswith("HS208  /full/disk\n")


def test_another_failure_of_the_machine_is_ours():
    assert end(OSError(errno.EINVAL, "odd")).exit_code == 1
    # A page or a template that did not come with the package is no fault of the machine.
    assert end(OSError(errno.ENOENT, "none", str(Path(boundary.__file__)))).exit_code == 1


def test_an_answer_that_nobody_reads_on_ends_quietly():
    answer = end(BrokenPipeError(errno.EPIPE, "Broken pipe"))

    assert answer.exit_code == 141
    assert answer.stderr == ""


def test_success_is_left_alone():
    app = typer.Typer(cls=Boundary)
    app.command("fine")(lambda: None)
    app.command("stop")(lambda: None)

    assert CliRunner().invoke(app, ["fine"]).exit_code == 0
