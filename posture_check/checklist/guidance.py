"""The one thing to say now, in both languages, and never so fast that it cannot be read."""

from __future__ import annotations

import numpy as np

from posture_check.checklist.messages import Guidance
from posture_check.checklist.schema import Framing
from posture_check.landmarks.names import L
from posture_check.measures import MEASURES
from posture_check.measures.angles import wrap_deg
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Check, Reason, Text, Verdict
from posture_check.rules.schema import View

LEAST_S = 0.8
"""A message stays at least so long, unless what it asks for is done."""

TEXTS: dict[str, Text] = {
    "no_person": Text(zh="请站到镜头前", en="Please step in front of the camera"),
    "two_people": Text(zh="请一人接受检查，其他人请让开", en="One person at a time, please"),
    "dark": Text(zh="光线太暗，请开灯", en="Too dark: turn on a light"),
    "backlit": Text(zh="背光，请背对墙面站", en="Light is behind you: face the light"),
    "far": Text(zh="请走近一点", en="Come a little closer"),
    "near": Text(zh="请后退一点", en="Move back a little"),
    "feet_cut": Text(zh="请后退，让双脚入镜", en="Move back until your feet are in the picture"),
    "head_cut": Text(zh="请后退，让头部入镜", en="Move back until your head is in the picture"),
    "aside": Text(zh="请站到画面中间", en="Move to the middle"),
    "tilted": Text(zh="摄像头歪了，请扶正", en="The camera is tilted: set it level"),
    "begin": Text(zh="请开始", en="Please begin"),
    "hold": Text(zh="很好，保持不动", en="Good. Hold still"),
    "watching": Text(zh="很好，请继续", en="Good. Go on"),
    "wait": Text(zh="请稍候", en="One moment"),
    "done": Text(zh="完成", en="Done"),
    "code": Text(zh="请把二维码或条码对准镜头", en="Show your code to the camera"),
}
"""What is said for each code but ``view`` and ``fix``."""

AIM_DEG: dict[View, float] = {"front": 0.0, "left": 90.0, "right": -90.0, "back": 180.0, "oblique": 45.0}
"""Yaw at which a view is seen best."""

ON_THE_SPOT = ("TI-02", "BD-01.side", "BD-01.upright", "BD-01.front")
"""Rules of dress that can be put right before the camera; for another tie or other shoes one has to go away."""
_ARMS = (L.LEFT_ELBOW, L.RIGHT_ELBOW, L.LEFT_WRIST, L.RIGHT_WRIST)
_WRISTS = (L.LEFT_WRIST, L.RIGHT_WRIST)
_KNEES = (L.LEFT_KNEE, L.RIGHT_KNEE)
_HEAD = (L.NOSE, L.LEFT_EAR, L.RIGHT_EAR)
MARKS: dict[str, tuple[int, ...]] = {
    "ST-01": _HEAD, "ST-04": (L.LEFT_HIP, L.RIGHT_HIP), "ST-06": _WRISTS, "ST-10": _ARMS, "ST-11": _ARMS,
    "ST-12": _WRISTS, "ST-08.gap": (L.LEFT_ANKLE, L.RIGHT_ANKLE), "SI-04": _HEAD, "SI-06": _WRISTS, "SI-07": _KNEES,
    "SI-08": _KNEES, "SI-09.wide": _KNEES, "SI-09.hands": _WRISTS, "SI-11.chin": _WRISTS, "SU-02": _ARMS,
    "BD-01": (L.LEFT_SHOULDER, L.RIGHT_SHOULDER), "TI-02": (L.LEFT_SHOULDER, L.RIGHT_SHOULDER),
}  # fmt: skip
"""Landmarks that a clause's fault is at, where its measure is taken from others as well."""


def said(code: str) -> Guidance:
    """Return the guidance of a code that has one wording."""
    return Guidance(code=code, text=TEXTS[code])


def to_view(yaw_deg: float, views: tuple[View, ...]) -> Guidance:
    """Return how to turn so that the camera sees the person from one of the views, the nearest."""
    aims = [AIM_DEG[view] for view in views]
    by = min((float(wrap_deg(np.float64(yaw_deg - aim))) for aim in aims), key=abs)
    if abs(by) > 135:
        return Guidance(code="view", text=Text(zh="请转过身来", en="Turn around"), turn="left" if by > 0 else "right")
    little = abs(by) <= 60
    if by > 0:
        text = (
            Text(zh="请向左转一点", en="Turn a little to your left") if little else Text(zh="请向左转", en="Turn left")
        )
        return Guidance(code="view", text=text, turn="left")
    text = Text(zh="请向右转一点", en="Turn a little to your right") if little else Text(zh="请向右转", en="Turn right")
    return Guidance(code="view", text=text, turn="right")


def to_fix(checks: list[Check], book: RuleBook) -> Guidance | None:
    """Return the fix of the first required check that fails and can be put right there and then; None if none does.

    Single rules go before choices: "take the hand off the hip" tells more than "hands in a proper place".
    """
    for check in sorted(checks, key=lambda check: check.alternatives is not None):
        if not check.required or check.verdict is not Verdict.FAIL or check.fix is None:
            continue
        if check.posture != "grooming" or check.rule in ON_THE_SPOT:
            return Guidance(code="fix", text=check.fix, clause=check.clause, marks=_marks(check, book))
    return None


def to_show(checks: list[Check], framing: Framing, *, room: bool = True) -> Guidance | None:
    """Return what helps a required check that cannot be judged to be seen.

    Parameters
    ----------
    checks
        As judged. Dress counts in a close-up alone: who is to be seen from head to foot cannot come closer for a shoe.
    framing
        What must be in the picture.
    room
        Whether the picture has room for somebody who comes closer.
    """
    missing = [c for c in checks if c.required and c.verdict is Verdict.NOT_ASSESSED]
    reasons = {c.reason for c in missing if c.posture != "grooming" or framing == "upper"}
    cures = {
        Reason.OUT_OF_FRAME: "feet_cut" if framing == "body" else "near",
        Reason.TOO_SMALL: "far" if room else None,
        Reason.TOO_DARK: "dark",
    }
    return next((said(code) for reason, code in cures.items() if reason in reasons and code is not None), None)


def _marks(check: Check, book: RuleBook) -> tuple[int, ...]:
    """Return where on the body the fault is: by the table, else what the measure is taken from."""
    for name in (check.rule, check.clause):
        if name in MARKS:
            return MARKS[name]
    rule = next((rule for rule in book.rules if rule.id == check.rule), None)
    if rule is None or rule.measure is None:
        return ()
    measure = MEASURES[rule.measure]
    near = [L[f"{side}_{name}"] for name in measure.near for side in ("LEFT", "RIGHT")]
    return tuple(int(landmark) for landmark in (*measure.needs, *near))


class Prompter:
    """Keeps a message long enough to be read: another one follows no sooner than after :data:`LEAST_S`."""

    def __init__(self) -> None:
        self._shown: Guidance | None = None
        self._since_s = -np.inf

    def say(self, wanted: Guidance | None, now_s: float) -> Guidance | None:
        """Return what is shown now.

        Parameters
        ----------
        wanted
            What should be said; None, or praise, where nothing is wrong any more: then nothing is held up.
        now_s
            Time in seconds.
        """
        same = wanted is not None and self._shown is not None and _same(wanted, self._shown)
        solved = wanted is None or wanted.code in ("hold", "watching", "wait", "done")
        if same or solved or self._shown is None or now_s - self._since_s >= LEAST_S:
            if not same:
                self._since_s = now_s
            self._shown = wanted
        return self._shown


def _same(a: Guidance, b: Guidance) -> bool:
    return (a.code, a.clause, a.text) == (b.code, b.clause, b.text)
