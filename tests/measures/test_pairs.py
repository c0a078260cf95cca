"""Two people on the floor, as cameras drawn at random see them; truth is where their skeletons stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, floats, integers, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.pairs import nearest
from posture_check.measures.scene import estimated_scene, known_scene
from posture_check.rules.evaluate import judge_rule
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Reason, Verdict
from posture_check.simulate.body import Body as Build
from posture_check.simulate.scenarios import Actor, Scene
from posture_check.simulate.standing import standing
from posture_check.simulate.view import Seen, view
from posture_check.simulate.walking import walking
from tests.measures.people import value_of

few = settings(deadline=None, max_examples=10)
STEP_S = 0.55


def camera(height: float = 1.4, pitch: float = 6.0) -> Camera:
    return Camera(1280, 720, 65.0, height, pitch)


def body_of(seen: Seen, guessed: bool = False) -> Body:
    """The first person as the one who is judged, everybody else as partners."""

    def scene(track):
        return estimated_scene(track.size, np.nanmedian(track.xy.astype(float), axis=0))

    me = seen.people[0].track
    scenes = [scene(p.track) if guessed else known_scene(seen.camera) for p in seen.people]
    others = tuple(Body(p.track.in_step_with(me), scenes[0]) for p in seen.people[1:])
    return Body(me, scenes[0], others)


def meeting(
    apart: float,
    turn: float,
    yaw: float = 0.0,
    *,
    facing: float = 0.0,
    seed: int = 0,
    statures: tuple[float, float] = (1.70, 1.64),
    height: float = 1.4,
) -> Seen:
    """Two who stand ``apart`` metres, the second ``turn`` degrees to the left of where the first one faces."""
    way = np.radians(turn)
    hosts = [standing(body=Build(stature), duration_s=2.4) for stature in statures]
    visitor = Actor(hosts[1], apart * np.sin(way), apart * np.cos(way), 180.0 + turn + facing)
    scene = Scene((Actor(hosts[0]), visitor), duration_s=2.4)
    return view(scene, camera(height), yaw, 4.3, fps=10, noise_px=0.7, seed=seed)


def guiding(side: float, ahead: float, faster: float = 0.0, yaw: float = 90.0, *, seconds: float = 4.0) -> Seen:
    """Two who walk the same way, the first one so many metres to the left and ahead of the second."""
    guide = walking(body=Build(1.68), step_length_m=(1.1 + faster) * STEP_S, step_time_s=STEP_S, duration_s=seconds)
    guided = walking(body=Build(1.72), step_length_m=1.1 * STEP_S, step_time_s=STEP_S, duration_s=seconds)
    scene = Scene((Actor(guide, side, ahead), Actor(guided)), duration_s=seconds)
    distance = 8.5 if abs(yaw) < 60 else 3.5 if abs(yaw) > 120 else 6.0
    return view(scene, camera(1.7, 8.0), yaw, distance, fps=10, noise_px=0.7)


def true_distance(seen: Seen) -> float:
    """Metres on the floor between the middles of the hips of two who stand."""
    first, second = (p.room.pelvis[:, [0, 2]] for p in seen.people)
    return float(np.median(np.linalg.norm(first - second, axis=1)))


def offsets_over_time(seen: Seen) -> tuple[np.ndarray, np.ndarray]:
    """The first person's place along and to the left of the second's way, metres, on the frames that show both."""
    guide, guided = (p.room.pelvis[:, [0, 2]] for p in seen.people)
    way = guided[-1] - guided[0]
    way = way / np.linalg.norm(way)
    to = guide - guided
    return to @ way, to @ np.array([-way[1], way[0]])


@few
@given(apart=floats(0.5, 1.8), turn=floats(-75, 75), yaw=floats(-120, 120), seed=integers(0, 99))
def test_distance_and_turn_of_two_who_stand(apart, turn, yaw, seed):
    seen = meeting(apart, turn, yaw, seed=seed)
    body = body_of(seen)
    found = value_of("partner_distance", body)
    if found is None:  # one stands before the other and hides them
        return
    assert found.value == pytest.approx(true_distance(seen), abs=2.5 * found.error)
    assert found.error < 0.3
    turned = value_of("turn_from_partner", body)
    assert turned.value == pytest.approx(abs(turn), abs=2 * turned.error)


@few
@given(
    apart=floats(0.6, 1.6), turn=floats(0, 70), height=floats(1.1, 1.7), tall=floats(1.55, 1.85), yaw=floats(-40, 40)
)
def test_a_guessed_camera_errs_more_and_says_so(apart, turn, height, tall, yaw):
    seen = meeting(apart, turn, yaw, statures=(tall, 1.65), height=height)
    exact, guessed = (value_of("partner_distance", body_of(seen, guess)) for guess in (False, True))
    if exact is None or guessed is None:
        return
    assert guessed.value == pytest.approx(true_distance(seen), abs=2.5 * guessed.error)
    assert guessed.error > exact.error


def test_along_the_sight_line_the_error_is_greater_than_across_it():
    across, along = (value_of("partner_distance", body_of(meeting(1.2, 0.0, yaw))) for yaw in (90.0, 45.0))
    assert along.error > across.error


def test_who_has_the_back_turned_or_is_far_away_is_not_received():
    assert value_of("partner_distance", body_of(meeting(0.8, 40.0))) is not None
    assert value_of("partner_distance", body_of(meeting(3.0, 40.0))) is None
    assert value_of("partner_distance", body_of(meeting(0.8, 40.0, facing=150.0))) is None
    assert value_of("turn_from_partner", body_of(meeting(0.9, 140.0, 60.0))) is None


def test_two_who_walk_are_not_received_and_two_who_stand_are_not_guided():
    walk, stand = body_of(guiding(0.7, 0.3)), body_of(meeting(0.8, 40.0))
    assert value_of("partner_distance", walk) is None
    for name in ("guide_side", "guide_ahead", "pace_difference", "turn_to_follower"):
        assert value_of(name, walk) is not None, name
        assert value_of(name, stand) is None, name


@few
@given(
    side=floats(-0.9, 0.9), ahead=floats(-0.5, 1.6), faster=floats(-0.2, 0.3), yaw=sampled_from([0, 90, -90, 180, 45])
)
def test_side_lead_and_pace_of_two_who_walk(side, ahead, faster, yaw):
    if np.hypot(side, ahead) < 0.5:
        return  # nobody walks through another
    seen = guiding(side, ahead, faster, yaw)
    body = body_of(seen)
    along, left = offsets_over_time(seen)
    both = np.isfinite(body.xy[:, 23, 0]) & np.isfinite(body.partners[0].xy[:, 23, 0])
    for name, true in (("guide_ahead", np.median(along[both])), ("guide_side", np.median(left[both]))):
        found = value_of(name, body)
        assert found.value == pytest.approx(true, abs=2 * found.error), name
        assert found.error < 0.35
    pace = value_of("pace_difference", body)
    true = np.polyfit(body.track.time_s[both], along[both], 1)[0]
    assert pace.value == pytest.approx(true, abs=max(2 * pace.error, 0.06))


def test_people_who_pass_one_another_are_no_guide_and_guest():
    one, two = (walking(body=Build(1.7), duration_s=4.0) for _ in range(2))
    scene = Scene((Actor(one, 0.0, -1.5), Actor(two, 0.8, 3.0, 180.0)), duration_s=4.0)
    body = body_of(view(scene, camera(1.7), 90.0, 6.0, fps=10))
    for name in ("guide_side", "guide_ahead", "pace_difference"):
        assert value_of(name, body) is None


@few
@given(first=booleans())
def test_the_partner_is_the_nearest(first):
    near = Actor(standing(duration_s=1.5), 0.6, 0.6, 225.0)
    far = Actor(standing(duration_s=1.5), -1.2, 1.2, 135.0)
    others = (near, far) if first else (far, near)
    scene = Scene((Actor(standing(duration_s=1.5)), *others), duration_s=1.5)
    body = body_of(view(scene, camera(), 0.0, 4.5, fps=10))
    assert nearest(body) is body.partners[0 if first else 1]
    assert value_of("partner_distance", body).value == pytest.approx(np.hypot(0.6, 0.6), abs=0.2)


def test_alone_there_is_nothing_to_tell():
    body = body_of(view(standing(duration_s=1.5), camera(), fps=10))
    assert nearest(body) is None
    for name in ("partner_distance", "turn_from_partner", "guide_side", "guide_ahead", "pace_difference"):
        assert value_of(name, body) is None


@pytest.mark.parametrize(
    ("rule", "seen", "verdict"),
    [
        ("GE-12.distance", lambda: meeting(0.75, 45.0), Verdict.PASS),
        ("GE-12.distance", lambda: meeting(1.7, 45.0), Verdict.FAIL),
        ("GE-12.turn", lambda: meeting(0.8, 45.0), Verdict.PASS),
        ("GE-12.turn", lambda: meeting(0.8, 0.0, 60.0), Verdict.FAIL),
        ("WA-09.side", lambda: guiding(0.6, 0.9), Verdict.PASS),
        ("WA-09.side", lambda: guiding(-0.7, 0.6), Verdict.FAIL),
        ("WA-09.ahead", lambda: guiding(0.6, 0.9), Verdict.PASS),
        ("WA-09.ahead", lambda: guiding(0.6, -1.2), Verdict.FAIL),
        ("WA-09.ahead", lambda: guiding(0.6, 2.5, 0.0, 0.0), Verdict.FAIL),
        ("WA-09.pace", lambda: guiding(0.6, 0.9), Verdict.PASS),
        ("WA-09.pace", lambda: guiding(0.6, 0.3, 0.45), Verdict.FAIL),
    ],
)
def test_clauses_of_two_people(rule, seen, verdict):
    outcome = judge_rule(load_rules().rule(rule), body_of(seen()))
    assert (outcome.verdict, outcome.reason) == (verdict, None)


@pytest.mark.parametrize("rule", ["GE-12.distance", "GE-12.turn", "WA-09.side", "WA-09.ahead", "WA-09.pace"])
def test_without_a_partner_to_receive_or_guide_nothing_passes(rule):
    book = load_rules()
    alone = body_of(view(standing(duration_s=2.5), camera(), fps=10))
    apart = body_of(meeting(3.2, 40.0, -50.0))
    for body in (alone, apart):
        outcome = judge_rule(book.rule(rule), body)
        assert (outcome.verdict, outcome.reason) == (Verdict.NOT_ASSESSED, Reason.NO_PARTNER)
