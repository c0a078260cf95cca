"""``posture-check calibrate person``: one person's own upright."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import Progress, profile_target, progress_bar

if TYPE_CHECKING:
    from posture_check.landmarks.track import TrackSet
    from posture_check.pipeline import Options


def person(
    source: Annotated[
        str, typer.Option("--source", metavar="SOURCE", help="Ten seconds (or a picture) of standing well.")
    ],
    profile: Annotated[Path, typer.Option("--profile", metavar="FILE", help="Profile of the camera, to add to.")],
    name: Annotated[str, typer.Option("--name", help="Name or number of the person, kept in the profile.")],
    stature_cm: Annotated[
        float | None,
        typer.Option("--stature-cm", min=80, max=240, help="Their height; by default as the camera sees it."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write another profile than --profile.")
    ] = None,
) -> None:
    """Calibrate a person: stand upright, look ahead, face relaxed. Once from the front, once from the side."""
    from posture_check.calibrate.person import calibrate_person
    from posture_check.calibrate.profile import load_profile, save_profile
    from posture_check.pipeline import Options

    before = load_profile(profile)
    target = profile_target(out, profile)
    with progress_bar() as progress:
        found = found_in(source, Options(posture=("standing", "expression")), progress)
    made = calibrate_person(found, before, name.strip() or "?", stature_cm, source)
    save_profile(before.model_copy(update={"person": made}), target)
    shown = {
        "stature": f"{made.stature_cm:.0f} ± {made.stature_error_cm:.0f} cm" if made.stature_cm else None,
        "lean to the left": _angle(made.lean_side_deg),
        "lean forward": _angle(made.lean_fore_deg),
        "head down": _angle(made.head_pitch_deg),
        "mouth corners": None if made.mouth_corner_lift is None else f"{made.mouth_corner_lift:+.3f}",
    }
    typer.echo(", ".join(f"{what} {value or 'not seen'}" for what, value in shown.items()))
    typer.echo(f"wrote {target}; use it with --calibration {target}")


def found_in(source: str, options: Options, progress: Progress | None) -> TrackSet:
    """Return the tracks of a source, or of a saved track file."""
    from posture_check import pipeline
    from posture_check.landmarks.track import load_tracks

    if Path(source).suffix.lower() == ".npz":
        return load_tracks(Path(source))
    return pipeline.find_tracks(source, options, progress)


def _angle(degrees: float | None) -> str | None:
    return None if degrees is None else f"{degrees:+.1f}°"
