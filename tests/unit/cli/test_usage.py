"""What was typed wrong is told like every other fault: place, words, known, remedy."""

import pytest


@pytest.mark.parametrize(
    ("words", "code", "place", "what"),
    [
        ("runn", "HS112", "hailsham runn", "There is no command 'runn'."),
        ("--foo", "HS112", "hailsham --foo", "'hailsham' has no option --foo."),
        ("run --sale 3", "HS112", "hailsham run --sale", "'hailsham run' has no option --sale."),
        ("run a b", "HS112", "hailsham run", "One word too many: b."),
        (
            "run --scale nan",
            "HS113",
            "hailsham run --scale",
            "wants a whole number, and got 'nan'.",
        ),
        (
            "run --scale 1.5",
            "HS113",
            "hailsham run --scale",
            "wants a whole number, and got '1.5'.",
        ),
        ("life last abc", "HS113", "hailsham life ID", "wants a whole number, and got 'abc'."),
        ("run --workers 0", "HS113", "hailsham run --workers", "wants a number from 1 on, and got"),
        (
            "query a b --seconds x",
            "HS113",
            "hailsham query --seconds",
            "wants a number, and got 'x'",
        ),
        ("show", "HS113", "hailsham show", "RUN is missing."),
        ("query last", "HS113", "hailsham query", "SELECT... is missing."),
        ("life last --where", "HS113", "hailsham life --where", "stands without its value."),
        ("run --json=3", "HS113", "hailsham run --json", "This option takes no value."),
        ("--version=3", "HS113", "hailsham --version", "This option takes no value."),
    ],
)
def test_what_was_typed_wrong_is_told_in_our_form(ask, words, code, place, what):
    answer = ask(*words.split())
    first, second, *_ = answer.stderr.splitlines()

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert first == f"{code}  {place}"
    assert what in second
    assert "--help' says what it" in answer.stderr or code == "HS112"
    # Not in the words of whoever found it.
    assert not any(word in answer.stderr for word in ("Usage", "Input should", "integer", "Error"))


def test_a_wrong_word_gets_the_known_ones_and_the_nearest(ask):
    command, option = ask("runn").stderr, ask("run", "--sale", "3").stderr

    assert "known: run, scenarios, check, explain" in command
    assert "did you mean 'run'?" in command
    assert "did you mean '--scale'?" in option


def test_a_right_word_is_not_refused(ask):
    # The twin: it is not every word that is refused.
    assert ask("scenarios").exit_code == 0
    assert ask("explain", "HS112").stderr == ""
