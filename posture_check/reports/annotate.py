"""The annotated picture or video: what was seen, where it was measured, and what became of it.

The source is decoded a second time, so nothing has to be kept in memory, and a saved track can be annotated
later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from posture_check.errors import InputError
from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track, TrackSet
from posture_check.reports.body_marks import Figure
from posture_check.reports.draw import Pen, chip_size, draw_tag
from posture_check.reports.encode import PICTURE_SUFFIXES, VideoWriter, write_picture
from posture_check.reports.grooming_marks import findings_at, shows_dress
from posture_check.reports.marks import draw_checks, label_text
from posture_check.reports.panel import GROUND, draw_panel, draw_timeline, is_active
from posture_check.reports.text import NO_CHINESE, Image, draws_chinese, text_size
from posture_check.reports.wording import Lang
from posture_check.rules.result import Check, Result, Verdict

if TYPE_CHECKING:
    from posture_check.sources import Frame

Progress = Callable[[str, float | None], None]

VIDEO_HEIGHTS = (720, 1080)
PICTURE_HEIGHTS = (900, 1440)
"""Least and greatest height of what is written: small recordings are enlarged for the text."""

_TRAIL_S = 3.0
_BRIDGE_S = 0.25  # landmarks are drawn between two looks at most this far apart


def annotate(
    result: Result,
    found: TrackSet,
    out: Path,
    lang: Lang,
    max_rate_hz: float | None = 30.0,
    progress: Progress | None = None,
) -> list[str]:
    """Write the annotated picture or video.

    A video becomes a video, or, if ``out`` names a picture, one still: the moment that best shows what is
    wrong.

    Parameters
    ----------
    result
        What was judged.
    found
        The tracks it was judged on.
    out
        File to write: ``.png``, ``.jpg`` or ``.mp4``.
    lang
        Language of the wording.
    max_rate_hz
        Frames a second that are written, at most.
    progress
        Told the share that is done.

    Returns
    -------
    list of str
        What the user should be told, such as that no font draws Chinese.

    Raises
    ------
    InputError
        If the source cannot be had again, or the file cannot be written.
    """
    notes = []
    if lang == "zh" and not draws_chinese():
        lang, notes = "en", [NO_CHINESE]
    still = out.suffix.lower() in PICTURE_SUFFIXES
    if result.source.kind == "image" and not still:
        raise InputError(f"{out}: {result.source.path} is a picture: name a .png or .jpg file")
    if result.source.kind in ("camera", "stream"):
        raise InputError(f"{result.source.path}: live pictures are not kept: record a video to annotate")
    if still:
        frame = _frame_at(result, best_moment(result))
        write_picture(out, Page(result, found, lang, frame.image, still=True).draw(frame))
        return notes
    page: Page | None = None
    with VideoWriter(out, result.source.fps) as video:
        for frame in _frames(result, max_rate_hz):
            page = page or Page(result, found, lang, frame.image, still=False)
            video.write(page.draw(frame), frame.time_s)
            if progress is not None and result.source.duration_s > 0:
                progress("drawing", min(1.0, frame.time_s / result.source.duration_s))
    return notes


def best_moment(result: Result) -> float:
    """Return the time to show in a single picture: the first failure, else any evidence, else the middle."""
    order = (Verdict.FAIL, Verdict.BORDERLINE, Verdict.PASS)
    timed = [c for c in result.checks if c.evidence_s is not None and c.verdict in order]
    timed.sort(key=lambda c: (not c.required, order.index(c.verdict)))
    if timed and timed[0].evidence_s is not None:
        return timed[0].evidence_s
    return result.source.duration_s / 2


class Page:
    """Lays out annotated frames of one source: the picture, and the panel beside it.

    Parameters
    ----------
    result
        What was judged.
    found
        The tracks it was judged on.
    lang
        Language of the wording.
    image
        Any frame of the source, for its size.
    still
        Whether one picture is made, without a timeline.
    """

    def __init__(self, result: Result, found: TrackSet, lang: Lang, image: Image, *, still: bool) -> None:
        self._result, self._found, self._lang, self._still = result, found, lang, still
        height, width = image.shape[:2]
        low, high = PICTURE_HEIGHTS if still else VIDEO_HEIGHTS
        self._height = 2 * round(min(max(height, low), high) / 2)
        self._scale = self._height / height
        self._width = 2 * round(width * self._scale / 2)
        self._size = (width, height)
        self._judged = {c.person for c in result.checks if c.verdict is not Verdict.NOT_ASSESSED}
        self._panels: dict[tuple[bool, ...], Image] = {}
        self._chip_px: int = round(self._height / 48)
        self._strip = self._strip_width()
        self._right = {track.person: self._strip > 0 or self._has_room_right(track) for track in found.tracks}

    def draw(self, frame: Frame) -> Image:
        """Return one annotated frame, ``(height, width, 3)`` uint8 of even size, RGB.

        Raises
        ------
        InputError
            If the frame has another size than the tracks: the source is no longer the same.
        """
        import cv2

        sizes = {self._size, frame.image.shape[1::-1], *(track.size for track in self._found.tracks)}
        if len(sizes) > 1:
            raise InputError(f"{self._result.source.path}: not what the tracks were made from: check it again")
        method = cv2.INTER_AREA if self._scale < 1 else cv2.INTER_CUBIC
        picture: Image = np.full((self._height, self._width + self._strip, 3), GROUND, np.uint8)
        picture[:, : self._width] = cv2.resize(frame.image, (self._width, self._height), interpolation=method)
        for track in self._found.tracks:
            self._draw_person(picture, track, frame.time_s)
        panel = self._panel(frame.time_s)
        return np.concatenate([picture, panel], axis=1)

    def _draw_person(self, picture: Image, track: Track, time_s: float) -> None:
        figure = figure_at(track, time_s, self._scale)
        if figure is None:
            return
        _, top, _, bottom = figure.box()
        tall = bottom - top if np.isfinite(bottom - top) else self._height
        judged = track.person in self._judged
        unit = max(0.8, min(self._height / 420, tall / 260)) * (1.0 if judged else 0.6)
        pen = Pen(picture, unit)
        checks = self._active(track.person, time_s) if judged else []
        if not checks or not all(shows_dress(check) for check in checks):
            pen.skeleton(figure.points, figure.visibility)  # over a portrait it would hide the collar
        if judged:
            if len(self._judged) > 1:
                # Labels of what is fine would cover the others.
                checks = [check for check in checks if check.verdict is not Verdict.PASS]
                self._draw_number(picture, figure, track.person)
            right = self._right[track.person]
            draw_checks(pen, figure, checks, self._lang, self._chip_px, right=right)

    def _draw_number(self, picture: Image, figure: Figure, person: int) -> None:
        """Write a person's number over their head, as the panel and ``--person`` name them."""
        left, top, right, _ = figure.box()
        if np.isfinite(left):
            px = round(self._height / 40)
            at = (round((left + right - text_size(str(person), px, bold=True)[0]) / 2), round(top - 3.2 * px))
            draw_tag(picture, str(person), at, px)

    def _strip_width(self) -> int:
        """Return the width of a strip for labels right of the picture: a portrait leaves no room beside the face."""
        labels = [label_text(c, self._lang) for c in self._result.checks if shows_dress(c) and c.person in self._judged]
        judged = [track for track in self._found.tracks if track.person in self._judged]
        if not labels or len(judged) != 1:
            return 0
        need = max(chip_size(text, self._chip_px)[0] for text in labels) + 3 * self._chip_px
        left, right = _extent(judged[0])
        free = max(left, self._size[0] - right, 0.0) * self._scale
        return max(0, 2 * round((need - free) / 2)) if np.isfinite(free) else 0

    def _has_room_right(self, track: Track) -> bool:
        """Whether labels fit better right of a person than left, over the whole recording."""
        left, right = _extent(track)
        if not np.isfinite(left):
            return True
        others = [_extent(other) for other in self._found.tracks if other.person != track.person]
        free_right = min([low for low, _ in others if low > right], default=float(self._size[0])) - right
        free_left = left - max([high for _, high in others if high < left], default=0.0)
        return bool(free_right >= 0.8 * free_left)

    def _active(self, person: int, time_s: float) -> list[Check]:
        now = None if self._still else time_s
        return [c for c in self._result.checks if c.person == person and is_active(c, now)]

    def _panel(self, time_s: float) -> Image:
        if self._still:
            return draw_panel(self._result, self._lang, self._height)
        # Between two changes of what is judged the panel stays the same but for the cursor.
        state = tuple(is_active(check, time_s) for check in self._result.checks)
        if state not in self._panels:
            self._panels = {state: draw_panel(self._result, self._lang, self._height, time_s)}
        panel = self._panels[state].copy()
        draw_timeline(panel, self._result, self._lang, time_s)
        return panel


def _extent(track: Track) -> tuple[float, float]:
    """Return the usual left and right end of a person in pixels, NaN if they were never seen."""
    x = track.xy[np.isfinite(track.xy).all(axis=(1, 2)), :, 0]
    if not len(x):
        return np.nan, np.nan
    return float(np.median(x.min(axis=1))), float(np.median(x.max(axis=1)))


def figure_at(track: Track, time_s: float, scale: float = 1.0) -> Figure | None:
    """Return where a person is at a time, between two frames by straight lines; None if they are not there.

    Parameters
    ----------
    track
        The person.
    time_s
        Seconds since the first frame of the source.
    scale
        Pixels of the drawing per pixel of the track.
    """
    if not len(track):
        return None
    after = int(np.searchsorted(track.time_s, time_s))
    near = [i for i in (after - 1, after) if 0 <= i < len(track)]
    times = track.time_s[near]
    nearest = near[int(np.argmin(np.abs(times - time_s)))]
    if abs(track.time_s[nearest] - time_s) < 1e-3 or len(near) == 1:
        image = track.image[nearest]
        if abs(track.time_s[nearest] - time_s) > _BRIDGE_S / 2:
            return None
    elif times[1] - times[0] > _BRIDGE_S:
        return None
    else:
        share = float((time_s - times[0]) / (times[1] - times[0]))
        image = (1 - share) * track.image[near[0]] + share * track.image[near[1]]
    if not np.isfinite(image[:, :2]).any():
        return None
    recent = slice(int(np.searchsorted(track.time_s, time_s - _TRAIL_S)), nearest + 1)
    trail = track.xy[recent][:, [L.LEFT_SHOULDER, L.RIGHT_SHOULDER]].mean(axis=1)
    visibility = np.nan_to_num(image[:, 3])
    looked = track.details.arms[np.isfinite(track.details.arms).all(axis=(1, 2))]
    arms = np.median(looked, axis=0) if len(looked) else None
    points = np.asarray(image[:, :2] * scale, float)
    return Figure(points, visibility, np.asarray(trail * scale, float), arms, findings_at(track, time_s, scale))


def _frames(result: Result, max_rate_hz: float | None) -> Iterator[Frame]:
    if result.source.kind == "simulation":
        from posture_check.simulate.source import simulated_frames

        yield from simulated_frames(result.source.path)
        return
    from posture_check.sources import open_source

    with open_source(result.source.path, max_rate_hz=max_rate_hz) as source:
        yield from source


def _frame_at(result: Result, time_s: float) -> Frame:
    """Return the frame nearest to a time.

    Raises
    ------
    InputError
        If the source delivers none.
    """
    best: Frame | None = None
    for frame in _frames(result, None):
        if best is None or abs(frame.time_s - time_s) <= abs(best.time_s - time_s):
            best = frame
        else:
            break
    if best is None:
        raise InputError(f"{result.source.path}: holds no picture any more: check it again")
    return best
