"""Convolution of an image with learned kernels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.engine.initializers import INITIALIZER_CHOICES
from nnstudio.layers import _windows
from nnstudio.layers._bias import add_bias
from nnstudio.network import edits
from nnstudio.network.layer import (
    Array,
    Builder,
    Example,
    Layer,
    ParameterSpec,
    Shape,
    Value,
    layer,
    shape_text,
)
from nnstudio.network.ops import Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.network.spec import NetworkSpec
from nnstudio.settings import setting
from nnstudio.text import Text

FEW_FILTERS = 8
"""Up to so many, products with two output rows at a time were faster by a third, beyond it slower."""


@layer
@dataclass(frozen=True)
class Conv2D(Layer):
    """Slides small kernels over the image; each filter gives one feature map.

    Every position shares the same weights (parameter sharing) and sees only a small window of the
    input (sparse connections): y[i, j, f] = b[f] + Σ w[f, u, v, c] · x[i·s + u, j·s + v, c].
    """

    filters: int = setting(
        6,
        minimum=1,
        maximum=2048,
        label="Filters",
        help="How many kernels, and so how many feature maps.",
    )
    kernel: tuple[int, int] = setting(
        (3, 3),
        pair=True,
        minimum=1,
        maximum=63,
        unit="px",
        label="Kernel",
        help="Rows and columns of the window that a filter sees.",
    )
    stride: tuple[int, int] = setting(
        (1, 1),
        pair=True,
        minimum=1,
        maximum=32,
        unit="px",
        label="Stride",
        help="How far the window moves between two outputs.",
    )
    padding: str = setting(
        "valid",
        choices=(("valid", "valid"), ("same", "same")),
        label="Padding",
        help="valid: the window stays inside the image. same: zeros around it keep the size.",
    )
    initializer: str = setting(
        "he_normal",
        choices=INITIALIZER_CHOICES,
        label="Initial weights",
        help="He suits ReLU, Xavier suits tanh and sigmoid.",
    )

    label = "Convolution"
    stem = "conv"
    category = "conv"

    def _geometry(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int], int, int]:
        rows = _windows.padding_of(shape[0], self.kernel[0], self.stride[0], self.padding)
        columns = _windows.padding_of(shape[1], self.kernel[1], self.stride[1], self.padding)
        height = _windows.outputs_of(shape[0], self.kernel[0], self.stride[0], rows)
        width = _windows.outputs_of(shape[1], self.kernel[1], self.stride[1], columns)
        return rows, columns, height, width

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 3:
            raise ShapeError(
                Text(
                    "Convolution needs an image, but {given} numbers arrive.",
                    given=shape_text(shape),
                ),
                Text("After Flatten there are no rows and columns left to slide over."),
                Mend(Text("Remove this layer"), edits.remove),
                label=f"{shape_text(shape)} ≠ H×W×C",
            )
        _, _, height, width = self._geometry(shape)
        if height < 1 or width < 1:
            raise self._too_large(shape, "px")
        return height, width, self.filters

    def _too_large(self, shape: Shape, unit: str) -> ShapeError:
        axis = 0 if self.kernel[0] > shape[0] else 1
        # A usual size that leaves rows and columns for the layers behind, odd so that it has a middle.
        fitting = tuple(
            min(k, 5, size - 1 + size % 2) for k, size in zip(self.kernel, shape, strict=False)
        )
        return ShapeError(
            Text("The kernel is larger than the image."),
            Text(
                "{kernel} > {size}, so the output would be {out} {unit} wide.",
                kernel=self.kernel[axis],
                size=shape[axis],
                out=_windows.outputs_of(shape[axis], self.kernel[axis], self.stride[axis], (0, 0)),
                unit=unit,
            ),
            Mend(
                Text("Use kernel {kernel}", kernel=shape_text(fitting)),
                partial(_change, changes={"kernel": fitting}),
            ),
            Mend(Text("Set padding to same"), partial(_change, changes={"padding": "same"})),
            label=f"{shape_text(shape[:2])} < {shape_text(self.kernel)}",
        )

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        channels = inputs[0][2]
        rows, columns = self.kernel
        window = rows * columns
        weight = ParameterSpec(
            "weight",
            (self.filters, rows, channels, columns),
            (0, 2, 1, 3),
            fan_in=window * channels,
            fan_out=window * self.filters,
            initializer=self.initializer,
        )
        return weight, ParameterSpec("bias", (self.filters,), (0,), weight.fan_in, weight.fan_out)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        (top, bottom), (left, _), out_rows, out_columns = self._geometry((height, width, channels))
        rows, columns = self.kernel
        weight = b.parameter("weight")
        weights = weight.value.reshape(self.filters, -1)

        # Only the column shifts are copied; the rows of a window overlap in this buffer.
        shifted = b.scratch((height + top + bottom, channels, columns, out_columns, b.batch))
        spans = []
        for j in range(columns):
            first, end = _windows.covered(width, out_columns, self.stride[1], j - left)
            begin = first * self.stride[1] + j - left
            source = slice(begin, begin + (end - first - 1) * self.stride[1] + 1, self.stride[1])
            if end > first:
                spans.append((j, slice(first, end), source))
                b.forward(
                    np.copyto, shifted[top : top + height, :, j, first:end], x.value[:, :, source]
                )
        windows = _windows.row_windows(shifted, out_rows, rows, self.stride[0])

        y = b.new((out_rows, out_columns, self.filters), rows_around=rows - 1)
        flat = (out_rows, self.filters, out_columns * b.batch)
        b.forward(np.matmul, weights, windows, out=y.value.reshape(flat))
        if y.grad is not None:
            self._emit_weight_gradient(b, y.grad, shifted)
            dx = b.gradient(x)
            if dx is not None:
                self._emit_input_gradient(b, y, dx, top, spans)
        return b.then(partial(add_bias, axis=1), y, monotone=True)

    def _emit_weight_gradient(self, b: Builder, dy: Array, shifted: Array) -> None:
        """DW = Σ windows·dyᵀ over the output rows, for few filters two rows at a time.

        Matrices of a few columns leave BLAS mostly idle. Two output rows share one taller window,
        which gives twice the columns; only the products of a row with its own window are taken.
        """
        out_rows, _, out_columns, _ = dy.shape
        together = 2 if self.filters <= FEW_FILTERS and out_rows % 2 == 0 else 1
        blocks = out_rows // together
        reach = self.kernel[0] + (together - 1) * self.stride[0]
        windows = _windows.row_windows(shifted, blocks, reach, together * self.stride[0])
        rows_of_dy = dy.reshape(blocks, together * self.filters, out_columns * b.batch)
        # Windows first, the gradient transposed: BLAS is up to twice as fast as the other way round.
        products = b.scratch((blocks, windows.shape[1], rows_of_dy.shape[1]))
        total = b.scratch(products.shape[1:])
        b.backward(np.matmul, windows, rows_of_dy.transpose(0, 2, 1), out=products)
        b.backward(np.add.reduce, products, axis=0, out=total)
        gradient = b.parameter("weight").grad
        assert gradient is not None
        gradient = gradient.reshape(self.filters, -1)
        size, step = gradient.shape[1], self.stride[0] * windows.shape[1] // reach
        for place in range(together):
            own = total[place * step : place * step + size, place * self.filters :][
                :, : self.filters
            ]
            if place == 0:
                b.backward(np.copyto, gradient, own.T)
            else:
                b.backward(np.add, gradient, own.T, out=gradient)

    def _emit_input_gradient(
        self, b: Builder, y: Value, dx: np.ndarray, top: int, spans: list[tuple[int, slice, slice]]
    ) -> None:
        """dx: the full correlation of dy with the turned kernel, as one matmul and column adds."""
        rows, columns = self.kernel
        height, channels = dx.shape[:2]
        assert y.grad is not None
        out_columns = y.grad.shape[2]
        if self.stride[0] == 1:
            spread = b.with_rows_around(y)
        else:
            spread = b.scratch((top + height + rows - 1, *y.grad.shape[1:]))
            b.backward(np.copyto, spread[rows - 1 :: self.stride[0]][: y.grad.shape[0]], y.grad)
        windows = _windows.row_windows(spread[top:], height, rows, 1)

        weight = b.parameter("weight").value
        turned = b.scratch((channels, columns, rows, self.filters))
        b.backward(np.copyto, turned, weight.transpose(2, 3, 1, 0)[:, :, ::-1])
        shifts = b.scratch((height, channels, columns, out_columns, b.batch))
        b.backward(
            np.matmul,
            turned.reshape(channels * columns, rows * self.filters),
            windows,
            out=shifts.reshape(height, channels * columns, out_columns * b.batch),
        )
        b.backward(dx.fill, 0)
        for j, outputs, source in spans:
            part = dx[:, :, source]
            b.backward(np.add, part, shifts[:, :, j, outputs], out=part)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        (top, bottom), (left, right), _, _ = self._geometry(inputs[0])
        attributes = {
            "kernel_shape": self.kernel,
            "strides": self.stride,
            "pads": (top, left, bottom, right),
        }
        return (Op("Conv", ("input", "weight", "bias"), attributes=dict(attributes)),)

    def summary(self) -> str:
        steps = "" if self.stride == (1, 1) else f", stride {shape_text(self.stride)}"
        return f"{self.filters} @ {shape_text(self.kernel)}, {self.padding}{steps}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        (shape,) = inputs
        rows, columns, height, width = self._geometry(shape)
        lines = []
        for name, size, pads, kernel, stride, result in (
            ("H", shape[0], rows, self.kernel[0], self.stride[0], height),
            ("W", shape[1], columns, self.kernel[1], self.stride[1], width),
        ):
            padded = f"2·{pads[0]}" if pads[0] == pads[1] else f"{pads[0]} + {pads[1]}"
            lines.append(f"{name} = ⌊({size} + {padded} − {kernel})/{stride}⌋ + 1 = {result}")
        return tuple(lines)

    def multiply_adds(self, *inputs: Shape) -> int:
        height, width, filters = self.output_shape(*inputs)
        return height * width * filters * self.kernel[0] * self.kernel[1] * inputs[0][2]


def _change(spec: NetworkSpec, node_id: str, changes: dict[str, object]) -> NetworkSpec:
    return edits.change_settings(spec, node_id, **changes)


Conv2D.EXAMPLES = (
    Example(Conv2D(filters=3, kernel=(3, 3)), ((6, 5, 2),), (4, 3, 3)),
    Example(Conv2D(filters=2, kernel=(5, 5), padding="same"), ((6, 7, 1),), (6, 7, 2)),
    Example(
        Conv2D(filters=2, kernel=(2, 3), stride=(2, 2), padding="same"), ((5, 7, 3),), (3, 4, 2)
    ),
    Example(Conv2D(filters=4, kernel=(3, 2), stride=(3, 2)), ((8, 9, 2),), (2, 4, 4)),
    Example(Conv2D(filters=9, kernel=(3, 3)), ((6, 4, 1),), (4, 2, 9)),
)
