"""Every model of grooming that ships, from footage to ``models/*.onnx``, one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from posture_check.errors import InputError
from posture_check.grooming.train.footage import examples

MODELS: dict[str, str] = {}
"""Module of :mod:`posture_check.grooming.train` by model, in the order in which they are trained: each has
``train(footage, out)``, which writes the model, its card and its held-out predictions, with fixed seeds."""
_TRAINERS = ("torch", "onnx", "onnxscript", "sklearn", "skl2onnx")


def train(
    footage: Path, out: Path, only: Sequence[str] | None = None, tell: Callable[[str], None] | None = None
) -> None:
    """Train the models that ship.

    Parameters
    ----------
    footage
        Folder of labelled footage.
    out
        Folder that the models, their cards and their tables of held-out predictions are written to.
    only
        Names of models; None is all.
    tell
        Told which model is being trained.

    Raises
    ------
    InputError
        If a model is unknown, there is no footage, or what trains is not installed.
    """
    for name in only or ():
        if name not in MODELS:
            raise InputError(f"--only {name}: not known: choose from {', '.join(MODELS)}")
    examples(footage)  # says at once what is wrong with the footage
    if not out.is_dir():
        raise InputError(f"--out {out}: no such folder: make it first")
    for name, module in MODELS.items():
        if only and name not in only:
            continue
        if tell is not None:
            tell(f"training {name}")
        try:
            import_module(f"posture_check.grooming.train.{module}").train(footage, out)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in _TRAINERS:
                raise
            raise InputError(
                f"training {name}: '{error.name}' is missing: pip install 'posture-check[train,train-net]'"
            ) from None
