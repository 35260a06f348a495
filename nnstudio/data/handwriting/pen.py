"""How a hand varies what it writes: from drawings of a digit to the path of the pen over the paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.handwriting.glyphs import ways

Array = NDArray[np.float32]

SAMPLES = 128  # points along one digit; half a pixel apart on the longest
UNIT = 100.0  # the height of a digit in the drawings

# How far hands stray. Lengths are in the drawings' units or, after _bend has scaled, in heights.
SLOPPY = 0.3  # spread of the logarithm of a hand's carelessness, which scales the next four
POINT = 2.5  # every control point
TIP = 3.0  # more at a stroke's ends
STROKE = 3.0  # a whole stroke after the pen was lifted
WAVES = (0.08, 0.03)  # smooth warps of the paper
MIXING = 0.35  # below 1: most digits stay close to one of the drawings
WIDTH = 0.20  # spread of the logarithm of the width
WEDGE, SAG = 0.22, 0.18  # one half larger than the other: across, down
SLANT, SLANT_MEAN = 0.24, 0.12
TURN = 0.10  # radians


@dataclass(frozen=True)
class Style:
    """Ways of writing one digit, ready to be mixed.

    ``drawings``: (K, P, 2) control points of K ways. ``curve``: (SAMPLES, P), the linear map from
    control points to points along the pen's path. ``step``: (SAMPLES,), 1 where the pen is down
    between this sample and the next, else 0. ``stroke``: (P,) int, the stroke of each control point.
    ``is_end``: (P,) 1 where a stroke begins or ends.
    """

    drawings: Array
    curve: Array
    step: Array
    stroke: NDArray[np.intp]
    is_end: Array


def _spline(knots: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """(len(at), len(knots)) map from values at ``knots`` to the natural cubic spline at ``at``."""
    count = len(knots)
    gap = np.diff(knots)
    # Second derivatives from values: tridiagonal, zero at both ends.
    left, right = np.eye(count), np.zeros((count, count))
    for i in range(1, count - 1):
        left[i, i - 1 : i + 2] = gap[i - 1] / 6, (gap[i - 1] + gap[i]) / 3, gap[i] / 6
        right[i, i - 1 : i + 2] = 1 / gap[i - 1], -1 / gap[i - 1] - 1 / gap[i], 1 / gap[i]
    bend = np.linalg.solve(left, right)
    piece = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, count - 2)
    h = gap[piece][:, None]
    b = (at - knots[piece])[:, None] / h
    a = 1 - b
    value = np.eye(count)
    return (
        a * value[piece]
        + b * value[piece + 1]
        + ((a**3 - a) * bend[piece] + (b**3 - b) * bend[piece + 1]) * h**2 / 6
    )


def _read(drawing: str) -> tuple[NDArray[np.float64], list[list[list[int]]]]:
    """The (P, 2) points of one drawing, and the indices of its points: strokes of smooth pieces."""
    points: list[tuple[float, float]] = []
    strokes: list[list[list[int]]] = []
    for stroke in drawing.split("/"):
        pieces: list[list[int]] = [[]]
        for word in stroke.split():
            x, y = word.rstrip("!").split(",")
            pieces[-1].append(len(points))
            if word.endswith("!"):
                pieces.append([len(points)])
            points.append((float(x), float(y)))
        strokes.append(pieces)
    return np.array(points), strokes


def _style(drawings: tuple[str, ...]) -> Style:
    read = [_read(drawing) for drawing in drawings]
    strokes = read[0][1]
    mean = np.mean([points for points, _ in read], axis=0)
    pieces = [piece for stroke in strokes for piece in stroke]
    knots = [
        np.append(0.0, np.cumsum(np.hypot(*np.diff(mean[piece], axis=0).T))) for piece in pieces
    ]
    lengths = np.array([knot[-1] for knot in knots])
    # Samples in proportion to length; the longest piece takes what rounding leaves.
    counts = np.maximum(6, np.floor(SAMPLES * lengths / lengths.sum())).astype(int)
    counts[np.argmax(counts)] += SAMPLES - counts.sum()

    curve = np.zeros((SAMPLES, len(mean)))
    step = np.ones(SAMPLES)
    row = 0
    for piece, knot, count in zip(pieces, knots, counts, strict=True):
        curve[row : row + count, piece] = _spline(knot, np.linspace(0.0, knot[-1], count))
        row += count
        step[row - 1] = 0.0
    owner = np.zeros(len(mean), np.intp)
    is_end = np.zeros(len(mean))
    for number, stroke in enumerate(strokes):
        owner[stroke[0][0] : stroke[-1][-1] + 1] = number
        is_end[[stroke[0][0], stroke[-1][-1]]] = 1.0
    return Style(
        np.array([points for points, _ in read], np.float32),
        curve.astype(np.float32),
        step.astype(np.float32),
        owner,
        is_end.astype(np.float32),
    )


@cache
def _styles(digit: int) -> tuple[NDArray[np.float64], tuple[Style, ...]]:
    """The styles of ``digit`` and, for all but the last, the summed shares up to it, of 1 in all."""
    found = ways(digit)
    summed = np.cumsum([way.share for way in found])
    return summed[:-1] / summed[-1], tuple(_style(way.drawings) for way in found)


def _write(style: Style, loose: Array, rng: np.random.Generator) -> Array:
    """(n, SAMPLES, 2) paths in one style; ``loose`` (n, 1, 1) scales how far each hand strays."""
    n, (count, points, _) = len(loose), style.drawings.shape
    share = rng.standard_gamma(MIXING, (n, count)).astype(np.float32) + np.float32(1e-6)
    share /= share.sum(axis=1, keepdims=True)
    control = np.tensordot(share, style.drawings, axes=1)
    noise = rng.standard_normal((n, points, 2), np.float32)
    control += noise * loose * (POINT + TIP * style.is_end[:, None])
    strokes = int(style.stroke[-1]) + 1
    if strokes > 1:
        shift = rng.standard_normal((n, strokes, 2), np.float32) * loose * STROKE
        control += shift[:, style.stroke]
    path: Array = np.matmul(style.curve, control)
    return path


def _bend(path: Array, loose: Array, rng: np.random.Generator) -> None:
    """Slant, stretch, turn and smoothly warp ``path`` (n, SAMPLES, 2) in place."""
    n = len(path)
    unit = np.float32(1 / UNIT)

    def normal(scale: float, mean: float = 0.0) -> Array:
        return rng.standard_normal((n, 1), np.float32) * np.float32(scale) + np.float32(mean)

    path *= unit
    path -= path.mean(axis=1, keepdims=True)
    x, y = path[..., 0], path[..., 1]
    # A smooth warp of the paper: two waves along each axis, of random direction and phase.
    for axis in (0, 1):
        for size in WAVES:
            k = normal(3.0), normal(3.0)
            phase = rng.uniform(0, 2 * np.pi, (n, 1)).astype(np.float32)
            path[..., axis] += size * loose[:, 0] * np.sin(k[0] * x + k[1] * y + phase)
    x *= np.exp(normal(WIDTH))
    # One half larger than the other, across and down.
    x *= 1 + normal(WEDGE) * y
    y += normal(SAG) * (y * y - 0.25)
    x -= normal(SLANT, SLANT_MEAN) * y
    turn = normal(TURN)
    cos, sin = np.cos(turn), np.sin(turn)
    x[...], y[...] = cos * x - sin * y, sin * x + cos * y


def trace(labels: NDArray[np.int64], rng: np.random.Generator) -> tuple[Array, Array]:
    """Write the digits ``labels`` (n,).

    Returns the paths (n, SAMPLES, 2), x right and y down, about one unit high, and the lengths of ink
    (n, SAMPLES) that each sample stands for: zero where the pen is lifted.
    """
    n = len(labels)
    loose = np.exp(rng.standard_normal((n, 1, 1), np.float32) * np.float32(SLOPPY))
    choice = rng.random(n)
    path = np.empty((n, SAMPLES, 2), np.float32)
    down = np.empty((n, SAMPLES), np.float32)
    for digit in np.unique(labels).tolist():
        edges, styles = _styles(digit)
        picked = np.searchsorted(edges, choice, side="right")
        for number, style in enumerate(styles):
            rows = np.flatnonzero((labels == digit) & (picked == number))
            if rows.size:
                path[rows] = _write(style, loose[rows], rng)
                down[rows] = style.step
    _bend(path, loose, rng)
    ink = np.zeros_like(down)
    hop = np.hypot(*np.moveaxis(np.diff(path, axis=1), 2, 0)) * down[:, :-1]
    ink[:, :-1] += hop / 2
    ink[:, 1:] += hop / 2
    return path, ink
