"""Writes where an app is when its import takes too long, or where it ends the process."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import traceback
from typing import NoReturn, TextIO

# The signals that end a process by default, besides those of a crash.
SIGNALS = ("SIGALRM", "SIGHUP", "SIGQUIT", "SIGTERM")


def write_stack(path: str, thread: int | None = None) -> None:
    """Write where a thread is, by default this one: the files and lines, the innermost last."""
    stack = traceback.extract_stack(sys._current_frames()[thread or threading.get_ident()])
    with open(path, "w", encoding="utf-8") as file:
        json.dump([[frame.filename, frame.lineno] for frame in stack], file)


def ends_itself(process: int, number: int) -> bool:
    """Whether a signal may end this process, and does not just ask if it runs."""
    return process == os.getpid() and number != 0


def watch(seconds: float, path: str) -> None:
    """Write where the main thread is after some seconds."""
    timer = threading.Timer(seconds, write_stack, (path, threading.get_ident()))
    timer.daemon = True
    timer.start()


def watch_end(end: str, crash: TextIO) -> None:
    """Write where the app ends the process: `os._exit`, or a signal such as that of a crash."""
    leave, own = os._exit, os.getpid()

    def noted_leave(status: int) -> NoReturn:
        if os.getpid() == own:
            write_stack(end)
        leave(status)

    os._exit = noted_leave
    faulthandler.enable(crash)
    for name in SIGNALS if hasattr(faulthandler, "register") else ():
        faulthandler.register(getattr(signal, name), crash, all_threads=False, chain=True)
