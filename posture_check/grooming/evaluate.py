"""How good the grooming figures are on a labelled folder: a site's photos, or footage."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.grooming.enroll import Eyes, Looker
from posture_check.grooming.site_heads import SiteHeads, measure
from posture_check.grooming.site_photos import is_site_layout, read_picture, site_photos
from posture_check.grooming.subject import Picture
from posture_check.grooming.train.footage import RENDERED, Example, examples
from posture_check.landmarks.findings import Finding, Findings

Progress = Callable[[str, float | None], None]

LIMITS = {"forehead_covered": 0.25, "ears_covered": 0.35, "forearm_bare": 0.5}
"""From which value a share counts as "yes" (house limits of HA-01 and HA-02); a probability from 0.5."""
_TILE_PX = (240, 320)
_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A picture and what is known of it.

    Attributes
    ----------
    name
        What it is called.
    truth
        Whether a measure is to say "yes", by its name; what was not labelled is left out.
    load
        Gives the picture ``(height, width, 3)`` uint8 RGB.
    """

    name: str
    truth: Mapping[str, bool]
    load: Callable[[], Picture] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one picture by one measure, and what is true.

    Attributes
    ----------
    case, measure, truth
        The picture, the measure, and whether it is to say "yes".
    finding
        What was found; None where nobody was seen.
    """

    case: Case
    measure: str
    truth: bool
    finding: Finding | None

    @property
    def value(self) -> float | None:
        """The figure; None where it was not judged."""
        return None if self.finding is None or self.finding.reason is not None else self.finding.value

    @property
    def reason(self) -> str:
        """Why it was not judged: a name of :class:`posture_check.rules.result.Reason`."""
        return "no_person" if self.finding is None else self.finding.reason or "uncertain"

    @property
    def decided(self) -> bool:
        """Whether it was judged."""
        return self.value is not None

    @property
    def yes(self) -> bool:
        """What was said; of use only where it was judged."""
        return (self.value or 0.0) >= LIMITS.get(self.measure, 0.5)

    @property
    def wrong(self) -> bool:
        """Whether it was judged, and wrongly."""
        return self.decided and self.yes != self.truth


@dataclass(frozen=True, slots=True)
class Row:
    """How good one measure is.

    Attributes
    ----------
    measure
        Its name.
    yes, no
        Labelled pictures.
    decided
        How many of them were judged.
    precision, recall
        Of "yes"; NaN where there is none. For a site's own items a "no", incorrect dress, is what is to be found.
    balanced
        Mean of the shares that are right of both kinds, among those that were judged.
    not_assessed
        Share that was not judged.
    reasons
        Why not, with counts.
    """

    measure: str
    yes: int
    no: int
    decided: int
    precision: float
    recall: float
    balanced: float
    not_assessed: float
    reasons: dict[str, int]

    def plain(self) -> dict[str, Any]:
        """Return it for JSON, which has no NaN."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: (None if math.isnan(value) else round(value, 4)) if isinstance(value, float) else value
            for name, value in found.items()
        }


def cases(folder: Path) -> list[Case]:
    """Return the labelled pictures of a folder: a site's photos, or footage.

    Raises
    ------
    InputError
        If it is neither.
    """
    if is_site_layout(folder):
        return [Case(photo.name, {measure(photo.item): photo.correct}, photo.load) for photo in site_photos(folder)]
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder: give labelled photos, or footage with a manifest.jsonl")
    return [found for example in examples(folder) if (found := _case(example)).truth]


def evaluate(
    folder: Path, site: str | None = None, eyes: Eyes | None = None, progress: Progress | None = None
) -> list[Said]:
    """Look at every labelled picture of a folder.

    Parameters
    ----------
    folder
        Labelled pictures.
    site
        Site whose heads judge its own dress; needed for a site's photos.
    eyes
        Sees the pictures; None makes a `Looker`.
    progress
        Told the share that is done.

    Raises
    ------
    InputError
        If the folder is not labelled, or nothing is enrolled at the site.
    """
    wanted = cases(folder)
    heads = SiteHeads.load(site)
    if heads is None and any(name.startswith("issued_") for case in wanted for name in case.truth):
        told = f"nothing is enrolled at site '{site}'" if site else "--site is missing"
        raise InputError(
            f"{folder}: photos of a site, but {told}: run 'posture-check grooming enroll' first, give --site"
        )
    eyes = eyes or Looker()
    found: list[Said] = []
    for number, case in enumerate(wanted):
        if progress is not None:
            progress("looking at pictures", number / len(wanted))
        findings = _findings(case, eyes, heads)
        found += [
            Said(case, name, truth, None if findings is None else findings.get(name, Finding(reason="uncertain")))
            for name, truth in case.truth.items()
        ]
    return found


def rows(said: Sequence[Said]) -> list[Row]:
    """Return how good each measure is, in the order in which they come up."""
    return [_row(name, [s for s in said if s.measure == name]) for name in dict.fromkeys(s.measure for s in said)]


def failures_sheet(said: Sequence[Said]) -> NDArray[np.uint8]:
    """Return a contact sheet ``(height, width, 3)`` RGB of the pictures that were judged wrongly."""
    from posture_check.reports.text import put_text, shorten

    wrong = [s for s in said if s.wrong]
    width, height = _TILE_PX
    deep = height + 44
    lines = max(1, math.ceil(len(wrong) / _COLUMNS))
    sheet = np.full((lines * deep, _COLUMNS * width, 3), 32, np.uint8)
    for number, one in enumerate(wrong):
        top, left = number // _COLUMNS * deep, number % _COLUMNS * width
        tile = _fitted(one.case.load())
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
        words = (f"{one.measure} {one.value:.2f} ({'yes' if one.truth else 'no'})", one.case.name)
        for line, text in enumerate(words):
            put_text(sheet, shorten(text, 13, width - 8), (left + 4, top + height + 2 + 20 * line), 13, (235, 235, 235))
    return sheet


def _findings(case: Case, eyes: Eyes, heads: SiteHeads | None) -> Findings | None:
    found = eyes.look(case.load())
    if found is None:
        return None
    subject, findings = found
    return {**findings, **heads.look(subject, findings)} if heads is not None else findings


def _row(name: str, said: Sequence[Said]) -> Row:
    # Of its own dress a site wants to know what is wrong; of the rest, what is there.
    sought = not name.startswith("issued_")
    truth = np.array([s.truth == sought for s in said])
    called = np.array([(s.yes == sought) for s in said])
    decided = np.array([s.decided for s in said])
    right = decided & (truth == called)
    return Row(
        measure=name,
        yes=sum(s.truth for s in said),
        no=sum(not s.truth for s in said),
        decided=int(decided.sum()),
        precision=_share(right & truth, decided & called),
        recall=_share(right & truth, decided & truth),
        balanced=float(np.mean([_share(right & side, decided & side) for side in (truth, ~truth)])),
        not_assessed=_share(~decided, np.ones(len(said), bool)),
        reasons=dict(Counter(s.reason for s in said if not s.decided).most_common()),
    )


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else float("nan")


def _fitted(image: Picture) -> Picture:
    import cv2

    scale = min(_TILE_PX[0] / image.shape[1], _TILE_PX[1] / image.shape[0])
    size = max(1, int(image.shape[1] * scale)), max(1, int(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _case(example: Example) -> Case:
    known = _rendered(example.truth) if example.family == RENDERED else _labelled(example.labels)
    return Case(example.name, dict(known), lambda: read_picture(example.path))


def _labelled(labels: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what labels of photos say of measures; a label that is absent is unknown."""
    same = {
        "tie": "tie_worn",
        "bow_tie": "bow_worn",
        "badge": "badge_worn",
        "lanyard": "badge_on_lanyard",
        "bald": "bald",
        "long_hair_down": "long_hair_down",
        "ears_covered": "ears_covered",
        "hat_or_headscarf": "headwear",
    }
    for label, name in same.items():
        # A lanyard is asked for only where there is a badge: without one there is nothing to say.
        if isinstance(labels.get(label), bool) and (label != "lanyard" or labels.get("badge")):
            yield name, labels[label] and not (label == "tie" and labels.get("bow_tie"))
    hair = [labels.get(name) for name in ("beard", "moustache")]
    if any(hair) or all(value is False for value in hair):
        yield "beard", any(hair)


def _rendered(truth: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what the truth of a rendered picture says of measures; what lies near a limit says nothing."""
    neckwear, badge, hair = (truth.get(part) or {} for part in ("neckwear", "badge", "hair"))
    for kind in ("tie", "bow", "scarf"):
        if "kind" in neckwear:
            yield f"{kind}_worn", neckwear["kind"] == kind
    if "kind" in badge:
        yield "badge_worn", badge["kind"] != "none"
        if badge["kind"] != "none":
            yield "badge_on_lanyard", badge["kind"].startswith("lanyard")
            yield "badge_front", badge["kind"] != "lanyard_reversed"
    for name, label in (("bald", "bald"), ("hair_tied", "tied"), ("hair_unnatural", "dyed")):
        if isinstance(hair.get(label), bool):
            yield name, hair[label]
    forehead = hair.get("forehead_covered_in_image")
    if forehead is not None and not 0.15 < forehead < 0.35:
        yield "forehead_covered", forehead > 0.25
    ears = [hair.get(f"ear_{side}_covered_in_image") for side in ("left", "right")]
    worse = max((share for share in ears if share is not None), default=None)
    if worse is not None and not 0.2 < worse < 0.5:
        yield "ears_covered", worse > 0.35
    if truth.get("sleeves") in ("long", "short"):
        yield "forearm_bare", truth["sleeves"] == "short"
