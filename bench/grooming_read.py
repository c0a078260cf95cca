"""The product looks at every picture of the grooming bench: what it found, and the verdicts of its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench import grooming_masks
from bench.grooming_cases import Case, from_masks
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding
from posture_check.landmarks.track import Details, Track
from posture_check.measures.body import Body
from posture_check.measures.scene import guessed_scene
from posture_check.rules.evaluate import judge_dress
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check

if TYPE_CHECKING:
    from posture_check.grooming.headmap import HeadMap

Floats = NDArray[np.floating[Any]]

CHEEKS = (50, 280, 205, 425)
"""Points of the face mesh on the cheeks, below the eyes and beside the nose."""
_CHEEK_CM = 0.8
GREY_LIGHTNESS, GREY_CHROMA = 45.0, 9.0
"""Hair at least so light (L*) and with no more colour (C*) than this is called grey or white: brown and black hair is
darker, blond hair has more colour. Chosen by eye on congress portraits."""
_LEAST_HAIR_PX = 60


@dataclass(frozen=True)
class Reading:
    """What the product said of one picture.

    Attributes
    ----------
    case
        The picture.
    findings
        By the measure's name; None where nobody was found in the picture.
    checks
        Checks of the rules by their id, for the role that a rendered still was made for.
    hair_iou
        Overlap of the hair that was found with that of a mask, over their union; None without a mask with hair.
    skin
        Lightness L* of the cheeks, 0..100; None without a face.
    """

    case: Case
    findings: Mapping[str, Finding] | None
    checks: Mapping[str, Check] = field(default_factory=dict)
    hair_iou: float | None = None
    skin: float | None = None


class Looker:
    """The product's own reader, and its head map for the outline of the hair."""

    def __init__(self) -> None:
        from posture_check.grooming.groomer import Groomer
        from posture_check.grooming.headmap import HeadReader
        from posture_check.landmarks.solidity import PersonMask
        from posture_check.landmarks.store import ModelStore

        person = PersonMask(ModelStore().bytes("selfie"))
        self.groomer, self.head = Groomer(person), HeadReader(person)

    def read(self, case: Case) -> Reading:
        """Look at one picture."""
        subject = case.example.subject()
        if subject is None:
            return Reading(case, None)
        findings = self.groomer.look(subject)
        head = self.head.read(subject) if case.family in _WITH_HAIR else None
        case = _more_traits(from_masks(case, subject.pose), head)
        checks = verdicts(subject, findings, case.role) if case.role else {}
        return Reading(case, findings, checks, _hair_iou(case, head), _skin(subject))

    def parts(self) -> dict[str, Callable[[Subject], object]]:
        """Return the readers by name, each to be timed by itself; they share what they work out of a subject."""
        return {_part_name(part): part for part in self.groomer._parts()}


def _part_name(part: Any) -> str:
    owner = getattr(part, "__self__", part)
    name = getattr(owner, "__name__", type(owner).__name__)
    return str(name)


_WITH_HAIR = ("ccp", "nprportrait", "congress")


def read_all(looker: Looker, cases: Iterable[Case], progress: Callable[[int], None]) -> Iterator[Reading]:
    """Look at every picture, one after another."""
    for done, case in enumerate(cases, start=1):
        yield looker.read(case)
        progress(done)


def verdicts(subject: Subject, findings: Mapping[str, Finding], role: str) -> dict[str, Check]:
    """Return the checks of the grooming rules for a single picture, by the rule's id."""
    track = Track(
        person=0,
        frame=np.zeros(1, np.int32),
        time_s=np.zeros(1),
        image=subject.pose[None].astype(np.float32),
        world=subject.world[None].astype(np.float32),
        noise=np.full(len(subject.pose), np.nan),
        size=subject.size,
        details=replace(Details.empty(1), face=subject.face[None].astype(np.float32)),
        findings=findings,
    )
    body = Body(track, guessed_scene(track.size, track.xy.astype(float)))
    return {check.rule: check for check in judge_dress(load_rules(), role, body)}


def _hair_iou(case: Case, head: HeadMap | None) -> float | None:
    import cv2

    from posture_check.grooming.headmap import Part

    mask = case.example.mask()
    true = None if mask is None else grooming_masks.hair(case.family, mask)
    if true is None or int(true.sum()) < _LEAST_HAIR_PX:
        return None
    if head is None:
        return 0.0
    height, width = true.shape
    found = cv2.warpAffine(
        (head.of(Part.HAIR) * head.seen).astype(np.float32),
        head.patch.to_patch,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    said = found > 0.5
    return float((said & true).sum() / (said | true).sum())


def _skin(subject: Subject) -> float | None:
    """Return the median lightness of the cheeks."""
    if not subject.has_face:
        return None
    half = max(1, round(_CHEEK_CM * subject.head.px_per_cm))
    height, width = subject.image.shape[:2]
    pixels = [
        subject.image[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1].reshape(-1, 3)
        for x, y in np.round(subject.face[list(CHEEKS), :2]).astype(int)
        if 0 <= x < width and 0 <= y < height
    ]
    return float(np.median(_lab(np.concatenate(pixels))[:, 0])) if pixels else None


def _more_traits(case: Case, head: HeadMap | None) -> Case:
    """Return the case with the trait of grey or white hair, measured where hair was found."""
    from posture_check.grooming.headmap import Part

    if head is None:
        return case
    there = (head.of(Part.HAIR) > 0.8) & head.seen
    if there.sum() < _LEAST_HAIR_PX:
        return case
    lightness, a, b = np.median(_lab(head.patch.image[there]), axis=0)
    if lightness < GREY_LIGHTNESS or np.hypot(a, b) > GREY_CHROMA:
        return case
    return replace(case, traits=case.traits | {"grey or white hair"})


def _lab(pixels: NDArray[np.uint8]) -> Floats:
    """Return CIE L*a*b* ``(n, 3)`` of RGB pixels ``(n, 3)``."""
    import cv2

    return np.asarray(cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0], float)
