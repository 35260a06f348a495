"""The networks to begin with: their sizes as published or worked out, and what they are there to show."""

import pytest

from nnstudio import templates
from nnstudio.errors import NetworkError
from nnstudio.layers import Add, BatchNorm, Conv2D, Dense, Softmax
from nnstudio.network.shapes import infer


def counted(spec, kind):
    return sum(isinstance(node.layer, kind) for node in spec)


def learned(spec):
    inference = infer(spec)
    assert not inference.problems
    found = [p for node in spec for p in inference.parameters(spec, node) or () if p.learned]
    total = 0
    for parameter in found:
        size = 1
        for side in parameter.shape:
            size *= side
        total += size
    return total


@pytest.mark.parametrize("name", templates.TEMPLATES)
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (20, 24, 3)])
def test_every_template_fits_other_images_and_classes(name, shape):
    spec = templates.build(name, input_shape=shape, classes=7, activation="tanh")
    assert not infer(spec).problems
    assert infer(spec).shapes[spec.output().id] == (7,)
    assert isinstance(spec.output().layer, Softmax)


def test_resnet_20_has_twenty_layers_with_weights_and_the_published_number_of_parameters():
    spec = templates.build("resnet20", input_shape=(32, 32, 3))
    projections = 2
    assert counted(spec, Conv2D) - projections + counted(spec, Dense) == 20
    assert counted(spec, Add) == 9
    # He et al. 2016: 0.27 million; with two 1×1 projections and a bias per filter a little more
    # 19 convolutions of 3×3: 3·16, 6 of 16·16, 16·32, 5 of 32·32, 32·64, 5 of 64·64; times 9
    kernels = 9 * (48 + 6 * 256 + 512 + 5 * 1024 + 2048 + 5 * 4096) + 16 * 32 + 32 * 64
    filters = 7 * 16 + 6 * 32 + 6 * 64 + 32 + 64
    assert learned(spec) == kernels + 3 * filters + 650
    assert 0.27e6 <= learned(spec) <= 0.28e6


def test_resnet_8_has_a_third_of_the_blocks():
    spec = templates.build("resnet8")
    assert counted(spec, Add) == 3 and counted(spec, BatchNorm) == 9


def test_vgg_halves_the_image_twice():
    spec = templates.build("vgg", input_shape=(32, 32, 3))
    # 3·32·9+32, 32·32·9+32, 32·64·9+64, 64·64·9+64, 8·8·64·256+256, 2570
    assert learned(spec) == 896 + 9248 + 18496 + 36928 + 1048832 + 2570


def test_the_deep_stacks_differ_by_their_shortcuts_alone():
    plain, residual = (templates.build(n) for n in ("deep-sigmoid", "deep-residual"))
    assert counted(plain, Dense) == counted(residual, Dense) == 20
    assert (counted(plain, Add), counted(residual, Add)) == (0, 18)
    assert learned(plain) == learned(residual) == 784 * 64 + 64 + 18 * (64 * 64 + 64) + 650


def test_unknown_names_are_refused():
    with pytest.raises(NetworkError, match="template"):
        templates.build("alexnet")
    with pytest.raises(NetworkError, match="activation"):
        templates.build("lenet5", activation="step")


def test_for_measurements_a_template_answers_with_one_number():
    lengths = tuple(f"{n / 8}" for n in range(120))
    spec = templates.build_for("lenet5", (20, 20, 3), lengths, images=500)
    assert spec.input_shape == (20, 20, 3)
    assert infer(spec).shapes[spec.nodes[-1].id] == (1,)
    assert not any(node.layer.is_output for node in spec)
    named = templates.build_for("lenet5", (20, 20, 3), ("cat", "dog"), images=500)
    assert named == templates.build("lenet5", input_shape=(20, 20, 3), classes=2)
