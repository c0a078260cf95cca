"""The roster: list, search, enter, change, archive, import with a preview, export, and badges to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from posture_check.reports.wording import Lang
from posture_check.rules.result import Text
from posture_check.store import StoreError
from posture_check.store.records import ImportReport, Staff
from posture_check.web.admin.badges import badge_svg
from posture_check.web.admin.desk import AtDesk, Desk, InLang, done_text, not_found, onward, said, told
from posture_check.web.admin.exports import attachment
from posture_check.web.rendering import page
from posture_check.web.security.forms import Admin, Form, Posted, Supervisor
from posture_check.web.texts import ROLES, VARIANTS, both, word

router = APIRouter()

WRONG: dict[str, Text] = {
    "number": both("工号应为 1 到 32 个字母、数字或 . _ -", "Number: 1 to 32 letters, digits and . _ -"),
    "name": both("请填写姓名（最多 80 字）", "Name: 1 to 80 characters"),
    "role": both("请选择标准 A 或 B", "Choose variant A or B"),
    "variant": both("请选择方式", "Choose how the check is done"),
    "exemptions": both(
        "免检项应为章、条款或规则，如 HA BE-01", "Exemptions: chapters, clauses or rules, such as HA BE-01"
    ),
    "stature_cm": both("身高应在 80 到 240 厘米之间", "Height: 80 to 240 cm"),
    "team": both("班组最多 60 字", "Team: at most 60 characters"),
    "counter": both("柜台最多 60 字", "Counter: at most 60 characters"),
    "badge_code": both("胸牌码最多 120 字", "Badge code: at most 120 characters"),
}


def known_exemption(desk: Desk) -> Callable[[str], bool]:
    """Return whether there is a rule, a clause or a chapter of a name."""
    known = {name for rule in desk.book.rules for name in (rule.id, rule.clause, rule.clause.partition("-")[0])}
    return lambda name: name.upper() in known or name in known


def found(people: tuple[Staff, ...], wanted: str) -> list[Staff]:
    """Return those whose number, name, team or counter holds every word that is looked for."""
    words = wanted.casefold().split()
    return [
        person
        for person in people
        if all(
            any(part in field.casefold() for field in (person.number, person.name, person.team, person.counter))
            for part in words
        )
    ]


@router.get("/roster")
def show(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, q: str = "", archived: str = "") -> Response:
    """Show the roster."""
    people = desk.store.staff_list(active_only=not archived)
    return page(
        request,
        "admin/roster.html",
        people=found(people, q),
        total=len(people),
        q=q,
        archived=bool(archived),
        done=done_text(request, lang),
    )


@router.get("/roster/add")
def add(request: Request, who: Admin, desk: AtDesk, lang: InLang) -> Response:
    """Show an empty entry."""
    return _entry(
        request, desk, lang, dict.fromkeys(Staff.model_fields) | {"variant": "usual", "active": True}, new=True
    )


@router.get("/roster.csv")
def export(who: Admin, desk: AtDesk, lang: InLang) -> Response:
    """Export the roster as CSV that can be imported again."""
    desk.store.audit("export.roster", who.login)
    return attachment(desk.store.export_roster(lang).encode(), "text/csv; charset=utf-8", "roster.csv")


@router.get("/roster/badges")
def badges(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, q: str = "") -> Response:
    """Show a sheet of badge codes to print."""
    people = found(desk.store.staff_list(), q)
    cards = [(person, badge_svg(person.badge_code or person.number)) for person in people]
    return page(request, "admin/badges.html", cards=cards, q=q)


@router.post("/roster/import")
def import_preview(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Say what an import would change, line by line what is wrong; change nothing."""
    file = form.file("file")
    table: bytes = file[1] if file else form.raw("text").encode()
    missing = form.ticked("archive_missing")
    report = desk.store.import_roster(
        table, who.login, dry_run=True, archive_missing=missing, known_exemption=known_exemption(desk)
    )
    ticket = desk.stash.put(who.login, table) if report.ok else ""
    return _import_page(request, lang, report, ticket, missing, file[0] if file else "")


@router.post("/roster/import/take")
def import_take(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Take the roster that was previewed."""
    table = desk.stash.take(who.login, form.text("ticket", 100))
    if table is None:
        text = both("预览已过期，请重新上传文件。", "The preview has expired: choose the file again.")
        return page(request, "admin/error.html", status=409, status_code=409, text=said(text, lang))
    missing = form.ticked("archive_missing")
    report = desk.store.import_roster(table, who.login, archive_missing=missing, known_exemption=known_exemption(desk))
    if not report.ok:
        return _import_page(request, lang, report, "", missing, "")
    return onward("/admin/roster", "imported")


@router.get("/staff/{number}")
def entry(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, number: str) -> Response:
    """Show a person's entry."""
    person = desk.store.staff_by_number(number)
    if person is None:
        raise not_found()
    return _entry(request, desk, lang, person.model_dump(), new=False)


@router.post("/roster/save")
def save(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Enter a person or change their entry."""
    new = form.ticked("new")
    values = _typed(form)
    before = desk.store.staff_by_number(values["number"])
    if new and before is not None:
        text = both(f"工号 {values['number']} 已在名册中", f"number {values['number']} is on the roster already")
        return _entry(request, desk, lang, values, new=True, wrong={"number": said(text, lang)})
    values["active"] = before.active if before else True
    try:
        staff = Staff.model_validate(values)
    except ValidationError as e:
        names = {str(problem["loc"][0]) for problem in e.errors()}
        wrong = {name: said(WRONG.get(name, both("不正确", "not right")), lang) for name in names}
        return _entry(request, desk, lang, values, new=new, wrong=wrong)
    known = known_exemption(desk)
    unknown = [name for name in staff.exemptions if not known(name)]
    if unknown:
        names_ = ", ".join(unknown)
        text = both(f"没有这样的条款：{names_}", f"there is no such rule, clause or chapter: {names_}")
        return _entry(request, desk, lang, values, new=new, wrong={"exemptions": said(text, lang)})
    try:
        desk.store.staff_save(staff, who.login)
    except StoreError as e:
        return _entry(request, desk, lang, values, new=new, wrong={"badge_code": told(e, lang)})
    return onward("/admin/roster", "added" if new else "saved")


@router.post("/roster/archive")
def archive(who: Admin, desk: AtDesk, form: Posted) -> Response:
    """Take a person off the roster."""
    desk.store.staff_archive(form.text("number", 40), who.login)
    return onward("/admin/roster", "archived")


@router.post("/roster/restore")
def restore(who: Admin, desk: AtDesk, form: Posted) -> Response:
    """Put a person back on the roster."""
    person = desk.store.staff_by_number(form.text("number", 40))
    if person is None:
        raise not_found()
    desk.store.staff_save(person.model_copy(update={"active": True}), who.login)
    return onward(f"/admin/staff/{person.number}", "restored")


@router.post("/roster/consent")
def withdraw(who: Admin, desk: AtDesk, form: Posted) -> Response:
    """Take a person's consent back, as they asked."""
    number = form.text("number", 40)
    desk.store.consent_withdraw(number, who.login)
    return onward(f"/admin/staff/{number}", "saved")


def _typed(form: Form) -> dict[str, Any]:
    """Return the fields of an entry as they were typed."""
    values: dict[str, Any] = {
        name: form.text(name, 200) for name in ("number", "name", "role", "variant", "team", "counter")
    }
    values["exemptions"] = tuple(form.text("exemptions", 500).replace(",", " ").replace("，", " ").upper().split())
    values["badge_code"] = form.text("badge_code", 200) or None
    values["stature_cm"] = form.text("stature_cm", 20).replace(",", ".") or None
    return values


def _entry(
    request: Request, desk: Desk, lang: Lang, values: dict[str, Any], *, new: bool, wrong: dict[str, str] | None = None
) -> Response:
    people = desk.store.staff_list()
    number = str(values.get("number", ""))
    return page(
        request,
        "admin/staff.html",
        status=400 if wrong else 200,
        values=values,
        new=new,
        wrong=wrong or {},
        consent=False if new or wrong else desk.store.consent_given(number),
        roles=[(key, word(ROLES, key, lang)) for key in ROLES],
        variants=[(key, word(VARIANTS, key, lang)) for key in VARIANTS],
        teams=sorted({person.team for person in people if person.team}),
        counters=sorted({person.counter for person in people if person.counter}),
        badge=None if new or wrong else badge_svg(values.get("badge_code") or number),
        done=done_text(request, lang),
    )


def _import_page(request: Request, lang: Lang, report: ImportReport, ticket: str, missing: bool, name: str) -> Response:
    return page(
        request,
        "admin/import.html",
        status=200 if report.ok else 400,
        report=report,
        problems=[(problem.line, said(problem.text, lang)) for problem in report.problems],
        ticket=ticket,
        archive_missing=missing,
        name=name,
    )
