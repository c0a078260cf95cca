import numpy as np
import pytest

from tests.measures.sitting.seated import seated, told, value_of


@pytest.mark.parametrize("lean", [-12, 2, 18])
@pytest.mark.parametrize("yaw", [90, -75])
def test_a_lean_is_told_from_the_side(lean, yaw):
    found = value_of("seated_lean_worst", seated(yaw, trunk_flexion_deg=lean))
    assert found.value == pytest.approx(lean, abs=2 * found.error)


def test_a_lean_of_two_seconds_is_not_averaged_away():
    upright, back = seated(90, trunk_flexion_deg=2, duration_s=6), seated(90, trunk_flexion_deg=-14, duration_s=2)
    upright.track.image[60:120] = back.track.image[:60]
    upright.track.world[60:120] = back.track.world[:60]
    assert told("trunk_lean_fore", upright) > -1
    assert told("seated_lean_worst", upright) < -10


def test_a_head_that_hangs_forward_shows_and_a_straight_forward_lean_does_not():
    body = seated(90)
    upright, leaning = told("head_poke", body), told("head_poke", seated(90, trunk_flexion_deg=14))
    assert 30 < upright < 49
    assert leaning < 49
    slumped = seated(90)
    # The face sinks by 5 cm and goes forward by as much.
    by = 0.05 / np.median(slumped.m_per_px)
    slumped.track.image[:, :11, 0] += np.float32(by * slumped.facing_x[0])
    slumped.track.image[:, :11, 1] += np.float32(by)
    assert told("head_poke", slumped) > 54


def test_a_head_on_the_desk_is_as_low_as_the_shoulders():
    body = seated(0)
    assert 12 < told("head_height", body) < 24
    down = 0.17 / np.median(body.m_per_px)
    body.track.image[:, :11, 1] += np.float32(down)
    assert told("head_height", seated(0)) > 6 > told("head_height", Fresh(body))


def Fresh(body):
    """Return the body anew, so that nothing is remembered from before its track was changed."""
    return type(body)(body.track, body.scene)


def test_legs_folded_under_hanging_thighs_leave_the_trunk_unknown():
    body = seated(90)
    shoulder, hip = (np.median(body.middle(left, left + 1), axis=0) for left in (11, 23))
    trunk = np.linalg.norm(shoulder - hip)
    ahead = trunk * np.array([body.facing_x[0], 0.0])
    for knees, ankles, unknown in (((0.4, 0.5), (0.0, 0.8), True), ((0.7, 0.1), (0.6, 0.9), False)):
        for at, (forward, down) in ((25, knees), (27, ankles)):
            body.track.image[:, [at, at + 1], :2] = (hip + forward * ahead + [0, down * trunk])[None, None]
        error = value_of("seated_lean_worst", Fresh(body)).error
        assert (error > 14) is unknown
