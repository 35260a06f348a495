"""run.sh and test.sh in a checkout whose Python is a stand-in that writes down what it was asked."""

import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# Notes its arguments, writes the files it is told to write, and fails at what $FAILING names.
STAND_IN = """#!/bin/sh
echo "$*" >>"$NOTES"
case "$*" in *"${FAILING:-no such word}"*) exit 1 ;; esac
while [ $# -gt 0 ]; do
    case "$1" in --out | --screenshot) echo written >"$2" ;; esac
    shift
done
"""


class Copy:
    """A copy of the scripts in a folder of its own, with the stand-in where .venv's Python would be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        self.notes = folder / "notes"
        shutil.copytree(CHECKOUT / "packaging", self.folder / "packaging")
        pyproject = self.folder / "pyproject.toml"
        shutil.copy(CHECKOUT / "pyproject.toml", pyproject)
        commands = self.folder / ".venv" / "bin"
        commands.mkdir(parents=True)
        for name in ("python", "lint-imports"):
            (commands / name).write_text(STAND_IN, encoding="utf-8")
            (commands / name).chmod(0o755)
        with pyproject.open("rb") as declared:
            stamp = subprocess.run(["cksum"], stdin=declared, capture_output=True, check=True)
        for stamped in ("installed", "installed-test-"):
            (commands.parent / stamped).write_bytes(stamp.stdout)
        # Nothing is ever installed from here: the package tools are hidden behind ones that are content.
        self.tools = folder / "tools"
        self.tools.mkdir()
        self.tool("fc-list", "echo DejaVu Sans")
        self.tool("dpkg-query", "exit 0")
        self.tool("apt-get", 'echo "apt-get $*" >>"$NOTES"; exit 0')
        self.tool("id", "echo 0")

    def tool(self, name: str, script: str) -> None:
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, script: str, *arguments: str, **environment: str) -> tuple[int, str, list[str]]:
        """Return the exit status, what was printed, and what the stand-in was asked to do."""
        base = {"PATH": f"{self.tools}:/usr/bin:/bin", "NOTES": str(self.notes)}
        done = subprocess.run(
            ["bash", str(self.folder / "packaging" / script), *arguments],
            cwd=self.folder.parent,
            env=base | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        notes = self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []
        return done.returncode, done.stdout, notes


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_without_a_display_the_main_job_is_done(copy: Copy) -> None:
    status, printed, notes = copy.run("run.sh", "--demo")
    demo = copy.folder / "build" / "demo"
    assert status == 0
    assert "there is no display" in printed
    assert "--demo" in printed
    assert [line for line in notes if line.startswith("-m nnstudio")] == [
        f"-m nnstudio train lenet5 --data digits --epochs 5 --seed 0 --out {demo}/lenet5.nnstudio",
        f"-m nnstudio export {demo}/lenet5.nnstudio --to onnx --out {demo}/lenet5.onnx",
        f"-m nnstudio {demo}/lenet5.nnstudio --screenshot {demo}/window.png",
    ]
    assert {path.name for path in demo.iterdir()} == {
        "lenet5.nnstudio",
        "lenet5.onnx",
        "window.png",
    }


def test_a_failed_training_ends_the_main_job(copy: Copy) -> None:
    status, printed, notes = copy.run("run.sh", FAILING="nnstudio train")
    assert status != 0
    assert "done" not in printed
    assert not [line for line in notes if "export" in line]


@pytest.mark.parametrize("arguments", [("evaluate", "a b.nnstudio", "--json"), ("--help",)])
def test_commands_without_a_window_need_neither_display_nor_qt(
    copy: Copy, arguments: tuple[str, ...]
) -> None:
    status, _, notes = copy.run("run.sh", *arguments)
    assert status == 0
    assert notes[-1] == f"-m nnstudio {' '.join(arguments)}"
    assert not [line for line in notes if "apt-get" in line or "PySide6" in line]


def test_with_a_display_the_window_is_started_with_the_arguments(copy: Copy) -> None:
    status, _, notes = copy.run("run.sh", "my work.nnstudio", DISPLAY=":7")
    assert status == 0
    assert notes[-1] == "-m nnstudio my work.nnstudio"
    assert "train" not in " ".join(notes)


def test_only_the_missing_system_packages_are_installed(copy: Copy) -> None:
    lines = [
        "installed libgl1", "installed libegl1", "installed libxkbcommon0", "installed libdbus-1-3",
        "installed libfontconfig1", "installed libglib2.0-0t64", "installed libxkbcommon-x11-0",
        "installed libxcb-icccm4", "config-files libxcb-cursor0", "installed libxcb-keysyms1",
    ]  # fmt: skip
    copy.tool("dpkg-query", "\n".join(f"echo {line}" for line in lines))
    _, _, notes = copy.run("run.sh", DISPLAY=":7")
    (install,) = (line for line in notes if " install " in line)
    assert install.endswith("--no-install-recommends libxcb-cursor0 libxcb-shape0")


def test_without_the_right_to_install_the_command_is_named(copy: Copy) -> None:
    copy.tool("id", "echo 1000")
    copy.tool("sudo", "exit 1")
    status, printed, notes = copy.run("run.sh", DISPLAY=":7", FAILING="import PySide6")
    assert status != 0
    assert "apt-get update && apt-get install -y libgl1 libegl1" in printed
    assert "-m nnstudio" not in " ".join(notes)


def test_an_old_python_is_named_with_the_remedy(copy: Copy) -> None:
    shutil.rmtree(copy.folder / ".venv")
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"):
        copy.tool(name, "exit 1")
    status, printed, _ = copy.run("run.sh", "--version")
    assert status != 0
    assert "Python 3.11 or newer was not found" in printed
    assert "apt-get install -y python3 python3-venv" in printed


def test_every_check_runs_and_the_failed_ones_are_named(copy: Copy) -> None:
    status, printed, notes = copy.run("test.sh", "-k", "wheel", FAILING="-m mypy")
    assert status == 1
    assert printed.rstrip().endswith("failed: types")
    assert notes[-1].endswith("--cov-report=term:skip-covered -k wheel")
    assert [line for line in notes if "ruff format --check" in line]
    assert "--no-logo" in notes


def test_when_all_is_well_nothing_is_said_after_the_tests(copy: Copy) -> None:
    status, printed, _ = copy.run("test.sh")
    assert status == 0
    assert printed.rstrip().endswith("checking: tests")
