"""What is wrong with the picture, on people of known place and pictures of known light."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.checklist import coaching
from posture_check.checklist.schema import Framing
from posture_check.landmarks.glimpse import Glimpse
from posture_check.landmarks.names import L
from posture_check.simulate.source import simulated_tracks
from posture_check.sources import open_source

NOTHING = np.full((2, 21, 2), np.nan), np.full((468, 2), np.nan)
SIZE = (1280, 720)


def person(settings: str = "", number: int = 0, *, moved: float = 0.0) -> Glimpse:
    """Return the standing person as a camera sees them, moved sideways by so many pixels."""
    found, _ = simulated_tracks(f"simulate:standing_v60?duration=0.3&noise=0&{settings}")
    track = found.tracks[0]
    pose = track.image[0].astype(float)
    pose[:, 0] += moved
    return Glimpse(number, pose, track.world[0].astype(float), *NOTHING)


@pytest.mark.parametrize(
    ("settings", "framing", "fault"),
    [
        ("distance=3.2&height=1.3&pitch=8", "body", None),
        ("distance=12&height=1.3&pitch=2", "body", "far"),
        ("distance=2.4&height=1.5&pitch=0", "body", "feet_cut"),
        ("distance=2.4&height=1.0&pitch=14", "body", "head_cut"),
        ("distance=1.4&height=1.45&pitch=5", "upper", None),
        ("distance=0.7&height=1.62&pitch=0", "upper", "near"),
        ("distance=1.4&height=1.0&pitch=5", "upper", "head_cut"),
    ],
)
def test_who_is_not_wholly_in_the_picture_is_told_what_to_do(
    settings: str, framing: Framing, fault: str | None
) -> None:
    assert coaching.framing_fault(person(settings), SIZE, framing) == fault


def test_who_stands_at_the_edge_is_asked_into_the_middle() -> None:
    assert coaching.framing_fault(person("distance=3.2&height=1.3&pitch=8", moved=620), SIZE, "body") == "aside"


@pytest.mark.parametrize("roll", [-12, -9, 9, 12])
def test_a_tilted_camera_is_seen_by_how_people_stand(roll: int) -> None:
    assert coaching.tilt_fault(person(f"distance=3.2&height=1.3&pitch=8&roll={roll}")) == "tilted"


@pytest.mark.parametrize("roll", [-5, 0, 5])
@pytest.mark.parametrize("yaw", [0, 30, 90])
def test_a_level_camera_is_not_called_tilted(roll: int, yaw: int) -> None:
    assert coaching.tilt_fault(person(f"distance=3.2&height=1.3&pitch=8&roll={roll}&yaw={yaw}")) is None


def test_a_passer_by_behind_is_no_rival_and_somebody_beside_is() -> None:
    near = person("distance=3.2&height=1.3&pitch=8")
    beside = person("distance=3.4&height=1.3&pitch=8", 1, moved=300)
    behind = person("distance=7&height=1.3&pitch=8", 2, moved=300)
    assert coaching.rivals([near, beside, behind], 0) == [1]


def test_the_subject_stays_while_others_come_and_go() -> None:
    first = person("distance=3.2&height=1.3&pitch=8")
    other = person("distance=3.0&height=1.3&pitch=8", 1, moved=-100)
    assert coaching.choose_subject([first], SIZE, None) == 0
    assert coaching.choose_subject([first, other], SIZE, 0) == 0
    assert coaching.choose_subject([other], SIZE, 0) == 1
    assert coaching.choose_subject([], SIZE, 0) is None


def test_of_two_equal_people_the_one_in_the_middle_is_meant() -> None:
    aside = person("distance=3.2&height=1.3&pitch=8", moved=400)
    middle = person("distance=3.2&height=1.3&pitch=8", 1)
    assert coaching.choose_subject([aside, middle], SIZE, None) == 1


def lit(person_level: int, about: int) -> np.ndarray:
    """Return a picture of even light about a person of even light."""
    picture = np.full((SIZE[1], SIZE[0], 3), about, np.uint8)
    pose = person("distance=3.2&height=1.3&pitch=8").pose
    x, y = pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], 0], pose[L.NOSE, 1]
    low, high = int(x.min()) - 20, int(x.max()) + 20
    picture[max(int(y) - 60, 0) :, low:high] = person_level
    return picture


@pytest.mark.parametrize(
    ("level", "about", "fault"),
    [(170, 180, None), (110, 250, None), (60, 230, "backlit"), (30, 40, "dark"), (60, 70, None)],
)
def test_the_light_is_told_from_face_and_surroundings(level: int, about: int, fault: str | None) -> None:
    subject = person("distance=3.2&height=1.3&pitch=8")
    light, shot = coaching.light_of(lit(level, about), subject)
    assert coaching.light_fault(light, shot, "body") == fault


def test_dark_hair_from_the_side_is_not_darkness() -> None:
    subject = person("distance=3.2&height=1.3&pitch=8&yaw=90")
    light, shot = coaching.light_of(lit(25, 170), subject)
    assert coaching.light_fault(light, shot, "body") is None


def test_a_close_up_must_be_close() -> None:
    close, far = person("distance=1.4&height=1.45&pitch=5"), person("distance=4&height=1.45&pitch=5")
    for subject, fault in ((close, None), (far, "far")):
        light, shot = coaching.light_of(np.full((720, 1280, 3), 170, np.uint8), subject)
        assert coaching.light_fault(light, shot, "upper") == fault


@pytest.mark.slow
def test_real_pictures_taken_with_care_are_not_complained_about(footage: object) -> None:
    """Pictures of whole people in the street: nobody is called dark, lit from behind, cut off or tilted."""
    from posture_check.landmarks.detectors import Detectors
    from posture_check.landmarks.finder import Plan, TrackBuilder

    folder = footage / "grooming" / "ccp" / "photos"  # type: ignore[operator]
    names = ("0012.jpg", "0015.jpg", "0446.jpg", "0764.jpg", "0913.jpg", "0988.jpg")
    with Detectors() as detectors:
        for name in names:
            with open_source(str(folder / name)) as source:
                frame = next(iter(source))
            builder = TrackBuilder(detectors, Plan(hands=False), video=False)
            builder.feed(frame)
            size = (frame.image.shape[1], frame.image.shape[0])
            subject = builder.newest()[0]
            light, shot = coaching.light_of(frame.image, subject)
            assert coaching.light_fault(light, shot, "body") is None, name
            assert coaching.framing_fault(subject, size, "body") is None, name
            assert coaching.tilt_fault(subject) is None, name
