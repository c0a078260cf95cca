"""What the server tells the person at the kiosk, in both languages."""

from __future__ import annotations

from posture_check.rules.result import Text

UNKNOWN_NUMBER = Text(zh="没有这个工号，请再试一次", en="There is no such staff number. Please try again.")
UNKNOWN_CODE = Text(zh="这个码不是本网点的工牌", en="This code is not on the staff list.")
NOT_ALLOWED_NOW = Text(zh="现在不能这样做", en="That cannot be done now.")
NEEDS_CONSENT = Text(zh="没有同意就不检查，也不保存任何内容", en="Nothing is checked or kept without your consent.")
WHICH_ROLE = Text(zh="请选择适用的规范", en="Please choose the standard that applies.")
REASON_NEEDED = Text(zh="请填写原因", en="Please give a reason.")
PIN_WRONG = Text(zh="密码不对，或不是主管密码", en="That PIN is not a supervisor's.")
NOT_SAVED = Text(
    zh="记录暂时无法保存（磁盘可能已满），检查可以继续，请告诉主管",
    en="Records cannot be saved just now (the disk may be full). The check goes on; please tell a supervisor.",
)
RECORDS_UNREADABLE = Text(
    zh="暂时读不到人员名单，可以先不登记姓名检查",
    en="The staff list cannot be read just now. You can check without a name.",
)
CHECKLIST_OUTDATED = Text(
    zh="本网点的检查表与现行规则不符，已改用随程序提供的检查表，请告诉管理员",
    en="The site's checklist no longer fits the rules: the one that ships is used. Please tell the administrator.",
)
CONSENT_TEXT = Text(
    zh="摄像头只用来看你的站姿和着装。画面只在这台电脑的内存里，看完即丢；不做人脸识别。"
    "每一项的结果会记到你的工号下，供上岗检查和月度考评使用。",
    en="The camera looks at your posture and dress only. Pictures stay in this computer's memory and are dropped at "
    "once; faces are not recognised. The result of each item is kept under your staff number, for the shift check and "
    "the monthly appraisal.",
)
"""Used until the site has a text of its own."""
GUEST_CONSENT_TEXT = Text(
    zh="摄像头只用来看你的站姿和着装。画面只在这台电脑的内存里，看完即丢；不做人脸识别。结果不记到任何人名下。",
    en="The camera looks at your posture and dress only. Pictures stay in this computer's memory and are dropped at "
    "once; faces are not recognised. The result is kept under nobody's name.",
)
