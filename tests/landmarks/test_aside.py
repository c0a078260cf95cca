"""Closer looks beside a live picture: the frames never wait, and nothing is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from posture_check.landmarks.finder import Plan, TrackBuilder
from posture_check.landmarks.names import L
from posture_check.sources.frame import Frame
from tests.landmarks.test_finder import PICTURE, RATE, Scripted

PLAN = Plan(hands=True, live=True, keep_s=2.0)


class Slow(Scripted):
    """Detectors whose closer looks last until they are let go."""

    def __init__(self, script: list[list[float]]) -> None:
        super().__init__(script)
        self.go = threading.Event()

    def find(self, image: np.ndarray, *rest: object) -> object:
        if len(rest) == 2:
            self.go.wait(10.0)
        return super().find(image, *rest)


def fed(builder: TrackBuilder, frames: int, first: int = 0) -> None:
    for i in range(first, first + frames):
        builder.feed(Frame(i, i / RATE, PICTURE))


def test_frames_go_on_while_a_look_is_under_way_and_it_counts_for_its_own_frame() -> None:
    eyes: Any = Slow([[300.0]] * 40)
    with ThreadPoolExecutor(1) as aside:
        builder = TrackBuilder(eyes, PLAN, video=True, aside=aside)
        fed(builder, 20)
        (track,) = builder.tracks()
        assert len(track) == 20
        assert len(track.details.at) == 0
        assert not builder.settle(wait=False)
        eyes.go.set()
        assert builder.settle()
        (track,) = builder.tracks()
        assert list(track.details.at) == [0]
        fed(builder, 20, first=20)
        assert builder.settle()
        assert len(builder.tracks()[0].details.at) >= 2


def test_an_error_in_a_look_is_told() -> None:
    class Broken(Scripted):
        def find(self, image: np.ndarray, *rest: object) -> object:
            if len(rest) == 2:
                raise RuntimeError("model broke")
            return super().find(image, *rest)

    eyes: Any = Broken([[300.0]] * 5)
    with ThreadPoolExecutor(1) as aside:
        builder = TrackBuilder(eyes, PLAN, video=True, aside=aside)
        fed(builder, 1)
        with pytest.raises(RuntimeError, match="model broke"):
            builder.settle()


def test_a_look_at_somebody_who_is_forgotten_meanwhile_is_dropped() -> None:
    eyes: Any = Slow([[300.0]] * 3 + [[]] * 200)
    with ThreadPoolExecutor(1) as aside:
        builder = TrackBuilder(eyes, PLAN, video=True, aside=aside)
        fed(builder, 203)
        eyes.go.set()
        assert builder.settle()
        assert builder.tracks() == []


def test_the_newest_frame_shows_who_is_there_and_details_move_along() -> None:
    eyes: Any = Scripted([[300.0]] * 10 + [[320.0, 600.0]] + [[]])
    builder = TrackBuilder(eyes, Plan(hands=True, live=False), video=True)
    fed(builder, 10)
    (before,) = builder.newest()
    assert np.isfinite(before.hands[0]).all()
    fed(builder, 1, first=10)
    now = builder.newest()
    assert len(now) == 2
    moved = now[0].pose[L.LEFT_WRIST, :2] - before.pose[L.LEFT_WRIST, :2]
    assert now[0].hands[0] - before.hands[0] == pytest.approx(np.tile(moved, (21, 1)), abs=1e-3)
    fed(builder, 1, first=11)
    assert builder.newest() == []
