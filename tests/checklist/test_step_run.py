"""One step live, with the real models on people whose posture is known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posture_check.checklist.messages import Begin
from posture_check.checklist.schema import CameraStep
from posture_check.checklist.step_run import Seen, StepRun
from posture_check.landmarks.detectors import Detectors
from posture_check.rules.result import Reason, Text, Verdict
from posture_check.sources import open_source
from posture_check.sources.frame import Frame

RATE = 10.0
WALK_RATE = 15.0
WORDS = Text(zh="一", en="x")


@pytest.fixture(scope="module")
def detectors() -> Iterator[Detectors]:
    with Detectors() as made:
        yield made


@pytest.fixture(scope="module")
def pictures(examples: Path) -> dict[str, list[np.ndarray]]:
    found = {}
    for name in ("standing-v", "hands-on-hips", "walking"):
        rate = WALK_RATE if name == "walking" else RATE
        with open_source(str(examples / f"{name}.mp4"), max_rate_hz=rate + 0.1) as source:
            found[name] = [frame.image for frame in source]
    return found


def step(**changes: Any) -> CameraStep:
    fields: dict[str, Any] = {"id": "front", "title": WORDS, "say": WORDS, "postures": ("standing",), "hold_s": 1.2}
    return CameraStep(**(fields | changes))


def for_and_back(pictures: list[np.ndarray], seconds: float, first_s: float = 0.0) -> Iterator[Frame]:
    """Return what somebody who goes on standing so looks like."""
    there_and_back = [*pictures, *pictures[-2:0:-1]]
    for i in range(round(seconds * RATE)):
        yield Frame(i, first_s + i / RATE, there_and_back[i % len(there_and_back)])


def played(run: StepRun, frames: Iterator[Frame]) -> list[tuple[float, Seen]]:
    """Feed frames up to the verdict."""
    seen = []
    for frame in frames:
        seen.append((frame.time_s, run.feed(frame)))
        if seen[-1][1].checks is not None:
            break
    run.close()
    return seen


def begin(asked: CameraStep | None = None, **changes: Any) -> Begin:
    return Begin(run=3, task="step" if asked else "watch", step=asked, **changes)


def test_who_stands_well_is_held_and_passes(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    asked = step(clauses=("ST-02", "ST-03.side", "ST-07", "ST-10", "ST-11", "ST-12"))
    run = StepRun(begin(asked, evidence=True), detectors, 0.0, in_step=True)
    assert run.run == 3
    seen = played(run, for_and_back(pictures["standing-v"], 6.0))
    end_s, last = seen[-1]
    assert end_s <= 0.75 + 0.25 + 0.3 + 1.2 + 0.5
    assert last.checks is not None
    assert {c.rule for c in last.checks if c.alternatives is None} == {"ST-02", "ST-03.side", "ST-10", "ST-11", "ST-12"}
    assert len([c for c in last.checks if c.alternatives is not None]) == 1
    assert all(c.verdict in (Verdict.PASS, Verdict.BORDERLINE) for c in last.checks if c.required)
    stages = [s.stage for _, s in seen]
    assert stages[0] == "looking"
    assert stages[-1] == "done"
    shares = [s.progress for _, s in seen if s.stage == "hold"]
    assert shares == sorted(shares)
    (drawn,) = last.people
    assert drawn.subject
    assert len(drawn.pose) == 33
    assert all(0 <= x <= 1 and 0 <= v <= 1 for x, _, v in drawn.pose)
    assert last.evidence_jpeg is not None
    assert cv2.imdecode(np.frombuffer(last.evidence_jpeg, np.uint8), 1).shape[:2] == pictures["standing-v"][0].shape[:2]


def test_a_fault_is_said_and_judged_when_it_is_not_put_right(
    detectors: Detectors, pictures: dict[str, list[np.ndarray]]
) -> None:
    asked = step(clauses=("ST-06", "ST-10", "ST-11"), patience_s=2.5)
    seen = played(StepRun(begin(asked), detectors, 0.0, in_step=True), for_and_back(pictures["hands-on-hips"], 6.0))
    end_s, last = seen[-1]
    assert end_s == pytest.approx(2.5, abs=0.2)
    assert "hold" not in {s.stage for _, s in seen}
    said = [s.guidance for _, s in seen if s.guidance is not None and s.stage == "correct"]
    assert said
    assert said[-1].clause == "ST-10"
    assert said[-1].marks
    assert last.checks is not None
    failed = {c.rule: c.fix for c in last.checks if c.verdict is Verdict.FAIL}
    assert failed["ST-10"] is not None


def test_who_goes_away_is_not_judged(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    run = StepRun(begin(step(patience_s=3.0)), detectors, 0.0, in_step=True)
    empty = np.full_like(pictures["standing-v"][0], 160)
    for frame in for_and_back(pictures["standing-v"], 1.2):
        assert run.feed(frame).checks is None
    seen = played(run, for_and_back([empty, empty], 2.5, first_s=1.2))
    assert all(s.checks is None for _, s in seen)
    assert seen[-1][1].stage == "looking"
    assert seen[-1][1].guidance is not None
    assert seen[-1][1].guidance.code == "no_person"
    assert seen[-1][1].people == ()


def test_a_wrong_view_is_turned_and_never_judged_from(
    detectors: Detectors, pictures: dict[str, list[np.ndarray]]
) -> None:
    asked = step(view="side", clauses=("ST-05",), patience_s=2.0)
    seen = played(StepRun(begin(asked), detectors, 0.0, in_step=True), for_and_back(pictures["standing-v"], 4.0))
    codes = {s.guidance.code for _, s in seen if s.guidance is not None}
    assert "view" in codes
    assert "hold" not in codes
    assert seen[-1][1].checks is not None
    assert {(c.verdict, c.reason) for c in seen[-1][1].checks} == {(Verdict.NOT_ASSESSED, Reason.VIEW)}


def test_a_walk_is_judged_over_the_movement(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    asked = step(postures=("walking",), view="any", hold_s=2.6, clauses=("WA-07", "WA-01.lean"))
    frames = (Frame(i, i / WALK_RATE, image) for i, image in enumerate(pictures["walking"]))
    seen = played(StepRun(begin(asked), detectors, 0.0, in_step=True), frames)
    assert seen[-1][1].checks is not None
    verdicts = {c.rule: c.verdict for c in seen[-1][1].checks}
    assert verdicts["WA-01.lean"] in (Verdict.PASS, Verdict.BORDERLINE)


def test_standing_is_not_taken_for_a_walk(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    asked = step(postures=("walking",), view="any", hold_s=2.0, patience_s=2.0, clauses=("WA-07",))
    seen = played(StepRun(begin(asked), detectors, 0.0, in_step=True), for_and_back(pictures["standing-v"], 4.0))
    assert seen[-1][1].checks is not None
    assert {c.reason for c in seen[-1][1].checks} == {Reason.POSTURE_NOT_SEEN}


def rotated(picture: np.ndarray, degrees: float) -> np.ndarray:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)


def beside(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the middles of two pictures side by side."""
    quarter = a.shape[1] // 4
    return np.ascontiguousarray(np.hstack([a[:, quarter : 3 * quarter], b[:, quarter : 3 * quarter]]))


@pytest.mark.parametrize("code", ["dark", "tilted", "two_people", "feet_cut", "far"])
def test_a_bad_picture_is_put_right_before_anybody_is_judged(
    code: str, detectors: Detectors, pictures: dict[str, list[np.ndarray]]
) -> None:
    well = pictures["standing-v"]
    height, width = well[0].shape[:2]
    spoilt = {
        "dark": lambda i: (well[i] * 0.2).astype(np.uint8),
        "tilted": lambda i: rotated(well[i], 12.0),
        "two_people": lambda i: beside(well[i], pictures["hands-on-hips"][i]),
        "feet_cut": lambda i: np.ascontiguousarray(well[i][: round(0.75 * height)]),
        "far": lambda i: cv2.copyMakeBorder(
            cv2.resize(well[i], (width // 4, height // 4), interpolation=cv2.INTER_AREA),
            height // 2, height // 4, 3 * width // 8, 3 * width // 8, cv2.BORDER_CONSTANT, value=(150, 150, 150),
        ),
    }[code]  # fmt: skip
    run = StepRun(begin(step(clauses=("ST-02",))), detectors, 0.0, in_step=True)
    seen = [(f.time_s, run.feed(f)) for f in for_and_back([spoilt(i) for i in range(0, 16)], 1.3)]
    run.close()
    assert all(s.stage == "looking" for _, s in seen)
    assert code in {s.guidance.code for _, s in seen if s.guidance is not None}


def test_exemptions_are_kept(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    asked = step(clauses=("ST-10", "ST-11"), patience_s=1.5)
    run = StepRun(begin(asked, exempt=("ST-10",)), detectors, 0.0, in_step=True)
    seen = played(run, for_and_back(pictures["hands-on-hips"], 4.0))
    assert seen[-1][1].checks is not None
    by_rule = {c.rule: c for c in seen[-1][1].checks}
    assert by_rule["ST-10"].reason is Reason.EXEMPT
    assert by_rule["ST-11"].verdict is Verdict.PASS


def test_watching_draws_people_and_asks_for_nothing(
    detectors: Detectors, pictures: dict[str, list[np.ndarray]]
) -> None:
    seen = played(StepRun(begin(), detectors, 0.0, in_step=True), for_and_back(pictures["standing-v"], 0.6))
    assert all(s.checks is None and s.stage == "looking" for _, s in seen)
    assert seen[-1][1].people
    assert seen[-1][1].guidance is None


def test_a_code_is_read_and_nobody_is_looked_for(detectors: Detectors) -> None:
    code = cv2.QRCodeEncoder.create().encode("A-7")
    picture = np.full((480, 640, 3), 200, np.uint8)
    large = cv2.resize(code, (260, 260), interpolation=cv2.INTER_NEAREST)
    picture[100:360, 150:410] = large[..., None]
    run = StepRun(Begin(run=1, task="code"), detectors, 0.0)
    assert run.feed(Frame(0, 0.0, np.full_like(picture, 200))).code is None
    assert run.feed(Frame(1, 0.2, picture)).code == "A-7"
    run.close()


def test_an_empty_place_is_looked_at_now_and_then(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    """And somebody who comes is seen at once all the same."""
    run = StepRun(begin(), detectors, 0.0, in_step=True)
    empty = np.full_like(pictures["standing-v"][0], 160)
    looked = []
    for i, time_s in enumerate([*np.arange(32) / 10, *(3.2 + np.arange(30) / 30)]):
        before = time.thread_time()
        run.feed(Frame(i, float(time_s), empty))
        looked.append(time.thread_time() - before)
    assert np.mean(looked[-30:]) < 0.5 * np.mean(looked[2:30])
    seen = [run.feed(f) for f in for_and_back(pictures["standing-v"], 0.5, first_s=4.2)]
    run.close()
    assert seen[-1].people


@pytest.mark.slow
def test_beside_the_picture_it_comes_to_the_same(detectors: Detectors, pictures: dict[str, list[np.ndarray]]) -> None:
    """In real time, with closer looks and judging in threads of their own."""
    asked = step(clauses=("ST-02", "ST-03.side", "ST-10", "ST-11"), hold_s=2.0)
    start_s = time.monotonic()
    run = StepRun(begin(asked), detectors, start_s)
    there_and_back = [*pictures["standing-v"], *pictures["standing-v"][-2:0:-1]]
    checks, i = None, 0
    while checks is None and time.monotonic() - start_s < 30.0:
        passed = time.monotonic() - start_s
        image = there_and_back[int(passed * RATE) % len(there_and_back)]
        checks, i = run.feed(Frame(i, start_s + passed, image)).checks, i + 1
        time.sleep(0.02)
    run.close()
    assert checks is not None
    assert all(c.verdict in (Verdict.PASS, Verdict.BORDERLINE) for c in checks if c.required)
