"""The wheel works by itself: built, installed elsewhere, it trains and opens its window with its resources."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from PIL import Image

CHECKOUT = Path(__file__).resolve().parents[2]


def _run(command: list[str | Path], folder: Path) -> str:
    """Run in a folder outside the checkout, with nothing in the environment that leads back to it."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder,
        CHECKOUT,
    ]
    _run(build, folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that has the wheel installed and borrows the dependencies of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    _run([*pip, "--no-deps", "--no-index", wheel], folder)
    # Folders named in a .pth file come last, and .pth files inside them are not read: the packages
    # are found there, the checkout installed editable is not.
    site_packages = Path(_run([python, "-c", _PRINT_SITE_PACKAGES], folder).strip())
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    return folder


_PRINT_SITE_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"


def test_wheel_holds_the_package_its_licence_and_its_resources_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    (metadata,) = top - {"nnstudio"}
    assert metadata.endswith(".dist-info")
    assert f"{metadata}/licenses/LICENSE" in names
    resources = {name for name in names if name.startswith("nnstudio/resources/")}
    checkout = {path for path in (CHECKOUT / "resources").rglob("*") if path.is_file()}
    assert resources == {f"nnstudio/{path.relative_to(CHECKOUT).as_posix()}" for path in checkout}
    assert resources


def test_installed_package_and_resources_are_its_own(fresh: Path, tmp_path: Path) -> None:
    report = (
        "import json, nnstudio; from nnstudio.paths import resource;"
        "print(json.dumps([nnstudio.__file__, str(resource())]))"
    )
    imported, resources = json.loads(_run([fresh / "bin" / "python", "-c", report], tmp_path))
    assert Path(imported).is_relative_to(fresh)
    assert Path(resources) == Path(imported).parent / "resources"


def test_installed_command_trains_and_opens_the_window(fresh: Path, tmp_path: Path) -> None:
    command = fresh / "bin" / "nnstudio"
    project, picture = tmp_path / "mlp.nnstudio", tmp_path / "window.png"
    training = [command, "train", "mlp", "--data", "digits", "--epochs", "1", "--seed", "0"]
    printed = _run([*training, "--out", project, "--json"], tmp_path)
    summary = json.loads(printed.splitlines()[-1])
    assert summary["seed"] == 0
    # Ten kinds of digits: an untrained network gets one in ten right.
    assert summary["test_accuracy"] > 0.5
    assert zipfile.is_zipfile(project)

    _run([fresh / "bin" / "python", "-m", "nnstudio", project, "--screenshot", picture], tmp_path)
    with Image.open(picture) as image:
        assert image.size == (1280, 800)
        colours = image.convert("RGB").getcolors(maxcolors=1280 * 800)
    assert colours is not None
    assert len(colours) > 50, "the picture is all but empty"
