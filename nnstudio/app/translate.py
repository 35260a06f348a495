"""Says a sentence of the core in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from nnstudio.text import Text

CONTEXT = "core"


def say(text: Text | str) -> str:
    """``text`` in the window's language, its values filled in.

    A ``str`` is a label or a help text of the core without values. A value that is itself a
    ``Text`` is translated first.
    """
    if isinstance(text, str):
        return QCoreApplication.translate(CONTEXT, text) if text else ""
    template = QCoreApplication.translate(CONTEXT, text.template)
    if not text.values:
        return template
    values = {name: say(value) if isinstance(value, Text) else value for name, value in text.values}
    return template.format(**values)
