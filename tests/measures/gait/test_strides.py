"""Steps are found from any side, at any frame rate, and with legs taken for each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.gait.strides import find_strides
from posture_check.measures.scene import known_scene
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view
from tests.measures.gait.walkers import walk, with_swapped_legs


@settings(max_examples=12)
@given(
    yaw=sampled_from([0.0, 25.0, 60.0, 90.0, -90.0, -110.0, 180.0]),
    step_s=floats(0.42, 0.7),
    fps=sampled_from([10.0, 15.0, 30.0]),
)
def test_step_time_from_any_side(yaw: float, step_s: float, fps: float) -> None:
    body, _ = walk(yaw, step_time_s=step_s, fps=fps)
    late = body.slice(int(1.2 * fps), len(body))
    # Towards or away from the camera the legs pass along the sight line: over step times and frame rates 95 % lie
    # within 0.03 s there and the worst within 0.04; side-on within 0.01 and 0.02.
    off = 0.045 if abs(yaw) in (0.0, 180.0) else 0.03
    assert find_strides(late).step_s == pytest.approx(step_s, abs=off)


def test_every_step_is_found() -> None:
    body, seen = walk(90.0, step_time_s=0.5, duration_s=5.0)
    strides = find_strides(body)
    assert np.diff(strides.passing_s[1:]) == pytest.approx(0.5, abs=0.04)
    assert strides.passing_s[-1] > 4.2
    assert strides.apart == pytest.approx(0.62 / 1.7, rel=0.25)
    assert seen.time_s[-1] > 4.9


def test_legs_taken_for_each_other_change_no_step_time() -> None:
    body, _ = walk(90.0, step_time_s=0.55)
    swapped = with_swapped_legs(body, slice(50, 80))
    assert find_strides(swapped).step_s == pytest.approx(find_strides(body).step_s, abs=0.03)


@pytest.mark.parametrize("yaw", [0.0, 90.0])
def test_somebody_who_stands_makes_no_steps(yaw: float) -> None:
    seen = view(standing(sway_cm=2.0, duration_s=4.0), yaw_deg=yaw, fps=30.0, noise_px=1.0)
    body = Body(seen.track, known_scene(seen.camera))
    assert len(find_strides(body).passing_s) == 0


def test_landings_tell_uneven_steps_apart() -> None:
    even, uneven = (walk(90.0, uneven=u)[0] for u in (0.0, 0.15))
    lengths = [find_strides(body.slice(30, len(body))).landing_times()[1] for body in (even, uneven)]
    assert lengths[0].std() / lengths[0].mean() < 0.04
    assert lengths[1].std() / lengths[1].mean() == pytest.approx(0.15, abs=0.04)
