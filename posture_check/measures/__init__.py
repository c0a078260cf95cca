"""Measures: pure functions over a body, each with a unit and an honest error."""

from posture_check.measures import (
    balance,
    dress,
    expression,
    feet,
    gait,
    gestures,
    hands,
    head,
    legs,
    pairs,
    sitting,
    squat,
    trunk,
)
from posture_check.measures.registry import MEASURES, Measure

__all__ = [
    "MEASURES",
    "Measure",
    "balance",
    "dress",
    "expression",
    "feet",
    "gait",
    "gestures",
    "hands",
    "head",
    "legs",
    "pairs",
    "sitting",
    "squat",
    "trunk",
]
