"""What layers say that need an image and do not get one, or one that is too small."""

from __future__ import annotations

from functools import partial

from nnstudio.network import edits
from nnstudio.network.layer import Shape, shape_text
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.network.spec import NetworkSpec
from nnstudio.text import Text


def check_image(layer: str, shape: Shape) -> None:
    """Raises ShapeError, naming the ``layer`` by its label, if ``shape`` is not (H, W, C)."""
    if len(shape) == 3:
        return
    raise ShapeError(
        Text(
            "{layer} needs an image, but {given} numbers arrive.",
            layer=Text(layer),
            given=shape_text(shape),
        ),
        Text("After Flatten there are no rows and columns left."),
        Mend(Text("Remove this layer"), edits.remove),
        label=f"{shape_text(shape)} ≠ H×W×C",
    )


def change(spec: NetworkSpec, node_id: str, changes: dict[str, object]) -> NetworkSpec:
    """An edit for a Mend: settings of the layer changed."""
    return edits.change_settings(spec, node_id, **changes)


def changing(**changes: object) -> partial[NetworkSpec]:
    """The edit that changes these settings."""
    return partial(change, changes=changes)
