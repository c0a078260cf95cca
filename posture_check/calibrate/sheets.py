"""Drawing the printed sheets in true scale: 10 pixels to the millimetre, on A4 or one large sheet, as PNG or PDF."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate import boards
from posture_check.errors import InputError

Image = NDArray[np.uint8]

PX_PER_MM = 10
DPI = 25.4 * PX_PER_MM
A4_MM = (210, 297)
SHEET_SUFFIXES = (".pdf", ".png")
MAT_PLACES = (
    ("front left", "左前"),
    ("front right", "右前"),
    ("back right", "右后"),
    ("back left", "左后"),
)
LARGE_PX_PER_MM = 4
"""A mat on one large sheet is drawn coarser: a metre is 4000 pixels."""


def board_sheet() -> Image:
    """Return the board on A4, ``(2970, 2100)`` grey."""
    page = _page(*A4_MM)
    width, height = (int(n * boards.SQUARE_MM * PX_PER_MM) for n in (boards.COLUMNS, boards.ROWS))
    _put(
        page, np.asarray(boards.board().generateImage((width, height), marginSize=0)), (page.shape[1] - width) // 2, 120
    )
    square = f"{boards.SQUARE_MM:g}"
    _write(
        page,
        2690,
        f"posture-check board: {boards.COLUMNS} x {boards.ROWS} squares of {square} mm. Print at 100 %, check with a "
        "ruler, glue flat.",
        f"标定板：{boards.COLUMNS} × {boards.ROWS} 格，每格 {square} mm。按 100% 打印，用尺核对，平贴在硬板上。",
    )
    _ruler(page, 2905)
    return page


def mat_sheets() -> list[Image]:
    """Return the four A4 sheets of the floor mat, front left, front right, back right, back left."""
    sheets = []
    for i, number in enumerate(boards.MAT_IDS):
        page = _page(*A4_MM)
        side = int(boards.MAT_MARKER_MM * PX_PER_MM)
        left, top = (page.shape[1] - side) // 2, 420
        _put(page, _marker(number, side), left, top)
        en, zh = MAT_PLACES[i]
        _write(
            page,
            80,
            f"posture-check mat {i + 1} of 4: {en}. All arrows point the same way, away from the camera.",
            f"地垫 {i + 1}/4：{zh}。四张箭头同向，背离摄像机。",
        )
        _arrow(page, page.shape[1] // 2, 400, 130)
        _corner_mark(page, left, top, side, boards.MAT_OUTER[i])
        _write(
            page,
            2330,
            f"Marker {side // PX_PER_MM} mm. The corner by the dot is one of the rectangle: measure width x depth "
            "between them.",
            f"标记边长 {side // PX_PER_MM} mm。圆点旁的角是矩形的角：量出四角之间的宽 × 深。",
        )
        _ruler(page, 2905)
        sheets.append(page)
    return sheets


def mat_in_one(width_cm: float, depth_cm: float) -> Image:
    """Return the whole mat as one sheet, 4 pixels to the millimetre, its outer marker corners that far apart.

    Raises
    ------
    InputError
        If the four markers do not fit, or it is larger than any printer's roll.
    """
    least, most = 2 * boards.MAT_MARKER_MM / 10 + 2, 300
    if not (least <= width_cm <= most and least <= depth_cm <= most):
        raise InputError(f"--one-sheet {width_cm:g}x{depth_cm:g}: each length must be {least:.0f} to {most} cm")
    border = 200
    width, depth = (round(cm * 10 * LARGE_PX_PER_MM) for cm in (width_cm, depth_cm))
    page = np.full((depth + 2 * border, width + 2 * border), 255, np.uint8)
    side = int(boards.MAT_MARKER_MM * LARGE_PX_PER_MM)
    places = ((0, depth - side), (width - side, depth - side), (width - side, 0), (0, 0))
    for number, (x, y) in zip(boards.MAT_IDS, places, strict=True):
        _put(page, _marker(number, side), border + x, border + y)
    _arrow(page, page.shape[1] // 2, border + 400, 300)
    _write(
        page,
        page.shape[0] // 2,
        f"posture-check mat: {width_cm:g} x {depth_cm:g} cm over the markers' outer corners",
        f"地垫：标记外角之间 {width_cm:g} × {depth_cm:g} cm，箭头背离摄像机",
    )
    return page


def seat_sheet() -> Image:
    """Return the seat marker on A4, ``(2970, 2100)`` grey."""
    page = _page(*A4_MM)
    side = int(boards.SEAT_MARKER_MM * PX_PER_MM)
    left, top = (page.shape[1] - side) // 2, 500
    _write(
        page,
        60,
        "posture-check seat marker: this arrow to the FRONT of the seat, in its middle.",
        "座椅标记：箭头朝椅面前沿，放在左右正中。",
    )
    _arrow(page, page.shape[1] // 2, 470, 200)
    _put(page, _marker(boards.SEAT_ID, side), left, top)
    _write(
        page,
        1760,
        f"Marker {boards.SEAT_MARKER_MM:g} mm. Measure from its upper edge to the seat's front edge: --front-gap-cm",
        f"标记边长 {boards.SEAT_MARKER_MM:g} mm。量出标记上边到椅面前沿的距离：--front-gap-cm",
    )
    _ruler(page, 2905)
    return page


def save_sheets(pages: list[Image], out: Path, px_per_mm: int = PX_PER_MM) -> list[Path]:
    """Write pages as one PDF, or one PNG each (``mat-1.png`` and so on), in true scale.

    Returns
    -------
    list[Path]
        The files that were written.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    from PIL import Image as Pil

    dpi = 25.4 * px_per_mm
    pictures = [Pil.fromarray(page).convert("1", dither=Pil.Dither.NONE) for page in pages]
    try:
        if out.suffix.lower() == ".pdf":
            part = out.with_name(f"{out.name}.{os.getpid()}.part")
            pictures[0].save(part, "PDF", resolution=dpi, save_all=True, append_images=pictures[1:])
            part.replace(out)
            return [out]
        names = [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{i}") for i in range(1, len(pages) + 1)]
        for name, picture in zip(names, pictures, strict=True):
            picture.save(name, "PNG", dpi=(dpi, dpi), optimize=True)
    except OSError as e:
        raise InputError(f"{out}: cannot be written ({e.strerror or e}): name a file in an existing folder") from e
    return names


def _page(width_mm: int, height_mm: int) -> Image:
    return np.full((height_mm * PX_PER_MM, width_mm * PX_PER_MM), 255, np.uint8)


def _marker(number: int, side: int) -> Image:
    import cv2

    return np.asarray(cv2.aruco.generateImageMarker(boards.dictionary(), number, side), np.uint8)


def _put(page: Image, picture: Any, left: int, top: int) -> None:
    page[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def _write(page: Image, top: int, en: str, zh: str) -> None:
    """Write a line of Chinese and one of English in the middle, as large as fits."""
    from posture_check.reports.text import draws_chinese, text_mask

    for text in ([zh] if draws_chinese() else []) + [en]:
        px = 56
        while (mask := text_mask(text, px)).shape[1] > page.shape[1] - 80 and px > 12:
            px -= 2
        left = max(0, (page.shape[1] - mask.shape[1]) // 2)
        area = page[top : top + mask.shape[0], left : left + mask.shape[1]]
        area[mask[: area.shape[0], : area.shape[1]] > 0.5] = 0
        top += mask.shape[0] + 6


def _arrow(page: Image, x: int, bottom: int, length: int) -> None:
    import cv2

    cv2.arrowedLine(page, (x, bottom), (x, bottom - length), 0, max(6, length // 14), tipLength=0.4)


def _corner_mark(page: Image, left: int, top: int, side: int, corner: int) -> None:
    import cv2

    # Beside the corner, not on it: a line through the marker's white border would shift the corner that is found.
    x, y = ((left, top), (left + side, top), (left + side, top + side), (left, top + side))[corner]
    cv2.circle(page, (x + (90 if corner in (1, 2) else -90), y + (90 if corner > 1 else -90)), 30, 0, -1)


def _ruler(page: Image, y: int) -> None:
    """Draw a ruler of 10 cm: what a careless printer has scaled shows at once."""
    import cv2

    left = (page.shape[1] - 1000) // 2
    cv2.line(page, (left, y), (left + 1000, y), 0, 3)
    for cm in range(11):
        cv2.line(page, (left + 100 * cm, y - (30 if cm % 5 == 0 else 15)), (left + 100 * cm, y), 0, 3)
