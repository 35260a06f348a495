"""Which loss suits a network's end and the data, and what is said where none does."""

import pytest

from nnstudio.layers import Dense, Flatten, Sigmoid, Softmax
from nnstudio.network import NetworkSpec, Node, infer, training_problems
from nnstudio.network.heads import (
    ABSOLUTE,
    AUTO,
    BINARY,
    CROSS_ENTROPY,
    HINGE,
    SQUARED,
    Answers,
    answers_of,
    head_of,
    measured,
    values_of,
)


def spec_of(units, ending=None, **settings):
    nodes = [Node("f", Flatten(), ("input",)), Node("d", Dense(units, **settings), ("f",))]
    if ending is not None:
        nodes.append(Node("end", ending, ("d",)))
    return NetworkSpec((4, 4, 1), tuple(nodes))


def head(spec, loss=AUTO, asked=None):
    output = spec.output()
    units = infer(spec).shapes[output.id][-1]
    return head_of(spec, output, units, loss=loss, asked=asked)


@pytest.mark.parametrize(
    ("units", "ending", "asked", "loss", "answer"),
    [
        (3, Softmax(), Answers(3), CROSS_ENTROPY, "d"),
        (1, Sigmoid(), Answers(2), BINARY, "d"),
        (3, Sigmoid(), Answers(3), BINARY, "d"),
        (1, None, Answers(5, numbers=True), SQUARED, "d"),
        (1, Sigmoid(), None, BINARY, "d"),
        (3, Softmax(), None, CROSS_ENTROPY, "d"),
    ],
)
def test_the_usual_loss_follows_from_the_end_and_the_data(units, ending, asked, loss, answer):
    found = head(spec_of(units, ending), asked=asked)
    assert (found.loss, found.answer) == (loss, answer)
    assert (found.final is None) == (ending is None)
    assert training_problems(spec_of(units, ending), asked=asked) == ()


def test_an_error_reads_what_the_sigmoid_gives():
    found = head(spec_of(1, Sigmoid()), SQUARED, Answers(2))
    assert (found.answer, found.final) == ("end", None)
    assert training_problems(spec_of(1, Sigmoid()), asked=Answers(2), loss=SQUARED) == ()


def test_names_that_are_numbers():
    assert values_of(("0", "1.5", "-2e3")) == (0, 1.5, -2000)
    assert values_of(("0", "cat")) is values_of(("nan", "1")) is values_of(("1e400", "1")) is None
    assert values_of(("1", "1.0")) is None
    assert values_of(("1_0", "2_0")) is None
    assert answers_of(("10", "20")) == Answers(2, numbers=True)


@pytest.mark.parametrize(
    ("spec", "loss", "asked", "words", "label"),
    [
        (spec_of(3), AUTO, Answers(3), "no output layer", "Add a Softmax output"),
        (spec_of(1), AUTO, Answers(2), "no output layer", "Add a Sigmoid at the end"),
        (
            spec_of(3, Softmax()),
            HINGE,
            Answers(3),
            "Softmax at the end does not go with hinge",
            "Remove this layer",
        ),
        (
            spec_of(3, Softmax()),
            SQUARED,
            Answers(3),
            "Softmax at the end does not go with",
            "Remove this layer",
        ),
        (
            spec_of(3, Sigmoid()),
            HINGE,
            Answers(3),
            "Sigmoid at the end does not go with hinge",
            "Remove this layer",
        ),
        (
            spec_of(3, Sigmoid()),
            CROSS_ENTROPY,
            Answers(3),
            "Sigmoid at the end does not go with",
            "Put Softmax in its place",
        ),
        (
            spec_of(3, Softmax()),
            BINARY,
            Answers(3),
            "Softmax at the end does not go with",
            "Put Sigmoid in its place",
        ),
        (spec_of(4), HINGE, Answers(3), "4 answers, but the data has 3", "Set 3 units"),
        (spec_of(4, Softmax()), AUTO, Answers(3), "4 answers, but the data has 3", "Set 3 units"),
        (spec_of(1), ABSOLUTE, Answers(3), "1 answers, but the data has 3", "Set 3 units"),
        (
            spec_of(2),
            SQUARED,
            Answers(3, numbers=True),
            "2 answers, but the data has 3",
            "Set 3 units",
        ),
    ],
)
def test_what_does_not_go_together_is_named_and_mended(spec, loss, asked, words, label):
    (problem,) = training_problems(spec, asked=asked, loss=loss)
    assert words in str(problem.what)
    assert str(problem.mends[0].label) == label
    for mend in problem.mends:
        assert training_problems(mend.edit(spec, problem.node), asked=asked, loss=loss) == ()


def test_a_sigmoid_inside_the_dense_layer_becomes_one_of_its_own():
    spec = spec_of(1, activation="sigmoid")
    (problem,) = training_problems(spec, asked=Answers(2))
    mended = problem.mends[0].edit(spec, problem.node)
    assert mended.node("d").layer.activation == "none"
    assert head(mended, asked=Answers(2)).answer == "d"
    assert training_problems(mended, asked=Answers(2)) == ()


def labels_of(problem):
    return [str(mend.label) for mend in problem.mends]


def test_numbers_beyond_computing_are_names():
    assert values_of(("9e29", "1")) == (9e29, 1)
    assert values_of(("1e30", "1")) is None
    assert values_of(("5",)) is None  # a single one says nothing


def test_two_numbers_are_yes_and_no_and_two_outputs_are_classes():
    assert head(spec_of(1), asked=Answers(2, numbers=True)).loss == BINARY
    assert head(spec_of(1), asked=Answers(3, numbers=True)).loss == SQUARED
    assert head(spec_of(2), asked=Answers(3, numbers=True)).loss == CROSS_ENTROPY
    assert head(spec_of(2), asked=Answers(2)).loss == CROSS_ENTROPY


@pytest.mark.parametrize("loss", [CROSS_ENTROPY, BINARY, SQUARED])
def test_an_output_layer_is_never_what_a_loss_reads(loss):
    found = head(spec_of(3, Softmax()), loss, Answers(3))
    assert (found.answer, found.final.id) == ("d", "end")


def test_one_output_serves_two_classes_but_not_for_cross_entropy():
    (problem,) = training_problems(spec_of(1, Softmax()), asked=Answers(2))
    assert "1 answers, but the data has 2" in str(problem.what)
    assert labels_of(problem) == ["Set 2 units"]
    assert training_problems(spec_of(1), asked=Answers(2), loss=HINGE) == ()
    (problem,) = training_problems(spec_of(1, Sigmoid()), asked=Answers(1))
    assert "1 answers, but the data has 1" in str(problem.what)


def test_the_units_that_would_fit_are_proposed():
    (problem,) = training_problems(spec_of(4), asked=Answers(3, numbers=True), loss=SQUARED)
    assert labels_of(problem) == ["Set 3 units", "Set 1 units"]
    (problem,) = training_problems(spec_of(4, Softmax()), asked=Answers(2))
    assert labels_of(problem) == ["Set 2 units"]


def test_where_no_layer_has_units_none_are_proposed():
    spec = NetworkSpec((2,), (Node("s", Sigmoid(), ("input",)),))
    (problem,) = training_problems(spec, asked=Answers(3))
    assert (problem.node, problem.mends) == ("s", ())


def test_labels_are_measurements_where_they_are_too_many_for_classes():
    weights = tuple(f"{n}.5" for n in range(150))
    assert measured(weights, 10_000) == tuple(n + 0.5 for n in range(150))
    # so few that they may well be classes; and words
    assert measured(weights[:100], 10_000) is None
    assert measured((*weights, "heavy"), 10_000) is None
    # 150 whole numbers: with several images each they number classes, with few each they count something
    counts = tuple(map(str, range(150)))
    assert measured(counts, 750) is None
    assert measured(counts, 749) == tuple(map(float, range(150)))
