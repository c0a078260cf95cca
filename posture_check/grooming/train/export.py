"""Networks written as ONNX, the one way the runtime reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import nn

_OPSET = 17
_LARGE = 2000
"""Arrays of fewer weights stay in full precision."""


def write_network(
    net: nn.Module,
    example: torch.Tensor,
    path: Path,
    names: Sequence[str],
    notes: Mapping[str, str],
    axes: Mapping[str, Mapping[int, str]] | None = None,
    change: Callable[[Any], Any] | None = None,
) -> None:
    """Write a network with what training has to say beside its weights.

    Parameters
    ----------
    net
        The network, in the state in which it is to be used.
    example
        An input of the right shape.
    path
        Where to write.
    names
        Of the input, then of the outputs.
    notes
        The model's metadata.
    axes
        Dimensions that may have any size, by the names above.
    change
        Done to the ONNX model before it is written.
    """
    import onnx
    import torch

    torch.onnx.export(
        net,
        (example,),
        str(path),
        input_names=list(names[:1]),
        output_names=list(names[1:]),
        dynamic_axes=dict(axes) if axes else None,
        opset_version=_OPSET,
        dynamo=False,
    )
    model = onnx.load(str(path))
    if change is not None:
        model = change(model)
    onnx.helper.set_model_props(model, dict(notes))
    onnx.save(model, str(path))


def halved(model: Any) -> Any:
    """Return an ONNX model whose large weights are stored in half precision and widened when loaded."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    large = [one for one in graph.initializer if one.data_type == TensorProto.FLOAT and np.prod(one.dims) > _LARGE]
    casts = []
    for one in large:
        values = numpy_helper.to_array(one).astype(np.float16)
        graph.initializer.remove(one)
        graph.initializer.append(numpy_helper.from_array(values, one.name + "_half"))
        casts.append(helper.make_node("Cast", [one.name + "_half"], [one.name], to=TensorProto.FLOAT))
    kept = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + kept)
    return model
