"""Figures over what is there."""

import warnings

import numpy as np

from posture_check.measures.present import present


def test_gaps_are_left_out_and_nothing_at_all_is_nan_without_a_word() -> None:
    values = np.array([[1.0, np.nan, 5.0], [np.nan, np.nan, np.nan]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert present(np.nanmedian, values, axis=1).tolist()[0] == 3.0
        assert np.isnan(present(np.nanmax, values, axis=1)[1])
        assert float(present(np.nanmean, values)) == 3.0
        assert np.isnan(present(np.nanmedian, np.zeros(0)))


def test_other_frames_are_as_numpy_has_them() -> None:
    values = np.random.default_rng(5).normal(size=(6, 4, 3))
    values[values < -0.5] = np.nan
    values[:, 1] = 1.0
    for figure in (np.nanmedian, np.nanmean, np.nanmin, np.nanmax):
        for axis in (None, 1):
            np.testing.assert_array_equal(present(figure, values, axis), figure(values, axis=axis))
    assert present(np.nanmedian, np.zeros((0, 33, 2)), axis=0).shape == (33, 2)
