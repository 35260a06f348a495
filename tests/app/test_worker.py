"""The threads: pausing, stepping, stopping, and that no exception vanishes on its way."""

import threading
import time

import numpy as np
import pytest

from nnstudio.app.worker import (
    Began,
    Done,
    Ended,
    Failed,
    JobThread,
    Progressed,
    TrainingThread,
    Waiting,
)
from nnstudio.engine.training import Sampled, StepEnd

RUN = 7


class Counting:
    """A training of endless steps that tells how often it was asked and whether it was closed."""

    def __init__(self):
        self.asked = 0
        self.closed = threading.Event()

    def train(self, plan):
        try:
            while True:
                self.asked += 1
                yield StepEnd(RUN, self.asked, 1, self.asked, 10, 1.0, 0.5)
                if self.asked % 2:
                    yield Sampled(RUN, self.asked, {}, {}, {})
        finally:
            self.closed.set()


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


def steps(thread):
    return sum(isinstance(event, StepEnd) for event in thread.events)


def waiting(thread):
    return sum(isinstance(event, Waiting) for event in thread.events)


@pytest.fixture
def counting():
    return Counting()


def test_numbers_that_overflow_warn_nobody(qapp, recwarn):
    def explodes(plan):
        yield StepEnd(RUN, 1, 1, 1, 10, float(np.float32(1e38) * np.float32(1e38)), 0.5)

    thread = TrainingThread(RUN, object, explodes)
    thread.start()
    assert thread.wait(5000)
    assert steps(thread) == 1
    assert not recwarn.list


@pytest.fixture
def paused(counting):
    thread = TrainingThread(RUN, lambda: "plan", counting.train, paused=True)
    thread.start()
    until(lambda: waiting(thread) == 1)
    yield thread
    thread.finish()


def test_a_paused_training_is_not_asked(paused, counting):
    assert counting.asked == 0
    assert paused.events[0] == Began(RUN, "plan")


def test_a_step_asks_for_exactly_one(paused, counting):
    for number in (1, 2, 3):
        paused.step()
        until(lambda number=number: waiting(paused) == number + 1)
        assert steps(paused) == number
    assert counting.asked == 3


def test_pause_stops_asking_and_resume_goes_on(paused, counting):
    paused.resume()
    until(lambda: steps(paused) > 20)
    paused.pause()
    until(lambda: waiting(paused) == 2)
    asked = counting.asked
    time.sleep(0.05)
    assert counting.asked == asked
    paused.resume()
    until(lambda: counting.asked > asked)


def test_finish_closes_the_generator_and_joins(paused, counting):
    paused.resume()
    until(lambda: steps(paused) > 3)
    paused.finish()
    assert counting.closed.is_set()
    assert paused.isFinished()
    assert paused.events[-1] == Ended(RUN)


def test_a_question_is_answered_between_events_of_a_busy_training(paused):
    paused.resume()
    begun = time.monotonic()
    for _ in range(50):
        assert paused.between(lambda: threading.current_thread() is not None)
    assert time.monotonic() - begun < 5
    with pytest.raises(KeyError):
        paused.between(lambda: {}["nothing"])
    paused.finish()
    assert paused.between(lambda: 3) == 3


@pytest.mark.parametrize(
    "error", [ValueError("odd"), MemoryError(), KeyboardInterrupt(), SystemExit(3)]
)
def test_any_exception_in_the_training_is_told(error):
    def train(plan):
        yield StepEnd(RUN, 1, 1, 1, 1, 1.0, 0.5)
        raise error

    thread = TrainingThread(RUN, lambda: None, train)
    thread.start()
    thread.wait()
    failed = [event for event in thread.events if isinstance(event, Failed)]
    assert failed[0].error is error
    assert type(error).__name__ in failed[0].details


def test_an_exception_while_compiling_is_told():
    thread = TrainingThread(RUN, lambda: 1 / 0, lambda plan: iter(()))
    thread.start()
    thread.wait()
    assert isinstance(thread.events[0].error, ZeroDivisionError)
    assert thread.events[-1] == Ended(RUN)


def test_a_job_tells_progress_and_result():
    def job(progress):
        return [progress(done, 2) for done in (1, 2)]

    thread = JobThread(RUN, job)
    thread.start()
    thread.wait()
    assert list(thread.events) == [
        Progressed(RUN, 1, 2),
        Progressed(RUN, 2, 2),
        Done(RUN, [True, True]),
        Ended(RUN),
    ]


def test_a_cancelled_job_hears_of_it():
    heard = threading.Event()

    def job(progress):
        while progress(0, 1):
            time.sleep(0.001)
        heard.set()

    thread = JobThread(RUN, job)
    thread.start()
    until(lambda: thread.events)
    thread.finish()
    assert heard.is_set()
