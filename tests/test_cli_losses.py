"""Networks that answer with a number, or with yes or no, from the table of pictures to the exported model."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from nnstudio.cli import main
from nnstudio.data.preprocess import identity
from nnstudio.layers import Dense, Flatten, Input, Sigmoid
from nnstudio.network import NetworkSpec, Node
from nnstudio.project import Project, Snapshot, load, save

SIDE = 10


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 pictures whose label is how many of their 100 pixels are bright, and a table of these."""
    folder = tmp_path_factory.mktemp("levels")
    rng = np.random.default_rng(4)
    lines = ["file,bright"]
    for number in range(300):
        bright = rng.random((SIDE, SIDE)) < rng.uniform(0.1, 0.9)
        pixels = np.where(bright, 200, 30).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        lines.append(f"{number}.png,{bright.sum()}")
    (folder / "labels.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that are bright on the left, and others that are bright on the right."""
    folder = tmp_path_factory.mktemp("halves")
    rng = np.random.default_rng(5)
    for name, side in (("left", 0), ("right", 5)):
        (folder / name).mkdir()
        for number in range(200):
            pixels = rng.integers(0, 60, (SIDE, SIDE)).astype(np.uint8)
            pixels[:, side : side + 5] += 40
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def project_of(path: Path, *layers: object) -> str:
    nodes = [Node("input", Input()), Node("f", Flatten(), ("input",))]
    for number, layer in enumerate(layers):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id,)))
    spec = NetworkSpec((SIDE, SIDE, 1), tuple(nodes))
    save(Project(Snapshot(spec), (), identity(1), None, None, None), path)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    assert main([*arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def exported(project: str, images: list[Path]) -> dict[str, np.ndarray]:
    """What onnxruntime answers to raw pixels, by the output's name."""
    model = project.replace(".nnstudio", ".onnx")
    assert main(["export", project, "--to", "onnx", "--out", model]) == 0
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    pixels = np.stack([np.asarray(Image.open(path), np.float32)[None] for path in images])
    (output,) = session.get_outputs()
    return {output.name: session.run(None, {"image": pixels})[0]}


@pytest.mark.parametrize("loss", ["auto", "absolute_error"])
def test_a_number_is_learned_from_a_table(levels, tmp_path, capsys, loss):
    start = project_of(tmp_path / "start.nnstudio", Dense(1))
    out = str(tmp_path / f"{loss}.nnstudio")
    *_, summary = run(
        capsys,
        *("train", start, "--data", str(levels / "labels.csv"), "--out", out, "--loss", loss),
        *("--epochs", "40", "--learning-rate", "0.003", "--threads", "1"),
    )
    # A count of pixels is a sum: one dense layer can tell it nearly exactly. They range from 5 to 95.
    assert summary["test_accuracy"] > 0.98
    assert 0 < summary["test_mean_error"] < 3
    (judged,) = run(capsys, "evaluate", out, "--data", str(levels / "labels.csv"))
    assert judged["test_mean_error"] == pytest.approx(summary["test_mean_error"])
    images = [levels / f"{number}.png" for number in range(20)]
    answers = [line["number"] for line in run(capsys, "predict", out, *map(str, images))]
    table = (levels / "labels.csv").read_text().split()[1:21]
    truth = [float(line.split(",")[1]) for line in table]
    assert np.abs(np.array(answers) - truth).mean() < 3
    given = exported(out, images)
    np.testing.assert_allclose(given["number"][:, 0], answers, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    ("layers", "loss"),
    [
        ((Dense(1), Sigmoid()), "auto"),
        ((Dense(1),), "hinge"),
        ((Dense(1),), "squared_error"),
        ((Dense(2),), "hinge"),
        ((Dense(2), Sigmoid()), "auto"),
        ((Dense(2),), "absolute_error"),
    ],
)
def test_yes_or_no_is_learned_by_every_loss(halves, tmp_path, capsys, layers, loss):
    start = project_of(tmp_path / "start.nnstudio", *layers)
    out = str(tmp_path / "out.nnstudio")
    *_, summary = run(
        capsys,
        *("train", start, "--data", str(halves), "--out", out, "--loss", loss),
        *("--epochs", "30", "--optimizer", "adam", "--batch-size", "8", "--threads", "1"),
    )
    assert summary["test_accuracy"] == 1
    (judged,) = run(capsys, "evaluate", out, "--data", str(halves))
    assert judged["test_accuracy"] == 1 and np.trace(judged["confusion"]) == judged["images"]
    images = [halves / name / f"{n}.png" for name in ("left", "right") for n in range(5)]
    lines = run(capsys, "predict", out, *map(str, images))
    assert [line["class"] for line in lines] == ["left"] * 5 + ["right"] * 5
    shares = [list(line["probabilities"].values()) for line in lines]
    np.testing.assert_allclose(exported(out, images)["probabilities"], shares, atol=1e-5)


def test_a_project_remembers_the_loss_that_it_was_trained_with(halves, tmp_path, capsys):
    """Choosing another loss afterwards must not change what its answers mean."""
    start = project_of(tmp_path / "start.nnstudio", Dense(1))
    out = tmp_path / "out.nnstudio"
    run(
        capsys,
        *("train", start, "--data", str(halves), "--out", str(out), "--loss", "hinge"),
        *("--epochs", "1", "--threads", "1"),
    )
    project = load(out)
    assert project.state is not None and project.state.loss == "hinge"


def test_a_loss_that_does_not_fit_is_refused_by_name(halves, tmp_path, capsys):
    start = project_of(tmp_path / "start.nnstudio", Dense(3))
    assert main(["train", start, "--data", str(halves), "--loss", "hinge"]) == 2
    said = capsys.readouterr().err
    assert "3 answers" in said and "2 classes" in said


def test_measurements_are_learned_as_they_come_by_templates(tmp_path, capsys):
    """Labels in real units, no option given: nothing explodes, and something is learned."""
    rng = np.random.default_rng(0)
    lines = []
    for place in range(300):
        share = rng.random()
        pixels = rng.normal(40 + 160 * share, 10, (16, 16)).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{place}.png")
        lines.append(f"{place}.png,{1000 * share:.2f}")
    table = tmp_path / "table.csv"
    table.write_text("\n".join(lines))
    for name in ("mlp", "lenet5", "vgg"):
        assert main(["train", name, "--data", str(table), "--epochs", "6", "--json"]) == 0, name
        summary = json.loads(capsys.readouterr().out.splitlines()[-1])
        # The share of the variance explained: brightness tells the label up to some noise.
        assert summary["test_accuracy"] > 0.5, name
        assert 0 < summary["test_mean_error"] < 250
    options = ["--clipping", "none", "--learning-rate", "0.1"]
    assert main(["train", "vgg", "--data", str(table), *options]) == 2
    assert "clip the gradient" in capsys.readouterr().err
