"""The settings of the web server, each with its meaning and bounds."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Settings(BaseModel):
    """What the command line decides; everything else is set on the admin pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on; anything but this machine itself needs a login.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    camera: str = Field("browser", description="browser, a camera's number, an rtsp:// address, or simulate:NAME.")
    data_dir: Path = Field(description="Folder of the database and everything else that is kept.")
    site: str = Field("default", description="Name of the site, or its file of changes to the rules.")
    database_url: str | None = Field(None, description="Another database, as an SQLAlchemy address.")
    rules: Path | None = Field(None, description="Rules file; None is the one that ships.")
    checklist: Path | None = Field(None, description="Checklist file; None is the site's own, else the one that ships.")
    calibration: Path | None = Field(None, description="Calibration profile of the camera.")
    tls_cert: Path | None = Field(None, description="Certificate, where the server itself speaks TLS.")
    tls_key: Path | None = Field(None, description="Key of the certificate.")
    allowed_hosts: tuple[str, ...] = Field((), description="Further host names that the pages are opened by.")
    lang: Literal["zh", "en"] = Field("zh", description="Language the kiosk returns to between people.")
    max_frame_bytes: int = Field(
        4_000_000, ge=10_000, le=50_000_000, description="Largest picture that a browser may send."
    )
    max_message_bytes: int = Field(16_384, ge=1024, le=1_000_000, description="Largest message that a page may send.")

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Settings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("--tls-cert and --tls-key go together: give both, or neither")
        return self

    @property
    def loopback(self) -> bool:
        """Whether only programs on this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def browser_camera(self) -> bool:
        """Whether the page takes the pictures."""
        return self.camera == "browser"

    @property
    def tls(self) -> bool:
        """Whether the server itself speaks TLS."""
        return self.tls_cert is not None

    def address(self, port: int | None = None) -> str:
        """Return the address to open in a browser."""
        host = self.host
        if host in ("0.0.0.0", "::"):
            host = "127.0.0.1"
        if ":" in host:
            host = f"[{host}]"
        return f"http{'s' if self.tls else ''}://{host}:{self.port if port is None else port}/"


def is_loopback(host: str) -> bool:
    """Return whether an address of a listener is of this machine alone; a name other than localhost is not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
