import json

import pytest
from pydantic import ValidationError

from posture_check.rules.result import EXIT_CODES, SCHEMA, Check, Result, Settings, SourceDocument, Text, Verdict

CHECK = {
    "clause": "ST-02",
    "rule": "ST-02",
    "person": 0,
    "posture": "standing",
    "title": {"zh": "双肩端平", "en": "Shoulders level"},
    "required": True,
    "verdict": "pass",
}


def result(**changes):
    fields = {
        "schema": SCHEMA,
        "source": SourceDocument(path="视频.mp4", kind="video", duration_s=2.0, frames=60, fps=29.97, size=(1280, 720)),
        "settings": Settings(role="A", site="大厅", rules_sha256="0" * 64, models={}, calibration="none", version="1"),
        "people": 1,
        "segments": [],
        "checks": [Check.model_validate(CHECK)],
        "verdict": Verdict.PASS,
    }
    return Result(**(fields | changes))


def test_a_document_comes_back_as_it_was_written():
    document = result()
    assert Result.model_validate_json(document.to_json()) == document
    assert json.loads(document.to_json())["schema"] == SCHEMA


def test_chinese_is_written_as_it_is_read():
    assert "双肩端平" in result().to_json()
    assert "视频.mp4" in result().to_json(indent=2)


@pytest.mark.parametrize("part", ["document", "check"])
def test_an_unknown_field_is_refused(part):
    with pytest.raises(ValidationError):
        result(colour="red") if part == "document" else Check.model_validate(CHECK | {"colour": "red"})


def test_verdicts_and_reasons_are_from_the_closed_lists():
    with pytest.raises(ValidationError):
        Check.model_validate(CHECK | {"verdict": "fine"})
    with pytest.raises(ValidationError):
        Check.model_validate(CHECK | {"verdict": "not_assessed", "reason": "tired"})


def test_a_wording_in_one_language_is_none():
    with pytest.raises(ValidationError):
        Text(zh="", en="Shoulders level")


def test_only_a_pass_ends_with_exit_code_0():
    assert EXIT_CODES == {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCOMPLETE: 3}
