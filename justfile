# Daily commands. After `bash tests/run install`: source .venv/bin/activate

set positional-arguments

# Everything that a change must pass: check, then test.
default:
    bash tests/run

# Form, types, imports and the house rules.
check:
    bash tests/run check

# Put right what a machine can.
fix:
    ruff check --fix .
    ruff format .

# The tests, or some of them: just test tests/unit -k wait
test *args:
    HAILSHAM_CACHE="${HAILSHAM_CACHE:-$PWD/.venv/kernels}" pytest -n 2 "$@"

# Write the pins anew from requirements/*.in (needs uv); --upgrade takes what is newest.
pins *args:
    requirements/compile "$@"

# Write the golden runs anew, for a change that is meant to give other lives.
golden:
    HAILSHAM_CACHE="${HAILSHAM_CACHE:-$PWD/.venv/kernels}" python -m tests.golden.regenerate
