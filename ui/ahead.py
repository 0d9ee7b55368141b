"""What the first page shows, made while the server starts: whoever opens the app then finds it done, or waits for it.

The same cached functions are called that the page calls, so nothing is made twice and nothing of it can go stale.
"""

from __future__ import annotations

import gc
import time
from contextlib import suppress
from importlib import import_module

from pipeline.language import LANGUAGES

SOON = ("pandas.io.formats.style", "altair", "networkx")  # tables, charts and graphs of the pages after the first
TICK_S = 0.02


def prepare() -> None:
    """Load the compiled loops, lay the first plan over the log of the default workspace, and load what pages need.

    What is loaded by then stays, and is never searched for garbage again: Streamlit searches after every run of a page,
    and the answer waits for it.
    """
    from mining.errors import DesirePathError
    from mining.warm_up import warm_up, warm_up_pictures

    warm_up()
    warm_up_pictures()
    _wait_for_caches()
    with suppress(DesirePathError):  # the page says it, in the reader's language
        first_comparison()
    gc.freeze()
    for package in SOON:
        import_module(package)
    gc.freeze()


def _wait_for_caches() -> None:
    """Wait for the part of the server that keeps what cached functions give."""
    from streamlit import runtime

    while not runtime.exists():
        time.sleep(TICK_S)


def first_comparison() -> None:
    """Make what Compare shows a new session, where there is a log and a plan to begin with."""
    from ui import compare_map, state
    from ui.language import speaking

    log = state.log_at(str(state.default_workspace()))
    plan = None if log.is_empty else state.first_map(log)
    if plan is None:
        return
    for code in LANGUAGES:
        with speaking(code):
            compare_map.first_scene(log, *plan)
