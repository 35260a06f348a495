"""A trained network as an ONNX model that takes raw pixels and gives class probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from nnstudio import __version__
from nnstudio.data.readers.survey import printable
from nnstudio.errors import ExportError
from nnstudio.exchange import endings
from nnstudio.exchange.atomic import write_verified
from nnstudio.exchange.trained import HasTraining, Trained, trained, unwritable
from nnstudio.network import Node, Shape, infer
from nnstudio.network.ops import INPUT, OUTPUT, Constant, Op
from nnstudio.text import Text

IMAGE = "image"
IMAGE_READY = f"{IMAGE}/standardised"
#: Of 2022: read by every runtime of today, and it has all that the layers need.
OPSET, IR_VERSION = 17, 8
#: protobuf writes no message of 2 GiB or more; 16 MiB are left for everything but the weights.
LARGEST = (2 << 30) - (16 << 20)


def export_onnx(project: HasTraining, path: str | Path) -> Path:
    """Write the model, check it, and return the resolved path.

    Its input ``image`` is (N, C, H, W) float32, raw pixels from 0 to 255, any N; the preprocessing is
    part of the graph. Its output ``probabilities`` is (N, classes) float32; of a network that answers
    with a number it is ``number``, (N, 1), in the unit of the classes' names. The metadata holds the
    class names and the preprocessing as JSON texts. Raises ExportError: not trained, too large,
    refused by the ONNX checker, or the target cannot be written.
    """
    found = trained(project, path)
    if len(found.spec.input_shape) != 3:
        raise ExportError(
            printable(path),
            Text("The network does not read images."),
            Text("Give it an input of rows, columns and channels."),
        )
    if sum(array.size * 4 for array in found.weights.values()) > LARGEST:
        raise ExportError(
            printable(path),
            Text("The weights take 2 GiB or more, which one ONNX file cannot hold."),
            Text("Export as safetensors, or make the network smaller."),
        )
    try:
        model = _model(found)
        return write_verified(path, model.SerializeToString(), _check)
    except OSError as error:
        raise unwritable(path, error) from error
    except (
        ValueError,
        TypeError,
        onnx.checker.ValidationError,
        onnx.shape_inference.InferenceError,
    ) as error:
        raise ExportError(
            printable(path),
            Text("The ONNX checker refuses the model ({detail}).", detail=str(error)[:300]),
            Text("Export as safetensors, and report this: it is a mistake of this program."),
        ) from error


def _model(found: Trained) -> onnx.ModelProto:
    height, width, channels = found.spec.input_shape
    nodes, constants = _preprocessing(found)
    inference = infer(found.spec)
    shapes: tuple[Shape, ...]
    sources: tuple[str, ...]
    output = found.spec.output()
    for node in found.spec.ordered():
        if node.layer.reads == 0:
            shapes, sources = (found.spec.input_shape,), (IMAGE_READY,)
        else:
            shapes = inference.inputs_of(found.spec, node) or ()
            # Without an Input node, "input" is what the network reads.
            sources = tuple(
                _value(source) if source in found.spec else IMAGE_READY
                for source in found.spec.inputs_of(node)
            )
        names = _names(node, shapes, sources)
        for op in node.layer.ops(*shapes):
            nodes.append(_node(node.id, op, names))
            constants += [
                _constant(f"{node.id}/{name}", value) for name, value in op.constants.items()
            ]
    constants += [
        numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name)
        for name, array in found.weights.items()
    ]
    assert output is not None
    ending = endings.of(found.objective, _value(output.id))
    nodes += ending.nodes
    constants += ending.constants
    graph = helper.make_graph(
        nodes,
        "nnstudio",
        [helper.make_tensor_value_info(IMAGE, TensorProto.FLOAT, ["N", channels, height, width])],
        [helper.make_tensor_value_info(ending.name, TensorProto.FLOAT, ["N", ending.width])],
        constants,
    )
    model = helper.make_model(
        graph,
        producer_name="nnstudio",
        producer_version=__version__,
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    helper.set_model_props(
        model, {**found.metadata(), "pixels": "raw 0-255, N x C x H x W, grey or red-green-blue"}
    )
    return model


def _preprocessing(found: Trained) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """(pixel / 255 − mean) / deviation, as one multiplication and one addition a channel."""
    nodes, constants = [], []
    source = IMAGE
    steps = ("Mul", "scale", f"{IMAGE}/scaled"), ("Add", "shift", IMAGE_READY)
    for (kind, name, result), values in zip(
        steps, found.preprocessing.scale_and_shift(), strict=True
    ):
        array = np.array(values, np.float32).reshape(1, -1, 1, 1)
        constants.append(numpy_helper.from_array(array, f"{IMAGE}/{name}"))
        nodes.append(helper.make_node(kind, [source, f"{IMAGE}/{name}"], [result], result))
        source = result
    return nodes, constants


def _value(node_id: str) -> str:
    """The name of what a node gives."""
    return f"{node_id}/{OUTPUT}"


def _names(node: Node, shapes: tuple[Shape, ...], sources: tuple[str, ...]) -> dict[str, str]:
    """What an export record calls its layer's inputs, parameters and output, in the whole graph."""
    names = {
        parameter.name: f"{node.id}.{parameter.name}"
        for parameter in node.layer.parameters(*shapes)
    }
    names |= {f"{INPUT}{place}" if place else INPUT: name for place, name in enumerate(sources)}
    return names | {OUTPUT: _value(node.id)}


def _node(node_id: str, op: Op, names: dict[str, str]) -> onnx.NodeProto:
    """An export record under the names of the whole graph; the rest stays inside the layer."""
    result = names.get(op.output, f"{node_id}/{op.output}")
    inputs = [names.get(name, f"{node_id}/{name}") if name else "" for name in op.inputs]
    attributes: dict[str, Any] = dict(op.attributes)
    return helper.make_node(op.kind, inputs, [result], result, **attributes)


def _constant(name: str, value: Constant) -> onnx.TensorProto:
    """A constant input of an operator under its name in the whole graph."""
    array = np.asarray(value)
    kind = np.int64 if array.dtype.kind == "i" else np.float32
    return numpy_helper.from_array(array.astype(kind), name)


def _check(file: Path) -> None:
    """The written file is valid ONNX, and the shapes inferred are those promised."""
    onnx.checker.check_model(onnx.load(file), full_check=True)
