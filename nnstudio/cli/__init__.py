"""The command line: opens the window, or works without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from nnstudio.cli.parsers import COMMANDS, command_parser, window_parser
from nnstudio.cli.say import complain
from nnstudio.errors import NNStudioError

__all__ = ["main"]

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``nnstudio`` with these arguments (default: those of the process) and return its exit status.

    0: done; 2: a person's mistake, told in one line; 128 + n: ended by signal n.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _print_anything(stream)
    try:
        if given and given[0] in COMMANDS:
            parsed = command_parser(given[0]).parse_args(given[1:])
            status = COMMANDS[given[0]].run()(parsed)
            sys.stdout.flush()  # here, where a reader that has gone is no failure
            return status
        return _window(given)
    except NNStudioError as error:
        complain(str(error))
        return 2
    except MemoryError:
        complain("There is not enough memory for this. Use smaller images, batches or layers.")
        return 2
    except KeyboardInterrupt:
        complain("Stopped; nothing was saved.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; what is still buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _window(given: list[str]) -> int:
    parsed = window_parser().parse_args(given)
    if parsed.project is not None and parsed.demo:
        complain("Give either a project or --demo, not both.")
        return 2
    if not _has_display():
        complain(
            "There is no display (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open. "
            "Train without one: nnstudio train --help."
        )
        return 2
    try:
        from nnstudio.app.start import run
    except ImportError as error:
        if not str(error.name or "").startswith(("PySide6", "shiboken6")) and ".so" not in str(
            error
        ):
            raise
        complain(
            f"The window cannot be opened ({error}). Install the missing library "
            "(packaging/run.sh does so); the commands in nnstudio --help work without it."
        )
        return 2
    return int(run(parsed.project, parsed.demo, parsed.screenshot, parsed.language, parsed.theme))


def _has_display() -> bool:
    """Whether Qt can open a window; without one it ends the program without a word to the caller."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def _print_anything(stream: TextIO) -> None:
    """A file name that the terminal's encoding lacks is shown escaped; it never ends the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
