"""What passes between the server and the station's processes, and, as JSON, on to the page."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from posture_check.checklist.schema import CameraStep, Role
from posture_check.rules.result import Check, Text

Stage = Literal["looking", "correct", "hold", "done"]
"""Of a step: finding the person and the right view, something to put right, holding still, judged."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Begin(_Model):
    """Look for this from now on; what was seen before is forgotten.

    ``run`` is chosen by the caller and comes back with every sight, so that a late sight of the step before is known.
    The task ``rest`` looks at nothing: nobody has agreed to be looked at, and the machine stays cool.
    """

    run: int
    task: Literal["rest", "watch", "code", "step"] = "watch"
    step: CameraStep | None = None
    role: Role = "A"
    exempt: tuple[str, ...] = ()
    site: str = "default"
    rules: str | None = None
    calibration: str | None = None
    stature_cm: float | None = None
    evidence: bool = False
    lang: Literal["zh", "en"] = "zh"


class Guidance(_Model):
    """The one thing to say now."""

    code: str = Field(
        description="What it is, for icon and sound: no_person, two_people, dark, backlit, far, near, feet_cut, "
        "head_cut, tilted, view, fix, hold, done, camera_lost, …"
    )
    text: Text
    clause: str | None = None
    marks: tuple[int, ...] = Field(
        (), description="Pose landmarks that it is about, to be drawn in the colour of a fault."
    )
    turn: Literal["left", "right"] | None = Field(
        None, description="Where the person should turn or move, as they see it."
    )


class Skeleton(_Model):
    """A person in the picture; every point is x, y in 0..1 of the picture and visibility 0..1."""

    person: int
    subject: bool
    pose: tuple[tuple[float, float, float], ...]
    hands: tuple[tuple[tuple[float, float], ...], ...] = ()
    face: tuple[tuple[float, float], ...] = Field((), description="Points of the outline of the face, eyes and mouth.")


class Sight(_Model):
    """What one frame came to."""

    type: Literal["sight"] = "sight"
    run: int
    seq: int = Field(description="Number of the frame, as it came.")
    captured_ms: float = Field(description="Time of the frame by the clock of whoever took it, as it came.")
    size: tuple[int, int]
    people: tuple[Skeleton, ...] = ()
    stage: Stage = "looking"
    guidance: Guidance | None = None
    progress: float = Field(0.0, ge=0, le=1, description="Share of the hold that is done.")
    remaining_s: float | None = None
    code: str | None = Field(None, description="Text of a QR code or barcode that was seen.")
    checks: tuple[Check, ...] | None = Field(None, description="With stage 'done': what became of the step.")
    took_ms: float = Field(0.0, description="Time the frame took here.")
    dropped: int = Field(0, description="Frames thrown away so far because a newer one had come.")


class Health(_Model):
    """How the station is: shown on the screen when it is not well."""

    type: Literal["health"] = "health"
    camera: Literal["ok", "starting", "lost", "frozen", "browser"] = "starting"
    vision: Literal["ok", "starting", "lost"] = "starting"
    text: Text | None = None
    cause: str | None = Field(None, description="What is known of the cause, in one line for a technician.")
    retry_in_s: float | None = None
    restarts: int = 0
