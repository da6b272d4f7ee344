"""The rule tree: three ways to join (all, any, none) and one kind of leaf (a condition on a field).

``AllOf(())`` is everyone, ``AnyOf(())`` is nobody. Trees are frozen and hashable, so that they can be cache keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flags.engine.fields import Field, Kind

MAX_DEPTH = 10
"""How deep joins may nest: deeper rules are mistakes, and recursion stays far from Python's limit."""
MAX_NODES = 500
"""Joins and conditions in one rule."""
MAX_VALUES = 2_000
"""Values of one ``in``: enough for a cohort by name, small enough for one SQL parameter."""
MAX_TEXT = 500
"""Characters of one value or pattern."""

EVERY_KIND = ("is_set", "is_not_set")
EQUALITY = ("is", "is_not", "in", "not_in")
ORDER = ("lt", "lte", "gt", "gte", "between")

OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: (*EQUALITY, "contains", "starts_with", "ends_with", "matches", *EVERY_KIND),
    Kind.NUMBER: (*EQUALITY, *ORDER, *EVERY_KIND),
    Kind.DATE: ("is", "is_not", "before", "after", "lte", "gte", "between", *EVERY_KIND),
    Kind.BOOLEAN: ("is", "is_not", *EVERY_KIND),
    Kind.VERSION: (*EQUALITY, *ORDER, *EVERY_KIND),
    Kind.LIST: ("has", "in", *EVERY_KIND),
    Kind.TEAM: (*EQUALITY, *EVERY_KIND),
}
"""The operators of each kind, in the order in which a form offers them. ``between`` includes both ends."""

Value = str | int | float | bool | None | tuple[str, ...] | tuple[int | float, ...]


class RuleError(ValueError):
    """A rule that cannot be read.

    Args:
        path: where in the JSON, such as ``rule.all[1].value``.
        message: what is wrong there, a sentence.
        fix: what to do about it, a sentence.
    """

    def __init__(self, path: str, message: str, fix: str) -> None:
        super().__init__(f"{path}: {message} {fix}")
        self.path = path
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. ``value`` is None for is_set/is_not_set, a tuple for in/not_in/between, else one value."""

    field: Field
    op: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is; with no parts, everyone."""

    parts: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is; with no parts, nobody."""

    parts: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class NoneOf:
    """True when no part is: the plain complement, so people whose value is not there are in."""

    parts: tuple[Rule, ...] = ()


Rule = AllOf | AnyOf | NoneOf | Condition

EVERYONE = AllOf()
NOBODY = AnyOf()

JOINS: dict[str, type[AllOf] | type[AnyOf] | type[NoneOf]] = {"all": AllOf, "any": AnyOf, "none": NoneOf}
_WORD = {AllOf: "all", AnyOf: "any", NoneOf: "none"}


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON-ready data in its canonical form: ``parse_rule(rule_to_json(rule), schema) == rule``."""
    if isinstance(rule, Condition):
        data: dict[str, Any] = {"attribute": rule.field.name, "op": rule.op}
        if rule.value is not None:
            data["value"] = list(rule.value) if isinstance(rule.value, tuple) else rule.value
        return data
    return {_WORD[type(rule)]: [rule_to_json(part) for part in rule.parts]}


def conditions(rule: Rule) -> Iterator[Condition]:
    """All conditions of the rule, left to right."""
    if isinstance(rule, Condition):
        yield rule
        return
    for part in rule.parts:
        yield from conditions(part)
