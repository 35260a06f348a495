"""The commands that use a trained project: evaluate, predict, export."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from nnstudio.cli.material import exam_of, judge, source_of, trained_spec
from nnstudio.cli.say import complain, emit, percent
from nnstudio.data.loading import read_image
from nnstudio.data.readers.survey import printable
from nnstudio.engine import CompiledNetwork, LossChoice, Objective, compile_network, objective_of
from nnstudio.errors import DataError
from nnstudio.project import Project, load

#: Pictures that are read before their answers are given.
AT_ONCE = 64


def evaluate(given: argparse.Namespace) -> int:
    """Print loss and accuracy on labelled images."""
    project = load(given.project)
    spec = trained_spec(project, given.project)
    exam = exam_of(project, spec, source_of(given.data))
    found = judge(project, exam)
    if given.json:
        emit(
            {
                "event": "evaluation",
                "test_accuracy": found.accuracy,
                "test_loss": found.loss,
                "images": len(exam.rows),
                "part": exam.part,
                "classes": project.classes,
                "confusion": found.confusion.tolist(),
                "test_mean_error": found.mean_error,
            }
        )
        return 0
    if found.mean_error is not None:
        print(
            f"mean error {found.mean_error:.4g}, {percent(found.accuracy)} of the variance explained, "
            f"loss {found.loss:.4f}"
        )
        print(f"judged by {exam.part} of {given.data}: {len(exam.rows):,} images")
        return 0
    print(f"accuracy {percent(found.accuracy)}, loss {found.loss:.4f}")
    print(f"judged by {exam.part} of {given.data}: {len(exam.rows):,} images")
    width = max(map(len, project.classes))
    for name, row, hits in zip(
        project.classes, found.confusion, found.confusion.diagonal(), strict=True
    ):
        if row.sum():
            print(f"  {name:<{width}}  {percent(hits / row.sum()):>8} of {row.sum():,}")
    return 0


def predict(given: argparse.Namespace) -> int:
    """Print the class of each picture; 2 when one of them could not be read."""
    project = load(given.project)
    spec = trained_spec(project, given.project)
    assert project.state is not None
    objective = objective_of(spec, project.classes, LossChoice(project.state.loss))
    network = compile_network(spec, objective=objective)
    network.load_parameters(project.state.parameters)
    unread = 0
    for start in range(0, len(given.images), AT_ONCE):
        paths = given.images[start : start + AT_ONCE]
        for path, found in _predicted(project, network, paths):
            if isinstance(found, DataError):
                complain(str(found))
                unread += 1
            else:
                _answer(path, found, network.objective, project.classes, as_json=given.json)
    return 2 if unread else 0


def _predicted(
    project: Project, network: CompiledNetwork, paths: list[str]
) -> Iterator[tuple[str, np.ndarray | DataError]]:
    """Each path with its outputs (outputs,) or with why it could not be read, in order."""
    height, width, channels = network.spec.input_shape
    found: dict[int, np.ndarray | DataError] = {}
    images, places = [], []
    for place, path in enumerate(paths):
        try:
            images.append(read_image(path, (height, width), channels))
            places.append(place)
        except DataError as error:
            found[place] = error
    if images:
        answers = network.predict(project.preprocessing.apply(np.stack(images)))
        found.update(zip(places, answers, strict=True))
    for place, path in enumerate(paths):
        yield path, found[place]


def _answer(
    path: str, outputs: np.ndarray, objective: Objective, classes: tuple[str, ...], *, as_json: bool
) -> None:
    if objective.of_numbers:
        number = float(objective.numbers(outputs[None])[0])
        if as_json:
            emit({"image": printable(path), "number": number})
        else:
            print(f"{printable(path)}: {number:.4g}", flush=True)
        return
    shares = objective.shares(outputs[None])[0]
    best = int(shares.argmax())
    if as_json:
        emit(
            {
                "image": printable(path),
                "class": classes[best],
                "probability": float(shares[best]),
                "probabilities": dict(zip(classes, shares.tolist(), strict=True)),
            }
        )
    else:
        print(f"{printable(path)}: {classes[best]}  {percent(float(shares[best]))}", flush=True)


def export(given: argparse.Namespace) -> int:
    """Write the trained network as ONNX or safetensors."""
    project = load(given.project)
    if given.to == "onnx":
        from nnstudio.exchange.onnx_export import export_onnx

        written = export_onnx(project, given.out)
    else:
        from nnstudio.exchange.safetensors_file import export_safetensors

        written = export_safetensors(project, given.out)
    print(f"{printable(written)}: {written.stat().st_size:,} bytes, checked")
    return 0
