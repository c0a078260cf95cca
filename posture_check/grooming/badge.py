"""The badge: is one worn, pinned or on a lanyard, on which side, how upright, and with its front outward.

Two small networks look: the first over the whole chest for cards and straps, the second closely at the likeliest
places for the badge's corners and its print. Everything else is geometry of those corners in the trunk's frame.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.badge_edges import sharpened
from posture_check.grooming.network import Network
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Mark, Missing, missing
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]
Net = Callable[[NDArray[np.uint8]], tuple[Floats, Floats]]
"""A network: pictures ``(n, height, width, 3)`` uint8 to its two outputs."""

MEASURES = ("badge_worn", "badge_on_lanyard", "badge_side", "badge_tilt", "badge_front")
PATCH_PX = (320, 400)
PATCH_PX_PER_CM = 6.25
PATCH_TOP_CM = 6.0
"""The chest is looked at from so far above the shoulder line."""
CHEST_PX = (128, 160)
"""The same chest as the first network sees it."""
CLOSE_PX = 96
"""Side of the place that the second network sees, at the scale of the patch: 15 cm."""
CHEST_DEPTH_CM = 12.0
"""The breast lies so far before the line of the shoulder joints: chest depth of adults is 21-26 cm (NASA-STD-3000,
volume I, 3.3), and the joints lie about in its middle."""
MAX_TURN_DEG = 45.0
"""Turned further, half of the chest is out of sight."""
MAX_CROOKED = 1.5
"""Corners of the network further from a parallelogram than this (:func:`crookedness`) tell no tilt."""
MIN_SHOWN = 0.92
"""What reaches to the picture's edge cannot be told from a bright corner of cloth: with a margin of 0.8 cm, as much of
it must lie in the picture."""
PINNED_CM = ((-17.0, 17.0), (5.0, 27.0))
"""Where a badge is pinned: across the chest and below the shoulder line."""
_CANDIDATES = 3
_CELL_PX = 10.0  # one cell of the first network's maps in pixels of the patch
_ROUND_PX = 11
_EDGE_PX_PER_CM, _EDGE_HALF_CM = 12.0, 9.0
_EMBEDDING_PX = (48, 48)
_PRINT_PX, _PRINT_SHARE = (40, 40), 0.76


@dataclass(frozen=True, slots=True)
class Look:
    """What the networks say of one chest.

    Attributes
    ----------
    worn
        ``(4,)``: logits that a badge is worn, of the whole chest, of its best place, and of the close look there; and
        how crooked what was seen there is (:func:`crookedness`).
    lanyard
        ``(3,)`` logits of a lanyard: of the whole chest, of the best strap anywhere, of the strap that leads to the
        badge.
    printed
        ``(3,)``: logit of the close look, and :func:`print_signs`.
    corners
        ``(4, 2)`` pixels of the patch: upper left, upper right, lower right, lower left of the badge.
    """

    worn: Floats
    lanyard: Floats
    printed: Floats
    corners: Floats


def look_at(chest: Net, close: Net, image: Picture) -> Look:
    """Return what both networks say of a chest.

    Parameters
    ----------
    chest, close
        The networks.
    image
        ``(height, width, 3)`` uint8 RGB of :data:`PATCH_PX`.
    """
    import cv2

    small = np.asarray(cv2.resize(image, CHEST_PX, interpolation=cv2.INTER_AREA), np.uint8)
    maps, scores = chest(small[None])
    card, strap = maps[0]
    places = _peaks(card)
    centres = np.array([(x, y) for x, y, _ in places]) * _CELL_PX + _CELL_PX / 2 - 0.5
    corners, said = _close_looks(close, image, centres)
    # Once more, with the badge in the middle: the corners are surer there.
    best = int(np.argmax(said[:, 0]))
    again, said_again = _close_looks(close, image, corners[best].mean(0)[None])
    if said_again[0, 0] > said[best, 0] - 2.0:
        found, words = again[0], np.array([max(said_again[0, 0], said[best, 0]), said_again[0, 1]])
    else:
        found, words = corners[best], said[best]
    worn = np.array([scores[0, 0], card.max(), words[0], crookedness(found)], float)
    lanyard = np.array([scores[0, 1], strap.max(), _strap_above(strap, found)], float)
    printed = np.array([words[1], *print_signs(image, found)], float)
    return Look(worn, lanyard, printed, found)


def crookedness(corners: Floats) -> float:
    """Return how far four corners ``(4, 2)`` are from a parallelogram, 0 to 6, in tenths of their mean side."""
    sides = np.linalg.norm(corners - np.roll(corners, 1, 0), axis=1)
    off = float(np.linalg.norm(corners[0] + corners[2] - corners[1] - corners[3]))
    return 10 * min(off / max(float(sides.mean()), 1.0), 0.6)


def _peaks(card: Floats) -> list[tuple[float, float, float]]:
    """Return the likeliest places ``(x, y, logit)`` in cells, best first, some 10 cm apart."""
    left = np.array(card, float)
    found = []
    rows, columns = np.indices(left.shape)
    for _ in range(_CANDIDATES):
        y, x = np.unravel_index(int(np.argmax(left)), left.shape)
        near = (abs(rows - y) <= 3) & (abs(columns - x) <= 3)
        share = np.where(near & (left > -20), 1 / (1 + np.exp(-np.clip(left, -20, 20))), 0)
        total = max(float(share.sum()), 1e-9)
        middle = float((share * columns).sum() / total), float((share * rows).sum() / total)
        found.append((*(middle if total > 0.5 else (float(x), float(y))), float(left[y, x])))
        left[near] = -30
    return found


def _close_looks(close: Net, image: Picture, centres: Floats) -> tuple[Floats, Floats]:
    """Return corners ``(n, 4, 2)`` in pixels of the patch and logits ``(n, 2)`` of close looks at places ``(n, 2)``."""
    wide = np.pad(image, ((CLOSE_PX, CLOSE_PX), (CLOSE_PX, CLOSE_PX), (0, 0)), constant_values=127)
    starts = np.round(centres - CLOSE_PX / 2).astype(int)
    starts = np.clip(starts, -CLOSE_PX, np.array(PATCH_PX))
    cuts = [wide[y + CLOSE_PX : y + 2 * CLOSE_PX, x + CLOSE_PX : x + 2 * CLOSE_PX] for x, y in starts]
    corners, said = close(np.stack(cuts))
    return (corners + 1) / 2 * CLOSE_PX - 0.5 + starts[:, None, :], np.asarray(said)


def _strap_above(strap: Floats, corners: Floats) -> float:
    """Return the mean over the rows between the neck and the badge of the best strap in each row, in logits."""
    top = int(np.clip(corners[:2, 1].mean() / _CELL_PX, 4, strap.shape[0]))
    first = int(PATCH_TOP_CM * PATCH_PX_PER_CM / _CELL_PX)
    rows = strap[min(first, top - 3) : top]
    return float(np.clip(rows.max(1), -8, 8).mean())


def print_signs(image: Picture, corners: Floats) -> Floats:
    """Return two signs ``(2,)`` of print on a badge: how much fine detail it has, and how far its colours differ.

    Both are held against the badge's own brightness, and its edge is left out: a blank card in a holder has one too.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB of :data:`PATCH_PX`.
    corners
        ``(4, 2)`` pixels of the badge in it.
    """
    import cv2

    width, height = _PRINT_PX
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    inner = corners.mean(0) + _PRINT_SHARE * (corners - corners.mean(0))
    matrix = cv2.getPerspectiveTransform(inner.astype(np.float32), flat)
    square = cv2.warpPerspective(image, matrix, _PRINT_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lab = cv2.cvtColor(square.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light = lab[..., 0]
    fine = np.abs(light - cv2.GaussianBlur(light, (0, 0), 3.0)).mean() / max(float(light.mean()), 5.0)
    colours = float(np.linalg.norm(lab[..., 1:].reshape(-1, 2).std(0))) / max(float(light.mean()), 5.0)
    return np.log(np.array([fine, colours]) + 1e-3)


def tilt_of(corners: Floats) -> float:
    """Return by how many degrees a plate is tilted in its own plane, anticlockwise as seen positive.

    Seen from the side or from above a plate is squeezed along one axis, which makes its long edges lie flatter and its
    short ones steeper, or the other way round: with horizontal edges at a and vertical ones at b, tan a = tan t / k and
    tan b = k tan t for a squeeze k, so that tan t = sqrt(tan a tan b) whatever the squeeze.

    Parameters
    ----------
    corners
        ``(4, 2)`` pixels: upper left, upper right, lower right, lower left.
    """
    across = (corners[1] - corners[0]) + (corners[2] - corners[3])
    down = (corners[3] - corners[0]) + (corners[2] - corners[1])
    a, b = np.arctan2(-across[1], across[0]), np.arctan2(down[0], down[1])
    if a * b <= 0:  # next to upright the two differ by noise alone: the longer edges are the surer ones
        lengths = np.linalg.norm(across), np.linalg.norm(down)
        return float(np.degrees((a * lengths[0] + b * lengths[1]) / sum(lengths)))
    return float(np.degrees(np.sign(a) * np.arctan(np.sqrt(abs(np.tan(a) * np.tan(b))))))


def across_chest(x_cm: float, yaw_deg: float) -> float:
    """Return how far a place on the breast lies from the trunk's mid line, to the wearer's left positive.

    Parameters
    ----------
    x_cm
        Across the trunk's frame, from between the shoulders.
    yaw_deg
        Turn of the trunk as :attr:`Subject.trunk_yaw_deg` has it: positive where more of the wearer's left side is
        seen. The breast, :data:`CHEST_DEPTH_CM` before the axis, then appears to the left of the axis.
    """
    yaw = np.radians(yaw_deg)
    return float((x_cm + CHEST_DEPTH_CM * np.sin(yaw)) / np.cos(yaw))


class BadgeReader:
    """Reads the badge of a person.

    Parameters
    ----------
    chest, close
        Names of the two networks in ``models/``.
    """

    def __init__(self, chest: str = "badge", close: str = "badge_close") -> None:
        self._nets = Network(chest), Network(close)

    @cached_property
    def _fitted(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._nets[0].meta["fitted"])
        return found

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return what is found of the badge.

        Parameters
        ----------
        subject
            The person.

        Returns
        -------
        dict
            :data:`MEASURES`: ``badge_worn``, ``badge_on_lanyard`` and ``badge_front`` are probabilities; ``badge_side``
            is in cm from the trunk's mid line, to the wearer's left positive; ``badge_tilt`` in degrees from upright,
            anticlockwise as seen positive. Side and tilt are ``absent`` for a lanyard.
        """
        if (reason := self._unseen(subject)) is not None:
            return missing(reason, *MEASURES)
        patch = chest_patch(subject)
        seen = self._seen(patch)
        worn = self._probability("worn", seen.worn)
        lanyard = self._probability("lanyard", seen.lanyard)
        half = float(self._fitted["worn"]["half_band"])
        outline = Mark("area", tuple((float(x), float(y)) for x, y in patch.to_picture(seen.corners)))
        if worn < 0.5 + half:
            return self._not_worn(subject, patch, worn, half, outline)
        if _shown(patch, seen.corners) < MIN_SHOWN:
            return {"badge_worn": Finding(worn, half, "out_of_frame", marks=(outline,))} | missing(
                "out_of_frame", *MEASURES[1:]
            )
        found = {"badge_worn": Finding(worn, half, marks=(outline,))}
        found["badge_on_lanyard"] = self._decided("lanyard", lanyard, outline)
        found["badge_front"] = self._front(subject, seen, outline)
        if lanyard >= 0.5 + float(self._fitted["lanyard"]["half_band"]):
            return found | missing("absent", "badge_side", "badge_tilt")
        if found["badge_on_lanyard"].reason is not None:
            return found | missing("uncertain", "badge_side", "badge_tilt")
        return found | self._place(subject, patch, seen, outline)

    def embedding(self, subject: Subject) -> Floats | None:
        """Return how the badge looks ``(n,)`` float32, squared up, for a site's own head; None where none is seen."""
        import cv2

        if self._unseen(subject) is not None:
            return None
        patch = chest_patch(subject)
        seen = self._seen(patch)
        if self._probability("worn", seen.worn) < 0.5:
            return None
        width, height = _EMBEDDING_PX
        flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
        matrix = cv2.getPerspectiveTransform(seen.corners.astype(np.float32), flat)
        square = cv2.warpPerspective(patch.image, matrix, _EMBEDDING_PX, flags=cv2.INTER_AREA)
        lab = cv2.cvtColor(square.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        cells = np.asarray(cv2.resize(lab, (8, 8), interpolation=cv2.INTER_AREA), np.float32)
        edges = np.linalg.norm(seen.corners - np.roll(seen.corners, 1, 0), axis=1)
        shape = np.log((edges[1] + edges[3]) / max(float(edges[0] + edges[2]), 1e-3))
        return np.concatenate([cells.ravel() / 50, [float(shape)]]).astype(np.float32)

    def _seen(self, patch: Patch) -> Look:
        return look_at(_as_net(self._nets[0]), _as_net(self._nets[1]), patch.image)

    def _unseen(self, subject: Subject) -> Missing | None:
        if not abs(subject.trunk_yaw_deg) <= MAX_TURN_DEG:
            return "view"
        if subject.trunk.px_per_cm < float(self._fitted["smallest_px_per_cm"]):
            return "too_small"
        return None

    def _probability(self, name: str, logits: Floats) -> float:
        fitted = self._fitted[name]
        score = float(np.dot(fitted["weights"], np.clip(logits, -10, 10)) + fitted["offset"])
        return float(1 / (1 + np.exp(-score)))

    def _decided(self, name: str, value: float, *marks: Mark) -> Finding:
        half = float(self._fitted[name]["half_band"])
        return Finding(value, half, None if abs(value - 0.5) >= half else "uncertain", marks=marks)

    def _not_worn(self, subject: Subject, patch: Patch, worn: float, half: float, outline: Mark) -> dict[str, Finding]:
        (left, right), (top, bottom) = PINNED_CM
        box = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        region = Mark("area", tuple((float(x), float(y)) for x, y in subject.trunk.to_picture(box)), "region")
        rest = MEASURES[1:]
        if worn > 0.5 - half:
            return {"badge_worn": Finding(worn, half, "uncertain", marks=(outline,))} | missing("uncertain", *rest)
        # A person seen from behind may pass for one seen from the front; a face tells that the breast is in sight.
        if (reason := _hidden(subject, patch) if subject.has_face else "view") is not None:
            return missing(reason, *MEASURES)
        return {"badge_worn": Finding(worn, half, marks=(region,))} | missing("absent", *rest)

    def _front(self, subject: Subject, seen: Look, outline: Mark) -> Finding:
        if subject.trunk.px_per_cm < float(self._fitted["smallest_print_px_per_cm"]):
            return Finding(reason="too_small", marks=(outline,))
        return self._decided("printed", self._probability("printed", seen.printed), outline)

    def _place(self, subject: Subject, patch: Patch, seen: Look, outline: Mark) -> dict[str, Finding]:
        errors = self._fitted["errors"]
        rough = np.asarray(patch.to_picture(seen.corners))
        sharp = from_edges(subject, rough)
        corners = rough if sharp is None else sharp
        centre = corners.mean(0)
        x_cm = float(subject.trunk.from_picture(centre)[0])
        line = subject.trunk.to_picture(np.array([(0.0, 0.0), (0.0, 40.0)]))
        middle = Mark("line", tuple((float(x), float(y)) for x, y in line), "reference")
        point = Mark("point", ((float(centre[0]), float(centre[1])),))
        side = Finding(across_chest(x_cm, subject.trunk_yaw_deg), float(errors["side_cm"]), marks=(point, middle))
        tilt = tilt_of(corners) - upright_deg(subject)
        error = float(errors["tilt_deg"] if sharp is None else errors["edge_tilt_deg"])
        error *= 1.0 if subject.hips_shown else 1.4
        lost = sharp is None and crookedness(seen.corners) > MAX_CROOKED
        drawn = outline if sharp is None else Mark("area", tuple((float(x), float(y)) for x, y in sharp))
        return {"badge_side": side, "badge_tilt": Finding(tilt, error, "uncertain" if lost else None, marks=(drawn,))}


def from_edges(subject: Subject, corners: Floats) -> Floats | None:
    """Return the corners ``(4, 2)`` of a badge in pixels of the picture from its edges; None where these are not clear.

    Parameters
    ----------
    subject
        The person.
    corners
        ``(4, 2)`` pixels of the picture, roughly.
    """
    x, y = subject.trunk.from_picture(corners.mean(0))
    scale = min(subject.trunk.px_per_cm, _EDGE_PX_PER_CM)
    size, half = round(2 * _EDGE_HALF_CM * scale), _EDGE_HALF_CM
    close = warp(subject.image, subject.trunk, (x - half, y - half), (2 * half, 2 * half), (size, size))
    found = sharpened(close.image, close.from_picture(corners))
    return None if found is None else close.to_picture(found)


def chest_patch(subject: Subject) -> Patch:
    """Return the chest of a person, upright, of :data:`PATCH_PX`."""
    size = (PATCH_PX[0] / PATCH_PX_PER_CM, PATCH_PX[1] / PATCH_PX_PER_CM)
    return warp(subject.image, subject.trunk, (-size[0] / 2, -PATCH_TOP_CM), size, PATCH_PX)


def upright_deg(subject: Subject) -> float:
    """Return the turn of the trunk in the picture in degrees, anticlockwise positive.

    Without hips it is only known from the shoulders, whose line tilts when a turned person is seen from above: half of
    it is believed, and half the picture's own upright.
    """
    turn = float(np.degrees(np.arctan2(subject.trunk.y[0], subject.trunk.y[1])))
    return turn if subject.hips_shown else 0.5 * turn


def _shown(patch: Patch, corners: Floats) -> float:
    """Return the share that is in the picture of what lies within four corners of the patch and just round about."""
    import cv2

    mask = np.zeros(patch.inside.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    mask = np.asarray(cv2.dilate(mask, np.ones((_ROUND_PX, _ROUND_PX), np.uint8)), np.uint8)
    return float(patch.inside[mask > 0].mean()) if mask.any() else 0.0


def _hidden(subject: Subject, patch: Patch) -> Missing | None:
    """Return why a badge on the wearer's left breast could be there unseen; None where that breast shows."""
    (_, right), (top, bottom) = PINNED_CM
    x = slice(int(PATCH_PX[0] / 2), int(PATCH_PX[0] / 2 + right * PATCH_PX_PER_CM))
    y = slice(int((PATCH_TOP_CM + top) * PATCH_PX_PER_CM), int((PATCH_TOP_CM + bottom - 5) * PATCH_PX_PER_CM))
    if patch.inside[y, x].mean() < 0.85:
        return "out_of_frame"
    hands = subject.pose[[L.LEFT_WRIST, L.RIGHT_WRIST, L.LEFT_INDEX, L.RIGHT_INDEX]]
    places = subject.trunk.from_picture(hands[:, :2].astype(float))
    over = (abs(places[:, 0]) < right) & (places[:, 1] > top) & (places[:, 1] < bottom) & (hands[:, 3] > 0.5)
    return "occluded" if over.any() else None


def _as_net(network: Network) -> Net:
    def run(images: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        first, second = network.run(images.astype(np.float32).transpose(0, 3, 1, 2) / 127.5 - 1)
        return first, second

    return run
