import threading
import time
import weakref

import pytest

from posture_check.sources.pump import DEPTH, Pump, Stalled


def decode_threads():
    return [t for t in threading.enumerate() if t.name == "posture-check-decode"]


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    yield
    assert decode_threads() == []


def test_items_come_in_order_and_all_of_them():
    pump = Pump(lambda stop: (i for i in range(500)))
    assert list(pump.items()) == list(range(500))


def test_an_error_comes_after_the_items_before_it():
    def make(stop):
        yield from range(5)
        raise OSError("disk gone")

    got = []
    with pytest.raises(OSError, match="disk gone"):
        got.extend(Pump(make).items())
    assert got == list(range(5))


class Picture:
    pass


def test_no_more_is_held_than_the_queue_and_one_on_each_side():
    alive: list[weakref.ref] = []
    most = 0

    def make(stop):
        for _ in range(60):
            picture = Picture()
            alive.append(weakref.ref(picture))
            yield picture
            del picture

    for _item in Pump(make).items():
        time.sleep(0.002)
        most = max(most, sum(ref() is not None for ref in alive))
    assert DEPTH <= most <= DEPTH + 2
    del _item
    assert sum(ref() is not None for ref in alive) == 0


def test_leaving_the_loop_early_ends_the_thread_and_closes_the_generator():
    closed = threading.Event()

    def make(stop):
        try:
            while True:
                yield 1
        finally:
            closed.set()

    items = Pump(make).items()
    assert next(items) == 1
    items.close()
    assert closed.wait(2)


def test_newest_only_skips_what_a_slow_consumer_missed():
    ready = threading.Semaphore(1)
    handed_over = 0

    def make(stop):
        nonlocal handed_over
        for i in range(31):
            ready.acquire()
            yield i
            handed_over = i + 1

    items = Pump(make, newest_only=True).items()
    got = [next(items)]
    for upto in (11, 12, 31):
        for _ in range(upto - got[-1] - 1):
            ready.release()
        while handed_over < upto:
            time.sleep(0.001)
        got.append(next(items))
    assert got == [0, 10, 11, 30]
    assert list(items) == []


def test_a_source_that_hangs_is_given_up():
    def make(stop):
        yield 1
        stop.wait(30)

    items = Pump(make).items(patience_s=0.4)
    assert next(items) == 1
    begun = time.monotonic()
    with pytest.raises(Stalled):
        next(items)
    assert 0.3 < time.monotonic() - begun < 3


def test_closing_twice_or_before_starting_is_harmless():
    pump = Pump(lambda stop: (i for i in range(3)))
    pump.close()
    pump.close()
    assert list(pump.items()) == []
