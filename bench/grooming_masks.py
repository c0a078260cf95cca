"""What the pixel masks of photos say: hair, beards, hats, glasses, bare limbs, how light shoes are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.uint8]
Bools = NDArray[np.bool_]

HEAD_PARTS = {
    "hair": (49, 163, 84),
    "beard": (161, 217, 155),
    "glasses": (189, 189, 189),
    "headwear": (150, 150, 150),
}
"""Colours of nprportrait's masks."""
CCP_HAIR, CCP_SKIN = 19, 41
_NEAR = 30
"""Masks of thumbnails have colours smeared along their edges: so far off still counts."""
_BEARD_SHARES, _HAT_SHARE = (0.001, 0.006), 0.02
"""Share of the picture: below the first no beard, above the second one that nobody overlooks; a hat."""
_LIMBS = {
    "bare_forearm": ((L.LEFT_ELBOW, L.LEFT_WRIST), (L.RIGHT_ELBOW, L.RIGHT_WRIST)),
    "bare_leg": ((L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE), (L.RIGHT_HIP, L.RIGHT_KNEE, L.RIGHT_ANKLE)),
}
_ALONG = np.linspace(0.2, 0.8, 13)
_BARE_SHARES = {"bare_forearm": (0.1, 0.7), "bare_leg": (0.05, 0.4)}
"""Share of the line from joint to joint that is skin: up to the first covered, from the second plainly bare."""


def hair(family: str, mask: Mask) -> Bools | None:
    """Return where the hair is ``(height, width)``; None if the mask does not say."""
    if family == "ccp":
        return np.asarray(mask == CCP_HAIR)
    if family == "nprportrait":
        return _of_colour(mask, "hair")
    return None


def has_glasses(family: str, mask: Mask) -> bool:
    """Tell whether a head's mask has glasses."""
    return family == "nprportrait" and bool(_of_colour(mask, "glasses").mean() > _BEARD_SHARES[0])


def answers(family: str, mask: Mask, pose: Floats) -> dict[str, bool]:
    """Return the true answers that a mask gives, by the question's name."""
    if family == "nprportrait":
        beard, hat = (float(_of_colour(mask, name).mean()) for name in ("beard", "headwear"))
        found = {"headwear": hat > _HAT_SHARE}
        if not _BEARD_SHARES[0] < beard < _BEARD_SHARES[1]:
            found["beard"] = beard >= _BEARD_SHARES[1]
        return found
    if family != "ccp":
        return {}
    shares = {name: _bare(mask, pose, name) for name in _LIMBS}
    found = {}
    for name, share in shares.items():
        low, high = _BARE_SHARES[name]
        if share is not None and not low < share < high:
            found[name] = share >= high
    return found


def numbers(family: str, mask: Mask, pose: Floats) -> dict[str, float]:
    """Return the true values that a mask gives, by the measure's name: the bare share of the worse limb."""
    if family != "ccp":
        return {}
    measures = {"bare_forearm": "forearm_bare", "bare_leg": "leg_bare"}
    found = {measures[name]: _bare(mask, pose, name) for name in _LIMBS}
    return {name: share for name, share in found.items() if share is not None}


def _bare(mask: Mask, pose: Floats, name: str) -> float | None:
    """Return the share of skin along the barer limb of those whose whole length lies in the picture."""
    height, width = mask.shape
    shares = []
    for joints in _LIMBS[name]:
        ends = zip(pose[list(joints), :2][:-1], pose[list(joints), :2][1:], strict=True)
        lines = [start + _ALONG[:, None] * (end - start) for start, end in ends]
        x, y = np.round(np.concatenate(lines)).astype(int).T
        if (x >= 0).all() and (y >= 0).all() and (x < width).all() and (y < height).all():
            shares.append(float((mask[y, x] == CCP_SKIN).mean()))
    return max(shares) if shares else None


def _of_colour(mask: Mask, name: str) -> Bools:
    off = np.abs(mask.astype(int) - HEAD_PARTS[name]).sum(axis=-1)
    return np.asarray(off < _NEAR)
