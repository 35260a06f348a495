"""Convolution of an image with learned kernels."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from nnstudio.engine.initializers import initial_setting, initializer_setting
from nnstudio.layers._bias import add_bias
from nnstudio.layers._convolution import Convolution
from nnstudio.layers._images import changing, check_image
from nnstudio.layers._penalties import l1_setting, l2_setting
from nnstudio.layers._tiles import TiledConvolution, suits
from nnstudio.layers._windows import (
    EXPLICIT,
    Axis,
    Sliding,
    padding_setting,
    pads_of,
    side_setting,
)
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
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.settings import setting
from nnstudio.text import Text


@layer
@dataclass(frozen=True)
class Conv2D(Layer):
    """Slides small kernels over the image; each filter gives one feature map.

    Every position shares the same weights (parameter sharing) and sees only a small window of the
    input (sparse connections): y[i, j, f] = b[f] + Σ w[f, u, v, c] · x[i·s + u·d, j·s + v·d, c], with
    stride s and dilation d.

    With groups, a filter reads only the channels of its group: as many groups as channels makes a
    depthwise convolution (Chollet 2017). Dilation spreads the window without more weights (Yu and
    Koltun 2016).
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
    padding: str = padding_setting(
        "valid: the window stays inside the image. same: zeros around it keep the size."
        " explicit: as many zeros on each side as given."
    )
    initializer: str = initializer_setting()
    initial: float = initial_setting()
    top: int = side_setting("Top")
    bottom: int = side_setting("Bottom")
    left: int = side_setting("Left")
    right: int = side_setting("Right")
    dilation: tuple[int, int] = setting(
        (1, 1),
        pair=True,
        minimum=1,
        maximum=32,
        unit="px",
        label="Dilation",
        help="How far apart neighbouring weights of the kernel look; 1 leaves no gaps.",
    )
    groups: int = setting(
        1,
        minimum=1,
        maximum=2048,
        label="Groups",
        help="Channels and filters are divided into so many groups; a filter reads only its own.",
    )
    l1: float = l1_setting()
    l2: float = l2_setting()

    label = "Convolution"
    stem = "conv"
    category = "conv"

    def _axes(self, shape: Shape) -> tuple[Axis, Axis]:
        sides = (self.top, self.bottom, self.left, self.right)
        return Sliding(self.kernel, self.stride, self.padding, sides, self.dilation).along(shape)

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        rows, columns = self._axes(shape)
        if rows.outputs < 1 or columns.outputs < 1:
            raise self._too_large(shape, "px")
        if shape[2] % self.groups or self.filters % self.groups:
            raise self._indivisible(shape[2])
        return rows.outputs, columns.outputs, self.filters

    def _too_large(self, shape: Shape, unit: str) -> ShapeError:
        rows, columns = self._axes(shape)
        axis = rows if rows.outputs < 1 else columns
        # A usual size that leaves rows and columns for the layers behind, odd so that it has a middle.
        fitting = tuple(
            min(k, 5, size - 1 + size % 2) for k, size in zip(self.kernel, shape, strict=False)
        )
        changes: dict[str, object] = {"kernel": fitting}
        if self.dilation != (1, 1):
            changes["dilation"] = (1, 1)
        return ShapeError(
            Text("The kernel is larger than the image."),
            Text(
                "{kernel} > {size}, so the output would be {out} {unit} wide.",
                kernel=axis.reach,
                size=axis.size + axis.before + axis.after,
                out=axis.outputs,
                unit=unit,
            ),
            Mend(
                Text("Use kernel {kernel}", kernel=shape_text(fitting)),
                changing(**changes),
            ),
            Mend(Text("Set padding to same"), changing(padding="same")),
            label=f"{shape_text(shape[:2])} < {shape_text((rows.reach, columns.reach))}",
        )

    def _indivisible(self, channels: int) -> ShapeError:
        common = gcd(channels, self.filters)
        groups = max(n for n in range(1, min(common, self.groups) + 1) if common % n == 0)
        mends = [
            Mend(
                Text("Use {groups} groups", groups=groups),
                changing(groups=groups),
            )
        ]
        if channels % self.groups == 0:
            filters = -(-self.filters // self.groups) * self.groups
            mend = Mend(
                Text("Use {filters} filters", filters=filters),
                changing(filters=filters),
            )
            mends.insert(0, mend)
        return ShapeError(
            Text(
                "{channels} channels and {filters} filters cannot be divided into {groups} groups.",
                channels=channels,
                filters=self.filters,
                groups=self.groups,
            ),
            Text("Every group gets as many channels, and as many filters, as every other."),
            *mends,
            label=f"{channels} / {self.groups}",
        )

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        depth = inputs[0][2] // self.groups
        rows, columns = self.kernel
        window = rows * columns
        weight = ParameterSpec(
            "weight",
            (self.filters, rows, depth, columns),
            (0, 2, 1, 3),
            fan_in=window * depth,
            fan_out=window * self.filters // self.groups,
            initializer=self.initializer,
            initial=self.initial,
            l1=self.l1,
            l2=self.l2,
        )
        return weight, ParameterSpec("bias", (self.filters,), (0,), weight.fan_in, weight.fan_out)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        rows, columns = self._axes((height, width, channels))
        tiled = suits(rows, columns, self.groups, (channels, self.filters), b.batch)
        convolution = (
            TiledConvolution(rows, columns) if tiled else Convolution(rows, columns, self.groups)
        )
        y = convolution.emit(b, x, self.filters)
        return b.then(add_bias, y, monotone=True)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        attributes: dict[str, AttributeValue] = {
            "kernel_shape": self.kernel,
            "strides": self.stride,
            "pads": pads_of(*self._axes(inputs[0])),
            "dilations": self.dilation,
            "group": self.groups,
        }
        return (Op("Conv", ("input", "weight", "bias"), attributes=attributes),)

    def summary(self) -> str:
        words = [f"{self.filters} @ {shape_text(self.kernel)}", self.padding]
        if self.padding == EXPLICIT:
            words[1] = f"padding {self.top}, {self.bottom}, {self.left}, {self.right}"
        words += [f"stride {shape_text(self.stride)}"] * (self.stride != (1, 1))
        words += [f"dilation {shape_text(self.dilation)}"] * (self.dilation != (1, 1))
        words += [f"{self.groups} groups"] * (self.groups > 1)
        return ", ".join(words)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        rows, columns = self._axes(inputs[0])
        return rows.formula("H"), columns.formula("W")

    def multiply_adds(self, *inputs: Shape) -> int:
        height, width, filters = self.output_shape(*inputs)
        window = self.kernel[0] * self.kernel[1] * inputs[0][2] // self.groups
        return height * width * filters * window


Conv2D.EXAMPLES = (
    Example(Conv2D(filters=3, kernel=(3, 3)), ((6, 5, 2),), (4, 3, 3)),
    Example(Conv2D(filters=2, kernel=(5, 5), padding="same"), ((6, 7, 1),), (6, 7, 2)),
    Example(
        Conv2D(filters=2, kernel=(2, 3), stride=(2, 2), padding="same"), ((5, 7, 3),), (3, 4, 2)
    ),
    Example(Conv2D(filters=4, kernel=(3, 2), stride=(3, 2)), ((8, 9, 2),), (2, 4, 4)),
    Example(Conv2D(filters=9, kernel=(3, 3)), ((6, 4, 1),), (4, 2, 9)),
    Example(Conv2D(4, (1, 1)), ((4, 3, 2),), (4, 3, 4)),
    Example(Conv2D(2, (1, 1), (2, 3)), ((5, 7, 3),), (3, 3, 2)),
    Example(Conv2D(7, (3, 3), padding="same"), ((5, 4, 3),), (5, 4, 7)),
    Example(
        # (5 + 2 + 1 − 2) + 1 and (6 + 0 + 3 − 3) + 1
        Conv2D(2, (2, 3), padding="explicit", top=2, bottom=1, right=3),
        ((5, 6, 2),),
        (7, 7, 2),
    ),
    Example(
        # More zeros than the kernel is wide: ⌊(4 + 3 + 3 − 2)/1⌋ + 1 and ⌊(4 + 0 + 4 − 2)/2⌋ + 1
        Conv2D(3, (2, 2), (1, 2), "explicit", top=3, bottom=3, right=4),
        ((4, 4, 1),),
        (9, 4, 3),
    ),
    # The window reaches over 2·(3 − 1) + 1 = 5 rows and 3·(2 − 1) + 1 = 4 columns.
    Example(Conv2D(2, (3, 2), dilation=(2, 3)), ((7, 6, 2),), (3, 3, 2)),
    Example(Conv2D(3, (2, 3), padding="same", dilation=(3, 2)), ((6, 5, 2),), (6, 5, 3)),
    # ⌊(9 − 5)/2⌋ + 1 and ⌊(8 − 5)/3⌋ + 1; then a stride that shares no factor with the dilation.
    Example(Conv2D(2, (3, 3), (2, 3), dilation=(2, 2)), ((9, 8, 2),), (3, 2, 2)),
    Example(Conv2D(2, (2, 2), (2, 1), "same", dilation=(3, 1)), ((9, 3, 1),), (5, 3, 2)),
    # 2 groups: each filter reads 2 of 4 channels.
    Example(Conv2D(6, (3, 2), groups=2), ((5, 4, 4),), (3, 3, 6)),
    Example(Conv2D(4, (1, 1), groups=2), ((3, 4, 6),), (3, 4, 4)),
    # Depthwise: a filter for each channel, then two.
    Example(Conv2D(3, (3, 3), padding="same", groups=3), ((5, 4, 3),), (5, 4, 3)),
    Example(Conv2D(4, (2, 3), (2, 2), "same", groups=2), ((5, 6, 2),), (3, 3, 4)),
    Example(Conv2D(4, (2, 2), (2, 1), groups=2, dilation=(2, 2)), ((6, 5, 4),), (2, 3, 4)),
)
