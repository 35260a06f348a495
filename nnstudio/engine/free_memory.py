"""How much memory is free, so that what cannot fit is refused before the system ends the program."""

from __future__ import annotations

import os
from pathlib import Path

from nnstudio.errors import NetworkError
from nnstudio.text import Text

SURELY_FREE = 64 << 20
"""Bytes that are taken without asking."""


def check_images(count: int, bytes_each: int) -> None:
    """Raises NetworkError when what is computed of ``count`` images at once cannot fit."""
    needed = count * bytes_each
    if needed <= SURELY_FREE:
        return
    free = available()
    if free is not None and needed > free:
        raise NetworkError(
            "images",
            Text(
                "{count} at once need {needed} MB of memory, and {free} MB are free.",
                count=count,
                needed=-(-needed >> 20),
                free=free >> 20,
            ),
            Text("Give fewer images at once, or make them or the network smaller."),
        )


def available() -> int | None:
    """Bytes that programs may still take on this machine without swapping; None where that is not told."""
    told = (_of_machine(), _of_group())
    return min((free for free in told if free is not None), default=None)


def _of_group(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """What the limit of a container leaves; beyond it the system ends the program without a word."""
    for folder, limit, usage in (
        (root, "memory.max", "memory.current"),
        (root / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        try:
            most, used = (int((folder / name).read_text()) for name in (limit, usage))
            pairs = (line.split() for line in (folder / "memory.stat").read_text().splitlines())
            # Files that were read stay in memory only as long as nobody needs it.
            spare = sum(int(size) for name, size in pairs if name == "inactive_file")
        except (OSError, ValueError):  # another system, or no limit
            continue
        return max(0, most - used + spare)
    return None


def _of_machine() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    if hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None
