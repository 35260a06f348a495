"""Neutral export records: what a layer computes, in ONNX's operator vocabulary, without onnx."""

from __future__ import annotations

from dataclasses import dataclass, field

INPUT = "input"
OUTPUT = "output"

AttributeValue = int | float | str | tuple[int, ...]
Constant = int | float | tuple[int, ...] | tuple[float, ...]
"""Whole numbers are int64, others float32; a tuple is a vector, a number a scalar."""


@dataclass(frozen=True)
class Op:
    """One operator on N×C×H×W or N×features values.

    ``inputs`` and ``output`` are names local to the layer: "input" is what the layer reads
    ("input1" its second input), "output" what it gives, a parameter's name that parameter in the
    exchange layout, a name in ``constants`` that constant, anything else a value between two ops of
    the same layer. An empty name leaves out an optional input.
    """

    kind: str
    inputs: tuple[str, ...] = (INPUT,)
    output: str = OUTPUT
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    constants: dict[str, Constant] = field(default_factory=dict)
