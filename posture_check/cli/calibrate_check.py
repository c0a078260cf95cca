"""``posture-check calibrate check``: whether the profile still fits the camera."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.calibrate_person import found_in
from posture_check.cli.common import LangOption, chosen_language, progress_bar

if TYPE_CHECKING:
    from posture_check.calibrate.check import Finding
    from posture_check.calibrate.profile import Profile

FITS, FITS_NOT, CANNOT_BE_TOLD = 0, 1, 3


def check(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Picture, video or camera of today.")],
    profile: Annotated[Path, typer.Option("--profile", metavar="FILE", help="Calibration profile.")],
    stature_cm: Annotated[
        float | None, typer.Option("--stature-cm", min=80, max=240, help="Height of the person who stands there.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Say whether a profile still fits its camera: the picture's shape, mat and markers, somebody who stands there.

    Exit codes: 0 it fits, 1 it does not, 3 it cannot be told, 2 bad usage.
    """
    from posture_check.calibrate.check import verdict
    from posture_check.calibrate.profile import load_profile

    language = chosen_language(lang)
    known = load_profile(profile)
    findings = _findings(known, source, stature_cm)
    fits = verdict(findings)
    words = {
        True: {"zh": "标定仍然准确", "en": "the profile fits"},
        False: {"zh": "标定已不准确", "en": "the profile does not fit"},
        None: {"zh": "看不出标定是否准确", "en": "it cannot be told"},
    }[fits]
    typer.echo(f"{known.name}: {words[language]}")
    for finding in findings:
        sign = {True: "+", False: "x", None: "-"}[finding.fits]
        typer.echo(f"{sign} {getattr(finding.text, language)}")
    raise typer.Exit({True: FITS, False: FITS_NOT, None: CANNOT_BE_TOLD}[fits])


def _findings(profile: Profile, source: str, stature_cm: float | None) -> list[Finding]:
    """Look at the picture's shape and markers first; at people only where those do not tell."""
    from posture_check.calibrate import check as looks
    from posture_check.calibrate.camera import frames_of
    from posture_check.calibrate.chair import fit_profile_seat
    from posture_check.errors import InputError
    from posture_check.pipeline import SIMULATION, Options
    from posture_check.rules.result import Text

    seen: list[Finding] = []
    is_picture = not source.startswith(SIMULATION) and Path(source).suffix.lower() != ".npz"
    if is_picture:
        from posture_check.sources import open_source

        with open_source(source) as opened:
            size = (opened.info.width, opened.info.height)
        shape = looks.check_shape(profile, size)
        if shape is not None:
            return [shape]
        seen = looks.check_markers(profile, frames_of(source, 2.0))
    if not any(finding.fits is not None for finding in seen):
        with progress_bar() as progress:
            found = found_in(source, Options(posture=("standing",)), progress)
        size = (found.source.width, found.source.height)
        shape = looks.check_shape(profile, size)
        seen.append(shape or looks.check_person(profile, found, stature_cm))
        if shape is not None:
            return seen
    try:
        fit_profile_seat(profile, size)
    except InputError as error:
        seen.append(looks.Finding(False, Text(zh=str(error), en=str(error))))
    return seen
