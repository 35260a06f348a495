"""Workers that add up what concerns a whole batch, seat by seat."""

import threading

import numpy as np
import pytest

from nnstudio.engine.meeting import WIDEST, BrokenMeetingError, Meeting, meeting_arrays


def seats(count, **options):
    arrived, places = meeting_arrays(count)
    shared = np.zeros(arrived, np.int64), np.zeros(places)
    return [Meeting(*shared, number, **options) for number in range(count)]


def at_once(calls):
    """What each of ``calls`` gave or raised, each in a thread; None for one that never ended."""
    found = [None] * len(calls)

    def run(place, call):
        try:
            found[place] = call()
        except BrokenMeetingError as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=entry, daemon=True) for entry in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return found


def adding(meeting, array, parties, number):
    def call():
        meeting.begin(parties, number)
        meeting.add_up(array)
        return array.tolist()

    return call


def test_all_get_the_same_sum_time_and_again():
    meetings = seats(3)
    for turn in range(5):
        arrays = [np.array([turn, 10.0**place]) for place in range(3)]
        number = meetings[0].round
        calls = [adding(*entry, 3, number) for entry in zip(meetings, arrays, strict=True)]
        assert at_once(calls) == [[3 * turn, 111]] * 3


def test_one_who_missed_batches_takes_part_in_the_next():
    meetings = seats(3)
    for _ in range(3):  # the third has no share of these
        number = meetings[0].round
        pair = [adding(meeting, np.ones(1), 2, number) for meeting in meetings[:2]]
        assert at_once(pair) == [[2], [2]]
    number = meetings[0].round
    assert number == 3
    assert at_once([adding(m, np.ones(1), 3, number) for m in meetings]) == [[3]] * 3


def test_arrays_longer_than_the_places_are_added_in_pieces():
    meetings = seats(2)
    arrays = [np.arange(2.0 * WIDEST + 5), np.ones(2 * WIDEST + 5)]
    calls = [adding(*entry, 2, 0) for entry in zip(meetings, arrays, strict=True)]
    first, second = at_once(calls)
    assert first == second == (np.arange(2.0 * WIDEST + 5) + 1).tolist()
    assert meetings[0].round == 3


def test_who_waits_for_one_that_failed_is_told_and_may_begin_again():
    meetings = seats(2)
    meetings[1].fail()
    (broken,) = at_once([adding(meetings[0], np.ones(1), 2, 0)])
    assert isinstance(broken, BrokenMeetingError)
    meetings[0].reopen()
    number = meetings[0].round
    # the other comes late: the first looks for a failure while it waits
    late = threading.Event()

    def second():
        late.wait(0.2)
        return adding(meetings[1], np.ones(1), 2, number)()

    assert at_once([adding(meetings[0], np.ones(1), 2, number), second]) == [[2], [2]]


def test_who_waits_for_one_that_died_is_told():
    (meeting, _) = seats(2, alive=lambda: False)
    (broken,) = at_once([adding(meeting, np.ones(1), 2, 0)])
    assert isinstance(broken, BrokenMeetingError)


def test_alone_nothing_is_added():
    (meeting, _) = seats(2)
    array = np.array([0.1], np.float32)
    assert at_once([adding(meeting, array, 1, 0)]) == [[pytest.approx(0.1)]]
    assert meeting.round == 0
