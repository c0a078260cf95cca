"""What one site does otherwise: a small file that changes or switches off single rules, and copies none.

A change names a rule (``WA-02.left``) or a whole clause (``WA-02``: each of its rules) and only the fields that differ.
Of a limit and of a hold, too, only the ends that are named change; ``null`` takes an end away.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from posture_check.errors import InputError
from posture_check.rules.result import Text
from posture_check.rules.schema import Choice, Rule, RuleFile, Sided, Stretch, View
from posture_check.rules.yaml_file import first_error, line_of, said

SUFFIXES = (".yaml", ".yml")
FOLDER = "sites"
"""Folder beside the rules file in which sites are looked for by their bare names."""
CHOICE = r"^[a-z_]+$"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitChange(_Model):
    """The ends of a limit that a site changes."""

    min: float | None = Field(None, description="Smallest permitted value; null: none.")
    max: float | None = Field(None, description="Largest permitted value; null: none.")
    max_abs: Annotated[float, Field(gt=0)] | None = Field(None, description="Largest permitted magnitude, both signs.")


class HoldChange(_Model):
    """The parts of a hold that a site changes."""

    seconds: float = Field(0.0, ge=0, le=60, description="Shortest evidence in seconds.")
    share: float = Field(0.5, gt=0, le=1, description="Share of the hold's frames that must show what is measured.")


class RuleChange(_Model):
    """The fields of a rule that a site changes; those that are not named stay as they are."""

    enabled: bool = Field(True, description="false switches the rule off.")
    required: bool | Literal["in_view", "if_seen"] = Field(True, description="As in a rule.")
    limit: LimitChange = Field(LimitChange(), description="The ends that differ.")
    measure: str = Field("", description="Another measure in its place.")
    figures: tuple[str, ...] = Field((), description="As in a rule.")
    views: tuple[View, ...] = Field(("front",), min_length=1, description="As in a rule.")
    hold: HoldChange = Field(HoldChange(), description="The parts that differ.")
    on: tuple[Stretch, ...] = Field((), description="As in a rule.")
    before_s: float = Field(0.0, ge=0, le=10, description="As in a rule.")
    after_s: float = Field(0.0, ge=0, le=10, description="As in a rule.")
    roles: tuple[Literal["A", "B"], ...] = Field(("A", "B"), min_length=1, description="As in a rule.")
    title: Text | None = Field(None, description="As in a rule.")
    wrong: Text | Sided | None = Field(None, description="As in a rule.")
    fix: Text | Sided | None = Field(None, description="As in a rule.")
    note: str | None = Field(None, description="As in a rule; a good place to say why the site differs.")


class ChoiceChange(_Model):
    """What a site changes of a choice."""

    default: str = Field("", description="Option that is named when none holds.")
    required: bool | Literal["in_view"] = Field(True, description="As in a rule.")
    title: Text | None = Field(None, description="As in a rule.")


class SiteFile(_Model):
    """The whole of a site file."""

    version: Literal[1]
    name: str = Field(min_length=1, max_length=80, description="Name of the site, written into every result.")
    rules: dict[str, RuleChange] = Field({}, description="Changes by the id of a rule or of a clause.")
    choices: dict[str, ChoiceChange] = Field({}, description="Changes by the name of a choice.")


def site_path(site: str, rules: Path) -> Path | None:
    """Return the site file that is meant, or None where ``site`` is but a name.

    A name with the suffix of a YAML file is one; a bare name is one where the folder ``sites`` beside the rules file
    ``rules`` holds a file of that name.
    """
    if site.lower().endswith(SUFFIXES):
        return Path(site)
    if Path(site).name != site or site.startswith("."):
        return None
    for suffix in SUFFIXES:
        beside = rules.parent / FOLDER / f"{site}{suffix}"
        if beside.is_file():
            return beside
    return None


def is_site_tree(tree: Any) -> bool:
    """Tell a site file from a rules file by what it holds: changes by name rather than a list of rules."""
    return isinstance(tree, dict) and ("name" in tree or not isinstance(tree.get("rules"), list))


def read_site(path: Path, tree: Any) -> SiteFile:
    """Return a validated site file.

    Raises
    ------
    InputError
        If it is not valid; the message gives file and line.
    """
    if not isinstance(tree, dict):
        raise InputError(f"{path}:1: expected 'version:', 'name:' and 'rules:' at the top")
    if isinstance(tree.get("rules"), list):
        line = line_of(tree, ("rules",))
        raise InputError(f"{path}:{line}: this is a rules file: give it with --rules; a site file names what differs")
    try:
        return SiteFile.model_validate(tree)
    except ValidationError as e:
        raise InputError(first_error(path, tree, e)) from e


def with_site(
    rules: Sequence[Rule], choices: Sequence[Choice], path: Path, tree: Any
) -> tuple[tuple[Rule, ...], tuple[Choice, ...], str]:
    """Return rules and choices as a site has them, and the site's name.

    Parameters
    ----------
    rules, choices
        Those of the rules file.
    path, tree
        The site file and its content.

    Raises
    ------
    InputError
        If the site file is not valid, names a rule or choice that there is not, or leaves a rule that cannot be.
    """
    site = read_site(path, tree)
    # A change of a single rule is made after that of its whole clause, wherever it stands.
    for name in sorted(site.rules, key=lambda name: "." in name):
        rules = _with_change(rules, name, site.rules[name], path, tree)
    changed = tuple(_choice(choice, site.choices.get(choice.id)) for choice in choices)
    if unknown := [name for name in site.choices if name not in {choice.id for choice in choices}]:
        raise _unknown(path, line_of(tree, ("choices", unknown[0])), "choice", unknown[0], [c.id for c in choices])
    try:
        RuleFile(version=1, rules=tuple(rules), choices=changed)
    except ValidationError as e:
        where = next((("choices", n) for n in site.choices if f"'{n}'" in str(e)), ("rules",))
        raise InputError(f"{path}:{line_of(tree, where)}: {said(e)}") from e
    return tuple(rules), changed, site.name


def _with_change(rules: Sequence[Rule], name: str, change: RuleChange, path: Path, tree: Any) -> list[Rule]:
    """Return the rules with one change made to the rule, or to every rule of the clause, of that name."""
    line = line_of(tree, ("rules", name))
    meant = [rule for rule in rules if rule.id == name] or [rule for rule in rules if rule.clause == name]
    if not meant:
        raise _unknown(path, line, "rule", name, [rule.id for rule in rules])
    if len({rule.measure for rule in meant}) > 1 and change.model_fields_set & {"limit", "measure"}:
        ids = ", ".join(rule.id for rule in meant)
        raise InputError(f"{path}:{line}: {name}: its rules measure different things: name one of {ids}")
    try:
        new = {rule.id: _changed(rule, change) for rule in meant}
    except ValidationError as e:
        raise InputError(f"{path}:{line}: {name}: {said(e)}") from e
    return [new.get(rule.id, rule) for rule in rules]


def _changed(rule: Rule, change: RuleChange) -> Rule:
    """Return a rule with what a site changes of it; a limit that is the site's own says so."""
    fields = {name: getattr(change, name) for name in change.model_fields_set}
    if "limit" in fields:
        fields["limit"] = _limit(rule, change.limit)
    if "hold" in fields:
        fields["hold"] = rule.hold.model_dump() | change.hold.model_dump(exclude_unset=True)
    if fields.keys() & {"limit", "measure"}:
        fields["basis"] = "site"
    kept = {name: getattr(rule, name) for name in Rule.model_fields}
    return Rule.model_validate(kept | fields)


def _limit(rule: Rule, change: LimitChange) -> dict[str, float]:
    given = change.model_dump(exclude_unset=True)
    # 'max_abs' and the two ends are two ways to write a limit: whichever the site uses replaces the other.
    kept = {} if rule.limit is None or "max_abs" in given else rule.limit.limit().model_dump()
    ends = kept | given
    return {name: end for name, end in ends.items() if end is not None}


def _choice(choice: Choice, change: ChoiceChange | None) -> Choice:
    if change is None:
        return choice
    return choice.model_copy(update={name: getattr(change, name) for name in change.model_fields_set})


def _unknown(path: Path, line: int, what: str, name: str, known: Sequence[str]) -> InputError:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "'posture-check rules list' shows them all"
    return InputError(f"{path}:{line}: no {what} {name!r}: {hint}")
