"""``posture-check calibrate board``, ``mat`` and ``mark``: what is printed, and what is clicked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

SheetOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write: .pdf or .png, in true scale.")]


class Marked(StrEnum):
    """Options that take four points."""

    SEAT = "seat"
    POINTS = "points"


def board(out: SheetOption) -> None:
    """Write the board for the lens on A4: print at 100 %, glue it on something stiff."""
    from posture_check.calibrate.sheets import SHEET_SUFFIXES, board_sheet, save_sheets
    from posture_check.reports.encode import check_target

    check_target(out, SHEET_SUFFIXES, "--out")
    _told(save_sheets([board_sheet()], out))


def mat(
    out: SheetOption,
    one_sheet: Annotated[
        str | None, typer.Option("--one-sheet", metavar="WxH", help="One large sheet of so many cm, for a print shop.")
    ] = None,
    seat: Annotated[bool, typer.Option("--seat", help="The marker for the chair's seat instead.")] = False,
) -> None:
    """Write the floor mat: four A4 sheets, laid at the corners of a rectangle."""
    from posture_check.calibrate import sheets
    from posture_check.calibrate.points import parse_lengths
    from posture_check.errors import InputError
    from posture_check.reports.encode import check_target

    check_target(out, sheets.SHEET_SUFFIXES, "--out")
    if seat and one_sheet:
        raise InputError("--one-sheet: not together with --seat: choose one")
    if seat:
        _told(sheets.save_sheets([sheets.seat_sheet()], out))
    elif one_sheet:
        page = sheets.mat_in_one(*parse_lengths(one_sheet, "--one-sheet"))
        _told(sheets.save_sheets([page], out, sheets.LARGE_PX_PER_MM))
    else:
        _told(sheets.save_sheets(sheets.mat_sheets(), out))


def mark(
    picture: Annotated[str, typer.Argument(metavar="PICTURE", help="Picture or video of the empty place.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Page to write (.html).")],
    what: Annotated[Marked, typer.Option("--for", help="Which option the points are for.")] = Marked.SEAT,
) -> None:
    """Write a page that turns four clicks into --seat or --points; open it in any browser."""
    from posture_check.calibrate.camera import first_frame
    from posture_check.calibrate.mark import marking_page, save_page
    from posture_check.reports.encode import check_target

    check_target(out, (".html",), "--out")
    save_page(marking_page(first_frame(picture).image, what.value), out)
    typer.echo(f"wrote {out}; open it in a browser, click the four points, copy the text below the picture")


def _told(written: list[Path]) -> None:
    names = ", ".join(map(str, written))
    typer.echo(f"wrote {names}; print at 100 % (no fitting to the page) and check the 10 cm ruler or the lengths")
