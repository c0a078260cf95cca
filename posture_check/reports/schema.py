"""The published JSON Schema of the result document.

Run ``python -m posture_check.reports.schema`` after a change of the contract; a test says when it was
forgotten.
"""

from __future__ import annotations

import json
from pathlib import Path

from posture_check.rules.result import Result

SCHEMA_ID = "https://posture-check.invalid/schema/result/1"
"""Name of the schema; it is not fetched from anywhere, hence the reserved ``.invalid``."""


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of a result document, as the text of the published file."""
    schema = Result.model_json_schema(by_alias=True, mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return json.dumps({**head, **schema}, indent=2, ensure_ascii=False) + "\n"


def write_schema(path: Path) -> None:
    """Write the published file."""
    path.write_text(schema_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schema(Path(__file__).resolve().parents[2] / "docs" / "result.schema.json")
