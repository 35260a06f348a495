"""What the windows of a convolution see: overlapping views of a copy of an image's column shifts.

The rows of a window lie one behind the other in that copy, so that windows need not be copied one by
one: in the view each column of a matrix is what one window sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from nnstudio.layers._products import Tell
from nnstudio.layers._windows import Axis
from nnstudio.network.layer import Array, Builder

FEW_BYTES = 1 << 16
"""Of an image: up to so many a call costs more than the bytes that it moves."""

Part = tuple[slice, Array]
"""Some output rows and the windows that they see: (groups, rows, window, columns·N)."""


@dataclass(frozen=True)
class Overlapping:
    """Windows that slide along ``rows`` and ``columns``; each sees the channels of one of ``groups``."""

    rows: Axis
    columns: Axis
    groups: int = 1

    def windows(self, b: Builder, tell: Tell, x: Array) -> tuple[Part, ...]:
        """Tell the copying of column shifts of ``x`` and return the windows, a part per phase.

        Rows that a dilated window sees together have the same remainder (phase) of their number
        by the dilation; those are laid one behind the other.
        """
        rows, columns = self.rows, self.columns
        if x.nbytes <= FEW_BYTES and columns.pads and not self._sees_single_pixels():
            x, columns = self._with_columns_around(b, tell, x)
        height, channels, width, batch = x.shape
        grouped = x.reshape(height, self.groups, -1, width, batch).transpose(1, 0, 2, 3, 4)
        if self._sees_single_pixels():
            depth = channels // self.groups
            flat = x.reshape(height, self.groups, depth, width * batch)
            return ((slice(None), flat.transpose(1, 0, 2, 3)),)
        depth = grouped.shape[2]
        outputs = columns.outputs
        shifted = b.scratch((self.groups, rows.needed, depth, columns.window, outputs, batch))
        starts = [0]
        for phase in range(rows.dilation):
            count = len(range(phase, rows.needed, rows.dilation))
            lines = Axis(rows.size, 1, rows.dilation, rows.before - phase)
            inside, source = lines.seen(0)
            inside = slice(inside.start, min(inside.stop, count))
            source = slice(source.start, source.start + _span(inside, rows.dilation), rows.dilation)
            target = shifted[:, starts[-1] : starts[-1] + count][:, inside]
            if inside.stop > inside.start:
                _copy_shifts(tell, columns, grouped[:, source], target)
            starts.append(starts[-1] + count)
        return tuple(self._parts(shifted, starts))

    def _with_columns_around(self, b: Builder, tell: Tell, x: Array) -> tuple[Array, Axis]:
        """A copy of ``x`` with the columns that windows see outside of it as zeros, and its axis.

        For a small image: one copy more, but all shifts of it are then a single call.
        """
        columns = self.columns
        wide = b.scratch((*x.shape[:2], columns.needed, x.shape[3]))
        kept = Axis(
            columns.size, 1, 1, columns.before, columns.needed - columns.size - columns.before
        )
        seen, pixels = kept.seen(0)
        tell(np.copyto, wide[:, :, seen], x[:, :, pixels])
        return wide, Axis(columns.needed, columns.window, columns.stride, 0, 0, columns.dilation)

    def _parts(self, shifted: Array, starts: list[int]) -> list[Part]:
        rows = self.rows
        group, row, _, line, _, item = shifted.strides
        per_row = shifted.shape[2] * shifted.shape[3]
        columns = shifted.shape[4] * shifted.shape[5]
        phases = rows.dilation // gcd(rows.dilation, rows.stride)
        parts = []
        for first in range(min(phases, rows.outputs)):
            which = slice(first, None, phases)
            count = len(range(first, rows.outputs, phases))
            behind, phase = divmod(first * rows.stride, rows.dilation)
            step = phases * rows.stride // rows.dilation
            view = np.lib.stride_tricks.as_strided(
                shifted[:, starts[phase] + behind :],
                (self.groups, count, rows.window * per_row, columns),
                (group, step * row, line, item),
            )
            parts.append((which, view))
        return parts

    def _sees_single_pixels(self) -> bool:
        """A 1×1 kernel that moves by one pixel sees the image as it is."""
        return all(
            (axis.window, axis.stride, axis.before, axis.outputs) == (1, 1, 0, axis.size)
            for axis in (self.rows, self.columns)
        )


def _copy_shifts(tell: Tell, columns: Axis, source: Array, target: Array) -> None:
    """The columns of ``source`` (…, W, N) that each place in the window sees: ``target`` (…, window, outputs, N)."""
    if not columns.pads:
        *outer, width, item = source.strides
        first = source[..., -columns.before :, :]
        view = np.lib.stride_tricks.as_strided(
            first, target.shape, (*outer, columns.dilation * width, columns.stride * width, item)
        )
        tell(np.copyto, target, view)
        return
    for place in range(columns.window):
        seen, pixels = columns.seen(place)
        if seen.stop > seen.start:
            tell(np.copyto, target[..., place, seen, :], source[..., pixels, :])


def _span(which: slice, step: int) -> int:
    """From the first of these to the last, ``step`` apart, and one more."""
    count = int(which.stop - which.start)
    return max(0, (count - 1) * step + 1)
