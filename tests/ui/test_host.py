"""The door of the app answers at once, is refused in words where it is taken, and is closed when the app is to end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest

from ui import host


def test_who_comes_in_is_answered_at_once() -> None:
    """Without it, a file of two packets takes the 40 ms in which the other side may keep its word back."""
    with host.listening("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        inside, _ = door.accept()
        with inside:
            assert inside.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_door_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as refused:
            host.opened(["--server.port", str(port)])
    said = str(refused.value)
    assert said.startswith("desirepath: The app cannot be served: Address already in use")
    assert said.endswith(f"Try another port: --port {port + 1}")


def test_an_option_that_is_none_is_told_in_one_line() -> None:
    with pytest.raises(SystemExit, match=r"^desirepath: No such option '--server\.prot'"):
        host.opened(["--server.prot", "1"])


ENDING = """
import os, signal, sys, threading
from ui import host
app, door = host.opened(["--server.port", "0", "--server.headless", "true"])
threading.Timer(2, os.kill, (os.getpid(), int(sys.argv[1]))).start()
host.serve(app, door)
"""


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_the_app_ends_without_a_word_when_it_is_asked_to(asked: signal.Signals) -> None:
    ended = subprocess.run([sys.executable, "-c", ENDING, str(int(asked))], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
