"""Ctrl-C ends the program soon, with its own exit code and without a traceback."""

import os
import signal
import subprocess
import sys
import time

import pytest

#: A program whose command says that it is ready, and then does what it is told.
PROGRAM = """
import signal, sys, threading, time
import typer
from hailsham.cli.boundary import Boundary

def compile_badly():
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        raise ZeroDivisionError("odd") from None

def hear_nothing():
    while True:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            pass

def leave_a_thread():
    threading.Thread(target=time.sleep, args=[60]).start()
    time.sleep(60)

# A shell may start us with the key unheard.
signal.signal(signal.SIGINT, signal.default_int_handler)
app = typer.Typer(cls=Boundary, pretty_exceptions_enable=False)

@app.command()
def run():
    print("ready", flush=True)
    globals()[sys.argv.pop()]()

app.command("other")(lambda: None)
app(["run"])
"""
WAYS = ["compile_badly", "hear_nothing", "leave_a_thread"]


def stopped(way, n_presses=1):
    """Exit code, words and seconds of a program that was stopped."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        program.stdout.readline()
        began = time.perf_counter()
        for _ in range(n_presses):
            # The first press must be heard before the second is worth anything.
            time.sleep(0.2)
            program.send_signal(signal.SIGINT)
        said = program.stderr.read().decode()
    return program.returncode, said, time.perf_counter() - began


@pytest.mark.parametrize("way", WAYS)
def test_whatever_the_key_meets_the_program_stops_soon_and_says_so(way):
    code, said, seconds = stopped(way)

    assert code == 130
    assert said.strip().startswith("Stopped.")
    assert len(said.strip().splitlines()) == 1
    assert seconds < 30


def test_a_second_time_leaves_at_once():
    code, said, _ = stopped("hear_nothing", n_presses=2)

    assert (code, said.count("Stopped.")) == (130, 1)


def test_a_key_that_somebody_else_hears_is_left_to_them():
    theirs = PROGRAM.replace("signal.default_int_handler)", "signal.SIG_IGN)").replace("60", "1")
    command = [sys.executable, "-W", "error", "-c", theirs, "leave_a_thread"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        said = program.stderr.read().decode()

    assert (program.returncode, said) == (os.EX_OK, "")
