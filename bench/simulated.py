"""Simulated people as cases: what no footage shows (two people, rarer faults), with exact truth and no models.

Every scene that ``posture-check check simulate:NAME`` knows is a case; its labels are those that its truth implies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.footage import Case, Role
from bench.scenes import ROLE, SHOWN
from bench.views import asked_of
from posture_check.simulate.body import Body
from posture_check.simulate.scenarios import SCENARIOS
from posture_check.simulate.source import PREFIX

FAMILY = "simulated"
UNSEEN = {"tiny": "too small", "upper_body_only": "upper body only"}
"""Scenes in which somebody does well and cannot be seen well enough."""
ROLES: tuple[Role, ...] = ("A", "B")


def simulated_cases(names: Iterable[str] = SCENARIOS) -> list[Case]:
    """Return a case for every scene and role; role B only where its labels are others."""
    return [case for name in names for case in _of(name)]


def is_simulated(case: Case) -> bool:
    """Tell whether a case is a simulated scene rather than a file."""
    return case.family == FAMILY


def _of(name: str) -> Iterator[Case]:
    spec = f"{PREFIX}{name}"
    scene = SCENARIOS[name].make(Body())
    subject = scene.subject
    if subject is None:
        yield Case(spec, Path(spec), FAMILY, must_not_pass="nobody to be seen")
        return
    numbers = {} if name in SHOWN or name in UNSEEN else subject.truth().numbers
    known: list[dict[str, str]] = []
    for role in (ROLE[name],) if name in ROLE else ROLES:
        said = {} if name in UNSEEN else SHOWN[name] if name in SHOWN else subject.labels(role)
        labels: dict[str, str] = {clause: label for clause, label in said.items() if asked_of(clause, role)}
        if known and (not labels or labels in known):
            continue
        known.append(labels)
        yield Case(
            name=f"{spec} (role B)" if known[1:] else spec,
            path=Path(spec),
            family=FAMILY,
            role=role,
            labels=labels,
            numbers=numbers,
            yaw_deg=scene.viewpoint.yaw_deg,
            must_not_pass=UNSEEN.get(name),
            scenario=name,
        )
