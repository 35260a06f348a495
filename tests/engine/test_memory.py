"""The memory that a training is said to take, against what the system says that it took."""

import os
import subprocess
import sys

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.data.recipe import DataRecipe, prepare
from nnstudio.engine import (
    TrainingSettings,
    compile_network,
    free_memory,
    make_plan,
    memory_estimate,
)
from nnstudio.errors import NetworkError
from nnstudio.layers import BatchNorm, Dense, Flatten, GlobalAveragePool, Softmax, Upsample2D
from nnstudio.network import NetworkSpec, Node

MEASURE = """
import sys
import numpy as np
from nnstudio import templates
from nnstudio.engine import compile_network
from nnstudio.engine.feeds import pixel_feed
from nnstudio.engine.optimizers import Step
from nnstudio.data.preprocess import fit

def resident(name):
    with open("/proc/self/status") as file:
        (line,) = (line for line in file if line.startswith(name))
    return int(line.split()[1]) * 1024

name, batch = sys.argv[1], int(sys.argv[2])
shape = (28, 28, 1)
images = np.random.default_rng(0).integers(0, 256, (batch, *shape), np.uint8)
labels = np.arange(batch) % 10
scaling = fit(images[:100])
warm = compile_network(templates.build("mlp", input_shape=(4, 4, 1)))
warm.predict(np.zeros((4, 1, 4, 4), np.float32))
before = resident("VmRSS")
network = compile_network(templates.build(name), batch_size=batch)
feed = pixel_feed(images, labels, np.arange(batch), scaling, np.float32)
for step in range(3):
    network.compute(feed, batch, dropping=True, step=step)
    network.update(Step(0.001, 0.9))
print(resident("VmHWM") - before)
"""

TOLERANCE = 1 << 20
"""Bytes by which the system's own bookkeeping varies: of little consequence, but more than 15 % of little."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's own account")
@pytest.mark.parametrize(
    ("name", "batch"),
    [
        ("lenet5", 64),
        ("lenet5", 512),
        ("mlp", 64),
        ("mlp", 2000),
        ("vgg", 64),
        ("resnet8", 64),
        ("resnet8", 300),
        ("resnet20", 32),
    ],
)
def test_what_was_told_is_what_is_taken(name, batch):
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, name, str(batch)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    measured = int(done.stdout)
    told = memory_estimate(templates.build(name), batch).total
    assert abs(told - measured) <= 0.15 * measured + TOLERANCE, (told / 2**20, measured / 2**20)


def test_more_images_take_more_and_passes_bound_it():
    spec = templates.build("lenet5")
    assert memory_estimate(spec, 8).total < memory_estimate(spec, 64).total
    # LeNet-5 computes a large batch in passes: ten times the images, the same buffers
    small, large = (memory_estimate(spec, batch).total for batch in (1024, 10240))
    assert large == pytest.approx(small, rel=0.05)
    # batch normalisation needs the whole batch at once
    normal = templates.build("resnet8")
    small, large = (memory_estimate(normal, batch).activations for batch in (1000, 4000))
    assert large == pytest.approx(4 * small, rel=0.05)


def test_workers_and_optimisers_are_counted():
    spec = templates.build("mlp")
    one = memory_estimate(spec, 256)
    adam = memory_estimate(spec, 256, optimizer="adam")
    assert adam.vectors - one.vectors == 4 * 535818
    two = memory_estimate(spec, 256, threads=2, processes=True)
    assert two.vectors - one.vectors == 4 * 535818
    assert two.workers > one.workers


def test_a_batch_larger_than_memory_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(free_memory, "available", lambda: 1 << 20)
    data = prepare(DataRecipe(count=100))
    with pytest.raises(NetworkError) as caught:
        make_plan(templates.build("lenet5"), TrainingSettings(batch_size=0), data)
    said = str(caught.value)
    assert "batch" in said and "1 MB" in said and "Accumulate" in said


def dense(*units, features=60_000):
    nodes = [Node("d0", Dense(units[0]), ("input",))]
    for number, count in enumerate(units[1:], 1):
        nodes.append(Node(f"d{number}", Dense(count), (f"d{number - 1}",)))
    return NetworkSpec((features,), tuple(nodes))


def test_weights_that_do_not_fit_are_refused_before_they_are_allocated(monkeypatch):
    monkeypatch.setattr(free_memory, "available", lambda: 1 << 30)
    with pytest.raises(NetworkError) as caught:
        compile_network(dense(65_536, 10))
    said = str(caught.value)
    # 60,000·65,536 weights of 4 bytes, twice while they are drawn: 30,000 MB and some
    assert said.startswith("Dense 1: It has 3,932,160,000 weights") and "1024 MB are free" in said
    needed = int(said.partition("needs ")[2].partition(" MB")[0])
    assert needed == pytest.approx(8 * 3_932_160_000 / 2**20, rel=1e-3)


def test_an_estimate_of_far_too_much_is_an_error_by_name_too():
    with pytest.raises(NetworkError, match="Dense: It has 4,398,046,511,104 weights"):
        memory_estimate(dense(65_536, features=1 << 26), 32)


def test_a_training_needs_room_for_what_its_optimiser_keeps(monkeypatch):
    """No smaller batch would help, so that is not what is proposed."""
    data = prepare(DataRecipe(count=100))
    spec = NetworkSpec(
        (28, 28, 1),
        (
            Node("f", Flatten(), ("input",)),
            Node("d", Dense(8000), ("f",)),
            Node("e", Dense(10), ("d",)),
            Node("s", Softmax(), ("e",)),
        ),
    )
    # 6,360,010 numbers of 4 bytes: 73 MB three times, 98 MB four times
    monkeypatch.setattr(free_memory, "available", lambda: 80 << 20)
    with pytest.raises(NetworkError, match=r"Dense 1: It has 6,272,000 weights; .* 98 MB"):
        make_plan(spec, TrainingSettings(optimizer="adam"), data)
    with pytest.raises(NetworkError, match="batch size"):
        make_plan(spec, TrainingSettings(optimizer="momentum"), data)


def test_images_that_do_not_fit_at_once_are_refused(monkeypatch):
    spec = NetworkSpec(
        (8, 8, 1),
        (
            Node("u", Upsample2D(16), ("input",)),
            Node("b", BatchNorm(), ("u",)),
            Node("g", GlobalAveragePool(), ("b",)),
            Node("d", Dense(2), ("g",)),
        ),
    )
    net = compile_network(spec)
    images, labels = np.zeros((3000, 1, 8, 8), np.float32), np.zeros(3000, np.int64)
    monkeypatch.setattr(free_memory, "available", lambda: 100 << 20)
    # 128·128 numbers of 4 bytes an image, and as many of the gradient
    with pytest.raises(NetworkError, match="images: 3000 at once need 375 MB of memory, and 100"):
        net.loss_and_gradients(images, labels)
    with pytest.raises(NetworkError, match="images: 3000 at once need 188 MB"):
        net.activations(images)
    assert net.predict(images).shape == (3000, 2)  # in passes


def test_what_a_container_leaves_is_what_is_free(tmp_path):
    assert free_memory._of_group(tmp_path) is None
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("300\n")
    (tmp_path / "memory.stat").write_text("anon 200\ninactive_file 50\n")
    assert free_memory._of_group(tmp_path) is None
    (tmp_path / "memory.max").write_text("1000\n")
    assert free_memory._of_group(tmp_path) == 1000 - 300 + 50
    older = tmp_path / "older" / "memory"
    older.mkdir(parents=True)
    (older / "memory.limit_in_bytes").write_text("500\n")
    (older / "memory.usage_in_bytes").write_text("600\n")
    (older / "memory.stat").write_text("inactive_file 20\n")
    assert free_memory._of_group(tmp_path / "older") == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's own account")
def test_what_is_free_is_less_than_what_there_is():
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert whole / 1000 < free_memory.available() <= whole


def test_vectors_are_counted_one_by_one():
    """The perceptron has 535,818 weights; an update works on three pieces of 131,072 numbers."""
    spec = templates.build("mlp")
    # weights, gradient, velocity
    assert memory_estimate(spec, 64).vectors == 4 * (3 * 535818 + 3 * 131072)
    assert memory_estimate(spec, 64, optimizer="sgd").vectors == 4 * (2 * 535818 + 3 * 131072)
    # more images than a pass takes: another gradient, into which passes are added up
    assert memory_estimate(spec, 2000).vectors == 4 * (4 * 535818 + 3 * 131072)
    # a worker's share is 8 images or more
    assert memory_estimate(spec, 8, threads=2).vectors == memory_estimate(spec, 8).vectors


def test_only_further_processes_take_room_of_their_own():
    spec = templates.build("mlp")
    each = 31 << 20
    assert memory_estimate(spec, 64, threads=1, processes=True).workers == 0
    assert memory_estimate(spec, 64, threads=2, processes=True).workers == each
    assert memory_estimate(spec, 64, threads=3, processes=True).workers == 2 * each
    assert memory_estimate(spec, 64, threads=3).workers == 0


def test_pixels_are_counted_as_bytes_and_as_numbers():
    spec = NetworkSpec((40, 40, 1), (Node("f", Flatten(), ("input",)), Node("d", Dense(2), ("f",))))
    small, large = (memory_estimate(spec, size).activations for size in (16, 32))
    # A byte, and four as the input: one channel is flattened without a copy. Little for two outputs.
    assert (large - small) / 16 == pytest.approx(5 * 40 * 40, abs=200)


def test_megabytes_are_told_as_such(monkeypatch):
    monkeypatch.setattr(free_memory, "available", lambda: 5 << 20)
    with pytest.raises(NetworkError) as caught:
        make_plan(
            templates.build("lenet5"),
            TrainingSettings(batch_size=64, threads=1),
            prepare(DataRecipe(count=100)),
        )
    needed = int(str(caught.value).partition("needs ")[2].partition(" MB")[0])
    # LeNet-5 on 64 images: between 5 MB, its buffers for 32 alone, and 100
    assert 5 < needed < 100
