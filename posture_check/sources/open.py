"""One door to every kind of source."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from posture_check.sources.base import Options, Source, printable, problem
from posture_check.sources.sniff import IMAGE_SUFFIXES, VIDEO_SUFFIXES, sniff_type

Factory = Callable[[str, Options], Source]
"""Takes what follows ``scheme:`` and how to read it."""

_STREAMS = ("rtsp://", "rtsps://", "rtmp://", "http://", "https://")
_factories: dict[str, Factory] = {}


def register_scheme(scheme: str, factory: Factory) -> None:
    """Make ``scheme:REST`` a source.

    Parameters
    ----------
    scheme
        Two or more letters (one letter is a disk drive).
    factory
        Called with REST and the options; returns the source.

    Raises
    ------
    ValueError
        If the name is not of that form or already means something else.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]+", scheme) or scheme in {"camera", "file", *_stream_schemes()}:
        raise ValueError(f"{scheme!r} cannot be a scheme")
    _factories[scheme] = factory


def _stream_schemes() -> set[str]:
    return {stream.removesuffix("://") for stream in _STREAMS}


def is_address(spec: str) -> bool:
    """Say whether this is a stream, a camera or a registered scheme, rather than a path.

    Parameters
    ----------
    spec
        What the user named.
    """
    scheme = spec.partition(":")[0]
    return spec.lower().startswith(_STREAMS) or (":" in spec and (scheme == "camera" or scheme in _factories))


def open_source(
    spec: str | Path,
    *,
    max_rate_hz: float | None = 30.0,
    start_s: float | None = None,
    end_s: float | None = None,
) -> Source:
    """Open a picture, a video, a stream or a camera.

    Parameters
    ----------
    spec
        A file (picture, video, GIF), ``rtsp://…`` or ``http(s)://…``, ``camera:0`` or plain digits where no
        file has that name, or ``scheme:REST`` of a registered scheme.
    max_rate_hz
        Frames that come sooner after the one before than this rate allows are left out, by true time; None
        keeps all.
    start_s, end_s
        Part wanted, in seconds since the first frame. Frames keep their time in the whole source. Of no
        meaning for a picture.

    Returns
    -------
    Source
        To be read once and closed.

    Raises
    ------
    InputError
        If it cannot be used; the message says why and what to do.
    """
    options = Options(max_rate_hz, start_s, end_s)
    name = printable(str(spec))
    if isinstance(spec, str) and is_address(spec):
        return _open_address(spec, options)
    path = Path(spec)
    camera = _camera_index(name, path)
    if camera is not None:
        from posture_check.sources.camera import CameraSource

        return CameraSource(camera, f"camera:{camera}", options)
    return _open_file(path, name, options)


def _open_address(spec: str, options: Options) -> Source:
    scheme, _, rest = spec.partition(":")
    if scheme == "camera":
        if not re.fullmatch(r"[0-9]{1,3}", rest):
            raise problem(spec, "a camera is named by its number", "try camera:0")
        from posture_check.sources.camera import CameraSource

        return CameraSource(int(rest), spec, options)
    if scheme in _factories:
        return _factories[scheme](rest, options)
    from posture_check.sources.stream import open_stream

    return open_stream(spec, options)


def _camera_index(name: str, path: Path) -> int | None:
    device = re.fullmatch(r"/dev/video([0-9]{1,3})", name)
    if device:
        return int(device[1])
    return int(name) if re.fullmatch(r"[0-9]{1,3}", name) and not path.exists() else None


def _open_file(path: Path, name: str, options: Options) -> Source:
    found = sniff_type(path, name)
    suffix = path.suffix.lower()
    if found.family == "image":
        if suffix in VIDEO_SUFFIXES - {".gif"}:
            what = f"not a video (the file is {found})"
            as_picture = path.with_suffix(f".{found.label.split()[0].lower()}").name
            raise problem(name, what, f"rename it {as_picture} to check it as one, or re-export the video")
        from posture_check.sources.picture import PictureSource

        return PictureSource(path, name, found.label)
    from posture_check.sources.video import VideoSource

    source = VideoSource(str(path), name, options, path=path)
    if suffix in IMAGE_SUFFIXES:
        source.info.notes.append(f"named as a picture but read as a video, which it is ({found.label})")
    return source
