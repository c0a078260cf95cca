"""The words and numbers of a result, in Chinese and English: the same everywhere they are shown."""

from __future__ import annotations

import locale
import math
import os
from collections.abc import Mapping
from typing import Literal

from posture_check.rules.result import Check, Limit, Reason, Text, Verdict

Lang = Literal["zh", "en"]

SIGNS: dict[Verdict, str] = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.BORDERLINE: "~",
    Verdict.NOT_ASSESSED: "–",
    Verdict.INCOMPLETE: "–",
}
"""A sign goes with every colour, so that nobody has to tell colours apart."""

STAND_INS: dict[str, tuple[str, ...]] = {
    "✓": ("√", "+"),
    "✗": ("×", "x"),
    "–": ("-",),
    "−": ("-",),
    "→": (">",),
    "±": ("+/-",),
    "°": (" deg",),
    "≥": (">=",),
    "≤": ("<=",),
    "·": ("-",),
    "×": ("x",),
    "…": ("...",),
}
"""What to write where the terminal's encoding lacks a sign (a Chinese Windows console, a bare server)."""

VERDICT_WORDS: dict[Verdict, Text] = {
    Verdict.PASS: Text(zh="合格", en="pass"),
    Verdict.FAIL: Text(zh="不合格", en="fail"),
    Verdict.BORDERLINE: Text(zh="临界", en="borderline"),
    Verdict.NOT_ASSESSED: Text(zh="未评定", en="not assessed"),
    Verdict.INCOMPLETE: Text(zh="未完成", en="incomplete"),
}

REASON_WORDS: dict[Reason, Text] = {
    Reason.NO_PERSON: Text(zh="没有看到人", en="no person seen"),
    Reason.VIEW: Text(zh="拍摄角度不合适", en="wrong camera angle"),
    Reason.OUT_OF_FRAME: Text(zh="身体没有拍全", en="body partly out of the picture"),
    Reason.OCCLUDED: Text(zh="被遮挡", en="hidden from the camera"),
    Reason.TOO_SMALL: Text(zh="人在画面中太小", en="person too small in the picture"),
    Reason.TOO_DARK: Text(zh="画面太暗", en="picture too dark"),
    Reason.TOO_SHORT: Text(zh="时间太短", en="too short"),
    Reason.UNSTEADY: Text(zh="没有保持住", en="not held steady"),
    Reason.UNCERTAIN: Text(zh="无法可靠判断", en="cannot be told reliably"),
    Reason.NOT_CALIBRATED: Text(zh="尚未标定", en="not calibrated"),
    Reason.NOT_A_PERSON: Text(zh="画面中不是真人", en="not a real person"),
    Reason.POSTURE_NOT_SEEN: Text(zh="没有出现该姿态", en="posture not seen"),
    Reason.NO_PARTNER: Text(zh="没有第二个人", en="no second person"),
    Reason.ABSENT: Text(zh="没有佩戴", en="not worn"),
    Reason.NOT_ENROLLED: Text(zh="本网点未登记", en="not enrolled at this site"),
    Reason.NO_PICTURE: Text(zh="没有画面", en="no picture to look at"),
    Reason.EXEMPT: Text(zh="免检", en="exempt"),
    Reason.SWITCHED_OFF: Text(zh="本网点已停用", en="switched off at this site"),
    Reason.MANUAL: Text(zh="需人工检查", en="to be checked by a person"),
}

POSTURE_WORDS: dict[str, Text] = {
    "standing": Text(zh="站姿", en="standing"),
    "sitting": Text(zh="坐姿", en="sitting"),
    "walking": Text(zh="行姿", en="walking"),
    "squatting": Text(zh="蹲姿", en="squatting"),
    "gesture": Text(zh="手势", en="gesture"),
    "expression": Text(zh="表情", en="expression"),
    "grooming": Text(zh="仪容", en="grooming"),
    "sitting_down": Text(zh="入座", en="sitting down"),
    "rising": Text(zh="离座", en="rising"),
    "other": Text(zh="其他动作", en="other"),
    "pointing": Text(zh="指示方向", en="showing the way"),
    "inviting": Text(zh="请坐手势", en="inviting to sit"),
    "handing_over": Text(zh="递送", en="handing over"),
    "tray": Text(zh="托盘", en="carrying a tray"),
    "waving": Text(zh="挥手", en="waving"),
    "bow": Text(zh="鞠躬", en="bow"),
}

SIDE_WORDS: dict[str, Text] = {"left": Text(zh="左", en="left"), "right": Text(zh="右", en="right")}

_UNITS: dict[str, Text] = {
    "deg": Text(zh="°", en="°"),
    "share": Text(zh="%", en="%"),
    "probability": Text(zh="%", en="%"),
    "cm/s": Text(zh=" cm/s", en=" cm/s"),
    "s": Text(zh=" 秒", en=" s"),
}
_BARE_UNITS = ("", "1", "ratio", "score")
_PERCENT = ("share", "probability")


def language(chosen: str | None = None, environment: Mapping[str, str] | None = None) -> Lang:
    """Return the language to write in: the chosen one, else the environment's, else English.

    Parameters
    ----------
    chosen
        ``zh`` or ``en``; None asks the environment.
    environment
        Environment variables; by default the process's own. ``LC_ALL`` outranks ``LC_MESSAGES`` and ``LANG``.
    """
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    environment = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    if os.name == "nt":  # pragma: no cover - Windows sets none of these variables
        return "zh" if (locale.getlocale()[0] or "").startswith(("Chinese", "zh")) else "en"
    return "en"


def say(text: Text, lang: Lang) -> str:
    """Return a wording in one language."""
    return text.zh if lang == "zh" else text.en


def verdict_word(verdict: Verdict, lang: Lang) -> str:
    """Return the word of a verdict."""
    return say(VERDICT_WORDS[verdict], lang)


def posture_word(posture: str, lang: Lang) -> str:
    """Return the word of a posture; an unknown one is its own name."""
    return say(POSTURE_WORDS[posture], lang) if posture in POSTURE_WORDS else posture


def title(check: Check, lang: Lang) -> str:
    """Return a check's title with the side it is about, and whether it is but advice.

    A clause that is judged by one rule per side (``WA-02.left``) says the side where its title does not.
    """
    words = say(check.title, lang)
    side = SIDE_WORDS.get(check.rule.partition(".")[2])
    if side is not None and say(side, lang) not in words.lower():
        words += f"（{side.zh}）" if lang == "zh" else f", {side.en}"
    if not check.required and check.verdict is not Verdict.NOT_ASSESSED:
        words += "（建议）" if lang == "zh" else " · advice"
    return words


def value_text(check: Check, lang: Lang, *, error: bool = True) -> str:
    """Return the value, its error if wanted, and its unit: ``62.3 ± 4.0°``; empty without a value."""
    if check.value is None or not math.isfinite(check.value):
        return ""
    return _measured(check.value, check.error, check.unit, lang, error=error)


def _measured(value: float, spread: float | None, unit: str | None, lang: Lang, *, error: bool) -> str:
    factor = 100 if unit in _PERCENT else 1
    value, spread = value * factor, None if spread is None else spread * factor
    digits = decimals(value, spread)
    text = _number(value, digits)
    if error and spread is not None and math.isfinite(spread):
        text += f" ± {_number(spread, digits)}"
    return text + _unit(unit, lang)


def limit_text(limit: Limit | None, unit: str | None, lang: Lang) -> str:
    """Return the permitted range, such as ``≥ 164°``, ``± 3.2°`` or ``45–75°``; empty where there is none."""
    if limit is None or (limit.min is None and limit.max is None):
        return ""
    factor = 100 if unit in _PERCENT else 1
    low, high = (None if end is None else _trim(end * factor) for end in (limit.min, limit.max))
    if low is None:
        text = f"≤ {high}"
    elif high is None:
        text = f"≥ {low}"
    elif limit.min == -(limit.max or 0.0):
        text = f"± {high}"
    else:
        text = f"{low} … {high}" if "−" in low else f"{low}–{high}"
    return text + _unit(unit, lang)


def reason_text(check: Check, lang: Lang) -> str:
    """Return why a check was not assessed: the hint, which says what would help, else the bare reason."""
    if check.reason is None:
        return ""
    return say(check.hint or REASON_WORDS[check.reason], lang)


def is_aside(check: Check) -> bool:
    """Whether a check needs no row: a person answers it, the site has not enrolled it, or there is nothing to judge.

    What is not worn is told by the check that asks for it.
    """
    return check.reason in (Reason.MANUAL, Reason.NOT_ENROLLED, Reason.ABSENT)


def advice(check: Check, lang: Lang) -> str:
    """Return what to do about a check: how to put it right, or how to let it be seen; empty if it passed."""
    if check.verdict is Verdict.NOT_ASSESSED:
        return reason_text(check, lang)
    if check.verdict in (Verdict.FAIL, Verdict.BORDERLINE) and check.fix is not None:
        return say(check.fix, lang)
    return ""


def alternatives_text(check: Check) -> str:
    """Return the verdicts of the alternatives that would have done as well, such as ``ST-08 ✗  ST-09 –``."""
    others = (check.alternatives or {}).items()
    return "  ".join(f"{name} {SIGNS[verdict]}" for name, verdict in others if name != check.clause)


def figures_text(check: Check, lang: Lang) -> str:
    """Return the further figures of a check, such as ``upper arm swing left 22 ± 3°``."""
    found = (check.figures or {}).items()
    return "  ".join(
        f"{name.replace('_', ' ')} {_measured(f.value, f.error, f.unit, lang, error=True)}" for name, f in found
    )


def decimals(value: float, error: float | None) -> int:
    """Return how many decimals are worth writing: those that the error leaves, else 3 figures."""
    if error is not None and math.isfinite(error) and error > 0:
        return sum(error < step for step in (10, 0.3, 0.03))
    return sum(abs(value) < step for step in (100, 10)) if value else 1


def fit_encoding(text: str, encoding: str) -> str:
    """Return a text that an encoding can write, with plain stand-ins for the signs that it lacks."""
    if not encoding.lower().startswith("utf"):
        text = text.replace("─", "-")  # two columns wide in a Chinese console
    if _can(text, encoding):
        return text
    return "".join(_fit(character, encoding) for character in text)


def _fit(character: str, encoding: str) -> str:
    choices = (character, *STAND_INS.get(character, ()))
    return next((choice for choice in choices if _can(choice, encoding)), "?")


def _can(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _unit(unit: str | None, lang: Lang) -> str:
    if unit is None or unit in _BARE_UNITS:
        return ""
    return say(_UNITS[unit], lang) if unit in _UNITS else f" {unit}"


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def _trim(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
