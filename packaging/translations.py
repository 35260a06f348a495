"""Collects every sentence that the window can show, and keeps the translation files in step with it.

``python packaging/translations.py`` adds what is new to resources/translations/*.ts (as unfinished),
marks what is gone, and compiles the .qm files that the program loads.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "nnstudio"
FOLDER = ROOT / "resources" / "translations"
CORE = "core"
SETTING_WORDS = ("label", "help", "unit", "group")

Message = tuple[str, str]  # (context, English)


def collect() -> set[Message]:
    """Every (context, sentence): tr() and its kin in app/, and all that the core says through Text."""
    found: set[Message] = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.is_relative_to(PACKAGE / "cli"):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= set(_of_calls(tree, ""))
    return {(context, text) for context, text in found | set(_declared()) if _has_words(text)}


def _has_words(text: str) -> bool:
    """Whether there is anything to say in another language, apart from values."""
    return bool(re.search(r"[^\W\d_]{2}", re.sub(r"\{\w*\}|×", " ", text)))


def _of_calls(node: ast.AST, owner: str) -> Iterator[Message]:
    """Messages in calls below ``node``; the context of tr() is the class it stands in."""
    for child in ast.iter_child_nodes(node):
        yield from _of_calls(child, child.name if isinstance(child, ast.ClassDef) else owner)
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = _literal(node.args[0]) if node.args else None
    second = _literal(node.args[1]) if len(node.args) > 1 else None
    if name in ("tr", "translate") and first and second:
        yield first, second
    elif name == "tr" and first is not None:
        yield owner, first
    elif name == "_tr" and first is not None:
        yield "editor", first
    elif name in ("Text", "say") and first is not None:
        yield CORE, first
    elif name == "_noop" and first is not None:
        yield "Actions", first


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _declared() -> Iterator[Message]:
    """Labels and helps of settings, names of layers, categories and templates."""
    sys.path.insert(0, str(ROOT))
    from nnstudio import templates  # noqa: PLC0415
    from nnstudio.app.dialogs.load_data import DigitOptions, PictureOptions  # noqa: PLC0415
    from nnstudio.engine.training import TrainingSettings  # noqa: PLC0415
    from nnstudio.network import layer_types  # noqa: PLC0415
    from nnstudio.network.layer import CATEGORIES  # noqa: PLC0415
    from nnstudio.settings import settings_of  # noqa: PLC0415

    layers = layer_types().values()
    for cls in (*layers, TrainingSettings, DigitOptions, PictureOptions):
        for declared in settings_of(cls):
            yield from ((CORE, getattr(declared, word)) for word in SETTING_WORDS)
            yield from ((CORE, label) for _, label in declared.choices)
    for cls in layers:
        yield CORE, cls.label
        yield CORE, " ".join((cls.__doc__ or "").split("\n\n")[0].split())
    yield from ((CORE, label) for _, label in CATEGORIES)
    for template in templates.TEMPLATES.values():
        yield CORE, template.title
        yield CORE, template.summary


def read(file: Path) -> dict[Message, str]:
    """The finished translations in a .ts file."""
    finished = {}
    for context in ET.parse(file).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                finished[name, message.findtext("source", "")] = translation.text
    return finished


def write(file: Path, language: str, wanted: set[Message], known: dict[Message, str]) -> None:
    """A .ts file of exactly the ``wanted`` messages, sorted, those without translation unfinished."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    for name in sorted({context for context, _ in wanted}):
        context = ET.SubElement(root, "context")
        ET.SubElement(context, "name").text = name
        for source in sorted(text for owner, text in wanted if owner == name):
            message = ET.SubElement(context, "message")
            ET.SubElement(message, "source").text = source
            translation = ET.SubElement(message, "translation")
            if (name, source) in known:
                translation.text = known[name, source]
            else:
                translation.set("type", "unfinished")
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    file.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8"
    )


def compile_all(file: Path) -> None:
    """The .qm beside a .ts."""
    beside = Path(sys.executable).parent / "pyside6-lrelease"
    tool = str(beside) if beside.exists() else shutil.which("pyside6-lrelease")
    if tool is None:
        raise SystemExit("pyside6-lrelease was not found; it comes with PySide6")
    command = [tool, "-silent", str(file), "-qm", str(file.with_suffix(".qm"))]
    subprocess.run(command, check=True)


def main() -> int:
    """Bring all translation files up to date; 1 when a sentence is still without translation."""
    wanted = collect()
    missing = 0
    for file in sorted(FOLDER.glob("*.ts")):
        known = read(file)
        write(file, file.stem.removeprefix("nnstudio_"), wanted, known)
        compile_all(file)
        left = sorted(wanted - set(known))
        missing += len(left)
        for context, text in left:
            print(f"{file.name}: {context}: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
