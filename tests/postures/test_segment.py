from __future__ import annotations

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
from posture_check.postures.segment import MIN_HOLD_S, SETTLE_S, Stretch, standing
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Hanging, Leg, Pose
from posture_check.simulate.standing import Standing
from posture_check.simulate.standing import standing as stand
from posture_check.simulate.view import DEFAULT_CAMERA, view
from posture_check.simulate.walking import walking
from tests.measures.people import draw, still

few = settings(deadline=None, max_examples=20)
SEEDS = integers(0, 2**31)


def body_of(performance: Performance, yaw: float = 0.0, distance: float = 3.4, **look: Any) -> Body:
    look = {"fps": 15.0} | look
    return Body(view(performance, DEFAULT_CAMERA, yaw, distance, **look).track, known_scene(DEFAULT_CAMERA, 1.72))


def stretches(body: Body, legs_needed: bool = True) -> list[tuple[float, float]]:
    """Return from when to when a person stands, seconds."""
    time = body.track.time_s
    return [(float(time[s.start]), float(time[s.stop - 1])) for s in standing(body, legs_needed=legs_needed)]


def seated(thigh_up: float = 90.0, knee: float = 90.0, seat_m: float = 0.46) -> Performance:
    leg = Leg(flexion=thigh_up, knee=knee)

    def pose(time_s: np.ndarray) -> Pose:
        return Pose(legs=Hanging(leg, leg, pelvis_height=seat_m), heading=np.zeros(len(time_s)))

    return Performance(pose, duration_s=2.0)


def spoilt(body: Body, bad: Callable[[np.ndarray], np.ndarray]) -> Body:
    """Return a body whose hips sink to the knees on the frames for which ``bad`` of their time holds."""
    image = body.track.image.copy()
    frames = bad(body.track.time_s)
    for side in ("LEFT", "RIGHT"):
        image[frames, L[f"{side}_HIP"], 1] = image[frames, L[f"{side}_KNEE"], 1]
    return Body(replace(body.track, image=image), body.scene)


@few
@given(seed=SEEDS, side=booleans(), knowledge=sampled_from(["exact", "guess"]))
def test_a_standing_person_stands_all_the_time(seed, side, knowledge):
    """However badly, from any camera that sees the whole body, with any usual noise, at any frame rate."""
    rng = np.random.default_rng(seed)
    hands = str(rng.choice(["sides", "behind", "hips", "crossed", "pockets", "front_right_over_left"]))
    shot = replace(draw(rng, knowledge, side=side, hands=hands), camera=still(seed).camera)
    seen = shot.seen()
    scene = shot.scene(knowledge, seen.track)
    assert standing(Body(seen.track, scene), legs_needed=True) == [Stretch("standing", 0, len(seen.track))]


@few
@given(fps=sampled_from([5.0, 15.0, 30.0, 60.0, 120.0]), noise=floats(0, 2.5), seed=integers(0, 99))
def test_jitter_is_no_walk_at_any_frame_rate(fps, noise, seed):
    body = body_of(stand(), fps=fps, duration_s=1.5, noise_px=noise, seed=seed)
    assert standing(body, legs_needed=True) == [Stretch("standing", 0, len(body))]


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
    assert standing(begun, legs_needed=True) == []


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
    assert standing(flickering, legs_needed=True) == [Stretch("standing", 0, len(body))]


def test_a_longer_break_does():
    body = body_of(stand(duration_s=5.0))
    found = stretches(spoilt(body, lambda time: (time > 2) & (time < 2.2 + SETTLE_S)))
    assert [round(a, 1) for a, _ in found] == [0.0, 2.7]
    assert found[0][1] == pytest.approx(2.0, abs=0.1)


def test_a_hold_shorter_than_a_moment_is_none():
    body = body_of(stand(duration_s=4.0))
    glimpse = spoilt(body, lambda time: (time < 2) | (time > 2 + 0.8 * MIN_HOLD_S))
    assert stretches(glimpse) == []


def test_a_hold_shorter_than_a_moment_counts_where_the_source_is_no_longer():
    assert stretches(body_of(stand(), duration_s=0.34)) == [(0.0, pytest.approx(0.27, abs=0.01))]


def test_a_single_picture_can_stand():
    body = body_of(stand(), fps=None)
    assert standing(body, legs_needed=True) == [Stretch("standing", 0, 1)]


def test_without_legs_in_the_picture_it_is_for_the_user_to_say():
    body = body_of(stand())
    image = body.track.image.copy()
    for name in ("KNEE", "ANKLE", "HEEL", "FOOT_INDEX"):
        for side in ("LEFT", "RIGHT"):
            image[:, L[f"{side}_{name}"], 1] = 900
    half = Body(replace(body.track, image=image), body.scene)
    assert stretches(half, legs_needed=True) == []
    assert len(stretches(half, legs_needed=False)) == 1


def test_nobody_stands_nowhere():
    body = body_of(stand())
    assert standing(Body(body.track.slice(0, 0), body.scene), legs_needed=True) == []
    gone = replace(body.track, image=np.full_like(body.track.image, np.nan))
    for legs_needed in (True, False):
        assert standing(Body(gone, body.scene), legs_needed=legs_needed) == []


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
    assert standing(shifted, legs_needed=True) == standing(body, legs_needed=True)


def test_uneven_frames_are_judged_by_their_times():
    """A recording that drops frames: what counts is seconds, not frames."""
    body = body_of(Standing(duration_s=4.0).performance(), fps=30.0)
    keep = np.sort(np.random.default_rng(1).choice(len(body), 40, replace=False))
    track = body.track
    some = replace(track, frame=track.frame[keep], time_s=track.time_s[keep], image=track.image[keep],
                   world=track.world[keep], details=type(track.details).empty())  # fmt: skip
    typical = np.nanmedian(some.xy.astype(float), axis=0)
    for scene in (body.scene, estimated_scene(some.size, typical)):
        assert standing(Body(some, scene), legs_needed=True) == [Stretch("standing", 0, 40)]
