"""The rules in force: ``rules.yaml`` and what a site changes of it."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from posture_check.errors import InputError
from posture_check.resources import rules_path
from posture_check.rules.schema import Choice, Rule, RuleFile
from posture_check.rules.site import site_path as find_site
from posture_check.rules.site import with_site
from posture_check.rules.yaml_file import first_error, line_of, parse, read_bytes

NO_SITE = "default"
"""Name of the site where none was given."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules in force, and the fingerprint of the files they came from.

    Attributes
    ----------
    rules, choices
        As the site has them.
    sha256
        Of the rules file, or of the rules file and the site file.
    path
        The rules file.
    site
        Name of the site.
    site_path
        The site file; None where the site changes nothing.
    """

    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]
    sha256: str
    path: Path
    site: str = NO_SITE
    site_path: Path | None = None

    def rule(self, rule_id: str) -> Rule:
        """Return one rule by its id.

        Raises
        ------
        InputError
            If there is no such rule.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise InputError(f"{self.path.name}: no rule {rule_id!r}; 'posture-check rules list' shows them all")

    def clause(self, clause: str) -> tuple[Rule, ...]:
        """Return every rule of a clause (``ST-03``) or the one rule of that id (``ST-03.side``).

        Raises
        ------
        InputError
            If there is none.
        """
        found = tuple(rule for rule in self.rules if clause.upper() in (rule.clause, rule.id.upper()))
        if not found:
            raise InputError(f"{self.path.name}: no clause {clause!r}; 'posture-check rules list' shows them all")
        return found


def load_rules(path: Path | None = None, site: str = NO_SITE) -> RuleBook:
    """Read and validate the rules that hold at a site.

    Parameters
    ----------
    path
        Rules file; None reads the one that ships.
    site
        A site file (``.yaml``), or a name: of a file ``sites/NAME.yaml`` beside the rules file, else but a name.

    Raises
    ------
    InputError
        If a file is missing, not YAML, or not valid; the message gives file and line.
    """
    path = path or rules_path()
    raw = read_bytes(path, "rules")
    changes = find_site(site, path)
    if changes is None:
        return replace(_parsed(path, raw), site=site)
    return _at_site(path, raw, changes, read_bytes(changes, "site"))


@functools.lru_cache(maxsize=8)
def _parsed(path: Path, raw: bytes) -> RuleBook:
    """Read a rules file's content; kept, since every source of a batch is judged by the same one."""
    tree = parse(path, raw)
    if not isinstance(tree, dict):
        raise InputError(f"{path}:1: expected 'version:' and 'rules:' at the top")
    try:
        book = RuleFile.model_validate(tree)
    except ValidationError as e:
        raise InputError(first_error(path, tree, e)) from e
    for i, rule in enumerate(book.rules):
        _measures_exist(rule, path, tree, ("rules", i))
    return RuleBook(book.rules, book.choices, hashlib.sha256(raw).hexdigest(), path)


@functools.lru_cache(maxsize=8)
def _at_site(path: Path, raw: bytes, site: Path, changes: bytes) -> RuleBook:
    """Read the content of a rules file and of a site file."""
    book = _parsed(path, raw)
    tree = parse(site, changes)
    rules, choices, name = with_site(book.rules, book.choices, site, tree)
    for rule in rules:
        if rule not in book.rules:
            _measures_exist(rule, site, tree, ("rules", rule.id if rule.id in tree["rules"] else rule.clause))
    both = hashlib.sha256(f"{book.sha256} {hashlib.sha256(changes).hexdigest()}".encode()).hexdigest()
    return RuleBook(rules, choices, both, path, name, site)


def _measures_exist(rule: Rule, path: Path, tree: Any, where: tuple[int | str, ...]) -> None:
    from posture_check.measures import MEASURES

    for name in (rule.measure, *rule.figures):
        if name is not None and name not in MEASURES:
            line = line_of(tree, (*where, "measure" if name == rule.measure else "figures"))
            raise InputError(
                f"{path}:{line}: {rule.id}: unknown measure {name!r}; known: {', '.join(sorted(MEASURES))}"
            )
