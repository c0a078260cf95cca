"""The findings of every posture but standing as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.families import LABELLED, SETTINGS, Coverage, Differs, best_setting, family_name
from bench.figures import Findings
from bench.numbers import FigureRow
from bench.score import Reading
from bench.segments import GestureSeen, RealTime, Timing
from bench.table import figure, listed, ratio, share, short, spread_of, table

HOW_TIMES = """\
*Right* is the share of the known time that has the right posture. Rendered walks, seats and stands show one
posture from beginning to end; in the squats the time is known where the shoulders are plainly down or plainly up.
*Changes*: postures that follow one another beyond those there are. Real clips: of the time of everybody in whom
something was found, the share with a labelled posture."""

HOW_FIGURES = """\
Absolute error of every value that a document states, judged or beside a check, against exact truth. *Read*: clips
with a value, of those with a truth seen from that side. *Within ±1, ±2 errors*: share whose truth lies within so many
stated errors; 68 % and 95 % are honest."""


def summary_rows(found: Findings) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the families for the summary at the top."""
    for family in LABELLED:
        name = family_name(family)
        for setting, title in SETTINGS.items():
            group = found.groups.get(f"{name}.{setting}")
            if group and group.total:
                s = group.total
                yield (
                    f"rendered {name}, {title}",
                    ratio(s.tp + s.tn, s.assessed),
                    share(s.right_share_counted),
                    share(s.borderline_share),
                    ratio(s.in_view_not_assessed, s.in_view),
                )


def family_sections(found: Findings) -> Iterator[str]:
    """Yield what the groups' own tables do not say: values, asking by name, times, real footage, coverage."""
    if found.rows:
        yield from ("", "## Values against truth, other postures", "", HOW_FIGURES, "", *_figures(found.rows))
    if found.seat_refused or found.seat_told:
        yield from ("", "### The seat without a chair in the profile", "", _seat(found))
    if found.rows:
        yield from ("", "## Asked for by name", "", *_differing(found))
    if found.timings:
        yield from ("", "## What is done when", "", HOW_TIMES, "", *_timings(found.timings), "", *_another(found))
        yield from ("", *_gestures(found.gestures))
    if found.real_times:
        yield from ("", "### Real footage with labelled postures", "", *_real_times(found.real_times))
    if found.facts:
        rows = [(f.name, f.about, f.said, {True: "yes", False: "**no**", None: "-"}[f.holds]) for f in found.facts]
        yield from ("", "## Facts about real footage", "", *table(("fact", "known", "said", "agrees"), rows))
    if found.coverage:
        yield from ("", "## What every clause is measured by", "", *_coverage(found.coverage))


def _figures(rows: Sequence[FigureRow]) -> Iterator[str]:
    head = (
        "figure",
        "family",
        "unit",
        "seen from",
        "setting",
        "read",
        "median / 95 % (n)",
        "bias",
        "±1",
        "±2",
        "worst",
    )
    yield from table(head, [_figure_row(row) for row in rows if row.figure.exists])
    yield ""
    names = dict.fromkeys(f"{r.figure.name}: {r.figure.number}" for r in rows)
    yield "True numbers: " + "; ".join(names) + "."
    missing = sorted({r.figure.name for r in rows if not r.figure.exists})
    if missing:
        yield ""
        yield f"No such measure in this version: {', '.join(missing)}."


def _figure_row(row: FigureRow) -> tuple[str, ...]:
    f, e = row.figure, row.errors
    return (
        f.name,
        family_name(f.family),
        f.unit,
        f.view,
        row.setting,
        f"{e.n if e else 0}/{row.cases}",
        spread_of(e) or "not stated",
        f"{e.bias:+.2g}" if e else "",
        share(row.within_one) if e else "",
        share(e.coverage) if e else "",
        ", ".join(_worst(r) for r in row.worst[:2]),
    )


def _worst(r: Reading) -> str:
    error = "" if r.error is None else f"±{r.error:.2g}"
    return f"{short(r.case).removesuffix('.mp4')} {figure(r.value)}{error} (true {figure(r.truth)})"


def _seat(found: Findings) -> str:
    said = f"Said that it is not calibrated: {len(found.seat_refused)}. Judged all the same: {len(found.seat_told)}"
    return f"{said} ({listed(found.seat_told)})." if found.seat_told else f"{said}."


def _differing(found: Findings) -> Iterator[str]:
    rows = []
    for family in LABELLED:
        name, setting = family_name(family), best_setting(family)
        auto, asked = f"{name}.{setting}", f"{name}.named"
        if f"{asked}.right_share" in found.figures:
            f = found.figures
            rows.append(
                (name, setting, *(share(f.get(f"{at}.{what}")) for what in ("right_share", "not_assessed_share")
                                  for at in (auto, asked)))
            )  # fmt: skip
    yield from table(
        ("family", "setting", "right, auto", "right, named", "not assessed, auto", "not assessed, named"), rows
    )
    yield ""
    if not found.differing:
        yield "`--posture auto` and the posture's own name say the same of every labelled clause."
    else:
        yield f"Clauses on which they differ: **{len(found.differing)}**."
        yield from (f"- {_differs(d)}" for d in found.differing[:40])


def _differs(d: Differs) -> str:
    return f"{short(d.case)}, {d.setting}: {d.clause} (true {d.truth}): auto {d.auto}, named {d.named}"


def _timings(by_setting: dict[str, dict[str, Timing]]) -> Iterator[str]:
    rows = [
        (
            family_name(family),
            setting,
            str(t.n),
            share(t.share),
            str(t.changes),
            str(t.unseen),
            "; ".join(f"{short(case).removesuffix('.mp4')} {part:.0%} ({said})" for case, part, said in t.wrong[:6])
            + (f" and {len(t.wrong) - 6} more" if len(t.wrong) > 6 else ""),
        )
        for setting, families in by_setting.items()
        for family, t in families.items()
    ]
    yield from table(("family", "setting", "clips", "right", "changes", "never seen", "under 90 %"), rows)


def _another(found: Findings) -> Iterator[str]:
    yield f"Clips judged as a posture that they never show: **{len(found.another)}**."
    yield from (f"- {short(case)}: {what}" for case, what in found.another[:20])


def _gestures(rows: Sequence[GestureSeen]) -> Iterator[str]:
    shown = [g for g in rows if g.wanted is not None]
    still = [g for g in rows if g.wanted is None]
    right, quiet = sum(g.right for g in shown), sum(g.right for g in still)
    yield f"Gestures found once and by their name: {ratio(right, len(shown))}; none where none is shown: "
    yield f"{ratio(quiet, len(still))}."
    for g in (*shown, *still):
        if not g.right:
            yield f"- {short(g.case)}: {g.wanted or 'none'} shown, found {', '.join(g.found) or 'none'}"


def _real_times(rows: Sequence[RealTime]) -> Iterator[str]:
    clips = [r for r in rows if not r.case.endswith((".jpg", ".png"))]
    pictures = [r for r in rows if r.case.endswith((".jpg", ".png"))]
    yield from table(
        ("clip", "labels", "right", "seconds found"),
        [(short(r.case), ", ".join(r.labels), share(r.share), _seconds(r)) for r in clips],
    )
    by_label: dict[tuple[str, ...], list[RealTime]] = {}
    for r in pictures:
        by_label.setdefault(r.labels, []).append(r)
    yield ""
    yield from table(
        ("pictures", "n", "right", "nothing found", "something else"),
        [
            (
                ", ".join(labels),
                str(len(mine)),
                str(sum((r.share or 0) > 0 for r in mine)),
                listed([r.case for r in mine if r.share is None]),
                listed([f"{short(r.case)} {next(iter(r.said))}" for r in mine if r.share == 0]),
            )
            for labels, mine in by_label.items()
        ],
    )


def _seconds(r: RealTime) -> str:
    return ", ".join(f"{name} {t:.1f}" for name, t in sorted(r.said.items(), key=lambda i: -i[1])) or "nothing"


def _coverage(rows: Sequence[Coverage]) -> Iterator[str]:
    yield "Rules that measure, and cases with a known verdict (of these fails)."
    yield ""
    yield from table(
        ("clause", "rules", "switched off", "rendered", "simulated", "real", ""),
        [
            (
                c.clause,
                str(c.rules),
                str(c.off or ""),
                *(f"{n} ({fails})" if n else "" for n, fails in (c.rendered, c.simulated, c.real)),
                "" if c.known or not c.rules else "**nothing**",
            )
            for c in rows
        ],
    )
