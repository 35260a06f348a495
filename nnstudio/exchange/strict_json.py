"""JSON as this program reads it from files: bounded, without duplicate keys, without NaN."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 32
# Possessive, and content with a missing end: no text makes it look twice at a character.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def parse(data: bytes, limit: int) -> Any:
    """The value that ``data`` (UTF-8, at most ``limit`` bytes) describes.

    Raises ValueError, saying what is wrong, for anything that is too large, too deep (more than
    ``DEEPEST`` levels), ambiguous (a key twice) or not a finite number.
    """
    if len(data) > limit:
        raise ValueError(f"it is larger than {limit} bytes")
    text = data.decode("utf-8")
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} levels")
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refused, parse_float=_finite
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def dump(value: Any) -> bytes:
    """``value`` as compact JSON. Raises ValueError for NaN and infinity."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("it has a key twice")
    return values


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits[:40]} is too large")
    return value
