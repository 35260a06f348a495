"""How a window slides along one axis of an image: padding, how many places it takes, what it sees there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnstudio.network.layer import Shape
from nnstudio.settings import setting

VALID, SAME, EXPLICIT = "valid", "same", "explicit"

Pair = tuple[int, int]


@dataclass(frozen=True)
class Axis:
    """Along ``size`` pixels with ``before`` and ``after`` added slides a window of ``window`` pixels.

    Neighbours within the window lie ``dilation`` apart, its places ``stride``. A negative padding
    leaves pixels out.
    """

    size: int
    window: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def reach(self) -> int:
        """From the first to the last pixel of the window."""
        return (self.window - 1) * self.dilation + 1

    @property
    def outputs(self) -> int:
        """⌊(size + before + after − reach)/stride⌋ + 1; zero or less when the window does not fit."""
        return (self.size + self.before + self.after - self.reach) // self.stride + 1

    @property
    def needed(self) -> int:
        """How many pixels, padding included, the windows reach over."""
        return (self.outputs - 1) * self.stride + self.reach

    @property
    def pads(self) -> bool:
        """Whether some window reaches over the border of the image."""
        return self.before > 0 or self.needed - self.before > self.size

    def seen(self, place: int) -> tuple[slice, slice]:
        """(the windows whose pixel at ``place`` lies inside the image, those pixels)."""
        offset = place * self.dilation - self.before
        first = max(0, -(offset // self.stride))
        end = min(self.outputs, (self.size - 1 - offset) // self.stride + 1)
        end = max(first, end)
        begin = first * self.stride + offset
        stop = begin + (end - first - 1) * self.stride + 1
        return slice(first, end), slice(begin, stop if end > first else begin, self.stride)

    def turned(self) -> tuple[Turned, ...]:
        """How the gradient of the outputs comes back: by turned kernels, one for each remainder.

        Pixels of the same remainder by the stride are seen by the same part of the window, one step
        of the output further for each. Not for a stride and a dilation at once.
        """
        parts = []
        for first in range(self.stride):
            pixels = len(range(first, self.size, self.stride))
            behind, place = divmod(first + self.before, self.stride)
            places = len(range(place, self.window, self.stride))
            reach = (places - 1) * self.dilation + 1
            before = reach - 1 - behind
            after = pixels - 1 - (self.outputs + before - reach)
            axis = Axis(self.outputs, places, 1, before, after, self.dilation)
            if pixels:
                which = slice(first, None, self.stride)
                parts.append(Turned(which, slice(place, None, self.stride), axis))
        return tuple(parts)

    def formula(self, name: str, *, padded: bool = True) -> str:
        """The rule of :attr:`outputs` with these numbers; ``padded``: with the padding, even of 0."""
        padding = f" + {self.before} + {self.after}"
        if self.before == self.after:
            padding = f" + 2·{self.before}" if padded else ""
        reach = str(self.window)
        if self.dilation > 1:
            reach = f"({self.dilation}·({self.window} − 1) + 1)"
        return f"{name} = ⌊({self.size}{padding} − {reach})/{self.stride}⌋ + 1 = {self.outputs}"


@dataclass(frozen=True)
class Turned:
    """Some ``pixels`` get a gradient through some ``places`` of the window, turned, along ``axis``."""

    pixels: slice
    places: slice
    axis: Axis


@dataclass(frozen=True)
class Sliding:
    """The settings of a window on an image; pairs are (rows, columns), ``sides`` explicit padding."""

    window: Pair
    stride: Pair
    padding: str
    sides: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Top, bottom, left, right."""
    dilation: Pair = (1, 1)

    def along(self, shape: Shape) -> tuple[Axis, Axis]:
        """Rows and columns of an image (H, W, …).

        "same" gives ⌈size/stride⌉ outputs; an odd pixel is added after, as ONNX's SAME_UPPER does.
        """
        rows, columns = (self._axis(shape[a], a) for a in (0, 1))
        return rows, columns

    def _axis(self, size: int, which: int) -> Axis:
        window, stride, dilation = (
            self.window[which],
            self.stride[which],
            self.dilation[which],
        )
        before, after = 0, 0
        if self.padding == EXPLICIT:
            before, after = self.sides[2 * which : 2 * which + 2]
        elif self.padding == SAME:
            reach = (window - 1) * dilation + 1
            total = max((-(-size // stride) - 1) * stride + reach - size, 0)
            before, after = total // 2, total - total // 2
        return Axis(size, window, stride, before, after, dilation)


def pads_of(rows: Axis, columns: Axis) -> tuple[int, int, int, int]:
    """Padding in ONNX's order: top, left, bottom, right."""
    return rows.before, columns.before, rows.after, columns.after


def window_setting(default: Pair, label: str, help: str) -> Any:
    """A setting for the size of a window."""
    return setting(default, pair=True, minimum=1, maximum=63, unit="px", label=label, help=help)


def padding_setting(help: str) -> Any:
    """A setting for what surrounds the image."""
    choices = ((VALID, "valid"), (SAME, "same"), (EXPLICIT, "explicit"))
    return setting(VALID, choices=choices, label="Padding", help=help)


def side_setting(label: str) -> Any:
    """A setting for the explicit padding of one side."""
    return setting(
        0,
        minimum=0,
        maximum=63,
        unit="px",
        label=label,
        only_for=("padding", (EXPLICIT,)),
        help="Rows or columns added on this side.",
    )
