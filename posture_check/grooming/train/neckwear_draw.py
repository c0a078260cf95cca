"""Ties, bows, scarves and open collars drawn onto pictures of real people, with exact masks.

Portraits of people without a tie show other clothes than those of people with one, so a network could learn the
clothes. Here anybody may wear anything: a tie comes onto a person without one, an open collar over the tie of another.
Figures are in centimetres from the point below the chin where ``neck_axes`` puts its
origin, x to the right of the picture, y down. Sizes of collars, knots and blades are those of shops: blades 5-10 cm
wide, knots 3-6 cm, collar points 6-8 cm long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.train.cloth import Canvas, cloth, plain_colour

Floats = NDArray[np.floating[Any]]
Rng = np.random.Generator

OTHER, TIE, BOW, SCARF = 0, 1, 2, 3
"""Classes of a pixel that drawings know."""
DRAWN = ("tie", "bow", "scarf", "open", "closed", "round", "lanyard")
"""What can be drawn: three kinds of neckwear, and four ways to wear none."""
_STRIP = 0.3
"""Share of closed shirts without a jacket whose placket has another colour."""


@dataclass(frozen=True, slots=True)
class Collar:
    """Where a drawn collar lies: its centre where the wings meet, half its width at the neck, and its lean."""

    x: float
    y: float
    half: float
    lean: float
    """Sideways shift in cm per cm downward, of all that hangs from the collar."""


def draw(canvas: Canvas, kind: str, rng: Rng, cover: bool = False) -> tuple[float, float] | None:
    """Draw one kind of :data:`DRAWN` and return the collar's centre in centimetres, None where nothing shows it.

    With ``cover`` a shirt hides whatever the person wears around the neck.
    """
    collar = Collar(rng.normal(0, 1.5), rng.normal(5.5, 1.2), rng.uniform(5.5, 8), rng.normal(0, 0.05))
    skin = canvas.median((-3, -7, 3, -4.5) if rng.random() < 0.5 else (-2.5, 1, 2.5, 3.5))
    if kind == "round":
        _round_neck(canvas, collar, skin, rng)
        return None
    jacket = rng.random() < 0.6
    bare = 0.6 if kind == "scarf" else 0.25
    shirted = cover or kind in ("open", "closed") or rng.random() > bare
    fabric = cloth(rng, canvas.shape, canvas.px_per_cm, "shirt")
    depth = rng.uniform(14, 42)
    if shirted:
        _shirt(canvas, collar, fabric, depth if jacket else 75, rng)
    hang = _tie(canvas, collar, rng) if kind == "tie" else None
    if shirted:
        _collar(canvas, collar, fabric, skin, "strip" if _has_strip(kind, jacket, rng) else kind, rng)
    if hang:
        _knot(canvas, collar, hang, rng)
    if rng.random() < (0.6 if kind == "lanyard" else 0.1):
        _lanyard(canvas, collar, rng)
    if shirted and jacket:
        _lapels(canvas, collar, depth, rng)
    if kind == "bow":
        _bow(canvas, collar, rng)
    elif kind == "scarf":
        _scarf(canvas, collar, rng)
    elif kind == "lanyard":
        _lanyard(canvas, collar, rng)
    return (collar.x, collar.y) if shirted else None


def _has_strip(kind: str, jacket: bool, rng: Rng) -> bool:
    return kind == "closed" and not jacket and rng.random() < _STRIP


def _collar(canvas: Canvas, collar: Collar, fabric: Floats, skin: Floats, kind: str, rng: Rng) -> None:
    """Draw a shirt's collar as it is worn with one kind of :data:`DRAWN`, or above a placket of another colour."""
    if kind == "open":
        _open_neck(canvas, collar, fabric, skin, rng)
    elif kind in ("closed", "lanyard"):
        _wings(canvas, collar, fabric, 0.0, rng)
        _buttons(canvas, collar, 1.0, rng)
    elif kind == "strip":
        _wings(canvas, collar, fabric, 0.0, rng)
        _strip(canvas, collar, rng)
    else:
        _wings(canvas, collar, fabric, rng.uniform(0, 1.2), rng)


def _shirt(canvas: Canvas, collar: Collar, fabric: Floats, depth: float, rng: Rng) -> None:
    x, y, half = collar.x, collar.y, collar.half
    if depth > 50:
        wide = rng.uniform(11, 18)
        outline = [(x - half, y - 4), (x - wide, y + 3), (x - wide, y + depth), (x + wide, y + depth)]
        outline += [(x + wide, y + 3), (x + half, y - 4), (x, y)]
    else:
        end = x + collar.lean * depth
        outline = [(x - half, y - 4), (x - half - 2, y + 1), (x - 0.6 * half, y + 0.5 * depth), (end, y + depth)]
        outline += [(x + 0.6 * half, y + 0.5 * depth), (x + half + 2, y + 1), (x + half, y - 4), (x, y)]
    canvas.paint(outline, fabric, OTHER, soft=0.15)
    if rng.random() < 0.5:
        _buttons(canvas, collar, rng.uniform(2, 8), rng)


def _buttons(canvas: Canvas, collar: Collar, top: float, rng: Rng) -> None:
    """Draw the placket below ``top``: an edge or two, and buttons."""
    x, y = collar.x + rng.normal(0, 0.2), collar.y
    shade = rng.uniform(0.7, 0.95)
    for side in (0.0, rng.uniform(1.5, 3)) if rng.random() < 0.7 else (0.0,):
        canvas.line([(x + 1 - side, y + top), (x + 1 - side + collar.lean * 50, y + top + 50)], 0.15, shade)
    colour = plain_colour(rng) if rng.random() < 0.3 else np.full(3, rng.uniform(150, 255))
    for step in np.arange(top + rng.uniform(0, 2), 60, rng.uniform(6, 10)):
        canvas.disc((x + collar.lean * step, y + step), rng.uniform(0.35, 0.6), colour)


def _strip(canvas: Canvas, collar: Collar, rng: Rng) -> None:
    """Draw a placket of another colour: straight, even and narrow, without a knot, which tells it from a tie."""
    half, top, end = rng.uniform(0.7, 1.9), rng.uniform(-0.5, 2.0), rng.uniform(15, 65)
    (x, y), lean = (collar.x + rng.normal(0, 0.2), collar.y), collar.lean
    outline = [(x - half + lean * top, y + top), (x + half + lean * top, y + top)]
    outline += [(x + half + lean * end, y + end), (x - half + lean * end, y + end)]
    canvas.paint(outline, canvas.uneven(rng, 0.05) * plain_colour(rng), OTHER, 0.08)
    if rng.random() < 0.5:
        colour = np.full(3, rng.uniform(20, 255))
        for step in np.arange(top + rng.uniform(0.5, 2), end, rng.uniform(6, 10)):
            canvas.disc((x + lean * step, y + step), rng.uniform(0.35, 0.6), colour)


def _wings(canvas: Canvas, collar: Collar, fabric: Floats, gap: float, rng: Rng, spread: float = 0.0) -> None:
    """Draw the wings of a collar, their inner corners ``gap`` apart from the centre, ``spread`` further out."""
    long, out = rng.uniform(5, 8), rng.uniform(2, 6) + spread
    shade = rng.uniform(0.9, 1.06)
    for side in (-1, 1):
        x = collar.x
        outline = [
            (x + side * collar.half, collar.y - rng.uniform(3, 4.5)),
            (x + side * gap, collar.y + 0.6 * gap),
            (x + side * (gap + out), collar.y + long),
            (x + side * (collar.half + 2.2), collar.y + rng.uniform(-0.5, 1)),
        ]
        canvas.shadow(outline, 0.5, rng.uniform(0.1, 0.35))
        canvas.paint(outline, fabric * shade, OTHER, soft=0.1)
        canvas.line([outline[1], outline[2], outline[3]], 0.12, rng.uniform(0.65, 0.9))


def _open_neck(canvas: Canvas, collar: Collar, fabric: Floats, skin: Floats, rng: Rng) -> None:
    """Draw an open collar: skin down to a point, what is worn under it, the placket and wings that lie apart."""
    deep = rng.uniform(3, 13)
    x, y, wide = collar.x, collar.y, rng.uniform(0.35, 0.75) * collar.half
    apex = (x + rng.normal(0, 0.5), y + deep)
    canvas.paint([(x - collar.half, y - 4), apex, (x + collar.half, y - 4)], cloth_skin(canvas, skin, rng), OTHER, 0.2)
    if rng.random() < 0.35:
        under = cloth(rng, canvas.shape, canvas.px_per_cm, "undershirt")
        top = y + rng.uniform(-2, 0.5 * deep)
        share = (apex[1] - top) / (deep + 4)
        outline = [(x - collar.half * share, top), (x, top + rng.uniform(0.3, 2)), (x + collar.half * share, top), apex]
        canvas.paint(outline, under, OTHER, 0.15)
    if rng.random() < 0.4:
        inner = fabric * rng.uniform(0.6, 0.9) if rng.random() < 0.6 else cloth(rng, canvas.shape, canvas.px_per_cm, "")
        for side in (-1, 1):
            outline = [(x + side * collar.half, y - 3.5), apex, (x + side * wide, y + 0.4 * deep)]
            canvas.paint(outline, inner, OTHER, 0.15)
    _buttons(canvas, collar, deep, rng)
    _wings(canvas, collar, fabric, wide, rng, spread=rng.uniform(0, 3))


def cloth_skin(canvas: Canvas, skin: Floats, rng: Rng) -> Floats:
    """Return skin ``(h, w, 3)`` of a colour, unevenly lit."""
    return np.asarray(canvas.uneven(rng, 0.08) * skin * rng.uniform(0.75, 1.05))


def _round_neck(canvas: Canvas, collar: Collar, skin: Floats, rng: Rng) -> None:
    """Draw a round, deep or turtle neck with perhaps a necklace or a zip."""
    x, y = collar.x, collar.y + rng.uniform(-1, 3)
    fabric = cloth(rng, canvas.shape, canvas.px_per_cm, "")
    wide, deep = rng.uniform(14, 20), rng.uniform(-3, 12)
    sides = np.linspace(-1, 1, 15)
    sharp = rng.choice([1.0, 2.0, 3.0])
    neck = [(x + collar.half * s, y - 3 + (deep + 3) * (1 - abs(s) ** sharp)) for s in sides]
    canvas.paint([(x - collar.half, y - 5), *neck, (x + collar.half, y - 5)], cloth_skin(canvas, skin, rng), OTHER, 0.3)
    outline = [(x - wide, y + 2), *neck, (x + wide, y + 2), (x + wide, y + 75), (x - wide, y + 75)]
    canvas.paint(outline, fabric, OTHER, 0.15)
    canvas.line(neck, rng.uniform(0.1, 1.5), rng.uniform(0.7, 1.2))
    if rng.random() < 0.3:
        canvas.line([(x, y + deep), (x + rng.normal(0, 1), y + 60)], rng.uniform(0.2, 1), rng.uniform(0.3, 0.9))
    if rng.random() < 0.4:
        drop = rng.uniform(1, 16)
        chain = [(x + collar.half * s, y - 3 + drop * (1 - s * s)) for s in sides]
        canvas.line(chain, rng.uniform(0.1, 1.2), 1.0, plain_colour(rng))
        if rng.random() < 0.5:
            canvas.disc((x, y - 2.5 + drop), rng.uniform(0.4, 2), plain_colour(rng))


def _lapels(canvas: Canvas, collar: Collar, depth: float, rng: Rng) -> None:
    """Draw the front of a jacket, open down to ``depth``; it hides what hangs below."""
    fabric = cloth(rng, canvas.shape, canvas.px_per_cm, "jacket")
    x, y, half = collar.x, collar.y, collar.half + rng.uniform(0, 2)
    end, wide = x + collar.lean * depth + rng.normal(0, 1), rng.uniform(12, 19)
    bow = rng.uniform(0.45, 0.75)
    for side in (-1, 1):
        edge = [(x + side * half, y - 3), (x + side * half * bow, y + 0.5 * depth), (end, y + depth), (end, y + 75)]
        outline = [*edge, (x + side * wide, y + 75), (x + side * wide, y + 3)]
        canvas.shadow(outline, 0.5, rng.uniform(0.1, 0.3))
        canvas.paint(outline, fabric, OTHER, 0.12)
        canvas.line(edge, 0.15, rng.uniform(0.6, 1.3))
        peak = (x + side * (half + rng.uniform(3, 6)), y + rng.uniform(8, 14))
        canvas.line([edge[0], peak, (x + side * half * 0.7, y + 0.7 * depth)], 0.15, rng.uniform(0.6, 1.3))


@dataclass(frozen=True, slots=True)
class _Hang:
    """How a tie hangs, drawn in two steps around the collar's wings."""

    offset: float
    drop: float
    size: tuple[float, float, float]
    fabric: Floats


def _tie(canvas: Canvas, collar: Collar, rng: Rng) -> _Hang:
    """Draw a tie's band under the wings and its blade."""
    fabric = cloth(rng, canvas.shape, canvas.px_per_cm, "tie")
    offset = rng.normal(0, 0.4) if rng.random() < 0.5 else rng.uniform(-4, 4)
    drop = 0.0 if rng.random() < 0.8 else rng.uniform(1, 7)
    size = (rng.uniform(3, 6), rng.uniform(2, 3.5), rng.uniform(3, 5.5))
    x, y = collar.x + offset, collar.y + drop
    if drop > 1:  # a loosened tie shows its band
        for side in (-1, 1):
            ends = [(x, y), (x, y + 2), (collar.x + side * collar.half, collar.y - 2)]
            canvas.paint(ends, fabric * 0.9, TIE, 0.1)
    wide, long, thin = rng.uniform(4.5, 10), rng.uniform(30, 62), size[1] * 0.95
    lean = collar.lean + rng.normal(0, 0.06)
    top, end = (x, y + size[2] - 0.5), (x + lean * long, y + long)
    tip = end[1] + (0.5 * wide if rng.random() < 0.85 else 0.0)
    outline = [
        (top[0] - thin / 2, top[1]),
        (end[0] - wide / 2, end[1]),
        (end[0] + lean * wide / 2, tip),
        (end[0] + wide / 2, end[1]),
        (top[0] + thin / 2, top[1]),
    ]
    canvas.shadow(outline, rng.uniform(0.3, 1), rng.uniform(0.1, 0.45))
    canvas.paint(outline, fabric * canvas.round_shade(x, lean, wide, rng), TIE, 0.08)
    if rng.random() < 0.5:
        canvas.line([top, (top[0] + rng.normal(0, 0.4), top[1] + rng.uniform(3, 8))], 0.5, rng.uniform(0.6, 0.9))
    if rng.random() < 0.1:
        spot = rng.uniform(15, 30)
        middle = x + lean * spot
        canvas.line([(middle - 2.5, y + spot), (middle + 2.5, y + spot)], 0.6, 1.0, np.full(3, rng.uniform(160, 255)))
    return _Hang(offset, drop, size, fabric)


def _knot(canvas: Canvas, collar: Collar, hang: _Hang, rng: Rng) -> None:
    """Draw the knot over the wings."""
    top, bottom, tall = hang.size
    x, y = collar.x + hang.offset, collar.y + hang.drop - rng.uniform(0, 0.8)
    skew = rng.normal(0, 0.3)
    outline = [(x - top / 2, y), (x + top / 2, y + skew * 0.3), (x + skew + bottom / 2, y + tall)]
    outline += [(x + skew - bottom / 2, y + tall)]
    canvas.shadow(outline, 0.4, rng.uniform(0.1, 0.4))
    canvas.paint(outline, hang.fabric[:, ::-1] * rng.uniform(0.85, 1.15), TIE, 0.08)
    canvas.line([outline[3], outline[2]], 0.2, rng.uniform(0.5, 0.85))


def _bow(canvas: Canvas, collar: Collar, rng: Rng) -> None:
    fabric = cloth(rng, canvas.shape, canvas.px_per_cm, "tie")
    x, y = collar.x + rng.normal(0, 0.8), collar.y + rng.uniform(0, 2.5)
    wide, tall, middle = rng.uniform(4, 8), rng.uniform(1.8, 4.2), rng.uniform(0.7, 1.6)
    turn = rng.normal(0, 0.06)
    if rng.random() < 0.25:  # ribbons that hang
        for side in (-1, 1):
            low, out = rng.uniform(6, 18), side * rng.uniform(1, 4)
            ends = [(x, y), (x + out + 1.2, y + low), (x + out - 1.2, y + low + rng.normal(0, 1))]
            canvas.paint(ends, fabric * 0.92, BOW, 0.08)
    for side in (-1, 1):
        shift = turn * side * wide
        lobe = [(x, y - 0.7), (x + side * wide * 0.7, y - tall + shift), (x + side * wide, y - 0.6 * tall + shift)]
        lobe += [(x + side * wide * rng.uniform(0.8, 1), y + shift), (x + side * wide, y + 0.6 * tall + shift)]
        lobe += [(x + side * wide * 0.7, y + tall + shift), (x, y + 0.7)]
        canvas.shadow(lobe, 0.5, rng.uniform(0.1, 0.4))
        canvas.paint(lobe, fabric * rng.uniform(0.85, 1.1), BOW, 0.1)
        canvas.line([(x, y), (x + side * wide * 0.5, y + rng.normal(0, 0.4))], 0.4, rng.uniform(0.5, 0.85))
    knot = [(x - middle, y - middle), (x + middle, y - middle), (x + middle, y + middle), (x - middle, y + middle)]
    canvas.paint(knot, fabric[:, ::-1] * rng.uniform(0.85, 1.15), BOW, 0.15)
    canvas.line([*knot, knot[0]], 0.12, 0.7)


def _scarf(canvas: Canvas, collar: Collar, rng: Rng) -> None:
    """Draw a silk scarf tied at the neck, or a thick one around it, with ends that hang."""
    fabric = cloth(rng, canvas.shape, canvas.px_per_cm, "scarf")
    thick = rng.random() < 0.4
    x, y, half = collar.x, collar.y, collar.half + rng.uniform(0, 3)
    tall = rng.uniform(8, 15) if thick else rng.uniform(3, 7)
    sides = np.linspace(-1, 1, 13)
    sag = rng.uniform(2, 6)
    upper = [(x + half * s, y - 5 + sag * (1 - s * s) + rng.normal(0, 0.3)) for s in sides]
    lower = [
        (px, py + tall * (1 - 0.3 * abs(s)) + rng.normal(0, 0.4)) for (px, py), s in zip(upper, sides, strict=True)
    ]
    place = (x + rng.normal(0, 2.5), y - 4 + sag + 0.6 * tall)
    for _ in range(rng.integers(0, 3) if thick else rng.integers(1, 4)):
        low, out, wide = rng.uniform(8, 45) if thick else rng.uniform(5, 16), rng.normal(0, 4), rng.uniform(2, 8)
        end = [place, (place[0] + out + wide / 2, place[1] + low), (place[0] + out - wide / 2, place[1] + low)]
        canvas.shadow(end, 0.5, rng.uniform(0.1, 0.4))
        canvas.paint(end, fabric * rng.uniform(0.8, 1.1), SCARF, 0.15)
    canvas.shadow(upper + lower[::-1], 0.6, rng.uniform(0.1, 0.4))
    canvas.paint(upper + lower[::-1], fabric * canvas.uneven(rng, 0.2), SCARF, 0.2)
    for _ in range(rng.integers(1, 5)):
        share = rng.uniform(0.1, 0.9)
        fold = [(a[0], a[1] * (1 - share) + b[1] * share) for a, b in zip(upper, lower, strict=True)]
        canvas.line(fold, rng.uniform(0.2, 0.6), rng.uniform(0.6, 0.9))
    if not thick:
        canvas.disc(place, rng.uniform(1.2, 2.5), np.asarray(fabric[fabric.shape[0] // 2, fabric.shape[1] // 2]), SCARF)


def _lanyard(canvas: Canvas, collar: Collar, rng: Rng) -> None:
    x, y, low = collar.x + rng.normal(0, 1), collar.y, rng.uniform(18, 42)
    colour, wide = plain_colour(rng), rng.uniform(0.6, 2.2)
    for side in (-1, 1):
        canvas.line([(x + side * rng.uniform(4, 8), y - 3), (x, y + low)], wide, 1.0, colour)
    if rng.random() < 0.8:
        w, h = rng.uniform(3, 5), rng.uniform(4, 9)
        card = [(x - w, y + low), (x + w, y + low), (x + w, y + low + h), (x - w, y + low + h)]
        canvas.paint(card, cloth(rng, canvas.shape, canvas.px_per_cm, "shirt"), OTHER, 0.1)
