"""Exported models, judged by onnxruntime and by the safetensors library, which this project did not write."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors import safe_open

from nnstudio.data.loading import load as load_data
from nnstudio.data.preprocess import Preprocessing, fit
from nnstudio.engine import TrainingState, compile_network
from nnstudio.errors import ExportError
from nnstudio.exchange.onnx_export import export_onnx
from nnstudio.exchange.safetensors_file import export_safetensors
from nnstudio.layers import Conv2D, Dense, Dropout, Flatten, MaxPool2D, ReLU, Sigmoid, Softmax, Tanh
from nnstudio.network import Example, NetworkSpec, Node, layer_types
from nnstudio.project import Project, Snapshot
from nnstudio.templates import build

GREY = Preprocessing((0.13,), (0.31,))
COLOUR = Preprocessing((0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


def project_of(
    spec: NetworkSpec, classes: int, preprocessing: Preprocessing, seed: int = 1
) -> Project:
    """With fresh weights: they are as good as trained ones for comparing answers."""
    network = compile_network(spec, seed=seed)
    rng = np.random.default_rng(seed)
    weights = {
        name: array + rng.normal(0, 0.05, array.shape).astype(np.float32)
        for name, array in network.parameters().items()
    }
    names = tuple(f"class {n}" for n in range(classes))
    zeros = {name: np.zeros_like(array) for name, array in weights.items()}
    return Project(
        Snapshot(spec),
        names,
        preprocessing,
        TrainingState(weights, {"velocity": zeros}),
        None,
        spec,
    )


def answers_of(path: Path, images: np.ndarray) -> np.ndarray:
    """onnxruntime's probabilities for uint8 images (n, H, W, C), fed as raw pixels."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    pixels = np.ascontiguousarray(images.transpose(0, 3, 1, 2)).astype(np.float32)
    (answers,) = session.run(["probabilities"], {"image": pixels})
    return answers


def expected(project: Project, images: np.ndarray) -> np.ndarray:
    assert project.trained_spec is not None
    assert project.state is not None
    network = compile_network(project.trained_spec)
    network.load_parameters(project.state.parameters)
    logits = network.predict(project.preprocessing.apply(images)).astype(np.float64)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def specs() -> Iterator[tuple[str, NetworkSpec, int]]:
    yield "lenet", build("lenet5"), 10
    yield "lenet-tanh", build("lenet5", activation="tanh"), 10
    yield "mlp-sigmoid", build("mlp", activation="sigmoid"), 10
    yield (
        "odd sizes, no Input block, names like the graph's own",
        NetworkSpec(
            (15, 12, 3),
            (
                Node("image", Conv2D(5, (3, 4), (2, 3), "same"), ()),
                Node("probabilities", Tanh(), ("image",)),
                Node("pool", MaxPool2D((3, 2), (2, 1)), ("probabilities",)),
                Node("a.weight", Conv2D(4, (2, 1), padding="valid"), ("pool",)),
                Node("s", Sigmoid(), ("a.weight",)),
                Node("r", ReLU(), ("s",)),
                Node("flat", Flatten(), ("r",)),
                Node("drop", Dropout(0.3), ("flat",)),
                Node("dense", Dense(7, "tanh"), ("drop",)),
                Node("a", Dense(4), ("dense",)),
                Node("out", Softmax(), ("a",)),
            ),
        ),
        4,
    )


@pytest.mark.parametrize(("spec", "classes"), [s[1:] for s in specs()], ids=[s[0] for s in specs()])
def test_onnxruntime_gives_the_same_answers(
    spec: NetworkSpec, classes: int, tmp_path: Path
) -> None:
    project = project_of(spec, classes, GREY if spec.input_shape[2] == 1 else COLOUR)
    path = export_onnx(project, tmp_path / "model.onnx")
    for count in (1, 37):
        shape = (count, *spec.input_shape)
        images = np.random.default_rng(count).integers(0, 256, shape, dtype=np.uint8)
        found = answers_of(path, images)
        assert found.shape == (count, classes)
        np.testing.assert_allclose(found, expected(project, images), atol=1e-4, rtol=0)
    assert found.std(axis=0).max() > 1e-3  # the answers depend on the image


EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, cls in layer_types().items()
    for number, example in enumerate(cls.EXAMPLES)
    if cls.reads == 1
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_layer_exports_what_it_computes(example: Example, tmp_path: Path) -> None:
    """Each example between layers that give it its input shape and bring its output to 3 classes."""
    shape = example.inputs[0]
    before = [Conv2D(shape[2], (1, 1))] if len(shape) == 3 else [Flatten(), Dense(shape[0])]
    after = [] if example.layer.is_output else [Flatten(), Dense(3), Softmax()]
    classes = 3 if after else example.output[0]
    nodes: list[Node] = []
    for number, layer in enumerate([*before, example.layer, *after]):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id if nodes else "input",)))
    size = (*shape[:2], 1) if len(shape) == 3 else (4, 5, 1)
    project = project_of(NetworkSpec(size, tuple(nodes)), classes, GREY)
    images = np.random.default_rng(4).integers(0, 256, (9, *size), np.uint8)
    answers = answers_of(export_onnx(project, tmp_path / "m.onnx"), images)
    np.testing.assert_allclose(answers, expected(project, images), atol=1e-5)
    assert answers.std(axis=0).max() > 1e-4, "the answers do not depend on the images"


def test_onnxruntime_agrees_on_real_digits(shared_data: Path, tmp_path: Path) -> None:
    data = load_data(shared_data / "mnist" / "idx")
    images = data.images[:500]
    project = project_of(build("lenet5"), 10, fit(images))
    found = answers_of(export_onnx(project, tmp_path / "m.onnx"), images)
    np.testing.assert_allclose(found, expected(project, images), atol=1e-4, rtol=0)


def test_onnxruntime_agrees_on_colour_photos(shared_data: Path, tmp_path: Path) -> None:
    data = load_data(shared_data / "photos-clothing", size=(32, 32), channels=3)
    images = data.images[:200]
    classes = len(data.classes)
    spec = build("lenet5", input_shape=(32, 32, 3), classes=classes)
    project = project_of(spec, classes, fit(images))
    found = answers_of(export_onnx(project, tmp_path / "m.onnx"), images)
    np.testing.assert_allclose(found, expected(project, images), atol=1e-4, rtol=0)


def test_the_model_says_what_it_is(tmp_path: Path) -> None:
    from dataclasses import replace

    project = replace(project_of(build("lenet5"), 10, GREY), classes=tuple("零一二三四五六七八九"))
    model = onnx.load(export_onnx(project, tmp_path / "m.onnx"))
    about = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(about["classes"]) == list("零一二三四五六七八九")
    assert json.loads(about["preprocessing"]) == {"mean": [0.13], "deviation": [0.31]}
    (image,) = model.graph.input
    sizes = [d.dim_value or d.dim_param for d in image.type.tensor_type.shape.dim]
    assert (image.name, sizes) == ("image", ["N", 1, 28, 28])
    (answer,) = model.graph.output
    sizes = [d.dim_value or d.dim_param for d in answer.type.tensor_type.shape.dim]
    assert (answer.name, sizes) == ("probabilities", ["N", 10])


def test_safetensors_hold_the_weights_and_how_to_use_them(tmp_path: Path) -> None:
    project = project_of(build("lenet5"), 10, GREY)
    assert project.state is not None
    with safe_open(export_safetensors(project, tmp_path / "m.safetensors"), "numpy") as file:
        about = file.metadata()
        assert set(file.keys()) == set(project.state.parameters)
        assert file.get_tensor("conv2.weight").shape == (16, 6, 5, 5)
        assert file.get_tensor("dense1.weight").shape == (120, 400)
        for name, array in project.state.parameters.items():
            assert np.array_equal(file.get_tensor(name), array)
    assert json.loads(about["classes"])[3] == "class 3"
    assert json.loads(about["preprocessing"])["mean"] == [0.13]
    assert NetworkSpec.from_dict(json.loads(about["network"])) == build("lenet5")


@pytest.mark.parametrize("export", [export_onnx, export_safetensors])
def test_what_cannot_be_exported_is_told_why(export, tmp_path: Path) -> None:
    from dataclasses import replace

    project = project_of(build("lenet5"), 10, GREY)
    untrained = replace(project, state=None, trained_spec=None)
    with pytest.raises(ExportError, match="Train first"):
        export(untrained, tmp_path / "m")
    with pytest.raises(ExportError, match="Its folder does not exist"):
        export(project, tmp_path / "no" / "m")
    with pytest.raises(ExportError, match="It is a folder"):
        export(project, tmp_path)
    assert project.state is not None
    project.state.parameters["conv1.bias"][2] = np.nan
    (tmp_path / "m").write_text("precious")
    with pytest.raises(ExportError, match=r"conv1\.bias are no longer finite"):
        export(project, tmp_path / "m")
    assert (tmp_path / "m").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_model_that_the_checker_refuses_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnstudio.network.ops import Op

    project = project_of(build("lenet5"), 10, GREY)
    wider = (Op("Concat", ("input", "input"), attributes={"axis": 1}),)
    for layer, ops, word in (
        (ReLU, (Op("NoSuchOperator"),), "NoSuchOperator"),
        (Softmax, wider, "dimension 1"),  # valid, but 20 answers for 10 classes
    ):
        with monkeypatch.context() as patch:
            patch.setattr(layer, "ops", lambda self, *inputs, ops=ops: ops)
            with pytest.raises(ExportError, match=word):
                export_onnx(project, tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())
