"""``posture-check check``: one or a few sources, a table or a document each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import (
    BAD_INPUT,
    CalibrationOption,
    ExemptOption,
    LangOption,
    PersonOption,
    PostureOption,
    RoleName,
    RoleOption,
    RulesOption,
    SiteOption,
    StatureOption,
    chosen_language,
    complain,
    make_options,
    progress_bar,
)
from posture_check.errors import InputError

if TYPE_CHECKING:
    from posture_check.landmarks.track import TrackSet
    from posture_check.pipeline import Options
    from posture_check.reports.wording import Lang
    from posture_check.rules.result import Result

TRACK_SUFFIXES = (".npz",)

_WORST = (0, 3, 1, BAD_INPUT)
"""Exit codes from the best to the worst."""


def check(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Picture, video, folder, RTSP address, camera number, saved track (.npz) or simulate:NAME.",
            show_default=False,
        ),
    ],
    posture: PostureOption = ["auto"],  # noqa: B006 - typer copies defaults
    role: RoleOption = RoleName.A,
    site: SiteOption = "default",
    person: PersonOption = "largest",
    rules: RulesOption = None,
    calibration: CalibrationOption = None,
    stature_cm: StatureOption = None,
    exempt: ExemptOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result document and nothing else.")] = False,
    annotate: Annotated[
        Path | None,
        typer.Option("--annotate", metavar="OUT", help="Write an annotated video (.mp4) or picture (.png, .jpg)."),
    ] = None,
    track: Annotated[
        Path | None,
        typer.Option("--track", metavar="OUT", help="Save the landmarks (.npz), to run other rules on them later."),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Check a person from a picture, a video or a camera against the standard.

    Exit codes: 0 pass, 1 fail, 3 incomplete, 2 bad usage or bad input; of several sources, the worst.
    """
    options = make_options(posture, role, site, person, rules, calibration, stature_cm, exempt)
    language = chosen_language(lang)
    specs = _expanded(sources)
    if len(specs) > 1 and (json or annotate is not None or track is not None):
        raise InputError(f"{len(specs)} sources: --json, --annotate and --track take one; use 'posture-check audit'")
    _check_targets(specs, annotate, track)
    codes = []
    for spec in specs:
        try:
            codes.append(_check_one(spec, options, language, json, annotate, track))
        except InputError as error:
            complain(str(error))
            codes.append(BAD_INPUT)
    raise typer.Exit(max(codes, key=_WORST.index))


def _check_one(spec: str, options: Options, lang: Lang, json: bool, annotate: Path | None, track: Path | None) -> int:
    from posture_check.landmarks.track import save_tracks
    from posture_check.rules.result import EXIT_CODES

    with progress_bar() as progress:
        result, found = _judged(spec, options, progress)
    if track is not None:
        save_tracks(track, found)
    _print(result, lang, json)
    if annotate is not None:
        from posture_check.reports.annotate import annotate as draw

        with progress_bar() as progress:
            notes = draw(result, found, annotate, lang, options.max_rate_hz, progress)
        for note in notes:
            complain(note)
    for written in (track, annotate):
        if written is not None and not json:
            typer.echo(f"wrote {written}")
    return EXIT_CODES[result.verdict]


def _judged(spec: str, options: Options, progress: object) -> tuple[Result, TrackSet]:
    from posture_check import pipeline
    from posture_check.landmarks.track import load_tracks

    if Path(spec).suffix.lower() in TRACK_SUFFIXES:
        found = load_tracks(Path(spec))
        return pipeline.judge(found, options), found
    return pipeline.check(spec, options, progress)  # type: ignore[arg-type]  # a Progress, named in two places


def _print(result: Result, lang: Lang, json: bool) -> None:
    if json:
        _print_bytes(result.to_json(indent=2).encode() + b"\n")
        return
    from posture_check.reports.terminal import print_result

    print_result(result, lang)


def _print_bytes(content: bytes) -> None:
    """Print bytes, since a document is UTF-8 whatever the terminal's encoding is."""
    from posture_check.reports.terminal import forget_stdout

    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        forget_stdout()


def _expanded(sources: list[str]) -> list[str]:
    """Return the sources with each folder replaced by the recordings in it."""
    specs: list[str] = []
    for source in sources:
        if Path(source).is_dir():
            from posture_check.sources import expand_paths

            specs += expand_paths([source])
        else:
            specs.append(source)
    return specs


def _check_targets(specs: list[str], annotate: Path | None, track: Path | None) -> None:
    """Refuse what could not be written in the end before any work is done.

    Raises
    ------
    InputError
        If a target has an unknown suffix, no writable folder, or is the source itself.
    """
    if annotate is None and track is None:
        return
    from posture_check.reports.encode import PICTURE_SUFFIXES, VIDEO_SUFFIXES, check_target

    wanted = ((annotate, VIDEO_SUFFIXES + PICTURE_SUFFIXES, "--annotate"), (track, TRACK_SUFFIXES, "--track"))
    for out, suffixes, option in wanted:
        if out is None:
            continue
        check_target(out, suffixes, option)
        if out.exists() and Path(specs[0]).exists() and out.samefile(specs[0]):
            raise InputError(f"{option} {out}: is the source itself: choose another name")
