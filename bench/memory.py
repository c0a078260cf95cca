"""Does memory stay flat over a long video? Resident memory by the time of the frame being looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path

from posture_check.landmarks.finder import Plan, find
from posture_check.landmarks.store import ModelStore
from posture_check.landmarks.track import Track
from posture_check.sources import Frame, Source, open_source

SETTLED_S = 60.0
"""Seconds of video after which models and decoder have their working memory."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory over one long video.

    Attributes
    ----------
    minutes
        Length of the video that was looked at.
    start_mb, settled_mb, end_mb, judged_mb
        At the first frame, after ``SETTLED_S``, at the last frame, and after smoothing.
    tracks_mb
        What the tracks themselves take: they grow with the video by design.
    """

    minutes: float
    start_mb: float
    settled_mb: float
    end_mb: float
    judged_mb: float
    tracks_mb: float

    @property
    def growth_mb_per_minute(self) -> float:
        """Growth between the settled state and the last frame."""
        return (self.end_mb - self.settled_mb) / max(self.minutes - SETTLED_S / 60, 1e-9)

    @property
    def tracks_mb_per_minute(self) -> float:
        """The share of it that the tracks account for."""
        return self.tracks_mb / self.minutes


class _Watched:
    """A source that notes the resident memory as its frames go by."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.info = source.info
        self.seen: list[tuple[float, float]] = []

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            if not self.seen or frame.time_s - self.seen[-1][0] >= 1.0:
                self.seen.append((frame.time_s, resident_mb()))
            yield frame

    def close(self) -> None:
        """Free the source."""
        self._source.close()

    def __enter__(self) -> _Watched:
        """Return the source."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the source."""
        self.close()


def memory_over(video: Path, plan: Plan) -> Memory:
    """Look at a whole video and return how the memory went."""
    ModelStore().ensure("pose")
    source = _Watched(open_source(str(video)))
    found = find(source, plan=plan)
    end_s = source.seen[-1][0]
    settled = next((mb for at, mb in source.seen if at >= min(SETTLED_S, end_s)), source.seen[-1][1])
    return Memory(
        minutes=end_s / 60,
        start_mb=source.seen[0][1],
        settled_mb=settled,
        end_mb=source.seen[-1][1],
        judged_mb=resident_mb(),
        tracks_mb=sum(_size(track) for track in found.tracks) / 2**20,
    )


def _size(track: Track) -> int:
    details = (getattr(track.details, f.name) for f in fields(track.details))
    arrays = (track.frame, track.time_s, track.image, track.world, track.shake, *details)
    return sum(array.nbytes for array in arrays)


def resident_mb() -> float:
    """Return the resident memory of this process in MiB."""
    import psutil

    return float(psutil.Process(os.getpid()).memory_info().rss) / 2**20


def repeat(clip: Path, seconds: float, path: Path) -> Path:
    """Write a clip again and again to a new file until it is long enough (not encoded anew); return it."""
    import av

    with av.open(str(clip)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        base = stream.time_base or Fraction(1, 1000)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        one = max((p.pts or 0) + (p.duration or 0) for p in packets) - min(p.pts or 0 for p in packets)
        copy.time_base = base
        for round_ in range(max(1, round(seconds / float(one * base)))):
            source.seek(0)
            for packet in source.demux(stream):
                if packet.dts is None:
                    continue
                packet.pts = (packet.pts or 0) + round_ * one
                packet.dts = packet.dts + round_ * one
                packet.stream = copy
                target.mux(packet)
    return path
