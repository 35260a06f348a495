"""What the README tells people to type works as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shapes = [line.split(" ", 1)[1] for line in done.stdout.splitlines()]
    # 8 filters of 5×5 on one channel leave 24×24, pooled 12×12: 8 · 12 · 12 = 1152 inputs of ten units.
    expected = ["(8, 1, 5, 5)", "(8,)", "(10, 1152)", "(10,)"]
    assert shapes == [f"{shape} {shape}" for shape in expected]


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"(?:packaging|tests)/\S+?\.(?:sh|py)", README)))
)
def test_the_files_that_it_names_are_there(path: str) -> None:
    assert (CHECKOUT / path).is_file()
