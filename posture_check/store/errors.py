"""What can go wrong with the records, told so that somebody can act on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import DBAPIError, TimeoutError

from posture_check.errors import InputError
from posture_check.rules.result import Text

Kind = Literal["full", "read_only", "locked", "damaged", "broken", "unreachable", "newer", "refused"]
"""No space left, may not be written, held by another program, not readable as records, the disk itself fails, no
connection, made by a newer version, or not permitted by the records themselves (an unknown shift, a taken login)."""

_TOLD: dict[Kind, tuple[str, str]] = {
    "full": (
        "the disk is full, nothing was recorded; free space there and try again",
        "磁盘已满，未能保存；请清理空间后重试",
    ),
    "read_only": (
        "may not be written; give this user the right to write there, or choose another --data-dir",
        "没有写入权限；请授予写入权限，或另选数据文件夹",
    ),
    "locked": (
        "held by another program for too long; end that program (a backup, a database viewer) and try again",
        "被其他程序占用；请关闭该程序（备份或数据库查看工具）后重试",
    ),
    "damaged": (
        "not readable as records; put a backup in its place, or choose another --data-dir",
        "记录文件无法读取；请恢复备份，或另选数据文件夹",
    ),
    "broken": (
        "the disk reports errors, nothing was recorded; see that it is connected, and have it checked",
        "磁盘读写出错，未能保存；请检查磁盘连接和状态",
    ),
    "unreachable": (
        "cannot be reached; see that the database server runs, and that address, user and password are right",
        "无法连接数据库；请检查数据库服务、地址、用户名和密码",
    ),
    "newer": (
        "made by a newer version of posture-check; update the program, or choose another --data-dir",
        "由更新版本的程序创建；请升级程序，或另选数据文件夹",
    ),
    "refused": ("not permitted", "不允许"),
}


class StoreError(InputError):
    """The records could not be read or written; nothing was half-written.

    Attributes
    ----------
    kind
        What went wrong, for programs.
    text
        The same for people, in both languages.
    """

    def __init__(self, kind: Kind, where: str, *, en: str | None = None, zh: str | None = None):
        told = _TOLD[kind]
        self.kind: Kind = kind
        self.text = Text(zh=f"{where}：{zh or told[1]}", en=f"{where}: {en or told[0]}")
        super().__init__(self.text.en)


def refused(en: str, zh: str, where: str = "records") -> StoreError:
    """Return the error of something that the records do not permit."""
    return StoreError("refused", where, en=en, zh=zh)


_SQLITE: dict[int, Kind] = {  # primary result codes, see sqlite.org/rescode.html
    5: "locked",
    6: "locked",
    8: "read_only",
    3: "read_only",
    10: "broken",
    11: "damaged",
    13: "full",
    14: "read_only",
    26: "damaged",
}
_TWICE = {1555, 2067, "23505"}
"""Unique constraints: two programs wrote the same at once, which the methods look for otherwise."""
_SCANT = 256 * 1024
"""Bytes; SQLite tells of an input/output error, not of want of space, where its shared memory finds no room."""


def _kind(error: BaseException, where: str) -> Kind | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        if code in _TWICE:
            return "locked"
        kind = _SQLITE.get(code & 0xFF)
        return "full" if kind in {"broken", "read_only"} and _no_space(where) else kind
    state = getattr(error, "sqlstate", None)
    if state is None:
        # Without a state the server was never reached or has gone.
        return "unreachable" if type(error).__module__.startswith("psycopg") else None
    return _postgres_kind(state)


def _no_space(where: str) -> bool:
    try:
        return shutil.disk_usage(Path(where).parent).free < _SCANT
    except OSError:
        return False


def _postgres_kind(state: str) -> Kind | None:
    if state in {"53100", "53200"}:
        return "full"
    if state in _TWICE or state in {"55P03", "40001", "40P01", "57014"}:
        return "locked"
    if state in {"25006", "42501"}:
        return "read_only"
    if state.startswith(("08", "57P", "28", "3D", "53")):
        return "unreachable"
    return "damaged" if state.startswith("XX") else None


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn a database's own errors into ``StoreError``; what is a fault of this program goes through."""
    try:
        yield
    except TimeoutError as error:  # every connection of the pool is in use
        raise StoreError("locked", where) from error
    except DBAPIError as error:
        kind = _kind(error.orig, where) if error.orig is not None else None
        if kind is None:
            raise
        raise StoreError(kind, where) from error
