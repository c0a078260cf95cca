"""A site with forty people and a month of shifts, the same every time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Limit, Reason, Text, Verdict
from posture_check.rules.schema import Rule
from posture_check.store import Store, open_store
from posture_check.store.records import Staff

ADMIN = ("ming", "correct horse battery")
SUPERVISOR = ("lihua", "another long secret")
PIN = "482913"
_NAMES = (
    "王秀英 李伟 张敏 刘洋 陈静 杨磊 赵丽 黄强 周芳 吴军 徐娜 孙杰 胡艳 朱涛 高燕 林超 何玲 郭鹏 马丹 罗浩 "
    "梁雪 宋飞 郑洁 谢斌 韩梅 唐勇 冯慧 于洋 董倩 萧然 程曦 曹阳 袁媛 邓波 许诺 傅蓉 沈默 曾毅 彭欣 欧阳若曦"
)
NAMES = _NAMES.split()
TEAMS = ("早班", "中班", "晚班")
COUNTERS = ("一号柜台", "二号柜台", "大堂", "贵宾厅")
RULES = ("ST-02", "ST-07.heels", "ST-10", "TI-01", "BD-01", "HA-01", "HA-11", "ST-01", "HE-01", "ST-06")


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


def staff(count: int = 40) -> list[Staff]:
    """Return people with numbers from 1001 on."""
    return [
        Staff(
            number=str(1001 + i),
            name=NAMES[i % len(NAMES)],
            role="A" if i % 2 else "B",
            variant="seated" if i == 7 else "usual",
            exemptions=("HA",) if i in (4, 19) else ("BE-01",) if i == 11 else (),
            stature_cm=None if i % 3 else 158 + i % 27,
            team=TEAMS[i % 3],
            counter=COUNTERS[i % 4],
            badge_code=f"PC-{1001 + i}" if i % 5 == 0 else None,
        )
        for i in range(count)
    ]


def checks(rules: Sequence[Rule], random_: random.Random, failing: set[str]) -> list[Check]:
    """Return a step's checks; those that fail are named."""
    made = []
    for rule in rules:
        limit = rule.limit.limit() if rule.limit else Limit(max=0.5)
        low = limit.min if limit.min is not None else (limit.max or 0.0) - 10
        high = limit.max if limit.max is not None else (limit.min or 0.0) + 10
        middle, half = (low + high) / 2, max((high - low) / 2, 0.05)
        value = middle + half * random_.uniform(-0.7, 0.7)
        verdict, reason = Verdict.PASS, None
        if rule.id in failing:
            verdict = Verdict.FAIL
            value = high + half * random_.uniform(0.3, 0.9) if limit.max is not None else low - half * 0.6
        elif random_.random() < 0.05:
            verdict = Verdict.BORDERLINE
            value = high if limit.max is not None else low
        elif random_.random() < 0.03:
            verdict, reason = Verdict.NOT_ASSESSED, Reason.OCCLUDED
        fix = rule.fix if isinstance(rule.fix, Text) else Text(zh="请调整", en="Put this right")
        made.append(
            Check(
                clause=rule.clause,
                rule=rule.id,
                person=0,
                posture=rule.posture,
                title=rule.title,
                required=bool(rule.required),
                verdict=verdict,
                value=None if reason else value,
                unit=None if reason else "deg",
                error=None if reason else half * 0.12,
                limit=limit,
                start_s=0.0,
                end_s=3.0,
                evidence_s=1.5,
                reason=reason,
                fix=fix,
            )
        )
    return made


def one_shift(
    store: Store,
    clock: Clock,
    token: str,
    number: str | None,
    rules: Sequence[Rule],
    random_: random.Random,
    *,
    kind: str = "self",
    role: str = "A",
) -> None:
    """Record one inspection from opening to closing."""
    draw = random_.random()
    wrong = set(random_.sample([rule.id for rule in rules], random_.choice((1, 1, 2)))) if draw > 0.62 else set()
    by = "lihua" if kind != "self" else None
    store.shift_open(token, number, kind, role, "shift-start", "c" * 64, "d" * 64, "none", "{}", by=by)  # type: ignore[arg-type]
    first = checks(rules, random_, wrong)
    clock.now += timedelta(seconds=20)
    store.shift_save_step(token, "front", 1, first, "{}")
    still = wrong
    if wrong:
        still = wrong if draw > 0.93 else set()
        clock.now += timedelta(seconds=12)
        again = [rule for rule in rules if rule.id in wrong]
        store.shift_save_step(token, "front", 2, checks(again, random_, still), "{}")
    clock.now += timedelta(seconds=6)
    if still and draw > 0.97:
        store.shift_override(token, "lihua", "腿部受伤，有医生证明", "{}")
    store.shift_close(token, "fail" if still else "incomplete" if draw < 0.03 else "pass", "{}")


def seed(data_dir: Path, days: int = 30, people: int = 40, *, accounts: bool = True) -> Store:
    """Return a store with people, accounts, and inspections up to now."""
    clock = Clock()
    store = open_store(None, data_dir, clock=clock)
    random_ = random.Random(7)
    book = load_rules()
    rules = [rule for rule in book.rules if rule.id in RULES] or list(book.rules[:8])
    now = datetime.now(UTC)
    clock.now = now - timedelta(days=days + 1)
    store.set_setting("timezone", "Asia/Shanghai", "setup")
    if accounts:
        store.account_create(*ADMIN, "admin")
        store.account_create(*SUPERVISOR, "supervisor", pin=PIN)
    everyone = staff(people)
    for person in everyone:
        store.staff_save(person, "ming")
    for ago in range(days, -1, -1):
        day = now - timedelta(days=ago)
        for i, person in enumerate(everyone):
            if random_.random() < (0.12 if ago else 0.25):
                continue
            start = day.replace(hour=0, minute=20) + timedelta(minutes=3 * i)  # eight in the morning in Shanghai
            clock.now = min(start, now - timedelta(seconds=90 * (people - i))) if not ago else start
            one_shift(store, clock, f"s-{ago}-{i}", person.number, rules, random_, role=person.role)
        for i, kind in enumerate(("spot", "peer", "mystery")):
            if ago % (3 + i) == 0 and ago:
                person = random_.choice(everyone)
                clock.now = day.replace(hour=6)
                one_shift(store, clock, f"i-{ago}-{i}", person.number, rules, random_, kind=kind, role=person.role)
    clock.now = now
    store.shift_open("open", everyone[-1].number, "self", "A", "shift-start", "c" * 64, "d" * 64, "none", "{}")
    for person in everyone[:-3]:
        store.consent_record(person.number, store.consent_current().sha256)
    return store
