"""The addresses of the kiosk: its one page and its WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, WebSocket
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from posture_check.web.kiosk.page import Page
from posture_check.web.rendering import page

if TYPE_CHECKING:
    from posture_check.web.kiosk.desk import Desk
    from posture_check.web.settings import Settings


def kiosk_router(settings: Settings, desk: Desk) -> APIRouter:
    """Return the routes of the kiosk.

    Parameters
    ----------
    settings
        What the command line decided.
    desk
        The kiosk of this server.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def root() -> Response:
        return RedirectResponse("/kiosk", 307)

    @router.get("/kiosk")
    async def kiosk(request: Request) -> HTMLResponse:
        camera = "browser" if settings.browser_camera else "server"
        return page(request, "kiosk/kiosk.html", kiosk_lang=desk.lang, camera=camera)

    @router.websocket("/kiosk/ws")
    async def socket(websocket: WebSocket) -> None:
        await Page(websocket, desk).serve()

    return router
