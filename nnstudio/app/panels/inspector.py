"""The selected block in full: its settings as a form, its shape worked out, what it costs."""

from __future__ import annotations

from html import escape
from math import prod

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from nnstudio.app import icons, theme
from nnstudio.app.editor.card import ProblemCard, plain_label
from nnstudio.app.editor.presentation import grouped, in_order, names_of, rounded
from nnstudio.app.form import SettingsForm
from nnstudio.app.translate import say
from nnstudio.network import Inference, NetworkSpec, Node, Problem, infer, shape_text
from nnstudio.network.problems import ShapeError
from nnstudio.settings import settings_of


class Inspector(QScrollArea):
    """``setting_changed(node id, name, value, merge key)``; ``mend_requested(problem, mend)``."""

    setting_changed = Signal(str, str, object, str)
    mend_requested = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id: str | None = None
        self._category = ""
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QFrame()
        body.setProperty("role", "panel")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(12, 8, 12, 12)
        self._column.setSpacing(8)
        self._column.addLayout(self._make_title())
        self.card = ProblemCard(primary=False)
        self.card.mend_requested.connect(self.mend_requested)
        self.form = SettingsForm()
        self.form.changed.connect(self._on_changed)
        self._about = plain_label()
        self._worked = QWidget()
        self._make_worked()
        for widget in (self.card, self.form, self._about, self._worked):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.setWidget(body)
        theme.signals.changed.connect(self._restyle)
        self.show_node(NetworkSpec((1,)), Inference({}, ()), (), None)

    def _make_title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._icon = plain_label(wrap=False)
        self.title = plain_label("", "title")
        self._place = plain_label("", "muted", wrap=False)
        row.addWidget(self._icon)
        row.addWidget(self.title, 1)
        row.addWidget(self._place)
        return row

    def _make_worked(self) -> None:
        column = QVBoxLayout(self._worked)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(plain_label(self.tr("Worked out"), "strong"))
        self._lines: tuple[tuple[str, str], ...] = ()
        self._formulas = plain_label("", "mono")
        self._formulas.setTextFormat(Qt.TextFormat.RichText)  # the text is escaped
        self._formulas.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._formulas)
        self._costs = QWidget()
        rows = QVBoxLayout(self._costs)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        column.addWidget(self._costs)
        self._facts: dict[str, QLabel] = {}
        for key, name in (
            ("output", self.tr("Output")),
            ("parameters", self.tr("Parameters")),
            ("multiply", self.tr("Multiply-adds")),
        ):
            row = QHBoxLayout()
            label, value = plain_label(name, "muted", wrap=False), plain_label("", "mono")
            label.setMinimumWidth(112)
            row.setSpacing(0)
            row.addWidget(label)
            row.addWidget(value, 1)
            rows.addLayout(row)
            self._facts[key] = value

    # -- what is shown ----------------------------------------------------------------------------

    def show_node(
        self,
        spec: NetworkSpec,
        inference: Inference,
        problems: tuple[Problem, ...],
        node_id: str | None,
    ) -> None:
        """Show this block, or the network as a whole for None."""
        if node_id is None or node_id not in spec:
            self._id = None
            self._show_network(spec, inference, problems)
        else:
            self._id = node_id
            self._show_block(spec, inference, problems, spec.node(node_id))
        self._restyle()

    def _show_network(
        self, spec: NetworkSpec, inference: Inference, problems: tuple[Problem, ...]
    ) -> None:
        self._category = "layers"
        self.title.setText(self.tr("Network"))
        self._place.setText(self.tr("{count} layers").format(count=len(spec.nodes)))
        self.form.hide()
        self.card.show_problem(next((p for p in problems if not p.node), None))
        self._about.setText(self.tr("Select a layer to see and change its settings."))
        self._about.show()
        known = [inference.learned(spec, node) for node in spec.nodes]
        self._worked.setVisible(bool(spec.nodes) and None not in known)
        self._lines = ()
        learned = sum(prod(p.shape) for some in known for p in some or ())
        output = spec.output()
        self._tell("output", inference.shapes.get(output.id) if output is not None else None)
        self._costs.show()
        self._facts["parameters"].setText(grouped(learned))
        self._facts["multiply"].setText(rounded(self._multiply_adds(spec, inference)))

    def _multiply_adds(self, spec: NetworkSpec, inference: Inference) -> int:
        total = 0
        for node in spec.nodes:
            inputs = inference.inputs_of(spec, node)
            if inputs is not None and node.layer.reads and inference.shapes.get(node.id):
                total += node.layer.multiply_adds(*inputs)
        return total

    def _show_block(
        self,
        spec: NetworkSpec,
        inference: Inference,
        problems: tuple[Problem, ...],
        node: Node,
    ) -> None:
        layer, cls = node.layer, type(node.layer)
        ordered = [other.id for other in in_order(spec)]
        self._category = cls.category
        self.title.setText(names_of(spec)[node.id])
        self._place.setText(
            self.tr("layer {place} of {count}").format(
                place=ordered.index(node.id) + 1, count=len(ordered)
            )
        )
        problem = next((p for p in problems if p.node == node.id), None)
        mended = _mended(spec, node, problem)
        guilty = _changed(node, mended)
        self.card.show_problem(None if guilty else problem)
        has_settings = bool(settings_of(cls))
        self.form.setVisible(has_settings)
        if has_settings:
            self.form.show(layer)
            for name in guilty:
                self.form.complain(name, say(problem.what))
        self._about.setVisible(not has_settings)
        self._about.setText(say(" ".join((cls.__doc__ or "").split("\n\n")[0].split())))
        self._show_worked(spec, inference, node)
        if problem is not None and mended is not None and self._lines:
            lines = _worked_out(mended, infer(mended), mended.node(node.id))
            if lines == tuple(line for _, line in self._lines):
                # The mend leaves the sizes as they are, so it is not they that are wrong.
                self._lines = tuple(("text", line) for line in lines)
            else:
                with_mend = f"{say(problem.mends[0].label)}:"
                self._lines += (("muted", with_mend), *(("success", line) for line in lines))

    def _show_worked(self, spec: NetworkSpec, inference: Inference, node: Node) -> None:
        inputs = inference.inputs_of(spec, node)
        shape = inference.shapes.get(node.id)
        token = "text" if shape is not None else "danger"
        self._lines = tuple((token, line) for line in _worked_out(spec, inference, node))
        self._worked.setVisible(shape is not None or bool(self._lines))
        self._costs.setVisible(shape is not None)
        if shape is None:
            return
        self._tell("output", shape)
        learned = inference.learned(spec, node) if node.layer.reads else ()
        counts = [(p.name, p.exchange_shape, prod(p.shape)) for p in learned or ()]
        total = sum(count for _, _, count in counts)
        parts = " + ".join("·".join(map(str, shape)) for _, shape, _ in counts)
        text = f"{parts} = {grouped(total)}" if len(counts) > 0 else "0"
        self._facts["parameters"].setText(text)
        adds = node.layer.multiply_adds(*inputs) if inputs and node.layer.reads else 0
        self._facts["multiply"].setText(rounded(adds))

    def _tell(self, key: str, shape: tuple[int, ...] | None) -> None:
        self._facts[key].setText("?" if shape is None else shape_text(shape))

    def _restyle(self) -> None:
        token = "text" if self._category == "layers" else self._category
        density = self.devicePixelRatioF()
        self._formulas.setText("<br>".join(_coloured(*line) for line in self._lines))
        self._formulas.setVisible(bool(self._lines))
        self._icon.setPixmap(icons.pixmap(self._category, token, 20, density))

    # -- what is asked for ------------------------------------------------------------------------

    def focus_form(self) -> None:
        """Put the keyboard into the first setting (Enter on the canvas)."""
        self.form.focus_first()

    def _on_changed(self, name: str, value: object, merge_key: str) -> None:
        if self._id is not None:
            self.setting_changed.emit(self._id, name, value, f"{self._id}.{merge_key}")


def _mended(spec: NetworkSpec, node: Node, problem: Problem | None) -> NetworkSpec | None:
    """The network after the best mend, None when there is none or when it removes the block."""
    if problem is None or not problem.mends:
        return None
    mended = problem.mends[0].edit(spec, node.id)
    return mended if node.id in mended else None


def _changed(node: Node, mended: NetworkSpec | None) -> list[str]:
    """The settings of this block that the mend would change: those are the ones to look at."""
    if mended is None or type(mended.node(node.id).layer) is not type(node.layer):
        return []
    after = mended.node(node.id).layer
    names = [declared.name for declared in settings_of(type(node.layer))]
    return [name for name in names if getattr(after, name) != getattr(node.layer, name)]


def _worked_out(spec: NetworkSpec, inference: Inference, node: Node) -> tuple[str, ...]:
    """The layer's shape rule with its numbers, also where the result is what is wrong."""
    inputs = inference.inputs_of(spec, node)
    if not inputs or not node.layer.reads:
        return ()
    try:
        return node.layer.formula(*inputs)
    except (ShapeError, ValueError, IndexError):
        return ()  # these inputs have too few axes for the rule; the card says so


def _coloured(token: str, line: str) -> str:
    """The line as HTML, what follows its last "=" in bold; the colour tells good from bad."""
    of = theme.current()
    if token == "muted":
        return f'<span style="color:{of.muted}">{escape(line)}</span>'
    rule, equals, result = line.rpartition("=")
    ink = getattr(of, token)
    return f'{escape(rule + equals)}<b style="color:{ink}">{escape(result)}</b>'
