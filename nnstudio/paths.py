"""Where files lie: those that come with the program, and what it may forget."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nnstudio.errors import NNStudioError
from nnstudio.text import Text


def resource(*parts: str) -> Path:
    """Return the path of a file or folder in resources: ``resource("translations", "zh_CN.qm")``.

    A wheel carries the resources inside the package; a checkout has them beside it. What is asked
    for need not exist, but the resources themselves must: otherwise raises NNStudioError.
    """
    return _root(Path(__file__).resolve().parent).joinpath(*parts)


def _root(package: Path) -> Path:
    installed = package / "resources"
    if installed.is_dir():
        return installed
    # Beside an installed package lie other packages, and one of them might be called resources.
    checkout = package.parent
    beside = checkout / "resources"
    if beside.is_dir() and (checkout / "pyproject.toml").is_file():
        return beside
    raise NNStudioError(
        installed,
        Text("The program's own resources (icons, translations) are missing."),
        Text("Install nnstudio again, or start it from a complete checkout."),
    )


def cache_folder() -> Path | None:
    """Where the system wants what can be found out again; it need not exist. None without a home."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "nnstudio"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "nnstudio"
