from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers, lists, tuples

from posture_check.grooming.frames import (
    APART_S,
    BEST_PER_VIEW,
    LOOKS_PER_CLIP,
    BestFrames,
    Shot,
    assess,
    view_class,
)
from posture_check.landmarks.names import L
from tests.landmarks.bodies import standing, world

GOOD = Shot("front", 5.0, 8.0, 1.0, 0.1, 180.0)
POSE = standing(x=320.0, y=40.0, height=1200.0)  # head and chest of a near person


@cache
def head(light: float = 1.0) -> np.ndarray:
    """Return a picture of as much detail at every scale as photos have, about the head of `POSE`."""
    rng = np.random.default_rng(0)
    rough = rng.normal(size=(720, 640))
    frequency = np.hypot(np.fft.fftfreq(720)[:, None], np.fft.fftfreq(640)[None])
    shaped = np.fft.ifft2(np.fft.fft2(rough) / np.maximum(frequency, 2e-3)).real
    grey = np.clip(light * (128 + 50 * shaped / shaped.std()), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, -1)


def shot(image: np.ndarray) -> Shot:
    return assess(image, POSE, world(POSE))


@pytest.mark.parametrize(
    ("turn", "view"), [(0, "front"), (-29, "front"), (31, "half"), (-59, "half"), (75, "side"), (-119, "side"),
                       (121, "back"), (180, "back"), (np.nan, "front")]
)  # fmt: skip
def test_views_by_turn(turn: float, view: str) -> None:
    assert view_class(turn) == view


def test_the_scale_is_that_of_the_head() -> None:
    eyes_to_mouth = 0.03 * 1200
    assert shot(head()).px_per_cm == pytest.approx(eyes_to_mouth / 6.8, rel=1e-3)


@pytest.mark.parametrize("blur_cm", [0.2, 0.4, 0.8])
def test_blur_is_told_in_centimetres(blur_cm: float) -> None:
    sharp = shot(head())
    blurred = shot(cv2.GaussianBlur(head(), (0, 0), blur_cm * sharp.px_per_cm))
    assert sharp.blur_cm < 0.15
    assert blurred.blur_cm == pytest.approx(blur_cm, rel=0.35)
    assert blurred.score < 0.8 * sharp.score
    assert blurred.blurred == (blur_cm > 0.5)


@pytest.mark.parametrize("along", [0, 1])
def test_motion_in_either_direction_blurs(along: int) -> None:
    sharp = shot(head())
    kernel = np.ones(round(2.5 * sharp.px_per_cm)) / round(2.5 * sharp.px_per_cm)
    smeared = cv2.filter2D(head(), -1, kernel[None] if along else kernel[:, None])
    assert shot(smeared).blur_cm > 0.25
    assert shot(smeared).score < 0.5 * sharp.score


@pytest.mark.parametrize("light", [0.3, 0.6, 1.4])
def test_contrast_and_light_do_not_change_the_blur(light: float) -> None:
    assert shot(head(light=light)).blur_cm == pytest.approx(shot(head()).blur_cm, abs=0.12)


def test_too_little_light_is_told_and_spoils_the_score() -> None:
    scores = [shot(head(light=light)).score for light in (1.0, 0.4, 0.1)]
    assert scores == sorted(scores, reverse=True)
    assert shot(head(light=0.1)).dark
    assert not shot(head(light=0.4)).dark
    assert shot(np.full((720, 640, 3), 255, np.uint8)).blown == 1.0


def test_a_head_cut_off_by_the_picture_is_not_shown_whole() -> None:
    assert shot(head()).shown == 1.0
    low = POSE.copy()
    low[:, 1] += 660
    assert assess(head(), low, world(low)).shown < 0.35
    away = POSE.copy()
    away[:, 0] += 5000
    gone = assess(head(), away, world(away))
    assert not gone.fit
    assert gone.score == 0.0


def test_a_person_of_a_few_pixels_is_not_fit() -> None:
    small = standing(x=320.0, height=200.0)
    assert not assess(head(), small, world(small)).fit


def test_a_picture_without_any_texture_shows_nothing() -> None:
    flat = shot(np.full((720, 640, 3), 128, np.uint8))
    assert np.isfinite(flat.score)


def test_speed_is_in_heads_a_second() -> None:
    moved = POSE.copy()
    here = shot(head())
    moved[:, 0] += 22 * here.px_per_cm
    assert assess(head(), moved, world(moved), (POSE, 0.5)).speed == pytest.approx(2.0, rel=1e-3)
    assert here.speed == 0.0


def test_a_turned_head_is_another_view_than_the_trunk_alone() -> None:
    turned = world(POSE)
    turned[L.LEFT_EAR], turned[L.RIGHT_EAR] = (0.0, -0.6, 0.09), (0.0, -0.6, -0.09)
    assert assess(head(), POSE, turned).view == "side"
    assert assess(head(), POSE, world(POSE)).view == "front"


@pytest.mark.parametrize(
    "worse",
    [{"blur_cm": 0.3}, {"px_per_cm": 3.0}, {"light": 60.0}, {"blown": 0.5}, {"speed": 2.0}, {"shown": 0.5},
     {"turn_deg": 25.0}],
)  # fmt: skip
def test_whatever_spoils_a_frame_lowers_its_score(worse: dict[str, float]) -> None:
    assert replace(GOOD, **worse).score < 0.95 * GOOD.score  # type: ignore[arg-type]


def chosen_of(best: BestFrames[int], shots: list[tuple[float, Shot]]) -> int:
    looks = 0
    for time_s, one in shots:
        if best.wants(time_s, one):
            best.add(time_s, one, looks)
            looks += 1
    return looks


SHOTS = lists(tuples(floats(0.01, 2.0), integers(0, 3), floats(0.0, 0.8), floats(30.0, 200.0)), min_size=1, max_size=80)


@given(SHOTS)
def test_looks_are_few_and_apart_and_never_worse_than_nothing(steps: list[tuple[float, int, float, float]]) -> None:
    times = np.cumsum([step[0] for step in steps])
    views = ("front", "half", "side", "back")
    shots = [
        (float(t), Shot(views[v], (0, 45, 90, 180)[v], 6.0, 1.0, blur, light))  # type: ignore[arg-type]
        for t, (_, v, blur, light) in zip(times, steps, strict=True)
    ]
    best: BestFrames[int] = BestFrames()
    assert 1 <= chosen_of(best, shots) <= LOOKS_PER_CLIP
    kept = sorted(c.time_s for c in best.chosen)
    assert (np.diff(kept) >= APART_S - 1e-9).all()
    for view in views:
        assert sum(c.shot.view == view for c in best.chosen) <= BEST_PER_VIEW
    assert len({c.shot.fit for c in best.chosen}) == 1


def test_better_frames_take_the_place_of_the_worst() -> None:
    best: BestFrames[int] = BestFrames()
    worse = replace(GOOD, blur_cm=0.35)
    chosen_of(best, [(i * 0.5, worse) for i in range(20)])
    assert len(best.chosen) == BEST_PER_VIEW
    chosen_of(best, [(20 + i * 0.5, GOOD) for i in range(3)])
    assert sum(c.shot == GOOD for c in best.chosen) == 3
    assert len(best.chosen) == BEST_PER_VIEW


def test_one_view_leaves_looks_for_the_others() -> None:
    best: BestFrames[int] = BestFrames()
    rising = [(i * 0.5, replace(GOOD, blur_cm=0.45 - 0.01 * i)) for i in range(40)]
    side = [(30 + i * 0.5, replace(GOOD, view="side", turn_deg=90.0)) for i in range(10)]
    chosen_of(best, rising + side)
    assert sum(c.shot.view == "side" for c in best.chosen) >= 4


def test_a_frame_that_shows_nothing_is_looked_at_once_and_dropped_for_one_that_does() -> None:
    best: BestFrames[int] = BestFrames()
    dark = replace(GOOD, light=20.0)
    assert chosen_of(best, [(i * 1.0, dark) for i in range(30)]) == 1
    assert [c.shot for c in best.chosen] == [dark]
    chosen_of(best, [(40.0, GOOD)])
    assert [c.shot for c in best.chosen] == [GOOD]


def test_live_looks_grow_old() -> None:
    best: BestFrames[int] = BestFrames(apart_s=1.0, keep_s=10.0, most=np.inf)
    looks = chosen_of(best, [(i * 0.1, GOOD) for i in range(6000)])
    assert 200 <= looks <= 600
    assert all(c.time_s > 588 for c in best.chosen)


@pytest.mark.slow
def test_the_sharp_frames_of_a_camera_that_pans(footage: Path) -> None:
    """Looked at by eye: she is sharp while the camera stands still, at 1.1 s and again from 5.5 to 6.2 s."""
    from posture_check.landmarks.detectors import Detectors
    from posture_check.sources import open_source

    scores = {}
    with Detectors() as detectors, open_source(str(footage / "posture" / "sports2d" / "demo4.mp4")) as source:
        pose = detectors.pose(video=True)
        for frame in source:
            found = pose.find(frame.image, frame.time_s)
            if len(found) and frame.index % 15 == 8:
                scores[frame.time_s] = assess(frame.image, found.image[0], found.world[0])
    sharp = [one.blur_cm for time_s, one in scores.items() if 5.5 <= time_s <= 6.2]
    smeared = [one.blur_cm for time_s, one in scores.items() if 1.8 <= time_s <= 4.2 or time_s >= 7.2]
    assert max(sharp) < 0.8 * min(smeared)
