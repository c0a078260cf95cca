"""Chests cut out of the footage, and the pictures that the badge networks learn from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.grooming import badge
from posture_check.grooming.patches import warp
from posture_check.grooming.subject import Subject
from posture_check.grooming.train import badge_clutter, badge_draw
from posture_check.grooming.train.badge_art import Floats, Picture, Rng, xy
from posture_check.grooming.train.badge_clutter import PX_PER_CM, blob
from posture_check.grooming.train.badge_draw import SIZE, TOP_CM, Scene
from posture_check.grooming.train.footage import RENDERED, Example
from posture_check.grooming.train.splits import group_folds, person

FAMILIES = ("congress", "ccp", "idcard_prince", RENDERED)
"""Where the chests come from."""
_STUDENTS = (50300, 50430, 50600, 50630, 50800, 51100)
"""idcard_prince: the hour, minute and second at which another student stood before the camera, told by eye. (The two of
the fifth stretch also appear behind each other, so they stay together.)"""
_SHOT = re.compile(r"PXL_\d{8}_(\d{6})")
_OUTSIDE = (127, 127, 127)
_SHOWN = 0.45
"""A rendered badge of which less shows is neither one nor none."""


@dataclass(frozen=True)
class Chest:
    """A person's chest, cut out and upright.

    Attributes
    ----------
    name, family, who
        Of the picture, where it comes from, and who it shows.
    image
        ``(height, width, 3)`` uint8 RGB of :data:`badge_draw.SIZE`.
    inside
        ``(height, width)`` bool: in the picture.
    source_px_per_cm
        Scale of the photograph.
    kind
        ``none``, ``pinned`` or ``lanyard``; ``hidden`` where less than half of it shows.
    printed
        Whether its front shows; None without one.
    outline
        ``(4, 2)`` pixels round about the badge; NaN where only its presence is known.
    """

    name: str
    family: str
    who: str
    image: Picture
    inside: NDArray[np.bool_]
    source_px_per_cm: float
    kind: str
    printed: bool | None
    outline: Floats


def who(example: Example) -> str:
    """Return a name for the person in a picture."""
    found = _SHOT.search(example.name)
    if example.family == "idcard_prince" and found:
        return f"idcard_prince:{np.searchsorted(_STUDENTS, int(found[1]), 'right')}"
    return person(example)


def collect(pictures: Sequence[Example]) -> list[Chest]:
    """Return the chests of the pictures in which a person was found."""
    return [_chest(one, subject) for one in pictures if (subject := one.subject()) is not None]


def _chest(example: Example, subject: Subject) -> Chest:
    size_cm = (SIZE[0] / PX_PER_CM, SIZE[1] / PX_PER_CM)
    patch = warp(subject.image, subject.trunk, (-size_cm[0] / 2, -TOP_CM), size_cm, SIZE)
    outline, printed, kind = np.full((4, 2), np.nan), None, "none"
    if example.family == RENDERED:
        found = example.truth["badge"]
        if found["present"] and found["visible_share"] > 0:
            kind = "lanyard" if found["kind"].startswith("lanyard") else "pinned"
            printed = found["kind"] != "lanyard_reversed"
            outline = patch.from_picture(_outline(found))
            kind = kind if found["visible_share"] > _SHOWN else "hidden"
    elif example.labels.get("badge"):
        kind, printed = "lanyard", True
    return Chest(
        example.name, example.family, who(example), patch.image, patch.inside, patch.source_px_per_cm, kind, printed,
        outline,
    )  # fmt: skip


def _outline(found: dict[str, Any]) -> Floats:
    """Return the corners ``(4, 2)`` of a plate that fills its box when tilted so."""
    x0, y0, x1, y1 = found["bbox_px"]
    cos, sin = abs(np.cos(np.radians(found["tilt_deg"]))), abs(np.sin(np.radians(found["tilt_deg"])))
    width, height = np.linalg.solve([[cos, sin], [sin, cos]], [x1 - x0, y1 - y0])
    flat = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * np.maximum((width, height), 4)
    angle = -np.radians(found["tilt_deg"])  # anticlockwise as seen
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    return np.asarray(flat @ turn + ((x0 + x1) / 2, (y0 + y1) / 2))


def folds(chests: Sequence[Chest], count: int) -> NDArray[np.integer[Any]]:
    """Return the fold ``(chests,)`` of each; a person is in one fold only, and each family is spread evenly."""
    return group_folds([chest.who for chest in chests], [chest.family + chest.kind for chest in chests], count)


def scenes(chests: Sequence[Chest], count: int, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what both networks learn from, drawn by chance; ``source`` tells which chest each picture shows.

    Parameters
    ----------
    chests
        To draw on, and real ones with a badge to be shown as they are.
    count
        Pictures for the chest network; the close network gets two crops of each.
    seed
        Of all chance.
    """
    rng = np.random.default_rng(seed)
    bare = [i for i, chest in enumerate(chests) if chest.kind == "none"]
    weights = np.array([_weight(chests[i]) for i in bare])
    worn = [i for i, chest in enumerate(chests) if chest.kind in ("pinned", "lanyard")]
    far: list[dict[str, Any]] = []
    near: list[dict[str, Any]] = []
    for _ in range(count):
        real = worn and rng.random() < 0.12
        at = int(rng.choice(worn)) if real else int(rng.choice(bare, p=weights / weights.sum()))
        scene, inside, known = _scene(rng, chests[at])
        scene.image = badge_draw.roughen(rng, scene.image, chests[at].source_px_per_cm)
        scene.image[inside < 0.5] = _OUTSIDE
        far.append({"source": at, **_far(scene, known)})
        near.extend({"source": at, **crop} for crop in _near(rng, scene, inside, known))
    return _stacked(far), _stacked(near)


def _weight(chest: Chest) -> float:
    """Return how often a chest without a badge is shown: the families differ in number and in worth."""
    return {"congress": 0.45, "ccp": 1.0, "idcard_prince": 4.0, RENDERED: 2.5}[chest.family]


def _scene(rng: Rng, chest: Chest) -> tuple[Scene, Floats, bool]:
    """Return a chest with what was drawn on it, what of it lies in the picture, and if its badge's place is known."""
    move = _move(rng)
    image = np.asarray(cv2.warpAffine(chest.image, move, SIZE, borderValue=_OUTSIDE), np.uint8)
    inside = np.asarray(cv2.warpAffine(chest.inside.astype(np.float32), move, SIZE), np.float32)
    outline = chest.outline @ move[:, :2].T + move[:, 2]
    known = chest.kind == "none" or bool(np.isfinite(outline).all())
    chance = rng.random()
    if chest.kind != "none":
        scene = badge_draw.empty(image)
        scene.worn, scene.lanyard = 1.0, float(chest.kind == "lanyard")
        scene.printed = float("nan") if chest.printed is None else float(chest.printed)
        if known:
            scene.card, scene.corners = blob((SIZE[1], SIZE[0]), outline) * inside, outline
            scene.strap = np.full_like(scene.card, np.nan) if chest.kind == "lanyard" else scene.strap
    elif chance < 0.55:
        kind = ("bar", "card", "lanyard")[int(rng.choice(3, p=[0.42, 0.22, 0.36]))]
        scene = badge_draw.draw(rng, image, inside, kind, chest.source_px_per_cm)
    else:
        scene = badge_draw.empty(image)
        if rng.random() < 0.65:
            scene.traps = badge_clutter.scatter(rng, scene.image, 4)
    return scene, inside, known


def _move(rng: Rng) -> Floats:
    """Return a small change ``(2, 3)`` of place, size, turn, and in half of all cases a mirror image."""
    angle, grow = np.radians(rng.normal(0, 3.0)), np.exp(rng.normal(0, 0.1))
    turn = grow * np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    if rng.random() < 0.5:
        turn[:, 0] *= -1
    middle = xy(SIZE[0] / 2, SIZE[1] / 3)
    return np.concatenate([turn, (middle - turn @ middle + rng.normal(0, 1.5 * PX_PER_CM, 2))[:, None]], 1)


def _far(scene: Scene, known: bool) -> dict[str, Any]:
    width, height = badge.CHEST_PX
    image = cv2.resize(scene.image, (width, height), interpolation=cv2.INTER_AREA)
    learn = np.array([known, known and bool(np.isfinite(scene.strap).all())], np.float32)
    both = [cv2.resize(m, (width // 4, height // 4), interpolation=cv2.INTER_AREA) for m in (scene.card, scene.strap)]
    maps = np.clip(np.nan_to_num(np.stack(both)) * 255, 0, 255).astype(np.uint8)
    seen = scene.worn if scene.card.any() or not known else (0.0 if scene.worn == 0 else np.nan)
    return {"image": image, "maps": maps, "map_weight": learn, "worn": seen, "lanyard": scene.lanyard}


def _near(rng: Rng, scene: Scene, inside: Floats, known: bool) -> list[dict[str, Any]]:
    """Return two close looks: at the badge if there is one, else at things that are none."""
    found = []
    worn = bool(np.isfinite(scene.corners).all())
    if worn and scene.worn == 1:
        found.append(_crop(scene, scene.corners.mean(0) + rng.normal(0, 1.2 * PX_PER_CM, 2), True))
    if known and (scene.worn == 0 or worn):
        for _ in range(2 - len(found)):
            place = _elsewhere(rng, scene, inside)
            if place is not None:
                found.append(_crop(scene, place, False))
    return found


def _elsewhere(rng: Rng, scene: Scene, inside: Floats) -> Floats | None:
    """Return a place that shows no badge: one of the traps, one with much detail, or any."""
    low, high = xy(40, 60), xy(SIZE[0] - 40, SIZE[1] - 60)
    places = [rng.uniform(low, high) for _ in range(8)]
    if rng.random() < 0.6:
        grey = cv2.cvtColor(scene.image, cv2.COLOR_RGB2GRAY)
        busy = [float(grey[int(y) - 18 : int(y) + 18, int(x) - 18 : int(x) + 18].std()) for x, y in places]
        places = [places[i] for i in np.argsort(busy)[::-1]]
    if scene.traps and rng.random() < 0.7:
        places.insert(0, scene.traps[int(rng.integers(len(scene.traps)))] + rng.normal(0, 6, 2))
    for place in places:
        clear = not np.isfinite(scene.corners).all() or np.linalg.norm(place - scene.corners.mean(0)) > 9 * PX_PER_CM
        x, y = np.clip(place, 0, xy(*SIZE) - 1).astype(int)
        if clear and inside[y, x] > 0.5:
            return np.asarray(place)
    return None


def _crop(scene: Scene, centre: Floats, is_badge: bool) -> dict[str, Any]:
    left, top = (round(float(value) - badge.CLOSE_PX / 2) for value in centre)
    move = np.array([(1, 0, -left), (0, 1, -top)], float)
    image = cv2.warpAffine(scene.image, move, (badge.CLOSE_PX, badge.CLOSE_PX), borderValue=_OUTSIDE)
    exact = is_badge and bool(np.isfinite(scene.tilt_deg))
    corners = (scene.corners - (left, top) + 0.5) / badge.CLOSE_PX * 2 - 1 if exact else np.full((4, 2), np.nan)
    return {
        "image": np.asarray(image, np.uint8),
        "corners": corners.astype(np.float32),
        "badge": float(is_badge),
        "printed": scene.printed if is_badge else np.nan,
    }


def _stacked(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: np.stack([np.asarray(row[name]) for row in rows]) for name in rows[0]}
