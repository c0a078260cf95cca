"""Badge codes as QR pictures, drawn as SVG so that any printer gives sharp edges."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

QUIET = 4
"""Blank modules round the code that readers ask for (ISO/IEC 18004)."""


@lru_cache(maxsize=2000)
def badge_svg(code: str) -> Markup:
    """Return a QR code of a badge's text."""
    import cv2
    import numpy as np

    modules = np.asarray(cv2.QRCodeEncoder.create().encode(code)) < 128
    rows, columns = np.nonzero(modules)
    top, left = int(rows.min()), int(columns.min())
    modules = modules[top : int(rows.max()) + 1, left : int(columns.max()) + 1]
    side = modules.shape[0] + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, x in zip(*(part.tolist() for part in np.nonzero(modules)), strict=True)
    )
    return Markup(
        f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="QR" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )
