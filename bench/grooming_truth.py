"""What the exact truth of a rendered still says: answers, numbers, and the verdicts that the house limits imply.

Values between "labelled pass" and "labelled fail" of the house limits carry no label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FRONT_DEG = 30.0
"""A camera up to so far from the front sees what is judged from the front."""
SIDE_DEG = 60.0
"""From so far round on the back of the collar shows."""
SEEN_SHARE = 0.9
"""A badge is plain to see when this share of it is neither hidden nor cut off."""
PINNED = ("pin_wide", "pin_card")

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One line of the index of rendered stills."""

    row: Record

    @property
    def neck(self) -> Record:
        """Neckwear."""
        return dict(self.row["truth"]["neckwear"])

    @property
    def badge(self) -> Record:
        """Badge."""
        return dict(self.row["truth"]["badge"])

    @property
    def hair(self) -> Record:
        """Hair."""
        return dict(self.row["truth"]["hair"])

    @property
    def front(self) -> bool:
        """Whether the camera stands in front."""
        return abs(float(self.row["view_yaw_deg"])) <= FRONT_DEG

    @property
    def behind(self) -> bool:
        """Whether the chest is turned away."""
        return abs(float(self.row["view_yaw_deg"])) > 90.0

    def in_picture(self, place: Any) -> bool:
        """Tell whether a place in pixels is given and lies in the picture."""
        if not place:
            return False
        width, height = (int(n) for n in str(self.row["size"]).split("x"))
        return bool(0 <= place[0] < width and 0 <= place[1] < height)

    @property
    def badge_seen(self) -> bool:
        """Whether a badge is there to be seen, whole."""
        badge = self.badge
        shown = badge["present"] and badge.get("fully_in_picture")
        return bool(shown) and float(badge.get("visible_share") or 0.0) >= SEEN_SHARE

    @property
    def tip_seen(self) -> bool:
        """Whether a tie's tip and the belt line are in the picture, and no jacket hides the tip."""
        neck, truth = self.neck, self.row["truth"]
        return (
            neck["kind"] == "tie"
            and neck.get("tip_minus_belt_cm") is not None
            and self.in_picture(neck.get("tip_px"))
            and bool(truth.get("belt_in_picture"))
        )

    @property
    def short_sleeves(self) -> bool | None:
        """Whether the sleeves are short; None where neither forearm lies in the picture."""
        points = self.row["truth"]["points_px"]
        sides = ("left", "right")
        shown = any(all(self.in_picture(points.get(f"{side}_{end}")) for end in ("elbow", "wrist")) for side in sides)
        return self.row["truth"]["sleeves"] == "short" if shown else None

    @property
    def worse_ear(self) -> float | None:
        """Share of an ear that hair covers, the worse of those in view."""
        sides = (self.hair.get(f"ear_{side}_covered_in_image") for side in ("left", "right"))
        seen = [float(share) for share in sides if share is not None]
        return max(seen) if seen else None


def answers(still: Rendered) -> dict[str, Any]:
    """Return the true answer to each question, None where it is not plain."""
    neck, badge, hair = still.neck, still.badge, still.hair
    kind = neck["kind"]
    # From behind there is no collar to be seen, whatever is worn.
    worn = {name: kind == name for name in ("tie", "bow", "scarf")} if not still.behind else {}
    has_badge = bool(badge["present"])
    seen = still.badge_seen and not still.behind
    loose = not hair["bald"] and not hair.get("tied") and float(hair["lowest_minus_shoulder_line_cm"]) < -1.0
    short = hair["bald"] or float(hair["lowest_minus_shoulder_line_cm"]) > 1.0
    return {
        **worn,
        "badge": None if still.behind else True if seen else None if has_badge else False,
        "lanyard": badge["kind"].startswith("lanyard") if seen else None,
        "badge_front": not badge["reversed"] if seen and badge["kind"].startswith("lanyard") else None,
        "bald": bool(hair["bald"]),
        "bangs": _beyond(hair.get("forehead_covered_in_image"), 0.15, 0.35),
        "ears": _beyond(still.worse_ear, 0.2, 0.5),
        "long_hair": True if loose else False if short or hair.get("tied") else None,
        "tied": None if hair["bald"] else hair.get("tied"),
        "dyed": None if hair["bald"] else hair.get("dyed"),
        "headwear": False,
        "beard": False,
        "bare_forearm": still.short_sleeves,
    }


def numbers(still: Rendered) -> dict[str, float]:
    """Return the true value of each measure that has one in this picture."""
    neck, badge, hair = still.neck, still.badge, still.hair
    found: dict[str, Any] = {
        "forehead_covered": hair.get("forehead_covered_in_image"),
        "ears_covered": still.worse_ear,
        "hair_above_collar": None if hair["bald"] else hair.get("lowest_minus_collar_back_cm"),
    }
    if neck["kind"] == "tie" and still.in_picture(neck.get("knot_px")) and not still.behind:
        found |= {"knot_offset": neck["knot_offset_cm"], "tie_tilt": neck["blade_tilt_deg"]}
        found["tie_tip"] = neck["tip_minus_belt_cm"] if still.tip_seen else None
    if still.badge_seen and badge["kind"] in PINNED:
        found |= {"badge_tilt": badge["tilt_deg"]}
        found["badge_side"] = {"left": 1.0, "right": -1.0}.get(badge["side"])
    return {name: float(value) for name, value in found.items() if value is not None}


def clauses(still: Rendered) -> dict[str, str]:
    """Return the verdict of each clause of the still's role where the truth is clearly inside or outside the limit."""
    found = {
        "HA-06": _told(still.hair.get("dyed")),
        "BD-01": _badge(still),
        "SU-02": _told(still.short_sleeves),
        **(_role_a(still) if still.row["role"] == "A" else _role_b(still)),
    }
    return {clause: verdict for clause, verdict in found.items() if verdict is not None}


def _role_a(still: Rendered) -> dict[str, str | None]:
    neck, hair, truth = still.neck, still.hair, numbers(still)
    knot, tip, back = (truth.get(name) for name in ("knot_offset", "tie_tip", "hair_above_collar"))
    return {
        "HA-01": _told(_beyond(truth.get("forehead_covered"), 0.15, 0.35)),
        "HA-02": _told(_beyond(truth.get("ears_covered"), 0.2, 0.5)),
        "HA-03": None if back is None else "pass" if back >= 0.5 else "fail" if back <= -1.5 else None,
        "HA-05": _told(bool(hair["bald"])),
        "TI-01": None if still.behind else _told(neck["kind"] != "tie"),
        "TI-02": None if knot is None else _told(_beyond(abs(knot), 0.8, 1.8)),
        "TI-03": None if tip is None else "pass" if -2.5 <= tip <= 2 else "fail" if tip < -6 or tip > 5 else None,
    }


def _role_b(still: Rendered) -> dict[str, str | None]:
    hair, ear = still.hair, still.worse_ear
    below = None if hair["bald"] else float(hair["lowest_minus_shoulder_line_cm"])
    free = ear is not None and ear <= 0.2
    hair_up = hair.get("tied") or ((below is None or below > 0) and free)
    loose = below is not None and below < 0 and not hair.get("tied")
    return {
        "HA-04": "pass" if hair_up else "fail" if loose else None,
        "SC-01": None if still.behind else _told(still.neck["kind"] not in ("bow", "scarf")),
    }


def _badge(still: Rendered) -> str | None:
    badge = still.badge
    if still.behind:
        return None
    if not badge["present"]:
        return "fail"
    if not still.badge_seen:
        return None
    if badge["kind"] not in PINNED:
        return _told(bool(badge["reversed"]))
    tilt = abs(float(badge["tilt_deg"]))
    if badge["side"] == "right" or tilt >= 12:
        return "fail"
    return "pass" if tilt <= 5 else None


def _beyond(value: float | None, low: float, high: float) -> bool | None:
    """Tell whether a value lies above what is labelled; None between the two or without a value."""
    if value is None or low < value < high:
        return None
    return bool(value >= high)


def _told(wrong: bool | None) -> str | None:
    return None if wrong is None else "fail" if wrong else "pass"
