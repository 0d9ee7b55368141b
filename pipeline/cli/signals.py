"""Ending when asked: what a service manager or `kill` sends ends a command as Ctrl+C does, so that it tidies up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 128 + signal.SIGINT


@contextmanager
def ending_when_asked(codes: list[int]) -> Iterator[None]:
    """Have SIGTERM break off what runs inside as Ctrl+C does; `codes` gets the exit code of a process ended so.

    Where signals do not arrive, in a thread, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: object) -> None:
        codes.append(128 + number)
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
