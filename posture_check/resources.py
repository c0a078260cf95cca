"""Where the files that ship with the package are: in a source checkout and in an installed wheel.

A checkout keeps ``rules.yaml`` and ``models/`` at its root, where people look for them; the wheel carries
them inside the package, under ``posture_check/data``. Everything else asks here and need not know which.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from posture_check.errors import InputError

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "data", _PACKAGE.parent)


def resource_path(name: str) -> Path:
    """Return the path of a file or folder that ships with the package.

    Parameters
    ----------
    name
        Name relative to the checkout's root, for example ``"rules.yaml"``.

    Raises
    ------
    InputError
        If the installation lacks it.
    """
    for place in _PLACES:
        if (place / name).exists():
            return place / name
    raise InputError(f"{name}: missing from this installation ({_PACKAGE}): install posture-check again")


def rules_path() -> Path:
    """Return the path of the default ``rules.yaml``."""
    return resource_path("rules.yaml")


def models_dir() -> Path:
    """Return the folder of our own models and of the manifest of third-party ones."""
    return resource_path("models")


@functools.cache
def own_model_sha256(name: str) -> str:
    """Return the SHA-256 of a model that we trained, by its name without suffix."""
    return hashlib.sha256((models_dir() / f"{name}.onnx").read_bytes()).hexdigest()
