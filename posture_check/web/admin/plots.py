"""Plots as SVG: pure functions from figures to markup.

Colours and fonts come from the style sheet by class, so that they follow the theme; every plot has a title and a
description for those who do not see it, and the page shows the same figures in a table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from html import escape
from typing import Literal

from markupsafe import Markup

Mark = Literal["pass", "warn", "fail", "idle"]
MARKS: tuple[Mark, ...] = ("pass", "warn", "fail", "idle")

LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 44
"""Room for labels around the plot, in pixels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, and how much of each mark is stacked in it, in the order of ``MARKS``."""

    label: str
    parts: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a share plot: two shares of the same thing, before and after, 0 to 1."""

    label: str
    before: float
    after: float
    note: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One judged value; ``error`` is one standard error, ``at`` in the zone that the plot is labelled in."""

    at: datetime
    value: float
    error: float | None
    mark: Mark
    label: str


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return round numbers that span a range, ends included; at least two."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        high = low + 1
    rough = (high - low) / max(1, wanted)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def stacked_bars(
    bars: Sequence[Bar], *, title: str, describe: str, y_label: str, names: Sequence[str], width: int = 560
) -> Markup:
    """Return stacked bars, such as inspections per day.

    Parameters
    ----------
    bars
        From left to right; labels that do not fit are left out evenly.
    title, describe
        For those who do not see the plot.
    y_label
        What is counted.
    names
        Words of ``MARKS``, for the legend.
    width
        In pixels; the plot scales with its place.
    """
    height = 260
    top = max((sum(bar.parts) for bar in bars), default=0)
    steps = [tick for tick in ticks(0, max(top, 1)) if tick == int(tick)]
    plot = _Frame(width, height, 0.0, max(1.0, len(bars)), steps[0], steps[-1])
    parts = [_grid(plot, steps, y_label)]
    every = math.ceil(len(bars) * 46 / plot.inner_width) if bars else 1
    for i, bar in enumerate(bars):
        x0, x1 = plot.x(i + 0.14), plot.x(i + 0.86)
        base = 0.0
        for mark, part in zip(MARKS, bar.parts, strict=True):
            if part > 0:
                y0, y1 = plot.y(base + part), plot.y(base)
                parts.append(
                    f'<rect class="m-{mark}" x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}"/>'
                )
                base += part
        if i % every == 0:
            parts.append(f'<text class="tick mid" x="{(x0 + x1) / 2:.1f}" y="{height - 26}">{escape(bar.label)}</text>')
    parts.append(_legend(plot, names, height - 8))
    return _svg(width, height, title, describe, parts)


def share_lines(shares: Sequence[Share], *, title: str, describe: str, names: tuple[str, str]) -> Markup:
    """Return horizontal bars of shares before and after, such as how often a clause failed first and in the end."""
    width, row, left = 560, 26, 196
    height = 44 + row * len(shares) + 20
    right = width - 124
    parts = []
    for i in range(5):
        x = left + (right - left) * i / 4
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="8" x2="{x:.1f}" y2="{height - 44}"/>')
        parts.append(f'<text class="tick mid" x="{x:.1f}" y="{height - 28}">{25 * i}%</text>')
    for i, share in enumerate(shares):
        y = 12 + i * row
        before, after = ((right - left) * min(1.0, max(0.0, part)) for part in (share.before, share.after))
        parts.append(f'<text class="name end" x="{left - 10}" y="{y + 13}">{escape(_short(share.label, 25))}</text>')
        parts.append(f'<rect class="m-before" x="{left}" y="{y}" width="{before:.1f}" height="9"/>')
        parts.append(f'<rect class="m-after" x="{left}" y="{y + 9}" width="{after:.1f}" height="9"/>')
        parts.append(f'<text class="tick" x="{right + 8}" y="{y + 13}">{escape(share.note)}</text>')
    for i, name in enumerate(names):
        x = left - 60 + i * 190
        kind = ("m-before", "m-after")[i]
        parts.append(f'<rect class="{kind}" x="{x}" y="{height - 15}" width="12" height="9"/>')
        parts.append(f'<text class="tick" x="{x + 18}" y="{height - 6}">{escape(name)}</text>')
    return _svg(width, height, title, describe, parts)


def dots_over_time(
    dots: Sequence[Dot],
    *,
    title: str,
    describe: str,
    y_label: str,
    names: Sequence[str],
    limit: tuple[float | None, float | None],
    limit_name: str,
    width: int = 560,
) -> Markup:
    """Return values over time with their errors and the permitted range as a band."""
    height = 300
    low, high = _range(dots, limit)
    steps = ticks(low, high)
    times = [dot.at.timestamp() for dot in dots] or [0.0]
    zone = dots[0].at.tzinfo if dots else None
    first, last = min(times), max(times)
    margin = max(3600.0, (last - first) * 0.03)
    plot = _Frame(width, height, first - margin, last + margin, steps[0], steps[-1])
    parts = [_band(plot, limit), _grid(plot, steps, y_label)]
    parts += [
        f'<text class="tick mid" x="{plot.x(at):.1f}" y="{height - 26}">{escape(text)}</text>'
        for at, text in _days(first, last, zone)
    ]
    for dot in dots:
        x, y = plot.x(dot.at.timestamp()), plot.y(dot.value)
        if dot.error:
            top, end = plot.y(min(dot.value + dot.error, steps[-1])), plot.y(max(dot.value - dot.error, steps[0]))
            parts.append(f'<line class="error" x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{end:.1f}"/>')
        parts.append(_dot(dot.mark, x, y, dot.label))
    parts.append(_legend(plot, names, height - 8, dots=True, band="" if limit == (None, None) else limit_name))
    return _svg(width, height, title, describe, parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def inner_width(self) -> float:
        return self.width - LEFT - RIGHT

    def x(self, value: float) -> float:
        return LEFT + self.inner_width * (value - self.x_low) / (self.x_high - self.x_low)

    def y(self, value: float) -> float:
        inner = self.height - TOP - BOTTOM
        return TOP + inner * (1 - (value - self.y_low) / (self.y_high - self.y_low))


def _svg(width: int, height: int, title: str, describe: str, parts: Sequence[str]) -> Markup:
    return Markup(
        f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(f"{title}: {describe}")}">'
        '<defs><pattern id="hatch" width="6" height="6" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">'
        '<rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.4" height="6"/></pattern>'
        f"</defs>{''.join(parts)}</svg>"
    )


def _grid(plot: _Frame, steps: Sequence[float], label: str) -> str:
    lines = []
    for step in steps:
        y = plot.y(step)
        lines.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{plot.width - RIGHT}" y2="{y:.1f}"/>')
        lines.append(f'<text class="tick end" x="{LEFT - 6}" y="{y + 4:.1f}">{step:g}</text>')
    middle = (TOP + plot.height - BOTTOM) / 2
    lines.append(f'<text class="axis mid" transform="translate(13 {middle:.0f}) rotate(-90)">{escape(label)}</text>')
    return "".join(lines)


def _legend(plot: _Frame, names: Sequence[str], y: float, *, dots: bool = False, band: str = "") -> str:
    parts, x = [], float(LEFT)
    for mark, name in zip(MARKS, names, strict=True):
        if not name:
            continue
        if dots:
            parts.append(_dot(mark, x + 6, y - 4, None))
        else:
            parts.append(f'<rect class="m-{mark}" x="{x:.0f}" y="{y - 9:.0f}" width="12" height="9"/>')
        parts.append(f'<text class="tick" x="{x + 18:.0f}" y="{y:.0f}">{escape(name)}</text>')
        x += 40 + sum(13 if ord(character) > 255 else 7 for character in name)
    if band:
        parts.append(f'<rect class="band edged" x="{x:.0f}" y="{y - 10:.0f}" width="16" height="11"/>')
        parts.append(f'<text class="tick" x="{x + 22:.0f}" y="{y:.0f}">{escape(band)}</text>')
    return "".join(parts)


def _dot(mark: Mark, x: float, y: float, label: str | None) -> str:
    """Return a dot whose shape, too, tells the mark: circle, diamond, cross, ring."""
    said = f"<title>{escape(label)}</title>" if label else ""
    if mark == "fail":
        shape = f"M{x - 4.5:.1f} {y - 4.5:.1f}l9 9m0 -9l-9 9"
        return f'<path class="d-fail" d="{shape}">{said}</path>'
    if mark == "warn":
        return f'<path class="d-warn" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z">{said}</path>'
    return f'<circle class="d-{mark}" cx="{x:.1f}" cy="{y:.1f}" r="4">{said}</circle>'


def _band(plot: _Frame, limit: tuple[float | None, float | None]) -> str:
    low, high = limit
    if low is None and high is None:
        return ""
    top = plot.y(min(plot.y_high, plot.y_high if high is None else high))
    end = plot.y(max(plot.y_low, plot.y_low if low is None else low))
    band = f'<rect class="band" x="{LEFT}" y="{top:.1f}" width="{plot.inner_width:.1f}" height="{end - top:.1f}"/>'
    lines = [
        f'<line class="limit" x1="{LEFT}" y1="{plot.y(at):.1f}" x2="{plot.width - RIGHT}" y2="{plot.y(at):.1f}"/>'
        for at in limit
        if at is not None
    ]
    return band + "".join(lines)


def _range(dots: Sequence[Dot], limit: tuple[float | None, float | None]) -> tuple[float, float]:
    values = [dot.value + sign * (dot.error or 0.0) for dot in dots for sign in (-1, 1)]
    values += [end for end in limit if end is not None]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    spare = 0.06 * (high - low) or 1.0
    return low - spare, high + spare


def _days(first: float, last: float, zone: tzinfo | None) -> list[tuple[float, str]]:
    """Return up to seven days of a stretch of time, as places and labels; a short one has hours."""
    if last - first < 2 * 86400:
        count, form = 4, "%m-%d %H:%M"
    else:
        count, form = 6, "%m-%d"
    places = [first + (last - first) * i / count for i in range(count + 1)] if last > first else [first]
    return [(at, datetime.fromtimestamp(at, zone).strftime(form)) for at in places]


def _short(text: str, most: int) -> str:
    """Return a label that fits; Chinese characters are twice as wide."""
    width, kept = 0, ""
    for character in text:
        width += 2 if ord(character) > 255 else 1
        if width > most:
            return f"{kept}…"
        kept += character
    return kept


def day_label(day: date) -> str:
    """Return a day as plots write it."""
    return day.strftime("%m-%d")
