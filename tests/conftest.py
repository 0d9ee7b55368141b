"""What several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is no fault of the code: pytest's own limit ends what hangs.
settings.register_profile("patient", deadline=None)
# The check of a change tells of the change alone: it draws the same cases each time, `make test-all` draws new ones.
settings.register_profile("settled", deadline=None, derandomize=True)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real logs beside the project, or skip."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real logs are not on this machine (../shared/data)")
    return folder
