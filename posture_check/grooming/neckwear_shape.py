"""How a tie sits, from the map of where it is: knot, collar, blade, tip and belt line.

Maps are arrays of cells, the network's; places are ``(x, y)`` in cells with centres at whole numbers, the patch being
upright: y down along the trunk. Pure functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

_PART = 0.35
"""A cell belongs to the tie from this share on: an edge cell that is half covered counts."""
KNOT_CM = 3.5
"""Height over which the knot's middle is taken: knots are 3-5 cm tall, and the blade below may hang aslant."""
_NECK_CM = 5.0
"""The part of a blade right below the knot is left out of its tilt."""
BLADE_CM = 10.0
"""A tilt needs a blade this long: over less, an edge that is off by a cell is several degrees."""
_TAPER_CM = 3.0
_TAPER = 0.6
"""A blade is widest 4-5 cm above its tip (half its width, as the tip is a right angle), so 3 cm above the end it still
has more than this share of its width. In the opening of a jacket it narrows over 10 cm and more."""
_POINT_CM, _BLUNT = 1.0, 0.8
"""1 cm above its tip a blade is 2 cm wide, a quarter of its width; cells of 1.2 cm make half of it."""
_BESIDE_CM = 9.0
"""The belt line is looked for so far to both sides of the tip."""
_LEGWEAR_CM = 3.0
"""So much of trousers or skirt must be seen below a belt line."""


@dataclass(frozen=True, slots=True)
class Blade:
    """The tie's outline, row by row of its map.

    Attributes
    ----------
    rows
        ``(n,)`` rows it covers, from the knot's top to its end.
    middle, width
        ``(n,)`` of each row, in cells.
    top, end
        Its upper and lower end in cells, between rows.
    """

    rows: Floats
    middle: Floats
    width: Floats
    top: float
    end: float


def blade_of(tie: Floats, cell_cm: float) -> Blade | None:
    """Return the tie in a map of its share ``(rows, columns)``; None where there is none.

    The connected piece that weighs most is taken, pieces that lie below it too if they continue it: a lanyard or a
    card may cross. Gaps wider than 6 cm end it.
    """
    import cv2

    count, piece, _, _ = cv2.connectedComponentsWithStats((tie > _PART).astype(np.uint8), connectivity=8)
    if count < 2:
        return None
    weights = np.bincount(piece.ravel(), tie.ravel(), count)
    weights[0] = 0
    kept = piece == int(weights.argmax())
    columns = np.arange(tie.shape[1])
    for other in np.argsort(-weights):
        if other == 0 or weights[other] < 2 or kept[piece == other].all():
            continue
        if _continues(piece == other, kept, 6 / cell_cm):
            kept |= piece == other
    share = np.where(_grown(kept), tie, 0.0)
    share[share < 0.1] = 0
    width = share.sum(1)
    rows = np.flatnonzero(width > 0.5)
    if not len(rows):
        return None
    middle = (share[rows] * columns).sum(1) / width[rows]
    top, end = _edge(share, rows[0], -1), _edge(share, rows[-1], 1)
    return Blade(rows.astype(float), middle, width[rows], top, end)


def _grown(mask: Bools) -> Bools:
    import cv2

    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _continues(piece: Bools, kept: Bools, gap: float) -> bool:
    """Return whether a piece lies right below or above what is kept, in line with it."""
    rows, columns = np.nonzero(piece)
    kept_rows, kept_columns = np.nonzero(kept)
    apart = max(rows.min() - kept_rows.max(), kept_rows.min() - rows.max())
    return bool(apart <= gap and columns.max() >= kept_columns.min() - 2 and columns.min() <= kept_columns.max() + 2)


def _edge(share: Floats, row: int, step: int) -> float:
    """Return where the tie ends beyond a row, between rows: its strongest column's share past the row."""
    column = int(share[row].argmax())
    low, high = max(0, column - 1), column + 2
    strong = share[:, low:high].max(1)
    beyond = row + step
    inner = float(strong[row])
    outer = float(strong[beyond]) if 0 <= beyond < len(share) else 0.0
    return float(row + step * (min(inner, 1.0) + min(outer, 1.0) - 0.5))


def knot_of(blade: Blade, cell_cm: float) -> tuple[float, float]:
    """Return the middle of the knot ``(x, y)`` in cells."""
    tall = KNOT_CM / cell_cm
    part = blade.rows < blade.top + tall
    part |= blade.rows == blade.rows[0]
    weight = blade.width[part]
    return float((weight * blade.middle[part]).sum() / weight.sum()), blade.top + tall / 2


def collar_of(scores: Floats, reach: int = 2) -> tuple[float, float, float]:
    """Return the collar's centre ``(x, y)`` in cells from its scores ``(rows, columns)``, and its spread in cells."""
    chance = np.exp(scores - scores.max())
    chance /= chance.sum()
    row, column = np.unravel_index(int(chance.argmax()), chance.shape)
    rows, columns = np.mgrid[: chance.shape[0], : chance.shape[1]]
    spread = float(np.sqrt((chance * (columns - column) ** 2).sum()))
    near = chance * ((abs(rows - row) <= reach) & (abs(columns - column) <= reach))
    total = near.sum()
    return float((near * columns).sum() / total), float((near * rows).sum() / total), spread


def tilt_of(blade: Blade, cell_cm: float, end: float) -> tuple[float, float] | None:
    """Return the blade's tilt in degrees from the trunk's axis and its standard error; None where it is too short.

    Positive where its lower end lies to the right in the patch: to the wearer's left.

    Parameters
    ----------
    blade
        The tie.
    cell_cm
        Size of a cell.
    end
        Row down to which the blade is whole.
    """
    part = (blade.rows > blade.top + (KNOT_CM + _NECK_CM) / cell_cm) & (blade.rows < end - 2 / cell_cm)
    if part.sum() < 4 or np.ptp(blade.rows[part]) * cell_cm < BLADE_CM:
        return None
    rows, middle = blade.rows[part], blade.middle[part]
    slope, start = np.polyfit(rows, middle, 1)
    noise = max(float(np.std(middle - slope * rows - start)), 0.15)
    error = noise / (float(np.std(rows)) * np.sqrt(len(rows) / 3))  # neighbouring rows err alike, three by three
    return float(np.degrees(np.arctan(slope))), float(np.degrees(error))


def tapers(blade: Blade, cell_cm: float) -> bool:
    """Return whether the blade narrows as under a closing jacket rather than as towards its own tip."""
    above = blade.rows > blade.end - (_TAPER_CM + 6) / cell_cm
    widest = float(blade.width[above].max())
    near = float(np.interp(blade.end - _TAPER_CM / cell_cm, blade.rows, blade.width))
    return near < _TAPER * widest


def blunt(blade: Blade, cell_cm: float) -> bool:
    """Return whether the blade ends in its full width, so that this is no tip: it goes on over cloth of its colour."""
    above = blade.rows > blade.end - (_TAPER_CM + 6) / cell_cm
    near = float(np.interp(blade.end - _POINT_CM / cell_cm, blade.rows, blade.width))
    return near > _BLUNT * float(blade.width[above].max())


def belt_of(lower: Floats, inside: Bools, tip: tuple[float, float], cell_cm: float) -> tuple[float, float] | None:
    """Return the row of the belt line beside the tip and its spread, in cells; None where it is not seen.

    The belt line is the upper edge of trousers, skirt or belt.

    Parameters
    ----------
    lower
        ``(rows, columns)`` share of trousers, skirt and belt. What the tie hides is left out by its columns.
    inside
        ``(rows, columns)`` which cells lie in the picture.
    tip
        End of the tie.
    cell_cm
        Size of a cell.
    """
    columns = np.arange(lower.shape[1])
    beside = abs(columns - tip[0]) < _BESIDE_CM / cell_cm
    need = round(_LEGWEAR_CM / cell_cm)
    edges = []
    for column in columns[beside]:
        strong = lower[:, column] > 0.5
        run = np.convolve(strong, np.ones(need), "full")[need - 1 :] >= need
        starts = np.flatnonzero(run)
        if len(starts) and inside[max(starts[0] - need, 0), column]:
            first = int(starts[0])
            edges.append(first + 0.5 - float(lower[first, column]) - float(lower[first - 1, column] if first else 0))
    if len(edges) < 0.4 * beside.sum():
        return None
    return float(np.median(edges)), float(np.subtract(*np.percentile(edges, [75, 25])) / 1.35)
