import av
import numpy as np
import pytest
from PIL import Image as Pillow

from posture_check.errors import InputError
from posture_check.reports import annotate as module
from posture_check.reports.annotate import annotate, best_moment, figure_at
from posture_check.reports.draw import COLOURS
from posture_check.reports.text import NO_CHINESE
from posture_check.rules.result import Verdict
from posture_check.sources.frame import Frame
from tests.reports.make import SIZE, make_check, make_result, make_track, make_tracks


@pytest.fixture
def clip(examples):
    return examples / "standing-v.mp4"


def judged(path, verdict=Verdict.FAIL, **source):
    checks = [
        make_check("ST-02", verdict, value=5.1, error=0.4, unit="deg", evidence_s=2.0),
        make_check("ST-07", Verdict.PASS, value=57.0, error=6.0, unit="deg"),
    ]
    return make_result(checks, verdict, path=str(path), **source)


def test_a_video_stays_a_video_of_the_same_times_with_a_panel_beside_it(tmp_path, clip):
    out = tmp_path / "检查.mp4"
    assert annotate(judged(clip), make_tracks(clip), out, "zh") == []
    with av.open(str(clip)) as before, av.open(str(out)) as after:
        stream = after.streams.video[0]
        old = [f.time for f in before.decode(video=0)]
        frames = list(after.decode(stream))
    assert stream.codec_context.name == "h264"
    assert stream.codec_context.pix_fmt == "yuv420p"
    assert [f.time for f in frames] == pytest.approx([t - old[0] for t in old], abs=1e-3)
    assert frames[0].width > SIZE[0] + 300
    assert frames[0].height == 720
    assert [p.name for p in tmp_path.iterdir()] == ["检查.mp4"]


def test_the_person_stays_visible_and_the_picture_is_not_covered(tmp_path, clip):
    result, found = judged(clip), make_tracks(clip)
    annotate(result, found, tmp_path / "a.png", "en")
    annotate(result, make_tracks(clip, make_track(0)), tmp_path / "b.png", "en")
    marked, plain = (np.asarray(Pillow.open(tmp_path / n)) for n in ("a.png", "b.png"))
    assert marked.shape == plain.shape
    picture = slice(0, int(SIZE[0] * marked.shape[0] / SIZE[1]))
    changed = (marked != plain).any(axis=-1)
    assert 0.002 < changed[:, picture].mean() < 0.06
    assert not changed[:, picture.stop :].any()


def test_a_still_of_a_video_shows_the_moment_of_the_failure(tmp_path, clip, monkeypatch):
    seen = []
    draw = module.Page.draw
    monkeypatch.setattr(module.Page, "draw", lambda self, frame: seen.append(frame.time_s) or draw(self, frame))
    annotate(judged(clip), make_tracks(clip), tmp_path / "a.jpg", "en")
    assert seen == [pytest.approx(2.0, abs=0.02)]


def test_the_best_moment_is_that_of_a_required_failure():
    checks = [
        make_check("ST-15", Verdict.FAIL, required=False, evidence_s=0.2),
        make_check("ST-02", Verdict.PASS, evidence_s=0.4),
        make_check("ST-10", Verdict.FAIL, evidence_s=1.7),
    ]
    assert best_moment(make_result(checks)) == 1.7
    assert best_moment(make_result(checks[:2])) == 0.4
    assert best_moment(make_result([])) == pytest.approx(1.55)


def test_small_pictures_are_enlarged_and_large_ones_reduced(tmp_path):
    for size, height in (((160, 120), 900), ((1000, 1200), 1200), ((3000, 4000), 1440)):
        path = tmp_path / "in.png"
        Pillow.new("RGB", size, (90, 120, 90)).save(path)
        track = make_track(1)
        track.size = size
        result = judged(path, kind="image", duration_s=0, frames=1, fps=None)
        annotate(result, make_tracks(path, track, kind="image"), tmp_path / "out.png", "zh")
        drawn = Pillow.open(tmp_path / "out.png").size
        assert drawn[1] == height
        assert drawn[0] % 2 == 0


def test_a_picture_cannot_become_a_video_and_a_camera_cannot_be_seen_again(tmp_path, clip):
    with pytest.raises(InputError, match=r"is a picture: name a \.png"):
        annotate(judged("a.png", kind="image"), make_tracks("a.png", kind="image"), tmp_path / "a.mp4", "en")
    with pytest.raises(InputError, match="record a video"):
        annotate(judged("camera:0", kind="camera"), make_tracks(clip), tmp_path / "a.mp4", "en")
    assert not list(tmp_path.iterdir())


def test_a_source_that_is_gone_or_was_replaced_is_an_input_error_and_leaves_nothing(tmp_path, clip):
    with pytest.raises(InputError):
        annotate(judged(tmp_path / "gone.mp4"), make_tracks(clip), tmp_path / "a.mp4", "en")
    other = make_track()
    other.size = (640, 360)
    with pytest.raises(InputError, match="not what the tracks were made from"):
        annotate(judged(clip), make_tracks(clip, other), tmp_path / "a.mp4", "en")
    assert not list(tmp_path.iterdir())


def test_without_a_chinese_font_the_user_is_told_once(tmp_path, clip, monkeypatch):
    monkeypatch.setattr(module, "draws_chinese", lambda: False)
    annotate(judged(clip), make_tracks(clip), tmp_path / "en.png", "en")
    assert annotate(judged(clip), make_tracks(clip), tmp_path / "zh.png", "zh") == [NO_CHINESE]
    assert (tmp_path / "zh.png").read_bytes() == (tmp_path / "en.png").read_bytes()


def test_progress_rises_to_the_end(tmp_path, clip):
    shares = []
    annotate(
        judged(clip),
        make_tracks(clip),
        tmp_path / "a.mp4",
        "en",
        10.0,
        lambda _what, share: shares.append(share),
    )
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def test_between_two_frames_the_figure_is_between_its_places():
    track = make_track(10, fps=10.0)
    track.image[5, :, 0] += 10
    there, half = figure_at(track, 0.5), figure_at(track, 0.45, scale=2.0)
    assert there is not None
    assert half is not None
    assert half.points[0, 0] == pytest.approx(2 * (there.points[0, 0] - 5))


def test_a_figure_is_not_drawn_where_nobody_was_seen():
    track = make_track(10, fps=10.0)
    track.image[4:7] = np.nan
    assert figure_at(track, 0.5) is None
    assert figure_at(track, 5.0) is None
    assert figure_at(make_track(0), 0.0) is None
    gap = make_track(2, fps=1.0)
    assert figure_at(gap, 0.5) is None


def test_each_person_has_a_number_and_labels_where_there_is_room(tmp_path):
    left, right = make_track(person=0, shift=-400), make_track(person=1, shift=400)
    checks = [make_check("ST-12", Verdict.FAIL, person=0), make_check("ST-12", Verdict.FAIL, person=1)]
    blank = np.zeros((720, 1280, 3), np.uint8)

    def red(people):
        page = module.Page(make_result(people), make_tracks("a.mp4", left, right), "en", blank, still=False)
        picture = page.draw(Frame(0, 1.0, blank))[:, :1280]
        return np.nonzero((picture == COLOURS[Verdict.FAIL]).all(axis=-1))[1]

    assert red(checks[:1]).max() < 640
    assert red(checks[1:]).min() > 640
    middle = make_track(person=0, shift=300)
    page = module.Page(make_result(checks[:1]), make_tracks("a.mp4", middle), "en", blank, still=False)
    columns = np.nonzero((page.draw(Frame(0, 1.0, blank))[:, :1280] == COLOURS[Verdict.FAIL]).all(axis=-1))[1]
    assert columns.max() < 940 + 125
    assert columns.min() < 940 - 125


def test_the_panel_lifts_the_checks_that_are_judged_now():
    result = make_result([make_check("ST-02", start_s=1.0, end_s=2.0), make_check("ST-05", start_s=0.0, end_s=3.0)])
    page = module.Page(result, make_tracks("a.mp4"), "en", np.zeros((720, 1280, 3), np.uint8), still=False)
    first, second = (page.draw(Frame(0, t, np.zeros((720, 1280, 3), np.uint8))) for t in (0.5, 1.5))
    panel = slice(1280, None)
    assert (first[80:700, panel] != second[80:700, panel]).any()
