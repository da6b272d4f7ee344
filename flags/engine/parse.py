"""Reading a rule from JSON, with an error that says where, what and what next.

``{"all": […]}``, ``{"any": […]}``, ``{"none": […]}`` join; ``{"attribute": "region", "op": "in", "value": ["EMEA"]}``
is a condition; ``{"team": "refunds"}`` and ``{"region": ["EMEA", "APAC"]}`` are short for the usual condition on a
built-in field.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import re2

from flags.engine.fields import BUILTINS, Field, Kind, Schema, comparable
from flags.engine.rules import (
    JOINS,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TEXT,
    MAX_VALUES,
    OPERATORS,
    Condition,
    Rule,
    RuleError,
    Value,
)

SHORT = tuple(name for name, field in BUILTINS.items() if field.kind is not Kind.NUMBER)
_EXAMPLE = {
    Kind.TEXT: 'a text such as "EMEA"',
    Kind.NUMBER: "a number such as 7",
    Kind.DATE: 'a date such as "2026-11-23"',
    Kind.BOOLEAN: "true or false",
    Kind.VERSION: 'a version such as "2.10"',
    Kind.LIST: 'a text such as "weekend-rota"',
    Kind.TEAM: 'a team key such as "refunds"',
}


def parse_rule(data: object, schema: Schema) -> Rule:
    """Read a rule.

    Args:
        data: decoded JSON.
        schema: the fields the rule may use.

    Returns:
        The rule; every value in it is of its field's kind, every pattern compiles.

    Raises:
        RuleError: with the path, the problem and the fix of the first problem.
    """
    return _Reader(schema).read(data, "rule", 1)


@lru_cache(maxsize=1024)
def pattern(text: str) -> Any:
    """The compiled RE2 pattern (linear time, so a pattern cannot stall a page).

    Raises:
        re2.error: when RE2 cannot read it (look-around and back-references do not exist there).
    """
    options = re2.Options()
    options.max_mem = 1 << 20
    options.log_errors = False
    return re2.compile(text, options=options)


class _Reader:
    """One pass over one rule: counts nodes and knows the schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.nodes = 0

    def read(self, data: object, path: str, depth: int) -> Rule:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise RuleError(path, f"The rule has more than {MAX_NODES} parts.", "Use one “in” instead of many “is”.")
        if depth > MAX_DEPTH:
            raise RuleError(path, f"The rule is nested more than {MAX_DEPTH} deep.", "Flatten it or split it.")
        if not isinstance(data, dict):
            raise RuleError(path, f"A rule is an object, not {_named(data)}.", 'Give {"all": [ … ]} or a condition.')
        if "attribute" in data:
            return self.condition(data, path)
        if len(data) != 1:
            found = ", ".join(f"“{name}”" for name in data) or "nothing"
            raise RuleError(path, f"A rule has exactly one key; found {found}.", "Join several parts with “all”.")
        ((word, inner),) = data.items()
        if word in JOINS:
            return self.join(word, inner, path, depth)
        if word in SHORT:
            return self.short(word, inner, path)
        near = _suggest(word, [*JOINS, *SHORT, "attribute"])
        raise RuleError(f"{path}.{word}", f"“{word}” is not a part of a rule.", near)

    def join(self, word: str, inner: object, path: str, depth: int) -> Rule:
        if not isinstance(inner, list):
            raise RuleError(f"{path}.{word}", f"“{word}” takes a list.", "Put its parts in [ ].")
        parts = (self.read(part, f"{path}.{word}[{index}]", depth + 1) for index, part in enumerate(inner))
        return JOINS[word](tuple(parts))

    def short(self, word: str, inner: object, path: str) -> Rule:
        field = BUILTINS[word]
        op = "in" if isinstance(inner, list) else "has" if field.kind is Kind.LIST else "is"
        return Condition(field, op, _value(field, op, inner, f"{path}.{word}"))

    def condition(self, data: dict[str, Any], path: str) -> Condition:
        extra = [name for name in data if name not in ("attribute", "op", "value")]
        if extra:
            raise RuleError(f"{path}.{extra[0]}", f"A condition has no “{extra[0]}”.", "Use attribute, op and value.")
        field = self.field(data["attribute"], f"{path}.attribute")
        op = data.get("op")
        allowed = OPERATORS[field.kind]
        if not isinstance(op, str) or op not in allowed:
            said = "The condition has no “op”." if op is None else f"“{field.name}” cannot be compared with “{op}”."
            raise RuleError(f"{path}.op", said, f"It is a {field.kind} field: use {_listed(allowed)}.")
        if op in ("is_set", "is_not_set"):
            if data.get("value") is not None:
                raise RuleError(f"{path}.value", f"“{op}” takes no value.", "Leave the value out.")
            return Condition(field, op)
        return Condition(field, op, _value(field, op, data.get("value"), f"{path}.value"))

    def field(self, name: object, path: str) -> Field:
        field = self.schema.get(name) if isinstance(name, str) else None
        if field is None:
            said = f"There is no attribute “{name}”." if isinstance(name, str) else "The attribute's name is a text."
            raise RuleError(path, said, _suggest(str(name), self.schema.names()))
        return field


def _value(field: Field, op: str, raw: object, path: str) -> Value:
    if op in ("in", "not_in"):
        return _values(field, raw, path)
    if op == "between":
        return _range(field, raw, path)
    value = _one(field, raw, path)
    if op == "matches":
        _check_pattern(str(value), path)
    return value


def _one(field: Field, raw: object, path: str) -> str | int | float | bool:
    shown = "nothing" if raw is None else _named(raw)
    kind = Kind.TEXT if field.kind in (Kind.LIST, Kind.TEAM) else field.kind
    if comparable(kind, raw) is None or not isinstance(raw, str | int | float):
        raise RuleError(path, f"“{field.name}” is compared with {shown}.", f"Give {_EXAMPLE[field.kind]}.")
    if kind is Kind.DATE and not _is_date(str(raw)):
        raise RuleError(path, f"{raw} is not a day of the calendar.", f"Give {_EXAMPLE[field.kind]}.")
    if isinstance(raw, str):
        _check_text(raw, path)
    return raw


def _values(field: Field, raw: object, path: str) -> Value:
    if not isinstance(raw, list | tuple) or not raw:
        raise RuleError(path, "A list of at least one value is needed here.", f"Give [{_EXAMPLE[field.kind]}, …].")
    if len(raw) > MAX_VALUES:
        raise RuleError(
            path, f"{len(raw)} values are more than {MAX_VALUES}.", "Give people an attribute, and use that."
        )
    items = (_one(field, item, f"{path}[{index}]") for index, item in enumerate(raw))
    return tuple(dict.fromkeys(items))  # type: ignore[return-value]  # one kind per field, which mypy cannot see


def _range(field: Field, raw: object, path: str) -> Value:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise RuleError(path, "“between” takes two values.", f"Give [from, to], each {_EXAMPLE[field.kind]}.")
    low, high = (_one(field, item, f"{path}[{index}]") for index, item in enumerate(raw))
    if _after(field.kind, low, high):
        raise RuleError(path, f"“between” runs from {low} to {high}, which is nobody.", "Put the smaller value first.")
    return (low, high)  # type: ignore[return-value]  # as above


def _after(kind: Kind, low: object, high: object) -> bool:
    first, second = comparable(kind, low), comparable(kind, high)
    return first > second  # type: ignore[operator]  # both are usable values of one ordered kind here


def _check_text(text: str, path: str) -> None:
    if len(text) > MAX_TEXT:
        raise RuleError(path, f"The text is {len(text)} characters long.", f"Keep it under {MAX_TEXT}.")
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise RuleError(path, "The text holds a character that cannot be stored.", "Type it again without it.")


def _check_pattern(text: str, path: str) -> None:
    try:
        pattern(text)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else "unknown reason"
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        fix = "Use RE2's syntax; it has no look-around and no back-references."
        raise RuleError(path, f"The pattern cannot be read ({shown}).", fix) from None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _named(raw: object) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f"“{raw[:40]}”" if raw else "an empty text"
    if isinstance(raw, int | float):
        return str(raw)[:40]
    return {list: "a list", tuple: "a list", dict: "an object", type(None): "null"}.get(type(raw), "something else")


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _suggest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean “{near[0]}”?" if near else f"Use one of: {', '.join(known)}."
