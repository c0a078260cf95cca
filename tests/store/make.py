"""People, checks and shifts for the tests of the records."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from posture_check.rules.result import Check, Figure, Limit, Text, Verdict
from posture_check.store import Store
from posture_check.store.records import Staff

SHA = "5" * 64
_tokens = itertools.count()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: str = "2026-11-02T01:00:00+00:00") -> None:
        self.now = datetime.fromisoformat(now).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **time: float) -> None:
        self.now += timedelta(**time)


def person(number: str = "1001", **fields: object) -> Staff:
    return Staff.model_validate(
        {"number": number, "name": f"员工{number}", "role": "A", "team": "甲组", "counter": "3号", **fields}
    )


def check(rule: str = "ST-02", verdict: str = "pass", *, required: bool = True, value: float = 1.25) -> Check:
    return Check(
        clause=rule.split(".")[0],
        rule=rule,
        person=0,
        posture="standing",
        title=Text(zh=f"条款{rule}", en=f"Clause {rule}"),
        required=required,
        verdict=Verdict(verdict),
        value=value,
        unit="deg",
        error=0.4,
        limit=Limit(max=3.2),
        start_s=0.1,
        end_s=3.1,
        fix=Text(zh="请放平肩", en="Lower your shoulder"),
        figures={"other": Figure(value=0.1, error=0.05, unit="cm")},
    )


def begin(store: Store, number: str | None = "1001", kind: str = "self", token: str | None = None) -> str:
    """Open a shift and return its token."""
    token = token or f"token-{next(_tokens)}"
    store.shift_open(token, number, kind, "A", "shift-start", SHA, SHA, "none", '{"phase":"step"}')  # type: ignore[arg-type]
    return token


def shift(
    store: Store,
    number: str | None = "1001",
    verdict: str = "pass",
    *,
    kind: str = "self",
    tries: Sequence[Sequence[Check]] | None = None,
    override: bool = False,
) -> str:
    """Record a whole shift of one step and return its token."""
    token = begin(store, number, kind)
    for attempt, checks in enumerate(tries or [[check(verdict=verdict)]], start=1):
        store.shift_save_step(token, "front", attempt, checks, "{}")
    if override:
        store.shift_override(token, "boss", "known injury", "{}")
    store.shift_close(token, verdict, "{}")
    return token
