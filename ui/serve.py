"""Serve the app: ``python -m ui.serve [OPTIONS OF STREAMLIT]``. What the first page shows is made before it answers."""

from __future__ import annotations

import atexit
import gc
import sys
import threading
from functools import cached_property
from importlib.metadata import Distribution

from ui import ahead

BETWEEN_SEARCHES = 50_000  # new objects; at Python's own 700 an eighth of the start is a search for garbage
PATIENCE_S = 1.5  # a log that takes longer is compared beside the server, which is to answer within three seconds


def main() -> None:
    """Become the server."""
    gc.set_threshold(BETWEEN_SEARCHES)
    atexit.register(gc.unfreeze)  # at the end all is to be taken down, what was set aside as well
    _ask_packages_once()
    from ui import host

    app, door = host.opened(sys.argv[1:])
    ahead.load_first_page()
    first = threading.Thread(target=ahead.compare_first, name="first comparison", daemon=True)
    first.start()
    first.join(PATIENCE_S)
    gc.freeze()
    threading.Thread(target=ahead.make_further, args=(first,), name="further pages", daemon=True).start()
    host.serve(app, door)


def _ask_packages_once() -> None:
    """Keep what an installed package says of itself: in search of components Streamlit asks each of them four times."""
    once = cached_property(Distribution.metadata.fget)  # type: ignore[attr-defined]
    once.__set_name__(Distribution, "metadata")
    Distribution.metadata = once  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    main()
