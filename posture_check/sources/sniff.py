"""What a file really is, by its first bytes: names lie (a JPEG called ``clip.mp4``), contents do not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from posture_check.sources.base import problem


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


IMAGE_SUFFIXES = _set(".jpg .jpeg .jpe .jfif .png .bmp .dib .tif .tiff .webp .avif .heic .heif .ppm .pgm .pnm")
VIDEO_SUFFIXES = _set(
    ".mp4 .m4v .mov .avi .mkv .webm .gif .wmv .asf .flv .f4v .mpg .mpeg .mpe .m2v .ts .mts .m2ts .vob "
    ".3gp .3g2 .ogv .dv .mxf .h264 .h265 .264 .265 .hevc .mjpg .mjpeg .rm .rmvb"
)

Family = Literal["image", "video", "other", "unknown"]
HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file's first bytes say it is.

    Attributes
    ----------
    family
        ``other`` is known to be neither a picture nor a video; ``unknown`` may still be an exotic video.
    label
        In words, without an article: "JPEG picture".
    """

    family: Family
    label: str

    def __str__(self) -> str:
        """Return the label with its article, to be read after "the file is"."""
        if self.label == "text":
            return self.label
        return f"{'an' if self.label.startswith('A') else 'a'} {self.label}"


_PREFIXES: tuple[tuple[bytes, Family, str], ...] = (
    (b"\xff\xd8\xff", "image", "JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "image", "PNG picture"),
    (b"GIF87a", "video", "GIF animation"),
    (b"GIF89a", "video", "GIF animation"),
    (b"BM", "image", "BMP picture"),
    (b"II*\x00", "image", "TIFF picture"),
    (b"MM\x00*", "image", "TIFF picture"),
    (b"II+\x00", "image", "TIFF picture"),
    (b"MM\x00+", "image", "TIFF picture"),
    (b"\x1aE\xdf\xa3", "video", "Matroska or WebM video"),
    (b"FLV\x01", "video", "Flash video"),
    (b"\x00\x00\x01\xba", "video", "MPEG video"),
    (b"\x00\x00\x01\xb3", "video", "MPEG video"),
    (b"\x00\x00\x00\x01", "video", "bare H.264 or H.265 video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video", "Windows Media video"),
    (b"OggS", "video", "Ogg video"),
    (b".RMF", "video", "RealMedia video"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "video", "MXF video"),
    (b"%PDF", "other", "PDF document"),
    (b"PK\x03\x04", "other", "ZIP archive or office document"),
    (b"\x1f\x8b", "other", "gzip archive"),
    (b"7z\xbc\xaf", "other", "7z archive"),
    (b"Rar!", "other", "RAR archive"),
    (b"ID3", "other", "sound recording"),
    (b"fLaC", "other", "sound recording"),
    (b"\x7fELF", "other", "program"),
    (b"\x93NUMPY", "other", "NumPy array"),
    (b"SQLite format 3", "other", "database"),
)
_MP4_BOXES = frozenset({b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"F4A ", b"F4B "})
# Demuxers that turn text, or lists of other files, into "video".
_NOT_RECORDINGS = _set("tty hls dash concat image2 data lavfi bin xbin idf adf")


def read_head(path: Path, name: str) -> bytes:
    """Return the first bytes of a file.

    Parameters
    ----------
    path
        The file.
    name
        The file as the user named it, for messages.

    Raises
    ------
    InputError
        If it is missing, a folder, unreadable or empty.
    """
    try:
        if path.is_dir():
            raise problem(name, "a folder, not one source", "name one file in it, or use audit for whole folders")
        if path.exists() and not path.is_file():
            raise problem(name, "not a regular file", "name a picture, a video, a stream or a camera")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError:
        raise problem(name, "no such file", "check the spelling and the folder") from None
    except PermissionError:
        raise problem(name, "no permission to read it", "ask its owner, or change its access rights") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise problem(name, f"cannot be read ({reason})", "check the name, the disk or the network drive") from None
    if not head:
        raise problem(name, "the file is empty (0 bytes)", "copy or export it again")
    return head


def identify(head: bytes) -> FileType:
    """Tell from a file's first bytes what it is.

    Parameters
    ----------
    head
        Up to `HEAD_BYTES` bytes from the start of the file.
    """
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], FileType("unknown", "RIFF file of unknown kind"))
    if head[4:8] == b"ftyp":
        return _identify_brand(head)
    if head[4:8] in _MP4_BOXES:
        return FileType("video", "MP4 or QuickTime video")
    if _is_transport_stream(head):
        return FileType("video", "MPEG transport stream")
    for magic, family, label in _PREFIXES:
        if head.startswith(magic):
            return FileType(family, label)
    if head[:2] in {b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"} and head[2:3].isspace():
        return FileType("image", "PNM picture")
    if _is_text(head):
        return FileType("other", "text")
    return FileType("unknown", "file of unknown kind")


_RIFF = {
    b"WEBP": FileType("image", "WebP picture"),
    b"AVI ": FileType("video", "AVI video"),
    b"WAVE": FileType("other", "sound recording"),
}


def _identify_brand(head: bytes) -> FileType:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[i : i + 4] for i in range(16, size - 3, 4)}
    if head[8:12] in _HEIC_BRANDS | _AVIF_BRANDS:
        return FileType("image", "AVIF picture" if brands & _AVIF_BRANDS else "HEIC picture")
    if head[8:12] == b"crx ":
        return FileType("other", "camera raw picture")
    if head[8:12] in _SOUND_BRANDS:
        return FileType("other", "sound recording")
    return FileType("video", "MP4 or QuickTime video")


def _is_transport_stream(head: bytes) -> bool:
    """Whether sync bytes recur at the packet length: 188, or 192 with a leading time code (m2ts)."""
    return any(
        len(head) > start + 2 * step and all(head[i] == 0x47 for i in range(start, start + 3 * step, step))
        for start, step in ((0, 188), (4, 192))
    )


def _is_text(head: bytes) -> bool:
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return control == 0 or head.startswith((b"\xff\xfe", b"\xfe\xff"))


def sniff(path: str | Path) -> Literal["image", "video"]:
    """Tell whether a file holds a picture or a video, by content, never by its name.

    A GIF of one frame is a picture, an animated one a video.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        If it cannot be read or is neither.
    """
    return sniff_type(Path(path), str(path)).family  # type: ignore[return-value]  # a plain string there


def sniff_type(path: Path, name: str) -> FileType:
    """Return what a file is, with a family of ``image`` or ``video`` only.

    Parameters
    ----------
    path
        The file.
    name
        The file as the user named it, for messages.

    Raises
    ------
    InputError
        If it cannot be read or is neither a picture nor a video.
    """
    found = identify(read_head(path, name))
    if found.label == "GIF animation" and _is_still_gif(path):
        return FileType("image", "GIF picture")
    if found.label == "JPEG picture" and path.suffix.lower() in {".mjpg", ".mjpeg"}:
        return FileType("video", "motion JPEG video")  # the bytes are the same: one JPEG after another
    if found.family == "unknown" and _decoder_takes(path):
        return FileType("video", "video")
    if found.family in {"image", "video"}:
        return found
    kind = "not a picture or video" if found.family == "other" else "not a known kind of picture or video"
    told = f" (the file is {found})" if found.family == "other" else ""
    raise problem(name, f"{kind}{told}", "choose the recording itself, or export it as MP4 or JPEG")


def _is_still_gif(path: Path) -> bool:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            return not getattr(picture, "is_animated", False)
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError):
        return False


def _decoder_takes(path: Path) -> bool:
    import av

    try:
        with av.open(file_url(path), options=dict(LOCAL_ONLY)) as container:
            name = container.format.name
            return bool(container.streams.video) and not (_NOT_RECORDINGS & set(name.split(",")))
    except (av.FFmpegError, ValueError):
        return False


LOCAL_ONLY = {"protocol_whitelist": "file"}
"""Demuxer option for files: a recording must not make the decoder open network addresses."""


def file_url(path: Path) -> str:
    """Return what the decoder takes for a file whatever its name (``12:30.mp4`` is not protocol ``12``)."""
    return f"file:{path}"
