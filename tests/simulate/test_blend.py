import numpy as np
import pytest

from posture_check.simulate.blend import blend, during, ease, smooth
from posture_check.simulate.pose import Arm, Foot, Hanging, Planted, Pose


def test_a_mixture_lies_between_and_ends_at_its_parts():
    first = Pose(legs=Planted(Foot(0.1, 0.0), Foot(-0.1, 0.0)), left_arm=Arm(elbow=10.0))
    second = Pose(legs=Planted(Foot(0.3, 0.0), Foot(-0.1, 0.2)), left_arm=Arm(elbow=90.0, fingers=(0.0,) * 5))
    mixed = blend(first, second, np.array([0.0, 0.5, 1.0]))
    assert mixed.left_arm.elbow == pytest.approx([10, 50, 90])
    assert mixed.legs.left.x == pytest.approx([0.1, 0.2, 0.3])
    assert np.asarray(mixed.left_arm.fingers[1]) == pytest.approx([22, 11, 0])


def test_poses_of_different_kinds_do_not_mix():
    with pytest.raises(TypeError, match="do not mix"):
        blend(Pose(legs=Planted(Foot(0.1, 0.0), Foot(-0.1, 0.0))), Pose(legs=Hanging()), 0.5)


@pytest.mark.parametrize("path", [ease, smooth])
def test_paths_go_from_nothing_to_everything_and_start_slowly(path):
    found = path(np.linspace(-0.5, 1.5, 201))
    assert (found[0], found[-1]) == (0, 1)
    assert (np.diff(found) >= -1e-12).all()
    assert path(0.05) < 0.01


def test_an_event_is_there_only_between_its_times():
    time_s = np.linspace(0, 4, 401)
    share = during(time_s, 1.0, 3.0, 0.5)
    assert not share[(time_s <= 1.0) | (time_s >= 3.0)].any()
    assert (share[(time_s >= 1.5) & (time_s <= 2.5)] == 1).all()
