"""Lays ink along the path of a pen and frames it as scanned digits are framed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

SIZE = 28  # pixels along a side of the image
BOX = 20.0  # pixels along the longer side of the framed digit, ink included
SOFT = 0.45  # the softness of the nearest-point search, in pen radii
RADIUS, RADIUS_SPREAD = 1.25, 0.30  # median pen radius in pixels, spread of its logarithm
PRESSURE = 0.18  # spread of the swing of the radius along the path
JITTER = 1.6  # pixels by which the centre of mass is off the middle, at most
EDGE = (0.6, 1.3)  # pixels over which ink fades into paper
MARGIN = 1.0  # pixels that stay black along the border


def _radius(path: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """The pen's mean radius (n, 1) in pixels, and its radius (n, S) as the pressure changes."""
    n, samples, _ = path.shape
    mean = np.exp(rng.normal(np.log(RADIUS), RADIUS_SPREAD, (n, 1))).astype(np.float32)
    mean = np.clip(mean, 0.65, 2.1)
    along = np.linspace(0, 1, samples, dtype=np.float32)
    wave = rng.uniform(1, 9, (n, 1)).astype(np.float32) * along
    wave += rng.uniform(0, 6.3, (n, 1)).astype(np.float32)
    depth = np.abs(rng.normal(0, PRESSURE, (n, 1))).astype(np.float32)
    return mean, mean * (1 + np.clip(depth, 0, 0.3) * np.sin(wave))


def _frame(path: Array, ink: Array, mean: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Scale each path into the box and put the centre of its ink near the middle of the image.

    Returns the paths (n, S, 2) and the lengths of ink (n, S), both in pixels.
    """
    n = len(path)
    low, high = path.min(axis=1), path.max(axis=1)
    box = BOX * np.exp(rng.normal(0, 0.02, (n, 1))).astype(np.float32)
    scale = (box - 2 * mean) / (high - low).max(axis=1, keepdims=True)
    weight = ink / ink.sum(axis=1, keepdims=True)
    centre = np.einsum("ns,nsc->nc", weight, path)
    jitter = rng.uniform(-JITTER, JITTER, (n, 2)).astype(np.float32)
    offset = (SIZE - 1) / 2 + jitter
    framed = (path - centre[:, None]) * scale[:, None] + offset[:, None]
    # A digit whose weight is far to one side would else leave the picture on the other.
    room = mean + MARGIN
    into = np.maximum(room - framed.min(axis=1), 0)
    into -= np.maximum(framed.max(axis=1) - (SIZE - 1 - room), 0)
    return framed + into[:, None], ink * scale


def render(path: Array, ink: Array, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Images (n, 28, 28), white ink on black, of the paths (n, S, 2) with ink lengths (n, S).

    The distance of a pixel to the path, in pen radii, is the soft minimum over the samples:
    ``d² = -2 SOFT² log Σ weight · exp(-d_s² / 2 SOFT²)``. The Gaussians separate into columns and
    rows, so the sum over samples is one matrix product an image.
    """
    mean, radius = _radius(path, rng)
    path, ink = _frame(path, ink, mean, rng)
    grid = np.arange(SIZE, dtype=np.float32)
    sharp = (np.sqrt(0.5) / (SOFT * radius))[..., None]
    columns = np.exp(-np.square((grid - path[..., :1]) * sharp))
    rows = np.exp(-np.square((grid - path[..., 1:]) * sharp))
    # So weighted, an infinite straight line has d equal to the true distance.
    weight = ink / (SOFT * radius * np.float32(np.sqrt(2 * np.pi)))
    field = np.matmul((rows * weight[..., None]).transpose(0, 2, 1), columns)
    np.maximum(field, 1e-20, out=field)
    distance = np.sqrt(np.maximum(-2 * SOFT**2 * np.log(field), 0)) * mean[..., None]
    edge = rng.uniform(*EDGE, (len(path), 1, 1)).astype(np.float32)
    light = np.clip((mean[..., None] - distance) / edge + 0.5, 0, 1)
    images: NDArray[np.uint8] = np.rint(light * 255).astype(np.uint8)
    return images
