"""The panel beside an annotated picture: verdict, every check with its sign, and the time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posture_check.reports.draw import COLOURS, WHITE, box, draw_sign
from posture_check.reports.grooming_marks import shows_dress, when_shown
from posture_check.reports.text import Colour, Image, line_height, put_text, shorten, text_size, wrap
from posture_check.reports.wording import (
    REASON_WORDS,
    Lang,
    advice,
    is_aside,
    limit_text,
    posture_word,
    say,
    title,
    value_text,
    verdict_word,
)
from posture_check.rules.result import Check, Reason, Result, Verdict

GROUND: Colour = (24, 28, 34)
RAISED: Colour = (36, 42, 51)
FAINT: Colour = (139, 148, 158)
MILD: Colour = (201, 209, 217)

TINTS: dict[str, Colour] = {
    "standing": (110, 150, 190),
    "walking": (120, 170, 140),
    "sitting": (170, 150, 190),
    "sitting_down": (140, 125, 160),
    "rising": (140, 125, 160),
    "squatting": (190, 160, 110),
    "other": (72, 80, 90),
}
"""Colours of the postures on the timeline; gestures lie on them in a lighter grey."""

SHARE = 0.62
"""Width of the panel over its height."""

_COUNTED = (Verdict.PASS, Verdict.FAIL, Verdict.BORDERLINE, Verdict.NOT_ASSESSED)
_ALL = frozenset(_COUNTED)
_NOT_PASSED = _ALL - {Verdict.PASS}
_WRONG = frozenset({Verdict.FAIL, Verdict.BORDERLINE})
_NONE: frozenset[Verdict] = frozenset()
_LAYOUTS: tuple[tuple[float, frozenset[Verdict]], ...] = (
    *((scale, _ALL) for scale in (1.3, 1.2, 1.1)),
    *((scale, _NOT_PASSED) for scale in (1.25, 1.15)),
    (1.0, _ALL),
    *((1.0, detailed) for detailed in (_NOT_PASSED, _WRONG)),
    *((0.88, detailed) for detailed in (_NOT_PASSED, _WRONG, _NONE)),
    *((0.78, detailed) for detailed in (_WRONG, _NONE)),
)
"""Size of the text and which verdicts get a second line, from the roomiest to the tightest."""


def panel_width(height: int) -> int:
    """Return the width in pixels of a panel of a height; even, as video wants it."""
    return 2 * round(height * SHARE / 2)


def draw_panel(result: Result, lang: Lang, height: int, now_s: float | None = None) -> Image:
    """Draw the panel.

    Parameters
    ----------
    result
        What to tell.
    lang
        Language of the wording.
    height
        Height in pixels.
    now_s
        Time in the video: checks judged now are lifted; None for a picture.

    Returns
    -------
    Image
        ``(height, panel_width(height), 3)`` uint8, RGB.
    """
    image: Image = np.full((height, panel_width(height), 3), GROUND, np.uint8)
    base = height / 45
    margin = round(1.1 * base)
    top = _draw_head(image, result, lang, base, margin)
    foot = round(2.6 * base) if now_s is not None else margin
    shown = checks_shown(result.checks, now_s)
    asides = _asides([c for c in shown if shows_dress(c) and is_aside(c)], lang, base)
    room = height - top - foot - sum(row.height for row in asides)
    rows = _layout([c for c in shown if not (shows_dress(c) and is_aside(c))], lang, room, base)
    _draw_rows(image, [*rows, *asides], lang, top, margin, now_s)
    return image


def checks_shown(checks: Sequence[Check], now_s: float | None) -> Sequence[Check]:
    """Return the checks that a panel lists: in a video those of what is being done now, all where that is nothing.

    A recording in which somebody stands, walks and sits has more checks than a panel has room for.
    """
    if now_s is None:
        return checks
    now = {(c.person, c.posture) for c in checks if c.start_s is not None and is_active(c, now_s)}
    return [c for c in checks if (c.person, c.posture) in now] or checks


def is_active(check: Check, now_s: float | None) -> bool:
    """Return whether a check is judged at a time; one without times always is."""
    if now_s is None or check.start_s is None or check.end_s is None:
        return True
    return check.start_s <= now_s <= check.end_s


def draw_timeline(image: Image, result: Result, lang: Lang, now_s: float) -> None:
    """Draw, at the foot of a panel, the postures over time, the failures, and a cursor at ``now_s``."""
    height, width = image.shape[:2]
    base = height / 45
    margin, px = round(1.1 * base), round(0.62 * base)
    left, right, top = margin, width - margin, height - round(1.0 * base)
    length = max(result.source.duration_s, 1e-3)
    thick = max(4, round(0.22 * base))

    def x(time_s: float) -> int:
        return int(left + (right - left) * min(1.0, max(0.0, time_s / length)))

    box(image, (left, top), (right - left, thick), RAISED, 1.0, thick // 2)
    for segment in result.segments:
        box(
            image,
            (x(segment.start_s), top),
            (max(2, x(segment.end_s) - x(segment.start_s)), thick),
            TINTS.get(segment.posture, FAINT),
            0.8,
        )
    for check in result.checks:
        if check.verdict is Verdict.FAIL and check.start_s is not None and check.end_s is not None:
            start_s, end_s = when_shown(check) or (check.start_s, check.end_s)
            span = (max(2, x(end_s) - x(start_s)), thick)
            box(image, (x(start_s), top), span, COLOURS[Verdict.FAIL])
    box(image, (x(now_s) - 2, top - thick), (4, 3 * thick), WHITE, 1.0, 2)
    names = dict.fromkeys(posture_word(s.posture, lang) for s in result.segments if s.start_s <= now_s <= s.end_s)
    at = top - line_height(px) - thick - 2
    put_text(image, ", ".join(names), (left, at), px, MILD)
    clock = f"{now_s:.1f} / {result.source.duration_s:.1f} s"
    put_text(image, clock, (right - text_size(clock, px)[0], at), px, FAINT)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the panel: a check, a heading, or the rest in words."""

    height: int
    px: int
    check: Check | None = None
    text: str = ""
    more: tuple[str, ...] = ()


def _draw_head(image: Image, result: Result, lang: Lang, base: float, margin: int) -> int:
    """Draw the verdict, the counts and the source; return where the rows begin."""
    width = image.shape[1]
    verdict, colour = result.verdict, COLOURS[result.verdict]
    big, px = round(1.55 * base), round(0.68 * base)
    top = margin
    draw_sign(image, verdict, (margin + 0.62 * big, top + 0.65 * big), 0.62 * big)
    end = put_text(image, _headline(result, lang), (margin + round(1.6 * big), top), big, colour, bold=True)
    counts = Counter(c.verdict for c in result.checks)
    x = width - margin
    for counted in reversed(_COUNTED):
        if counts[counted]:
            number = str(counts[counted])
            x -= text_size(number, px, bold=True)[0]
            if x - round(1.1 * px) < end:
                break
            put_text(image, number, (x, top + round(0.42 * big)), px, MILD, bold=True)
            x -= round(0.75 * px)
            draw_sign(image, counted, (x, top + round(0.42 * big) + 0.66 * px), 0.55 * px)
            x -= round(0.95 * px)
    top += round(1.45 * big)
    settings = result.settings
    role = f"角色 {settings.role}" if lang == "zh" else f"role {settings.role}"
    name = Path(result.source.path).name or result.source.path
    site = "" if settings.site == "default" else f" · {settings.site}"
    put_text(image, shorten(f"{name} · {role}{site}", px, width - 2 * margin), (margin, top), px, FAINT)
    top += round(1.5 * px)
    box(image, (margin, top + round(0.3 * px)), (width - 2 * margin, max(1, round(0.08 * px))), RAISED)
    return top + round(0.8 * px)


def _headline(result: Result, lang: Lang) -> str:
    word = verdict_word(result.verdict, lang)
    return word if lang == "zh" else word.capitalize()


def _layout(checks: Sequence[Check], lang: Lang, room: int, base: float) -> list[_Row]:
    """Return the rows that fit: the roomiest layout that does, else one that sums the harmless checks up."""
    width = panel_width(round(base * 45)) - 2 * round(1.1 * base)
    for scale, detailed in _LAYOUTS:
        rows = _rows(checks, lang, round(0.8 * base * scale), width, detailed)
        if sum(row.height for row in rows) <= room:
            return rows
    return _summary(checks, lang, round(0.72 * base), width, room)


def _rows(checks: Sequence[Check], lang: Lang, px: int, width: int, detailed: frozenset[Verdict]) -> list[_Row]:
    rows: list[_Row] = []
    several = len({c.person for c in checks}) > 1
    group: tuple[int, str] | None = None
    for check in checks:
        if group != (check.person, check.posture) and (several or len({c.posture for c in checks}) > 1):
            rows.append(_Row(round(1.9 * px), round(0.85 * px), text=_heading(check, lang, several)))
        group = (check.person, check.posture)
        more = tuple(_details(check, lang, px, width)) if check.verdict in detailed else ()
        rows.append(_Row(round(1.65 * px) + round(1.08 * px) * len(more), px, check, more=more))
    return rows


def _asides(checks: Sequence[Check], lang: Lang, base: float) -> list[_Row]:
    """Return lines with the clauses that no picture can tell, by the reason why."""
    px, width = round(0.62 * base), panel_width(round(base * 45)) - 2 * round(1.1 * base)
    rows = []
    # What is absent is told by the check that asks for it: a badge on a lanyard has no place to judge, and is worn.
    told = (check.reason for check in checks if check.reason is not Reason.ABSENT)
    for reason in dict.fromkeys(reason for reason in told if reason is not None):
        clauses = dict.fromkeys(check.clause for check in checks if check.reason is reason)
        words = say(REASON_WORDS[reason], lang) + ("：" if lang == "zh" else ": ") + ", ".join(clauses)
        rows += [_Row(round(1.5 * px), px, text=line) for line in wrap(words, px, round(0.93 * width), lines=2)]
    return rows


def _heading(check: Check, lang: Lang, several: bool) -> str:
    posture = posture_word(check.posture, lang)
    if not several:
        return posture
    return f"第 {check.person} 人 · {posture}" if lang == "zh" else f"Person {check.person} · {posture}"


def _details(check: Check, lang: Lang, px: int, width: int) -> list[str]:
    """Return the small lines below a check: its clause, its limit, and what to do."""
    limit = limit_text(check.limit, check.unit, lang) if check.value is not None else ""
    words = "  ".join(part for part in (check.clause, limit, advice(check, lang)) if part)
    return wrap(words, round(0.76 * px), width - round(1.7 * px), lines=2)


def _summary(checks: Sequence[Check], lang: Lang, px: int, width: int, room: int) -> list[_Row]:
    """Return what is wrong, one line each, and the rest as clause numbers by verdict."""
    wrong = [c for c in checks if c.verdict in _WRONG]
    rows = _rows(wrong, lang, px, width, frozenset())
    for verdict in (Verdict.PASS, Verdict.NOT_ASSESSED):
        clauses = dict.fromkeys(c.clause for c in checks if c.verdict is verdict)
        if clauses:
            head = verdict_word(verdict, lang) + ("：" if lang == "zh" else ": ")
            lines = wrap(head + ", ".join(clauses), px, width, lines=4)
            rows += [_Row(round(1.35 * px), px, text=line) for line in lines]
    while rows and sum(row.height for row in rows) > room:
        rows.pop()
    return rows


def _draw_rows(image: Image, rows: list[_Row], lang: Lang, top: int, margin: int, now_s: float | None) -> None:
    width = image.shape[1]
    for row in rows:
        if row.check is None:
            put_text(image, row.text, (margin, top + round(0.35 * row.px)), row.px, FAINT, bold=True)
        else:
            if _is_lifted(row.check, now_s):
                box(image, (margin // 2, top), (width - margin, row.height - 1), RAISED, 0.8, row.px // 3)
            _draw_check(image, row, row.check, lang, top, margin)
        top += row.height


def _is_lifted(check: Check, now_s: float | None) -> bool:
    judged = check.verdict is not Verdict.NOT_ASSESSED and check.start_s is not None
    return judged and now_s is not None and is_active(check, now_s)


def _draw_check(image: Image, row: _Row, check: Check, lang: Lang, top: int, margin: int) -> None:
    px, width = row.px, image.shape[1]
    text_top = top + round(0.2 * px)
    draw_sign(image, check.verdict, (margin + 0.6 * px, text_top + 0.66 * px), 0.56 * px)
    unseen = check.verdict is Verdict.NOT_ASSESSED
    value = value_text(check, lang)
    if unseen and not row.more and check.reason is not None:
        value = say(REASON_WORDS[check.reason], lang)
    small = round(0.88 * px)
    value = shorten(value, small, round(0.45 * width))
    x = width - margin - text_size(value, small, bold=not unseen)[0]
    colour = COLOURS[check.verdict] if check.verdict in _WRONG else (FAINT if unseen else MILD)
    put_text(image, value, (x, text_top + round(0.12 * px)), small, colour, bold=not unseen)
    left = margin + round(1.7 * px)
    name = title(check, lang) if row.more else f"{check.clause}  {title(check, lang)}"
    put_text(image, shorten(name, px, x - left - px // 2), (left, text_top), px, FAINT if unseen else WHITE)
    for i, line in enumerate(row.more):
        at = (left, text_top + round(1.32 * px) + round(1.08 * px) * i)
        put_text(image, line, at, round(0.76 * px), MILD if check.verdict in _WRONG else FAINT)
