"""Figures over what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]


def present(figure: Callable[..., Any], values: ArrayLike, axis: int | None = None) -> Floats:
    """Return one of NumPy's ``nan…`` figures; nan where there is no value at all, of which NumPy would warn.

    The warning is not silenced but avoided: filters of warnings belong to all threads of a process.

    Parameters
    ----------
    figure
        ``np.nanmedian``, ``np.nanmean``, ``np.nanmin`` or ``np.nanmax``.
    values
        What may have gaps: nan.
    axis
        Along which; None for all of it.
    """
    values = np.asarray(values, float)
    nothing = np.isnan(values).all(axis=axis, keepdims=True)
    if not values.size:
        return np.full(nothing.squeeze(axis).shape, np.nan)
    found = figure(np.where(nothing, 0.0, values), axis=axis)
    return np.where(nothing.squeeze(axis), np.nan, found)
