"""``python -m hailsham`` is ``hailsham``."""

from hailsham.cli.main import app

app()
