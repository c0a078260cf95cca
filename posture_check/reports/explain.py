"""A rule explained to a person: what it asks, from where, how it is measured, and what is permitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture_check.reports.wording import Lang, limit_text, posture_word, say
from posture_check.rules.result import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from posture_check.rules.loader import RuleBook
    from posture_check.rules.schema import Rule, Sided

LABELS: dict[str, Text] = {
    "rule": Text(zh="规则", en="rule"),
    "what": Text(zh="要求", en="what"),
    "posture": Text(zh="姿态", en="posture"),
    "judged on": Text(zh="评定时段", en="judged on"),
    "roles": Text(zh="角色", en="roles"),
    "source": Text(zh="出处", en="source"),
    "limit": Text(zh="限值", en="limit"),
    "basis": Text(zh="依据", en="basis"),
    "measure": Text(zh="测量", en="measure"),
    "figures": Text(zh="附带数值", en="figures"),
    "views": Text(zh="视角", en="views"),
    "held": Text(zh="持续", en="held"),
    "required": Text(zh="必查", en="required"),
    "part of": Text(zh="所属选项", en="part of"),
    "enabled": Text(zh="启用", en="enabled"),
    "site": Text(zh="网点", en="site"),
    "wrong": Text(zh="不合格表现", en="wrong"),
    "to do": Text(zh="改正", en="to do"),
    "note": Text(zh="说明", en="note"),
}
BASIS: dict[str, Text] = {
    "documented": Text(zh="标准文件给出的数值", en="the document's own figure"),
    "house": Text(zh="本系统数值：文件未给出", en="our figure: the document gives none"),
    "site": Text(zh="本网点自定的数值", en="this site's own figure"),
}
BASIS_WORDS: dict[str, Text] = {
    "documented": Text(zh="文件", en="documented"),
    "house": Text(zh="自定", en="house"),
    "site": Text(zh="网点", en="site"),
}
REQUIRED: dict[bool | str, Text] = {
    True: Text(zh="是", en="yes"),
    False: Text(zh="否，仅供参考", en="no, advice only"),
    "in_view": Text(zh="拍到所需视角时", en="where the view it needs is shown"),
    "if_seen": Text(zh="看得到该部位时", en="where the part it needs is seen"),
}
ONE_OF = Text(zh="{what}：{ids} 之一（默认 {usual}）", en="{what}: one of {ids} (by default {usual})")
IN_A_CHOICE = Text(zh="作为选项之一", en="as part of a choice")
SWITCHED_OFF = Text(zh="未启用", en="switched off")
MANUAL = Text(zh="无：由人检查", en="none: a person answers it")


def label(name: str, lang: Lang) -> str:
    """Return the label of a fact about a rule."""
    return say(LABELS[name], lang)


def basis_word(basis: str, lang: Lang) -> str:
    """Return in a word whose figure a limit is."""
    return say(BASIS_WORDS[basis], lang)


def explained(rule: Rule, book: RuleBook, lang: Lang) -> RenderableType:
    """Return everything there is to know about a rule, ready to print."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text as Words

    grid = Table.grid(padding=(0, 2))
    for name, words in facts(rule, book, lang):
        if words:
            grid.add_row(Words(label(name, lang), style="bright_black"), Words(words))
    return Group(Words.assemble((rule.id, "bold"), "  ", (say(rule.title, lang), "bold")), grid)


def facts(rule: Rule, book: RuleBook, lang: Lang) -> list[tuple[str, str]]:
    """Return the facts about a rule by the names of :data:`LABELS`; empty where there is nothing to tell."""
    from posture_check.measures import MEASURES

    source = rule.source
    also = f" (also {', '.join(source.also)})" if source.also else ""
    unit = MEASURES[rule.measure].unit if rule.measure else None
    choices = [
        f"{choice.id}: any of {', '.join(option.id for option in choice.options)}"
        for choice in book.choices
        if any(rule.id in option.rules for option in choice.options)
    ]
    return [
        ("posture", posture_word(rule.posture, lang)),
        ("judged on", _stretches(rule, lang)),
        ("roles", ", ".join(rule.roles)),
        ("source", f"{source.document} {source.section}{also}"),
        ("limit", limit_text(rule.limit.limit(), unit, lang) if rule.limit else say(MANUAL, lang)),
        ("basis", say(BASIS[rule.basis], lang)),
        ("measure", _measured(rule.measure)),
        ("figures", ", ".join(f"{name} ({MEASURES[name].unit})" for name in rule.figures)),
        ("views", ", ".join(rule.views)),
        ("held", f"{rule.hold.seconds:g} s, seen in {rule.hold.share:.0%} of it" if rule.hold.seconds else ""),
        ("required", say(IN_A_CHOICE if choices and not rule.required else REQUIRED[rule.required], lang)),
        ("part of", "; ".join(choices)),
        ("enabled", "" if rule.enabled else say(SWITCHED_OFF, lang)),
        ("site", f"{book.site} ({book.site_path})" if book.site_path else ""),
        ("wrong", _either(rule.wrong, lang)),
        ("to do", _either(rule.fix, lang)),
        ("note", rule.note or ""),
    ]


def _measured(name: str | None) -> str:
    """Return a measure's name and the first sentence of what it says of itself."""
    from posture_check.measures import MEASURES

    if name is None:
        return ""
    about = " ".join((MEASURES[name].function.__doc__ or "").strip().split("\n\n")[0].split())
    return f"{name}: {about}" if about else name


def _stretches(rule: Rule, lang: Lang) -> str:
    words = ", ".join(posture_word(stretch, lang) for stretch in rule.stretches)
    around = [
        f"{seconds:g} s {side}" for seconds, side in ((rule.before_s, "before"), (rule.after_s, "after")) if seconds
    ]
    return f"{words} (and {', '.join(around)})" if around else words


def _either(words: Text | Sided, lang: Lang) -> str:
    """Return a wording, or both of them where it depends on the side of the limit."""
    if isinstance(words, Text):
        return say(words, lang)
    return f"{say(words.low, lang)} / {say(words.high, lang)}"
