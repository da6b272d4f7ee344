"""A rule as SQL over the table ``people_user``, under the alias ``u``. Its twin for one person is :mod:`.match`.

Values and attribute names are always parameters. Every condition is true or false, never NULL, so that NOT means the
same here as in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flags.engine.fields import DATE_SHAPE, LARGEST, SMALLEST, VERSION_SHAPE, Kind, comparable
from flags.engine.parse import pattern
from flags.engine.rules import AllOf, AnyOf, Condition, NoneOf, Rule

Distinct = Callable[[str], list[str]]
"""Field name → the distinct texts that people have in it; asked only for ``matches``."""
Sql = tuple[str, list[Any]]

_ORDER = {"lt": "<", "before": "<", "lte": "<=", "gt": ">", "after": ">", "gte": ">="}
_CAST = {Kind.TEXT: "text", Kind.NUMBER: "float8", Kind.DATE: "text", Kind.BOOLEAN: "boolean", Kind.VERSION: "bigint[]"}

_TEXT_COLUMNS = {
    "person": "NULLIF(u.username, '')",
    "job_role": "NULLIF(u.job_role, '')",
    "region": "NULLIF(u.region, '')",
    "locale": "NULLIF(u.locale, '')",
    "team_only": "(SELECT own.key FROM people_team own WHERE own.id = u.team_id)",
}
_ATTRIBUTE = "(u.attributes -> %s::text)"
_ATTRIBUTE_TEXT = "(u.attributes ->> %s::text)"

_SUBTREE = (
    "u.team_id IN (WITH RECURSIVE tree(id) AS (SELECT t.id FROM people_team t WHERE t.key = ANY(%s::text[])"
    " UNION SELECT c.id FROM people_team c JOIN tree ON c.parent_id = tree.id) SELECT id FROM tree)"
)
_GROUPS = (
    "EXISTS (SELECT 1 FROM people_user_groups ug JOIN auth_group g ON g.id = ug.group_id"
    " WHERE ug.user_id = u.id AND g.name = ANY(%s::text[]))"
)
_ANY_GROUP = "EXISTS (SELECT 1 FROM people_user_groups ug WHERE ug.user_id = u.id)"


def to_sql(rule: Rule, *, today: date, distinct: Distinct | None = None) -> Sql:
    """The rule as a boolean SQL expression.

    Args:
        rule: the rule.
        today: the day for ``tenure_days``.
        distinct: needed when the rule uses ``matches``: PostgreSQL's regular expressions are not RE2's, so the pattern
            is tried here on the distinct values, and the ones that match become a parameter.

    Returns:
        The expression, which uses the alias ``u`` of ``people_user`` and is never NULL, and its parameters in order.

    Raises:
        ValueError: the rule uses ``matches`` and there is no ``distinct``.
    """
    sql, params = _Writer(today, distinct).write(rule)
    return f"(u.is_active AND {sql})", params


class _Writer:
    def __init__(self, today: date, distinct: Distinct | None) -> None:
        self.today = today
        self.distinct = distinct

    def write(self, rule: Rule) -> Sql:
        if isinstance(rule, AllOf):
            return self.joined(rule.parts, " AND ", "TRUE")
        if isinstance(rule, AnyOf):
            return self.joined(rule.parts, " OR ", "FALSE")
        if isinstance(rule, NoneOf):
            sql, params = self.joined(rule.parts, " OR ", "FALSE")
            return f"(NOT {sql})", params
        return self.condition(rule)

    def joined(self, parts: tuple[Rule, ...], word: str, empty: str) -> Sql:
        written = [self.write(part) for part in parts]
        if not written:
            return empty, []
        return "(" + word.join(sql for sql, _ in written) + ")", [item for _, params in written for item in params]

    def condition(self, condition: Condition) -> Sql:
        kind, op = condition.field.kind, condition.op
        if kind is Kind.TEAM:
            return _team(op, condition.value)
        if kind is Kind.LIST:
            return _group(op, condition.value) if condition.field.builtin else _list(condition)
        expression, params = self.expression(condition)
        if op in ("is_set", "is_not_set"):
            return f"({expression} IS {'NOT ' if op == 'is_set' else ''}NULL)", params
        test, more = self.test(condition, expression, params)
        return f"COALESCE({test}, FALSE)", more

    def expression(self, condition: Condition) -> Sql:
        """The field's usable value, or NULL when it is not there: the SQL of :func:`flags.engine.fields.comparable`."""
        field = condition.field
        if not field.builtin:
            sql = _EXTRACT[field.kind]
            return sql, [field.name] * sql.count("%s")
        if field.name == "tenure_days":
            return "(%s::date - u.start_date)::float8", [self.today]
        return _TEXT_COLUMNS[field.name], []

    def test(self, condition: Condition, expression: str, params: list[Any]) -> Sql:
        op, kind = condition.op, condition.field.kind
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        operands = [_operand(kind, value) for value in values]
        cast = _CAST[kind]
        if op == "matches":
            return f"{expression} = ANY(%s::text[])", [*params, self.matching(condition)]
        if op == "contains":
            return f"position(%s IN {expression}) > 0", [*operands, *params]
        if op == "starts_with":
            return f"starts_with({expression}, %s)", [*params, *operands]
        if op == "ends_with":
            return f"right({expression}, length(%s)) = %s", [*params, *operands, *operands]
        collate = ' COLLATE "C"' if kind is Kind.DATE else ""
        if op == "between":
            return f"{expression}{collate} BETWEEN %s::{cast} AND %s::{cast}", [*params, *operands]
        if op in _ORDER:
            return f"{expression}{collate} {_ORDER[op]} %s::{cast}", [*params, *operands]
        among = ", ".join([f"%s::{cast}"] * len(operands))
        word = "NOT IN" if op in ("is_not", "not_in") else "IN"
        return f"{expression} {word} ({among})", [*params, *operands]

    def matching(self, condition: Condition) -> list[str]:
        if self.distinct is None:
            raise ValueError("A rule with “matches” needs the distinct values: pass distinct=…")
        compiled = pattern(str(condition.value))
        return [text for text in self.distinct(condition.field.name) if text and compiled.search(text)]


def _operand(kind: Kind, value: object) -> Any:
    operand = comparable(kind, value)
    return list(operand) if isinstance(operand, tuple) else operand


def _several(value: object) -> list[object]:
    return list(value) if isinstance(value, tuple) else [value]


def _team(op: str, value: object) -> Sql:
    if op in ("is_set", "is_not_set"):
        return f"(u.team_id IS {'NOT ' if op == 'is_set' else ''}NULL)", []
    if op in ("is_not", "not_in"):
        return f"(u.team_id IS NOT NULL AND NOT {_SUBTREE})", [_several(value)]
    return f"(u.team_id IS NOT NULL AND {_SUBTREE})", [_several(value)]


def _group(op: str, value: object) -> Sql:
    if op in ("is_set", "is_not_set"):
        return (_ANY_GROUP if op == "is_set" else f"(NOT {_ANY_GROUP})"), []
    return _GROUPS, [_several(value)]


def _list(condition: Condition) -> Sql:
    name = condition.field.name
    if_list = f"CASE WHEN jsonb_typeof({_ATTRIBUTE}) = 'array' THEN"
    there = f"({if_list} jsonb_array_length({_ATTRIBUTE}) > 0 ELSE FALSE END)"
    if condition.op in ("is_set", "is_not_set"):
        return (there if condition.op == "is_set" else f"(NOT {there})"), [name, name]
    # jsonb_exists_any is the function under the ?| operator: only strings in the array count
    sql = f"({if_list} jsonb_exists_any({_ATTRIBUTE}, %s::text[]) ELSE FALSE END)"
    return sql, [name, name, _several(condition.value)]


_STRING = f"WHEN jsonb_typeof({_ATTRIBUTE}) = 'string'"
_NUMERIC = f"({_ATTRIBUTE})::numeric"
_EXTRACT = {
    Kind.TEXT: f"(CASE {_STRING} THEN NULLIF({_ATTRIBUTE_TEXT}, '') END)",
    Kind.NUMBER: (
        f"(CASE WHEN jsonb_typeof({_ATTRIBUTE}) = 'number' THEN CASE WHEN abs({_NUMERIC}) > {LARGEST} THEN NULL"
        f" WHEN abs({_NUMERIC}) < {SMALLEST} THEN 0::float8 ELSE {_NUMERIC}::float8 END END)"
    ),
    Kind.DATE: f"(CASE {_STRING} AND {_ATTRIBUTE_TEXT} ~ '^{DATE_SHAPE}$' THEN {_ATTRIBUTE_TEXT} END)",
    Kind.BOOLEAN: f"(CASE WHEN jsonb_typeof({_ATTRIBUTE}) = 'boolean' THEN {_ATTRIBUTE}::boolean END)",
    Kind.VERSION: (
        f"(CASE {_STRING} AND {_ATTRIBUTE_TEXT} ~ '^{VERSION_SHAPE}$'"
        rf" THEN string_to_array(regexp_replace({_ATTRIBUTE_TEXT}, '(\.0+)+$', ''), '.')::bigint[] END)"
    ),
}
