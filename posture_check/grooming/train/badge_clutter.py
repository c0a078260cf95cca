"""What is on a chest and is no badge: lapel pins, brooches, pockets, pens, buttons, necklaces, bag straps, prints.

Each drawing changes a picture in place. They are laid over pictures with and without a badge alike, so that none of
them speaks for a badge.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.badge import PATCH_PX_PER_CM
from posture_check.grooming.train.badge_art import Colour, Floats, Picture, Rng, colour, contrast, write, xy

PX_PER_CM = PATCH_PX_PER_CM
"""Scale of the pictures that are drawn on."""
_FINE = 4  # binary places of sub-pixel drawing


def _points(places: Floats) -> NDArray[np.int32]:
    return np.round(np.asarray(places, float) * 2**_FINE).astype(np.int32)


def blob(shape: tuple[int, int], places: Floats) -> Floats:
    """Return the share ``(height, width)`` of each pixel inside a closed outline ``(n, 2)`` in pixels."""
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [_points(places)], 255, cv2.LINE_AA, _FINE)
    return mask.astype(np.float32) / 255


def stroke(shape: tuple[int, int], places: Floats, width: float) -> Floats:
    """Return the share ``(height, width)`` of each pixel under a line ``(n, 2)`` of that width, all in pixels."""
    mask = np.zeros(shape, np.uint8)
    cv2.polylines(mask, [_points(places)], False, 255, max(1, round(width)), cv2.LINE_AA, _FINE)
    return mask.astype(np.float32) / 255 * min(1.0, width)


def paint(image: Picture, mask: Floats, paint_colour: Colour | Floats) -> None:
    """Lay a colour, one or ``(height, width, 3)``, over a picture where the mask says, in place."""
    left, top, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
    part = (slice(top, top + height), slice(left, left + width))
    ink = np.asarray(paint_colour, np.float32)
    under = image[part].astype(np.float32)
    over = under + ((ink[part] if ink.ndim == 3 else ink) - under) * mask[part][..., None]
    image[part] = np.clip(over, 0, 255).astype(np.uint8)


def ring(centre: Floats, radius: float, corners: int = 24, squash: float = 1.0, turn: float = 0.0) -> Floats:
    """Return the outline of a disc or of a polygon ``(corners, 2)``."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) + turn
    return np.asarray(centre + radius * np.stack([np.cos(angle), squash * np.sin(angle)], -1))


def lapel_pin(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a lapel pin: a disc, a shield or a flag of 1-2.6 cm, with a rim and something in it."""
    radius = rng.uniform(0.5, 1.3) * PX_PER_CM
    corners = int(rng.choice([24, 24, 24, 4, 5]))
    outline = ring(at, radius, corners, rng.uniform(0.6, 1.2), rng.uniform(0, 6) if corners > 4 else np.pi / 4)
    paint(image, blob(image.shape[:2], outline), colour(rng))
    for share in (0.75, 0.4):
        if rng.random() < 0.7:
            paint(image, blob(image.shape[:2], at + share * (outline - at)), colour(rng))


def brooch(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a brooch: a patch of glinting spots of 2-5 cm."""
    spread = rng.uniform(0.5, 1.4) * PX_PER_CM
    base = colour(rng, 120)
    for spot in at + rng.normal(0, spread, (int(rng.integers(8, 30)), 2)) * (1, rng.uniform(0.4, 1.2)):
        shade = np.clip(np.asarray(base) * rng.uniform(0.4, 1.4), 0, 255)
        paint(image, blob(image.shape[:2], ring(spot, rng.uniform(0.15, 0.6) * PX_PER_CM, 8)), shade)


def pocket(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a breast pocket, or only its welt, in the shade of the cloth; sometimes a pen or a handkerchief in it."""
    width, height = rng.uniform(8.5, 12.5) * PX_PER_CM, rng.uniform(9, 14) * PX_PER_CM
    welt = rng.random() < 0.45
    height = rng.uniform(1.5, 2.8) * PX_PER_CM if welt else height
    half, lift = width / 2, rng.uniform(-0.12, 0.12) * width
    corners = at + np.array([(-half, -lift / 2), (half, lift / 2), (half, height), (-half, height)])
    if not welt and rng.random() < 0.5:
        corners = np.insert(corners, 3, at + xy(0, height * 1.12), axis=0)
    shade = float(rng.uniform(-45, 35))
    edge = stroke(image.shape[:2], np.concatenate([corners, corners[:1]]), rng.uniform(0.8, 2.2))
    fill = blob(image.shape[:2], corners) * (rng.uniform(0.3, 1) if welt else rng.uniform(0, 0.15))
    paint(image, np.maximum(0.7 * edge, fill), image + np.float32(shade))
    if rng.random() < 0.35:
        pen(rng, image, at + xy(rng.uniform(-0.8, 0.8) * half, 0))
    if rng.random() < 0.35:
        handkerchief(rng, image, at, half)


def handkerchief(rng: Rng, image: Picture, at: Floats, half: float) -> None:
    """Draw a folded cloth that looks out of a breast pocket."""
    rise = rng.uniform(1.0, 4.0) * PX_PER_CM
    tops = int(rng.integers(1, 4))
    steps = np.linspace(-0.75, 0.75, 2 * tops + 1) * half
    heights = np.where(np.arange(2 * tops + 1) % 2, -rise * rng.uniform(0.7, 1.1), -0.3 * rise)
    if rng.random() < 0.4:
        heights[:] = -0.35 * rise
    outline = at + np.concatenate([np.stack([steps, heights], -1), [(steps[-1], 2), (steps[0], 2)]])
    paint(image, blob(image.shape[:2], outline), colour(rng, 120))


def pen(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw the end of a pen in a pocket, or its clip."""
    length, width = rng.uniform(1.5, 5.5) * PX_PER_CM, rng.uniform(0.35, 1.0) * PX_PER_CM
    lean = rng.uniform(-0.15, 0.15) * length
    line = np.stack([at + xy(lean, -length), at + xy(0, 4)])
    paint(image, stroke(image.shape[:2], line, width), colour(rng))
    if rng.random() < 0.6:
        paint(image, stroke(image.shape[:2], line + xy(0.3 * width, 4), 0.3 * width), colour(rng, 150))


def buttons(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a row of buttons, one row or two, with the edge of the cloth."""
    ink, radius = colour(rng), rng.uniform(0.4, 1.2) * PX_PER_CM
    x0, step = rng.uniform(-4, 4) * PX_PER_CM + at[0], rng.uniform(6, 11) * PX_PER_CM
    if rng.random() < 0.5:
        shade = np.clip(image + np.float32(rng.uniform(-50, 30)), 0, 255)
        edge = np.array([(x0 + 8, 0), (x0 + 10, image.shape[0])])
        paint(image, 0.6 * stroke(image.shape[:2], edge, rng.uniform(1, 3)), shade)
    for x in (x0, x0 + rng.uniform(8, 16) * PX_PER_CM)[: int(rng.integers(1, 3))]:
        for y in np.arange(at[1] % step, image.shape[0], step):
            paint(image, blob(image.shape[:2], ring(np.array([x, y]), radius)), ink)


def necklace(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a necklace of 8-35 cm drop, thin or of beads, often with a pendant."""
    depth, half = rng.uniform(6, 35) * PX_PER_CM, rng.uniform(5, 9) * PX_PER_CM
    top = np.array([image.shape[1] / 2 + rng.normal(0, 8), rng.uniform(0, 6) * PX_PER_CM])
    t = np.linspace(-1, 1, 41)
    sharp = rng.uniform(1.2, 3)
    line = top + np.stack([half * t, depth * (1 - np.abs(t) ** sharp)], -1)
    ink = colour(rng, 90)
    if rng.random() < 0.35:
        for place in line:
            paint(image, blob(image.shape[:2], ring(place, rng.uniform(0.3, 0.6) * PX_PER_CM, 8)), ink)
    else:
        paint(image, 0.9 * stroke(image.shape[:2], line, rng.uniform(0.15, 0.6) * PX_PER_CM), ink)
    if rng.random() < 0.6:
        kind = lapel_pin if rng.random() < 0.7 else brooch
        kind(rng, image, top + xy(0, depth + 4))


def bag_strap(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw the strap of a bag: across the chest, or straight down from one shoulder."""
    height, width = image.shape[:2]
    side = rng.choice([-1, 1])
    start = np.array([width / 2 + side * rng.uniform(6, 16) * PX_PER_CM, 0.0])
    across = rng.random() < 0.65
    end_x = width / 2 - side * rng.uniform(10, 24) * PX_PER_CM if across else start[0] + rng.uniform(-3, 3) * PX_PER_CM
    line = np.stack([start, (end_x, height * rng.uniform(0.7, 1.1))])
    wide = rng.uniform(1.0, 5.5) * PX_PER_CM
    ink = colour(rng)
    paint(image, stroke(image.shape[:2], line, wide), ink)
    for share in (-0.42, 0.42):
        if rng.random() < 0.4:
            paint(image, stroke(image.shape[:2], line + xy(share * wide, 0), 1.0), contrast(rng, ink))


def chest_print(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw what is printed or sewn on a shirt: words or a sign without a plate behind them."""
    layer = np.zeros_like(image)
    size = rng.uniform(1.0, 6.0) * PX_PER_CM
    span = rng.uniform(3, 22) * PX_PER_CM
    for row in range(int(rng.integers(1, 4))):
        white = (255.0, 255.0, 255.0)
        top = at[1] + 1.25 * row * size
        write(rng, layer, max(0.0, at[0] - span / 2), top, at[0] + span / 2, size, white)
    mask = layer[..., 0].astype(np.float32) / 255
    if rng.random() < 0.4:
        outline = ring(at - xy(0, size), rng.uniform(0.8, 4) * PX_PER_CM, int(rng.choice([3, 5, 24])), 1, -np.pi / 2)
        mask = np.maximum(mask, blob(image.shape[:2], outline))
    paint(image, mask * rng.uniform(0.6, 1), colour(rng))


def phone(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a phone held up in front of the body, with fingers over its edge."""
    width, height, turn = rng.uniform(6.5, 8.5) * PX_PER_CM, rng.uniform(13, 17) * PX_PER_CM, rng.uniform(-0.6, 0.6)
    box = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * (width, height)
    spin = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    ink = colour(rng, 0, 90)
    paint(image, blob(image.shape[:2], at + box @ spin), ink)
    if rng.random() < 0.5:
        paint(image, blob(image.shape[:2], at + 0.88 * box @ spin), colour(rng))
    fingers(rng, image, at + xy(0.5 * width * rng.choice([-1, 1]), 0))


def fingers(rng: Rng, image: Picture, at: Floats) -> Floats:
    """Draw two to four fingers that lie over a place; return the share ``(height, width)`` of pixels they hide."""
    skin = np.asarray(((224, 180, 150), (190, 140, 110), (140, 95, 70), (90, 60, 45))[int(rng.integers(4))], float)
    hidden = np.zeros(image.shape[:2], np.float32)
    way, lean = float(rng.choice([-1, 1])), rng.uniform(-0.6, 0.6)
    wide = rng.uniform(1.4, 2.0) * PX_PER_CM
    for row in range(int(rng.integers(2, 5))):
        tip = at + xy(way * rng.uniform(-1.5, 1.5) * PX_PER_CM, (row - 1) * wide)
        line = np.stack([tip, tip + np.array([way * 9, 9 * lean]) * PX_PER_CM])
        mask = stroke(image.shape[:2], line, wide)
        paint(image, mask, skin * rng.uniform(0.75, 1.05))
        paint(image, 0.5 * stroke(image.shape[:2], line + xy(0, 0.5 * wide), 1.0), 0.5 * skin)
        hidden = np.maximum(hidden, mask)
    return hidden


def hair(rng: Rng, image: Picture, at: Floats) -> Floats:
    """Draw strands of hair that fall over a place; return the share ``(height, width)`` of pixels they hide."""
    base = np.asarray(
        ((28, 24, 22), (64, 44, 32), (120, 88, 56), (170, 166, 160), (190, 150, 95))[int(rng.integers(5))]
    )
    hidden = np.zeros(image.shape[:2], np.float32)
    spread, t = rng.uniform(0.8, 3) * PX_PER_CM, np.linspace(0, 1, 12)
    length = rng.uniform(8, 26) * PX_PER_CM
    for _ in range(int(rng.integers(12, 40))):
        x = at[0] + rng.normal(0, spread) + rng.normal(0, 6) * np.sin(3 * t + rng.uniform(0, 6))
        y = at[1] - length * 0.6 + length * t
        mask = stroke(image.shape[:2], np.stack([x, y], -1), rng.uniform(1, 3.5))
        paint(image, mask, base * rng.uniform(0.6, 1.3))
        hidden = np.maximum(hidden, mask)
    return hidden


def tie(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw a tie, plain or striped, down the middle."""
    x, top = image.shape[1] / 2 + rng.normal(0, 6), rng.uniform(4, 10) * PX_PER_CM
    tip, half = top + rng.uniform(25, 46) * PX_PER_CM, rng.uniform(2, 4.5) * PX_PER_CM
    lean = rng.normal(0, 8)
    outline = np.array(
        [(x - 8, top), (x + 8, top), (x + lean + half, tip - 18), (x + lean, tip), (x + lean - half, tip - 18)]
    )
    mask = blob(image.shape[:2], outline)
    paint(image, mask, colour(rng))
    if rng.random() < 0.6:
        ink = colour(rng)
        for y in np.arange(top, tip, rng.uniform(1.5, 5) * PX_PER_CM):
            line = np.array([(x - 30, y), (x + 30, y - 30)])
            paint(image, mask * stroke(image.shape[:2], line, rng.uniform(2, 6)), ink)


def zip_line(rng: Rng, image: Picture, at: Floats) -> None:
    """Draw the edges of an open jacket or a zip: thin lines that run down from the neck."""
    ink = np.clip(np.asarray(colour(rng)), 0, 255)
    for side in (-1, 1)[: int(rng.integers(1, 3))]:
        line = np.array(
            [
                (at[0] + side * rng.uniform(0, 7) * PX_PER_CM, rng.uniform(0, 8) * PX_PER_CM),
                (at[0] + side * rng.uniform(0, 10) * PX_PER_CM, rng.uniform(20, 62) * PX_PER_CM),
            ]
        )
        paint(image, rng.uniform(0.4, 1) * stroke(image.shape[:2], line, rng.uniform(0.6, 4)), ink)


KINDS = (
    lapel_pin,
    lapel_pin,
    brooch,
    pocket,
    pocket,
    pen,
    buttons,
    necklace,
    bag_strap,
    chest_print,
    chest_print,
    phone,
    tie,
    zip_line,
)
"""What :func:`scatter` draws from; what is met most often stands twice."""


def scatter(rng: Rng, image: Picture, most: int = 3) -> list[Floats]:
    """Draw up to ``most`` things that are no badge; return where, ``(2,)`` pixels each."""
    places: list[Floats] = []
    for _ in range(int(rng.integers(0, most + 1))):
        at = np.array([image.shape[1] / 2, 0]) + np.array([rng.uniform(-15, 15), rng.uniform(10, 48)]) * PX_PER_CM
        KINDS[int(rng.integers(len(KINDS)))](rng, image, at)
        places.append(at)
    return places
