import json

import jsonschema
import pytest

from posture_check.reports.schema import schema_text
from posture_check.rules.result import Limit, Reason, Text, Verdict
from tests.conftest import ROOT
from tests.reports.make import make_check, make_result

PUBLISHED = ROOT / "docs" / "result.schema.json"


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def document():
    checks = [
        make_check(
            "ST-07",
            Verdict.BORDERLINE,
            value=46.0,
            error=4.0,
            unit="deg",
            limit=Limit(min=45, max=75),
            fix=Text(zh="请张开脚尖", en="Open your feet"),
            alternatives={"ST-08": Verdict.FAIL},
        ),
        make_check("ST-03", Verdict.NOT_ASSESSED, reason=Reason.VIEW),
    ]
    return json.loads(make_result(checks, Verdict.INCOMPLETE).to_json())


def test_the_published_schema_is_current():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run python -m posture_check.reports.schema"


def test_a_document_is_valid_and_carries_its_schema(validator, document):
    validator.validate(document)
    assert document["schema"] == "posture-check/result/1"
    assert document["checks"][0]["limit"] == {"min": 45.0, "max": 75.0}


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("verdict"),
        lambda d: d.update(schema="posture-check/result/2"),
        lambda d: d["checks"][0].update(verdict="good"),
        lambda d: d["checks"][1].update(reason="do not know"),
        lambda d: d["checks"][0].update(comment="extra"),
        lambda d: d["checks"][0]["title"].pop("zh"),
        lambda d: d["settings"].update(role="C"),
        lambda d: d["source"].update(size=[1280]),
    ],
)
def test_the_schema_refuses_what_is_not_a_document(validator, document, damage):
    damage(document)
    assert not validator.is_valid(document)
