"""Where a person goes on the floor."""

import numpy as np
import pytest

from posture_check.measures.gait.path import forward_speed, goes_backwards, path_of
from tests.measures.gait.walkers import backwards_in_time, fact, walk


@pytest.mark.parametrize("yaw", [0.0, 30.0, -45.0, 90.0, -90.0])
def test_direction_and_speed_of_the_way(yaw: float) -> None:
    body, seen = walk(yaw)
    late = body.slice(40, len(body))
    path = path_of(late)
    assert path is not None
    # A person whose left side is seen goes to the picture's left, one who faces the camera comes nearer.
    wanted = np.array([-np.sin(np.radians(yaw)), -np.cos(np.radians(yaw))])
    assert path.along @ wanted > np.cos(np.radians(4))
    assert path.speed_mps == pytest.approx(fact(seen, "speed_mps"), rel=0.08)
    assert np.linalg.det(np.stack([path.along, path.across])) == pytest.approx(1.0)


@pytest.mark.parametrize("yaw", [0.0, 90.0, -90.0])
def test_backwards(yaw: float) -> None:
    body, _ = walk(yaw)
    assert not goes_backwards(body)
    assert goes_backwards(backwards_in_time(body))
    assert np.nanmedian(forward_speed(body)) > 0.9
