"""Where the files that come with the program lie, in a checkout as in an installed wheel."""

from __future__ import annotations

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
