"""Opening containers and getting every frame out of them that can be had."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posture_check.sources.base import problem
from posture_check.sources.sniff import LOCAL_ONLY, file_url

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

BIG_FRAME_PX = 2_100_000
"""Above full HD one thread may not keep up with the models; up to it, a second one only takes their time."""

LIVE_CAMERA = {"rtsp_flags": "prefer_tcp", "fflags": "nobuffer"}
"""For RTSP: over UDP, its default, lost packets smear the picture; buffering only adds delay."""

CHECK_ADDRESS = "check the address, the password, the camera and the network"

STREAM_TIMEOUT_S = 10.0
"""Longest wait for a network address to open, and for each read from it."""


@dataclass(slots=True)
class Health:
    """What decoding met.

    Attributes
    ----------
    frames
        Good frames so far.
    lost
        Packets that did not decode and frames the decoder itself calls corrupt.
    broken_off
        Whether reading the container ended with an error, or the file is shorter than its header says.
    sought
        Whether reading began in the middle.
    """

    frames: int = 0
    lost: int = 0
    broken_off: bool = False
    sought: bool = False


def open_container(url: str, name: str, path: Path | None) -> InputContainer:
    """Open a recording.

    Parameters
    ----------
    url
        What the decoder opens, used when ``path`` is None.
    name
        The source as the user named it.
    path
        The file, None for a web address.

    Raises
    ------
    InputError
        If the decoder cannot make sense of it.
    """
    import av

    try:
        if path is None:
            options = dict(LIVE_CAMERA) if url.lower().startswith("rtsp") else {}
            return av.open(url, options=options, timeout=(STREAM_TIMEOUT_S, STREAM_TIMEOUT_S))
        return av.open(file_url(path), options=dict(LOCAL_ONLY))
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        if path is not None and _lacks_index(path):
            what = "the video was cut off before its index was written (no 'moov' part)"
            raise problem(name, what, "copy it again from the camera, or repair it with a video repair tool") from None
        reason = getattr(error, "strerror", None) or error
        if path is None:
            raise problem(name, f"no video is to be had there ({reason})", CHECK_ADDRESS) from None
        raise problem(name, f"the video cannot be opened ({reason})", "copy or export it again") from None


def is_cut_avi(path: Path) -> bool:
    """Whether an AVI file is shorter than its first chunk says; the decoder itself keeps quiet about that.

    Parameters
    ----------
    path
        Any file.
    """
    with path.open("rb") as file:
        head = file.read(12)
    is_avi = head[:4] == b"RIFF" and head[8:12] == b"AVI "
    return is_avi and path.stat().st_size < int.from_bytes(head[4:8], "little") + 8


def _lacks_index(path: Path) -> bool:
    """Whether an MP4 or QuickTime file has no ``moov`` box, by walking its top-level boxes."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
            if head[4:8] not in {b"ftyp", b"mdat", b"free", b"wide", b"skip"}:
                return False
            at = 0
            while len(head) >= 8:
                size = int.from_bytes(head[:4], "big")
                if head[4:8] in {b"moov", b"moof"}:
                    return False
                if size == 1:
                    size = int.from_bytes(head[8:16], "big")
                if size < 8:
                    break
                at += size
                file.seek(at)
                head = file.read(16)
    except OSError:
        return False
    return True


def pick_stream(container: InputContainer, name: str) -> VideoStream:
    """Choose the stream of moving pictures, and set the decoder up for it.

    Parameters
    ----------
    container
        An opened recording.
    name
        The source as the user named it.

    Raises
    ------
    InputError
        If there is none, or no decoder for it.
    """
    from av.stream import Disposition

    not_moving = Disposition.attached_pic | Disposition.timed_thumbnails
    streams = [s for s in container.streams.video if not s.disposition & not_moving]
    if not streams:
        what = "it holds sound but no pictures" if container.streams.audio else "it holds no pictures"
        raise problem(name, what, "choose the recording with the video")
    best = container.streams.best("video")
    stream = best if best in streams else streams[0]
    if stream.codec_context is None:
        raise problem(name, "its video coding is not known here", "export it as MP4 (H.264)")
    large = stream.codec_context.width * stream.codec_context.height > BIG_FRAME_PX
    stream.thread_type = "AUTO" if large else "SLICE"
    stream.thread_count = 2 if large else 1
    return stream


def decoded(container: InputContainer, stream: VideoStream, health: Health) -> Generator[VideoFrame, None, None]:
    """Yield every good frame; damaged parts are counted and passed over.

    Parameters
    ----------
    container, stream
        The recording and its stream of pictures.
    health
        Updated while reading.
    """
    import av

    packets = container.demux(stream)
    while True:
        packet: Packet[VideoStream] | None
        try:
            packet = next(packets)
        except (StopIteration, av.EOFError):
            return
        except av.FFmpegError:
            health.broken_off = True
            packet = None
        try:
            frames = stream.decode(packet)
        except av.EOFError:
            frames = []
        except av.FFmpegError:
            health.lost += 1
            frames = []
        for frame in frames:
            if frame.is_corrupt:
                health.lost += 1
                continue
            health.frames += 1
            yield frame
        if packet is None:
            return
