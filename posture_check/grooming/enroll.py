"""Enrolment: a site's own heads from ten to sixty of its photos, measured before they may judge anybody.

What is kept is the head, its card and the figures it was trained on (shares of colours, strengths of patterns). No
photo, no face and no name is kept; people are told apart by a fingerprint of the name they were given.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from posture_check import __version__
from posture_check.errors import InputError
from posture_check.grooming.descriptors import VERSION, Floats, Item, describe, worn
from posture_check.grooming.site_heads import CARD, FIGURES, HEAD, read_card, site_folder
from posture_check.grooming.site_photos import SitePhoto
from posture_check.grooming.subject import Picture, Subject
from posture_check.grooming.train.site import (
    NO_TRAIN_EXTRA,
    Figures,
    Judged,
    Photos,
    as_onnx,
    calibrate,
    cross_validated,
    scores,
    standing,
)
from posture_check.landmarks.findings import Findings, Missing

Progress = Callable[[str, float | None], None]

FEWEST = 10
"""Photos per item: fewer and the figures say nothing."""
GOOD_ENOUGH = 0.75
"""A head with a lower score (undecided photos counting half) is not stored: it would mostly abstain or guess."""
WORSE_BY = 0.005
"""A score that falls by more has got worse."""
_PREVIOUS = "previous"


class Eyes(Protocol):
    """Finds the person in a picture and reads their dress; `Looker` does."""

    def look(self, image: Picture) -> tuple[Subject, Findings] | None:
        """Return the person and the findings; None where nobody is seen."""
        ...


class Looker:
    """Sees a photo as a check sees a picture."""

    def __init__(self) -> None:
        from posture_check.grooming.groomer import Groomer
        from posture_check.landmarks.detectors import Detectors

        self._detectors = Detectors()
        self._groomer = Groomer(self._detectors.person)

    def look(self, image: Picture) -> tuple[Subject, Findings] | None:
        """Return the largest person and what all readers found; None where nobody is seen."""
        from posture_check.grooming.pictures import find_subject

        subject = find_subject(image, self._detectors)
        return None if subject is None else (subject, self._groomer.look(subject))


@dataclass(frozen=True)
class Outcome:
    """What came of the photos of one item.

    Attributes
    ----------
    item
        The item.
    photos, names
        What the photos came to, and the names of the people by their fingerprints.
    judged
        Each photo by a head that never saw the person.
    left_out
        Names of the photos that could not be used, and why.
    stored
        Whether the head is in use now.
    before, after
        How good the head in use was, and the new one, on the photos and people of both; None without an old one.
    outdated
        Whether there was an old head that no longer fits this release.
    """

    item: Item
    photos: Photos
    names: dict[str, str]
    judged: Judged
    left_out: list[tuple[str, Missing]] = field(default_factory=list)
    stored: bool = False
    before: Figures | None = None
    after: Figures | None = None
    outdated: bool = False

    @property
    def figures(self) -> Figures:
        """How good the new head is."""
        return standing(self.judged, self.photos.correct)

    @property
    def worse(self) -> bool:
        """Whether the new head is worse than the one in use."""
        return bool(self.before and self.after and self.after.score < self.before.score - WORSE_BY)

    @property
    def too_poor(self) -> bool:
        """Whether the new head cannot tell correct from incorrect dress."""
        return self.figures.score < GOOD_ENOUGH

    @property
    def all_different(self) -> bool:
        """Whether every photo counts as another person: the figures are then too good if that is not so."""
        return len(np.unique(self.photos.person)) == len(self.photos)

    def by_person(self) -> dict[str, Figures]:
        """Return how good the new head is for each person, by name."""
        people = sorted(self.names, key=lambda key: self.names[key])
        return {self.names[p]: standing(self.judged, self.photos.correct, self.photos.person == p) for p in people}


def enroll(
    site: str,
    photos: Sequence[SitePhoto],
    eyes: Eyes | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Train, measure and store a head for each item that photos show.

    Parameters
    ----------
    site
        Name of the site.
    photos
        Of one or several items.
    eyes
        Sees the photos; None makes a `Looker`.
    force
        Store a head even if it is worse than the one in use, or poor.
    progress
        Told what is being done, and the share.

    Raises
    ------
    InputError
        If the photos are not enough to learn and to measure, one cannot be read or shows nobody, or the extra that
        trains is missing. Nothing is stored then.
    """
    if any(find_spec(name) is None for name in ("sklearn", "skl2onnx", "onnx")):
        raise InputError(NO_TRAIN_EXTRA)
    folder = site_folder(site)
    if not photos:
        raise InputError("grooming enroll: no photos: nothing was enrolled")
    for item, those in _by_item(photos).items():
        _enough(item, [photo.correct for photo in those], [photo.person for photo in those], "")
    eyes = eyes or Looker()
    read: list[_Read] = []
    for number, photo in enumerate(photos):
        if progress is not None:
            progress("looking at photos", number / len(photos))
        read.append(_read(site, photo, eyes))
    made = []
    for item in _by_item(photos):
        if progress is not None:
            progress(f"training: {item}", None)
        made.append(_prepared(item, [row for row in read if row.photo.item == item]))
    return [_settled(folder, site, outcome, force) for outcome in made]


def undo(site: str, items: Iterable[Item]) -> dict[Item, str]:
    """Put the heads of the enrolment before back into use, or take a site's heads away where there were none.

    Returns
    -------
    dict
        ``restored`` or ``removed`` by item; items without a head are left out.
    """
    folder, done = site_folder(site), {}
    for item in items:
        now, before = folder / item, folder / f"{item}.{_PREVIOUS}"
        if not (now.exists() or before.exists()):
            continue
        if now.exists():
            shutil.rmtree(now)
        done[item] = "restored" if before.exists() else "removed"
        if before.exists():
            before.rename(now)
    return done


def _by_item(photos: Sequence[SitePhoto]) -> dict[Item, list[SitePhoto]]:
    return {item: [p for p in photos if p.item == item] for item in dict.fromkeys(photo.item for photo in photos)}


def _enough(item: Item, correct: Sequence[bool], people: Sequence[str], after: str) -> None:
    """Refuse what cannot be learnt from or measured on; ``after`` says what was left out."""
    if len(correct) < FEWEST:
        raise InputError(f"{item}: {len(correct)} photos{after}: at least {FEWEST} are needed, better 30")
    if len(set(correct)) < 2:
        only, missing = ("correct", "incorrect") if correct[0] else ("incorrect", "correct")
        raise InputError(f"{item}: only photos of {only} dress{after}: add {missing} ones, of the same people")
    if len(set(people)) < 2:
        raise InputError(
            f"{item}: all photos show one person ({people[0]!r}){after}, so the figures would mean nothing: "
            "add others, and name the files PERSON_….jpg or make a folder for each person"
        )
    for person in set(people):
        rest = {fine for fine, who in zip(correct, people, strict=True) if who != person}
        if len(rest) > 1:
            return
    raise InputError(f"{item}: nobody but one shows both correct and incorrect dress{after}: photograph others in both")


@dataclass(frozen=True, slots=True)
class _Read:
    """What a photo comes to once its picture is let go of; ``figures`` is the reason where it cannot be used."""

    photo: SitePhoto
    figures: Floats | Missing
    person: str
    picture: str
    seen: bool


def _read(site: str, photo: SitePhoto, eyes: Eyes) -> _Read:
    image = photo.load()
    found = eyes.look(image)
    if found is None:
        raise InputError(f"{photo.name}: no person in the picture: take the photo again, or take it out")
    subject, findings = found
    unseen = worn(photo.item, findings)
    # That an item is missing is told without enrolment; a head that learnt it would call every tie correct.
    lacking = unseen == "absent" and not photo.correct
    figures = "absent" if lacking else describe(photo.item, subject, findings)
    person = _fingerprint(f"{site}\n{photo.person}".encode())
    return _Read(photo, figures, person, _fingerprint(image.tobytes()), unseen is None)


def _prepared(item: Item, read: list[_Read]) -> Outcome:
    """Cross-validate a head on the photos of an item."""
    left_out = [(row.photo.name, row.figures) for row in read if isinstance(row.figures, str)]
    used = [row for row in read if not isinstance(row.figures, str)]
    counts = Counter(reason for _, reason in left_out)
    told = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in counts.items())
    after = f" left of {len(read)} ({told})" if left_out else ""
    _enough(item, [row.photo.correct for row in used], [row.photo.person for row in used], after)
    photos = Photos(
        figures=np.array([row.figures for row in used], np.float32),
        correct=np.array([row.photo.correct for row in used]),
        person=np.array([row.person for row in used]),
        photo=np.array([row.picture for row in used]),
        seen=np.array([row.seen for row in used]),
    )
    names = {row.person: row.photo.person for row in used}
    return Outcome(item, photos, names, cross_validated(photos), left_out)


def _settled(folder: Path, site: str, outcome: Outcome, force: bool) -> Outcome:
    """Compare a new head with the one in use and store it if it may take its place."""
    old, card = _figures_of(folder / outcome.item), read_card(folder / outcome.item)
    fits = old is not None and old.figures.shape[1] == outcome.photos.figures.shape[1]
    fits = fits and card is not None and card.get("version") == VERSION
    before = after = None
    if old is not None and fits:
        union = outcome.photos.joined(old)
        before = standing(cross_validated(old, union), union.correct)
        after = standing(cross_validated(outcome.photos, union), union.correct)
    compared = replace(outcome, before=before, after=after, outdated=card is not None and not fits)
    if not force and (compared.worse or compared.too_poor):
        return compared
    _store(folder, site, compared)
    return replace(compared, stored=True)


def _store(folder: Path, site: str, outcome: Outcome) -> None:
    """Write a head so that the folder holds all of it or nothing; the one before is kept beside it."""
    photos = outcome.photos
    calibration = calibrate(scores(photos), photos.correct)
    card = {
        "schema": "posture-check/site-head/1",
        "site": site,
        "item": outcome.item,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "release": __version__,
        "version": VERSION,
        "photos": len(photos),
        "correct": int(photos.correct.sum()),
        "people": len(outcome.names),
        "calibration": asdict(calibration),
        "cross_validated": _plain(outcome.figures),
        "by_person": [_plain(figures) for figures in outcome.by_person().values()],
        "before_on_the_same": None if outcome.before is None else _plain(outcome.before),
        "after_on_the_same": None if outcome.after is None else _plain(outcome.after),
    }
    now, before = folder / outcome.item, folder / f"{outcome.item}.{_PREVIOUS}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder, prefix=f".{outcome.item}-"))
        try:
            (fresh / HEAD).write_bytes(as_onnx(photos, calibration))
            (fresh / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
            np.savez_compressed(fresh / FIGURES, **{name: getattr(photos, name) for name in asdict(photos)})
            fresh.chmod(0o755)
            _take_place(fresh, now, before)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written ({error.strerror or error}): make it writable, or set POSTURE_CHECK_DATA"
        ) from error


def _take_place(fresh: Path, now: Path, before: Path) -> None:
    if not now.exists():
        os.replace(fresh, now)
        return
    if before.exists():
        shutil.rmtree(before)
    os.replace(now, before)
    try:
        os.replace(fresh, now)
    except BaseException:
        os.replace(before, now)
        raise


def _figures_of(folder: Path) -> Photos | None:
    """Return what a stored head was trained on; None where there is none, or it cannot be read."""
    try:
        with np.load(folder / FIGURES) as arrays:
            return Photos(*(arrays[name] for name in Photos.__dataclass_fields__))
    except (OSError, ValueError, KeyError):
        return None


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _plain(figures: Figures) -> dict[str, Any]:
    """Return figures for JSON, which has no NaN."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else round(value, 4)
        for name, value in asdict(figures).items()
    }
