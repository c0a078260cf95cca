"""The photos a site takes to enrol its dress: who and what each shows, by the names of folders and files.

``DIR/<item>/<correct|incorrect>/<person>/…`` or ``DIR/<item>/<correct|incorrect>/<person>_….jpg``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from posture_check.errors import InputError
from posture_check.grooming.descriptors import ITEMS, Item
from posture_check.grooming.subject import Picture

LAYOUT = "DIR/<tie|scarf|badge|uniform>/<correct|incorrect>/PERSON_….jpg"
_ITEM_NAMES: dict[str, Item] = {
    **{item: item for item in ITEMS},
    "领带": "tie",
    "丝巾": "scarf",
    "领花": "scarf",
    "工牌": "badge",
    "胸牌": "badge",
    "制服": "uniform",
    "工装": "uniform",
}
_LABELS = {"correct": True, "incorrect": False, "正确": True, "错误": False, "不正确": False}
_LITTER = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class SitePhoto:
    """One photo to learn from, or to measure on.

    Attributes
    ----------
    name
        What messages call it.
    item
        What of the dress it is about.
    correct
        Whether that is worn as it should be.
    person
        Who it shows, by any name.
    load
        Gives the picture ``(height, width, 3)`` uint8 RGB; raises `InputError` where it cannot be read.
    """

    name: str
    item: Item
    correct: bool
    person: str
    load: Callable[[], Picture] = field(repr=False, compare=False)


def site_photos(folder: Path) -> list[SitePhoto]:
    """Return the photos of a folder, in the order of their names; no picture is read yet.

    Raises
    ------
    InputError
        If the folder is not laid out as it should be.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder: give the folder of the photos ({LAYOUT})")
    found: list[SitePhoto] = []
    for part in _entries(folder):
        item = _ITEM_NAMES.get(part.name.lower())
        if item is None or not part.is_dir():
            raise InputError(f"{part}: not a folder of tie, scarf, badge or uniform: lay the photos out as {LAYOUT}")
        for label in _entries(part):
            correct = _LABELS.get(label.name.lower())
            if correct is None or not label.is_dir():
                raise InputError(f"{label}: not a folder 'correct' or 'incorrect': lay the photos out as {LAYOUT}")
            found += [_photo(path, folder, label, item, correct) for path in _files(label)]
    if not found:
        raise InputError(f"{folder}: no photos in it: lay them out as {LAYOUT}")
    return found


def is_site_layout(folder: Path) -> bool:
    """Tell whether a folder is laid out by items, rather than as footage."""
    return folder.is_dir() and any(entry.is_dir() and entry.name.lower() in _ITEM_NAMES for entry in folder.iterdir())


def read_picture(path: Path) -> Picture:
    """Return a picture file as a check would see it: upright, ``(height, width, 3)`` uint8 RGB.

    Raises
    ------
    InputError
        If it cannot be read, or is not a picture.
    """
    from posture_check.sources import open_source

    with open_source(path) as source:
        if source.info.kind != "image":
            raise InputError(f"{path}: not a picture: leave only photos in the folder")
        return next(iter(source)).image


def _photo(path: Path, folder: Path, label: Path, item: Item, correct: bool) -> SitePhoto:
    inner = path.relative_to(label).parts
    person = inner[0] if len(inner) > 1 else path.stem.partition("_")[0]
    return SitePhoto(path.relative_to(folder).as_posix(), item, correct, person, lambda: read_picture(path))


def _files(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, without the files that systems leave there."""
    return sorted(e for e in folder.iterdir() if not e.name.startswith(".") and e.name.lower() not in _LITTER)
