import pytest

from posture_check.simulate.body import Body
from posture_check.simulate.scenarios import SCENARIOS
from posture_check.simulate.standing import standing


def labels(name, role="A"):
    return SCENARIOS[name].make(Body()).subject.labels(role)


@pytest.mark.parametrize("role", ["A", "B"])
def test_the_model_posture_passes_everything(role):
    found = labels("standing_v60", role)
    assert set(found.values()) == {"pass"}
    assert {"ST-01", "ST-02", "ST-03", "ST-04", "ST-05", "ST-06", "ST-07", "ST-10", "ST-14"} <= set(found)


@pytest.mark.parametrize(
    ("name", "fails"),
    [
        ("standing_v25", {"ST-07"}),
        ("standing_v95", {"ST-07"}),
        ("standing_v_gap", {"ST-07"}),
        ("standing_fist", set()),
        ("standing_parallel", set()),
        ("standing_wide", {"ST-08"}),
        ("standing_t", set()),
        ("hands_front_right_over_left", set()),
        ("hands_front_left_over_right", {"ST-06"}),
        ("hands_behind", set()),
        ("hands_on_hips", {"ST-06", "ST-10"}),
        ("hand_on_hip_left", {"ST-06", "ST-10"}),
        ("arms_crossed", {"ST-06", "ST-11"}),
        ("hands_in_pockets", {"ST-06", "ST-12"}),
        ("leaning", {"ST-03", "ST-04", "ST-13"}),
        ("swaying", {"ST-14"}),
        ("knee_shaking", {"ST-05", "ST-14"}),
        ("shoulder_tilt", {"ST-02"}),
        ("trunk_lean_forward", {"ST-03"}),
        ("trunk_lean_side", {"ST-02", "ST-03"}),
        ("knees_bent", {"ST-05"}),
        ("head_down", {"ST-01"}),
        ("head_turned", {"ST-01"}),
        ("head_tilted", {"ST-01"}),
    ],
)
def test_a_scenario_breaks_just_the_clauses_it_is_for(name, fails):
    assert {clause for clause, verdict in labels(name).items() if verdict == "fail"} == fails


def test_hands_behind_the_back_are_for_role_a_only():
    assert labels("hands_behind", "A")["ST-06"] == "pass"
    assert labels("hands_behind", "B")["ST-06"] == "fail"


def test_near_its_limit_a_clause_has_no_label():
    assert "ST-02" not in standing(shoulder_tilt_deg=3.2).labels()
    assert "ST-07" not in standing(feet_angle_deg=75).labels()


def test_somebody_who_only_walks_has_no_standing_verdicts():
    assert labels("walking_side") == {}
    assert labels("standing_then_walk")["ST-07"] == "pass"
