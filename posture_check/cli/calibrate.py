"""``posture-check calibrate``: profiles of what does not move."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posture_check.errors import InputError

PROFILE_SUFFIXES = (".yaml", ".yml")

app = typer.Typer(help="Make calibration profiles.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep ``camera`` a command of its own while it is the only one."""


@app.command()
def camera(
    hfov_deg: Annotated[float, typer.Option("--hfov-deg", help="Field of view along the picture's longer side.")],
    height_m: Annotated[float, typer.Option("--height-m", help="Height of the lens above the floor.")],
    pitch_deg: Annotated[float, typer.Option("--pitch-deg", help="Tilt, looking down positive.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Profile to write (.yaml).")],
    roll_deg: Annotated[float, typer.Option("--roll-deg", help="Roll, camera turned clockwise positive.")] = 0.0,
    name: Annotated[str | None, typer.Option("--name", help="Name that results carry; by default the file's.")] = None,
) -> None:
    """Write the profile of a fixed camera from figures measured by hand."""
    from pydantic import ValidationError

    from posture_check.calibrate.profile import CameraProfile, Profile, save_profile
    from posture_check.reports.encode import check_target

    check_target(out, PROFILE_SUFFIXES, "--out")
    figures = {"hfov_deg": hfov_deg, "height_m": height_m, "pitch_deg": pitch_deg, "roll_deg": roll_deg}
    try:
        profile = Profile(name=name or out.stem, camera=CameraProfile(**figures))
    except ValidationError as error:
        first = error.errors()[0]
        option = f"--{first['loc'][0]}".replace("_", "-")
        raise InputError(f"{option} {first['input']}: {first['msg'].lower()}") from None
    save_profile(profile, out)
    typer.echo(f"wrote {out}; use it with --calibration {out}")
