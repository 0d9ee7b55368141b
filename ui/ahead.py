"""What pages need, made before somebody waits for it: for the first page at once, for the others behind it.

The same cached functions are called that the pages call, so nothing is made twice and nothing of it can go stale. They
keep resources, not data: with data Streamlit wants its server, which is not there yet.
"""

from __future__ import annotations

import gc
import inspect
import threading
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.language import LANGUAGES

if TYPE_CHECKING:
    from ui.state import Log

FIRST = (
    "ui.frame",
    "ui.data_run",
    "ui.filter_bar",
    "ui.compared",
    "ui.compare_map",
    "ui.compare_beside",
    "ui.compare_short",
    "ui.compare_versions",
    "streamlit.emojis",
    "streamlit.material_icon_names",
    "PIL.ImageFile",
)
UNDISTURBED_S = 3  # for a first page that is asked for at once


def load_first_page() -> None:
    """Load the modules of the first page, and what Streamlit itself looks up when it shows its first element."""
    for module in FIRST:
        import_module(module)
    inspect.stack()  # it asks who started it; Python goes through all modules to say so, and remembers them


def compare_first() -> None:
    """Load the compiled loops, and lay the first plan over the log of the default workspace."""
    from mining.compiled import without_scipy
    from mining.errors import DesirePathError
    from mining.warm_up import warm_up, warm_up_pictures

    without_scipy()
    warm_up()
    warm_up_pictures()
    with suppress(DesirePathError):  # the page says it, in the reader's language
        first_picture(next(iter(LANGUAGES)))


def make_further(first: threading.Thread) -> None:
    """Make the first picture in the other languages, and load what other pages need, when the first page stands.

    What is loaded by then stays, and is never searched for garbage again: Streamlit searches after every run of a page,
    and the answer waits for it.
    """
    from mining.errors import DesirePathError

    first.join()
    time.sleep(UNDISTURBED_S)
    with suppress(DesirePathError):
        for language in LANGUAGES:
            first_picture(language)
        first_walk()
    import_module("networkx")  # graphs of the pages after the first
    gc.freeze()


def first_picture(language: str) -> None:
    """Make what Compare shows a new session, where there is a log and a plan to begin with."""
    from ui import compare_map
    from ui.language import speaking

    if (first := _log_and_plan()) is not None:
        with speaking(language):
            compare_map.first_scene(*first)


def first_walk() -> None:
    """Walk the steps of that picture, which its panels and its list look at."""
    from ui import compare_map

    if (first := _log_and_plan()) is not None:
        compare_map.first_walk(*first)


def _log_and_plan() -> tuple[Log, str, str] | None:
    """Give what a new session begins with: the log, and name and text of the plan."""
    from ui import state

    log = state.log_at(str(state.default_workspace()))
    plan = None if log.is_empty else state.first_map(log)
    return None if plan is None else (log, *plan)
