"""Today's board: who passed, who did not, and who is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posture_check.store.records import Board, BoardRow, BoardStatus
from posture_check.store.times import local_day
from posture_check.web.admin.desk import AtDesk, Desk, InLang
from posture_check.web.rendering import page
from posture_check.web.security.forms import Supervisor
from posture_check.web.texts import both, sayer

router = APIRouter()

STATUS = {
    "passed": both("合格", "passed"),
    "overridden": both("主管放行", "let start"),
    "failed": both("不合格", "failed"),
    "incomplete": both("未完成", "incomplete"),
    "running": both("进行中", "running"),
    "missing": both("未检查", "missing"),
}
ORDER: tuple[BoardStatus, ...] = ("missing", "failed", "incomplete", "running", "overridden", "passed")
"""Those that ask for something first."""


def today(desk: Desk) -> date:
    """Return the site's day."""
    return local_day(datetime.now(UTC), desk.zone)


def parse_day(text: str, default: date) -> date:
    """Return a day of an address, or the default where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


def chosen_rows(board: Board, team: str, counter: str, status: str) -> list[BoardRow]:
    """Return the rows that were asked for, those that need something first."""
    rows = [
        row
        for row in board.rows
        if (not team or row.staff.team == team)
        and (not counter or row.staff.counter == counter)
        and (not status or row.status == status)
    ]
    return sorted(rows, key=lambda row: (ORDER.index(row.status), row.staff.team, row.staff.number))


def index(who: Supervisor) -> Response:
    """Lead to the board."""
    return RedirectResponse("/admin/board", 303)


@router.get("/board")
def show(
    request: Request,
    who: Supervisor,
    desk: AtDesk,
    lang: InLang,
    day: str = "",
    team: str = "",
    counter: str = "",
    status: str = "",
    part: str = "",
) -> Response:
    """Show a day's board; with ``part`` only what refreshes itself."""
    now = today(desk)
    shown = parse_day(day, now)
    board = desk.store.board(shown)
    rows = chosen_rows(board, team, counter, status)
    counted = chosen_rows(board, team, counter, "")
    t = sayer(lang)
    return page(
        request,
        "admin/board_part.html" if part else "admin/board.html",
        board=board,
        rows=rows,
        counts={name: sum(row.status == name for row in counted) for name in ORDER},
        order=ORDER,
        status_words={name: t(text.zh, text.en) for name, text in STATUS.items()},
        teams=sorted({row.staff.team for row in board.rows if row.staff.team}),
        counters=sorted({row.staff.counter for row in board.rows if row.staff.counter}),
        team=team,
        counter=counter,
        chosen=status,
        day=shown,
        is_today=shown == now,
        now=datetime.now(UTC),
    )
