"""What the truth of a clip says, and from where."""

from __future__ import annotations

import pytest

from bench.truth import MEASURED, clause_label, right_view, yaw_bin

STRAIGHT = {"trunk_lean_side_deg": 0.0, "trunk_lean_fore_rel_deg": 0.0}


@pytest.mark.parametrize(
    ("yaw", "side", "fore", "label"),
    [
        (0, -5.7, 0.0, "fail"),
        (25, 0.0, 11.0, "pass"),  # the lean fore and aft cannot be seen from there
        (90, -5.7, 11.0, "fail"),
        (-90, -5.7, 2.0, "pass"),
        (0, 4.0, 0.0, None),  # between the labelled ranges
    ],
)
def test_trunk_is_judged_in_the_plane_that_the_view_shows(
    yaw: float, side: float, fore: float, label: str | None
) -> None:
    numbers = {"trunk_lean_side_deg": side, "trunk_lean_fore_rel_deg": fore}
    assert clause_label("ST-03", {"ST-03": "fail"}, numbers, yaw) == label


def _feet(angle: float, heels: float, ankles: float) -> dict[str, float]:
    return {"feet_angle_deg": angle, "heel_gap_cm": heels, "ankle_gap_over_shoulder": ankles}


@pytest.mark.parametrize(
    ("labels", "numbers", "label"),
    [
        ({"ST-07": "pass"}, _feet(60, 1, 0.3), "pass"),
        ({"ST-07": "fail", "ST-08": "pass"}, _feet(5, 20, 0.9), "pass"),
        ({"ST-07": "fail"}, _feet(95, 2, 0.4), "fail"),
        ({"ST-07": "fail"}, _feet(25, 0.1, 0.27), None),  # a poor V, yet perhaps still parallel feet
        ({"ST-08": "fail"}, _feet(8, 46, 1.5), "fail"),
        ({}, _feet(60, 1, 0.3), None),
    ],
)
def test_any_stance_will_do_for_the_feet(labels: dict[str, str], numbers: dict[str, float], label: str | None) -> None:
    assert clause_label("feet", labels, numbers, 0) == label


def test_labels_of_numbers_follow_the_house_limits() -> None:
    by_rule = {m.rule: m for m in MEASURED}
    assert by_rule["ST-02"].label({"shoulder_tilt_deg": -4.0}, 0) == "fail"
    assert by_rule["ST-02"].label({"shoulder_tilt_deg": 3.0}, 0) is None
    knees = {"knee_left_deg": 175.0, "knee_right_deg": 159.0}
    assert by_rule["ST-05"].label(knees, 90) == "fail"
    assert by_rule["ST-05"].label(knees | {"knee_right_deg": 168.0}, 90) == "pass"
    assert by_rule["ST-05"].label({"knee_left_deg": 175.0}, 90) is None


def test_views_and_bins() -> None:
    assert right_view("ST-02", -30)
    assert not right_view("ST-02", 31)
    assert right_view("ST-05", -120)
    assert not right_view("ST-05", 0)
    assert right_view("ST-03.fore", 60)
    assert not right_view("ST-03.side", 60)
    assert right_view("ST-03", 0)
    assert [yaw_bin(yaw) for yaw in (0, -10, 29.9, 45, -120, 121)] == [
        "0-10", "10-20", "20-30", "30-60", "60-120", None,
    ]  # fmt: skip
