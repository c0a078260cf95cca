"""Judges by what a site has enrolled: its own tie, scarf, badge and uniform.

``posture-check grooming enroll`` trains one head per item on the site's own photos (see
:mod:`posture_check.grooming.enroll`) and keeps it in the user's data folder. Here they are read and asked.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from posture_check.errors import InputError
from posture_check.grooming.descriptors import ITEMS, VERSION, Floats, Item, describe, worn
from posture_check.grooming.network import Network
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Findings

DATA_VARIABLE = "POSTURE_CHECK_DATA"
"""Environment variable that names another data folder."""
HEAD, CARD, FIGURES = "head.onnx", "card.json", "figures.npz"
"""Files of an item's folder: the head, what is known of it, and the figures it was trained on."""
META = "head"
"""Key of the head's metadata: a JSON object with the fields of `Calibration` and the descriptors' version."""
_LONGEST_NAME = 80


def measure(item: Item) -> str:
    """Return the name of the measure that an item's head gives."""
    return f"issued_{item}"


def data_dir() -> Path:
    """Return the folder of what sites have made: ``$POSTURE_CHECK_DATA``, else the user's data directory."""
    chosen = os.environ.get(DATA_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("posture-check", appauthor=False))


def site_folder(site: str) -> Path:
    """Return the folder of a site's heads, whether or not it is there.

    Parameters
    ----------
    site
        Name of the site, as results carry it.

    Raises
    ------
    InputError
        If no folder can have that name.
    """
    if not _can_be_folder(site):
        raise InputError(f"--site {site!r}: cannot be the name of a folder: use letters, digits, '-' and '_'")
    return data_dir() / "sites" / site / "grooming"


def _can_be_folder(name: str) -> bool:
    strange = re.search(r'[\x00-\x1f<>:"/\\|?*]', name)
    return strange is None and name == name.strip(" .") and 0 < len(name) <= _LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a head's score to a probability (Platt, 1999), and where it does not commit itself.

    Attributes
    ----------
    slope, offset
        The probability is the logistic function of ``slope * score + offset``.
    half_band
        Probabilities nearer to 0.5 than this are not decided.
    """

    slope: float
    offset: float
    half_band: float

    def probability(self, score: Floats | float) -> Floats:
        """Return the probability of correct dress."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.slope * np.asarray(score, float) + self.offset, -30, 30))))


@dataclass(frozen=True)
class Head:
    """The head of one item.

    Attributes
    ----------
    network
        Figures ``(n, figures)`` in, scores ``(n, 1)`` out, above 0 for correct dress.
    calibration
        Of the scores.
    """

    network: Network
    calibration: Calibration

    def judge(self, figures: Floats) -> Finding:
        """Return the probability that figures ``(figures,)`` show correct dress."""
        score = float(np.ravel(self.network.run(np.asarray(figures)[None])[0])[0])
        value, half = float(self.calibration.probability(score)), self.calibration.half_band
        return Finding(value, half, None if abs(value - 0.5) >= half else "uncertain")


class SiteHeads:
    """The heads of one site.

    Parameters
    ----------
    heads
        By item.
    """

    def __init__(self, heads: Mapping[Item, Head]) -> None:
        self.heads = dict(heads)

    @classmethod
    def load(cls, site: str | None) -> SiteHeads | None:
        """Return the heads of a site; None where nothing is enrolled.

        Parameters
        ----------
        site
            Name of the site; None is no site.

        Raises
        ------
        InputError
            If a head is damaged, or was made by a release whose figures were others.
        """
        if site is None or not _can_be_folder(site):
            return None
        folder = site_folder(site)
        found: dict[Item, Head] = {}
        for item in ITEMS:
            path = folder / item / HEAD
            if path.is_file():
                found[item] = _head(path, path.stat().st_mtime_ns)
        return cls(found) if found else None

    def look(self, subject: Subject, findings: Findings) -> dict[str, Finding]:
        """Return ``issued_tie``, ``issued_scarf``, ``issued_badge`` and ``issued_uniform``.

        Each is the probability that the item is the site's own and worn as on its photos of correct dress;
        ``not_enrolled`` without a head, ``absent`` where the item is not worn.

        Parameters
        ----------
        subject
            The person.
        findings
            What the other readers found in the same picture: whether there is a tie, and where the badge is.
        """
        return {measure(item): self._look(item, subject, findings) for item in ITEMS}

    def _look(self, item: Item, subject: Subject, findings: Findings) -> Finding:
        if item not in self.heads:
            return Finding(reason="not_enrolled")
        if (reason := worn(item, findings)) is not None:
            return Finding(reason=reason)
        figures = describe(item, subject, findings)
        return Finding(reason=figures) if isinstance(figures, str) else self.heads[item].judge(figures)


def read_card(folder: Path) -> dict[str, Any] | None:
    """Return what is known of the head in an item's folder; None without one."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return card if isinstance(card, dict) else None


@lru_cache(maxsize=16)
def _head(path: Path, _changed_ns: int) -> Head:
    """Return the head in a file, read again when the file has changed."""
    try:
        network = Network(path)
        meta = json.loads(network.meta[META])
        version, calibration = int(meta.pop("version")), Calibration(**meta)
    except Exception:  # ONNX Runtime raises what it likes on a damaged file
        raise InputError(f"{path}: damaged: run 'posture-check grooming enroll' again, or with --undo") from None
    if version != VERSION:
        raise InputError(f"{path}: made by another release: run 'posture-check grooming enroll' again, or with --undo")
    return Head(network, calibration)
