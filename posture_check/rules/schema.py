"""What a rule is: the fields of ``rules.yaml``, each with its meaning and bounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from posture_check.rules.result import Limit, Text

View = Literal["front", "back", "left", "right", "oblique"]
"""From where a person is seen; :func:`posture_check.rules.gates.view_of` says where one ends."""

Posture = Literal["standing", "walking", "sitting", "squatting", "gesture", "expression", "grooming"]
"""The families of rules that can be asked for by name."""

Stretch = Literal[
    "standing", "walking", "sitting_down", "sitting", "rising", "squatting", "other",
    "pointing", "inviting", "handing_over", "tray", "waving", "bow",
]  # fmt: skip
"""What a recording is cut into: postures, the ways between them, and the gestures within them."""


STRETCHES: dict[Posture, tuple[Stretch, ...]] = {
    "standing": ("standing",),
    "walking": ("walking",),
    "sitting": ("sitting",),
    "squatting": ("squatting",),
    "gesture": ("pointing", "inviting", "handing_over", "tray", "waving", "bow"),
    "expression": ("standing", "sitting"),
    "grooming": (),
}
"""On which stretches the rules of a posture are judged unless they say otherwise; grooming is judged on the whole."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Model):
    """Where a requirement stands in the standard's documents."""

    document: Literal["S1", "S2", "S3", "S4", "S5"] = Field(description="Short name of the document.")
    section: str = Field(description="Section within it.")
    also: tuple[str, ...] = Field((), description="Other places that ask the same.")


class Band(_Model):
    """The permitted range as written by the rule owner."""

    min: float | None = Field(None, description="Smallest permitted value.")
    max: float | None = Field(None, description="Largest permitted value.")
    max_abs: Annotated[float, Field(gt=0)] | None = Field(None, description="Largest permitted magnitude, both signs.")

    @model_validator(mode="after")
    def _closed(self) -> Band:
        if self.max_abs is not None and (self.min is not None or self.max is not None):
            raise ValueError("give either 'max_abs' or 'min' / 'max', not both")
        if self.max_abs is None and self.min is None and self.max is None:
            raise ValueError("a limit needs 'min', 'max' or 'max_abs'")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError(f"'min' must be below 'max' (got {self.min} and {self.max})")
        return self

    def limit(self) -> Limit:
        """Return the range with both ends spelled out."""
        if self.max_abs is not None:
            return Limit(min=-self.max_abs, max=self.max_abs)
        return Limit(min=self.min, max=self.max)


class Hold(_Model):
    """How long a value is looked at before it is judged."""

    seconds: float = Field(
        0.0, ge=0, le=60, description="Shortest evidence in seconds; 0 lets a single picture be judged."
    )
    share: float = Field(0.5, gt=0, le=1, description="Share of the hold's frames that must show what is measured.")


class Sided(_Model):
    """Wordings by where the value lies: below the range, or above it."""

    low: Text = Field(description="Said when the value is too small (or to the person's right).")
    high: Text = Field(description="Said when the value is too large (or to the person's left).")


class Rule(_Model):
    """One requirement on one measure."""

    id: str = Field(
        pattern=r"^[A-Z]{2}-\d\d(\.[a-z0-9_]+)?$",
        description="Clause id, with a suffix where a clause has several rules.",
    )
    posture: Posture = Field(description="Family of rules it belongs to.")
    on: tuple[Stretch, ...] = Field((), description="Stretches it is judged on; by default those of its posture.")
    before_s: float = Field(0.0, ge=0, le=10, description="Seconds before such a stretch that it needs to see, too.")
    after_s: float = Field(0.0, ge=0, le=10, description="Seconds after such a stretch that it needs to see, too.")
    roles: tuple[Literal["A", "B"], ...] = Field(("A", "B"), min_length=1, description="Roles it applies to.")
    title: Text = Field(description="What is asked, in a few words.")
    source: Source = Field(description="Where the standard asks it.")
    basis: Literal["documented", "house", "site"] = Field(
        description="Whether the limit is the document's own, ours, or (from a site file) the site's."
    )
    measure: str | None = Field(None, description="Name of the measure; none makes it a manual item.")
    limit: Band | None = Field(None, description="Permitted range of the measure.")
    figures: tuple[str, ...] = Field((), description="Further measures that are reported beside it, not judged.")
    views: tuple[View, ...] = Field(("front",), description="Views from which the measure means something.")
    hold: Hold = Field(Hold(), description="How long it is looked at.")
    required: bool | Literal["in_view", "if_seen"] = Field(
        True,
        description="Whether the verdict needs it; 'in_view': only where the source can show it; 'if_seen': nor where "
        "the part lies outside the picture or is hidden.",
    )
    enabled: bool = Field(True, description="False keeps the rule on the list as switched off.")
    wrong: Text | Sided = Field(description="What is wrong when it fails.")
    fix: Text | Sided = Field(description="What to do about it.")
    note: str | None = Field(None, description="For the reader of 'rules explain': why this limit, what to know.")

    @property
    def clause(self) -> str:
        """Clause of the standard this rule belongs to."""
        return self.id.split(".")[0]

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Kinds of stretches it is judged on."""
        return self.on or STRETCHES[self.posture]

    @model_validator(mode="after")
    def _measured_rules_have_a_limit(self) -> Rule:
        if (self.measure is None) != (self.limit is None):
            raise ValueError("'measure' and 'limit' go together: give both, or neither for a manual item")
        return self


class Option(_Model):
    """One way to satisfy a choice: all its rules must hold."""

    id: str = Field(pattern=r"^[A-Z]{2}-\d\d(\.[a-z0-9_]+)?$", description="Clause or variant this option stands for.")
    roles: tuple[Literal["A", "B"], ...] = Field(("A", "B"), min_length=1, description="Roles that may choose it.")
    rules: tuple[str, ...] = Field(min_length=1, description="Ids of the rules that must all hold.")


class Choice(_Model):
    """Alternatives of the standard that make one required check: any one option will do."""

    id: str = Field(pattern=r"^[a-z_]+$", description="Name of the choice, e.g. feet.")
    posture: Posture = Field(description="Family of rules it belongs to.")
    title: Text = Field(description="What is asked, in a few words.")
    required: bool | Literal["in_view"] = Field(True, description="As in a rule.")
    default: str = Field(description="Option that is named when none holds.")
    options: tuple[Option, ...] = Field(min_length=2, description="The alternatives, the preferred one first.")


class RuleFile(_Model):
    """The whole of ``rules.yaml``."""

    version: Literal[1]
    rules: tuple[Rule, ...] = Field(min_length=1)
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> RuleFile:
        ids = [rule.id for rule in self.rules]
        doubled = sorted({i for i in ids if ids.count(i) > 1})
        if doubled:
            raise ValueError(f"rule ids must be unique: {', '.join(doubled)}")
        for choice in self.choices:
            named = {rule for option in choice.options for rule in option.rules}
            if unknown := sorted(named - set(ids)):
                raise ValueError(f"choice '{choice.id}' names unknown rules: {', '.join(unknown)}")
            if choice.default not in {option.id for option in choice.options}:
                raise ValueError(f"choice '{choice.id}': default '{choice.default}' is not one of its options")
            for option in choice.options:
                self._options_rules_apply(choice, option)
        return self

    def _options_rules_apply(self, choice: Choice, option: Option) -> None:
        for rule in self.rules:
            if rule.id not in option.rules:
                continue
            if rule.posture != choice.posture:
                raise ValueError(f"choice '{choice.id}': {rule.id} is a rule of another posture")
            if rule.on:
                raise ValueError(f"choice '{choice.id}': {rule.id} is judged on other stretches ('on')")
            if missing := sorted(set(option.roles) - set(rule.roles)):
                raise ValueError(f"choice '{choice.id}': option {option.id} is for role {missing[0]}, {rule.id} is not")
