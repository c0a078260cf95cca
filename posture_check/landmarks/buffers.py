"""Arrays that grow by a row at a time, and what they hold of each person."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import HAND_LANDMARKS, POSE_LANDMARKS, SHAKEN
from posture_check.landmarks.track import ARM_STATES, FACE_LANDMARKS, Details

Floats = NDArray[np.floating[Any]]


class Growing:
    """Rows of one shape and type; adding one costs no copy most of the time.

    Parameters
    ----------
    shape
        Of a row.
    dtype
        Of the numbers.
    """

    def __init__(self, shape: tuple[int, ...], dtype: Any = np.float32) -> None:
        self._rows: NDArray[Any] = np.empty((64, *shape), dtype)
        self._count = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._count

    def add(self, row: Any) -> None:
        """Append a row."""
        if self._count == len(self._rows):
            rows = np.empty((len(self._rows) * 3 // 2, *self._rows.shape[1:]), self._rows.dtype)
            rows[: self._count] = self._rows
            self._rows = rows
        self._rows[self._count] = row
        self._count += 1

    def drop(self, count: int) -> None:
        """Forget the oldest rows."""
        self._rows = self._rows[count:].copy()
        self._count -= count

    @property
    def rows(self) -> NDArray[Any]:
        """The rows so far, a view."""
        return self._rows[: self._count]


class PersonBuffer:
    """Everything found of one person: a row for each sighting, in frames counted from the source's first."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.at = Growing((), np.int64)
        self.image = Growing((POSE_LANDMARKS, 4))
        self.world = Growing((POSE_LANDMARKS, 3))
        self.shake = Growing((len(SHAKEN), 2))
        self.details_at = Growing((), np.int64)
        self.hands = Growing((2, HAND_LANDMARKS, 3))
        self.hand_score = Growing((2,))
        self.face = Growing((FACE_LANDMARKS, 3))
        self.arms = Growing((2, len(ARM_STATES)))
        self.shoulders = Growing((2, 2))
        self.solidity = Growing(())
        self.glance = Growing((), np.bool_)
        self.looks = 0
        """How often all details were looked at, forgotten ones included."""

    def add(self, at: int, image: Floats, world: Floats, shake: Floats | float = np.nan) -> None:
        """Store the pose in the frame at position ``at``."""
        self.at.add(at)
        self.image.add(image)
        self.world.add(world)
        self.shake.add(shake)

    def add_details(
        self,
        at: int,
        hands: Floats,
        hand_score: Floats,
        face: Floats,
        arms: Floats,
        shoulders: Floats | float = np.nan,
        solidity: float = np.nan,
    ) -> None:
        """Store what was looked at in the frame at position ``at``."""
        self._store(at, hands, hand_score, face, arms, shoulders, solidity, False)
        self.looks += 1

    def add_glance(self, at: int, hands: Floats, hand_score: Floats) -> None:
        """Store the hands where nothing else was looked at, in the frame at position ``at``."""
        self._store(at, hands, hand_score, np.nan, np.nan, np.nan, np.nan, True)

    def forget_before(self, at: int) -> None:
        """Drop everything found before the frame at position ``at``."""
        poses = (self.at, self.image, self.world, self.shake)
        for key, stores in ((self.at, poses), (self.details_at, self._details())):
            count = int(np.searchsorted(key.rows, at))
            for store in stores:
                store.drop(count)

    def details(self, first: int) -> Details:
        """Return the details, their places counted from the frame at position ``first``."""
        return Details(
            at=(self.details_at.rows - first).astype(np.int32),
            hands=self.hands.rows.copy(),
            hand_score=self.hand_score.rows.copy(),
            face=self.face.rows.copy(),
            arms=self.arms.rows.copy(),
            shoulders=self.shoulders.rows.copy(),
            solidity=self.solidity.rows.copy(),
            glance=self.glance.rows.copy(),
        )

    def _store(self, *row: Any) -> None:
        for store, value in zip(self._details(), row, strict=True):
            store.add(value)

    def _details(self) -> tuple[Growing, ...]:
        found = (self.hands, self.hand_score, self.face, self.arms, self.shoulders, self.solidity)
        return self.details_at, *found, self.glance
