"""Words of the web pages in both languages, and which of them a browser gets.

Most wording stands in the templates, both languages side by side: ``{{ t("名册", "Roster") }}``. Here is what several
pages share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from starlette.requests import HTTPConnection

from posture_check.reports.appraisal import KIND_WORDS as KINDS
from posture_check.reports.wording import REASON_WORDS, VERDICT_WORDS, Lang
from posture_check.rules.result import Text, Verdict

LANG_COOKIE = "pc_lang"
Say = Callable[[str, str], str]

ROLES: dict[str, Text] = {"A": Text(zh="标准 A", en="variant A"), "B": Text(zh="标准 B", en="variant B")}
VARIANTS: dict[str, Text] = {
    "usual": Text(zh="常规", en="usual"),
    "seated": Text(zh="坐姿方案", en="seated"),
}
ACCOUNT_ROLES: dict[str, Text] = {
    "admin": Text(zh="管理员", en="administrator"),
    "supervisor": Text(zh="主管", en="supervisor"),
    "kiosk": Text(zh="检查终端", en="kiosk"),
}


def both(zh: str, en: str) -> Text:
    """Return a wording in both languages."""
    return Text(zh=zh, en=en)


def language_of(connection: HTTPConnection, default: Lang = "zh") -> Lang:
    """Return the language a browser gets: the one that was chosen, else the first it asks for that there is."""
    chosen = connection.cookies.get(LANG_COOKIE)
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    for part in connection.headers.get("accept-language", "").lower().split(","):
        wanted = part.split(";")[0].strip()
        if wanted.startswith("zh"):
            return "zh"
        if wanted.startswith("en"):
            return "en"
    return default


def sayer(lang: Lang) -> Say:
    """Return the function that templates call as ``t("中文", "English")``."""
    return (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)


def word(words: dict[str, Text], name: str | None, lang: Lang) -> str:
    """Return the word for a name; an unknown one is its own word."""
    if name is None:
        return ""
    text = words.get(name)
    return name if text is None else (text.zh if lang == "zh" else text.en)


def verdict_word(verdict: str | None, lang: Lang) -> str:
    """Return the word of a verdict as it is stored; None is of a shift that was not finished."""
    return word({str(v): text for v, text in VERDICT_WORDS.items()}, verdict or Verdict.INCOMPLETE, lang)


def reason_word(reason: str | None, lang: Lang) -> str:
    """Return why a check could not be judged."""
    return word({str(r): text for r, text in REASON_WORDS.items()}, reason, lang)


OTHER: dict[Lang, Literal["zh", "en"]] = {"zh": "en", "en": "zh"}
"""The language to switch to."""

__all__ = [
    "ACCOUNT_ROLES",
    "KINDS",
    "LANG_COOKIE",
    "OTHER",
    "ROLES",
    "VARIANTS",
    "both",
    "language_of",
    "reason_word",
    "sayer",
    "verdict_word",
    "word",
]
