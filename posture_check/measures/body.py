"""The body in its room: a track seen through a scene, with what every measure shares.

Body axes: ``right``-handed room frame of :mod:`posture_check.measures.camera` (x to the camera's right, y up from the
floor, z away). Yaw is the person's turn against the camera: 0 faces it, positive when the camera stands towards the
person's left (90 sees the left side), 180 is the back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track
from posture_check.measures import offsets
from posture_check.measures.angles import from_horizontal, wrap_deg
from posture_check.measures.present import present
from posture_check.measures.scene import Scene, midpoint

Floats = NDArray[np.floating[Any]]

VISIBLE = 0.5
"""Visibility from which a landmark counts as seen (the pose model's own scale)."""
MANY = 4096
"""Frames whose neighbours are looked at at once, so that memory stays bounded."""
SINGLE_FRAME_NOISE = 0.003
"""Jitter of a landmark in a single picture, share of the apparent stature (median over the rendered clips)."""


@dataclass(frozen=True)
class Body:
    """One person's track in a scene.

    Attributes
    ----------
    track
        Landmarks over time.
    scene
        Camera and stature.
    partners
        Everybody else who is seen, frame by frame in step with this body; NaN where they are not there.
    """

    track: Track
    scene: Scene
    partners: tuple[Body, ...] = ()

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.track)

    def slice(self, start: int, stop: int) -> Body:
        """Return frames ``start`` to ``stop`` (exclusive) as a body of their own, with its partners."""
        return Body(
            self.track.slice(start, stop), self.scene, tuple(partner.slice(start, stop) for partner in self.partners)
        )

    def around(self, start: int, stop: int, before_s: float = 0.0, after_s: float = 0.0) -> Body:
        """Return a stretch of frames with so many seconds before and after it, as far as the track goes."""
        time = self.track.time_s
        if before_s > 0:
            start = int(np.searchsorted(time, time[start] - before_s))
        if after_s > 0:
            stop = int(np.searchsorted(time, time[stop - 1] + after_s, side="right"))
        return self.slice(start, stop)

    @property
    def xy(self) -> Floats:
        """``(frames, 33, 2)`` pixels."""
        return self.track.xy

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """``(frames, 33)`` whether the landmark lies in the picture."""
        width, height = self.track.size
        x, y = self.xy[..., 0], self.xy[..., 1]
        with np.errstate(invalid="ignore"):
            return np.asarray((x >= 0) & (x < width) & (y >= 0) & (y < height))

    @cached_property
    def seen(self) -> NDArray[np.bool_]:
        """``(frames, 33)`` whether the landmark lies in the picture and is visible."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.inside & (self.track.visibility >= VISIBLE))

    def middle(self, left: L, right: L) -> Floats:
        """``(frames, 2)`` pixels halfway between two landmarks."""
        return midpoint(self.xy, left, right)

    @cached_property
    def yaw_deg(self) -> Floats:
        """``(frames,)`` the person's yaw against the camera in degrees, from shoulder and hip lines."""
        world = self.track.world.astype(float)
        turns = [
            from_horizontal(world[:, a, 0] - world[:, b, 0], world[:, a, 2] - world[:, b, 2])
            for a, b in ((L.LEFT_SHOULDER, L.RIGHT_SHOULDER), (L.LEFT_HIP, L.RIGHT_HIP))
        ]
        # The two lines can straddle the wrap at 180 degrees, so the hips are unwrapped about the shoulders.
        hips = turns[0] + wrap_deg(turns[1] - turns[0])
        turned = wrap_deg((turns[0] + hips) / 2)
        return wrap_deg(-offsets.true_yaw_deg(turned, turned))

    @cached_property
    def typical_yaw_deg(self) -> float:
        """The median yaw over all frames in degrees, told across the wrap at 180; NaN if there is none."""
        yaw = self.yaw_deg[np.isfinite(self.yaw_deg)]
        if len(yaw) == 0:
            return float("nan")
        about = np.degrees(np.angle(np.exp(1j * np.radians(yaw)).sum()))
        return float(wrap_deg(about + np.median(wrap_deg(yaw - about))))

    @cached_property
    def steady_yaw_deg(self) -> Floats:
        """``(frames,)`` yaw as a running median over about a second: a standing trunk does not turn in a frame."""
        yaw, time = self.yaw_deg, self.track.time_s
        first = np.searchsorted(time, time - 0.5)
        last = np.minimum(np.searchsorted(time, time + 0.5), len(time) - 1)
        steady = np.empty_like(yaw)
        for some in np.array_split(np.arange(len(yaw)), len(yaw) // MANY + 1):
            near = first[some, None] + np.arange(int((last - first)[some].max(initial=0)) + 1)
            off = wrap_deg(yaw[np.minimum(near, len(yaw) - 1)] - yaw[some, None])
            off = np.sort(np.where(near <= last[some, None], off, np.nan), axis=1)
            # NaN sorts to the end; where a frame has no yaw of its own, all of its row is NaN.
            count = np.maximum(np.isfinite(off).sum(1), 1)
            middle = np.take_along_axis(off, np.stack([(count - 1) // 2, count // 2], axis=1), axis=1).mean(1)
            steady[some] = yaw[some] + middle
        return steady

    @cached_property
    def facing_x(self) -> Floats:
        """``(frames,)`` +1 where a person seen side-on looks to the picture's right, -1 to its left."""
        return np.where(self.yaw_deg > 0, -1.0, 1.0)

    @cached_property
    def near_side(self) -> str:
        """``LEFT`` or ``RIGHT``: the side nearer the camera."""
        return "LEFT" if self.typical_yaw_deg > 0 else "RIGHT"

    def near(self, name: str) -> L:
        """Return the landmark of that name on the side nearer the camera."""
        return L[f"{self.near_side}_{name}"]

    @cached_property
    def depth_m(self) -> Floats:
        """``(frames,)`` floor distance of the person from the camera in metres.

        With a calibrated camera from where the feet stand on the floor; else, or where they are not seen, from the
        apparent size of the trunk.
        """
        camera, stature = self.scene.camera, self.scene.stature_m
        ankles = self.middle(L.LEFT_ANKLE, L.RIGHT_ANKLE)
        standing = camera.on_plane(ankles, offsets.ANKLE_HEIGHT * stature)[:, 2]
        feet_seen = self.inside[:, [L.LEFT_ANKLE, L.RIGHT_ANKLE]].all(1)
        trunk_px = self.trunk_px
        by_size = camera.focal_px * offsets.TRUNK_LENGTH * stature / np.maximum(trunk_px, 1.0)
        plausible = feet_seen & (np.abs(np.log(np.maximum(standing, 1e-3) / by_size)) < 0.4)
        return np.asarray(np.where(plausible, standing, by_size))

    @cached_property
    def trunk_px(self) -> Floats:
        """``(frames,)`` length of the trunk in pixels."""
        shoulders, hips = self.middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), self.middle(L.LEFT_HIP, L.RIGHT_HIP)
        return np.asarray(np.linalg.norm(shoulders - hips, axis=-1))

    @cached_property
    def stature_px(self) -> Floats:
        """``(frames,)`` how many pixels the person's whole height would take."""
        return np.asarray(self.scene.stature_m / self.m_per_px)

    @cached_property
    def m_per_px(self) -> Floats:
        """``(frames,)`` metres that one pixel spans at the person."""
        camera = self.scene.camera
        return np.asarray(self.depth_m / camera.focal_px * np.cos(np.radians(camera.pitch_deg)))

    @cached_property
    def room(self) -> Floats:
        """``(frames, 33, 3)`` metres: every landmark put into the upright plane the person stands in."""
        return self.scene.camera.at_depth(self.xy.astype(float), self.depth_m[:, None])

    def noise_m(self, *landmarks: L) -> Floats:
        """``(frames,)`` jitter of a point (root mean square over the given landmarks) in metres."""
        noise = self.track.noise[list(landmarks)].astype(float)
        px = np.where(np.isfinite(noise), noise, SINGLE_FRAME_NOISE * float(present(np.nanmedian, self.stature_px)))
        return np.asarray(np.sqrt(np.mean(px**2)) * self.m_per_px)

    def noise_deg(self, length_m: Floats | float, *landmarks: L) -> Floats:
        """``(frames,)`` jitter in degrees of the direction of a line of ``length_m`` between two such points."""
        return np.asarray(np.degrees(np.sqrt(2) * self.noise_m(*landmarks) / np.maximum(length_m, 1e-3)))

    @cached_property
    def perturbed(self) -> list[Body]:
        """The same track in scenes that are off by one standard error, one figure at a time."""
        eyes = present(np.nanmedian, self.middle(L.LEFT_EYE, L.RIGHT_EYE), axis=0)
        ankles = present(np.nanmedian, self.middle(L.LEFT_ANKLE, L.RIGHT_ANKLE), axis=0)
        return [Body(self.track, scene) for scene in self.scene.perturbed(eyes, ankles)]


def scene_error(body: Body, quantity: Callable[[Body], Floats]) -> float:
    """Return the standard error that an uncertain camera and stature put on a quantity.

    Each uncertain figure is moved by its standard error in turn and the changes of the median are added in quadrature
    (first-order propagation).
    """
    middle = _median(quantity(body))
    changes = [_median(quantity(other)) - middle for other in body.perturbed]
    return float(np.sqrt(np.nansum(np.square(changes)))) if changes else 0.0


def _median(values: Floats) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")
