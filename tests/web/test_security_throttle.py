from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posture_check.web.security.throttle import FORGET_S, FREE_TRIES, LONGEST_WAIT_S, MOST_KEYS, Throttle, wait_after


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(0, 200), st.floats(1, LONGEST_WAIT_S))
def test_waits_grow_and_end_at_the_longest(failed: int, longest: float) -> None:
    assert wait_after(failed, longest) <= wait_after(failed + 1, longest) <= longest


def test_the_first_slips_cost_nothing_and_then_the_wait_doubles() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(FREE_TRIES + 4):
        wait = throttle.start({"account:a": LONGEST_WAIT_S})
        waits.append(wait)
        clock.now += wait
        if wait:
            assert throttle.start({"account:a": LONGEST_WAIT_S}) == 0
    assert waits == [0, 0, 0, 0, 2, 4, 8, 16]


def test_a_try_that_must_wait_is_not_counted() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(FREE_TRIES):
        throttle.start({"k": LONGEST_WAIT_S})
    assert {throttle.start({"k": LONGEST_WAIT_S}) for _ in range(50)} == {2.0}


def test_many_tries_at_once_gain_nothing() -> None:
    throttle = Throttle(Clock())
    assert sum(throttle.start({"k": LONGEST_WAIT_S}) == 0 for _ in range(100)) == FREE_TRIES


def test_success_clears_the_account_and_takes_back_one_try_of_the_address() -> None:
    throttle = Throttle(Clock())
    keys = {"account:a": 60.0, "address:x": 900.0}
    for _ in range(3):
        throttle.start(keys)
    throttle.succeeded(["account:a"], ["address:x"])
    assert throttle.start({"address:x": 900.0}) == 0
    assert throttle.start({"address:x": 900.0}) == 0
    assert throttle.start({"address:x": 900.0}) > 0
    assert throttle.start({"account:a": 60.0}) == 0


def test_one_account_is_never_shut_out_for_longer_than_its_cap() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(30):
        clock.now += throttle.start({"account:a": 60.0})
    assert 0 < throttle.start({"account:a": 60.0}) <= 60


def test_old_failures_are_forgotten_and_memory_stays_bounded() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(FREE_TRIES):
        throttle.start({"k": 900.0})
    clock.now += FORGET_S + 1
    assert throttle.start({"k": 900.0}) == 0
    for i in range(MOST_KEYS + 100):
        throttle.start({f"address:{i}": 900.0})
    assert len(throttle._tries) <= MOST_KEYS
