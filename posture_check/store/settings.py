"""What the site chose, as JSON under a name; the store's own names are checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from posture_check.rules.result import Text
from posture_check.store.errors import refused
from posture_check.store.tables import SettingTable


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the store's own.

    Attributes
    ----------
    default
        Value where the site chose none.
    title
        What it is, for the admin page.
    allowed
        What is permitted, in words.
    test
        Whether a value is permitted.
    """

    default: Any
    title: Text
    allowed: Text
    test: Callable[[Any], bool]


def _days(default: int, low: int, high: int, en: str, zh: str) -> Setting:
    return Setting(
        default,
        Text(zh=zh, en=en),
        Text(zh=f"{low} 到 {high} 之间的整数", en=f"a whole number from {low} to {high}"),
        lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high,
    )


def _zone(value: Any) -> bool:
    try:
        return value is None or (isinstance(value, str) and ZoneInfo(value) is not None)
    except (OSError, ValueError, KeyError):
        return False


SETTINGS: dict[str, Setting] = {
    "timezone": Setting(
        None,
        Text(zh="时区（决定班次属于哪一天）", en="Time zone (decides to which day a shift belongs)"),
        Text(zh="如 Asia/Shanghai；留空则用本机时区", en="such as Asia/Shanghai; empty: this machine's own"),
        _zone,
    ),
    "retention_days": _days(180, 1, 3650, "Days that shifts and checks are kept", "班次和检查记录保存天数"),
    "evidence_days": _days(30, 1, 3650, "Days that stills are kept", "截图保存天数"),
    "leaver_days": _days(90, 0, 3650, "Days that leavers stay on the roster", "离岗人员在名册中保留天数"),
    "audit_days": _days(1095, 365, 36500, "Days that the audit log is kept", "审计日志保存天数"),
    "evidence": Setting(
        False,
        Text(zh="保存截图", en="Keep stills"),
        Text(zh="开或关", en="on or off"),
        lambda value: isinstance(value, bool),
    ),
}
"""Settings that the store itself obeys, with what they default to. Other names are free."""


def read_setting(session: Session, key: str, default: Any = None) -> Any:
    """Return a setting's value, its own default, or the given one."""
    row = session.get(SettingTable, key)
    if row is not None:
        return json.loads(row.value)
    return SETTINGS[key].default if key in SETTINGS else default


def check_setting(session: Session, key: str, value: Any) -> None:
    """See that the store can live with a value.

    Raises
    ------
    StoreError
        If not; it says what is permitted.
    """
    known = SETTINGS.get(key)
    if known is not None and not known.test(value):
        raise refused(f"must be {known.allowed.en} (got {value!r})", f"应为{known.allowed.zh}", f"setting {key}")
    if key in {"retention_days", "audit_days"}:
        kept = {
            name: value if name == key else read_setting(session, name) for name in ("retention_days", "audit_days")
        }
        if kept["audit_days"] < kept["retention_days"]:
            raise refused(
                "the audit log must be kept at least as long as the shifts",
                "审计日志的保存期不得短于班次记录",
                f"setting {key}",
            )
