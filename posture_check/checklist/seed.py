"""The checklist that a site starts with, made from its rules: every rule in the step from where it is seen best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posture_check.checklist.schema import CameraStep, Checklist, ManualStep, Variant
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Text
from posture_check.rules.schema import Rule

WHOLE_BODY = ("shoe_black", "leg_bare", "tie_tip", "forearm_bare")
"""Measures of dress that need to see more than head and chest."""
WORN_SEATED = ("shoe_black", "forearm_bare")
"""Those of them that show on somebody who sits."""
ADVICE = ("HA-07", "MK-01")
"""Matters of taste: they are asked about and do not count."""
_SIDES = {"left", "right"}


def seed_checklist(book: RuleBook) -> Checklist:
    """Return a checklist whose steps together cover what the rules require, each from where it can be seen."""
    asked = tuple(rule.id for rule in book.rules if rule.measure is None and rule.enabled)
    manual = ManualStep(
        id="by_hand",
        title=Text(zh="自查项目", en="Items for you to answer"),
        say=Text(zh="请逐项确认", en="Please confirm each item"),
        items=asked,
        advice=tuple(name for name in ADVICE if name in asked),
    )
    return Checklist(
        name="shift-start",
        title=Text(zh="上岗自检", en="Shift-start check"),
        steps=(*_usual(book), *_seated(book), _close_up(book), manual, *_optional(book)),
    )


def _usual(book: RuleBook) -> tuple[CameraStep, ...]:
    front = _step(
        book,
        "front",
        _front,
        title=Text(zh="正面站姿", en="Stand, facing the camera"),
        say=Text(zh="请面向镜头，站好不动", en="Face the camera, stand as on duty and hold still"),
        postures=("standing", "grooming"),
        hold_s=3.0,
        patience_s=10.0,
    )
    side = _step(
        book,
        "side",
        _side,
        title=Text(zh="侧面站姿", en="Stand, side-on"),
        say=Text(zh="请侧身站好不动", en="Turn side-on and hold still"),
        postures=("standing", "grooming"),
        view="side",
        hold_s=2.2,
        patience_s=8.0,
    )
    return front, side


def _close_up(book: RuleBook) -> CameraStep:
    return _step(
        book,
        "close_up",
        _close,
        title=Text(zh="工牌与领口", en="Badge and collar"),
        say=Text(zh="请走近，让镜头看清胸前", en="Come close, so that your chest can be seen well"),
        postures=("grooming",),
        framing="upper",
        hold_s=3.0,
        patience_s=10.0,
        variants=("usual", "seated"),
    )


def _seated(book: RuleBook) -> tuple[CameraStep, ...]:
    seated: dict[str, Any] = {"framing": "seated", "variants": ("seated",)}
    front = _step(
        book,
        "seated_front",
        lambda rule: "front" in rule.views and (_held(rule) or rule.measure in WORN_SEATED),
        title=Text(zh="正面坐姿", en="Sit, facing the camera"),
        say=Text(zh="请面向镜头坐好不动", en="Face the camera, sit as on duty and hold still"),
        postures=("sitting", "grooming"),
        hold_s=3.0,
        patience_s=12.0,
        **seated,
    )
    side = _step(
        book,
        "seated_side",
        lambda rule: _held(rule) and bool(_SIDES & set(rule.views)) and "front" not in rule.views,
        title=Text(zh="侧面坐姿", en="Sit, side-on"),
        say=Text(zh="请侧身坐好不动", en="Turn side-on, sit and hold still"),
        postures=("sitting",),
        view="side",
        hold_s=2.5,
        patience_s=8.0,
        **seated,
    )
    return front, side


def _optional(book: RuleBook) -> tuple[CameraStep, ...]:
    sit = _step(
        book,
        "sit",
        lambda rule: rule.posture == "sitting" and bool(_SIDES & set(rule.views)) and "rising" not in rule.on,
        title=Text(zh="入座", en="Sit down"),
        say=Text(zh="请在标记的椅子上轻轻坐下", en="Sit down on the marked chair, side-on"),
        postures=("sitting",),
        view="side",
        framing="seated",
        hold_s=3.0,
        patience_s=15.0,
        optional=True,
    )
    show = _step(
        book,
        "show_the_way",
        lambda rule: "pointing" in rule.stretches and rule.clause in ("GE-01", "GE-04", "GE-05"),
        title=Text(zh="指引方向", en="Show the way"),
        say=Text(zh="请用手势指引右边的方向", en="Show the way to the right with your hand"),
        postures=("gesture",),
        view="any",
        hold_s=2.0,
        patience_s=12.0,
        variants=("usual", "seated"),
        optional=True,
    )
    walk = _step(
        book,
        "walk",
        lambda rule: rule.posture == "walking" and rule.required is not False,
        title=Text(zh="走姿", en="Walk across"),
        say=Text(zh="请从画面一侧走到另一侧", en="Walk across the picture"),
        postures=("walking",),
        view="any",
        hold_s=4.0,
        patience_s=15.0,
        optional=True,
    )
    return sit, show, walk


def _front(rule: Rule) -> bool:
    if rule.posture == "grooming":
        return rule.measure in WHOLE_BODY
    return rule.posture == "standing" and "front" in rule.views


def _side(rule: Rule) -> bool:
    if rule.posture == "grooming":
        return "front" not in rule.views and bool(_SIDES & set(rule.views))
    return rule.posture == "standing" and bool(_SIDES & set(rule.views))


def _close(rule: Rule) -> bool:
    return rule.posture == "grooming" and "front" in rule.views and rule.measure not in WHOLE_BODY


def _held(rule: Rule) -> bool:
    return rule.posture == "sitting" and not rule.on


def _step(book: RuleBook, name: str, wanted: Callable[[Rule], bool], **fields: Any) -> CameraStep:
    """Return a step with the clauses of the rules that are wanted and count."""
    chosen = {o.id: o.rules for choice in book.choices if choice.required for o in choice.options}
    by_id = {rule.id: rule for rule in book.rules}
    rules = [r for r in book.rules if r.measure is not None and r.enabled and r.required is not False and wanted(r)]
    clauses = dict.fromkeys(_short(rule, rules, book) for rule in rules)
    # Of a choice the names of its options, unless they are rules that stand there already.
    options = [name for name, ids in chosen.items() if all(wanted(by_id[i]) for i in ids)]
    clauses |= dict.fromkeys(name.split(".")[0] for name in options)
    variants: tuple[Variant, ...] = fields.pop("variants", ("usual",))
    return CameraStep(id=name, clauses=tuple(sorted(clauses)), variants=variants, **fields)


def _short(rule: Rule, rules: list[Rule], book: RuleBook) -> str:
    """Return the clause of a rule if all of it is wanted, else the rule itself."""
    others = [r for r in book.rules if r.clause == rule.clause and r.measure is not None]
    return rule.clause if all(other in rules for other in others) else rule.id
