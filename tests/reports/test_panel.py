import numpy as np
import pytest

from posture_check.reports.draw import COLOURS
from posture_check.reports.panel import GROUND, checks_shown, draw_panel, draw_timeline, is_active, panel_width
from posture_check.rules.result import Limit, Reason, Text, Verdict
from tests.reports.make import make_check, make_result


def document(count, verdict=Verdict.PASS, person=0):
    fix = Text(zh="请放平左肩", en="Lower your left shoulder a little, and hold it there until the end")
    return [
        make_check(
            f"ST-{i % 15 + 1:02}",
            verdict,
            person=person,
            value=5.0 + i,
            error=0.4,
            unit="deg",
            limit=Limit(max=8),
            fix=fix,
            reason=Reason.VIEW if verdict is Verdict.NOT_ASSESSED else None,
        )
        for i in range(count)
    ]


def near(image, colour):
    return np.abs(image.astype(int) - colour).max(axis=-1) < 12


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("height", [720, 900, 1080])
@pytest.mark.parametrize("count", [0, 1, 17, 30, 60, 200])
def test_the_panel_has_its_size_and_never_writes_over_its_foot(lang, height, count):
    image = draw_panel(make_result(document(count, Verdict.FAIL), Verdict.FAIL), lang, height, 1.0)
    assert image.shape == (height, panel_width(height), 3)
    assert panel_width(height) % 2 == 0
    foot = image[-round(2.4 * height / 45) :]
    assert (foot == GROUND).all()


def test_every_check_of_a_usual_document_has_its_sign():
    checks = [*document(11), *document(3, Verdict.FAIL), *document(3, Verdict.NOT_ASSESSED)]
    image = draw_panel(make_result(checks, Verdict.FAIL), "zh", 720)
    left = image[78:, :40]
    for verdict, count in ((Verdict.PASS, 11), (Verdict.FAIL, 3), (Verdict.NOT_ASSESSED, 3)):
        rows = near(left, COLOURS[verdict]).any(axis=1)
        assert (np.diff(np.concatenate([[0], rows.astype(int)])) == 1).sum() >= count


def test_what_is_wrong_is_listed_even_when_there_is_no_room_for_the_rest():
    checks = [*document(80), *document(2, Verdict.FAIL)]
    image = draw_panel(make_result(checks, Verdict.FAIL), "en", 720)
    rows = near(image[78:, :40], COLOURS[Verdict.FAIL]).any(axis=1)
    assert (np.diff(np.concatenate([[0], rows.astype(int)])) == 1).sum() >= 2


def test_languages_differ_on_the_panel():
    result = make_result(document(3, Verdict.FAIL), Verdict.FAIL)
    assert (draw_panel(result, "zh", 720) != draw_panel(result, "en", 720)).any()


def test_a_check_is_active_within_its_time_only_and_always_on_a_picture():
    check = make_check(start_s=1.0, end_s=2.0)
    assert [is_active(check, t) for t in (0.9, 1.0, 1.5, 2.0, 2.1)] == [False, True, True, True, False]
    assert is_active(check, None)
    assert is_active(make_check(verdict=Verdict.NOT_ASSESSED), 99.0)


def test_the_cursor_of_the_timeline_moves_with_time():
    result = make_result(document(2))
    places = []
    for now in (0.0, 1.0, 2.0, 3.1):
        image = np.full((720, panel_width(720), 3), GROUND, np.uint8)
        draw_timeline(image, result, "zh", now)
        bright = near(image[-24:], (240, 243, 246))
        places.append(np.median(np.nonzero(bright)[1]))
    assert places == sorted(places)
    assert places[-1] - places[0] > 300


def test_failures_are_red_on_the_timeline_at_their_time():
    result = make_result([make_check(verdict=Verdict.FAIL, start_s=1.55, end_s=2.5)], Verdict.FAIL)
    image = np.full((720, panel_width(720), 3), GROUND, np.uint8)
    draw_timeline(image, result, "en", 0.0)
    columns = np.nonzero(near(image, COLOURS[Verdict.FAIL]).any(axis=0))[0]
    assert columns.min() == pytest.approx(panel_width(720) / 2, abs=6)


def test_a_panel_of_a_video_lists_the_checks_of_what_is_being_done():
    stand = make_check("ST-02", start_s=0.0, end_s=3.0)
    walk = make_check("WA-02", posture="walking", start_s=3.1, end_s=8.0)
    unseen = make_check("WA-05", Verdict.NOT_ASSESSED, posture="walking", reason=Reason.VIEW)
    everything = [stand, walk, unseen]
    assert checks_shown(everything, 1.0) == [stand]
    assert checks_shown(everything, 5.0) == [walk, unseen]
    assert checks_shown(everything, 9.0) == everything
    assert checks_shown(everything, None) == everything
