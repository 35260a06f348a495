"""``nnstudio train --observe``: JSON lines for programs, a table for people."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.cli import main

QUICK = ("--epochs", "2", "--batch-size", "8", "--threads", "1")


@pytest.fixture(scope="module")
def patches(tmp_path_factory: pytest.TempPathFactory) -> str:
    """20 noisy 12×12 pictures each of a dark and a bright class."""
    folder = tmp_path_factory.mktemp("patches")
    rng = np.random.default_rng(3)
    for name, level in (("bright", 190), ("dark", 40)):
        (folder / name).mkdir()
        for number in range(20):
            pixels = (level + rng.integers(-20, 21, (12, 12))).astype(np.uint8)
            Image.fromarray(pixels).save(Path(folder) / name / f"{number}.png")
    return str(folder)


def test_json_lines_give_the_gradient_norms_of_every_layer(
    patches: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "lenet5", "--data", patches, *QUICK, "--observe", "gradients", "--json"]
    assert main(arguments) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    # 32 training images in 4 steps: the first step, and the end of each epoch before its figures
    assert [line["event"] for line in lines] == [
        *("observed", "observed", "epoch", "observed", "epoch", "summary")
    ]
    seen = [line for line in lines if line["event"] == "observed"]
    assert [(line["step"], line["epoch"]) for line in seen] == [(1, 1), (4, 1), (8, 2)]
    for line in seen:
        layers = {layer["node"]: layer for layer in line["layers"]}
        assert list(layers)[:3] == ["conv1", "relu1", "pool1"]
        for node in ("conv1", "conv2", "dense1", "dense2", "dense3"):
            norms = layers[node]["gradients"]
            whole = np.hypot(norms["weight"]["norm"], norms["bias"]["norm"])
            assert layers[node]["gradient"]["norm"] == pytest.approx(whole)
            assert layers[node]["arriving"]["norm"] > 0
        assert "gradient" not in layers["pool1"] and layers["pool1"]["arriving"]["norm"] > 0
        assert not {"updates", "activations", "saturation"} & set(layers["conv1"])


def test_all_that_can_be_asked_for_comes_as_json(
    patches: str, capsys: pytest.CaptureFixture[str]
) -> None:
    what = "gradients,updates,activations,saturation"
    arguments = ["train", "mlp", "--data", patches, *QUICK, "--observe", what]
    assert main([*arguments, "--observe-every", "3", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    seen = [line for line in lines if line["event"] == "observed"]
    assert [line["step"] for line in seen] == [1, 3, 6]
    layer = next(layer for layer in seen[0]["layers"] if layer["node"] == "dense1")
    assert 0 < layer["updates"]["weight"] < 1
    spread = layer["activations"]
    assert len(spread["counts"]) == 50
    assert sum(spread["counts"]) + spread["below"] + spread["above"] == 32 * 512
    assert list(spread["percentiles"]) == ["1", "5", "25", "50", "75", "95", "99"]


def test_a_table_follows_each_epoch(patches: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["train", "mlp", "--data", patches, *QUICK, "--observe", "updates,gradients"]
    assert main(arguments) == 0
    lines = capsys.readouterr().err.splitlines()
    first, second = (number for number, line in enumerate(lines) if line.startswith("epoch "))
    table = lines[first + 1 : second]
    assert table[0] == "step 4"
    assert table[1].split() == ["gradient", "its", "rms", "at", "output", "update"]
    assert [line.split()[0] for line in table[2:]] == ["dense1", "dense2", "dense3"]
    for line in table[2:]:
        _, *figures, bar = line.split()
        assert len([float(figure) for figure in figures]) == 4
        assert set(bar) == {"#"}


def test_an_epoch_that_nobody_looked_at_has_no_table(
    patches: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "mlp", "--data", patches, *QUICK, "--observe", "gradients"]
    assert main([*arguments, "--observe-every", "100"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith("step")] == ["step 1"]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--observe", "weights", "'weights' is not among gradients, updates"),
        ("--observe", "gradients,", None),
        ("--observe", ",", "is not among"),
        ("--observe-every", "0", "'0' is not a whole number of at least 1"),
        ("--observe-every", "often", "'often' is not a whole number"),
    ],
)
def test_a_request_that_means_nothing_is_told(
    patches: str, capsys: pytest.CaptureFixture[str], option: str, value: str, words: str | None
) -> None:
    arguments = ["train", "mlp", "--data", patches, *QUICK, option, value]
    if words is None:
        assert main(arguments) == 0
        return
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert words in capsys.readouterr().err


def test_gradients_vanish_in_a_deep_sigmoid_stack_and_arrive_with_shortcuts(
    patches: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the lecture says: a slope of at most ¼ a layer, and y = x + f(x) against it."""
    norms = {}
    for name in ("deep-sigmoid", "deep-residual"):
        argv = ["train", name, "--data", patches, "--epochs", "1", "--json"]
        argv += ["--observe", "gradients"]
        assert main(argv) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        first = next(line for line in lines if line["event"] == "observed")
        norms[name] = {
            layer["node"]: layer["gradient"]["norm"]
            for layer in first["layers"]
            if "gradient" in layer
        }
        assert len(norms[name]) == 20
    plain, residual = norms["deep-sigmoid"], norms["deep-residual"]
    assert plain["dense1"] < 1e-9 * plain["dense20"]
    assert residual["dense1"] > 1e-3 * residual["dense20"]
