"""From where a rule or a clause can be judged, by the rules' own views and the true yaw of the camera."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from bench.footage import Role
from posture_check.rules.gates import view_of
from posture_check.rules.loader import load_rules
from posture_check.rules.schema import Rule

MARGIN_DEG = 5.0
"""The measured yaw errs by about 4 degrees: nearer than this to where a view ends, either name must do."""


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Return the shipped rules by id."""
    return {rule.id: rule for rule in load_rules().rules}


def judged_from(name: str, yaw_deg: float) -> bool:
    """Tell whether a rule, or any measured rule of a clause, can be expected to be judged from there."""
    named = [rules()[name]] if name in rules() else [rule for rule in rules().values() if rule.clause == name]
    return any(_shows(rule, yaw_deg) for rule in named if rule.enabled and rule.measure)


def optional(name: str) -> bool:
    """Tell whether a rule never counts for the verdict of a document."""
    return name in rules() and rules()[name].required is False


def asked_of(clause: str, role: Role) -> bool:
    """Tell whether a clause has a measured rule for a role that is not switched off."""
    return any(r.clause == clause and role in r.roles and r.enabled and r.measure for r in rules().values())


def near_side(yaw_deg: float) -> str:
    """Return the name of the person's side that is nearer to the camera."""
    return "left" if yaw_deg > 0 else "right"


def far_side(yaw_deg: float) -> str:
    """Return the name of the person's side that is farther from the camera."""
    return "right" if yaw_deg > 0 else "left"


def _shows(rule: Rule, yaw_deg: float) -> bool:
    turned = (_wrapped(yaw_deg + by) for by in (-MARGIN_DEG, 0.0, MARGIN_DEG))
    return all(view_of(yaw) in rule.views for yaw in turned)


def _wrapped(yaw_deg: float) -> float:
    return (yaw_deg + 180.0) % 360.0 - 180.0
