import numpy as np
import pytest

from posture_check.simulate.noise import drift, jitter


def test_jitter_has_variance_one_and_no_memory():
    found = jitter(np.random.default_rng(0), (4000, 33))
    assert found.std() == pytest.approx(1.0, abs=0.02)
    assert abs((found[1:] * found[:-1]).mean()) < 0.02


def test_drift_has_variance_one_and_is_slow():
    time_s = np.arange(0, 60, 1 / 30)
    found = drift(np.random.default_rng(0), time_s)
    assert found.std() == pytest.approx(1.0, abs=0.12)
    assert np.diff(found, axis=0).std() < 0.15


def test_drift_is_a_function_of_time():
    slow, fast = (drift(np.random.default_rng(5), np.arange(0, 2, step)) for step in (0.1, 0.05))
    assert slow == pytest.approx(fast[::2])
