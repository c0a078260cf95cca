"""Result documents made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posture_check.rules.result import (
    Check,
    Limit,
    Reason,
    Result,
    Settings,
    SourceDocument,
    Text,
    Verdict,
)

MakeResult = Callable[..., Result]


def make_check(rule: str, verdict: Verdict, value: float | None = None, reason: Reason | None = None) -> Check:
    return Check(
        clause=rule.split(".")[0],
        rule=rule,
        person=0,
        posture="standing",
        title=Text(zh="双肩<端平>", en="Shoulders level & relaxed"),
        required=True,
        verdict=verdict,
        value=value,
        unit="deg" if value is not None else None,
        error=0.5 if value is not None else None,
        limit=Limit(max=3.2) if value is not None else None,
        start_s=0.0,
        end_s=2.5,
        reason=reason,
        alternatives={"ST-08": Verdict.FAIL} if rule == "ST-07" else None,
    )


@pytest.fixture
def make_result() -> MakeResult:
    def make(path: str, verdict: Verdict, *checks: Check) -> Result:
        return Result(
            schema="posture-check/result/1",
            source=SourceDocument(path=path, kind="video", duration_s=2.5, frames=75, fps=30.0, size=(1280, 720)),
            settings=Settings(
                role="A", site="default", rules_sha256="0" * 64, models={}, calibration="none", version="0"
            ),
            people=1,
            segments=[],
            checks=list(checks),
            verdict=verdict,
        )

    return make
