"""What has to be so before the server listens, and what is told to whoever starts it."""

from __future__ import annotations

from posture_check.errors import InputError
from posture_check.store import Store
from posture_check.web.security.logins import Security, has_administrator
from posture_check.web.settings import Settings

TLS_HINT = (
    "give --tls-cert FILE and --tls-key FILE (your own certificate authority's, or one made by "
    "'openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj /CN=kiosk -keyout key.pem -out cert.pem')"
)


def exposure_notes(settings: Settings, store: Store) -> list[str]:
    """Return what to tell before listening on these settings.

    Raises
    ------
    InputError
        If other machines could reach the server and nobody could log in.
    """
    if settings.loopback:
        return []
    if not has_administrator(store):
        raise InputError(
            f"--host {settings.host}: other machines can reach this address, so it needs a login: make an "
            "administrator first with 'posture-check account add NAME' (same --data-dir or --database-url); and "
            f"{TLS_HINT}"
        )
    if settings.tls:
        return []
    return [
        f"note: --host {settings.host} without TLS: passwords and pictures cross the network readable, and browsers on "
        f"other machines give no camera to a page without it: {TLS_HINT}"
    ]


def announce_setup(security: Security, base_url: str) -> str | None:
    """Return the line that tells how the first administrator is made; None where there is one."""
    if security.setup_code is None:
        return None
    return (
        f"no administrator yet: open {base_url.rstrip('/')}/setup and enter the code {security.setup_code} "
        "(or 'posture-check account add NAME')"
    )
