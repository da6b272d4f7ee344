"""A rule as a predicate over one person. Its twin over all people is :mod:`.sql`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from flags.engine.context import Context
from flags.engine.fields import Comparable, Kind, comparable
from flags.engine.parse import pattern
from flags.engine.rules import AllOf, AnyOf, Condition, Rule

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "before": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "after": operator.gt,
    "gte": operator.ge,
}
_TEXTUAL: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "matches": lambda text, wanted: pattern(wanted).search(text) is not None,
}


def matches(rule: Rule, context: Context) -> bool:
    """Whether the person is in the rule's audience.

    Always true or false, never unknown: a value that is not there makes every operator false except ``is_not_set``
    (see :mod:`.fields`), and ``none`` is the plain complement of ``any``. A deactivated person matches nothing.
    """
    return context.active and _holds(rule, context)


def _holds(rule: Rule, context: Context) -> bool:
    if isinstance(rule, Condition):
        return _condition(rule, context)
    if isinstance(rule, AllOf):
        return all(_holds(part, context) for part in rule.parts)
    found = any(_holds(part, context) for part in rule.parts)
    return found if isinstance(rule, AnyOf) else not found


def _condition(condition: Condition, context: Context) -> bool:
    name = condition.field.name
    return holds_for_value(condition, context.value(name) if condition.field.builtin else context.attributes.get(name))


def holds_for_value(condition: Condition, raw: object) -> bool:
    """Whether the condition is true of the raw value ``raw`` of its field; None when it is not there."""
    field, op = condition.field, condition.op
    value = comparable(field.kind, raw)
    if op == "is_not_set":
        return value is None
    if value is None:
        return False
    if op == "is_set":
        return True
    if isinstance(value, frozenset):
        return _of_many(op, value, condition.value)
    return _of_one(field.kind, op, value, condition.value)


def _of_many(op: str, values: frozenset[str], wanted: object) -> bool:
    found = not values.isdisjoint(wanted if isinstance(wanted, tuple) else (wanted,))
    return not found if op in ("is_not", "not_in") else found


def _of_one(kind: Kind, op: str, value: Comparable, wanted: object) -> bool:
    if op in _TEXTUAL:
        return _TEXTUAL[op](str(value), str(wanted))
    if op in _ORDERED:
        return _ORDERED[op](value, comparable(kind, wanted))
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    operands: list[Any] = [comparable(kind, item) for item in several]
    if op == "between":
        return bool(operands[0] <= value <= operands[1])
    found = value in operands
    return not found if op in ("is_not", "not_in") else found
