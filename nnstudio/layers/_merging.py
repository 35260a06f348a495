"""What layers with several inputs share: which shapes fit each other, and how to make them fit."""

from __future__ import annotations

from functools import partial

from nnstudio.errors import NNStudioError
from nnstudio.network import edits
from nnstudio.network.layer import Layer, Shape, Value, create, shape_text
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.network.spec import NetworkSpec
from nnstudio.text import Text


def check_alike(label: str, shapes: tuple[Shape, ...]) -> None:
    """Raises ShapeError, naming the layer by ``label``, unless all ``shapes`` are the same."""
    if len(set(shapes)) == 1:
        return
    raise ShapeError(
        Text(
            "{layer} needs inputs of one shape, but {shapes} arrive.",
            layer=Text(label),
            shapes=listed(shapes),
        ),
        Text("It works number by number, so each input must have the same numbers of everything."),
        *mends(shapes),
        label=" ≠ ".join(shape_text(shape) for shape in dict.fromkeys(shapes)),
    )


def listed(shapes: tuple[Shape, ...]) -> str:
    """``14×14×8, 7×7×16``."""
    return ", ".join(shape_text(shape) for shape in shapes)


def mends(shapes: tuple[Shape, ...]) -> tuple[Mend, ...]:
    """Layers that would bring one input to the shape of the first, or of two the first to the second."""
    pairs = [(place, shapes[0]) for place in range(1, len(shapes)) if shapes[place] != shapes[0]]
    if len(shapes) == 2:
        pairs.append((0, shapes[1]))
    found = []
    for place, wanted in pairs:
        layer = _bringing(shapes[place], wanted)
        if layer is not None:
            title = Text(
                "Bring {given} to {wanted} by {layer}",
                given=shape_text(shapes[place]),
                wanted=shape_text(wanted),
                layer=Text(layer.label),
            )
            found.append(Mend(title, partial(_insert, place=place, layer=layer)))
    return tuple(found)


def _bringing(given: Shape, wanted: Shape) -> Layer | None:
    """A layer that makes ``wanted`` of ``given``: a dense one, or a 1×1 convolution with a stride."""
    if len(given) == len(wanted) == 1:
        return create("Dense", {"units": wanted[0]})
    if len(given) != 3 or len(wanted) != 3:
        return None
    strides = tuple(-(-given[axis] // wanted[axis]) for axis in (0, 1))
    try:
        layer = create("Conv2D", {"filters": wanted[2], "kernel": (1, 1), "stride": strides})
        return layer if layer.output_shape(given) == wanted else None
    except (NNStudioError, ShapeError):
        return None


def _insert(spec: NetworkSpec, node_id: str, *, place: int, layer: Layer) -> NetworkSpec:
    source = spec.inputs_of(spec.node(node_id))[place]
    return edits.insert_between(spec, source, node_id, layer)


def shape_of(x: Value) -> Shape:
    """(H, W, C) or (features,) of a value while a layer is compiled."""
    if x.value.ndim == 2:
        return (x.value.shape[0],)
    height, channels, width, _ = x.value.shape
    return height, width, channels
