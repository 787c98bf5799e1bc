"""Ctrl-C: whatever it meets on its way, the program says that it stopped, and leaves.

A compiler that is interrupted may fail with an error of its own, or hear
nothing for half a minute; threads go on until they are done. So the key is
heard by a thread of its own, and after a moment, or when it is pressed again,
the process ends as it stands. Nothing is lost by that: every file of a run
appears whole or not at all.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from hailsham.cli.screen import note

#: What a shell expects of a program that was stopped from the keyboard: 128 and the signal's 2.
STOPPED = 130
#: Seconds in which a program that was stopped may put its things away.
_GRACE = 1.0
_SHOW_CURSOR = "\x1b[?25h"


@dataclass
class Keyboard:
    """Whether Ctrl-C was pressed, and whether that was said."""

    farewell: Callable[[], str]
    was_pressed: bool = False
    is_said: bool = False

    def say(self) -> None:
        """Say once that the program stopped."""
        if not self.is_said:
            self.is_said = True
            note(f"\n{self.farewell()}")

    def press(self, number: int, frame: FrameType | None) -> None:
        """Interrupt what the main thread does, and remember that it was."""
        self.was_pressed = True
        # What is interrupted on its way back from C is ignored by Python, with a traceback.
        sys.unraisablehook = lambda _: None
        signal.default_int_handler(number, frame)

    def watch(self, presses: socket.socket) -> None:
        """Wait for the key, and a moment after it, or at the second one, leave.

        Args:
            presses: Gets a byte at each signal, whatever the main thread does.
        """
        while pressed := presses.recv(1):
            if pressed[0] == signal.SIGINT:
                self.was_pressed = True
                select.select([presses], [], [], _GRACE)
                self._leave()

    def _leave(self) -> None:
        self.say()
        with suppress(OSError, ValueError):
            if sys.stderr.isatty():
                print(_SHOW_CURSOR, end="", file=sys.stderr)
            sys.stderr.flush()
        os._exit(STOPPED)


@contextmanager
def keyboard(*, farewell: Callable[[], str]) -> Iterator[Keyboard]:
    """Listen for Ctrl-C, unless somebody else does or wants it unheard.

    Args:
        farewell: Returns what is said to a person who pressed it.
    """
    heard = Keyboard(farewell)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield heard
        return
    presses, signals = socket.socketpair()
    signals.setblocking(False)
    signal.signal(signal.SIGINT, heard.press)
    before = signal.set_wakeup_fd(signals.fileno(), warn_on_full_buffer=False)
    watching = threading.Thread(target=heard.watch, args=[presses], daemon=True)
    watching.start()
    try:
        yield heard
    finally:
        # Once pressed, it is heard to the end, whatever the program still waits for.
        if not heard.was_pressed:
            signal.set_wakeup_fd(before)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signals.close()
            watching.join()
            presses.close()
