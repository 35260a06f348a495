"""What the canvas says, against figures worked out by hand for LeNet-5."""

from nnstudio import templates
from nnstudio.app.editor.layout import LANE, PITCH, arrange
from nnstudio.app.editor.presentation import grouped, names_of, picture_of, rounded
from nnstudio.layers import Conv2D, Dense, Flatten, ReLU
from nnstudio.network import Node, edits, infer

# LeNet-5 on 28×28×1 (LeCun 1998, with 28 instead of 32 pixels and "same" first)
SHAPES = {
    ("input", "conv1"): "28×28×1",
    ("conv1", "relu1"): "28×28×6",
    ("relu1", "pool1"): "28×28×6",
    ("pool1", "conv2"): "14×14×6",
    ("conv2", "relu2"): "10×10×16",
    ("relu2", "pool2"): "10×10×16",
    ("pool2", "flatten1"): "5×5×16",
    ("flatten1", "dense1"): "400",
    ("dense1", "dense2"): "120",
    ("dense2", "dense3"): "84",
    ("dense3", "softmax1"): "10",
}
PARAMETERS = {"conv1": 156, "conv2": 2416, "dense1": 48120, "dense2": 10164, "dense3": 850}


def lenet(**changes):
    spec = templates.build("lenet5")
    for node_id, settings in changes.items():
        spec = edits.change_settings(spec, node_id, **settings)
    return spec


def test_wires_carry_the_shapes_and_blocks_their_costs(qapp):
    spec = lenet()
    picture = picture_of(spec, infer(spec))
    assert {(w.source, w.target): w.label for w in picture.wires} == SHAPES
    for block in picture.blocks:
        assert block.parameters == PARAMETERS.get(block.id, 0)
    by_id = {block.id: block for block in picture.blocks}
    assert by_id["conv1"].multiply_adds == 28 * 28 * 6 * 25
    assert by_id["conv2"].values == 1600
    assert by_id["conv1"].summary == "6 filters · 5×5 · same"
    assert by_id["pool1"].summary == "2×2 · stride 2 · valid"
    assert by_id["dense1"].chip == "ReLU"
    assert by_id["dense3"].chip == ""
    assert by_id["flatten1"].summary == "5·5·16 = 400"
    assert by_id["softmax1"].summary == "10 classes"


def test_blocks_tell_screen_readers_all(qapp):
    spec = lenet()
    spoken = {b.id: b.spoken for b in picture_of(spec, infer(spec)).blocks}
    assert spoken["conv1"] == "Convolution 2 of 12, output 28 by 28 by 6, no problems"
    bad = lenet(conv2={"kernel": (15, 15)})
    spoken = {b.id: b.spoken for b in picture_of(bad, infer(bad)).blocks}
    assert spoken["conv2"] == "Convolution 5 of 12, output unknown, has a problem"
    assert spoken["relu2"] == "ReLU 6 of 12, output unknown, waits for a shape"


def test_one_culprit_and_the_blocks_behind_it_wait(qapp):
    bad = lenet(conv2={"kernel": (15, 15)})
    picture = picture_of(bad, infer(bad))
    states = [block.state for block in picture.blocks]
    assert states == ["ok"] * 4 + ["error"] + ["waiting"] * 7
    wires = {(w.source, w.target): w for w in picture.wires}
    assert wires["pool1", "conv2"].state == "error"
    assert wires["pool1", "conv2"].label == "14×14 < 15×15"
    assert wires["conv2", "relu2"].label == ""


def test_a_block_keeps_its_number_when_another_comes_before_it(qapp):
    spec = lenet()
    assert names_of(spec)["conv2"] == "Convolution 2"
    assert names_of(spec)["flatten1"] == "Flatten"
    grown = edits.insert_between(spec, "conv1", "relu1", Conv2D(4, 3))
    assert names_of(grown)["conv2"] == "Convolution 2"
    assert names_of(grown)["conv3"] == "Convolution 3"


def test_a_chain_stands_in_one_column_at_the_pitch(qapp):
    spec = lenet()
    places = arrange(spec, {})
    assert [places[node.id] for node in spec] == [(0, row * 54) for row in range(12)]
    moved = arrange(spec, {"pool1": (300.0, 10.0)})
    assert moved["pool1"] == (300, 10)
    assert moved["conv2"] == (0, 4 * PITCH)


def test_a_branch_gets_a_column_and_rows_of_its_own(qapp):
    spec = lenet()
    spec = spec.with_nodes(
        (
            *spec.nodes,
            Node("conv3", Conv2D(), ("pool1",)),
            Node("flatten2", Flatten(), ("conv3",)),
            Node("dense4", Dense(7), ()),
        )
    )
    places = arrange(spec, {})
    assert places["conv3"][0] == places["flatten2"][0] == LANE
    assert all(places[n.id][0] == 0 for n in lenet())
    assert len({y for _, y in places.values()}) == len(spec.nodes)
    assert places["dense4"][1] == max(y for _, y in places.values())
    for node in spec:
        for source in node.inputs:
            assert places[source][1] < places[node.id][1]


def test_a_circle_is_shown_and_not_lost(qapp):
    spec = lenet().with_nodes((Node("a", ReLU(), ("b",)), Node("b", ReLU(), ("a",))))
    picture = picture_of(spec, infer(spec))
    assert {block.id for block in picture.blocks} == {"a", "b"}
    assert len(arrange(spec, {})) == 2


def test_numbers_are_grouped_and_rounded():
    assert grouped(61706) == "61\u00a0706"
    assert [rounded(n) for n in (840, 117600, 1_500_000, 48_000_000)] == [
        "840",
        "118\u00a0k",
        "1.5\u00a0M",
        "48\u00a0M",
    ]
