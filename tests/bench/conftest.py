"""Cases and outcomes made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.footage import Case
from bench.reading import Outcome
from posture_check.rules.result import Check, Reason, Result, Settings, SourceDocument, Text, Verdict

MakeOutcome = Callable[..., Outcome]


def make_check(rule: str, verdict: str, **fields: Any) -> Check:
    return Check(
        clause=fields.pop("clause", rule.split(".")[0]),
        rule=rule,
        person=0,
        posture="standing",
        title=Text(zh="要求", en="requirement"),
        required=True,
        verdict=Verdict(verdict),
        reason=Reason(fields.pop("reason")) if "reason" in fields else None,
        **fields,
    )


def make_case(name: str = "rendered/a.mp4", family: str = "rendered-standing", **fields: Any) -> Case:
    return Case(name, Path(name), family, **fields)


@pytest.fixture
def make_outcome() -> MakeOutcome:
    def make(case: Case, *checks: Check, verdict: str = "incomplete", setting: str = "none") -> Outcome:
        result = Result(
            schema="posture-check/result/1",
            source=SourceDocument(path=case.name, kind="video", duration_s=2.0, frames=60, fps=30.0, size=(1280, 720)),
            settings=Settings(
                role="A", site="default", rules_sha256="0" * 64, models={}, calibration="none", version="0"
            ),
            people=1,
            segments=[],
            checks=list(checks),
            verdict=Verdict(verdict),
        )
        return Outcome(case, setting, result, result)

    return make
