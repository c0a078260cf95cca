"""Logins, sessions, form tokens, counted tries, and what every request has to pass."""

from __future__ import annotations

from fastapi import FastAPI

from posture_check.store import Store
from posture_check.web.security.exposure import announce_setup, exposure_notes
from posture_check.web.security.forms import posted
from posture_check.web.security.guard import Guard
from posture_check.web.security.logins import LoginAnswer, PinAnswer, Security
from posture_check.web.settings import Settings

__all__ = [
    "LoginAnswer",
    "PinAnswer",
    "Security",
    "announce_setup",
    "exposure_notes",
    "install_security",
    "posted",
]


def install_security(app: FastAPI, settings: Settings, store: Store) -> Security:
    """Put the guard before every page of an application, and give it its login pages.

    Parameters
    ----------
    app
        The application; ``app.state.security`` is set.
    settings
        Where it listens; on anything but this machine itself every page needs a login.
    store
        Accounts and the audit log.
    """
    from posture_check.web.security.refusals import tell_refusals
    from posture_check.web.security.routes import router

    security = Security(settings, store)
    app.state.security = security
    app.add_middleware(Guard, settings=settings, sessions=security.sessions, find=security.find)
    app.include_router(router)
    tell_refusals(app)
    return security
