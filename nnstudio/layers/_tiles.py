"""A convolution with fewer multiplications: a few output rows at once, in another basis.

Of r + m − 1 = 6 image rows a kernel of r rows makes m output rows. Rows and kernel are seen as
coefficients of polynomials; both are evaluated at six points, multiplied there, and the product is
read back (Toom and Cook; Winograd 1980; for networks Lavin and Gray 2016): 6 products of rows instead
of r·m, 12 for three rows. The evaluations are matrices of 6 rows and cost next to nothing. Columns
are left as they are, so that everything runs over memory in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnstudio.layers._products import Tell, multiply, multiply_transposed
from nnstudio.layers._windows import Axis
from nnstudio.network.layer import Array, Builder, Value

POINTS = (0, 1, -1, 2, -2)
"""Where the polynomials are evaluated; infinity is the sixth point."""
SIX = len(POINTS) + 1
TALLEST = 5
"""Rows of a kernel that leave two output rows to a tile."""
LEAST_WORK = 400_000
"""Multiplications of a tile and batch below which calling NumPy for each tile costs what it saves."""
LEAST_CHANNELS = 8
"""Channels, and filters, below which the evaluations cost more than the products that they save."""

# Evaluates six image rows; its transpose interpolates the polynomial of the product.
_IMAGE = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
_SCALES = (1 / 4, -1 / 6, -1 / 6, 1 / 24, 1 / 24)


def suits(rows: Axis, columns: Axis, groups: int, channels: tuple[int, int], batch: int) -> bool:
    """Whether :class:`TiledConvolution` computes this convolution, and faster; measured, then fixed.

    ``channels``: of the image and of the output.
    """
    if not 2 <= rows.window <= TALLEST:
        return False
    tiles = -(-rows.outputs // (SIX + 1 - rows.window))
    multiplications = SIX * channels[0] * channels[1] * columns.window * columns.outputs * batch
    return (
        rows.stride == rows.dilation == columns.stride == groups == 1
        and min(channels) >= LEAST_CHANNELS
        and multiplications >= LEAST_WORK
        and 3 * SIX * tiles <= 2 * rows.window * rows.outputs
    )


@dataclass(frozen=True)
class _Tile:
    """``outputs``: the output rows; ``inside``: of its six image rows those in the image, ``source``."""

    outputs: slice
    inside: slice
    source: slice


@dataclass(frozen=True)
class TiledConvolution:
    """Kernels of 2 to 5 rows that slide by one pixel; arrays as for ``Convolution``, one group."""

    rows: Axis
    columns: Axis

    @property
    def height(self) -> int:
        """Output rows of a tile."""
        return SIX + 1 - self.rows.window

    def emit(self, b: Builder, x: Value, filters: int) -> Value:
        """The convolution of ``x`` with the layer's weight, without its bias."""
        weight = b.parameter("weight")
        y = b.new((self.rows.outputs, self.columns.outputs, filters))
        at_points = self.correlate(b, b.forward, weight.value, x.value, y.value, kept=b.training)
        if y.grad is not None:
            assert weight.grad is not None
            self.weight_gradient(b, at_points, y.grad, weight.grad)
            dx = b.gradient(x)
            if dx is not None:
                self.spread(b, weight.value, y.grad, dx)
        return y

    def tiles(self) -> Iterator[_Tile]:
        """From top to bottom; the last may be cut short."""
        for first in range(0, self.rows.outputs, self.height):
            end = min(first + self.height, self.rows.outputs)
            top = first - self.rows.before
            begin, stop = max(0, top), min(self.rows.size, top + SIX)
            yield _Tile(slice(first, end), slice(begin - top, stop - top), slice(begin, stop))

    def correlate(
        self, b: Builder, tell: Tell, weight: Array, x: Array, y: Array, *, kept: bool
    ) -> Array:
        """Y = Σ weight · window. Returns ``x`` at the six points: (tiles, 6, C, W, N), where ``kept``.

        Otherwise all tiles use the same buffer, which then stays in cache.
        """
        filters, _, channels, _ = weight.shape
        _, _, width, batch = x.shape
        tiles = tuple(self.tiles())
        at_points = b.scratch((len(tiles) if kept else 1, SIX, *x.shape[1:]))
        outputs, window = self.columns.outputs, self.columns.window
        shifted = b.scratch((SIX, channels, window, outputs, batch))
        products = b.scratch((SIX, filters, outputs * batch))
        image, _, back = self._matrices(b)
        kernels = self._kernels(b, tell, weight)
        windows = shifted.reshape(SIX, channels * window, outputs * batch)
        for number, tile in enumerate(tiles):
            points = at_points[number if kept else 0]
            if tile.source.stop > tile.source.start:
                rows = x[tile.source].reshape(-1, channels * width * batch)
                multiply(tell, image[:, tile.inside], rows, points.reshape(SIX, -1))
            else:
                tell(points.fill, 0)
            for place in range(window):
                seen, pixels = self.columns.seen(place)
                if seen.stop > seen.start:
                    tell(np.copyto, shifted[:, :, place, seen], points[:, :, pixels])
            multiply(tell, kernels, windows, products)
            into = y[tile.outputs].reshape(-1, filters * outputs * batch)
            multiply(tell, back[: len(into)], products.reshape(SIX, -1), into)
        return at_points

    def weight_gradient(self, b: Builder, at_points: Array, dy: Array, gradient: Array) -> None:
        """Gradient = Σ dy · window, read back from products at the points of :meth:`correlate`."""
        filters, height, channels, window = gradient.shape
        tiles = len(at_points)
        _, kernel, back = self._matrices(b)
        given = b.scratch((SIX, *dy.shape[1:]))
        products = b.scratch((window, tiles, SIX, channels, filters))
        for number, tile in enumerate(self.tiles()):
            rows = dy[tile.outputs].reshape(tile.outputs.stop - tile.outputs.start, -1)
            multiply(b.backward, back[: len(rows)].T, rows, given.reshape(SIX, -1))
            for place in range(window):
                # The column shift of one side is the opposite shift of the other: nothing is copied.
                seen, pixels = self.columns.seen(place)
                if seen.stop > seen.start:
                    left = at_points[number][:, :, pixels].reshape(SIX, channels, -1)
                    right = given[:, :, seen].reshape(SIX, filters, -1)
                    multiply_transposed(b.backward, left, right, products[place, number])
        total = b.scratch((window, SIX, channels * filters))
        sums = b.scratch((window, height, channels, filters))
        flat = products.reshape(window, tiles, SIX, channels * filters)
        b.backward(np.add.reduce, flat, axis=1, out=total)
        b.backward(np.matmul, kernel.T, total, out=sums.reshape(window, height, -1))
        b.backward(np.copyto, gradient, sums.transpose(3, 1, 2, 0))

    def spread(self, b: Builder, weight: Array, dy: Array, dx: Array) -> None:
        """The transpose of :meth:`correlate`, which is a correlation with the turned kernel."""
        filters, height, channels, width = weight.shape
        turned = b.scratch((channels, height, filters, width))
        b.backward(np.copyto, turned, weight.transpose(2, 1, 0, 3)[:, ::-1, :, ::-1])
        (rows,), (columns,) = self.rows.turned(), self.columns.turned()
        back = TiledConvolution(rows.axis, columns.axis)
        back.correlate(b, b.backward, turned, dy, dx, kept=False)

    def _kernels(self, b: Builder, tell: Tell, weight: Array) -> Array:
        """``weight`` at the six points: (6, filters, channels·kw), a view."""
        filters, height, channels, width = weight.shape
        kernels = b.scratch((filters, SIX, channels * width))
        _, kernel, _ = self._matrices(b)
        tell(np.matmul, kernel, weight.reshape(filters, height, -1), out=kernels)
        return kernels.transpose(1, 0, 2)

    def _matrices(self, b: Builder) -> tuple[Array, Array, Array]:
        """What brings the image (6, 6) and the kernel (6, r) to the points, and back (m, 6)."""
        size = self.rows.window
        kernel = np.zeros((SIX, size))
        back = np.zeros((self.height, SIX))
        for row, (point, scale) in enumerate(zip(POINTS, _SCALES, strict=True)):
            kernel[row] = [scale * point**power for power in range(size)]
            back[:, row] = [point**power for power in range(self.height)]
        kernel[-1, -1] = back[-1, -1] = 1
        return _IMAGE.astype(b.dtype), kernel.astype(b.dtype), back.astype(b.dtype)
