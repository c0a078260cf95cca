"""The application without station, and a browser's manners for talking to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

import posture_check.web
from posture_check.store import Store
from posture_check.web.admin import admin_router
from posture_check.web.security import Security, install_security
from posture_check.web.settings import Settings

HOME = "http://127.0.0.1:8000"
PAGE = {"accept": "text/html"}


class Camera:
    """A station that has one picture, or none."""

    def __init__(self, jpeg: bytes | None = None) -> None:
        self.jpeg = jpeg

    def picture(self) -> bytes | None:
        return self.jpeg


def make_app(store: Store, data_dir: Path, station: Any = None, **fields: Any) -> tuple[FastAPI, Security]:
    """Return an application with the administration pages, and a page that stands for the kiosk."""
    settings = Settings(data_dir=data_dir, **fields)
    app = FastAPI()
    security = install_security(app, settings, store)
    app.mount("/static", StaticFiles(directory=Path(posture_check.web.__file__).with_name("static")), name="static")
    app.include_router(admin_router(settings, store, station or Camera(), security))

    @app.get("/")
    def kiosk() -> dict[str, bool]:
        return {"kiosk": True}

    @app.get("/healthz")
    def healthz() -> dict[str, bool]:
        return {"ok": True}

    return app, security


class Browser(TestClient):
    """A client that asks for pages, does not follow redirects by itself, and copies form tokens."""

    def __init__(self, app: FastAPI, base_url: str = HOME) -> None:
        super().__init__(app, base_url=base_url, headers=PAGE, follow_redirects=False)

    def token(self, path: str = "/login") -> str:
        """Return the form token of a page."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text)
        assert found is not None, path
        return found[1]

    def log_in(self, login: str, secret: str, **fields: str) -> Any:
        """Log in as the page does it."""
        return self.post("/login", data={"login": login, "secret": secret, "csrf": self.token(), **fields})

    def submit(self, path: str, data: dict[str, Any] | None = None, page: str = "/admin/me", **more: Any) -> Any:
        """Send a form with the token of a page."""
        return self.post(path, data={"csrf": self.token(page), **(data or {})}, **more)
