"""How long work on images tells how far it is, and is told to stop."""

from __future__ import annotations

from collections.abc import Callable

#: Called with (done, total); returning False asks for the work to end.
Progress = Callable[[int, int], bool]


class Cancelled(Exception):  # noqa: N818  (nothing went wrong: a person asked for it)
    """The progress callback asked for the work to end; nothing was kept."""


def report(progress: Progress | None, done: int, total: int) -> None:
    """Tell ``progress`` that ``done`` of ``total`` is done. Raises Cancelled when it returns False."""
    if progress is not None and progress(done, total) is False:
        raise Cancelled
