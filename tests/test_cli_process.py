"""The command line as a process: signals, closed pipes, and what it may import."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.project import load

NNSTUDIO = [sys.executable, "-m", "nnstudio"]
CHECKOUT = Path(__file__).resolve().parents[1]
EPOCHS = 30


@pytest.fixture(scope="module")
def stripes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Horizontal and vertical stripes in noise: 2 × 200 pictures of 28×28."""
    folder = tmp_path_factory.mktemp("stripes")
    rng = np.random.default_rng(0)
    for axis, name in enumerate(("flat", "upright")):
        (folder / name).mkdir()
        for number in range(200):
            wave = 120 + 60 * np.sin(np.arange(28) * rng.uniform(0.6, 1.5))
            picture = np.repeat(np.expand_dims(wave, 1 - axis), 28, axis=1 - axis)
            pixels = np.clip(picture + rng.normal(0, 40, (28, 28)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def training(*arguments: object) -> list[str]:
    return [*NNSTUDIO, "train", *map(str, arguments), "--threads", "2", "--json"]


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_training_is_saved_and_goes_on_to_the_same_weights(
    stripes: Path, tmp_path: Path, kind: signal.Signals
) -> None:
    # Dropout, and batches small enough that the signal comes within an epoch.
    options = (
        "mlp",
        "--data",
        stripes,
        "--batch-size",
        4,
        "--learning-rate",
        0.002,
        "--epochs",
        EPOCHS,
    )
    whole, part = tmp_path / "whole.nnstudio", tmp_path / "part.nnstudio"
    subprocess.run(
        training(*options, "--out", whole), cwd=CHECKOUT, check=True, capture_output=True
    )
    begun = subprocess.Popen(
        training(*options, "--out", part),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert begun.stdout is not None
    assert json.loads(begun.stdout.readline())["epoch"] == 1
    time.sleep(0.05)
    begun.send_signal(kind)
    _, errors = begun.communicate(timeout=60)
    if kind == signal.SIGKILL:  # what was saved after an epoch is left
        assert begun.returncode == -kind
    else:
        assert begun.returncode == 128 + kind
        assert errors.startswith("nnstudio: Stopped in epoch ")
        assert str(part) in errors
    stopped = load(part).state
    assert stopped is not None
    assert 1 <= stopped.epoch < EPOCHS
    subprocess.run(
        training(part, "--data", stripes, "--out", part),
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    first, second = load(whole), load(part)
    assert first.state is not None
    assert second.state is not None
    for name, array in first.state.parameters.items():
        assert array.tobytes() == second.state.parameters[name].tobytes()
        kept = second.state.memory["velocity"][name]
        assert first.state.memory["velocity"][name].tobytes() == kept.tobytes()
    assert first.history is not None
    assert second.history is not None
    assert first.history.steps == second.history.steps
    assert [e.loss for e in first.history.epochs] == [e.loss for e in second.history.epochs]


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_twenty_kills_at_random_moments_change_no_bit(stripes: Path, tmp_path: Path) -> None:
    # What is drawn at random (order, dropout, changed images) and what is remembered (two moments,
    # the best epoch) must all go on where they were.
    sizes = (
        "--accumulate",
        2,
        "--batch-size",
        8,
        "--learning-rate",
        0.0005,
        "--epochs",
        2 * EPOCHS,
    )
    drawn = ("--optimizer", "adamw", "--augment-shift", 0.1, "--keep-best", "yes")
    options = ("mlp", *sizes, *drawn)
    whole, part = tmp_path / "whole.nnstudio", tmp_path / "part.nnstudio"
    start = [*options, "--data", stripes]
    subprocess.run(training(*start, "--out", whole), cwd=CHECKOUT, check=True, capture_output=True)
    rng = np.random.default_rng(7)
    signals = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
    kills, begun_from = 0, []
    while kills < 20:
        there = part.exists()
        state = load(part).state if there else None
        begun_from.append(state.step if state else 0)
        source = [part, "--data", stripes] if there else start
        process = subprocess.Popen(
            training(*source, "--out", part),
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        if rng.random() < 0.8:  # else even before it is ready
            process.stdout.readline()
        time.sleep(rng.uniform(0, 0.06))
        process.send_signal(signals[rng.integers(len(signals))])
        process.communicate(timeout=60)
        assert process.returncode != 0, f"it was over before kill {kills + 1}"
        kills += 1
    assert begun_from == sorted(begun_from) and begun_from[-1] > 0
    subprocess.run(
        training(part, "--data", stripes, "--out", part),
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    first, second = load(whole).state, load(part).state
    assert first is not None and second is not None
    assert (first.step, first.standing) == (second.step, second.standing)
    for name, array in first.parameters.items():
        assert array.tobytes() == second.parameters[name].tobytes(), name
        for moment in ("mean", "square"):
            kept = second.memory[moment][name]
            assert first.memory[moment][name].tobytes() == kept.tobytes(), (moment, name)


def test_an_interruption_without_out_says_that_nothing_was_saved(stripes: Path) -> None:
    begun = subprocess.Popen(
        training("lenet5", "--data", stripes, "--epochs", 1000),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert begun.stdout is not None
    begun.stdout.readline()
    begun.send_signal(signal.SIGINT)
    _, errors = begun.communicate(timeout=60)
    assert begun.returncode == 130
    assert "nothing was saved" in errors
    assert errors.count("\n") == 1


def test_commands_need_no_window_system(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['PySide6'] = None; sys.modules['pyqtgraph'] = None\n"
        "from nnstudio.cli import main\n"
        "import nnstudio.cli.training, nnstudio.cli.answers, nnstudio.exchange.onnx_export\n"
        "sys.exit(main(['layers', '--json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_is_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m nnstudio layers | true",
        shell=True,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
