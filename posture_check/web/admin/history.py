"""History of a person, a team, a counter or everyone, and of a clause, with plots and exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from posture_check.errors import InputError
from posture_check.reports.appraisal import history_report
from posture_check.reports.wording import Lang, limit_text, value_text
from posture_check.rules.result import Verdict
from posture_check.store.records import ClauseCount, ClauseValue, History, Kind
from posture_check.store.times import local_time
from posture_check.web.admin import plots
from posture_check.web.admin.board import parse_day, today
from posture_check.web.admin.desk import AtDesk, Desk, InLang, said, told
from posture_check.web.admin.exports import Format, download
from posture_check.web.rendering import page
from posture_check.web.security.forms import Supervisor
from posture_check.web.texts import KINDS, both, sayer, verdict_word, word

router = APIRouter()

Scope = Literal["all", "staff", "team", "counter"]
USUAL_DAYS = 30
MOST_DAYS = 800
CLAUSES_SHOWN = 14
SHIFTS_SHOWN = 100
MARK_NAMES = (
    both("合格", "passed"),
    both("主管放行", "let start"),
    both("不合格", "failed"),
    both("未完成", "incomplete"),
)
VALUE_NAMES = (both("合格", "pass"), both("临界", "borderline"), both("不合格", "fail"), both("其他", "other"))
VALUE_MARKS: dict[Verdict, plots.Mark] = {Verdict.PASS: "pass", Verdict.BORDERLINE: "warn", Verdict.FAIL: "fail"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for."""

    scope: Scope
    key: str
    since: date
    until: date
    kind: str
    clause: str

    @property
    def query(self) -> str:
        """Return it as the query of an address."""
        return urlencode(
            {
                "scope": self.scope,
                "key": self.key,
                "since": self.since.isoformat(),
                "until": self.until.isoformat(),
                "kind": self.kind,
                "clause": self.clause,
            }
        )


def asked_for(request: Request, now: date) -> Asked:
    """Read a history's address; what makes no sense there is left at its default."""
    given = request.query_params
    scope = given.get("scope", "all")
    until = parse_day(given.get("until", ""), now)
    since = parse_day(given.get("since", ""), until - timedelta(days=USUAL_DAYS - 1))
    if since > until:
        since, until = until, since
    return Asked(
        cast(Scope, scope) if scope in get_args(Scope) else "all",
        given.get("key", "").strip()[:80],
        max(since, until - timedelta(days=MOST_DAYS)),
        until,
        given.get("kind", "") if given.get("kind") in get_args(Kind) else "",
        given.get("clause", "").strip()[:40],
    )


def read(desk: Desk, asked: Asked) -> History:
    """Return the history that was asked for."""
    subject: dict[str, Any] = {asked.scope: asked.key} if asked.scope != "all" and asked.key else {}
    return desk.store.history(
        since=asked.since,
        until=asked.until,
        clause=asked.clause or None,
        kinds=(cast(Kind, asked.kind),) if asked.kind else (),
        **subject,
    )


def subject_of(desk: Desk, asked: Asked, lang: Lang) -> str:
    """Return of whom the history is, in words."""
    if asked.scope == "all" or not asked.key:
        words = "全部人员" if lang == "zh" else "everyone"
    elif asked.scope == "staff":
        person = desk.store.staff_by_number(asked.key)
        words = f"{person.name} ({person.number})" if person else asked.key
    else:
        words = asked.key
    return f"{words} · {asked.clause}" if asked.clause else words


@router.get("/history")
def show(request: Request, who: Supervisor, desk: AtDesk, lang: InLang) -> Response:
    """Show a history."""
    asked = asked_for(request, today(desk))
    history = read(desk, asked)
    people = desk.store.staff_list(active_only=False)
    return page(
        request,
        "admin/history.html",
        asked=asked,
        history=history,
        subject=subject_of(desk, asked, lang),
        people=people,
        teams=sorted({person.team for person in people if person.team}),
        counters=sorted({person.counter for person in people if person.counter}),
        shown=SHIFTS_SHOWN,
        kinds=[(kind, word(KINDS, kind, lang)) for kind in get_args(Kind)],
        clauses=sorted({rule.clause for rule in desk.book.rules}),
        days_plot=days_plot(history, lang),
        clauses_plot=clauses_plot(history, lang),
        values_plot=values_plot(history, asked.clause, lang, desk.zone),
        worst=worst_clauses(history),
        totals={
            name: sum(getattr(day, name) for day in history.days)
            for name in ("made", "passed", "failed", "incomplete", "overridden")
        },
        value_of=lambda check: value_text(check, lang),
        limit_of=lambda check: limit_text(check.limit, check.unit, lang),
        verdict_of=lambda verdict: verdict_word(verdict, lang),
    )


@router.get("/history.{form}")
def export(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, form: Format) -> Response:
    """Export a history."""
    asked = asked_for(request, today(desk))
    history = read(desk, asked)
    report = history_report(history, subject_of(desk, asked, lang), lang, desk.zone)
    try:
        response = download(report, form, f"history-{asked.key or 'all'}-{asked.since}-{asked.until}")
    except InputError as e:
        return page(request, "admin/error.html", status=503, status_code=503, text=told(e, lang))
    desk.store.audit("export.history", who.login, asked.key, {"form": form, "query": asked.query})
    return response


def days_plot(history: History, lang: Lang) -> Any:
    """Return the plot of what became of each day's inspections."""
    t = sayer(lang)
    bars = [
        plots.Bar(plots.day_label(day.day), (day.passed, day.overridden, day.failed, day.incomplete))
        for day in history.days
    ]
    made = sum(day.made for day in history.days)
    passed = sum(day.passed for day in history.days)
    return plots.stacked_bars(
        bars,
        title=t("每天的检查", "Inspections per day"),
        describe=t(
            f"{len(bars)} 天，{made} 次检查，{passed} 次合格", f"{len(bars)} days, {made} made, {passed} passed"
        ),
        y_label=t("检查次数", "inspections"),
        names=[said(name, lang) for name in MARK_NAMES],
    )


def worst_clauses(history: History) -> list[ClauseCount]:
    """Return the clauses that failed most often at the first try."""
    failed = [clause for clause in history.clauses if clause.failed_first or clause.failed_last]
    failed.sort(key=lambda clause: (-clause.failed_first / max(1, clause.judged), clause.clause))
    return failed[:CLAUSES_SHOWN]


def clauses_plot(history: History, lang: Lang) -> Any:
    """Return the plot of how often the worst clauses failed, at the first try and in the end."""
    t = sayer(lang)
    shares = [
        plots.Share(
            f"{clause.clause} {said(clause.title, lang)}",
            clause.failed_first / max(1, clause.judged),
            clause.failed_last / max(1, clause.judged),
            f"{clause.failed_first} → {clause.failed_last} / {clause.judged}",
        )
        for clause in worst_clauses(history)
    ]
    return plots.share_lines(
        shares,
        title=t("最常不合格的条款", "Clauses that failed most"),
        describe=t(f"{len(shares)} 条", f"{len(shares)} clauses"),
        names=(t("首次不合格", "failed at first"), t("最终不合格", "failed in the end")),
    )


def values_plot(history: History, clause: str, lang: Lang, zone: str | None) -> Any:
    """Return the plot of a clause's values over time; None where none has a number."""
    numbered: list[ClauseValue] = [value for value in history.values if value.check.value is not None]
    if not numbered:
        return None
    t = sayer(lang)
    last = numbered[-1].check
    factor = 100 if last.unit in ("share", "probability") else 1
    unit = {"deg": "°", "share": "%", "probability": "%"}.get(last.unit or "", last.unit or "")
    ends = (None, None) if last.limit is None else (last.limit.min, last.limit.max)
    dots = [
        plots.Dot(
            local_time(value.at, zone),
            (value.check.value or 0.0) * factor,
            None if value.check.error is None else value.check.error * factor,
            VALUE_MARKS.get(value.check.verdict, "idle"),
            f"{value.number or ''} {local_time(value.at, zone):%Y-%m-%d %H:%M} {value_text(value.check, lang)}",
        )
        for value in numbered
    ]
    return plots.dots_over_time(
        dots,
        title=f"{clause} {said(last.title, lang)}",
        describe=t(f"{len(dots)} 个测量值", f"{len(dots)} values"),
        y_label=f"{t('值', 'value')} ({unit})" if unit else t("值", "value"),
        names=[said(name, lang) for name in VALUE_NAMES[:3]] + [""],
        limit=cast("tuple[float | None, float | None]", tuple(None if end is None else end * factor for end in ends)),
        limit_name=t("允许范围", "permitted"),
    )
