"""Every command has help with an example, and wrong words get one message."""

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


@pytest.mark.parametrize("words", [["runn"], ["run", "--sale", "3"], ["run", "--scale", "x"]])
def test_a_wrong_word_is_the_askers_mistake(ask, words):
    answer = ask(*words)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr


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
