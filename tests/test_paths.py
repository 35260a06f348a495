"""Resources are found in a checkout and in an installed package, and never in a stranger's folder."""

import sys
from pathlib import Path

import pytest

from nnstudio.errors import NNStudioError
from nnstudio.paths import _root, cache_folder, resource


def _package(folder: Path) -> Path:
    package = folder / "nnstudio"
    package.mkdir()
    return package


def test_checkout_is_found() -> None:
    assert resource("icons", "x.svg") == Path(__file__).parents[1] / "resources" / "icons" / "x.svg"


def test_beside_the_package_in_a_checkout(tmp_path: Path) -> None:
    package = _package(tmp_path)
    (tmp_path / "resources").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert _root(package) == tmp_path / "resources"


def test_inside_an_installed_package_even_with_another_beside_it(tmp_path: Path) -> None:
    package = _package(tmp_path)
    (package / "resources").mkdir()
    (tmp_path / "resources").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert _root(package) == package / "resources"


def test_another_package_called_resources_is_not_ours(tmp_path: Path) -> None:
    package = _package(tmp_path)
    (tmp_path / "resources").mkdir()
    with pytest.raises(NNStudioError) as caught:
        _root(package)
    assert str(package / "resources") in str(caught.value)
    assert "Install nnstudio again" in str(caught.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where Linux wants it")
def test_what_may_be_forgotten_lies_where_the_system_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "nnstudio"
    # A relative path there is to be ignored (XDG base directory specification).
    for unset in ("relative", ""):
        monkeypatch.setenv("XDG_CACHE_HOME", unset)
        assert cache_folder() == Path.home() / ".cache" / "nnstudio"
