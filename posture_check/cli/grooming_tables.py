"""What ``posture-check grooming`` prints, in Chinese and English."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from posture_check.grooming.descriptors import Item
from posture_check.grooming.enroll import GOOD_ENOUGH, Outcome
from posture_check.grooming.evaluate import Said, rows
from posture_check.grooming.site_camera import ITEM_WORDS
from posture_check.grooming.train.site import Figures
from posture_check.reports.wording import REASON_WORDS, Lang, say
from posture_check.rules.result import Reason, Text

DONE = {
    "restored": Text(zh="已恢复上一次的登记", en="the enrolment before is in use again"),
    "removed": Text(zh="已删除登记", en="taken away; nothing is enrolled now"),
}
_HEADERS = (
    Text(zh="人员", en="person"),
    Text(zh="照片", en="photos"),
    Text(zh="平衡准确率", en="balanced accuracy"),
    Text(zh="查准率", en="precision"),
    Text(zh="查全率", en="recall"),
    Text(zh="未评定", en="not assessed"),
)
_ALL = Text(zh="全部", en="all")
_ABOUT = Text(
    zh="{item}：{people} 人 {photos} 张照片；每个人都由没有见过本人的模型判断；查准率和查全率针对不合格着装",
    en="{item}: {photos} photos of {people} people; each judged by a head that never saw that person; "
    "precision and recall are of incorrect dress",
)
_LEFT_OUT = Text(zh="未使用：{photo}（{reason}）", en="left out: {photo} ({reason})")
_ALL_DIFFERENT = Text(
    zh="每张照片都算作不同的人。如果不是这样，请把文件命名为“姓名_….jpg”，否则结果会偏好",
    en="every photo counts as another person. If that is not so, name the files PERSON_….jpg, "
    "else these figures are too good",
)
_STORED = Text(zh="{item}：已登记", en="{item}: enrolled, in use from now on")
_REPLACED = Text(
    zh="{item}：已登记，取代原模型（{before} → {after}）；原模型已备份，可用 --undo 恢复",
    en="{item}: enrolled in place of the one before ({before} → {after} on the same people); --undo brings that back",
)
_WORSE = Text(
    zh="{item}：新模型更差（{before} → {after}，同一批人员），仍使用原模型；--force 强制取代",
    en="{item}: the new head is worse ({before} → {after} on the same people): the one before stays in use; "
    "--force replaces it",
)
_POOR = Text(
    zh="{item}：区分不出合格与不合格（{score}，至少需要 {least}），未登记；"
    "请增加照片，或检查照片是否放对文件夹；--force 强制登记",
    en="{item}: cannot tell correct from incorrect dress ({score}; at least {least} is needed): not stored; take more "
    "photos, or look whether some lie in the wrong folder; --force stores it",
)
_OUTDATED = Text(
    zh="{item}：原模型属于旧版本，无法比较",
    en="{item}: the one before was made by another release and cannot be compared",
)
_EVALUATED = (
    Text(zh="项目", en="measure"),
    Text(zh="是 / 否", en="yes / no"),
    Text(zh="平衡准确率", en="balanced accuracy"),
    Text(zh="查准率", en="precision"),
    Text(zh="查全率", en="recall"),
    Text(zh="未评定", en="not assessed"),
    Text(zh="主要原因", en="mostly because"),
)
_WRONG = Text(zh="判断错误（{count}）：", en="judged wrongly ({count}):")
_MORE = Text(zh="……另有 {count} 个（见 --json 或 --sheet）", en="… and {count} more (see --json or --sheet)")
_YES = {True: Text(zh="是", en="yes"), False: Text(zh="否", en="no")}


def item_word(item: Item, lang: Lang) -> str:
    """Return the word of an item."""
    return say(ITEM_WORDS[item], lang)


def outcome_table(outcome: Outcome, lang: Lang) -> RenderableType:
    """Return how good a head is, person by person, and what became of it."""
    item = item_word(outcome.item, lang)
    about = say(_ABOUT, lang).format(item=item, photos=len(outcome.photos), people=len(outcome.names))
    table = _table(_HEADERS, lang)
    for person, figures in outcome.by_person().items():
        table.add_row(person, *_cells(figures))
    table.add_section()
    table.add_row(say(_ALL, lang), *_cells(outcome.figures), style="bold")
    lines: list[RenderableType] = [Styled(about), table]
    for name, reason in outcome.left_out:
        lines.append(Styled(say(_LEFT_OUT, lang).format(photo=name, reason=_reason(reason, lang)), style="yellow"))
    if outcome.all_different:
        lines.append(Styled(say(_ALL_DIFFERENT, lang), style="yellow"))
    if outcome.outdated:
        lines.append(Styled(say(_OUTDATED, lang).format(item=item), style="yellow"))
    lines += [Styled(_verdict(outcome, item, lang), style="green" if outcome.stored else "bold red"), ""]
    return Group(*lines)


def evaluation_table(said: Sequence[Said], lang: Lang, most: int) -> RenderableType:
    """Return how good each measure is, and at most so many of the pictures that were judged wrongly."""
    table = _table(_EVALUATED, lang)
    for row in rows(said):
        reasons = ", ".join(f"{_reason(name, lang)} {count}" for name, count in Counter(row.reasons).most_common(1))
        shares = (row.balanced, row.precision, row.recall, row.not_assessed)
        table.add_row(row.measure, f"{row.yes} / {row.no}", *map(_share, shares), reasons)
    wrong = [s for s in said if s.wrong]
    lines: list[RenderableType] = [table]
    if wrong:
        lines.append(Styled(say(_WRONG, lang).format(count=len(wrong)), style="bold"))
    lines += [Styled(f"  {s.measure} {s.value:.2f} ({say(_YES[s.truth], lang)})  {s.case.name}") for s in wrong[:most]]
    if len(wrong) > most:
        lines.append(Styled("  " + say(_MORE, lang).format(count=len(wrong) - most)))
    return Group(*lines)


def _verdict(outcome: Outcome, item: str, lang: Lang) -> str:
    parts = {"item": item, "score": _share(outcome.figures.score), "least": _share(GOOD_ENOUGH)}
    if outcome.before is not None and outcome.after is not None:
        digits = max(2, _digits(outcome.before.score, outcome.after.score))
        parts |= {"before": f"{outcome.before.score:.{digits}f}", "after": f"{outcome.after.score:.{digits}f}"}
    if not outcome.stored:
        return say(_WORSE if outcome.worse else _POOR, lang).format(**parts)
    return say(_STORED if outcome.before is None else _REPLACED, lang).format(**parts)


def _digits(first: float, second: float) -> int:
    """Return so many decimals that two different numbers do not look the same."""
    return 3 if first != second and f"{first:.2f}" == f"{second:.2f}" else 2


def _table(headers: Sequence[Text], lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bright_black")
    for number, header in enumerate(headers):
        table.add_column(
            say(header, lang), justify="right" if 0 < number < 6 else "left", overflow="fold", no_wrap=number == 0
        )
    return table


def _cells(figures: Figures) -> tuple[str, ...]:
    shares = (figures.balanced, figures.precision, figures.recall, figures.not_assessed)
    return (str(figures.photos), *map(_share, shares))


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0%}"


def _reason(name: str, lang: Lang) -> str:
    return say(REASON_WORDS[Reason(name)], lang)
