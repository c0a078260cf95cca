"""Exemptions of a person: what their roster entry excuses is neither judged nor held against them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posture_check.errors import InputError
from posture_check.rules.gates import HINTS
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Check, Reason, Verdict


def validate_exemptions(book: RuleBook, names: Iterable[str]) -> None:
    """See that every exemption names a rule (``BE-01``), a clause (``HA-04``) or a chapter (``HA``).

    Raises
    ------
    InputError
        If there is nothing of that name.
    """
    for name in names:
        if not any(_covers(name, rule.id) for rule in book.rules):
            raise InputError(
                f"--exempt {name}: no such rule, clause or chapter; 'posture-check rules list' shows them all"
            )


def exempted(checks: Sequence[Check], names: Sequence[str]) -> list[Check]:
    """Return the checks with those that a person is exempt from taken out of the judging; they stay on the list.

    Parameters
    ----------
    checks
        As judged.
    names
        Rules, clauses or chapters.
    """
    return [_excused(c) if any(_covers(n, c.rule) or _covers(n, c.clause) for n in names) else c for c in checks]


def _covers(name: str, rule: str) -> bool:
    wanted, rule = name.upper(), rule.upper()
    return rule == wanted or rule.startswith((f"{wanted}.", f"{wanted}-"))


def _excused(check: Check) -> Check:
    changes = {
        "verdict": Verdict.NOT_ASSESSED,
        "reason": Reason.EXEMPT,
        "hint": HINTS[Reason.EXEMPT],
        "required": False,
        "value": None,
        "error": None,
        "evidence_s": None,
        "fix": None,
        "alternatives": None,
        "figures": None,
    }
    return check.model_copy(update=changes)
