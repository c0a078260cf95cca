import re

import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.simulate.body import Body
from posture_check.simulate.scenarios import SCENARIOS, scenario

ASKED_FOR = {
    "standing_v60",
    "standing_v25",
    "standing_v95",
    "standing_fist",
    "standing_parallel",
    "standing_wide",
    "standing_t",
    "hands_front_right_over_left",
    "hands_front_left_over_right",
    "hands_behind",
    "hands_on_hips",
    "hand_on_hip_left",
    "arms_crossed",
    "hands_in_pockets",
    "leaning",
    "swaying",
    "shoulder_tilt",
    "trunk_lean_forward",
    "trunk_lean_side",
    "knees_bent",
    "head_down",
    "head_turned",
    "standing_then_walk",
    "standing_back",
    "standing_side",
    "tiny",
    "upper_body_only",
    "no_person",
    "two_people",
    "sitting_side",
    "sitting_b",
    "sitting_crossed",
    "sitting_figure4",
    "sitting_jitter",
    "sit_down_and_rise",
    "sit_down_dropping",
    "squat_pick_up",
    "squat_bent",
    "squats",
    "walking_clamped",
    "walking_running",
    "walking_looking_around",
    "showing_the_way",
    "pointing_finger",
    "inviting_to_sit",
    "tray",
    "waving_at_ear",
    "bowing",
    "guiding",
    "receiving",
    "handing_to_visitor",
}


def test_every_promised_scene_is_there():
    assert set(SCENARIOS) >= ASKED_FOR


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scene_can_be_played_and_says_what_it_is(name):
    found = scenario(name)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert found.name == name
    assert found.about
    scene = found.make(Body(1.6))
    for actor in scene.actors:
        figure = actor.performance.figure(np.linspace(0, scene.duration_s, 7))
        assert np.isfinite(figure.points).all()
        assert figure.points[..., 1].min() > 0
        assert actor.performance.body.stature_m <= 1.6


def test_an_unknown_scene_is_refused_with_the_names():
    with pytest.raises(InputError, match=r"simulate:standing_v61: no such scene; choose one of .*standing_v60") as e:
        scenario("standing_v61")
    assert "\n" not in str(e.value)
