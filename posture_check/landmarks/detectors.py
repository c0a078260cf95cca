"""The landmarkers of one process: pose, hands, face, person and arms, made when first needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from posture_check.landmarks.face import FaceFinder
from posture_check.landmarks.hands import HandFinder
from posture_check.landmarks.pose import PoseFinder
from posture_check.landmarks.solidity import PersonMask
from posture_check.resources import own_model_sha256


class Models(Protocol):
    """Where the models come from; a `ModelStore` is one."""

    def bytes(self, name: str) -> bytes:
        """Return a model's content."""
        ...


class Detectors:
    """The landmarkers of one process, made when first needed and used for one source after another.

    Parameters
    ----------
    models
        Where the models come from; None is the user's model store.
    """

    def __init__(self, models: Models | None = None) -> None:
        if models is None:
            from posture_check.landmarks.store import ModelStore

            models = ModelStore()
        self._models = models
        self._made: dict[str, Any] = {}
        self.sha256: dict[str, str] = {}

    def pose(self, *, video: bool) -> PoseFinder:
        """Return the pose finder for pictures, or a fresh start of the one for videos."""
        kind = "pose video" if video else "pose picture"
        finder: PoseFinder = self._get(kind, "pose", lambda model: PoseFinder(model, video=video))
        finder.restart()
        return finder

    @property
    def hands(self) -> HandFinder:
        """The hand finder."""
        finder: HandFinder = self._get("hands", "hand", HandFinder)
        return finder

    @property
    def face(self) -> FaceFinder:
        """The face finder."""
        finder: FaceFinder = self._get("face", "face", FaceFinder)
        return finder

    @property
    def person(self) -> PersonMask:
        """The finder of a person's area."""
        finder: PersonMask = self._get("person", "selfie", PersonMask)
        return finder

    @property
    def arms(self) -> Any:
        """The arm classifier."""
        if "arms" not in self._made:
            from posture_check.landmarks.arms import ArmClassifier

            self._made["arms"] = ArmClassifier()
            self.sha256["arms"] = own_model_sha256("arms")
        return self._made["arms"]

    def close(self) -> None:
        """Free all landmarkers."""
        for finder in self._made.values():
            if hasattr(finder, "close"):
                finder.close()
        self._made = {}

    def __enter__(self) -> Self:
        """Return the detectors."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free all landmarkers."""
        self.close()

    def _get(self, kind: str, model: str, make: Callable[[bytes], Any]) -> Any:
        if kind not in self._made:
            content = self._models.bytes(model)
            self.sha256[model] = hashlib.sha256(content).hexdigest()
            self._made[kind] = make(content)
        return self._made[kind]
