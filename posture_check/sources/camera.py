"""A camera of this machine, through OpenCV (which is loaded only when one is opened)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from posture_check.sources.base import Image, Options, problem
from posture_check.sources.clock import believable_fps
from posture_check.sources.live import LiveSource, Lost, RetryBudget


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that is used."""

    def isOpened(self) -> bool:
        """Whether the camera answers."""
        ...

    def read(self) -> tuple[bool, Any]:
        """Return the next picture, BGR, and whether there is one."""
        ...

    def get(self, prop: int, /) -> float:
        """Return a property."""
        ...

    def release(self) -> None:
        """Let go of the camera."""
        ...


CAMERA_SIZE = (1280, 720)
"""Asked of a camera: most would otherwise give 640x480, too little for hands and faces of a whole person."""

FAILED_READS = 10
"""Reads in a row that may fail before the camera counts as lost."""


class CameraSource(LiveSource):
    """A camera of this machine, read through OpenCV.

    Parameters
    ----------
    index
        Number of the camera, from 0.
    name
        The source as it is shown.
    options
        Rate and part wanted.
    budget
        When to give up.
    opener
        Opens a camera by number.

    Raises
    ------
    InputError
        If the camera cannot be opened or gives no picture; while reading, if it is lost for good.
    """

    def __init__(
        self,
        index: int,
        name: str,
        options: Options,
        *,
        budget: RetryBudget | None = None,
        opener: Callable[[int], Capture] | None = None,
    ) -> None:
        self._index, self._name = index, name
        self._opener = opener or open_capture
        self._capture: Capture | None = None
        try:
            self._connect()
            _, first = self._read()
            fps = believable_fps(self._capture.get(_CAP_PROP_FPS) if self._capture else None)
            size = (first.shape[1], first.shape[0])
            super().__init__(name, "camera", options, size, fps, budget or RetryBudget())
        except Lost as lost:
            self._disconnect()
            raise problem(name, f"the camera cannot be used ({lost})", self._cure()) from None
        except BaseException:
            self._disconnect()
            raise

    def _cure(self) -> str:
        return "check its cable, that no other program uses it, and that this program may use cameras"

    def _connect(self) -> None:
        self._capture = self._opener(self._index)
        if not self._capture.isOpened():
            raise Lost("it does not answer")

    def _read(self) -> tuple[float, Image]:
        """Return the time and the BGR picture of the next read that works."""
        assert self._capture is not None
        for _ in range(FAILED_READS):
            good, bgr = self._capture.read()
            if good and bgr is not None:
                return time.monotonic(), bgr
            time.sleep(0.02)
        raise Lost("it stopped giving pictures")

    def _pictures(self) -> Iterator[tuple[float, Callable[[], Image]]]:
        if self._capture is None:
            self._connect()
        while True:
            taken_s, bgr = self._read()
            yield taken_s, lambda bgr=bgr: self._rgb(bgr)  # type: ignore[misc]  # default of a lambda

    def _rgb(self, bgr: Image) -> Image:
        import cv2

        wanted = (self.info.width, self.info.height)
        if (bgr.shape[1], bgr.shape[0]) != wanted:  # another mode after reopening
            bgr = cv2.resize(bgr, wanted)  # type: ignore[assignment]  # cv2 types are wider
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def _disconnect(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()


_CAP_PROP_FPS = 5  # cv2.CAP_PROP_FPS, here so that importing this file does not load OpenCV


def open_capture(index: int) -> Capture:
    """Open a camera through OpenCV, quietly.

    Parameters
    ----------
    index
        Number of the camera.
    """
    import cv2

    logging = cv2.utils.logging
    level = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        capture = cv2.VideoCapture(index)
        if capture.isOpened():
            # Motion JPEG first: over USB 2 the raw format allows 720p only a few times a second.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, CAMERA_SIZE[0])
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, CAMERA_SIZE[1])
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture
    finally:
        logging.setLogLevel(level)
