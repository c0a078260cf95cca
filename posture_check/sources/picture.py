"""A still picture as a source of one frame."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.sources.base import BaseSource, Image, Shot, check_size, problem
from posture_check.sources.frame import SourceInfo
from posture_check.sources.upright import on_white

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

CONVERT = "save it as JPEG or PNG again"


class PictureSource(BaseSource):
    """One upright RGB frame at time 0.

    Parameters
    ----------
    path
        A file that `sniff` takes for a picture.
    name
        The file as the user named it.
    label
        What the file is, e.g. "HEIC picture", for messages.

    Raises
    ------
    InputError
        If it cannot be decoded or is too small or far too large.
    """

    def __init__(self, path: Path, name: str, label: str) -> None:
        self._path, self._name, self._label = path, name, label
        image, note = self._decoded()
        height, width = image.shape[:2]
        check_size(name, width, height)
        super().__init__(SourceInfo(path=name, kind="image", width=width, height=height))
        self.info.notes.extend(note)
        self._image: Image | None = image

    def _decoded(self) -> tuple[Image, list[str]]:
        from PIL import ImageOps

        try:
            with self._opened() as picture:
                several = getattr(picture, "n_frames", 1) > 1 and picture.format not in _WITH_PREVIEWS
                picture.load()
                image = to_rgb(ImageOps.exif_transpose(picture))
        except _DAMAGE as error:
            raise self._damaged(error) from None
        return image, ["the file holds several pictures; only the first was used"] if several else []

    def _opened(self) -> Picture:
        from PIL import Image as PilImage
        from PIL import UnidentifiedImageError

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PilImage.DecompressionBombWarning)
                return PilImage.open(self._path)
        except UnidentifiedImageError:
            what = f"{self._label} that cannot be read here (of a kind not supported, or damaged)"
            raise problem(self._name, what, CONVERT) from None
        except PilImage.DecompressionBombError:
            raise problem(self._name, "far too large a picture", "scale it down") from None
        except _DAMAGE as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> InputError:
        return problem(self._name, f"damaged or cut short {self._label} ({error})", "copy it again")

    def _shots(self) -> Iterator[Shot]:
        image, self._image = self._image, None
        if image is not None:
            yield Shot(0.0, image)

    def close(self) -> None:
        """Let go of the picture."""
        self._image = None


_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, struct.error)
_WITH_PREVIEWS = frozenset({"MPO"})  # phones' JPEGs with smaller copies of the same picture inside
_DEEP_GREY = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I", "F"})


def to_rgb(picture: Picture) -> Image:
    """Convert any kind of still picture to 8-bit RGB.

    Parameters
    ----------
    picture
        Loaded picture in any mode. Deep greyscale is scaled from its full range; transparency is laid on
        white.

    Returns
    -------
    Image
        ``(height, width, 3)`` uint8.
    """
    if picture.mode in _DEEP_GREY:
        grey = _to_8_bits(np.asarray(picture), picture.mode)
        return np.repeat(grey[..., None], 3, axis=2)
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info:
        return on_white(np.asarray(picture.convert("RGBA"), dtype=np.uint8))
    return np.array(picture.convert("RGB"), dtype=np.uint8)


def _to_8_bits(deep: NDArray[np.generic], mode: str) -> Image:
    values = deep.astype(np.float64)
    if mode == "F":  # floating point has no fixed range: 0 to 1 by custom, else what is there
        values = np.nan_to_num(values)
        top = 1.0 if values.max() <= 1.0 else max(255.0, float(values.max()))
    else:
        top = 255.0 if mode == "I" and values.max() <= 255 else 65535.0
    return np.asarray(np.clip(np.rint(values * (255.0 / top)), 0, 255), dtype=np.uint8)
