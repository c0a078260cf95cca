"""The administration pages: roster, board, history, checklist, camera, retention, accounts, audit log."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request

from posture_check.store import Store
from posture_check.web.security import Security
from posture_check.web.settings import Settings

__all__ = ["admin_router"]


def admin_router(settings: Settings, store: Store, station: Any, security: Security) -> APIRouter:
    """Return the routes under ``/admin``.

    Parameters
    ----------
    settings
        Of the server.
    store
        Records.
    station
        Gives the newest picture (``picture() -> bytes | None``) for the calibration; may be None.
    security
        What ``install_security`` returned.
    """
    from posture_check.web.admin import (
        accounts,
        appraisal,
        audit,
        board,
        camera,
        checklist,
        history,
        inspect,
        retention,
        roster,
        shifts,
    )
    from posture_check.web.admin.desk import Desk

    desk = Desk(settings, store, station, security)

    def seat(request: Request) -> None:
        request.state.desk = desk

    router = APIRouter(prefix="/admin", dependencies=[Depends(seat)], include_in_schema=False)
    router.add_api_route("", board.index, methods=["GET"])
    pages = (board, history, shifts, appraisal, inspect, roster, checklist, camera, retention, accounts, audit)
    for module in pages:
        router.include_router(module.router)
    return router
