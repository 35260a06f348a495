from typing import ClassVar

from PySide6.QtCore import QTranslator

from nnstudio.app.translate import say
from nnstudio.text import Text


class Words(QTranslator):
    WORDS: ClassVar = {
        ("core", "Use kernel {kernel}"): "卷积核改为 {kernel}",
        ("core", "Give {wanted}."): "请输入{wanted}。",
        ("core", "a number"): "一个数",
        ("core", "Filters"): "卷积核数",
    }

    def translate(self, context, text, disambiguation=None, n=-1):
        return self.WORDS.get((context, text))


def test_templates_labels_and_nested_texts_are_translated(qapp):
    text = Text("Give {wanted}.", wanted=Text("a number"))
    assert say(text) == "Give a number."
    translator = Words()
    qapp.installTranslator(translator)
    try:
        assert say(text) == "请输入一个数。"
        assert say(Text("Use kernel {kernel}", kernel="5×5")) == "卷积核改为 5×5"
        assert say("Filters") == "卷积核数"
        assert say("") == ""
        assert say("Kept as it is {x}") == "Kept as it is {x}"
    finally:
        qapp.removeTranslator(translator)
