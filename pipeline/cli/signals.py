"""Ending when asked: what a service manager or `kill` sends ends a command as Ctrl+C does, so that it tidies up.

A signal may arrive while Python itself holds a lock, and then be lost, and the lock with it. So a process that was
asked to end and has not done so after a while is ended: a change of a workspace is whole or not there at any moment.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

INTERRUPTED = 128 + signal.SIGINT
PATIENCE_S = 20.0


@contextmanager
def ending_when_asked(codes: list[int]) -> Iterator[None]:
    """Have SIGINT and SIGTERM break off what runs inside; `codes` gets the exit code of a process ended so.

    Where signals do not arrive, in a thread, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[threading.Timer] = []

    def end(number: int, _frame: object) -> None:
        codes.append(128 + number)
        if not waiting:
            waiting.append(threading.Timer(PATIENCE_S, os._exit, (128 + number,)))
            waiting[0].daemon = True
            waiting[0].start()
        raise KeyboardInterrupt

    former = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        for timer in waiting:
            timer.cancel()


def leave(code: int, was_asked: bool) -> NoReturn:
    """End the process; one that was asked to end waits for no thread that a lost lock may hold."""
    if not was_asked:
        sys.exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
