"""Every sentence of the window has its Chinese, and the compiled file says the same."""

import importlib.util
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).resolve().parents[2]
TS = ROOT / "resources" / "translations" / "nnstudio_zh_CN.ts"


def load_tool():
    place = ROOT / "packaging" / "translations.py"
    described = importlib.util.spec_from_file_location("translations", place)
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


tool = load_tool()


@pytest.fixture(scope="module")
def finished():
    return tool.read(TS)


def test_known_sentences_are_collected():
    wanted = tool.collect()
    for message in (
        ("core", "Insert Flatten"),  # a Text in layers/
        ("core", "Learning rate"),  # a setting's label
        ("core", "How many kernels, and so how many feature maps."),  # its help
        ("core", "LeNet-5"),
        ("core", "He, normal"),  # the label of a choice
        ("Actions", "&Open…"),
        ("LossPanel", "Smoothing"),
    ):
        assert message in wanted


def test_every_sentence_has_a_finished_translation(finished):
    missing = sorted(tool.collect() - set(finished))
    assert not missing, "run packaging/translations.py, then translate what it lists"


def test_translations_keep_their_values(finished):
    def names(text):
        return sorted(re.findall(r"\{(\w+)\}", text))

    assert {m: t for m, t in finished.items() if names(m[1]) != names(t)} == {}


def test_terms_are_those_of_the_field(finished):
    core = {source: text for (context, source), text in finished.items() if context == "core"}
    assert core["Convolution"] == "卷积"
    assert core["Pooling"] == "池化"
    assert core["Dense"] == "全连接"
    assert core["Activation"] == "激活"
    assert core["Learning rate"] == "学习率"
    assert core["Filters"] == "卷积核"


def test_the_compiled_file_says_the_same(finished):
    translator = QTranslator()
    assert translator.load(str(TS.with_suffix(".qm")))
    for (context, source), text in finished.items():
        assert translator.translate(context, source) == text
