"""From a profile to a scene: the camera for pictures of a size, the chair in its room, the person's own upright."""

from __future__ import annotations

from posture_check.calibrate.chair import fit_profile_seat
from posture_check.calibrate.profile import PersonProfile, Profile
from posture_check.errors import InputError
from posture_check.measures.scene import ADULT_STATURE_ERROR_M, ADULT_STATURE_M, Neutral, Scene

SHAPES_ALIKE = 0.01
"""Pictures whose sides' ratios differ by less are of one shape."""


def profile_scene(profile: Profile, size: tuple[int, int], stature_m: float | None = None) -> Scene:
    """Return the scene of pictures of this size under a profile.

    The seat's known depth corrects the camera within its errors, so that chair and sitter are seen by one camera.

    Parameters
    ----------
    profile
        What was calibrated.
    size
        Width and height of the pictures in pixels.
    stature_m
        The person's height if the user gave it; it goes before the profile's.

    Raises
    ------
    InputError
        If the profile is of pictures of another shape, or its chair does not fit its camera.
    """
    if not same_shape(profile.camera.size, size):
        of, here = ("{}x{}".format(*s) for s in (profile.camera.size or size, size))
        raise InputError(
            f"calibration {profile.name}: made for pictures of {of}, this one is {here}, another shape: "
            "calibrate the camera again in this mode, or set the camera back",
            zh=f"标定 {profile.name}：是为 {of} 的画面做的，这张是 {here}，形状不同："
            "请在此模式下重新标定，或把摄像机调回",
        )
    fit = fit_profile_seat(profile, size)
    camera = fit.camera if fit else profile.camera.camera(*size)
    person = profile.person
    stature, error = ADULT_STATURE_M, ADULT_STATURE_ERROR_M
    if stature_m is not None:
        stature, error = stature_m, 0.01
    elif person is not None and person.stature_cm is not None:
        stature, error = person.stature_cm / 100, person.stature_error_cm / 100
    return Scene(camera, True, stature, error, fit.chair if fit else None, neutral_of(person))


def same_shape(made_for: tuple[int, int] | None, size: tuple[int, int]) -> bool:
    """Say whether pictures of one size show what those of another do, only finer or coarser; unknown counts as yes.

    A camera turned upright sees another part of the room, but its field of view along the longer side stays.
    """
    if made_for is None:
        return True
    (a, b), (c, d) = made_for, size
    return any(abs(a / b / ratio - 1) < SHAPES_ALIKE for ratio in (c / d, d / c))


def neutral_of(person: PersonProfile | None) -> Neutral | None:
    """Return the person's own upright as measures take it."""
    if person is None:
        return None
    return Neutral(
        lean_fore_deg=person.lean_fore_deg,
        lean_side_deg=person.lean_side_deg,
        head_pitch_deg=person.head_pitch_deg,
        mouth_corner_lift=person.mouth_corner_lift,
        error_deg=person.error_deg,
    )
