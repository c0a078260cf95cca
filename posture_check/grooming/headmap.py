"""What the pixels around a head are: hair, skin, clothing, headwear, ear, beard or background, by a small network.

For the readers of grooming::

    reader = HeadReader(person_mask)             # one per process; person_mask is a landmarks.solidity.PersonMask
    head = reader.read(subject)                  # HeadMap, or None where there is no head to look at
    head.planes[Part.HAIR]                       # (HEIGHT, WIDTH) probability, of the patch around the head
    head.cm                                      # (HEIGHT, WIDTH, 2) where each of those pixels lies in subject.head
    head.seen                                    # (HEIGHT, WIDTH) whether it lies in the picture
    head.at(pixels, Part.HAIR)                   # probability at places of the picture, NaN where unseen
    head.at_cm(places, Part.HAIR, Part.HEADWEAR) # the same at places of the head's frame; several parts are summed
    head.within(polygon)                         # (HEIGHT, WIDTH) pixels inside a polygon of the picture
    head.share(polygon, Part.HAIR)               # share of a polygon's seen pixels, and how much of it was seen
    head.marks(Part.HAIR)                        # its outlines, to draw
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.guided import guided
from posture_check.grooming.network import Network
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.subject import Axes, Subject
from posture_check.landmarks.findings import Mark
from posture_check.landmarks.solidity import PersonMask

Floats = NDArray[np.floating[Any]]


class Part(IntEnum):
    """What a pixel around the head can be: the order of the network's planes."""

    BACKGROUND = 0
    HAIR = 1
    SKIN = 2
    CLOTHING = 3
    HEADWEAR = 4
    EAR = 5
    BEARD = 6


CORNER_CM = (-33.0, -25.0)
"""Upper left corner of the patch in the head's frame: room for big hair above."""
SIZE_CM = 66.0
"""Width and height of the patch: below it reaches 41 cm under the eyes, to the chest, where long hair ends."""
SIZE_PX = 160
"""The ear, some 6 cm high, keeps 15 pixels."""

FACE_OVAL: tuple[int, ...] = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
"""Outline of the face mesh, in order."""
_EYES_AND_LIPS = (
    (33, 160, 158, 133, 153, 144),
    (263, 387, 385, 362, 380, 373),
    (61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91),
)
"""Outlines of the eyes and of the lips in the face mesh."""
EDGE_PX, EDGE_CONTRAST = 4, 0.03
"""How far the edge of the hair may be moved, and the least contrast (of 0..1) that is an edge: chosen on pictures that
the network had learned from."""
_LEAST_PX_PER_CM = 0.5
"""Below it a head is under ten pixels wide."""
_FEWEST_SKIN_PX = 40
_SKIN_SPREAD = np.array([40.0, 8.0, 10.0], np.float32)
"""Spread of the skin of one head in OpenCV's Lab bytes: light falls off round a head, colour less so."""
_SPECK_CM2 = 1.5
"""Outlined areas below it are not drawn."""


@dataclass(frozen=True)
class HeadMap:
    """Probabilities of what each pixel of a patch around the head is.

    Attributes
    ----------
    patch
        The upright patch, RGB.
    axes
        The head's frame that it was cut along.
    planes
        ``(len(Part), height, width)`` probabilities that sum to 1.
    """

    patch: Patch
    axes: Axes
    planes: Floats

    @property
    def seen(self) -> NDArray[np.bool_]:
        """``(height, width)`` whether each pixel of the patch lies in the picture."""
        return self.patch.inside

    @cached_property
    def best(self) -> NDArray[np.uint8]:
        """``(height, width)`` the likeliest :class:`Part` of each pixel."""
        return np.asarray(self.planes.argmax(axis=0), np.uint8)

    @cached_property
    def cm(self) -> Floats:
        """``(height, width, 2)`` places of the patch's pixels in the head's frame, in centimetres."""
        return patch_cm(self.planes.shape[1])

    def of(self, *parts: Part) -> Floats:
        """Return the probability ``(height, width)`` of being one of these parts."""
        return np.asarray(self.planes[list(parts)].sum(axis=0))

    def at(self, pixels: Floats, *parts: Part) -> Floats:
        """Return the probability of being one of these parts at places ``(..., 2)`` of the picture; NaN unseen."""
        import cv2

        places = self.patch.from_picture(np.asarray(pixels, float))
        flat = places.reshape(-1, 1, 2).astype(np.float32)
        plane = np.where(self.seen, self.of(*parts), np.nan).astype(np.float32)
        xs, ys = np.ascontiguousarray(flat[..., 0]), np.ascontiguousarray(flat[..., 1])
        found = cv2.remap(plane, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=np.nan)
        return np.asarray(found, float).reshape(places.shape[:-1])

    def at_cm(self, places: Floats, *parts: Part) -> Floats:
        """Return the same as :meth:`at` at places ``(..., 2)`` of the head's frame in centimetres."""
        return self.at(self.axes.to_picture(places), *parts)

    def within(self, polygon: Floats) -> NDArray[np.bool_]:
        """Return which pixels ``(height, width)`` of the patch lie inside a polygon ``(n, 2)`` of the picture."""
        return filled(self.patch.from_picture(polygon), self.planes.shape[1])

    def share(self, polygon: Floats, *parts: Part) -> tuple[float, float]:
        """Return the share of a polygon of the picture that is one of these parts, and the share of it that is seen.

        The first is over the seen pixels, NaN where there are none.
        """
        area = self.within(polygon)
        seen = area & self.seen
        if not seen.any():
            return float("nan"), 0.0
        return float(self.of(*parts)[seen].mean()), float(seen.sum() / area.sum())

    def outlines(self, *parts: Part) -> list[Floats]:
        """Return outlines ``(n, 2)`` in pixels of the picture, the largest first; specks and holes are left out."""
        import cv2

        here = ((self.of(*parts) > 0.5) & self.seen).astype(np.uint8)
        found, _ = cv2.findContours(here, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_TC89_L1)
        least = _SPECK_CM2 * self.patch.px_per_cm**2
        areas: Sequence[Any] = sorted((c for c in found if cv2.contourArea(c) >= least), key=cv2.contourArea)[::-1]
        return [self.patch.to_picture(area[:, 0].astype(float)) for area in areas]

    def marks(self, *parts: Part) -> tuple[Mark, ...]:
        """Return the outlines of these parts as marks to draw."""
        if parts not in self._drawn:
            lines = self.outlines(*parts)
            self._drawn[parts] = tuple(Mark("area", tuple(map(tuple, line.tolist()))) for line in lines)
        return self._drawn[parts]

    @cached_property
    def _drawn(self) -> dict[tuple[Part, ...], tuple[Mark, ...]]:
        """Marks by their parts: several findings show the same."""
        return {}


class HeadReader:
    """The network that tells the parts around a head.

    Parameters
    ----------
    person_mask
        MediaPipe's person segmentation: one input of the network.
    model
        Name of the network in ``models/``, or the path of an ONNX file.
    """

    def __init__(self, person_mask: PersonMask, model: str | Path = "hair") -> None:
        self._person = person_mask
        self._network = Network(model)

    def read(self, subject: Subject) -> HeadMap | None:
        """Return the parts around the head; None where the head is not in the picture or is only a few pixels."""
        patch = head_patch(subject)
        if patch is None:
            return None
        values = inputs(patch, self._person.mask(patch.image), face_raster(subject, patch))
        return HeadMap(patch, subject.head, told(self._scores, values, patch.image))

    def _scores(self, values: Floats) -> Floats:
        return np.asarray(self._network.run(values[None])[0][0])


def told(scores: Callable[[Floats], Floats], values: Floats, image: NDArray[np.uint8]) -> Floats:
    """Return the probabilities ``(parts, height, width)`` of what each pixel is.

    The network is asked about the patch and about its mirror image, and the edge of the hair is moved to where the
    colours change: masks to learn from are coarse, pictures are not.

    Parameters
    ----------
    scores
        The network: inputs ``(7, height, width)`` to scores of the parts.
    values
        The patch as :func:`inputs` gives it.
    image
        The patch ``(height, width, 3)`` RGB.
    """
    mirrored = softmax(scores(np.ascontiguousarray(values[..., ::-1])))[..., ::-1]
    planes = (softmax(scores(values)) + mirrored) / 2
    hair = planes[Part.HAIR]
    moved = np.clip(guided(hair, image, EDGE_PX, EDGE_CONTRAST), 0, 1)
    planes *= (1 - moved) / np.maximum(1 - hair, 1e-4)
    planes[Part.HAIR] = moved
    return np.asarray(planes / planes.sum(axis=0))


def head_patch(subject: Subject, margin_cm: float = 0.0, size_px: int = SIZE_PX) -> Patch | None:
    """Return the patch around a head, None where the head is not in the picture or is only a few pixels.

    Parameters
    ----------
    subject
        The person.
    margin_cm
        Widens the patch on all sides; its pixels grow no larger when ``size_px`` grows with it.
    size_px
        Width and height in pixels.
    """
    axes = subject.head
    shown = (axes.origin >= 0).all() and (axes.origin < subject.size).all()
    if not (shown and axes.px_per_cm >= _LEAST_PX_PER_CM):
        return None
    size = SIZE_CM + 2 * margin_cm
    corner = (CORNER_CM[0] - margin_cm, CORNER_CM[1] - margin_cm)
    return warp(subject.image, axes, corner, (size, size), (size_px, size_px))


def patch_cm(size_px: int = SIZE_PX) -> Floats:
    """Return the places ``(size_px, size_px, 2)`` of the patch's pixels in the head's frame, in centimetres."""
    steps = (np.arange(size_px) + 0.5) * SIZE_CM / size_px
    return np.stack(np.meshgrid(CORNER_CM[0] + steps, CORNER_CM[1] + steps), -1)


def face_raster(subject: Subject, patch: Patch) -> Floats:
    """Return the face mesh drawn on a patch ``(height, width)``: 1 eyes and lips, 0.5 face, 0 elsewhere."""
    size = patch.image.shape[0]
    drawn = np.zeros((size, size), np.float32)
    if not subject.has_face:
        return drawn
    mesh = patch.from_picture(subject.face[:, :2])
    drawn[filled(mesh[list(FACE_OVAL)], size)] = 0.5
    for outline in _EYES_AND_LIPS:
        drawn[filled(mesh[list(outline)], size)] = 1.0
    return drawn


def filled(polygon: Floats, size_px: int) -> NDArray[np.bool_]:
    """Return the pixels ``(size_px, size_px)`` inside a polygon ``(n, 2)`` in pixels of the patch."""
    import cv2

    drawn = np.zeros((size_px, size_px), np.uint8)
    corners = np.clip(np.asarray(polygon, float), -4 * size_px, 4 * size_px)
    cv2.fillPoly(drawn, [np.round(corners * 16).astype(np.int32)], 1, shift=4)
    return drawn > 0


def inputs(patch: Patch, person: Floats, face: Floats) -> Floats:
    """Return what the network is given: ``(7, height, width)``, see :func:`stacked`."""
    area = np.round(255 * person).astype(np.uint8)
    mesh = np.round(255 * face).astype(np.uint8)
    return stacked(patch.image, area, mesh, patch.inside.astype(np.uint8))


def stacked(
    image: NDArray[np.uint8], person: NDArray[np.uint8], face: NDArray[np.uint8], inside: NDArray[np.uint8]
) -> Floats:
    """Return ``(7, height, width)`` float32 in -1..1: RGB, person, drawn face, likeness to the face's skin, inside.

    Parameters
    ----------
    image
        ``(height, width, 3)`` RGB.
    person, face
        ``(height, width)`` the person's area and the drawn face in 0..255.
    inside
        ``(height, width)`` 1 in the picture, 0 outside, where all else but the drawn face becomes 0.
    """
    planes = [*image.transpose(2, 0, 1), person, face, skin_likeness(image, face, inside)]
    found = np.empty((len(planes) + 1, *inside.shape), np.float32)
    for plane, values in zip(found, planes, strict=False):
        np.multiply(values, np.float32(2 / 255), out=plane)
    found[:-1] -= 1
    found[[0, 1, 2, 3, 5]] *= inside
    found[-1] = inside
    return found


def skin_likeness(image: NDArray[np.uint8], face: NDArray[np.uint8], inside: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how much each pixel has the colour of the face, 0..255; 0 everywhere where no face was found.

    The colour is the median over the drawn face without eyes and lips: it tells a bare scalp from hair, whatever the
    person's skin and the light.
    """
    import cv2

    skin = (face > 100) & (face < 150) & (inside > 0)
    if skin.sum() < _FEWEST_SKIN_PX:
        return np.zeros_like(face)
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    off = np.abs(np.arange(256)[:, None] - np.median(lab[skin], axis=0)) / _SKIN_SPREAD
    distance = cv2.LUT(lab, (off.astype(np.float32) ** 2)[None])
    return np.asarray(255 * np.exp(-0.5 * distance.sum(axis=2)), np.uint8)


def softmax(scores: Floats) -> Floats:
    """Return probabilities over the first axis."""
    grown = np.exp(scores - scores.max(axis=0, keepdims=True))
    return np.asarray(grown / grown.sum(axis=0, keepdims=True))
