"""Serve the app on a free port, and drive it with a browser: for tests, and for the pictures of the documentation."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SYSTEM = ("chromium", "chromium-browser", "google-chrome")
RUNNING = "[data-testid=stApp][data-test-script-state=notRunning]"


def browser_path() -> str | None:
    """Give the browser of the system, else the one that playwright has installed; None where there is none."""
    found = next((path for path in map(shutil.which, SYSTEM) if path), None)
    if found:
        return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """Start a browser without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, headless=True)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def served(workspace: Path, log: Path, script: Path | None = None) -> Iterator[str]:
    """Serve the app, or a script, on `workspace`; give its address. What the server says goes to the file `log`."""
    port = _free_port()
    run = ["ui.serve"] if script is None else ["streamlit", "run", str(script)]
    command = [sys.executable, "-m", *run, "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
    environment = os.environ | {"DESIREPATH_WORKSPACE": str(workspace)}
    with log.open("w", encoding="utf-8") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/_stcore/health", server, log)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"the app did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def settle(page: Page, milliseconds: int = 400) -> None:
    """Wait until the script has run and its elements stand still."""
    page.wait_for_timeout(150)
    page.wait_for_selector(RUNNING, timeout=60_000, state="attached")
    page.wait_for_timeout(milliseconds)
    page.wait_for_selector(RUNNING, timeout=60_000, state="attached")
