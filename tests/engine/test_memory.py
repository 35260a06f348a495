"""The memory that a training is said to take, against what the system says that it took."""

import subprocess
import sys

import pytest

from nnstudio import templates
from nnstudio.data.recipe import DataRecipe, prepare
from nnstudio.engine import TrainingSettings, make_plan, memory, memory_estimate
from nnstudio.errors import NetworkError

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
    monkeypatch.setattr(memory, "available", lambda: 1 << 20)
    data = prepare(DataRecipe(count=100))
    with pytest.raises(NetworkError) as caught:
        make_plan(templates.build("lenet5"), TrainingSettings(batch_size=0), data)
    said = str(caught.value)
    assert "batch" in said and "1 MB" in said and "Accumulate" in said
