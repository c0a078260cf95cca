"""What is told when something is refused or cannot be: a page for people, JSON for programs, both languages."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from posture_check.errors import InputError
from posture_check.rules.result import Text
from posture_check.store import StoreError
from posture_check.web.rendering import page
from posture_check.web.texts import both, language_of

_TOLD = {
    401: both("请先登录。", "Log in first."),
    403: both("您的账号没有这个权限。", "Your account may not do this."),
    404: both("没有这个页面，或记录已经删除。", "There is no such page, or the record is deleted."),
    405: both("不能这样打开这个地址。", "This address is not opened like this."),
    422: both("地址或填写的内容不正确。", "The address or what was filled in is not right."),
}


def tell_refusals(app: FastAPI) -> None:
    """Let an application tell refusals and errors of the records like this."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(InputError, _input)


def answer(request: Request, status: int, text: Text, headers: dict[str, str] | None = None) -> Response:
    """Return a refusal as the browser takes it."""
    if "text/html" in request.headers.get("accept", ""):
        said = text.zh if language_of(request) == "zh" else text.en
        response: Response = page(request, "admin/error.html", status=status, status_code=status, text=said)
    else:
        response = JSONResponse({"error": text.model_dump()}, status)
    response.headers.update(headers or {})
    return response


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail: object = error.detail
    if isinstance(detail, dict) and {"zh", "en"} <= detail.keys():
        text = both(str(detail["zh"]), str(detail["en"]))
    else:
        text = _TOLD.get(error.status_code, both(str(detail), str(detail)))
    return answer(request, error.status_code, text, dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    return answer(request, 422, _TOLD[422])


async def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, StoreError)
    return answer(request, 400 if error.kind == "refused" else 503, error.text)


async def _input(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return answer(request, 400, both(error.zh or str(error), str(error)))
