"""What the reader of dress and hair would find on a simulated person: drawn pictures have no cloth to look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.schema import Role
from posture_check.landmarks.findings import Finding, Findings, missing
from posture_check.sources.frame import Frame

_BOTH: dict[str, tuple[float, float]] = {
    "hair_unnatural": (0.02, 0.1), "headwear": (0.02, 0.1), "badge_worn": (0.98, 0.1),
    "badge_on_lanyard": (0.02, 0.1), "badge_side": (6.0, 0.8), "badge_tilt": (1.0, 1.0), "badge_front": (0.97, 0.1),
    "forearm_bare": (0.02, 0.05), "upper_arm_bare": (0.0, 0.05), "leg_bare": (0.0, 0.05),
    "shoe_black": (0.97, 0.1), "shoe_lightness": (14.0, 4.0), "ears_covered": (0.05, 0.05),
}  # fmt: skip
"""Correct dress and hair by the name of the measure: value and error."""
_ROLE: dict[str, dict[str, tuple[float, float]]] = {
    "A": {
        "forehead_covered": (0.05, 0.05), "hair_above_collar": (4.0, 1.0), "bald": (0.02, 0.1), "beard": (0.02, 0.1),
        "tie_worn": (0.98, 0.1), "bow_worn": (0.01, 0.1), "scarf_worn": (0.01, 0.1), "knot_offset": (0.1, 0.2),
        "tie_tip": (-1.0, 1.0), "tie_tilt": (0.5, 1.0), "long_hair_down": (0.02, 0.1),
    },
    "B": {
        "hair_tied": (0.97, 0.1), "long_hair_down": (0.03, 0.1), "tie_worn": (0.02, 0.1), "bow_worn": (0.03, 0.1),
        "scarf_worn": (0.97, 0.1),
    },
}  # fmt: skip
_UNLIKE: dict[str, dict[str, float]] = {
    "HA-01": {"forehead_covered": 0.6},
    "HA-02": {"ears_covered": 0.9},
    "HA-03": {"hair_above_collar": -3.0},
    "HA-04": {"long_hair_down": 0.97, "hair_tied": 0.03},
    "HA-05": {"bald": 0.98},
    "HA-06": {"hair_unnatural": 0.97},
    "BE-01": {"beard": 0.98},
    "TI-01": {"tie_worn": 0.02},
    "TI-02": {"knot_offset": 2.5},
    "TI-03": {"tie_tip": -9.0},
    "SC-01": {"scarf_worn": 0.02},
    "BD-01": {"badge_worn": 0.02},
    "SU-02": {"forearm_bare": 0.9},
    "SU-04": {"leg_bare": 0.8, "upper_arm_bare": 0.9},
    "SH-01": {"shoe_black": 0.03},
}
"""What is otherwise where a clause is not kept."""

DRESS_FAULTS = tuple(_UNLIKE)
_ENROLLED = ("issued_tie", "issued_scarf", "issued_badge", "issued_uniform")


def dress(role: Role, faults: Iterable[str] = ()) -> dict[str, Finding]:
    """Return the findings on a person who is dressed as the standard asks, but for the clauses named.

    Parameters
    ----------
    role
        Whose dress.
    faults
        Clauses of :data:`DRESS_FAULTS` that are not kept.
    """
    known = {**_BOTH, **_ROLE[role]}
    for clause in faults:
        known |= {name: (value, known.get(name, (0.0, 0.1))[1]) for name, value in _UNLIKE.get(clause, {}).items()}
    found = {name: Finding(value, error, frames=3) for name, (value, error) in known.items()}
    if found["tie_worn"].value is not None and found["tie_worn"].value < 0.5:
        found |= missing("absent", "knot_offset", "tie_tip", "tie_tilt")
    if found["badge_worn"].value is not None and found["badge_worn"].value < 0.5:
        found |= missing("absent", "badge_on_lanyard", "badge_side", "badge_tilt", "badge_front")
    return found | missing("not_enrolled", *_ENROLLED)


class SimulatedDress:
    """An onlooker that knows the dress of the simulated subject instead of looking.

    Attributes
    ----------
    known
        Findings on the subject, as they came with the newest picture.
    subject
        Who that is; set by whoever asks.
    """

    def __init__(self) -> None:
        self.known: Findings = {}
        self.subject: int | None = None

    def offer(
        self, frame: Frame, person: int, pose: NDArray[np.floating[Any]], world: NDArray[np.floating[Any]]
    ) -> None:
        """Look at nothing."""

    def findings(self, person: int) -> Findings:
        """Return what is known."""
        return self.known

    def forget(self, person: int) -> None:
        """Forget nothing: it comes with every picture."""

    def wait(self) -> None:
        """Wait for nothing."""

    def close(self) -> None:
        """Free nothing."""
