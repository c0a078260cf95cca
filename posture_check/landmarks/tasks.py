"""The one door to MediaPipe: loads it when first needed, and runs its landmarkers without their chatter."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.native import quiet_native_logs, require_system_libraries


@dataclass(frozen=True, slots=True)
class Tasks:
    """What is used of MediaPipe.

    Attributes
    ----------
    vision
        The module ``mediapipe.tasks.python.vision``.
    picture
        Makes MediaPipe's picture of an ``(height, width, 3)`` uint8 RGB array.
    base_options
        Makes the options that name a model by its content.
    """

    vision: Any
    picture: Callable[[NDArray[np.uint8]], Any]
    base_options: Callable[[bytes], Any]


@cache
def load_tasks() -> Tasks:
    """Import MediaPipe.

    Raises
    ------
    InputError
        If the machine lacks a system library that it needs.
    """
    require_system_libraries()
    with quiet_native_logs():
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision
    return Tasks(
        vision=vision,
        picture=lambda image: mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(image)
        ),
        base_options=lambda model: BaseOptions(model_asset_buffer=model),
    )


_open: weakref.WeakSet[Any] = weakref.WeakSet()


class Landmarker:
    """A MediaPipe landmarker that is made when first used and keeps quiet.

    Parameters
    ----------
    kind
        ``Pose``, ``Hand`` or ``Face``.
    model
        Content of its bundle.
    video
        Whether frames follow one another in time.
    options
        Further options of the landmarker.
    """

    def __init__(self, kind: str, model: bytes, *, video: bool = False, **options: Any) -> None:
        self._kind, self._model, self._video, self._options = kind, model, video, options
        self._landmarker: Any = None
        self._seen = False
        self.used = False
        self._clock_ms = -1
        self._found = f"{kind.lower()}_landmarks"
        _open.add(self)

    def detect(self, image: NDArray[np.uint8], milliseconds: int = 0) -> Any:
        """Return MediaPipe's result for an RGB image.

        In a video the time tells how fast things move; one that does not rise is taken as a millisecond later.
        """
        self._clock_ms = max(self._clock_ms + 1, milliseconds)
        self.used = True
        # MediaPipe writes log lines up to the first frame in which it finds something.
        with nullcontext() if self._seen else quiet_native_logs():
            if self._landmarker is None:
                self._landmarker = self._make()
            picture = load_tasks().picture(image)
            if self._video:
                result = self._landmarker.detect_for_video(picture, self._clock_ms)
            else:
                result = self._landmarker.detect(picture)
        self._seen = self._seen or bool(getattr(result, self._found))
        return result

    def close(self) -> None:
        """Free the memory; the landmarker is made again when next used."""
        if self._landmarker is not None:
            self._landmarker.close()
            self._landmarker = None

    def _make(self) -> Any:
        tasks = load_tasks()
        mode = tasks.vision.RunningMode.VIDEO if self._video else tasks.vision.RunningMode.IMAGE
        options = getattr(tasks.vision, f"{self._kind}LandmarkerOptions")(
            base_options=tasks.base_options(self._model), running_mode=mode, **self._options
        )
        return getattr(tasks.vision, f"{self._kind}Landmarker").create_from_options(options)


@atexit.register
def _close_all() -> None:
    """Close every landmarker while MediaPipe still can; at the interpreter's end each one complains."""
    for landmarker in list(_open):
        landmarker.close()
