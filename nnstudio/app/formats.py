"""The formats in which a trained model leaves, and who writes each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nnstudio.exchange.onnx_export import export_onnx
from nnstudio.exchange.safetensors_file import export_safetensors
from nnstudio.project.store import Project

ONNX, SAFETENSORS = "onnx", "safetensors"
EXPORTERS: dict[str, Callable[[Project, Path], object]] = {
    ONNX: export_onnx,
    SAFETENSORS: export_safetensors,
}
