"""Camera and calibration: choose the camera, see its picture, measure it, mark the chair, check it, print the mat."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from posture_check.calibrate.profile import Profile, save_profile
from posture_check.errors import InputError
from posture_check.reports.wording import Lang
from posture_check.rules.result import Text
from posture_check.sources.address import without_password
from posture_check.web.admin import wizard
from posture_check.web.admin.desk import AtDesk, Desk, InLang, done_text, not_found, onward, said, told
from posture_check.web.admin.exports import attachment
from posture_check.web.chosen import CALIBRATION, CAMERA, active_camera, calibration_path
from posture_check.web.rendering import page
from posture_check.web.security.forms import Admin, Form, Posted

router = APIRouter()

_CAMERA = re.compile(r"browser|\d{1,2}|rtsps?://[^\s\x00-\x1f]{1,300}|simulate:[^\s\x00-\x1f]{1,200}")
NEW = "site"
"""Name of a site's first profile."""
Sheet = Literal["mat", "board", "seat"]


def picture_of(request: Request, desk: Desk) -> bytes | None:
    """Return the newest picture of the kiosk's camera as JPEG, from wherever the server keeps it."""
    newest: Callable[[], bytes | None] | None = getattr(request.app.state, "newest_jpeg", None)
    return (newest() if newest is not None else None) or desk.picture()


@router.get("/camera")
def show(request: Request, who: Admin, desk: AtDesk, lang: InLang) -> Response:
    """Show the wizard."""
    return _page(request, desk, lang, done=done_text(request, lang))


@router.post("/camera")
def choose(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Choose the camera that is used from the next start on."""
    camera = form.text("camera", 400)
    known = active_camera(desk.store, desk.settings.camera)
    if camera == without_password(known):
        camera = known  # the page shows no password
    if not _CAMERA.fullmatch(camera):
        zh, en = "应为 browser、编号、rtsp://… 或 simulate:…", "must be browser, a number, rtsp://… or simulate:…"
        return _page(request, desk, lang, wrong=zh if lang == "zh" else en)
    desk.store.set_setting(CAMERA, camera, who.login)
    return onward("/admin/camera", "camera")


@router.get("/camera/picture.jpg")
def picture(request: Request, who: Admin, desk: AtDesk) -> Response:
    """Return what the camera sees now."""
    jpeg = picture_of(request, desk)
    if jpeg is None:
        raise not_found()
    return Response(jpeg, media_type="image/jpeg")


@router.post("/camera/grab")
def grab(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Hold a picture to work on: the camera's newest, or one that was chosen; in memory, for minutes."""
    file = form.file("picture")
    content = file[1] if file else picture_of(request, desk)
    if content is None:
        zh = "没有画面：请打开检查终端页面，或上传一张该摄像机的照片"
        en = "no picture: open the kiosk's page, or choose a picture from that camera"
        return JSONResponse({"error": zh if lang == "zh" else en}, 409)
    try:
        image = wizard.read_picture(content)
    except InputError as e:
        return JSONResponse({"error": told(e, lang)}, 400)
    ticket = desk.stash.put(who.login, content)
    return JSONResponse({"ticket": ticket, "width": image.shape[1], "height": image.shape[0]})


@router.get("/camera/held/{ticket}")
def held(who: Admin, desk: AtDesk, ticket: str) -> Response:
    """Return the picture that is held."""
    content = desk.stash.look(who.login, ticket)
    if content is None:
        raise not_found()
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/webp" if content[:4] == b"RIFF" else "image/jpeg"
    return Response(content, media_type=kind)


@router.post("/camera/measure")
def measure(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Make or change the profile's camera: from figures, from the mat, or from a rectangle that was marked."""

    def make(before: Profile | None, name: str) -> wizard.Made:
        how = form.text("how", 20)
        hfov = _figure(form, "hfov_deg", lang, needed=how == "figures")
        if how == "figures":
            figures = {
                field: _figure(form, field, lang, needed=field != "roll_deg")
                for field in ("height_m", "pitch_deg", "roll_deg")
            }
            kept = _held(desk, who.login, form)
            seen = wizard.read_picture(kept) if kept else None
            return wizard.from_figures(name, before, {"hfov_deg": hfov, **figures}, seen)
        width, depth = (_figure(form, field, lang) or 0.0 for field in ("width_cm", "depth_cm"))
        content = _held(desk, who.login, form)
        if content is None:
            raise InputError("请先取一张画面" if lang == "zh" else "take a picture first")
        image = wizard.read_picture(content)
        if how == "mat":
            return wizard.from_mat(name, before, image, width, depth, hfov)
        return wizard.from_rectangle(name, before, image, form.text("points", 400), width, depth, hfov)

    return _made(request, desk, lang, form, who.login, make)


@router.post("/camera/lens")
def lens(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Find the field of view from pictures of the printed board."""

    def make(before: Profile | None, name: str) -> wizard.Made:
        if before is None:
            raise InputError("请先填写摄像机的位置" if lang == "zh" else "give the camera's place first")
        return wizard.with_lens(before, [wizard.read_picture(content) for _, content in form.files("pictures")])

    return _made(request, desk, lang, form, who.login, make)


@router.post("/camera/chair")
def chair(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Put the chair into the profile: its corners as marked, or the printed seat marker."""

    def make(before: Profile | None, name: str) -> wizard.Made:
        if before is None:
            raise InputError("请先标定摄像机" if lang == "zh" else "measure the camera first")
        content = _held(desk, who.login, form)
        if content is None:
            raise InputError("请先取一张画面" if lang == "zh" else "take a picture first")
        depth, height = (_figure(form, field, lang) or 0.0 for field in ("seat_depth_cm", "seat_height_cm"))
        gap = _figure(form, "front_gap_cm", lang, needed=False) or 0.0
        points = None if form.ticked("marker") else form.text("points", 400) or "-"
        return wizard.with_chair(before, wizard.read_picture(content), points, depth, height, gap)

    return _made(request, desk, lang, form, who.login, make)


@router.post("/camera/check")
def check(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Say whether the profile still fits what the camera sees."""
    try:
        profile = wizard.read_profile(_path(desk))
        if profile is None:
            raise InputError("还没有标定" if lang == "zh" else "there is no profile yet")
        content = _held(desk, who.login, form) or picture_of(request, desk)
        if content is None:
            raise InputError("没有画面" if lang == "zh" else "no picture")
        findings = wizard.check_profile(profile, wizard.read_picture(content))
    except InputError as e:
        return _page(request, desk, lang, wrong=told(e, lang))
    return _page(request, desk, lang, findings=[(finding.fits, said(finding.text, lang)) for finding in findings])


@router.post("/camera/profile")
def choose_profile(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Put one of the profiles in force, or none."""
    name = form.text("name", 60)
    if name and name not in profiles(desk):
        raise not_found()
    desk.store.set_setting(CALIBRATION, name, who.login)
    return onward("/admin/camera", "saved")


@router.get("/camera/print/{sheet}.pdf")
def sheet_pdf(who: Admin, sheet: Sheet) -> Response:
    """Return the mat, the board or the seat marker, to print in true scale."""
    from posture_check.calibrate import sheets

    if sheet == "mat":
        pages = sheets.mat_sheets()
    else:
        pages = [sheets.board_sheet() if sheet == "board" else sheets.seat_sheet()]
    with tempfile.TemporaryDirectory(prefix="posture-check-") as folder:
        path = Path(folder) / f"{sheet}.pdf"
        sheets.save_sheets(pages, path)
        return attachment(path.read_bytes(), "application/pdf", f"posture-check-{sheet}.pdf")


def profiles(desk: Desk) -> list[str]:
    """Return the names of the profiles that were made here."""
    return sorted(path.stem for path in (desk.settings.data_dir / "calibration").glob("*.yaml"))


def _path(desk: Desk) -> Path | None:
    return calibration_path(desk.settings.data_dir, str(desk.store.setting(CALIBRATION) or ""))


def _held(desk: Desk, login: str, form: Form) -> bytes | None:
    return desk.stash.look(login, form.text("ticket", 100))


def _figure(form: Form, name: str, lang: Lang, *, needed: bool = True) -> float | None:
    """Return a figure of a form.

    Raises
    ------
    InputError
        If it is no number, or missing where it is needed.
    """
    label = said(FIGURES[name], lang)
    try:
        value = form.number(name)
    except ValueError:
        raise InputError(f"{label}: " + ("请填数字" if lang == "zh" else "give a number")) from None
    if value is None and needed:
        raise InputError(f"{label}: " + ("请填写" if lang == "zh" else "is missing"))
    return value


FIGURES = {
    "hfov_deg": Text(zh="视角（沿画面长边，度）", en="Field of view along the longer side, degrees"),
    "height_m": Text(zh="镜头离地高度（米）", en="Height of the lens above the floor, metres"),
    "pitch_deg": Text(zh="俯角（向下为正，度）", en="Tilt, looking down positive, degrees"),
    "roll_deg": Text(zh="横滚（顺时针为正，度）", en="Roll, clockwise positive, degrees"),
    "width_cm": Text(zh="宽（厘米）", en="Width, cm"),
    "depth_cm": Text(zh="深（厘米）", en="Depth, cm"),
    "seat_depth_cm": Text(zh="椅面深度（厘米）", en="Depth of the seat, cm"),
    "seat_height_cm": Text(zh="椅面高度（厘米）", en="Height of the seat, cm"),
    "front_gap_cm": Text(zh="标记上边到椅面前沿（厘米）", en="From the marker's upper edge to the seat's front, cm"),
}


def _made(
    request: Request,
    desk: Desk,
    lang: Lang,
    form: Form,
    login: str,
    make: Callable[[Profile | None, str], wizard.Made],
) -> Response:
    """Make a profile, save it and put it in force; or say what is wrong."""
    name = form.text("name", 60).lower() or str(desk.store.setting(CALIBRATION) or NEW)
    path = calibration_path(desk.settings.data_dir, name)
    try:
        if path is None:
            zh, en = "名称只用小写字母、数字、- 和 _", "name: small letters, digits, - and _"
            raise InputError(zh if lang == "zh" else en)
        made = make(wizard.read_profile(path), name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        save_profile(made.profile, path)
    except (InputError, ValidationError) as e:
        return _page(request, desk, lang, wrong=told(e, lang).replace("--", ""), typed=form)
    desk.store.set_setting(CALIBRATION, name, login)
    desk.store.audit("setting.calibration", login, name, {"profile": made.profile.model_dump(mode="json")})
    return _page(request, desk, lang, notes=[said(note, lang) for note in made.notes], saved=name, typed=form)


def _page(
    request: Request,
    desk: Desk,
    lang: Lang,
    *,
    done: str = "",
    wrong: str = "",
    notes: list[str] | None = None,
    saved: str = "",
    findings: list[tuple[bool | None, str]] | None = None,
    typed: Form | None = None,
) -> Response:
    profile: Profile | None = None
    try:
        profile = wizard.read_profile(_path(desk))
    except InputError as e:
        wrong = wrong or told(e, lang)
    camera: dict[str, Any] = profile.camera.model_dump() if profile else {}
    return page(
        request,
        "admin/camera.html",
        status=400 if wrong else 200,
        camera=without_password(active_camera(desk.store, desk.settings.camera)),
        running=without_password(desk.settings.camera),
        profile=profile,
        profiles=profiles(desk),
        in_force=str(desk.store.setting(CALIBRATION) or ""),
        labels={name: said(label, lang) for name, label in FIGURES.items()},
        values={name: _shown(camera.get(name)) for name in FIGURES},
        typed={name: typed.text(name, 400) if typed else "" for name in (*FIGURES, "ticket", "points", "how")},
        done=done,
        wrong=wrong,
        notes=notes or [],
        saved=saved,
        findings=findings or [],
    )


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:g}"
