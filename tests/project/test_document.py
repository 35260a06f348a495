"""Undo as going back in a row of snapshots."""

from dataclasses import replace

from nnstudio.engine.training import TrainingSettings
from nnstudio.network import NetworkSpec
from nnstudio.project import Document, Snapshot
from nnstudio.text import Text

FIRST = Snapshot(NetworkSpec((4, 4, 1)))


def rate(value: float) -> Snapshot:
    return replace(FIRST, training=TrainingSettings(learning_rate=value))


def test_undo_and_redo_walk_through_the_steps_and_name_them() -> None:
    document = Document(FIRST)
    assert not document.undo()
    assert not document.redo()
    document.apply(Text("Rate 1"), rate(1))
    document.apply(Text("Rate 2"), rate(2))
    assert [str(label) for label in document.labels()] == ["Rate 1", "Rate 2"]
    assert str(document.undo_label) == "Rate 2"
    assert document.redo_label is None
    assert document.undo()
    assert document.current == rate(1)
    assert (str(document.undo_label), str(document.redo_label)) == ("Rate 1", "Rate 2")
    assert document.undo()
    assert document.current == FIRST
    assert (document.can_undo, document.can_redo, document.undo_label) == (False, True, None)
    assert document.redo()
    assert document.redo()
    assert document.current == rate(2)
    assert not document.redo()


def test_an_edit_after_undo_drops_what_was_undone() -> None:
    document = Document(FIRST)
    document.apply(Text("a"), rate(1))
    document.apply(Text("b"), rate(2))
    document.undo()
    document.apply(Text("c"), rate(3))
    assert [str(label) for label in document.labels()] == ["a", "c"]
    assert not document.can_redo
    document.undo()
    assert document.current == rate(1)


def test_a_dragged_slider_is_one_step() -> None:
    document = Document(FIRST)
    for value in (1, 2, 3):
        document.apply(Text("Rate {v}", v=value), rate(value), "rate")
    assert [str(label) for label in document.labels()] == ["Rate 3"]
    document.undo()
    assert document.current == FIRST


def test_other_keys_undo_and_saving_end_a_merge() -> None:
    document = Document(FIRST)
    document.apply(Text("a"), rate(1), "rate")
    document.apply(Text("b"), rate(2), "other")
    document.apply(Text("c"), rate(3), "other")
    document.apply(Text("no key"), rate(4))
    document.apply(Text("no key"), rate(5))
    assert len(document.labels()) == 4
    document.undo()
    document.apply(Text("d"), rate(6))
    document.undo()
    document.redo()
    document.apply(Text("e"), rate(7), "k")
    document.mark_saved()
    document.apply(Text("f"), rate(8), "k")
    document.undo()
    assert document.current == rate(7)


def test_a_drag_that_ends_where_it_began_leaves_nothing_to_undo() -> None:
    document = Document(FIRST)
    document.apply(Text("a"), rate(9))
    document.apply(Text("b"), rate(1), "rate")
    document.apply(Text("b"), rate(9), "rate")
    assert [str(label) for label in document.labels()] == ["a"]
    assert document.current == rate(9)
    document.apply(Text("b"), rate(2), "rate")
    assert len(document.labels()) == 2


def test_the_same_value_again_is_no_edit() -> None:
    document = Document(FIRST)
    heard: list[object] = []
    document.subscribe(lambda old, new: heard.append((old, new)))
    document.apply(Text("nothing"), Snapshot(NetworkSpec((4, 4, 1))))
    assert not document.can_undo
    assert not heard


def test_saved_is_a_value_that_undo_comes_back_to() -> None:
    document = Document(FIRST)
    assert document.is_saved
    document.apply(Text("a"), rate(1))
    assert not document.is_saved
    document.mark_saved()
    assert document.is_saved
    document.undo()
    assert not document.is_saved
    document.redo()
    assert document.is_saved


def test_subscribers_hear_old_and_new_until_they_leave() -> None:
    document = Document(FIRST)
    heard: list[tuple[Snapshot, Snapshot]] = []
    leave = document.subscribe(lambda old, new: heard.append((old, new)))
    document.apply(Text("a"), rate(1))
    document.undo()
    document.redo()
    leave()
    document.undo()
    assert heard == [(FIRST, rate(1)), (rate(1), FIRST), (FIRST, rate(1))]
