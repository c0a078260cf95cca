from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from posture_check.landmarks.findings import Finding, Findings, Mark
from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track
from posture_check.reports.annotate import Page, annotate
from posture_check.reports.body_marks import Figure
from posture_check.reports.draw import COLOURS, Pen
from posture_check.reports.grooming_marks import READ_BY, SHOWN_S, findings_at, one_label_each
from posture_check.reports.marks import draw_checks, label_text
from posture_check.reports.panel import draw_panel, draw_timeline, panel_width
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Reason, Verdict
from posture_check.sources.frame import Frame
from tests.reports.make import SIZE, make_check, make_result, make_track, make_tracks, standing_points

BOX = Mark("area", ((600.0, 200.0), (700.0, 200.0), (700.0, 260.0), (600.0, 260.0)))


def dress(rule: str, verdict: Verdict = Verdict.FAIL, **fields: object) -> Check:
    return make_check(rule, verdict, posture="grooming", **fields)


def drawn(findings: Findings, *checks: Check, right: bool = True) -> np.ndarray:
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    figure = Figure(standing_points(), np.ones(33), np.zeros((0, 2)), None, findings)
    draw_checks(Pen(image, 2.0), figure, checks, "en", 15, right=right)
    return image


def in_box(image: np.ndarray, mark: Mark = BOX) -> np.ndarray:
    (left, top), (right, bottom) = np.min(mark.points, axis=0).astype(int), np.max(mark.points, axis=0).astype(int)
    return image[top:bottom, left:right].astype(int)


def test_every_rule_that_reads_pixels_has_a_mark() -> None:
    rules = [rule for rule in load_rules(None, "default").rules if rule.posture == "grooming" and rule.measure]
    assert len(rules) > 20
    for rule in rules:
        names = READ_BY.get(rule.id, READ_BY.get(rule.clause, ()))
        assert rule.measure in names, rule.id


@pytest.mark.parametrize("rule", sorted(READ_BY))
def test_what_was_found_is_filled_in_the_colour_of_the_verdict(rule: str) -> None:
    image = drawn({READ_BY[rule][0]: Finding(1.0, 0.1, marks=(BOX,))}, dress(rule))
    inside = in_box(image)[20:40, 30:70]
    share = np.median(inside, axis=(0, 1)) / np.array(COLOURS[Verdict.FAIL])
    np.testing.assert_allclose(share, share.mean(), atol=0.03)
    assert 0.3 < share.mean() < 0.6


def test_where_it_was_looked_is_outlined_and_not_filled() -> None:
    image = drawn({"tie_worn": Finding(0.02, 0.1, marks=(replace(BOX, role="region"),))}, dress("TI-01"))
    assert not in_box(image)[20:40, 10:45].any()
    assert in_box(image).any()


def test_where_a_tie_was_looked_for_does_not_matter_once_it_is_found() -> None:
    wide = Mark("area", ((400.0, 100.0), (900.0, 100.0), (900.0, 500.0), (400.0, 500.0)), "region")
    for verdict, drawn_there in ((Verdict.PASS, False), (Verdict.FAIL, True)):
        image = drawn({"tie_worn": Finding(0.9, 0.1, marks=(wide, BOX))}, dress("TI-01", verdict, unit="probability"))
        assert image[495:505, 400:600].any() == drawn_there


def test_marks_end_at_the_edge_of_the_picture() -> None:
    track = make_track()
    out = Mark("area", ((-50.0, -20.0), (2000.0, 100.0), (600.0, 900.0)), "region")
    track.findings = {"tie_worn": Finding(0.9, 0.1, evidence_s=1.0, marks=(out,))}
    points = np.array(findings_at(track, 1.0, 2.0)["tie_worn"].marks[0].points)
    assert points.tolist() == [[0, 0], [2560, 200], [1200, 1440]]


def test_what_it_is_held_against_is_white() -> None:
    line = Mark("line", ((650.0, 150.0), (650.0, 300.0)), "reference")
    image = drawn({"knot_offset": Finding(2.0, 0.3, marks=(Mark("point", ((620.0, 210.0),)), line))}, dress("TI-02"))
    column = image[150:300, 650].astype(int)
    assert (column.min(axis=1) > 220).sum() > 30


@pytest.mark.parametrize("kind", ["area", "line", "point"])
def test_a_mark_beyond_the_picture_does_no_harm(kind: str) -> None:
    points = ((-900.0, -50.0), (5000.0, 300.0), (400.0, 99999.0)) if kind != "point" else ((-40.0, 9000.0),)
    for role in ("region", "found", "reference"):
        drawn({"tie_tip": Finding(9.0, 1.0, marks=(Mark(kind, points, role),))}, dress("TI-03"))  # type: ignore[arg-type]


def test_what_is_fine_and_unremarkable_is_not_drawn_nor_what_has_no_mark() -> None:
    found = {"beard": Finding(0.02, 0.1, marks=(BOX,)), "badge_worn": Finding(0.9, 0.1)}
    assert not drawn(found, dress("BE-01", Verdict.PASS), dress("BD-01.worn", Verdict.PASS)).any()
    assert drawn(found, dress("BE-01", Verdict.FAIL)).any()


def test_a_label_tells_centimetres_degrees_and_shares() -> None:
    assert label_text(dress("HA-01", value=0.321, error=0.05, unit="share"), "en") == "HA-01  32.1%"
    assert label_text(dress("TI-02", value=-1.9, error=0.4, unit="cm"), "en") == "TI-02  −1.9 cm"
    assert label_text(dress("TI-01", value=0.93, error=0.2, unit="probability"), "en") == "TI-01"


def test_a_clause_that_is_fine_is_labelled_once_and_every_fault() -> None:
    fine = [dress(f"BD-01.{name}", Verdict.PASS, unit="probability") for name in ("worn", "front", "issued")]
    assert one_label_each(fine) == [True, False, False]
    side = dress("BD-01.side", Verdict.PASS, value=9.0, unit="cm")
    assert one_label_each([*fine, side]) == [False, False, False, True]
    reverse = dress("BD-01.front", Verdict.FAIL, unit="probability")
    assert one_label_each([fine[0], reverse, side]) == [False, True, True]
    assert one_label_each([make_check("ST-02"), make_check("ST-02")]) == [True, True]


@pytest.mark.parametrize("right", [True, False])
def test_of_two_ears_the_one_beside_the_label_is_pointed_at(right: bool) -> None:
    ears = tuple(Mark("area", ((x, 100.0), (x + 20, 100.0), (x + 20, 130.0))) for x in (560.0, 700.0))
    image = drawn({"ears_covered": Finding(0.9, 0.1, marks=ears)}, dress("HA-02"), right=right)
    assert not (image[100:130, 600:680].min(axis=2) > 200).any()


def moving(speed: float) -> Track:
    track = make_track()
    track.image[:, :, 0] += speed * track.time_s[:, None]
    return track


def test_marks_move_with_the_person_and_only_near_their_frame() -> None:
    track = moving(30.0)
    track.findings = {"tie_worn": Finding(0.9, 0.1, evidence_s=1.5, marks=(BOX,)), "beard": Finding(0.1, 0.1)}
    for time_s in (1.0, 1.5, 2.2):
        points = np.array(findings_at(track, time_s, 2.0)["tie_worn"].marks[0].points)
        np.testing.assert_allclose(points, 2 * (np.array(BOX.points) + np.array([30 * (time_s - 1.5), 0])), atol=2.1)
    assert findings_at(track, 1.5 + 1.1 * SHOWN_S, 1.0) == {}
    assert "beard" not in findings_at(track, 1.5, 1.0)


def test_marks_follow_the_part_of_the_body_they_are_on() -> None:
    track = make_track()
    track.image[45:, L.NOSE : L.MOUTH_RIGHT + 1, 0] += 40
    forehead = Mark("area", ((630.0, 80.0), (650.0, 80.0), (640.0, 95.0)))
    belt = Mark("line", ((600.0, 360.0), (680.0, 360.0)))
    track.findings = {
        "forehead_covered": Finding(0.4, 0.1, evidence_s=1.0, marks=(forehead,)),
        "tie_tip": Finding(4.0, 1.0, evidence_s=1.0, marks=(belt,)),
    }
    found = findings_at(track, 1.8, 1.0)
    assert found["forehead_covered"].marks[0].points[0][0] == pytest.approx(670, abs=1)
    assert found["tie_tip"].marks[0].points[0][0] == pytest.approx(600, abs=1)


def test_the_timeline_shows_a_fault_of_dress_where_it_is_to_be_seen() -> None:
    red = {}
    for posture in ("grooming", "standing"):
        check = make_check("TI-02", Verdict.FAIL, posture=posture, start_s=0.0, end_s=60.0, evidence_s=15.0)
        result = make_result([check], Verdict.FAIL, duration_s=60.0)
        panel = draw_panel(result, "en", 720, 40.0)
        draw_timeline(panel, result, "en", 40.0)
        foot = (np.abs(panel[-20:].astype(int) - COLOURS[Verdict.FAIL]).max(axis=2) < 12).any(axis=0)
        red[posture] = np.flatnonzero(foot) / panel.shape[1]
    assert np.ptp(red["grooming"]) < 0.05
    assert np.median(red["grooming"]) == pytest.approx(0.27, abs=0.03)
    assert np.ptp(red["standing"]) > 0.8


def test_what_no_picture_can_tell_takes_a_line_of_the_panel_and_not_a_row_each() -> None:
    judged = [dress(f"HA-0{i}", Verdict.FAIL) for i in range(1, 7)]
    manual = [dress(f"AC-{i:02d}", Verdict.NOT_ASSESSED, reason=Reason.MANUAL) for i in range(1, 20)]
    alone = draw_panel(make_result(judged, Verdict.FAIL), "en", 900)
    both = draw_panel(make_result([*judged, *manual], Verdict.FAIL), "en", 900)
    filled = [np.flatnonzero((p > 100).any(axis=(1, 2))).max() for p in (alone, both)]
    assert filled[0] < filled[1] < filled[0] + 100
    head = 100  # the counts differ
    assert (alone[head : filled[0]] == both[head : filled[0]]).all()


def portrait(width: int, height: int, findings: Findings) -> Track:
    track = make_track(1)
    points = standing_points()
    points = (points - [640, 60]) * width / 160 + [width / 2, height * 0.2]
    track.image[0, :, :2] = points
    track.image[0, points[:, 1] > height, 3] = 0.1
    track.findings, track.size = findings, (width, height)
    return track


@pytest.mark.parametrize("width", [240, 335, 550])
def test_a_small_portrait_is_enlarged_and_its_labels_stand_beside_it(width: int, tmp_path: Path) -> None:
    height = width * 6 // 5
    middle = width / 2
    knot = Mark("area", ((middle - 9, height * 0.6), (middle + 9, height * 0.6), (middle, height * 0.7)))
    track = portrait(width, height, {"knot_offset": Finding(1.9, 0.3, evidence_s=0.0, marks=(knot,))})
    found = make_tracks("portrait.png", track, kind="image")
    check = dress("TI-02", value=1.9, error=0.3, unit="cm", start_s=0.0, end_s=0.0, evidence_s=0.0)
    result = make_result([check], Verdict.FAIL, kind="image", duration_s=0.0, frames=1, fps=None, size=(width, height))
    image = np.full((height, width, 3), 90, np.uint8)
    page = Page(result, found, "en", image, still=True).draw(Frame(0, 0.0, image))
    assert page.shape[0] == 900
    strip = page.shape[1] - panel_width(900) - round(width * 900 / height / 2) * 2
    assert 120 < strip < 320
    face = page[300:500, 250:500]
    assert (face == 90).all()  # neither a bone nor a label lies over it

    path = tmp_path / "portrait.png"
    cv2.imwrite(str(path), image)
    for lang in ("en", "zh"):
        out = tmp_path / f"{lang}.png"
        again = replace(found.source, path=str(path), width=width, height=height)
        source = result.source.model_copy(update={"path": str(path)})
        annotate(result.model_copy(update={"source": source}), replace(found, source=again), out, lang)  # type: ignore[arg-type]
        assert cv2.imread(str(out)).shape == page.shape
