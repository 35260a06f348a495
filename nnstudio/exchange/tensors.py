"""Named arrays as the bytes of a safetensors file, and back with nothing trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.numpy

from nnstudio.exchange import strict_json
from nnstudio.network.layer import Array, Shape

LARGEST_HEADER = 4 << 20
_KINDS: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8")}


def pack(arrays: Mapping[str, Array], metadata: Mapping[str, str] | None = None) -> bytes:
    """The file's bytes; the same arrays give the same bytes."""
    ordered = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    return bytes(safetensors.numpy.save(ordered, dict(metadata) if metadata else None))


def unpack(data: bytes, expected: Mapping[str, Shape]) -> dict[str, Array]:
    """The arrays in ``data``, which must be exactly those of ``expected`` (name to shape).

    The library accepts names that occur twice and shapes that no memory holds, so the header is
    checked here first. Raises ValueError, saying what is wrong.
    """
    header, body = _header(data)
    if set(header) != set(expected):
        odd = sorted(set(header) ^ set(expected))
        raise ValueError(f"it does not hold the arrays of this network ({', '.join(odd)[:120]})")
    spans = [_span(name, header[name], expected[name]) for name in header]
    position = 0
    for begin, end in sorted(spans):
        if begin != position:
            raise ValueError("its arrays overlap or leave gaps")
        position = end
    if position != body:
        raise ValueError("its length does not fit its arrays")
    try:
        loaded = safetensors.numpy.load(data)
    except safetensors.SafetensorError as error:
        raise ValueError(str(error)) from error
    # Copies: what the library gives may be read-only views of ``data``.
    return {name: np.array(loaded[name]) for name in expected}


def names(data: bytes) -> list[str]:
    """What the arrays in ``data`` are called. Raises ValueError when it is no such file."""
    return list(_header(data)[0])


def _header(data: bytes) -> tuple[dict[str, Any], int]:
    """The entries of the arrays, and how many bytes follow the header."""
    if len(data) < 8:
        raise ValueError("it is too short")
    size = int.from_bytes(data[:8], "little")
    if size > min(LARGEST_HEADER, len(data) - 8):
        raise ValueError("its header is longer than the file or than allowed")
    header = strict_json.parse(data[8 : 8 + size], LARGEST_HEADER)
    if not isinstance(header, dict):
        raise ValueError("its header is not an object")
    header.pop("__metadata__", None)
    return header, len(data) - 8 - size


def _span(name: str, entry: Any, expected: Shape) -> tuple[int, int]:
    """Where the array lies. Its kind, shape and length must fit each other and what is expected."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"the entry of {name} is not understood")
    kind = _KINDS.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if kind is None:
        raise ValueError(f"{name} holds numbers of an unknown kind")
    if entry["shape"] != list(expected):
        raise ValueError(f"{name} has the shape {entry['shape']!r:.80}, not {list(expected)}")
    offsets = entry["data_offsets"]
    if (
        not isinstance(offsets, list)
        or len(offsets) != 2
        or not all(type(offset) is int and offset >= 0 for offset in offsets)
        or offsets[1] - offsets[0] != math.prod(expected) * kind.itemsize
    ):
        raise ValueError(f"the length of {name} does not fit its shape")
    return offsets[0], offsets[1]
