"""Checklist files: what is read, what is refused, and the one that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from posture_check.checklist.judging import step_choices, step_rules, views_of
from posture_check.checklist.loader import checklist_from_text, checklist_to_text, load_checklist, look_over
from posture_check.checklist.schema import CameraStep, Checklist, ManualStep
from posture_check.checklist.seed import seed_checklist
from posture_check.errors import InputError
from posture_check.rules.loader import load_rules

BOOK = load_rules()
SHIPPED = load_checklist(book=BOOK)
HEAD = "version: 1\nname: x\ntitle: {zh: 一, en: x}\nsteps:\n"
STAND = "  - id: stand\n    title: {zh: 一, en: x}\n    say: {zh: 一, en: x}\n    postures: [standing]\n"
ASK = "  - id: ask\n    title: {zh: 一, en: x}\n    say: {zh: 一, en: x}\n"


def test_the_shipped_checklist_is_what_the_rules_make_of_it() -> None:
    assert seed_checklist(BOOK) == SHIPPED
    assert look_over(checklist_to_text(SHIPPED), "x", BOOK) == (SHIPPED, ())


def test_a_checklist_goes_through_its_file() -> None:
    assert checklist_from_text(checklist_to_text(SHIPPED), "again", BOOK) == SHIPPED


@pytest.mark.parametrize("role", ["A", "B"])
@pytest.mark.parametrize(("variant", "posture"), [("usual", "standing"), ("seated", "sitting")])
def test_its_steps_cover_all_that_is_required_from_where_it_is_seen(role: str, variant: str, posture: str) -> None:
    """What only a moment shows (sitting down, rising) and what hangs on the whole body are left to other steps."""
    rules, choices = set(), set()
    for step in SHIPPED.steps_for(role, variant):  # type: ignore[arg-type]
        if isinstance(step, CameraStep) and not step.optional:
            views = views_of(step)
            mine = step_rules(step, BOOK, role)  # type: ignore[arg-type]
            rules |= {r.id for r in mine if not views or set(views) & set(r.views)}
            choices |= {c.id for c in step_choices(step, BOOK, role)}  # type: ignore[arg-type]
    always = [r for r in BOOK.rules if r.enabled and r.measure and role in r.roles and r.required in (True, "in_view")]
    wanted = {r.id for r in always if r.posture in (posture, "grooming") and not r.on}
    assert wanted - rules == set()
    asked = {c.id for c in BOOK.choices if c.posture in (posture, "grooming") and c.required is True}
    assert {c for c in asked if any(role in o.roles for x in BOOK.choices if x.id == c for o in x.options)} <= choices


@pytest.mark.parametrize("role", ["A", "B"])
def test_no_step_asks_for_what_its_view_can_never_show(role: str) -> None:
    for step in SHIPPED.steps:
        if isinstance(step, CameraStep):
            for rule in step_rules(step, BOOK, role):  # type: ignore[arg-type]
                views = views_of(step)
                assert not views or set(views) & set(rule.views), (step.id, rule.id)


def test_every_manual_item_of_the_rules_is_asked() -> None:
    asked = {item for step in SHIPPED.steps if isinstance(step, ManualStep) for item in step.items}
    assert asked == {rule.id for rule in BOOK.rules if rule.measure is None}


def test_a_person_needs_less_than_a_minute() -> None:
    """Holds, a second and a half to settle in each step, and two seconds for each item."""
    for role in ("A", "B"):
        steps = [s for s in SHIPPED.steps_for(role, "usual") if not s.optional]  # type: ignore[arg-type]
        camera = sum(s.hold_s + 1.5 for s in steps if isinstance(s, CameraStep))
        items = sum(len(s.items) for s in steps if isinstance(s, ManualStep))
        assert camera + 2 * items <= 45


def test_kind_need_not_be_written() -> None:
    checklist = checklist_from_text(f"{HEAD}{STAND}{ASK}", "x.yaml", BOOK)
    assert [step.kind for step in checklist.steps] == ["camera", "manual"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}{STAND}    clauses: [ST-77]\n", "x.yaml:9: stand: no clause or rule 'ST-77'"),
        (f"{HEAD}{STAND}    clauses: [SI-04]\n", "x.yaml:9: stand: SI-04 is of sitting"),
        (f"{HEAD}{STAND}    clauses: [ST-05]\n", "x.yaml:9: stand: ST-05 can never be judged from view 'front'"),
        (f"{HEAD}{STAND}    clauses: [ST-09]\n    roles: [A]\n", "x.yaml:9: stand: ST-09 does not apply to role A"),
        (f"{HEAD}{STAND}    view: back\n", "x.yaml:9: stand: no rule of standing can be seen from view 'back'"),
        (f"{HEAD}{STAND}    hold_s: 90\n", "x.yaml:9: stand: hold_s: Input should be less than"),
        (f"{HEAD}{STAND}    colour: red\n", "x.yaml:9: stand: colour: Extra inputs"),
        (f"{HEAD}{STAND}    kind: film\n", "x.yaml:5: stand: 'kind' must be camera"),
        (f"{HEAD}{ASK}    items: [ST-02]\n", "x.yaml:8: ask: ST-02 is measured by the camera"),
        (f"{HEAD}{ASK}    items: [nonsense]\n", "x.yaml:8: ask: no clause or rule 'nonsense'"),
        (f"{HEAD}{STAND}{STAND}", "step ids must be unique: stand"),
        ("just words", "x.yaml:1: expected 'version:'"),
        ("a: [", "not valid YAML"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        checklist_from_text(text, "x.yaml", BOOK)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothere\.yaml: cannot be read"):
        load_checklist(tmp_path / "nothere.yaml", BOOK)


def test_everything_that_is_wrong_is_told_in_both_languages_with_line_and_step() -> None:
    step = next(s for s in SHIPPED.steps if s.id == "front")
    bad = step.model_copy(update={"clauses": ("ST-77", "SI-01")})
    text = checklist_to_text(Checklist(name="x", title=SHIPPED.title, steps=(bad,)))
    read, found = look_over(text, "x", BOOK)
    assert read is not None
    assert [f.en.partition(", ")[2] for f in found] == [
        "front: no clause or rule 'ST-77'; 'posture-check rules list' shows them all",
        "front: SI-01 is of sitting, which is not among the step's postures",
    ]
    line = int(found[0].en.removeprefix("line ").partition(",")[0])
    assert "clauses" in text.splitlines()[line - 1]
    assert found[0].zh.startswith(f"第 {line} 行，front：没有 'ST-77' 这一条")


def test_what_cannot_be_read_is_told_and_gives_no_checklist() -> None:
    read, found = look_over("steps: [", "x", BOOK)
    assert read is None
    assert len(found) == 1
    assert found[0].zh.startswith("清单读不通")
