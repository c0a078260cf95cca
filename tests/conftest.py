"""What several tests share."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def footage() -> Path:
    """Return the folder of labelled footage beside the repository, or skip."""
    folder = ROOT.parent / "shared" / "footage"
    if not folder.is_dir():
        pytest.skip(f"no footage folder at {folder}")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of example clips that ships with the project."""
    return ROOT / "examples"


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Whoever starts the tests in the background hands an ignored Ctrl-C down to them and to the programs under test.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
