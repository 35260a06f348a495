"""A person loads a folder, drags a layer, trains, watches and takes the model away: all in a real window."""

import json
import shutil
import time

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.loading import load

pytestmark = pytest.mark.e2e

NEEDED = ("Xvfb", "xdotool")
CLASSES = ("0", "1", "7")
PER_CLASS = 120


@pytest.fixture(scope="module")
def images():
    """Drawn digits of three kinds: (n, 28, 28, 1) uint8 and their labels."""
    data = load("digits", count=1600, seed=5)
    chosen = [int(name) for name in CLASSES]
    rows = np.concatenate([np.flatnonzero(data.labels == c)[:PER_CLASS] for c in chosen])
    return data.images[rows], data.labels[rows]


@pytest.fixture
def folder(tmp_path, images):
    target = tmp_path / "pictures"
    for place, (image, label) in enumerate(zip(*images, strict=True)):
        of_class = target / str(label)
        of_class.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0]).save(of_class / f"{place:04}.png")
    return target


@pytest.fixture
def screen(tmp_path):
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (packages xvfb, xdotool)")
    from screen import Screen

    home = tmp_path / "home"
    home.mkdir()
    with Screen(home) as screen:
        screen.launch("--language", "en", "--theme", "light")
        yield screen


def panel(screen, kind):
    return screen.wait(
        lambda s: next((w["at"] for w in s["widgets"] if w["kind"] == kind), None), kind
    )


def changed(before, after, by=24):
    """The share of pixels of which a colour differs by more than ``by`` of 255."""
    return float((np.abs(before - after).max(axis=2) > by).mean())


def test_from_folder_to_exported_model(screen, folder, tmp_path, images):
    load_the_folder(screen, folder)
    drag_a_layer_and_undo(screen)
    train_and_watch(screen)
    target = export_onnx(screen, tmp_path / "model.onnx")
    leave_without_saving(screen)
    check_model(target, images)


def load_the_folder(screen, folder):
    screen.click(screen.find("LeNet-5", "TemplateCard")["at"])
    screen.find("Drawn digits…", "QPushButton")
    screen.focus("nnstudio")
    screen.press("ctrl+l")
    screen.find("Load a folder of images", "QFileDialog")
    screen.focus("Load a folder of images")
    screen.type(str(folder))
    screen.press("Return")
    use = screen.find("Use these images", "QPushButton", window="Load dataset")
    assert any(text.startswith("360 images of 28×28×1") for text in screen.texts())
    screen.click(use["at"])
    chip = screen.find("pictures…", "QPushButton")
    # 10 % of each class of 120 for validation, 10 % for testing: 36 and 36 of 360.
    assert "288 + 72" in chip["text"]


def drag_a_layer_and_undo(screen):
    before = screen.look()
    assert len(before["blocks"]) == 12
    screen.drag(before["layers"]["Conv2D"], before["wires"]["pool1>conv2"])
    screen.wait(lambda s: len(s["blocks"]) == 13, "the dropped block")
    wires = screen.look()["wires"]
    assert "pool1>conv3" in wires
    assert "conv3>conv2" in wires
    screen.wait(lambda s: screen.title().startswith("untitled"), "a title")
    screen.focus("nnstudio")
    screen.press("ctrl+z")
    screen.wait(lambda s: len(s["blocks"]) == 12, "undo")
    assert screen.look()["wires"].keys() == before["wires"].keys()


def train_and_watch(screen):
    screen.press("ctrl+2")
    epochs = screen.find("Epochs", "NumberField")["at"]
    screen.click(epochs)
    screen.press("ctrl+a")
    screen.type("4000")
    screen.press("Return")
    screen.press("F10")  # a single batch: then everything stands still
    screen.find("Resume", "ActionButton")
    screen.wait(lambda s: any(w["kind"] == "KernelGrid" for w in s["widgets"]), "kernels")
    time.sleep(0.8)  # the panels find their places
    loss, kernels = panel(screen, "LossPanel"), panel(screen, "KernelGrid")
    first = screen.pixels(loss), screen.pixels(kernels)
    screen.press("F5")
    screen.find("Pause", "ActionButton")
    time.sleep(2.5)
    later = screen.pixels(loss), screen.pixels(kernels)
    assert changed(first[0], later[0]) > 0.002, "the loss curve stands still"
    assert changed(first[1], later[1], by=4) > 0.01, "the kernels stand still"

    screen.press("F6")
    screen.find("Resume", "ActionButton")
    time.sleep(0.6)
    held = screen.pixels(loss), screen.pixels(kernels)
    time.sleep(1.2)
    again = screen.pixels(loss), screen.pixels(kernels)
    assert changed(held[0], again[0], by=0) == 0, "the loss curve moves while paused"
    assert changed(held[1], again[1], by=0) == 0, "the kernels move while paused"

    screen.press("F5")
    screen.find("Start", "ActionButton", enabled=False)
    time.sleep(2.5)
    resumed = screen.pixels(loss)
    assert changed(again[0], resumed) > 0.001, "training has not resumed"
    screen.press("shift+F5")
    screen.find("Resume", "ActionButton")


def export_onnx(screen, target):
    screen.click(screen.find("Export", "ActionButton")["at"])
    screen.click(screen.find("Choose a file…", "QPushButton", window="Export model")["at"])
    screen.find("Export model", "QFileDialog")
    screen.focus("Export model")
    screen.press("ctrl+a")
    screen.type(str(target))
    screen.press("Return")
    screen.wait(lambda s: target.exists(), "the exported file")
    return target


def leave_without_saving(screen):
    screen.focus("nnstudio")
    screen.press("ctrl+q")
    screen.click(screen.find("Discard", "QPushButton")["at"])
    assert screen.program.wait(20) == 0
    assert "Traceback" not in screen.log.read_text()


def check_model(target, images):
    """An independent runtime reads the digits that the window was trained on."""
    import onnxruntime

    pixels, labels = images
    session = onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
    batch = pixels.transpose(0, 3, 1, 2).astype(np.float32)
    (found,) = session.run(None, {session.get_inputs()[0].name: batch})
    names = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
    assert names == list(CLASSES)
    assert found.shape == (3 * PER_CLASS, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    read = np.array([int(names[place]) for place in found.argmax(axis=1)])
    assert (read == labels).mean() > 0.9
