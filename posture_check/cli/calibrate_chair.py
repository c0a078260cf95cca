"""``posture-check calibrate chair``: the seat, from four points of a picture or from a marker, and a ruler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import complain, profile_target
from posture_check.errors import InputError

if TYPE_CHECKING:
    from posture_check.calibrate.chair import SeatFit
    from posture_check.calibrate.profile import ChairProfile, Profile

MARK_FIRST = "or mark it with 'posture-check calibrate mark PICTURE --out mark.html'"


def chair(
    profile: Annotated[Path, typer.Option("--profile", metavar="FILE", help="Profile of the camera, to add to.")],
    seat_depth_cm: Annotated[float, typer.Option("--seat-depth-cm", help="From the front edge to the back edge.")],
    seat_height_cm: Annotated[float, typer.Option("--seat-height-cm", help="Of the seat's top above the floor.")],
    seat: Annotated[
        str | None,
        typer.Option(
            "--seat",
            metavar='"x,y x,y x,y x,y"',
            help="Pixels of the seat's top: front-left, front-right, back-right, back-left as the sitter sees them.",
        ),
    ] = None,
    picture: Annotated[
        str | None,
        typer.Option(
            "--picture", metavar="FILE", help="Picture the points are of; without --seat, of the seat marker."
        ),
    ] = None,
    front_gap_cm: Annotated[
        float, typer.Option("--front-gap-cm", help="Seat marker: from its upper edge to the seat's front edge.")
    ] = 0.0,
    marker_mm: Annotated[
        float, typer.Option("--marker-mm", min=20, max=500, help="Seat marker: its side as printed.")
    ] = 120.0,
    size: Annotated[
        str | None, typer.Option("--size", metavar="WxH", help="Size of the picture the points were taken in.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write another profile than --profile.")
    ] = None,
) -> None:
    """Calibrate the chair. The camera may stand anywhere from side-on to 45 degrees."""
    from posture_check.calibrate.chair import fit_profile_seat, likely_fit
    from posture_check.calibrate.profile import load_profile, save_profile

    before = load_profile(profile)
    target = profile_target(out, profile)
    made = _chair(before, seat, picture, size, seat_depth_cm, seat_height_cm, front_gap_cm, marker_mm)
    shape = made.size
    if shape is None:
        shape, fit = likely_fit(before, made)
        complain("note: the picture's size was not given; taken as {}x{}. --size WxH makes sure".format(*shape))
    else:
        checked = fit_profile_seat(before.model_copy(update={"chair": made}), shape)
        assert checked is not None
        fit = checked
    _show(fit, made)
    save_profile(before.model_copy(update={"chair": made}), target)
    typer.echo(f"wrote {target}; use it with --calibration {target}")


def warn_of_chair(profile: Profile) -> None:
    """Say when a chair that was calibrated before does not fit a camera that was calibrated anew."""
    from posture_check.calibrate.chair import fit_profile_seat

    try:
        fit_profile_seat(profile, profile.camera.size or (1280, 720))
    except InputError as error:
        complain(f"note: {error}; or calibrate the chair again")


def _chair(
    before: Profile,
    seat: str | None,
    picture: str | None,
    size: str | None,
    depth_cm: float,
    height_cm: float,
    gap_cm: float,
    marker_mm: float,
) -> ChairProfile:
    from pydantic import ValidationError

    from posture_check.calibrate.camera import first_frame
    from posture_check.calibrate.points import parse_points, parse_size
    from posture_check.calibrate.profile import ChairProfile
    from posture_check.calibrate.seat_marker import as_pixels, seat_from_marker

    if seat is None and picture is None:
        raise InputError(f"--seat: missing: give the seat's four corners in the picture, {MARK_FIRST}")
    frame = first_frame(picture) if picture else None
    shape = (frame.image.shape[1], frame.image.shape[0]) if frame else None
    if size is not None and shape is None:
        shape = parse_size(size, "--size")
    corners = parse_points(seat, "--seat") if seat is not None else None
    try:
        if corners is not None:
            made = ChairProfile(
                seat=as_pixels(corners), depth_cm=depth_cm, height_cm=height_cm, size=shape or before.camera.size
            )
        else:
            assert frame is not None
            assert shape is not None
            assert picture is not None
            ChairProfile(seat=((0, 0),) * 4, depth_cm=depth_cm, height_cm=height_cm)
            made = seat_from_marker(
                frame.image,
                before.camera.camera(*shape),
                depth_cm,
                height_cm,
                gap_cm,
                marker_mm,
                where=picture,
            )
    except ValidationError as error:
        first = error.errors()[0]
        option = f"--seat-{first['loc'][0]}".replace("_", "-")
        raise InputError(f"{option} {first['input']}: {first['msg'].lower()}") from None
    return made


def _show(fit: SeatFit, made: ChairProfile) -> None:
    from posture_check.calibrate.chair import DISAGREES_SIGMA

    turned = abs(fit.facing_deg)
    side = "left" if fit.facing_deg > 0 else "right"
    typer.echo(
        f"seat {fit.width_m * 100:.0f} cm wide, {made.depth_cm:g} cm deep (by the camera "
        f"{fit.implied_depth_m * 100:.1f} ± {fit.implied_error_m * 100:.1f}), edges within "
        f"{fit.chair.error_m * 100:.1f} cm"
    )
    typer.echo(f"the camera sees the sitter's {side} side, {turned:.0f}° from their front")
    if fit.off_sigma > DISAGREES_SIGMA:
        complain(
            f"note: camera and ruler disagree on the seat's depth by {fit.off_sigma:.1f} standard errors: check the "
            "points "
            "and the camera; the ruler was believed"
        )
    if not 40 <= turned <= 125:
        complain(
            "note: from here the share of the seat that is used can hardly be told: set the camera between side-on "
            "and 45°"
        )
