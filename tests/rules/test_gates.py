from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posture_check.landmarks.finder import Plan, find
from posture_check.landmarks.track import Track
from posture_check.pipeline import Options, judge
from posture_check.rules.gates import is_person
from posture_check.rules.result import Reason, Verdict
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view
from posture_check.sources import open_source


def with_solidity(*values: float) -> Track:
    track = view(standing(), duration_s=4.0).people[0].track
    track.details.solidity[:] = np.nan
    track.details.solidity[: len(values)] = values
    return track


@pytest.mark.parametrize(
    ("values", "person"), [((), True), ((0.18, 0.2), True), ((0.05, 0.11, 0.06), False), ((0.05, 0.2, 0.2), True)]
)
def test_a_person_fills_a_share_of_the_picture(values: tuple[float, ...], person: bool) -> None:
    assert is_person(with_solidity(*values)) is person


def test_every_check_of_a_drawing_says_so() -> None:
    found = view(standing(), duration_s=4.0).tracks()
    found.tracks[0].details.solidity[:2] = 0.07
    result = judge(found, Options(posture=("standing",)))
    assert {c.reason for c in result.checks} <= {Reason.NOT_A_PERSON, Reason.SWITCHED_OFF}
    assert all(c.hint for c in result.checks if c.reason is Reason.NOT_A_PERSON)
    assert result.verdict is Verdict.INCOMPLETE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("clip", "drawn"),
    [("gait-lab/public/samples/sagittal-gait.mp4", True), ("sports2d/demo5.mp4", False)],
)
def test_a_cartoon_is_no_person_and_a_filmed_person_is(footage: Path, clip: str, drawn: bool) -> None:
    path = footage / "posture" / clip
    if not path.is_file():
        pytest.skip(f"no {path}")
    tracks = find(open_source(str(path), max_rate_hz=10), plan=Plan(hands=False, outline=True))
    result = judge(tracks, Options(posture=("standing",)))
    reasons = {c.reason for c in result.checks}
    if drawn:
        assert reasons <= {Reason.NOT_A_PERSON, Reason.SWITCHED_OFF}
    else:
        assert Reason.NOT_A_PERSON not in reasons
