"""A trained network's weights as a safetensors file, with what is needed to use them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from nnstudio import __version__
from nnstudio.exchange import tensors
from nnstudio.exchange.atomic import write_verified
from nnstudio.exchange.trained import HasTraining, trained, unwritable


def export_safetensors(project: HasTraining, path: str | Path) -> Path:
    """Write the weights under their names ("conv1.weight") and return the resolved path.

    Convolutions are (out, in, kh, kw), dense layers (out, in), biases (out,). The metadata holds JSON
    texts: ``classes``, ``preprocessing``, ``input_shape`` (H, W, C) and ``network``. Raises ExportError.
    """
    model = trained(project, path)
    metadata = {
        **model.metadata(),
        "network": json.dumps(model.spec.as_dict()),
        "program": f"nnstudio {__version__}",
    }
    shapes = {name: array.shape for name, array in model.weights.items()}

    def verify(written: Path) -> None:
        found = tensors.unpack(written.read_bytes(), shapes)
        if not all(np.array_equal(found[name], model.weights[name]) for name in shapes):
            raise OSError(0, "it does not read back as it was")

    try:
        return write_verified(path, tensors.pack(model.weights, metadata), verify)
    except OSError as error:
        raise unwritable(path, error) from error
