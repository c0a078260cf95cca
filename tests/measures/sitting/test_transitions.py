from dataclasses import replace

import numpy as np
import pytest

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.postures.segment import segment
from posture_check.simulate.transitions import SitAndRise
from tests.measures.sitting.seated import camera_at, seated, seen, told, value_of


def part(posture: str, yaw: float, after_s: float = 0.0, **way: object) -> Body:
    """Return what someone who sits down and rises shows of one of the ways."""
    settings = {"stand_s": 0.6, "down_s": 1.3, "sit_s": 1.0, "rise_s": 1.3} | way
    body = seen(SitAndRise(**settings).performance(), yaw, replace(camera_at(), hfov_deg=85.0))
    stretch = next(s for s in segment(body) if s.posture == posture)
    return body.around(stretch.start, stretch.stop, 0.0, after_s)


@pytest.mark.parametrize("yaw", [90, -45, 10])
def test_dropping_onto_the_seat_lands_harder_than_settling_on_it(yaw):
    settled = part("sitting_down", yaw)
    dropped = part("sitting_down", yaw, down="drop", down_s=0.8)
    assert told("sit_down_landing", settled) < 0.4
    assert told("sit_down_landing", dropped) > 0.5
    assert told("sit_down_speed", dropped) > told("sit_down_speed", settled)


def test_the_speed_of_hips_that_come_down_evenly_is_their_way_over_their_time():
    body = seated(90, duration_s=2)
    time = body.track.time_s
    height = np.interp(time, [0.5, 1.5], [0.4, 0.0])
    for hip in (L.LEFT_HIP, L.RIGHT_HIP):
        body.track.image[:, hip, 1] = 500 - height / np.median(body.m_per_px)
    body = Body(body.track, body.scene)
    size = np.median(body.m_per_px) / np.median(seated(90, duration_s=2).m_per_px)
    assert told("sit_down_speed", body) == pytest.approx(0.4 * size, rel=0.05)
    assert told("sit_down_landing", body) == pytest.approx(0.4 * size, rel=0.1)


def test_springing_up_is_faster_than_rising():
    assert told("rising_speed", part("rising", 90, up="jerk", rise_s=0.5)) > 1.5 * told(
        "rising_speed", part("rising", 90)
    )


@pytest.mark.parametrize("yaw", [90, -90, 45])
@pytest.mark.parametrize("still", [0.0, 0.8, 1.5])
def test_standing_still_is_timed_from_having_risen_to_the_first_step(yaw, still):
    found = value_of("still_before_leaving", part("rising", yaw, after_s=4, still_s=still))
    assert found.value == pytest.approx(still, abs=2 * found.error)


def test_who_does_not_leave_has_stood_as_long_as_is_seen():
    stays = part("rising", 90, after_s=4, still_s=3.0, walk_s=0.0)
    assert told("still_before_leaving", stays) > 2


def test_a_recording_that_ends_with_the_rising_tells_nothing():
    assert value_of("still_before_leaving", part("rising", 90, still_s=3.0, walk_s=0.0)) is None


def test_who_keeps_sitting_neither_sits_down_nor_rises():
    body = seated(90, duration_s=2)
    for name in ("sit_down_speed", "sit_down_landing", "rising_speed", "still_before_leaving"):
        assert value_of(name, body) is None
