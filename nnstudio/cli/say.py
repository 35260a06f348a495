"""How the command line speaks: one line for a mistake, one JSON object a line for programs."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping


def complain(message: str) -> None:
    """One line on stderr, whatever line breaks the message (a file name, say) has."""
    print("nnstudio: " + re.sub(r"\s*[\r\n]+\s*", " ", message), file=sys.stderr)


def note(message: str) -> None:
    """Something worth knowing, on stderr so that results stay apart."""
    print(message, file=sys.stderr, flush=True)


def emit(values: Mapping[str, object]) -> None:
    """One JSON object on a line of stdout; a figure that is no number becomes null."""
    print(json.dumps(_finite(values)), flush=True)


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def percent(share: float | None) -> str:
    """0.9713 as "97.13 %", with a dash for a figure that does not exist."""
    return "–" if share is None or not math.isfinite(share) else f"{100 * share:.2f} %"
