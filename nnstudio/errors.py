"""The few kinds of mistakes that a person can mend, each naming the thing, the reason and the remedy."""

from __future__ import annotations

from pathlib import Path

from nnstudio.text import Text


class NNStudioError(Exception):
    """Something a person did or gave that cannot work, told so that they can mend it.

    ``subject`` is the file, layer or setting concerned; ``reason`` says what is wrong with it, with
    the values; ``remedy`` says what to do. ``str(error)`` is one line in English.
    """

    def __init__(self, subject: str | Path, reason: Text, remedy: Text) -> None:
        self.subject = str(subject)
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{self.subject}: {reason} {remedy}")

    def __reduce__(self) -> tuple[type[NNStudioError], tuple[str, Text, Text]]:
        """For the way from a worker process to the one that waits for it."""
        return type(self), (self.subject, self.reason, self.remedy)


class DataError(NNStudioError):
    """A data set, or an image in it, that cannot be read or used."""


class SettingError(NNStudioError):
    """A value outside what a setting allows."""


class NetworkError(NNStudioError):
    """A network that cannot be computed as it stands, or a file that does not describe one."""


class ProjectError(NNStudioError):
    """A project file that cannot be read or written."""


class ExportError(NNStudioError):
    """A model that cannot be written in the format asked for."""


class EngineError(NNStudioError):
    """Computing that could not be carried on, for a reason outside the network."""
