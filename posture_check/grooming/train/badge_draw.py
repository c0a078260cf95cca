"""Badges and lanyards laid onto photographs of clothes, with exact truth.

A badge is drawn flat (`badge_art`), turned as a plate on a chest is turned, lit, shaded, blurred to the sharpness of
the photograph, and hidden in part by hair, fingers or cloth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from posture_check.grooming import badge
from posture_check.grooming.train import badge_art, badge_clutter
from posture_check.grooming.train.badge_art import ART_PX_PER_CM, Art, Floats, Picture, Rng, xy
from posture_check.grooming.train.badge_clutter import PX_PER_CM, blob, paint, stroke

SIZE = badge.PATCH_PX
"""Width and height of the pictures drawn on, in pixels."""
TOP_CM = badge.PATCH_TOP_CM
"""The shoulder line lies so far below their upper edge, and the middle of the trunk in their middle."""
_SEEN_SHARE = 0.45
"""A card of which less shows is neither a badge nor none for training."""


@dataclass
class Scene:
    """A picture of a chest with its truth.

    Attributes
    ----------
    image
        ``(height, width, 3)`` uint8 RGB, at :data:`badge_clutter.PX_PER_CM`.
    card, strap
        ``(height, width)`` share 0..1 of each pixel that shows a badge, a strap.
    corners
        ``(4, 2)`` pixels of the badge: upper left, upper right, lower right, lower left as it is worn; NaN without one.
    tilt_deg
        Turn of the badge in its own plane, anticlockwise as seen positive; NaN without one, or unknown.
    worn, lanyard, printed
        1, 0, or NaN where it is not to be learnt from.
    traps
        Places ``(2,)`` in pixels of things that are no badge.
    """

    image: Picture
    card: Floats
    strap: Floats
    corners: Floats = field(default_factory=lambda: np.full((4, 2), np.nan))
    tilt_deg: float = float("nan")
    worn: float = 0.0
    lanyard: float = 0.0
    printed: float = float("nan")
    traps: list[Floats] = field(default_factory=list)


def empty(image: Picture) -> Scene:
    """Return a picture without a badge."""
    none = np.zeros(image.shape[:2], np.float32)
    return Scene(image.copy(), none, none.copy())


def to_px(place_cm: tuple[float, float]) -> Floats:
    """Return a place in centimetres of the trunk as pixels of the picture."""
    return np.array([SIZE[0] / 2 + place_cm[0] * PX_PER_CM, (place_cm[1] + TOP_CM) * PX_PER_CM])


def draw(rng: Rng, image: Picture, inside: Floats, kind: str, sharp_px_per_cm: float) -> Scene:
    """Return a photograph with a badge drawn on it.

    Parameters
    ----------
    rng
        Chance.
    image
        ``(height, width, 3)`` of :data:`SIZE`, a chest without a badge.
    inside
        ``(height, width)`` 1 where there is a picture.
    kind
        ``bar``, ``card`` (both pinned) or ``lanyard``.
    sharp_px_per_cm
        Scale at which the photograph was taken: what is drawn is no sharper.
    """
    scene = empty(image)
    lanyard = kind == "lanyard"
    if rng.random() < 0.6:
        scene.traps = badge_clutter.scatter(rng, scene.image, 2)
    art = badge_art.bar(rng) if kind == "bar" else badge_art.card(rng, blank=bool(rng.random() < 0.35))
    shown_cm = float(np.max(np.nonzero(inside.any(1))[0], initial=60)) / PX_PER_CM - TOP_CM
    if lanyard:
        place = rng.normal(0, 2.2), rng.uniform(18, min(46.0, max(20.0, shown_cm - 2)))
    else:
        place = (
            rng.choice([-1, 1]) * rng.uniform(3.5, 14.5),
            float(np.interp(rng.random(), (0, 1), sorted((min(9.0, shown_cm - 4), min(30.0, shown_cm - 2))))),
        )
    tilt = _tilt(rng, 4.0 if lanyard else 1.5)
    corners = _corners(rng, art, to_px(place), tilt)
    light = _light(rng, image)
    if lanyard:
        scene.strap = _straps(rng, scene.image, corners, light)
        scene.lanyard = 1.0
    full = _lay(rng, scene.image, art, corners, light, sharp_px_per_cm)
    hidden = _hide(rng, scene, image, corners.mean(0))
    scene.card, scene.strap = full * (1 - hidden) * inside, scene.strap * (1 - np.maximum(full, hidden)) * inside
    seen = float(scene.card.sum() / max(full.sum(), 1))
    scene.corners, scene.tilt_deg = corners, tilt
    scene.worn = 1.0 if seen > _SEEN_SHARE else float("nan")
    scene.printed = float(art.printed) if seen > _SEEN_SHARE else float("nan")
    return scene


def roughen(rng: Rng, image: Picture, sharp_px_per_cm: float) -> Picture:
    """Return a picture as a poorer camera would have taken it: fewer pixels, blur, noise, colours, JPEG.

    Parameters
    ----------
    rng
        Chance.
    image
        ``(height, width, 3)`` at :data:`badge_clutter.PX_PER_CM`.
    sharp_px_per_cm
        Scale at which it was taken.
    """
    size = (image.shape[1], image.shape[0])
    wanted = rng.uniform(2.2, 7.0)
    if wanted < min(sharp_px_per_cm, PX_PER_CM):
        share = wanted / PX_PER_CM
        small = cv2.resize(image, (round(size[0] * share), round(size[1] * share)), interpolation=cv2.INTER_AREA)
        image = np.asarray(_jpeg(rng, np.asarray(small, np.uint8)), np.uint8)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    elif rng.random() < 0.5:
        image = _jpeg(rng, image)
    if rng.random() < 0.2:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 1.8)), np.uint8)
    gain, bend = np.exp(rng.normal(0, 0.06, 3) + rng.normal(-0.03, 0.15)), np.exp(rng.normal(0, 0.15))
    levels = 255 * (np.clip(np.arange(256)[:, None] * gain, 0, 255) / 255) ** bend
    found = np.asarray(cv2.LUT(image, levels[None].astype(np.uint8)), np.uint8)
    if rng.random() < 0.5:
        rows = rng.normal(0, rng.uniform(1, 7), (97, *found.shape[1:])).astype(np.int16)
        noise = np.concatenate([np.roll(rows, int(rng.integers(500)), 1) for _ in range(-(-len(found) // 97))])
        found = np.clip(found.astype(np.int16) + noise[: len(found)], 0, 255).astype(np.uint8)
    return found


def _jpeg(rng: Rng, image: Picture) -> Picture:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 96))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _tilt(rng: Rng, upright: float) -> float:
    return float(rng.normal(0, upright) if rng.random() < 0.45 else rng.uniform(-32, 32))


def _corners(rng: Rng, art: Art, centre: Floats, tilt_deg: float) -> Floats:
    """Return where the corners of a plate appear that is tilted in its plane and then turned away from the camera."""
    width, height = np.asarray(art.size_cm) * PX_PER_CM
    flat = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * (width, height)
    yaw, pitch, turn = np.radians([np.clip(rng.normal(0, 24), -58, 58), np.clip(rng.normal(8, 14), -35, 45), -tilt_deg])
    turned = flat @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    x, y, z = turned[:, 0] * np.cos(yaw), turned[:, 1] * np.cos(pitch), turned[:, 0] * np.sin(yaw)
    y += z * np.sin(pitch) * np.sin(yaw) * 0.5
    nearer = 1 + (z + turned[:, 1] * np.sin(pitch)) / (rng.uniform(80, 300) * PX_PER_CM)
    return np.asarray(centre + np.stack([x, y], -1) * nearer[:, None])


def _light(rng: Rng, image: Picture) -> Floats:
    """Return the colour of white in the photograph, from its brightest parts."""
    bright = np.percentile(image[::8, ::8].reshape(-1, 3), 97, axis=0)
    white = 0.5 * bright + 0.5 * bright.mean()
    return np.asarray(np.clip(white, 60, 255) / 255 * rng.uniform(0.6, 1.1))


def _lay(rng: Rng, image: Picture, art: Art, corners: Floats, light: Floats, sharp_px_per_cm: float) -> Floats:
    """Lay a badge onto a picture, in place; return the share ``(height, width)`` of each pixel it covers."""
    height, width = art.alpha.shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    blur = 0.45 * ART_PX_PER_CM / min(PX_PER_CM, sharp_px_per_cm)
    lit = _glare(rng, art.image.astype(np.float32) * light)
    lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), blur), np.float32)
    over = cv2.warpPerspective(lit, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    wide = cv2.copyMakeBorder(art.alpha, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=0)
    shift = np.array([(1, 0, -8), (0, 1, -8), (0, 0, 1)], float)
    wide = cv2.GaussianBlur(wide, (0, 0), blur)
    cover = np.asarray(cv2.warpPerspective(wide, matrix @ shift, SIZE, flags=cv2.INTER_LINEAR), np.float32)
    if rng.random() < 0.7:
        offset = rng.uniform(-3, 3, 2)
        move = np.array([(1, 0, offset[0]), (0, 1, abs(offset[1]))])
        shadow = cv2.GaussianBlur(cv2.warpAffine(cover, move, SIZE), (0, 0), rng.uniform(0.8, 3))
        paint(image, np.asarray(shadow * rng.uniform(0.1, 0.6), np.float32), (0.0, 0.0, 0.0))
    paint(image, cover, np.asarray(over, np.float32))
    return cover


def _glare(rng: Rng, image: Floats) -> Floats:
    """Return the badge under uneven light, sometimes with the light's reflection on it."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    slope = 1 + rng.uniform(-0.2, 0.2) * x + rng.uniform(-0.2, 0.2) * y
    image = np.asarray(image * slope[..., None], np.float32)
    if rng.random() < 0.3:
        angle = rng.uniform(0, np.pi)
        across = np.cos(angle) * x + np.sin(angle) * y - rng.uniform(-0.8, 0.8)
        streak = rng.uniform(0.2, 0.9) * np.exp(-((across / rng.uniform(0.15, 0.7)) ** 2))
        image = image + (255 - image) * streak[..., None].astype(np.float32)
    return np.clip(image, 0, 255)


def _straps(rng: Rng, image: Picture, corners: Floats, light: Floats) -> Floats:
    """Draw the straps from the neck to a card, and its clip, in place; return the share of each pixel they cover."""
    top = (corners[0] + corners[1]) / 2
    clip = rng.uniform(0.5, 5) * PX_PER_CM
    joint = top - (rng.normal(0, 2), clip)
    wide = rng.uniform(0.3, 2.3) * PX_PER_CM
    ink = np.asarray(badge_art.colour(rng)) * light
    mask = np.zeros(image.shape[:2], np.float32)
    hung = rng.random()
    for side in (-1, 1):
        if hung < 0.08 and side > 0:  # the other strap is under the jacket
            continue
        start = to_px((side * rng.uniform(3, 9), rng.uniform(-6, 7)))
        middle = (start + joint) / 2 + (side * rng.uniform(-1, 2.5) * PX_PER_CM, 0)
        t = np.linspace(0, 1, 16)[:, None]
        line = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * joint
        part = stroke(image.shape[:2], line, wide)
        paint(image, 0.35 * stroke(image.shape[:2], line + rng.uniform(-2, 2, 2), wide), (0.0, 0.0, 0.0))
        paint(image, part, ink * rng.uniform(0.8, 1.1))
        if wide > 6 and rng.random() < 0.5:
            _marks_on(rng, image, line, wide, ink)
        mask = np.maximum(mask, part)
    metal = np.asarray(badge_art.colour(rng, 60, 220)) * light
    clip_width = max(1.5, rng.uniform(0.4, 1.2) * min(wide, 6))
    hook = stroke(image.shape[:2], np.stack([joint, top + xy(0, 2)]), clip_width)
    paint(image, hook, metal)
    return np.maximum(mask, hook)


def _marks_on(rng: Rng, image: Picture, line: Floats, wide: float, ink: Floats) -> None:
    mark = np.clip(np.asarray(badge_art.contrast(rng, (float(ink[0]), float(ink[1]), float(ink[2])))), 0, 255)
    for a, b in zip(line[:-1:2], line[1::2], strict=False):
        paint(image, 0.8 * stroke(image.shape[:2], np.stack([a, (a + b) / 2]), 0.35 * wide), mark)


def _hide(rng: Rng, scene: Scene, before: Picture, centre: Floats) -> Floats:
    """Put hair, fingers or cloth over a part of the badge; return the share of each pixel that they hide."""
    shape = scene.image.shape[:2]
    chance = rng.random()
    if chance < 0.08:
        return badge_clutter.fingers(rng, scene.image, centre + rng.normal(0, 4, 2) * PX_PER_CM)
    if chance < 0.2:
        return badge_clutter.hair(rng, scene.image, centre + rng.normal(0, 3.5, 2) * PX_PER_CM)
    if chance < 0.27:  # a lapel or a fold: what was there before, laid back over it
        angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 4) * PX_PER_CM
        way = np.array([np.cos(angle), np.sin(angle)])
        side = np.array([-way[1], way[0]])
        corners = centre + np.array(
            [way * away + side * 90, way * away - side * 90, way * 90 - side * 90, way * 90 + side * 90]
        )
        mask = blob(shape, corners)
        paint(scene.image, mask, before.astype(np.float32))
        return mask
    return np.zeros(shape, np.float32)
