"""Patches around heads with what each pixel is, made from the pixel masks of the footage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import SIZE_CM, SIZE_PX, Part, face_raster, head_patch
from posture_check.grooming.subject import Picture, Subject
from posture_check.grooming.train.footage import Example
from posture_check.grooming.train.splits import person

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

IGNORED = 255
"""Label of a pixel that says nothing."""
HAIR_OR_SKIN, ANY_SKIN = 7, 8
"""Labels coarser than :class:`Part`: glasses, worn on the nose or up on the hair; skin, ear or beard."""
ALLOWED: NDArray[np.float32] = np.eye(9, len(Part), dtype=np.float32)
"""``(labels, parts)`` 1 where a part meets a label."""
ALLOWED[HAIR_OR_SKIN, [Part.HAIR, Part.SKIN]] = 1
ALLOWED[ANY_SKIN, [Part.SKIN, Part.EAR, Part.BEARD]] = 1
MARGIN_PX = 34
"""Room around the patch on each side, so that it can be turned, shifted and resized."""

_NPR_COLOURS: dict[tuple[int, int, int], int] = {
    (0, 0, 0): Part.BACKGROUND,
    (49, 163, 84): Part.HAIR,
    (107, 174, 214): Part.CLOTHING,
    (253, 174, 107): Part.EAR,
    (161, 217, 155): Part.BEARD,
    (150, 150, 150): Part.HEADWEAR,
    (99, 99, 99): IGNORED,  # jewellery, drawn over ears, hair and skin alike
}
"""Colours of nprportrait's masks; every other colour is a part of the face (eyes, brows, nose, lips, glasses)."""
_CCP_PARTS: dict[str, int] = {
    "null": Part.BACKGROUND,
    "hair": Part.HAIR,
    "skin": ANY_SKIN,
    "hat": Part.HEADWEAR,
    "glasses": HAIR_OR_SKIN,
    "sunglasses": HAIR_OR_SKIN,
    **dict.fromkeys(("accessories", "earrings", "necklace"), IGNORED),
}
"""Classes of ccp's masks; every other class is worn or carried and counts as clothing."""


@dataclass(frozen=True)
class HeadPictures:
    """Patches around heads, wider than the network's by ``MARGIN_PX`` on each side: n pictures of s x s pixels.

    Attributes
    ----------
    names, people
        ``(n,)`` path in the footage folder; who or which shoot it shows.
    images
        ``(n, s, s, 3)`` RGB.
    labels
        ``(n, s, s)`` :class:`Part`, a coarse label or ``IGNORED``.
    person, face
        ``(n, s, s)`` the person's area and the drawn face mesh, 0..255.
    inside
        ``(n, s, s)`` 1 in the picture, 0 outside.
    """

    names: NDArray[np.str_]
    people: NDArray[np.str_]
    images: Bytes
    labels: Bytes
    person: Bytes
    face: Bytes
    inside: Bytes

    def __len__(self) -> int:
        return len(self.names)

    def pick(self, which: NDArray[Any]) -> HeadPictures:
        """Return some of them, by index or by mask."""
        return HeadPictures(**{name: getattr(self, name)[which] for name in self.__dataclass_fields__})

    def joined(self, others: HeadPictures) -> HeadPictures:
        """Return these and others together."""
        both = {name: [getattr(self, name), getattr(others, name)] for name in self.__dataclass_fields__}
        return HeadPictures(**{name: np.concatenate(parts) for name, parts in both.items()})

    def save(self, path: Path) -> None:
        """Write them to an ``.npz`` file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, path: Path) -> HeadPictures:
        """Read what :meth:`save` wrote."""
        with np.load(path) as kept:
            return cls(**{name: kept[name] for name in cls.__dataclass_fields__})


def ccp_labels(mask: Bytes, classes: Sequence[str]) -> Bytes:
    """Return the labels ``(height, width)`` of a mask of ccp's class numbers."""
    table = np.array([_CCP_PARTS.get(name, Part.CLOTHING) for name in classes], np.uint8)
    return np.asarray(table[mask])


def npr_labels(mask: Bytes) -> Bytes:
    """Return the labels ``(height, width)`` of nprportrait's colours ``(height, width, 3)`` RGB."""
    labels = np.full(mask.shape[:2], Part.SKIN, np.uint8)
    for colour, label in _NPR_COLOURS.items():
        labels[(mask == np.array(colour, np.uint8)).all(axis=-1)] = label
    return labels


def head_picture(subject: Subject, labels: Bytes, person_mask: Callable[[Picture], Floats]) -> dict[str, Any] | None:
    """Return the arrays of one picture of :class:`HeadPictures`, None where no head is seen.

    Parameters
    ----------
    subject
        The person.
    labels
        ``(height, width)`` of the whole picture.
    person_mask
        Person segmentation. The inner part of the patch is segmented by itself, as the network will see it.
    """
    import cv2

    size = SIZE_PX + 2 * MARGIN_PX
    patch, inner = head_patch(subject, MARGIN_PX * SIZE_CM / SIZE_PX, size), head_patch(subject)
    if patch is None or inner is None:
        return None
    area = np.array(person_mask(patch.image))
    core = slice(MARGIN_PX, MARGIN_PX + SIZE_PX)
    area[core, core] = person_mask(inner.image)
    cut = cv2.warpAffine(labels, patch.to_patch, (size, size), flags=cv2.INTER_NEAREST, borderValue=(IGNORED,))
    cut = np.where(patch.inside, cut, IGNORED)
    return {
        "images": patch.image,
        "labels": cut.astype(np.uint8),
        "person": np.round(area * 255).astype(np.uint8),
        "face": np.round(face_raster(subject, patch) * 255).astype(np.uint8),
        "inside": patch.inside.astype(np.uint8),
    }


def prepare(
    examples: Iterable[Example], classes: Sequence[str], person_mask: Callable[[Picture], Floats]
) -> HeadPictures:
    """Return the patches of all pictures that have a pixel mask, one for each photo.

    Parameters
    ----------
    examples
        Pictures of the footage; nprportrait holds many photos twice, of which the later edition is kept.
    classes
        Names of ccp's class numbers.
    person_mask
        Person segmentation: RGB picture to 0..1.
    """
    kept: dict[str, dict[str, Any]] = {}
    for example in examples:
        mask, subject = example.mask(), example.subject()
        if mask is None or subject is None:
            continue
        labels = ccp_labels(mask, classes) if example.family == "ccp" else npr_labels(mask)
        found = head_picture(subject, labels, person_mask)
        if found is not None:
            who = person(example)
            key = who if example.family == "nprportrait" else example.name
            kept[key] = {"names": example.name, "people": who, **found}
    return stack(list(kept.values()))


def unlabelled(example: Example, person_mask: Callable[[Picture], Floats]) -> dict[str, Any] | None:
    """Return the arrays of a picture without labels, None where no head is seen; otherwise as :func:`head_picture`."""
    subject = example.subject()
    if subject is None:
        return None
    nothing = np.full(subject.image.shape[:2], IGNORED, np.uint8)
    found = head_picture(subject, nothing, person_mask)
    return None if found is None else {"names": example.name, "people": person(example), **found}


def stack(rows: Sequence[dict[str, Any]]) -> HeadPictures:
    """Return the arrays of single pictures as one."""
    return HeadPictures(**{name: np.stack([row[name] for row in rows]) for name in HeadPictures.__dataclass_fields__})
