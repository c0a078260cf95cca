"""Contact sheets: the pictures that a figure gets wrong or is silent on, with the regions that were looked at.

They are written to the folder that the user names and belong nowhere else: the footage is not ours to pass on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.grooming_figures import BADGE_SIDE, Found, said
from bench.grooming_read import Reading
from posture_check.landmarks.findings import Finding, Mark
from posture_check.landmarks.names import L
from posture_check.rules.loader import load_rules

Picture = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

TILE = (260, 340)
COLUMNS, MOST = 6, 36
_ROLES = {"region": (90, 160, 255), "found": (255, 220, 0), "reference": (0, 220, 120)}
"""RGB by what a mark stands for."""
_ROOM = 0.35
"""Room left around the marks, in their own size."""
_TEXT_PX = 30
_FACE_TO_HIPS = [L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP]


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a sheet: which, and what is written below it."""

    case: str
    measure: str
    text: str


def write_sheets(found: Found, folder: Path) -> list[Path]:
    """Write one sheet per kind of failure and return their paths."""
    import cv2

    folder.mkdir(parents=True, exist_ok=True)
    by_name = {reading.case.name: reading for reading in found.readings}
    written = []
    for name, tiles in sheets(found).items():
        path = folder / f"{re.sub(r'[^a-z0-9_]+', '-', name.lower())}.png"
        picture = _sheet([tile_picture(by_name[t.case], t) for t in tiles[:MOST]])
        cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        written.append(path)
    return written


def sheets(found: Found) -> dict[str, list[Tile]]:
    """Return the tiles of every sheet by its name; sheets without any are left out."""
    all_tiles = {**dict(_questions(found)), **dict(_clauses(found)), **dict(_worst(found))}
    return {name: tiles for name, tiles in all_tiles.items() if tiles}


def _questions(found: Found) -> Iterator[tuple[str, list[Tile]]]:
    for row in found.rows:
        values = {a.case: a for a in row.answers}
        counts, measure = row.counts, row.question.measure
        kinds: Mapping[str, Sequence[tuple[str, str]]] = {
            "false yes": [(case, "") for case in counts.false_yes],
            "false no": [(case, "") for case in counts.false_no],
            "silent": counts.silent,
        }
        for kind, cases in kinds.items():
            tiles = [Tile(c, measure, f"{_shown(values[c].value)} {why} true {values[c].truth}") for c, why in cases]
            yield f"{row.question.name} {row.family} {row.how} {kind}", tiles


def _clauses(found: Found) -> Iterator[tuple[str, list[Tile]]]:
    measures = {rule.clause: rule.measure for rule in reversed(load_rules().rules) if rule.measure}
    for clause in dict.fromkeys(j.clause for j in found.judged):
        mine = [j for j in found.judged if j.clause == clause]
        wrong = [j for j in mine if j.verdict in ("pass", "fail") and j.verdict != j.truth]
        blind = [j for j in mine if j.verdict == "not_assessed" and j.in_view]
        for kind, judged in (("wrong", wrong), ("not assessed", blind)):
            tiles = [Tile(j.case, measures[clause] or "", f"{j.reason or ''} true {j.truth}") for j in judged]
            yield f"clause {clause} {kind}", tiles


def _worst(found: Found) -> Iterator[tuple[str, list[Tile]]]:
    for part in found.values:
        if part.measure == BADGE_SIDE:
            continue
        view = {True: "front", False: "elsewhere", None: ""}[part.front]
        ranked = sorted(part.values, key=lambda v: -abs(v.value - v.truth))[:12]
        tiles = [Tile(v.case, part.measure, f"{v.value:.2f} +-{v.error or 0:.2f} true {v.truth:.2f}") for v in ranked]
        yield f"worst {part.measure} {part.family} {view}", tiles


def tile_picture(reading: Reading, tile: Tile) -> Picture:
    """Return one tile: the part of the picture around the marks, the marks, and the text."""
    import cv2

    image = reading.case.example.picture()
    marks = (said(reading, tile.measure) or Finding()).marks
    left, top, right, bottom = _window(image, _points(marks) if marks else _upper_body(reading))
    part = image[top:bottom, left:right]
    scale = min(TILE[0] / part.shape[1], TILE[1] / part.shape[0])
    drawn = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    for mark in marks:
        _draw(drawn, (np.array(mark.points, float).reshape(-1, 2) - (left, top)) * scale, mark)
    framed = np.zeros((TILE[1] + _TEXT_PX, TILE[0], 3), np.uint8)
    framed[: drawn.shape[0], : drawn.shape[1]] = drawn
    short = tile.case.rsplit("/", 1)[-1][-34:]
    for line, text in enumerate((short, tile.text)):
        place = (3, TILE[1] + 12 + 14 * line)
        cv2.putText(framed, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 0), 1, cv2.LINE_AA)
    return framed


def _draw(image: Picture, points: Floats, mark: Mark) -> None:
    import cv2

    places = np.round(points).astype(np.int32)
    if mark.kind == "point":
        for x, y in places:
            cv2.circle(image, (int(x), int(y)), 4, _ROLES[mark.role], -1)
    else:
        cv2.polylines(image, [places], mark.kind == "area", _ROLES[mark.role], 1, cv2.LINE_AA)


def _points(marks: Iterable[Mark]) -> Floats:
    return np.array([point for mark in marks for point in mark.points], float).reshape(-1, 2)


def _upper_body(reading: Reading) -> Floats:
    """Return places ``(n, 2)`` about whom to look where nothing is marked: from the face to the hips."""
    subject = reading.case.example.subject() if reading.findings is not None else None
    return np.zeros((0, 2)) if subject is None else np.asarray(subject.pose[_FACE_TO_HIPS, :2], float)


def _window(image: Picture, points: Floats) -> tuple[int, int, int, int]:
    """Return the part of the picture to show: around some places, or all of it without any."""
    height, width = image.shape[:2]
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0, 0, width, height
    low, high = points.min(axis=0), points.max(axis=0)
    room = _ROOM * max(float((high - low).max()), 40.0)
    left, top = np.clip(low - room, 0, (width - 2, height - 2)).astype(int)
    right, bottom = np.clip(high + room, (left + 2, top + 2), (width, height)).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _sheet(tiles: Sequence[Picture]) -> Picture:
    blank = np.zeros_like(tiles[0])
    padded = [*tiles, *[blank] * (-len(tiles) % min(COLUMNS, len(tiles)))]
    columns = min(COLUMNS, len(tiles))
    rows = [np.hstack(padded[i : i + columns]) for i in range(0, len(padded), columns)]
    return np.asarray(np.vstack(rows), np.uint8)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
