"""From the files and folders a user names to the list of sources to look at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from posture_check.errors import InputError
from posture_check.sources.base import problem
from posture_check.sources.open import is_address
from posture_check.sources.sniff import HEAD_BYTES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, identify


def expand_paths(paths: Iterable[str | Path]) -> list[str]:
    """List the pictures and videos in files and folders.

    A file named by the user is taken as it is. In folders, at any depth, files count that carry the name of a
    picture or video (damaged ones too, so that they are reported and not passed over), and those that are one
    by their first bytes whatever they are called. Hidden files and folders are left out. Streams and other
    addresses pass through.

    Parameters
    ----------
    paths
        What the user named.

    Returns
    -------
    list of str
        In the order named, sorted within each folder, each source once.

    Raises
    ------
    InputError
        If a path does not exist, a folder cannot be read, or one holds no picture or video.
    """
    found: dict[str, None] = {}
    for path in paths:
        name = str(path)
        if os.path.isdir(name):
            inside = sorted(_recordings_in(Path(name), name), key=str)
            if not inside:
                raise problem(name, "no picture or video in this folder", "choose the folder that holds the recordings")
            found.update(dict.fromkeys(map(str, inside)))
        elif os.path.lexists(name) or is_address(name):
            found[name] = None
        else:
            raise problem(name, "no such file or folder", "check the spelling")
    return list(found)


def _recordings_in(folder: Path, name: str) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        where = str(error.filename or name)
        raise problem(where, f"the folder cannot be read ({error.strerror})", "ask its owner, or leave it out")

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [f for f in folders if not f.startswith(".")]
        for file in files:
            path = Path(parent, file)
            if not file.startswith(".") and _is_recording(path):
                yield path


def _is_recording(path: Path) -> bool:
    if path.suffix.lower() in IMAGE_SUFFIXES | VIDEO_SUFFIXES:
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return identify(file.read(HEAD_BYTES)).family in {"image", "video"}
    except (OSError, InputError):
        return False
