"""Runs the web server until it is told to stop, and says where it is."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
import webbrowser
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from posture_check.errors import InputError
from posture_check.sources.address import without_password
from posture_check.station.station import Station
from posture_check.store import open_store
from posture_check.web.app import create_app
from posture_check.web.chosen import active_camera
from posture_check.web.security import announce_setup, exposure_notes
from posture_check.web.settings import Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge", "msedge", "chrome")
BROWSER_FLAGS = ("--kiosk", "--noerrdialogs", "--autoplay-policy=no-user-gesture-required")
MOST_MESSAGE_BYTES = 4 * 2**20
STOP_WITHIN_S = 3


def serve(
    settings: Settings,
    *,
    tell: Callable[[str], None],
    warn: Callable[[str], None],
    choose_camera: bool,
    open_page: bool,
) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Parameters
    ----------
    settings
        What the command line decided.
    tell, warn
        Print a line for the person who started it, and a warning.
    choose_camera
        Whether the camera that was chosen on the admin pages is taken instead of that of the settings.
    open_page
        Whether to open the page in a browser.

    Raises
    ------
    InputError
        If the address is taken or not this machine's, if the records, rules or checklist cannot be read, or if the
        address needs a login and there is no administrator.
    """
    listener = _listen(settings)
    with listener, open_store(settings.database_url, settings.data_dir) as store:
        for note in exposure_notes(settings, store):
            warn(note)
        if choose_camera:
            settings = settings.model_copy(update={"camera": active_camera(store, settings.camera)})
        app = create_app(settings, store, Station(settings.camera))
        address = settings.address(listener.getsockname()[1])
        server = _Server(_config(settings, app))
        tell(f"The kiosk is at {address} (camera: {without_password(settings.camera)}; records: {store.where})")
        if line := announce_setup(app.state.security, address):
            tell(line)
        tell("Ctrl-C ends it; a check under way goes on at the next start.")
        if open_page:
            server.when_up = lambda: _open(address)
        server.run(sockets=[listener])
    if server.failed:
        raise InputError("the kiosk could not start: see the lines above")


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it answers."""

    when_up: Callable[[], None] | None = None
    failed = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.failed = self.should_exit
        if self.when_up is not None and not self.failed:
            self.when_up()


def _config(settings: Settings, app: FastAPI) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=max(MOST_MESSAGE_BYTES, settings.max_frame_bytes),
        ws_per_message_deflate=False,  # pictures are packed already
        timeout_graceful_shutdown=STOP_WITHIN_S,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )


def _listen(settings: Settings) -> socket.socket:
    """Return the socket to listen on, so that a taken port is told before anything is started."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise InputError(
            f"--host {settings.host} --port {settings.port}: cannot listen there ({error.strerror or error}); "
            "another kiosk may be running: choose another --port"
        ) from None
    if settings.tls_cert is not None and settings.tls_key is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
        except (ssl.SSLError, OSError) as error:
            listener.close()
            raise InputError(f"--tls-cert {settings.tls_cert}: not usable with its key ({error})") from None
    return listener


def _open(address: str) -> None:
    """Open a browser, full-screen where one is found that can be told so."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        webbrowser.open(address)
        return
    subprocess.Popen(
        [program, *BROWSER_FLAGS, f"--app={address}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
