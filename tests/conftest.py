"""Where tests find real images, and a window system that needs no screen."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# What is found out about this machine while testing is forgotten again.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="nnstudio-test-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images beside a developer's checkout; a plain clone has none."""
    named = os.environ.get("NNSTUDIO_TEST_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs real images in {folder} (or the folder that NNSTUDIO_TEST_DATA names)")
    return folder
