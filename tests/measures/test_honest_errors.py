"""Every stated error is honest: the truth lies within twice of it in at least 95 % of many different cases."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.rules.gates import unassessable
from posture_check.rules.loader import load_rules
from tests.measures.people import SIDE_VIEW, STANDING, TRUE, Knowledge, Shot, draw, value_of

CASES, MANY_CASES = 150, 400
SEED = 7
HONEST = 0.95
HANDS = ("sides", "front_right_over_left", "front_left_over_right", "behind", "hips", "hip_left", "crossed")

KINDS: dict[str, tuple[str, ...]] = {
    "facing": (
        "shoulder_tilt", "trunk_lean_side", "weight_offset", "support_overhang", "head_pitch", "head_yaw",
        "head_roll", "feet_opening", "heel_gap", "toe_gap",
    ),
    "side-on": SIDE_VIEW,
    "parallel": ("ankle_gap",),
    "t": ("t_stance_miss",),
    "hands": ("hands_off_sides", "hands_off_front", "hands_off_back"),
    "moving": ("sway", "knee_oscillation"),
    "close": ("mouth_opening",),
}  # fmt: skip
"""The kind of case in which each measure means something."""


KNOWN: tuple[Knowledge, ...] = ("exact", "profile", "guess")


def shot_of(kind: str, rng: np.random.Generator, knowledge: Knowledge) -> Shot:
    if kind == "side-on":
        return draw(rng, knowledge, side=True)
    if kind == "parallel":
        gap = rng.uniform(0.35, 1.4)
        return draw(rng, knowledge, feet="parallel", ankle_gap_over_shoulder=gap, feet_angle_deg=rng.uniform(-10, 40))
    if kind == "t":
        front = str(rng.choice(["left", "right"]))
        return draw(rng, knowledge, feet="t", front_foot=front, feet_angle_deg=rng.uniform(40, 70))
    if kind == "hands":
        hands, lateral = str(rng.choice(HANDS)), rng.uniform(-3, 3)
        return draw(rng, knowledge, hands=hands, trunk_lateral_deg=lateral, hips_aside_cm=rng.uniform(-2, 2))
    if kind == "moving":
        return draw(
            rng, knowledge, sway_cm=rng.uniform(0.3, 9), sway_hz=rng.uniform(0.2, 0.8),
            knee_shake_cm=rng.uniform(0, 8), knee_shake_hz=rng.uniform(1.5, 4), duration_s=rng.uniform(2.2, 3.5),
        )  # fmt: skip
    return draw(rng, knowledge, scale=3.0) if kind == "close" else draw(rng, knowledge)


@functools.cache
def outcomes(kind: str, only: Knowledge | None = None) -> dict[str, np.ndarray]:
    """Return ``(cases, 3)`` value, error, truth of each measure of a kind, where it can be assessed.

    What is known of the camera is drawn, too, unless one kind of knowledge is asked for.
    """
    rng = np.random.default_rng(SEED)
    rules = {rule.measure: rule for rule in load_rules().rules if rule.posture == "standing"}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in KINDS[kind]}
    for i in range(MANY_CASES if only else CASES):
        knowledge = only or KNOWN[i % len(KNOWN)]
        shot = shot_of(kind, rng, knowledge)
        seen = shot.seen()
        body = Body(seen.track, shot.scene(knowledge, seen.track))
        for name in KINDS[kind]:
            if unassessable(rules[name], MEASURES[name], body):
                continue
            value = value_of(name, body)
            if value is not None:
                found[name].append((value.value, value.error, TRUE[name](seen, shot)))
    return {name: np.array(rows) for name, rows in found.items()}


def honest_share(rows: np.ndarray) -> tuple[float, str]:
    """Return the share of cases within twice the stated error, and the worst of them in words."""
    value, error, truth = rows.T
    worst = np.argmax(np.abs(value - truth) / error)
    share = float(np.mean(np.abs(value - truth) <= 2 * error))
    return share, f"{share:.3f}; worst {value[worst]:.2f} +- {error[worst]:.2f}, true {truth[worst]:.2f}"


CASES_OF_MEASURES = [(kind, name) for kind, names in KINDS.items() for name in names]


def test_every_measure_of_a_quantity_is_put_to_the_test():
    certainties = {"right_hand_on_top", "hands_on_hips", "arms_crossed", "hands_in_pockets"}
    assert {name for _, name in CASES_OF_MEASURES} == set(TRUE) == set(STANDING) - certainties


@pytest.mark.parametrize(("kind", "name"), CASES_OF_MEASURES)
def test_truth_lies_within_twice_the_stated_error(kind, name):
    rows = outcomes(kind)[name]
    assert len(rows) >= 0.6 * CASES, f"only {len(rows)} of {CASES} cases could be assessed"
    share, worst = honest_share(rows)
    assert share >= HONEST, worst


@pytest.mark.slow
@pytest.mark.parametrize("knowledge", KNOWN)
@pytest.mark.parametrize(("kind", "name"), CASES_OF_MEASURES)
def test_so_it_does_whatever_is_known_of_the_camera(kind, name, knowledge):
    share, worst = honest_share(outcomes(kind, knowledge)[name])
    assert share >= HONEST, worst


@pytest.mark.parametrize(("kind", "name"), [c for c in CASES_OF_MEASURES if c[1] != "mouth_opening"])
def test_values_follow_the_truth(kind, name):
    """An error so large that everything lies within it would be honest as well, and worth nothing."""
    value, _, truth = outcomes(kind)[name].T
    assert np.corrcoef(value, truth)[0, 1] > 0.8
