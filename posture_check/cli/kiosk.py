"""``posture-check kiosk``: serve the shift-start check on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posture_check.cli.common import (
    CalibrationOption,
    LangOption,
    RulesOption,
    SiteOption,
    chosen_language,
    complain,
)
from posture_check.errors import InputError

HostOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Address to listen on; any other than this machine's own needs a login.")
]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]
CameraOption = Annotated[
    str | None,
    typer.Option(
        metavar="browser|INDEX|URL|simulate:NAME",
        help="Which camera looks: the browser's own, one of this machine by its number, an rtsp:// address, or a "
        "simulated person (simulate:shift). By default the one chosen on the admin pages, else the browser's.",
        show_default=False,
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Folder of the records; by default the user's own data folder.", show_default=False
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Another database, such as postgresql://user@server/posture.", show_default=False),
]
ChecklistOption = Annotated[
    Path | None,
    typer.Option(
        "--checklist",
        metavar="FILE",
        help="Checklist; by default the one of the admin pages, else the one that ships.",
        show_default=False,
    ),
]
TlsCertOption = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="FILE", help="Certificate for https.", show_default=False)
]
TlsKeyOption = Annotated[
    Path | None, typer.Option("--tls-key", metavar="FILE", help="Key of the certificate.", show_default=False)
]
AllowHostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="NAME",
        help="A further name that the pages are opened by; give it several times for several.",
        show_default=False,
    ),
]
OpenOption = Annotated[bool, typer.Option("--open", help="Open the page in a browser, full-screen where that works.")]


def kiosk(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    camera: CameraOption = None,
    data_dir: DataDirOption = None,
    site: SiteOption = "default",
    database_url: DatabaseOption = None,
    rules: RulesOption = None,
    checklist: ChecklistOption = None,
    calibration: CalibrationOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    allow_host: AllowHostOption = None,
    lang: LangOption = None,
    open_page: OpenOption = False,
) -> None:
    """Serve the shift-start check: a full-screen page that guides a person, and the pages of its administrator.

    Everything stays on this machine, and nothing but it can reach the pages, unless --host says so.
    """
    from pydantic import ValidationError

    from posture_check.web.settings import Settings

    try:
        settings = Settings(
            host=host,
            port=port,
            camera=camera or "browser",
            data_dir=(data_dir or default_data_dir()).expanduser(),
            site=site,
            database_url=database_url,
            rules=rules,
            checklist=checklist,
            calibration=calibration,
            tls_cert=_readable(tls_cert, "--tls-cert"),
            tls_key=_readable(tls_key, "--tls-key"),
            allowed_hosts=tuple(allow_host or ()),
            lang=chosen_language(lang),
        )
    except ValidationError as error:
        raise InputError(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None
    try:
        from posture_check.web.serve import serve
    except ImportError as error:
        raise _not_installed(error) from None
    serve(settings, tell=typer.echo, warn=complain, choose_camera=camera is None, open_page=open_page)


def default_data_dir() -> Path:
    """Return the user's own folder for records."""
    from platformdirs import user_data_path

    return user_data_path("posture-check", appauthor=False)


def _readable(path: Path | None, option: str) -> Path | None:
    if path is not None and not path.is_file():
        raise InputError(f"{option} {path}: no such file")
    return path


def _not_installed(error: ImportError) -> InputError:
    return InputError(
        f"the kiosk needs more packages ({error.name} is missing): run pip install 'posture-check[kiosk]' first"
    )
