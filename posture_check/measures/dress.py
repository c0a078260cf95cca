"""Dress and hair: figures that grooming has read from the picture and that the track carries along.

Each is constant over a recording. A probability's error is half the band in which its classifier does not commit
itself, so that what is decided lies outside it.
"""

from __future__ import annotations

import numpy as np

from posture_check.measures.body import Body
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

_READ = {
    "forehead_covered": ("share", "Share of the forehead, brows to hairline, that hair covers."),
    "ears_covered": ("share", "Share of an ear that hair covers, the worse of those in view."),
    "hair_above_collar": ("cm", "Lowest hair at the back against the top of the collar, above it positive."),
    "long_hair_down": ("probability", "Whether loose hair hangs below the shoulder line."),
    "hair_tied": ("probability", "Whether long hair is tied up or fastened behind the head."),
    "bald": ("probability", "Whether there is no hair on the head."),
    "hair_unnatural": ("probability", "Whether the hair's colour lies outside natural hues, in the scene's light."),
    "headwear": ("probability", "Whether a hat, cap or headscarf is worn."),
    "beard": ("probability", "Whether there is a beard or a moustache."),
    "tie_worn": ("probability", "Whether a necktie is worn; a bow or a scarf is none."),
    "bow_worn": ("probability", "Whether a bow is worn at the collar."),
    "scarf_worn": ("probability", "Whether a scarf is worn at the collar."),
    "knot_offset": ("cm", "Middle of the tie's knot against the collar's centre line, to the wearer's left positive."),
    "tie_tip": ("cm", "Tip of the tie against the belt line, above it positive."),
    "tie_tilt": ("deg", "Tilt of the tie from straight down, its tip to the wearer's left positive."),
    "badge_worn": ("probability", "Whether a badge is worn, pinned or on a lanyard."),
    "badge_on_lanyard": ("probability", "Whether the badge hangs on a lanyard."),
    "badge_side": ("cm", "Middle of a pinned badge from the trunk's middle line, to the wearer's left positive."),
    "badge_tilt": ("deg", "Tilt of a pinned badge from upright."),
    "badge_front": ("probability", "Whether the badge shows its printed front."),
    "forearm_bare": ("share", "Share of a forearm that is bare, the worse of those in view."),
    "upper_arm_bare": ("share", "Share of an upper arm that is bare, the worse of those in view."),
    "leg_bare": ("share", "Share of a leg that is bare, the worse of those in view."),
    "shoe_black": ("probability", "Whether the shoes are black, in the scene's light."),
    "shoe_lightness": ("L*", "Lightness of the shoes in the scene's light, 0 black to 100 white."),
    "issued_tie": ("probability", "Whether the tie is the one that the site issues."),
    "issued_scarf": ("probability", "Whether the scarf or bow is the one that the site issues."),
    "issued_badge": ("probability", "Whether the badge is the one that the site issues."),
    "issued_uniform": ("probability", "Whether the uniform is the one that the site issues."),
}


def _read(name: str, unit: str, about: str) -> None:
    def figure(body: Body) -> Series:
        finding = body.track.findings.get(name)
        if finding is None or finding.value is None:
            return Series(np.full(len(body), np.nan))
        return Series(np.full(len(body), finding.value), systematic=finding.error or 0.0)

    figure.__name__, figure.__doc__ = name, about
    measure(unit, of_picture=True)(figure)


for _name, (_unit, _about) in _READ.items():
    _read(_name, _unit, _about)
