from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, floats, integers, sampled_from

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.measures.scene import estimated_scene, known_scene
from posture_check.postures.motion import SETTLE_S
from posture_check.postures.segment import Stretch, segment
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Hanging, Leg, Pose
from posture_check.simulate.sitting import sitting
from posture_check.simulate.squatting import Squat
from posture_check.simulate.standing import Standing
from posture_check.simulate.standing import standing as stand
from posture_check.simulate.transitions import SitAndRise
from posture_check.simulate.view import DEFAULT_CAMERA, view
from posture_check.simulate.walking import walking
from tests.measures.people import draw, still

few = settings(deadline=None, max_examples=8)
SEEDS = integers(0, 2**31)


def body_of(performance: Performance, yaw: float = 0.0, distance: float = 3.4, **look: Any) -> Body:
    look = {"fps": 15.0} | look
    return Body(view(performance, DEFAULT_CAMERA, yaw, distance, **look).track, known_scene(DEFAULT_CAMERA, 1.72))


POSTURES = ("standing", "walking", "sitting_down", "sitting", "rising", "squatting", "other")
MOMENT_S = 0.5
"""Anything shorter is no posture."""


def postures(body: Body, vouched: str | None = None) -> list[Stretch]:
    """Return what a person does, without gestures."""
    return [s for s in segment(body, vouched=vouched) if s.posture in POSTURES]


def standing(body: Body, vouched: str | None = None) -> list[Stretch]:
    return [s for s in postures(body, vouched) if s.posture == "standing"]


def stretches(body: Body, vouched: str | None = None) -> list[tuple[float, float]]:
    """Return from when to when a person stands, seconds."""
    time = body.track.time_s
    return [(float(time[s.start]), float(time[s.stop - 1])) for s in standing(body, vouched)]


def seated(thigh_up: float = 90.0, knee: float = 90.0, seat_m: float = 0.46) -> Performance:
    leg = Leg(flexion=thigh_up, knee=knee)

    def pose(time_s: np.ndarray) -> Pose:
        return Pose(legs=Hanging(leg, leg, pelvis_height=seat_m), heading=np.zeros(len(time_s)))

    return Performance(pose, duration_s=2.0)


def spoilt(body: Body, bad: Callable[[np.ndarray], np.ndarray]) -> Body:
    """Return a body whose hips sink to the knees in the picture on the frames for which ``bad`` of their time holds."""
    image = body.track.image.copy()
    frames = bad(body.track.time_s)
    for side in ("LEFT", "RIGHT"):
        image[frames, L[f"{side}_HIP"], 1] = image[frames, L[f"{side}_KNEE"], 1]
    return Body(replace(body.track, image=image), body.scene)


def cut_off(body: Body, share: float) -> Body:
    """Return the same picture cut off so far down from the shoulders (0) to the hips (1) or beyond."""
    y = body.xy[..., 1]
    shoulders, hips = (
        np.nanmedian(y[:, [L.LEFT_SHOULDER, L.RIGHT_SHOULDER]]),
        np.nanmedian(y[:, [L.LEFT_HIP, L.RIGHT_HIP]]),
    )
    height = int(shoulders + share * (hips - shoulders))
    image = body.track.image.copy()
    outside = image[..., 1] >= height
    image[..., 3] = np.where(outside, 0.05, image[..., 3])
    return Body(replace(body.track, image=image, size=(body.track.size[0], height)), body.scene)


@few
@given(seed=SEEDS, side=booleans(), knowledge=sampled_from(["exact", "guess"]))
def test_a_standing_person_stands_all_the_time(seed, side, knowledge):
    """However badly, from any camera that sees the whole body, with any usual noise, at any frame rate."""
    rng = np.random.default_rng(seed)
    hands = str(rng.choice(["sides", "behind", "hips", "crossed", "pockets", "front_right_over_left"]))
    shot = replace(draw(rng, knowledge, side=side, hands=hands), camera=still(seed).camera)
    seen = shot.seen()
    scene = shot.scene(knowledge, seen.track)
    assert standing(Body(seen.track, scene)) == [Stretch("standing", 0, len(seen.track))]


@few
@given(fps=sampled_from([5.0, 15.0, 30.0, 60.0, 120.0]), noise=floats(0, 2.5), seed=integers(0, 99))
def test_jitter_is_no_walk_at_any_frame_rate(fps, noise, seed):
    body = body_of(stand(), fps=fps, duration_s=1.5, noise_px=noise, seed=seed)
    assert standing(body) == [Stretch("standing", 0, len(body))]


@few
@given(
    yaw=floats(-180, 180),
    step=floats(0.5, 0.8),
    pace=floats(0.45, 0.6),
    fps=sampled_from([6.0, 15.0, 30.0]),
    noise=floats(0, 1.5),
)
def test_a_walking_person_does_not_stand_from_whatever_side(yaw, step, pace, fps, noise):
    walk = walking(step_length_m=step, step_time_s=pace, duration_s=3.0)
    # Who walks straight away, far off, hardly moves in the picture; but then the back is seen, and nothing is judged.
    away = abs(yaw) > 90
    body = body_of(walk, yaw=yaw, distance=3.5 if away else 6.0, fps=fps, noise_px=noise)
    # The first step comes out of standing.
    begun = Body(body.track.slice(int(0.6 * fps), len(body)), body.scene)
    assert standing(begun) == []


def test_standing_ends_where_walking_begins():
    found = stretches(body_of(walking(start_s=2.5, duration_s=5.0), yaw=60.0, distance=6.0))
    assert len(found) == 1
    assert found[0] == (0.0, pytest.approx(2.4, abs=0.35))


@few
@given(yaw=floats(-110, 110), thigh=floats(75, 100), knee=floats(70, 110), seat=floats(0.42, 0.52))
def test_a_seated_person_does_not_stand(yaw, thigh, knee, seat):
    assert stretches(body_of(seated(thigh, knee, seat), yaw=yaw)) == []


def test_a_person_bent_over_does_not_stand():
    bent = stand(trunk_flexion_deg=70.0)
    assert stretches(body_of(bent, yaw=90.0)) == []


@pytest.mark.parametrize("gap", [0.1, 0.3, 0.45])
def test_a_flicker_does_not_end_a_stretch(gap):
    body = body_of(stand(duration_s=4.0))
    flickering = spoilt(body, lambda time: (time > 2) & (time < 2 + gap))
    assert standing(flickering) == [Stretch("standing", 0, len(body))]


def test_a_longer_break_does():
    body = body_of(stand(duration_s=5.0))
    found = stretches(spoilt(body, lambda time: (time > 2) & (time < 2.2 + SETTLE_S)))
    assert [round(a, 1) for a, _ in found] == [0.0, 2.7]
    assert found[0][1] == pytest.approx(2.0, abs=0.1)


def test_a_hold_shorter_than_a_moment_is_none():
    body = body_of(stand(duration_s=4.0))
    glimpse = spoilt(body, lambda time: (time < 2) | (time > 2 + 0.8 * MOMENT_S))
    assert stretches(glimpse) == []


def test_a_hold_shorter_than_a_moment_counts_where_the_source_is_no_longer():
    assert stretches(body_of(stand(), duration_s=0.34)) == [(0.0, pytest.approx(0.27, abs=0.01))]


def test_a_single_picture_can_stand():
    body = body_of(stand(), fps=None)
    assert standing(body) == [Stretch("standing", 0, 1)]


@pytest.mark.parametrize("posture", ["standing", "sitting", "squatting"])
def test_without_thighs_in_the_picture_it_is_for_the_user_to_say(posture):
    body = body_of({"standing": stand, "sitting": sitting, "squatting": stand}[posture](duration_s=2.0))
    half = cut_off(body, 1.05)
    assert [s.posture for s in postures(half)] == ["other"]
    assert [s.posture for s in postures(half, vouched=posture)] == [posture]


def test_nobody_is_vouched_for_against_what_is_seen():
    seated, upright = body_of(sitting(duration_s=2.0)), body_of(stand(duration_s=2.0))
    assert [s.posture for s in postures(seated, vouched="standing")] == ["sitting"]
    assert [s.posture for s in postures(upright, vouched="sitting")] == ["standing"]
    passing_by = cut_off(body_of(walking(duration_s=4.0), yaw=90.0, distance=6.0), 1.05)
    assert standing(passing_by, vouched="standing") == []


def test_who_is_seen_down_to_the_knees_stands():
    """Thighs that hang down are those of somebody on their feet."""
    assert [s.posture for s in postures(cut_off(body_of(stand()), 1.75))] == ["standing"]


def test_a_trunk_that_gets_somewhere_walks_without_legs_in_the_picture():
    found = postures(cut_off(body_of(walking(duration_s=4.0), yaw=60.0, distance=6.0), 1.05))
    assert "walking" in [s.posture for s in found]


def test_nobody_stands_nowhere():
    body = body_of(stand())
    assert standing(Body(body.track.slice(0, 0), body.scene)) == []
    gone = replace(body.track, image=np.full_like(body.track.image, np.nan))
    for vouched in (None, "standing"):
        assert segment(Body(gone, body.scene), vouched=vouched) == []


def test_a_person_who_leaves_and_comes_back_stands_twice():
    body = body_of(stand(duration_s=6.0))
    image = body.track.image.copy()
    away = (body.track.time_s > 2) & (body.track.time_s < 4)
    image[away] = np.nan
    found = stretches(Body(replace(body.track, image=image), body.scene))
    assert [(round(a, 1), round(b, 1)) for a, b in found] == [(0.0, 2.0), (4.0, 5.9)]


@few
@given(later=floats(0.1, 1e4), seed=integers(0, 50))
def test_when_it_happens_changes_nothing(later, seed):
    body = body_of(walking(start_s=1.5, duration_s=4.0), yaw=50.0, distance=6.0, noise_px=0.5, seed=seed)
    shifted = Body(replace(body.track, time_s=body.track.time_s + later), body.scene)
    assert standing(shifted) == standing(body)


def test_uneven_frames_are_judged_by_their_times():
    """A recording that drops frames: what counts is seconds, not frames."""
    body = body_of(Standing(duration_s=4.0).performance(), fps=30.0)
    keep = np.sort(np.random.default_rng(1).choice(len(body), 40, replace=False))
    track = body.track
    some = replace(track, frame=track.frame[keep], time_s=track.time_s[keep], image=track.image[keep],
                   world=track.world[keep], shake=track.shake[keep], details=type(track.details).empty())  # fmt: skip
    typical = np.nanmedian(some.xy.astype(float), axis=0)
    for scene in (body.scene, estimated_scene(some.size, typical)):
        assert standing(Body(some, scene)) == [Stretch("standing", 0, 40)]


# ---------------------------------------------------------------- everything else

SOON_S = 0.45
"""A way begins and ends slowly: it is told to within this of its very first movement."""


def names(found: list[Stretch]) -> list[str]:
    return [s.posture for s in found]


def share_right(body: Body, performance: Performance) -> float:
    """Return the share of time in which what is found is what is done, leaving out moments next to a change."""
    time, found = body.track.time_s, np.full(len(body), "", object)
    for s in postures(body):
        found[s.start : s.stop] = s.posture
    right = np.zeros(len(body), bool)
    for phase in performance.phases:
        inside = (time >= phase.start_s) & (time < phase.stop_s)
        right |= inside & (found == phase.what)
        for edge in (phase.start_s, phase.stop_s):
            right |= np.abs(time - edge) <= SOON_S
    return float(right.mean())


@few
@given(
    yaw=floats(-110, 110),
    sit=floats(2.0, 4.0),
    down=floats(0.8, 3.2),
    bend=sampled_from([15.0, 30.0, 45.0]),
    fps=sampled_from([5.0, 15.0, 30.0]),
    noise=floats(0, 1.5),
    guess=booleans(),
)
def test_sitting_down_sitting_and_rising(yaw, sit, down, bend, fps, noise, guess):
    """However slowly, and however far the trunk bends forward on the way: nobody squats onto a chair."""
    way = SitAndRise(down_s=down, sit_s=sit, rise_s=down, still_s=1.5, walk_s=0.0, bend_deg=bend)
    performance = way.performance()
    body = body_of(performance, yaw=yaw, distance=4.2, fps=fps, noise_px=noise)
    if guess:
        body = Body(body.track, estimated_scene(body.track.size, np.nanmedian(body.xy.astype(float), axis=0)))
    assert names(postures(body)) == ["standing", "sitting_down", "sitting", "rising", "standing"]
    assert share_right(body, performance) > 0.95


def test_walks_off_after_rising():
    performance = SitAndRise().performance()
    found = postures(body_of(performance, yaw=90.0, distance=5.0))
    assert names(found) == ["standing", "sitting_down", "sitting", "rising", "standing", "walking"]


@few
@given(
    yaw=floats(-110, 110),
    count=integers(1, 3),
    fps=sampled_from([5.0, 10.0, 30.0]),
    offset=sampled_from([0.0, 33.0]),
    noise=floats(0, 1.5),
)
def test_squats_are_counted_and_timed(yaw, count, fps, offset, noise):
    # With the feet level the trunk and the shanks must lean, or one falls over backwards.
    level = {"rear_heel_pitch_deg": 0.0, "front_shank_deg": 32.0, "trunk_lean_deg": 45.0}
    squat = Squat(count=count, foot_offset_cm=offset, **({} if offset else level))
    body = body_of(squat.performance(), yaw=yaw, distance=4.2, fps=fps, noise_px=noise)
    time = body.track.time_s
    found = [s for s in postures(body) if s.posture == "squatting"]
    assert len(found) == count
    for stretch, (start, stop) in zip(found, squat.times, strict=True):
        assert time[stretch.start] == pytest.approx(start, abs=1.4 * SOON_S)
        assert time[stretch.stop - 1] == pytest.approx(stop, abs=1.4 * SOON_S)


def test_bending_down_to_the_floor_with_straight_legs_is_a_squat_of_the_wrong_kind():
    """Who picks something up must be judged; who bows must not."""
    bent = Squat(foot_offset_cm=0.0, hip_minus_knee_cm=42.0, trunk_lean_deg=78.0, front_shank_deg=-8.0,
                 rear_heel_pitch_deg=0.0).performance()  # fmt: skip
    assert "squatting" in names(postures(body_of(bent, yaw=90.0)))


@few
@given(yaw=floats(-110, 110), fps=sampled_from([6.0, 15.0, 30.0]), noise=floats(0, 1.5))
def test_a_walking_person_walks(yaw, fps, noise):
    away = abs(yaw) > 90
    body = body_of(walking(duration_s=3.5), yaw=yaw, distance=3.5 if away else 6.0, fps=fps, noise_px=noise)
    walked = sum(s.stop - s.start for s in postures(body) if s.posture == "walking")
    assert walked > 0.75 * np.isfinite(body.xy[:, L.LEFT_SHOULDER, 0]).sum()


def turned(body: Body, deg: float) -> Body:
    """Return the same as seen by a camera that is turned about its line of sight."""
    width, height = body.track.size
    image = body.track.image.copy()
    x, y = image[..., 0] - width / 2, image[..., 1] - height / 2
    cos, sin = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    # A square picture that holds all of the old one, however it is turned.
    half = np.hypot(width, height) / 2
    image[..., 0], image[..., 1] = half + cos * x - sin * y, half + sin * x + cos * y
    return Body(replace(body.track, image=image, size=(int(2 * half), int(2 * half))), body.scene)


@few
@given(yaw=sampled_from([0.0, 90.0, -90.0]), askew=floats(-15, 15), side=sampled_from([90.0, -90.0, 180.0]))
def test_nobody_walks_or_stands_lying_in_the_picture(yaw, askew, side):
    body = body_of(walking(duration_s=3.0), yaw=yaw, distance=6.0)
    assert "walking" in names(postures(turned(body, askew)))
    assert names(postures(turned(body, side + askew))) == ["other"]
    assert names(postures(turned(body_of(stand(duration_s=2.0), yaw=yaw), side + askew))) == ["other"]


@pytest.mark.parametrize("yaw", [0.0, 90.0, 180.0])
def test_a_walk_is_a_walk_where_the_camera_goes_along(yaw):
    body = body_of(walking(duration_s=3.0), yaw=yaw, distance=5.0)
    image = body.track.image.copy()
    hips = image[:, [L.LEFT_HIP, L.RIGHT_HIP], :2].mean(1, keepdims=True)
    trunk = np.linalg.norm(image[:, [L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2].mean(1, keepdims=True) - hips, axis=-1)
    image[..., :2] = (image[..., :2] - hips) * (np.nanmean(trunk) / trunk[..., None]) + [640.0, 360.0]
    found = postures(Body(replace(body.track, image=image), body.scene))
    assert sum(s.stop - s.start for s in found if s.posture == "walking") > 0.7 * len(body)


@few
@given(yaw=floats(-180, 180), pan=floats(-300, 300), seed=SEEDS)
def test_nobody_walks_because_the_camera_turns(yaw, pan, seed):
    """A person who stands, from whatever side; pan in pixels a second."""
    body = body_of(stand(duration_s=3.0), yaw=yaw, noise_px=1.0, seed=seed)
    image = body.track.image.copy()
    image[..., 0] += ((pan * (body.track.time_s - 1.5))[:, None]).astype(np.float32)
    assert "walking" not in names(postures(Body(replace(body.track, image=image), body.scene)))


@pytest.mark.parametrize("yaw", [0.0, 60.0, 90.0])
def test_who_stands_on_one_leg_and_swings_the_other_does_not_walk(yaw):
    body = body_of(stand(duration_s=4.0), yaw=yaw)
    image, world = body.track.image.copy(), body.track.world.copy()
    swing = np.sin(2 * np.pi * body.track.time_s / 1.2)[:, None]
    leg = [L.RIGHT_ANKLE, L.RIGHT_HEEL, L.RIGHT_FOOT_INDEX]
    trunk_px, trunk = float(np.median(body.trunk_px)), 0.5
    image[:, leg, 0] += 0.8 * swing * trunk_px
    image[:, leg, 1] -= 0.2 * trunk_px
    world[:, leg, 0] += 0.8 * swing * trunk * np.cos(np.radians(yaw))
    world[:, leg, 2] += 0.8 * swing * trunk * np.sin(np.radians(yaw))
    found = postures(Body(replace(body.track, image=image, world=world), body.scene))
    assert not {"walking", "standing"} & set(names(found))


def test_walking_backwards_is_no_walk():
    body = body_of(walking(duration_s=4.0), yaw=90.0, distance=6.0)
    track = body.track
    back = replace(track, image=track.image[::-1].copy(), world=track.world[::-1].copy())
    assert "walking" in names(postures(body))
    assert "walking" not in names(postures(Body(back, body.scene)))


@pytest.mark.parametrize(("who", "posture"), [(stand, "standing"), (sitting, "sitting")])
@pytest.mark.parametrize("yaw", [0.0, 45.0, 90.0, -90.0])
def test_a_single_picture_tells_standing_from_sitting(who, posture, yaw):
    assert names(postures(body_of(who(), yaw=yaw, fps=None))) == [posture]


def test_a_single_picture_never_walks():
    assert "walking" not in names(postures(body_of(walking(duration_s=2.0), yaw=90.0, fps=None)))


def test_stretches_follow_one_another_without_gap_or_overlap():
    body = body_of(SitAndRise().performance(), yaw=70.0, distance=5.0, noise_px=1.0)
    found = postures(body)
    assert found[0].start == 0
    assert found[-1].stop == len(body)
    assert all(a.stop == b.start for a, b in itertools.pairwise(found))
