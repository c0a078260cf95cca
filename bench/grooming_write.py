"""The grooming bench's findings as Markdown, for ``GROOMING.md`` and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.grooming_cost import Cost
from bench.grooming_figures import BADGE_SIDE, HONEST, SIDE_CLAUSES, Found, Row, Values
from bench.grooming_groups import ASKED, groups
from bench.grooming_promises import Kept, kept
from bench.grooming_score import HALF_BANDS, Confusion, abstention_curve, reliability
from bench.limits import regressions
from bench.score import Score
from bench.table import figure, listed, ratio, share, table
from posture_check.measures import MEASURES

_HOW = """\
How to read it. *Yes* is the positive class. Counts, precision, recall and balanced accuracy (the mean of the shares
of yes and of no that were said rightly) are over the pictures on which something was said; the share on which nothing
was said stands beside them with the reasons (`uncertain`: inside the classifier's band; `borderline`: a share of hair
within its error of the limit). *Not trained on*: no model behind that figure learned from that family.
*Held out*: what a model says of people that were left out when it was trained (by cross-validation, or a part kept
apart for good), by the predictions that training keeps in `models/*.cv.csv`, with the shipped product's gates of view,
size and light. *In-sample*: the shipped model on pictures that it learned from, which flatters. Where there are two
rows, the promises take the held-out one."""
_HOW_CURVES = """\
Balanced accuracy, and in brackets the share abstained from, as the band about one half grows to the half width at the
head of the column."""
_HOW_VERDICTS = """\
Verdicts of the rules, for the role a still was made for, where the truth lies clearly inside or outside the house
limit. `fail` is the positive class. *Right* is over the verdicts `pass` and `fail`; *not assessed* over the stills
whose camera stands within 30° of the front; for HA-03, judged from the side and from behind, over the others. Several
of the shipped models learned from these stills too, so this is in-sample in part; what they say of held-out stills is
among the questions above."""
_HOW_VALUES = """\
Absolute error of every value stated, median / 95th percentile (number of values); *bias*: median of value - truth;
*within 2 errors*: share of the truths within two stated errors. Truth of rendered stills is exact; that of bare limbs
in ccp is the share of skin in its masks along the line from joint to joint. From in front
`hair_above_collar` is a bound: the hair reaches at least so low."""
_HOW_GROUPS = """\
Balanced accuracy where decided, in brackets decided of all. Over photos alone, of families that the model never saw or
was held out from. Grey or white is hair of little colour and some lightness where hair was found; thirds of skin are by
the lightness of the cheeks in the picture, within each family."""


def markdown(found: Found, cost: Cost, head: Sequence[str], limits: Mapping[str, Mapping[str, float]]) -> str:
    """Return the whole report.

    Parameters
    ----------
    found
        What the run found out.
    cost
        What a look costs.
    head
        Facts about the run, one line each.
    limits
        Regression limits by the figures' names.
    """
    parts = ["# Grooming", "", *(f"- {line}" for line in head)]
    for title, how, lines in (
        ("What was promised", "", _promises(kept(found))),
        ("Questions", _HOW, _questions(found.rows)),
        ("Outline of the hair", "", _iou(found)),
        ("Verdicts on rendered stills", _HOW_VERDICTS, _verdicts(found)),
        ("Values against truth", _HOW_VALUES, _values(found.values)),
        ("Abstention", _HOW_CURVES, _curves(found.rows)),
        ("Calibration", "", _calibration(found.rows)),
        ("By visible group", _HOW_GROUPS, _groups(found)),
        ("Cost", "", _cost(cost)),
        ("Regression limits", "", _limits(found, limits)),
    ):
        body = list(lines)
        if body:
            parts += ["", f"## {title}", "", *([how, ""] if how else []), *body]
    return "\n".join(parts) + "\n"


def _promises(promises: Sequence[Kept]) -> Iterator[str]:
    met = sum(k.met is True for k in promises)
    missed = [k.promise.text for k in promises if k.met is False]
    unmeasured = [k.promise.text for k in promises if k.met is None]
    yield f"{met} of {len(promises)} met; missed {len(missed)}, not measured {len(unmeasured)}."
    yield ""
    yield from table(("promised", "at least / most", "measured", "n", "pictures", "met"), map(_promise_row, promises))


def _promise_row(k: Kept) -> tuple[str, ...]:
    p = k.promise
    unit = f" {p.unit}" if p.unit else ""
    asked = f"≥ {p.least:g}{unit}" if p.least is not None else f"≤ {p.most:g}{unit}"
    measured = "-" if k.measured is None else f"{k.measured:.3f}{unit}" if not p.unit else f"{k.measured:.3g}{unit}"
    met = {True: "yes", False: "**no**", None: "-"}[k.met]
    return (p.text, asked, measured, "-" if k.n is None else str(k.n), k.how, met)


def _questions(rows: Sequence[Row]) -> Iterator[str]:
    head = ("", "pictures", "model", "n (yes)", "tp", "fp", "tn", "fn", "precision", "recall", "balanced",
            "not assessed", "why not")  # fmt: skip
    yield from table(head, map(_question_row, rows))
    wrong = [(row, row.counts) for row in rows if row.how in HONEST]
    yield ""
    for row, counts in wrong:
        for kind, names in (("said wrongly", counts.false_yes), ("missed", counts.false_no)):
            if names:
                yield f"- {row.question.name}, {row.family}, {kind}: {listed(names)}"


def _question_row(row: Row) -> tuple[str, ...]:
    c = row.counts
    yes = sum(a.truth for a in row.answers)
    reasons = ", ".join(f"{reason} {n}" for reason, n in c.reasons.most_common())
    shares = (share(c.precision), share(c.recall), share(c.balanced), share(c.not_assessed))
    return (row.question.title, row.family, row.how, f"{c.n} ({yes})", *map(str, (c.tp, c.fp, c.tn, c.fn)), *shares,
            reasons)  # fmt: skip


def _iou(found: Found) -> Iterator[str]:
    rows = []
    for (family, how), ious in found.iou.items():
        ordered = sorted(ious)
        low = ordered[len(ordered) // 10]
        rows.append((family, how, str(len(ious)), share(sum(ious) / len(ious)), share(low)))
    if rows:
        yield from table(("pictures", "model", "n", "mean IoU with the mask", "10th percentile"), rows)


def _verdicts(found: Found) -> Iterator[str]:
    clauses = sorted({j.clause for j in found.judged})
    if not clauses:
        return
    head = ("clause", "n (fail)", "right", "precision", "recall in view", "borderline", "not assessed", "why not")
    rows = [_verdict_row(clause, found.clause(clause)) for clause in clauses]
    yield from table(head, [*rows, _verdict_row("**all**", found.verdicts)])
    yield ""
    for clause in clauses:
        s = found.clause(clause)
        if s.wrong:
            yield f"- {clause}: {listed([_wrongly(name, s) for name in s.wrong], 16)}"


def _wrongly(name: str, s: Score) -> str:
    return f"{name} ({'missed' if name in s.passed else 'fails wrongly'})"


def _verdict_row(clause: str, s: Score) -> tuple[str, ...]:
    return (
        f"{clause}{' (not from the front)' if clause in SIDE_CLAUSES else ''}",
        f"{s.n} ({s.positives})",
        ratio(s.tp + s.tn, s.assessed),
        ratio(s.tp, s.tp + s.fp),
        ratio(s.in_view_tp, s.in_view_positives),
        share(s.borderline_share),
        ratio(s.in_view_not_assessed, s.in_view),
        ", ".join(f"{reason} {n}" for reason, n in s.reasons.most_common()),
    )


def _values(values: Sequence[Values]) -> Iterator[str]:
    head = ("measure", "unit", "pictures", "view", "truth known", "stated", "error", "bias", "within 2 errors")
    rows = []
    for part in values:
        s = part.spread
        view = {True: "front", False: "elsewhere", None: ""}[part.front]
        if s is None or part.measure == BADGE_SIDE:  # of the badge's place the side alone has a truth
            told = ("-", "-", "-")
        else:
            told = (f"{s.median:.2g} / {s.p95:.2g}", f"{s.bias:+.2g}", share(s.coverage))
        stated = str(len(part.values))
        rows.append((part.measure, MEASURES[part.measure].unit, part.family, view, str(part.known), stated, *told))
    if rows:
        yield from table(head, rows)
    for part in values:
        if part.measure == BADGE_SIDE and part.values:
            right = sum(v.value * v.truth > 0 for v in part.values)
            view = "from the front" if part.front else "from elsewhere"
            yield ""
            yield f"Side of the badge, rendered stills {view}: {ratio(right, len(part.values))} right."


def _curves(rows: Sequence[Row]) -> Iterator[str]:
    head = ("", "pictures", "model", *(f"±{half:g}" for half in HALF_BANDS))
    lines = []
    for row in _classifiers(rows):
        cells = [f"{share(p.balanced)} ({p.abstained:.0%})" for p in abstention_curve(row.answers)]
        lines.append((row.question.title, row.family, row.how, *cells))
    if lines:
        yield from table(head, lines)


def _calibration(rows: Sequence[Row]) -> Iterator[str]:
    lines = []
    for row in _classifiers(rows):
        bins, error = reliability(row.answers)
        told = "; ".join(f"{b.mean:.2f}→{b.true_share:.2f} ({b.n})" for b in bins)
        lines.append((row.question.title, row.family, row.how, figure(error), told))
    if lines:
        yield "Six bins of equal width: mean probability → share that is so (pictures)."
        yield ""
        yield from table(("", "pictures", "model", "expected calibration error", "bins"), lines)


def _classifiers(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the honest rows of probabilities for which both answers occur."""
    for row in rows:
        both = {a.truth for a in row.answers} == {True, False}
        decided = row.counts.decided > 0
        if both and decided and row.how in HONEST and MEASURES[row.question.measure].unit == "probability":
            yield row


def _groups(found: Found) -> Iterator[str]:
    rows = [(g.name, str(g.photos), *(_group_cell(g.counts[q]) for q in ASKED)) for g in groups(found)]
    yield from table(("", "photos", *ASKED), rows)
    yield ""
    yield "Where one kind alone occurs there is no balanced accuracy: then it is the share right."


def _group_cell(counts: Confusion) -> str:
    if not counts.n:
        return ""
    right = counts.tp + counts.tn
    value = counts.balanced if counts.balanced is not None else right / counts.decided if counts.decided else None
    return f"{share(value)} ({counts.decided}/{counts.n})"


def _cost(cost: Cost) -> Iterator[str]:
    if cost.models_mb is not None:
        yield f"Our own models: {cost.models_mb:.1f} MB."
    if cost.look_ms is None or cost.pose_ms is None:
        return
    yield f"One look at a 1280x720 frame, beyond pose: {cost.look_ms:.0f} ms, {cost.ratio:.1f} times the bare pose"
    yield f"model on the same {cost.frames} frames in the same run ({cost.pose_ms:.0f} ms)."
    yield ""
    yield from table(("part", "ms", "of the pose model's time"),
                     [(name, f"{ms:.1f}", f"{ms / cost.pose_ms:.2f}") for name, ms in cost.parts.items()])  # fmt: skip


def _limits(found: Found, limits: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    rows = []
    for name, limit in limits.items():
        value = found.figures.get(name)
        broken = bool(regressions(found.figures, {name: limit}))
        bounds = " ".join(f"{end} {bound:g}" for end, bound in limit.items())
        rows.append((name, "-" if value is None else f"{value:.3f}", bounds, "**no**" if broken else "yes"))
    if rows:
        yield from table(("figure", "value", "limit", "holds"), rows)
