"""What a page does not need, it does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not {"pandas", "altair", "networkx"} & set(sys.modules), "the first page has no tables, charts or graphs"
for page in ("explore", "plan", "drop_off", "gaps", "data"):
    app.switch_page(f"ui/{page}_page.py").run()
    assert not app.exception, page
sys.exit(",".join(sorted({"pm4py", "scipy.stats", "r4pm", "statsmodels", "playwright"} & set(sys.modules))) or 0)
"""


def test_no_page_imports_the_heavy_miners(sample: Path) -> None:
    environment = {"DESIREPATH_WORKSPACE": str(sample), "PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(sample.parent)}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr[-800:]
