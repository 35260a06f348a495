"""Products cut into blocks: the same numbers whatever is chosen, and what was found out is found again."""

import json

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.engine import compile_network, compiler, tuning
from nnstudio.engine.tuning import AS_IS, CUTS, WORTH, Book, fastest, tuned

PRODUCT = (3, 64, 80), (3, 80, 64)  # 3 · 64 · 80 · 64 = 983,040 multiplications


def whole_numbers(*shapes):
    """Arrays of small whole numbers, whose products are exact in any order."""
    rng = np.random.default_rng(0)
    return [rng.integers(-4, 5, shape).astype(np.float32) for shape in shapes]


def call_of(left, right):
    out = np.zeros(
        (*np.broadcast_shapes(left.shape[:-2], right.shape[:-2]), left.shape[-2], right.shape[-1]),
        np.float32,
    )
    return np.matmul, (left, right), {"out": out}


def run(call):
    function, arguments, options = call
    function(*arguments, **options)


class Decided(Book):
    """Says the same of every product, and counts how often it is asked."""

    def __init__(self, cut):
        super().__init__(None, "any")
        self.cut, self.asked = cut, 0

    def cut_of(self, product, find):
        self.asked += 1
        return self.cut


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("shared", [False, True])
def test_a_product_in_blocks_is_the_same_product(cut, shared):
    left, right = whole_numbers(*PRODUCT)
    if shared:  # one matrix for all of the others, as the weights of a convolution are
        left = left[:1]
    call = call_of(left, right)
    (changed,) = tuned([call], Decided(cut))
    assert (changed is call) == (cut == AS_IS)
    run(changed)
    expected = np.einsum(
        "bik,bkj->bij", np.broadcast_to(left, (3, *left.shape[1:])).astype(int), right.astype(int)
    )
    np.testing.assert_array_equal(call[2]["out"], expected)


def test_only_large_products_are_asked_about():
    left, right = whole_numbers((64, 80), (80, 64))
    assert WORTH > 64 * 80 * 64
    added = np.add, (left, left), {"out": left}
    calls = [call_of(left, right), added, call_of(*whole_numbers((640, 80), (80, 1)))]
    book = Decided("rows 2")
    assert tuned(calls, book) == calls
    assert book.asked == 0
    tuned([call_of(*whole_numbers(*PRODUCT))], book)
    assert book.asked == 1


def test_blocks_that_do_not_come_out_even_are_left():
    call = call_of(*whole_numbers((1, 101, 90), (1, 90, 64)))
    assert tuned([call], Decided("rows 2"))[0] is call
    assert tuned([call], Decided("columns 2"))[0] is not call


def test_the_fastest_of_those_with_the_same_bits_is_taken(monkeypatch):
    # Whole numbers come out the same in any order; and the fewer rows a block has, the faster it is said to be.
    monkeypatch.setattr(tuning, "_like", lambda array, rng: array.copy())
    monkeypatch.setattr(tuning, "_seconds", lambda step: float(step.keywords["out"].shape[-2]))
    _, arguments, options = call_of(*whole_numbers(*PRODUCT))
    assert fastest(*arguments, options["out"]) == "rows 8"
    plain = tuning._cut

    def wrong(call, cut):
        function, given, options = plain(call, cut)
        if cut in ("rows 8", "rows 4"):
            return lambda *_, out: out.fill(7), given, options
        return function, given, options

    monkeypatch.setattr(tuning, "_cut", wrong)
    assert fastest(*arguments, options["out"]) == "rows 2"


def test_it_is_tried_on_numbers_that_lie_as_those_of_the_product(monkeypatch):
    seen = []
    plain = tuning._step
    monkeypatch.setattr(tuning, "_step", lambda call: seen.append(call) or plain(call))
    # Windows that overlap, as those of a convolution do.
    buffer = np.zeros(64 * 80 + 2 * 80, np.float32)
    left = np.lib.stride_tricks.as_strided(buffer, (3, 64, 80), (320, 320, 4))
    _, arguments, options = call_of(left, *whole_numbers(PRODUCT[1]))
    fastest(*arguments, options["out"])
    tried = seen[0][1][0]
    assert (tried.shape, tried.strides) == (left.shape, left.strides)
    assert np.ptp(tried) > 0.5
    assert not buffer.any()


def test_what_saves_too_little_is_not_taken(monkeypatch):
    monkeypatch.setattr(tuning, "_like", lambda array, rng: array.copy())
    _, arguments, options = call_of(*whole_numbers(*PRODUCT))
    monkeypatch.setattr(
        tuning, "_seconds", lambda step: 1.0 if step.keywords["out"].ndim == 3 else 0.96
    )
    assert fastest(*arguments, options["out"]) == AS_IS


def test_a_product_is_measured_once_on_a_machine(tmp_path):
    file = tmp_path / "cache" / "products.json"
    found = []

    def find():
        found.append(1)
        return "rows 4"

    book = Book(file, "this one")
    assert [book.cut_of("a", find), book.cut_of("a", find)] == ["rows 4"] * 2
    assert len(found) == 1
    assert Book(file, "this one").cut_of("a", find) == "rows 4"
    assert len(found) == 1
    assert Book(file, "another").cut_of("a", lambda: "columns 2") == "columns 2"
    Book(file, "this one").cut_of("b", lambda: AS_IS)
    assert json.loads(file.read_text()) == {
        "this one": {"a": "rows 4", "b": ""},
        "another": {"a": "columns 2"},
    }
    assert [path.name for path in file.parent.iterdir()] == ["products.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[1, 2]",
        b"\xff\xfe",
        b'{"this one": 3}',
        b'{"this one": {"a": "os.remove"}}',
        b'{"this one": {"a": ["rows 4"]}}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_none_of_ours_is_no_obstacle(tmp_path, content):
    file = tmp_path / "products.json"
    file.write_bytes(content)
    assert Book(file, "this one").cut_of("a", lambda: "rows 2") == "rows 2"


def test_without_a_place_to_write_it_is_measured_again(tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")
    book = Book(tmp_path / "taken" / "products.json", "this one")
    assert book.cut_of("a", lambda: "rows 2") == "rows 2"
    assert book.cut_of("a", lambda: "rows 8") == "rows 2"


def test_a_training_does_not_depend_on_what_was_measured(monkeypatch):
    spec = templates.build("vgg", input_shape=(16, 16, 3))
    images = np.random.default_rng(0).normal(size=(32, 3, 16, 16)).astype(np.float32)
    labels = np.arange(32) % 10
    _, chosen = compile_network(spec).loss_and_gradients(images, labels)
    monkeypatch.setattr(compiler, "tuned", list)
    _, plain = compile_network(spec).loss_and_gradients(images, labels)
    for name, gradient in plain.items():
        assert gradient.tobytes() == chosen[name].tobytes(), name
