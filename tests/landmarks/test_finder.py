from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.finder import Plan, TrackBuilder, find
from posture_check.landmarks.findings import Finding, Findings
from posture_check.landmarks.names import L
from posture_check.landmarks.poses import Poses
from posture_check.landmarks.track import Track, load_tracks, save_tracks
from posture_check.sources import open_source
from posture_check.sources.frame import Frame
from tests.landmarks.bodies import standing, world

RATE = 30.0
PICTURE = np.full((480, 640, 3), 128, np.uint8)


def figure(x: float) -> np.ndarray:
    return standing(x=x)


class Scripted:
    """Detectors that see what a script says: for each frame the places ``x`` of the people."""

    def __init__(self, script: Iterable[list[float]]) -> None:
        self.script: Iterator[list[float]] = iter(script)
        self.looked: list[float] = []
        self.hands = self.face = self.arms = self
        self.sha256: dict[str, str] = {"pose": "0" * 64}
        self._last_time_s = 0.0

    def pose(self, *, video: bool) -> Scripted:
        return self

    def find(self, image: np.ndarray, *rest: object) -> object:
        if len(rest) == 2:  # hands of a pose
            self.looked.append(self._last_time_s)
            return np.full((2, 21, 3), 5.0), np.array([0.9, 0.0])
        self._last_time_s = float(rest[0])  # type: ignore[arg-type]
        people = [figure(x) for x in next(self.script)]
        if not people:
            return Poses.none()
        return Poses(np.stack(people), np.stack([world(p) for p in people]))


class Watcher:
    """An onlooker that counts the offers it gets of each person."""

    def __init__(self) -> None:
        self.offers: dict[int, list[float]] = {}
        self.forgotten: list[int] = []

    def offer(self, frame: Frame, person: int, pose: np.ndarray, world: np.ndarray) -> None:
        assert pose.shape == (33, 4)
        assert world.shape == (33, 3)
        self.offers.setdefault(person, []).append(frame.time_s)

    def findings(self, person: int) -> Findings:
        return {"tie_worn": Finding(0.9, frames=len(self.offers[person]))} if person in self.offers else {}

    def forget(self, person: int) -> None:
        self.forgotten.append(person)


def build(
    script: list[list[float]], plan: Plan | None = None, *, video: bool = True, onlooker: Watcher | None = None
) -> tuple[list[Track], Scripted]:
    seen = Scripted(script)
    builder = TrackBuilder(seen, plan or Plan(hands=False), video=video, onlooker=onlooker)  # type: ignore[arg-type]
    for i in range(len(script)):
        builder.feed(Frame(i, i / RATE, PICTURE))
    return builder.tracks(), seen


def test_a_track_has_a_row_for_each_frame_from_first_to_last_sighting() -> None:
    (track,), _ = build([[]] * 5 + [[300.0]] * 40 + [[]] * 15 + [[300.0]] * 20 + [[]] * 5)
    assert list(track.frame) == list(range(5, 80))
    np.testing.assert_allclose(track.time_s, np.arange(5, 80) / RATE)
    unseen = np.isnan(track.image[:, 0, 0])
    assert list(np.flatnonzero(unseen)) == list(range(40, 55))
    assert np.isnan(track.world[unseen]).all()
    assert track.size == (640, 480)
    assert track.image.dtype == np.float32


def test_a_short_gap_is_filled_in() -> None:
    (track,), _ = build([[300.0 + i] for i in range(30)] + [[]] * 3 + [[333.0 + i] for i in range(30)])
    assert np.isfinite(track.image).all()
    np.testing.assert_allclose(np.diff(track.image[:, 0, 0]), 1.0, atol=0.05)


def test_a_glimpse_is_no_person() -> None:
    tracks, _ = build([[200.0]] * 20 + [[200.0, 500.0]] * 4 + [[200.0]] * 40)
    assert len(tracks) == 1


def test_numbers_are_close_packed() -> None:
    tracks, _ = build([[500.0]] * 3 + [[]] * 60 + [[100.0, 300.0]] * 30)
    assert [track.person for track in tracks] == [0, 1]


def test_a_picture_is_a_track_of_one_frame_with_details() -> None:
    (track,), _ = build([[300.0]], Plan(hands=True), video=False)
    assert len(track) == 1
    assert np.isnan(track.noise).all()
    assert list(track.details.at) == [0]
    np.testing.assert_allclose(track.details.hand_score, [[0.9, 0.0]], rtol=1e-6)


def test_a_video_of_three_frames_is_not_lost() -> None:
    tracks, _ = build([[300.0]] * 3)
    assert len(tracks) == 1
    assert len(tracks[0]) == 3


def test_nobody_is_no_track() -> None:
    assert build([[]] * 50)[0] == []


def test_details_are_looked_at_now_and_then() -> None:
    (track,), seen = build([[300.0]] * 301, Plan(hands=True, details_rate_hz=2.0))
    gaps = np.diff(seen.looked)
    assert seen.looked[0] == 0.0
    assert gaps.max() == pytest.approx(0.5, abs=1.5 / RATE)
    assert gaps[:4] == pytest.approx([0.25] * 4, abs=1.5 / RATE)
    assert len(track.details.at) == len(seen.looked) == 22
    assert track.time_s[track.details.at] == pytest.approx(seen.looked)


def test_hands_in_use_are_looked_at_more_often_and_the_rest_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_raised_hand(x: float) -> np.ndarray:
        pose = standing(x=abs(x))
        if x < 0:
            pose[L.LEFT_WRIST, 1] = pose[L.LEFT_SHOULDER, 1]
        return pose

    monkeypatch.setattr("tests.landmarks.test_finder.figure", with_raised_hand)
    script = [[300.0]] * 60 + [[-300.0]] * 60 + [[300.0]] * 60
    (track,), seen = build(script, Plan(hands=True, details_rate_hz=2.0, hands_rate_hz=6.0))
    looked = np.array(seen.looked)
    assert ((looked >= 2.0) & (looked < 4.0)).sum() == pytest.approx(12, abs=2)
    assert (looked >= 4.1).sum() == pytest.approx(4, abs=1)
    details = track.details
    assert len(details.at) == len(looked)
    used = (details.at >= 60) & (details.at < 120)
    assert not details.glance[~used].any()
    assert details.glance[used].sum() == pytest.approx(8, abs=2)
    assert np.isnan(details.face[details.glance]).all()
    assert np.isfinite(details.hands[details.glance]).all()


def test_a_plan_without_hands_never_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    raised = standing(x=300.0)
    raised[L.LEFT_WRIST, 1] = raised[L.LEFT_SHOULDER, 1]
    monkeypatch.setattr("tests.landmarks.test_finder.figure", lambda _x: raised)
    _, seen = build([[300.0]] * 60, Plan(hands=False))
    assert seen.looked == []


def test_only_the_largest_two_are_looked_at_in_detail() -> None:
    tracks, _ = build([[100.0, 300.0, 500.0]] * 30, Plan(hands=True))
    assert sorted(bool(len(track.details.at)) for track in tracks) == [False, True, True]


def test_live_tracks_grow_and_stay_small() -> None:
    seen = Scripted([[300.0]] * 400)
    plan = Plan(hands=True, live=True, keep_s=2.0)
    builder = TrackBuilder(seen, plan, video=True)  # type: ignore[arg-type]
    lengths = []
    for i in range(400):
        builder.feed(Frame(i, i / RATE, PICTURE))
        lengths.append(sum(len(track) for track in builder.tracks()))
    assert max(lengths) <= 4 * RATE + 2
    (track,) = builder.tracks()
    assert track.frame[-1] == 399
    assert track.time_s[-1] - track.time_s[0] >= 2.0 - 1 / RATE
    assert (np.diff(track.frame) == 1).all()
    assert (track.details.at >= 0).all()
    assert (track.details.at < len(track)).all()


def test_an_onlooker_is_offered_what_is_looked_at_in_detail() -> None:
    watcher = Watcher()
    (track,), seen = build([[300.0]] * 301, Plan(hands=True, details_rate_hz=2.0), onlooker=watcher)
    assert watcher.offers == {0: seen.looked}
    assert track.findings == {"tie_worn": Finding(0.9, frames=len(seen.looked))}


def test_an_onlooker_alone_is_reason_enough_to_look() -> None:
    watcher = Watcher()
    (track,), _ = build([[300.0]], video=False, onlooker=watcher)
    assert watcher.offers == {0: [0.0]}
    assert track.findings["tie_worn"].frames == 1


def test_findings_stay_with_their_person_when_numbers_are_close_packed() -> None:
    watcher = Watcher()
    tracks, _ = build([[500.0]] * 3 + [[]] * 60 + [[100.0]] * 30, onlooker=watcher)
    (track,) = tracks
    assert track.person == 0
    assert len(watcher.offers) == 2
    assert track.findings["tie_worn"].frames == len(watcher.offers[1]) > 1


def test_a_live_onlooker_forgets_who_has_gone() -> None:
    watcher = Watcher()
    plan = Plan(hands=False, live=True, keep_s=1.0)
    (left,), _ = build([[100.0, 500.0]] * 40 + [[100.0]] * 140, plan, onlooker=watcher)
    assert sorted(watcher.offers) == [0, 1]
    assert watcher.forgotten == [1 - left.person]
    assert left.findings["tie_worn"].frames == len(watcher.offers[left.person])


def test_nobody_looks_on_unless_asked() -> None:
    (track,), _ = build([[300.0]] * 30)
    assert track.findings == {}


@pytest.mark.slow
def test_a_clip_from_beginning_to_end(detectors: Detectors, examples, tmp_path) -> None:  # type: ignore[no-untyped-def]
    told: list[float | None] = []
    found = find(
        open_source(str(examples / "standing-v.mp4")),
        plan=Plan(hands=True, face=True),
        progress=lambda what, share: told.append(share),
        detectors=detectors,
    )
    (track,) = found.tracks
    assert len(track) == found.source.frames == len(told)
    assert np.isfinite(track.image).all()
    assert (track.noise > 0).all()
    assert (track.noise < 3).all()
    assert len(track.details.at) >= 5
    assert np.isfinite(track.details.face[:, 0, 0]).all()
    assert {"pose", "hand", "face"} <= set(found.models)
    save_tracks(tmp_path / "track.npz", found)
    np.testing.assert_array_equal(load_tracks(tmp_path / "track.npz").tracks[0].image, track.image)
