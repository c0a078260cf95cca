"""The findings as Markdown, for ``RESULTS.md`` and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.card import held_out_section
from bench.families import SETTINGS
from bench.figures import IN_SAMPLE, Findings, Group, MeasureRow
from bench.limits import regressions
from bench.score import Score
from bench.table import listed, ratio, share, short, spread_of, table
from bench.truth import YAW_BINS
from bench.write_families import family_sections, summary_rows
from posture_check.resources import models_dir

_GROUP_HEAD = (
    "clause", "cases (fail)", "precision", "recall in view", "right", "borderline", "not assessed in view", "why not"
)  # fmt: skip

_HOW = """\
How to read it. `fail` is the positive class: precision is the share of fails said that are true, recall the
share of true fails, seen from where the clause can be judged, that were said; a true fail that came out as
`borderline` or `not_assessed` counts as missed. *Right* is the share of the verdicts `pass` and `fail` that are
right; *right, counted* takes `borderline` as the document takes it, as a pass. *Not assessed* is counted over
the clips whose camera stands where the standard judges the clause from: within 30° of the front, or, for ST-05
and the fore-aft part of ST-03, 60-120° to the side; from elsewhere nothing is expected. From the front ST-03 is
the sideways lean, from the side the lean fore and aft. `feet` is the required check in which any one of ST-07,
ST-08 and ST-09 will do. Rendered clips whose true number lies near the limit carry no label. Other postures are
judged from where their own rules say, by the true yaw; of the arms the near one is expected to be judged from
the side, the far one never, and SI-02 only where the seat is known. Settings: *true camera given* knows lens,
height, tilt and roll, as a calibrated kiosk does, *and seat* also the chair; *no calibration* has to find them
out."""


_HOW_MEASURED = """\
Absolute error, median / 95th percentile (number of values), by the camera's yaw in degrees, of every value
that a check states. *In view*: over the yaws the rule is judged from. *Bias*: median of value - truth.
*Within ±2 errors*: share of the values whose truth lies within two stated errors; 95 % or more is honest."""


def markdown(found: Findings, head: Sequence[str], limits: Mapping[str, Mapping[str, float]]) -> str:
    """Return the whole report.

    Parameters
    ----------
    found
        What the run found out.
    head
        Facts about the run, one line each.
    limits
        Regression limits by the figures' names.
    """
    parts = ["# Accuracy", "", *(f"- {line}" for line in head), "", _HOW, ""]
    parts += _summary(found)
    for name, group in found.groups.items():
        parts += ["", f"## Verdicts: {group.title}", "", *_group_table(group)]
        if name == IN_SAMPLE:
            section = held_out_section(models_dir() / "arms.md")
            parts += ["", "What the arm model's card says of photos that it did not learn from:", "", *section]
    if found.measures:
        parts += [
            "",
            "## Values against truth, rendered standing clips",
            "",
            *_measure_section(found.measures),
        ]
    parts += family_sections(found)
    parts += ["", "## What must never pass", "", *_never(found)]
    parts += ["", "## Documents", "", *_documents(found)]
    if limits:
        parts += ["", "## Regression limits", "", *_limits(found, limits)]
    return "\n".join(parts) + "\n"


def _summary(found: Findings) -> Iterator[str]:
    rows: list[tuple[str, ...]] = []
    for setting, title in SETTINGS.items():
        group = found.groups.get(f"rendered.{setting}")
        if group and group.total:
            s = group.total
            rows.append(
                (
                    f"rendered standing, {title}",
                    ratio(s.tp + s.tn, s.assessed),
                    share(s.right_share_counted),
                    share(s.borderline_share),
                    ratio(s.in_view_not_assessed, s.in_view),
                )
            )
    rows += summary_rows(found)
    if rows:
        yield from table(("", "right", "right, counted", "borderline", "not assessed in view"), rows)


def _group_table(group: Group) -> Iterator[str]:
    rows = [_score_row(clause, s) for clause, s in group.clauses.items()]
    if group.total:
        rows.append(_score_row("**all**", group.total))
    yield from table(_GROUP_HEAD, rows)
    wrong = [(clause, s) for clause, s in group.clauses.items() if s.wrong]
    if wrong:
        yield ""
        yield "Wrong verdicts: " + "; ".join(f"{clause}: {_wrong(s)}" for clause, s in wrong) + "."
    blind = [(clause, s.blind) for clause, s in group.clauses.items() if s.blind]
    if blind and group.rendered:
        yield ""
        yield "In view and not assessed: " + "; ".join(f"{clause}: {_blind(names)}" for clause, names in blind) + "."


def _wrong(s: Score) -> str:
    said = [f"{short(name)} ({'missed' if name in s.passed else 'fails wrongly'})" for name in s.wrong]
    return listed(said, 12)


def _blind(names: Sequence[tuple[str, str]]) -> str:
    return listed([f"{short(name).removesuffix('.mp4')} ({why})" for name, why in names], 12)


def _score_row(clause: str, s: Score) -> tuple[str, ...]:
    return (
        clause,
        f"{s.n} ({s.positives})",
        ratio(s.tp, s.tp + s.fp),
        ratio(s.in_view_tp, s.in_view_positives),
        ratio(s.tp + s.tn, s.assessed),
        share(s.borderline_share),
        ratio(s.in_view_not_assessed, s.in_view),
        ", ".join(f"{reason} {n}" for reason, n in s.reasons.most_common()),
    )


def _measure_section(rows: Sequence[MeasureRow]) -> Iterator[str]:
    yield _HOW_MEASURED
    yield ""
    bins = [f"{low:g}-{high:g}" for low, high in YAW_BINS]
    head = ("rule", "unit", "camera", *(f"{name}°" for name in bins), "in view", "bias", "within ±2 errors")
    yield from table(head, [_measure_row(row, bins) for row in rows])
    yield ""
    yield "True numbers: " + "; ".join(dict.fromkeys(f"{r.rule}: {r.number}" for r in rows)) + "."


def _measure_row(row: MeasureRow, bins: Sequence[str]) -> tuple[str, ...]:
    return (
        row.rule,
        row.unit,
        "given" if row.setting == "camera" else "none",
        *(spread_of(row.bins.get(name)) for name in bins),
        spread_of(row.seen),
        f"{row.seen.bias:+.2g}" if row.seen else "",
        share(row.seen.coverage) if row.seen else "",
    )


def _never(found: Findings) -> Iterator[str]:
    cases = "nobody there, drawn, from behind, tiny, upper body only, not standing"
    yield f"Documents that say `pass` and must not ({cases}): **{len(found.passed_wrongly)}**."
    yield from (f"- {name}: {why}" for name, why in found.passed_wrongly)
    yield ""
    yield f"Checks judged where nobody is to be seen: **{len(found.seen_in_nobody)}**."
    yield from (f"- {name}: {rule}" for name, rule in found.seen_in_nobody)


def _documents(found: Findings) -> Iterator[str]:
    kinds = ("pass", "fail", "incomplete", "refused", "broken")
    rows = [(family, *(str(counts.get(kind, 0)) for kind in kinds)) for family, counts in found.verdicts.items()]
    yield from table(("family (no calibration)", *kinds), rows)
    for title, entries in (("Broken", found.broken), ("Refused input", found.refused)):
        if entries:
            yield ""
            yield f"{title}:"
            yield from (f"- {name}: {error}" for name, error in entries)


def _limits(found: Findings, limits: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    rows = []
    for name, limit in limits.items():
        value = found.figures.get(name)
        broken = bool(regressions(found.figures, {name: limit}))
        bounds = " ".join(f"{end} {bound:g}" for end, bound in limit.items())
        rows.append((name, "-" if value is None else f"{value:.3f}", bounds, "**no**" if broken else "yes"))
    yield from table(("figure", "value", "limit", "holds"), rows)
