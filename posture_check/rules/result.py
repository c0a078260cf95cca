"""The result contract ``posture-check/result/1``: one document per source, the same for every front end."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Literal["posture-check/result/1"] = "posture-check/result/1"


class Verdict(StrEnum):
    """What became of a check, or of the whole document (``incomplete`` only there)."""

    PASS = "pass"
    FAIL = "fail"
    BORDERLINE = "borderline"
    NOT_ASSESSED = "not_assessed"
    INCOMPLETE = "incomplete"


class Reason(StrEnum):
    """Why a check could not be judged: a closed list."""

    NO_PERSON = "no_person"
    VIEW = "view"
    OUT_OF_FRAME = "out_of_frame"
    OCCLUDED = "occluded"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    TOO_SHORT = "too_short"
    UNSTEADY = "unsteady"
    UNCERTAIN = "uncertain"
    NOT_CALIBRATED = "not_calibrated"
    NOT_A_PERSON = "not_a_person"
    POSTURE_NOT_SEEN = "posture_not_seen"
    NO_PARTNER = "no_partner"
    ABSENT = "absent"
    NOT_ENROLLED = "not_enrolled"
    NO_PICTURE = "no_picture"
    EXEMPT = "exempt"
    SWITCHED_OFF = "switched_off"
    MANUAL = "manual"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Text(_Model):
    """One wording in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Limit(_Model):
    """The permitted range of a value, ends included; None is open."""

    min: float | None = None
    max: float | None = None


class SourceDocument(_Model):
    """Facts about the source."""

    path: str
    kind: Literal["image", "video", "camera", "stream", "simulation"]
    duration_s: float
    frames: int
    fps: float | None
    size: tuple[int, int]
    notes: list[str] = []


class Settings(_Model):
    """What the verdict depends on besides the source."""

    role: Literal["A", "B"]
    site: str
    rules_sha256: str
    models: dict[str, str]
    calibration: str
    version: str
    exempt: list[str] = []


class Segment(_Model):
    """A posture of a person from one time to another."""

    posture: str
    person: int
    start_s: float
    end_s: float


class Figure(_Model):
    """A measured value that is reported beside a check, not judged; ``error`` is one standard error."""

    value: float
    error: float
    unit: str


class Check(_Model):
    """One rule applied to one person.

    ``value`` and ``error`` (one standard error) are in ``unit``; ``evidence_s`` is the time of the frame that shows it
    best. ``alternatives`` maps the clauses or variants that would have done as well to their own verdicts;
    ``figures`` maps the names of further measures to their values.
    """

    clause: str
    rule: str
    person: int
    posture: str
    title: Text
    required: bool
    verdict: Verdict
    value: float | None = None
    unit: str | None = None
    error: float | None = None
    limit: Limit | None = None
    start_s: float | None = None
    end_s: float | None = None
    evidence_s: float | None = None
    reason: Reason | None = None
    hint: Text | None = None
    fix: Text | None = None
    alternatives: dict[str, Verdict] | None = None
    figures: dict[str, Figure] | None = None


class Result(_Model):
    """The document of one source."""

    schema_: Literal["posture-check/result/1"] = Field(SCHEMA, alias="schema")
    source: SourceDocument
    settings: Settings
    people: int
    segments: list[Segment]
    checks: list[Check]
    verdict: Verdict

    def to_json(self, indent: int | None = None) -> str:
        """Return the document as JSON text, in UTF-8 without escapes."""
        return self.model_dump_json(by_alias=True, indent=indent)


EXIT_CODES: dict[Verdict, int] = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCOMPLETE: 3}
"""Exit code of the command line by the document's verdict; 2 is bad usage or bad input."""
