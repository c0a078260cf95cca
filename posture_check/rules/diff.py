"""What differs between two sets of rules, rule by rule and field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from posture_check.errors import InputError
from posture_check.rules.loader import NO_SITE, RuleBook, load_rules
from posture_check.rules.schema import Choice, Rule
from posture_check.rules.site import is_site_tree
from posture_check.rules.yaml_file import parse, read_bytes

SCHEMA = "posture-check/rules-diff/1"
Kind = Literal["added", "removed", "changed"]
Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """One rule or choice that differs.

    Attributes
    ----------
    what, id
        ``rule`` or ``choice``, and which.
    kind
        What became of it.
    fields
        Of a changed one: name of the field to its value before and after; None where it has none.
    """

    what: Literal["rule", "choice"]
    id: str
    kind: Kind
    fields: Mapping[str, tuple[Scalar, Scalar]] = field(default_factory=dict)


def difference(before: RuleBook, after: RuleBook) -> list[Change]:
    """Return what differs, in the order of the rules; the order itself and the spelling of a limit do not count."""
    return [
        *_compared("rule", {r.id: _rule_fields(r) for r in before.rules}, {r.id: _rule_fields(r) for r in after.rules}),
        *_compared(
            "choice",
            {c.id: _choice_fields(c) for c in before.choices},
            {c.id: _choice_fields(c) for c in after.choices},
        ),
    ]


def as_document(before: RuleBook, after: RuleBook) -> dict[str, Any]:
    """Return the difference as plain data for JSON."""
    changes = difference(before, after)
    return {
        "schema": SCHEMA,
        "from": _named(before),
        "to": _named(after),
        "same": not changes,
        "changes": [
            {
                change.what: change.id,
                "change": change.kind,
                "fields": {name: {"from": old, "to": new} for name, (old, new) in change.fields.items()},
            }
            for change in changes
        ],
    }


def two_books(first: Path | None, second: Path | None, site: str) -> tuple[RuleBook, RuleBook]:
    """Return the two sets of rules that a person wants compared.

    Parameters
    ----------
    first, second
        Rules files or site files; of one alone the shipped rules are the other side, and a site file changes the rules
        of the other file where that is a rules file, else the shipped ones.
    site
        Site whose changes apply to both sides; with no file at all, to the second.

    Raises
    ------
    InputError
        If there is nothing to compare, a file is at fault, or a site file is to be read at another site.
    """
    if first is None:
        if site == NO_SITE:
            raise InputError("rules diff: nothing to compare: name a rules file or a site file")
        return load_rules(), load_rules(None, site)
    before, after = (None, first) if second is None else (first, second)
    sites = [path is not None and is_site_file(path) for path in (before, after)]
    if any(sites) and site != NO_SITE:
        raise InputError("rules diff: one of the files is a site file itself: leave out --site")
    rules = [path for path, is_site in zip((before, after), sites, strict=True) if path is not None and not is_site]
    books = []
    for path, is_site in zip((before, after), sites, strict=True):
        books.append(load_rules(rules[0] if rules else None, _as_site(path)) if is_site else load_rules(path, site))
    return books[0], books[1]


def _as_site(path: Path | None) -> str:
    """Return the path so that it is taken for a file, not a name."""
    if path is None or path.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(f"{path}: a site file ends in .yaml or .yml: rename it")
    return str(path)


def is_site_file(path: Path) -> bool:
    """Whether a file is a site file rather than a rules file.

    Raises
    ------
    InputError
        If it cannot be read or is not YAML.
    """
    return is_site_tree(parse(path, read_bytes(path, "rules or site")))


def _compared(what: Literal["rule", "choice"], before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            found.append(Change(what, name, "added" if old is None else "removed"))
        elif old != new:
            fields = dict.fromkeys((*old, *new))
            differing = {f: (old.get(f), new.get(f)) for f in fields if old.get(f) != new.get(f)}
            found.append(Change(what, name, "changed", differing))
    return found


def _rule_fields(rule: Rule) -> dict[str, Scalar]:
    tree = rule.model_dump()
    tree["limit"] = rule.limit.limit().model_dump() if rule.limit else None
    tree["on"] = rule.stretches
    return _flat(tree)


def _choice_fields(choice: Choice) -> dict[str, Scalar]:
    tree = choice.model_dump()
    tree["options"] = {o.id: {"roles": o.roles, "rules": o.rules} for o in choice.options}
    return _flat(tree)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Scalar]:
    """Return a tree as ``limit.max``: value; lists as words; without what is not set."""
    flat: dict[str, Scalar] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple):
            flat[prefix + name] = " ".join(map(str, value))
        elif value is not None and name != "id":
            flat[prefix + name] = value
    return flat


def _named(book: RuleBook) -> dict[str, str | None]:
    return {
        "rules": str(book.path),
        "site": book.site,
        "site_file": str(book.site_path) if book.site_path else None,
        "sha256": book.sha256,
    }
