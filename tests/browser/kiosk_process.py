"""The real server as a process of its own, to be started, killed and started again on the same data."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

START_S = 120.0
"""Loading everything on two busy cores."""


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class KioskProcess:
    """``posture-check kiosk`` on a free port and a folder of its own.

    Parameters
    ----------
    data_dir
        Its ``--data-dir``, which may hold a database already.
    options
        Further words of the command line.
    """

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir, self.options = data_dir, options
        self.port = free_port()
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the first page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Number of the server's process."""
        assert self._process is not None
        return self._process.pid

    def start(self, *, seeing: bool = True) -> Self:
        """Start the server and wait until it answers and, by default, until its camera and models are ready."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-m", "posture_check.cli", "kiosk", "--port", str(self.port)]
        words += ["--data-dir", str(self.data_dir), "--lang", "zh", *self.options]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment
            )
        try:
            self._wait(seeing)
        except BaseException:  # nobody has it yet who could end it
            self._process.kill()
            self._process.wait(10)
            self._process = None
            raise
        return self

    def _wait(self, seeing: bool) -> None:
        """Wait for the server; fail with its last words if it ends instead."""
        deadline = time.monotonic() + START_S
        while not self.answers(seeing):
            assert self._process is not None
            code = self._process.poll()
            assert code is None, f"the server ended with {code}:\n{self.last_words()}"
            assert time.monotonic() < deadline, f"not ready within {START_S:g} s:\n{self.last_words()}"
            time.sleep(0.05)

    def answers(self, seeing: bool = False) -> bool:
        """Return whether the server answers and, where asked for, whether its camera and models are ready."""
        with contextlib.suppress(urllib.error.URLError, OSError):
            station = json.load(urllib.request.urlopen(f"{self.url}/healthz", timeout=2))["station"]
            return not seeing or (station["vision"] == "ok" and station["camera"] in ("ok", "browser"))
        return False

    def last_words(self) -> str:
        """Return the end of what the server printed."""
        return self.log.read_text(errors="replace")[-1200:] if self.log.exists() else ""

    def kill(self) -> None:
        """End it as a power cut would: nothing is tidied up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        self._process = None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end and return its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        try:
            return self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
            raise
        finally:
            self._process = None

    def __enter__(self) -> Self:
        return self if self._process is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
