"""The checklist's editor: text with live messages, a preview of the steps, versions, and back to the shipped one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NoReturn, cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from posture_check.checklist import edit
from posture_check.checklist.judging import step_rules
from posture_check.checklist.loader import checklist_to_text, load_checklist, look_over
from posture_check.checklist.schema import CameraStep, Checklist, ManualStep, Role, Variant
from posture_check.checklist.shift import items_of
from posture_check.errors import InputError
from posture_check.reports.wording import Lang, posture_word
from posture_check.rules.loader import RuleBook
from posture_check.web.admin.desk import AtDesk, Desk, InLang, done_text, not_found, onward, said
from posture_check.web.chosen import CHECKLIST, ChecklistVersion, checklist_version, read_version
from posture_check.web.rendering import page
from posture_check.web.security.forms import Admin, Posted
from posture_check.web.texts import ROLES, VARIANTS, both, word

router = APIRouter()

NAME = "checklist"
MOST_CHARACTERS = 200_000
SHOWN_VERSIONS = 20

FRAMINGS = {
    "body": both("全身", "whole body"),
    "upper": both("头到腰", "head to waist"),
    "seated": both("坐着的人", "a sitting person"),
}
VIEWS = {
    "front": both("正面", "front"),
    "side": both("侧面", "side"),
    "left": both("左侧", "left"),
    "right": both("右侧", "right"),
    "back": both("背面", "back"),
    "oblique": both("斜侧", "oblique"),
    "any": both("任意方向", "any"),
}


def preview_steps(
    checklist: Checklist, book: RuleBook, role: Role, variant: Variant, lang: Lang
) -> list[dict[str, Any]]:
    """Return the steps as a person of this role and variant gets them, with what is judged in each."""
    return [_preview(step, book, role, lang) for step in checklist.steps_for(role, variant)]


@router.get("/checklist")
def show(request: Request, who: Admin, desk: AtDesk, lang: InLang, version: int | None = None) -> Response:
    """Show the editor with the checklist in force, or with an older version."""
    book = desk.book
    if version is None:
        saved = checklist_version(desk.store)
    elif version == 0:
        saved = None
    else:
        saved = read_version(desk.store, version)
        if saved is None:
            raise not_found()
    text = saved.text if saved else checklist_to_text(load_checklist(None, book))
    return _editor(request, desk, lang, text, done=done_text(request, lang), shown=saved.version if saved else 0)


@router.post("/checklist/check")
def check(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Return messages and preview of a text, for the page to put in place while one types."""
    return page(request, "admin/checklist_look.html", **_look(desk, lang, _text(form.raw("text")), form.text("as", 20)))


@router.post("/checklist/change")
def change(who: Admin, desk: AtDesk, form: Posted) -> Response:
    """Return the text with one change to a step, for the page to put in place; comments in it are lost."""
    checklist, wrong = look_over(_text(form.raw("text")), NAME, desk.book)
    if checklist is None:
        return JSONResponse({"error": wrong[0].model_dump()}, 409)
    role, variant = _person(form.text("as", 20))
    step, value = form.text("step", 30), form.text("value", 20)
    try:
        match form.text("what", 20):
            case "up":
                checklist = edit.moved(checklist, step, -1, role, variant)
            case "down":
                checklist = edit.moved(checklist, step, 1, role, variant)
            case "remove":
                checklist = edit.without(checklist, step)
            case "add":
                checklist = edit.with_step(checklist, _shipped(desk.book).get(step) or _no_step(step))
            case "hold_s" | "patience_s" | "optional" as field:
                checklist = edit.altered(checklist, step, field, value)
            case what:
                raise InputError(f"no change {what!r}")
    except InputError as e:
        return JSONResponse({"error": {"zh": f"不能这样改：{e}", "en": str(e)}}, 409)
    return JSONResponse({"text": checklist_to_text(checklist)})


@router.post("/checklist")
def save(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Put a checklist in force; the versions before are kept."""
    text = _text(form.raw("text"))
    if look_over(text, NAME, desk.book)[1]:
        return _editor(
            request, desk, lang, text, bad=both("没有保存：清单有错误。", "Not saved: the checklist has errors.")
        )
    current = int(desk.store.setting(CHECKLIST, 0))
    if form.text("base", 10) != str(current):
        return _editor(
            request,
            desk,
            lang,
            text,
            bad=both(
                "没有保存：其他人刚刚改过清单。请先查看新版本，再保存一次。",
                "Not saved: somebody else changed it meanwhile. Look at their version, then save again.",
            ),
        )
    number = _newest(desk) + 1
    made = ChecklistVersion(version=number, at=datetime.now(UTC), by=who.login, text=text, note=form.text("note", 200))
    desk.store.set_setting(f"{CHECKLIST}.{number}", made.model_dump(mode="json"), who.login)
    desk.store.set_setting(CHECKLIST, number, who.login)
    return onward("/admin/checklist", "saved")


@router.post("/checklist/restore")
def restore(who: Admin, desk: AtDesk, form: Posted) -> Response:
    """Put the shipped checklist in force again; what was saved is kept."""
    desk.store.set_setting(CHECKLIST, 0, who.login)
    return onward("/admin/checklist", "shipped")


def versions(desk: Desk) -> list[ChecklistVersion]:
    """Return what was saved, newest first."""
    newest = _newest(desk)
    found = (read_version(desk.store, number) for number in range(newest, max(0, newest - SHOWN_VERSIONS), -1))
    return [version for version in found if version is not None]


def _newest(desk: Desk) -> int:
    numbers = [name.removeprefix(f"{CHECKLIST}.") for name in desk.store.settings() if name.startswith(f"{CHECKLIST}.")]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _text(raw: str) -> str:
    """Return a text as files have it: browsers send CR LF."""
    return raw[:MOST_CHARACTERS].replace("\r\n", "\n").rstrip() + "\n"


def _look(desk: Desk, lang: Lang, text: str, chosen: str) -> dict[str, Any]:
    book = desk.book
    checklist, wrong = look_over(text, NAME, book)
    steps = preview_steps(checklist, book, *_person(chosen), lang) if checklist else []
    have = {step.id for step in checklist.steps} if checklist else set()
    more = {name: said(step.title, lang) for name, step in _shipped(book).items() if name not in have}
    return {"wrong": [said(text, lang) for text in wrong], "steps": steps, "checklist": checklist, "more": more}


def _person(chosen: str) -> tuple[Role, Variant]:
    role, _, variant = chosen.partition(":")
    return cast(Role, role if role in ROLES else "A"), cast(Variant, variant if variant in VARIANTS else "usual")


def _shipped(book: RuleBook) -> dict[str, CameraStep | ManualStep]:
    return {step.id: step for step in load_checklist(None, book).steps}


def _no_step(name: str) -> NoReturn:
    raise InputError(f"no step {name!r} ships with the program")


def _editor(
    request: Request, desk: Desk, lang: Lang, text: str, *, done: str = "", bad: Any = None, shown: int | None = None
) -> Response:
    current = int(desk.store.setting(CHECKLIST, 0))
    chosen = [
        (f"{role}:{variant}", f"{word(ROLES, role, lang)} · {word(VARIANTS, variant, lang)}")
        for role in ROLES
        for variant in VARIANTS
    ]
    fields = [
        (name, field.description)
        for model in (CameraStep, ManualStep, Checklist)
        for name, field in model.model_fields.items()
        if field.description
    ]
    return page(
        request,
        "admin/checklist.html",
        status=400 if bad else 200,
        text=text,
        done=done,
        bad=said(bad, lang) if bad else "",
        base=current,
        shown=current if shown is None else shown,
        versions=versions(desk),
        chosen=chosen,
        fields=dict(reversed(fields)),
        **_look(desk, lang, text, "A:usual"),
    )


def _preview(step: CameraStep | ManualStep, book: RuleBook, role: Role, lang: Lang) -> dict[str, Any]:
    shared = {"id": step.id, "title": said(step.title, lang), "say": said(step.say, lang), "optional": step.optional}
    if isinstance(step, ManualStep):
        items = [f"{rule.id} {said(rule.title, lang)}" for rule in items_of(step, book, role)]
        shared["seconds"] = None
        return {**shared, "tags": ["触摸回答" if lang == "zh" else "answered by touch"], "items": items}
    tags = [
        f"{'从' if lang == 'zh' else 'seen from'}{'' if lang == 'zh' else ' '}{word(VIEWS, step.view, lang)}",
        word(FRAMINGS, step.framing, lang),
        *(posture_word(posture, lang) for posture in step.postures),
    ]
    items = [f"{rule.id} {said(rule.title, lang)}" for rule in step_rules(step, book, role)]
    shared["seconds"] = (("hold_s", step.hold_s), ("patience_s", step.patience_s))
    return {**shared, "tags": tags, "items": items}
