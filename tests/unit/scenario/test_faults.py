"""A fault is told in lines of bounded length, and many of them in a bounded message."""

from hailsham.errors import WIDTH, AskerError, Fault

LONG = "A sentence that goes on and on. " * 10


def test_no_line_is_longer_than_a_screen_but_places_are_whole():
    place = "/a/very/long/place" * 10
    first, *rest = str(
        Fault("HS101", place, LONG, tuple(LONG.split()), "sentense", LONG)
    ).splitlines()

    assert first == f"HS101  {place}"
    assert all(line.startswith(7 * " ") and len(line) <= WIDTH for line in rest)
    assert "did you mean 'sentence'?" in "".join(rest)


def test_names_are_not_broken():
    name = "a-name_that/is-longer" * 5

    assert f"       {name}\n" in str(Fault("HS101", "x", f"There is no {name} here.", ("a",)))


def test_the_first_twenty_faults_are_told_and_the_rest_counted():
    def told(n):
        return str(AskerError([Fault("HS101", f"place {at}.", "Wrong.") for at in range(n)]))

    assert "more fault" not in told(20)
    assert "... and 1 more fault.\n" in told(21)
    assert "... and 1,980 more faults." in told(2_000)
    assert "place 19." in told(2_000)
    assert "place 20." not in told(2_000)


def test_every_fault_is_kept_for_a_program():
    assert len(AskerError([Fault("HS101", "x", "Wrong.")] * 50).codes) == 50
