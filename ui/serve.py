"""Serve the app: ``python -m ui.serve [OPTIONS OF STREAMLIT]``. What the first page shows is made meanwhile."""

from __future__ import annotations

import atexit
import gc
import sys
import threading
from pathlib import Path

from streamlit.web import cli

from ui.ahead import prepare

BETWEEN_SEARCHES = 50_000  # new objects; at Python's own 700 an eighth of the start is a search for garbage
APP = Path(__file__).resolve().parents[1] / "app.py"


def main() -> None:
    """Become the server."""
    gc.set_threshold(BETWEEN_SEARCHES)
    atexit.register(gc.unfreeze)  # at the end all is to be taken down, what was set aside as well
    threading.Thread(target=prepare, name="ahead", daemon=True).start()
    cli.main(["run", str(APP), *sys.argv[1:]], prog_name="streamlit")


if __name__ == "__main__":
    main()
