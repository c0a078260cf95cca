"""Everything that is read of a person's dress and hair in one picture, by all readers together."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

from posture_check.grooming.badge import BadgeReader
from posture_check.grooming.beard import BeardReader
from posture_check.grooming.frames import Shot, shot_of
from posture_check.grooming.hair import HairReader
from posture_check.grooming.headmap import HeadReader
from posture_check.grooming.limbs import LimbReader
from posture_check.grooming.neckwear import NeckwearReader
from posture_check.grooming.shoes import ShoeReader
from posture_check.grooming.site_heads import SiteHeads
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Findings, missing
from posture_check.landmarks.solidity import PersonMask
from posture_check.measures import MEASURES

NAMES: tuple[str, ...] = tuple(name for name, measure in MEASURES.items() if measure.of_picture)
"""Every measure of grooming: each look has a finding for each."""
_ENROLLED = "issued_"

MODELS = (
    "hair", "hair_heads", "neckwear", "neckwear_worn", "badge", "badge_close", "beard", "limbs", "shoes",
)  # fmt: skip
"""The networks of ``models/`` that it looks through."""

Part = Callable[[Subject], Findings]


class Groomer:
    """Reads all measures of dress and hair from a picture.

    The networks are loaded when the first picture is looked at, once in a process.

    Parameters
    ----------
    person_mask
        MediaPipe's person segmentation.
    site
        Name of the site whose enrolled dress is recognised; None recognises none.

    Raises
    ------
    InputError
        If what the site has enrolled is damaged.
    """

    def __init__(self, person_mask: PersonMask, site: str | None = None) -> None:
        self._person, self._site = person_mask, SiteHeads.load(site)

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return a finding for every name of :data:`NAMES`."""
        shot = shot_of(subject)
        if shot.dark:
            return missing("too_dark", *NAMES)
        found = {name: Finding(reason="not_enrolled" if name.startswith(_ENROLLED) else "uncertain") for name in NAMES}
        for part in self._parts():
            found |= part(subject)
        if self._site is not None:
            found |= self._site.look(subject, found)
        return _doubted(found, shot)

    def _parts(self) -> tuple[Part, ...]:
        return _parts(self._person)


class HeadAndHair:
    """Reads hair off the parts of the head.

    Parameters
    ----------
    person_mask
        MediaPipe's person segmentation.
    """

    def __init__(self, person_mask: PersonMask) -> None:
        self._head, self._hair = HeadReader(person_mask), HairReader()

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return a finding for each measure of hair."""
        return self._hair.look(subject, self._head.read(subject))


@functools.cache
def _parts(person_mask: PersonMask) -> tuple[Part, ...]:
    """Return the readers of all parts, made once per process."""
    readers = (
        HeadAndHair(person_mask), NeckwearReader(), BadgeReader(), BeardReader(), LimbReader(), ShoeReader(),
    )  # fmt: skip
    return tuple(reader.look for reader in readers)


def _doubted(found: dict[str, Finding], shot: Shot) -> dict[str, Finding]:
    """Return findings of a blurred picture as uncertain: an edge that is a smear has no place."""
    if not shot.blurred:
        return found
    return {
        name: replace(f, reason="uncertain") if f.value is not None and f.reason is None else f
        for name, f in found.items()
    }
