import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats
from scipy.ndimage import gaussian_filter
from scipy.ndimage import shift as moved

from posture_check.landmarks.names import SHAKEN, L
from posture_check.landmarks.shake import Shake, shift

RNG = np.random.default_rng(0)
TEXTURE = gaussian_filter(RNG.normal(size=(120, 120)), 2.5)
TEXTURE = 128 + 60 * TEXTURE / np.abs(TEXTURE).max()


@settings(max_examples=15)
@given(right=floats(-1.5, 1.5), down=floats(-1.5, 1.5))
def test_a_patch_that_moves_is_told_by_how_much(right, down):
    before = TEXTURE.astype(np.float32)
    after = moved(TEXTURE, (down, right), order=3, mode="nearest").astype(np.float32)
    inner = slice(20, 100)
    found = shift(before[inner, inner], after[inner, inner])
    # Pixels that hardly change do not count, which makes small movements look a little larger.
    assert found == pytest.approx((right, down), abs=0.25 + 0.15 * max(abs(right), abs(down)))


def test_a_wall_behind_does_not_hold_a_leg_still():
    def scene(down: float) -> np.ndarray:
        picture = TEXTURE.copy()
        leg = moved(np.roll(TEXTURE, 40, axis=1), (down, 0), order=3, mode="nearest")
        picture[:, 40:80] = leg[:, 40:80]
        return picture[20:100, 20:100].astype(np.float32)

    assert shift(scene(0.0), scene(1.0))[1] == pytest.approx(1.0, abs=0.35)


def test_noise_of_the_video_is_no_movement():
    still = TEXTURE[20:100, 20:100]
    first, second = (still + RNG.normal(0, 1.2, still.shape) for _ in range(2))
    assert shift(first.astype(np.float32), second.astype(np.float32)) == (0.0, 0.0)


def body(x: float, y: float) -> np.ndarray:
    points = np.full((33, 4), 200.0)
    for landmark in SHAKEN:
        points[landmark, :2] = x, y
    points[[L.LEFT_ANKLE, L.RIGHT_ANKLE], 1] = y + 60
    return points


def test_the_first_frame_and_windows_beyond_the_picture_tell_nothing():
    image = np.zeros((240, 320, 3), np.uint8)
    shake = Shake()
    assert np.isnan(shake.feed(image, body(100, 100))).all()
    assert (shake.feed(image, body(101, 100)) == 0).all()
    assert np.isnan(Shake().feed(image, body(2, 2))).all()


def test_a_window_follows_a_landmark_that_goes_away():
    image = np.zeros((240, 320, 3), np.uint8)
    shake = Shake()
    shake.feed(image, body(100, 100))
    assert np.isnan(shake.feed(image, body(180, 100))[SHAKEN.index(L.LEFT_KNEE)]).all()
    assert np.isfinite(shake.feed(image, body(180, 100))[SHAKEN.index(L.LEFT_KNEE)]).all()
