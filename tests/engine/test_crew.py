"""Workers of one batch: threads and processes give the same bits, and neither outlives its owner."""

import os
import signal
import threading
import time

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.data.preprocess import fit
from nnstudio.engine import compile_network, processes
from nnstudio.engine.feeds import pixel_feed
from nnstudio.engine.meeting import BrokenMeetingError, Meeting, meeting_arrays
from nnstudio.engine.optimizers import Step
from nnstudio.errors import EngineError
from nnstudio.layers import Dense, Dropout, Flatten
from nnstudio.network import NetworkSpec, Node

needs_processes = pytest.mark.skipif(
    not processes.possible(), reason="this system cannot share memory between processes"
)


def dropout_network():
    """More weights than an update by one worker is allowed, and noise."""
    layers = (Flatten(), Dense(200, "relu"), Dropout(0.5), Dense(10))
    nodes = []
    for number, layer in enumerate(layers):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id if nodes else "input",)))
    return NetworkSpec((28, 28, 1), tuple(nodes))


def feed_of(count=300, side=28, seed=0):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, side, side, 1), np.uint8)
    labels = rng.integers(0, 10, count)
    return pixel_feed(images, labels, np.arange(count), fit(images), np.float32)


def trained(spec, *, with_processes, steps=6, batch=40):
    net = compile_network(spec, seed=3, threads=2, processes=with_processes)
    if with_processes:
        net._crew.start_processes()
        assert net._crew._started() is not None
    feed = feed_of()
    outcomes = []
    for step in range(steps):
        rows = (np.arange(batch) + step * batch) % 300
        outcomes.append(net.compute(feed.at(rows), batch, dropping=True, step=step))
        net.update(Step(0.05, 0.9))
    return net.weights.tobytes(), outcomes, net.logits(feed, 300).tobytes()


@needs_processes
@pytest.mark.parametrize(
    "spec", [templates.build("lenet5"), dropout_network()], ids=("lenet", "dropout")
)
def test_processes_and_threads_give_the_same_bits(spec):
    threads = trained(spec, with_processes=False)
    assert trained(spec, with_processes=True) == threads
    assert len({o.loss for o in threads[1]}) == 6  # it did learn: each step has a loss of its own


def test_the_noise_of_a_step_follows_from_its_number():
    net = compile_network(dropout_network(), seed=3, threads=2)
    feed = feed_of()
    losses = [net.compute(feed, 40, dropping=True, step=step).loss for step in (7, 8, 7)]
    assert losses[0] == losses[2] != losses[1]


@needs_processes
def test_workers_end_with_their_network():
    net = compile_network(dropout_network(), threads=2, processes=True)
    net._crew.start_processes()
    (helper,) = net._crew._processes._helpers
    number = helper._process.pid
    assert helper.alive
    del helper, net
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@needs_processes
def test_a_worker_that_dies_is_an_error_with_a_remedy():
    net = compile_network(dropout_network(), threads=2, processes=True)
    net._crew.start_processes()
    feed = feed_of()
    net.compute(feed, 40, dropping=True)
    (helper,) = net._crew._processes._helpers
    os.kill(helper._process.pid, signal.SIGKILL)
    helper._process.wait()
    with pytest.raises(EngineError, match="worker process: It ended"):
        for _ in range(3):
            net.compute(feed, 40, dropping=True)


@needs_processes
def test_a_larger_batch_gets_more_room():
    net = compile_network(dropout_network(), threads=2, processes=True)
    net._crew.start_processes()
    alone = compile_network(dropout_network(), threads=1)
    feed = feed_of()
    for count in (20, 300, 50):
        rows = np.arange(count)
        found = net.compute(feed.at(rows), count, dropping=False)
        expected = alone.compute(feed.at(rows), count, dropping=False)
        assert found.loss == pytest.approx(expected.loss, rel=1e-5)
        for name, gradient in net.gradients().items():
            np.testing.assert_allclose(gradient, alone.gradients()[name], atol=1e-6)


def test_penalties_are_part_of_the_gradient_once():
    """By hand: λ/2·Σw² has the gradient λ·w, whatever the number of workers and passes."""
    from dataclasses import replace

    net = compile_network(dropout_network(), seed=1, threads=2)
    feed = feed_of()
    rows = np.arange(300)
    net.compute(feed.at(rows), 300, dropping=False)
    plain = net.gradients()["n3.weight"]
    slot = net.layout.slots["n3.weight"]
    penalised = replace(slot, spec=replace(slot.spec, l2=0.25, l1=0.125))
    net.layout.penalised = (penalised,)
    for shard in net._crew.shards:
        shard._scratch = np.zeros(slot.end - slot.start, np.float32)
    net.compute(feed.at(rows), 300, dropping=False)
    weights = net.parameters()["n3.weight"]
    expected = plain + 0.25 * weights + 0.125 * np.sign(weights)
    np.testing.assert_allclose(net.gradients()["n3.weight"], expected, atol=1e-6)
    size = 0.125 * np.sum(weights.astype(float) ** 2) + 0.125 * np.abs(weights).sum()
    assert net.layout.penalty(net.weights) == pytest.approx(size, rel=1e-6)


def seats(count):
    arrived, places = meeting_arrays(count)
    shared = np.zeros(arrived, np.int64), np.zeros(places)
    return [Meeting(*shared, number) for number in range(count)]


def test_a_meeting_adds_up_again_and_again():
    meetings = seats(3)
    found = [[] for _ in meetings]

    def attend(number):
        meetings[number].begin(3, 0)
        for turn in range(50):
            numbers = np.array([number + 1.0, turn * number])
            meetings[number].add_up(numbers)
            found[number].append(numbers.tolist())
            if number == 1 and turn % 10 == 0:
                time.sleep(0.001)

    threads = [threading.Thread(target=attend, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == [[[6.0, 3.0 * turn] for turn in range(50)]] * 3


def test_a_meeting_ends_when_one_fails():
    first, second = seats(2)
    first.begin(2, 0)
    second.begin(2, 0)
    second.fail()
    with pytest.raises(BrokenMeetingError):
        first.add_up(np.ones(1))
