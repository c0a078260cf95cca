"""Figures of cloth: what they tell apart, what they do not mind, and when they are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posture_check.grooming.descriptors import ITEMS, cielab, colours, describe, palette, pattern, worn
from posture_check.landmarks.findings import Finding
from tests.grooming.dressed import GREEN, NAVY, RED, WHITE, WORN, DrawnEyes, badge_finding, cloth, dressed, subject


def figures(image, item="tie"):
    found = describe(item, subject(image), DrawnEyes().findings)
    assert not isinstance(found, str), found
    return found


def apart(first, second):
    return float(np.linalg.norm(first - second))


@pytest.mark.parametrize("colour", [NAVY, RED, WHITE, GREEN])
def test_most_of_a_plain_cloth_is_in_the_nearest_bin(colour):
    lab = cielab(cloth(30, 40, colour, colour))
    found = colours(lab, np.ones((30, 40)))
    assert np.allclose(found[:3] * 100, lab[0, 0], atol=0.01)
    assert np.allclose(found[3:6], 0, atol=0.01)
    shares = found[6:] ** 2
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() == np.linalg.norm(palette() - lab[0, 0], axis=1).argmin()


def test_weights_choose_the_cloth_that_counts():
    lab = cielab(np.hstack([cloth(30, 20, RED, RED), cloth(30, 20, GREEN, GREEN)]))
    left = np.repeat([[1.0] * 20 + [0.0] * 20], 30, axis=0)
    assert np.allclose(colours(lab, left), colours(lab[:, :20], np.ones((30, 20))), atol=1e-6)


def test_a_pattern_and_its_mirror_image_differ_in_direction_alone():
    around = np.ones((96, 96))
    one, other = (pattern(cielab(cloth(96, 96, NAVY, WHITE, kind, 24)), around, 6.0) for kind in ("stripe", "mirrored"))
    assert np.allclose(one[0::3], other[0::3], atol=0.1)  # as strong
    assert np.allclose(one[2::3], -other[2::3], atol=0.1)  # the other way
    assert np.abs(one[2]) > 0.8  # and plainly slanted


def test_another_tie_is_further_away_than_another_light():
    issued = figures(dressed((NAVY, RED, "stripe"), seed=0))
    lights = [apart(issued, figures(dressed((NAVY, RED, "stripe"), seed=seed))) for seed in range(1, 6)]
    others = [(NAVY, WHITE, "stripe"), (NAVY, RED, "mirrored"), (GREEN, RED, "stripe"), (NAVY, NAVY, "plain")]
    assert min(apart(issued, figures(dressed(tie))) for tie in others) > 1.5 * max(lights)


def test_the_badge_is_described_where_it_was_found():
    blue, red = (figures(dressed(badge=colour), "badge") for colour in (NAVY, RED))
    assert apart(blue, figures(dressed(tie=(GREEN, WHITE, "check"), badge=NAVY, seed=3), "badge")) < 0.3 * apart(
        blue, red
    )
    assert describe("badge", subject(dressed()), WORN) == "absent"
    lost = {"badge_worn": Finding(reason="occluded")}
    assert describe("badge", subject(dressed()), lost) == "occluded"


def test_a_uniform_of_another_colour_is_another():
    white = figures(dressed(), "uniform")
    image = dressed()
    image[230:480, 50:350] = cloth(250, 300, GREEN, GREEN)
    assert apart(white, figures(image, "uniform")) > 3 * apart(white, figures(dressed(seed=5), "uniform"))


@pytest.mark.parametrize("item", ["tie", "scarf", "uniform"])
def test_what_is_cut_off_small_or_turned_away_is_not_described(item):
    whole = subject(dressed())
    cut = replace(whole, image=whole.image[:180])
    assert describe(item, cut, WORN) == "out_of_frame"
    small = replace(whole, pose=whole.pose * 0.3, face=whole.face * 0.3)
    assert describe(item, small, WORN) == "too_small"
    turned = whole.world.copy()
    turned[11:13] = [(0, 0, -0.17), (0, 0, 0.17)]
    assert describe(item, replace(whole, world=turned), WORN) == "view"


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        ({"scarf_worn": Finding(0.9, 0.1), "bow_worn": Finding(0.1, 0.1)}, None),
        ({"scarf_worn": Finding(0.1, 0.1), "bow_worn": Finding(0.9, 0.1)}, None),
        ({"scarf_worn": Finding(0.1, 0.1), "bow_worn": Finding(0.1, 0.1)}, "absent"),
        ({"scarf_worn": Finding(0.55, 0.1, "uncertain"), "bow_worn": Finding(0.1, 0.1)}, "uncertain"),
        ({"scarf_worn": Finding(reason="view"), "bow_worn": Finding(reason="view")}, "view"),
        ({}, "uncertain"),
    ],
)
def test_a_scarf_or_a_bow_is_worn_when_one_of_them_is_seen(findings, reason):
    assert worn("scarf", findings) == reason


def test_a_uniform_is_always_worn():
    assert worn("uniform", {}) is None
    assert worn("badge", {"badge_worn": badge_finding()}) is None
    assert ITEMS == ("tie", "scarf", "badge", "uniform")
