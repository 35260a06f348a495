"""Shapes and problems of whole and half-built networks, and the edits that mend them."""

import pytest

from nnstudio import templates
from nnstudio.errors import NetworkError, SettingError
from nnstudio.layers import (
    AveragePool2D,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Input,
    MaxPool2D,
    ReLU,
    Softmax,
    Upsample2D,
    ZeroPad2D,
)
from nnstudio.network import NetworkSpec, Node, edits, infer, shape_text, training_problems
from nnstudio.network.heads import Answers
from nnstudio.network.layer import create, layer
from nnstudio.network.shapes import can_connect


def chain(shape, *layers):
    nodes = [Node("input", Input())]
    for number, each in enumerate(layers):
        nodes.append(Node(f"n{number}", each, (nodes[-1].id,)))
    return NetworkSpec(shape, tuple(nodes))


def mended(spec, problem, number=0):
    return problem.mends[number].edit(spec, problem.node)


def test_shapes_of_lenet5_as_published():
    shapes = infer(templates.build("lenet5")).shapes
    names = [
        "conv1",
        "pool1",
        "conv2",
        "pool2",
        "flatten1",
        "dense1",
        "dense2",
        "dense3",
        "softmax1",
    ]
    expected = ["28×28×6", "14×14×6", "10×10×16", "5×5×16", "400", "120", "84", "10", "10"]
    assert [shape_text(shapes[name]) for name in names] == expected


@pytest.mark.parametrize("name", templates.TEMPLATES)
@pytest.mark.parametrize("activation", templates.ACTIVATIONS)
def test_templates_have_no_problems_and_fit_other_images(name, activation):
    spec = templates.build(name, input_shape=(32, 48, 3), classes=5, activation=activation)
    assert training_problems(spec, (32, 48, 3), Answers(5)) == ()


def test_an_unknown_template_names_those_there_are():
    with pytest.raises(NetworkError, match="lenet5, mlp"):
        templates.build("lenet6")
    with pytest.raises(NetworkError, match="relu, tanh, sigmoid"):
        templates.build("lenet5", activation="step")


def test_dense_behind_an_image_names_both_and_inserts_flatten():
    spec = chain((5, 5, 16), Dense(10), ReLU(), Softmax())
    inference = infer(spec)
    (problem,) = inference.problems  # ReLU and Softmax merely wait
    assert problem.node == "n0"
    assert "5×5×16" in str(problem.what)
    assert problem.label == "5×5×16 ≠ 400"
    assert str(problem.mends[0].label) == "Insert Flatten"
    assert inference.shapes["n1"] is None
    whole = mended(spec, problem)
    assert training_problems(whole) == ()
    assert infer(whole).shapes["n0"] == (10,)


def test_kernel_larger_than_the_image_shows_the_sum_and_mends():
    spec = chain((14, 14, 6), Conv2D(16, (15, 15)), Flatten(), Softmax())
    (problem,) = infer(spec).problems
    assert str(problem.why) == "15 > 14, so the output would be 0 px wide."
    assert str(problem.mends[0].label) == "Use kernel 5×5"
    assert infer(mended(spec, problem, 0)).shapes["n0"] == (10, 10, 16)
    assert infer(mended(spec, problem, 1)).shapes["n0"] == (14, 14, 16)


def test_a_dilated_kernel_larger_than_the_image_shows_how_far_it_reaches():
    spec = chain((7, 9, 1), Conv2D(2, (3, 2), dilation=(4, 1)), Flatten(), Softmax())
    (problem,) = infer(spec).problems
    assert str(problem.why) == "9 > 7, so the output would be -1 px wide."
    assert problem.label == "7×9 < 9×2"
    assert infer(mended(spec, problem)).shapes["n0"] == (5, 8, 2)


def test_groups_that_divide_neither_channels_nor_filters_name_mends():
    spec = chain((5, 5, 6), Conv2D(8, (1, 1), groups=3), Flatten(), Softmax())
    (problem,) = infer(spec).problems
    assert "6 channels and 8 filters cannot be divided into 3 groups" in str(problem.what)
    assert [str(mend.label) for mend in problem.mends] == ["Use 9 filters", "Use 2 groups"]
    assert infer(mended(spec, problem, 0)).shapes["n0"] == (5, 5, 9)
    assert infer(mended(spec, problem, 1)).shapes["n0"] == (5, 5, 8)
    spec = chain((5, 5, 6), Conv2D(8, (1, 1), groups=4), Flatten(), Softmax())
    (problem,) = infer(spec).problems
    assert [str(mend.label) for mend in problem.mends] == ["Use 2 groups"]
    assert problem.label == "6 / 4"
    assert infer(mended(spec, problem)).shapes["n0"] == (5, 5, 8)


@pytest.mark.parametrize("pool", [MaxPool2D, AveragePool2D])
def test_a_pooling_window_always_sees_some_of_the_image(pool):
    spec = chain((5, 5, 1), pool((2, 3), padding="explicit", top=2, right=2), Flatten(), Softmax())
    (problem,) = infer(spec).problems
    assert "Padding of 2 is not smaller than the window of 2" in str(problem.what)
    assert problem.label == "2 ≥ 2"
    # ⌊(5 + 1 − 2)/2⌋ + 1 and ⌊(5 + 2 − 3)/3⌋ + 1; then ⌈5/2⌉ and ⌈5/3⌉
    assert infer(mended(spec, problem, 0)).shapes["n0"] == (3, 2, 1)
    assert infer(mended(spec, problem, 1)).shapes["n0"] == (3, 2, 1)


def test_cropping_leaves_something_of_the_image():
    spec = chain((5, 4, 1), Crop2D(3, 2, 0, 1), Flatten(), Softmax())
    (problem,) = infer(spec).problems
    assert str(problem.what) == "Cropping cuts off 5×1, but the image is 5×4."
    assert problem.label == "5×4 ≤ 5×1"
    assert infer(mended(spec, problem)).shapes["n0"] == (1, 3, 1)
    assert "n0" not in mended(spec, problem, 1)
    (problem,) = infer(chain((2, 4, 1), Crop2D(2, 1, 0, 4))).problems
    # (2 − 1) // 2 = 0 rows and (4 − 1) // 2 = 1 column at most from each side
    assert infer(mended(chain((2, 4, 1), Crop2D(2, 1, 0, 4)), problem)).shapes["n0"] == (2, 3, 1)


def test_pool_larger_than_the_image():
    spec = chain((2, 1, 3), MaxPool2D((3, 2)))
    (problem,) = infer(spec).problems
    assert "3×2 > 2×1" in str(problem.why)
    assert infer(mended(spec, problem)).shapes["n0"] == (1, 1, 3)


@pytest.mark.parametrize(
    "layer_",
    [
        Conv2D(),
        ConvTranspose2D(),
        MaxPool2D(),
        AveragePool2D(),
        GlobalAveragePool(),
        GlobalMaxPool(),
        ZeroPad2D(),
        Crop2D(),
        Upsample2D(),
    ],
)
def test_windows_need_an_image(layer_):
    spec = chain((7,), layer_)
    (problem,) = infer(spec).problems
    assert "7 numbers arrive" in str(problem.what)
    assert "n0" not in mended(spec, problem)


def test_a_loose_block_can_be_connected_or_removed():
    whole = chain((4,), Dense(3))
    loose = edits.add(whole, ReLU())
    (problem,) = infer(loose).problems
    assert problem.node == "relu1"
    assert str(problem.mends[0].label) == "Connect it to Dense"
    joined = mended(loose, problem)
    assert joined.node("relu1").inputs == ("n0",)
    assert infer(joined).problems == ()
    assert mended(loose, problem, -1) == whole


def test_a_circle_is_named_and_cut():
    spec = NetworkSpec(
        (4,), (Node("input", Input()), Node("a", ReLU(), ("b",)), Node("b", ReLU(), ("a",)))
    )
    problem = infer(spec).problems[0]
    assert "own output" in str(problem.what)
    assert infer(spec).shapes["b"] is None
    assert spec.ordered() == (spec.node("input"),)
    assert "circle" not in " ".join(str(p.why) for p in infer(mended(spec, problem)).problems)


def test_wires_from_nowhere_twice_and_behind_the_output():
    nowhere = NetworkSpec((4,), (Node("input", Input()), Node("a", ReLU(), ("ghost",))))
    assert "ghost" in str(infer(nowhere).problems[0].what)
    double = NetworkSpec(
        (4,), (Node("input", Input()), Node("a", ReLU()), Node("b", ReLU(), ("input", "a")))
    )
    surplus = next(p for p in infer(double).problems if p.node == "b")
    assert mended(double, surplus).node("b").inputs == ("input",)
    behind = chain((4,), Softmax(), ReLU())
    assert infer(behind).problems[0].node == "n1"
    second = NetworkSpec((4,), (Node("input", Input()), Node("input2", Input())))
    assert infer(second).problems[0].node == "input2"
    twins = NetworkSpec((4,), (Node("a", ReLU(), ("input",)), Node("a", ReLU(), ("input",))))
    assert "both called a" in str(infer(twins).problems[0].what)


def test_what_the_data_needs():
    spec = templates.build("lenet5")
    shape, classes = training_problems(spec, (32, 32, 3), Answers(5))
    assert "28×28×1" in str(shape.what) and "32×32×3" in str(shape.what)
    assert classes.node == "dense3" and classes.label == "10 ≠ 5"
    mended_spec = mended(mended(spec, shape), classes)
    assert training_problems(mended_spec, (32, 32, 3), Answers(5)) == ()


def test_an_output_is_needed_to_train_but_not_to_compute():
    spec = chain((4,), Dense(3))
    assert infer(spec).problems == ()
    (problem,) = training_problems(spec)
    assert training_problems(mended(spec, problem)) == ()
    assert "empty" in str(training_problems(NetworkSpec((4,)))[0].what)


def test_a_side_branch_that_leads_nowhere_is_named():
    spec = edits.add(chain((4,), Dense(3), Softmax()), ReLU(), ("n0",))
    (problem,) = training_problems(spec)
    assert problem.node == "relu1"


def test_edits_insert_remove_connect_and_move():
    spec = templates.build("lenet5")
    more = edits.insert_between(spec, "pool1", "conv2", Dropout(0.2))
    assert more.node("dropout1").inputs == ("pool1",)
    assert more.node("conv2").inputs == ("dropout1",)
    assert edits.remove(more, "dropout1") == spec
    assert edits.insert_after(spec, "pool1", Dropout(0.2)) == more
    assert edits.insert_before(spec, "conv2", Dropout(0.2)) == more
    assert edits.fresh_id(spec, Conv2D()) == "conv3"
    moved = edits.move(more, "dropout1", "dense1")
    assert moved.node("dense2").inputs == ("dropout1",)
    assert moved.node("conv2").inputs == ("pool1",)
    assert edits.disconnect(spec, "conv1", "relu1").node("relu1").inputs == ()
    assert edits.connect(spec, "input", "relu1").node("relu1").inputs == ("input",)
    with pytest.raises(SettingError, match=r"0 is out of range.*from 1 to 2048"):
        edits.change_settings(spec, "conv1", filters=0)


def test_moving_to_one_wire_leaves_the_others_and_keeps_the_id():
    base = chain((4,), Dense(3), Dropout(0.1), Softmax())
    branched = edits.add(base, ReLU(), ("n0",))
    moved = edits.move(branched, branched.nodes[-1].id, "n1", "n2")
    assert moved.node("n2").inputs == (branched.nodes[-1].id,)
    assert moved.node(branched.nodes[-1].id).inputs == ("n1",)
    fork = edits.add(branched, Dropout(0.2), ("n0",))
    last = fork.nodes[-1].id
    once = edits.move(fork, last, "n0", "n1")
    assert once.node("n1").inputs == (last,)
    assert once.node(branched.nodes[-1].id).inputs == ("n0",)
    assert edits.move(fork, "n1", "n1") == fork


def test_inserting_on_one_wire_leaves_the_others():
    branched = edits.add(chain((4,), Dense(3), Softmax()), ReLU(), ("n0",))
    more = edits.insert_between(branched, "n0", "n1", Dropout(0.1))
    assert more.node("n1").inputs == ("dropout1",)
    assert more.node("relu1").inputs == ("n0",)


def test_can_connect_refuses_circles_and_ends():
    spec = templates.build("lenet5")
    assert can_connect(spec, "conv1", "dense3")
    assert not can_connect(spec, "dense3", "conv1")
    assert not can_connect(spec, "conv1", "conv1")
    assert not can_connect(spec, "conv1", "input")
    assert not can_connect(spec, "softmax1", "conv1")
    assert not can_connect(spec, "ghost", "conv1")


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("nodes"),
        lambda d: d.update(input_shape=[28, 28, 0]),
        lambda d: d.update(input_shape=[28, True, 1]),
        lambda d: d.update(nodes=[1]),
        lambda d: d["nodes"][1].update(layer="Teleport"),
        lambda d: d["nodes"][1]["settings"].update(colour="red"),
        lambda d: d["nodes"][1]["settings"].update(filters=-1),
        lambda d: d["nodes"][1]["settings"].update(filters="six"),
        lambda d: d["nodes"][1].update(inputs="input"),
        lambda d: d["nodes"][1].update(id=""),
    ],
)
def test_a_damaged_description_is_refused_by_name(damage):
    data = templates.build("lenet5").as_dict()
    damage(data)
    with pytest.raises(NetworkError, match="some file"):
        NetworkSpec.from_dict(data, "some file")


def test_worked_formula_of_a_convolution():
    assert (
        Conv2D(6, (5, 5), padding="same").formula((28, 28, 1))[0]
        == "H = ⌊(28 + 2·2 − 5)/1⌋ + 1 = 28"
    )
    assert Conv2D(6, (5, 5), (2, 2)).formula((28, 28, 1))[1] == "W = ⌊(28 + 2·0 − 5)/2⌋ + 1 = 12"
    assert MaxPool2D().formula((5, 5, 1))[0] == "H = ⌊(5 − 2)/2⌋ + 1 = 2"


def test_multiply_adds_and_summaries():
    assert Conv2D(6, (5, 5), padding="same").multiply_adds((28, 28, 1)) == 117_600
    assert Dense(120).multiply_adds((400,)) == 48_000
    assert Conv2D(6, (5, 5), padding="same").summary() == "6 @ 5×5, same"
    depthwise = Conv2D(8, (3, 3), (2, 1), "explicit", top=1, right=2, dilation=(2, 2), groups=4)
    # ⌊(9 + 1 − 5)/2⌋ + 1 = 3, 8 + 2 − 5 + 1 = 6, and 3·6·8·9 with one channel a filter
    assert depthwise.multiply_adds((9, 8, 4)) == 1296
    assert depthwise.summary() == "8 @ 3×3, padding 1, 0, 0, 2, stride 2×1, dilation 2×2, 4 groups"
    assert depthwise.formula((9, 8, 4)) == (
        "H = ⌊(9 + 1 + 0 − (2·(3 − 1) + 1))/2⌋ + 1 = 3",
        "W = ⌊(8 + 0 + 2 − (2·(3 − 1) + 1))/1⌋ + 1 = 6",
    )
    # each of 3·2·4 numbers is multiplied with 5·3·3 weights
    assert ConvTranspose2D(5).multiply_adds((3, 2, 4)) == 1080
    assert ConvTranspose2D(5).formula((3, 2, 4))[0] == "H = (3 − 1)·2 + 3 = 7"
    assert ConvTranspose2D(5, padding="same").formula((3, 2, 4))[1] == "W = 2·2 = 4"
    assert ConvTranspose2D(5).summary() == "5 @ 3×3, valid, stride 2×2"
    assert ZeroPad2D(1, 2, 3, 4).formula((5, 6, 1))[1] == "W = 6 + 3 + 4 = 13"
    assert Crop2D(1, 2, 0, 1).formula((5, 6, 1))[0] == "H = 5 − 1 − 2 = 2"
    assert Upsample2D((3, 2)).formula((5, 6, 1))[0] == "H = 3·5 = 15"
    assert GlobalMaxPool().formula((5, 6, 7)) == ("5×6×7 → 1×1×7 → 7",)
    assert MaxPool2D(padding="same").summary() == "2×2, stride 2×2, same"
    assert MaxPool2D(padding="same").formula((5, 4, 1)) == (
        "H = ⌊(5 + 0 + 1 − 2)/2⌋ + 1 = 3",
        "W = ⌊(4 + 2·0 − 2)/2⌋ + 1 = 2",
    )


def test_a_layer_without_an_explanation_cannot_be_registered():
    import dataclasses

    from nnstudio.network import Layer

    @dataclasses.dataclass(frozen=True)
    class Mute(Layer):
        label, stem, category = "Mute", "mute", "act"

    with pytest.raises(TypeError, match="docstring"):
        layer(Mute)
    with pytest.raises(NetworkError, match="Mute"):
        create("Mute")


def test_a_second_output_layer_is_a_problem_with_a_mend():
    spec = chain((4,), Dense(3), Softmax())
    spec = spec.with_nodes(
        (*spec.nodes, Node("other", Dense(3), ("input",)), Node("s", Softmax(), ("other",)))
    )
    (problem,) = infer(spec).problems
    assert (problem.node, str(problem.what)) == (
        "s",
        "A network has one output layer, and this is the second.",
    )
    assert not infer(mended(spec, problem)).problems


def test_a_layer_that_takes_the_name_of_the_input_is_a_problem():
    spec = NetworkSpec((4,), (Node("input", Dense(3), ("input",)),))
    (problem,) = infer(spec).problems
    assert "Only what the network reads may be called input" in str(problem.what)


@pytest.mark.parametrize(
    "shape", [(), (0,), (-1, 2, 3), (4, 4), (2, 2, 2, 2), (4.5,), (float("nan"),), "abc", (True,)]
)
def test_shapes_that_no_data_has_are_refused(shape):
    with pytest.raises(NetworkError, match=r"input: Its shape .* does not fit.*each at least 1"):
        NetworkSpec(shape)
    with pytest.raises(NetworkError):
        edits.set_input_shape(chain((4,)), shape)


def test_a_class_in_the_place_of_a_layer_is_refused():
    for wrong in (Dense, None, "Dense"):
        with pytest.raises(NetworkError, match=r"d: .* is no layer"):
            Node("d", wrong, ("input",))


def test_edits_of_what_is_not_there_are_refused_by_name():
    spec = chain((4,), Dense(3))
    for edit in (
        lambda: edits.remove(spec, "zz"),
        lambda: edits.change_settings(spec, "zz", units=3),
        lambda: edits.connect(spec, "input", "zz"),
    ):
        with pytest.raises(NetworkError, match=r"zz: There is no layer of this name.*: input, n0"):
            edit()
    with pytest.raises(SettingError, match="Dense: It has no setting called quux"):
        edits.change_settings(spec, "n0", quux=3)
