"""What a person edits, as a row of labelled snapshots: undo is going back in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nnstudio.data.recipe import DataRecipe
from nnstudio.engine.training import TrainingSettings
from nnstudio.network.spec import NetworkSpec
from nnstudio.text import Text


@dataclass(frozen=True)
class Snapshot:
    """All that undo brings back.

    ``positions``: (node id, x, y) of blocks that were moved by hand; the others are laid out
    automatically. ``recipe`` is None before a data set was chosen.
    """

    spec: NetworkSpec
    positions: tuple[tuple[str, float, float], ...] = ()
    training: TrainingSettings = field(default_factory=TrainingSettings)
    recipe: DataRecipe | None = None


@dataclass(frozen=True)
class _Step:
    """An edit: what it is called and what it led to."""

    label: Text | None
    snapshot: Snapshot
    merge_key: str | None


class Document:
    """The snapshots from the first to the newest, and which of them is current."""

    def __init__(self, first: Snapshot) -> None:
        self._steps = [_Step(None, first, None)]
        self._position = 0
        self._open = False  # whether the next edit may be folded into the current step
        self._saved = first
        self._callbacks: list[Callable[[Snapshot, Snapshot], None]] = []

    @property
    def current(self) -> Snapshot:
        return self._steps[self._position].snapshot

    @property
    def position(self) -> int:
        """How many of the steps in :meth:`labels` are done."""
        return self._position

    @property
    def can_undo(self) -> bool:
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        return self._position < len(self._steps) - 1

    @property
    def undo_label(self) -> Text | None:
        """What :meth:`undo` would take back; None when there is nothing."""
        return self._steps[self._position].label

    @property
    def redo_label(self) -> Text | None:
        """What :meth:`redo` would do again; None when there is nothing."""
        return self._steps[self._position + 1].label if self.can_redo else None

    def labels(self) -> tuple[Text, ...]:
        """Every step in order, the undone ones last."""
        return tuple(step.label for step in self._steps if step.label is not None)

    def apply(self, label: Text, snapshot: Snapshot, merge_key: str | None = None) -> None:
        """Make ``snapshot`` current, as a step called ``label``; steps that were undone are gone.

        Consecutive edits of the same ``merge_key`` are one step, so that one undo takes back a whole
        drag of a slider. Nothing happens when ``snapshot`` equals the current one.
        """
        old = self.current
        if snapshot == old:
            return
        folds = self._open and merge_key is not None
        if folds and self._steps[self._position].merge_key == merge_key:
            before = self._steps[self._position - 1].snapshot
            if snapshot == before:
                # Dragged back to where it began: there is nothing left to undo.
                self._position -= 1
                del self._steps[self._position + 1 :]
                self._open = False
            else:
                self._steps[self._position] = _Step(label, snapshot, merge_key)
        else:
            del self._steps[self._position + 1 :]
            self._steps.append(_Step(label, snapshot, merge_key))
            self._position += 1
            self._open = True
        self._tell(old)

    def undo(self) -> bool:
        """Go back one step. False when there is none."""
        return self._go(-1) if self.can_undo else False

    def redo(self) -> bool:
        """Go forward one step. False when there is none."""
        return self._go(1) if self.can_redo else False

    def _go(self, by: int) -> bool:
        old = self.current
        self._position += by
        self._open = False
        self._tell(old)
        return True

    def mark_saved(self) -> None:
        """The current snapshot is what the file holds."""
        self._saved = self.current
        self._open = False

    @property
    def is_saved(self) -> bool:
        """Whether the current snapshot equals the saved one; at first it does."""
        return self.current == self._saved

    def subscribe(self, callback: Callable[[Snapshot, Snapshot], None]) -> Callable[[], None]:
        """Have ``callback(old, new)`` called after each change; the answer ends that."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def _tell(self, old: Snapshot) -> None:
        for callback in tuple(self._callbacks):
            callback(old, self.current)
