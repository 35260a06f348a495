"""The ways to compute a convolution against one that shows its window to np.einsum."""

import numpy as np
import pytest

from nnstudio.engine.builder import CallBuilder, Parameter
from nnstudio.layers import Conv2D, _products, conv2d
from nnstudio.layers._convolution import Convolution
from nnstudio.layers._products import multiply, multiply_transposed
from nnstudio.layers._tiles import suits
from nnstudio.layers._windows import Axis

BATCH = 3


def windows_of(x, layer):
    """(H', W', C, kh, kw, N) of x (H, C, W, N), padded by hand."""
    sides = ((layer.top, layer.bottom), (0, 0), (layer.left, layer.right), (0, 0))
    if layer.padding == "same":
        before = [(k - 1) * d // 2 for k, d in zip(layer.kernel, layer.dilation, strict=True)]
        after = [
            (k - 1) * d - b for k, d, b in zip(layer.kernel, layer.dilation, before, strict=True)
        ]
        sides = ((before[0], after[0]), (0, 0), (before[1], after[1]), (0, 0))
    padded = np.pad(x, sides) if layer.padding != "valid" else x
    reach = [(k - 1) * d + 1 for k, d in zip(layer.kernel, layer.dilation, strict=True)]
    seen = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(0, 2))
    seen = seen[:, :, :, :, :: layer.dilation[0], :: layer.dilation[1]]
    return seen.transpose(0, 2, 1, 4, 5, 3)


def computed(layer, shape, batch, dtype):
    """x, dy, weight, and what the layer's calls make of them: y, dx and the weight's gradient."""
    rng = np.random.default_rng(3)
    specs = layer.parameters(shape)
    values = {f"n.{p.name}": rng.normal(size=p.shape).astype(dtype) for p in specs}
    values["n.bias"][...] = 0
    grads = {name: np.full(value.shape, np.nan, dtype) for name, value in values.items()}
    image = rng.normal(size=(shape[0], shape[2], shape[1], batch))

    def run(*, training):
        b = CallBuilder(
            batch,
            np.dtype(dtype),
            training=training,
            dropping=False,
            observing=False,
            generator=rng,
            parameters=lambda name: Parameter(values[name], grads[name] if training else None),
        )
        x = b.new(shape)
        y = b.run_stage("n", lambda: layer.emit(b, x))
        x.value[...] = image
        dy = rng.normal(size=y.value.shape).astype(dtype)
        for _ in range(2):  # nothing may be left over from the pass before
            for function, args, options in b.forward_calls:
                function(*args, **options)
            if training:
                x.grad.fill(np.nan)
                y.grad[...] = dy
            for function, args, options in b.backward_calls:
                function(*args, **options)
        return x, dy, y

    _, _, predicted = run(training=False)
    x, dy, y = run(training=True)
    assert np.array_equal(predicted.value, y.value)
    return x.value, dy, values["n.weight"], y.value, x.grad, grads["n.weight"]


def assert_right(layer, shape, batch=BATCH, dtype=np.float64, tolerance=1e-12):
    x, dy, weight, y, dx, gradient = computed(layer, shape, batch, dtype)

    def close(found, expected):
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() <= tolerance * np.abs(expected).max()

    seen = windows_of(x.astype(np.float64), layer)
    close(y, np.einsum("hwcijn,ficj->hfwn", seen, weight))
    close(gradient, np.einsum("hwcijn,hfwn->ficj", seen, dy))
    # dx is what makes ⟨dx, other⟩ = ⟨dy, convolution(other)⟩ for every other image.
    others = np.random.default_rng(5).normal(size=(20, *x.shape))
    found = [np.sum(dx * other) for other in others]
    expected = [
        np.einsum("hwcijn,ficj,hfwn->", windows_of(other, layer), weight, dy, optimize=True)
        for other in others
    ]
    close(np.array(found), np.array(expected))


@pytest.mark.parametrize("padding", ["valid", "same", "explicit"])
@pytest.mark.parametrize("kernel", [(2, 3), (3, 3), (4, 2), (5, 1)])
@pytest.mark.parametrize("shape", [(5, 7, 3), (8, 5, 2), (9, 4, 4)])
def test_tiles_of_rows_give_what_single_rows_give(monkeypatch, shape, kernel, padding):
    layer = Conv2D(3, kernel, padding=padding, top=7, bottom=1, right=4, dilation=(1, 2))
    if shape[1] < 5:
        layer = layer.replaced(dilation=(1, 1))
    for tiled in (True, False):
        monkeypatch.setattr(conv2d, "suits", lambda *_, tiled=tiled: tiled)
        assert_right(layer, shape)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_in_float32_tiles_lose_next_to_nothing(padding):
    layer = Conv2D(24, (3, 3), padding=padding)
    rows, columns = layer._axes((16, 12, 16))
    assert suits(rows, columns, 1, (16, 24), 16)
    assert_right(layer, (16, 12, 16), 16, np.float32, 2e-5)


def test_tiles_are_taken_where_they_save_work():
    rows = columns = Axis(32, 3, 1, 1, 1)
    assert suits(rows, columns, 1, (32, 32), 16)
    assert not suits(rows, columns, 1, (3, 32), 16)  # few channels
    assert not suits(rows, columns, 2, (32, 32), 16)
    assert not suits(Axis(8, 3, 1, 1, 1), Axis(8, 3, 1, 1, 1), 1, (16, 16), 1)  # little work
    assert not suits(Axis(32, 3, 2, 0, 1), columns, 1, (32, 32), 16)
    assert not suits(Axis(32, 3, 1, 2, 2, 2), columns, 1, (32, 32), 16)
    assert not suits(Axis(7, 3), Axis(7, 3), 1, (32, 32), 16)  # 5 rows make 2 tiles of 4
    assert not suits(Axis(32, 7, 1, 3, 3), columns, 1, (32, 32), 16)
    assert not suits(Axis(32, 1), columns, 1, (32, 32), 16)


def test_gradients_come_back_by_columns_where_many_filters_read_few_channels():
    rows, columns = Axis(14, 5), Axis(14, 3)
    assert Convolution(rows, columns).rows_around(16, 6) == 4
    assert Convolution(rows, columns).rows_around(12, 6) == 0
    assert Convolution(rows, columns, groups=2).rows_around(16, 6) == 0
    assert Convolution(Axis(14, 5, 2), columns).rows_around(16, 6) == 0
    assert Convolution(Axis(14, 5, dilation=2), columns).rows_around(16, 6) == 0
    assert Convolution(rows, Axis(14, 3, 2)).rows_around(12, 6) == 4


@pytest.mark.parametrize("directly", [True, False])
@pytest.mark.parametrize("layer", [Conv2D(18, (3, 3)), Conv2D(40, (3, 2), padding="same")])
def test_large_products_are_the_same_in_blocks(monkeypatch, directly, layer):
    monkeypatch.setattr(_products, "multiplies_small_directly", lambda: directly)
    monkeypatch.setattr(conv2d, "suits", lambda *_: False)
    assert_right(layer, (12, 20, 40), 8)


@pytest.mark.parametrize(
    ("height", "inner", "width", "cut"),
    [(64, 576, 512, 16), (32, 288, 512, 64), (32, 27, 512, 512), (9, 576, 331, 331)],
)
def test_products_are_cut_as_wide_as_blas_takes_them(monkeypatch, height, inner, width, cut):
    monkeypatch.setattr(_products, "multiplies_small_directly", lambda: True)
    told = []
    left, right, out = np.ones((1, height, inner)), np.ones((2, inner, width)), np.zeros(1)
    out = np.zeros((2, height, width))
    multiply(lambda *args, **options: told.append((args, options)), left, right, out)
    ((function, *args), options) = told[0]
    assert options["out"].shape[-2:] == (height, cut)
    function(*args, **options)
    assert (out == inner).all()


@pytest.mark.parametrize(
    ("height", "inner", "width", "block"),
    [
        (288, 512, 32, (36, 32)),
        (64, 240, 64, (32, 32)),
        (27, 512, 32, (27, 32)),
        (1201, 100, 4, (1201, 4)),  # a prime number of rows cannot be cut
    ],
)
def test_transposed_products_are_cut_where_blas_copies(monkeypatch, height, inner, width, block):
    monkeypatch.setattr(_products, "multiplies_small_directly", lambda: True)
    told = []
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(3, height, inner)), rng.normal(size=(3, width, inner))
    out = np.zeros((3, height, width))
    multiply_transposed(lambda *args, **options: told.append((args, options)), left, right, out)
    ((function, *args), options) = told[0]
    assert sorted(options["out"].shape[-2:]) == sorted(block)
    function(*args, **options)
    np.testing.assert_allclose(out, left @ right.transpose(0, 2, 1), atol=1e-11)
