"""The transpose of a convolution: a larger image, to which each pixel adds a weighted kernel."""

from __future__ import annotations

from dataclasses import dataclass

from nnstudio.engine.initializers import initial_setting, initializer_setting
from nnstudio.layers import _windows
from nnstudio.layers._bias import add_bias
from nnstudio.layers._convolution import Convolution
from nnstudio.layers._images import check_image
from nnstudio.layers._penalties import l1_setting, l2_setting
from nnstudio.layers._windows import SAME, Axis, Sliding
from nnstudio.network.layer import (
    Builder,
    Example,
    Layer,
    ParameterSpec,
    Shape,
    Value,
    layer,
    shape_text,
)
from nnstudio.network.ops import AttributeValue, Op
from nnstudio.settings import setting


@layer
@dataclass(frozen=True)
class ConvTranspose2D(Layer):
    """Adds to a larger image, for each pixel of the input, its value times a learned kernel.

    It computes what a convolution's gradient computes: with stride 2 an image twice as large
    (Zeiler et al. 2010). Kernels whose size the stride does not divide leave a pattern of squares,
    because some pixels get more sums than others. Files hold the weights as (in, out, rows, columns),
    as ONNX and PyTorch do, and fan-in counts filters · kernel, as PyTorch does.
    """

    filters: int = setting(
        6,
        minimum=1,
        maximum=2048,
        label="Filters",
        help="How many kernels, and so how many feature maps.",
    )
    kernel: tuple[int, int] = _windows.window_setting(
        (3, 3), "Kernel", "Rows and columns that one pixel of the input adds to."
    )
    stride: tuple[int, int] = setting(
        (2, 2),
        pair=True,
        minimum=1,
        maximum=32,
        unit="px",
        label="Stride",
        help="How far apart in the output neighbours of the input are placed.",
    )
    padding: str = setting(
        "valid",
        choices=(("valid", "valid"), ("same", "same")),
        label="Padding",
        help="valid: all that the kernels reach comes out. same: the size times the stride comes out.",
    )
    initializer: str = initializer_setting()
    initial: float = initial_setting()
    l1: float = l1_setting()
    l2: float = l2_setting()

    label = "Transposed convolution"
    stem = "deconv"
    category = "conv"

    def _axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """Of the convolution that goes the other way, from the output to the input."""
        sizes = [
            size * stride if self.padding == SAME else (size - 1) * stride + kernel
            for size, kernel, stride in zip(shape, self.kernel, self.stride, strict=False)
        ]
        return Sliding(self.kernel, self.stride, self.padding).along(tuple(sizes))

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        rows, columns = self._axes(shape)
        return rows.size, columns.size, self.filters

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        channels = inputs[0][2]
        rows, columns = self.kernel
        weight = ParameterSpec(
            "weight",
            (channels, rows, self.filters, columns),
            (0, 2, 1, 3),
            fan_in=rows * columns * self.filters,
            fan_out=rows * columns * channels,
            initializer=self.initializer,
            initial=self.initial,
            l1=self.l1,
            l2=self.l2,
        )
        return weight, ParameterSpec("bias", (self.filters,), (0,), weight.fan_in, weight.fan_out)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        shape = (height, width, channels)
        back = Convolution(*self._axes(shape))
        weight = b.parameter("weight")
        y = b.new(self.output_shape(shape))
        back.spread(b, b.forward, weight.value, dy=x.value, dx=y.value)
        if y.grad is not None:
            assert weight.grad is not None
            parts = back.windows(b, b.backward, y.grad)
            back.weight_gradient(b, parts, x.value, weight.grad)
            dx = b.gradient(x)
            if dx is not None:
                back.correlate(b.backward, weight.value, parts, dx)
        return b.then(add_bias, y, monotone=True)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        rows, columns = self._axes(inputs[0])
        # Where the stride is wider than the kernel, "same" ends with rows that nothing reaches.
        beyond = tuple(
            axis.size + axis.before + axis.after - axis.needed for axis in (rows, columns)
        )
        attributes: dict[str, AttributeValue] = {
            "kernel_shape": self.kernel,
            "strides": self.stride,
            "pads": _windows.pads_of(rows, columns),
            "output_padding": beyond,
        }
        return (Op("ConvTranspose", ("input", "weight", "bias"), attributes=attributes),)

    def summary(self) -> str:
        return f"{self.filters} @ {shape_text(self.kernel)}, {self.padding}, stride {shape_text(self.stride)}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        shape = self.output_shape(*inputs)
        lines = []
        for a, name in enumerate("HW"):
            size, stride, kernel = inputs[0][a], self.stride[a], self.kernel[a]
            rule = (
                f"{size}·{stride}" if self.padding == SAME else f"({size} − 1)·{stride} + {kernel}"
            )
            lines.append(f"{name} = {rule} = {shape[a]}")
        return tuple(lines)

    def multiply_adds(self, *inputs: Shape) -> int:
        height, width, channels = inputs[0]
        return height * width * channels * self.kernel[0] * self.kernel[1] * self.filters


ConvTranspose2D.EXAMPLES = (
    # (3 − 1)·2 + 3 and (2 − 1)·2 + 3
    Example(ConvTranspose2D(2), ((3, 2, 3),), (7, 5, 2)),
    Example(ConvTranspose2D(3, (2, 2)), ((2, 3, 2),), (4, 6, 3)),
    Example(ConvTranspose2D(2, (3, 3), (2, 2), "same"), ((3, 2, 2),), (6, 4, 2)),
    Example(ConvTranspose2D(1, (4, 2), (2, 3), "same"), ((2, 2, 2),), (4, 6, 1)),
    Example(ConvTranspose2D(3, (3, 2), (1, 1)), ((3, 4, 1),), (5, 5, 3)),
    Example(ConvTranspose2D(9, (3, 3), (1, 1), "same"), ((3, 4, 1),), (3, 4, 9)),
    Example(ConvTranspose2D(2, (2, 1), (3, 2)), ((2, 3, 1),), (5, 5, 2)),
)
