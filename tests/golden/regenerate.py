"""Write the golden runs anew: `just golden`, and a news fragment of kind `numbers`.

Only for a change that is meant to give other lives. It raises ``NUMBERS`` in
``world/england.py``, so that no finished run is taken for a new one.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.courses import FOLDER, QUESTIONS, courses
from tests.laws.small_runs import made


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.csv"):
        path.unlink()
    with TemporaryDirectory() as runs:
        for name, (question, asked) in QUESTIONS.items():
            text = courses(made(Path(runs), question, **asked))
            (FOLDER / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
