"""Our own networks under ONNX Runtime: one way to load them, with what their training wrote into them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.resources import models_dir

Floats = NDArray[np.floating[Any]]


class Network:
    """A network from ``models/``.

    Parameters
    ----------
    model
        Name of a file in ``models/`` without its suffix, or the path of an ONNX file.

    Attributes
    ----------
    meta
        What training wrote beside the weights: bands, names of classes.

    Raises
    ------
    InputError
        If the file is not there.
    """

    def __init__(self, model: str | Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        # Threads that spin while they wait take the cores from the landmark models.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        path = model if isinstance(model, Path) else models_dir() / f"{model}.onnx"
        if not path.is_file():
            raise InputError(f"{path}: no such model: install posture-check again")
        self._session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.meta: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)

    def run(self, values: Floats) -> list[Floats]:
        """Return every output for one input ``(batch, ...)``, in float32."""
        return [np.asarray(out) for out in self._session.run(None, {self._input: np.asarray(values, np.float32)})]


def planes(image: NDArray[np.uint8]) -> Floats:
    """Return an RGB picture ``(height, width, 3)`` uint8 as ``(1, 3, height, width)`` in -1..1."""
    return np.asarray(image.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1)
