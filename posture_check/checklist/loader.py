"""Checklists from YAML files and back, and what is wrong with one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from posture_check.checklist.judging import covers, views_of
from posture_check.checklist.schema import CameraStep, Checklist, ManualStep
from posture_check.errors import InputError
from posture_check.resources import resource_path
from posture_check.rules.loader import RuleBook, load_rules
from posture_check.rules.result import Text
from posture_check.rules.schema import Rule
from posture_check.rules.yaml_file import first_error, line_of, parse, read_bytes

SHIPPED = "checklists/shift-start.yaml"
"""The checklist that ships with the program."""
_SHORT = 8
"""A list of more entries is written with an entry per line."""

Place = tuple[int | str, ...]


def load_checklist(path: Path | None = None, book: RuleBook | None = None) -> Checklist:
    """Read and validate a checklist.

    Parameters
    ----------
    path
        Its file; None reads the one that ships.
    book
        The rules that it names; None reads those that ship.

    Raises
    ------
    InputError
        If the file is missing, not YAML, or not valid; the message gives file and line.
    """
    path = path or resource_path(SHIPPED)
    return _from_bytes(path, read_bytes(path, "checklist"), book or load_rules())


def checklist_from_text(text: str, name: str, book: RuleBook) -> Checklist:
    """Read and validate a checklist that lies in no file; ``name`` stands in its errors; errors as above."""
    return _from_bytes(Path(name), text.encode(), book)


def checklist_to_text(checklist: Checklist) -> str:
    """Return a checklist as the text of its file, without what is as usual."""
    yaml = YAML()
    yaml.width = 118
    yaml.indent(mapping=2, sequence=4, offset=2)
    plain = checklist.model_dump(mode="json")
    usual = checklist.model_dump(mode="json", exclude_defaults=True)
    steps = []
    for given, whole in zip(usual["steps"], plain["steps"], strict=True):
        steps.append(_written({"kind": whole["kind"], "id": whole["id"], **given}))
    tree = _written({"version": plain["version"], **usual})
    tree["steps"] = steps
    out = io.StringIO()
    yaml.dump(tree, out)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def look_over(text: str, name: str, book: RuleBook) -> tuple[Checklist | None, tuple[Text, ...]]:
    """Return a text's checklist as far as it can be read, and everything that is wrong with it, in both languages."""
    path = Path(name)
    try:
        tree, checklist = _read(path, text.encode())
    except InputError as e:
        return None, (Text(zh=f"清单读不通：{e}", en=str(e)),)
    found = []
    for place, what in _misfits(checklist, book):
        line, step = line_of(tree, place), checklist.steps[place[1]].id
        found.append(Text(zh=f"第 {line} 行，{step}：{what.zh}", en=f"line {line}, {step}: {what.en}"))
    return checklist, tuple(found)


def _from_bytes(path: Path, raw: bytes, book: RuleBook) -> Checklist:
    tree, checklist = _read(path, raw)
    for place, what in _misfits(checklist, book):
        raise InputError(f"{path}:{line_of(tree, place)}: {checklist.steps[place[1]].id}: {what.en}")
    return checklist


def _read(path: Path, raw: bytes) -> tuple[Any, Checklist]:
    """Return a file's tree with its lines, and the checklist in it, which may not fit the rules yet."""
    tree = parse(path, raw)
    if not isinstance(tree, dict):
        raise InputError(f"{path}:1: expected 'version:', 'name:', 'title:' and 'steps:' at the top")
    try:
        return tree, Checklist.model_validate(tree)
    except ValidationError as e:
        raise InputError(first_error(path, tree, _without_kinds(e))) from e


def _without_kinds(error: ValidationError) -> ValidationError:
    """Return an error as of the file: pydantic puts a step's kind into places, and counts no faulty step as one."""
    found_all = error.errors()
    real = [found for found in found_all if found["loc"] != ("steps",)] or found_all
    details = [
        InitErrorDetails(
            type=PydanticCustomError("checklist", found["msg"]),
            loc=tuple(part for i, part in enumerate(found["loc"]) if i != 2 or found["loc"][0] != "steps"),
            input=found["input"],
        )
        for found in real
    ]
    return ValidationError.from_exception_data(error.title, details)


def _misfits(checklist: Checklist, book: RuleBook) -> list[tuple[tuple[str, int, str], Text]]:
    found = []
    for i, step in enumerate(checklist.steps):
        said = _camera_misfits(step, book) if isinstance(step, CameraStep) else _manual_misfits(step, book)
        found += [(("steps", i, field), what) for field, what in said]
    return found


def _camera_misfits(step: CameraStep, book: RuleBook) -> list[tuple[str, Text]]:
    found = [("clauses", what) for clause in step.clauses if (what := _clause_misfit(clause, step, book)) is not None]
    if not step.clauses:
        views = set(views_of(step))
        for posture in step.postures:
            rules = [r for r in book.rules if r.posture == posture and r.measure is not None]
            if not any(not views or views & set(r.views) for r in rules):
                zh = f"{posture} 没有一条规则能从 '{step.view}' 方向看到"
                found.append(("view", Text(zh=zh, en=f"no rule of {posture} can be seen from view '{step.view}'")))
    return found


def _clause_misfit(clause: str, step: CameraStep, book: RuleBook) -> Text | None:
    rules = _named(clause, book)
    if not rules:
        return _unknown(clause)
    here = [rule for rule in rules if rule.posture in step.postures]
    if not here:
        posture = rules[0].posture
        zh = f"{clause} 属于 {posture}，而该步骤的 postures 里没有它"
        return Text(zh=zh, en=f"{clause} is of {posture}, which is not among the step's postures")
    if all(rule.measure is None for rule in here):
        zh = f"{clause} 摄像头看不到：请放到触摸回答的步骤（manual）里"
        return Text(zh=zh, en=f"{clause} cannot be seen by a camera: ask for it in a manual step")
    if not any(set(rule.roles) & set(step.roles) for rule in here):
        return _of_no_role(clause, step)
    views, seen = set(views_of(step)), ", ".join(_views(here))
    if views and not any(views & set(rule.views) for rule in here):
        zh = f"{clause} 从 '{step.view}' 方向无法判断，只能从：{seen}"
        return Text(zh=zh, en=f"{clause} can never be judged from view '{step.view}', only from {seen}")
    return None


def _manual_misfits(step: ManualStep, book: RuleBook) -> list[tuple[str, Text]]:
    by_id = {rule.id: rule for rule in book.rules}
    found: list[tuple[str, Text]] = []
    for field in ("items", "advice"):
        for name in getattr(step, field):
            rule = by_id.get(name)
            if rule is None:
                found.append((field, _unknown(name)))
            elif rule.measure is not None:
                zh = f"{name} 由摄像头测量：请放到摄像头步骤（camera）里"
                found.append((field, Text(zh=zh, en=f"{name} is measured by the camera: name it in a camera step")))
            elif not set(rule.roles) & set(step.roles):
                found.append((field, _of_no_role(name, step)))
    return found


def _unknown(name: str) -> Text:
    zh = f"没有 {name!r} 这一条；posture-check rules list 列出全部"
    return Text(zh=zh, en=f"no clause or rule {name!r}; 'posture-check rules list' shows them all")


def _of_no_role(name: str, step: CameraStep | ManualStep) -> Text:
    zh = f"{name} 不适用于角色 {' 或 '.join(step.roles)}"
    return Text(zh=zh, en=f"{name} does not apply to role {' or '.join(step.roles)}")


def _named(clause: str, book: RuleBook) -> list[Rule]:
    """Return the rules that a clause or the name of an option stands for."""
    rules = [rule for rule in book.rules if covers(clause, rule.id)]
    options = {r for c in book.choices for o in c.options if covers(clause, o.id) for r in o.rules}
    return rules or [rule for rule in book.rules if rule.id in options]


def _views(rules: list[Rule]) -> list[str]:
    return list(dict.fromkeys(view for rule in rules for view in rule.views))


def _written(value: Any) -> Any:
    """Return plain data as it is laid out: texts and short lists on one line."""
    if isinstance(value, dict):
        laid = CommentedMap((key, _written(part)) for key, part in value.items())
        if set(value) == {"zh", "en"}:
            laid.fa.set_flow_style()
        return laid
    if isinstance(value, list):
        listed = CommentedSeq(_written(part) for part in value)
        if all(isinstance(part, str) for part in value):
            listed.fa.set_flow_style()
        return listed
    return value
