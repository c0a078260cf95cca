"""A PostgreSQL server of our own: a fresh cluster in a temporary folder, on loopback, not as root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg


def find_binaries() -> Path | None:
    """Return the folder of ``initdb`` and ``pg_ctl``, the newest version first; None where there is none."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).resolve().parent] if found else []
    return next((place for place in places if (place / "pg_ctl").exists() and (place / "initdb").exists()), None)


def why_not() -> str | None:
    """Return why no server can be started here, or None."""
    if find_binaries() is None:
        return "no PostgreSQL server here (Debian: apt-get install postgresql)"
    if os.name != "posix":
        return "the tests start PostgreSQL on POSIX systems only"
    if os.geteuid() == 0 and (shutil.which("runuser") is None or not _has_user("postgres")):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


class Postgres:
    """A running server."""

    def __init__(self) -> None:
        self._bin = find_binaries()
        assert self._bin is not None
        self._folder = Path(tempfile.mkdtemp(prefix="posture-check-pg-"))
        self._prefix: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
            self._prefix = ["runuser", "-u", "postgres", "--"]
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._data = self._folder / "data"
        self._run("initdb", "-D", self._data, "-U", "posture", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self._folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://posture@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.do(f"DROP DATABASE {name} WITH (FORCE)")

    def do(self, statement: str, name: str = "postgres") -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._prefix, str(self._bin / program), *map(str, arguments)]
        log = self._folder / "run.log"
        with log.open("ab") as out:  # a server keeps a pipe open for ever
            code = subprocess.run(
                command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd="/", timeout=60
            ).returncode
        assert code == 0, log.read_text()


def _has_user(name: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
