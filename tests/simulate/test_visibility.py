import numpy as np
import pytest

from posture_check.landmarks.names import L
from posture_check.simulate.body import Body
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view
from posture_check.simulate.visibility import hidden_by_body, visibilities


def hidden(yaw, **settings):
    seen = view(standing(**settings), yaw_deg=yaw, fps=None)
    return {L(i).name for i in np.flatnonzero(hidden_by_body(seen.people[0].room, seen.camera, Body())[0])}


def test_from_the_front_a_model_posture_hides_nothing():
    assert hidden(0) == set()


@pytest.mark.parametrize(("yaw", "far"), [(90, "RIGHT"), (-90, "LEFT")])
def test_from_the_side_the_far_arm_and_leg_are_hidden_and_the_near_are_not(yaw, far):
    found = hidden(yaw)
    assert {f"{far}_ELBOW", f"{far}_WRIST", f"{far}_KNEE"} <= found
    assert all(name.startswith(far) for name in found)


def test_hands_behind_the_back_are_hidden_by_the_trunk():
    assert {"LEFT_WRIST", "RIGHT_WRIST"} <= hidden(0, hands="behind")
    assert "LEFT_ELBOW" not in hidden(0, hands="behind")


def test_the_model_is_less_sure_of_what_is_hidden():
    seen, unseen = visibilities(np.array([[False] * 33, [True] * 33]))
    assert (unseen <= seen).all()
    assert unseen[L.LEFT_WRIST] < 0.3 < unseen[L.LEFT_SHOULDER]
