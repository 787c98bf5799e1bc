"""Every command has help with an example, and wrong words get one message."""

import os
import subprocess
import sys

import pytest
from typer.main import get_command

from hailsham.cli.main import COMMANDS, app

NAMES = [command.__name__ for command in COMMANDS]


def typed(*words, code="from hailsham.cli.main import app; app()"):
    command = [sys.executable, "-W", "error", "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_lists_every_command_and_nothing_else(ask):
    answer = ask("--help")
    listed = answer.stdout.partition("Commands:\n")[2].partition("\n\n")[0]

    assert answer.exit_code == 0
    assert [line.split()[0] for line in listed.splitlines()] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example(ask, name):
    answer = ask(name, "--help")

    assert answer.exit_code == 0
    assert f"Example: hailsham {name}" in answer.stdout
    assert answer.stderr == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_is_for(name):
    command = get_command(app).commands[name]

    assert [option.name for option in command.params if not option.help] == []


def test_the_version_is_said(ask):
    answer = ask("--version")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("hailsham")


def test_completion_is_offered(ask):
    assert "--install-completion" in ask("--help").stdout


def test_nothing_at_all_gets_the_help(ask):
    assert "Commands:" in ask().output


def test_an_answer_that_is_cut_short_by_its_reader_ends_quietly():
    # More than a pipe holds, so that what is left cannot be written.
    code = (
        "from hailsham.cli.main import app, asking\n"
        "asking.page_of = lambda code: 'x' * 1_000_000\n"
        "app()"
    )
    command = [sys.executable, "-W", "error", "-c", code, "explain", "HS101"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        program.stdout.read(2)
        program.stdout.close()
        said = program.stderr.read()

    assert (program.returncode, said) == (141, b"")


def test_a_name_that_the_screen_cannot_show_is_spelt():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    code = "from hailsham.cli.main import app; app()"
    command = [
        sys.executable,
        "-W",
        "error",
        "-c",
        code,
        "check",
        os.fsdecode(b"caf\xc3\xa9\xff.toml"),
    ]
    told = subprocess.run(command, capture_output=True, env=environment, check=False)

    assert told.returncode == 2
    assert told.stderr.startswith(b"HS104  caf\\xe9\\udcff.toml")


def test_help_needs_nothing_heavy():
    code = (
        "import sys\n"
        "from hailsham.cli.main import app\n"
        "app(standalone_mode=False)\n"
        "heavy = {'numba', 'numpy', 'polars', 'duckdb', 'pydantic', 'altair', 'rich', 'jinja2'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )

    assert "heavy: []" in typed("--help", code=code).stdout
    # The twin: a command that resolves a scenario does load what it needs.
    assert "pydantic" in typed("scenarios", code=code).stdout


def test_the_program_ends_with_the_codes_of_its_boundary(tmp_path):
    fine, wrong = typed("explain", "HS101"), typed("check", str(tmp_path / "none.toml"))

    assert (fine.returncode, fine.stderr) == (0, "")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("HS104")
