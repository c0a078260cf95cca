from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from posture_check.grooming.frames import LIVE_APART_S, LIVE_KEEP_S, LOOKS_PER_CLIP
from posture_check.grooming.observer import Observer
from posture_check.grooming.subject import Subject
from posture_check.landmarks.finder import Plan, TrackBuilder
from posture_check.landmarks.findings import Finding, Findings, Mark
from posture_check.landmarks.onlooker import Onlooker
from posture_check.sources.frame import Frame
from tests.grooming.test_frames import POSE, head
from tests.landmarks.bodies import world

FACE = np.zeros((468, 3), np.float32)


class Finders:
    """Landmarkers that count how often the face is looked for."""

    def __init__(self) -> None:
        self.faces = 0
        self.face, self.person = self, self

    def find(self, image: np.ndarray, pose: np.ndarray, metres: np.ndarray) -> np.ndarray:
        self.faces += 1
        return FACE


class Reading:
    """A reader that finds a tie tip as far from the belt as the picture's lower right pixel is bright."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self, subject: Subject) -> Findings:
        self.looks += 1
        assert subject.face is FACE
        tip = float(subject.image[-1, -1, 0])
        return {"tie_tip": Finding(tip, 0.5, marks=(Mark("point", ((tip, 0.0),)),)), "beard": Finding(0.9, 0.1)}


def observer(**options: bool) -> tuple[Observer, Reading, Finders]:
    reader, finders = Reading(), Finders()
    return Observer(finders, reader=reader, **options), reader, finders  # type: ignore[arg-type]


def frame(i: int, time_s: float, tip: int = 3, light: float = 1.0) -> Frame:
    image = head(light).copy()
    image[-1, -1] = tip
    return Frame(i, time_s, image)


def test_it_is_an_onlooker() -> None:
    onlooker: Onlooker = observer()[0]
    assert onlooker.findings(0) == {}
    onlooker.forget(0)


def test_a_picture_is_always_looked_at() -> None:
    for light in (1.0, 0.05):
        seen, reader, _ = observer(video=False)
        seen.offer(frame(0, 0.0, light=light), 0, POSE, world(POSE))
        assert reader.looks == 1
        assert seen.findings(0)["tie_tip"] == Finding(3.0, 0.5, None, 1, 0.0, (Mark("point", ((3.0, 0.0),)),))


def test_a_clip_is_looked_at_a_few_times_however_long() -> None:
    seen, reader, finders = observer()
    for i in range(400):
        seen.offer(frame(i, i * 0.5), 0, POSE, world(POSE))
    assert 3 <= reader.looks <= LOOKS_PER_CLIP
    assert finders.faces == reader.looks
    assert seen.findings(0)["tie_tip"].frames <= LOOKS_PER_CLIP


def test_the_evidence_is_a_frame_that_was_looked_at() -> None:
    seen, _, _ = observer()
    for i, tip in enumerate([5, 1, 2, 9]):
        seen.offer(frame(i, i * 0.5, tip), 0, POSE, world(POSE))
    finding = seen.findings(0)["tie_tip"]
    assert finding.value == 3.5
    assert finding.evidence_s in (0.0, 1.0)
    assert finding.marks[0].points[0][0] in (5.0, 2.0)


def test_dark_frames_give_way_to_the_first_good_one() -> None:
    seen, reader, _ = observer()
    for i in range(20):
        seen.offer(frame(i, i * 0.5, tip=9, light=0.05), 0, POSE, world(POSE))
    assert reader.looks == 1
    seen.offer(frame(20, 10.0, tip=2), 0, POSE, world(POSE))
    assert seen.findings(0)["tie_tip"].value == 2.0


def test_people_are_kept_apart_and_can_be_forgotten() -> None:
    seen, _, _ = observer()
    for i in range(4):
        for person, tip in ((0, 1), (7, 8)):
            seen.offer(frame(i, i * 0.5, tip), person, POSE, world(POSE))
    assert seen.findings(0)["tie_tip"].value == 1.0
    assert seen.findings(7)["tie_tip"].value == 8.0
    seen.forget(7)
    assert seen.findings(7) == {}
    assert seen.findings(0)["tie_tip"].value == 1.0


def test_live_one_look_a_second_of_all_people_together() -> None:
    seen, reader, _ = observer(live=True)
    for i in range(240):
        for person in (0, 1):
            seen.offer(frame(i, i * 0.25), person, POSE, world(POSE))
    assert reader.looks <= 60 / LIVE_APART_S + 1
    assert seen.findings(0)
    assert seen.findings(1)


def test_live_a_tie_put_right_is_soon_right() -> None:
    seen, _, _ = observer(live=True)
    for i in range(200):
        seen.offer(frame(i, i * 0.5, tip=9 if i < 80 else 1), 0, POSE, world(POSE))
        if i * 0.5 > 40 + 1.5 * LIVE_KEEP_S:
            assert seen.findings(0)["tie_tip"].value == 1.0


def test_findings_reach_the_tracks() -> None:
    from posture_check.landmarks.poses import Poses

    class Detectors(Finders):
        def pose(self, *, video: bool) -> Detectors:
            return self

        def find(self, image: np.ndarray, *rest: object) -> object:
            if len(rest) == 2:
                return FACE
            return Poses(POSE[None], world(POSE)[None])

    detectors = Detectors()
    reader = Reading()
    watching = Observer(detectors, reader=reader)  # type: ignore[arg-type]
    builder = TrackBuilder(detectors, Plan(hands=False), video=True, onlooker=watching)  # type: ignore[arg-type]
    for i in range(90):
        builder.feed(frame(i, i / 30))
    (track,) = builder.tracks()
    assert track.findings["tie_tip"].value == 3.0
    assert track.findings["tie_tip"].frames == reader.looks


def test_what_is_not_looked_at_costs_next_to_nothing() -> None:
    seen, reader, _ = observer()
    one = frame(0, 0.0)
    for i in range(30):
        seen.offer(Frame(i, i * 0.5, one.image), 0, POSE, world(POSE))
    looks, start = reader.looks, time.process_time()
    for i in range(30, 80):
        seen.offer(Frame(i, i * 0.5, one.image), 0, POSE, world(POSE))
    assert reader.looks == looks
    assert (time.process_time() - start) / 50 < 0.02


@pytest.mark.slow
def test_a_head_that_turns_is_looked_at_from_the_front_first(footage: Path) -> None:
    """The man looks about; whatever is looked at, front views are among it and they are the best scored."""
    from posture_check.landmarks.detectors import Detectors
    from posture_check.landmarks.finder import find
    from posture_check.sources import open_source

    clip = footage / "posture" / "intel-sample-videos" / "preview" / "head-pose-face-detection-male.gif"
    reader = _Turns()
    with Detectors() as detectors:
        watching = Observer(detectors, reader=reader)
        (track,) = find(open_source(str(clip)), plan=Plan(hands=False), detectors=detectors, onlooker=watching).tracks
    assert min(abs(turn) for turn in reader.turns) < 15
    assert 1 <= len(reader.turns) <= LOOKS_PER_CLIP
    assert track.findings["beard"].value == pytest.approx(0.9)


class _Turns:
    """A reader that notes how far the head is turned."""

    def __init__(self) -> None:
        self.turns: list[float] = []

    def look(self, subject: Subject) -> Findings:
        self.turns.append(subject.head_yaw_deg)
        return {"beard": Finding(0.9, 0.1)}
