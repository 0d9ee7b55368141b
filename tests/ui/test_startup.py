"""What a page does not need, it does not import; what the first page needs is there before it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not {"pandas", "networkx"} & set(sys.modules), "the first page has no tables or graphs"
for page in ("explore", "plan", "drop_off", "gaps", "data"):
    app.switch_page(f"ui/{page}_page.py").run()
    assert not app.exception, page
heavy = {"altair", "pm4py", "scipy.stats", "r4pm", "statsmodels", "playwright"}
sys.exit(",".join(sorted(heavy & set(sys.modules))) or 0)
"""


AHEAD = """
import sys
from ui import ahead
ahead.load_first_page()
ahead.compare_first()
assert "scipy.linalg" not in sys.modules
known = set(sys.modules)
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert app.metric and not app.exception
late = {name for name in set(sys.modules) - known if name.split(".")[0] in ("ui", "pipeline", "mining")}
sys.exit(",".join(sorted(late)) or 0)
"""
IMPATIENT = """
import threading
from ui import ahead, host, serve
serve.PATIENCE_S = 0.01
ahead.compare_first = threading.Event().wait
host.serve = lambda app, door: print(app.script_path.name)
serve.main()
"""


def run(script: str, workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script beside the app, with a workspace to begin with."""
    environment = {
        "DESIREPATH_WORKSPACE": str(workspace),
        "PYTHONPATH": str(ROOT),
        "PATH": "",
        "HOME": str(workspace.parent),
    }
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_no_page_imports_what_is_heavy(sample: Path) -> None:
    ended = run(SCRIPT, sample)
    assert ended.returncode == 0, ended.stderr[-800:]


def test_the_first_page_is_made_before_it_is_asked_for(sample: Path) -> None:
    """It imports no module of ours any more, and the caches were filled without a complaint."""
    ended = run(AHEAD, sample)
    assert ended.returncode == 0, ended.stderr[-800:]
    assert "No runtime found" not in ended.stderr


def test_a_log_that_takes_long_does_not_keep_the_server_from_answering(sample: Path) -> None:
    ended = run(IMPATIENT, sample, "--server.port", "0")
    assert ended.stdout == "app.py\n", ended.stderr[-800:]
