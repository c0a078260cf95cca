"""Training pictures drawn from labelled heads: turned, cut, dyed, relit, before other backgrounds, badly filmed.

What they are meant to break: hair known by its colour, a person known by the street behind them, heads always upright
and whole, and a face mesh that is always there.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import SIZE_PX, Part, stacked
from posture_check.grooming.train.hairdata import ANY_SKIN, IGNORED, HeadPictures
from posture_check.grooming.train.hairhat import put_on_hat
from posture_check.grooming.train.hairshape import shave, turn_away

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

_GREY = _HALF = 127
_SIZE = (SIZE_PX, SIZE_PX)
_SHAVED, _AWAY, _HAT = 0.12, 0.07, 0.12
"""Shares of the pictures redrawn as bald or balding, as seen from behind, and with a hat put on."""
_DARK = 0.1
"""Share redrawn with dark hair around dark skin in little light, where colour hardly tells one from the other."""
_SKIN = (int(Part.SKIN), int(Part.EAR), ANY_SKIN)


def draw(
    heads: HeadPictures, index: int, chance: np.random.Generator, often: float = 1.0
) -> tuple[NDArray[np.float32], Bytes]:
    """Return one training picture: inputs ``(7, n, n)`` and labels ``(n, n)``, n the network's size.

    Parameters
    ----------
    heads
        Where it comes from; another of them may lend its background.
    index
        Which.
    chance
        Source of all randomness.
    often
        Scales how often colours, backgrounds and edges are changed; turning and mirroring stay.
    """
    turn = _turn(chance, heads.images.shape[1])
    image, labels = heads.images[index].copy(), heads.labels[index].copy()
    kind = chance.random()
    shaved = kind < _SHAVED * often and shave(image, labels, chance)
    away = kind > 1 - _AWAY * often and turn_away(image, labels, chance)
    if not (shaved or away) and chance.random() < _HAT * often:
        person = heads.person[index].copy()
        put_on_hat(image, labels, person, heads.images[chance.integers(len(heads))], chance)
    else:
        person = heads.person[index]
    image = _warped(image, turn, cv2.INTER_LINEAR, _GREY)
    labels = _warped(labels, turn, cv2.INTER_NEAREST, IGNORED)
    person, face = (_warped(part, turn, cv2.INTER_LINEAR) for part in (person, heads.face[index]))
    inside = _warped(heads.inside[index], turn, cv2.INTER_NEAREST)
    if shaved or chance.random() < 0.25 * often:
        if shaved:
            person[labels == Part.BACKGROUND] = 0
        front = np.where(labels == IGNORED, person > _HALF, labels != Part.BACKGROUND)
        image = _before_another_background(image, front, heads, chance)
    dark = chance.random() < _DARK * often
    if dark:
        image = _darkened(image, labels, chance)
    elif chance.random() < 0.25 * often:
        image = _dyed(image, np.isin(labels, (Part.HAIR, Part.BEARD)), chance)
    if not dark and chance.random() < 0.1 * often:
        image = _tanned(image, np.isin(labels, _SKIN), chance)
    if chance.random() < 0.15 * often:
        image = _other_cloth(image, labels == Part.CLOTHING, chance)
    image = _badly_filmed(_relit(image, chance), chance)
    if chance.random() < 0.4 * often:
        inside = _cut_off(inside, chance)
    gone = inside == 0
    image[gone] = _GREY
    labels[gone] = IGNORED
    if away or chance.random() < 0.15:
        face[:] = 0
    return stacked(image, _mistaken(person, chance), face, inside), labels


def plain(heads: HeadPictures, index: int) -> NDArray[np.float32]:
    """Return the inputs ``(7, n, n)`` of one head as it is, the way the network sees it when in use."""
    core = slice((heads.images.shape[1] - SIZE_PX) // 2, (heads.images.shape[1] + SIZE_PX) // 2)
    parts = (heads.images, heads.person, heads.face, heads.inside)
    return stacked(*(part[index, core, core] for part in parts))


def _warped(picture: Bytes, turn: Floats, method: int, outside: int = 0) -> Bytes:
    return np.asarray(cv2.warpAffine(picture, turn, _SIZE, flags=method, borderValue=(outside,) * 3), np.uint8)


def _turn(chance: np.random.Generator, size: int) -> Floats:
    """Return a map from the wide patch to the network's: turned, shifted, resized, half of them mirrored."""
    angle = float(np.clip(chance.normal(0, 8), -30, 30))
    scale = float(np.exp(np.clip(chance.normal(0, 0.12), -0.35, 0.35)))
    middle = (size - 1) / 2
    turn = np.array(cv2.getRotationMatrix2D((middle, middle), angle, scale), np.float64)
    turn[:, 2] += (SIZE_PX - size) / 2 + chance.normal(0, 5, 2)
    if chance.random() < 0.5:
        turn[0] *= -1
        turn[0, 2] += SIZE_PX - 1
    return np.asarray(turn)


def _soft(area: NDArray[np.bool_], spread: float = 1.0) -> Floats:
    return np.asarray(cv2.GaussianBlur(area.astype(np.float32), (0, 0), spread))


def _mixed(front: Bytes, back: Bytes, share: Floats) -> Bytes:
    """Return a blend: ``share`` ``(n, n)`` of the front."""
    return np.asarray(cv2.blendLinear(front, back, share, 1 - share), np.uint8)


def _before_another_background(
    picture: Bytes, front: NDArray[np.bool_], heads: HeadPictures, chance: np.random.Generator
) -> Bytes:
    kind = chance.random()
    if kind < 0.5:
        ends = chance.uniform(0, 255, 3) + chance.normal(0, 25, (2, 1)) + chance.normal(0, 6, (2, 3))
        ramp = np.linspace(0, 1, SIZE_PX)[:, None, None]
        scene = np.broadcast_to(ends[0] * (1 - ramp) + ends[1] * ramp, picture.shape)
        scene = scene.transpose(1, 0, 2) if chance.random() < 0.5 else scene
    else:
        other = heads.images[chance.integers(len(heads))]
        corner = other[: other.shape[0] // 3, : other.shape[1] // 3]  # beside and above the head: street, wall
        scene = cv2.resize(np.ascontiguousarray(corner[:, :: chance.choice((-1, 1))]), _SIZE)
        if kind < 0.75:
            scene = cv2.GaussianBlur(scene, (0, 0), chance.uniform(2, 12))
    share = _soft(front, chance.uniform(0.5, 1.2))
    return _mixed(picture, np.clip(scene, 0, 255).astype(np.uint8), share)


def _recoloured(picture: Bytes, area: NDArray[np.bool_], colour: Floats, keep: float) -> Bytes:
    """Return a picture with an area's mean colour moved to a Lab colour; ``keep`` scales the contrast within it."""
    if not area.any():
        return picture
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    target = np.asarray(colour) * (2.55, 1, 1) + (0, 128, 128)  # OpenCV's Lab in bytes
    slope = keep * np.array([1, 0.5, 0.5])
    levels = np.arange(256)[:, None]
    table = np.clip((levels - lab[area].mean(axis=0)) * slope + target, 0, 255).astype(np.uint8)
    dyed = np.asarray(cv2.cvtColor(cv2.LUT(lab, table[None]), cv2.COLOR_LAB2RGB), np.uint8)
    return _mixed(dyed, picture, _soft(area))


_NATURAL = (
    (8, 0, 1),
    (18, 3, 4),
    (30, 7, 10),
    (45, 9, 20),
    (65, 5, 24),
    (42, 24, 28),
    (60, 0, 2),
    (80, 0, 3),
    (90, 0, 4),
)
"""Lab of black, dark brown, brown, light brown, blond, red, grey, silver and white hair: rough means, not measured."""


def _dyed(picture: Bytes, hair: NDArray[np.bool_], chance: np.random.Generator) -> Bytes:
    if chance.random() < 0.6:
        colour = np.array(_NATURAL[chance.integers(len(_NATURAL))]) + chance.normal(0, (5, 2, 3))
    else:
        hue, chroma = chance.uniform(0, 2 * np.pi), chance.uniform(20, 70)
        colour = np.array([chance.uniform(15, 80), chroma * np.cos(hue), chroma * np.sin(hue)])
    return _recoloured(picture, hair, colour, chance.uniform(0.5, 1.4))


def _tanned(picture: Bytes, skin: NDArray[np.bool_], chance: np.random.Generator) -> Bytes:
    light = chance.uniform(18, 80)
    colour = np.array([light, chance.uniform(8, 18), chance.uniform(10, 26)])
    return _recoloured(picture, skin, colour, chance.uniform(0.6, 1.1))


def _darkened(picture: Bytes, labels: Bytes, chance: np.random.Generator) -> Bytes:
    """Return a picture with black hair around skin a little lighter than it."""
    hair, skin = chance.uniform(4, 18), chance.uniform(6, 26)
    colour = np.array([hair + skin, chance.uniform(6, 14), chance.uniform(5, 16)])
    image = _recoloured(picture, np.isin(labels, _SKIN), colour, chance.uniform(0.5, 1.0))
    black = np.array([hair, *chance.normal(1, 2, 2)])
    return _recoloured(image, np.isin(labels, (Part.HAIR, Part.BEARD)), black, chance.uniform(0.4, 1.2))


def _other_cloth(picture: Bytes, cloth: NDArray[np.bool_], chance: np.random.Generator) -> Bytes:
    colour = np.array([chance.uniform(5, 95), *chance.normal(0, 14, 2)])
    return _recoloured(picture, cloth, colour, chance.uniform(0.3, 1.2))


def _relit(picture: Bytes, chance: np.random.Generator) -> Bytes:
    gain = np.exp(chance.normal(0, 0.2) + chance.normal(0, 0.05, 3))
    bend, lift = np.exp(chance.normal(0, 0.2)), chance.normal(0, 8)
    levels = 255 * (np.arange(256)[:, None] / 255) ** bend * gain + lift
    lit = cv2.LUT(picture, np.clip(levels, 0, 255).astype(np.uint8)[None])
    grey = cv2.cvtColor(cv2.cvtColor(lit, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    colourful = chance.uniform(0.5, 1.3)
    return np.asarray(cv2.addWeighted(lit, colourful, grey, 1 - colourful, 0), np.uint8)


def _badly_filmed(image: Bytes, chance: np.random.Generator) -> Bytes:
    if chance.random() < 0.2:
        small = max(32, int(SIZE_PX * chance.uniform(0.35, 0.8)))
        reduced = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(reduced, _SIZE), np.uint8)
    if chance.random() < 0.12:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), chance.uniform(0.5, 1.8)), np.uint8)
    if chance.random() < 0.2:
        noise = np.zeros(image.shape, np.int16)
        cv2.setRNGSeed(int(chance.integers(2**31)))
        cv2.randn(noise, np.zeros(3), np.full(3, chance.uniform(2, 12)))
        image = np.asarray(cv2.add(image, noise, dtype=cv2.CV_8U), np.uint8)
    if chance.random() < 0.2:
        _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(20, 90))])
        image = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return image


def _cut_off(inside: Bytes, chance: np.random.Generator) -> Bytes:
    """Return the picture's area cut: mostly below the head, sometimes close at the sides and above."""
    cut = inside.copy()
    if chance.random() < 0.8:
        cut[int(SIZE_PX * chance.uniform(0.52, 0.95)) :] = 0
    if chance.random() < 0.35:
        side = int(SIZE_PX * chance.uniform(0.05, 0.32))
        cut[:, :side] = 0
        cut[:, SIZE_PX - int(side * chance.uniform(0.5, 1.1)) :] = 0
    if chance.random() < 0.25:
        cut[: int(SIZE_PX * chance.uniform(0.05, 0.25))] = 0
    return cut


def _mistaken(person: Bytes, chance: np.random.Generator) -> Bytes:
    """Return the person's area with faults such as segmentation has: grown, shrunk, missing, a hole in it."""
    area = person.copy()
    kind = chance.random()
    if kind < 0.06:
        return np.zeros_like(area)
    if kind < 0.18:
        kernel = np.ones((int(chance.integers(3, 8)),) * 2, np.uint8)
        area = np.asarray((cv2.erode if chance.random() < 0.5 else cv2.dilate)(area, kernel), np.uint8)
    elif kind < 0.26:
        place = tuple(int(v) for v in chance.integers(20, SIZE_PX - 20, 2))
        cv2.circle(area, place, int(chance.integers(8, 30)), 255.0 * (chance.random() < 0.5), -1)
    return area
