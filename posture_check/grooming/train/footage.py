"""Labelled pictures of a footage folder, each with the person in it.

A footage folder holds ``grooming/manifest.jsonl`` (photos) and ``rendered_grooming/index.jsonl`` (rendered people with
exact truth), or one of them; or it is one of these two folders itself. The landmarks are found when first asked for and
kept in the user's cache, by the picture's content and the models', so that a second run looks at no picture twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError, PostureCheckError
from posture_check.grooming.pictures import find_subject
from posture_check.grooming.subject import Picture, Subject

if TYPE_CHECKING:
    from posture_check.landmarks.detectors import Detectors

PHOTOS, RENDERED = "grooming", "rendered_grooming"
"""Folders of a footage folder; the second is also the family of its pictures."""
_LISTS = {PHOTOS: "manifest.jsonl", RENDERED: "index.jsonl"}
_CACHE = "grooming-landmarks"


class NotForTraining(PostureCheckError):
    """A picture that may only be measured on was about to train a model."""


class LandmarkCache:
    """Landmarks of pictures, found once.

    Parameters
    ----------
    folder
        Where they are kept; by default in the user's cache directory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._detectors: Detectors | None = None
        self._models: str | None = None

    def subject(self, content: bytes, image: Picture) -> Subject | None:
        """Return the largest person of a picture; None where nobody was found.

        Parameters
        ----------
        content
            The picture's file.
        image
            The same, decoded: ``(height, width, 3)`` uint8 RGB.
        """
        kept = self._place() / f"{hashlib.sha256(content).hexdigest()[:32]}.npz"
        with suppress(OSError, ValueError, KeyError), np.load(kept) as arrays:
            if not arrays["found"]:
                return None
            return Subject(image, arrays["pose"], arrays["world"], arrays["face"])
        if self._detectors is None:
            from posture_check.landmarks.detectors import Detectors

            self._detectors = Detectors()
        subject = find_subject(image, self._detectors)
        keep(kept, subject)
        return subject

    def _place(self) -> Path:
        """Return the folder of the landmarks that today's models find."""
        from posture_check.landmarks.store import ModelStore, default_cache_dir

        if self._models is None:
            store = ModelStore()
            both = store.sha256("pose") + store.sha256("face")
            self._models = hashlib.sha256(both.encode()).hexdigest()[:12]
        return (self._folder or default_cache_dir() / _CACHE) / self._models


def keep(path: Path, subject: Subject | None) -> None:
    """Write what was found in a picture, or that nobody was; another program sees all of it or nothing."""
    arrays: dict[str, Any] = {"found": np.array(subject is not None)}
    if subject is not None:
        arrays |= {name: np.float32(getattr(subject, name)) for name in ("pose", "world", "face")}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


@dataclass(frozen=True)
class Example:
    """One labelled picture.

    Attributes
    ----------
    path
        The picture.
    name
        Its path inside the footage folder, with ``/``: how tables of predictions name it.
    family
        Where it comes from: ``congress``, ``ccp``, ``idcard_prince``, ``nprportrait``, ``fr_parl`` or
        ``rendered_grooming``.
    row
        Its line of the manifest, or of the index.
    """

    path: Path
    name: str
    family: str
    row: Mapping[str, Any]
    _folder: Path = field(repr=False, compare=False)
    _cache: LandmarkCache = field(repr=False, compare=False)

    @property
    def labels(self) -> Mapping[str, Any]:
        """What was labelled. A label that is absent was not judged: it is unknown, not false."""
        return dict(self.row.get("labels") or {})

    @property
    def truth(self) -> Mapping[str, Any]:
        """What is exactly known of a rendered picture; empty for a photo."""
        return dict(self.row.get("truth") or {})

    @property
    def train_ok(self) -> bool:
        """Whether it may train a shipped model. The rendered pictures were made for this project."""
        return self.row.get("train_ok", self.family == RENDERED) is True

    def picture(self) -> Picture:
        """Return the picture ``(height, width, 3)`` uint8 RGB.

        Raises
        ------
        InputError
            If it is missing or damaged.
        """
        return _decoded(self.path, self._content())

    def subject(self) -> Subject | None:
        """Return the person in it, found or kept from last time; None where nobody was found."""
        content = self._content()
        return self._cache.subject(content, _decoded(self.path, content))

    def mask(self) -> NDArray[np.uint8] | None:
        """Return its mask: ``(height, width)`` class numbers (ccp) or ``(height, width, 3)`` RGB; None without one."""
        import cv2

        if not self.row.get("mask"):
            return None
        path = self._folder / str(self.row["mask"])
        found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if found is None:
            raise InputError(f"{path}: missing or not a picture: copy the footage again")
        return np.asarray(found if found.ndim == 2 else cv2.cvtColor(found[..., :3], cv2.COLOR_BGR2RGB), np.uint8)

    def _content(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read ({error.strerror}): copy the footage again") from None


def examples(folder: Path, family: str | None = None, cache: LandmarkCache | None = None) -> list[Example]:
    """Return the pictures of a footage folder, in the order of its lists.

    Parameters
    ----------
    folder
        The footage folder.
    family
        Only pictures of this family.
    cache
        Where landmarks are kept; by default in the user's cache directory.

    Raises
    ------
    InputError
        If there is no list of pictures, a line of one makes no sense, or the family is unknown.
    """
    lists = {part: f"{part}/" for part, name in _LISTS.items() if (folder / part / name).is_file()}
    lists = lists or {part: "" for part, name in _LISTS.items() if (folder / name).is_file()}
    if not lists:
        raise InputError(f"{folder}: no footage: expected {PHOTOS}/manifest.jsonl or {RENDERED}/index.jsonl in it")
    cache = cache or LandmarkCache()
    found = [
        Example(folder / inner / rel, inner + rel, _family(part, rel), row, folder / inner, cache)
        for part, inner in lists.items()
        for row, rel in _rows(folder / inner / _LISTS[part], "image" if part == RENDERED else "path")
    ]
    families = {example.family for example in found}
    if family is not None and family not in families:
        raise InputError(f"{folder}: no pictures of family '{family}' (there are: {', '.join(sorted(families))})")
    return [example for example in found if family in (None, example.family)]


def training_examples(folder: Path, family: str | None = None, cache: LandmarkCache | None = None) -> list[Example]:
    """Return the pictures that may train a shipped model; as `examples`.

    Raises
    ------
    NotForTraining
        If a family is named that holds pictures for measuring only.
    """
    found = examples(folder, family, cache)
    return may_train(found if family else [example for example in found if example.train_ok])


def may_train(found: Iterable[Example]) -> list[Example]:
    """Return the pictures as they are, once it is certain that each may train a shipped model.

    Raises
    ------
    NotForTraining
        If one is for measuring only.
    """
    found = list(found)
    if barred := [example.name for example in found if not example.train_ok]:
        raise NotForTraining(f"{barred[0]}: for measuring only, must not train a model ({len(barred)} such pictures)")
    return found


def ccp_classes(folder: Path) -> list[str]:
    """Return the names of the class numbers in the masks of the ``ccp`` family."""
    import scipy.io

    table = scipy.io.loadmat(str(folder / PHOTOS / "ccp" / "label_list.mat"))["label_list"][0]
    return [str(name[0]) for name in table]


def _family(part: str, relative: str) -> str:
    return RENDERED if part == RENDERED else relative.split("/")[0]


def _rows(path: Path, key: str) -> Iterator[tuple[dict[str, Any], str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                row = json.loads(line)
                yield row, str(row[key])
            except (ValueError, KeyError, TypeError):
                raise InputError(f"{path}:{number}: expected a line of JSON with '{key}'") from None


def _decoded(path: Path, content: bytes) -> Picture:
    import cv2

    found = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    if found is None:
        raise InputError(f"{path}: not a picture, or damaged: copy the footage again")
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)
