"""Starts the program as a person does, and writes down where everything on the screen is.

The test that drives it with mouse and keyboard is another process and sees only this file and the
screen. ``python seen.py SEEN.json [ARGUMENT…]``: the arguments are the program's own.
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget

from nnstudio.app.editor.palette import LayerList
from nnstudio.app.editor.view import NetworkEditor
from nnstudio.cli import main

EVERY_MS = 100


def rectangle(widget, area=None):
    area = widget.rect() if area is None else area
    corner = widget.mapToGlobal(area.topLeft())
    return [corner.x(), corner.y(), area.width(), area.height()]


def words(widget):
    for name in ("text", "currentText", "windowTitle"):
        told = getattr(widget, name, None)
        if (
            callable(told)
            and not isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox)
            and told()
        ):
            return told()
    return widget.accessibleName()


def widgets():
    for top in QApplication.topLevelWidgets():
        if not top.isVisible():
            continue
        for widget in [top, *top.findChildren(QWidget)]:
            if widget.isVisible():
                yield {
                    "kind": type(widget).__name__,
                    "window": top.windowTitle(),
                    "text": words(widget),
                    "enabled": widget.isEnabled(),
                    "at": rectangle(widget),
                }


def canvas():
    blocks, wires, layers = {}, {}, {}
    for editor in QApplication.allWidgets():
        if isinstance(editor, NetworkEditor) and editor.isVisible():
            viewport = editor.view.viewport()
            for name, item in editor.scene.blocks.items():
                area = editor.view.mapFromScene(item.sceneBoundingRect()).boundingRect()
                blocks[name] = rectangle(viewport, area)
            for source, target in editor.scene.wires:
                ends = [editor.scene.blocks[source], editor.scene.blocks[target]]
                upper, lower = (item.sceneBoundingRect() for item in ends)
                place = editor.view.mapFromScene((upper.center() + lower.center()) / 2)
                wires[f"{source}>{target}"] = rectangle(viewport, QRect(place, place))[:2]
        elif isinstance(editor, LayerList) and editor.isVisible():
            for row in range(editor.count()):
                item = editor.item(row)
                name = item.data(256)
                if name:
                    area = editor.visualItemRect(item)
                    layers[name] = rectangle(editor.viewport(), area)
    return {"blocks": blocks, "wires": wires, "layers": layers}


def write(target):
    seen = {"widgets": list(widgets()), **canvas()}
    part = target.with_suffix(".part")
    part.write_text(json.dumps(seen), encoding="utf-8")
    part.replace(target)


def watch():
    target = Path(sys.argv[1])
    timer = QTimer(QApplication.instance())
    timer.timeout.connect(lambda: write(target))
    timer.start(EVERY_MS)


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    QTimer.singleShot(0, watch)
    raise SystemExit(main(sys.argv[2:]))
