"""All the figures of one run, by name, and in the groups that the tables show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.reading import Outcome, judged, passed_wrongly, readings, seen_in_nobody
from bench.score import Judged, Reading, Score, Spread, score, spread
from bench.truth import FEET, MEASURED, YAW_BINS, right_view, yaw_bin

SETTINGS = {"camera": "true camera given", "none": "no calibration"}
"""The two ways a rendered clip is judged: as at a calibrated kiosk, and as an unknown recording."""

TOTALLED = (
    "ST-01", "ST-02", "ST-03", "ST-05", "ST-06", "feet", "ST-10", "ST-11", "ST-12", "ST-14",
)  # fmt: skip
"""Clauses with labels on the rendered clips; ``feet`` stands for its three alternatives."""

ARMS = ("ST-10", "ST-11", "ST-12")
IN_SAMPLE = "real.photos-labelled"
"""The group on whose pictures the arm model was trained."""
REAL = {
    "photos-labelled": "street photos labelled one by one (IN-SAMPLE: the arm model learned from these)",
    "photos": "other real pictures (nothing learned from these)",
    "videos": "real videos (nothing learned from these)",
}


@dataclass(slots=True)
class Group:
    """Scores of one set of cases in one setting, by clause; ``total`` adds up the totalled clauses."""

    title: str
    clauses: dict[str, Score] = field(default_factory=dict)
    total: Score | None = None


@dataclass(slots=True)
class MeasureRow:
    """Errors of one measure in one setting, by bin of the camera's yaw, and over its right views."""

    rule: str
    number: str
    unit: str
    setting: str
    bins: dict[str, Spread]
    seen: Spread | None
    worst: list[Reading]


@dataclass(slots=True)
class Findings:
    """Everything a run found out.

    Attributes
    ----------
    figures
        Every figure by its name, None where nothing was there to be measured: what limits refer to.
    groups
        Verdicts against truth, by name.
    measures
        Values against truth.
    passed_wrongly, seen_in_nobody
        Case and reason, case and rule.
    broken, refused
        Case and error: the program failed; the input was refused.
    verdicts
        Number of documents by family and verdict.
    """

    figures: dict[str, float | None] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    measures: list[MeasureRow] = field(default_factory=list)
    passed_wrongly: list[tuple[str, str]] = field(default_factory=list)
    seen_in_nobody: list[tuple[str, str]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    verdicts: dict[str, dict[str, int]] = field(default_factory=dict)


def findings(outcomes: Sequence[Outcome]) -> Findings:
    """Return everything that the outcomes show."""
    found = Findings()
    for setting, title in SETTINGS.items():
        part = [o for o in outcomes if o.case.family == "rendered-standing" and o.setting == setting]
        if part:
            _rendered_group(found, part, setting, f"rendered standing clips, {title}")
            _measures(found, part, setting)
    uncalibrated = [o for o in outcomes if o.setting == "none"]
    for family, title in REAL.items():
        part = [o for o in uncalibrated if o.case.family == family]
        if part:
            _real_group(found, part, f"real.{family}", title)
    held_out = [o for o in uncalibrated if o.case.family in ("photos", "videos")]
    if held_out:
        _real_group(found, held_out, "real.held-out", "all real footage that nothing was learned from")
    _never(found, outcomes)
    _documents(found, outcomes)
    return found


def _rendered_group(found: Findings, part: list[Outcome], setting: str, title: str) -> None:
    group = Group(title)
    everything: list[Judged] = []
    for clause in (*TOTALLED, *FEET):
        verdicts = list(judged(part, clause))
        group.clauses[clause] = score(verdicts)
        if clause in TOTALLED:
            everything += verdicts
    group.total = score(everything)
    name = f"rendered.{setting}"
    found.groups[name] = group
    for clause, s in (*group.clauses.items(), ("", group.total)):
        _shares(found, f"{name}.{clause}" if clause else name, s)


def _real_group(found: Findings, part: list[Outcome], name: str, title: str) -> None:
    group = Group(title)
    for clause in (*ARMS, "ST-13"):
        s = score(judged(part, clause))
        _shares(found, f"{name}.{clause}", s)
        if s.n:
            group.clauses[clause] = s
    if group.clauses:
        found.groups[name] = group


def _shares(found: Findings, name: str, s: Score) -> None:
    found.figures |= {
        f"{name}.precision": s.precision,
        f"{name}.recall": s.recall,
        f"{name}.right_share": s.right_share,
        f"{name}.right_share_counted": s.right_share_counted,
        f"{name}.borderline_share": s.borderline_share,
        f"{name}.not_assessed_share": s.not_assessed_share,
    }


def _measures(found: Findings, part: list[Outcome], setting: str) -> None:
    for measured in MEASURED:
        pairs = list(readings(part, measured))
        bins = {}
        for low, high in YAW_BINS:
            name = f"{low:g}-{high:g}"
            errors = spread([reading for yaw, reading in pairs if yaw_bin(yaw) == name])
            if errors:
                bins[name] = errors
        seen = [reading for yaw, reading in pairs if right_view(measured.rule, yaw)]
        errors = spread(seen)
        worst = sorted(seen, key=lambda r: -abs(r.value - r.truth))[:3]
        found.measures.append(MeasureRow(measured.rule, measured.number, measured.unit, setting, bins, errors, worst))
        name = f"measure.{setting}.{measured.rule}"
        found.figures |= {
            f"{name}.n": float(errors.n) if errors else 0.0,
            f"{name}.median": errors.median if errors else None,
            f"{name}.p95": errors.p95 if errors else None,
            f"{name}.coverage": errors.coverage if errors else None,
        }


def _never(found: Findings, outcomes: Sequence[Outcome]) -> None:
    found.passed_wrongly = sorted(set(passed_wrongly(outcomes)))
    found.seen_in_nobody = sorted(set(seen_in_nobody(outcomes)))
    if any(o.case.must_not_pass for o in outcomes):
        found.figures["never.documents_passed"] = float(len(found.passed_wrongly))
        found.figures["never.checks_judged_in_nobody"] = float(len(found.seen_in_nobody))


def _documents(found: Findings, outcomes: Sequence[Outcome]) -> None:
    for o in outcomes:
        if o.result is None:
            entry = (o.case.name, o.error or "no result")
            (found.refused if o.unreadable else found.broken).append(entry)
        if o.setting == "none":
            said = str(o.result.verdict) if o.result else "refused" if o.unreadable else "broken"
            counts = found.verdicts.setdefault(o.case.family, {})
            counts[said] = counts.get(said, 0) + 1
    found.refused, found.broken = sorted(set(found.refused)), sorted(set(found.broken))
    found.figures["errors.broken"] = float(len(found.broken))
