"""The cases of the accuracy bench: every file of the footage folder with what is known about it.

Expected below the folder: ``rendered/index.jsonl`` (clips with exact truth), ``posture/manifest.jsonl``
(real pictures and videos with labels) and ``posture/ccp_labels.jsonl`` (street photos labelled one by one).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from posture_check.errors import InputError

Record = dict[str, Any]
Role = Literal["A", "B"]

RENDERED = {
    "stand": "rendered-standing",
    "walk": "rendered-walking",
    "sit": "rendered-sitting",
    "squat": "rendered-squatting",
    "gesture": "rendered-gesture",
}
"""Family of rendered clips by the name that their index uses."""
FAMILIES = (*RENDERED.values(), "photos-labelled", "photos", "videos", "derived", "simulated")
"""Rendered clips by what is done in them; the photos labelled one by one (an arm classifier may have learned
from them); the other real pictures; the real videos; clips derived here that nobody may pass in; scenes of
the simulated person."""

_ARMS = {"hands_on_hips": "ST-10", "arms_crossed": "ST-11", "hands_in_pockets": "ST-12"}
"""Label of a real picture and the clause that forbids what it names."""
_JUDGEABLE = {"standing", "gesture", "exercise", "walking", "squat", "sitting", "balance"}
"""Posture labels of real files in which somebody may do as the standard asks."""


@dataclass(frozen=True, slots=True)
class Case:
    """One file and what is known about it.

    Attributes
    ----------
    name
        Path below the footage folder, with forward slashes.
    path
        Where it is.
    family
        One of ``FAMILIES``.
    role
        Role to judge it by.
    labels
        Clause to ``pass`` or ``fail``; a clause that is not there is not known.
    numbers
        True measures of a rendered clip.
    yaw_deg
        Where the camera stands, 0 in front of the person, > 0 towards their left; None where it is not known.
    camera
        True camera of a rendered clip: ``hfov_deg`` along the longer side, ``height_m``, ``pitch_deg``,
        ``roll_deg``.
    must_not_pass
        Why the document must never say ``pass``, e.g. ``nobody``; None where it may.
    postures
        What is done in it, in the words of its label.
    scenario
        What a rendered clip was made to show.
    truth
        File with the exact truth of a rendered clip.
    """

    name: str
    path: Path
    family: str
    role: Role = "A"
    labels: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)
    yaw_deg: float | None = None
    camera: dict[str, float] | None = None
    must_not_pass: str | None = None
    postures: tuple[str, ...] = ()
    scenario: str | None = None
    truth: Path | None = None

    @property
    def rendered(self) -> bool:
        """Whether its truth is exact."""
        return self.family.startswith("rendered-")


def all_cases(footage: Path) -> list[Case]:
    """Return every case below the footage folder, in a fixed order.

    Raises
    ------
    InputError
        If the folder is not there.
    """
    if not footage.is_dir():
        raise InputError(f"{footage}: no such folder: name the folder of labelled footage with --footage")
    cases = [*_rendered(footage), *_labelled_photos(footage), *_manifest(footage)]
    return [case for case in cases if case.path.exists()]


def _lines(path: Path) -> Iterator[Record]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _rendered(footage: Path) -> Iterator[Case]:
    for record in _lines(footage / "rendered" / "index.jsonl"):
        camera = record["camera"]
        yield Case(
            name=f"rendered/{record['clip']}.mp4",
            path=footage / "rendered" / f"{record['clip']}.mp4",
            family=RENDERED[record["family"]],
            role=record["role"],
            labels=record["labels"],
            numbers=record["numbers"],
            yaw_deg=camera["yaw_deg_rel_person"],
            camera={name: camera[name] for name in ("hfov_deg", "height_m", "pitch_deg", "roll_deg")},
            postures=(record["family"],),
            scenario=record["scenario"],
            truth=footage / "rendered" / "truth" / f"{record['clip']}.json.gz",
        )


def _labelled_photos(footage: Path) -> Iterator[Case]:
    for record in _lines(footage / "posture" / "ccp_labels.jsonl"):
        seen = record["view"] in ("front", "oblique") and record["stance"] == "standing"
        sure = {"stance", "view"}.isdisjoint(record["unsure"])
        labels = {
            clause: "fail" if record[name] else "pass" for name, clause in _ARMS.items() if name not in record["unsure"]
        }
        path = (footage / "posture" / record["path"]).resolve()
        yield Case(
            name=path.relative_to(footage.resolve()).as_posix(),
            path=path,
            family="photos-labelled",
            labels=labels if seen and sure else {},
        )


def _manifest(footage: Path) -> Iterator[Case]:
    for record in _lines(footage / "posture" / "manifest.jsonl"):
        judgeable = (
            "standing" in record["posture"]
            and record["people"] == 1
            and record["full_body"]
            and record["view"] in ("front", "oblique")
        )
        labels = {
            clause: "fail" if record["labels"][name] else "pass"
            for name, clause in _ARMS.items()
            if isinstance(record["labels"].get(name), bool)
        }
        if record["labels"].get("leaning_on_wall") is True:
            labels["ST-13"] = "fail"
        yield Case(
            name=f"posture/{record['path']}",
            path=footage / "posture" / record["path"],
            family="photos" if record["kind"] == "image" else "videos",
            labels=labels if judgeable else {},
            must_not_pass=_why_never(record),
            postures=tuple(record["posture"]),
        )


def _why_never(record: Record) -> str | None:
    """Say why nobody in a real file may be found to do as asked, if that is plain from its labels."""
    postures = set(record["posture"])
    if "CARTOON" in (record["note"] or ""):
        return "drawn, not a person"
    if not record["people"] or "dark" in postures:
        return "nobody to be seen"
    if record["view"] == "back":
        return "seen from behind"
    if not record["full_body"]:
        return "upper body only"
    if postures and postures.isdisjoint(_JUDGEABLE):
        return f"nothing that is judged ({', '.join(sorted(postures))})"
    return None
