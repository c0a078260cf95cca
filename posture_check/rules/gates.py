"""Whether a rule can be judged from what is seen, and if not, why: nothing unseen ever passes."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.track import Track
from posture_check.measures.body import Body
from posture_check.measures.present import present
from posture_check.measures.registry import Measure
from posture_check.rules.result import Reason, Text
from posture_check.rules.schema import Rule, View

FRONT_DEG, SIDE_FROM_DEG, SIDE_TO_DEG, BACK_DEG = 38.0, 55.0, 125.0, 125.0
"""Where views begin and end. The measured yaw errs by about 4 degrees: a person turned by 30 is a front view."""


MIN_SOLIDITY = 0.12
"""Area over squared height from which a figure is taken for a person: 116 real people fill 0.179 and more, 77 rendered
ones 0.133 and more (thin and seen side-on), a drawn stick figure 0.04-0.11."""


def is_person(track: Track) -> bool:
    """Return whether a track is of a body rather than of a drawn figure; what was not looked at counts as a body."""
    seen = track.details.solidity[np.isfinite(track.details.solidity)]
    return not len(seen) or float(np.median(seen)) >= MIN_SOLIDITY


def view_of(yaw_deg: float) -> View:
    """Return the name of the view from which a person turned by ``yaw_deg`` is seen."""
    turn = abs(yaw_deg)
    if turn <= FRONT_DEG:
        return "front"
    if turn > BACK_DEG:
        return "back"
    if SIDE_FROM_DEG <= turn <= SIDE_TO_DEG:
        return "left" if yaw_deg > 0 else "right"
    return "oblique"


def unassessable(rule: Rule, measure: Measure, body: Body) -> Reason | None:
    """Return why a rule cannot be judged on this stretch, or None if it can."""
    if measure.needs_partner and not body.partners:
        return Reason.NO_PARTNER
    neutral = body.scene.neutral
    if measure.needs_neutral_face and (neutral is None or neutral.mouth_corner_lift is None):
        return Reason.NOT_CALIBRATED
    if measure.needs_chair and body.scene.chair is None:
        return Reason.NOT_CALIBRATED
    if float(present(np.nanmedian, body.stature_px)) < measure.min_stature_px:
        return Reason.TOO_SMALL
    if view_of(body.typical_yaw_deg) not in rule.views or abs(body.typical_yaw_deg) < measure.min_turn_deg:
        return Reason.VIEW
    shown = body.inside[:, measure.landmarks(body)].all(1).mean()
    if shown < rule.hold.share:
        return Reason.OUT_OF_FRAME
    if body.seen[:, measure.landmarks(body)].all(1).mean() < rule.hold.share:
        return Reason.OCCLUDED
    lasting = float(body.track.time_s[-1] - body.track.time_s[0])
    if lasting < max(measure.min_seconds, rule.hold.seconds) - 1e-6:
        return Reason.TOO_SHORT
    return None


HINTS: dict[Reason, Text] = {
    Reason.NO_PERSON: Text(zh="画面中没有人", en="Nobody is in the picture"),
    Reason.VIEW: Text(zh="请转到{views}再拍", en="Turn so that the camera sees you {views}"),
    Reason.OUT_OF_FRAME: Text(zh="请退后，让全身进入画面", en="Step back until the whole body is in the picture"),
    Reason.OCCLUDED: Text(zh="相关部位被遮挡，看不清", en="The parts it needs are hidden or cannot be made out"),
    Reason.TOO_SMALL: Text(zh="人在画面中太小，请靠近", en="The person is too small in the picture: come closer"),
    Reason.TOO_SHORT: Text(zh="时间太短，请保持姿势几秒钟", en="Too short: hold the posture for a few seconds"),
    Reason.UNCERTAIN: Text(zh="误差与标准限值相当，无法判断", en="The error is as large as the limit"),
    Reason.NOT_CALIBRATED: Text(zh="相机未标定，误差太大", en="The camera is not calibrated and the error too large"),
    Reason.NOT_A_PERSON: Text(zh="画面中不是真人，请对准真人拍摄", en="This is no person but a drawing: film a person"),
    Reason.POSTURE_NOT_SEEN: Text(zh="没有看到该姿势", en="This posture was not seen"),
    Reason.NO_PARTNER: Text(zh="画面中没有第二个人", en="There is no second person in the picture"),
    Reason.TOO_DARK: Text(zh="光线太暗或逆光，请改善照明", en="Too dark, or lit from behind: light the front"),
    Reason.ABSENT: Text(zh="没有佩戴，无可检查", en="It is not worn, so there is nothing to judge"),
    Reason.NOT_ENROLLED: Text(
        zh="本网点未登记：请运行 posture-check grooming enroll",
        en="This site has not enrolled it: run 'posture-check grooming enroll'",
    ),
    Reason.NO_PICTURE: Text(
        zh="没有画面可看，请从照片或视频检查", en="There is no picture to look at: check the photo or the video itself"
    ),
    Reason.EXEMPT: Text(zh="此人免检", en="This person is exempt from it"),
    Reason.SWITCHED_OFF: Text(zh="本网点未启用", en="Switched off for this site"),
    Reason.MANUAL: Text(zh="请人工检查", en="To be checked by a person"),
}
"""What to do about each reason."""

DRESS_HINTS: dict[Reason, Text] = {
    Reason.UNCERTAIN: Text(
        zh="这张画面看不准，请靠近并正对相机再拍", en="Not clear enough: come closer, face the camera, try again"
    ),
    Reason.OUT_OF_FRAME: Text(zh="相关部位没有拍到", en="The part it needs lies outside the picture"),
}
"""Where the advice on dress is another: nobody need show the whole body for a tie."""

ONE_SIDE: dict[View, Text] = {
    "left": Text(zh="左侧面", en="from your left side"),
    "right": Text(zh="右侧面", en="from your right side"),
}
"""Said where only one side will do, as for an arm that the body hides from the other."""

VIEW_WORDS: dict[View, Text] = {
    "front": Text(zh="正面", en="from the front"),
    "back": Text(zh="背面", en="from behind"),
    "left": Text(zh="侧面", en="side-on"),
    "right": Text(zh="侧面", en="side-on"),
    "oblique": Text(zh="斜侧面", en="at an angle"),
}


def hint_for(reason: Reason, rule: Rule) -> Text | None:
    """Return what the person can do so that the rule can be judged."""
    hint = DRESS_HINTS.get(reason) if rule.posture == "grooming" else None
    hint = hint or HINTS.get(reason)
    if hint is None or reason is not Reason.VIEW:
        return hint
    sides = set(rule.views) & set(ONE_SIDE)
    words = VIEW_WORDS | ONE_SIDE if len(sides) == 1 else VIEW_WORDS
    wanted = [words[view] for view in rule.views if view != "oblique"]
    zh = "或".join(dict.fromkeys(word.zh for word in wanted))
    en = " or ".join(dict.fromkeys(word.en for word in wanted))
    return Text(zh=hint.zh.format(views=zh), en=hint.en.format(views=en))
