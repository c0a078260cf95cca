"""``posture-check calibrate``: profiles of what does not move.

Camera and floor are here, the rest in files of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli import calibrate_chair, calibrate_check, calibrate_person, calibrate_sheets
from posture_check.cli.common import profile_target
from posture_check.errors import InputError

if TYPE_CHECKING:
    from posture_check.calibrate.floor import FloorFit
    from posture_check.calibrate.lens import LensFit
    from posture_check.calibrate.profile import CameraProfile, FloorProfile, Profile

ProfileOption = Annotated[
    Path, typer.Option("--profile", metavar="FILE", help="Calibration profile (.yaml) to add to.", show_default=False)
]

app = typer.Typer(help="Make and check calibration profiles: camera, floor, chair, person.", no_args_is_help=True)


@app.command()
def camera(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Profile to write (.yaml).")],
    pictures: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PICTURE]",
            help="Pictures or a video of the printed board, instead of --hfov-deg.",
            show_default=False,
        ),
    ] = None,
    hfov_deg: Annotated[
        float | None, typer.Option("--hfov-deg", help="Field of view along the picture's longer side.")
    ] = None,
    height_m: Annotated[float | None, typer.Option("--height-m", help="Height of the lens above the floor.")] = None,
    pitch_deg: Annotated[float | None, typer.Option("--pitch-deg", help="Tilt, looking down positive.")] = None,
    roll_deg: Annotated[
        float | None, typer.Option("--roll-deg", help="Roll, camera turned clockwise positive.")
    ] = None,
    level: Annotated[bool, typer.Option("--level", help="The camera was set level: no tilt, no roll.")] = False,
    on_floor: Annotated[
        str | None,
        typer.Option("--on-floor", metavar="PICTURE", help="Picture of the board on the floor: height, tilt, roll."),
    ] = None,
    square_mm: Annotated[
        float | None, typer.Option("--square-mm", min=5, max=500, help="Side of the board's squares as printed.")
    ] = None,
    size: Annotated[
        str | None, typer.Option("--size", metavar="WxH", help="Size of this camera's pictures, to notice another one.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name that results carry; by default the file's.")] = None,
) -> None:
    """Write the profile of a fixed camera, from figures or from pictures of the printed board."""
    from posture_check.calibrate.boards import SQUARE_MM
    from posture_check.calibrate.camera import camera_profile, floor_in_picture, lens_from, lens_profile, placed_camera
    from posture_check.calibrate.points import parse_size
    from posture_check.calibrate.profile import Profile

    profile_target(out, None)
    _one_place(height_m, pitch_deg, roll_deg, level, on_floor)
    if hfov_deg is None and not pictures:
        raise InputError("--hfov-deg: missing: give the field of view, or pictures of the board")
    if hfov_deg is not None and pictures:
        raise InputError("--hfov-deg: not together with pictures of the board: choose one")
    shape = parse_size(size, "--size") if size else None
    fit = lens_from(pictures, square_mm or SQUARE_MM) if pictures else None
    if fit is not None:
        _show_lens(fit)
        shape = fit.size
    hfov = (fit.hfov_deg, fit.error_deg) if fit else (hfov_deg or 0.0, 1.0)
    made: CameraProfile
    floor: FloorProfile | None = None
    if on_floor is not None:
        camera_profile(hfov_deg=hfov[0], height_m=1.0, pitch_deg=0.0)
        found, floor = floor_in_picture(on_floor, None, hfov, square_mm)
        _show_floor(found)
        made = placed_camera(found)
    else:
        made = camera_profile(
            hfov_deg=hfov[0],
            height_m=height_m,
            pitch_deg=0.0 if level else pitch_deg,
            roll_deg=0.0 if level else roll_deg,
            hfov_error_deg=hfov[1],
            size=shape,
        )
    _save(Profile(name=name or out.stem, camera=made, lens=lens_profile(fit) if fit else None, floor=floor), out)


@app.command()
def floor(
    profile: ProfileOption,
    points: Annotated[
        str | None,
        typer.Option(
            "--points", metavar='"x,y x,y x,y x,y"', help="A rectangle's corners in the picture, going round."
        ),
    ] = None,
    size_cm: Annotated[
        str | None,
        typer.Option("--size-cm", metavar="WxH", help="Its lengths: from point 1 to 2, and from 2 to 3; or the mat's."),
    ] = None,
    picture: Annotated[
        str | None, typer.Option("--picture", metavar="FILE", help="Picture of the mat, or of the board, on the floor.")
    ] = None,
    hfov_deg: Annotated[
        float | None, typer.Option("--hfov-deg", help="Field of view; by default the profile's.")
    ] = None,
    find_hfov: Annotated[
        bool, typer.Option("--find-hfov", help="Find the field of view from the points, too.")
    ] = False,
    size: Annotated[
        str | None, typer.Option("--size", metavar="WxH", help="Size of the picture the points were taken in.")
    ] = None,
    square_mm: Annotated[
        float | None, typer.Option("--square-mm", min=5, max=500, help="Side of the board's squares as printed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write another profile than --profile.")
    ] = None,
) -> None:
    """Find the camera's height, tilt and roll from a mat, or from a rectangle of known size, on the floor."""
    from posture_check.calibrate.camera import camera_profile, floor_in_picture, floor_profile, placed_camera
    from posture_check.calibrate.floor import fit_floor, rectangle
    from posture_check.calibrate.points import parse_lengths, parse_points
    from posture_check.calibrate.profile import Profile, load_profile

    target = profile_target(out, profile)
    if (points is None) == (picture is None):
        raise InputError("calibrate floor: give either --points with --size-cm, or --picture")
    before = load_profile(profile) if profile.exists() else None
    lengths = parse_lengths(size_cm, "--size-cm") if size_cm else None
    hfov = _field_of_view(before, hfov_deg, find_hfov)
    if hfov is not None:
        camera_profile(hfov_deg=hfov[0], height_m=1.0, pitch_deg=0.0)
    if picture is not None:
        fit, kept = floor_in_picture(picture, lengths, hfov, square_mm)
    else:
        if lengths is None:
            raise InputError("--size-cm: missing: give the rectangle's two lengths in centimetres, as 100x80")
        corners = parse_points(points or "", "--points")
        ground = rectangle(lengths[0] / 100, lengths[1] / 100)
        fit = fit_floor(corners, ground, _picture_size(before, size), hfov)
        kept = floor_profile("points", fit, corners, ground)
    _show_floor(fit)
    made = placed_camera(fit)
    after = (
        before.model_copy(update={"camera": made, "floor": kept})
        if before
        else Profile(name=target.stem, camera=made, floor=kept)
    )
    calibrate_chair.warn_of_chair(after)
    _save(after, target)


def _one_place(
    height_m: float | None, pitch_deg: float | None, roll_deg: float | None, level: bool, on_floor: str | None
) -> None:
    """Refuse a camera whose place is given twice or not at all."""
    if on_floor is not None:
        if level or any(figure is not None for figure in (height_m, pitch_deg, roll_deg)):
            raise InputError("--on-floor: not together with --height-m, --pitch-deg, --roll-deg or --level: choose one")
        return
    if level and (pitch_deg is not None or roll_deg is not None):
        raise InputError("--level: not together with --pitch-deg or --roll-deg: choose one")
    if height_m is None:
        raise InputError("--height-m: missing: give the height of the lens above the floor, or --on-floor PICTURE")
    if pitch_deg is None and not level:
        raise InputError("--pitch-deg: missing: give the tilt, --level, or --on-floor PICTURE")


def _field_of_view(before: Profile | None, hfov_deg: float | None, find: bool) -> tuple[float, float] | None:
    if find:
        return None
    if hfov_deg is not None:
        return hfov_deg, 1.0
    if before is None:
        raise InputError(
            "--hfov-deg: missing: give the field of view, or --find-hfov, or the --profile of 'posture-check calibrate "
            "camera'"
        )
    return before.camera.hfov_deg, before.camera.hfov_error_deg


def _picture_size(before: Profile | None, size: str | None) -> tuple[int, int]:
    from posture_check.calibrate.points import parse_size

    if size is not None:
        return parse_size(size, "--size")
    if before is not None and before.camera.size is not None:
        return before.camera.size
    raise InputError("--size: missing: give the size of the picture that the points were taken in, as 1280x720")


def _show_lens(fit: LensFit) -> None:
    typer.echo(
        f"field of view {fit.hfov_deg:.1f} ± {fit.error_deg:.1f}° from {fit.views} views, {fit.corners} corners, "
        f"{fit.reprojection_px:.2f} px off"
    )
    if fit.bend_px > 0.01 * max(fit.size):
        typer.echo(
            f"note: the lens bends lines by up to {fit.bend_px:.0f} px at the picture's edge, which is not "
            "corrected: let people stand in the middle"
        )


def _show_floor(fit: FloorFit) -> None:
    camera = fit.camera
    typer.echo(
        f"camera {camera.height_m:.2f} ± {camera.height_error_m:.2f} m high, tilt {camera.pitch_deg:.1f} ± "
        f"{camera.pitch_error_deg:.1f}°, roll {camera.roll_deg:.1f} ± {camera.roll_error_deg:.1f}°, field of view "
        f"{camera.hfov_deg:.1f} ± {camera.hfov_error_deg:.1f}°"
    )
    typer.echo(
        f"points {fit.nearest_m:.1f} to {fit.furthest_m:.1f} m away, {fit.residual_px:.1f} px or "
        f"{fit.residual_cm:.1f} cm "
        "off the model"
    )


def _save(profile: Profile, out: Path) -> None:
    from posture_check.calibrate.profile import save_profile

    save_profile(profile, out)
    typer.echo(f"wrote {out}; use it with --calibration {out}")


app.command("chair")(calibrate_chair.chair)
app.command("person")(calibrate_person.person)
app.command("board")(calibrate_sheets.board)
app.command("mat")(calibrate_sheets.mat)
app.command("mark")(calibrate_sheets.mark)
app.command("check")(calibrate_check.check)
