"""The computation of a convolution: a few batched matrix products on overlapping views of the image."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from nnstudio.layers._overlapping import FEW_BYTES, Overlapping, Part
from nnstudio.layers._products import Tell, multiply, multiply_transposed
from nnstudio.layers._windows import Turned
from nnstudio.network.layer import Array, Builder, Value

FEW_FILTERS = 8
"""Up to so many, products with two output rows at a time were faster by a third, beyond it slower."""


@dataclass(frozen=True)
class Convolution(Overlapping):
    """How kernels slide over an image: ``groups`` of channels are seen by as many groups of filters.

    Weights are (filters, kh, channels/groups, kw), images (H, C, W, N).
    """

    def emit(self, b: Builder, x: Value, filters: int) -> Value:
        """The convolution of ``x`` with the layer's weight, without its bias."""
        weight = b.parameter("weight")
        around = self.rows_around(filters, x.value.shape[1])
        parts = self.windows(b, b.forward, x.value)
        y = b.new((self.rows.outputs, self.columns.outputs, filters), rows_around=around)
        self.correlate(b.forward, weight.value, parts, y.value)
        if y.grad is not None:
            assert weight.grad is not None
            self.weight_gradient(b, parts, y.grad, weight.grad)
            dx = b.gradient(x)
            if dx is not None:
                whole = b.with_rows_around(y) if around else None
                self.spread(b, b.backward, weight.value, dy=y.grad, dx=dx, around=whole)
        return y

    def correlate(self, tell: Tell, weight: Array, parts: tuple[Part, ...], y: Array) -> None:
        """Y = Σ weight · window."""
        weights = weight.reshape(self.groups, 1, len(weight) // self.groups, -1)
        for which, windows in parts:
            multiply(tell, weights, windows, self._grouped(y)[:, which])

    def _grouped(self, y: Array) -> Array:
        """(H, C, W, N) as (groups, H, C/groups, W·N), a view."""
        height, channels, width, batch = y.shape
        flat = y.reshape(height, self.groups, channels // self.groups, width * batch)
        return flat.transpose(1, 0, 2, 3)

    def weight_gradient(
        self, b: Builder, parts: tuple[Part, ...], dy: Array, gradient: Array
    ) -> None:
        """Gradient = Σ dy · window over all places and images; ``gradient`` as the weights lie."""
        filters = dy.shape[1] // self.groups
        into = gradient.reshape(self.groups, filters, -1)
        if self._takes_two_rows(filters):
            self._weight_gradient_by_two_rows(b, parts[0][1], dy, into[0])
            return
        window = into.shape[2]
        products = b.scratch((self.groups, self.rows.outputs, window, filters))
        total = b.scratch((self.groups, window, filters))
        for which, windows in parts:
            # Windows first, the gradient transposed: BLAS is up to twice as fast as the other way round.
            seen = self._grouped(dy)[:, which]
            multiply_transposed(b.backward, windows, seen, products[:, which])
        b.backward(np.add.reduce, products, axis=1, out=total)
        b.backward(np.copyto, into, total.transpose(0, 2, 1))

    def _takes_two_rows(self, filters: int) -> bool:
        plain = self.groups == self.rows.dilation == 1
        return plain and filters <= FEW_FILTERS and self.rows.outputs % 2 == 0

    def _weight_gradient_by_two_rows(
        self, b: Builder, windows: Array, dy: Array, gradient: Array
    ) -> None:
        """For few filters, whose matrices of a few columns leave BLAS mostly idle.

        Two output rows share one taller window, which gives twice the columns; only the products of
        a row with its own window are taken.
        """
        filters, window = gradient.shape
        blocks = self.rows.outputs // 2
        step = self.rows.stride * window // self.rows.window
        taller = np.lib.stride_tricks.as_strided(
            windows,
            (blocks, window + step, windows.shape[3]),
            (2 * windows.strides[1], *windows.strides[2:]),
        )
        rows_of_dy = dy.reshape(blocks, 2 * filters, -1)
        products = b.scratch((blocks, window + step, 2 * filters))
        total = b.scratch(products.shape[1:])
        b.backward(np.matmul, taller, rows_of_dy.transpose(0, 2, 1), out=products)
        b.backward(np.add.reduce, products, axis=0, out=total)
        b.backward(np.add, total[:window, :filters].T, total[step:, filters:].T, out=gradient)

    def spread(
        self,
        b: Builder,
        tell: Tell,
        weight: Array,
        *,
        dy: Array,
        dx: Array,
        around: Array | None = None,
    ) -> None:
        """The transpose of :meth:`correlate`: each dy, times the weights, is added to what it saw.

        ``around``: ``dy`` with :meth:`rows_around` zero rows before and after, None for no such rows.
        The fixed choice between three ways was measured: the fewest copies and additions around the
        same products.
        """
        if around is not None:
            self._spread_by_columns(b, tell, weight, around, dx)
        elif all(1 in (axis.stride, axis.dilation) for axis in (self.rows, self.columns)):
            for rows, columns in product(self.rows.turned(), self.columns.turned()):
                self._spread_by_turned_kernel(b, tell, weight, dy, dx[rows.pixels], rows, columns)
        else:
            self._spread_by_places(b, tell, weight, dy, dx)

    def rows_around(self, filters: int, channels: int) -> int:
        """How many zero rows the gradient of the output needs around it for :meth:`spread`."""
        plain = self.groups == self.rows.stride == self.rows.dilation == 1
        turning = self.columns.stride == 1 and filters <= 2 * channels
        return 0 if turning or not plain else self.rows.window - 1

    def _spread_by_turned_kernel(
        self, b: Builder, tell: Tell, weight: Array, dy: Array, dx: Array, *turned: Turned
    ) -> None:
        """Some dx are the correlation of dy with a part of the kernel, turned: nothing is added."""
        rows, columns = turned
        target = dx[:, :, columns.pixels]
        if not (rows.axis.window and columns.axis.window):
            tell(target.fill, 0)
            return
        back = Convolution(rows.axis, columns.axis, self.groups)
        seen = weight[:, rows.places, :, columns.places]
        grouped = seen.reshape(self.groups, -1, *seen.shape[1:]).transpose(0, 3, 2, 1, 4)
        kernel = b.scratch((self.groups * grouped.shape[1], *grouped.shape[2:]))
        tell(np.copyto, kernel.reshape(grouped.shape), grouped[:, :, ::-1, :, ::-1])
        parts = back.windows(b, tell, dy)
        if self.columns.stride == 1:
            back.correlate(tell, kernel, parts, dx)
        else:
            # A product does not leave gaps between its columns.
            dense = b.scratch(target.shape)
            back.correlate(tell, kernel, parts, dense)
            tell(np.copyto, target, dense)

    def _spread_by_columns(
        self, b: Builder, tell: Tell, weight: Array, around: Array, dx: Array
    ) -> None:
        """With the kernel turned in rows only: a product for each column shift, then their sum."""
        filters, height, depth, width = weight.shape
        outputs, batch = around.shape[2:]
        windows = np.lib.stride_tricks.as_strided(
            around[self.rows.before :],
            (len(dx), height * filters, outputs * batch),
            (around.strides[0], around.strides[1], around.itemsize),
        )
        turned = b.scratch((depth, width, height, filters))
        tell(np.copyto, turned, weight.transpose(2, 3, 1, 0)[:, :, ::-1])
        shifts = b.scratch((len(dx), depth, width, outputs, batch))
        multiply(
            tell,
            turned.reshape(1, depth * width, height * filters),
            windows,
            shifts.reshape(len(dx), depth * width, outputs * batch),
        )
        if batch == 1 and self.columns.size * width * outputs <= FEW_BYTES:
            # A product with zeros and ones adds the shifts up in one call.
            tell(
                np.matmul,
                shifts.reshape(len(dx), depth, -1),
                self._placing(b),
                out=dx.reshape(len(dx), depth, -1),
            )
            return
        tell(dx.fill, 0)
        for place in range(width):
            seen, pixels = self.columns.seen(place)
            if seen.stop > seen.start:
                target = dx[:, :, pixels]
                tell(np.add, target, shifts[:, :, place, seen], out=target)

    def _placing(self, b: Builder) -> Array:
        """(window·outputs, size): 1 where a window has this pixel at this place."""
        columns = self.columns
        ones = b.scratch((columns.window, columns.outputs, columns.size))
        for place in range(columns.window):
            seen, pixels = columns.seen(place)
            for output, pixel in zip(_each(seen), _each(pixels), strict=True):
                ones[place, output, pixel] = 1
        return ones.reshape(-1, columns.size)

    def _spread_by_places(
        self, b: Builder, tell: Tell, weight: Array, dy: Array, dx: Array
    ) -> None:
        """For any stride and dilation: a product for each place in the window, then their sum."""
        filters, height, depth, width = weight.shape
        outputs, _, columns, batch = dy.shape
        weights = weight.reshape(self.groups, 1, filters // self.groups, -1).transpose(0, 1, 3, 2)
        shape = (outputs, self.groups, height, depth, width, columns, batch)
        products = b.scratch(shape)
        flat = products.reshape(outputs, self.groups, -1, columns * batch).transpose(1, 0, 2, 3)
        multiply(tell, weights, self._grouped(dy), flat)
        into = dx.reshape(dx.shape[0], self.groups, depth, *dx.shape[2:])
        tell(dx.fill, 0)
        for i, j in np.ndindex(height, width):
            (rows, lines), (seen, pixels) = self.rows.seen(i), self.columns.seen(j)
            if rows.stop > rows.start and seen.stop > seen.start:
                target = into[lines, :, :, pixels]
                tell(np.add, target, products[rows, :, i, :, j, seen], out=target)


def _each(which: slice) -> range:
    return range(which.start, which.stop, which.step or 1)
