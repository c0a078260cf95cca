"""Every model of grooming that ships, from footage to ``models/*.onnx``, one after another.

Each is trained by a program of its own: its memory and its state are gone before the next begins, and each can be run
by itself (``python -m posture_check.grooming.train.NAME``).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from posture_check.errors import InputError
from posture_check.grooming.train.footage import examples

_HERE = "posture_check.grooming.train"
MODELS: dict[str, tuple[str, ...]] = {
    "hair": (f"{_HERE}.hair", "--footage", "{footage}", "--out", "{out}"),
    "hair_heads": (f"{_HERE}.hair_heads", "{footage}", "{out}"),
    "neckwear": (f"{_HERE}.neckwear", "--footage", "{footage}", "--out", "{out}"),
    "badge": (f"{_HERE}.badge", "--footage", "{footage}", "--models", "{out}", "--work", "{work}"),
    "beard": (f"{_HERE}.beard", "{footage}", "{out}"),
    "limbs": (f"{_HERE}.limbs", "{footage}", "{out}"),
    "shoes": (f"{_HERE}.shoes", "{footage}", "{out}"),
}
"""Module and arguments by model, in the order in which they are trained: the heads of the hair rest on ``hair.onnx``.
Each writes the model and its held-out predictions, with fixed seeds."""
NEEDED = ("torch", "onnx", "sklearn", "skl2onnx")
NO_TRAIN_EXTRAS = "'{name}' is missing, which trains the models: pip install 'posture-check[train,train-net]'"


def train(
    footage: Path, out: Path, only: Sequence[str] | None = None, tell: Callable[[str], None] | None = None
) -> None:
    """Train the models that ship.

    Parameters
    ----------
    footage
        Folder of labelled footage.
    out
        Folder that the models and their tables of held-out predictions are written to.
    only
        Names of models; None is all.
    tell
        Told which model is being trained.

    Raises
    ------
    InputError
        If a model is unknown, there is no footage, what trains is not installed, or a training failed.
    """
    for name in only or ():
        if name not in MODELS:
            raise InputError(f"--only {name}: not known: choose from {', '.join(MODELS)}")
    examples(footage)  # says at once what is wrong with the footage
    if not out.is_dir():
        raise InputError(f"--out {out}: no such folder: make it first")
    for needed in NEEDED:
        if find_spec(needed) is None:
            raise InputError(NO_TRAIN_EXTRAS.format(name=needed))
    for name, command in MODELS.items():
        if only and name not in only:
            continue
        if tell is not None:
            tell(f"training {name}")
        with tempfile.TemporaryDirectory(prefix="posture-check-") as work:
            places = {"footage": footage.resolve(), "out": out.resolve(), "work": work}
            words = [word.format(**places) for word in command]
            done = subprocess.run([sys.executable, "-m", *words], check=False)
        if done.returncode != 0:
            raise InputError(f"training {name}: failed (exit code {done.returncode}), see above")
