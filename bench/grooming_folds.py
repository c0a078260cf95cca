"""Predictions on held-out pictures, as training wrote them beside the models (``models/*.cv.csv``).

One row per picture of a training source: ``path`` as the footage names it, and what a model said of it that was trained
without that person, in a column of the measure's name or of one that :data:`NAMED` gives.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posture_check.errors import InputError
from posture_check.grooming.train.footage import PHOTOS, RENDERED

NAMED: dict[str, dict[str, str]] = {
    "beard": {"beard": "probability"},
    "badge": {"badge_worn": "probability", "badge_on_lanyard": "lanyard", "badge_front": "printed"},
    "neckwear": {"tie_worn": "probability"},
}
"""Column by measure, for tables whose columns are not named by the measures."""
LIMBS = {"forearm": "forearm_bare", "upper_arm": "upper_arm_bare", "thigh": "leg_bare", "shank": "leg_bare"}
"""Measure by part of a limb, for tables with a row for each: the mean over the parts, of the barer side."""
_IOU = ("iou", "hair_iou")


@dataclass(frozen=True)
class Folds:
    """All held-out predictions.

    Attributes
    ----------
    columns
        Probability by the measure's name and the picture's; ``iou`` is the overlap of hair.
    """

    columns: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def probability(self, measure: str, name: str) -> float | None:
        """Return what a model that never saw the person says of a picture; None where there is no such row."""
        return self.columns.get(measure, {}).get(name)

    def trained_on(self, measure: str, family: str) -> bool:
        """Tell whether pictures of a family trained the model behind a measure."""
        return any(family_of(name) == family for name in self.columns.get(measure, {}))

    def hair_iou(self, name: str) -> float | None:
        """Return the overlap of hair on a held-out picture."""
        return self.columns.get("iou", {}).get(name)

    def hair_trained_on(self, family: str) -> bool:
        """Tell whether pictures of a family trained the hair network."""
        return self.trained_on("iou", family)


def family_of(name: str) -> str:
    """Return the family of a picture by its path below the footage folder."""
    first, _, rest = name.partition("/")
    return rest.partition("/")[0] if first == PHOTOS else first


def load_folds(folder: Path) -> Folds:
    """Return every table of held-out predictions of a folder of models.

    Raises
    ------
    InputError
        If a table has no column ``path`` or a figure in it is none.
    """
    columns: dict[str, dict[str, float]] = {}
    limbs: dict[tuple[str, str, str], list[float]] = {}
    for path in sorted(folder.glob("*.cv.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            for number, row in enumerate(rows, start=2):
                if not row.get("path"):
                    raise InputError(f"{path}:{number}: no 'path': train the model again")
                if row.get("part") in LIMBS:
                    bare = _number(path, number, row.get("found"))
                    limb = limbs.setdefault((LIMBS[row["part"]], _named(row["path"]), row.get("side") or ""), [])
                    limb += [] if bare is None else [bare]
                for measure, column in _measures(path.name.removesuffix(".cv.csv"), rows.fieldnames or []).items():
                    value = _number(path, number, row[column])
                    if value is not None:
                        columns.setdefault(measure, {})[_named(row["path"])] = value
    for (measure, name, _), bares in limbs.items():
        if bares:
            limb_of = columns.setdefault(measure, {})
            limb_of[name] = max(limb_of.get(name, 0.0), sum(bares) / len(bares))
    return Folds(columns)


def _measures(model: str, names: object) -> dict[str, str]:
    """Return the column of each measure that a table tells."""
    from posture_check.measures import MEASURES

    fields = list(names) if isinstance(names, list) else []
    found = {name: name for name in fields if name in MEASURES}
    overlap = [name for name in _IOU if name in fields]
    if overlap:
        found["iou"] = overlap[0]
    return found or {measure: column for measure, column in NAMED.get(model, {}).items() if column in fields}


def _named(path: str) -> str:
    """Return a picture's path below the footage folder, also where it is given below the folder of photos."""
    return path if path.startswith((f"{PHOTOS}/", f"{RENDERED}/")) else f"{PHOTOS}/{path}"


def _number(path: Path, line: int, text: str | None) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{path}:{line}: '{text}' is no number: train the model again") from None
    return value if math.isfinite(value) else None
