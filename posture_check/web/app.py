"""The web server: the kiosk's page and socket, the admin pages, and what guards them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from posture_check import __version__
from posture_check.rules.loader import load_rules
from posture_check.web.admin import admin_router
from posture_check.web.kiosk.desk import Desk
from posture_check.web.kiosk.routes import kiosk_router
from posture_check.web.security import install_security

if TYPE_CHECKING:
    from posture_check.station.station import Station
    from posture_check.store import Store
    from posture_check.web.settings import Settings

STATIC = Path(__file__).resolve().parent / "static"


def create_app(settings: Settings, store: Store, station: Station) -> FastAPI:
    """Return the server's application.

    The station is started and stopped with the application; the store stays the caller's to close.

    Parameters
    ----------
    settings
        What the command line decided.
    store
        The records.
    station
        Camera and vision, not started yet.

    Raises
    ------
    InputError
        If the rules or the checklist cannot be read.
    """
    book = load_rules(settings.rules, settings.site)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await desk.open()
        try:
            yield
        finally:
            await desk.close()

    app = FastAPI(
        title="posture-check",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    security = install_security(app, settings, store)
    desk = Desk(settings, store, station, book, security)
    app.state.desk = desk
    app.state.newest_jpeg = desk.newest_jpeg
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(kiosk_router(settings, desk))
    app.include_router(admin_router(settings, store, station, security))

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        """Say that the server answers, and how the station is."""
        return JSONResponse({"ok": True, "version": __version__, "station": desk.health.model_dump(mode="json")})

    return app
