"""Does a rule take in everybody of whom only some facts are declared? For targets that stand for many people."""

from __future__ import annotations

from collections.abc import Mapping

from flags.engine.fields import Kind
from flags.engine.match import holds_for_value
from flags.engine.rules import AllOf, AnyOf, Condition, Rule

Known = Mapping[str, object]
"""Field name → the value that all of them share. ``team`` is a tuple of keys, from their team up to the root."""


def matches_whole(rule: Rule, known: Known) -> bool:
    """Whether everyone who fits the declared facts is in the audience, whatever else is true of them.

    Three-valued (Kleene's strong logic): a condition on a field that is not declared is unknown, and only a
    rule that is certainly true counts. Being outside a team is never certain, because people below the
    declared team may sit in the one that the rule names.
    """
    return _truth(rule, known) is True


def _truth(rule: Rule, known: Known) -> bool | None:
    if isinstance(rule, Condition):
        return _condition(rule, known)
    parts = [_truth(part, known) for part in rule.parts]
    if isinstance(rule, AllOf):
        return False if False in parts else None if None in parts else True
    found = True if True in parts else None if None in parts else False
    return found if isinstance(rule, AnyOf) or found is None else not found


def _condition(condition: Condition, known: Known) -> bool | None:
    name = condition.field.name
    if not condition.field.builtin or name not in known:
        return None
    held = holds_for_value(condition, known[name])
    if condition.field.kind is not Kind.TEAM:
        return held
    if condition.op in ("is_not", "not_in"):
        return None if held else False
    return True if held else None
