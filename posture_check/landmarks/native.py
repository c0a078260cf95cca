"""The native side of MediaPipe: the system libraries it needs, and its chatter on stderr."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from posture_check.errors import InputError

SHOW_LOGS_VARIABLE = "POSTURE_CHECK_NATIVE_LOGS"
"""Environment variable that, set to anything, lets the native log lines through."""

DEBIAN_PACKAGES = {"libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2", "libGL.so.1": "libgl1"}
"""Shared libraries that MediaPipe and cv2 load on Linux, also without a GPU, and their Debian packages."""

_STDERR = 2
_LOG_LINE = re.compile(rb"(?:[IWE]\d{4} \d\d:|(?:INFO|WARNING): )")
_redirect = threading.RLock()


def missing_system_libraries() -> list[str]:
    """Return the shared libraries that MediaPipe or cv2 need and this machine lacks; empty if none."""
    if not sys.platform.startswith("linux"):
        return []  # elsewhere the wheels use what the system always has
    return [name for name in DEBIAN_PACKAGES if not _loads(name)]


def library_cure(missing: list[str]) -> str:
    """Return how to install shared libraries, given by name."""
    packages = " ".join(DEBIAN_PACKAGES[name] for name in missing)
    return f"install them (Debian, Ubuntu: 'apt-get install {packages}')"


def require_system_libraries() -> None:
    """Check, before MediaPipe is imported, that its shared library can be loaded.

    Raises
    ------
    InputError
        If a system library is missing; one line with its cure.
    """
    missing = missing_system_libraries()
    if missing:
        raise InputError(f"landmark models: missing system libraries {', '.join(missing)}: {library_cure(missing)}")


@contextmanager
def quiet_native_logs() -> Iterator[None]:
    """Keep the log lines that native code writes to stderr while models start out of the user's sight.

    MediaPipe, TFLite and XNNPACK write to the file descriptor itself, whatever GLOG_minloglevel and
    TF_CPP_MIN_LOG_LEVEL say (tried on mediapipe 1.2.2), so the descriptor is redirected for the duration.
    Whatever is not such a log line is passed on at the end; after an error everything is (Ctrl-C is none). Wrap
    in it the creation of a model, and its frames up to the first with a person in it, which logs once more.
    ``POSTURE_CHECK_NATIVE_LOGS=1`` shows all.
    """
    if os.environ.get(SHOW_LOGS_VARIABLE):
        yield
        return
    with _redirect, tempfile.TemporaryFile() as caught:
        _flush()
        try:
            real = os.dup(_STDERR)
        except OSError:  # no stderr at all, as under pythonw
            yield
            return
        everything = False
        try:
            os.dup2(caught.fileno(), _STDERR)
            yield
        except Exception:
            everything = True
            raise
        finally:
            _flush()
            os.dup2(real, _STDERR)
            os.close(real)
            caught.seek(0)
            _pass_on(caught.read(), everything)


def _pass_on(text: bytes, everything: bool) -> None:
    kept = [line for line in text.splitlines(keepends=True) if everything or not _LOG_LINE.match(line.lstrip())]
    with suppress(OSError):
        os.write(_STDERR, b"".join(kept))


def _flush() -> None:
    # Python's own stderr may be absent, closed, or replaced by a test.
    with suppress(AttributeError, ValueError, OSError):
        sys.stderr.flush()


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
