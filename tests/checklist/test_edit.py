"""Single changes of a checklist."""

from __future__ import annotations

import pytest

from posture_check.checklist.edit import altered, moved, with_step, without
from posture_check.checklist.loader import checklist_to_text, load_checklist, look_over
from posture_check.checklist.schema import CameraStep, Checklist
from posture_check.errors import InputError
from posture_check.rules.loader import load_rules

BOOK = load_rules()
SHIPPED = load_checklist(None, BOOK)


def names(checklist: Checklist) -> list[str]:
    return [step.id for step in checklist.steps]


@pytest.mark.parametrize("variant", ["usual", "seated"])
def test_a_step_changes_places_with_its_neighbour_as_that_person_sees_them(variant) -> None:
    shown = [step.id for step in SHIPPED.steps_for("A", variant)]
    for at in range(len(shown) - 1):
        swapped = [*shown[:at], shown[at + 1], shown[at], *shown[at + 2 :]]
        for step, by in ((shown[at], 1), (shown[at + 1], -1)):
            after = moved(SHIPPED, step, by, "A", variant)
            assert [s.id for s in after.steps_for("A", variant)] == swapped
            others = [n for n in names(SHIPPED) if n not in shown]
            assert [n for n in names(after) if n not in shown] == others
    assert moved(SHIPPED, shown[0], -1, "A", variant) == SHIPPED
    assert moved(SHIPPED, shown[-1], 1, "A", variant) == SHIPPED


def test_a_step_is_taken_out_and_put_in_again() -> None:
    step = next(s for s in SHIPPED.steps if s.id == "side")
    less = without(SHIPPED, "side")
    assert names(less) == [n for n in names(SHIPPED) if n != "side"]
    assert with_step(less, step).steps == (*less.steps, step)
    with pytest.raises(InputError, match="unique"):
        with_step(SHIPPED, step)


def test_a_field_is_changed_and_everything_else_stays() -> None:
    after = altered(SHIPPED, "front", "hold_s", "4.5")
    front = after.steps[names(after).index("front")]
    assert isinstance(front, CameraStep)
    assert front.hold_s == 4.5
    assert altered(after, "front", "hold_s", next(s for s in SHIPPED.steps if s.id == "front").hold_s) == SHIPPED  # type: ignore[union-attr]
    assert altered(SHIPPED, "front", "optional", "true").steps[0].optional
    assert look_over(checklist_to_text(after), "x", BOOK) == (after, ())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: moved(SHIPPED, "nothing", 1, "A", "usual"), "no step 'nothing'"),
        (lambda: without(SHIPPED, "nothing"), "no step 'nothing'"),
        (lambda: without(SHIPPED.model_copy(update={"steps": SHIPPED.steps[:1]}), "front"), "at least 1 item"),
        (lambda: altered(SHIPPED, "front", "hold_s", "99"), "front: hold_s: .*less than or equal to 20"),
        (lambda: altered(SHIPPED, "front", "hold_s", "soon"), "front: hold_s: .*valid number"),
        (lambda: altered(SHIPPED, "by_hand", "hold_s", "3"), "has no hold_s"),
    ],
)
def test_what_cannot_be_is_refused(change, said) -> None:
    with pytest.raises(InputError, match=said):
        change()
