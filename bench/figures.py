"""All the figures of one run, by name, and in the groups that the tables show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from bench.families import (
    FAR_ARM,
    LABELLED,
    SETTINGS,
    Coverage,
    Differs,
    best_setting,
    coverage,
    differing,
    family_name,
    judged_as_another,
    simulated_scores,
    uncalibrated_seat,
    verdicts,
)
from bench.numbers import FigureRow, figure_rows
from bench.reading import Outcome, judged, passed_wrongly, readings, seen_in_nobody
from bench.real import Fact, facts
from bench.score import Judged, Reading, Score, Spread, score, spread
from bench.segments import GestureSeen, RealTime, Timing, gestures, real_times, timings
from bench.truth import FEET, MEASURED, YAW_BINS, right_view, yaw_bin

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

    @property
    def rendered(self) -> bool:
        """Whether it is of people whose camera is known."""
        return self.title.startswith(("rendered", "simulated"))


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
    rows
        Values of the postures other than standing against truth.
    timings
        How the time of rendered clips is divided, by setting and family.
    gestures, real_times, facts
        Gestures found in rendered clips; postures and facts of real footage.
    differing
        Clauses on which asking for the posture by its name matters.
    another
        Case and posture: judged as a posture that it never shows.
    seat_refused, seat_told
        Sitting clips without a chair whose SI-02 asks for one, or judges all the same.
    coverage
        What there is to measure every clause by.
    """

    figures: dict[str, float | None] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    measures: list[MeasureRow] = field(default_factory=list)
    passed_wrongly: list[tuple[str, str]] = field(default_factory=list)
    seen_in_nobody: list[tuple[str, str]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    verdicts: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: list[FigureRow] = field(default_factory=list)
    timings: dict[str, dict[str, Timing]] = field(default_factory=dict)
    gestures: list[GestureSeen] = field(default_factory=list)
    real_times: list[RealTime] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    differing: list[Differs] = field(default_factory=list)
    another: list[tuple[str, str]] = field(default_factory=list)
    seat_refused: list[str] = field(default_factory=list)
    seat_told: list[str] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)


def findings(outcomes: Sequence[Outcome]) -> Findings:
    """Return everything that the outcomes show."""
    found = Findings()
    for setting, title in SETTINGS.items():
        part = [o for o in outcomes if o.case.family == "rendered-standing" and o.setting == setting]
        if part:
            _rendered_group(found, part, setting, f"rendered standing clips, {title}")
            _measures(found, part, setting)
    _families(found, outcomes)
    _simulated(found, outcomes)
    uncalibrated = [o for o in outcomes if o.setting == "none"]
    for family, title in REAL.items():
        part = [o for o in uncalibrated if o.case.family == family]
        if part:
            _real_group(found, part, f"real.{family}", title)
    held_out = [o for o in uncalibrated if o.case.family in ("photos", "videos")]
    if held_out:
        _real_group(found, held_out, "real.held-out", "all real footage that nothing was learned from")
    _times(found, outcomes)
    _never(found, outcomes)
    _documents(found, outcomes)
    found.coverage = coverage(list({o.case.name: o.case for o in outcomes}.values()))
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


def _families(found: Findings, outcomes: Sequence[Outcome]) -> None:
    """Score every family but standing in every setting, by 'auto' and, where most is known, by its name."""
    for family in LABELLED:
        name = family_name(family)
        for setting, title in SETTINGS.items():
            part = [o for o in outcomes if o.setting == setting and o.case.family == family]
            if part:
                _family_group(found, f"{name}.{setting}", f"rendered {name} clips, {title}", verdicts(part, family))
        part = [o for o in outcomes if o.setting == best_setting(family) and o.case.family == family]
        asked = verdicts(part, family, named=True)
        if part:
            _shares(found, f"{name}.named", score([j for c, said in asked.items() if c != FAR_ARM for j in said]))
    for setting in SETTINGS:
        rows = figure_rows(outcomes, setting)
        found.rows += rows
        for row in rows:
            at, errors = f"figure.{setting}.{row.figure.name}", row.errors
            found.figures |= {
                f"{at}.n": float(errors.n) if errors else 0.0,
                f"{at}.median": errors.median if errors else None,
                f"{at}.p95": errors.p95 if errors else None,
                f"{at}.coverage": errors.coverage if errors else None,
                f"{at}.within_one": row.within_one,
            }
    found.differing = differing(outcomes)
    found.another = judged_as_another(outcomes)
    found.seat_refused, found.seat_told = uncalibrated_seat(outcomes)


def _family_group(found: Findings, name: str, title: str, by_clause: dict[str, list[Judged]]) -> None:
    group = Group(title, {clause: score(said) for clause, said in by_clause.items()})
    group.total = score([j for clause, said in by_clause.items() if clause != FAR_ARM for j in said])
    found.groups[name] = group
    for clause, s in (*group.clauses.items(), ("", group.total)):
        _shares(found, f"{name}.{clause}" if clause else name, s)


def _simulated(found: Findings, outcomes: Sequence[Outcome]) -> None:
    scores = simulated_scores(outcomes)
    if not scores:
        return
    group = found.groups["simulated"] = Group("simulated people, true camera", scores)
    group.total = score(
        [j for clause in scores for j in judged([o for o in outcomes if o.case.family == "simulated"], clause)]
    )
    for clause, s in (*scores.items(), ("", group.total)):
        _shares(found, f"simulated.{clause}" if clause else "simulated", s)


def _times(found: Findings, outcomes: Sequence[Outcome]) -> None:
    for setting in ("camera", "none"):
        part = [o for o in outcomes if o.setting == setting]
        if any(o.case.rendered for o in part):
            found.timings[setting] = timings(part)
        for family, timing in found.timings.get(setting, {}).items():
            name = f"segments.{setting}.{family_name(family)}"
            found.figures |= {
                f"{name}.share": timing.share,
                f"{name}.changes": float(timing.changes),
                f"{name}.unseen": float(timing.unseen),
            }
    uncalibrated = [o for o in outcomes if o.setting == "none"]
    found.gestures = gestures(uncalibrated)
    for kind, seen in (("gestures", True), ("gestures-in-standing", False)):
        mine = [g for g in found.gestures if (g.wanted is not None) == seen]
        if mine:
            found.figures[f"segments.{kind}.right_share"] = sum(g.right for g in mine) / len(mine)
    found.real_times = real_times(uncalibrated)
    for label in ("walking", "sitting", "standing"):
        shares = [r.share for r in found.real_times if r.labels == (label,) and r.share is not None]
        if shares:
            found.figures[f"segments.real.{label}.share"] = sum(shares) / len(shares)
    found.facts = facts(outcomes)
    found.figures |= {f"real.{f.name}": None if f.holds is None else float(f.holds) for f in found.facts}


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
        f"{name}.recall_in_view": s.recall_in_view,
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
    if any(o.case.rendered for o in outcomes):
        found.figures["never.judged_as_another_posture"] = float(len(found.another))
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
        if o.setting == "none" or o.case.family == "simulated":
            said = str(o.result.verdict) if o.result else "refused" if o.unreadable else "broken"
            counts = found.verdicts.setdefault(o.case.family, {})
            counts[said] = counts.get(said, 0) + 1
    found.refused, found.broken = sorted(set(found.refused)), sorted(set(found.broken))
    found.figures["errors.broken"] = float(len(found.broken))


def as_json(found: Findings) -> str:
    """Return everything that a run found out as one line of JSON."""
    return json.dumps(found, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """Return what JSON can hold of a value: the fields of a dataclass, the name of anything else."""
    if is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    return getattr(value, "__name__", str(value))
