"""What a checklist is: the fields of a checklist file, each with its meaning and bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from posture_check.rules.result import Text
from posture_check.rules.schema import Posture, View

Role = Literal["A", "B"]
Variant = Literal["usual", "seated"]
"""How a person does the check: as usual, or seated (a person who cannot stand)."""
Framing = Literal["body", "upper", "seated"]
"""What must be in the picture, and so which outline is drawn: the whole body, head to waist, or a sitting person."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CameraStep(_Model):
    """A step that the camera judges."""

    kind: Literal["camera"] = "camera"
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$", description="Name of the step, unique in its checklist.")
    title: Text = Field(description="What the step is called, in a few words.")
    say: Text = Field(description="What the person is asked to do: one short sentence, also spoken.")
    postures: tuple[Posture, ...] = Field(min_length=1, description="Families of rules that are judged.")
    view: View | Literal["any", "side"] = Field("front", description="From where the camera must see the person.")
    framing: Framing = Field("body", description="What must be in the picture.")
    clauses: tuple[str, ...] = Field(
        (),
        description="Clauses or rules judged here (ST-02, ST-07.heels); none: all of its postures seen from that view.",
    )
    hold_s: float = Field(3.0, ge=0.5, le=20, description="Seconds that are judged, held still or, walking, looked at.")
    patience_s: float = Field(
        8.0, ge=1, le=60, description="Seconds of guidance without success after which it is judged as it is."
    )
    roles: tuple[Role, ...] = Field(("A", "B"), min_length=1, description="Roles that do this step.")
    variants: tuple[Variant, ...] = Field(("usual",), min_length=1, description="Who does this step.")
    optional: bool = Field(False, description="Whether the person may skip it.")


class ManualStep(_Model):
    """Items that a camera cannot see and the person answers by touch."""

    kind: Literal["manual"] = "manual"
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$", description="Name of the step, unique in its checklist.")
    title: Text = Field(description="What the step is called, in a few words.")
    say: Text = Field(description="What the person is asked to do.")
    items: tuple[str, ...] = Field((), description="Rules answered by hand; none: all manual rules of the role.")
    advice: tuple[str, ...] = Field((), description="Items that are asked about but do not count for the verdict.")
    roles: tuple[Role, ...] = Field(("A", "B"), min_length=1, description="Roles that do this step.")
    variants: tuple[Variant, ...] = Field(("usual", "seated"), min_length=1, description="Who does this step.")
    optional: bool = False


def _kind(step: Any) -> Any:
    """Return the kind of a step, told by its fields where it is not given."""
    if isinstance(step, dict):
        return step.get("kind", "camera" if "postures" in step else "manual")
    return getattr(step, "kind", None)


Step = Annotated[
    Annotated[CameraStep, Tag("camera")] | Annotated[ManualStep, Tag("manual")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message="'kind' must be camera (with 'postures') or manual (with 'items')",
    ),
]


class Checklist(_Model):
    """The steps of one site's shift-start check and its limits."""

    version: Literal[1] = 1
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="Name of the checklist.")
    title: Text = Field(description="What it is called on the screen.")
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20, description="Steps in their order.")
    retries: int = Field(2, ge=0, le=10, description="How often failed steps may be tried again.")
    idle_s: float = Field(
        30.0, ge=5, le=600, description="Seconds without person or touch after which the screen clears."
    )
    result_s: float = Field(20.0, ge=3, le=600, description="Seconds the result stays before the screen clears itself.")

    @model_validator(mode="after")
    def _steps_are_named_once(self) -> Checklist:
        names = [step.id for step in self.steps]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"step ids must be unique: {', '.join(doubled)}")
        return self

    def steps_for(self, role: Role, variant: Variant) -> tuple[CameraStep | ManualStep, ...]:
        """Return the steps that a person of this role and variant does, in order."""
        return tuple(step for step in self.steps if role in step.roles and variant in step.variants)
