"""Beard or moustache: the lower face unfolded by the face mesh and held against the person's own cheeks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.network import Network
from posture_check.grooming.skin import CHEEK_LEFT, CHEEK_RIGHT, area, tones
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Mark, Missing, missing

Floats = NDArray[np.floating[Any]]

PATCH_PX = 64
_ROWS: tuple[tuple[int, int, int, float], ...] = (
    (127, 168, 356, 0.0),
    (93, 4, 323, 0.22),
    (132, 2, 361, 0.36),
    (58, 0, 288, 0.48),
    (172, 17, 397, 0.64),
    (150, 152, 379, 0.84),
)
"""Points of the mesh (wearer's right edge of the face, middle line, left edge) and the height of the patch they come to
lie on: level with the eyes, the tip and the base of the nose, the upper lip, the lower lip, the chin. The mouth's
opening and a turned head then change little."""
_BELOW_CHIN = 0.16
_MARGIN = 0.06
"""Share of the patch's width kept at either side beyond the edge of the face, for what grows over it."""
CLIP = 3.0
"""Tones further than this from the cheeks' (a twentieth of the light) say no more."""
NARROWEST = 0.25
"""Narrower half of the face over the wider one. Below this the far half is a smear: heads turned by some 40 degrees."""
MIN_PX_PER_CM = 2.2
"""Below this the mistakes and undecided faces double (``models/beard.md``)."""
_MIN_SHOWN = 0.9
_FROM_BEHIND_DEG = 60.0


@dataclass(frozen=True, slots=True)
class LowerFace:
    """The lower face, unfolded.

    Attributes
    ----------
    image
        ``(64, 64, 3)`` uint8 RGB.
    inside
        ``(64, 64)`` whether a pixel lies in the picture.
    planes
        ``(3, 64, 64)`` :func:`~posture_check.grooming.skin.tones` less those of the cheeks beside; 0 outside the
        picture.
    outline
        ``(points, 2)`` where it was cut from, in pixels of the picture.
    """

    image: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    planes: Floats
    outline: Floats


def grid(face: Floats) -> tuple[Floats, Floats]:
    """Return the mesh ``(rows, 3, 2)`` in the picture that the patch is stretched over, and each row's height 0..1."""
    at = face[:, :2].astype(float)
    points = np.stack([at[list(row[:3])] for row in _ROWS])
    heights = np.array([row[3] for row in _ROWS])
    below = points[-1] + (points[-1, 1] - points[-2, 1]) * (_BELOW_CHIN / (heights[-1] - heights[-2]))
    return np.concatenate([points, below[None]]), np.append(heights, heights[-1] + _BELOW_CHIN)


def foreshortening(face: Floats) -> float:
    """Return the narrower half of a face over the wider: 1 from the front, 0 or less in profile."""
    points = grid(face)[0]
    along = points[:, 2].mean(0) - points[:, 0].mean(0)
    halves = [float((points[:, i + 1] - points[:, i]).mean(0) @ along) for i in (0, 1)]
    return min(halves) / max(max(halves), 1e-9)


def places(face: Floats, size: int = PATCH_PX) -> Floats:
    """Return the pixel of the picture ``(size, size, 2)`` that each pixel of the patch shows."""
    points, heights = grid(face)
    middle = (np.arange(size) + 0.5) / size
    rows = np.stack(
        [[np.interp(middle, heights, points[:, column, axis]) for axis in (0, 1)] for column in range(3)], 0
    )  # (3 columns, 2, size)
    across = ((middle - _MARGIN) / (1 - 2 * _MARGIN)) * 2 - 1  # -1 at the right edge of the face, 1 at the left
    side = np.where(across[:, None] < 0, 0, 2)
    edge = np.take_along_axis(
        rows.transpose(2, 0, 1)[:, None], np.broadcast_to(side[None, :, :, None], (size, size, 1, 2)), 2
    )[:, :, 0]
    centre = rows[1].T[:, None]
    return np.asarray(centre + np.abs(across)[None, :, None] * (edge - centre))


def lower_face(subject: Subject) -> LowerFace:
    """Return the lower face of a person with a face mesh."""
    import cv2

    at = places(subject.face)
    image = subject.image
    source, to = _reduced(image, at)
    cut = np.asarray(
        cv2.remap(source, to[..., 0], to[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    inside = np.asarray(((at >= -0.5) & (at <= np.array(subject.size) - 0.5)).all(-1))
    found = tones(cut)
    cheeks = [tones(area(image, subject.face[list(part), :2].astype(float))) for part in (CHEEK_RIGHT, CHEEK_LEFT)]
    levels = np.stack([np.median(tone, 0) if len(tone) else np.full(3, np.nan) for tone in cheeks])
    levels = np.where(np.isfinite(levels), levels, levels[::-1])
    share = np.clip(np.linspace(-0.5, 1.5, PATCH_PX), 0, 1)[None, :, None]
    planes = (found - (levels[0] * (1 - share) + levels[1] * share)).transpose(2, 0, 1)
    planes = np.where(inside, planes, 0.0)
    return LowerFace(
        cut, inside, planes.astype(np.float32), np.concatenate([at[0], at[:, -1], at[-1, ::-1], at[::-1, 0]])[::8]
    )


def _reduced(image: NDArray[np.uint8], at: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the part of the picture that is needed, no finer than the patch, and the places in it."""
    import cv2

    low = np.clip(np.floor(at.min((0, 1))).astype(int) - 2, 0, np.array(image.shape[1::-1]) - 1)
    high = np.clip(np.ceil(at.max((0, 1))).astype(int) + 3, low + 1, image.shape[1::-1])
    part = image[low[1] : high[1], low[0] : high[0]]
    step = float(np.linalg.norm(at[-1] - at[0], axis=-1).mean() / (len(at) - 1))
    to = at - low
    if step > 1.5:
        size = np.maximum(np.round(np.array(part.shape[1::-1]) / step).astype(int), 1)
        ratio = np.array(part.shape[1::-1]) / size
        part = np.asarray(cv2.resize(part, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA), np.uint8)
        to = (to + 0.5) / ratio - 0.5
    return np.ascontiguousarray(part), to.astype(np.float32)


class BeardReader:
    """Tells whether a person wears a beard or a moustache (``models/beard.md``).

    Parameters
    ----------
    model
        Name of the network in ``models/``.
    """

    def __init__(self, model: str = "beard") -> None:
        self._network = Network(model)
        self._band: tuple[float, float] = tuple(json.loads(self._network.meta["band"]))

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return ``beard``: the probability of a beard or a moustache.

        Stubble is neither and comes out as ``uncertain``. A face turned away is ``view``, one with a mask or a hand
        before the mouth ``occluded``.

        Parameters
        ----------
        subject
            The person.
        """
        if (reason := _unseen(subject)) is not None:
            return missing(reason, "beard")
        face = lower_face(subject)
        if face.inside[PATCH_PX // 4 :].mean() < _MIN_SHOWN:
            return missing("out_of_frame", "beard")
        planes = np.clip(face.planes, -CLIP, CLIP)[None]
        chance, hidden = (float(value) for value in self._network.run(planes)[0][0])
        mark = Mark("area", tuple((float(x), float(y)) for x, y in face.outline), "region")
        if hidden > 0.5:
            return {"beard": Finding(reason="occluded", marks=(mark,))}
        low, high = self._band
        reason = "uncertain" if low < chance < high else None
        return {"beard": Finding(chance, (high - low) / 2, reason, marks=(mark,))}


def _unseen(subject: Subject) -> Missing | None:
    """Return why a face cannot be judged at all."""
    if not subject.has_face:
        turned = not abs(subject.head_yaw_deg) < _FROM_BEHIND_DEG  # NaN included
        return "view" if turned or subject.head.px_per_cm >= MIN_PX_PER_CM else "too_small"
    if foreshortening(subject.face) < NARROWEST:
        return "view"
    return "too_small" if subject.head.px_per_cm < MIN_PX_PER_CM else None
