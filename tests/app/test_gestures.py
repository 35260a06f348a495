"""What a hand does in the editor becomes one step that can be taken back."""

from nnstudio.app import gestures


def order(session):
    return [node.id for node in session.spec.ordered()]


def test_a_block_moved_to_another_wire_joins_the_column_and_goes_back_in_one_step(session):
    session.new("lenet5")
    before = order(session)
    gestures.move(session, {"relu1": (400.0, 90.0)})
    gestures.reorder(session, "relu1", "pool1", "conv2")
    assert order(session) == ["input", "conv1", "pool1", "relu1", "conv2", *before[5:]]
    assert session.snapshot.positions == ()
    label = session.document.undo_label
    assert (label.template, dict(label.values)["layer"].template) == ("Move {layer}", "ReLU")
    session.undo()
    assert order(session) == before
    assert session.snapshot.positions == (("relu1", 400.0, 90.0),)


def test_a_block_goes_behind_the_last_of_a_network_without_output(session):
    session.new("lenet5")
    gestures.remove(session, ["softmax1"])
    gestures.reorder(session, "relu1", "dense3", "")
    assert order(session)[-1] == "relu1"
    assert session.spec.node("relu1").inputs == ("dense3",)
    assert session.spec.node("pool1").inputs == ("conv1",)
