import time

import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.landmarks.names import L
from posture_check.landmarks.track import load_tracks, save_tracks
from posture_check.simulate.source import (
    SETTINGS,
    is_simulation,
    simulated_frames,
    simulated_known,
    simulated_scene,
    simulated_tracks,
)


def test_a_plain_name_gives_the_scene_with_its_true_camera():
    found, camera = simulated_tracks("simulate:standing_v60")
    assert found.source.kind == "simulation"
    assert found.source.path == "simulate:standing_v60"
    assert (found.source.width, found.source.height) == (camera.width, camera.height) == (1280, 720)
    assert found.source.fps == 30
    assert found.source.duration_s == pytest.approx(3.0)
    track = found.tracks[0]
    inside = (track.xy >= 0).all() and (track.xy < [1280, 720]).all()
    assert inside, "the whole person is in the picture"


def test_settings_reach_the_camera_the_body_and_the_noise():
    where = "yaw=20&height=1.1&pitch=2&roll=3&distance=4&hfov=70&width=1920&lines=1080"
    seen = simulated_scene(f"simulate:standing_v60?{where}&fps=25&duration=2&noise=0&stature=1.6")
    camera = seen.camera
    assert (camera.height_m, camera.pitch_deg, camera.roll_deg, camera.hfov_deg) == (1.1, 2, 3, 70)
    assert (camera.width, camera.height, seen.fps, len(seen.track)) == (1920, 1080, 25, 50)
    assert seen.truth.numbers["stature_m"] == 1.6
    assert seen.people[0].room.pelvis[:, 2].mean() == pytest.approx(4.0, abs=0.05)


def test_scenes_keep_their_own_viewpoint_unless_told_otherwise():
    side, front = simulated_scene("simulate:standing_side"), simulated_scene("simulate:standing_side?yaw=0")
    widths = [np.ptp(s.track.xy[0, [L.LEFT_SHOULDER, L.RIGHT_SHOULDER], 0]) for s in (side, front)]
    assert widths[0] < 15 < 60 < widths[1]


def test_no_frame_rate_is_a_single_picture():
    found, _ = simulated_tracks("simulate:hands_on_hips?fps=0")
    assert len(found.tracks[0]) == 1
    assert found.source.fps is None
    assert found.source.duration_s == 0


def test_a_mirrored_scene_exchanges_the_hands():
    plain, flipped = (simulated_scene(f"simulate:hand_on_hip_left{q}") for q in ("", "?mirror=1"))
    assert plain.truth.hands == "hip_left"
    assert flipped.truth.hands == "hip_right"
    assert flipped.track.details.arms[0].argmax(-1).tolist() == plain.track.details.arms[0].argmax(-1).tolist()[::-1]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("simulate:nobody", "no such scene; choose one of standing_v60"),
        ("simulate:", "no such scene"),
        ("simulate:standing_v60?jaw=3", "no setting 'jaw'; choose from yaw, height"),
        ("simulate:standing_v60?yaw=left", "yaw=left: must be a number from -180 to 180"),
        ("simulate:standing_v60?fps=nan", "fps=nan: must be a number from 0 to 240"),
        ("simulate:standing_v60?distance=", "distance=: must be a number"),
        ("simulate:standing_v60?width=1e9", "width=1e9: must be a number from 64 to 8192"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_one_line(spec, message):
    with pytest.raises(InputError, match=r"^simulate:") as e:
        simulated_tracks(spec)
    assert message in str(e.value)
    assert "\n" not in str(e.value)


def test_only_specs_of_this_kind_are_simulations():
    assert is_simulation("simulate:standing_v60")
    assert not is_simulation("simulate.mp4")


def test_every_setting_has_bounds_around_its_default_and_a_meaning():
    for default, least, most, meaning in SETTINGS.values():
        assert least < most
        assert default is None or least <= default <= most
        assert meaning


def test_a_seated_scene_comes_with_its_chair_and_a_standing_one_without():
    seated, upright = (
        simulated_known("simulate:sitting_side?fps=2", 1.7),
        simulated_known("simulate:standing_v60?fps=2"),
    )
    assert seated.chair is not None
    assert seated.calibrated
    assert seated.stature_m == 1.7
    assert upright.chair is None


def test_tracks_survive_saving(tmp_path):
    found, _ = simulated_tracks("simulate:two_people?fps=5")
    save_tracks(tmp_path / "t.npz", found)
    again = load_tracks(tmp_path / "t.npz")
    assert again.source == found.source
    assert again.tracks[1].image == pytest.approx(found.tracks[1].image)


def test_three_seconds_are_made_quickly():
    def seconds():
        start = time.process_time()
        simulated_tracks("simulate:standing_v60")
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.15


def test_frames_go_with_the_tracks():
    spec = "simulate:standing_v60?fps=2&width=320&lines=180"
    frames, (found, camera) = list(simulated_frames(spec)), simulated_tracks(spec)
    assert [f.time_s for f in frames] == pytest.approx(found.tracks[0].time_s)
    assert all(f.image.shape == (camera.height, camera.width, 3) and f.image.dtype == np.uint8 for f in frames)
