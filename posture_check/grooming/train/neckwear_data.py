"""Samples that teach the neckwear network: real and rendered people as they are, and with neckwear drawn onto them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.neckwear import CORNER_CM, HEIGHTS, SIZE_CM, SIZE_PX, height_of, neck_axes
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.train.cloth import Canvas
from posture_check.grooming.train.degrade import degrade
from posture_check.grooming.train.footage import RENDERED, Example, ccp_classes, training_examples
from posture_check.grooming.train.neckwear_draw import BOW, OTHER, SCARF, TIE, draw
from posture_check.grooming.train.splits import person

Floats = NDArray[np.floating[Any]]
Bytes = NDArray[np.uint8]
Rng = np.random.Generator

LOWER, UNKNOWN = 4, 255
"""Further classes of a pixel: trousers, skirt and belt; and not known."""
CLASSES = 5
NONE, NOT_TIE = 0, 4
"""Labels beside TIE, BOW and SCARF: nothing around the neck; neither tie nor bow, but perhaps a scarf."""
STEP = 4
"""Pixels of the patch per cell of the network's map."""
CELLS = SIZE_PX[0] // STEP
"""Cells in a row of the map."""

_BASE_CM, _BASE_CORNER, _BASE_PX = (60.0, 96.0), (-30.0, -8.0), (240, 384)
"""The wider rectangle that samples are cut from, at 4 px/cm."""
_PX = SIZE_PX[0] / SIZE_CM[0]
_LOWER_NAMES = ("pants", "jeans", "leggings", "shorts", "skirt", "belt")
_SCARVES = {"C001067", "D000216", "O000173", "P000597", "S001145"}
_PERHAPS = {"H001079", "J000032", "S000929"}
"""Portraits of congress with a scarf, and with what may be one, read by eye."""
_PART_TIES = {"0902", "1109", "1598"}
"""Pictures of ccp labelled as a tie of no kind that show a necktie, read by eye; a fourth shows a thin scarf."""
_TURN_DEG = 55.0
_SHOWN_CM2 = 4.0
"""Neckwear of which less is left in a sample is too little to be called worn or not."""
KINDS = {"tie": 0.3, "open": 0.2, "closed": 0.1, "round": 0.08, "lanyard": 0.07, "bow": 0.12, "scarf": 0.13}
_TALL = 0.25
_LABEL = {"tie": TIE, "bow": BOW, "scarf": SCARF}


@dataclass(frozen=True)
class Base:
    """One person's neck and trunk, a little wider than the network's patch.

    Attributes
    ----------
    name, group, family
        Of the picture; the group is a person.
    image
        ``(384, 240, 3)`` uint8 RGB.
    inside
        ``(384, 240)`` whether a pixel lies in the picture.
    classes
        ``(384, 240)`` class of each pixel, UNKNOWN where no mask tells.
    label
        NONE, TIE, BOW, SCARF or NOT_TIE.
    collar
        ``(2,)`` centre of the collar in pixels, NaN where unknown.
    """

    name: str
    group: str
    family: str
    image: Bytes
    inside: NDArray[np.bool_]
    classes: Bytes
    label: int
    collar: Floats


@dataclass(frozen=True)
class Samples:
    """Samples of one height in arrays, one row each.

    Attributes
    ----------
    images
        ``(n, height, 128, 3)`` uint8 RGB.
    shares
        ``(n, height / 4, 32, 5)`` uint8, share of each class in a cell times 255; all 0 where unknown.
    labels
        ``(n,)`` NONE, TIE, BOW, SCARF or NOT_TIE.
    collars
        ``(n, 2)`` centre of the collar in cells, NaN where unknown.
    base
        ``(n,)`` number of the base it was made from.
    """

    images: Bytes
    shares: Bytes
    labels: NDArray[np.integer[Any]]
    collars: Floats
    base: NDArray[np.integer[Any]]


def bases(folder: Path) -> list[Base]:
    """Return the bases of a footage folder: congress, ccp and the rendered people seen from the front.

    The students of idcard_prince are left out: they measure false ties on people the network never saw.
    """
    names = ccp_classes(folder)
    found = []
    for example in training_examples(folder):
        if example.family not in ("congress", "ccp", RENDERED):
            continue
        label = _label(example)
        subject = None if label is None else example.subject()
        if label is None or subject is None or abs(float(example.row.get("view_yaw_deg", 0))) > _TURN_DEG:
            continue
        patch = warp(subject.image, neck_axes(subject), _BASE_CORNER, _BASE_CM, _BASE_PX)
        classes, collar = _classes(example, patch, label, names), np.full(2, np.nan)
        if example.truth.get("points_px", {}).get("collar_centre"):
            collar = patch.from_picture(np.array(example.truth["points_px"]["collar_centre"], float))
        made = Base(example.name, person(example), example.family, patch.image, patch.inside, classes, label, collar)
        found.append(made)
    return found


def _label(example: Example) -> int | None:
    """Return what the person wears around the neck; None where that is not clear."""
    labels, stem = example.labels, example.path.stem
    if example.family == RENDERED:
        return {"none": NONE, "tie": TIE, "bow": BOW, "scarf": SCARF}[example.truth["neckwear"]["kind"]]
    if labels.get("bolo_tie"):
        return None
    if labels.get("bow_tie"):
        return BOW
    if labels.get("necktie") or (example.family == "ccp" and stem in _PART_TIES):
        return TIE
    if labels.get("tie"):
        return None
    if example.family == "congress":
        return SCARF if stem in _SCARVES else NOT_TIE if stem in _PERHAPS else NONE
    return SCARF if labels.get("scarf") else NONE


def _classes(example: Example, patch: Patch, label: int, names: Sequence[str]) -> Bytes:
    import cv2

    classes = np.full(patch.image.shape[:2], OTHER, np.uint8)
    mask = example.mask() if example.family == "ccp" else None
    if mask is not None:
        worn = cv2.warpAffine(mask, patch.to_patch, _BASE_PX, flags=cv2.INTER_NEAREST)
        classes[np.isin(worn, [names.index(name) for name in _LOWER_NAMES])] = LOWER
        tie, scarf = worn == names.index("tie"), worn == names.index("scarf")
        classes[tie] = label if label in (TIE, BOW) else UNKNOWN
        classes[scarf] = SCARF
        if not (tie.any() or scarf.any()) and label != NONE:
            classes[_front(24.0)] = UNKNOWN
    elif example.family == RENDERED:
        _rendered_classes(example, patch, classes)
    elif label != NONE:
        classes[_front(9.0 if label in (TIE, BOW) else 15.0)] = UNKNOWN
    classes[~patch.inside] = UNKNOWN
    return classes


def _front(half_cm: float) -> NDArray[np.bool_]:
    """Return the part of a base below the chin where neckwear hangs."""
    rows, columns = np.mgrid[: _BASE_PX[1], : _BASE_PX[0]]
    scale = _BASE_PX[0] / _BASE_CM[0]
    return np.asarray((abs(columns - _BASE_PX[0] / 2) < half_cm * scale) & (rows > (2 - _BASE_CORNER[1]) * scale))


def _rendered_classes(example: Example, patch: Patch, classes: Bytes) -> None:
    """Fill in the classes of a rendered picture: its neckwear cut out by colour, what lies about its belt."""
    truth = example.truth
    neckwear, points = truth["neckwear"], truth["points_px"]
    classes[:] = UNKNOWN
    strip = np.zeros_like(classes, bool)
    belt = patch.from_picture(np.array(points["belt"], float)) if points.get("belt") else None
    scale = patch.px_per_cm
    if neckwear["kind"] == "none":
        classes[: int((15 - _BASE_CORNER[1]) * scale)] = OTHER
    if belt is not None and truth.get("belt_visible"):
        rows, columns = np.mgrid[: classes.shape[0], : classes.shape[1]]
        strip = abs(columns - belt[0]) < 8 * scale
        classes[strip & (rows < belt[1] - 1) & (rows > (15 - _BASE_CORNER[1]) * scale)] = OTHER
        classes[strip & (rows > belt[1] + 1)] = LOWER
    if neckwear["kind"] == "none" or not neckwear.get("knot_px"):
        return
    found = _cut_out(patch, neckwear, example.truth)
    shown = found.sum() * (patch.source_px_per_cm / scale) ** 2 / max(neckwear["visible_px"], 1)
    around = _dilated(found, 3 * scale)
    if 0.8 < shown < 1.25:
        classes[around] = OTHER
        if belt is not None and truth.get("belt_visible"):
            classes[around & strip & (np.arange(len(classes)) > belt[1])[:, None]] = LOWER
        classes[found] = _LABEL[neckwear["kind"]]
        return
    knot = np.round(patch.from_picture(np.array(neckwear["knot_px"], float))).astype(int)
    classes[around] = UNKNOWN
    classes[knot[1] - 4 : knot[1] + 5, knot[0] - 4 : knot[0] + 5] = _LABEL[neckwear["kind"]]


def _dilated(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    import cv2

    size = 2 * int(radius) + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)


def _cut_out(patch: Patch, neckwear: dict[str, Any], truth: Any) -> NDArray[np.bool_]:
    """Return a rendered picture's neckwear by colour (GrabCut), started from where knot and tip are known to be."""
    import cv2

    knot = patch.from_picture(np.array(neckwear["knot_px"], float))
    guess = np.full(patch.image.shape[:2], cv2.GC_BGD, np.uint8)
    place = (int(knot[0]), int(knot[1]))
    if neckwear["kind"] == "tie":
        lean = np.deg2rad(neckwear.get("blade_tilt_deg") or 0)
        tip = neckwear.get("tip_px")
        end = patch.from_picture(np.array(tip, float)) if tip else knot + 120 * np.array([np.sin(lean), np.cos(lean)])
        along = (end - knot) / max(float(np.linalg.norm(end - knot)), 1e-6)
        ends = (knot - 16 * along).astype(int).tolist(), (end + (8 if tip else 0) * along).astype(int).tolist()
        core = (
            (knot - 4 * along).astype(int).tolist(),
            (knot + (end - knot) * (0.95 if tip else 0.2)).astype(int).tolist(),
        )
        cv2.line(guess, ends[0], ends[1], cv2.GC_PR_FGD, 44)
        cv2.line(guess, core[0], core[1], cv2.GC_FGD, 4)
    else:
        reach = (40, 22) if neckwear["kind"] == "bow" else (56, 44)
        cv2.ellipse(guess, place, reach, 0, 0, 360, cv2.GC_PR_FGD, -1)
        cv2.circle(guess, place, 3, cv2.GC_FGD, -1)
    cv2.setRNGSeed(0)
    inner, outer = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(patch.image, guess, (0, 0, 1, 1), inner, outer, 4, cv2.GC_INIT_WITH_MASK)
    return np.asarray((guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD))


def sample(base: Base, kind: str | None, tall: bool, rng: Rng) -> tuple[Bytes, Bytes, int, Floats] | None:
    """Return one sample of a base, as it is or with something drawn: image, shares, label, collar in cells.

    With ``tall`` it may reach below the belt, else it ends at the chest. It is turned, scaled, shifted, mirrored, cut
    off and spoilt at random. None where too little neckwear is left.
    """
    import cv2

    turn, size = np.deg2rad(rng.normal(0, 3)), float(np.exp(rng.normal(0, 0.09)))
    shift = np.array([rng.normal(0, 1.5), rng.normal(0, 1.2)])
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * size
    # pixel of the sample -> cm of the base -> pixel of the base
    scale = _BASE_PX[0] / _BASE_CM[0]
    to_base = scale * spin / _PX
    start = scale * (spin @ (np.array(CORNER_CM) + 0.5 / _PX) + shift - np.array(_BASE_CORNER)) - 0.5
    matrix = np.concatenate([to_base, start[:, None]], 1)
    flags = cv2.WARP_INVERSE_MAP
    grey = (127, 127, 127)
    image = _bytes(cv2.warpAffine(base.image, matrix, SIZE_PX, flags=flags | cv2.INTER_LINEAR, borderValue=grey))
    inside = cv2.warpAffine(base.inside.astype(np.uint8), matrix, SIZE_PX, flags=flags | cv2.INTER_NEAREST) > 0
    classes = _bytes(
        cv2.warpAffine(base.classes, matrix, SIZE_PX, flags=flags | cv2.INTER_NEAREST, borderValue=UNKNOWN)
    )
    collar = np.linalg.solve(to_base, base.collar - start)
    label = base.label if kind is None else _LABEL.get(kind, NONE)
    inside &= _kept(rng, label)
    if not tall:
        inside[HEIGHTS[0] :] = False
    height = height_of(inside)
    image, inside, classes = image[:height], inside[:height], classes[:height]
    if kind is not None:
        origin = np.linalg.solve(to_base, scale * (-np.array(_BASE_CORNER)) - 0.5 - start)
        image, classes, collar = _drawn(image, classes, inside, origin, _PX / size, kind, base.label != NONE, rng)
    classes[~inside] = UNKNOWN
    shown = float((classes == label).sum()) / _PX**2
    if kind in _LABEL and shown < _SHOWN_CM2:
        return None
    image = degrade(image, rng)
    image[~inside] = 127
    if rng.random() < 0.5:
        image, classes = image[:, ::-1], classes[:, ::-1]
        collar = np.array([SIZE_PX[0] - 1 - collar[0], collar[1]])
    row = int(np.clip(collar[1], 0, height - 1)) if np.isfinite(collar[1]) else 0
    if not inside[row].any():
        collar = np.full(2, np.nan)
    return np.ascontiguousarray(image), _shares(classes), label, (collar + 0.5) / STEP - 0.5


def _bytes(values: NDArray[Any]) -> Bytes:
    return np.asarray(values, np.uint8)


def plain(base: Base, cut_cm: float | None = None) -> tuple[Bytes, int]:
    """Return the patch ``(240, 128, 3)`` of a base as it is, perhaps cut off below, and how many rows matter."""
    import cv2

    scale = _BASE_PX[0] / _BASE_CM[0]
    start = scale * (np.array(CORNER_CM) + 0.5 / _PX - np.array(_BASE_CORNER)) - 0.5
    matrix = np.concatenate([np.eye(2) * scale / _PX, start[:, None]], 1)
    flags = cv2.WARP_INVERSE_MAP
    image = cv2.warpAffine(base.image, matrix, SIZE_PX, flags=flags | cv2.INTER_LINEAR, borderValue=(127, 127, 127))
    inside = cv2.warpAffine(base.inside.astype(np.uint8), matrix, SIZE_PX, flags=flags | cv2.INTER_NEAREST) > 0
    if cut_cm is not None:
        inside[round((cut_cm - CORNER_CM[1]) * _PX) :] = False
    image[~inside] = 127
    return np.asarray(image, np.uint8), height_of(inside)


def _drawn(
    image: Bytes,
    classes: Bytes,
    inside: NDArray[np.bool_],
    origin: Floats,
    scale: float,
    kind: str,
    cover: bool,
    rng: Rng,
) -> tuple[Bytes, Bytes, Floats]:
    rows = int(np.flatnonzero(inside.any(1)).max(initial=0)) + 1  # nothing is drawn below the picture's edge
    keep = classes[:rows] == LOWER if rng.random() < 0.85 else None
    canvas = Canvas(image[:rows], (origin[0], origin[1]), scale, rng.uniform(0.45, 1.1), keep)
    place = draw(canvas, kind, rng, cover)
    image, classes = image.copy(), classes.copy()
    image[:rows] = canvas.image
    painted = canvas.classes != UNKNOWN
    classes[:rows][painted] = canvas.classes[painted]
    collar = np.full(2, np.nan) if place is None else origin + scale * np.array(place)
    return image, classes, collar


def _kept(rng: Rng, label: int) -> NDArray[np.bool_]:
    """Return the part ``(240, 128)`` that a smaller picture would still show: cut off below, sometimes at the sides."""
    rows, columns = np.mgrid[: SIZE_PX[1], : SIZE_PX[0]]
    down, across = (rows + 0.5) / _PX + CORNER_CM[1], (columns + 0.5) / _PX + CORNER_CM[0]
    kept = np.ones(rows.shape, bool)
    if rng.random() < 0.45:
        least = 9.5 if label in (TIE, BOW) else 8.0
        kept &= down < (rng.uniform(least, 16) if rng.random() < 0.6 else rng.uniform(16, 70))
    if rng.random() < 0.15:
        kept &= (across > -rng.uniform(7, 20)) & (across < rng.uniform(7, 20))
    return kept


def _shares(classes: Bytes) -> Bytes:
    """Return the share of each class ``(height / 4, 32, 5)`` in a cell times 255; 0 where not wholly known."""
    cells = classes.reshape(-1, STEP, CELLS, STEP).transpose(0, 2, 1, 3).reshape(-1, CELLS, STEP**2)
    counts = (cells[..., None] == np.arange(CLASSES)).sum(2)
    known = (cells != UNKNOWN).all(2)
    return np.asarray(np.round(counts * (255 / STEP**2)) * known[..., None], np.uint8)


def plan(found: Sequence[Base], drawn: int, rng: Rng) -> list[tuple[int, str | None, bool]]:
    """Return which bases make samples, what is drawn on each, and whether it is tall; rare neckwear is frequent."""
    times = {"congress": (6, 6), "ccp": (3, 20), RENDERED: (9, 14)}
    made: list[tuple[int, str | None, bool]] = []
    for i, base in enumerate(found):
        count = times[base.family][base.label in (TIE, BOW, SCARF)]
        made += [(i, None, base.family != "congress" and k % 3 == 0) for k in range(count)]
    families = np.array([base.family for base in found])
    weights = np.select([families == "congress", families == "ccp"], [1.0, 0.9], 1.2)
    weights[[base.family == "ccp" and base.label in (SCARF, BOW) for base in found]] = 0
    kinds = rng.choice(list(KINDS), drawn, p=list(KINDS.values()))
    tall = rng.random(drawn) < _TALL
    chosen = rng.choice(len(found), drawn, p=weights / weights.sum())
    whole = np.where(families == "congress", 0, weights)  # portraits end at the chest: no tie over trousers there
    chosen[tall] = rng.choice(len(found), int(tall.sum()), p=whole / whole.sum())
    return made + [(int(i), str(kind), bool(up)) for i, kind, up in zip(chosen, kinds, tall, strict=True)]


def samples(found: Sequence[Base], drawn: int, seed: int) -> list[Samples]:
    """Return samples of the bases, ``drawn`` of them with something drawn on: the short ones and the tall ones."""
    rng = np.random.default_rng(seed)
    made = [(i, sample(found[i], kind, tall, rng)) for i, kind, tall in plan(found, drawn, rng)]
    kept = [(i, one) for i, one in made if one is not None]
    return [_stacked([one for one in kept if len(one[1][0]) == height]) for height in HEIGHTS]


def _stacked(kept: Sequence[tuple[int, tuple[Bytes, Bytes, int, Floats]]]) -> Samples:
    return Samples(
        np.stack([one[0] for _, one in kept]),
        np.stack([one[1] for _, one in kept]),
        np.array([one[2] for _, one in kept]),
        np.array([one[3] for _, one in kept], np.float32),
        np.array([i for i, _ in kept]),
    )
